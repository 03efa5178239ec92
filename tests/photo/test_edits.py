"""Desk work on arrays whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from restorer.photo import Photo
from restorer.photo.edits import (
    Crop,
    Edit,
    Grey,
    Levels,
    Straighten,
    Turn,
    applied,
    changes,
    described,
    inner_size,
    parsed,
)

EVERY: tuple[Edit, ...] = (Turn(1), Straighten(-1.5), Crop(0.1, 0.25, 0.5, 0.5), Levels(), Grey())


@pytest.fixture
def photo(chelsea: np.ndarray) -> Photo:
    alpha = np.zeros(chelsea.shape[:2], np.uint8)
    alpha[:100] = 255
    return Photo(chelsea, alpha=alpha, exif=b"kept", dpi=(300, 300))


def test_four_quarter_turns_are_none(photo: Photo) -> None:
    once = applied(photo, (Turn(1),))
    assert once.size == (300, 451)
    assert np.array_equal(once.pixels[0, -1], photo.pixels[0, 0]), (
        "clockwise: the first pixel goes to the right"
    )
    assert np.array_equal(applied(photo, (Turn(1),) * 4).pixels, photo.pixels)
    assert np.array_equal(applied(photo, (Turn(3), Turn(1))).alpha, photo.alpha)
    assert once.exif == b"kept"


def test_no_edit_is_the_photo_itself(photo: Photo) -> None:
    assert applied(photo, ()) is photo
    assert applied(photo, (Straighten(0.0),)).pixels is photo.pixels


@pytest.mark.parametrize("edit", EVERY)
def test_what_changes_nothing_is_known_beforehand(photo: Photo, edit: Edit) -> None:
    assert changes(photo, edit)
    done = applied(photo, (edit,))
    assert not np.array_equal(done.pixels, photo.pixels)
    if isinstance(edit, Grey | Levels):
        assert not changes(done, edit)
        assert np.array_equal(applied(done, (edit,)).pixels, done.pixels), "twice is once"


def test_an_edit_of_nothing_changes_nothing(photo: Photo) -> None:
    for edit in (Turn(4), Straighten(0.0), Crop(0, 0, 1, 1), Crop(0.0001, 0, 0.9999, 1)):
        assert not changes(photo, edit)
        assert np.array_equal(applied(photo, (edit,)).pixels, photo.pixels)


def test_levels_of_a_faded_photo_are_done_once(photo: Photo) -> None:
    for depth, most in ((np.uint8, 1), (np.uint16, 257)):
        faded = Photo((photo.pixels.astype(np.uint32) * most // 2 + 60 * most).astype(depth))
        assert changes(faded, Levels())
        assert not changes(applied(faded, (Levels(),)), Levels())


def test_crop_takes_the_part_that_was_marked(photo: Photo) -> None:
    part = applied(photo, (Crop(0.5, 0.25, 0.25, 0.5),))
    assert np.array_equal(part.pixels, photo.pixels[75:225, 226:338])
    assert part.alpha.shape == (150, 112)
    assert applied(photo, (Crop(0.999, 0.999, 0.0, 0.0),)).size == (1, 1), "never empty"


@pytest.mark.parametrize("degrees", [-45, -20, -3, 0.5, 7, 45])
@pytest.mark.parametrize("size", [(400, 300), (300, 400), (300, 300), (900, 60)])
def test_straightened_picture_has_no_empty_corner_and_is_as_large_as_can_be(
    degrees: float, size: tuple[int, int]
) -> None:
    across, down = inner_size(*size, degrees)
    angle = np.radians(degrees)

    def inside(grown: float) -> bool:
        x, y = across / 2 * grown, down / 2 * grown
        for sx, sy in ((1, 1), (1, -1)):
            turned_x = sx * x * np.cos(angle) + sy * y * np.sin(angle)
            turned_y = -sx * x * np.sin(angle) + sy * y * np.cos(angle)
            if abs(turned_x) > size[0] / 2 + 1e-6 or abs(turned_y) > size[1] / 2 + 1e-6:
                return False
        return True

    assert inside(1.0)
    assert not inside(1.01)


def test_straightening_turns_a_tilted_horizon_level() -> None:
    rows, columns = np.mgrid[0:300, 0:400]
    slope = np.tan(np.radians(5))
    sky = rows - 150 < (columns - 200) * slope  # the horizon falls to the right: turn it anticlockwise
    tilted = np.where(sky, 220, 40).astype(np.uint8)[..., None]
    level = applied(Photo(tilted), (Straighten(-5.0),)).pixels[..., 0]
    edge = (level > 130).sum(axis=0)
    assert np.ptp(edge) <= 1
    assert applied(Photo(tilted.astype(np.uint16) * 257), (Straighten(-5.0),)).bits == 16


def test_grey_is_one_channel_and_keeps_the_luma(photo: Photo) -> None:
    grey = applied(photo, (Grey(),))
    assert grey.grey
    assert grey.pixels[7, 9, 0] == round(float(photo.pixels[7, 9] @ [0.2126, 0.7152, 0.0722]))
    assert applied(grey, (Grey(),)).pixels is grey.pixels


@pytest.mark.parametrize("factor", [1, 257])
def test_levels_bring_a_faded_yellow_print_back(chelsea: np.ndarray, factor: int) -> None:
    full = applied(Photo(chelsea), (Levels(),)).pixels.astype(float)
    low, span = np.array([60, 50, 40]), np.array([0.7, 0.6, 0.4])  # each dye fades in its own way
    faded = np.rint(chelsea * span + low).astype(np.uint8)
    pixels = faded if factor == 1 else faded.astype(np.uint16) * 257
    restored = applied(Photo(pixels), (Levels(),)).pixels / factor
    before = np.abs(faded - full).mean()
    assert np.abs(restored - full).mean() < before / 20
    assert restored.dtype.kind == "f"


def test_levels_leave_a_picture_without_tones_alone() -> None:
    flat = np.full((64, 64, 3), 128, np.uint8)
    flat[::2] += 2
    levelled = applied(Photo(flat), (Levels(),)).pixels
    assert np.ptp(levelled) <= 8
    assert levelled.mean() == pytest.approx(128, abs=3)


def test_edits_survive_being_written_down() -> None:
    assert parsed(described(EVERY)) == EVERY
    assert described(()) == ""
    for nonsense in ("paint", "turn", "crop 1 2", "turn x"):
        with pytest.raises(ValueError):  # noqa: PT011 - the text is Python's own for some of them
            parsed(nonsense)


def test_a_panorama_is_straightened_as_its_part_would_be() -> None:
    """OpenCV takes no side of 32,767 pixels."""
    waves = 128 + 100 * np.sin(np.arange(33_000) * 2 * np.pi / 200)
    wide = Photo(np.repeat(waves.round().astype(np.uint8)[None, :, None], 40, axis=0))
    turned = applied(wide, (Straighten(0.02),))
    assert turned.size[0] > 32_900
    start = (33_000 - turned.size[0]) // 2  # so small a turn moves waves that stand upright by no pixel
    difference = turned.pixels[:, :, 0].astype(int) - wide.pixels[0, start:, 0][: turned.size[0]]
    assert np.abs(difference).max() <= 5


def test_parts_of_a_straightened_picture_meet_without_a_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    smooth = np.cumsum(rng.normal(0, 2, (300, 400, 3)), axis=1) + 128
    photo = Photo(smooth.clip(0, 255).astype(np.uint8), alpha=np.full((300, 400), 200, np.uint8))
    whole = applied(photo, (Straighten(7.0),))
    monkeypatch.setattr("restorer.photo.edits._WARPED", 64)
    parts = applied(photo, (Straighten(7.0),))
    assert np.abs(parts.pixels.astype(int) - whole.pixels).max() <= 8  # OpenCV places by 1/32 of a pixel
    assert np.abs(parts.pixels.astype(int) - whole.pixels).mean() < 0.5
    assert parts.alpha is not None
    assert (parts.alpha == 200).all()
