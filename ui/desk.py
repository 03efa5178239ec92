"""What lies around the picture: look, language, the log, and who we are.

In: what the menus ask for. Out: changes of theme and language, dialogs beside the event loop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices

from restorer import paths
from ui import dialogs, memory
from ui.language import Language
from ui.theme import Override

if TYPE_CHECKING:
    from ui.window import Window


class Desk(QObject):
    """Answers the menus of one window as far as no photo is concerned."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window

    def set_appearance(self, override: Override) -> None:
        self._window.theme.set_override(override)

    def set_language(self, language: Language) -> None:
        """Speak another language at once; the window furnishes itself anew."""
        memory.keep_language(self._window.store, language)
        self._window.speech.choose(language)

    @Slot()
    def show_log(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(paths.log_dir())))

    @Slot()
    def about(self) -> None:
        box = dialogs.about_box(self._window)
        box.finished.connect(box.deleteLater)
        box.open()
