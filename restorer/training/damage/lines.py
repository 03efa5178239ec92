"""Damage that is long: scratches, hairs, cracks, folds, tears, and the threads of fungus.

Each kind takes (height, width, unit, random, grey) and gives layers. unit: pixels of a fine scratch; all else
is in proportion to it. grey: the photo has no colour, nor has what lies on it."""

from __future__ import annotations

import numpy as np

from restorer.opencv import opencv
from restorer.training.damage.layers import Layer, opaque, tinted
from restorer.training.damage.strokes import broken, cloud, cracks, line, ribbon, wander

__all__ = ["crackle", "film_scratches", "fold", "fungus", "hairs", "rubbed", "scratches", "tear", "wiped"]

cv2 = opencv()


def _widths(count: int, mean: float, random: np.random.Generator) -> np.ndarray:
    """Widths along a line: they swell and fade, and end in nothing."""
    knots = random.uniform(0.5, 1.4, 8)
    swell = np.interp(np.linspace(0, 7, count), np.arange(8), knots)
    ends = np.minimum(1, np.minimum(np.arange(count), np.arange(count)[::-1]) / max(1, 0.12 * count))
    return np.asarray(mean * swell * (0.25 + 0.75 * ends))


def scratches(height: int, width: int, unit: float, random: np.random.Generator, grey: bool) -> list[Layer]:
    """Single ones, or a bundle of parallel ones; whole, broken, or dotted; some with a rim of pushed
    emulsion."""
    canvas = np.zeros((height, width), np.uint8)
    rim = np.zeros_like(canvas)
    bundle = random.random() < 0.3
    path = line(height, width, unit * random.uniform(0, 3), random)
    for _ in range(random.integers(2, 9) if bundle else random.integers(1, 5)):
        if bundle:
            points = (
                path
                + random.normal(0, 1, 2) * unit * random.uniform(2, 18)
                + random.normal(0, 0.1 * unit, path.shape)
            )
        else:
            points = line(height, width, unit * random.uniform(0, 3), random)
        mean, strength = unit * 10 ** random.uniform(-0.35, 0.5), random.uniform(0.45, 1.0)
        for part in broken(points, random.uniform(0.1, 0.75) if random.random() < 0.5 else 0, random):
            widths = _widths(len(part), mean, random)
            if random.random() < 0.2:
                ribbon(rim, part + 0.7 * mean, widths, strength)
            ribbon(canvas, part, widths, strength)
    layers = [opaque(canvas, random, grey, soft=random.uniform(0, 0.5) * unit, faint=0.25)]
    if rim.any():
        layers.insert(0, opaque(rim, random, grey, bright=0.3, soft=0.3 * unit))
    return layers


def film_scratches(
    height: int, width: int, unit: float, random: np.random.Generator, grey: bool
) -> list[Layer]:
    """Straight lines of even width along one side, for the whole of it or a part: a speck of dirt in a camera
    or a scanner leaves them. They hide the photo, and are sharper than what it shows."""
    canvas = np.zeros((height, width), np.uint8)
    lying = random.random() < 0.25
    along, across = (width, height) if lying else (height, width)
    place, lean = random.uniform(0, across), random.normal(0, 0.004)
    for _ in range(1 if random.random() < 0.7 else random.integers(2, 5)):
        length = along * (1.2 if random.random() < 0.5 else 10 ** random.uniform(-1, 0))
        begin = -0.1 * along if length > along else random.uniform(-0.2 * length, along)
        t = np.linspace(begin, begin + length, 48)
        points = np.stack([place + lean * t, t], 1)
        mean = unit * 10 ** random.uniform(-0.4, 0.3)
        widths = mean * random.uniform(0.9, 1.1, 48)
        ribbon(canvas, points[:, ::-1] if lying else points, widths, random.uniform(0.7, 1.0))
        place += random.normal(0, 12 * unit)
    return [opaque(canvas, random, grey, soft=random.uniform(0, 0.25) * unit, faint=0.15)]


