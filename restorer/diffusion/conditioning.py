"""What the network is told about the photo: its enlargement and how far to trust it.

CDM's conditioning augmentation (arXiv 2106.15282, section 4) adds Gaussian noise of a known level s to the
low-resolution input and tells the network s. Trained so, a network can be told at run time how far to
trust a photo: little noise keeps what is there, more lets it re-imagine.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

__all__ = ["added_noise", "enlarge"]


def enlarge(low: Tensor, scale: int) -> Tensor:
    """Bicubic enlargement (Keys' kernel, a = -0.5, as Pillow's): (B, C, h, w) to (B, C, h * scale, w *
    scale).

    The flag `antialias` changes nothing when enlarging except that torch then uses that kernel.
    """
    if scale == 1:
        return low
    size = (low.shape[-2] * scale, low.shape[-1] * scale)
    return functional.interpolate(low, size=size, mode="bicubic", antialias=True)


def added_noise(s: float, present: float) -> float:
    """Standard deviation of the noise to add to a photo whose grain is `present`, so that it has level s in
    all: variances add, and grain cannot be taken away."""
    return float(torch.tensor(max(0.0, s * s - present * present)).sqrt())
