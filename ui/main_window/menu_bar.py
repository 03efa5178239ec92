"""The menus: every command with its shortcut, one action each.

In: the window, whose methods they call. Out: `MenuBar`, whose members the window
enables and disables. A shortcut exists here or nowhere (the canvas' own keys, which pan, aside).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from ui.i18n.language import NATIVE_NAMES, Language
from ui.main_window.workspaces import GENERATE, RESTORE
from ui.style.theme import Override

if TYPE_CHECKING:
    from ui.main_window.window import Window
    from ui.model_manager.window import ModelsWindow

Keys = QKeySequence.StandardKey
MODELS = "models"  # the name of that window among its parent's children


class MenuBar(QObject):
    """Builds the menu bar of a window."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        # From the first time it is asked for; it stays through a change of language.
        self.models_window = cast("ModelsWindow | None", window.findChild(QWidget, MODELS))
        self._attend_models()
        bar, canvas, rooms = window.menuBar(), window.canvas, window.rooms

        menu = bar.addMenu(self.tr("&File"))
        self.open = self._add(menu, self.tr("&Open…"), window.shelf.open_dialog, [Keys.Open])
        self.folder = self._add(menu, self.tr("Open a f&older…"), window.shelf.open_folder, ["Ctrl+Shift+O"])
        self.sample = self._add(menu, self.tr("Open a sa&mple"), window.shelf.open_sample)
        self.paste = self._add(menu, self.tr("&Paste"), window.shelf.paste, [Keys.Paste])
        self.folders = self._add(menu, self.tr("Restore &folders…"), window.batch.open, ["Ctrl+Shift+B"])
        menu.addSeparator()
        self.save = self._add(menu, self.tr("&Save the result…"), window.save, [Keys.Save])
        self.save_all = self._add(
            menu, self.tr("Save &all results…"), window.all_saver.ask_folder, ["Ctrl+Shift+E"]
        )
        self.copy = self._add(menu, self.tr("&Copy the result"), window.copy, [Keys.Copy])
        menu.addSeparator()
        self.models = self._add(menu, self.tr("&Models…"), self._show_models, ["Ctrl+M"])
        menu.addSeparator()
        self.close_photo = self._add(menu, self.tr("Close p&hoto"), window.shelf.close_photo, [Keys.Close])
        settings = self._add(menu, self.tr("Se&ttings…"), window.desk.settings, [Keys.Preferences, "Ctrl+,"])
        settings.setMenuRole(QAction.MenuRole.PreferencesRole)
        menu.addSeparator()
        self.quit = self._add(menu, self.tr("&Quit"), window.close, ["Ctrl+Q"])
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)

        window.retouch.fill(bar.addMenu(self.tr("&Edit")), self)

        menu = bar.addMenu(self.tr("&Photo"))
        self.restore = self._add(menu, self.tr("&Restore"), window.restore, ["Ctrl+R"])
        self.cancel = self._add(menu, self.tr("&Cancel"), window.cancel, ["Esc"])
        self.restore_all = self._add(
            menu, self.tr("Restore &all photos"), window.shelf.restore_all, ["Ctrl+Shift+R"]
        )
        self.retry = self._add(menu, self.tr("&Try failed photos again"), window.shelf.retry, ["Ctrl+T"])
        self.stop_all = self._add(menu, self.tr("St&op all"), window.shelf.stop_all, ["Ctrl+."])
        self.pause = self._add(menu, self.tr("Pa&use or go on"), window.workshop.pause, ["P"])
        self.keep = self._add(menu, self.tr("Stop here and &keep"), window.workshop.keep_here, ["Ctrl+E"])
        self.region = QAction(self.tr("Try a re&gion…"), self)
        self.region.setCheckable(True)
        self.region.setShortcut("R")
        self.region.toggled.connect(canvas.draw_region)
        menu.addAction(self.region)
        self.roll = self._add(menu, self.tr("Roll a new &seed"), window.roll_seed, ["Ctrl+D"])
        menu.addSeparator()
        self.previous = self._add(menu, self.tr("&Previous photo"), window.show_previous, ["PgUp"])
        self.next = self._add(menu, self.tr("&Next photo"), window.show_next, ["PgDown"])
        self.earlier = self._add(
            menu, self.tr("Move &earlier in the row"), window.shelf.move_earlier, ["Ctrl+Shift+PgUp"]
        )
        self.later = self._add(
            menu, self.tr("Move &later in the row"), window.shelf.move_later, ["Ctrl+Shift+PgDown"]
        )

        menu = bar.addMenu(self.tr("&Generate"))
        self._generate_only = window.generate.fill(menu, self)

        menu = bar.addMenu(self.tr("&View"))
        self._add(menu, self.tr("&Restore photos"), rooms.show_restore, ["Alt+1"])
        self._add(menu, self.tr("&Make pictures"), rooms.show_generate, ["Alt+2"])
        menu.addSeparator()
        self.zoom_in = self._add(menu, self.tr("Zoom &in"), rooms.zoom_in, [Keys.ZoomIn, "+", "="])
        self.zoom_out = self._add(menu, self.tr("Zoom &out"), rooms.zoom_out, [Keys.ZoomOut, "-"])
        self.fit = self._add(menu, self.tr("&Fit to window"), rooms.zoom_to_fit, ["Ctrl+0"])
        self.true_pixels = self._add(menu, self.tr("&True pixels"), rooms.true_pixels, ["Ctrl+1"])
        menu.addSeparator()
        self.before_only = QAction(self.tr("Show only &before"), self)
        self.before_only.setCheckable(True)
        self.before_only.setShortcut("B")
        self.before_only.toggled.connect(canvas.set_before_only)
        menu.addAction(self.before_only)
        window.compare.fill(menu)
        menu.addSeparator()
        self._appearance(menu.addMenu(self.tr("&Appearance")))
        self._languages(menu.addMenu(self.tr("&Language")))

        menu = bar.addMenu(self.tr("&Help"))
        self._add(menu, self.tr("&Keys"), window.desk.keys, ["F1"])
        self._add(menu, self.tr("Show the &log"), window.desk.show_log)
        self._add(menu, self.tr("Put Restorer into the applications &menu"), window.desk.menu_entry.add)
        about = self._add(menu, self.tr("&About Restorer"), window.desk.about)
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

    def gate(self) -> None:
        """Put the commands of one side to sleep while the other is in view; called once all are there."""
        window = self._window
        photo = [self.restore, self.restore_all, self.retry, self.stop_all, self.pause, self.keep]
        photo += [
            self.save_all,
            self.region,
            self.previous,
            self.next,
            self.earlier,
            self.later,
            self.close_photo,
        ]
        photo += [self.before_only, window.compare.loupe, *window.retouch.actions]
        window.rooms.gate(RESTORE, photo, [window.compare.group])
        window.rooms.gate(GENERATE, self._generate_only)

    def _show_models(self) -> None:
        from ui.model_manager.window import ModelsWindow  # whoever restores a photo does not wait for it

        if self.models_window is None:
            self.models_window = ModelsWindow(self._window)
            self.models_window.setObjectName(MODELS)
            self._attend_models()
        self.models_window.refresh()
        self.models_window.show()
        self.models_window.raise_()
        self.models_window.activateWindow()

    def _attend_models(self) -> None:
        """Answer the Models window; those who did before go with the language."""
        if self.models_window is not None:
            self.models_window.chosen.connect(self._window.panel.use)
            self.models_window.gone.connect(self._window.panel.forget)
            self.models_window.changed.connect(self._window.generate.refresh)

    def close_windows(self) -> None:
        """Close what stands beside the main window; its threads end."""
        if self.models_window is not None:
            self.models_window.close()
            self.models_window.end()
            self.models_window.deleteLater()
            self.models_window = None

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
            action.setChecked(override is self._window.theme.override)
            group.addAction(action)
            menu.addAction(action)
        group.triggered.connect(self._choose_appearance)

    def show_appearance(self, override: Override) -> None:
        for action in self._looks.actions():
            action.setChecked(action.data() == override.value)

    def _choose_appearance(self, action: QAction) -> None:
        self._window.desk.set_appearance(Override(action.data()))

    def _languages(self, menu: QMenu) -> None:
        group = QActionGroup(self)
        for language, name in {Language.SYSTEM: self.tr("Like the &system"), **NATIVE_NAMES}.items():
            action = QAction(name, self)
            action.setCheckable(True)
            action.setData(str(language))
            action.setChecked(language is self._window.speech.choice)
            group.addAction(action)
            menu.addAction(action)
        group.triggered.connect(self._choose_language)

    def _choose_language(self, action: QAction) -> None:
        self._window.desk.set_language(Language(action.data()))
