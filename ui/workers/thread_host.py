"""A worker in a thread of its own, and the window's end of it.

    GUI thread                         the thread
    ThreadHost's own signals --signal-> slots of the worker
    ThreadHost's signals     <-signal-- signals of the worker, passed on as they are

In: a worker, which is moved into the thread and deleted with it. Out: signals in the window's thread. Signals
end in methods of QObjects or in signals, never in a closure: a closure would run in the worker's thread.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QThread, SignalInstance


class ThreadHost(QObject):
    """Owns the thread. A subclass says which signals go there and which come back."""

    def __init__(self, name: str, worker: QObject, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.thread_ = QThread(self)
        self.thread_.setObjectName(name)
        self._worker_object = worker  # or Python would delete it; the thread does
        worker.moveToThread(self.thread_)
        self.thread_.finished.connect(worker.deleteLater)

    def pass_on(self, *pairs: tuple[SignalInstance, SignalInstance]) -> None:
        """Of each pair, the first is emitted in its thread and the second follows in this one.

        What a host has to note of an answer, it connects to its own signal when it is made: Qt calls in the
        order of connection, and nobody else can be earlier.
        """
        for theirs, ours in pairs:
            theirs.connect(ours)

    def close(self) -> None:
        """Let the piece of work in hand be finished, then end the thread, and wait for both."""
        self.thread_.quit()
        self.thread_.wait()
