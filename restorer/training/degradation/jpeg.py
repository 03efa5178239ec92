"""JPEG's loss on tensors: what compression does to a picture, without leaving the device.

The standard's own steps (ITU-T T.81, annexes A and K): YCbCr, optional halving of the chroma, 8 x 8
discrete cosine transform, division by the quantisation tables scaled to a quality as libjpeg does,
rounding, and back. Entropy coding loses nothing and is left out.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

__all__ = ["jpeg"]

LUMA = (
    "16 11 10 16 24 40 51 61 12 12 14 19 26 58 60 55 14 13 16 24 40 57 69 56 14 17 22 29 51 87 80 62 "
    "18 22 37 56 68 109 103 77 24 35 55 64 81 104 113 92 "
    "49 64 78 87 103 121 120 101 72 92 95 98 112 100 103 99"
)
CHROMA = (
    "17 18 24 47 99 99 99 99 18 21 26 66 99 99 99 99 24 26 56 99 99 99 99 99 47 66 99 99 99 99 99 99 "
    "99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99"
)


def _table(numbers: str, device: torch.device) -> Tensor:
    return torch.tensor([float(n) for n in numbers.split()], device=device).reshape(8, 8)


def _dct(device: torch.device) -> Tensor:
    """The orthonormal 8-point DCT-II as a matrix."""
    n = torch.arange(8, device=device, dtype=torch.float32)
    matrix = torch.cos(math.pi * (2 * n[None, :] + 1) * n[:, None] / 16) * 0.5
    matrix[0] /= math.sqrt(2)
    return matrix


def _through_blocks(plane: Tensor, table: Tensor, dct: Tensor) -> Tensor:
    """plane: (B, H, W) about zero, table: (B, 8, 8); quantised in 8 x 8 blocks."""
    height, width = plane.shape[-2:]
    below, right = -height % 8, -width % 8
    padded = functional.pad(plane[:, None], (0, right, 0, below), mode="replicate")[:, 0]
    rows, columns = padded.shape[-2] // 8, padded.shape[-1] // 8
    blocks = padded.reshape(-1, rows, 8, columns, 8).permute(0, 1, 3, 2, 4)
    steps = table[:, None, None]
    quantised = torch.round(dct @ blocks @ dct.mT / steps) * steps
    back = (dct.mT @ quantised @ dct).permute(0, 1, 3, 2, 4).reshape(padded.shape)
    return back[:, :height, :width].round()


def jpeg(image: Tensor, quality: Tensor, halve_chroma: Tensor) -> Tensor:
    """image: (B, 3, H, W) in [-1, 1]; quality: (B,) in 1 to 100; halve_chroma: (B,) bool (4:2:0)."""
    device = image.device
    red, green, blue = ((image.clamp(-1, 1) + 1) * 127.5).round().unbind(1)
    exact = 0.299 * red + 0.587 * green + 0.114 * blue
    # libjpeg keeps whole numbers between its steps.
    luma, chroma = exact.round(), torch.stack([(blue - exact) / 1.772, (red - exact) / 1.402], dim=1).round()
    percent = torch.where(quality < 50, 5000 / quality, 200 - 2 * quality)[:, None, None]
    luma_table = ((_table(LUMA, device) * percent + 50) / 100).floor().clamp(1, 255)
    chroma_table = ((_table(CHROMA, device) * percent + 50) / 100).floor().clamp(1, 255)
    dct = _dct(device)
    luma = _through_blocks(luma - 128, luma_table, dct) + 128
    whole = torch.stack([_through_blocks(chroma[:, i], chroma_table, dct) for i in (0, 1)], dim=1)
    small = functional.avg_pool2d(chroma, 2, ceil_mode=True, count_include_pad=False).round()
    small = torch.stack([_through_blocks(small[:, i], chroma_table, dct) for i in (0, 1)], dim=1)
    large = functional.interpolate(small, scale_factor=2.0, mode="bilinear", align_corners=False)
    large = large[..., : chroma.shape[-2], : chroma.shape[-1]]
    chroma = torch.where(halve_chroma[:, None, None, None], large, whole)
    blue_less, red_less = chroma.unbind(1)
    red, blue = luma + 1.402 * red_less, luma + 1.772 * blue_less
    green = (luma - 0.299 * red - 0.114 * blue) / 0.587
    return torch.stack([red, green, blue], dim=1).round().clamp(0, 255) / 127.5 - 1
