"""Pictures of a class: CDM's cascade of a base network and upsamplers (arXiv 2106.15282).

In: a `GenerateRequest`. Out: events, the last one `Generated` with all pictures. Pulling the next event does
the next evaluation. The base makes small pictures from noise; each stage after it enlarges the one before,
which gets conditioning augmentation at the level found by a search after training (section 4.2's
non-truncated form); a photo network may follow. All pictures of a request go through a stage together, in
batches that fit the memory.

    for event in generate(GenerateRequest(label=10, count=9, size=128)): ...
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import nullcontext

import numpy as np
import torch
from torch import Tensor

from restorer.device import Device, choose, out_of_memory
from restorer.diffusion.denoiser import Denoised, ResidualDenoiser
from restorer.diffusion.noise import NoiseField
from restorer.diffusion.public_denoisers import ADMDenoiser
from restorer.diffusion.sampler import Evaluation, evaluations
from restorer.errors import ResultError
from restorer.packs.builders import Denoiser
from restorer.packs.classes import names
from restorer.photo import Photo
from restorer.pipeline.events import Command, Event, Generated, Notice, Phase, Progress, Sheet
from restorer.pipeline.memory_fallback import make_room
from restorer.pipeline.network_cache import NetworkCache
from restorer.pipeline.plan import (
    TOGETHER,
    Cascade,
    Stage,
    bases,
    conditioning_vector,
    plan_generate,
    sizes,
)
from restorer.pipeline.provenance import facts_of_pictures
from restorer.pipeline.request import MOST, GenerateRequest
from restorer.pipeline.resume.picture_keeper import PictureKeeper
from restorer.pipeline.stage.stage_runner import run_sampler, start_sampler

__all__ = ["MOST", "GenerateRequest", "bases", "generate", "sizes"]


def generate(request: GenerateRequest, networks: NetworkCache | None = None) -> Iterator[Event]:
    """Make the pictures, event by event; closing the iterator cancels.

    networks: where the network of the last stage is kept for the next run, and where one is taken from that
    is there already; without it each goes with its stage. There is never more than one.
    Raises PackError, RequestError or ResultError with a sentence.
    """
    started = time.perf_counter()
    cascade = plan_generate(request)
    device = choose(request.device)
    with PictureKeeper(request, cascade) if request.keep is not None else nullcontext() as keeper:
        run = _Run(request, cascade, device, networks or NetworkCache(), keeper)
        yield from _stages(run, started)


def _stages(run: _Run, started: float) -> Iterator[Event]:
    cascade = run.cascade
    pictures: Tensor | None = None
    for index, stage in enumerate(cascade.stages):
        yield Phase("loading", f"Loading the model {stage.pack.name}")
        loaded, run.device, instead = run.networks.load_where_it_fits([stage.pack], run.device)
        if instead:
            yield Notice(instead)
        denoiser = loaded.pop(stage.pack.name)  # nothing but the cache holds it
        what = "Inventing" if index == 0 else "Refining"
        yield Phase("denoising", f"{what} at {stage.side} pixels with {stage.pack.name}")
        pictures = yield from _stage(run, index, denoiser, pictures)
        del denoiser  # one large network at a time: the cache lets it go before it loads the next
    assert pictures is not None
    spread = pictures.flatten(1).std(dim=1)
    if not torch.isfinite(pictures).all() or float(spread.min()) < 1e-4:
        raise ResultError("A picture is not usable, so none was kept. Try --device cpu.")
    run.device.release()
    if run.keeper is not None:
        run.keeper.done()
    yield _finished(run, pictures, time.perf_counter() - started)


class _Run:
    """What all stages of a run share."""

    def __init__(
        self,
        request: GenerateRequest,
        cascade: Cascade,
        device: Device,
        networks: NetworkCache,
        keeper: PictureKeeper | None,
    ) -> None:
        self.request, self.cascade, self.device = request, cascade, device
        self.networks, self.keeper = networks, keeper
        self.stages = stages = cascade.stages
        self.seeds = tuple(request.seed + number for number in range(request.count))
        self.last = stages[-1].side
        self.together = TOGETHER
        self.costs = [
            stage.cost * evaluations(stage.settings.sampler, stage.settings.steps) for stage in stages
        ]
        self.done, self.started = 0.0, time.perf_counter()

    def noise(self, index: int, step: int, here: slice) -> Tensor:
        """Standard normal noise of a step for the pictures `here`: each has its own seed's."""
        side = self.stages[index].side
        fields = (NoiseField(seed, index) for seed in self.seeds[here])
        return torch.cat([field.box(step, 0, 0, side, side) for field in fields])

    def progress(self, evaluation: Evaluation, share: float) -> Progress:
        """After `share` of the run's cost was spent on one more evaluation."""
        self.done = min(1.0, self.done + share)
        seconds = time.perf_counter() - self.started
        left = seconds * (1 - self.done) / self.done
        return Progress(evaluation.step, evaluation.steps, 1, 1, self.done, left)


