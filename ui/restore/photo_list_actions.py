"""Commands for the row of opened photos: open, order, restore many, try again, close.

In: what menus, drops and the filmstrip ask for. Out: calls of `AppCore`. The saver is asked before
anything unsaved is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QPoint, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from ui.app_core import AppCore
from ui.imaging.mime import mime_content
from ui.model.document import Document, DocumentState
from ui.model.photo_list_model import PhotoListModel, failed, to_restore
from ui.restore.control_panel import ControlPanel
from ui.restore.edit_actions import EditActions
from ui.restore.filmstrip import Filmstrip
from ui.restore.run_actions import RunActions
from ui.saving.save_controller import SaveController
from ui.settings import ui_state
from ui.widgets import dialogs
from ui.widgets.shared_actions import SharedActions

Keys = QKeySequence.StandardKey


class PhotoListActions(QObject):
    """The row of one window, in the language spoken now; `workspace` is what the dialogs open over."""

    def __init__(
        self,
        core: AppCore,
        panel: ControlPanel,
        run_actions: RunActions,
        edits: EditActions,
        saver: SaveController,
        shared: SharedActions,
        workspace: QWidget,
    ) -> None:
        super().__init__(workspace)
        self._core, self._runs, self._session = core, core.runs, core.session
        self._panel, self._run_actions, self._edits, self._saver = panel, run_actions, edits, saver
        self._shared, self._workspace = shared, workspace
        self.row = PhotoListModel(self._session, self)
        self._runs.progressed.connect(self.row.on_document_changed)
        opener = self._core.opener
        self.open = self._action(self.tr("&Open…"), self.open_dialog, Keys.Open)
        self.folder = self._action(self.tr("Open a f&older…"), self.open_folder, "Ctrl+Shift+O")
        self.sample = self._action(self.tr("Open a sa&mple"), opener.open_sample)
        self.paste = self._action(self.tr("&Paste"), self.paste_photo, Keys.Paste)
        self.save_all = self._action(self.tr("Save &all results…"), saver.save_photos, "Ctrl+Shift+E")
        self.close = self._action(self.tr("Close p&hoto"), self.close_photo, Keys.Close)
        self.close_all = self._action(self.tr("&Close all photos"), self.close_photos, "Ctrl+Shift+W")
        self.restore_all = self._action(self.tr("Restore &all photos"), self.restore_photos, "Ctrl+Shift+R")
        self.retry = self._action(self.tr("&Try failed photos again"), self.retry_photos, "Ctrl+T")
        self.stop_all = self._action(self.tr("St&op all"), self._runs.stop_all, "Ctrl+.")
        self.previous = self._action(self.tr("&Previous photo"), self.show_previous, "PgUp")
        self.next = self._action(self.tr("&Next photo"), self.show_next, "PgDown")
        self.earlier = self._action(self.tr("Move &earlier in the row"), self.move_earlier, "Ctrl+Shift+PgUp")
        self.later = self._action(self.tr("Move &later in the row"), self.move_later, "Ctrl+Shift+PgDown")

    def _action(self, text: str, does: Callable[[], object], key: Keys | str = "") -> QAction:
        action = QAction(text, self)
        if key:
            action.setShortcuts([QKeySequence(key)])
        action.triggered.connect(does)
        return action

    @property
    def actions(self) -> list[QAction]:
        """The commands that make sense only while the row is in view."""
        row = [self.restore_all, self.retry, self.stop_all, self.save_all, self.close, self.close_all]
        return [*row, self.previous, self.next, self.earlier, self.later]

    def filmstrip(self) -> Filmstrip:
        """A view of the row."""
        strip = Filmstrip(self.row, self._session)
        strip.menu_asked.connect(self._show_menu)
        strip.removal_asked.connect(self.close_photo)
        return strip

    # Opening ---------------------------------------------------------------------------------

    @Slot()
    def paste_photo(self) -> None:
        content = mime_content(QGuiApplication.clipboard().mimeData())
        if content.empty:
            self._runs.noted.emit(self.tr("There is no photo on the clipboard."))
        self._core.opener.open_content(content)

    @Slot()
    def open_dialog(self) -> None:
        from restorer.photo import PHOTO_SUFFIXES

        folder = ui_state.folder(self._core.store)
        dialog = dialogs.open_dialog(self._workspace.window(), folder, PHOTO_SUFFIXES)
        dialog.filesSelected.connect(self._core.open_files)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def open_folder(self) -> None:
        dialog = dialogs.folder_dialog(self._workspace.window(), ui_state.folder(self._core.store))
        dialog.fileSelected.connect(self._core.open_folder)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # The row ---------------------------------------------------------------------------------

    @Slot()
    def show_previous(self) -> None:
        self._session.step(-1)

    @Slot()
    def show_next(self) -> None:
        self._session.step(1)

    @Slot()
    def restore_photos(self) -> None:
        """Restore every photo that has no result yet, with its own settings or else the panel's."""
        waiting = to_restore(self._session)
        if self._session.current in waiting:
            self._edits.apply()
        self._restore(waiting)

    def _restore(self, documents: Iterable[Document]) -> None:
        settings, side = self._panel.settings, self._run_actions.preview_side()
        for document in documents:
            own = document.options
            options = settings if own is None else replace(own, model=settings.model)
            self._runs.restore_all([document], options, side)

    @Slot()
    def retry_photos(self) -> None:
        """Try again what failed: open it again, and restore what was to be restored."""
        troubled = failed(self._session)
        runs = [
            document
            for document in troubled
            if document.requeue_on_retry or document.state is not DocumentState.FAILED
        ]
        for document in troubled:
            self._core.photos.retry(document)
        self._restore(runs)

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
            self._saver.before(close, document, self.tr("Close without saving"))

    def _close(self, document: Document) -> None:
        """Take away the photo that was asked about; another may be in view by now."""
        if document in self._session.documents:
            self._runs.remove(document)

    @Slot()
    def close_photos(self) -> None:
        self._saver.before_all(self._close_all, self.tr("Close without saving"))

    def _close_all(self) -> None:
        self._runs.stop_all()
        # The one in view last, or each would be read as the neighbour of the one before.
        for document in sorted(self._session.documents, key=lambda each: each is self._session.current):
            self._runs.remove(document)

    def enable_actions(self) -> None:
        """Which of the row's commands make sense now."""
        documents = self._session.documents
        which, count = self._session.place()
        self.restore_all.setEnabled(bool(self._panel.scales) and bool(to_restore(self._session)))
        self.save_all.setEnabled(any(document.unsaved for document in documents))
        self.retry.setEnabled(bool(failed(self._session)))
        self.stop_all.setEnabled(self._session.running() is not None or bool(self._runs.queue.documents))
        self.previous.setEnabled(which > 1)
        self.next.setEnabled(0 < which < count)
        self.earlier.setEnabled(which > 1)
        self.later.setEnabled(0 < which < count)
        self.close.setEnabled(self._session.current in documents)
        self.close_all.setEnabled(bool(documents))

    @Slot(QPoint)
    def _show_menu(self, where: QPoint) -> None:
        menu = QMenu(self._workspace.window())
        menu.addActions([self._run_actions.restore, self._shared.cancel, self.retry])
        menu.addSeparator()
        menu.addActions([self.earlier, self.later])
        menu.addSeparator()
        menu.addActions([self.save_all, self.close])
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(where)
