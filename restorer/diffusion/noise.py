"""Noise that belongs to a place in the picture, not to a tile, a batch or a device.

The picture's plane is cut into blocks of 64 x 64 pixels; the noise of a block is a function of
(seed, stage, step, row, column) alone and is drawn on the CPU (NumPy's Philox, keyed through SeedSequence).
Whatever box is asked for, in whatever order, the same pixel gets the same noise, so a region preview, a tiled
run and a whole run agree.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

__all__ = ["BLOCK", "NoiseField"]

BLOCK = 64


class NoiseField:
    """Standard normal noise over an unbounded plane.

    seed: 0 <= seed < 2**63. stage: index of the stage in its cascade, or any other constant that tells
    fields apart.
    """

    def __init__(self, seed: int, stage: int) -> None:
        self.seed, self.stage = seed, stage

    def _block(self, step: int, row: int, column: int, channels: int) -> np.ndarray:
        key = np.random.SeedSequence([self.seed, self.stage, step, row, column])
        return np.random.Generator(np.random.Philox(key)).standard_normal(
            (channels, BLOCK, BLOCK), dtype=np.float32
        )

    def box(self, step: int, left: int, top: int, width: int, height: int, channels: int = 3) -> Tensor:
        """Noise of a box of pixels for a step (0 is the start): (1, channels, height, width) float32.

        left, top >= 0.
        """
        out = np.empty((channels, height, width), np.float32)
        for row in range(top // BLOCK, -(-(top + height) // BLOCK)):
            for column in range(left // BLOCK, -(-(left + width) // BLOCK)):
                y, x = row * BLOCK - top, column * BLOCK - left
                y0, y1 = max(0, y), min(height, y + BLOCK)
                x0, x1 = max(0, x), min(width, x + BLOCK)
                block = self._block(step, row, column, channels)
                out[:, y0:y1, x0:x1] = block[:, y0 - y : y1 - y, x0 - x : x1 - x]
        return torch.from_numpy(out)[None]
