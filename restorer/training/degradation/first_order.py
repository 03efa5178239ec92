"""What happened to the photo: from a sharp crop to the low-resolution picture that the network is given.

A share of the crops is reduced as SR3 does (antialiased bicubic, rounded to 8 bits). The others are
treated like pictures with a past: out of focus, scratched and dusty, reduced by another kernel, grainy,
saved as JPEG. Part of both then receives CDM's conditioning augmentation (arXiv 2106.15282, section 4.2):
Gaussian noise of a level that the network is told. The level s told is the standard deviation of the noise
in the low-resolution picture as `restorer.pipeline.colour_lock.estimate_grain` would measure it after JPEG,
grain included, on [-1, 1]; that is how the app can ask for more or less trust.

Damage is repaired where the network is told so; where it is not, the damage belongs to the picture, and
the sharp picture to be found has it too. So a person decides, and wires are no scratches unless asked.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from restorer.diffusion.denoiser import tell
from restorer.pipeline.colour_lock import NEGLIGIBLE, grain_response, reduce
from restorer.training.degradation.jpeg import jpeg

__all__ = ["Coats", "Degradation", "Pair", "degrade", "even_shares", "gaussian_blur", "reduce_bicubic"]


@dataclass(frozen=True)
class Degradation:
    """How often and how strongly; ranges are uniform. Blur is in pixels of the sharp crop.

    worn: share of crops with a past. grey: share turned grey, as old photos are.
    coarse: share of grain that is correlated over `coarseness` pixels (film scanned finer than its grain).
    augmented: share whose noise is raised to a level up to `s_most`.
    damaged: share of worn crops that are scratched, dusty, creased or torn; `repaired`: how many of these
    are to be mended, and `watchful`: how many undamaged ones the network is told to mend all the same.
    """

    worn: float = 0.5
    grey: float = 0.12
    blur: tuple[float, float] = (0.2, 2.4)
    grain: tuple[float, float] = (0.0, 40 / 255)
    coarse: float = 0.0
    coarseness: tuple[float, float] = (0.4, 1.0)
    quality: tuple[float, float] = (35.0, 95.0)
    augmented: float = 0.4
    s_most: float = 0.25
    damaged: float = 0.0
    repaired: float = 0.75
    watchful: float = 0.25


@dataclass(frozen=True, eq=False)
class Pair:
    """clean: (B, 3, H, W); low: (B, 3, H / scale, W / scale); s: (B,) noise level of `low`; told: (B, 3)
    what the network is told besides (`restorer.diffusion.denoiser.tell`); opacity: (B, 1, H, W) of damage."""

    clean: Tensor
    low: Tensor
    s: Tensor
    told: Tensor
    opacity: Tensor


def gaussian_blur(image: Tensor, sigma: Tensor, radius: int = 8) -> Tensor:
    """Blur each picture by its own sigma (B,), in pixels; sigma up to about radius / 3."""
    batch, channels = image.shape[:2]
    offset = torch.arange(-radius, radius + 1, device=image.device, dtype=torch.float32)
    kernel = torch.exp(-(offset**2) / (2 * sigma.clamp(min=0.05)[:, None] ** 2))
    kernel = (kernel / kernel.sum(1, keepdim=True)).repeat_interleave(channels, 0)
    flat = functional.pad(image, (radius,) * 4, mode="reflect").flatten(0, 1)[None]
    across = functional.conv2d(flat, kernel[:, None, None, :], groups=batch * channels)
    return functional.conv2d(across, kernel[:, None, :, None], groups=batch * channels).reshape(image.shape)


def reduce_bicubic(image: Tensor, scale: int) -> Tensor:
    """Antialiased bicubic reduction, rounded to 8 bits; SR3 section 4 and the papers' tables."""
    return _rounded(reduce(image, image.shape[-2] // scale, image.shape[-1] // scale))


def _rounded(image: Tensor) -> Tensor:
    return ((image.clamp(-1, 1) + 1) * 127.5).round() / 127.5 - 1


Coats = Callable[[Tensor, Tensor, int, torch.Generator], tuple[Tensor, Tensor]]
"""coats(damaged (B,), is_grey (B,), scale, generator) -> (opacity (B, 1, H, W), colour (B, 3, H, W))"""


def degrade(
    clean: Tensor, scale: int, how: Degradation, generator: torch.Generator, coats: Coats | None = None
) -> Pair:
    """clean: (B, 3, H, W) in [-1, 1]. coats: where damage comes from; None to draw it. Without them
    `generator` alone decides a crop's past, and one on the CPU gives the same on every device."""
    batch, device, where = len(clean), clean.device, generator.device

    def uniform(low: float, high: float) -> Tensor:
        return (low + (high - low) * torch.rand(batch, generator=generator, device=where)).to(device)

    def chance(share: float) -> Tensor:
        return (torch.rand(batch, generator=generator, device=where) < share).to(device)

    def wide(values: Tensor) -> Tensor:
        return values[:, None, None, None]

    def normal(like: Tensor) -> Tensor:
        return torch.randn(like.shape, generator=generator, device=where).to(device)

    luma = torch.tensor([0.299, 0.587, 0.114], device=device)
    grey = (clean * luma[None, :, None, None]).sum(1, keepdim=True).expand_as(clean)
    is_grey = chance(how.grey)
    clean = torch.where(wide(is_grey), grey, clean)

    worn = chance(how.worn)
    plain = reduce_bicubic(clean, scale)
    blurred = torch.where(wide(chance(0.6)), gaussian_blur(clean, uniform(*how.blur)), clean)
    repair = worn & chance(how.watchful) if how.damaged else torch.zeros_like(worn)
    opacity = torch.zeros_like(clean[:, :1])
    if how.damaged:
        damaged, mended = worn & chance(how.damaged), chance(how.repaired)
        if coats is not None:
            coat, colour = coats(damaged, is_grey, scale, generator)
        else:
            coat, colour = _coats(clean, damaged, is_grey, scale, generator)
        blurred, opacity = torch.lerp(blurred, colour, coat), coat
        clean = torch.where(wide(damaged & ~mended), torch.lerp(clean, colour, coat), clean)
        repair = torch.where(damaged, mended, repair)
    kernel = torch.randint(3, (batch,), generator=generator, device=where).to(device)
    size = (clean.shape[-2] // scale, clean.shape[-1] // scale)
    small = [
        reduce(blurred, *size),
        functional.interpolate(blurred, size=size, mode="bilinear", antialias=True),
        functional.avg_pool2d(blurred, scale),
    ]
    past = torch.where(wide(kernel == 0), small[0], torch.where(wide(kernel == 1), small[1], small[2]))
    # Grain: of one colour in half of the photos (silver has no hue), and always in grey ones.
    grain = uniform(*how.grain) * chance(0.8)
    noise, one_colour = normal(past), (chance(0.5) | is_grey)
    noise = torch.where(wide(one_colour), noise[:, :1].expand_as(noise), noise)
    if how.coarse:
        spread = gaussian_blur(noise, uniform(*how.coarseness), radius=3)
        spread = spread / spread.std(dim=(1, 2, 3), keepdim=True)
        noise = torch.where(wide(chance(how.coarse)), spread, noise)
    still, past = _rounded(past), _rounded(past + wide(grain) * noise)
    quality, halved, compressed = uniform(*how.quality), chance(0.6), wide(chance(0.7))
    past = torch.where(compressed, jpeg(past, quality, halved), past)
    still = torch.where(compressed, jpeg(still, quality, halved), still)
    low = torch.where(wide(worn), past, plain)
    present = _estimated(past - still) * worn

    # Raise the noise to the told level: variances add (DESIGN: s^2 less the grain that is there).
    target = uniform(0.0, how.s_most)
    raised = chance(how.augmented) & (target > present)
    extra = torch.where(raised, (target**2 - present**2).clamp(min=0), torch.zeros_like(target)).sqrt()
    more = normal(low)
    more = torch.where(wide(is_grey), more[:, :1].expand_as(more), more)
    enlargement = torch.full_like(target, tell(scale)[0])
    return Pair(
        clean,
        low + wide(extra) * more,
        torch.where(raised, target, present),
        torch.stack([enlargement, repair.float(), worn.float()], dim=1),
        opacity,
    )


def _estimated(grain: Tensor) -> Tensor:
    """(B,): what `restorer.pipeline.colour_lock.estimate_grain` would say of a photo with this grain (B, 3,
    H, W) and no texture. JPEG takes most of the grain out of even places, and those speak for a photo, so
    this is less than the grain that was there."""
    response = grain_response(grain.mean(1, keepdim=True))
    windows = functional.avg_pool2d(response, min(7, *response.shape[-2:])).flatten(1)
    sigma = windows.quantile(0.1, dim=1)
    return torch.where(sigma > NEGLIGIBLE, sigma, torch.zeros_like(sigma))


def _coats(
    clean: Tensor, damaged: Tensor, is_grey: Tensor, scale: int, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """(opacity (B, 1, H, W), colour (B, 3, H, W)) of the damage of each crop; nothing on whole ones."""
    from restorer.training.degradation.damage import draw

    height, width = clean.shape[-2:]
    opacity = np.zeros((len(clean), 1, height, width), np.float32)
    colour = np.zeros((len(clean), 3, height, width), np.float32)
    seeds = torch.randint(2**31, (len(clean),), generator=generator, device=generator.device).tolist()
    for number, (seed, wanted, grey) in enumerate(
        zip(seeds, damaged.tolist(), is_grey.tolist(), strict=True)
    ):
        if wanted:
            coat = draw(height, width, float(scale), np.random.default_rng(seed))
            tone = coat.colour.mean(2, keepdims=True).repeat(3, 2) if grey else coat.colour
            opacity[number, 0], colour[number] = coat.opacity, tone.transpose(2, 0, 1)
    return torch.from_numpy(opacity).to(clean.device), torch.from_numpy(colour).to(clean.device)


def even_shares(batch: int, generator: torch.Generator) -> Tensor:
    """(batch,) in 0 to 1, uniform, one in each of `batch` equal parts, in random order."""
    where = generator.device
    order = torch.randperm(batch, generator=generator, device=where)
    return (order + torch.rand(batch, generator=generator, device=where)) / batch


def draw_sigma(batch: int, mean: float, spread: float, generator: torch.Generator) -> Tensor:
    """Noise levels of training, (batch,): ln sigma is normal (EDM, section 5), drawn in equal shares of the
    distribution, one picture a share, which lowers the variance of the loss."""
    share = even_shares(batch, generator)
    deviate = math.sqrt(2) * torch.erfinv((2 * share - 1).clamp(-0.9999, 0.9999))
    return torch.exp(mean + spread * deviate)
