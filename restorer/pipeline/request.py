"""Frozen descriptions of a run; GUI, batch and command line build the same ones.

A request holds everything that decides the picture (and the device to make it
on), so the same request gives the same picture wherever it is built.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from restorer.errors import RequestError

if TYPE_CHECKING:
    from restorer.photo import Photo


class Preset(str, Enum):
    """How much work a picture is given; the number of evaluations is the model pack's."""

    DRAFT = "draft"
    BALANCED = "balanced"
    BEST = "best"


class Faces(str, Enum):
    """What becomes of faces.

    OFF: what the networks make of them. PROTECT: nothing is invented in those that are too small to be known
    (`restorer.pipeline.faces.protection`). RESTORE: the others also go through a face network.
    """

    OFF = "off"
    PROTECT = "protect"
    RESTORE = "restore"


@dataclass(frozen=True)
class FaceChoice:
    """What is asked of one face, where faces are restored.

    face: its number among `restorer.photo.faces.find_faces`, from 0. strength: 1 takes the restored face, 0
    leaves what the photo's model made. seed: for another version; None for the run's own.
    """

    face: int
    strength: float = 1.0
    seed: int | None = None

    def __post_init__(self) -> None:
        if self.face < 0 or not 0 <= self.strength <= 1:
            raise RequestError(
                f"The strength of a face must be between 0 and 1 and its number not below 0, not "
                f"{self.strength} and {self.face}."
            )


@dataclass(frozen=True)
class Past:
    """What went before a run; it decides nothing, but a run that goes on later must still know it.

    desk_work: what was done to the photo first, as `restorer.photo.edits.described` tells it. origin: how the
    photo came about, where a model made it. title: what to call a photo that has no file. seeds: of a set of
    variations, those that are still to be made, this run's own first. All may be empty.
    """

    desk_work: str = ""
    origin: str = ""
    title: str = ""
    seeds: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class RestoreRequest:
    """Restore one photo.

    source: a file, or a photo already in memory.
    scale: enlargement factor per side; which ones exist depends on the packs.
    preset: how many network evaluations are spent, and on which noise grid.
    steps: overrides the preset's number of sampler steps (1 or more).
    sampler: overrides the preset's sampler; one of `restorer.diffusion.sampler.SAMPLERS`.
    chain_s: augmentation level of the stages after the first, 0 to 1; None for the pack's own.
    label: what the photo shows, for networks that know classes; None shows them the mean of all.
    fidelity: 1 keeps the photo as it is, 0 re-imagines it (CDM's conditioning
        augmentation level s grows as fidelity falls).
    clean_up: how worn the photo is taken to be, 0 (trust every pixel) to 1 (take all grain, blur and JPEG
        away); None estimates it (`restorer.photo.wear`). Only packs that were trained to be told look at it.
    seed: any non-negative integer below 2**63; the same seed gives the same picture.
    repair: mend scratches, dust, creases and tears (packs that were trained to).
    colour_lock: keep the photo's low frequencies, so that hues never drift.
    faces: what becomes of faces.
    face_model: name of a pack for faces, or None for the first that is installed.
    face_choices: what is asked of single faces; the others are restored at full strength.
    face_versions: so many seeds of each restored face are made, from its own on; the result has the first,
    the others can be chosen afterwards. Of the largest faces only.
    device: "auto", "cpu", "cuda", "cuda:1", "mps", "xpu".
    tile: side of a tile in output pixels, or None to let the device decide.
    model: name of a pack, or None for the one that ships for this scale.
    region: a box (left, top, width, height) in the photo's pixels: only what the whole run would give there
        is made. None for the whole photo.
    keep: a folder in which the run's state is kept after finished steps; if it holds the state of the
        same request the run goes on from there. Removed when the run is done. None keeps nothing.
    leaves_state: the folder stays when the run is done, with all that is needed to make the result again at
        once; whoever asked removes it (`run_folder.discard`) when the result is safe.
    past: what went before; kept beside the state.
    preview_side: previews are reduced so that the whole picture would have at
        most this many pixels on its longer side; 0 yields no previews.
    strength: share of the restoration that is taken, from 0, the plain enlargement, to 1.
    grain: share of the photo's own grain that is put back at the end, from 0 to 1; None puts all of it back
        at fidelity 1, and else none. Both can be set after a run, without another one: `finish`.

    Raises RequestError on values outside these ranges.
    """

    source: Path | Photo
    scale: int = 4
    preset: Preset = Preset.BALANCED
    steps: int | None = None
    fidelity: float = 0.75
    clean_up: float | None = None
    seed: int = 0
    repair: bool = False
    colour_lock: bool = True
    device: str = "auto"
    tile: int | None = None
    model: str | None = None
    sampler: str | None = None
    chain_s: float | None = None
    label: int | None = None
    region: tuple[int, int, int, int] | None = None
    keep: Path | None = None
    leaves_state: bool = False
    past: Past = Past()
    preview_side: int = 1024
    strength: float = 1.0
    grain: float | None = None
    faces: Faces = Faces.PROTECT
    face_model: str | None = None
    face_choices: tuple[FaceChoice, ...] = ()
    face_versions: int = 1

    def __post_init__(self) -> None:
        if self.scale < 1:
            raise RequestError(f"The scale must be at least 1, not {self.scale}.")
        if self.steps is not None and not 1 <= self.steps <= 1000:
            raise RequestError(f"The number of steps must be between 1 and 1000, not {self.steps}.")
        if not 0.0 <= self.fidelity <= 1.0:
            raise RequestError(f"Fidelity must be between 0 and 1, not {self.fidelity}.")
        if self.clean_up is not None and not 0.0 <= self.clean_up <= 1.0:
            raise RequestError(f"Clean-up must be between 0 and 1, not {self.clean_up}.")
        if self.chain_s is not None and not 0.0 <= self.chain_s <= 1.0:
            raise RequestError(
                f"The augmentation level of a chain must be between 0 and 1, not {self.chain_s}."
            )
        if not 0 <= self.seed < 2**63:
            raise RequestError(f"The seed must be a whole number from 0 to 2^63 - 1, not {self.seed}.")
        if self.tile is not None and self.tile < 64:
            raise RequestError(f"A piece must be at least 64 pixels wide, not {self.tile}.")
        if self.preview_side < 0:
            raise RequestError("The preview side cannot be negative.")
        if not 0.0 <= self.strength <= 1.0:
            raise RequestError(f"Strength must be between 0 and 1, not {self.strength}.")
        if self.grain is not None and not 0.0 <= self.grain <= 1.0:
            raise RequestError(f"Grain must be between 0 and 1, not {self.grain}.")
        if not 1 <= self.face_versions <= 16:
            raise RequestError(
                f"The number of versions of a face must be between 1 and 16, not {self.face_versions}."
            )
        object.__setattr__(self, "preset", Preset(self.preset))
        object.__setattr__(self, "faces", Faces(self.faces))


