"""The main window: builds the parts and wires their signals, and does nothing else.

    AppCore   session, threads, controllers        stays
    saver, batch, models, app actions, notifier   stay
    workspaces, menus, shared actions, dock        are built anew in another language

In: the theme, what is remembered between sessions, and the engine's run. Out: a window on the screen. A part
gets the core, a parent and the Protocols of `ui.widgets.protocols`, never this window.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QEvent, QSettings, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QMenuBar

from restorer.errors import RestorerError
from restorer.packs import catalog
from ui.app_core import AppCore
from ui.batch.launcher import BatchLauncher
from ui.generate.workspace import GenerateWorkspace
from ui.i18n.engine_messages import engine_message
from ui.i18n.language import Language, TranslationLoader
from ui.imaging.mime import can_open, mime_content
from ui.main_window.app_actions import AppActions
from ui.main_window.menu_bar import MenuBar
from ui.main_window.models_launcher import ModelsLauncher
from ui.main_window.quit_question import QuitQuestion
from ui.main_window.run_notifier import Notifier
from ui.main_window.workspaces import VisibleMessages, Workspaces
from ui.model.options import RestoreOptions
from ui.restore.workspace import RestoreWorkspace
from ui.saving.close_guard import CloseGuard
from ui.saving.save_controller import SaveController
from ui.settings import ui_state
from ui.study.launcher import StudyLauncher
from ui.style import window_size
from ui.style.theme import Theme
from ui.widgets.shared_actions import SharedActions
from ui.workers.engine_worker import Run, engine_run

MEASURE_MS = 2000
"""How long after the window is there the machine is measured."""


class Window(QMainWindow):
    """One window; `theme` is the application's, `store` holds what is remembered between sessions."""

    def __init__(
        self, theme: Theme, store: QSettings, run: Run = engine_run, speech: TranslationLoader | None = None
    ) -> None:
        super().__init__()
        self.theme = theme
        self.speech = speech or TranslationLoader(self, Language.ENGLISH)
        self._warm = False
        self._settings_timer = QTimer(self)  # settings outlive a crash, too
        self._settings_timer.setSingleShot(True)
        self._settings_timer.setInterval(1000)
        scales, problem = _scales()
        self.core = core = AppCore(store, run, self)
        self.messages = VisibleMessages(self)
        self.saver = SaveController(core, self.messages, self)
        self.app_actions = AppActions(core, theme, self.speech, self.messages, self)
        self.notifier = Notifier(core, self)
        self.batch = BatchLauncher(core, scales, self)
        self.models = ModelsLauncher(self)
        self.study = StudyLauncher(core, self)
        self.quit_question = QuitQuestion(self.core, self)
        self.close_guard = CloseGuard(self, (self.batch, self.study, self.quit_question, self.saver))
        self._connect()
        self.setAcceptDrops(True)
        self._build_ui(scales, ui_state.settings(store, scales), ui_state.history(store), problem)
        geometry = store.value("geometry")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)

    # Building --------------------------------------------------------------------------------

    def _connect(self) -> None:
        """Wire what stays."""
        runs = self.core.runs
        runs.warned.connect(self._on_warning)
        runs.noted.connect(self.messages.info)
        self.saver.action_cancelled.connect(self.close_guard.keep_open)
        self._settings_timer.timeout.connect(self._remember)
        self.core.recovery.folder_wanted.connect(self.batch.go_on)
        self.batch.stayed.connect(self.close_guard.keep_open)
        self.study.stayed.connect(self.close_guard.keep_open)
        self.quit_question.stayed.connect(self.close_guard.keep_open)
        self.batch.ran.connect(self.notifier.on_folder)

    def _build_ui(
        self, scales: tuple[int, ...], options: RestoreOptions, history: bool, problem: str
    ) -> None:
        """Build all that is seen, in the language spoken now."""
        self._language = self.speech.spoken
        shared = SharedActions()
        self.restore = RestoreWorkspace(self.core, scales, options, self.saver, shared)
        self.generate = GenerateWorkspace(
            self.core, *ui_state.generate_options(self.core.store), self.saver, shared
        )
        self.workspaces = Workspaces(self.restore, self.generate, shared)
        self.setCentralWidget(self.workspaces)  # which deletes the old ones
        self.messages.show_in(self.workspaces)
        self.menu_bar = MenuBar(
            self,
            self.workspaces,
            self.restore,
            self.generate,
            shared,
            self.app_actions,
            self.batch,
            self.models,
            self.study,
            self.core,
            self.saver,
        )
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.restore.edits.dock)
        self.restore.edits.dock.setVisible(history)
        self.workspaces.gate()
        self._connect_ui()
        self.restore.show_current()
        self.generate.show_generation()
        window_size.fit_to_screen(self, 76, 46)
        if problem:
            self.restore.messages.error(problem)

    def _connect_ui(self) -> None:
        """Wire what is built anew; the connections go with it."""
        offer, welcome = self.app_actions.launcher_offer, self.restore.welcome
        welcome.menu_asked.connect(offer.add)
        welcome.menu_refused.connect(offer.refuse)
        offer.offered.connect(welcome.offer_menu)
        welcome.offer_menu(offer.should_offer())
        self.core.session.current_changed.connect(self.workspaces.show_restore)
        self.workspaces.entered.connect(self.restore.show_state)
        self.restore.title_changed.connect(self._show_title)
        self.models.chosen.connect(self.restore.panel.use)
        self.models.removed.connect(self.restore.panel.forget)
        self.models.changed.connect(self.generate.refresh)
        self.models.changed.connect(self.restore.panel.more.faces.refresh)
        self.models.show_used(self.restore.panel.settings.model or "")
        self.restore.panel.model_changed.connect(self.models.show_used)
        self.batch.options = self._panel_settings
        self.saver.photos_needed.connect(self.workspaces.show_restore)
        self.saver.pictures_needed.connect(self.workspaces.show_generate)
        self.restore.panel.settings_changed.connect(self._settings_timer.start)
        self.generate.panel.changed.connect(self._settings_timer.start)

    def _panel_settings(self) -> RestoreOptions:
        return self.restore.panel.settings

    def _rebuild_ui(self) -> None:
        """The same window in another language; photos, runs and results are the core's and go on."""
        restore, generate, place = self.restore, self.generate, self.workspaces.currentIndex()
        restore_state, generate_state = restore.view_state(), generate.view_state()
        options, history = restore.panel.settings, restore.edits.history_visible
        ui_state.keep_generate_options(self.core.store, *generate.options_and_class)
        restore.retire()
        self.removeDockWidget(restore.edits.dock)
        restore.edits.dock.deleteLater()
        self.core.history.retranslate()
        self.setMenuBar(QMenuBar())  # the old one is deleted with its menus
        self.menu_bar.deleteLater()
        scales, problem = _scales()
        self._build_ui(scales, options, history, problem)
        self.workspaces.setCurrentIndex(place)
        self.restore.restore_view_state(restore_state)
        self.generate.restore_view_state(generate_state)

    # Showing ---------------------------------------------------------------------------------

    @Slot(str)
    def _on_warning(self, sentence: str) -> None:
        self.messages.error(sentence, self.core.session.with_problem(sentence))

    @Slot(str, bool)
    def _show_title(self, title: str, unsaved: bool) -> None:
        self.setWindowTitle(title)  # first, for it has the place of the mark
        self.setWindowModified(unsaved)

    # The window itself -----------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self._language != self.speech.spoken:
            self._rebuild_ui()

    def _later(self, milliseconds: int, what: Callable[[], object]) -> None:
        """Do something soon; a timer of the window's own, which ends with it."""
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(what)
        timer.start(milliseconds)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.restore.welcome.isVisible() and self.workspaces.currentWidget() is self.restore:
            self.restore.welcome.open_button.setFocus()  # where a first key is of use
        if not self._warm:
            self._warm = True
            self._later(200, self.core.runs.warm_up)  # the window is painted first
            self._later(300, self.core.recovery.look)
            self._later(400, self.core.speed.recall)
            self._later(MEASURE_MS, self.core.speed.learn)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if can_open(event.mimeData()):
            event.acceptProposedAction()
            self.restore.canvas.set_receiving(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.restore.canvas.set_receiving(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.restore.canvas.set_receiving(False)
        event.acceptProposedAction()
        self.workspaces.show_restore()
        self.core.opener.open_content(mime_content(event.mimeData()))

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.close_guard.may_close():
            event.ignore()
            return
        self._settings_timer.stop()
        self._remember()
        self.hide()
        self.models.close()
        self.core.close()
        event.accept()

    @Slot()
    def _remember(self) -> None:
        """Write down the settings of both sides, and where the window is."""
        restore, store = self.restore, self.core.store
        ui_state.keep_generate_options(store, *self.generate.options_and_class)
        ui_state.keep(store, restore.panel.settings, self.saveGeometry(), restore.edits.history_visible)


def _scales() -> tuple[tuple[int, ...], str]:
    """The scales that can be had, and a sentence where something is wrong with the packs."""
    try:
        return catalog.available_scales(), ""
    except RestorerError as error:
        return (), engine_message(error)
