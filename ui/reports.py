"""What crosses between the window's thread and the engine's: jobs one way, reports the other.

All of it is frozen; of a job only its events change, which are made for two threads.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from restorer.events import Box, Done, Generated
    from restorer.painting import GenerateRequest
    from restorer.photo import Photo
    from restorer.request import RestoreRequest
    from ui.pyramid import Pyramid


@dataclass(frozen=True, eq=False, kw_only=True)
class Reins:
    """What the window holds a run by. The events are set in the GUI thread and looked at in the engine's:
    cancelled; waiting (for `going`); kept, i.e. told to end at the picture that is there."""

    cancelled: threading.Event = field(default_factory=threading.Event)
    going: threading.Event = field(default_factory=threading.Event)
    kept: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.going.set()


@dataclass(frozen=True, eq=False)
class Job(Reins):
    """One run, or one a seed. `key` comes back with every report; `photo` is the source, already read.

    threads: how many of the processor's torch may use; 0 leaves it at its own choice.
    sixteen: the result gets 16 bits a sample, whatever the photo has.
    """

    key: int
    request: RestoreRequest
    photo: Photo
    seeds: tuple[int, ...] = ()
    threads: int = 0
    sixteen: bool = False


@dataclass(frozen=True, eq=False)
class PaintJob(Reins):
    """One run that makes pictures of a class. Its key is negative, so that no photo has it; threads as in
    `Job`."""

    key: int
    request: GenerateRequest
    threads: int = 0


@dataclass(frozen=True, eq=False)
class Painted:
    """All pictures of a `PaintJob`, and what they look like on the screen."""

    key: int
    generated: Generated
    pictures: tuple[Pyramid, ...]
    peak: int | None = None  # bytes of memory that the run took at its most


@dataclass(frozen=True, eq=False)
class Finished:
    key: int
    done: Done
    before: Pyramid
    after: Pyramid
    peak: int | None = None  # bytes of memory that the run took at its most


@dataclass(frozen=True, eq=False)
class RegionMade:
    """What the run would give in `box` of the photo; `scale` pixels a side for one of the photo's."""

    key: int
    box: Box
    scale: int
    done: Done
    picture: Pyramid


@dataclass(frozen=True, eq=False)
class Varied:
    """The results of several seeds, their pictures, and the veil over what they disagree about."""

    key: int
    dones: tuple[Done, ...]
    before: Pyramid
    pictures: tuple[Pyramid, ...]
    veil: Pyramid


@dataclass(frozen=True)
class Report:
    """Something said about run `key`: a phase's name and sentence, a notice, or why it failed; `place` is
    (which, of how many) where there are several runs."""

    key: int
    message: str
    phase: str = ""
    place: tuple[int, int] = (1, 1)
