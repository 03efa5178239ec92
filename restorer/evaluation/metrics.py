"""Figures that compare a restored picture with its original or its input.

What comes in: pictures as (H, W, 3) arrays, RGB, uint8 or floating in [0, 1]; `picture` makes one of the
engine's tensors. What goes out: one float each. LPIPS and NIQE need trained parameters and have modules of
their own (lpips.py, niqe.py). Everything is computed in float64, so figures do not depend on the device.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

if TYPE_CHECKING:
    from torch import Tensor

__all__ = [
    "Picture",
    "consistency",
    "gaussian_window",
    "luma",
    "picture",
    "psnr_y",
    "resize_float",
    "spectrum_error",
    "ssim_y",
]

Picture = NDArray[Any]
Floats = NDArray[np.float64]


def picture(image: Tensor) -> Picture:
    """(1, 3, H, W) or (3, H, W) tensor in [-1, 1] on any device to (H, W, 3) uint8, as it would be saved."""
    planes = image.detach().squeeze(0) if image.ndim == 4 else image.detach()
    levels = ((planes.float().clamp(-1, 1) + 1) * 127.5).round().byte()
    return np.asarray(levels.permute(1, 2, 0).cpu().numpy())


def _unit(image: Picture) -> Floats:
    """float64 in [0, 1]."""
    if image.ndim != 3 or image.shape[2] != 3:
        raise ValueError(f"a picture is (H, W, 3), not {image.shape}")
    return image / 255.0 if image.dtype == np.uint8 else image.astype(np.float64)


def luma(image: Picture) -> Floats:
    """BT.601 luma with headroom, (H, W) in [16, 235]: MATLAB's rgb2ycbcr, the Y of the published
    super-resolution tables. Not rounded, as in BasicSR; MATLAB on uint8 rounds, which changes PSNR by
    less than 0.01 dB."""
    return np.asarray(_unit(image) @ np.array([65.481, 128.553, 24.966]) + 16.0)


def _shaved(first: Picture, second: Picture, border: int) -> tuple[Floats, Floats]:
    if first.shape != second.shape:
        raise ValueError(f"pictures of different size: {first.shape} and {second.shape}")
    inside = slice(border, -border or None)
    return luma(first)[inside, inside], luma(second)[inside, inside]


def psnr_y(result: Picture, original: Picture, border: int = 0) -> float:
    """Peak signal-to-noise ratio of the luma in dB, peak 255; `border` pixels are cut on each side (the
    tables cut as many as the scale). Infinite for equal pictures."""
    first, second = _shaved(result, original, border)
    error = float(np.mean((first - second) ** 2))
    return math.inf if error == 0 else 10 * math.log10(255.0**2 / error)


def gaussian_window(size: int, sigma: float) -> Floats:
    """(size,) Gaussian weights that sum to 1; `size` is odd."""
    offset = np.arange(size) - size // 2
    weights = np.exp(-(offset**2) / (2 * sigma**2))
    return np.asarray(weights / weights.sum())


def _windowed(image: Floats, window: Floats) -> Floats:
    """Separable filtering of (H, W), kept only where the window lies inside the picture."""
    for _ in range(2):
        length = len(image) - len(window) + 1
        image = np.sum([weight * image[i : i + length] for i, weight in enumerate(window)], axis=0).T
    return image


def ssim_y(result: Picture, original: Picture, border: int = 0) -> float:
    """Structural similarity of the luma (Wang et al. 2004): 11 x 11 Gaussian window of sigma 1.5, K = (0.01,
    0.03), L = 255, population covariance, mean over the windows that lie inside the picture. Equal to BasicSR
    and to scikit-image's with gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=255.
    Pictures must be at least 11 pixels wide after cutting `border`."""
    x, y = _shaved(result, original, border)
    if min(x.shape) < 11:
        raise ValueError(f"SSIM needs at least 11 x 11 pixels, not {x.shape[1]} x {x.shape[0]}")
    window = gaussian_window(11, 1.5)
    mean_x, mean_y = _windowed(x, window), _windowed(y, window)
    var_x = _windowed(x * x, window) - mean_x**2
    var_y = _windowed(y * y, window) - mean_y**2
    covariance = _windowed(x * y, window) - mean_x * mean_y
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    index = ((2 * mean_x * mean_y + c1) * (2 * covariance + c2)) / (
        (mean_x**2 + mean_y**2 + c1) * (var_x + var_y + c2)
    )
    return float(index.mean())


def resize_float(image: Floats, width: int, height: int, how: Image.Resampling) -> Floats:
    """Pillow's antialiased resampling of (H, W) or (H, W, C) without rounding to 8 bits."""
    planes = image[..., None] if image.ndim == 2 else image
    resized = [
        np.asarray(Image.fromarray(plane.astype(np.float32)).resize((width, height), how))
        for plane in planes.transpose(2, 0, 1)
    ]
    return np.stack(resized, axis=-1).astype(np.float64).reshape(height, width, *image.shape[2:])


def consistency(result: Picture, low: Picture) -> float:
    """SR3's consistency (arXiv 2104.07636, section 4): mean squared error on [0, 1] between the input and the
    result reduced by antialiased bicubic. The paper's tables quote it times 1e5. The reduced result is not
    rounded, so even the original differs from its own 8-bit input, by about 0.15e-5."""
    height, width = low.shape[:2]
    reduced = resize_float(_unit(result), width, height, Image.Resampling.BICUBIC)
    return float(np.mean((reduced - _unit(low)) ** 2))


def _spectrum(image: Picture, bins: int) -> Floats:
    """Mean power of the Hann-windowed luma in `bins` rings between frequency 0 and 0.5 cycles a pixel."""
    grey = luma(image)
    height, width = grey.shape
    windowed = (grey - grey.mean()) * np.outer(np.hanning(height), np.hanning(width))
    power = np.abs(np.fft.fft2(windowed)) ** 2 / windowed.size
    radius = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width)[None, :])
    ring = np.minimum((radius * 2 * bins).astype(int), bins).ravel()  # the last ring holds the corners
    total = np.bincount(ring, power.ravel(), bins + 1)
    return total[:bins] / np.maximum(np.bincount(ring, minlength=bins + 1)[:bins], 1)


def spectrum_error(result: Picture, original: Picture, scale: int, bins: int = 32) -> float:
    """Error of the azimuthally averaged power spectrum in dB: the mean absolute difference of its logarithms
    over the frequencies that reduction by `scale` removed (0.5 / scale to 0.5 cycles a pixel). 0 is right;
    blur and grain of wrong strength both raise it. A tenth of a squared grey level is added to both powers,
    so that empty rings of flat pictures do not decide."""
    first = bins // scale if scale > 1 else 1
    ratio = (_spectrum(result, bins)[first:] + 0.1) / (_spectrum(original, bins)[first:] + 0.1)
    return float(np.mean(np.abs(10 * np.log10(ratio))))
