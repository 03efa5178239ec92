"""Crops of a ratio and lines along a horizon; and colours balanced by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from restorer.photo import Photo
from restorer.photo.edits import (
    Balance,
    Brightness,
    Contrast,
    Crop,
    Grey,
    Straighten,
    applied,
    balance_of,
    changes,
    described,
    parsed,
)
from restorer.photo.framing import PRINTS, RATIOS, largest_crop, print_dpi, straightening


def ramp(dtype: type = np.uint8, colour: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Photo:
    top = np.iinfo(dtype).max
    values = np.linspace(0, 1, 256)[None, :, None] * np.array(colour) * np.ones((40, 1, 1))
    return Photo(np.rint(values * top).astype(dtype))


@pytest.mark.parametrize("size", [(600, 400), (400, 600), (500, 500), (4000, 30)])
@pytest.mark.parametrize("name", [name for name in RATIOS if name != "free"])
@pytest.mark.parametrize("centre", [(0.5, 0.5), (0.25, 0.6)])
def test_the_largest_box_of_a_ratio_lies_in_the_picture_and_touches_its_edge(
    size: tuple[int, int], name: str, centre: tuple[float, float]
) -> None:
    ratio = RATIOS[name]
    assert ratio is not None
    crop = largest_crop(size, ratio, centre)
    sides = crop.width * size[0], crop.height * size[1]
    assert max(sides) / min(sides) == pytest.approx(ratio)
    assert crop.left + crop.width / 2 == pytest.approx(centre[0])
    assert crop.top + crop.height / 2 == pytest.approx(centre[1])
    edges = (crop.left, crop.top, 1 - crop.left - crop.width, 1 - crop.top - crop.height)
    assert min(edges) == pytest.approx(0, abs=1e-9)
    if ratio > 1 and size[0] != size[1]:
        assert (sides[0] > sides[1]) == (size[0] > size[1])


def test_free_and_turned_boxes() -> None:
    assert largest_crop((600, 400), None) == Crop(0.0, 0.0, 1.0, 1.0)
    crop = largest_crop((600, 400), 1.5, upright=True)
    assert (crop.width * 600 / (crop.height * 400)) == pytest.approx(1 / 1.5)
    assert applied(ramp(), (largest_crop((256, 40), 1.0),)).size == (40, 40)
    for wrong in ((0.5, (0.5, 0.5)), (1.5, (0.0, 0.5)), (1.5, (0.5, 1.2))):
        with pytest.raises(ValueError, match=r"ratio|middle"):
            largest_crop((600, 400), *wrong)


def test_print_sizes_know_their_pixels() -> None:
    assert print_dpi((3508, 2480), PRINTS["A4"]) == pytest.approx(300, abs=0.1)
    assert print_dpi((2480, 3508), PRINTS["A4"]) == pytest.approx(300, abs=0.1)
    assert print_dpi((1772, 600), PRINTS["10x15"]) == pytest.approx(600 / 10 * 2.54)


@pytest.mark.parametrize("tilt", [-30.0, -3.0, 0.0, 2.5, 44.0])
@pytest.mark.parametrize("upright", [False, True])
def test_a_drawn_line_is_made_level_or_upright(tilt: float, upright: bool) -> None:
    """tilt: clockwise, in degrees."""
    angle = math.radians(tilt + (90 if upright else 0))
    start, end = (10.0, 20.0), (10 + 100 * math.cos(angle), 20 + 100 * math.sin(angle))
    assert straightening(start, end) == pytest.approx(-tilt)
    assert straightening(end, start) == pytest.approx(-tilt)


def test_straightening_a_tilted_horizon_makes_it_level() -> None:
    rows = np.arange(200)[:, None] - np.tan(math.radians(6)) * np.arange(300)[None, :]
    photo = Photo(np.where(rows < 80, 200, 40).astype(np.uint8)[..., None])
    degrees = straightening((0, 80), (299, 80 + 299 * math.tan(math.radians(6))))
    level = applied(photo, (Straighten(degrees),)).pixels[..., 0]
    heights = (level > 120).sum(axis=0)
    assert np.ptp(heights) <= 1
    with pytest.raises(ValueError, match="two points"):
        straightening((1, 1), (1, 1))


@pytest.mark.parametrize("colour", [(1.0, 0.85, 0.6), (0.7, 0.8, 0.9), (0.8, 0.9, 0.8)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_balance_of_a_colour_makes_it_neutral(colour: tuple[float, float, float], dtype: type) -> None:
    photo = ramp(dtype, colour)
    middle = photo.pixels[0, 128].astype(float)
    balanced = applied(photo, (balance_of(tuple(middle)),)).pixels[0, 128].astype(float)
    top = np.iinfo(dtype).max
    assert np.ptp(balanced) <= 0.006 * top
    assert balanced.mean() == pytest.approx(middle @ (0.2126, 0.7152, 0.0722), rel=0.08)


def test_curves_leave_black_and_white_and_move_the_middle() -> None:
    photo = ramp()
    for edit, sign in ((Brightness(40), 1), (Brightness(-40), -1)):
        made = applied(photo, (edit,)).pixels[0, :, 0].astype(int)
        assert (made[0], made[-1]) == (0, 255)
        assert np.sign(made[128] - 128) == sign
        assert (np.diff(made) >= 0).all()
    steeper = applied(photo, (Contrast(50),)).pixels[0, :, 0].astype(int)
    assert (steeper[0], steeper[-1]) == (0, 255)
    assert steeper[64] < 64
    assert steeper[192] > 192
    assert abs(steeper[128] - 128) <= 1
    back = applied(photo, (Contrast(50), Contrast(-50))).pixels[0, :, 0].astype(int)
    assert np.abs(back - np.arange(256)).max() <= 8


def test_zero_changes_nothing_and_grey_has_no_balance() -> None:
    photo = ramp()
    for edit in (Balance(0, 0), Brightness(0), Contrast(0)):
        assert not changes(photo, edit)
        assert applied(photo, (edit,)) is photo
    grey = applied(photo, (Grey(),))
    assert not changes(grey, Balance(30, 0))
    assert applied(grey, (Balance(30, 0),)) is grey
    assert changes(grey, Contrast(10))


def test_the_new_edits_are_told_and_read_again() -> None:
    edits = (Balance(-12.5, 4.0), Brightness(10.0), Contrast(-20.0))
    assert described(edits) == "balance -12.5 4; brightness 10; contrast -20"
    assert parsed(described(edits)) == edits