def wiped(height: int, width: int, unit: float, random: np.random.Generator, grey: bool) -> list[Layer]:
    """Marks of a cloth or brush: strands side by side that bend together, each with its own strength, soft,
    and mostly too faint to hide the photo; long, or short as hatching."""
    canvas = np.zeros((height, width), np.uint8)
    for _ in range(random.integers(1, 4)):
        hatch = random.random() < 0.4
        length = unit * random.uniform(15, 60) if hatch else max(height, width) * random.uniform(0.3, 1.3)
        start = random.uniform(-0.1, 1.1, 2) * (width, height)
        points = wander(start, random.uniform(0, 2 * np.pi), length, random.uniform(0, 0.08), random)
        ahead = points[-1] - points[0]
        across = np.array([-ahead[1], ahead[0]]) / (np.hypot(*ahead) + 1e-6)
        apart = unit * 10 ** random.uniform(0.3, 0.9)
        for number in range(random.integers(2, 10)):
            away = apart * (number + random.normal(0, 0.3))
            first = random.uniform(0, 0.35)
            cut = slice(int(first * len(points)), int((first + random.uniform(0.3, 0.65)) * len(points)) + 2)
            strand = points[cut] + across * away + random.normal(0, 0.05 * unit, points[cut].shape)
            mean = unit * random.uniform(0.4, 1.2)
            ribbon(canvas, strand, _widths(len(strand), mean, random), random.uniform(0.25, 1.0))
    return [opaque(canvas, random, grey, bright=0.4, soft=unit * random.uniform(0.2, 0.6), faint=0.5)]


def rubbed(height: int, width: int, unit: float, random: np.random.Generator, grey: bool) -> list[Layer]:
    """A field of short, fine scratches that mostly go one way, as on plates that were wiped."""
    canvas = np.zeros((height, width), np.uint8)
    middle, spread = random.uniform(0, 1, 2) * (width, height), max(height, width) * random.uniform(0.1, 0.5)
    way, stray = random.uniform(0, np.pi), random.choice([0.05, 0.2, 1.0])
    for at in random.normal(0, spread, (int(10 ** random.uniform(1, 2)), 2)) + middle:
        length, angle = unit * 10 ** random.uniform(0.5, 1.6), way + random.normal(0, stray)
        points = wander(at, angle, length, random.uniform(0, 0.06), random)
        ribbon(canvas, points, unit * random.uniform(0.3, 0.8), random.uniform(0.25, 1.0))
    return [opaque(canvas, random, grey, bright=0.5, soft=random.uniform(0, 0.4) * unit, faint=0.4)]


def hairs(height: int, width: int, unit: float, random: np.random.Generator, grey: bool) -> list[Layer]:
    """Hairs with curls, and short fibres."""
    canvas = np.zeros((height, width), np.uint8)
    fibres = random.random() < 0.5
    for _ in range(random.integers(2, 14) if fibres else random.integers(1, 4)):
        length = unit * (10 ** random.uniform(0.6, 1.5) if fibres else 10 ** random.uniform(1.3, 2.4))
        start, curl = random.uniform(0, 1, 2) * (width, height), random.uniform(0, 1.1)
        points = wander(start, random.uniform(0, 2 * np.pi), length, curl, random)
        mean = unit * random.uniform(0.5, 1.6)
        ribbon(canvas, points, _widths(len(points), mean, random), random.uniform(0.5, 1.0))
    return [opaque(canvas, random, grey, bright=0.55, soft=random.uniform(0, 0.7) * unit)]


def crackle(height: int, width: int, unit: float, random: np.random.Generator, grey: bool) -> list[Layer]:
    """Cracks of emulsion or of a glass plate, which branch."""
    canvas = np.zeros((height, width), np.uint8)
    for _ in range(random.integers(1, 4)):
        start = random.uniform(0, 1, 2) * (width, height)
        length = max(height, width) * 10 ** random.uniform(-0.9, 0.1)
        mean = unit * 10 ** random.uniform(-0.3, 0.4)
        for path, level in cracks(start, random.uniform(0, 2 * np.pi), length, random):
            for part in broken(path, random.uniform(0, 0.4) if random.random() < 0.5 else 0, random):
                ribbon(canvas, part, _widths(len(part), mean * 0.75**level, random), random.uniform(0.5, 1.0))
    return [opaque(canvas, random, grey, bright=0.6, soft=random.uniform(0, 0.5) * unit)]


