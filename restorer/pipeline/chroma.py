"""Colour speckle of a photo, calmed before a network sees it.

Film grain, old sensors and JPEG leave noise in colour that is coarser than noise in brightness: blotches
several pixels wide. A network takes them for colours of the photo, and the colour lock would hold on to them.
What the brightness explains of a colour stays (a guided filter: He, Sun and Tang, IEEE TPAMI 35, 2013,
equations 5, 6 and 8), and so does what stands out from the speckle, such as an eye; brightness itself is not
touched.

All pictures here are tensors (1, 3, H, W), float32, [-1, 1].
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

__all__ = ["REACH", "calm_chroma", "measure_speckle"]

RADIUS = 6
"""Pixels on each side over which a colour is averaged."""
REACH = 2 * RADIUS + 2
"""Pixels around a place that its colour depends on."""
EDGE = 4 / 127.5
"""Deviation of the brightness in a window, from which on it is structure that colours may follow."""
STANDS_OUT, MOST = 2.5, 10 / 127.5
"""Deviations of the speckle from which on a colour is one of the photo's own, and how far a colour is moved
at most: a small and colourful picture measures as much as a speckled one."""
LEAST = 0.6 / 127.5
"""Speckle below this is not seen, and is left alone."""
FULL_WEAR = 0.5
"""Wear from which on speckle is calmed altogether; below it in proportion."""
PATCH, PATCHES = 96, 6
"""Side of the parts that are measured, and how many there are at most along each side of the photo."""
BAND = 512
"""Rows that are worked on at once, so that a large photo is not held many times over."""
WEIGHTS = (0.299, 0.587, 0.114)


def measure_speckle(photo: Tensor) -> Tensor:
    """(3,): standard deviation of the speckle in the colour of each channel, on [-1, 1].

    Parts that are spread evenly over the photo speak for it; the median of them is not moved by a few colours
    that brightness does not explain.
    """
    height, width = photo.shape[-2:]
    found = []
    for top in _places(height):
        for left in _places(width):
            part = photo[..., top : top + PATCH, left : left + PATCH]
            _, chroma = _split(part)
            found.append((chroma - _guided(part)).abs().flatten(1))
    return torch.cat([each.flatten(1) for each in found], 1).median(1).values * 1.4826


def calm_chroma(photo: Tensor, speckle: Tensor, wear: float) -> Tensor:
    """The photo with its colour speckle calmed; itself where there is none, or at a wear of 0.

    speckle: (3,), of the whole photo, as `measure_speckle` gives it. wear: [0, 1]. The brightness stays the
    same, within rounding.
    """
    amount = min(1.0, wear / FULL_WEAR)
    if amount <= 0 or float(speckle.max()) < LEAST:
        return photo
    height = photo.shape[-2]
    bands = []
    for top in range(0, height, BAND):
        first, last = max(0, top - REACH), min(height, top + BAND + REACH)
        bands.append(_calmed(photo[..., first:last, :], speckle)[..., top - first : top - first + BAND, :])
    return photo.lerp(torch.cat(bands, -2).clamp(-1, 1), amount)


def _calmed(photo: Tensor, speckle: Tensor) -> Tensor:
    luma, chroma = _split(photo)
    smooth = _guided(photo)[None]
    away = chroma[None] - smooth
    least = (STANDS_OUT * speckle).clamp(max=MOST)[None, :, None, None]
    own = away.sign() * (away.abs() - least).clamp(min=0)
    colour = smooth + own
    weights = photo.new_tensor(WEIGHTS)[None, :, None, None]
    return luma + colour - (colour * weights).sum(1, keepdim=True)


def _split(photo: Tensor) -> tuple[Tensor, Tensor]:
    """Brightness (1, 1, H, W), and what each channel differs from it, (3, H, W)."""
    weights = photo.new_tensor(WEIGHTS)[None, :, None, None]
    luma = (photo * weights).sum(1, keepdim=True)
    return luma, (photo - luma)[0]


def _guided(photo: Tensor) -> Tensor:
    """(3, H, W): the colours as far as brightness explains them within `RADIUS`."""
    luma, chroma = _split(photo)
    guide = functional.avg_pool2d(luma, 3, 1, 1, count_include_pad=False)
    mean = _mean(guide)
    spread = _mean(guide.square()) - mean.square()
    planes = chroma[:, None]
    middle = _mean(planes)
    slope = (_mean(guide * planes) - mean * middle) / (spread.clamp(min=0) + EDGE**2)
    return (_mean(slope) * guide + _mean(middle - slope * mean))[:, 0]


def _mean(planes: Tensor) -> Tensor:
    """Mean of the windows of `RADIUS`, of (B, 1, H, W); at the edges of what there is."""
    side = 2 * RADIUS + 1
    across = functional.avg_pool2d(planes, (1, side), 1, (0, RADIUS), count_include_pad=False)
    return functional.avg_pool2d(across, (side, 1), 1, (RADIUS, 0), count_include_pad=False)


def _places(length: int) -> list[int]:
    """Where parts begin along a side."""
    last = max(0, length - PATCH)
    count = min(PATCHES, 1 + last // PATCH)
    return [round(last * number / max(1, count - 1)) for number in range(count)]
