"""The search without a network finds scratches and specks, and leaves a photo without any alone."""

from __future__ import annotations

import numpy as np

from restorer.damage.classical_finder import search_damage
from restorer.damage.scores import agreement
from restorer.photo import Photo


def test_a_scratch_and_specks_on_a_photo_are_found_and_little_else(chelsea: np.ndarray) -> None:
    pixels = chelsea[:240, :320].copy()
    before = search_damage(Photo(pixels=pixels)).marked()
    drawn = np.zeros(pixels.shape[:2], np.bool_)
    drawn[20:200, 40:42] = drawn[30:33, 250:253] = drawn[200:203, 300:303] = True
    pixels[drawn] = 250
    told: list[float] = []
    mask = search_damage(Photo(pixels=pixels), told.append)
    found = agreement(mask.marked(), drawn)
    assert found.recall > 0.7
    assert before.mean() < 0.02
    assert told == [0.5, 1.0]
    wide = search_damage(Photo(pixels=pixels.astype(np.uint16) * 257))
    np.testing.assert_array_equal(wide.found, mask.found)
