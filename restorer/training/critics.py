"""What tells restored pictures from real ones while a network is trained adversarially.

`FeatureCritic` looks at features of a frozen network, as projected GANs do (arXiv 2111.01007): it knows
texture and shape, and hardly sees the finest detail. `PixelCritic` looks at what a picture has beyond its
enlarged input, beside that input, in patches (arXiv 1611.07004, section 3.2). Measured on a network that had
been trained against the first alone: after 160 steps the first told 64 % of the pairs apart, the second 97 %.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm

from restorer.kernels import Conv2d

__all__ = ["GRAIN", "FeatureCritic", "PixelCritic", "lead"]

GRAIN = 0.03
"""Standard deviation of the noise on pictures before the critic of pixels: about four grey levels of 256."""


def lead(first: list[Tensor], second: list[Tensor]) -> Tensor:
    """softplus of how far `second` leads `first` (relativistic pairing, arXiv 1807.00734), the mean over
    batch, places and heads."""
    gaps = [functional.softplus(b - a).mean() for a, b in zip(first, second, strict=True)]
    return torch.stack(gaps).mean()


class FeatureCritic(nn.Module):
    """Heads on maps of `Features` (unit vectors, so no head lives on the sheer size of values).

    forward gives, for each map, how real every place looks: (B, 1, h, w).
    """

    def __init__(
        self, channels: tuple[int, ...] = (64, 128, 256, 512), widths: tuple[int, ...] = (24, 48, 64, 64)
    ) -> None:
        super().__init__()
        self.heads = nn.ModuleList(
            nn.Sequential(
                spectral_norm(Conv2d(inside, width, 1)),
                nn.LeakyReLU(0.2),
                spectral_norm(Conv2d(width, width, 3, padding=1)),
                nn.LeakyReLU(0.2),
                spectral_norm(Conv2d(width, 1, 3, padding=1)),
            )
            for inside, width in zip(channels, widths, strict=True)
        )

    def forward(self, maps: list[Tensor]) -> list[Tensor]:
        return [head(each * math.sqrt(each.shape[1])) for head, each in zip(self.heads, maps, strict=True)]


class PixelCritic(nn.Module):
    """Looks at patches of 32 pixels.

    forward takes pictures and their enlarged inputs, (B, 3, H, W) in -1 to 1, to [(B, 1, H/4, W/4)].

    Spectral norm, and the noise `GRAIN` on the pictures that it is shown, keep its answers smooth: it is sure
    of itself within 50 steps.
    """

    DETAIL = 4.0
    """What detail is multiplied by, to be of the size of the input beside it."""

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            spectral_norm(Conv2d(6, width, 3, padding=1)),
            nn.LeakyReLU(0.2),
            spectral_norm(Conv2d(width, 2 * width, 4, stride=2, padding=1)),
            nn.LeakyReLU(0.2),
            spectral_norm(Conv2d(2 * width, 2 * width, 3, padding=1)),
            nn.LeakyReLU(0.2),
            spectral_norm(Conv2d(2 * width, 4 * width, 4, stride=2, padding=1)),
            nn.LeakyReLU(0.2),
            spectral_norm(Conv2d(4 * width, 2 * width, 3, padding=1)),
            nn.LeakyReLU(0.2),
            spectral_norm(Conv2d(2 * width, 1, 3, padding=1)),
        )

    def forward(self, picture: Tensor, enlarged: Tensor) -> list[Tensor]:
        return [self.layers(torch.cat((self.DETAIL * (picture - enlarged), enlarged), dim=1))]
