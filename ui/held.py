"""What a photo's history holds: results, the choice among several, and the stands that an undo goes back to.

In: results of runs. Out: plain objects of the GUI thread. A result that is not in view may lie in a file
(`ui.attic`); its figures stay in memory, its pixels come back when it is shown again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from restorer.events import Done
from restorer.request import Preset

if TYPE_CHECKING:
    from pathlib import Path

    from restorer.edits import Edit


class Held:
    """One result: where its pixels are, and whether it is safe."""

    def __init__(self, done: Done, saved: Path | None = None) -> None:
        self.done: Done | None = done
        self.saved = saved  # the file it was saved as
        self.given_up = False  # the person said that it need not be saved
        self.choice: Choice | None = None  # the set it belongs to
        self.seed = done.seed

    @property
    def counts(self) -> bool:
        """Whether it is a result for the person: of several only the chosen one is."""
        return self.choice is None or self.choice.held is self

    @property
    def unsaved(self) -> bool:
        return self.counts and self.saved is None and not self.given_up


class Choice:
    """Several results of one run, of which one is the result. All stands with this set see the same choice,
    so that an undo comes back to what was picked last."""

    def __init__(self, helds: tuple[Held, ...]) -> None:
        self.helds = helds
        self.chosen = 0
        self.side_by_side = True  # all of them are on the canvas
        for held in helds:
            held.choice = self

    @property
    def held(self) -> Held:
        return self.helds[self.chosen]


@dataclass(frozen=True, eq=False)
class Stand:
    """What was made of a photo up to some point: its desk work, and the result of a run if there is one, or
    the set it was chosen from."""

    edits: tuple[Edit, ...] = ()
    made: Held | Choice | None = None
    scale: int = 1
    preset: Preset = Preset.BALANCED

    @property
    def held(self) -> Held | None:
        return self.made.held if isinstance(self.made, Choice) else self.made

    @property
    def helds(self) -> tuple[Held, ...]:
        """All results, the one that counts first."""
        if isinstance(self.made, Choice):
            chosen = self.made.held
            return (chosen, *(held for held in self.made.helds if held is not chosen))
        return () if self.made is None else (self.made,)
