"""The line of photos that wait for their turn: the engine has one thread, so runs go one after the other.

In: photos to restore, with what was asked for them, and runs that were left and shall go on. Out: one run
started at a time; a photo that is out of view is opened for its turn.

Who gets the engine when it is free, whoever asked first: pictures of a class, then a folder job, then the
next photo of the line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import IntEnum
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.model.document import Document, DocumentState
from ui.model.options import RestoreOptions

if TYPE_CHECKING:
    from ui.controllers.run_controller import RunController


class Claim(IntEnum):
    """Who may take the free engine before the photos of the line, the smaller number first."""

    PICTURES = 1
    FOLDER = 2


class JobQueue(QObject):
    """The line of one run controller."""

    # The engine has nothing in hand, and those who claim it had their turn; the next photo is still to come.
    free = Signal()

    def __init__(self, runs: RunController) -> None:
        super().__init__(runs)
        self._runs = runs
        self._turns: list[tuple[Document, Callable[[Document], None]]] = []
        self._claims: dict[Claim, Callable[[], None]] = {}

    def let_claim(self, claim: Claim, take: Callable[[], None]) -> None:
        """From now on `take` is called whenever the engine is free; it may start something, or do nothing."""
        self._claims[claim] = take

    @property
    def first(self) -> Document | None:
        """Whose turn is next."""
        return self._turns[0][0] if self._turns else None

    @property
    def waiting(self) -> int:
        """How many photos wait for their turn."""
        return len(self._turns)

    def enqueue(self, documents: Iterable[Document], settings: RestoreOptions, preview_side: int) -> None:
        """Restore photos one after the other; those that cannot be are left alone."""
        for document in documents:
            if document.can_be_restored:
                begin = partial(self._runs.restore, settings=settings, preview_side=preview_side)
                self._turns.append((document, begin))
                self._mark_queued(document)
        self.go_on()

    def enqueue_front(self, document: Document, begin: Callable[[Document], None]) -> None:
        """Let a run go on before those that are still to be begun: `begin(document)` starts it."""
        self._turns.insert(0, (document, begin))
        self._mark_queued(document)
        self.go_on()

    def _mark_queued(self, document: Document) -> None:
        document.queued, document.requeue_on_retry = True, False
        document.problem = ""
        document.notify()

    def leave(self, document: Document) -> None:
        """Wait no longer."""
        self._turns = [turn for turn in self._turns if turn[0] is not document]
        document.queued, document.checkpoint_folder = False, None
        document.notify()

    def stop_all(self) -> None:
        """Clear the queue and cancel the run that goes."""
        for document, _ in list(self._turns):
            self.leave(document)
        self._runs.cancel(self._runs.session.running())

    def go_on(self) -> None:
        """Start the run whose turn it is, if the engine is free."""
        if not self._runs.engine.busy:
            for claim in sorted(self._claims):
                self._claims[claim]()
            self.free.emit()
        while self._turns and not self._runs.engine.busy:
            document, begin = self._turns[0]
            self._runs.fetch(document)  # its pictures, too, are let go while another is in view
            if document.state is DocumentState.READING:
                return  # the run controller comes back here once it is read
            self._turns.pop(0)
            document.queued = False
            begin(document)