def _stage(
    run: _Run, index: int, denoiser: Denoiser, before: Tensor | None
) -> Generator[Event, Command | None, Tensor]:
    """All pictures through one stage: (N, 3, side, side), from those of the stage before."""
    stage, count = run.stages[index], run.request.count
    sheet = np.full((count, stage.side, stage.side, 3), 127, np.uint8)
    if before is not None:
        sheet = _bytes(denoiser.enlarge(before, stage.scale))
    batch = _BatchSize(run, denoiser, stage.side)
    finished: list[Tensor] = []
    at = 0
    while at < count:
        before_it = run.done
        here = slice(at, min(count, at + batch.count))
        low = None if before is None else before[here]
        try:
            made = yield from _batch(run, index, denoiser, low, here, sheet)
        except (RuntimeError, MemoryError) as error:
            if not out_of_memory(error):
                raise
            run.done = before_it
            yield Notice(make_room(batch))
            continue
        finished.append(made)
        at = here.stop
    return torch.cat(finished)


class _BatchSize:
    """The pictures that go through a stage at once; out of memory, half as many do."""

    def __init__(self, run: _Run, denoiser: Denoiser, side: int) -> None:
        self._run, self._denoiser, self._side = run, denoiser, side

    @property
    def count(self) -> int:
        return max(1, self._run.together // self._side**2)

    @property
    def device(self) -> Device:
        return self._run.device

    @device.setter
    def device(self, device: Device) -> None:
        self._run.device = device

    def smaller(self) -> str:
        if self.count == 1:
            return ""
        self._run.together = self.count // 2 * self._side**2
        return "Memory ran out; fewer pictures are made at once from here on."

    def to_processor(self, before: str) -> str:
        self._run.networks.clear()  # which holds this one as one that is on the device
        self._denoiser.to(device=self.device.torch, dtype=self.device.dtype)
        return (
            f"{before} ran out of memory even with one picture; going on with the processor, which is slower."
        )

    def too_large(self) -> ResultError:
        return ResultError(
            "There is not enough memory for even one picture; close other programs and try again."
        )


def _batch(
    run: _Run, index: int, denoiser: Denoiser, low: Tensor | None, here: slice, sheet: np.ndarray
) -> Generator[Event, Command | None, Tensor]:
    """The pictures `here` through one stage; `sheet` shows all of them and is kept up to date."""
    stage, request, count = run.stages[index], run.request, here.stop - here.start
    share = stage.cost * count / (sum(run.costs) * request.count)
    keeper = run.keeper
    if keeper is not None and (made := keeper.result(index, here)) is not None:
        run.done = min(1.0, run.done + share * evaluations(stage.settings.sampler, stage.settings.steps))
        sheet[here] = _bytes(made)
        return made
    condition: Tensor | None = None
    if low is not None:
        side = low.shape[-1]
        if stage.s > 0:  # conditioning augmentation: its own noise, at the level that is told
            fields = (NoiseField(seed, 1000 + index) for seed in run.seeds[here])
            low = low + stage.s * torch.cat([field.box(0, 0, 0, side, side) for field in fields])
        condition = denoiser.enlarge(low, stage.scale)
    walk = start_sampler(stage.settings, condition, lambda step: run.noise(index, step, here))
    asking = _Asking(stage, request.label, denoiser, condition, count, run.device.torch)
    number = 0

    def answer(evaluation: Evaluation) -> Generator[Event, Command | None, Denoised]:
        nonlocal number
        kept = None if keeper is None else keeper.answer(index, here, number)
        if kept is not None:  # an earlier run had it
            sheet[here] = _bytes(kept.clean)
            run.progress(evaluation, share)
            number += 1
            return kept
        estimate = asking.answer(evaluation)
        progress = run.progress(evaluation, share)
        if keeper is not None:
            keeper.note(index, here, number, evaluation, estimate, run.done)
        number += 1
        if request.previews:
            sheet[here] = _bytes(estimate.clean)
            place = (index + 1, len(run.stages), stage.side, run.last)
            yield Sheet(sheet.copy(), *place, evaluation.sigma, evaluation.step, evaluation.steps)
        yield progress
        return estimate

    result = (yield from run_sampler(walk, answer)).clamp(-1, 1)
    sheet[here] = _bytes(result)
    if keeper is not None:
        keeper.note_result(index, here, result, run.done)
    return result


class _Asking:
    """D(x; sigma, class) of a batch, whatever kind of network the stage has."""

    def __init__(
        self,
        stage: Stage,
        label: int,
        denoiser: Denoiser,
        condition: Tensor | None,
        count: int,
        device: torch.device,
    ) -> None:
        self.stage, self.denoiser, self.device = stage, denoiser, device
        self.condition = None if condition is None else condition.to(device)
        if isinstance(denoiser, ADMDenoiser) and stage.pack.classes:
            denoiser.choose(label)
        self.with_class = self._numbers(label, count)
        guided = stage.settings.guidance != 1.0 and stage.pack.kind in ("cdm-base", "cdm-sr")
        self.without = self._numbers(None, count) if guided else None

    def _numbers(self, label: int | None, count: int) -> Tensor | None:
        numbers = conditioning_vector(self.stage, label)
        return torch.tensor([numbers] * count, device=self.device) if numbers else None

    @torch.inference_mode()
    def answer(self, evaluation: Evaluation) -> Denoised:
        x = evaluation.x.to(self.device)
        sigma = torch.full((len(x),), evaluation.sigma, device=self.device)
        if isinstance(self.denoiser, ResidualDenoiser):
            shown = torch.zeros_like(x) if self.condition is None else self.condition
            s = torch.full_like(sigma, self.stage.s)
            estimate = self.denoiser(x, sigma, shown, s, self.with_class)
            if self.without is not None:
                plain = self.denoiser(x, sigma, shown, s, self.without).clean
                further = plain + self.stage.settings.guidance * (estimate.clean - plain)
                estimate = Denoised(further)
        else:
            estimate = self.denoiser(x, sigma, self.condition)
        variance = None if estimate.variance is None else estimate.variance.float().cpu()
        return Denoised(estimate.clean.float().cpu(), variance)


def _finished(run: _Run, pictures: Tensor, seconds: float) -> Generated:
    request, cascade = run.request, run.cascade
    base = cascade.stages[0].pack
    name = names(base)[request.label] if base.classes else ""
    return Generated(
        photos=tuple(_photo(pixels) for pixels in _bytes(pictures)),
        provenances=facts_of_pictures(request, cascade, run.seeds, name),
        seeds=run.seeds,
        label=request.label,
        name=name,
        model=cascade.name,
        device=run.device.name,
        evaluations=sum(
            evaluations(stage.settings.sampler, stage.settings.steps) for stage in cascade.stages
        ),
        seconds=seconds,
    )


def _bytes(pictures: Tensor) -> np.ndarray:
    """(N, 3, h, w) in [-1, 1] to (N, h, w, 3) uint8."""
    scaled = ((pictures.clamp(-1, 1) + 1) * 127.5).round().byte()
    return scaled.permute(0, 2, 3, 1).contiguous().numpy()


def _photo(pixels: np.ndarray) -> Photo:
    return Photo(pixels=pixels, alpha=None, icc=None, exif=None, xmp=None, dpi=None, path=None)
