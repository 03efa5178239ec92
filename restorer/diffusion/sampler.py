"""Samplers: how to walk down a noise grid with a denoiser.

A sampler is a coroutine, so that the mathematics stands alone and whoever drives it decides how an
evaluation is made (at once, tile by tile, with a preview in between, not at all):

    walk = dpmpp_2m(x, sigmas)          x = clean picture + sigmas[0] * standard normal noise
    evaluation = next(walk)             asks for D(evaluation.x; evaluation.sigma)
    evaluation = walk.send(estimate)    answered, asks for the next ...
    StopIteration.value                 ... until the final state comes

`drive` does that for a plain function. All samplers work in EDM's variance-exploding frame
(arXiv 2206.00364): a state at level sigma is clean + sigma * noise. A variance-preserving model is
brought here by scaling its state by 1 / sqrt(gamma), under which DDIM and Euler's method on the
probability-flow ODE are the same thing (EDM, appendix C).

A walk that was interrupted between two steps goes on with the state it had: `begin` is the number of steps
that are finished, `x` the state after them and `previous` the last clean estimate, which is all the memory
that a sampler here has.

States are (B, C, H, W) tensors or anything else with arithmetic; levels are Python floats.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Protocol

from torch import Tensor

from restorer.diffusion.denoiser import Denoise, Denoised
from restorer.diffusion.schedule import Sigmas

__all__ = [
    "SAMPLERS",
    "Evaluation",
    "Step",
    "Walk",
    "ancestral",
    "ddim",
    "dpmpp_2m",
    "drive",
    "evaluations",
    "heun",
]


@dataclass(frozen=True, eq=False)
class Evaluation:
    """A sampler asks for D(x; sigma). `step` counts from 1 to `steps`; Heun asks twice in a step."""

    x: Tensor
    sigma: float
    step: int
    steps: int


@dataclass(frozen=True, eq=False)
class Step:
    """One evaluation, done: the state and level it was made at, and the clean estimate."""

    x: Tensor
    sigma: float
    clean: Tensor
    step: int
    steps: int


Walk = Generator[Evaluation, Denoised, Tensor]
NoiseOf = Callable[[int], Tensor]
"""noise_of(step): the standard normal noise of a step, numbered from 1; shape of the state."""


def ddim(
    x: Tensor,
    sigmas: Sigmas,
    noise_of: NoiseOf | None = None,
    *,
    begin: int = 0,
    previous: Tensor | None = None,
) -> Walk:
    """DDIM without noise (arXiv 2010.02502, equation 12, eta = 0): first order."""
    steps = len(sigmas) - 1
    for i in range(begin, steps):
        clean = (yield Evaluation(x, sigmas[i], i + 1, steps)).clean
        x = clean + (sigmas[i + 1] / sigmas[i]) * (x - clean)
    return x


def dpmpp_2m(
    x: Tensor,
    sigmas: Sigmas,
    noise_of: NoiseOf | None = None,
    *,
    begin: int = 0,
    previous: Tensor | None = None,
) -> Walk:
    """DPM-Solver++(2M) (arXiv 2211.01095, algorithm 2) in the variance-exploding frame: second order.

    With lambda = -ln sigma, the step is x' = (sigma'/sigma) x + (1 - sigma'/sigma) D, where D is
    extrapolated from the last two estimates. The step to sigma = 0 has an infinite lambda and returns the
    estimate itself.
    """
    steps = len(sigmas) - 1
    for i in range(begin, steps):
        clean = (yield Evaluation(x, sigmas[i], i + 1, steps)).clean
        ratio = sigmas[i + 1] / sigmas[i]
        ahead = clean
        if previous is not None and sigmas[i + 1] > 0:
            last, now = math.log(sigmas[i - 1] / sigmas[i]), math.log(sigmas[i] / sigmas[i + 1])
            ahead = clean + (now / (2 * last)) * (clean - previous)
        x = ratio * x + (1 - ratio) * ahead
        previous = clean
    return x


def heun(
    x: Tensor,
    sigmas: Sigmas,
    noise_of: NoiseOf | None = None,
    *,
    begin: int = 0,
    previous: Tensor | None = None,
) -> Walk:
    """Heun's method on the probability-flow ODE (EDM, algorithm 1): second order, two evaluations a step but
    for the last, which is Euler's when it ends at 0."""
    steps = len(sigmas) - 1
    for i in range(begin, steps):
        sigma, ahead = sigmas[i], sigmas[i + 1]
        slope = (x - (yield Evaluation(x, sigma, i + 1, steps)).clean) / sigma
        euler = x + (ahead - sigma) * slope
        if ahead > 0:
            slope_ahead = (euler - (yield Evaluation(euler, ahead, i + 1, steps)).clean) / ahead
            x = x + (ahead - sigma) * (slope + slope_ahead) / 2
        else:
            x = euler
    return x


def ancestral(
    x: Tensor,
    sigmas: Sigmas,
    noise_of: NoiseOf | None = None,
    upper: bool = True,
    *,
    begin: int = 0,
    previous: Tensor | None = None,
) -> Walk:
    """SR3's sampler (arXiv 2104.07636, equation 11), rewritten for the variance-exploding frame.

    The mean is the posterior's given the estimate, D + (sigma'^2 / sigma^2) (x - D). The variance of the
    noise put back is SR3's choice, 1 - alpha_t: with alpha_t = gamma_t / gamma_{t-1} that is (sigma^2 -
    sigma'^2) / (1 + sigma^2) of the scaled state, times 1 + sigma'^2 in this frame. `upper=False` takes the
    posterior's own variance, sigma'^2 (sigma^2 - sigma'^2) / sigma^2, as the public SR3 code does. Where the
    network learned a variance between these two (arXiv 2102.09672, equation 15), that one is taken. None
    is added at the end.
    """
    if noise_of is None:
        raise ValueError("the ancestral sampler needs noise")
    steps = len(sigmas) - 1
    for i in range(begin, steps):
        sigma, ahead = sigmas[i], sigmas[i + 1]
        estimate = yield Evaluation(x, sigma, i + 1, steps)
        clean = estimate.clean
        x = clean + (ahead / sigma) ** 2 * (x - clean)
        if ahead > 0:
            gap = sigma**2 - ahead**2
            most, least = gap * (1 + ahead**2) / (1 + sigma**2), gap * (ahead / sigma) ** 2
            if estimate.variance is None:
                x = x + math.sqrt(most if upper else least) * noise_of(i + 1)
            else:
                learned = math.log(least) + estimate.variance * math.log(most / least)
                x = x + (learned / 2).exp() * noise_of(i + 1)
    return x


def renoise(
    x: Tensor,
    sigmas: Sigmas,
    noise_of: NoiseOf | None = None,
    *,
    begin: int = 0,
    previous: Tensor | None = None,
) -> Walk:
    """Answer, noise again to the next level, answer again: multistep sampling of networks that are right in
    one evaluation (consistency models, arXiv 2303.01469, algorithm 1; adversarial diffusion distillation,
    arXiv 2311.17042). The last answer is the picture."""
    if noise_of is None:
        raise ValueError("the renoise sampler needs noise")
    steps = len(sigmas) - 1
    for i in range(begin, steps):
        x = (yield Evaluation(x, sigmas[i], i + 1, steps)).clean
        if sigmas[i + 1] > 0:
            x = x + sigmas[i + 1] * noise_of(i + 1)
    return x


class Sampler(Protocol):
    """Any of the functions above."""

    def __call__(
        self,
        x: Tensor,
        sigmas: Sigmas,
        noise_of: NoiseOf | None = None,
        *,
        begin: int = 0,
        previous: Tensor | None = None,
    ) -> Walk: ...


SAMPLERS: dict[str, Sampler] = {
    "ddim": ddim,
    "dpmpp-2m": dpmpp_2m,
    "heun": heun,
    "ancestral": ancestral,
    "renoise": renoise,
}
"""Every sampler by name, called alike; only the last two use their noise."""


def evaluations(sampler: str, steps: int) -> int:
    """Network evaluations of a walk of `steps` steps that ends at 0."""
    return 2 * steps - 1 if sampler == "heun" else steps


def drive(walk: Walk, denoise: Denoise) -> Iterator[Step]:
    """Run a walk with a plain denoiser, yielding each evaluation. The last thing yielded has
    `sigma` = 0 (or the grid's last level) and the final state as both `x` and `clean`."""
    estimate: Denoised | None = None
    evaluation: Evaluation | None = None
    while True:
        try:
            evaluation = next(walk) if estimate is None else walk.send(estimate)
        except StopIteration as end:
            count = evaluation.steps if evaluation else 0
            yield Step(end.value, 0.0, end.value, count, count)
            return
        estimate = denoise(evaluation.x, evaluation.sigma)
        yield Step(evaluation.x, evaluation.sigma, estimate.clean, evaluation.step, evaluation.steps)
