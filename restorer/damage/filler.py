"""Fills damage: by the installed network for it, or classically where none is installed.

In: a photo, what of it is marked, a seed. Out: the photo with only that replaced, the rest to the bit, and
what filled it. The network is a denoiser of holes (`restorer.diffusion.denoiser.HoleDenoiser`): it starts
from the classical filling under noise, walks down the noise grid, and every evaluation keeps the known
pixels. A photo is filled window by window; what one window filled the next one knows, so nothing has a seam.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from restorer.damage.classical_filler import NAME, check_marked, fill_classically
from restorer.device import Device
from restorer.diffusion.denoiser import Denoised, HoleDenoiser
from restorer.diffusion.sampler import SAMPLERS, drive
from restorer.diffusion.schedule import karras
from restorer.errors import PackError
from restorer.packs import catalog, loader
from restorer.packs.pack import SamplingSettings
from restorer.photo import Photo

__all__ = ["fill", "fill_by_denoising"]

WINDOW, MARGIN = 256, 64
"""Sides in pixels of what is filled in one go, and of what is looked at around it."""


def fill(
    photo: Photo, marked: np.ndarray, device: Device, seed: int = 0, preset: str = "balanced"
) -> tuple[Photo, str]:
    """The photo with what is marked, (H, W) bool, filled, and the name of what filled it.

    seed: for another filling. Raises RequestError if all is marked, PackError for a damaged pack.
    """
    pack = catalog.filler()
    if pack is None or not marked.any():
        return fill_classically(photo, marked, seed), NAME
    denoiser = loader.load(pack, device)
    if not isinstance(denoiser, HoleDenoiser):
        raise PackError(f"The model {pack.name} does not fill damage; install it again.")
    settings = catalog.settings(pack, preset)
    return fill_by_denoising(photo, marked, denoiser, settings, device, seed), pack.name


def fill_by_denoising(
    photo: Photo,
    marked: np.ndarray,
    denoiser: HoleDenoiser,
    settings: SamplingSettings,
    device: Device,
    seed: int = 0,
) -> Photo:
    """As `fill`, by a denoiser on `device`; the same seed gives the same filling."""
    check_marked(photo, marked)
    classical = fill_classically(photo, marked, seed)
    picture = torch.from_numpy(np.ascontiguousarray(classical.to_float().transpose(2, 0, 1)))[None]
    hole = torch.from_numpy(marked.astype(np.float32))[None, None]
    for number, (rows, columns, inner) in enumerate(_windows(marked)):
        part, mask = picture[..., rows, columns], hole[..., rows, columns]
        filled = _filled(part, mask, denoiser, settings, device, seed * 100_003 + number)
        here = (..., *inner)
        down, across = (
            slice(own.start - outer.start, own.stop - outer.start)
            for own, outer in zip(inner, (rows, columns), strict=True)
        )
        picture[here] = filled[..., down, across]
        hole[here] = 0  # the next window takes it as known
    answer = photo.with_float(picture[0].permute(1, 2, 0).numpy()).pixels
    pixels = photo.pixels.copy()
    pixels[marked] = answer[marked]
    return replace(photo, pixels=pixels)


def _windows(marked: np.ndarray) -> Iterator[tuple[slice, slice, tuple[slice, slice]]]:
    """Rows and columns of the windows that hold anything marked, with their margin, and without it."""
    height, width = marked.shape
    for top in range(0, height, WINDOW):
        for left in range(0, width, WINDOW):
            inner = slice(top, min(height, top + WINDOW)), slice(left, min(width, left + WINDOW))
            if marked[inner].any():
                yield (
                    slice(max(0, top - MARGIN), min(height, top + WINDOW + MARGIN)),
                    slice(max(0, left - MARGIN), min(width, left + WINDOW + MARGIN)),
                    inner,
                )


@torch.inference_mode()
def _filled(
    picture: Tensor,
    hole: Tensor,
    denoiser: HoleDenoiser,
    settings: SamplingSettings,
    device: Device,
    seed: int,
) -> Tensor:
    """A window, (1, 3, h, w) in [-1, 1], with its hole, (1, 1, h, w), filled anew."""
    height, width = picture.shape[-2:]
    padding = (0, -width % denoiser.stride, 0, -height % denoiser.stride)
    photo = torch.nn.functional.pad(picture, padding, mode="replicate").to(device.torch)
    shown = torch.cat([photo, torch.nn.functional.pad(hole, padding).to(device.torch)], dim=1)
    generator = torch.Generator().manual_seed(seed % 2**63)

    def noise(_step: int) -> Tensor:
        return torch.randn(photo.shape, generator=generator).to(device.torch)

    def denoise(x: Tensor, sigma: float) -> Denoised:
        level = torch.full((1,), sigma, device=device.torch)
        estimate: Denoised = denoiser(x, level, shown, torch.zeros_like(level))
        return estimate

    sigmas = karras(settings.steps, settings.sigma_min, settings.sigma_max, settings.rho)
    walk = SAMPLERS[settings.sampler](photo + settings.start * sigmas[0] * noise(0), sigmas, noise)
    *_, last = drive(walk, denoise)
    return last.clean[..., :height, :width].float().cpu()
