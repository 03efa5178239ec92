"""Second-order degradation: what printing, scanning, sharing and saving twice did to an old photo.

In: a sharp picture. Out: the small, worn picture that a person would find in an archive, and the sharp
picture with the same tones. The order of events is that of a real scan:

    print   grey or toned, faded; blur of lens or film; grain that follows the tone; halftone or paper
    scan    resized by any kernel to some size in between, noise of the sensor, sharpened until it has halos
    share   JPEG; blurred and resized to the final size, so that the JPEG blocks leave the grid of eight;
            noise; sharpened; JPEG again

Real-ESRGAN had the idea of two rounds (arXiv 2107.10833, section 3); BSRGAN mixes sharpening and compression
in (arXiv 2103.14006). One number, `wear` from 0 (clean) to 1, scales every range; at 0 the picture is reduced
as SR3 does (antialiased bicubic, rounded to 8 bits). Training tells it to the network.

Pictures are float32 in [0, 1], (H, W, 3), RGB, inside this module.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from restorer.opencv import opencv

__all__ = ["Scan", "scan"]

Picture = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Scan:
    """Ranges at wear 1, and shares of pictures; blur is in pixels of the sharp picture.

    grey: share of pictures without colour. toned: share of those that have the tint of sepia; then they are
    not neutral. faded: share with less contrast. blur: largest sigma of the print's blur when the scale is 4;
    at other scales in proportion, so that the worn picture is as blurred. grain: largest deviation of its
    grain, of the range 0 to 1. texture: share with halftone or paper texture. halo: largest
    amount of unsharp masking. quality, last_quality: lowest JPEG qualities of the two times.
    """

    grey: float = 0.6
    toned: float = 0.25
    faded: float = 0.3
    blur: float = 2.6
    grain: float = 0.045
    texture: float = 0.08
    halo: float = 0.6
    quality: float = 35.0
    last_quality: float = 45.0


def scan(
    sharp: Picture, scale: int, wear: float, random: np.random.Generator, how: Scan | None = None
) -> tuple[Picture, Picture]:
    """(toned, low): the sharp picture with the print's tones (H, W, 3), and the worn one (H / scale,
    W / scale, 3), both uint8.

    sharp: (H, W, 3) uint8, both sides multiples of `scale`. wear: 0 to 1. The same state of `random` gives
    the same pictures.
    """
    how = how or Scan()
    grey = random.random() < how.grey
    picture = _print_tones(sharp.astype(np.float32) / 255, grey, wear, random, how)
    toned = _to_bytes(picture)
    height, width = sharp.shape[0] // scale, sharp.shape[1] // scale
    if wear <= 0:
        small = Image.fromarray(toned).resize((width, height), Image.Resampling.BICUBIC)
        return toned, np.asarray(small)
    mono = grey  # silver has no hue

    # The print. Its flaws are as large on the worn picture whatever the scale.
    unit = scale / 4
    picture = _blurred(picture, unit * wear * random.uniform(0.0, how.blur), random)
    if random.random() < how.texture:
        picture = _textured(picture, wear, unit, random)
    grain = wear * how.grain * random.uniform(0.0, 1.0)
    if random.random() < 0.7:
        # Grain of film is larger than a pixel of the sharp picture, so it survives the reduction.
        silver = mono or random.random() < 0.5
        picture = _noisy(picture, 1.6 * grain, random, silver, follows=True, coarse=2 * unit)

    # The scan.
    share = 1 / scale + (1 - 1 / scale) * random.random()
    between = max(height, round(sharp.shape[0] * share)), max(width, round(sharp.shape[1] * share))
    if random.random() < min(1.0, 3 * wear):
        picture = _resized(picture, *between, random)
        size = between[0] / height  # pixels of this step on a final one
        follows, coarse = random.random() < 0.5, random.uniform(0.5, 1.1) if random.random() < 0.5 else 0.0
        picture = _noisy(
            picture, grain * math.sqrt(size), random, mono or random.random() < 0.5, follows, coarse
        )
        if random.random() < 0.4:
            picture = _sharpened(picture, wear * random.uniform(0, how.halo), random.uniform(0.6, 1.2) * size)
        if random.random() < 0.8:
            picture = _compressed(picture, _quality(how.quality, 95, wear, random), random)
    # Sharing.
    if random.random() < 0.5:
        picture = _blurred(picture, wear * random.uniform(0, 0.9) * picture.shape[0] / height, random)
    picture = _resized(picture, height, width, random)
    if random.random() < 0.4:
        picture = _noisy(picture, wear * random.uniform(0, 0.02), random, mono or random.random() < 0.5)
    if random.random() < 0.3:
        picture = _sharpened(picture, wear * random.uniform(0, how.halo), random.uniform(0.5, 1.2))
    if random.random() < 0.9:
        picture = _compressed(picture, _quality(how.last_quality, 95, wear, random), random)
    low = _to_bytes(picture)
    if mono and not _has_colour(toned):
        low = np.repeat(low.mean(axis=2, keepdims=True).round().astype(np.uint8), 3, axis=2)
    return toned, low


def _to_bytes(picture: Picture) -> Picture:
    return (picture.clip(0, 1) * 255 + 0.5).astype(np.uint8)


def _has_colour(toned: Picture) -> bool:
    return bool((toned.max(axis=2) != toned.min(axis=2)).any())


def _print_tones(
    picture: Picture, grey: bool, wear: float, random: np.random.Generator, how: Scan
) -> Picture:
    """Without colour, with a tint, faded: tones belong to the photo, and a restoration keeps them."""
    toned, faded = random.random() < how.toned, random.random() < how.faded
    shadow, light = random.uniform(0, 0.25), random.uniform(0.75, 1.0)
    tint = np.array([1.0, random.uniform(0.86, 0.97), random.uniform(0.65, 0.9)], np.float32)
    if grey:
        luma = picture @ np.array([0.299, 0.587, 0.114], np.float32)
        picture = np.repeat(luma[..., None], 3, axis=2)
        if toned and wear > 0:
            picture = picture * (1 - (1 - tint) * (1 - 0.5 * picture))
    if faded and wear > 0:
        picture = shadow * wear + picture * (1 - wear + wear * (light - shadow))
    return np.asarray(picture, np.float32)


def _blurred(picture: Picture, sigma: float, random: np.random.Generator) -> Picture:
    """Gaussian (of two widths half of the time), the disc of a lens out of focus, or a short movement."""
    cv = opencv()
    kind, ratio, angle = random.random(), random.uniform(0.4, 1.0), random.uniform(0, math.pi)
    if sigma < 0.15:
        return picture
    if kind < 0.45:
        return np.asarray(cv.GaussianBlur(picture, (0, 0), sigma, borderType=cv.BORDER_REFLECT_101))
    radius = max(1, math.ceil(3 * sigma))
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1].astype(np.float32)
    along, across = x * math.cos(angle) + y * math.sin(angle), y * math.cos(angle) - x * math.sin(angle)
    if kind < 0.8:
        kernel = np.exp(-(along**2) / (2 * sigma**2) - across**2 / (2 * (ratio * sigma) ** 2))
    elif kind < 0.93:
        kernel = (2 * sigma + 0.5 - np.hypot(x, y)).clip(0, 1)  # a disc of radius 2 sigma has that sigma
    else:
        length = math.sqrt(3) * sigma  # half of a line whose deviation is sigma
        kernel = (length + 0.5 - np.abs(along)).clip(0, 1) * (1 - np.abs(across)).clip(0, 1)
    kernel = (kernel / kernel.sum()).astype(np.float32)
    return np.asarray(cv.filter2D(picture, -1, kernel, borderType=cv.BORDER_REFLECT_101))


def _noisy(
    picture: Picture,
    sigma: float,
    random: np.random.Generator,
    mono: bool,
    follows: bool = False,
    coarse: float = 0.0,
) -> Picture:
    """Noise of deviation `sigma`. mono: of one hue. follows: strongest in the middle tones, as grain of film
    is. coarse: spread over so many pixels."""
    if sigma <= 0:
        return picture
    shape = (*picture.shape[:2], 1 if mono else 3)
    noise = random.standard_normal(shape, np.float32)
    if not mono:  # grain of colour film is mostly a matter of brightness
        noise = 0.8 * noise.mean(axis=2, keepdims=True) * math.sqrt(3) + 0.5 * noise
    if coarse > 0:
        noise = opencv().GaussianBlur(noise, (0, 0), coarse).reshape(shape)
        noise /= max(1e-6, float(noise.std()))
    if follows:
        luma = picture.mean(axis=2, keepdims=True).clip(0, 1)
        noise = noise * (0.35 + 1.3 * np.sqrt((luma * (1 - luma)).clip(0, 0.25)))
    return np.asarray(picture + sigma * noise, np.float32)


def _textured(picture: Picture, wear: float, unit: float, random: np.random.Generator) -> Picture:
    """The dots of a halftone, or the tooth of paper, over the picture."""
    height, width = picture.shape[:2]
    depth = wear * random.uniform(0.04, 0.16)
    if random.random() < 0.5:
        period, angle = unit * random.uniform(5, 12), random.uniform(0, math.pi / 2)
        y, x = np.mgrid[:height, :width].astype(np.float32) * (2 * math.pi / period)
        screen = 0.5 * (
            np.cos(x * math.cos(angle) + y * math.sin(angle))
            + np.cos(y * math.cos(angle) - x * math.sin(angle))
        )
    else:
        cv, fine = opencv(), unit * random.uniform(1.5, 3.0)
        noise = random.standard_normal((height, width), np.float32)
        screen = cv.GaussianBlur(noise, (0, 0), fine) - cv.GaussianBlur(noise, (0, 0), 2 * fine)
        screen = 0.5 * screen / max(1e-6, float(screen.std()))
    return np.asarray(picture * (1 + depth * screen[..., None]), np.float32)


def _resized(picture: Picture, height: int, width: int, random: np.random.Generator) -> Picture:
    """By area, bilinear, bicubic or Lanczos; one in eight without antialiasing, as quick programs do."""
    cv = opencv()
    kind, quick = int(random.integers(4)), random.random() < 0.125
    if picture.shape[:2] == (height, width):
        return picture
    shrinks = height < picture.shape[0]
    if quick or not shrinks:
        how = (cv.INTER_LINEAR, cv.INTER_LINEAR, cv.INTER_CUBIC, cv.INTER_LANCZOS4)[kind]
        if picture.shape[0] < 2.5 * height:
            return np.asarray(cv.resize(picture, (width, height), interpolation=how))
    if kind == 0:
        return np.asarray(cv.resize(picture, (width, height), interpolation=cv.INTER_AREA))
    kernel = (Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS)[kind - 1]
    planes = [
        np.asarray(Image.fromarray(np.ascontiguousarray(picture[..., c])).resize((width, height), kernel))
        for c in range(3)
    ]
    return np.stack(planes, axis=2)


def _sharpened(picture: Picture, amount: float, sigma: float) -> Picture:
    """Unsharp masking; with much of it edges get halos."""
    soft = opencv().GaussianBlur(picture, (0, 0), max(0.4, sigma))
    return np.asarray((picture + 1.5 * amount * (picture - soft)).clip(0, 1), np.float32)


def _quality(lowest: float, highest: float, wear: float, random: np.random.Generator) -> int:
    """A JPEG quality: between `highest` and `lowest` at wear 1, nearer to 100 below."""
    drawn = lowest + (highest - lowest) * math.sqrt(random.random())
    return round(100 - wear * (100 - drawn))


def _compressed(picture: Picture, quality: int, random: np.random.Generator) -> Picture:
    """JPEG, with chroma at half of the size six times out of ten."""
    cv = opencv()
    halved = random.random() < 0.6
    sampling = cv.IMWRITE_JPEG_SAMPLING_FACTOR_420 if halved else cv.IMWRITE_JPEG_SAMPLING_FACTOR_444
    options = [cv.IMWRITE_JPEG_QUALITY, quality, cv.IMWRITE_JPEG_SAMPLING_FACTOR, sampling]
    _, data = cv.imencode(".jpg", _to_bytes(picture)[..., ::-1], options)
    decoded = np.asarray(cv.imdecode(data, cv.IMREAD_COLOR))
    return np.asarray(decoded[..., ::-1], np.float32) / 255
