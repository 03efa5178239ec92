"""Damage drawn beforehand, for accelerators: to draw it anew for every crop takes longer than a step."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from restorer.training.data import turn
from restorer.training.degradation.damage import draw

__all__ = ["CoatBank"]


class CoatBank:
    """Coats of damage for crops of one side at the enlargements of a run, `count` for each, laid over crops
    mirrored and turned at random. The coats are functions of the seed."""

    def __init__(
        self, side: int, scales: tuple[int, ...], device: torch.device, count: int, seed: int
    ) -> None:
        self.kept: dict[int, Tensor] = {}
        for scale in sorted(set(scales)):
            coats = [
                draw(side, side, float(scale), np.random.default_rng((seed, scale, number)))
                for number in range(count)
            ]
            planes = [np.dstack([255 * each.opacity, (each.colour + 1) * 127.5]) for each in coats]
            stack = np.stack(planes).round().astype(np.uint8).transpose(0, 3, 1, 2)
            self.kept[scale] = torch.from_numpy(np.ascontiguousarray(stack)).to(device)

    def __call__(
        self, damaged: Tensor, is_grey: Tensor, scale: int, generator: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        """(opacity (B, 1, side, side), 0 for whole crops; colour (B, 3, side, side)) of damage."""
        kept, where = self.kept[scale], generator.device
        which = torch.randint(len(kept), damaged.shape, generator=generator, device=where).to(kept.device)
        code = torch.randint(8, damaged.shape, generator=generator, device=where).to(kept.device)
        coats = turn(kept[which], code).float()
        opacity = coats[:, :1] / 255 * damaged[:, None, None, None]
        colour = coats[:, 1:] / 127.5 - 1
        grey = colour.mean(1, keepdim=True).expand_as(colour)
        return opacity, torch.where(is_grey[:, None, None, None], grey, colour)
