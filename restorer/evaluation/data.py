"""Pictures to evaluate on: a high-resolution original and the low-resolution input made of it.

What comes in: a folder with one folder a set (Set5, Set14, Kodak, …). What goes out: `Case`s. The original is
cropped to a multiple of the scale; the input is its antialiased bicubic reduction (Pillow's, whose kernel is
MATLAB's), rounded to 8 bits, as SR3 section 4 and the classic tables do. Sets of real old photos have no
original: there the file itself is the input.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from restorer.errors import PhotoError, RequestError
from restorer.evaluation.metrics import resize_float
from restorer.opencv import opencv

__all__ = [
    "INPUTS",
    "SUFFIXES",
    "Case",
    "cases",
    "crop_to_multiple",
    "enlarge",
    "make_case",
    "read_picture",
    "reduce",
]

INPUTS = ("clean", "degraded", "scanned")
SCANNED_SEED = 17
"""Seed of the open protocol `--input scanned`, beside the number of the picture."""
SUFFIXES = {".png", ".webp", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff"}


@dataclass(frozen=True, eq=False)
class Case:
    """set, name: where the picture comes from. high: (H, W, 3) uint8, or None where no original exists.
    low: (H / scale, W / scale, 3) uint8."""

    set: str
    name: str
    high: np.ndarray | None
    low: np.ndarray


def cases(
    data: Path,
    sets: list[str],
    scale: int,
    *,
    kind: str = "clean",
    blind: tuple[str, ...] = (),
    limit: int | None = None,
) -> Iterator[Case]:
    """Every picture of every set, in the order of their names; `limit` is the most of a set.

    kind: one of INPUTS, how the input is made. blind: sets without originals.
    Raises RequestError if a set is missing or empty, PhotoError if a picture cannot be read.
    """
    for name in sets:
        folder = data / name
        if not folder.is_dir():
            raise RequestError(f"There is no set called {name} in {data}; it should be a folder of pictures.")
        files = sorted(file for file in folder.iterdir() if file.suffix.lower() in SUFFIXES)
        if not files:
            raise RequestError(f"The folder {folder} holds no pictures.")
        for index, file in enumerate(files[:limit]):
            picture = read_picture(file)
            if name in blind:
                yield Case(name, file.stem, None, picture)
                continue
            high = crop_to_multiple(picture, scale)
            yield Case(name, file.stem, *make_case(high, scale, kind, index))


def read_picture(file: Path) -> np.ndarray:
    """(H, W, 3) uint8; grey is repeated, alpha dropped. Raises PhotoError."""
    try:
        with Image.open(file) as image:
            return np.asarray(image.convert("RGB"))
    except OSError as error:
        raise PhotoError(f"{file} cannot be read as a picture: {error}.") from error


def crop_to_multiple(picture: np.ndarray, scale: int) -> np.ndarray:
    """Cut right and bottom edges so that both sides are multiples of `scale`, as the published tables do."""
    height, width = (side - side % scale for side in picture.shape[:2])
    return picture[:height, :width]


def _resized(picture: np.ndarray, width: int, height: int, how: Image.Resampling) -> np.ndarray:
    return np.asarray(Image.fromarray(picture).resize((width, height), how))


def reduce(picture: np.ndarray, scale: int) -> np.ndarray:
    """Antialiased bicubic reduction of (H, W, 3) uint8, rounded; sides must be multiples of `scale`."""
    height, width = picture.shape[:2]
    return _resized(picture, width // scale, height // scale, Image.Resampling.BICUBIC)


def enlarge(picture: np.ndarray, scale: int, how: Image.Resampling = Image.Resampling.BICUBIC) -> np.ndarray:
    """Plain enlargement of (h, w, 3) uint8: the baseline of every table."""
    height, width = picture.shape[:2]
    return _resized(picture, width * scale, height * scale, how)


def make_case(
    high: np.ndarray, scale: int, kind: str = "clean", index: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """(original, input) of a case, both uint8. kind "clean" is bicubic; "degraded" and "scanned" are worn
    photos, drawn with seed `index`.

    degraded: Gaussian blur of sigma U(0.2, 2) pixels of the original, reduction by bicubic, area or bilinear,
    Gaussian noise of U(1, 15) grey levels, JPEG of quality U(40, 90).
    scanned: `restorer.training.degradation.second_order` at a wear of U(0.4, 1); the
    original then has the print's tones, which a restoration is to keep.
    Raises RequestError for a kind that there is not.
    """
    if kind == "clean":
        return high, reduce(high, scale)
    if kind == "scanned":
        from restorer.training.degradation.second_order import scan

        random = np.random.default_rng([SCANNED_SEED, index])
        return scan(high, scale, float(random.uniform(0.4, 1.0)), random)
    if kind != "degraded":
        raise RequestError(f"There is no kind of input called {kind}; known are {', '.join(INPUTS)}.")
    draw = np.random.default_rng(index)
    sigma = float(draw.uniform(0.2, 2.0))
    blurred = opencv().GaussianBlur(high.astype(np.float32), (0, 0), sigma).astype(np.float64)
    how = (Image.Resampling.BICUBIC, Image.Resampling.BOX, Image.Resampling.BILINEAR)[int(draw.integers(3))]
    small = resize_float(blurred, high.shape[1] // scale, high.shape[0] // scale, how)
    noisy = small + draw.normal(0.0, float(draw.uniform(1.0, 15.0)), small.shape)
    buffer = io.BytesIO()
    picture = Image.fromarray(noisy.round().clip(0, 255).astype(np.uint8))
    picture.save(buffer, "JPEG", quality=int(draw.integers(40, 91)))
    with Image.open(buffer) as image:
        return high, np.asarray(image.convert("RGB"))
