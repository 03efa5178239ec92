"""What is done with the row of opened photos: opening, order, restoring many, trying again, taking away.

In: what menus, drops and the filmstrip ask for. Out: calls of the workshop. The saver is asked before
anything unsaved is lost.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from restorer import paths
from ui.imaging.mime import Intake, intake, photo_from
from ui.model.document import Document, DocumentState
from ui.model.photo_list_model import PhotoListModel, failed, to_restore
from ui.restore.filmstrip import Filmstrip
from ui.settings import ui_state
from ui.widgets import dialogs

if TYPE_CHECKING:
    from ui.main_window.window import Window

SAMPLE = "brooklyn-bridge-1880s.jpg"


class PhotoListActions(QObject):
    """The row of one window."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._workshop = window.workshop
        self._session = window.session
        self.row = PhotoListModel(self._session, self)
        self._workshop.progressed.connect(self.row.tell)

    def filmstrip(self) -> Filmstrip:
        """A new view of the row."""
        strip = Filmstrip(self.row, self._session)
        strip.menu_asked.connect(self._show_menu)
        strip.removal_asked.connect(self.close_photo)
        return strip

    # Opening ---------------------------------------------------------------------------------

    def take(self, brought: Intake) -> None:
        """Open what a drop or a paste brought: files at once, folders as soon as they are looked through."""
        if brought.image is not None:
            self._workshop.open(photo=photo_from(brought.image))
        self._workshop.opener.open_files(brought.files)
        if brought.folders:
            self._workshop.opener.open_folders(brought.folders)

    @Slot()
    def paste(self) -> None:
        brought = intake(QGuiApplication.clipboard().mimeData())
        if brought.empty:
            self._window.rooms.note(self.tr("There is no photo on the clipboard."))
        self.take(brought)

    @Slot()
    def open_dialog(self) -> None:
        from restorer.photo import PHOTO_SUFFIXES

        dialog = dialogs.open_dialog(self._window, ui_state.folder(self._window.store), PHOTO_SUFFIXES)
        dialog.filesSelected.connect(self._on_files)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def open_folder(self) -> None:
        dialog = dialogs.folder_dialog(self._window, ui_state.folder(self._window.store))
        dialog.fileSelected.connect(self._on_folder)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(list)
    def _on_files(self, names: list[str]) -> None:
        ui_state.keep_folder(self._window.store, Path(names[0]).parent)
        self._workshop.open(Path(name) for name in names)

    @Slot(str)
    def _on_folder(self, name: str) -> None:
        ui_state.keep_folder(self._window.store, Path(name))
        self._workshop.opener.open_folders([Path(name)])

    @Slot()
    def open_sample(self) -> None:
        self._workshop.open([paths.resources_dir() / "samples" / SAMPLE])

    # The row ---------------------------------------------------------------------------------

    @Slot()
    def restore_all(self) -> None:
        """Restore every photo that has no result yet, with the panel's settings."""
        window = self._window
        waiting = to_restore(self._session)
        if self._session.current in waiting:
            window.retouch.apply()
        self._workshop.line.up(waiting, window.panel.settings, window.conductor.preview_side())

    @Slot()
    def stop_all(self) -> None:
        self._workshop.line.stop_all()

    @Slot()
    def retry(self) -> None:
        """Try again what failed: open it again, and restore what was to be restored."""
        window = self._window
        troubled = failed(self._session)
        runs = [
            document for document in troubled if document.wanted or document.state is not DocumentState.FAILED
        ]
        for document in troubled:
            self._workshop.retry(document)
        self._workshop.line.up(runs, window.panel.settings, window.conductor.preview_side())

    @Slot()
    def move_earlier(self) -> None:
        self._move(-1)

    @Slot()
    def move_later(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        document = self._session.current
        if document is not None:
            self._session.move(document, self._session.documents.index(document) + by)

    @Slot()
    def close_photo(self) -> None:
        document = self._session.current
        if document is not None:
            close = partial(self._close, document)
            self._window.saver.before(close, document, self.tr("Close without saving"))

    def _close(self, document: Document) -> None:
        """Take away the photo that was asked about; another may be in view by now."""
        if document in self._session.documents:
            self._workshop.remove(document)

    def enable_actions(self) -> None:
        """Which of the row's commands make sense now."""
        actions, documents = self._window.actions_, self._session.documents
        which, count = self._session.place()
        actions.restore_all.setEnabled(bool(self._window.panel.scales) and bool(to_restore(self._session)))
        actions.save_all.setEnabled(any(document.unsaved for document in documents))
        actions.retry.setEnabled(bool(failed(self._session)))
        actions.stop_all.setEnabled(self._session.running() is not None or self._workshop.line.waiting > 0)
        actions.previous.setEnabled(which > 1)
        actions.next.setEnabled(0 < which < count)
        actions.earlier.setEnabled(which > 1)
        actions.later.setEnabled(0 < which < count)
        actions.close_photo.setEnabled(self._session.current in documents)

    @Slot(QPoint)
    def _show_menu(self, where: QPoint) -> None:
        actions = self._window.actions_
        menu = QMenu(self._window)
        menu.addActions([actions.restore, actions.cancel, actions.retry])
        menu.addSeparator()
        menu.addActions([actions.earlier, actions.later])
        menu.addSeparator()
        menu.addActions([actions.save_all, actions.close_photo])
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(where)
