"""What a run yields: plain frozen descriptions of what just happened.

`restorer.pipeline.restore.run` is a generator of these. Pulling the next event makes the
engine do the next piece of work, so whoever pulls (the GUI's worker thread, the
command line, a test) can pause by not pulling, cancel by closing it, and end it
at the picture that is there by sending `Command.KEEP` instead of pulling.
Between two events there is at most one network evaluation of one tile.

Pixel boxes are `(left, top, width, height)` in pixels of the finished picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from restorer.damage.filled_pixels import FilledPixels
    from restorer.photo import Photo
    from restorer.photo.faces import Face

Box = tuple[int, int, int, int]


class Command(Enum):
    """What can be sent into a run instead of pulling its next event."""

    KEEP = "keep"
    """End the denoising here: the picture shown last is the result."""


@dataclass(frozen=True)
class Phase:
    """The run entered a new phase: `loading`, `preparing`, `denoising` or `finishing`."""

    name: str
    message: str  # a sentence for the person, e.g. "Loading the model sr3-photo-4x"


@dataclass(frozen=True)
class Notice:
    """Something the person should know, e.g. that memory ran out and the tile was halved."""

    message: str


@dataclass(frozen=True, eq=False)
class Enlarged:
    """The plain bicubic enlargement, reduced for the screen: what the run starts from.

    `image` is (h, w, 3) uint8 and shows the whole picture of `size` = (width, height) pixels.
    """

    image: np.ndarray
    size: tuple[int, int]


@dataclass(frozen=True, eq=False)
class Preview:
    """One evaluation's clean estimate D(x; sigma) in `box`, reduced for the screen.

    `image` is (h, w, 3) uint8; it covers `box` of a picture of `size` = (width, height).
    A large photo is evaluated tile by tile, so one step gives several previews;
    `step` counts from 1 to `steps`.
    """

    image: np.ndarray
    box: Box
    size: tuple[int, int]
    sigma: float
    step: int
    steps: int


@dataclass(frozen=True)
class Progress:
    """How far the run is. `fraction` is in [0, 1]; `seconds_left` is None until measured."""

    step: int
    steps: int
    tile: int
    tiles: int
    fraction: float
    seconds_left: float | None


class Treatment(str, Enum):
    """What becomes of a face: LEFT is what the photo's model made of it."""

    PROTECTED = "protected"
    RESTORED = "restored"
    LEFT = "left"


@dataclass(frozen=True)
class FaceResult:
    """What became of a face. number: among `restorer.photo.faces.find_faces`, which `FaceChoice` names. face:
    in the photo's pixels. strength, seed: as in `FaceChoice`, where it was restored."""

    number: int
    face: Face
    treatment: Treatment
    strength: float = 1.0
    seed: int | None = None


@dataclass(frozen=True, eq=False)
class FaceVersion:
    """A face as one seed made it. pixels: as `FaceLayer.under`, with all of the face."""

    seed: int
    pixels: np.ndarray


@dataclass(frozen=True, eq=False)
class FaceLayer:
    """One restored face of a result.

    number: the face's, as in `FaceResult`. box: what it fills of the result. under: (h, w, channels), the
    result there as the photo's model made it, in the result's type. versions: the first is the run's own.
    seen: (side, side, 3) uint16, what the face network was given.
    """

    number: int
    box: Box
    under: np.ndarray
    versions: tuple[FaceVersion, ...]
    seen: np.ndarray

    def version(self, seed: int | None) -> FaceVersion:
        """The version of a seed; the first where there is none of it, as in another result."""
        return next((each for each in self.versions if each.seed == seed), self.versions[0])


@dataclass(frozen=True, eq=False)
class Done:
    """The finished picture and the figures of the run.

    `photo` carries the restored pixels with everything that belonged to the source.
    `consistency` is the mean squared error between the down-sampled result and the
    input, on [0, 1] (the paper quotes it times 1e5); `evaluations` counts network
    evaluations of the whole picture. `stopped` is (step, of how many) where the person ended the
    denoising; None where the run came to its own end. `restored` is the share of the picture, in [0, 1], that
    went through the network of the stage that the run had come to; the rest is what that stage began from,
    plainly enlarged. Repair restores nothing in this sense. Where it is below 1 the provenance has it as
    `RestoredShare`, and so has a saved file. `faces` has an entry for every face of the photo, unless the
    request leaves faces alone; `face_layers` has one for every restored face, but not in a region. `mended`
    is what was put in the place of damage before anything else; a region has none.
    """

    photo: Photo
    model: str
    seed: int
    device: str
    evaluations: int
    seconds: float
    megapixels: float
    consistency: float
    provenance: dict[str, str | int | float]
    stopped: tuple[int, int] | None = None
    restored: float = 1.0
    faces: tuple[FaceResult, ...] = ()
    face_layers: tuple[FaceLayer, ...] = ()
    mended: FilledPixels | None = None


@dataclass(frozen=True, eq=False)
class Sheet:
    """The clean estimates of all pictures that a cascade is making, together.

    `pictures` is (N, side, side, 3) uint8. `stage` counts from 1 to `stages`; `side` is that of this stage's
    pictures, `last` that of the finished ones; `step` counts from 1 to `steps` within the stage.
    """

    pictures: np.ndarray
    stage: int
    stages: int
    side: int
    last: int
    sigma: float
    step: int
    steps: int


@dataclass(frozen=True, eq=False)
class Generated:
    """The finished pictures of a class and the figures of the run.

    `photos`, `provenances` and `seeds` have one entry a picture. `label` is the number of the class, `name`
    its name. `evaluations` counts network evaluations of one picture, over all stages.
    """

    photos: tuple[Photo, ...]
    provenances: tuple[dict[str, str | int | float], ...]
    seeds: tuple[int, ...]
    label: int
    name: str
    model: str
    device: str
    evaluations: int
    seconds: float


Event = Phase | Notice | Enlarged | Preview | Progress | Done | Sheet | Generated
