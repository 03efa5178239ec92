"""The engine: `run(request)` is a generator of events; pulling the next one does the next piece of work.

    photo -> low-resolution tensor -> [ noise up to level s -> enlarge -> sampler walks down the noise grid
    ] -> photo
                                        ^ once a stage            ^ asks for D(x; sigma), answered tile by
                                        tile

The sampler (a coroutine of `restorer.diffusion.sampler`) owns the mathematics of a step; this module
answers its
evaluations: it cuts the state into tiles, runs the network on each, shows what came out, and puts the
tiles together before the sampler goes on. Between two events there is at most one network evaluation of one
tile, so whoever pulls can pause, cancel (close the generator) or stop at any tile.

State lives in float32 on the processor; only tiles travel to the device. If memory runs out the tile is
halved, then the processor takes over, and a Notice says so.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from restorer import __version__, catalog
from restorer.cascade import Cascade, Stage
from restorer.colour import consistency, estimate_grain, lock_colours
from restorer.device import Device, available_memory, choose
from restorer.diffusion.conditioning import added_noise, enlarge
from restorer.diffusion.denoiser import Estimate, ResidualDenoiser, tell
from restorer.diffusion.noise import NoiseField
from restorer.diffusion.sampler import SAMPLERS, Evaluation, evaluations
from restorer.diffusion.schedule import karras
from restorer.errors import PackError, RequestError, ResultError
from restorer.events import Done, Enlarged, Event, Notice, Phase, Preview, Progress
from restorer.photo import Photo, read_photo
from restorer.request import RestoreRequest
from restorer.tiling import Tile, plan, round_up

__all__ = ["run"]

TILE_PIXELS = {"cpu": 544, "mps": 768, "xpu": 1024, "cuda": 1536}
"""Side of a tile's centre by kind of device: on a processor small enough to answer Cancel within a second."""
SMALLEST_TILE = 64
BYTES_PER_PIXEL = 3 * 4 * 8
"""State, estimate, the estimate before, enlargement, result and temporaries, three float32 channels each."""


def run(request: RestoreRequest) -> Iterator[Event]:
    """Restore one photo, event by event; the last event is `Done`.

    Closing the generator cancels the run. Raises PhotoError, PackError, RequestError or ResultError, each
    with a sentence for the person; nothing is written to disk here.
    """
    started = time.perf_counter()
    cascade = Cascade.of(request)
    yield Phase("loading", f"Loading the model {cascade.name}")
    photo = read_photo(request.source) if isinstance(request.source, Path) else request.source
    device = choose(request.device)
    _check_memory(photo, cascade.scale)
    for stage in cascade.stages:
        if stage.settings.sampler not in SAMPLERS:
            raise PackError(
                f"The model pack {stage.pack.name} asks for an unknown sampler {stage.settings.sampler!r}; "
                "update the app or the pack."
            )
    loaded = {
        pack.name: catalog.load(pack, device)
        for pack in {s.pack.name: s.pack for s in cascade.stages}.values()
    }
    denoisers = [loaded[stage.pack.name] for stage in cascade.stages]

    yield Phase("preparing", f"Preparing {photo.name}")
    source = _to_tensor(photo)
    width, height = photo.size
    size = (width * cascade.scale, height * cascade.scale)
    if request.preview_side:
        yield Enlarged(_to_bytes(_enlargement(source, size, request.preview_side)), size)

    work = _Work(request, cascade, device, size)
    picture = source
    for index, (stage, denoiser) in enumerate(zip(cascade.stages, denoisers, strict=True)):
        yield Phase("denoising", f"Restoring {photo.name} with {stage.pack.name}")
        picture = yield from _run_stage(work, index, stage, denoiser, picture)

    yield Phase("finishing", f"Finishing {photo.name}")
    _check_result(picture, source, photo)
    agreement = consistency(picture, source)
    finished = photo.with_float(picture[0].permute(1, 2, 0).numpy())
    work.device.release()
    yield Done(
        photo=finished,
        model=cascade.name,
        seed=request.seed,
        device=work.device.name,
        evaluations=work.evaluations,
        seconds=time.perf_counter() - started,
        megapixels=size[0] * size[1] / 1e6,
        consistency=agreement,
        provenance=_provenance(request, cascade, photo),
    )


