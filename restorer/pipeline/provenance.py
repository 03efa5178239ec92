"""What is written down about a run: the facts that go into the result's metadata."""

from __future__ import annotations

from restorer import __version__
from restorer.photo import Photo
from restorer.pipeline.plan import Cascade
from restorer.pipeline.request import RestoreRequest


def provenance(request: RestoreRequest, cascade: Cascade, photo: Photo) -> dict[str, str | int | float]:
    """What made this picture; enough to make it again."""
    stage = cascade.stages[-1]
    more: dict[str, str | int | float] = {}
    if request.clean_up is not None:
        more["CleanUp"] = request.clean_up
    if request.sampler is not None:
        more["Sampler"] = request.sampler
    if request.label is not None:
        more["Class"] = request.label
    return {
        "Software": f"Restorer {__version__}",
        "Model": cascade.name,
        "ModelSHA256": stage.pack.sha256,
        "Scale": cascade.scale,
        "Preset": request.preset.value,
        "Steps": stage.settings.steps,
        "Fidelity": request.fidelity,
        "Repair": int(request.repair),
        "ColourLock": int(request.colour_lock),
        "Seed": request.seed,
        "Source": photo.name,
        **more,
    }
