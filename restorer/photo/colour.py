"""Pixels that are not RGB or grey, made so.

What comes in: a Pillow image in CMYK or Lab with its profile, or RGB
and grey pixels bound for a format that cannot say which RGB they are. What goes
out: sRGB. Photos that are RGB already never pass here on the way in.
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageCms


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


def pixels_to_srgb(pixels: np.ndarray, icc: bytes | None) -> np.ndarray:
    """Convert (H, W, 1 or 3) uint8 pixels to sRGB; grey stays grey."""
    if icc is None:
        return pixels
    grey = pixels.shape[2] == 1
    image = Image.fromarray(pixels[:, :, 0] if grey else pixels)
    converted = np.asarray(to_srgb(image, icc))
    return converted[:, :, 1:2] if grey else converted
