"""Arrays become pictures for the screen."""

from __future__ import annotations

import numpy as np
import pytest

from ui.imaging.qimage import rgb32


def test_rows_of_odd_length_keep_their_colours() -> None:
    array = np.zeros((5, 33, 3), np.uint8)
    array[..., 0] = 200
    image = rgb32(array)
    assert all(image.pixelColor(x, y).getRgb()[:3] == (200, 0, 0) for x in (0, 16, 32) for y in range(5))


def test_a_picture_for_the_window_does_not_change_with_its_array() -> None:
    array = np.zeros((4, 4, 3), np.uint8)
    image = rgb32(array)
    array[:] = 255
    assert image.pixelColor(1, 1).red() == 0


@pytest.mark.qt_log_ignore("fromIccProfile")
def test_wide_gamut_photos_are_shown_in_the_colours_they_mean() -> None:
    from PySide6.QtGui import QColorSpace

    icc = QColorSpace(QColorSpace.NamedColorSpace.AdobeRgb).iccProfile().data()
    array = np.full((2, 2, 3), (128, 128, 60), np.uint8)
    shown = rgb32(array, icc).pixelColor(0, 0)
    assert shown.blue() < 55, "Adobe RGB (128, 128, 60) is a stronger yellow in sRGB"
    assert rgb32(array, b"not a profile").pixelColor(0, 0).blue() == 60
