"""How worn a photo is: one number from 0 (sharp and clean) to 1, estimated from its pixels.

In: a photo. Out: the wear that photo networks are told (`restorer.diffusion.denoiser.tell`), so that a clean
photo is trusted and a worn one is cleaned. The number means what it means in training
(`restorer.training.second_order`): the strength of blur, grain, resizing, sharpening and JPEG together.

A small network looks at patches of the photo and answers for each; the median speaks for the photo.
`restorer train wear` trains it; its weights ship under `resources/wear/`.
"""

from __future__ import annotations

from functools import cache

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from restorer.paths import resources_dir

__all__ = ["PATCH", "WearNetwork", "estimate_wear"]

PATCH = 64
"""Side of a patch, pixels of the photo."""
PATCHES = 48
"""Most patches that are looked at, spread evenly over the photo."""
PLAIN = 2.5 / 127.5
"""Patches whose deviation is less say nothing; they are left out while others are there."""


class WearNetwork(nn.Module):
    """forward: patches (B, 3, H, W) in [-1, 1] to wear (B,) in 0 to 1; H and W at least 16."""

    def __init__(self, width: int = 24) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(6, width, 3),
            nn.SiLU(),
            nn.Conv2d(width, width, 3, stride=2),
            nn.SiLU(),
            nn.Conv2d(width, 2 * width, 3, stride=2),
            nn.SiLU(),
            nn.Conv2d(2 * width, 2 * width, 3),
            nn.SiLU(),
        )
        self.answer = nn.Sequential(nn.Linear(4 * width, 48), nn.SiLU(), nn.Linear(48, 1))

    def forward(self, patches: Tensor) -> Tensor:
        # The finest detail shows grain, halos and blocks best; beside it stands the patch itself.
        soft = functional.avg_pool2d(functional.pad(patches, (1, 1, 1, 1), mode="reflect"), 3, stride=1)
        maps = self.layers(torch.cat([patches, 8 * (patches - soft)], dim=1)).flatten(2)
        summary = torch.cat([maps.mean(2), maps.std(2)], dim=1)
        answer: Tensor = self.answer(summary)[:, 0].sigmoid()
        return answer


@cache
def _network() -> WearNetwork:
    network = WearNetwork().eval().requires_grad_(False)
    weights = load_file(resources_dir() / "wear" / "wear.safetensors")
    network.load_state_dict({name: value.float() for name, value in weights.items()})
    return network


@torch.inference_mode()
def estimate_wear(photo: Tensor) -> float:
    """Wear of a photo (1, 3, H, W) in [-1, 1]; 0.5 for one below 16 pixels a side, which says nothing."""
    height, width = photo.shape[-2:]
    if min(height, width) < 16:
        return 0.5
    tall, wide = min(PATCH, height), min(PATCH, width)
    rows, columns = height // tall, width // wide
    while rows * columns > PATCHES:  # evenly, and no more than is needed
        rows, columns = (rows - 1, columns) if rows > columns else (rows, columns - 1)
    tops = torch.linspace(0, height - tall, rows).round().long().tolist()
    lefts = torch.linspace(0, width - wide, columns).round().long().tolist()
    patches = torch.cat([photo[..., t : t + tall, x : x + wide] for t in tops for x in lefts]).float()
    spread = patches.flatten(1).std(1)
    telling = patches[spread >= min(PLAIN, float(spread.max()))]
    return float(_network()(telling.cpu()).median())
