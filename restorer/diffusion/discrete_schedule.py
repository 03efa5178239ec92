"""Schedules of networks that were trained on whole time steps: DDPM's line and the cosine.

In: how a public network was trained. Out: the noise level of each of its steps, the step of any noise level,
and the grid of a run that visits only some of them. Steps count from 0; gamma (alpha_bar) of a step is the
product of 1 - beta up to it, and sigma^2 = (1 - gamma) / gamma. All in double precision.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from restorer.diffusion.schedule import Sigmas, check

__all__ = ["DiscreteSchedule", "cosine_betas", "linear_betas", "respace"]


def linear_betas(steps: int, start: float, end: float) -> np.ndarray:
    """DDPM's schedule (arXiv 2006.11239, section 4): beta on a line."""
    return np.linspace(start, end, steps, dtype=np.float64)


def cosine_betas(steps: int, most: float = 0.999) -> np.ndarray:
    """Nichol and Dhariwal's schedule (arXiv 2102.09672, equation 17); beta never above `most`."""
    edges = np.arange(steps + 1, dtype=np.float64) / steps
    gammas = np.cos((edges + 0.008) / 1.008 * math.pi / 2) ** 2
    betas: np.ndarray = np.minimum(1 - gammas[1:] / gammas[:-1], most)
    return betas


def respace(steps: int, count: int, ddim: bool = False) -> list[int]:
    """The `count` steps that a shorter run visits, smallest first.

    From the first to the last in equal parts, rounded; with `ddim`, every k-th from 0 on, the smallest k
    that makes `count` of them, as DDIM's figures were made. Raises ValueError where there is none.
    """
    if not 1 <= count <= steps:
        raise ValueError(f"{count} of {steps} steps cannot be visited")
    if not ddim:
        return [round(i * (steps - 1) / max(1, count - 1)) for i in range(count)]
    for stride in range(1, steps + 1):
        if len(visited := list(range(0, steps, stride))) == count:
            return visited
    raise ValueError(f"no whole stride visits {count} of {steps} steps")


class DiscreteSchedule:
    """The noise levels of a network's time steps. betas: one for each, in (0, 1)."""

    def __init__(self, betas: Sequence[float] | np.ndarray) -> None:
        self.betas = np.asarray(betas, np.float64)
        if self.betas.ndim != 1 or not len(self.betas) or not ((self.betas > 0) & (self.betas < 1)).all():
            raise ValueError("the betas of a schedule must lie between 0 and 1")
        self.gammas = np.cumprod(1 - self.betas)
        self.sigmas = np.sqrt((1 - self.gammas) / self.gammas)
        self._logs = np.log(self.sigmas)

    def grid(self, steps: Sequence[int]) -> Sigmas:
        """The noise levels of a run down these steps (smallest first), then 0."""
        return check([*(float(self.sigmas[step]) for step in reversed(steps)), 0.0])

    def step_of(self, sigma: Tensor) -> Tensor:
        """The time step of a noise level (B,), by interpolation over ln sigma; a level that is a step's own
        gives that whole number, one beyond the ends gives the end."""
        logs = np.log(sigma.detach().cpu().double().numpy())
        steps = np.interp(logs, self._logs, np.arange(len(self._logs), dtype=np.float64))
        # A level comes in single precision; what is meant is the whole step beside it.
        near = np.round(steps)
        steps = np.where(np.abs(steps - near) < 1e-3, near, steps)
        return torch.from_numpy(steps).float().to(sigma.device)
