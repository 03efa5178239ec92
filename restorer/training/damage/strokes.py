"""What damage is drawn with: ribbons of any width, curves that wander, cracks that branch, and clouds.

Canvases are (H, W) uint8, 0 to 255, drawn in place; points are (n, 2) float as x, y in pixels. Nothing here
knows what it depicts.
"""

from __future__ import annotations

import numpy as np

from restorer.opencv import opencv

__all__ = ["blob", "broken", "cloud", "cracks", "line", "ribbon", "wander"]

cv2 = opencv()
SHIFT = 4  # bits of sub-pixel precision that OpenCV's drawing takes


def _fixed(points: np.ndarray) -> np.ndarray:
    return np.round(points * (1 << SHIFT)).astype(np.int32)


def ribbon(canvas: np.ndarray, points: np.ndarray, width: np.ndarray | float, strength: float = 1.0) -> None:
    """An open line whose width, in pixels, may change from point to point; where it is thinner than a pixel
    it is a fainter pixel."""
    if len(points) < 2:
        return
    widths = np.broadcast_to(np.asarray(width, np.float64), len(points))
    if widths.max() <= 1.2:
        level = 255 * strength * min(1.0, max(0.15, float(widths.mean())))
        cv2.polylines(canvas, [_fixed(points)[:, None]], False, round(level), 1, cv2.LINE_AA, SHIFT)
        return
    ahead = np.gradient(points, axis=0)
    across = np.stack([-ahead[:, 1], ahead[:, 0]], 1) / (np.hypot(*ahead.T)[:, None] + 1e-6)
    half = across * np.maximum(0.35, widths[:, None] / 2)
    outline = np.concatenate([points + half, (points - half)[::-1]])
    cv2.fillPoly(canvas, [_fixed(outline)], round(255 * strength), cv2.LINE_AA, SHIFT)


def blob(
    canvas: np.ndarray,
    middle: tuple[float, float],
    radius: float,
    strength: float,
    random: np.random.Generator,
    rough: float = 0.35,
) -> None:
    """A speck with an uneven outline, longer than wide."""
    count = int(np.clip(radius * 4, 7, 40))
    turns = np.linspace(0, 2 * np.pi, count, endpoint=False)
    # A few slow waves and a little of each point's own: dents, and no scallops.
    waves = sum(random.normal(0, 0.7 / n) * np.cos(n * turns + random.uniform(0, 7)) for n in (1, 2, 3, 5))
    rays = radius * (1 + rough * (waves + random.normal(0, 0.15, count))).clip(0.3, 2)
    squeeze, angle = random.uniform(0.45, 1.0), random.uniform(0, np.pi)
    x, y = rays * np.cos(turns), squeeze * rays * np.sin(turns)
    outline = np.stack(
        [
            middle[0] + x * np.cos(angle) - y * np.sin(angle),
            middle[1] + x * np.sin(angle) + y * np.cos(angle),
        ],
        1,
    )
    cv2.fillPoly(canvas, [_fixed(outline)], round(255 * strength), cv2.LINE_AA, SHIFT)


def line(
    height: int, width: int, wobble: float, random: np.random.Generator, whole: bool = False
) -> np.ndarray:
    """A nearly straight line in the picture, or `whole` across it, (48, 2). wobble: pixels that it leaves its
    way by, mostly slowly."""
    size, count = float(max(height, width)), 48
    middle = random.uniform(0, 1, 2) * (width, height)
    # Films and plate holders scratch along one side more often than across.
    upright = random.normal(0, 0.08) + (np.pi / 2 if random.random() < 0.7 else 0)
    angle = upright if random.random() < 0.5 else random.uniform(0, np.pi)
    length = 3 * size if whole else size * 10 ** random.uniform(-1.3, 0.2)
    along = np.linspace(-0.5, 0.5, count) * length
    bend = np.cumsum(np.cumsum(random.normal(0, 1, count)))
    bend -= np.linspace(bend[0], bend[-1], count)
    bend *= 4 * wobble * random.uniform(0, 1) / (np.abs(bend).max() + 1e-6)
    bend += random.normal(0, 0.12 * wobble, count)
    ahead, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    return np.asarray(middle + along[:, None] * ahead + bend[:, None] * across)


def wander(
    start: np.ndarray, angle: float, length: float, curl: float, random: np.random.Generator
) -> np.ndarray:
    """A curve from `start` whose curvature changes slowly, as a hair's does. curl: turns that it makes over
    its length, of either sign."""
    count = int(np.clip(length / 1.5, 8, 160))
    step = length / count
    bias, drift = curl * random.normal(), np.cumsum(random.normal(0, 1, count)) / np.sqrt(count)
    turns = angle + np.cumsum((bias + 2 * curl * drift) * 2 * np.pi / count)
    return np.asarray(start + np.cumsum(step * np.stack([np.cos(turns), np.sin(turns)], 1), axis=0))


def broken(points: np.ndarray, gaps: float, random: np.random.Generator) -> list[np.ndarray]:
    """The line in pieces; `gaps` is about the share that is missing."""
    if gaps <= 0:
        return [points]
    fine = len(points) * 4
    t = np.linspace(0, len(points) - 1, fine)
    dense = np.stack([np.interp(t, np.arange(len(points)), points[:, axis]) for axis in (0, 1)], 1)
    knots = random.random(max(4, int(random.uniform(6, 40))))
    kept = np.interp(np.linspace(0, len(knots) - 1, fine), np.arange(len(knots)), knots) > gaps
    edges = np.flatnonzero(np.diff(kept.astype(np.int8))) + 1
    parts = np.split(dense, edges)
    return [
        part for part, there in zip(parts, np.split(kept, edges), strict=True) if there[0] and len(part) > 2
    ]


def cracks(
    start: np.ndarray, angle: float, length: float, random: np.random.Generator, depth: int = 3
) -> list[tuple[np.ndarray, int]]:
    """Jagged lines that branch, each with how often it was branched off."""
    count = int(np.clip(length / 4, 4, 60))
    turns = angle + np.cumsum(random.normal(0, 0.28, count)) * 0.6 + random.normal(0, 0.35, count)
    path = start + np.cumsum(length / count * np.stack([np.cos(turns), np.sin(turns)], 1), axis=0)
    found = [(np.vstack([start, path]), 0)]
    if depth > 0 and length > 6:
        for _ in range(random.integers(0, 4)):
            at = int(random.integers(len(path)))
            away = float(turns[at]) + random.choice([-1, 1]) * random.uniform(0.4, 1.3)
            further = cracks(path[at], away, length * random.uniform(0.2, 0.65), random, depth - 1)
            found += [(each, level + 1) for each, level in further]
    return found


def cloud(height: int, width: int, size: float, random: np.random.Generator, octaves: int = 3) -> np.ndarray:
    """Smooth noise of mean 0 and deviation 1, (height, width) float32: features of about `size` pixels, and
    finer ones over them."""
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        cell = max(1.0, size / 2**octave)
        rows, columns = max(2, round(height / cell) + 1), max(2, round(width / cell) + 1)
        noise = random.standard_normal((rows, columns), np.float32)
        total += np.float32(0.6**octave) * cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    total -= total.mean()
    return np.asarray(total / (total.std() + 1e-6), np.float32)
