"""Pictures for the screen, in halvings; photos of any kind; what variations disagree about."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PySide6.QtGui import QColorSpace

from restorer.photo import Photo
from ui.imaging.pyramid import Halves, heat_pyramid, photo_pyramid, pyramid, screen_pixels


def test_a_level_of_the_pyramid_always_has_enough_pixels(chelsea: np.ndarray) -> None:
    large = np.tile(chelsea, (8, 8, 1))
    made = pyramid(large)
    assert made.levels[0].width() == large.shape[1]
    assert made.levels[-1].width() <= 700
    for zoom in (0.06, 0.2, 0.26, 0.5, 0.51, 1.0, 4.0):
        level = made.level_for(zoom)
        assert level.width() >= min(1.0, zoom) * large.shape[1] or level is made.levels[0]
        assert level.width() <= max(2 * zoom * large.shape[1], made.levels[-1].width()) + 2
    smallest = made.levels[-1]
    grey = np.mean([smallest.pixelColor(x, 30).green() for x in range(smallest.width())])
    factor = large.shape[0] // smallest.height()
    assert grey == pytest.approx(large[30 * factor : 31 * factor, :, 1].mean(), abs=2), "halvings average"


def test_any_kind_of_photo_can_be_looked_at() -> None:
    def photo(pixels: np.ndarray, alpha: np.ndarray | None = None) -> Photo:
        return Photo(pixels=pixels, alpha=alpha, icc=None, exif=None, xmp=None, dpi=None, path=None)

    deep = screen_pixels(photo(np.full((2, 3, 1), 65535, np.uint16)))
    assert deep.shape == (2, 3, 3)
    assert deep.min() == 255
    assert screen_pixels(photo(np.full((1, 1, 3), 32768, np.uint16)))[0, 0, 0] == 128
    clear = screen_pixels(photo(np.zeros((16, 16, 3), np.uint8), np.zeros((16, 16), np.uint8)))
    assert set(np.unique(clear)) == {153, 204}, "nothing but the checkerboard"


def test_the_veil_is_clear_where_nothing_differs() -> None:
    spread = np.zeros((40, 60), np.float32)
    spread[10:20, 30:40] = 100
    heat_map = heat_pyramid(spread).levels[0]
    assert heat_map.pixelColor(5, 5).alpha() == 0
    strong = heat_map.pixelColor(35, 15)
    assert strong.alpha() == pytest.approx(0.7 * 255, abs=1)
    assert strong.red() > strong.green() > strong.blue()


def test_the_screens_picture_has_the_photo_halved_where_nothing_was_converted() -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (900, 1601, 3), np.uint8)
    photo = Photo(pixels)
    halves = Halves(photo, photo_pyramid(photo))
    assert halves(0) is None, "the photo itself is nearer"
    assert np.array_equal(halves(1), cv2.resize(pixels, (800, 450), interpolation=cv2.INTER_AREA))
    assert halves(1) is halves(1)
    assert halves(9) is None, "so small the screen never shows it"
    wide = QColorSpace(QColorSpace.NamedColorSpace.AdobeRgb).iccProfile().data()
    clear = np.full((900, 1601), 100, np.uint8)
    for other in (
        Photo(pixels, icc=bytes(wide)),
        Photo(pixels, alpha=clear),
        Photo(pixels.astype(np.uint16) * 257),
    ):
        assert Halves(other, photo_pyramid(other))(1) is None, "on the screen it has other numbers"
    assert Halves(photo, None)(1) is None
    assert Halves(photo, photo_pyramid(Photo(pixels[:450, :800])))(1) is None, "of another size"
