"""What lies around the picture: settings, look, language, the log, keys, and who we are.

In: what the menus ask for. Out: changed preferences where they take effect (theme, speech, core) and on the
disk; dialogs beside the event loop.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QMainWindow

from restorer import paths, preferences
from restorer.preferences import Preferences
from ui.app_core import AppCore
from ui.help import about, guide, shortcuts
from ui.i18n.language import Language, TranslationLoader
from ui.main_window.launcher_offer import LauncherOffer
from ui.settings.dialog import SettingsDialog
from ui.style.theme import Override, Theme
from ui.widgets import dialogs
from ui.widgets.protocols import Messages

if TYPE_CHECKING:
    from ui.system.crash_reports import CrashReports


class AppActions(QObject):
    """Answers the menus of one window as far as no photo is concerned."""

    appearance_changed = Signal(object)  # the Override that counts now

    def __init__(
        self, core: AppCore, theme: Theme, speech: TranslationLoader, messages: Messages, window: QMainWindow
    ) -> None:
        super().__init__(window)
        self._core, self._theme, self._speech = core, theme, speech
        self._messages, self._window = messages, window
        self._crashes: CrashReports | None = None
        self.launcher_offer = LauncherOffer(core.store, messages, self)

    @property
    def preferences(self) -> Preferences:
        return self._core.runs.preferences

    @property
    def appearance(self) -> Override:
        return self._theme.override

    @property
    def language(self) -> Language:
        """The one that was chosen, which may be that of the system."""
        return self._speech.choice

    @Slot(object)
    def apply(self, changed: Preferences) -> None:
        """Settle something for good: it takes effect at once and is written down."""
        self._core.runs.preferences = changed
        self._theme.set_override(Override(changed.theme))
        self.appearance_changed.emit(Override(changed.theme))
        self._speech.choose(Language(changed.language))
        try:
            preferences.save(paths.settings_dir(), changed)
        except OSError as error:
            self._messages.error(
                self.tr("The settings could not be written to {0}: {1}.").format(
                    paths.settings_dir(), error.strerror
                )
            )

    def set_appearance(self, override: Override) -> None:
        self.apply(dataclasses.replace(self.preferences, theme=override.value))

    def set_language(self, language: Language) -> None:
        """Speak another language at once; the window furnishes itself anew."""
        self.apply(dataclasses.replace(self.preferences, language=language.value))

    def _open(self, dialog: QDialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def settings(self) -> None:
        dialog = SettingsDialog(self._window, self.preferences)
        dialog.preferences_chosen.connect(self.apply)
        self._open(dialog)

    @Slot()
    def show_log(self) -> None:
        self.show_path(paths.log_dir())

    def show_path(self, path: Path) -> None:
        """Open a file or a folder in its own program, or say where it is."""
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._messages.error(
                self.tr("No program on this computer could open {0}. Look for it there yourself.").format(
                    path
                )
            )

    @Slot()
    def guide(self) -> None:
        self._open(guide.guide_dialog(self._window, self._speech.spoken))

    @Slot()
    def about(self) -> None:
        self._open(about.about_dialog(self._window))

    @Slot()
    def keys(self) -> None:
        self._open(shortcuts.keys_dialog(self._window, self._window.menuBar()))

    def offer_report(self, crashes: CrashReports) -> None:
        """After a crash: ask whether its report is wanted."""
        self._crashes = crashes
        if crashes.reports():
            question = dialogs.CrashQuestion(self._window)
            question.answered.connect(self._on_crash_answer)
            self._open(question)

    @Slot(bool)
    def _on_crash_answer(self, show: bool) -> None:
        if self._crashes is None:
            return
        report = self._crashes.reports()
        self._crashes.dismiss()
        if show:
            self._open(about.report_dialog(self._window, report))