def fold(height: int, width: int, unit: float, random: np.random.Generator, grey: bool) -> list[Layer]:
    """A fold: a band that has lost tone, and along its ridge emulsion broken away in flakes."""
    layers = []
    for _ in range(1 if random.random() < 0.75 else 2):
        points = line(height, width, unit * random.uniform(0, 2), random, whole=random.random() < 0.8)
        band, ridge = np.zeros((height, width), np.uint8), np.zeros((height, width), np.uint8)
        mean = unit * random.uniform(0.7, 3.0)
        ribbon(band, points, mean * random.uniform(1.5, 5))
        soft = cv2.GaussianBlur(band, (0, 0), mean * random.uniform(0.8, 2)).astype(np.float32) / 255
        layers.append(
            tinted(soft * np.float32(random.uniform(0.15, 0.7)), random, grey, random.random() < 0.4, 0.3)
        )
        ribbon(ridge, points, mean * random.uniform(0.6, 1.3))
        wide = cv2.dilate(ridge, np.ones((3, 3), np.uint8), iterations=int(np.clip(round(mean / 2), 1, 6)))
        flakes = cloud(height, width, mean * random.uniform(1, 5), random) > random.uniform(-0.9, 1.0)
        near = cloud(height, width, mean * random.uniform(1, 3), random) > random.uniform(0.8, 2.2)
        layers.append(
            opaque(np.maximum(ridge * flakes, wide * near), random, grey, bright=0.8, soft=0.3 * unit)
        )
    return layers


def tear(height: int, width: int, unit: float, random: np.random.Generator, grey: bool) -> list[Layer]:
    """A ragged band of bare paper, wide or narrow, with a shadow along one side."""
    start = random.uniform(0, 1, 2) * (width, height)
    if random.random() < 0.6:  # tears come in from a side
        start[random.integers(2)] *= 0.02
    length = max(height, width) * random.uniform(0.2, 1.2)
    towards = np.array([width, height]) * random.uniform(0.2, 0.8, 2) - start
    (path, _), *_ = cracks(start, float(np.arctan2(towards[1], towards[0])), length, random, depth=0)
    widest = unit * 10 ** random.uniform(0.2, 1.3)
    widths = widest * np.linspace(1, 0.05, len(path)) * random.uniform(0.4, 1.3, len(path))
    torn, shadow = np.zeros((height, width), np.uint8), np.zeros((height, width), np.uint8)
    ribbon(torn, path, widths)
    ribbon(shadow, path + random.normal(0, 1, 2) * (0.3 * widest + unit), widths)
    rough = cloud(height, width, max(2.0, 0.6 * widest), random, 4)
    grown = cv2.GaussianBlur(torn, (0, 0), max(0.5, 0.25 * widest)).astype(np.float32) / 255
    torn = ((grown + 0.18 * rough > 0.5) * 255).astype(np.uint8)
    torn = cv2.GaussianBlur(torn, (0, 0), 0.6)
    dim = cv2.GaussianBlur(shadow, (0, 0), unit).astype(np.float32) / 255 * np.float32(random.uniform(0, 0.6))
    return [tinted(dim, random, grey, True, 0.35), opaque(torn, random, grey, bright=0.85)]


def fungus(height: int, width: int, unit: float, random: np.random.Generator, grey: bool) -> list[Layer]:
    """Threads that grow out from a few points, and pale spots around them."""
    threads, spots = np.zeros((height, width), np.uint8), np.zeros((height, width), np.uint8)
    for _ in range(random.integers(1, 6)):
        middle = random.uniform(0, 1, 2) * (width, height)
        reach = unit * 10 ** random.uniform(0.8, 1.7)
        for _ in range(random.integers(4, 14)):
            points = wander(
                middle, random.uniform(0, 2 * np.pi), reach * random.uniform(0.3, 1), 0.35, random
            )
            ribbon(threads, points, unit * random.uniform(0.4, 0.9), random.uniform(0.4, 0.9))
            if random.random() < 0.6:
                at = points[random.integers(len(points))]
                more = wander(at, random.uniform(0, 2 * np.pi), reach * random.uniform(0.1, 0.5), 0.3, random)
                ribbon(threads, more, unit * random.uniform(0.3, 0.7), random.uniform(0.3, 0.8))
        cv2.circle(
            spots, (int(middle[0]), int(middle[1])), max(1, round(reach * random.uniform(0.2, 0.8))), 255, -1
        )
    soft = cv2.GaussianBlur(spots, (0, 0), 3 * unit).astype(np.float32) / 255
    patchy = soft * (0.5 + 0.5 * np.tanh(cloud(height, width, 6 * unit, random)))
    halo = tinted(patchy * np.float32(random.uniform(0, 0.45)), random, grey, random.random() < 0.4, 0.4)
    return [halo, opaque(threads, random, grey, bright=0.6, soft=random.uniform(0.2, 0.6) * unit)]
