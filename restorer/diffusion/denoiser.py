"""The denoiser D(x; sigma, conditions): the one interface between networks and samplers.

EDM's preconditioning (arXiv 2206.00364, section 5 and table 1) wraps a raw network F:

    D(x; sigma) = c_skip x + c_out F(c_in x; c_noise)

with x the noisy picture and sigma the standard deviation of its noise. Here the network models the
*residual* over the enlarged photo, which has a much smaller spread (`sigma_data`) than a picture
has, so few steps are enough: with u the enlarged photo,

    D(x; sigma, u, s) = u + c_skip (x - u) + c_out F(c_in (x - u), u; c_noise, s).

The base of a cascade is the same with u = 0: it has no picture to start from.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from restorer.diffusion.conditioning import enlarge

__all__ = [
    "HOLE",
    "NOISE",
    "PREDICTIONS",
    "RESIDUAL",
    "Coefficients",
    "Denoise",
    "Denoised",
    "HoleDenoiser",
    "NoiseDenoiser",
    "ResidualDenoiser",
    "augmentation_input",
    "edm_coefficients",
    "tell",
    "tell_class",
]


@dataclass(frozen=True, eq=False)
class Denoised:
    """What a denoiser knows of the clean picture.

    clean: (B, 3, H, W), the expectation of the clean picture given the noisy one.
    variance: same shape, where a network learned it, else None: how far the variance of a reverse step
        lies from its least value (0) to its greatest (1), in logarithms; the bounds are those of the step
        that a sampler takes (Nichol and Dhariwal, arXiv 2102.09672, equation 15).
    """

    clean: Tensor
    variance: Tensor | None = None


Denoise = Callable[[Tensor, float], Denoised]
"""denoise(x, sigma): x (B, C, H, W) noisy, sigma > 0; the form in which samplers know a denoiser."""


@dataclass(frozen=True, eq=False)
class Coefficients:
    """EDM's four coefficients, each of shape (B, 1, 1, 1), c_noise (B,)."""

    skip: Tensor
    out: Tensor
    inside: Tensor
    noise: Tensor


def edm_coefficients(sigma: Tensor, sigma_data: float) -> Coefficients:
    """EDM table 1, last column. sigma: (B,), positive."""
    wide = sigma[:, None, None, None]
    total = wide**2 + sigma_data**2
    return Coefficients(
        skip=sigma_data**2 / total,
        out=wide * sigma_data / total.sqrt(),
        inside=1 / total.sqrt(),
        noise=sigma.log() / 4,
    )


def augmentation_input(s: Tensor) -> Tensor:
    """The form in which the network is told the augmentation level s (B,), 0 <= s < 1.

    Logarithmic, so that small levels, which decide how far grain is trusted, are told apart; the
    offset (about half a grey level) keeps s = 0 finite.
    """
    return (s + 0.005).log() / 4


def tell(scale: float, repair: float = 0.0, wear: float = 0.0) -> tuple[float, float, float]:
    """The plain numbers that a photo network of several enlargements is told: which enlargement
    (log2(scale) - 2, so 0 is 4x), whether damage (scratches, dust, creases, tears) is to be repaired (1)
    or belongs to the picture (0), and how worn the photo is, from 0 (clean) to 1 (`restorer.photo.wear`). A
    network that knows fewer numbers looks at the first ones."""
    return (math.log2(scale) - 2.0, repair, wear)


def tell_class(label: int | None, classes: int, stage: int | None = None) -> tuple[float, ...]:
    """The plain numbers that a stage of a class cascade is told: the root of `classes` at the place of the
    class and 0 elsewhere, all 0 where the class is not said (None); and for a network that serves several
    stages which of them it stands in.

    The root gives the numbers unit variance over the classes, as EDM2 has it (arXiv 2312.02696, appendix B):
    with 1 in its place the class is learnt several times slower than anything else."""
    one = [0.0] * classes
    if label is not None:
        one[label] = math.sqrt(classes)
    return (*one, *(() if stage is None else (float(stage),)))


