"""Trains the network that estimates how worn a photo is (`restorer.photo.wear`).

In: pictures of 256 pixels. Out: its weights. An example is the statistics of a patch of a picture that went
through the second-order degradation at 4x, 2x or 1x, and its wear; a third of the examples are clean.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor

from restorer.photo.wear import PATCH, WearNetwork, statistics
from restorer.training.data import Pictures, split
from restorer.training.degradation.second_order import Scan, scan

__all__ = ["examples", "train_wear"]

SCALES = (4, 4, 2, 1)
"""Enlargements that examples are reduced by: photos are scanned at every sharpness."""
CLEAN = 1 / 3
"""Share of examples without wear."""
BATCH = 128


def examples(pictures: Pictures, count: int, random: np.random.Generator) -> tuple[Tensor, Tensor]:
    """(patches (count, 3, PATCH, PATCH) in [-1, 1], wear (count,))."""
    patches, wear = [], []
    for _ in range(count):
        scale = int(random.choice(SCALES))
        side = PATCH * scale if scale == 4 else PATCH * scale + 16
        sharp = pictures.pixels[int(random.integers(len(pictures)))]
        top, left = (int(random.integers(sharp.shape[-1] - side + 1)) for _ in range(2))
        sharp = sharp[:, top : top + side, left : left + side]
        wear.append(0.0 if random.random() < CLEAN else float(random.uniform(0.05, 1.0)))
        _, low = scan(sharp.permute(1, 2, 0).numpy(), scale, wear[-1], random, Scan())
        top, left = (int(random.integers(low.shape[0] - PATCH + 1)) for _ in range(2))
        patches.append(torch.from_numpy(low[top : top + PATCH, left : left + PATCH].copy()))
    stack = torch.stack(patches).permute(0, 3, 1, 2).float() / 127.5 - 1
    return stack, torch.tensor(wear)


def train_wear(
    pictures: Pictures, out: Path, count: int = 8000, steps: int = 3000, seed: int = 0, held: int = 120
) -> float:
    """Train on `count` examples by squared error and write `out`; returns the root of the mean squared error
    on held-out pictures, a patch at a time."""
    training, kept = split(pictures, min(held, len(pictures) // 10 + 1))
    patches, wear = examples(training, count, np.random.default_rng([seed, 1]))
    judged, truth = examples(kept, max(1, count // 10), np.random.default_rng([seed, 2]))
    known = torch.cat([statistics(part) for part in torch.split(patches, 250)])
    torch.manual_seed(seed)
    network = WearNetwork()
    network.mean.copy_(known.mean(0))
    network.spread.copy_(known.std(0) + 1e-3)
    optimiser = torch.optim.AdamW(network.parameters(), 2e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(steps):
        which = torch.randint(len(known), (BATCH,))
        loss = (network(known[which]) - wear[which]).square().mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        schedule.step()
    network.eval()
    with torch.inference_mode():
        error = float((network(statistics(judged)) - truth).square().mean().sqrt())
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.with_name(f".{out.name}.tmp")
    save_file({name: value.contiguous() for name, value in network.state_dict().items()}, beside)
    os.replace(beside, out)
    return error
