"""The window: canvas, panel and strip, and who answers whom.

    person --> window --> workshop (session, file thread, engine thread)
    workshop --> signals --> window (methods of this QObject) --> canvas, panel, strip

The window holds no picture and does no work: documents hold pictures, threads do
the work. Questions are dialogs beside the event loop, never loops of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QSettings, QTimer, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenuBar, QVBoxLayout, QWidget

from restorer.errors import RestorerError
from restorer.packs import catalog
from ui.batch.launcher import BatchLauncher
from ui.canvas.canvas import Canvas
from ui.canvas.compare_tools import CompareTools
from ui.controllers.generation import Studio
from ui.controllers.recovery import Recovery
from ui.controllers.run_controller import Workshop
from ui.generate.workspace import GenerateWorkspace
from ui.i18n.engine_messages import engine_message
from ui.i18n.language import Language, TranslationLoader
from ui.imaging.mime import intake, is_welcome
from ui.imaging.pyramid import picture_of
from ui.main_window.app_actions import AppActions
from ui.main_window.menu_bar import MenuBar
from ui.main_window.view_state import ViewState
from ui.main_window.workspaces import Workspaces
from ui.model.document import Document, DocumentState
from ui.model.options import RestoreOptions
from ui.restore.control_panel import ControlPanel
from ui.restore.edit_actions import EditActions
from ui.restore.photo_list_actions import PhotoListActions
from ui.restore.run_actions import RunActions
from ui.restore.status_text import compared_pictures, standing
from ui.restore.welcome import Welcome
from ui.saving.close_guard import CloseGuard
from ui.saving.drag_out import DragOut
from ui.saving.save_all import AllSaver
from ui.saving.save_controller import SaveController
from ui.settings import ui_state
from ui.style import window_size
from ui.style.theme import Theme, canvas_palette
from ui.widgets.banner import Banner
from ui.widgets.status_bar import StatusBar
from ui.workers.engine_worker import Run, engine_run


class Window(QMainWindow):
    """One window; `theme` is the application's, `store` holds what is remembered between sessions."""

    def __init__(
        self, theme: Theme, store: QSettings, run: Run = engine_run, speech: TranslationLoader | None = None
    ) -> None:
        super().__init__()
        self.theme = theme
        self.speech = speech or TranslationLoader(self, Language.ENGLISH)
        self.store = store
        self._warm = False
        self.workshop = Workshop(self, run)
        self.session = self.workshop.session
        self.studio = Studio(self.workshop)
        self.saver = SaveController(self, self.workshop)
        self.all_saver = AllSaver(self)
        self.leaving = CloseGuard(self)
        self.desk = AppActions(self)
        self.shelf = PhotoListActions(self)
        self.retouch = EditActions(self)
        self.setAcceptDrops(True)
        self.studio.made.connect(self.desk.notifier.on_made)
        self._furnish(None)
        geometry = store.value("geometry")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)

    # Building --------------------------------------------------------------------------------

    def _furnish(self, settings: RestoreOptions | None, left: Recovery | None = None) -> None:
        """Build all that is seen, in the language spoken now; `settings` None takes the remembered ones."""
        self._furnished_in = self.speech.spoken
        scales, obstacle = _scales()
        self.canvas = Canvas()
        self.welcome = Welcome(self.canvas)
        self.banner = Banner(self.canvas)
        self.panel = ControlPanel(scales, settings or ui_state.settings(self.store, scales))
        self.strip = StatusBar()
        self.hander = DragOut(self.strip, self.workshop)
        self.filmstrip = self.shelf.filmstrip()
        self.compare = CompareTools(self.canvas)
        self.strip.hold(self.compare.bar)
        self.generate = GenerateWorkspace(self, *ui_state.wishes(self.store))
        self._lay_out()
        if settings is None:  # afterwards a batch may be at work behind it
            self.batch = BatchLauncher(scales, self.store, self)
        self.actions_ = MenuBar(self)
        self.conductor = RunActions(self, left)
        self.actions_.gate()
        self._connect()
        self._show_current()
        self.generate.show_studio()
        window_size.settle(self, 76, 46)
        if obstacle:
            self.banner.say(obstacle)

    def _refurnish(self) -> None:
        """The same window in another language; photos, runs and results belong to the workshop and go on."""
        for sender in (self.workshop, self.workshop.line, self.session, self.saver):
            sender.disconnect(self)
        settings, carried = self.panel.settings, ViewState.of(self)
        ui_state.keep_wishes(self.store, *self.generate.remembered)
        self.retouch.follow(None)  # a cropper that is open goes with its canvas
        self.setMenuBar(QMenuBar())  # the old one is deleted with its menus
        self.actions_.deleteLater()
        self.conductor.deleteLater()
        self._furnish(
            settings, self.conductor.left
        )  # the old central widget is deleted when the new one takes its place
        carried.give(self)

    def _lay_out(self) -> None:
        centre = QWidget()
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.canvas, 1)
        left.addWidget(self.strip)
        left.addWidget(self.filmstrip)
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        row.addWidget(self.panel)
        self.rooms = Workspaces(centre, self.canvas, self.banner, self.strip, self.generate)
        self.setCentralWidget(self.rooms)
        for floating in (self.welcome, self.banner):
            floating.setPalette(canvas_palette())

    def _connect(self) -> None:
        self.welcome.open_asked.connect(self.shelf.open_dialog)
        self.welcome.sample_asked.connect(self.shelf.open_sample)
        self.welcome.menu_asked.connect(self.desk.menu_entry.add)
        self.welcome.menu_refused.connect(self.desk.menu_entry.refuse)
        self.welcome.offer_menu(self.desk.menu_entry.wanted())
        self.panel.restore_asked.connect(self.restore)
        self.panel.save_asked.connect(self.save)
        self.panel.step_asked.connect(self.session.step)
        self.strip.zoom_in_asked.connect(self.canvas.zoom_in)
        self.strip.zoom_out_asked.connect(self.canvas.zoom_out)
        self.strip.fit_asked.connect(self.canvas.zoom_to_fit)
        self.strip.true_pixels_asked.connect(self.true_pixels)
        self.canvas.resized.connect(self.welcome.place)
        self.canvas.resized.connect(self.banner.place)
        self.canvas.zoom_changed.connect(self.strip.show_zoom)
        self.session.current_changed.connect(self._show_current)
        self.session.current_changed.connect(self.rooms.show_restore)
        self.rooms.entered.connect(self._show_state)
        self.session.row_changed.connect(self._show_row)
        self.session.changed.connect(self._show_change)
        self.workshop.progressed.connect(self._show_progress)
        self.workshop.line.free.connect(self._show_state)
        self.workshop.ended.connect(self._on_ended)
        self.workshop.warned.connect(self._warn)
        self.workshop.noted.connect(self.rooms.note)
        self.saver.started.connect(self._on_saving)
        self.saver.refused.connect(self.rooms.say)

    # Opening ---------------------------------------------------------------------------------

    def open_paths(self, opened: Iterable[Path]) -> None:
        """Put files in the row and bring the first of them into view."""
        self.workshop.open(opened)

    @Slot()
    def show_previous(self) -> None:
        self.session.step(-1)

    @Slot()
    def show_next(self) -> None:
        self.session.step(1)

    # Restoring -------------------------------------------------------------------------------

    @Slot()
    def restore(self) -> None:
        document = self.session.current
        if document is not None and self._can_restore():
            self.banner.hide()  # an older result stays in the photo's history
            self.retouch.apply()
            self.workshop.restore(document, self.panel.settings, self.conductor.preview_side())

    def _can_restore(self) -> bool:
        return bool(self.panel.scales) and self.workshop.can_restore(self.session.current)

    @Slot()
    def cancel(self) -> None:
        """Esc: what lies over the picture goes, or else the run of the photo in view ends."""
        if self.rooms.generating:
            self.generate.cancel()
        else:
            self.conductor.put_away()

    @Slot()
    def save(self) -> None:
        if self.rooms.generating:
            self.generate.save()
        elif self.session.current is not None and self.session.current.result is not None:
            self.saver.save(self.session.current)

    @Slot()
    def copy(self) -> None:
        if self.rooms.generating:
            self.generate.copy()
            return
        document = self.session.current
        if document is not None and document.after is not None and document.result is not None:
            QGuiApplication.clipboard().setImage(picture_of(document.result.photo, document.after))
            self.strip.say(self.tr("The result is on the clipboard."), aloud=True)

    @Slot()
    def roll_seed(self) -> None:
        (self.generate.panel if self.rooms.generating else self.panel).roll_seed()

    @Slot(str)
    def _on_saving(self, name: str) -> None:
        self.rooms.strip.say(self.tr("Saving {0}…").format(name))

    @Slot(object)
    def _on_ended(self, document: Document) -> None:
        if document is self.session.current:
            self.strip.say(self.tr("Stopped. The photo is unchanged."), aloud=True)

    @Slot(str)
    def _warn(self, sentence: str) -> None:
        self.rooms.banner.say(sentence, self.session.with_problem(sentence))

    # Showing ---------------------------------------------------------------------------------

    @Slot()
    def _show_current(self) -> None:
        """Another photo came into view, or none."""
        self.actions_.before_only.setChecked(False)
        self.banner.turn_to(self.session.current)
        self.canvas.clear()
        self._show_document()

    @Slot(object)
    def _show_change(self, document: Document) -> None:
        if document is self.session.current:
            self._show_document()
        else:
            self._show_state()

    def _show_document(self) -> None:
        """The photo in view as it stands."""
        document, canvas = self.session.current, self.canvas
        if document is None:
            canvas.clear()
        elif document.state is DocumentState.READING:
            canvas.clear(self.tr("Opening {0}…").format(self._name()))
        elif document.state is DocumentState.FAILED:
            canvas.clear(self.tr("{0} cannot be opened.").format(self._name()))
        elif document.running and document.live is not None and document.live.image is not None:
            self._show_live(document)
        elif self.conductor.show_trial(document):
            pass
        elif document.before is not None and document.after is not None:
            canvas.show_result(*compared_pictures(document, document.before, document.after))
        elif document.original is not None:
            canvas.show_photo(document.original)
        self.welcome.setVisible(document is None)
        self._show_row()
        self._show_state()

    def _show_live(self, document: Document) -> None:
        live = document.live
        if live is not None and live.image is not None and live.size is not None:
            several = live.progress is not None and live.progress.tiles > 1
            self.canvas.show_live(live.image, live.size, live.box if several else None)

    @Slot(object)
    def _show_progress(self, document: Document) -> None:
        if document is self.session.current:
            self._show_live(document)
            self._tell(document)
            self.conductor.show_run(document, False)

    @Slot()
    def _show_state(self) -> None:
        """Buttons, actions, strip and title, after the photo in view."""
        document = self.session.current
        running = document is not None and (document.running or document.queued)
        has_result = document is not None and document.result is not None and document.at_rest
        can_restore, unsaved = self._can_restore(), document is not None and document.unsaved
        cancelling = document is not None and document.state is DocumentState.CANCELLING
        self.panel.show_state(can_restore, running, cancelling, has_result, unsaved)
        self.conductor.show_run(document, can_restore)
        self.panel.show_result(document.result if document is not None and has_result else None)
        actions = self.actions_
        actions.restore.setEnabled(can_restore)
        actions.roll.setEnabled(not running)
        self.shelf.enable_actions()
        for action in (actions.save, actions.copy, actions.before_only):
            action.setEnabled(has_result)
        if not has_result:
            actions.before_only.setChecked(False)
        self.retouch.follow(document)
        self.generate.enable_actions()
        self.setWindowModified(unsaved)
        self.setWindowTitle("Restorer" if document is None else self.tr("{0}[*]").format(self._name()))
        self._tell(document)
        self.hander.follow(document)  # which may have something to say

    def _tell(self, document: Document | None) -> None:
        """The strip: where the photo in view stands, in words."""
        stands = standing(document, self.workshop.engine, self.studio)
        self.strip.say(stands.sentence, stands.aloud, stands.short)
        self.strip.show_fraction(stands.fraction)

    @Slot()
    def _show_row(self) -> None:
        document = self.session.current
        which, count = self.session.place()
        size = document.photo.size if document is not None and document.photo is not None else None
        self.panel.show_photo(self._name(), size, (which, count))
        self.shelf.enable_actions()

    def _name(self) -> str:
        document = self.session.current
        if document is None:
            return ""
        return document.name or self.tr("Pasted picture")

    @Slot()
    def true_pixels(self) -> None:
        self.canvas.zoom_to(1.0)

    # The window itself -----------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self._furnished_in != self.speech.spoken:
            self._refurnish()

    def _later(self, milliseconds: int, what: Callable[[], object]) -> None:
        """Do something soon; a timer of the window's own, which ends with it."""
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(what)
        timer.start(milliseconds)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._warm:
            self._warm = True
            self._later(200, self.workshop.warm_up)  # the window is painted first
            self._later(300, self.conductor.left.look)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if is_welcome(event.mimeData()):
            event.acceptProposedAction()
            self.canvas.set_receiving(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.canvas.set_receiving(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.canvas.set_receiving(False)
        event.acceptProposedAction()
        self.rooms.show_restore()
        self.shelf.take(intake(event.mimeData()))

    def closeEvent(self, event: QCloseEvent) -> None:
        event.setAccepted(self.leaving.leave())


def _scales() -> tuple[tuple[int, ...], str]:
    """The scales that can be had, and a sentence where something is wrong with the packs."""
    try:
        return catalog.available_scales(), ""
    except RestorerError as error:
        return (), engine_message(error)
