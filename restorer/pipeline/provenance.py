"""What is written down about a run: the facts that go into the results' metadata.

In: the request and its planned stages. Out: one set of facts for a restored photo, one each for pictures of a
class; enough to make the same picture again.
"""

from __future__ import annotations

from collections.abc import Sequence

from restorer import __version__
from restorer.photo import Photo
from restorer.pipeline.plan import Cascade
from restorer.pipeline.request import Faces, GenerateRequest, RestoreRequest

__all__ = ["Facts", "facts_of_photo", "facts_of_pictures"]

Facts = dict[str, str | int | float]
"""Names as they stand in files: they do not change."""


def facts_of_photo(request: RestoreRequest, cascade: Cascade, photo: Photo) -> Facts:
    """The facts of a restored photo."""
    stage = cascade.stages[-1]
    more: Facts = {}
    if request.clean_up is not None:
        more["CleanUp"] = request.clean_up
    if request.sampler is not None:
        more["Sampler"] = request.sampler
    if request.label is not None:
        more["Class"] = request.label
    if request.faces is not Faces.OFF:
        more["Faces"] = request.faces.value
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


def facts_of_pictures(
    request: GenerateRequest, cascade: Cascade, seeds: Sequence[int], class_name: str
) -> tuple[Facts, ...]:
    """The facts of invented pictures, one for each seed; the class by its name, empty where there is none."""
    stages = cascade.stages
    facts: Facts = {
        "Software": f"Restorer {__version__}",
        "Model": cascade.name,
        "ModelSHA256": stages[0].pack.sha256,
        "Invented": 1,
        "Class": class_name,
        "Pixels": " > ".join(str(stage.side) for stage in stages),
        "Steps": " + ".join(str(stage.settings.steps) for stage in stages),
        "Sampler": " + ".join(stage.settings.sampler for stage in stages),
        "Guidance": stages[0].settings.guidance,
    }
    return tuple(facts | {"Seed": seed} for seed in seeds)
