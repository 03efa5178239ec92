"""Text that is shown as it is: labels and questions that take no name for HTML.

In: any text; names of files and packs come from strangers. Out: the same letters on the screen. Qt guesses of
each text whether it is HTML, and a name with a tag in it would become a heading, or a picture from this disk.
So the window's labels are `PlainLabel`, its questions `PlainMessageBox`, and what a tooltip says of a file
goes through `ui.i18n.tooltips.plain_tip`. `tests/ui/widgets/test_plain_text.py` holds it.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import Qt
from PySide6.QtWidgets import QLabel, QMessageBox


class PlainLabel(QLabel):
    """A label whose text is never HTML."""

    def __init__(self, *arguments: Any, **properties: Any) -> None:
        super().__init__(*arguments, **properties)
        self.setTextFormat(Qt.TextFormat.PlainText)


class PlainMessageBox(QMessageBox):
    """A question whose texts are never HTML."""

    def __init__(self, *arguments: Any, **properties: Any) -> None:
        super().__init__(*arguments, **properties)
        self._make_plain()

    def setText(self, text: str) -> None:
        super().setText(text)
        self._make_plain()

    def setInformativeText(self, text: str) -> None:
        super().setInformativeText(text)
        self._make_plain()  # its label is made with its first text

    def _make_plain(self) -> None:
        self.setTextFormat(Qt.TextFormat.PlainText)
        for label in self.findChildren(QLabel):
            label.setTextFormat(Qt.TextFormat.PlainText)
