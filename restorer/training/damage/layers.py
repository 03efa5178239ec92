"""One layer of damage: how it changes a photo, and where it counts as damage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from restorer.opencv import opencv
from restorer.training.damage.strokes import cloud

__all__ = ["Layer", "laid", "marks", "opaque", "tinted"]

cv2 = opencv()


@dataclass(frozen=True, eq=False)
class Layer:
    """A share `cover` of the photo becomes photo * gain + paint.

    cover: (H, W) float32, 0 to 1. gain: 0 where paint hides the photo, more where it shows through. paint:
    (H, W, 3) or (1, 1, 3) float32 on [0, 1]. least: cover from which it counts as damage that is to be
    filled; above 1 for what dims a photo but leaves it to be seen."""

    cover: np.ndarray
    gain: float
    paint: np.ndarray
    least: float

    def over(self, photo: np.ndarray) -> np.ndarray:
        """The photo, (H, W, 3) float32 on [0, 1], with this layer on it."""
        there = self.cover > 1 / 512  # most damage covers little of a photo
        share, paint = self.cover[there][:, None], np.broadcast_to(self.paint, photo.shape)[there]
        changed = photo.copy()
        changed[there] += share * (photo[there] * np.float32(self.gain - 1) + paint)
        return changed


def laid(photo: np.ndarray, layers: list[Layer]) -> np.ndarray:
    """The photo, (H, W, 3) float32 on [0, 1], with its damage; a later layer lies on top."""
    for layer in layers:
        photo = layer.over(photo)
    return photo.clip(0, 1)


def marks(layers: list[Layer], height: int, width: int) -> np.ndarray:
    """(height, width) bool: what is damage, exactly as it was drawn."""
    marked = np.zeros((height, width), np.bool_)
    for layer in layers:
        marked |= layer.cover >= layer.least
    return marked


def _tint(random: np.random.Generator, grey: bool) -> np.ndarray:
    """Small differences between the channels; paper yellows."""
    if grey or random.random() < 0.4:
        return np.zeros(3, np.float32)
    return np.asarray(
        np.array([0.03, 0.0, -0.08]) * random.uniform(-0.2, 1.2) + random.normal(0, 0.015, 3), np.float32
    )


def opaque(
    drawn: np.ndarray,
    random: np.random.Generator,
    grey: bool,
    bright: float = 0.65,
    soft: float = 0.0,
    faint: float = 0.0,
) -> Layer:
    """Damage that hides the photo: bare paper, base, dust.

    drawn: (H, W) uint8. bright: how often it is light. soft: pixels that its edge is blurred by. faint: how
    often it is so thin that most of the photo is still seen, as most specks and wiping marks of scans are.
    """
    cover = drawn.astype(np.float32) / 255
    if soft > 0.2:
        cover = cv2.GaussianBlur(cover, (0, 0), soft)
    tone = random.uniform(0.72, 1.0) if random.random() < bright else random.uniform(0.0, 0.3)
    paint = np.float32(tone) + _tint(random, grey)
    height, width = drawn.shape
    uneven = random.uniform(0, 0.05) * cloud(height, width, random.uniform(3, 30), random, 2)
    paint = (paint + uneven[..., None]).astype(np.float32)
    thin = faint > 0 and random.random() < faint
    seen = np.float32(random.uniform(0.2, 0.55) if thin else random.uniform(0.55, 1.0))
    least = max(0.08, 0.16 * min(1.0, float(seen) / 0.55))
    return Layer(cover * seen, float(random.uniform(0, 0.25)) * (tone < 0.5), paint.clip(0, 1), least)


def tinted(cover: np.ndarray, random: np.random.Generator, grey: bool, darker: bool, least: float) -> Layer:
    """What the photo is seen through: stains and lost tone. cover: (H, W) float32, 0 to 1."""
    tint = np.zeros(3) if grey else np.array([0.05, 0.0, -0.07]) * random.uniform(-0.3, 1.5)
    if darker:
        gain = random.uniform(0.35, 0.8)
        return Layer(cover, gain, (tint * 0.6).astype(np.float32)[None, None], least)
    gain = random.uniform(0.3, 0.75)
    lift = (1 - gain) * random.uniform(0.75, 1.0)
    return Layer(cover, gain, (lift + tint).astype(np.float32)[None, None], least)
