"""NIQE: how far the statistics of a picture are from those of good photographs. Needs no original.

What comes in: a picture, (H, W, 3), and the parameters of the authors' model (`niqe_pris_params.npz`). What
goes out: a distance, lower is better; good photographs have 2 to 5. Source: Mittal, Soundararajan, Bovik,
Making a "Completely Blind" Image Quality Analyzer (IEEE SPL 2013); asymmetric generalised Gaussians after
Lasmar et al. (ICIP 2009). Luma is rounded and the second scale is made as MATLAB does, so scores can be
compared with published ones: baboon of Set14 gets 5.730, as MATLAB gives.
"""

from __future__ import annotations

import math
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from restorer.errors import PackError
from restorer.evaluation.metrics import Floats, Picture, luma

__all__ = ["NIQE", "block_features", "fit_aggd", "half", "load_niqe", "normalised"]

_BLOCK = 96
_SHAPES = np.arange(0.2, 10.001, 0.001)  # candidates for the shape parameter
_gamma = np.vectorize(math.gamma, otypes=[np.float64])
_RATIOS = _gamma(2 / _SHAPES) ** 2 / (_gamma(1 / _SHAPES) * _gamma(3 / _SHAPES))


@dataclass(frozen=True, eq=False)
class NIQE:
    """mean: (36,), covariance: (36, 36) of pristine blocks' features; window: (7, 7) Gaussian weights."""

    mean: Floats
    covariance: Floats
    window: Floats

    def score(self, image: Picture) -> float | None:
        """NIQE of a picture; None if fewer than two of its blocks of 96 x 96 pixels have texture."""
        table = self.features(image)
        complete = table[~np.isnan(table).any(axis=1)]
        if len(complete) < 2:
            return None
        difference = self.mean - np.nanmean(table, axis=0)
        inverse = np.linalg.pinv((self.covariance + np.cov(complete, rowvar=False)) / 2)
        return float(np.sqrt(difference @ inverse @ difference))

    def features(self, image: Picture) -> Floats:
        """(blocks, 36): of each whole block 18 features at two scales; NaN where there is no texture."""
        grey = luma(image).round()
        height, width = (side - side % _BLOCK for side in grey.shape)
        grey, block = grey[:height, :width], _BLOCK
        scales = []
        for _ in range(2):
            field = normalised(grey, self.window)
            blocks = [
                block_features(field[y : y + block, x : x + block])
                for x in range(0, field.shape[1], block)
                for y in range(0, field.shape[0], block)
            ]
            scales.append(np.array(blocks).reshape(-1, 18))
            grey, block = half(grey), block // 2
        return np.concatenate(scales, axis=1)


def half(grey: Floats) -> Floats:
    """(H, W) to (H / 2, W / 2) by antialiased bicubic mirrored edges, as imresize(grey, 0.5) in MATLAB."""
    # Keys' kernel, a = -0.5, stretched twofold, at distances of 1.75, 1.25, 0.75 and 0.25 new pixels
    rise = np.array([-3, -9, 29, 111]) / 256
    for _ in range(2):
        padded = np.pad(grey, ((3, 3), (0, 0)), mode="symmetric")
        length = len(grey)
        weights = np.concatenate([rise, rise[::-1]])
        grey = np.sum([weight * padded[i : i + length : 2] for i, weight in enumerate(weights)], axis=0).T
    return grey


def normalised(grey: Floats, window: Floats) -> Floats:
    """Mean-subtracted, contrast-normalised field of (H, W) grey levels: (I - mu) / (sigma + 1), local mean
    and deviation under `window`; edges are repeated."""
    radius = len(window) // 2
    mean = _filtered(grey, window, radius)
    square = _filtered(grey**2, window, radius)
    return np.asarray((grey - mean) / (np.sqrt(np.abs(square - mean**2)) + 1))


def _filtered(image: Floats, window: Floats, radius: int) -> Floats:
    padded = np.pad(image, radius, mode="edge")
    height, width = image.shape
    total = np.zeros_like(image)
    for (y, x), weight in np.ndenumerate(window):
        total += weight * padded[y : y + height, x : x + width]
    return total


def fit_aggd(values: Floats) -> tuple[float, float, float]:
    """Shape, left scale and right scale of an asymmetric generalised Gaussian by matching moments;
    not numbers where one of the sides is empty."""
    left, right = values[values < 0], values[values > 0]
    if not left.size or not right.size:
        return math.nan, math.nan, math.nan
    deviation_left, deviation_right = math.sqrt(np.mean(left**2)), math.sqrt(np.mean(right**2))
    asymmetry = deviation_left / deviation_right
    spread = np.mean(np.abs(values)) ** 2 / np.mean(values**2)
    target = spread * (asymmetry**3 + 1) * (asymmetry + 1) / (asymmetry**2 + 1) ** 2
    shape = float(_SHAPES[np.argmin((_RATIOS - target) ** 2)])
    factor = math.sqrt(math.gamma(1 / shape) / math.gamma(3 / shape))
    return shape, deviation_left * factor, deviation_right * factor


def block_features(field: Floats) -> list[float]:
    """The 18 features of one block of the normalised field: its own distribution, then those of the products
    of neighbours to the right, below, and along both diagonals."""
    shape, left, right = fit_aggd(field)
    features = [shape, (left + right) / 2]
    for shift in ((0, 1), (1, 0), (1, 1), (1, -1)):
        shape, left, right = fit_aggd(field * np.roll(field, shift, axis=(0, 1)))
        mean = (
            math.nan if math.isnan(shape) else (right - left) * math.gamma(2 / shape) / math.gamma(1 / shape)
        )
        features += [shape, mean, left, right]
    return features


def load_niqe(folder: Path) -> NIQE:
    """Parameters from `niqe_pris_params.npz` in `folder`. Raises PackError if they are missing or damaged."""
    file = folder / "niqe_pris_params.npz"
    try:
        with np.load(file, allow_pickle=False) as stored:
            mean, covariance = stored["mu_pris_param"].ravel(), stored["cov_pris_param"]
            window = stored["gaussian_window"]
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise PackError(f"The NIQE parameters {file} cannot be read: {error}") from error
    if mean.shape != (36,) or covariance.shape != (36, 36) or window.shape != (7, 7):
        raise PackError(f"The NIQE parameters {file} do not have NIQE's shapes.")
    return NIQE(mean, covariance, window)
