"""The offer to put Restorer into the applications menu. It stands on the empty canvas until the person
accepts or refuses it; Help has the same command.

In: a click. Out: `restorer install-launcher`, run as a process of its own since it takes seconds on Windows,
and a sentence for the person.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, QProcess, QSettings, Signal, Slot

from restorer import launcher, paths
from restorer.errors import LauncherError
from restorer.launcher import command
from ui.widgets.protocols import Messages

REFUSED = "menu_entry_refused"
_LAST_MS = 5000


class LauncherOffer(QObject):
    """Serves one window."""

    offered = Signal(bool)  # whether the offer should be seen

    def __init__(self, store: QSettings, messages: Messages, parent: QObject) -> None:
        super().__init__(parent)
        self._store, self._messages = store, messages
        self._process: QProcess | None = None

    def should_offer(self) -> bool:
        """Whether the offer should be made: there is no entry, and nobody said no."""
        try:
            return not launcher.installed() and str(self._store.value(REFUSED, "")) != "1"
        except LauncherError:
            return False  # an unknown system

    @Slot()
    def refuse(self) -> None:
        """Never offer it again."""
        self._store.setValue(REFUSED, "1")
        self.offered.emit(False)

    @Slot()
    def add(self) -> None:
        """Put Restorer into the menu; what came of it is said in the banner."""
        if self._process is not None:
            return
        self.offered.emit(False)
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
            self._messages.info(self.tr("Restorer is in the applications menu now."))
        else:
            error_text = bytes(process.readAllStandardError().data()).decode("utf-8", "replace").strip()
            self._fail(error_text.removeprefix("restorer: "))
        process.deleteLater()

    @Slot(QProcess.ProcessError)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and self._process is not None:
            process, self._process = self._process, None
            self._fail(process.errorString())
            process.deleteLater()

    def _fail(self, reason: str) -> None:
        self._messages.error(
            self.tr("Restorer could not be put into the applications menu: {0}").format(reason)
        )
        self.offered.emit(self.should_offer())

    @Slot()
    def _on_quit(self) -> None:
        if self._process is not None:
            self._process.waitForFinished(_LAST_MS)
