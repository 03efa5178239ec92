"""The restored faces of a run: each goes through the face network, one after the other.

In: the finished picture of a box of the photo, and what is known of its faces. Out: a layer for each restored
face and what became of all of them; `with_faces` puts the layers into the picture. The face network is run by
the engine itself, which the caller passes in.
"""

from __future__ import annotations

from collections.abc import Generator

import torch
from torch import Tensor

from restorer.packs import catalog
from restorer.photo import Photo
from restorer.photo.seed_disagreement import seeds
from restorer.pipeline.events import Box, Command, Event, FaceLayer, FaceResult, Phase, Treatment
from restorer.pipeline.faces.layers import chosen, facts_of_faces
from restorer.pipeline.faces.protection import protected_share
from restorer.pipeline.faces.restoration import (
    MOST_VERSIONED,
    FaceAsked,
    Run,
    choice_for,
    fitting_scale,
    frame_photo,
    layer_of,
    more_versions,
)
from restorer.pipeline.stage.run_context import RunContext

__all__ = ["restore_faces", "with_faces"]


def restore_faces(
    work: RunContext, run: Run, results: list[FaceResult], picture: Tensor, box: Box, photo: Photo
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


def with_faces(
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
