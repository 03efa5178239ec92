"""What a run will take, and what is learned from one that ended: the window's words with
`restorer.pipeline.forecast`.

In: requests and finished runs, and before the first one a measurement of the machine. Out: an estimate, or a
new observation in the list.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from restorer.errors import RestorerError
from restorer.pipeline.forecast.estimates import (
    Estimates,
    Observation,
    RunEstimate,
    observed_painting,
    work_of,
)
from restorer.pipeline.plan import plan_generate, plan_restore
from ui.workers.messages import Finished, VariationImages

if TYPE_CHECKING:
    from restorer.photo import Photo
    from restorer.pipeline.request import GenerateRequest, RestoreRequest
    from ui.workers.messages import GenerationEnd


def learn_from_run(
    estimates: Estimates,
    request: RestoreRequest | None,
    photo: Photo | None,
    run_end: Finished | VariationImages,
) -> bool:
    """Remember what a run took, or each run of several seeds; False where that tells nothing: a run that was
    stopped or cut off, or one whose photo is gone."""
    dones = run_end.dones if isinstance(run_end, VariationImages) else (run_end.done,)
    peak = None if isinstance(run_end, VariationImages) else run_end.peak
    if request is None or photo is None or any(done.stopped is not None for done in dones):
        return False
    with suppress(RestorerError):
        width, height = photo.size
        for done in dones:
            wear = done.provenance.get("Wear")
            cascade = plan_restore(request, float(wear) if wear is not None else None)
            work = work_of(cascade, width * height / 1e6)
            estimates.record(Observation(done.model, done.device, work, done.megapixels, done.seconds, peak))
        return True
    return False


def learn_from_generation(estimates: Estimates, request: GenerateRequest, painted: GenerationEnd) -> None:
    """Remember what a sheet of pictures took."""
    generated = painted.generated
    with suppress(RestorerError):  # a model that went meanwhile teaches nothing
        stages = plan_generate(request).stages
        estimates.record(
            observed_painting(
                stages, len(generated.photos), generated.device, generated.seconds, painted.peak
            )
        )


def estimate_generation(estimates: Estimates, request: GenerateRequest) -> RunEstimate | None:
    """What a sheet of pictures will take; None where nothing can be said."""
    try:
        return estimates.predict_painting(plan_generate(request).stages, request.count)
    except RestorerError:
        return None


def estimate_run(
    estimates: Estimates, request: RestoreRequest, photo: Photo, variations: int, wear: float | None = None
) -> RunEstimate | None:
    """What a run will take; None where nothing can be said. wear: of the photo, from 0 to 1, if known."""
    try:
        one = estimates.predict(plan_restore(request, wear), photo.size)
    except RestorerError:
        return None
    return replace(one, seconds=one.seconds * variations)
