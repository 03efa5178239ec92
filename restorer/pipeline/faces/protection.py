"""Faces in a run: which are too small to be known, and what stands in their place in the result.

In: a photo's faces, the photo (mended, where repair is on), the finished picture. Out: the picture in which
nothing is invented in a face whose features the photo does not hold. Such a face is the photo's own, its
grain and JPEG blocks calmed, plainly enlarged; it is blended over the network's within a soft ellipse. The
colours are the photo's on both sides of the seam, and grain is added until there is as much as around it.

By identity (`restorer evaluate faces`, docs/results.md), Balanced beats plain enlargement on small faces of
clean input, and not on faces of up to 48 pixels of worn input; on real scans faces below about 40 were seen
to come out as masks. That is `BOUND`. All depends on the photo and on what lies around a face in the result,
so a region, other tiles and a run that goes on later give the same faces as the whole run.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from restorer.diffusion.conditioning import enlarge
from restorer.diffusion.noise import NoiseField
from restorer.opencv import opencv
from restorer.photo.faces import Face
from restorer.pipeline.colour_lock import Tone
from restorer.pipeline.events import Box
from restorer.pipeline.request import RestoreRequest

__all__ = ["BOUND", "Protection", "ellipse", "matching_grain", "protected_share", "protection_for"]

BOUND = 40.0
"""Width of a face in pixels of the photo below which its features are not known."""
SOFT = 1.2
"""From BOUND to this many times BOUND a face is less and less protected, so that of two people side by side
not one comes out quite unlike the other."""
WIDE, HIGH = 1.15, 1.2
"""The ellipse of full protection in the detector's width and height, which end at ears, brow and chin."""
FEATHER = 0.35
"""How far beyond the ellipse the blend ends, in parts of its size."""
REACH = max(WIDE, HIGH) * (1 + FEATHER)
"""How far an ellipse reaches with all of its blend, in the detector's size."""
RING = 2.2
"""The ellipse within which the grain around a face is measured, in the detector's size."""
AROUND = 2.8
"""The same for faces that are restored: all of the frame that their network sees."""
FACES = 3000
"""Number of the faces' noise among the stages'."""
MARGIN = 8
"""Photo pixels around a face that its cleaning looks at."""
CELL = 8
"""Side of the windows in which grain is measured, in pixels of the result."""


@dataclass(frozen=True, eq=False)
class _Patch:
    """A calm face. left, top: of it in the finished picture. calm: (1, 3, h, w). share: (1, 1, h, w)."""

    left: int
    top: int
    calm: Tensor
    share: Tensor


