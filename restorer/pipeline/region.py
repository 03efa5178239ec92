"""A part of a photo, restored as the whole run would restore it there.

In: the photo and a box. Out: a smaller photo around the box, with what the engine has to know to give the
same numbers: where it lies, so that every pixel gets the noise of its place.

The networks are local and noise belongs to a place, so a part with enough picture around it gives
the numbers of the whole. Enough is `MARGIN` photo pixels a stage; benchmarks/region.py shows how it was
measured. Repair looks further, for where a scratch goes on: as far as its pack's margin. Each stage gets
only what it and those after it look at, so that repair's margin is not enlarged with the region. A network
that looks at the whole picture (its pack says `"local": false`) gives only a likeness. Where the whole is cut
into tiles the part is cut at the same places: what a tile does not see, the part does not see there either.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from torch import Tensor

from restorer.errors import RequestError
from restorer.photo import Photo
from restorer.pipeline.events import Box
from restorer.pipeline.plan import Cascade
from restorer.pipeline.stage.tiling import round_up

__all__ = ["MARGIN", "Part", "cut", "likeness", "unlike"]

MARGIN = 16
"""Photo pixels around a region for each stage of the chain."""


@dataclass(frozen=True)
class Part:
    """What of a photo one stage works on, in the photo's pixels.

    origin: (left, top) of it in the photo. size: (width, height). inner: the box asked for, within it.
    whole: (width, height) of the photo.
    """

    origin: tuple[int, int]
    size: tuple[int, int]
    inner: Box
    whole: tuple[int, int]

    def within(self, earlier: Part, picture: Tensor, scale: int) -> Tensor:
        """This part out of what an earlier stage made of a larger one, (1, 3, h, w) at `scale` so far."""
        left, top = ((a - b) * scale for a, b in zip(self.origin, earlier.origin, strict=True))
        width, height = (side * scale for side in self.size)
        return picture[..., top : top + height, left : left + width].contiguous()

    def kept(self, picture: Tensor, scale: int) -> Tensor:
        """The box asked for out of (1, 3, h * scale, w * scale)."""
        left, top, width, height = (side * scale for side in self.inner)
        return picture[..., top : top + height, left : left + width].contiguous()

    def photo(self, photo: Photo) -> Photo:
        """The box asked for out of the part."""
        return cropped(photo, self.inner)


def cut(photo: Photo, box: Box, cascade: Cascade, stride: int) -> tuple[Photo, tuple[Part, ...]]:
    """The photo around a box, and what of it each stage works on, each within the one before.

    stride: largest stride of the networks; parts begin at a multiple of it. Raises RequestError if the
    box is not in the photo.
    """
    left, top, width, height = box
    if width < 1 or height < 1 or left < 0 or top < 0:
        raise RequestError(f"A region needs a place in the photo and at least one pixel, not {box}.")
    if left + width > photo.size[0] or top + height > photo.size[1]:
        raise RequestError(
            f"The region {box} is not within {photo.name}, "
            f"which has {photo.size[0]} x {photo.size[1]} pixels."
        )
    margins = [stage.pack.margin if stage.pack.mends else MARGIN for stage in cascade.stages]
    parts = []
    for stage in range(len(margins)):
        margin = sum(margins[stage:])
        x0, y0 = (max(0, side - margin) // stride * stride for side in (left, top))
        x1 = min(photo.size[0], round_up(left + width + margin, stride))
        y1 = min(photo.size[1], round_up(top + height + margin, stride))
        parts.append(Part((x0, y0), (x1 - x0, y1 - y0), (left - x0, top - y0, width, height), photo.size))
    return cropped(photo, (*parts[0].origin, *parts[0].size)), tuple(parts)


def cropped(photo: Photo, box: Box) -> Photo:
    """A box of a photo, with all that belongs to it."""
    rows, columns = slice(box[1], box[1] + box[3]), slice(box[0], box[0] + box[2])
    alpha = None if photo.alpha is None else photo.alpha[rows, columns]
    return replace(photo, pixels=photo.pixels[rows, columns], alpha=alpha)


def likeness(cascade: Cascade) -> str:
    """A sentence where the chain has a network that is not local; empty where the preview is exact."""
    names = {stage.pack.name for stage in cascade.stages if not stage.pack.config.get("local", True)}
    if not names:
        return ""
    return (
        f"The model {' and '.join(sorted(names))} looks at the whole picture at once, so the full run may "
        "look different from this preview."
    )


def unlike(model: str, tiles: int) -> str:
    """The sentence that says so where the picture must be cut into tiles."""
    return (
        f"The model {model} looks at the whole picture; this one is cut into {tiles} pieces to fit in "
        "memory, and comes out different from an uncut one. Larger pieces make the difference smaller."
    )
