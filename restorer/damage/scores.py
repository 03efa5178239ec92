"""How well found damage agrees with what a person marked or a program drew, a few pixels either way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from restorer.opencv import opencv

__all__ = ["TOLERANCE", "Agreement", "agreement"]

TOLERANCE = 3
"""Pixels by which a found pixel may lie beside damage: nobody draws a mask to the pixel."""


@dataclass(frozen=True)
class Agreement:
    """Pixels. hit of marked: damage with a found pixel near it. right of found: found pixels near damage."""

    hit: int
    marked: int
    right: int
    found: int

    def __add__(self, other: Agreement) -> Agreement:
        return Agreement(
            self.hit + other.hit,
            self.marked + other.marked,
            self.right + other.right,
            self.found + other.found,
        )

    @property
    def recall(self) -> float:
        """Share of the damage that was found; 1 where there is none."""
        return self.hit / self.marked if self.marked else 1.0

    @property
    def precision(self) -> float:
        """Share of what was found that is damage; 1 where nothing was found."""
        return self.right / self.found if self.found else 1.0


def agreement(
    found: np.ndarray,
    marked: np.ndarray,
    doubtful: np.ndarray | None = None,
    tolerance: int = TOLERANCE,
    unjudged: np.ndarray | None = None,
) -> Agreement:
    """All (H, W) bool. doubtful: marked pixels that need not be found, and are right where they are.
    unjudged: where found pixels do not count unless they are right."""
    width = 2 * tolerance + 1
    disc = opencv().getStructuringElement(opencv().MORPH_ELLIPSE, (width, width))

    def near(plane: np.ndarray) -> np.ndarray:
        return np.asarray(opencv().dilate(plane.astype(np.uint8), disc) > 0)

    wanted = marked if doubtful is None else marked & ~doubtful
    right = found & near(marked)
    counted = found if unjudged is None else right | (found & ~unjudged)
    return Agreement(
        int((wanted & near(found)).sum()), int(wanted.sum()), int(right.sum()), int(counted.sum())
    )
