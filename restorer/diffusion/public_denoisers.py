"""Networks from elsewhere as denoisers D(x; sigma): SR3's and ADM's, which predict the noise.

A state of ours is clean + sigma * noise. Those networks know it scaled to unit variance, sqrt(gamma)
(clean + sigma * noise) with gamma = 1 / (1 + sigma^2), and say eps, the noise in it; the clean picture is
x - sigma * eps, kept in [-1, 1] as their own samplers do. So c_skip = 1, c_out = -sigma and
c_in = sqrt(gamma) in EDM's words (arXiv 2206.00364, table 1, column "VP"). Also here: single-pass
upscalers, which know no noise and answer at once.

All take the same call as `ResidualDenoiser`, so the engine and every sampler run them alike.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from restorer.diffusion.conditioning import enlarge
from restorer.diffusion.denoiser import Denoised
from restorer.diffusion.discrete_schedule import DiscreteSchedule
from restorer.diffusion.nn.adm_unet import ADMUNet
from restorer.diffusion.nn.sr3_unet import SR3UNet

__all__ = ["ADMDenoiser", "SR3Denoiser", "SinglePass"]


def _clean(x: Tensor, sigma: Tensor, eps: Tensor, clip: bool) -> Tensor:
    clean = x - sigma * eps.to(x.dtype)
    return clean.clamp(-1, 1) if clip else clean


class SR3Denoiser(nn.Module):
    """A public SR3 network, told its condition and sqrt(gamma). clip: keep the estimate in [-1, 1]."""

    def __init__(self, network: SR3UNet, clip: bool = True) -> None:
        super().__init__()
        self.network, self.clip = network, clip

    @property
    def stride(self) -> int:
        return self.network.config.stride

    @staticmethod
    def enlarge(low: Tensor, scale: int) -> Tensor:
        """The condition: bicubic, cut to the range that pictures have, as the network was trained on."""
        return enlarge(low, scale).clamp(-1, 1)

    def forward(
        self, x: Tensor, sigma: Tensor, enlarged: Tensor, s: Tensor | None = None, told: Tensor | None = None
    ) -> Denoised:
        """x, enlarged: (B, 3, H, W); sigma: (B,). s and told are not known to such a network."""
        wide = sigma.float()[:, None, None, None]
        level = (1 + sigma.float() ** 2).rsqrt()
        dtype = next(self.network.parameters()).dtype
        both = torch.cat([enlarged, x * (1 + wide**2).rsqrt()], dim=1).to(
            dtype, memory_format=torch.channels_last
        )
        return Denoised(_clean(x, wide, self.network(both, level), self.clip))


class ADMDenoiser(nn.Module):
    """A public ADM network: told a time step and a class, with or without a low-resolution picture.

    classes: weights of the classes, (classes,) adding up to 1: one of them chosen, or the mean
    of all where nobody chose (no "null class" was trained). Set by `choose`. clip: as SR3Denoiser's.
    """

    classes: Tensor

    def __init__(self, network: ADMUNet, schedule: DiscreteSchedule, clip: bool = True) -> None:
        super().__init__()
        self.network, self.schedule, self.clip = network, schedule, clip
        count = network.config.classes
        self.register_buffer("classes", torch.full((count,), 1 / max(1, count)), persistent=False)

    @property
    def stride(self) -> int:
        return self.network.config.stride

    @property
    def upsampler(self) -> bool:
        return self.network.config.in_channels == 6

    def choose(self, label: int | None) -> None:
        """Show this class from now on, or with None the mean of all. Raises ValueError for a number that is
        none."""
        if label is None:
            self.classes.fill_(1 / max(1, len(self.classes)))
            return
        if not 0 <= label < len(self.classes):
            raise ValueError(f"there is no class {label} among {len(self.classes)}")
        self.classes.zero_()[label] = 1

    @staticmethod
    def enlarge(low: Tensor, scale: int) -> Tensor:
        """The condition: bilinear, corners not aligned, as the network was trained on."""
        size = (low.shape[-2] * scale, low.shape[-1] * scale)
        return functional.interpolate(low, size=size, mode="bilinear", align_corners=False)

    def forward(
        self,
        x: Tensor,
        sigma: Tensor,
        enlarged: Tensor | None = None,
        s: Tensor | None = None,
        told: Tensor | None = None,
    ) -> Denoised:
        """x: (B, 3, H, W); sigma: (B,); enlarged: the same shape as x, for an upsampler only.

        The estimate's variance is the network's own (arXiv 2102.09672, equation 15), where it learned one.
        """
        wide = sigma.float()[:, None, None, None]
        inside = x * (1 + wide**2).rsqrt()
        if self.upsampler:
            if enlarged is None:
                raise ValueError("an upsampler needs the low-resolution picture")
            inside = torch.cat([inside, enlarged], dim=1)
        dtype = next(self.network.parameters()).dtype
        weights = self.classes.to(dtype).expand(len(x), -1) if len(self.classes) else None
        raw = self.network(
            inside.to(dtype, memory_format=torch.channels_last), self.schedule.step_of(sigma), weights
        ).float()
        if raw.shape[1] == 3:
            return Denoised(_clean(x, wide, raw, self.clip))
        eps, value = raw.chunk(2, dim=1)
        return Denoised(_clean(x, wide, eps, self.clip), (value + 1) / 2)


class SinglePass(nn.Module):
    """A network that enlarges at once, as a denoiser that is right in one evaluation whatever the noise.

    Its condition is the photo itself, each pixel repeated, so that tiles are cut like everybody else's;
    one in each block of `scale` x `scale` is what the network sees.
    """

    def __init__(self, network: nn.Module, scale: int, multiple: int = 1) -> None:
        super().__init__()
        self.network, self.scale, self.multiple = network, scale, multiple

    @property
    def stride(self) -> int:
        return self.scale * self.multiple

    @staticmethod
    def enlarge(low: Tensor, scale: int) -> Tensor:
        return low.repeat_interleave(scale, -2).repeat_interleave(scale, -1)

    def forward(
        self, x: Tensor, sigma: Tensor, enlarged: Tensor, s: Tensor | None = None, told: Tensor | None = None
    ) -> Denoised:
        """enlarged: (B, 3, H, W), from `enlarge`; the rest is not looked at."""
        dtype = next(self.network.parameters()).dtype
        low = (enlarged[..., :: self.scale, :: self.scale].to(dtype) + 1) / 2
        return Denoised((self.network(low).float() * 2 - 1).clamp(-1, 1))
