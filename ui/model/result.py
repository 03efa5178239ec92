"""What a photo's history holds: results, the choice among several, and the snapshots that an undo restores.

In: results of runs. Out: plain objects of the GUI thread. A result that is not in view may lie in a file
(`ui.workers.result_store`); its figures stay in memory, its pixels come back when it is shown again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from restorer.pipeline.events import Done
from restorer.pipeline.finish import AS_RESTORED, Finish
from restorer.pipeline.request import Preset

if TYPE_CHECKING:
    from pathlib import Path

    from restorer.photo.edits import Edit
    from restorer.pipeline.faces.layers import FaceLayer
    from ui.imaging.pyramid import Pyramid
    from ui.model.marked_damage import MarkedDamage
    from ui.workers.result_store import StoredResult


class Result:
    """One result: where its pixels are, and whether it is safe."""

    def __init__(self, done: Done, saved: Path | None = None) -> None:
        self.done: Done | None = done  # None: it lies in a file
        self.stored: StoredResult | None = None  # where it lies; it may be in memory as well
        self.finish = AS_RESTORED  # how it is shown and saved; `done` itself is as the run left it
        self.saves: dict[Finish, Path] = {} if saved is None else {self.finish: saved}
        self.given_up = False  # the person said that it need not be saved
        self.choice: VariationSet | None = None  # the set it belongs to
        self.more_faces: tuple[FaceLayer, ...] = ()  # versions of its faces that were made since
        self.seed = done.seed

    @property
    def saved(self) -> Path | None:
        """The file it was saved as, as it is finished now."""
        return self.saves.get(self.finish)

    @property
    def in_memory_or_stored(self) -> Done | StoredResult:
        """From memory if it is there."""
        found = self.done or self.stored
        assert found is not None, "a result is in memory or in a file"
        return found

    @property
    def figures(self) -> Done:
        """The result, of which only the figures are sure to be true: its photo may have a single pixel."""
        found = self.in_memory_or_stored
        return found if isinstance(found, Done) else found.figures

    @property
    def is_selected(self) -> bool:
        """Whether it is a result for the person: of several only the chosen one is."""
        return self.choice is None or self.choice.record is self

    @property
    def unsaved(self) -> bool:
        return self.is_selected and self.saved is None and not self.given_up


class VariationSet:
    """Several results of one run, of which one is the result. All snapshots with this set see the same
    choice, so that an undo comes back to what was picked last."""

    def __init__(self, records: tuple[Result, ...]) -> None:
        self.records = records
        self.chosen = 0
        self.side_by_side = True  # all of them are on the canvas
        for record in records:
            record.choice = self

    @property
    def record(self) -> Result:
        return self.records[self.chosen]


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What was made of a photo up to some point: its edits, the result of a run if there is one, or the set
    it was chosen from, and what is marked as damage."""

    edits: tuple[Edit, ...] = ()
    outcome: Result | VariationSet | None = None
    scale: int = 1
    preset: Preset = Preset.BALANCED
    finish: Finish = AS_RESTORED
    marked: MarkedDamage | None = None

    @property
    def record(self) -> Result | None:
        return self.outcome.record if isinstance(self.outcome, VariationSet) else self.outcome

    @property
    def records(self) -> tuple[Result, ...]:
        """All results, the one that counts first."""
        if isinstance(self.outcome, VariationSet):
            chosen = self.outcome.record
            return (chosen, *(record for record in self.outcome.records if record is not chosen))
        return () if self.outcome is None else (self.outcome,)


IN_MEMORY = 2
"""How many results of a photo stay in memory, at least; those in view stay whatever their number."""


def last_seen_first(past: list[Result], in_view: tuple[Result, ...], history: list[Result]) -> list[Result]:
    """All results of a history, those that were seen last first."""
    all_results = dict.fromkeys(history)
    still_there = [record for record in past if record in all_results]
    return list(dict.fromkeys([*in_view, *still_there, *history]))


def to_move_to_disk(
    past: list[Result], in_view: tuple[Result, ...], spare: tuple[Result, ...] = ()
) -> list[Result]:
    """Those of a history, in the order of `last_seen_first`, that need not stay in memory; `spare` has to."""
    others = [record for record in past if record not in in_view and record not in spare]
    return others[max(0, IN_MEMORY - len(in_view)) :]


@dataclass(frozen=True, eq=False)
class Comparison:
    """The snapshot whose result is on the Before side, and what it looks like."""

    snapshot: Snapshot
    picture: Pyramid
