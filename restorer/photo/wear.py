"""How worn a photo is: one number from 0 (sharp and clean) to 1, estimated from its pixels.

In: a photo. Out: the wear that photo networks are told (`restorer.diffusion.denoiser.tell`), so that a clean
photo is trusted and a worn one is cleaned. The number means what it means in training
(`restorer.training.degradation.second_order`): the strength of blur, grain, resizing, sharpening and JPEG.

Statistics of patches go through a small network; the median of its answers speaks for the photo. The
statistics tell traces of processing apart: energy of detail at four sizes, its calmest and busiest windows,
how often it is nothing at all (JPEG), how heavy its tails are, steps at a distance of eight pixels, and how
neighbouring steps go together (resizing, halos). A network that saw pixels alone learned little in as many
examples. `restorer train wear` trains it; its weights ship under `resources/wear/`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from restorer.paths import resources_dir
from restorer.photo.picture import Photo

__all__ = ["PATCH", "STATISTICS", "WearNetwork", "estimate_wear", "statistics", "wear_of"]

PATCH = 64
"""Side of a patch, pixels of the photo."""
PATCHES = 64
"""About how many patches are looked at at most, spread evenly over the photo."""
PLAIN = 2.5 / 127.5
"""Patches whose deviation is less say little; they are left out while others are there."""
STATISTICS = 59
_LEAST = 0.05  # grey levels; keeps logarithms finite
_SHARES = (0.1, 0.5, 0.9)


def statistics(patches: Tensor) -> Tensor:
    """(B, 3, PATCH, PATCH) in [-1, 1] to (B, STATISTICS), on a scale of grey levels, mostly logarithms."""
    red, green, blue = (127.5 * patches.float()).unbind(1)
    luma = (0.299 * red + 0.587 * green + 0.114 * blue)[:, None]
    chroma = torch.stack([red - green, blue - green], dim=1)
    found: list[Tensor] = []
    for picture, is_luma in ((luma, True), (chroma, False)):
        level = picture
        for _ in range(4):
            around = functional.pad(level, (1, 1, 1, 1), mode="reflect")
            detail = level - functional.avg_pool2d(around, 3, stride=1)
            found += _energy(detail)
            if is_luma:
                found += [_share_below(detail, 0.34), _tails(detail)]
            level = functional.avg_pool2d(level, 2)
    across = luma[..., 1:] - luma[..., :-1]
    curve = across[..., 1:, :] - across[..., :-1, :]  # what straight edges do not move
    found += [*_energy(curve), _share_below(curve, 0.5)]
    for steps in (across, (luma[..., 1:, :] - luma[..., :-1, :]).mT):
        bends = steps[..., 2:] - 2 * steps[..., 1:-1] + steps[..., :-2]
        found += [_blockiness(steps), _blockiness(bends)]
        power = steps.square().mean(dim=(1, 2, 3)) + _LEAST
        found += [
            ((steps[..., :-lag] * steps[..., lag:]).mean(dim=(1, 2, 3)) / power)[:, None]
            for lag in (1, 2, 3, 4, 8)
        ]
    return torch.cat(found, dim=1)


def _energy(detail: Tensor) -> list[Tensor]:
    """Of the calmest, the middle and the busiest windows, (B, 3), and the mean size, (B, 1)."""
    windows = functional.avg_pool2d(detail.square(), 8).flatten(1)
    shares = torch.quantile(windows, torch.tensor(_SHARES, device=windows.device), dim=1).mT
    size = detail.abs().flatten(1).mean(1, keepdim=True)
    return [(shares + _LEAST).log(), (size + _LEAST).log()]


def _share_below(detail: Tensor, level: float) -> Tensor:
    return (detail.abs() < level).float().flatten(1).mean(1, keepdim=True)


def _tails(detail: Tensor) -> Tensor:
    """Logarithm of the kurtosis: large where little of the detail is strong."""
    square = detail.square().flatten(1)
    fourth = square.square().mean(1, keepdim=True)
    return (fourth + 0.01).log() - 2 * (square.mean(1, keepdim=True) + 0.01).log()


def _blockiness(steps: Tensor) -> Tensor:
    """How far the largest of the eight phases of mean steps stands above the middle one, (B, 1)."""
    columns = steps.abs().mean(dim=(1, 2))
    whole = columns.shape[1] // 8 * 8
    phases = columns[:, :whole].reshape(len(columns), -1, 8).mean(1).sort(1).values
    return ((phases[:, 7:] + _LEAST) / (phases[:, 3:4] + _LEAST)).log()


class WearNetwork(nn.Module):
    """forward: statistics (B, STATISTICS) to wear (B,) in 0 to 1. `mean`, `spread`: those of training."""

    mean: Tensor
    spread: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(STATISTICS))
        self.register_buffer("spread", torch.ones(STATISTICS))
        self.layers = nn.Sequential(
            nn.Linear(STATISTICS, 64),
            nn.SiLU(),
            nn.Dropout(0.2),
            nn.Linear(64, 32),
            nn.SiLU(),
            nn.Linear(32, 1),
        )

    def forward(self, known: Tensor) -> Tensor:
        answer: Tensor = self.layers(((known - self.mean) / self.spread).clamp(-5, 5))[:, 0].sigmoid()
        return answer


@cache
def _network() -> WearNetwork:
    network = WearNetwork().eval().requires_grad_(False)
    network.load_state_dict(load_file(resources_dir() / "wear" / "wear.safetensors"))
    return network


def estimate_wear(photo: Tensor) -> float:
    """Wear of a photo (1, 3, H, W) in [-1, 1]; 0.5 for one below `PATCH` pixels a side, which says little."""
    corners = _corners(*photo.shape[-2:])
    return _answer([photo[..., y : y + PATCH, x : x + PATCH] for y, x in corners])


def wear_of(photo: Photo) -> float:
    """The same for a photo, of which only the patches are made numbers: a large one costs no more memory."""
    width, height = photo.size
    found = []
    for y, x in _corners(height, width):
        box = np.s_[y : y + PATCH, x : x + PATCH]
        alpha = None if photo.alpha is None else photo.alpha[box]
        part = replace(photo, pixels=photo.pixels[box], alpha=alpha)
        found.append(torch.from_numpy(part.to_float().transpose(2, 0, 1).copy())[None])
    return _answer(found)


def _corners(height: int, width: int) -> list[tuple[int, int]]:
    """(top, left) of the patches that are looked at; none in a photo that is smaller than one."""
    if min(height, width) < PATCH:
        return []
    ratio = max(1.0, (height // PATCH * (width // PATCH) / PATCHES) ** 0.5)
    rows, columns = (max(1, round(side // PATCH / ratio)) for side in (height, width))
    tops = torch.linspace(0, height - PATCH, rows).round().long().tolist()
    lefts = torch.linspace(0, width - PATCH, columns).round().long().tolist()
    return [(y, x) for y in tops for x in lefts]


@torch.inference_mode()
def _answer(found: list[Tensor]) -> float:
    """The median answer to patches (1, 3, PATCH, PATCH)."""
    if not found:
        return 0.5
    patches = torch.cat(found).float().cpu()
    spread = patches.flatten(1).std(1)
    telling = patches[spread >= min(PLAIN, float(spread.max()))]
    return float(_network()(statistics(telling)).median())
