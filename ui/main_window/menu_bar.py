"""The menu bar: which command stands where, and the commands that belong to no workspace.

In: the features, each with its own actions, and the app's commands. Out: a filled `QMenuBar`. A shortcut
exists with its action or nowhere (the canvas' own keys, which pan, aside).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from ui.app_core import AppCore
from ui.batch.launcher import BatchLauncher
from ui.generate.workspace import GenerateWorkspace
from ui.i18n.language import NATIVE_NAMES, Language
from ui.i18n.tooltips import plain_tip
from ui.main_window.app_actions import AppActions
from ui.main_window.models_launcher import ModelsLauncher
from ui.main_window.workspaces import Workspaces
from ui.restore.workspace import RestoreWorkspace
from ui.saving.save_controller import SaveController
from ui.study.launcher import StudyLauncher
from ui.style.theme import Override
from ui.widgets.shared_actions import SharedActions

Keys = QKeySequence.StandardKey


class MenuBar(QObject):
    """Fills the menu bar of a window, in the language spoken now."""

    def __init__(
        self,
        window: QMainWindow,
        workspaces: Workspaces,
        restore: RestoreWorkspace,
        generate: GenerateWorkspace,
        shared: SharedActions,
        app: AppActions,
        batch: BatchLauncher,
        models: ModelsLauncher,
        study: StudyLauncher,
        core: AppCore,
        saver: SaveController,
    ) -> None:
        super().__init__(window)
        self._app = app
        self._core, self._saver = core, saver
        bar, photos, runs, compare = window.menuBar(), restore.photos, restore.runs, restore.compare

        menu = bar.addMenu(self.tr("&File"))
        menu.addActions([photos.open, photos.folder])
        self.recent = menu.addMenu(self.tr("Open &recent"))
        menu.addActions([photos.sample, photos.paste])
        menu.aboutToShow.connect(self._show_files)
        self.folders = self._add(menu, self.tr("Restore &folders…"), batch.open, ["Ctrl+Shift+B"])
        menu.addSeparator()
        menu.addActions([shared.save, photos.save_all, shared.copy])
        self.results = self._add(menu, self.tr("Open the &results' folder"), self._open_results)
        menu.addSeparator()
        self.models = self._add(menu, self.tr("&Models…"), models.open, ["Ctrl+M"])
        menu.addSeparator()
        menu.addActions([photos.close, photos.close_all])
        settings = self._add(menu, self.tr("Se&ttings…"), app.settings, [Keys.Preferences, "Ctrl+,"])
        settings.setMenuRole(QAction.MenuRole.PreferencesRole)
        menu.addSeparator()
        close = self._add(menu, self.tr("&Quit"), window.close, ["Ctrl+Q"])
        close.setMenuRole(QAction.MenuRole.QuitRole)

        restore.edits.fill(bar.addMenu(self.tr("&Edit")))

        menu = bar.addMenu(self.tr("&Photo"))
        menu.addActions([runs.restore, shared.cancel, photos.restore_all, photos.retry, photos.stop_all])
        menu.addActions([runs.pause, runs.keep, runs.region, shared.roll])
        menu.addSeparator()
        menu.addActions(restore.damage.actions)
        menu.addSeparator()
        menu.addActions([photos.previous, photos.next, photos.earlier, photos.later])

        generate.fill(bar.addMenu(self.tr("&Generate")))

        menu = bar.addMenu(self.tr("&View"))
        self._add(menu, self.tr("&Restore photos"), workspaces.show_restore, ["Alt+1"])
        self._add(menu, self.tr("&Make pictures"), workspaces.show_generate, ["Alt+2"])
        menu.addSeparator()
        self._add(menu, self.tr("Zoom &in"), workspaces.zoom_in, [Keys.ZoomIn, "+", "="])
        self._add(menu, self.tr("Zoom &out"), workspaces.zoom_out, [Keys.ZoomOut, "-"])
        self._add(menu, self.tr("&Fit to window"), workspaces.zoom_to_fit, ["Ctrl+0"])
        self._add(menu, self.tr("&True pixels"), workspaces.true_pixels, ["Ctrl+1"])
        menu.addSeparator()
        compare.fill(menu)
        menu.addAction(restore.faces.action)
        menu.addSeparator()
        self._appearance(menu.addMenu(self.tr("&Appearance")))
        self._languages(menu.addMenu(self.tr("&Language")))

        menu = bar.addMenu(self.tr("&Tools"))
        self.study = self._add(menu, self.tr("&Study…"), study.open)

        menu = bar.addMenu(self.tr("&Help"))
        self._add(menu, self.tr("&Guide"), app.guide)
        self._add(menu, self.tr("&Keys"), app.keys, ["F1"])
        self._add(menu, self.tr("Show the &log"), app.show_log)
        self._add(menu, self.tr("Put Restorer into the applications &menu"), app.launcher_offer.add)
        about = self._add(menu, self.tr("&About Restorer"), app.about)
        about.setMenuRole(QAction.MenuRole.AboutRole)

    def _add(
        self, menu: QMenu, text: str, does: Callable[[], object], keys: list[Keys | str] | None = None
    ) -> QAction:
        action = QAction(text, self)
        if keys:
            action.setShortcuts([QKeySequence(key) for key in keys])
        action.triggered.connect(does)
        menu.addAction(action)
        return action

    @Slot()
    def _show_files(self) -> None:
        """The files that were opened last, as far as they are there; and whether results have a folder."""
        menu, files = self.recent, self._core.recent.paths()
        menu.clear()
        for path in files:
            action = menu.addAction(path.name.replace("&", "&&"))
            action.setToolTip(plain_tip(str(path)))
            action.triggered.connect(partial(self._core.open_files, [str(path)]))
        menu.setToolTipsVisible(True)
        menu.addSeparator()
        menu.addAction(self.tr("&Clear the list"), self._core.recent.clear)
        menu.menuAction().setEnabled(bool(files))
        self.results.setEnabled(self._saver.results_folder is not None)

    @Slot()
    def _open_results(self) -> None:
        folder = self._saver.results_folder
        if folder is not None:
            self._app.show_path(folder)

    def _appearance(self, menu: QMenu) -> None:
        group = self._looks = QActionGroup(self)
        names = {
            Override.SYSTEM: self.tr("Like the &system"),
            Override.LIGHT: self.tr("&Light"),
            Override.DARK: self.tr("&Dark"),
        }
        for override, name in names.items():
            action = QAction(name, self)
            action.setCheckable(True)
            action.setData(override.value)
            action.setChecked(override is self._app.appearance)
            group.addAction(action)
            menu.addAction(action)
        group.triggered.connect(self._choose_appearance)
        self._app.appearance_changed.connect(self._show_appearance)

    @Slot(object)
    def _show_appearance(self, override: Override) -> None:
        for action in self._looks.actions():
            action.setChecked(action.data() == override.value)

    @Slot(QAction)
    def _choose_appearance(self, action: QAction) -> None:
        self._app.set_appearance(Override(action.data()))

    def _languages(self, menu: QMenu) -> None:
        group = QActionGroup(self)
        for language, name in {Language.SYSTEM: self.tr("Like the &system"), **NATIVE_NAMES}.items():
            action = QAction(name, self)
            action.setCheckable(True)
            action.setData(str(language))
            action.setChecked(language is self._app.language)
            group.addAction(action)
            menu.addAction(action)
        group.triggered.connect(self._choose_language)

    @Slot(QAction)
    def _choose_language(self, action: QAction) -> None:
        self._app.set_language(Language(action.data()))
