"""Colour lock, tone, consistency and grain: what the result must keep of the photo, and how noisy it is.

All pictures here are tensors (1, 3, H, W), float32, [-1, 1].
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from restorer.diffusion.conditioning import enlarge

__all__ = [
    "Tone",
    "consistency",
    "estimate_grain",
    "find_tone",
    "grain_response",
    "lock_colours",
    "reduce",
]

LOCK_SIGMA = 1.5
"""Spread of the low-pass whose content is the photo's, in its pixels; half of what has a period of 8 is kept.
A network that takes grain out leaves its lowest frequencies to the lock, and they count as colour: on worn
Set14 the drift is CIEDE2000 0.66, 0.50 and 0.38 with spreads of 3, 2 and 1.5, LPIPS 0.2731, 0.2738 and
0.2757; with the networks after those 0.51 and 0.43 with 1.75 and 1.5, LPIPS 0.2817 and 0.2833."""
BAND = 512
"""Rows that are filtered at once, a multiple of 8: torch needs several times as much memory on the way."""
CELL = 4
"""Side of the cells, in the photo's pixels, whose mean colour is looked at for a tone."""
MOST_TINT, OWN_COLOUR = 60 / 127.5, 5 / 127.5
"""Largest distance of a channel from the mean of the channels that is a tint, and of a cell's colour from the
tint that is not yet a colour of its own."""
NEGLIGIBLE = 4.5 / 127.5
"""Estimated noise below this, on [-1, 1], is fine texture as often as grain: told as none."""


def reduce(image: Tensor, height: int, width: int) -> Tensor:
    """Antialiased bicubic reduction to height x width pixels, the papers' (SR3, section 4)."""
    return functional.interpolate(image, size=(height, width), mode="bicubic", antialias=True)


def _blur(image: Tensor, sigma: float) -> Tensor:
    radius = max(1, round(3 * sigma))
    offset = torch.arange(-radius, radius + 1, dtype=image.dtype, device=image.device)
    kernel = torch.exp(-(offset**2) / (2 * sigma**2))
    kernel = (kernel / kernel.sum()).expand(image.shape[1], 1, 1, -1)
    channels = image.shape[1]
    height = image.shape[-2]
    bands = []
    for top in range(0, height, BAND):
        rows = torch.arange(top - radius, min(top + BAND, height) + radius, device=image.device)
        rows = rows.clamp(0, height - 1)
        across = functional.pad(image[..., rows, :], (radius, radius, 0, 0), mode="replicate")
        across = functional.conv2d(across, kernel, groups=channels)
        bands.append(functional.conv2d(across, kernel.mT, groups=channels))
    return torch.cat(bands, -2)


def lock_colours(clean: Tensor, low: Tensor, scale: int) -> Tensor:
    """Pull the low frequencies of an estimate to the photo's.

    clean: (1, 3, h * scale, w * scale), the estimate. low: (1, 3, h, w), the photo. The difference is taken
    and blurred at the photo's resolution, so it costs little, and edges keep what the network gave them.
    """
    small = functional.avg_pool2d(clean, scale) if scale > 1 else clean
    return clean + enlarge(_blur(low - small, LOCK_SIGMA), scale)


@dataclass(frozen=True, eq=False)
class Tone:
    """The tone of a photo without colours of its own: neutral, or one tint such as sepia.

    coefficients: (3, 3), for each channel how far it lies from the mean of the channels, as a polynomial
    c0 + c1 y + c2 y^2 of that mean y in [-1, 1]; all 0 for a neutral photo.
    """

    coefficients: Tensor

    def applied(self, picture: Tensor) -> Tensor:
        """The picture (1, 3, H, W) in this tone; in a neutral one the channels come out equal to the bit."""
        mean = picture.mean(1, keepdim=True)
        if not bool(self.coefficients.any()):
            return mean.expand_as(picture).contiguous()
        constant, slope, bend = self.coefficients.to(picture).T[:, None, :, None, None]
        toned: Tensor = mean + constant + mean * (slope + mean * bend)
        return toned


def find_tone(photo: Tensor) -> Tone | None:
    """The tone of a photo (1, 3, H, W), or None if it has colours of its own, be it in one small place.

    Networks put coloured speckle into photos that have none; a tone takes it out again.
    """
    if bool((photo == photo[:, :1]).all()):
        return Tone(torch.zeros(3, 3))
    # Chroma of JPEG is noisy pixel by pixel; a colour of its own fills a few pixels.
    height, width = (max(1, side // CELL) for side in photo.shape[-2:])
    small = functional.adaptive_avg_pool2d(photo, (height, width)).flatten(2)[0].double()
    mean = small.mean(0)
    away = small - mean
    if float(away.abs().max()) > MOST_TINT:
        return None
    powers = torch.stack([torch.ones_like(mean), mean, mean**2], dim=1)
    coefficients = torch.linalg.lstsq(powers, away.T, driver="gelsd").solution
    if float((powers @ coefficients - away.T).abs().max()) > OWN_COLOUR:
        return None
    return Tone(coefficients.T.float())


def consistency(result: Tensor, low: Tensor) -> float:
    """Mean squared error between the reduced result and the photo, on [0, 1] (SR3, section 4.1)."""
    small = reduce(result, low.shape[-2], low.shape[-1])
    return float(((small.clamp(-1, 1) - low) / 2).square().mean())


def grain_response(grey: Tensor) -> Tensor:
    """(B, 1, H, W) to (B, 1, H - 2, W - 2): what Immerkaer's mask answers at every pixel, scaled so that its
    mean over white noise is the noise's standard deviation."""
    mask = torch.tensor([[1.0, -2.0, 1.0], [-2.0, 4.0, -2.0], [1.0, -2.0, 1.0]], device=grey.device)
    response: Tensor = functional.conv2d(grey, mask[None, None]).abs() * (torch.pi / 2) ** 0.5 / 6
    return response


def estimate_grain(low: Tensor) -> float:
    """Standard deviation of the noise in a photo, on [-1, 1]; 0 where it is negligible.

    Immerkaer's difference of Laplacians (CVIU 64, 1996), which smooth shading and straight edges do not move,
    taken in windows of 8 x 8 pixels; the lower tenth of the windows, where there is least texture, speaks
    for the photo.
    """
    height, width = low.shape[-2:]
    if min(height, width) < 32:
        return 0.0  # too few windows to tell grain from picture
    bands = [  # whole windows each, so that a large photo is not held several times over
        functional.avg_pool2d(grain_response(low[..., top : top + BAND + 2, :].mean(1, keepdim=True)), 8)
        for top in range(0, height - 9, BAND)
    ]
    windows = torch.cat([band.flatten() for band in bands])
    sigma = float(torch.quantile(windows[:: max(1, len(windows) // 1_000_000)], 0.1))
    return sigma if sigma > NEGLIGIBLE else 0.0
