"""Requests from outside while the window is open: photos of a second start, files that macOS hands over.

In: messages to the `InstanceServer`, QFileOpenEvents. Out: the same calls that the menus make, and the window
in front.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QWidget

from ui.app_core import AppCore
from ui.batch.launcher import BatchLauncher
from ui.imaging.mime import MimeContent
from ui.study.launcher import StudyLauncher
from ui.system.single_instance import InstanceServer, LaunchRequest


class FileOpener(QObject):
    """macOS hands files over as events instead of arguments."""

    def __init__(self, core: AppCore) -> None:
        super().__init__(core)
        self._photos = core.photos

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and event.file():
            self._photos.open([Path(event.file())])
            return True
        return super().eventFilter(watched, event)


class LaunchRequests(QObject):
    """Does what a start of the app asks for, the first start as well as later ones."""

    def __init__(self, core: AppCore, batch: BatchLauncher, study: StudyLauncher, window: QWidget) -> None:
        super().__init__(window)
        self._opener, self._batch, self._study, self._window = core.opener, batch, study, window
        self.instance_server = InstanceServer(self)
        self.instance_server.request_received.connect(self._on_request)
        self.instance_server.listen()

    def fulfil(self, request: LaunchRequest) -> None:
        """Open what the start asked for."""
        self._open_photos(request.photos)
        if request.sample:
            self._opener.open_sample()
        if request.batch:
            self._batch.open()
        if request.study:
            self._study.open()

    def _open_photos(self, photos: Iterable[Path]) -> None:
        folders = tuple(path for path in photos if path.is_dir())
        self._opener.open_content(MimeContent(tuple(path for path in photos if path not in folders), folders))

    @Slot(object)
    def _on_request(self, request: LaunchRequest) -> None:
        window = self._window
        if request.token:  # Qt hands it to the compositor when the window asks to come to the front
            os.environ["XDG_ACTIVATION_TOKEN"] = request.token
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()
        self.fulfil(request)
