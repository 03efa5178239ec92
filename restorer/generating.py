"""A picture of nothing but a class: CDM's chain of a base network and upsamplers (arXiv 2106.15282).

In: a `GenerateRequest`. Out: events as from a restoration, the last one `Done` with the picture. Pulling
the next event does the next evaluation. The base makes its picture from noise; each upsampler then enlarges
the one before, whole, with non-truncated conditioning (section 4.2) and no noise added: these networks were
not trained with any.

    for event in generate(GenerateRequest(base="adm-64", upsamplers=("adm-64-256",), label=207)): ...
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from restorer import __version__, catalog, shelf
from restorer.catalog import Pack, Settings
from restorer.classes import names
from restorer.device import choose
from restorer.diffusion.denoiser import Estimate
from restorer.diffusion.foreign import ADMDenoiser
from restorer.diffusion.noise import NoiseField
from restorer.diffusion.sampler import SAMPLERS, evaluations
from restorer.diffusion.schedule import karras
from restorer.errors import PackError, RequestError, ResultError
from restorer.events import Done, Event, Phase, Preview, Progress
from restorer.photo import Photo
from restorer.request import Preset

__all__ = ["GenerateRequest", "generate"]


@dataclass(frozen=True)
class GenerateRequest:
    """Invent one picture.

    base: name of a pack of kind "adm-base". upsamplers: packs of kind "adm-sr", in order; none for the base's
    picture alone. label: the class (see `restorer.classes`). preset, steps, sampler, seed, device: as in
    `RestoreRequest`; previews: whether the estimates are yielded.
    """

    base: str
    upsamplers: tuple[str, ...] = ()
    label: int = 0
    preset: Preset = Preset.BALANCED
    steps: int | None = None
    sampler: str | None = None
    seed: int = 0
    device: str = "auto"
    previews: bool = True

    def __post_init__(self) -> None:
        if self.steps is not None and not 1 <= self.steps <= 1000:
            raise RequestError(f"The number of steps must be between 1 and 1000, not {self.steps}.")
        if self.sampler is not None and self.sampler not in SAMPLERS:
            raise RequestError(f"There is no sampler {self.sampler!r}; possible are {', '.join(SAMPLERS)}.")
        if not 0 <= self.seed < 2**63:
            raise RequestError(f"The seed must be a whole number from 0 to 2^63 - 1, not {self.seed}.")
        object.__setattr__(self, "preset", Preset(self.preset))


def generate(request: GenerateRequest) -> Iterator[Event]:
    """Invent the picture, event by event; closing the iterator cancels. Raises PackError, RequestError or
    ResultError with a sentence."""
    started = time.perf_counter()
    packs = _packs(request)
    device = choose(request.device)
    settings = [_settings(pack, request) for pack in packs]
    side = int(packs[0].config["image_size"])
    sides = [side]
    for pack in packs[1:]:
        sides.append(sides[-1] * pack.scale)
    costs = [evaluations(s.sampler, s.steps) * side**2 for s, side in zip(settings, sides, strict=True)]
    picture: Tensor | None = None
    for index, (pack, chosen) in enumerate(zip(packs, settings, strict=True)):
        yield Phase("loading", f"Loading the model {pack.name}")
        denoiser = catalog.load(pack, device)
        if not isinstance(denoiser, ADMDenoiser):
            raise PackError(f"The model {pack.name} cannot be part of such a chain.")
        if pack.classes:
            denoiser.choose(request.label)
        yield Phase("denoising", f"Inventing a picture with {pack.name}")
        done = sum(costs[:index]) / sum(costs), costs[index] / sum(costs)
        condition = None if picture is None else denoiser.enlarge(picture, pack.scale)
        noise = NoiseField(request.seed, index)
        picture = yield from _stage(
            denoiser, chosen, condition, noise, sides[index], sides[-1], done, device.torch, request.previews
        )
        del denoiser  # one large network at a time
    assert picture is not None
    if not torch.isfinite(picture).all() or float(picture.std()) < 1e-4:
        raise ResultError("The picture is not usable and was not kept. Try --device cpu.")
    device.release()
    model = " + ".join(pack.name for pack in packs)
    label = names(packs[0])[request.label] if packs[0].classes else ""
    yield Done(
        photo=_photo(picture),
        model=model,
        seed=request.seed,
        device=device.name,
        evaluations=sum(evaluations(s.sampler, s.steps) for s in settings),
        seconds=time.perf_counter() - started,
        megapixels=sides[-1] ** 2 / 1e6,
        consistency=0.0,
        provenance={
            "Software": f"Restorer {__version__}",
            "Model": model,
            "ModelSHA256": packs[-1].sha256,
            "Class": label,
            "Steps": settings[-1].steps,
            "Seed": request.seed,
        },
    )


def _packs(request: GenerateRequest) -> list[Pack]:
    packs = [shelf.named(name) for name in (request.base, *request.upsamplers)]
    for pack, kind, what in zip(
        packs,
        ("adm-base", *["adm-sr"] * len(request.upsamplers)),
        ("invents", *["enlarges"] * len(packs)),
        strict=False,
    ):
        if pack.kind != kind:
            raise RequestError(
                f"The model {pack.name} is none that {what} pictures by class; choose another."
            )
        if pack.classes and not 0 <= request.label < pack.classes:
            raise RequestError(f"The model {pack.name} knows {pack.classes} classes, and no {request.label}.")
    return packs


def _settings(pack: Pack, request: GenerateRequest) -> Settings:
    settings = catalog.settings(pack, request.preset.value)
    steps, sampler = request.steps or settings.steps, request.sampler or settings.sampler
    return replace(settings, steps=steps, sampler=sampler)


def _stage(
    denoiser: ADMDenoiser,
    settings: Settings,
    condition: Tensor | None,
    noise: NoiseField,
    side: int,
    last: int,
    done: tuple[float, float],
    device: torch.device,
    previews: bool,
) -> Generator[Event, None, Tensor]:
    """(1, 3, side, side) from noise, given the enlarged picture before it. done: share of the work before
    this stage, and of this stage; last: side of the finished picture, for the previews."""
    sigmas = karras(settings.steps, settings.sigma_min, settings.sigma_max, settings.rho)
    start = sigmas[0] * noise.box(0, 0, 0, side, side)
    walk = SAMPLERS[settings.sampler](
        start if condition is None else condition + start,
        sigmas,
        lambda step: noise.box(step, 0, 0, side, side),
    )
    shown = None if condition is None else condition.to(device)
    total, count = evaluations(settings.sampler, settings.steps), 0
    estimate: Estimate | None = None
    started = time.perf_counter()
    while True:
        try:
            evaluation = next(walk) if estimate is None else walk.send(estimate)
        except StopIteration as end:
            result: Tensor = end.value.clamp(-1, 1)
            return result
        with torch.inference_mode():
            answer = denoiser(evaluation.x.to(device), torch.tensor([evaluation.sigma], device=device), shown)
        variance = None if answer.variance is None else answer.variance.float().cpu()
        estimate = Estimate(answer.clean.float().cpu(), variance)
        count += 1
        if previews:
            yield Preview(
                _bytes(estimate.clean),
                (0, 0, last, last),
                (last, last),
                evaluation.sigma,
                evaluation.step,
                evaluation.steps,
            )
        part = count / total
        left = (time.perf_counter() - started) * (1 - part) / part
        yield Progress(evaluation.step, evaluation.steps, 1, 1, min(1.0, done[0] + done[1] * part), left)


def _bytes(picture: Tensor) -> np.ndarray:
    """(1, 3, h, w) in [-1, 1] to (h, w, 3) uint8."""
    scaled = ((picture[0].clamp(-1, 1) + 1) * 127.5).round().byte()
    return scaled.permute(1, 2, 0).contiguous().numpy()


def _photo(picture: Tensor) -> Photo:
    return Photo(pixels=_bytes(picture), alpha=None, icc=None, exif=None, xmp=None, dpi=None, path=None)
