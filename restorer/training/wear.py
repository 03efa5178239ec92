"""Trains the network that estimates how worn a photo is (`restorer.wear`).

In: pictures of 256 pixels. Out: its weights in half precision. An example is a patch of a picture that went
through the second-order degradation at 4x, 2x or 1x, and its wear; a third of the examples are clean.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor

from restorer.training.data import Pictures, split
from restorer.training.second_order import Scan, scan
from restorer.wear import PATCH, WearNetwork

__all__ = ["examples", "train_wear"]

SCALES = (4, 4, 2, 1)
"""Enlargements that examples are reduced by: photos are scanned at every sharpness."""
CLEAN = 1 / 3
"""Share of examples without wear."""


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
    pictures: Pictures, out: Path, steps: int = 500, batch: int = 64, seed: int = 0, held: int = 120
) -> float:
    """Train by |wear - answer| and write `out`; returns the mean error on held-out pictures."""
    training, kept = split(pictures, min(held, len(pictures) // 10 + 1))
    torch.manual_seed(seed)
    network = WearNetwork()
    optimiser = torch.optim.AdamW(network.parameters(), 2e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=steps)
    judged = examples(kept, 4 * batch, np.random.default_rng([seed, 1]))
    error = 1.0
    for step in range(steps):
        patches, wear = examples(training, batch, np.random.default_rng([seed, 2, step]))
        loss = (network(patches) - wear).abs().mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 50 == 49 or step == steps - 1:
            with torch.inference_mode():
                error = float((network(judged[0]) - judged[1]).abs().mean())
            print(
                f"wear: step {step + 1} of {steps}, error {float(loss):.3f}, held out {error:.3f}", flush=True
            )
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.with_name(f".{out.name}.tmp")
    save_file({name: value.half().contiguous() for name, value in network.state_dict().items()}, beside)
    os.replace(beside, out)
    return error
