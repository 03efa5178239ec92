"""A mask goes where its photo goes."""

from __future__ import annotations

import numpy as np
import pytest

from restorer.damage.mask import DamageMask, Touch
from restorer.damage.mask_edits import carried
from restorer.photo import Photo
from restorer.photo.edits import Crop, Edit, Grey, Levels, Straighten, Turn, applied


def a_mask() -> DamageMask:
    found = np.zeros((60, 80), np.uint8)
    found[10:14, 20:60] = 200
    spot = np.ones((9, 9), np.bool_)
    mask = DamageMask.of(found).touched(Touch.ADD, spot, (5, 30))
    return mask.touched(Touch.ERASE, spot, (30, 8)).touched(Touch.PROTECT, spot, (60, 40))


@pytest.mark.parametrize(
    "edits",
    [(Turn(1),), (Turn(3), Crop(0.1, 0.1, 0.7, 0.6)), (Grey(), Crop(0.25, 0, 0.5, 1)), (Turn(2), Levels())],
)
def test_what_is_marked_lies_on_the_same_part_of_the_photo(edits: tuple[Edit, ...]) -> None:
    mask = a_mask()
    pixels = np.repeat(mask.marked()[..., None] * np.uint8(255), 3, axis=2)
    moved = carried(mask, edits)
    picture = applied(Photo(pixels=pixels), tuple(edit for edit in edits if not isinstance(edit, Levels)))
    np.testing.assert_array_equal(moved.marked(), picture.pixels[..., 0] > 127)


def test_straightening_moves_it_and_no_pixel_is_added_and_erased() -> None:
    mask = a_mask()
    moved = carried(mask, (Straighten(7.0),))
    pixels = np.repeat(mask.added[..., None] * np.uint8(255), 3, axis=2)
    picture = applied(Photo(pixels=pixels), (Straighten(7.0),))
    np.testing.assert_array_equal(moved.added, picture.pixels[..., 0] > 127)
    assert moved.size == picture.size
    assert not (moved.added & moved.erased).any()


def test_tones_leave_it_alone() -> None:
    mask = a_mask()
    assert carried(mask, (Grey(), Levels())) is mask
