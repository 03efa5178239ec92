"""Runs that were left by a crash or a restart: the offer to go on with them.

In: the list that the files' thread found in the cache. Out: the run to offer next, and, when the person
wants it, its photo in the row and the run going on from its last finished step.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from ui.language import tr
from ui.session import Document, State
from ui.workshop import Workshop

if TYPE_CHECKING:
    from restorer.checkpoint import Unfinished


def sentence(run: Unfinished) -> str:
    """What is offered, in words."""
    text = tr("The restoration of {0} was interrupted after step {1} of {2}. Go on from there?")
    return text.format(run.name, run.step, run.steps)


class LeftRuns(QObject):
    """Owns the list of unfinished runs."""

    offered = Signal(object)  # the Unfinished to ask about, or None

    def __init__(self, workshop: Workshop) -> None:
        super().__init__(workshop)
        self._workshop = workshop
        self._runs: list[Unfinished] = []
        self._pending: dict[int, tuple[Path, int]] = {}  # document's key -> folder, preview side
        workshop.files.found.connect(self._on_found)
        workshop.session.changed.connect(self._on_changed)
        workshop.line.free.connect(self._on_free)

    def look(self) -> None:
        """Ask for the list; `offered` follows."""
        self._workshop.files.look_for_unfinished()

    def accept(self, preview_side: int) -> None:
        """Go on with the run that is offered."""
        if not self._runs:
            return
        run = self._runs.pop(0)
        document = self._workshop.session.add(run.path, kept=run.folder)
        self._pending[document.key] = (run.folder, preview_side)
        self._workshop.session.show(document)
        self._offer()

    def refuse(self) -> None:
        """Forget the run that is offered."""
        from restorer import checkpoint

        if self._runs:
            checkpoint.discard(self._runs.pop(0).folder)
        self._offer()

    def offer_again(self) -> None:
        """Say once more what is offered, to whoever listens now."""
        self._offer()

    def _offer(self) -> None:
        self.offered.emit(self._runs[0] if self._runs else None)

    @Slot(object)
    def _on_found(self, runs: list[Unfinished]) -> None:
        self._runs = list(runs)
        self._offer()

    @Slot()
    def _on_free(self) -> None:
        """Another run, or a folder, has let the engine go."""
        for document in self._workshop.session.documents if self._pending else ():
            self._on_changed(document)

    @Slot(object)
    def _on_changed(self, document: Document) -> None:
        """The photo of a run that is to go on has been read."""
        if document.key not in self._pending or document.state is not State.READY or document.photo is None:
            return
        if self._workshop.engine.busy:
            return  # `_on_free` comes back to it
        from restorer import checkpoint

        folder, side = self._pending.pop(document.key)
        try:
            request = checkpoint.request_of(folder, document.photo)
        except (OSError, ValueError, KeyError, TypeError):
            text = self.tr("What was kept of {0} is damaged, so its run cannot go on; restore it again.")
            self._workshop.warned.emit(text.format(document.name))
            return
        self._workshop.start(document, replace(request, preview_side=side))
