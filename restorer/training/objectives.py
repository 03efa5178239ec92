"""What a run asks of its network: EDM's weighted error of the residual, or what SR3 itself asked.

In: a recipe. Out: the denoiser around a network, the noise levels that a step shows, and a look at what the
network makes of pictures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from restorer.diffusion.denoiser import NOISE, PREDICTIONS, Denoised, ResidualDenoiser
from restorer.diffusion.discrete_schedule import DiscreteSchedule, linear_betas
from restorer.diffusion.sampler import NoiseOf, ancestral, dpmpp_2m, drive
from restorer.diffusion.schedule import karras, sr3_linear
from restorer.errors import RequestError
from restorer.training.degradation.first_order import draw_sigma, even_shares

if TYPE_CHECKING:
    from restorer.training.recipe import Recipe

__all__ = ["denoiser_of", "levels_of", "restored", "sr3_levels"]

SR3_STEPS, SR3_BETAS = 2000, (1e-6, 1e-2)
"""SR3's training schedule (arXiv 2104.07636, section 2.3 and the tasks of appendix A): beta on a line."""

SHORT_BETAS = (1e-6, 0.4)
"""The same for a few dozen steps: as much noise at the end."""


def denoiser_of(recipe: Recipe, network: nn.Module) -> ResidualDenoiser:
    """The denoiser that the recipe trains. Raises RequestError for a prediction that there is not."""
    if recipe.predicts not in PREDICTIONS:
        known = " and ".join(map(repr, PREDICTIONS))
        raise RequestError(f"The run {recipe.pack} predicts {recipe.predicts!r}; known are {known}.")
    return PREDICTIONS[recipe.predicts](network, recipe.sigma_data)


def levels_of(recipe: Recipe, count: int, generator: torch.Generator) -> Tensor:
    """Noise levels of `count` examples, (count,)."""
    if recipe.predicts == NOISE:
        return sr3_levels(count, generator)
    return draw_sigma(count, recipe.sigma_mean, recipe.sigma_spread, generator)


def sr3_levels(count: int, generator: torch.Generator) -> Tensor:
    """SR3's levels (section 2.4): a time step at random, then gamma even between it and the one before; here
    in equal shares of the steps, one example a share. Returns sigma = sqrt((1 - gamma) / gamma), (count,)."""
    gammas = np.concatenate([[1.0], DiscreteSchedule(linear_betas(SR3_STEPS, *SR3_BETAS)).gammas])
    place = even_shares(count, generator).double() * SR3_STEPS
    known = torch.from_numpy(gammas).to(place.device)
    step = place.long().clamp(max=SR3_STEPS - 1)
    gamma = known[step].lerp(known[step + 1], place - step)
    return ((1 - gamma) / gamma).sqrt().float()


def restored(recipe: Recipe, network: nn.Module, enlarged: Tensor, noise_of: NoiseOf, steps: int) -> Tensor:
    """A look at what the network makes of enlarged pictures, (B, 3, H, W), or of ones with holes, (B, 4, H,
    W): a few steps of the sampler that goes with the objective, `steps` evaluations or for SR3's four times
    as many.

    noise_of: standard normal noise of the pictures' shape, by step; 0 is the start.
    """
    judge = denoiser_of(recipe, network)

    def denoise(x: Tensor, sigma: float) -> Denoised:
        level = torch.full((len(x),), sigma, device=x.device)
        estimate: Denoised = judge(x, level, enlarged, torch.zeros_like(level))
        return estimate

    if recipe.predicts == NOISE:
        sigmas = sr3_linear(4 * steps, *SHORT_BETAS)
        walk = ancestral(sigmas[0] * noise_of(0), sigmas, noise_of)
    else:
        sigmas = karras(steps, 0.01, 1.5)
        walk = dpmpp_2m(enlarged[:, :3] + 0.9 * sigmas[0] * noise_of(0), sigmas)
    result = enlarged[:, :3]
    for done in drive(walk, denoise):
        result = done.clean
    return result