class ResidualDenoiser(nn.Module):
    """A network, preconditioned, as a denoiser of pictures given their enlarged photo."""

    def __init__(self, network: nn.Module, sigma_data: float) -> None:
        super().__init__()
        self.network = network
        self.sigma_data = sigma_data

    @property
    def stride(self) -> int:
        """Pixels by which a tile may be shifted; tiles begin and pictures end at multiples of it."""
        config = self.network.config
        return int(config.stride)  # type: ignore[arg-type]

    @staticmethod
    def enlarge(low: Tensor, scale: int) -> Tensor:
        """What the network is shown of the photo: its bicubic enlargement."""
        return enlarge(low, scale)

    def forward(
        self, x: Tensor, sigma: Tensor, enlarged: Tensor, s: Tensor, told: Tensor | None = None
    ) -> Denoised:
        """Estimate the clean picture.

        x: (B, 3, H, W) noisy picture; sigma: (B,) its noise level, positive.
        enlarged: (B, 3, H, W) the photo at the output's size, in [-1, 1].
        s: (B,) level of the noise in the photo, on [-1, 1] (CDM's conditioning augmentation).
        told: (B, told) what `tell` says, for networks that know several enlargements; None for zeros.
        The network runs in the precision of its own parameters; everything around it in float32.
        """
        return Denoised(self._estimate(x - enlarged, enlarged, sigma, enlarged, s, told))

    def _estimate(
        self, residual: Tensor, photo: Tensor, sigma: Tensor, shown: Tensor, s: Tensor, told: Tensor | None
    ) -> Tensor:
        """The photo plus the clean residual; `shown` is what the network sees of the photo."""
        c = edm_coefficients(sigma.float(), self.sigma_data)
        raw = self._answer(c.inside * residual, c.noise, shown, s, told)
        return photo + c.skip * residual + c.out * raw.float()

    def _answer(self, noisy: Tensor, level: Tensor, shown: Tensor, s: Tensor, told: Tensor | None) -> Tensor:
        """The network's raw answer, in the precision of its own parameters."""
        dtype = next(self.network.parameters()).dtype
        scaled = noisy.to(dtype, memory_format=torch.channels_last)
        more = () if told is None else (told,)
        raw: Tensor = self.network(scaled, shown.to(dtype), level, augmentation_input(s.float()), *more)
        return raw

    def loss(
        self,
        clean: Tensor,
        noise: Tensor,
        sigma: Tensor,
        enlarged: Tensor,
        s: Tensor,
        told: Tensor | None = None,
    ) -> Tensor:
        """EDM's weighted loss of each picture, shape (B,): 1 for a network that always says zero, on
        residuals of spread sigma_data (equations 2 and 8: the weight 1 / c_out^2 makes it the plain
        squared error of the raw network).

        clean: (B, 3, H, W); noise: standard normal of the same shape; sigma, s: (B,).
        """
        residual = clean - enlarged
        noisy = residual + sigma[:, None, None, None] * noise
        return torch.mean(self._error(residual, noisy, sigma, enlarged, s, told) ** 2, dim=(1, 2, 3))

    def _error(
        self, residual: Tensor, noisy: Tensor, sigma: Tensor, shown: Tensor, s: Tensor, told: Tensor | None
    ) -> Tensor:
        """The raw network's answer to a noisy residual, less what it should be."""
        c = edm_coefficients(sigma, self.sigma_data)
        more = () if told is None else (told,)
        raw = self.network(c.inside * noisy, shown, c.noise, augmentation_input(s), *more)
        error: Tensor = raw.float() - (residual - c.skip * noisy) / c.out
        return error


class NoiseDenoiser(ResidualDenoiser):
    """The same network asked as SR3 asked its own (arXiv 2104.07636, section 2): it says the noise in
    the whole picture, not in a residual, and is told sqrt(gamma) = 1 / sqrt(1 + sigma^2). `sigma_data` is not
    used.

    Here to be compared with; a pack of it says `"predicts": "noise"`.
    """

    def forward(
        self, x: Tensor, sigma: Tensor, enlarged: Tensor, s: Tensor, told: Tensor | None = None
    ) -> Denoised:
        """As ResidualDenoiser; the estimate is kept in [-1, 1]."""
        sigma = sigma.float()
        level = (1 + sigma**2).rsqrt()
        raw = self._answer(level[:, None, None, None] * x, level, enlarged, s, told)
        return Denoised((x - sigma[:, None, None, None] * raw.float()).clamp(-1, 1))

    def loss(
        self,
        clean: Tensor,
        noise: Tensor,
        sigma: Tensor,
        enlarged: Tensor,
        s: Tensor,
        told: Tensor | None = None,
    ) -> Tensor:
        """Mean distance |eps - F| of each picture, (B,): equation 6 with p = 1."""
        level = (1 + sigma**2).rsqrt()
        noisy = level[:, None, None, None] * (clean + sigma[:, None, None, None] * noise)
        more = () if told is None else (told,)
        raw = self.network(noisy, enlarged, level, augmentation_input(s), *more)
        return torch.mean((raw.float() - noise).abs(), dim=(1, 2, 3))


class HoleDenoiser(ResidualDenoiser):
    """A denoiser of what lies in holes: the network is shown the photo with its holes filled somehow, and
    where they are, and its answer counts nowhere else, so known pixels are kept in every evaluation.

    `enlarged` is (B, 4, H, W): the filled photo, and 1 in the holes, 0 elsewhere. A pack of it says
    `"predicts": "hole"`.
    """

    def forward(
        self, x: Tensor, sigma: Tensor, enlarged: Tensor, s: Tensor, told: Tensor | None = None
    ) -> Denoised:
        """As ResidualDenoiser; outside of the holes the photo itself, to the bit."""
        photo, hole = enlarged[:, :3], enlarged[:, 3:]
        estimate = self._estimate((x - photo) * hole, photo, sigma, enlarged, s, told)
        return Denoised(torch.where(hole > 0, estimate, photo))

    def loss(
        self,
        clean: Tensor,
        noise: Tensor,
        sigma: Tensor,
        enlarged: Tensor,
        s: Tensor,
        told: Tensor | None = None,
    ) -> Tensor:
        """EDM's weighted loss, (B,), of the pixels in the holes; 0 where there is none."""
        photo, hole = enlarged[:, :3], enlarged[:, 3:]
        residual = (clean - photo) * hole
        noisy = residual + sigma[:, None, None, None] * noise * hole
        error = self._error(residual, noisy, sigma, enlarged, s, told).square().mean(1, keepdim=True) * hole
        return error.sum(dim=(1, 2, 3)) / hole.sum(dim=(1, 2, 3)).clamp(min=1)


RESIDUAL, NOISE, HOLE = "residual", "noise", "hole"
PREDICTIONS: dict[str, type[ResidualDenoiser]] = {
    RESIDUAL: ResidualDenoiser,
    NOISE: NoiseDenoiser,
    HOLE: HoleDenoiser,
}
"""What a network of ours may predict, as recipes and packs name it (`predicts`; the first if left out)."""
