"""One stage of a run: the sampler's evaluations, answered tile by tile.

    input -> continue to whole blocks -> noise up to level s -> enlarge -> sampler walks down the noise grid
                                                                            ^ asks for D(x; sigma)

In: what the stage before made, and the run's `RunContext`. Out: the enlarged picture, and on the way previews
and progress. Each evaluation cuts the state into tiles, runs the network on each, and puts the answers
together before the sampler goes on. State lives in float32 on the processor; only tiles travel to the
device. If memory runs out the tile is halved, then the processor takes over (`memory_fallback`), and a
Notice says so.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator
from dataclasses import replace

import torch
from torch import Tensor
from torch.nn import functional

from restorer.device import Device, out_of_memory
from restorer.diffusion.conditioning import added_noise
from restorer.diffusion.denoiser import Denoised, tell
from restorer.diffusion.noise import NoiseField
from restorer.diffusion.sampler import Evaluation
from restorer.errors import ResultError
from restorer.packs.builders import Denoiser
from restorer.pipeline.colour_lock import lock_colours
from restorer.pipeline.events import Box, Command, Event, Notice
from restorer.pipeline.memory_fallback import make_room
from restorer.pipeline.plan import Stage
from restorer.pipeline.region import unlike
from restorer.pipeline.repair import mend
from restorer.pipeline.resume.checkpoint import State
from restorer.pipeline.resume.tile_log import Spot, TileAnswer
from restorer.pipeline.stage.run_context import TILE_PIXELS, RunContext
from restorer.pipeline.stage.stage_runner import noise_grid, run_sampler, start_sampler
from restorer.pipeline.stage.tiling import Tile, plan_tiles, round_up, within

__all__ = ["run_stage"]

SMALLEST_TILE = 64
FEATHER = 48
"""Pixels over which a picture that is kept half-done passes from what is restored to what is not."""
REPAIR = 2000  # number of its noise: repair is not counted among the stages


def run_stage(
    work: RunContext, index: int, stage: Stage, denoiser: Denoiser, picture: Tensor
) -> Generator[Event, Command | None, Tensor]:
    """One stage: (1, 3, h, w) in, (1, 3, h * scale, w * scale) out."""
    scale, settings = stage.scale, stage.settings
    state, work.state = work.state, None
    height, width = picture.shape[-2:]
    stride = denoiser.stride
    # The photo is continued beyond its edge up to a whole number of the network's blocks, and cut at the end.
    unit = stride // scale if stride % scale == 0 else stride
    padded = functional.pad(
        picture, (0, round_up(width, unit) - width, 0, round_up(height, unit) - height), mode="replicate"
    )
    # What a stage made has no grain; texture would pass for it.
    mended = sum(earlier.pack.mends for earlier in work.cascade.stages[: index + 1])
    number = index - mended  # repair or not, the others have the same noise
    grain = work.grain if number == 0 and stage.pack.augmented else 0.0
    s = max(stage.s, grain)
    left, top = work.corner(index)
    extra = added_noise(s, grain)
    conditioned = padded
    if extra > 0:
        added = NoiseField(work.request.seed, 1000 + number).box(
            0, left, top, padded.shape[-1], padded.shape[-2]
        )
        conditioned = padded + extra * (added if work.tone is None else added[:, :1])
    enlarged = denoiser.enlarge(conditioned, scale)
    noise = NoiseField(work.request.seed, number if number >= 0 else REPAIR)

    def noise_of(step: int) -> Tensor:
        fresh = noise.box(step, left * scale, top * scale, enlarged.shape[-1], enlarged.shape[-2])
        # Every answer of `renoise` stands on new noise, so all of it is what `start` is a factor on.
        return fresh * settings.start if settings.sampler == "renoise" and step else fresh

    tiles = _TiledStage(work, index, stage, denoiser, picture, padded, enlarged, s, state)
    if extra > 0 and state is None:  # the noise is for the network, not for who stops here
        tiles.begin_from(lambda: denoiser.enlarge(padded, scale))
    if state is not None and work.request.preview_side:  # what an earlier run had made is shown at once
        box = (0, 0, enlarged.shape[-1], enlarged.shape[-2])
        came = Evaluation(state.x, noise_grid(settings)[state.step], state.step, settings.steps)
        yield from work.tell(work.preview(index, came, state.clean, Tile(box, box)))
    walk = start_sampler(settings, enlarged, noise_of, state)
    result = yield from run_sampler(walk, tiles.answer, lambda: work.keep)
    return result[..., : height * scale, : width * scale].clamp(-1, 1).contiguous()


class _TiledStage:
    """Answers the evaluations of one stage, tile by tile; out of memory, with smaller tiles.

    before: what the stage began from. padded: the same up to a whole number of the network's blocks.
    enlarged: what the network is shown. s: augmentation level of that.
    """

    def __init__(
        self,
        work: RunContext,
        index: int,
        stage: Stage,
        denoiser: Denoiser,
        before: Tensor,
        padded: Tensor,
        enlarged: Tensor,
        s: float,
        state: State | None,
    ) -> None:
        self._work, self._index, self._stage, self._denoiser = work, index, stage, denoiser
        self._before, self._padded, self._enlarged, self._s = before, padded, enlarged, s
        self._step, self._done, self._shown = 1, 0, enlarged
        self._plain: Callable[[], Tensor] | None = None
        self._again = False  # whether the last evaluation was an earlier run's
        if state is not None:
            self._step, self._done, self._shown = state.step + 1, state.evaluations, state.clean
        # What an earlier stage made is not worn any more.
        mended = sum(earlier.pack.mends for earlier in work.cascade.stages[: index + 1])
        wear = work.wear if index == mended else 0.0
        self._vector = tell(stage.scale, wear=wear) if stage.pack.told else ()

    def begin_from(self, plain: Callable[[], Tensor]) -> None:
        """What is shown where the first evaluation did not come to, made when it is asked for."""
        self._plain = plain

    def answer(self, evaluation: Evaluation) -> Generator[Event, Command | None, Denoised]:
        """D(x; sigma) of the whole picture. Between two steps the run's state is offered to its keeper."""
        work, stage = self._work, self._stage
        if work.keeper is not None and evaluation.step > self._step:
            before = self._before if self._index > 0 else None
            seconds, elapsed = work.seconds, time.perf_counter() - work.started
            at = (self._index, evaluation.step - 1, evaluation.x, self._shown, before)
            mended = work.mended if self._index > work.mends else None
            so_far = (self._done, work.evaluations, seconds, elapsed, work.tile)
            fraction = work.progress(self._index, evaluation, self._done, 0.0, 0, 1).fraction
            work.keeper.offer(State(*at, *so_far, fraction, mended))
        self._step = evaluation.step
        estimate = yield from self._evaluate(evaluation)
        if stage.pack.mends:
            estimate = replace(estimate, clean=mend(estimate.clean, self._padded))
        elif work.request.colour_lock:
            estimate = replace(estimate, clean=lock_colours(estimate.clean, self._padded, stage.scale))
        if work.tone is not None and not stage.pack.mends:  # repair leaves what is whole to the bit
            estimate = replace(estimate, clean=work.tone.applied(estimate.clean))
        self._shown = estimate.clean
        self._done += 1
        work.evaluations += 1
        if work.keep:
            work.stopped = evaluation.step, evaluation.steps
            stage_too = f"stage {self._index + 1}, " if len(work.cascade.stages) > 1 else ""
            share = 0.0 if stage.pack.mends else work.restored
            work.restored = 1.0 if self._done > 1 and not stage.pack.mends else share
            work.note |= {
                "Stopped": f"{stage_too}step {evaluation.step} of {evaluation.steps}",
                "RestoredShare": round(work.restored, 4),
            }
        return estimate

    def _evaluate(self, evaluation: Evaluation) -> Generator[Event, Command | None, Denoised]:
        """The network's estimate, with a preview of each tile; where the run is told to keep what is there,
        the rest is what was shown before."""
        work, stage, index = self._work, self._stage, self._index
        height, width = self._enlarged.shape[-2:]
        clean = torch.empty_like(self._enlarged)
        variance: Tensor | None = None
        kept = self._kept()
        remaining = self._tiles()
        count, number, covered = len(remaining), 0, 0
        for tile in remaining.copy():
            if (answer := kept.get(tile.centre)) is None:
                continue
            remaining.remove(tile)
            number, covered = number + 1, covered + tile.centre[2] * tile.centre[3]
            clean[(..., *tile.outer)] = answer.estimate.clean
            if answer.estimate.variance is not None:
                variance = torch.empty_like(clean) if variance is None else variance
                variance[(..., *tile.outer)] = answer.estimate.variance
        again, self._again = self._again or bool(kept), bool(kept)
        if again and remaining and work.request.preview_side:  # what an earlier run had made is shown at once
            plain = self._plain if self._done == 0 else None
            shown = self._shown.clone() if plain is None else plain()
            for tile in (tile for tile in self._tiles() if tile not in remaining):
                shown[(..., *tile.outer)] = clean[(..., *tile.outer)]
            box = (0, 0, width, height)
            yield from work.tell(work.preview(index, evaluation, shown, Tile(box, box)))
        while remaining:
            if count > 1 and not stage.pack.local and index not in work.cut:
                work.cut.add(index)
                yield Notice(unlike(stage.pack.name, count))
            tile = remaining[0]
            start = time.perf_counter()
            try:
                part = _evaluate_tile(
                    work.device, self._denoiser, evaluation, self._enlarged, self._s, tile, self._vector
                )
            except (RuntimeError, MemoryError) as error:
                if not out_of_memory(error):
                    raise
                yield Notice(make_room(self))
                remaining = self._tiles()
                count, number, covered = len(remaining), 0, 0
                continue
            work.seconds += time.perf_counter() - start
            remaining.pop(0)
            number += 1
            covered += tile.centre[2] * tile.centre[3]
            if work.tone is not None and not self._stage.pack.mends:
                part = replace(part, clean=work.tone.applied(part.clean))
            clean[(..., *tile.outer)] = part.clean
            if part.variance is not None:
                variance = torch.empty_like(clean) if variance is None else variance
                variance[(..., *tile.outer)] = part.variance
            if work.request.preview_side:
                yield from work.tell(work.preview(index, evaluation, part.clean, tile))
            progress = work.progress(index, evaluation, self._done, covered / (width * height), number, count)
            self._keep(evaluation, tile, part, progress.fraction)
            yield from work.tell(progress)
            if work.keep:
                work.restored = covered / (width * height)
                if remaining and self._plain is not None and self._done == 0:
                    self._shown = self._plain()
                _leave(clean, self._shown, remaining)
                break
        return Denoised(clean, variance)

    def _kept(self) -> dict[Box, TileAnswer]:
        """What an earlier run of the same request had of this evaluation, by the tiles' centres."""
        work = self._work
        if work.keeper is None:
            return {}
        answers = work.keeper.answers(self._index, self._done)
        if answers:
            spot = answers[-1].spot
            work.tile, work.seconds = spot.tile, spot.seconds
            work.started = time.perf_counter() - spot.elapsed
        return {answer.spot.place: answer for answer in answers}

    def _keep(self, evaluation: Evaluation, tile: Tile, part: Denoised, fraction: float) -> None:
        """Give a finished tile to the run's keeper."""
        work = self._work
        if work.keeper is not None:
            at = (self._index, self._done, evaluation.step, evaluation.steps, work.tile, tile.centre)
            elapsed = time.perf_counter() - work.started
            work.keeper.note(TileAnswer(Spot(*at, work.seconds, elapsed, fraction), part))

    def _tiles(self) -> list[Tile]:
        """How the picture is cut; a region as the whole photo would be, as far as it goes."""
        work, stride, margin = self._work, self._denoiser.stride, self._stage.pack.margin
        size = self._enlarged.shape[-1], self._enlarged.shape[-2]
        if not work.parts:
            return plan_tiles(*size, _side(work.tile, *size, margin), margin, stride)
        part = work.parts[self._index]
        scale = math.prod(stage.scale for stage in work.cascade.stages[: self._index + 1])
        width, height = (round_up(side * scale, stride) for side in part.whole)
        tiles = plan_tiles(width, height, _side(work.tile, width, height, margin), margin, stride)
        return within(tiles, (part.origin[0] * scale, part.origin[1] * scale, *size))

    # What `make_room` asks for.

    @property
    def device(self) -> Device:
        return self._work.device

    @device.setter
    def device(self, device: Device) -> None:
        self._work.device = device

    @property
    def _largest(self) -> int:
        """Side of the tiles, or of the picture where that is smaller."""
        return min(self._work.tile, max(self._work.size))

    def smaller(self) -> str:
        half = self._largest // 2
        if half < max(SMALLEST_TILE, self._denoiser.stride):
            return ""
        self._work.tile = half
        return f"{self.device.name} ran out of memory; going on with pieces of {half} pixels."

    def to_processor(self, before: str) -> str:
        self._work.tile = TILE_PIXELS["cpu"]
        self._work.networks.clear()  # the next run is to find them where it asks for them
        self._denoiser.to(device="cpu", dtype=self.device.dtype)
        return (
            f"{before} ran out of memory even with small pieces; going on with the processor, which is "
            "slower."
        )

    def too_large(self) -> ResultError:
        return ResultError(
            f"There is not enough memory for even the smallest piece of {self._largest} pixels; "
            "close other programs and try again."
        )


