"""The engine: `run(request)` is a generator of events; pulling the next one does the next piece of work.

    photo -> tensor -> stages, one after the other (`stage.tiled_stage`) -> faces -> photo

The sampler (a coroutine of `restorer.diffusion.sampler`) owns the mathematics of a step, `stage.stage_runner`
takes it from one evaluation to the next, `stage.tiled_stage` answers them tile by tile, and
`stage.run_context` keeps track. Between two events there is at most one network evaluation of one tile, so
whoever pulls can pause, cancel (close the generator) or stop at any tile.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from restorer.damage.filled_pixels import FilledPixels
from restorer.device import choose
from restorer.diffusion.conditioning import enlarge
from restorer.diffusion.public_denoisers import ADMDenoiser
from restorer.photo import Photo, read_photo
from restorer.photo.faces import find_faces
from restorer.photo.wear import estimate_wear, wear_of
from restorer.pipeline.checks import check_memory, check_result, check_samplers
from restorer.pipeline.chroma import calm_chroma, measure_speckle
from restorer.pipeline.colour_lock import consistency, estimate_grain, find_tone
from restorer.pipeline.events import (
    Box,
    Command,
    Done,
    Event,
    FaceLayer,
    FaceResult,
    Notice,
    Phase,
    Treatment,
)
from restorer.pipeline.faces.face_pass import restore_faces, with_faces
from restorer.pipeline.faces.layers import chosen, faced
from restorer.pipeline.faces.protection import protection_for
from restorer.pipeline.finish import Finisher, finish_of, measure_grain
from restorer.pipeline.network_cache import NetworkCache
from restorer.pipeline.plan import Cascade, auto_clean_up, plan_restore
from restorer.pipeline.preview import enlargement
from restorer.pipeline.provenance import facts_of_photo
from restorer.pipeline.region import Part, cropped, cut, likeness
from restorer.pipeline.request import Faces, RestoreRequest
from restorer.pipeline.resume.checkpoint import Keeper
from restorer.pipeline.stage.run_context import RunContext
from restorer.pipeline.stage.tiled_stage import run_stage

__all__ = ["run"]


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
        work = RunContext(request, cascade, device, size, started, networks, *known, parts, keeper)
        picture, reached = work.begin(calm_chroma(source, speckle, wear)), 0
        for index, (stage, denoiser) in enumerate(zip(cascade.stages, denoisers, strict=True)):
            if work.stopped or (work.state is not None and index < work.state.stage):
                continue
            yield Phase("denoising", f"Restoring {photo.name} with {stage.pack.name}")
            picture, reached = work.input(index, picture), index
            if work.device is not device:  # a stage before ran out of memory
                denoiser.to(device=work.device.torch, dtype=work.device.dtype)
            picture = yield from run_stage(work, index, stage, denoiser, picture)

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
            results, layers = yield from restore_faces(work, run, results, picture, box, photo)
            picture = with_faces(picture, (box[0] * cascade.scale, box[1] * cascade.scale), layers, results)
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
        mended = _mended(work, photo) if request.region is None else None
        if finish.changes:
            corner = None
            if request.region is not None:
                corner = request.region[0] * cascade.scale, request.region[1] * cascade.scale
            plain = photo if mended is None else mended.over(photo)  # else damage would come back
            finished = Finisher(plain, finished, request.seed, measured, corner).whole(finish)
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
        mended=mended,
    )


def _wear_of(source: Tensor, request: RestoreRequest, cascade: Cascade) -> float:
    """What networks are told of the photo's wear: what the person says, or else an estimate."""
    if not cascade.knows_wear:
        return 0.0
    if request.clean_up is not None:
        return request.clean_up
    wear = estimate_wear(source)
    return wear if request.model is not None else auto_clean_up(wear)


def _mended(work: RunContext, photo: Photo) -> FilledPixels | None:
    """What the network of repair put into the photo; None without one, or where it found nothing to mend."""
    if work.mended is None or work.unmended is None:
        return None
    # Repair got the photo with its colours calmed, so only what it changed itself is taken of its picture.
    changed = (work.mended != work.unmended).any(1)[0].numpy()
    picture = photo.with_float(work.mended[0].permute(1, 2, 0).numpy()).pixels
    pixels = np.where(changed[..., None], picture, photo.pixels)
    return FilledPixels.between(photo, replace(photo, pixels=pixels))


def _cut_out(picture: Tensor, box: Box, scale: int) -> Tensor:
    left, top, width, height = (side * scale for side in box)
    return picture[..., top : top + height, left : left + width].contiguous()


def _to_tensor(photo: Photo) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(photo.to_float().transpose(2, 0, 1)))[None]
