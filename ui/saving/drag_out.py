"""Hands the result to another program as a file: dragged, or copied."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication

from restorer import paths
from ui.app_core import AppCore
from ui.imaging.mime import file_mime_data
from ui.model.document import Document
from ui.model.output_name import suggested_name
from ui.system.processes import alive
from ui.widgets.drag_handle import DragHandle
from ui.widgets.protocols import Messages

if TYPE_CHECKING:
    from restorer.pipeline.events import Done


def file_of(document: Document | None) -> Path | None:
    """The file that would be handed over, if it is there."""
    if document is None or document.result is None:
        return None
    return next(
        (path for path in (document.saved, document.copy) if path is not None and path.exists()), None
    )


def _all_copies() -> Path:
    return paths.cache_dir() / "handed"


def copies() -> Path:
    """This app's own folder of such files; another window has another."""
    return _all_copies() / str(os.getpid())


def place_for_copy(document: Document) -> Path:
    """Where a result that nobody saved is written for another program."""
    return (copies() / str(document.key) / suggested_name(document)).with_suffix(".png")


class DragOut(QObject):
    """Keeps a handle in step with the photo or picture in view."""

    def __init__(self, core: AppCore, handle: DragHandle, messages: Messages) -> None:
        super().__init__(handle)
        self._core, self._handle, self._messages = core, handle, messages
        self._document: Document | None = None
        self._wanted: Done | None = None  # goes to the clipboard once it lies in a file
        self._handle.needed.connect(self.prepare)
        self._handle.clicked.connect(self._copy)

    def follow(self, document: Document | None) -> None:
        """The photo in view changed, or something about it."""
        self._document = document
        self._handle.setEnabled(document is not None and document.result is not None and document.at_rest)
        self._handle.path = file_of(document)
        result = document.result if document is not None else None
        if self._wanted is None or self._wanted is not result:
            self._wanted = None
        elif self._handle.path is not None:
            self._copy()
        elif document is not None and not document.copying:
            self._wanted = None  # it could not be written

    @Slot()
    def prepare(self) -> None:
        """See that there is a file to hand over, soon."""
        document = self._document
        if document is None or document.result is None or file_of(document) or document.copying:
            return
        path = place_for_copy(document)
        try:
            paths.private_folder(path.parent)
        except OSError:
            return  # there is no room for a copy; saving still works
        document.copying = True
        finishing = document.finishing()
        output = self._core.runs.preferences.output
        result = document.result
        self._core.photos.write(document, result, path, True, output, handed=True, finishing=finishing)

    @Slot()
    def _copy(self) -> None:
        self._wanted = None
        if self._handle.path is not None:
            QGuiApplication.clipboard().setMimeData(file_mime_data(self._handle.path))
            self._messages.status(self.tr("The file is on the clipboard."), announce=True)
        elif self._document is not None:
            self._wanted = self._document.result
            self.prepare()


def forget_copies() -> None:
    """Throw away what was written for other programs; called when the app ends."""
    shutil.rmtree(copies(), ignore_errors=True)


def forget_left_copies() -> None:
    """Throw away what apps that ended badly had written for other programs; called when the app starts."""
    with suppress(OSError):
        for folder in list(_all_copies().iterdir()):
            own = folder == copies()  # of an earlier process with this number: nothing was written yet
            if folder.name.isdigit() and (own or not alive(int(folder.name))):
                shutil.rmtree(folder, ignore_errors=True)
