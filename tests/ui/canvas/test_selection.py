"""The rubber band on the picture, and what it means in the photo's pixels."""

from __future__ import annotations

import pytest

from ui.canvas.selection import RubberBand, middle


def test_a_band_is_kept_on_the_picture_and_told_in_the_photos_pixels() -> None:
    band = RubberBand((500, 300), (500, 300), (400, 200)).to((-20, 90))
    assert band.shape == (0, 90, 400, 110)
    assert band.box((100, 50)) == (0, 22, 100, 28), "the picture shows four pixels for one of the photo's"
    assert RubberBand((10, 10), (11, 11), (400, 200)).box((400, 200)) is None, "a click is no region"


@pytest.mark.parametrize("seen", [(0, 0, 400, 200), (100, 50, 180, 90)])
def test_the_middle_lies_in_what_is_seen(seen: tuple[float, float, float, float]) -> None:
    left, top, width, height = middle(seen, (400, 200)).shape
    assert seen[0] < left < left + width < seen[2]
    assert seen[1] < top < top + height < seen[3]
