"""The engine: `run(request)` is a generator of events; pulling the next one does the next piece of work.

    photo -> tensor -> [ noise up to level s -> enlarge -> sampler walks down the noise grid ] -> photo
                         ^ once a stage                    ^ asks for D(x; sigma), answered tile by tile

The sampler (a coroutine of `restorer.diffusion.sampler`) owns the mathematics of a step, `stage_runner` takes
it from one evaluation to the next, and this module answers them: it cuts the state into tiles, runs the
network on each, shows what came out, and puts the tiles together before the sampler goes on. Between two
events there is at most one network evaluation of one tile, so whoever pulls can pause, cancel (close the
generator) or stop at any tile.

State lives in float32 on the processor; only tiles travel to the device. If memory runs out the tile is
halved, then the processor takes over (`memory_fallback`), and a Notice says so.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from restorer.device import Device, choose, out_of_memory
from restorer.diffusion.conditioning import added_noise, enlarge
from restorer.diffusion.denoiser import Denoised, tell
from restorer.diffusion.noise import NoiseField
from restorer.diffusion.public_denoisers import ADMDenoiser
from restorer.diffusion.sampler import Evaluation, evaluations
from restorer.errors import ResultError
from restorer.packs import catalog
from restorer.packs.builders import Denoiser
from restorer.photo import Photo, read_photo
from restorer.photo.faces import find_faces
from restorer.photo.seed_disagreement import seeds
from restorer.photo.wear import estimate_wear, wear_of
from restorer.pipeline.checks import check_memory, check_result, check_samplers
from restorer.pipeline.chroma import calm_chroma, measure_speckle
from restorer.pipeline.colour_lock import Tone, consistency, estimate_grain, find_tone, lock_colours
from restorer.pipeline.events import Box, Command, Done, Event, FaceResult, Notice, Phase, Progress, Treatment
from restorer.pipeline.faces.layers import FaceLayer, chosen, faced, facts_of_faces
from restorer.pipeline.faces.protection import Protection, protected_share, protection_for
from restorer.pipeline.faces.restoration import (
    MOST_VERSIONED,
    FaceAsked,
    choice_for,
    fitting_scale,
    frame_photo,
    layer_of,
    more_versions,
)
from restorer.pipeline.finish import Finisher, finish_of, measure_grain
from restorer.pipeline.memory_fallback import make_room
from restorer.pipeline.network_cache import NetworkCache
from restorer.pipeline.plan import Cascade, Stage, plan_restore
from restorer.pipeline.preview import enlargement, preview
from restorer.pipeline.provenance import facts_of_photo
from restorer.pipeline.region import Part, cropped, cut, likeness, unlike
from restorer.pipeline.repair import mend, mended_share
from restorer.pipeline.request import Faces, RestoreRequest
from restorer.pipeline.resume.answer_log import Answer, Spot
from restorer.pipeline.resume.checkpoint import Keeper, State
from restorer.pipeline.stage_runner import noise_grid, run_sampler, start_sampler
from restorer.pipeline.tiling import Tile, plan, round_up, within

__all__ = ["run"]

TILE_PIXELS = {"cpu": 544, "mps": 768, "xpu": 1024, "cuda": 1536}
"""Side of a tile's centre by kind of device: on a processor small enough to answer Cancel within a second."""
SMALLEST_TILE = 64
FEATHER = 48
"""Pixels over which a picture that is kept half-done passes from what is restored to what is not."""
REPAIR = 2000  # number of its noise: repair is not counted among the stages