@dataclass
class _Work:
    """What a run keeps track of while it walks: device, tile side, and how long tiles take."""

    request: RestoreRequest
    cascade: Cascade
    device: Device
    size: tuple[int, int]
    tile: int = 0
    evaluations: int = 0
    seconds: float = 0.0
    cost: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tile = self.request.tile or TILE_PIXELS[self.device.torch.type]
        # Work of a stage in arbitrary units: evaluations times pixels.
        scale = 1.0
        for stage in self.cascade.stages:
            scale *= stage.scale
            self.cost.append(evaluations(stage.settings.sampler, stage.settings.steps) * scale**2)

    def progress(
        self, stage: int, evaluation: Evaluation, done: int, part: float, tile: int, tiles: int
    ) -> Progress:
        """`done` evaluations of the stage are over, and `part` of the pixels of the current one."""
        total = evaluations(self.cascade.stages[stage].settings.sampler, evaluation.steps)
        before = sum(self.cost[:stage]) + self.cost[stage] * min(1.0, (done + part) / total)
        fraction = before / sum(self.cost)
        left = self.seconds * (1 - fraction) / fraction if fraction > 0 else None
        return Progress(evaluation.step, evaluation.steps, tile, tiles, min(1.0, fraction), left)


def _run_stage(
    work: _Work, index: int, stage: Stage, denoiser: ResidualDenoiser, picture: Tensor
) -> Generator[Event, None, Tensor]:
    """One stage: (1, 3, h, w) in, (1, 3, h * scale, w * scale) out."""
    scale, settings = stage.scale, stage.settings
    height, width = picture.shape[-2:]
    stride = denoiser.stride
    # The photo is continued beyond its edge up to a whole number of the network's blocks, and cut at the end.
    unit = stride // scale if stride % scale == 0 else stride
    padded = functional.pad(
        picture, (0, round_up(width, unit) - width, 0, round_up(height, unit) - height), mode="replicate"
    )
    # What a stage made has no grain; texture would pass for it.
    grain = estimate_grain(picture) if index == 0 else 0.0
    s = max(stage.s, grain)
    extra = added_noise(s, grain)
    conditioned = padded
    if extra > 0:
        conditioned = padded + extra * NoiseField(work.request.seed, 1000 + index).box(
            0, 0, 0, padded.shape[-1], padded.shape[-2]
        )
    enlarged = enlarge(conditioned, scale)
    noise = NoiseField(work.request.seed, index)
    sigmas = karras(settings.steps, settings.sigma_min, settings.sigma_max, settings.rho)
    x = enlarged + settings.start * sigmas[0] * noise.box(0, 0, 0, enlarged.shape[-1], enlarged.shape[-2])
    walk = SAMPLERS[settings.sampler](
        x, sigmas, lambda step: noise.box(step, 0, 0, enlarged.shape[-1], enlarged.shape[-2])
    )
    del x
    estimate: Estimate | None = None
    done = 0
    while True:
        try:
            evaluation = next(walk) if estimate is None else walk.send(estimate)
        except StopIteration as end:
            result: Tensor = end.value
            return result[..., : height * scale, : width * scale].clamp(-1, 1).contiguous()
        clean = yield from _evaluate(work, index, stage, denoiser, evaluation, enlarged, s, done)
        estimate = Estimate(lock_colours(clean, padded, scale) if work.request.colour_lock else clean)
        done += 1
        work.evaluations += 1


def _evaluate(
    work: _Work,
    index: int,
    stage: Stage,
    denoiser: ResidualDenoiser,
    evaluation: Evaluation,
    enlarged: Tensor,
    s: float,
    done: int,
) -> Generator[Event, None, Tensor]:
    """D(x; sigma) of the whole picture, tile by tile, with a preview of each tile."""
    stride = denoiser.stride
    height, width = enlarged.shape[-2:]
    clean = torch.empty_like(enlarged)
    remaining = plan(
        width, height, _side(work.tile, width, height, stage.pack.margin), stage.pack.margin, stride
    )
    count, number, covered = len(remaining), 0, 0
    while remaining:
        tile = remaining[0]
        start = time.perf_counter()
        try:
            part = _evaluate_tile(work.device, denoiser, evaluation, enlarged, s, stage, tile)
        except (torch.OutOfMemoryError, RuntimeError, MemoryError) as error:
            if not _out_of_memory(error):
                raise
            yield Notice(_smaller(work, denoiser, stride))
            side = _side(work.tile, width, height, stage.pack.margin)
            remaining = plan(width, height, side, stage.pack.margin, stride)
            count, number, covered = len(remaining), 0, 0
            continue
        work.seconds += time.perf_counter() - start
        remaining.pop(0)
        number += 1
        covered += tile.centre[2] * tile.centre[3]
        clean[(..., *tile.outer)] = part
        if work.request.preview_side:
            yield _preview(work, index, evaluation, part, tile)
        yield work.progress(index, evaluation, done, covered / (width * height), number, count)
    return clean


@torch.inference_mode()
def _evaluate_tile(
    device: Device,
    denoiser: ResidualDenoiser,
    evaluation: Evaluation,
    enlarged: Tensor,
    s: float,
    stage: Stage,
    tile: Tile,
) -> Tensor:
    window = (..., *tile.window)
    x = evaluation.x[window].to(device.torch)
    level = torch.full((1,), evaluation.sigma, device=device.torch)
    told = torch.tensor([tell(stage.scale, float(stage.repair))], device=device.torch)
    estimate: Estimate = denoiser(
        x, level, enlarged[window].to(device.torch), torch.full_like(level, s), told
    )
    return estimate.clean[(..., *tile.inner)].float().cpu()