@torch.inference_mode()
def _evaluate_tile(
    device: Device,
    denoiser: Denoiser,
    evaluation: Evaluation,
    enlarged: Tensor,
    s: float,
    tile: Tile,
    vector: tuple[float, ...] = (),
) -> Denoised:
    window = (..., *tile.window)
    x = evaluation.x[window].to(device.torch)
    level = torch.full((1,), evaluation.sigma, device=device.torch)
    more = [torch.tensor([vector]).to(level)] if vector else []
    condition = (enlarged[window].to(device.torch), torch.full_like(level, s), *more)
    estimate: Denoised = denoiser(x, level, *condition)
    inner = (..., *tile.inner)
    variance = None if estimate.variance is None else estimate.variance[inner].float().cpu()
    return Denoised(estimate.clean[inner].float().cpu(), variance)


def _leave(clean: Tensor, shown: Tensor, left_out: list[Tile]) -> None:
    """Put what was `shown` before where tiles are `left_out`, with a soft border; (1, 3, H, W) both."""
    height, width = clean.shape[-2:]
    for tile in left_out:
        clean[(..., *tile.outer)] = shown[(..., *tile.outer)]
    for tile in left_out:
        left, top, across, down = tile.centre
        columns = torch.arange(max(0, left - FEATHER), min(width, left + across + FEATHER))
        rows = torch.arange(max(0, top - FEATHER), min(height, top + down + FEATHER))
        # How far a pixel lies from the tile, 0 within it.
        beside = torch.maximum(left - columns, columns - (left + across - 1)).clamp(min=0)
        above = torch.maximum(top - rows, rows - (top + down - 1)).clamp(min=0)
        share = (torch.hypot(beside[None, :].float(), above[:, None].float()) / FEATHER).clamp(max=1)
        share = share.square() * (3 - 2 * share)
        window = (..., slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1))
        clean[window] = shown[window].lerp(clean[window], share)


def _side(tile: int, width: int, height: int, margin: int) -> int:
    """Side of tiles' centres; a picture not much larger than a tile with its margins is evaluated whole."""
    return max(width, height) if width * height <= (tile + 2 * margin) ** 2 else tile
