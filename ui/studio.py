"""Pictures of a class and the runs that make them: the Generate side's model, without a widget.

In: what the person asks for (a class, another picture in one's place), what the engine's thread reports. Out:
the sheet, place by place; signals that say what changed. The engine is the workshop's, so a run waits until
the photo in work is done, and photos wait until the pictures are done; between two photos of a line the
pictures come first. Pictures that are kept stay on the sheet; the others go when a new sheet is finished.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from restorer.errors import RestorerError
from restorer.painting import MOST, GenerateRequest
from restorer.request import Preset
from ui.advanced import LARGEST_SEED
from ui.files import FileFailure, Written
from ui.mailbox import Letter
from ui.picture import Picture
from ui.reports import Painted, PaintJob, Report

if TYPE_CHECKING:
    from ui.workshop import Workshop

UPSTAIRS = -1_000_000  # runs count down from -1, pictures from here; photos count up from 1


@dataclass(frozen=True)
class Wishes:
    """What the panel says. base: a pack's name, None where there is none. size: None for the largest."""

    base: str | None = None
    label: int = 0
    count: int = 9
    size: int | None = None
    preset: Preset = Preset.BALANCED
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Painting:
    """A run: what is asked of the engine, and the pictures that give their places to the new ones; none of
    them for a new sheet."""

    key: int
    request: GenerateRequest
    replaced: tuple[Picture, ...] = ()


@dataclass(frozen=True, eq=False)
class Place:
    """A place of the sheet: a finished picture, or the number of one that is being made."""

    picture: Picture | None = None
    number: int = -1


class Studio(QObject):
    """Owns the sheet of one window."""

    changed = Signal()  # the sheet, the choice, or how the run stands
    progressed = Signal()  # `live` went on
    made = Signal(str, int, float)  # a run came to its end: class, how many pictures, seconds
    ended = Signal()  # a run was cancelled or failed

    def __init__(self, workshop: Workshop) -> None:
        super().__init__(workshop)
        self._workshop = workshop
        self.pictures: list[Picture] = []
        self.chosen: Picture | None = None
        self.going: Painting | None = None
        self.waiting: Painting | None = None
        self.live: Letter | None = None
        self.phase = ("", "")
        self.cancelling = False
        self._runs, self._keys = 0, UPSTAIRS
        engine = workshop.engine
        engine.letter.connect(self._on_letter)
        engine.phase.connect(self._on_phase)
        engine.painted.connect(self._on_painted)
        engine.failed.connect(self._on_failed)
        engine.cancelled.connect(self._on_cancelled)
        workshop.files.written.connect(self._on_written)
        workshop.files.failed.connect(self._on_file_failure)
        workshop.line.free.connect(self._begin)

    # What is there -----------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether a run goes or waits for its turn."""
        return self.going is not None or self.waiting is not None

    def places(self) -> list[Place]:
        """The sheet as it is to be seen, with the run that goes."""
        run = self.going
        if run is None or self.live is None or self.live.sheet is None:
            return [Place(picture) for picture in self.pictures]
        if not run.replaced:
            kept = [Place(picture) for picture in self.pictures if picture.kept]
            return kept + [Place(number=number) for number in range(run.request.count)]
        numbers = {picture: number for number, picture in enumerate(run.replaced)}
        return [
            Place(number=numbers[picture]) if picture in numbers else Place(picture)
            for picture in self.pictures
        ]

    def loose(self) -> list[Picture]:
        """The pictures that nobody keeps."""
        return [picture for picture in self.pictures if not picture.kept]

    def to_save(self) -> list[Picture]:
        """What "save all" means: those that are kept, or all of them where none is."""
        return [picture for picture in self.pictures if picture.kept] or list(self.pictures)

    def unsaved(self) -> list[Picture]:
        """The pictures that are kept and lie in no file."""
        return [picture for picture in self.pictures if picture.unsaved]

    # What is asked for -------------------------------------------------------------------------

    def paint(self, wishes: Wishes) -> bool:
        """Make a new sheet; False, with a sentence said, where that cannot be."""
        return self._ask(
            lambda: GenerateRequest(
                label=wishes.label,
                base=wishes.base,
                size=wishes.size,
                count=wishes.count,
                preset=wishes.preset,
                seed=wishes.seed,
                device=self._workshop.preferences.device,
                previews=self._workshop.preferences.previews,
            )
        )
