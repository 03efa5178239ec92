"""Puts an earlier result of the photo in view on the Before side, and the photo back there.

In: the number of a step. Out: `document.comparison`; the thread of the result files makes its picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from ui.controllers.history import History, snapshots
from ui.model.comparison import comparable, in_force
from ui.model.result import Comparison
from ui.workers.finish_worker import Finishing, FinishSource

if TYPE_CHECKING:
    from ui.controllers.run_controller import RunController
    from ui.imaging.pyramid import Pyramid
    from ui.model.document import Document
    from ui.model.result import Snapshot

PHOTO = -1  # stands for the photo among what can be on the Before side


class CompareController(QObject):
    """Serves one window."""

    able_changed = Signal(bool)  # whether there is another result to compare with

    def __init__(self, runs: RunController, history: History) -> None:
        super().__init__(history)
        self._session, self._result_cache = runs.session, history.result_cache
        self._runs = runs
        self._pending: tuple[Document, Snapshot] | None = None
        self._able = False
        self._result_cache.pictured.connect(self._on_pictured)
        runs.session.changed.connect(self._update_able)
        runs.session.current_changed.connect(self._update_able)

    @property
    def able(self) -> bool:
        return self._able

    def choices(self) -> list[tuple[int, str]]:
        """The steps whose results can be on the Before side, with their names; newest first."""
        document = self._session.current
        if document is None or not document.at_rest:
            return []
        found: dict[object, tuple[int, str]] = {}
        for number, snapshot in enumerate(snapshots(document)):
            if comparable(document, snapshot):
                name = document.stack.text(number - 1) if number else self.tr("The first result")
                found.setdefault(snapshot.record, (number, name))  # an edit has none of its own
        return list(found.values())[::-1]

    @property
    def now(self) -> int:
        """Which step is on the Before side; `PHOTO` for the photo."""
        document = self._session.current
        comparison = in_force(document) if document is not None else None
        if document is None or comparison is None:
            return PHOTO
        records = [snapshot.record for snapshot in snapshots(document)]
        return records.index(comparison.snapshot.record) if comparison.snapshot.record in records else PHOTO

    def compare(self, number: int) -> None:
        """Put the result of a step, or the photo, on the Before side."""
        document = self._session.current
        if document is None:
            return
        self._pending = None
        if number not in [step for step, _ in self.choices()]:
            document.clear_overlay()
            return
        snapshot = snapshots(document)[number]
        if snapshot.record is not None:
            self._pending = document, snapshot
            source = FinishSource(None, document.raw, snapshot.edits)
            more = snapshot.record.more_faces
            finishing = Finishing(snapshot.finish, source, more) if snapshot.finish.changes else None
            self._result_cache.start_picture(snapshot.record, finishing)

    @Slot(object, object, str)
    def _on_pictured(self, record: object, picture: Pyramid | None, trouble: str) -> None:
        if self._pending is None or self._pending[1].record is not record:
            return
        (document, snapshot), self._pending = self._pending, None
        if picture is None:
            self._runs.warned.emit(trouble)
        elif document is self._session.current and comparable(document, snapshot):
            document.comparison = Comparison(snapshot, picture)
            document.notify()

    @Slot()
    def _update_able(self) -> None:
        able = bool(self.choices())
        if able != self._able:
            self._able = able
            self.able_changed.emit(able)