@dataclass(eq=False)
class Protection:
    """The protected faces of one run.

    faces: those that are protected. size: (width, height) of the photo. scale: of the run. grain: of the
    photo, on [-1, 1]. wear: 0 to 1. tone: of the photo. seed: of the run.
    """

    faces: tuple[Face, ...]
    size: tuple[int, int]
    scale: int
    seed: int
    grain: float
    wear: float
    tone: Tone | None
    _base: Tensor | None = None
    _origin: tuple[int, int] = (0, 0)
    _made: dict[Face, _Patch] = field(default_factory=dict)

    def use(self, base: Tensor, origin: tuple[int, int]) -> None:
        """What the photo's pixels are from now on: (1, 3, h, w) in [-1, 1], its corner in the photo."""
        self._base, self._origin, self._made = base, origin, {}

    @property
    def base(self) -> tuple[Tensor, tuple[int, int]] | None:
        """What `use` was given last."""
        return None if self._base is None else (self._base, self._origin)

    def grown(self, region: Box, others: Sequence[Face] = ()) -> Box:
        """A region with all of every face, of the protected and of `others`, that reaches into it, and what
        lies around that."""
        x0, y0, x1, y1 = region[0], region[1], region[0] + region[2], region[1] + region[3]
        wide = (x0, y0, x1, y1)
        for face in (*self.faces, *others):
            left, top, right, bottom = self._within(face, AROUND if face in others else RING)
            if left < x1 and right > x0 and top < y1 and bottom > y0:
                wide = (min(wide[0], left), min(wide[1], top), max(wide[2], right), max(wide[3], bottom))
        return wide[0], wide[1], wide[2] - wide[0], wide[3] - wide[1]

    def over(self, picture: Tensor, corner: tuple[int, int], grain: bool = True) -> Tensor:
        """The picture with its protected faces: (1, 3, h, w), itself where it has none.

        corner: where it lies in the finished picture of the whole photo. grain: whether to match the grain
        around a face, which all of the face has to be there for.
        """
        height, width = picture.shape[-2:]
        out = picture
        for face in self.faces:
            patch = self._patch(face)
            if patch is None:
                continue
            x, y = patch.left - corner[0], patch.top - corner[1]
            x0, y0 = max(0, x), max(0, y)
            x1, y1 = min(width, x + patch.calm.shape[-1]), min(height, y + patch.calm.shape[-2])
            if x0 >= x1 or y0 >= y1:
                continue
            inside = (..., slice(y0 - y, y1 - y), slice(x0 - x, x1 - x))
            calm, share = patch.calm[inside], patch.share[inside]
            if grain:
                calm = calm + self._grain(face, picture, corner, patch)[inside]
            if out is picture:
                out = picture.clone()
            out[..., y0:y1, x0:x1] = out[..., y0:y1, x0:x1].lerp(calm, share).clamp(-1, 1)
        return out

    def facts(self) -> dict[str, str | int | float]:
        """For provenance: the boxes of the protected faces in the photo, left, top, width and height."""
        boxes = (" ".join(map(str, face.box)) for face in self.faces)
        return {"FacesProtected": "; ".join(boxes)} if self.faces else {}

    def _within(self, face: Face, factor: float) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of a face's surroundings, within the photo."""
        left, top, width, height = face.around(factor)
        across, down = self.size
        return max(0, left), max(0, top), min(across, left + width), min(down, top + height)

    def _patch(self, face: Face) -> _Patch | None:
        """The calm face, made once; None where the base shows nothing of it."""
        if self._base is None:
            return None
        if face not in self._made:
            height, width = self._base.shape[-2:]
            left, top, right, bottom = self._within(face, REACH)
            x0, y0 = left - self._origin[0], top - self._origin[1]
            x1, y1 = min(width, right - self._origin[0]), min(height, bottom - self._origin[1])
            x0, y0 = max(0, x0), max(0, y0)
            if x0 >= x1 or y0 >= y1:
                return None
            outer = max(0, x0 - MARGIN), max(0, y0 - MARGIN)
            around = self._base[..., outer[1] : y1 + MARGIN, outer[0] : x1 + MARGIN]
            large = enlarge(calmed(around, self.grain, self.wear), self.scale).clamp(-1, 1)
            rows = slice((y0 - outer[1]) * self.scale, (y1 - outer[1]) * self.scale)
            columns = slice((x0 - outer[0]) * self.scale, (x1 - outer[0]) * self.scale)
            calm = large[..., rows, columns]
            if self.tone is not None:
                calm = self.tone.applied(calm)
            corner = (x0 + self._origin[0]) * self.scale, (y0 + self._origin[1]) * self.scale
            share = ellipse(face, corner, (calm.shape[-1], calm.shape[-2]), self.scale)
            share = share * protected_share(face.width)
            self._made[face] = _Patch(*corner, calm, share)
        return self._made[face]

    def _grain(self, face: Face, picture: Tensor, corner: tuple[int, int], patch: _Patch) -> Tensor:
        """Noise (1, 1, h, w) that a calm face lacks beside what lies around it in the picture."""
        left, top, right, bottom = self._within(face, RING)
        x0, y0 = max(0, left * self.scale - corner[0]), max(0, top * self.scale - corner[1])
        x1, y1 = right * self.scale - corner[0], bottom * self.scale - corner[1]
        around = picture[..., y0 : max(y0, y1), x0 : max(x0, x1)]
        size = around.shape[-1], around.shape[-2]
        here = ellipse(face, (corner[0] + x0, corner[1] + y0), size, self.scale)
        there = _level(around, here == 0)
        return _grain_for(patch.calm, patch.share, there, (patch.left, patch.top), self.seed, self.scale)


def matching_grain(
    made: Tensor, share: Tensor, around: Tensor, place: tuple[int, int], seed: int, scale: int
) -> Tensor:
    """Noise (1, 1, h, w) that a face lacks beside the picture that it comes into.

    made, around: (1, 3, h, w), the same box of both. share: (1, 1, h, w), 0 where the picture stays. place:
    (left, top) of the box in the finished picture of the whole photo.
    """
    return _grain_for(made, share, _level(around, share == 0), place, seed, scale)


