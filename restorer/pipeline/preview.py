"""Pictures of a run for the screen: the enlargement it starts from, and each tile's clean estimate.

In: tensors (1, 3, h, w) in [-1, 1] and where they lie. Out: events with (h, w, 3) uint8 arrays, no
larger than the screen needs.
"""

from __future__ import annotations

import numpy as np
from torch import Tensor
from torch.nn import functional

from restorer.diffusion.sampler import Evaluation
from restorer.pipeline.events import Enlarged, Preview
from restorer.pipeline.stage.tiling import Tile

__all__ = ["enlargement", "preview"]


def enlargement(image: Tensor, size: tuple[int, int], side: int) -> Enlarged:
    """The photo, bicubically enlarged to `size` or to what of it fits the screen."""
    factor = max(1.0, max(size) / side)
    width, height = max(1, round(size[0] / factor)), max(1, round(size[1] / factor))
    enlarged = functional.interpolate(image, size=(height, width), mode="bicubic", antialias=True)
    return Enlarged(_to_bytes(enlarged), size)


def preview(
    evaluation: Evaluation, clean: Tensor, tile: Tile, later: int, size: tuple[int, int], side: int
) -> Preview:
    """The tile's estimate, reduced by area, in the finished picture's pixels and cut at its edge.

    later: enlargement by the stages that follow. size: of the finished picture. side: see RestoreRequest.
    """
    left, top = tile.centre[0] * later, tile.centre[1] * later
    width = min(tile.centre[2] * later, size[0] - left)
    height = min(tile.centre[3] * later, size[1] - top)
    shown = clean[..., : max(1, height // later), : max(1, width // later)]
    factor = max(1.0, max(size) / side)
    target = (
        max(1, min(shown.shape[-2], round(height / factor))),
        max(1, min(shown.shape[-1], round(width / factor))),
    )
    if target != tuple(shown.shape[-2:]):
        shown = functional.interpolate(shown, size=target, mode="area")
    box = (left, top, width, height)
    return Preview(_to_bytes(shown), box, size, evaluation.sigma, evaluation.step, evaluation.steps)


def _to_bytes(image: Tensor) -> np.ndarray:
    """(1, 3, h, w) in [-1, 1] to (h, w, 3) uint8."""
    return ((image[0].clamp(-1, 1) + 1) * 127.5).round().byte().permute(1, 2, 0).contiguous().numpy()
