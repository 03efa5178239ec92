"""What a finding network learns from: a photo with a past and damage, and where the damage is.

In: a sharp picture. Out: the same as a scan would show it. Order of events: things of the scene that look
like damage; the tones of a print; blur; damage under the grain (it was on the negative); grain; damage over
it (it is on the print); the scanner's blur and noise; sharpening; JPEG."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from restorer.opencv import opencv
from restorer.training.damage.drawing import Layer, draw_layers, laid, marks
from restorer.training.damage.scene import with_scene_lines

__all__ = ["Finding", "Spoiled", "spoiled", "weights"]

cv2 = opencv()
USUAL_AREA, HEAVIEST = 30, 1.5
"""Area in pixels of damage that counts as much a pixel as what is whole, and the most that a pixel counts."""
FAINT = 6 / 255
"""The rim of damage, where it changes the photo by less or by less than its grain, may be marked or not."""
UNSEEN, SEEN = 14 / 255, 22 / 255
"""A speck that changes the photo nowhere by UNSEEN is no damage, since nobody would mark it; one that changes
it nowhere by SEEN may be marked or not. People marked hardly a speck below 20 levels on real scans."""


@dataclass(frozen=True)
class Finding:
    """Numbers of the examples that a finding network is shown.

    unit: range of the width of a fine scratch in pixels, its logarithm even. whole: share of photos without
    damage. scene: share with drawn wires, ropes and the like, which are no damage. soft: share that is
    enlarged first, up to `enlarged` times, as large scans of small prints are. grey, toned: share without
    colour, and with a tint. blur: largest sigma of the print, pixels. grain: largest deviation on [0, 1].
    quality: lowest of JPEG. windows: photos a batch; its crops are shared out among them. even: how evenly
    the loss weighs large and small damage, see `weights`; 0: every pixel alike, 1: a speck like a tear."""

    unit: tuple[float, float] = (0.7, 4.0)
    whole: float = 0.2
    scene: float = 0.35
    soft: float = 0.35
    enlarged: float = 3.0
    grey: float = 0.5
    toned: float = 0.3
    blur: float = 2.0
    grain: float = 0.07
    quality: float = 50.0
    windows: int = 6
    even: float = 0.0


@dataclass(frozen=True, eq=False)
class Spoiled:
    """photo: (H, W, 3) uint8, as scanned. damaged: (H, W) bool. doubtful: (H, W) bool, damage that cannot be
    seen."""

    photo: np.ndarray
    damaged: np.ndarray
    doubtful: np.ndarray


def spoiled(sharp: np.ndarray, how: Finding, random: np.random.Generator) -> Spoiled:
    """An example out of a sharp picture, (H, W, 3) uint8. The same state of `random` gives the same bytes."""
    photo = sharp.astype(np.float32) / 255
    if random.random() < how.soft:
        photo = _closer(photo, random.uniform(1.2, how.enlarged), random)
    unit = float(np.exp(random.uniform(*np.log(how.unit))))
    if random.random() < how.scene:
        photo = with_scene_lines(photo, unit * random.uniform(0.7, 1.8), random)
    grey = random.random() < how.grey
    photo = _toned(photo, grey, how, random)
    if random.random() < 0.6:
        photo = _blurred(photo, random.uniform(0.2, how.blur))
    height, width = photo.shape[:2]
    layers: list[Layer] = []
    if random.random() >= how.whole:
        layers = draw_layers(height, width, unit, random, grey)
    marked = marks(layers, height, width)
    grain = how.grain * random.uniform(0, 1) ** 1.5
    scanner = random.uniform(0, 0.9)
    change = laid(photo, layers) - photo
    seen = np.abs(_blurred(change, scanner)).max(axis=2)

    cut = random.integers(len(layers) + 1) if random.random() < 0.5 else 0
    photo = laid(photo, layers[:cut])
    photo = _grained(photo, grain, grey or random.random() < 0.5, random)
    photo = laid(photo, layers[cut:])
    photo = _blurred(photo, scanner)
    photo = photo + np.float32(random.uniform(0, 0.012)) * random.standard_normal(photo.shape, np.float32)
    if random.random() < 0.3:
        photo = photo + np.float32(random.uniform(0.2, 1.0)) * (
            photo - _blurred(photo, random.uniform(0.6, 1.3))
        )
    marked, doubtful = _as_seen(marked, seen, grain)
    doubtful |= marked & (np.abs(change).max(axis=2) < max(FAINT, grain))
    return Spoiled(_compressed(photo, how.quality, random), marked, doubtful)


def _as_seen(marked: np.ndarray, seen: np.ndarray, grain: float) -> tuple[np.ndarray, np.ndarray]:
    """What of the drawn damage, (H, W) bool, a person would mark, and what of that is doubtful. seen: by how
    much it changes the scan, (H, W) on [0, 1]."""
    count, labels = cv2.connectedComponents(marked.astype(np.uint8), connectivity=8)
    peak = np.zeros(count, np.float32)
    np.maximum.at(peak, labels, seen)
    kept, doubtful = peak >= max(UNSEEN, 1.5 * grain), peak < max(SEEN, 2 * grain)
    kept[0] = doubtful[0] = False
    return kept[labels], (kept & doubtful)[labels]


def weights(damaged: np.ndarray, even: float) -> np.ndarray:
    """What a pixel counts in the loss, (H, W) float32, for where damage is, (H, W) bool.

    Two thirds of the drawn pixels belong to a few torn corners and lost borders, and two hundredths to the
    specks that most photos have. A pixel of damage that is `area` pixels large counts (USUAL_AREA / area) to
    the power of `even`, HEAVIEST at the most; all else counts 1."""
    plane = np.ones(damaged.shape, np.float32)
    if even:
        _, labels, found, _ = cv2.connectedComponentsWithStats(damaged.astype(np.uint8), connectivity=8)
        each = np.minimum((USUAL_AREA / found[:, cv2.CC_STAT_AREA]) ** even, HEAVIEST).astype(np.float32)
        each[0] = 1
        plane = each[labels]
    return plane


def _closer(photo: np.ndarray, times: float, random: np.random.Generator) -> np.ndarray:
    """A part of the photo, enlarged to the size of the whole."""
    height, width = photo.shape[:2]
    rows, columns = round(height / times), round(width / times)
    top, left = random.integers(height - rows + 1), random.integers(width - columns + 1)
    part = photo[top : top + rows, left : left + columns]
    return np.asarray(cv2.resize(part, (width, height), interpolation=cv2.INTER_CUBIC).clip(0, 1))


def _toned(photo: np.ndarray, grey: bool, how: Finding, random: np.random.Generator) -> np.ndarray:
    if grey:
        luma = photo @ np.array([0.299, 0.587, 0.114], np.float32)
        photo = np.repeat(luma[..., None], 3, axis=2)
    if random.random() < how.toned:
        tint = np.array([1.0, random.uniform(0.82, 0.98), random.uniform(0.55, 0.95)], np.float32)
        photo = photo * (1 - (1 - tint) * (1 - 0.5 * photo))
    shadow, light = random.uniform(0, 0.2), random.uniform(0.75, 1)
    if random.random() < 0.4:
        photo = shadow + photo * (light - shadow)
    return np.asarray(cv2.pow(photo, random.uniform(0.75, 1.4)))


def _blurred(photo: np.ndarray, sigma: float) -> np.ndarray:
    return photo if sigma < 0.25 else np.asarray(cv2.GaussianBlur(photo, (0, 0), sigma))


def _grained(photo: np.ndarray, sigma: float, mono: bool, random: np.random.Generator) -> np.ndarray:
    """Grain of film: often larger than a pixel, strongest in the middle tones, of one hue where it is
    silver."""
    noise = random.standard_normal((*photo.shape[:2], 1 if mono else 3), np.float32)
    coarse = random.uniform(0.4, 1.4) if random.random() < 0.6 else 0.0
    if coarse:
        noise = cv2.GaussianBlur(noise, (0, 0), coarse).reshape(noise.shape)
        noise /= noise.std() + 1e-6
    middle = photo.mean(axis=2, keepdims=True)
    return np.asarray(
        photo + np.float32(sigma) * noise * (0.4 + 1.2 * np.sqrt((middle * (1 - middle)).clip(0)))
    )


def _compressed(photo: np.ndarray, lowest: float, random: np.random.Generator) -> np.ndarray:
    """Rounded to 8 bits, mostly as a JPEG."""
    plain = (photo.clip(0, 1) * 255 + 0.5).astype(np.uint8)
    quality = int(lowest + (98 - lowest) * np.sqrt(random.random()))
    if random.random() < 0.25:
        return plain
    _, data = cv2.imencode(".jpg", plain[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1])