def _grain_for(
    made: Tensor, share: Tensor, wanted: float, place: tuple[int, int], seed: int, scale: int
) -> Tensor:
    lacks = math.sqrt(max(0.0, wanted**2 - _level(made, share > 0) ** 2))
    height, width = made.shape[-2:]
    return lacks * _grainy(NoiseField(seed, FACES).box(0, *place, width, height, channels=1), scale)


def protection_for(
    request: RestoreRequest,
    faces: Sequence[Face],
    size: tuple[int, int],
    scale: int,
    grain: float,
    wear: float,
    tone: Tone | None,
) -> Protection:
    """What is protected of a photo of `size` with these faces; grain, wear, tone: of the photo."""
    small = tuple(face for face in faces if protected_share(face.width) > 0)
    return Protection(small, size, scale, request.seed, grain, wear, tone)


def protected_share(width: float) -> float:
    """How far a face of `width` photo pixels is protected: 1 below BOUND, 0 from SOFT times that on."""
    return min(1.0, max(0.0, (SOFT * BOUND - width) / ((SOFT - 1) * BOUND)))


def ellipse(face: Face, corner: tuple[int, int], size: tuple[int, int], scale: float) -> Tensor:
    """A face's soft ellipse, (1, 1, height, width) in 0 to 1: 1 within it, 0 from FEATHER beyond it on.

    corner: (left, top) of the box of `size` (width, height), in pixels of the picture, `scale` a photo pixel.
    """
    x = (torch.arange(size[0]) + 0.5 + corner[0]) / scale - face.centre[0]
    y = ((torch.arange(size[1]) + 0.5 + corner[1]) / scale - face.centre[1])[:, None]
    turn = math.radians(face.roll)
    across = (x * math.cos(turn) + y * math.sin(turn)) / (WIDE * face.size[0] / 2)
    down = (y * math.cos(turn) - x * math.sin(turn)) / (HIGH * face.size[1] / 2)
    past = ((across.square() + down.square()).sqrt() - 1) / FEATHER
    near = (1 - past).clamp(0, 1)
    return (near * near * (3 - 2 * near))[None, None].float()


def calmed(face: Tensor, grain: float, wear: float) -> Tensor:
    """A piece of a photo (1, 3, h, w) with its grain and JPEG blocks calmed: a bilateral filter whose reach
    in tone follows grain and wear, so that a clean photo stays as it is."""
    reach = max(2.5 * grain, wear * 12 / 127.5)
    if reach < 2 / 127.5:
        return face
    pixels = np.ascontiguousarray(face[0].permute(1, 2, 0).numpy(), np.float32)
    calm = opencv().bilateralFilter(pixels, 5, reach, 1.2)
    return torch.from_numpy(calm).permute(2, 0, 1)[None]


def _high(picture: Tensor) -> Tensor:
    """Detail finer than about four pixels of the mean of the channels, (1, 1, h, w)."""
    grey = picture.mean(1, keepdim=True)
    around = functional.pad(grey, (1, 1, 1, 1), mode="replicate")
    return grey - functional.avg_pool2d(around, 3, stride=1)


def _level(picture: Tensor, where: Tensor) -> float:
    """Deviation of the fine detail in the calmer windows of a picture; 0 where there are none."""
    if min(picture.shape[-2:]) < CELL:
        return 0.0
    energy = functional.avg_pool2d(_high(picture).square(), CELL)
    whole = functional.avg_pool2d(where.float(), CELL) > 0.95
    windows = energy[whole]
    return 0.0 if len(windows) == 0 else float(windows.quantile(0.2).sqrt())


def _grainy(noise: Tensor, scale: int) -> Tensor:
    """White noise as grain of a photo enlarged by `scale` is: soft, and with fine detail of deviation 1."""
    sigma = max(0.3, 0.12 * scale)
    radius = max(1, round(3 * sigma))
    kernel = torch.exp(-(torch.arange(-radius, radius + 1).float() ** 2) / (2 * sigma**2))
    kernel = kernel / kernel.sum()
    soft = functional.pad(noise, (radius,) * 4, mode="replicate")
    soft = functional.conv2d(soft, kernel[None, None, None])
    soft = functional.conv2d(soft, kernel[None, None, :, None])
    # What `_high` leaves of it, worked out rather than measured: a face has few pixels.
    point = torch.outer(kernel, kernel)[None, None]
    around = functional.avg_pool2d(functional.pad(point, (2,) * 4), 3, stride=1)
    return soft / float((functional.pad(point, (1,) * 4) - around).square().sum().sqrt())
