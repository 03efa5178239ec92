"""What lies around the picture: settings, look, language, the log, keys, and who we are.

In: what the menus ask for. Out: changed preferences where they take effect (theme, speech, workshop) and on
the disk; dialogs beside the event loop.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog

from restorer import paths, preferences
from restorer.preferences import Preferences
from ui.help import about, shortcuts
from ui.i18n.language import Language
from ui.main_window.launcher_offer import LauncherOffer
from ui.main_window.run_notifier import Notifier
from ui.settings.dialog import SettingsDialog
from ui.style.theme import Override
from ui.widgets import dialogs

if TYPE_CHECKING:
    from ui.main_window.window import Window
    from ui.system.crash_reports import CrashReports


class AppActions(QObject):
    """Answers the menus of one window as far as no photo is concerned."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._crashes: CrashReports | None = None
        self.notifier = Notifier(window, window.workshop)
        self.menu_entry = LauncherOffer(window)

    @property
    def preferences(self) -> Preferences:
        return self._window.workshop.preferences

    @Slot(object)
    def apply(self, wanted: Preferences) -> None:
        """Settle something for good: it takes effect at once and is written down."""
        self._window.workshop.preferences = wanted
        self._window.theme.set_override(Override(wanted.theme))
        self._window.actions_.show_appearance(Override(wanted.theme))
        self._window.speech.choose(Language(wanted.language))
        try:
            preferences.save(paths.settings_dir(), wanted)
        except OSError as error:
            self._window.banner.say(
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
        dialog.accepted_with.connect(self.apply)
        self._open(dialog)

    @Slot()
    def show_log(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(paths.log_dir())))

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
