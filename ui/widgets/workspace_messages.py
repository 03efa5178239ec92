"""The messages of one workspace: its banner over the picture and its status bar below.

In: sentences. Out: the same where the person looks. Implements `ui.widgets.protocols.Messages`.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from ui.widgets.banner import Banner
from ui.widgets.status_bar import StatusBar


class WorkspaceMessages(QObject):
    """A banner and a status bar, as one thing to talk to."""

    def __init__(self, banner: Banner, status_bar: StatusBar, parent: QObject) -> None:
        super().__init__(parent)
        self._banner, self._status_bar = banner, status_bar

    @Slot(str)
    def error(self, text: str, about: object | None = None) -> None:
        self._banner.say(text, about)

    @Slot(str)
    def info(self, text: str) -> None:
        self._banner.note(text)

    @Slot(str)
    def status(self, text: str, announce: bool = False) -> None:
        self._status_bar.say(text, announce)