MOST = 64
"""Pictures of one request."""


@dataclass(frozen=True)
class GenerateRequest:
    """Make pictures of a class.

    label: the class, a number into `restorer.packs.classes.names` of the base. base: name of a pack of kind
    "cdm-base" or "adm-base"; None for the first that ships. size: side of the finished pictures in pixels;
    None for the largest that the cascade makes, without a photo network if it has enlarging stages. count:
    from 1 to MOST; picture number i, from 0, has seed + i. upsamplers: packs that follow an "adm-base", by
    name; None for those that fit the size. preset, steps, sampler, seed, device: as in `RestoreRequest`;
    steps and sampler are for every stage. guidance: how much a base's pictures are pushed towards their class
    (classifier-free guidance, arXiv 2207.12598), from 1, where they are as various as what it learned from;
    None for the preset's; only for our own bases. previews: whether estimates are yielded. keep: a folder of
    `restorer.pipeline.resume.picture_keeper.new_folder` in which finished evaluations are kept; if it holds
    those of the same request the run goes on from there. Removed when the run is done. None keeps nothing.
    leaves_state: as in `RestoreRequest`.
    """

    label: int = 0
    base: str | None = None
    size: int | None = None
    count: int = 1
    upsamplers: tuple[str, ...] | None = None
    preset: Preset = Preset.BALANCED
    steps: int | None = None
    sampler: str | None = None
    guidance: float | None = None
    seed: int = 0
    device: str = "auto"
    previews: bool = True
    keep: Path | None = None
    leaves_state: bool = False

    def __post_init__(self) -> None:
        if self.guidance is not None and not 1 <= self.guidance <= 10:
            raise RequestError(f"The guidance must be between 1 and 10, not {self.guidance:g}.")
        if not 1 <= self.count <= MOST:
            raise RequestError(f"The number of pictures must be between 1 and {MOST}, not {self.count}.")
        if self.steps is not None and not 1 <= self.steps <= 1000:
            raise RequestError(f"The number of steps must be between 1 and 1000, not {self.steps}.")
        if self.sampler is not None:
            from restorer.diffusion.sampler import SAMPLERS

            if self.sampler not in SAMPLERS:
                raise RequestError(
                    f"There is no sampler {self.sampler!r}; possible are {', '.join(SAMPLERS)}."
                )
        if not 0 <= self.seed < 2**63 - self.count:
            raise RequestError(
                f"The seed must be a whole number from 0 to 2^63 - 1 less the number of pictures, not "
                f"{self.seed}."
            )
        object.__setattr__(self, "preset", Preset(self.preset))
