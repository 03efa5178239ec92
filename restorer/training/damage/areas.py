"""Damage that is no line: dust, lost emulsion, stains, silvering, and corners and borders that are gone.

Each kind takes (height, width, unit, random, grey) and gives layers, as those of
`restorer.training.damage.lines`."""

from __future__ import annotations

import numpy as np

from restorer.opencv import opencv
from restorer.training.damage.layers import Layer, opaque, tinted
from restorer.training.damage.strokes import blob, cloud

__all__ = ["border", "corner", "dust", "lost_emulsion", "silvering", "specks", "sprinkled", "stains"]

cv2 = opencv()


def dust(height: int, width: int, unit: float, random: np.random.Generator, grey: bool) -> list[Layer]:
    """Specks in clusters and alone; most are tiny, a few are not."""
    canvas = np.zeros((height, width), np.uint8)
    for _ in range(random.integers(1, 5)):
        middle = random.uniform(0, 1, 2) * (width, height)
        spread = max(height, width) * random.uniform(0.04, 0.5)
        mean = 10 ** random.uniform(-0.45, 0.25)
        for x, y in random.normal(0, spread, (int(10 ** random.uniform(0.2, 1.7)), 2)) + middle:
            radius = unit * mean * np.exp(random.normal(0, 0.55))
            blob(
                canvas, (float(x), float(y)), max(0.45, float(radius)), float(random.uniform(0.4, 1)), random
            )
    return [opaque(canvas, random, grey, bright=0.6, soft=random.uniform(0, 0.6) * unit, faint=0.3)]


def sprinkled(height: int, width: int, unit: float, random: np.random.Generator, grey: bool) -> list[Layer]:
    """Tiny specks all over a photo, each as strong as it likes: tarnish of a plate, pits, dust of a print.
    They are soft, and about as wide as a fine scratch, however strong."""
    canvas = np.zeros((height, width), np.uint8)
    mean = unit * random.uniform(0.45, 0.9)
    # About one speck in so many fine scratches' widths, squared.
    count = int(np.clip(height * width / (unit**2 * 10 ** random.uniform(2.4, 3.6)), 4, 250))
    weakest = random.uniform(0.15, 0.6)
    for _ in range(count):
        x, y = random.uniform(0, 1, 2) * (width, height)
        radius = mean * np.exp(random.normal(0, 0.3))
        strength = weakest + (1 - weakest) * random.random() ** 2
        blob(canvas, (float(x), float(y)), max(0.5, float(radius)), float(strength), random, 0.2)
    return [opaque(canvas, random, grey, bright=0.5, soft=unit * random.uniform(0.25, 0.5), faint=0.4)]


def specks(height: int, width: int, unit: float, random: np.random.Generator, grey: bool) -> list[Layer]:
    """A few single spots of middle size, some with a pale or dark ring."""
    canvas, rings = np.zeros((height, width), np.uint8), np.zeros((height, width), np.uint8)
    for _ in range(random.integers(1, 8)):
        x, y = random.uniform(0, 1, 2) * (width, height)
        radius = unit * 10 ** random.uniform(0, 0.9)
        blob(canvas, (x, y), radius, float(random.uniform(0.6, 1)), random, 0.2)
        if random.random() < 0.3:
            blob(rings, (x, y), radius * random.uniform(1.2, 1.8), 1.0, random, 0.1)
    under = [opaque(rings, random, grey, bright=0.4, soft=0.4 * unit)] if rings.any() else []
    return [*under, opaque(canvas, random, grey, soft=random.uniform(0, 0.8) * unit, faint=0.25)]


