"""Layers of restored faces on their way into a result's file and back: their pixels, and the JSON beside it.

In: a result's layers. Out: arrays in the order in which the file has them, and plain values; from these the
same layers again. What is read may be damaged or made to harm: anything out of range raises ValueError.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from restorer.pipeline.faces.layers import FaceLayer

MOST_LAYERS, MOST_VERSIONS, MOST_BOX, MOST_SEEN = 5000, 256, 2**16, 4096
"""More than a result has: layers, versions of each, pixels of a side of a box and of what a network is
given."""


def arrays_of(layers: Iterable[FaceLayer]) -> list[np.ndarray]:
    """All pixels, in the order of the file."""
    return [
        array
        for layer in layers
        for array in (layer.under, *(version.pixels for version in layer.versions), layer.seen)
    ]


def without_pixels(layers: Iterable[FaceLayer]) -> tuple[FaceLayer, ...]:
    """The layers with a single pixel in each picture; their boxes say how large they are."""
    return tuple(
        replace(
            layer,
            under=layer.under[:1, :1].copy(),
            versions=tuple(replace(each, pixels=each.pixels[:1, :1].copy()) for each in layer.versions),
            seen=layer.seen[:1].copy(),  # a row, for it says how large the square is
        )
        for layer in layers
    )


def with_room(layers: Iterable[FaceLayer]) -> tuple[FaceLayer, ...]:
    """Layers of `without_pixels` with empty pictures of their real size."""
    import numpy as np

    made = []
    for layer in layers:
        shape, side = (layer.box[3], layer.box[2], layer.under.shape[2]), layer.seen.shape[1]
        kind = layer.under.dtype
        versions = tuple(replace(each, pixels=np.empty(shape, kind)) for each in layer.versions)
        seen = np.empty((side, side, layer.seen.shape[2]), layer.seen.dtype)
        made.append(replace(layer, under=np.empty(shape, kind), versions=versions, seen=seen))
    return tuple(made)


def bytes_of(layers: Iterable[FaceLayer], sample: int) -> int:
    """Bytes that their pixels take in a file, with so many bytes a sample."""
    total = 0
    for layer in layers:
        pictures = 1 + len(layer.versions)
        total += pictures * layer.box[2] * layer.box[3] * layer.under.shape[2] * sample
        total += layer.seen.shape[1] ** 2 * layer.seen.shape[2] * layer.seen.itemsize
    return total


def plain_layers(layers: Iterable[FaceLayer]) -> list[dict[str, Any]]:
    """All but the pixels, as values that JSON knows."""
    return [
        {
            "number": layer.number,
            "box": list(layer.box),
            "seeds": [version.seed for version in layer.versions],
            "seen": layer.seen.shape[1],
        }
        for layer in layers
    ]


def layers_from(plain: Any, point: np.ndarray) -> tuple[FaceLayer, ...]:
    """Layers without pixels again. point: a pixel of the result, (1, 1, channels). Raises ValueError."""
    import numpy as np

    from restorer.pipeline.faces.layers import FaceLayer, FaceVersion

    if not isinstance(plain, list) or len(plain) > MOST_LAYERS:
        raise ValueError("no layers of ours")
    made = []
    for each in plain:
        box, seeds, side = each["box"], each["seeds"], each["seen"]
        whole = isinstance(box, list) and len(box) == 4 and all(type(value) is int for value in box)
        if not whole or not all(0 < value <= MOST_BOX for value in box[2:]):
            raise ValueError("no box of a face")
        if not isinstance(seeds, list) or not 0 < len(seeds) <= MOST_VERSIONS:
            raise ValueError("no versions of a face")
        if type(side) is not int or not 0 < side <= MOST_SEEN or type(each["number"]) is not int:
            raise ValueError("no face of ours")
        pixel = np.zeros_like(point)
        versions = tuple(FaceVersion(int(seed), pixel.copy()) for seed in seeds)
        left, top, width, height = box
        seen = np.zeros((1, side, 3), np.uint16)
        made.append(FaceLayer(each["number"], (left, top, width, height), pixel, versions, seen))
    return tuple(made)
