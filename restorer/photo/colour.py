"""Pixels that are not RGB or grey, made so.

What comes in: a Pillow image in CMYK or Lab with its profile, or RGB
and grey pixels bound for a format that cannot say which RGB they are. What goes
out: sRGB. Photos that are RGB already never pass here on the way in.
"""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from PIL import Image, ImageCms

_BAND_PIXELS = 1 << 16  # in floats a picture is many times as large
_D50 = np.array([0.9642, 1.0, 0.8249])
_D50_TO_SRGB = np.array(
    [[3.1341, -1.6174, -0.4907], [-0.9788, 1.9161, 0.0335], [0.0719, -0.2290, 1.4052]]  # by Bradford
)


def to_srgb(image: Image.Image, icc: bytes | None) -> Image.Image:
    """Convert an image to RGB with the sRGB profile, relative colorimetric with black point.

    Without a profile, or with one that does not fit, Pillow's plain formulas are used.
    """
    try:
        if image.mode == "LAB":
            profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        elif icc is None:
            return image.convert("RGB")
        else:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        converted = ImageCms.profileToProfile(
            image,
            profile,
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image.convert("RGB")
    return converted if converted is not None else image.convert("RGB")


def lab_to_srgb(lab: np.ndarray, icc_encoding: bool) -> np.ndarray:
    """Convert (H, W, 3) uint8 or uint16 samples of L*a*b* under D50 to sRGB of the same type.

    icc_encoding: a and b are counted from the middle of their range (TIFF calls that ICCLab), not signed.
    Source: TIFF 6.0 section 23, ICC.1:2001-04 annex A (encodings); CIE 15; IEC 61966-2-1.
    """
    deep = lab.dtype == np.uint16
    out = np.empty_like(lab)
    rows = max(1, _BAND_PIXELS // lab.shape[1])
    for top in range(0, lab.shape[0], rows):
        band = lab[top : top + rows]
        lightness = band[:, :, 0] * (100 / (0xFF00 if deep and icc_encoding else np.iinfo(lab.dtype).max))
        if icc_encoding:
            across = band[:, :, 1:].astype(np.float64) - (32768 if deep else 128)
        else:
            across = band[:, :, 1:].view(np.int16 if deep else np.int8).astype(np.float64)
        across = across / 256 if deep else across
        middle = (lightness + 16) / 116
        cubes = np.stack([middle + across[:, :, 0] / 500, middle, middle - across[:, :, 1] / 200], axis=2)
        xyz = np.where(cubes > 6 / 29, cubes**3, (cubes - 4 / 29) * (108 / 841)) * _D50
        light = np.clip(xyz @ _D50_TO_SRGB.T, 0, 1)
        value = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
        out[top : top + rows] = np.rint(value * np.iinfo(lab.dtype).max).astype(lab.dtype)
    return out


def pixels_to_srgb(pixels: np.ndarray, icc: bytes | None) -> np.ndarray:
    """Convert (H, W, 1 or 3) uint8 pixels to sRGB; grey stays grey."""
    if icc is None:
        return pixels
    grey = pixels.shape[2] == 1
    image = Image.fromarray(pixels[:, :, 0] if grey else pixels)
    converted = np.asarray(to_srgb(image, icc))
    return converted[:, :, 1:2] if grey else converted


@lru_cache(maxsize=16)
def is_srgb(icc: bytes | None, channels: int) -> bool:
    """Whether a profile means sRGB: it moves no colour of a coarse cube by more than two levels. None does.

    channels: 1 or 3, of the pixels that it belongs to.
    """
    if icc is None:
        return True
    steps = np.arange(0, 256, 51, dtype=np.uint8)
    if channels == 1:
        colours = steps[None, :, None]
    else:
        colours = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(1, -1, 3)
    moved = pixels_to_srgb(np.ascontiguousarray(colours), icc).astype(int) - colours
    return int(np.abs(moved).max()) <= 2
