"""Finds damage: a photo and a network in, a mask of confidences out.

The photo is shown to the network in tiles whose margins are all that an answer depends on, so the tiling
changes nothing. A large scan is looked at once more reduced: a tear that is hundreds of pixels wide there is
as wide as those that the network knows. The larger of both confidences counts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from restorer.damage.mask import DamageMask
from restorer.device import Device
from restorer.diffusion.nn.damage_unet import DamageUNet
from restorer.photo import Photo

__all__ = ["find_damage"]

TILE = 3072
"""Side of what is looked at in one go at most, without its margin."""
LARGE, OVERVIEW = 1600, 1100
"""Longer side in pixels above which a photo is also looked at reduced, and to what."""


def find_damage(
    photo: Photo,
    network: DamageUNet,
    device: Device,
    told: Callable[[float], None] | None = None,
    tile: int = TILE,
) -> DamageMask:
    """What is found on a photo, at its own size. network: on `device`. told: is called with the share that is
    done, after each tile. tile: a multiple of the network's stride."""
    shown = torch.from_numpy(photo.to_float()).permute(2, 0, 1)[None]
    found = np.zeros(shown.shape[-2:], np.uint8)
    looks = [1.0]
    if max(photo.size) > LARGE:
        looks.append(OVERVIEW / max(photo.size))
    work = [scale * scale for scale in looks]
    for number, scale in enumerate(looks):
        picture = shown
        if scale < 1:
            picture = functional.interpolate(shown, scale_factor=scale, mode="bilinear", antialias=True)

        def step(share: float, begun: float = sum(work[:number]), part: float = work[number]) -> None:
            if told is not None:
                told((begun + part * share) / sum(work))

        odds = _odds(picture, network, device, tile, step)
        if scale < 1:
            odds = functional.interpolate(odds, found.shape, mode="bilinear")
        confidence = (255 * odds[0, 0].sigmoid()).round().to(torch.uint8).numpy()
        np.maximum(found, confidence, out=found)
    return DamageMask.of(found)


@torch.inference_mode()
def _odds(
    photo: Tensor, network: DamageUNet, device: Device, tile: int, told: Callable[[float], None]
) -> Tensor:
    """Log odds of a photo, (1, 3, H, W) in [-1, 1] to (1, 1, H, W), both float32 on the processor."""
    height, width = photo.shape[-2:]
    multiple, margin = network.config.multiple, network.config.margin
    padding = (0, -width % multiple, 0, -height % multiple)
    padded = functional.pad(photo, padding, mode="replicate").contiguous(memory_format=torch.channels_last)
    around = network.surroundings(padded.to(device.torch, device.dtype))
    grain = padded.shape[-1] // around.shape[-1]
    odds = torch.empty(1, 1, *padded.shape[-2:])
    tall, wide = (_even(side, tile, network.config.stride) for side in padded.shape[-2:])
    corners = [
        (top, left) for top in range(0, padded.shape[-2], tall) for left in range(0, padded.shape[-1], wide)
    ]
    for number, (top, left) in enumerate(corners, start=1):
        above, before = min(top, margin), min(left, margin)
        rows = slice(top - above, min(padded.shape[-2], top + tall + margin))
        columns = slice(left - before, min(padded.shape[-1], left + wide + margin))
        coarse = (
            slice(rows.start // grain, rows.stop // grain),
            slice(columns.start // grain, columns.stop // grain),
        )
        part = padded[..., rows, columns].to(device.torch, device.dtype)
        answer = network(part, around[(..., *coarse)]).float().cpu()
        there = odds[..., top : top + tall, left : left + wide]
        there.copy_(answer[..., above : above + there.shape[-2], before : before + there.shape[-1]])
        told(number / len(corners))
    return odds[..., :height, :width]


def _even(length: int, most: int, stride: int) -> int:
    """Pixels of a side of tiles that are as large as each other: none is hardly more than margin."""
    count = -(-length // most)
    return -(-length // (count * stride)) * stride