def run(
    request: RestoreRequest, networks: NetworkCache | None = None
) -> Generator[Event, Command | None, None]:
    """Restore one photo, event by event; the last event is `Done`.

    networks: where loaded networks are kept for the next run; without it they go with this one.
    Closing the generator cancels the run; sending Command.KEEP ends it at the picture shown. Raises
    PhotoError, PackError, RequestError or ResultError, each with a sentence for the person; nothing is
    written to disk here but the run's state, where the request asks for it.
    """
    started = time.perf_counter()
    cascade = plan_restore(request)  # a model that is missing is named before anything is read
    photo = read_photo(request.source) if isinstance(request.source, Path) else request.source
    if request.model is None and request.clean_up is None:
        cascade = plan_restore(request, wear_of(photo))
    yield Phase("loading", f"Loading the model {cascade.name}")
    device = choose(request.device)
    check_samplers(cascade)
    networks = networks or NetworkCache()
    wanted = (stage.pack for stage in cascade.stages)
    loaded, device, instead = networks.load_where_it_fits(wanted, device)
    if instead:
        yield Notice(instead)
    denoisers = [loaded[stage.pack.name] for stage in cascade.stages]
    for denoiser in denoisers:
        if isinstance(denoiser, ADMDenoiser):
            denoiser.choose(request.label)

    yield Phase("preparing", f"Preparing {photo.name}")
    if request.region is None:
        check_memory(photo, cascade.scale)  # before anything as large as the photo is made
    source = _to_tensor(photo)
    parts: tuple[Part, ...] = ()
    grain = estimate_grain(source)
    wear, tone = _wear_of(source, request, cascade), find_tone(source)
    speckle = measure_speckle(source) if wear > 0 and tone is None else torch.zeros(3)
    finish = finish_of(request)
    measured = measure_grain(photo) if finish.grain > 0 else None
    if measured is None:  # there is none to put back
        finish = replace(finish, grain=0.0)
    faces = () if request.faces is Faces.OFF or cascade.of_a_face else find_faces(photo)
    protection = protection_for(request, faces, photo.size, cascade.scale, grain, wear, tone)
    box: Box = (0, 0, *photo.size)  # of the photo, that is made
    if request.region is not None:
        if sentence := likeness(cascade):
            yield Notice(sentence)
        stride = max(denoiser.stride for denoiser in denoisers)
        box = protection.grown(request.region, faces if request.faces is Faces.RESTORE else ())
        photo, parts = cut(photo, box, cascade, stride)
        check_memory(photo, cascade.scale)
        source = _to_tensor(photo)
    size = (photo.size[0] * cascade.scale, photo.size[1] * cascade.scale)
    if request.preview_side:
        yield enlargement(source, size, request.preview_side)

    with Keeper(request, photo, cascade) if request.keep is not None else nullcontext() as keeper:
        known = (grain, wear, tone, protection)
        work = _Work(request, cascade, device, size, started, networks, *known, parts, keeper)
        picture, reached = work.begin(calm_chroma(source, speckle, wear)), 0
        for index, (stage, denoiser) in enumerate(zip(cascade.stages, denoisers, strict=True)):
            if work.stopped or (work.state is not None and index < work.state.stage):
                continue
            yield Phase("denoising", f"Restoring {photo.name} with {stage.pack.name}")
            picture, reached = work.input(index, picture), index
            if work.device is not device:  # a stage before ran out of memory
                denoiser.to(device=work.device.torch, dtype=work.device.dtype)
            picture = yield from _run_stage(work, index, stage, denoiser, picture)

        yield Phase("finishing", f"Finishing {photo.name}")
        if picture.shape[-2:] != (work.size[1], work.size[0]):  # stopped before the last stage
            picture = enlarge(picture, work.size[0] // picture.shape[-1]).clamp(-1, 1)
        if parts:
            picture, photo = parts[reached].kept(picture, cascade.scale), parts[0].photo(photo)
        picture = protection.over(picture, (box[0] * cascade.scale, box[1] * cascade.scale))
        results = [
            FaceResult(n, face, Treatment.PROTECTED if face in protection.faces else Treatment.LEFT)
            for n, face in enumerate(faces)
        ]
        layers: tuple[FaceLayer, ...] = ()
        if request.faces is Faces.RESTORE:
            results, layers = yield from _restore_faces(work, results, picture, box, photo)
            picture = _faced(picture, (box[0] * cascade.scale, box[1] * cascade.scale), layers, results)
        if request.region is not None:
            left, top, width, height = request.region
            photo = cropped(photo, (left - box[0], top - box[1], width, height))
            picture = _cut_out(picture, (left - box[0], top - box[1], width, height), cascade.scale)
            source = _to_tensor(photo)
        check_result(picture, source, photo)
        agreement = consistency(picture, source)
        finished = photo.with_float(picture[0].permute(1, 2, 0).numpy())
        if layers and request.region is None:  # to the bit as who sets them so afterwards
            pixels = faced(finished.pixels, (0, 0, *finished.size), layers, chosen(results))
            finished = replace(finished, pixels=pixels)
        if finish.changes:
            corner = None
            if request.region is not None:
                corner = request.region[0] * cascade.scale, request.region[1] * cascade.scale
            finished = Finisher(photo, finished, request.seed, measured, corner).whole(finish)
        work.device.release()
        if keeper is not None:
            keeper.done()
    yield Done(
        photo=finished,
        model=cascade.name,
        seed=request.seed,
        device=work.device.name,
        evaluations=work.evaluations,
        seconds=time.perf_counter() - work.started,
        megapixels=finished.size[0] * finished.size[1] / 1e6,
        consistency=agreement,
        provenance=facts_of_photo(request, cascade, photo, wear)
        | protection.facts()
        | work.note
        | finish.facts(),
        stopped=work.stopped,
        restored=work.restored,
        faces=tuple(results),
        face_layers=layers if request.region is None else (),
    )


def _restore_faces(
    work: _Work, results: list[FaceResult], picture: Tensor, box: Box, photo: Photo
) -> Generator[Event, Command | None, tuple[list[FaceResult], tuple[FaceLayer, ...]]]:
    """The restored faces of a box of the photo, one by one, and what became of all."""
    request, scale, base = work.request, work.cascade.scale, work.protection.base
    pack = catalog.face_restorer(request.face_model)
    asked = FaceAsked(pack.name, request.preset, request.fidelity, request.colour_lock, device=request.device)
    done: list[FaceResult] = []
    layers: list[FaceLayer] = []
    for number, result in enumerate(results):
        face, choice = result.face, choice_for(request.face_choices, number, request.seed)
        strength = choice.strength * (1 - protected_share(face.width))
        enlargement = fitting_scale(pack, face)
        done.append(result)
        if base is None or enlargement is None or strength <= 0 or not _meet(face.box, box):
            continue
        seen = frame_photo(*base, face, pack.frame // enlargement)
        corner = box[0] * scale, box[1] * scale
        layer: FaceLayer | None = layer_of(picture, number, face, seen, corner, scale, photo)
        if layer is None:
            continue
        yield Phase("finishing", f"Restoring face {number + 1} of {len(results)} with {pack.name}")
        seed = request.seed if choice.seed is None else choice.seed
        count = request.face_versions if len(layers) < MOST_VERSIONED and request.region is None else 1
        parts = (layer, face, asked, pack.frame, scale, work.tone, seeds(seed, count))
        *_, layer = more_versions(*parts, run, work.networks)
        assert layer is not None
        layers.append(layer)
        done[-1] = FaceResult(number, face, Treatment.RESTORED, strength, seed)
    if facts := facts_of_faces(done):
        work.note |= facts | {"FaceModel": pack.name, "FaceModelSHA256": pack.sha256}
    return done, tuple(layers)


def _faced(
    picture: Tensor, corner: tuple[int, int], layers: tuple[FaceLayer, ...], results: list[FaceResult]
) -> Tensor:
    """A picture (1, 3, h, w) of a whole photo or a region of it with its restored faces."""
    choices, out = chosen(results), picture.clone()
    for layer in layers:
        left, top, width, height = layer.box
        window = (
            ...,
            slice(top - corner[1], top - corner[1] + height),
            slice(left - corner[0], left - corner[0] + width),
        )
        under, over = (
            torch.from_numpy(Photo(pixels).to_float()).permute(2, 0, 1)[None]
            for pixels in (layer.under, layer.versions[0].pixels)
        )
        out[window] = (out[window] + choices[layer.number].strength * (over - under)).clamp(-1, 1)
    return out


def _meet(one: Box, other: Box) -> bool:
    return all(
        one[axis] < other[axis] + other[axis + 2] and other[axis] < one[axis] + one[axis + 2]
        for axis in (0, 1)
    )


def _wear_of(source: Tensor, request: RestoreRequest, cascade: Cascade) -> float:
    """What networks are told of the photo's wear: what the person says, or else an estimate."""
    if not cascade.knows_wear:
        return 0.0
    return estimate_wear(source) if request.clean_up is None else request.clean_up


@dataclass
class _Work:
    """What a run keeps track of while it walks: device, tile side, how long tiles take, what it was told.

    grain, wear, tone, protection: of the whole photo. parts: what each stage works on, where it is not all
    of it. unmended, mended: the photo before repair and after it. restored: share of the picture that the
    last stage that was begun has seen, in [0, 1].
    """

    request: RestoreRequest
    cascade: Cascade
    device: Device
    size: tuple[int, int]
    started: float
    networks: NetworkCache
    grain: float
    wear: float
    tone: Tone | None
    protection: Protection
    parts: tuple[Part, ...] = ()
    keeper: Keeper | None = None
    state: State | None = None
    keep: bool = False
    stopped: tuple[int, int] | None = None
    restored: float = 1.0
    note: dict[str, str | int | float] = field(default_factory=dict)
    tile: int = 0
    evaluations: int = 0
    seconds: float = 0.0
    cost: list[float] = field(default_factory=list)
    cut: set[int] = field(default_factory=set)  # stages that tiles change, of which it was said
    mended: Tensor | None = None
    unmended: Tensor | None = None

    def __post_init__(self) -> None:
        self.tile = self.request.tile or TILE_PIXELS[self.device.torch.type]
        self.state = self.keeper.state if self.keeper is not None else None
        if self.state is not None:  # an earlier run of the same request came so far
            self.tile, self.evaluations = self.state.tile, self.state.all_evaluations
            self.seconds, self.started = self.state.seconds, self.started - self.state.elapsed
        # Work of a stage in arbitrary units: evaluations times pixels.
        scale = 1.0
        for index, stage in enumerate(self.cascade.stages):
            scale *= stage.scale
            pixels = scale**2 * (math.prod(self.parts[index].size) if self.parts else 1)
            self.cost.append(evaluations(stage.settings.sampler, stage.settings.steps) * pixels)

    def tell(self, event: Event) -> Generator[Event, Command | None, None]:
        """Yield an event and note what is answered."""
        if (yield event) is Command.KEEP:
            self.keep = True

    def corner(self, stage: int) -> tuple[int, int]:
        """Where the stage's input begins in the whole photo as that stage would get it."""
        origin = self.origin(stage)
        earlier = math.prod(stage.scale for stage in self.cascade.stages[:stage])
        return origin[0] * earlier, origin[1] * earlier

    def begin(self, source: Tensor) -> Tensor:
        """What the first stage works on. Faces are made of it, or of what repair made of it."""
        self.protection.use(source, self.origin(0))
        self.unmended = source if self.mends else None
        if self.state is not None and self.state.mended is not None:
            self.mended = self.state.mended
            self.protection.use(self.mended, self.origin(self.mends))
            self._note_mended()
        return source

    def _note_mended(self) -> None:
        """How much repair found to mend; a region that is made of a larger part cannot say it."""
        if self.mended is not None and self.unmended is not None and not self.parts:
            self.note["Mended"] = round(mended_share(self.mended, self.unmended), 6)

    @property
    def mends(self) -> int:
        """How many stages of repair there are; they come first."""
        return sum(stage.pack.mends for stage in self.cascade.stages)

    def origin(self, stage: int) -> tuple[int, int]:
        """Where the stage's part begins in the photo, in the photo's pixels."""
        return self.parts[stage].origin if self.parts else (0, 0)

    def input(self, stage: int, picture: Tensor) -> Tensor:
        """What a stage works on, out of what the one before it made; where a kept run goes on, its own."""
        earlier = math.prod(each.scale for each in self.cascade.stages[:stage])
        if self.state is not None and self.state.picture is not None:
            picture = self.state.picture
        elif self.parts and stage:
            picture = self.parts[stage].within(self.parts[stage - 1], picture, earlier)
        later = self.cascade.scale // earlier
        self.size = picture.shape[-1] * later, picture.shape[-2] * later
        if stage == self.mends and stage:
            self.mended = picture
            self._note_mended()
            self.protection.use(picture, self.origin(stage))
        return picture

    def preview(self, stage: int, evaluation: Evaluation, clean: Tensor, tile: Tile) -> Event:
        """The tile's estimate for the screen."""
        later = math.prod(each.scale for each in self.cascade.stages[stage + 1 :])
        if stage == len(self.cascade.stages) - 1:
            scale, (left, top) = self.cascade.stages[stage].scale, self.corner(stage)
            corner = (left * scale + tile.centre[0], top * scale + tile.centre[1])
            clean = self.protection.over(clean, corner, grain=False)
        return preview(evaluation, clean, tile, later, self.size, self.request.preview_side)

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
    work: _Work, index: int, stage: Stage, denoiser: Denoiser, picture: Tensor
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
        work: _Work,
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

    def _kept(self) -> dict[Box, Answer]:
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
            work.keeper.note(Answer(Spot(*at, work.seconds, elapsed, fraction), part))

    def _tiles(self) -> list[Tile]:
        """How the picture is cut; a region as the whole photo would be, as far as it goes."""
        work, stride, margin = self._work, self._denoiser.stride, self._stage.pack.margin
        size = self._enlarged.shape[-1], self._enlarged.shape[-2]
        if not work.parts:
            return plan(*size, _side(work.tile, *size, margin), margin, stride)
        part = work.parts[self._index]
        scale = math.prod(stage.scale for stage in work.cascade.stages[: self._index + 1])
        width, height = (round_up(side * scale, stride) for side in part.whole)
        tiles = plan(width, height, _side(work.tile, width, height, margin), margin, stride)
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


# -- pictures ---------------------------------------------------------------------------------------


def _cut_out(picture: Tensor, box: Box, scale: int) -> Tensor:
    left, top, width, height = (side * scale for side in box)
    return picture[..., top : top + height, left : left + width].contiguous()


def _to_tensor(photo: Photo) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(photo.to_float().transpose(2, 0, 1)))[None]