def lost_emulsion(
    height: int, width: int, unit: float, random: np.random.Generator, grey: bool
) -> list[Layer]:
    """Patches where the picture has come off: islands with rough edges, some with a lifted, darker rim."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    near = np.full((height, width), -9, np.float32)
    for _ in range(random.integers(1, 4)):
        (left, top), reach = random.uniform(0, 1, 2) * (width, height), unit * 10 ** random.uniform(0.6, 1.6)
        stretch, angle = random.uniform(0.3, 1), random.uniform(0, np.pi)
        along = (x - left) * np.cos(angle) + (y - top) * np.sin(angle)
        across = ((y - top) * np.cos(angle) - (x - left) * np.sin(angle)) / stretch
        near = np.maximum(near, 1 - np.hypot(along, across) / reach)
    size = unit * 10 ** random.uniform(0.5, 1.3)
    shape = near + random.uniform(0.25, 0.7) * cloud(height, width, size, random, 5)
    bare = (shape > 0.35).astype(np.uint8) * 255
    layers = []
    if random.random() < 0.5:
        rim = cv2.dilate(bare, np.ones((3, 3), np.uint8), iterations=max(1, round(0.6 * unit)))
        layers.append(opaque(cv2.GaussianBlur(rim, (0, 0), 0.5 * unit), random, grey, bright=0.2))
    layers.append(opaque(cv2.GaussianBlur(bare, (0, 0), 0.5), random, grey, bright=0.8))
    return layers


def stains(height: int, width: int, unit: float, random: np.random.Generator, grey: bool) -> list[Layer]:
    """Water and chemicals: a wide, faint change of tone that leaves the photo to be seen, and a tide line or
    drops that do not."""
    shape = cloud(height, width, max(height, width) * random.uniform(0.2, 0.7), random, 5)
    level, darker = random.uniform(0.2, 1.2), random.random() < 0.6
    steep = random.uniform(3, 15)
    within = (0.5 + 0.5 * np.tanh((shape - level) * steep)).astype(np.float32)
    layers = [tinted(within * np.float32(random.uniform(0.1, 0.5)), random, grey, darker, 1.1)]
    if random.random() < 0.6:
        tide = np.exp(-(((shape - level) / random.uniform(0.02, 0.08)) ** 2)).astype(np.float32)
        patchy = (0.6 + 0.4 * np.tanh(cloud(height, width, 12 * unit, random))).astype(np.float32)
        layers.append(tinted(tide * patchy * np.float32(random.uniform(0.4, 0.9)), random, grey, darker, 0.4))
    if random.random() < 0.5:
        drops = np.zeros((height, width), np.uint8)
        for _ in range(random.integers(1, 6)):
            middle = random.uniform(0, 1, 2) * (width, height)
            blob(drops, (middle[0], middle[1]), unit * 10 ** random.uniform(0.5, 1.2), 1.0, random, 0.15)
        soft = cv2.GaussianBlur(drops, (0, 0), 0.5 * unit).astype(np.float32) / 255
        layers.append(tinted(soft * np.float32(random.uniform(0.6, 0.95)), random, grey, darker, 0.4))
    return layers


def silvering(height: int, width: int, unit: float, random: np.random.Generator, grey: bool) -> list[Layer]:
    """A metallic sheen that comes in from one side: it lightens what is dark, and leaves the photo to be
    seen."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    angle = random.uniform(0, 2 * np.pi)
    along = (x / width - 0.5) * np.cos(angle) + (y / height - 0.5) * np.sin(angle)
    shape = 3 * along - random.uniform(0, 1) + 0.5 * cloud(height, width, 0.3 * max(height, width), random, 4)
    cover = (0.5 + 0.5 * np.tanh(2 * shape)).astype(np.float32) * np.float32(random.uniform(0.1, 0.4))
    sheen = np.full(3, 0.35) if grey else np.array([0.3, 0.36, 0.45]) * random.uniform(0.7, 1.2)
    return [Layer(cover, 0.55, sheen.astype(np.float32)[None, None], 1.1)]


def _gone(inside: np.ndarray, unit: float, random: np.random.Generator, grey: bool) -> list[Layer]:
    """What lies where the photo ends: the scanner's lid or a mount, behind a rim of torn paper. inside: (H,
    W) float32, below 0 where the photo is gone."""
    height, width = inside.shape
    rim = unit * 10 ** random.uniform(-0.5, 0.8)
    ragged = inside + rim * cloud(height, width, 4 * unit, random, 3) * random.uniform(0, 0.8)
    paper = (ragged < rim).astype(np.uint8) * 255
    behind = (inside < 0).astype(np.uint8) * 255
    layers = []
    if random.random() < 0.75:
        layers.append(opaque(cv2.GaussianBlur(paper, (0, 0), 0.5), random, grey, bright=0.9))
    cover = cv2.GaussianBlur(behind, (0, 0), 0.6).astype(np.float32) / 255
    tone = np.full(3, random.choice([0.0, 0.03, 0.5, 0.92, 1.0, random.uniform(0, 1)]))
    if not grey and random.random() < 0.3:
        tone = (tone + random.normal(0, 0.06, 3)).clip(0, 1)
    paint = (
        tone.astype(np.float32)[None, None]
        + random.uniform(0, 0.02) * cloud(height, width, 8, random)[..., None]
    )
    layers.append(Layer(cover, 0.0, paint.astype(np.float32).clip(0, 1), 0.3))
    return layers


def corner(height: int, width: int, unit: float, random: np.random.Generator, grey: bool) -> list[Layer]:
    """A corner that is torn off or bent away."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    x, y = (x if random.random() < 0.5 else width - 1 - x), (y if random.random() < 0.5 else height - 1 - y)
    angle, reach = random.uniform(0.25, 1.3), unit * 10 ** random.uniform(0.7, 1.8)
    reach = min(reach, 0.45 * min(height, width))
    inside = x * np.cos(angle) + y * np.sin(angle) - reach
    inside += (
        reach
        * random.uniform(0.05, 0.25)
        * cloud(height, width, reach * random.uniform(0.4, 1.5) + 3, random, 5)
    )
    return _gone(inside.astype(np.float32), unit, random, grey)


def border(height: int, width: int, unit: float, random: np.random.Generator, grey: bool) -> list[Layer]:
    """One side eaten away, by insects, damp or handling."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    away = (x, width - 1 - x, y, height - 1 - y)[random.integers(4)]
    depth = min(unit * 10 ** random.uniform(0.3, 1.4), 0.3 * min(height, width))
    bites = cloud(height, width, depth * random.uniform(1, 5) + 4, random, 5)
    inside = away - depth * random.uniform(-0.4, 1.0) - depth * random.uniform(0.3, 0.9) * bites
    return _gone(inside.astype(np.float32), unit, random, grey)
