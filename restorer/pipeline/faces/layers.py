"""Restored faces of a result, kept apart from it, so that each can be taken further or less far at once.

In: a result's `FaceLayer`s and what is chosen for each face. Out: any part of the result with the faces so;
how far versions of other seeds disagree; what the provenance says. No run and no network, and no torch: the
window asks this while a slider moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from restorer.pipeline.events import FaceLayer, FaceResult, FaceVersion, Treatment
from restorer.pipeline.request import FaceChoice

if TYPE_CHECKING:
    from restorer.pipeline.events import Box

__all__ = [
    "FaceLayer",
    "FaceVersion",
    "chosen",
    "faced",
    "facts_of_faces",
    "merged",
    "spread",
    "told_anew",
    "with_choices",
]

FACTS = ("FacesRestored", "FaceStrengths", "FaceSeeds")
MODEL_FACTS = ("FaceModel", "FaceModelSHA256")
"""What the provenance says of restored faces, and of what restored them; the names do not change."""


def merged(layers: Iterable[FaceLayer], more: Iterable[FaceLayer]) -> tuple[FaceLayer, ...]:
    """The layers, with the versions that `more` has of the same faces."""
    found = {layer.number: layer for layer in layers}
    for layer in more:
        if layer.number in found:
            known = found[layer.number]
            seeds = {each.seed for each in known.versions}
            fresh = tuple(each for each in layer.versions if each.seed not in seeds)
            found[layer.number] = replace(known, versions=(*known.versions, *fresh))
    return tuple(found.values())


def chosen(results: Iterable[FaceResult], choices: Iterable[FaceChoice] = ()) -> dict[int, FaceChoice]:
    """What holds for each restored face, by its number: what was chosen since, else what the run did."""
    found = {
        each.number: FaceChoice(each.number, each.strength, each.seed)
        for each in results
        if each.treatment is Treatment.RESTORED
    }
    return found | {choice.face: choice for choice in choices if choice.face in found}


def with_choices(results: Iterable[FaceResult], choices: Iterable[FaceChoice]) -> tuple[FaceResult, ...]:
    """What became of each face, with what was chosen since."""
    results = tuple(results)
    now = chosen(results, choices)
    return tuple(
        replace(each, strength=now[each.number].strength, seed=now[each.number].seed)
        if each.number in now
        else each
        for each in results
    )


def faced(
    pixels: np.ndarray, place: Box, layers: Sequence[FaceLayer], choices: Mapping[int, FaceChoice]
) -> np.ndarray:
    """A part of a result with its faces as they are chosen: (h, w, channels), a copy.

    pixels: the result in the box `place`. choices: for each layer, by the face's number.
    """
    out = pixels.copy()
    for layer in layers:
        if (both := _shared(place, layer.box)) is not None:
            out[both[0]] = layer.under[both[1]]
    top = np.iinfo(out.dtype).max
    for layer in layers:
        both, choice = _shared(place, layer.box), choices[layer.number]
        if both is None or choice.strength <= 0:
            continue
        under, over = layer.under[both[1]], layer.version(choice.seed).pixels[both[1]]
        change = choice.strength * (over.astype(np.float32) - under)
        out[both[0]] = np.rint(np.clip(out[both[0]] + change, 0, top)).astype(out.dtype)
    return out


Slices = tuple[slice, slice]


def _shared(one: Box, other: Box) -> tuple[Slices, Slices] | None:
    """What two boxes share, as windows into each of them; None for nothing."""
    x0, y0 = max(one[0], other[0]), max(one[1], other[1])
    x1, y1 = min(one[0] + one[2], other[0] + other[2]), min(one[1] + one[3], other[1] + other[3])
    if x0 >= x1 or y0 >= y1:
        return None
    first, second = (
        (slice(y0 - box[1], y1 - box[1]), slice(x0 - box[0], x1 - box[0])) for box in (one, other)
    )
    return first, second


def spread(layer: FaceLayer) -> float | None:
    """How far the seeds disagree about a face: the mean over its middle of their standard deviation, in grey
    levels of 255. None where there is but one version."""
    from restorer.photo.seed_disagreement import disagreement

    if len(layer.versions) < 2:
        return None
    height, width = layer.under.shape[:2]
    middle = slice(height // 4, height - height // 4), slice(width // 4, width - width // 4)
    return float(disagreement([each.pixels[middle] for each in layer.versions]).mean())


def facts_of_faces(results: Iterable[FaceResult]) -> dict[str, str]:
    """For provenance: of the restored faces their boxes in the photo, how strongly each was restored, from 0
    to 1, and with which seed."""
    restored = [each for each in results if each.treatment is Treatment.RESTORED and each.strength > 0]
    if not restored:
        return {}
    told = (
        [" ".join(map(str, each.face.box)) for each in restored],
        [f"{each.strength:g}" for each in restored],
        [str(each.seed) for each in restored],
    )
    return dict(zip(FACTS, map("; ".join, told), strict=True))


def told_anew(
    provenance: Mapping[str, str | int | float], results: Iterable[FaceResult]
) -> dict[str, str | int | float]:
    """The provenance of a result whose faces were set afterwards."""
    facts: dict[str, str | int | float] = {
        name: value for name, value in provenance.items() if name not in FACTS
    }
    told = facts_of_faces(results)
    if not told:
        facts = {name: value for name, value in facts.items() if name not in MODEL_FACTS}
    return facts | told