def _side(tile: int, width: int, height: int, margin: int) -> int:
    """Side of tiles' centres; a picture not much larger than a tile with its margins is evaluated whole."""
    return max(width, height) if width * height <= (tile + 2 * margin) ** 2 else tile


def _out_of_memory(error: BaseException) -> bool:
    """Running out of memory and nothing else: a device's own error, or the processor's allocator by name."""
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or "DefaultCPUAllocator" in str(error)


def _smaller(work: _Work, denoiser: ResidualDenoiser, stride: int) -> str:
    """Answer to running out of memory: half the tile, then the processor. Returns the sentence for it."""
    work.device.release()
    side = min(work.tile, max(work.size))
    if side // 2 >= max(SMALLEST_TILE, stride):
        work.tile = side // 2
        return f"{work.device.name} ran out of memory; going on with tiles of {work.tile} pixels."
    if work.device.torch.type == "cpu":
        raise ResultError(
            f"There is not enough memory for even the smallest tile of {side} pixels; "
            "close other programs and try again."
        )
    before, work.device = work.device.name, choose("cpu")
    work.tile = TILE_PIXELS["cpu"]
    denoiser.to(device="cpu", dtype=work.device.dtype)
    return f"{before} ran out of memory even with small tiles; going on with the processor, which is slower."


# -- pictures
# ----------------------------------------------------------------------------------------------------


def _to_tensor(photo: Photo) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(photo.to_float().transpose(2, 0, 1)))[None]


def _to_bytes(image: Tensor) -> np.ndarray:
    """(1, 3, h, w) in [-1, 1] to (h, w, 3) uint8."""
    return ((image[0].clamp(-1, 1) + 1) * 127.5).round().byte().permute(1, 2, 0).contiguous().numpy()


def _enlargement(image: Tensor, size: tuple[int, int], side: int) -> Tensor:
    """The photo, bicubically enlarged to `size` or to what of it fits the screen."""
    factor = max(1.0, max(size) / side)
    width, height = max(1, round(size[0] / factor)), max(1, round(size[1] / factor))
    return functional.interpolate(image, size=(height, width), mode="bicubic", antialias=True)


def _preview(work: _Work, index: int, evaluation: Evaluation, clean: Tensor, tile: Tile) -> Preview:
    """The tile's estimate, reduced by area, in the finished picture's pixels and cut at its edge."""
    later = 1
    for stage in work.cascade.stages[index + 1 :]:
        later *= stage.scale
    left, top = tile.centre[0] * later, tile.centre[1] * later
    width = min(tile.centre[2] * later, work.size[0] - left)
    height = min(tile.centre[3] * later, work.size[1] - top)
    shown = clean[..., : max(1, height // later), : max(1, width // later)]
    factor = max(1.0, max(work.size) / work.request.preview_side)
    target = (
        max(1, min(shown.shape[-2], round(height / factor))),
        max(1, min(shown.shape[-1], round(width / factor))),
    )
    small = (
        functional.interpolate(shown, size=target, mode="area")
        if target != tuple(shown.shape[-2:])
        else shown
    )
    return Preview(
        _to_bytes(small),
        (left, top, width, height),
        work.size,
        evaluation.sigma,
        evaluation.step,
        evaluation.steps,
    )


def _check_memory(photo: Photo, scale: int) -> None:
    width, height = photo.size
    needed = width * height * scale**2 * BYTES_PER_PIXEL
    free = available_memory(torch.device("cpu"))
    if needed > free:
        raise RequestError(
            f"{photo.name} at {scale}x would be {width * scale} x {height * scale} pixels and need "
            f"{needed / 2**30:.1f} GiB of memory; {free / 2**30:.1f} GiB are free. "
            "Choose a smaller scale or crop the photo."
        )


def _check_result(result: Tensor, source: Tensor, photo: Photo) -> None:
    """NaN or constant output is an error, never a success; a constant photo may stay constant."""
    again = f"The picture made of {photo.name} is not usable and was not kept"
    if not torch.isfinite(result).all():
        raise ResultError(f"{again}: the network returned values that are not numbers. Try --device cpu.")
    if float(result.std(unbiased=False)) < 1e-4 < float(source.std(unbiased=False)) / 10:
        raise ResultError(f"{again}: the network returned a picture of one colour. Try --device cpu.")


def _provenance(request: RestoreRequest, cascade: Cascade, photo: Photo) -> dict[str, str | int | float]:
    """What made this picture; enough to make it again."""
    stage = cascade.stages[-1]
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
    }
