"""How far one set of pictures lies from another, by features of a trained network.

In: features (N, D), one row a picture. Out: numbers. Equal numbers of pictures belong on both sides, since
both distances depend on them: Frechet's is biased upwards by small sets, the kernel distance is not.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from restorer.evaluation.lpips import load_lpips

__all__ = ["FeatureFunction", "Interval", "bootstrap", "frechet", "kernel", "nearest", "squeezenet"]

FeatureFunction = Callable[[np.ndarray], np.ndarray]
"""(N, h, w, 3) uint8 to (N, D) float64."""
Interval = tuple[float, float, float]
"""A figure and the bounds that 95 of 100 resamplings lie in."""


def squeezenet(folder: Path, batch: int = 100) -> FeatureFunction:
    """Means over the places of SqueezeNet 1.1's last feature maps, 512 numbers a picture. Pictures are
    enlarged bilinearly to 128 pixels first, so that every size is judged alike. folder: the metric's weights
    (`restorer.evaluation.lpips`); raises PackError."""
    model = load_lpips(folder)

    @torch.inference_mode()
    def features(pictures: np.ndarray) -> np.ndarray:
        parts = []
        for start in range(0, len(pictures), batch):
            planes = torch.from_numpy(pictures[start : start + batch].transpose(0, 3, 1, 2).copy()).float()
            shown = functional.interpolate(planes / 127.5 - 1, size=(128, 128), mode="bilinear")
            maps: Tensor = model.features((shown - model.mean) / model.spread)
            parts.append(maps.mean(dim=(2, 3)).double().numpy())
        return np.concatenate(parts)

    return features


def frechet(one: np.ndarray, other: np.ndarray) -> float:
    """Frechet distance of the two normal distributions that fit the features best (arXiv 1706.08500,
    equation 6): |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)). On SqueezeNet's features it is called
    FD-SqueezeNet; it is no FID."""
    # With A the centred features by the root of their number less one, C = A'A.
    first, second = ((each - each.mean(0)) / max(1, len(each) - 1) ** 0.5 for each in (one, other))
    if len(one) * len(other) <= one.shape[1] ** 2:
        # C1 C2 = A'A B'B has the eigenvalues of (AB')(AB')', squared singular values of AB'; of few
        # pictures with many features that is the smaller matrix.
        roots = np.linalg.svd(first @ second.T, compute_uv=False)
    else:
        # The square root of C1 C2 has the eigenvalues' roots of the symmetric C1^(1/2) C2 C1^(1/2).
        values, vectors = np.linalg.eigh(first.T @ first)
        root = (vectors * np.sqrt(values.clip(min=0))) @ vectors.T
        roots = np.sqrt(np.linalg.eigvalsh(root @ (second.T @ second) @ root).clip(min=0))
    gap = one.mean(0) - other.mean(0)
    return float(gap @ gap + (first**2).sum() + (second**2).sum() - 2 * roots.sum())


def kernel(one: np.ndarray, other: np.ndarray) -> float:
    """Squared maximum mean discrepancy with the kernel (x.y / D + 1)^3, unbiased (arXiv 1801.01401, section
    4): its expectation is 0 for two sets from one distribution, whatever their number."""
    count, more, width = len(one), len(other), one.shape[1]
    inside = ((one @ one.T) / width + 1) ** 3
    beside = ((other @ other.T) / width + 1) ** 3
    across = ((one @ other.T) / width + 1) ** 3
    within = (inside.sum() - np.trace(inside)) / (count * (count - 1))
    within += (beside.sum() - np.trace(beside)) / (more * (more - 1))
    return float(within - 2 * across.mean())


def bootstrap(
    distance: Callable[[np.ndarray, np.ndarray], float],
    one: np.ndarray,
    other: np.ndarray,
    rounds: int = 40,
    seed: int = 0,
) -> Interval:
    """The distance, and its 2.5th and 97.5th percentile over sets of half the size drawn without
    replacement; drawing with replacement would put doubles into a set, which both distances see.

    The percentiles are moved so that their median is the distance of the whole sets, whose bias is smaller.
    """
    draw = np.random.default_rng(seed)
    whole = distance(one, other)
    found = []
    for _ in range(rounds):
        first = draw.permutation(len(one))[: len(one) // 2]
        second = draw.permutation(len(other))[: len(other) // 2]
        found.append(distance(one[first], other[second]))
    low, middle, high = np.percentile(found, [2.5, 50, 97.5])
    # Half the size spreads sqrt(2) times as far as the whole.
    return whole, whole - (middle - low) / 2**0.5, whole + (high - middle) / 2**0.5


def nearest(one: np.ndarray, among: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each row of `one`, the distance to the nearest row of `among` and its number."""
    squares = (one**2).sum(1)[:, None] + (among**2).sum(1)[None] - 2 * one @ among.T
    which = squares.argmin(1)
    return np.sqrt(squares[np.arange(len(one)), which].clip(min=0)), which
