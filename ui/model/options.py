"""What the two panels are set to, as data, and the requests that the engine gets for it. No widget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from restorer.pipeline.finish import AS_RESTORED, Finish, default_grain
from restorer.pipeline.request import Faces, Preset, RestoreRequest
from restorer.preferences import Preferences

if TYPE_CHECKING:
    from restorer.photo import Photo


FACE_VERSIONS = 3
"""Seeds of each restored face, so that the strip can tell where they disagree and offer another at once."""


@dataclass(frozen=True)
class RestoreOptions:
    """What the control panel says."""

    scale: int = 4
    preset: Preset = Preset.BALANCED
    fidelity: float = 0.75
    clean_up: float | None = None  # None: as worn as the photo is estimated to be
    seed: int = 0
    repair: bool = False
    colour_lock: bool = True
    model: str | None = None  # None: the one for photos that ships
    variations: int = 1
    faces: Faces = Faces.PROTECT
    label: int | None = None  # what the photo shows, for a model that knows classes; None: the mean of all


def request_for(
    photo: Photo, settings: RestoreOptions, preview_side: int, preferences: Preferences | None = None
) -> RestoreRequest:
    """What the engine is asked for; `preview_side` is the longer side of the canvas in device pixels."""
    preferences = preferences or Preferences()
    return RestoreRequest(
        source=photo,
        scale=settings.scale,
        preset=settings.preset,
        fidelity=settings.fidelity,
        clean_up=settings.clean_up,
        seed=settings.seed,
        repair=settings.repair,
        colour_lock=settings.colour_lock,
        model=settings.model,
        label=settings.label,
        grain=0.0,  # it is put back afterwards, see `first_finish`
        faces=settings.faces,
        face_versions=FACE_VERSIONS if settings.faces is Faces.RESTORE else 1,
        device=preferences.device,
        tile=preferences.tile or None,
        preview_side=preview_side if preferences.previews else 0,
    )


def options_of(request: RestoreRequest, variations: int = 1) -> RestoreOptions:
    """What the panel was set to when `request` was made of it, the first of so many variations."""
    return RestoreOptions(
        scale=request.scale,
        preset=request.preset,
        fidelity=request.fidelity,
        clean_up=request.clean_up,
        seed=request.seed,
        repair=request.repair,
        colour_lock=request.colour_lock,
        model=request.model,
        variations=variations,
        faces=request.faces,
        label=request.label,
    )


def first_finish(request: RestoreRequest | None) -> Finish:
    """The strength and grain that a result of `request` begins with; what the run did itself is done."""
    if request is None or request.grain is None or request.grain > 0:
        return AS_RESTORED
    return Finish(1.0, default_grain(request.fidelity))


ROLLED = 1_000_000  # seeds that are rolled stay short, for they are read and are part of file names


@dataclass(frozen=True)
class GenerateOptions:
    """What the panel says. base: a pack's name, None where there is none. size: None for the largest."""

    base: str | None = None
    label: int = 0
    count: int = 9
    size: int | None = None
    preset: Preset = Preset.BALANCED
    seed: int = 0
