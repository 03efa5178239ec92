"""Noise grids: which noise levels a sampler visits. Functions that return levels, nothing more.

Every grid is a tuple of floats from the largest sigma down, ending in 0.0 (the clean picture), computed
in double precision. N steps are N + 1 levels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate, pairwise

__all__ = ["check", "cosine", "karras", "log_uniform", "sigma_from_gamma", "sr3_linear"]

Sigmas = tuple[float, ...]


def check(sigmas: Sequence[float]) -> Sigmas:
    """The levels as a tuple. Raises ValueError unless they fall strictly and none is negative."""
    grid = tuple(float(s) for s in sigmas)
    if len(grid) < 2 or grid[-1] < 0 or any(a <= b for a, b in pairwise(grid)):
        raise ValueError(f"noise levels must fall strictly to 0 or above: {grid}")
    return grid


def sigma_from_gamma(gamma: float) -> float:
    """SR3's gamma (alpha_bar, in (0, 1]) as the noise level of a picture scaled to its own size."""
    return math.sqrt((1 - gamma) / gamma)


def karras(steps: int, sigma_min: float, sigma_max: float, rho: float = 7.0) -> Sigmas:
    """EDM, arXiv 2206.00364, equation 5: `steps` levels from sigma_max to sigma_min, then 0."""
    if steps == 1:
        return check((sigma_max, 0.0))
    low, high = sigma_min ** (1 / rho), sigma_max ** (1 / rho)
    return check([*((high + i / (steps - 1) * (low - high)) ** rho for i in range(steps)), 0.0])


def log_uniform(steps: int, sigma_min: float, sigma_max: float) -> Sigmas:
    """Equal steps of ln sigma (the half log-signal-to-noise ratio), then 0."""
    if steps == 1:
        return check((sigma_max, 0.0))
    ratio = sigma_min / sigma_max
    return check([*(sigma_max * ratio ** (i / (steps - 1)) for i in range(steps)), 0.0])


def cosine(steps: int, sigma_max: float) -> Sigmas:
    """Nichol and Dhariwal's cosine schedule (arXiv 2102.09672, equation 17): sigma = tan of equal angles."""
    angle = math.atan(sigma_max)
    return check([math.tan(angle * (1 - i / steps)) for i in range(steps)] + [0.0])


def sr3_linear(steps: int, beta_start: float = 1e-6, beta_end: float = 1e-2) -> Sigmas:
    """SR3's schedule: beta linear in the step, gamma_t the running product of 1 - beta_t (section 2.3)."""
    betas = [beta_start + (beta_end - beta_start) * i / max(1, steps - 1) for i in range(steps)]
    gammas = accumulate((1 - b for b in betas), lambda a, b: a * b)
    return check([*(sigma_from_gamma(g) for g in reversed(list(gammas))), 0.0])
