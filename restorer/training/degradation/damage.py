"""Damage of old prints, drawn procedurally: scratches, dust and hairs, creases, tears.

What comes out is a coat that is laid over the sharp crop before anything else happens to it: `opacity`
(0 leaves the picture, 1 hides it) and `colour`. Where opacity is 0 the picture is untouched, so the same
coat says where a repair is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from restorer.opencv import opencv

__all__ = ["Coat", "draw"]

cv2 = opencv()
SHIFT = 4  # bits of sub-pixel precision that OpenCV's drawing takes


@dataclass(frozen=True, eq=False)
class Coat:
    """opacity: (H, W) float32 in [0, 1]; colour: (H, W, 3) float32 in [-1, 1]."""

    opacity: np.ndarray
    colour: np.ndarray

    def over(self, picture: np.ndarray) -> np.ndarray:
        """The damaged picture; (H, W, 3) float32 in [-1, 1] in and out."""
        cover = self.opacity[..., None]
        return np.asarray(picture * (1 - cover) + self.colour * cover, np.float32)


def draw(height: int, width: int, pixel: float, random: np.random.Generator) -> Coat:
    """One photo's damage. `pixel`: side of a scanned pixel in pixels of the drawing, so that damage has the
    width it has in scans whatever the enlargement."""
    opacity = np.zeros((height, width), np.float32)
    colour = np.zeros((height, width, 3), np.float32)
    kinds: list[Callable[..., tuple[np.ndarray, float]]] = [_scratches, _dust, _crease, _tear]
    chosen = random.random(4) < (0.6, 0.5, 0.25, 0.15)
    if not chosen.any():
        chosen[random.integers(4)] = True
    for kind, wanted in zip(kinds, chosen, strict=True):
        if not wanted:
            continue
        mask, tone = kind(height, width, pixel, random)
        # Emulsion that is gone shows paper or base: a light or a dark tone, hardly tinted.
        tint = np.float32(tone) + random.normal(0, 0.03, 3).astype(np.float32)
        colour = np.where(mask[..., None] > opacity[..., None], tint, colour)
        opacity = np.maximum(opacity, mask)
    return Coat(opacity, np.clip(colour, -1, 1).astype(np.float32))


def _tone(random: np.random.Generator) -> float:
    return float(random.uniform(0.45, 1.0) if random.random() < 0.7 else random.uniform(-1.0, -0.5))


def _polyline(canvas: np.ndarray, points: np.ndarray, thickness: float, strength: float) -> None:
    """Draw an open line; thinner than a pixel is a pixel of less strength."""
    whole = max(1, round(thickness))
    layer = np.zeros(canvas.shape, np.uint8)
    fixed = np.round(points * (1 << SHIFT)).astype(np.int32)
    cv2.polylines(layer, [fixed[:, None, :]], False, 255, whole, cv2.LINE_AA, SHIFT)
    np.maximum(
        canvas, layer.astype(np.float32) * np.float32(min(1.0, thickness) * strength / 255), out=canvas
    )


def _line(
    height: int, width: int, wobble: float, random: np.random.Generator, whole: bool = False
) -> np.ndarray:
    """Points of a nearly straight line through or within the picture, (n, 2) as x, y."""
    size = float(max(height, width))
    middle = random.uniform(0, 1, 2) * (width, height)
    # Film and plate holders scratch along one side more often than across.
    angle = random.normal(0, 0.15) + np.pi / 2 if random.random() < 0.5 else random.uniform(0, np.pi)
    length = 3.0 * size if whole else size * random.uniform(0.1, 1.5)
    along = np.linspace(-0.5, 0.5, 24) * length
    bend = np.cumsum(np.cumsum(random.normal(0, wobble, 24)))
    bend -= np.linspace(bend[0], bend[-1], 24)
    direction, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    return np.asarray(middle + along[:, None] * direction + bend[:, None] * across)


def _scratches(
    height: int, width: int, pixel: float, random: np.random.Generator
) -> tuple[np.ndarray, float]:
    mask = np.zeros((height, width), np.float32)
    for _ in range(random.integers(1, 5)):
        points = _line(height, width, random.uniform(0, 0.15) * pixel, random)
        _polyline(mask, points, pixel * random.uniform(0.4, 2.2), random.uniform(0.5, 1.0))
    if random.random() < 0.4:  # interrupted along its length
        mask *= cv2.resize(
            (random.random((6, 6)) > 0.3).astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR
        )
    return mask, _tone(random)


def _dust(height: int, width: int, pixel: float, random: np.random.Generator) -> tuple[np.ndarray, float]:
    mask = np.zeros((height, width), np.float32)
    for _ in range(random.integers(1, 10)):
        x, y = random.uniform(0, width), random.uniform(0, height)
        if random.random() < 0.25:  # a hair
            steps = np.cumsum(np.cumsum(random.normal(0, 0.4, (14, 2)), 0) * 0.6 + random.normal(0, 1, 2), 0)
            points = np.array([x, y]) + steps * pixel
            _polyline(mask, points, pixel * random.uniform(0.4, 1.0), random.uniform(0.6, 1.0))
            continue
        radius = pixel * random.uniform(0.5, 3.0)
        turns = np.linspace(0, 2 * np.pi, 12, endpoint=False)
        rays = radius * random.uniform(0.5, 1.2, 12)
        outline = np.stack([x + rays * np.cos(turns), y + rays * np.sin(turns)], 1)
        layer = np.zeros((height, width), np.uint8)
        cv2.fillPoly(layer, [np.round(outline * (1 << SHIFT)).astype(np.int32)], 255, cv2.LINE_AA, SHIFT)
        np.maximum(mask, layer.astype(np.float32) * np.float32(random.uniform(0.6, 1.0) / 255), out=mask)
    return mask, _tone(random)


def _crease(height: int, width: int, pixel: float, random: np.random.Generator) -> tuple[np.ndarray, float]:
    """A fold: emulsion cracked along a line, thinning out to both sides."""
    mask = np.zeros((height, width), np.float32)
    points = _line(height, width, 0.2 * pixel, random, whole=True)
    _polyline(mask, points, pixel * random.uniform(1.0, 3.0), 1.0)
    rough = random.random((max(2, round(height / pixel)), max(2, round(width / pixel)))).astype(np.float32)
    rough = cv2.resize(rough, (width, height), interpolation=cv2.INTER_LINEAR)
    soft = cv2.GaussianBlur(mask, (0, 0), 1.5 * pixel) * np.float32(random.uniform(0.2, 0.8))
    return np.maximum(mask * (rough > random.uniform(0.0, 0.4)), soft), _tone(random)


def _tear(height: int, width: int, pixel: float, random: np.random.Generator) -> tuple[np.ndarray, float]:
    """A ragged band of bare paper, up to a dozen scanned pixels wide."""
    mask = np.zeros((height, width), np.uint8)
    points = _line(height, width, 0.5 * pixel, random)
    across = np.array([points[-1, 1] - points[0, 1], points[0, 0] - points[-1, 0]])
    across = across / (np.linalg.norm(across) + 1e-6)
    half = pixel * random.uniform(1.0, 5.0) * np.sin(np.linspace(0, np.pi, len(points)))
    ragged = half[:, None] * random.uniform(0.4, 1.0, (len(points), 1))
    outline = np.concatenate([points + ragged * across, (points - ragged * across)[::-1]])
    cv2.fillPoly(mask, [np.round(outline * (1 << SHIFT)).astype(np.int32)], 255, cv2.LINE_AA, SHIFT)
    return mask.astype(np.float32) / 255, float(random.uniform(0.5, 1.0))
