"""The offer to put Restorer into the applications menu: quiet, on the empty canvas, and gone for good once
it was taken or refused; Help has the same for later.

In: a click. Out: `restorer install-launcher` run beside the window, since on Windows it takes seconds, and
a sentence in the banner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QProcess, Slot

from restorer import launcher, paths
from restorer.errors import LauncherError
from restorer.launcher import command

if TYPE_CHECKING:
    from ui.main_window.window import Window

REFUSED = "menu_entry_refused"
_LAST_MS = 5000


class LauncherOffer(QObject):
    """Serves one window."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._process: QProcess | None = None

    def wanted(self) -> bool:
        """Whether the offer should be made: there is no entry, and nobody said no."""
        try:
            return not launcher.installed() and str(self._window.store.value(REFUSED, "")) != "1"
        except LauncherError:
            return False  # an unknown system

    @Slot()
    def refuse(self) -> None:
        """Never offer it again."""
        self._window.store.setValue(REFUSED, "1")
        self._window.welcome.offer_menu(False)

    @Slot()
    def add(self) -> None:
        """Put Restorer into the menu; what came of it is said in the banner."""
        if self._process is not None:
            return
        self._window.welcome.offer_menu(False)
        self._process = process = QProcess(self)
        program, *arguments = command.shell_command()
        process.setWorkingDirectory(str(paths.door().parent))  # a checkout's package is found from here
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self._on_quit)
        process.start(program, [*arguments, "install-launcher"])

    @Slot()
    def _on_finished(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.exitCode() == 0:
            self._window.banner.note(self.tr("Restorer is in the applications menu now."))
        else:
            said = bytes(process.readAllStandardError().data()).decode("utf-8", "replace").strip()
            self._fail(said.removeprefix("restorer: "))
        process.deleteLater()

    @Slot(QProcess.ProcessError)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and self._process is not None:
            process, self._process = self._process, None
            self._fail(process.errorString())
            process.deleteLater()

    def _fail(self, reason: str) -> None:
        self._window.banner.say(
            self.tr("Restorer could not be put into the applications menu: {0}").format(reason)
        )
        self._window.welcome.offer_menu(self.wanted())

    @Slot()
    def _on_quit(self) -> None:
        if self._process is not None:
            self._process.waitForFinished(_LAST_MS)
