"""What crosses between the window's thread and the engine's: jobs one way, reports the other.

All of it is frozen; of a job only its events change, which are made for two threads.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from restorer.pipeline.finish import AS_RESTORED, Finish
from restorer.pipeline.run_control import RunControl
from restorer.preferences import Output

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from restorer.photo import Photo
    from restorer.photo.edits import Edit
    from restorer.pipeline.events import Box, Done, Generated, Progress
    from restorer.pipeline.request import GenerateRequest, RestoreRequest
    from ui.imaging.pyramid import Pyramid
    from ui.workers.damage.tasks import DamageFilling
    from ui.workers.finish_worker import Finishing
    from ui.workers.result_store import StoredResult


@dataclass(frozen=True, eq=False)
class Job(RunControl):
    """One run, or one a seed. `key` comes back with every report; `photo` is the source, already read.

    threads: how many of the processor's torch may use; 0 leaves it at its own choice.
    sixteen: the result gets 16 bits a sample, whatever the photo has.
    in_view: set by the window while the photo is in view; only then pictures of its result are made.
    filling: what of the photo is filled before anything else is done to it.
    """

    key: int
    request: RestoreRequest
    photo: Photo
    seeds: tuple[int, ...] = ()
    threads: int = 0
    sixteen: bool = False
    in_view: threading.Event = field(default_factory=threading.Event)
    filling: DamageFilling | None = None


@dataclass(frozen=True, eq=False)
class PaintJob(RunControl):
    """One run that makes pictures of a class. Its key is negative, so that no photo has it; threads as in
    `Job`."""

    key: int
    request: GenerateRequest
    threads: int = 0


@dataclass(frozen=True, eq=False)
class WearRequest:
    """The window wants to know how worn a photo is, and whether its faces are large enough."""

    photo: Photo


@dataclass(frozen=True, eq=False)
class MeasureRequest(RunControl):
    """The window wants to know how fast a device is; device and threads as in the settings."""

    device: str
    threads: int = 0


@dataclass(frozen=True, eq=False)
class WearAnswer:
    """wear: from 0 to 1. small_faces: how many faces are too small to be known."""

    photo: Photo
    wear: float
    small_faces: int = 0


@dataclass(frozen=True, eq=False)
class GenerationEnd:
    """All pictures of a `PaintJob`, and what they look like on the screen."""

    key: int
    generated: Generated
    pictures: tuple[Pyramid, ...]
    peak: int | None = None  # bytes of memory that the run took at its most


@dataclass(frozen=True, eq=False)
class Finished:
    """A run's result, and what it looks like: the two pictures of a comparison where the photo was in view,
    else None and a small picture for the row."""

    key: int
    done: Done
    before: Pyramid | None
    after: Pyramid | None
    thumb: QImage | None = None
    peak: int | None = None  # bytes of memory that the run took at its most


@dataclass(frozen=True, eq=False)
class RegionResult:
    """What the run would give in `box` of the photo; `scale` pixels a side for one of the photo's."""

    key: int
    box: Box
    scale: int
    done: Done
    picture: Pyramid


@dataclass(frozen=True, eq=False)
class VariationImages:
    """The results of several seeds, their pictures, and the heat map over what they disagree about."""

    key: int
    dones: tuple[Done, ...]
    before: Pyramid
    pictures: tuple[Pyramid, ...]
    heat_map: Pyramid


@dataclass(frozen=True)
class Report:
    """Something said about run `key`: a phase's name and sentence, a notice, or why it failed; `place` is
    (which, of how many) where there are several runs."""

    key: int
    message: str
    phase: str = ""
    place: tuple[int, int] = (1, 1)


@dataclass(frozen=True, eq=False)
class ReadRequest:
    """Read `path` (or take `raw`, which is in memory, or the photo of the unfinished run in `checkpoint`), do
    the edits, and show the `results` beside it, of several the one numbered `chosen`.

    photo: the photo after its edits, where it is in memory already. serial: comes back, so that an answer
    to an older question is not taken for that to a newer one. stored_raw: where the photo lies, if not in
    `path`.
    """

    key: int
    path: Path | None
    raw: Photo | None = None
    results: tuple[Done | StoredResult, ...] = ()
    edits: tuple[Edit, ...] = ()
    photo: Photo | None = None
    checkpoint: Path | None = None
    chosen: int = 0
    serial: int = 0
    stored_raw: StoredResult | None = None


@dataclass(frozen=True, eq=False)
class DisplayImages:
    """The enlargement, the result, all of them where there are several, and the results themselves; None and
    empty for what there is not. problem: why there is nothing, in a sentence."""

    before: Pyramid | None = None
    after: Pyramid | None = None
    varied: VariationImages | None = None
    dones: tuple[Done, ...] = ()
    problem: str = ""


@dataclass(frozen=True, eq=False)
class ReadAnswer:
    key: int
    serial: int
    raw: Photo | None
    photo: Photo
    original: Pyramid
    shown: DisplayImages
    pages: int = 1  # of the file, if that was read now


@dataclass(frozen=True, eq=False)
class WriteRequest:
    key: int
    done: Done | StoredResult
    path: Path
    overwrite: bool = False
    output: Output = field(default_factory=Output)
    bits: int | None = None  # None keeps the depth of the result
    handed: bool = False  # a copy for another program; the result does not count as saved
    finishing: Finishing | None = None  # of the result, before it is written


@dataclass(frozen=True, eq=False)
class WriteAnswer:
    """`done` lies in `path` now; by then another result may be in view."""

    key: int
    path: Path
    done: Done | StoredResult
    handed: bool = False
    finish: Finish = AS_RESTORED  # with which the result was written


@dataclass(frozen=True, eq=False)
class SizeRequest:
    """How large would the file be? `number` comes back, so that only the last question is answered."""

    number: int
    done: Done
    suffix: str
    output: Output
    bits: int | None
    finishing: Finishing | None = None


@dataclass(frozen=True)
class SizeAnswer:
    number: int
    bytes: int  # -1 where it cannot be told


@dataclass(frozen=True)
class FileFailure:
    key: int
    message: str
    reading: bool
    path: Path | None = None  # the file that was not written


@dataclass(frozen=True, eq=False)
class Thumbnail:
    """A small picture for the row of photos; None where the file cannot be read."""

    key: int
    image: QImage | None


@dataclass(frozen=True)
class FolderListing:
    """The photos below some folders, in order; the folders that held none; a sentence for each folder that
    could not be looked into."""

    photos: tuple[Path, ...]
    empty: tuple[Path, ...]
    closed: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class LiveContactSheet:
    """All pictures of a class as they are now: squares of `side` pixels that will have `last`; which stage of
    how many, and which step of how many in it."""

    images: tuple[QImage, ...]
    side: int
    last: int
    stage: int
    stages: int
    step: int
    steps: int


@dataclass(frozen=True)
class ProgressMessage:
    """The newest state of a run. `image` shows the whole picture of `size`; `box` is the part just made.
    `sheet` takes their place where pictures of a class are made."""

    run: int
    sequence: int = 0
    image: QImage | None = None
    size: tuple[int, int] | None = None
    box: Box | None = None
    progress: Progress | None = None
    sheet: LiveContactSheet | None = None

    def filled_from(self, older: ProgressMessage | None) -> ProgressMessage:
        """This message, with what it lacks taken from an older one of the same run."""
        if older is None or older.run != self.run:
            return self
        message = self
        if message.image is None:
            message = replace(message, image=older.image, size=older.size, box=older.box)
        if message.sheet is None:
            message = replace(message, sheet=older.sheet)
        if message.progress is None:
            message = replace(message, progress=older.progress)
        return message
