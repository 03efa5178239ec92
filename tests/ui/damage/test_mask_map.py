"""The maps of a mask: the same as the mask at full size, nothing thin lost in smaller ones, and quick."""

from __future__ import annotations

import time

import numpy as np
import pytest

from restorer.damage.mask import USUAL
from ui.damage.mask_map import MaskMap, share_of
from ui.damage.stroke import Brush, Stroke
from ui.model.marked_damage import ADDED, ERASED, PROTECTED, MarkedDamage, MaskPlanes


def planes(height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(5)
    found = random.integers(0, 256, (height, width), np.uint8)
    said = random.choice(
        np.array([0, 0, 0, ADDED, ERASED, PROTECTED, ADDED | PROTECTED], np.uint8), found.shape
    )
    return found, said


@pytest.mark.parametrize("thoroughness", [0.0, 0.5, 1.0])
def test_the_largest_map_marks_what_the_engine_fills(thoroughness: float) -> None:
    found, said = planes(61, 83)
    marked = MaskMap(found, said).part(1.0).marked(thoroughness)
    mask = MarkedDamage(MaskPlanes.of(found, said), thoroughness)
    np.testing.assert_array_equal(marked, mask.mask().marked(thoroughness))
    assert mask.marks == marked.any()


def test_a_thin_scratch_is_seen_however_small_the_photo_is_shown() -> None:
    found = np.zeros((1500, 2100), np.uint8)
    found[:, 1000] = 255
    masks = MaskMap(found, np.zeros_like(found))
    for zoom in (1.0, 0.6, 0.3, 0.12):
        part = masks.part(zoom)
        assert part.marked(USUAL).any(axis=1).all()
        assert part.unit <= 1 / zoom
    part = masks.part(0.5, (990.0, 10.0, 1010.0, 20.0))
    assert (part.box, part.unit) == ((990, 10, 20, 10), 2)
    assert part.marked(USUAL).any()


def test_a_stroke_changes_the_maps_as_if_they_were_made_anew() -> None:
    found, said = planes(701, 523)
    masks = MaskMap(found, said)
    stroke = Stroke(said, Brush.ERASE, 20)
    for point in ((100.0, 90.0), (333.0, 650.0), (600.0, 700.0)):
        masks.update(found, stroke.said, stroke.to(*point))
    anew = MaskMap(found, stroke.said)
    for zoom in (1.0, 0.5, 0.25):
        np.testing.assert_array_equal(masks.part(zoom).sure, anew.part(zoom).sure)
        np.testing.assert_array_equal(masks.part(zoom).kept, anew.part(zoom).kept)


def test_the_slider_moves_24_megapixels_within_a_moment() -> None:
    found = np.zeros((4000, 6000), np.uint8)
    found[:, 1000:1010] = 180
    masks = MaskMap(found, np.zeros_like(found))
    begin = time.process_time()
    for thoroughness in np.linspace(0, 1, 10):
        masks.part(0.2).marked(thoroughness)
        share = masks.share(thoroughness)
    assert (time.process_time() - begin) / 10 < 0.1
    assert share == share_of(found, np.zeros_like(found), 1.0)
    assert share == pytest.approx(1 / 600, rel=0.5)
