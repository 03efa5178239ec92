"""Masks of damage: what is marked, what strokes do, and files of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from restorer.damage.mask import CAUTIOUS, USUAL, DamageMask, Touch, least_confidence, read_mask, write_mask
from restorer.errors import PhotoError, RequestError
from restorer.photo import Photo


def photo(width: int = 40, height: int = 30) -> Photo:
    return Photo(np.full((height, width, 3), 90, np.uint8), path=Path("a.jpg"))


def found() -> DamageMask:
    return DamageMask.of(np.tile(np.linspace(0, 255, 40).round().astype(np.uint8), (30, 1)))


def square(side: int = 4) -> np.ndarray:
    return np.ones((side, side), np.bool_)


def test_the_more_thorough_the_more_is_marked() -> None:
    shares = [found().marked(thoroughness).mean() for thoroughness in (0.0, CAUTIOUS, USUAL, 0.8, 1.0)]
    assert shares == sorted(shares)
    assert shares[0] < 0.1
    assert shares[2] == pytest.approx(0.5, abs=0.03)
    assert 0.9 < shares[-1] < 1
    assert [least_confidence(t) for t in (0.0, 0.5, 1.0)] == [242, 128, 13]


@pytest.mark.parametrize("thoroughness", [-0.1, 1.1, float("nan")])
def test_a_strength_outside_the_range_is_a_sentence(thoroughness: float) -> None:
    with pytest.raises(RequestError, match=r"between 0 .* and 1"):
        found().marked(thoroughness)


def test_strokes_add_erase_and_protect() -> None:
    before = found()
    added = before.touched(Touch.ADD, square(), (2, 3))
    assert added.marked()[3:7, 2:6].all()
    assert not before.marked()[3:7, 2:6].any()  # the old value is as it was
    erased = added.touched(Touch.ERASE, square(2), (2, 3))
    assert not erased.marked()[3:5, 2:4].any()
    assert erased.marked()[5:7, 4:6].all()
    whole = np.ones((30, 40), np.bool_)
    assert not before.touched(Touch.ERASE, whole).marked(1.0).any()
    protected = added.touched(Touch.PROTECT, whole)
    assert not protected.touched(Touch.ADD, whole).marked(1.0).any()
    assert protected.touched(Touch.RELEASE, whole).marked()[3:7, 2:6].all()
    assert added.protected is before.protected  # what stays is shared


@pytest.mark.parametrize("corner", [(-2, -2), (38, 28), (-9, 0), (60, 60)])
def test_a_stroke_may_leave_the_photo(corner: tuple[int, int]) -> None:
    mask = DamageMask.empty((40, 30)).touched(Touch.ADD, square(), corner)
    expected = np.zeros((60, 80), np.bool_)
    expected[10 + corner[1] : 14 + corner[1], 10 + corner[0] : 14 + corner[0]] = True
    np.testing.assert_array_equal(mask.added, expected[10:40, 10:50])


def test_what_another_mask_marks_is_protected() -> None:
    whole = found().touched(Touch.ADD, np.ones((30, 40), np.bool_))
    other = DamageMask.empty((40, 30)).touched(Touch.ADD, square(), (5, 5))
    marked = whole.protecting(other).marked()
    assert not marked[5:9, 5:9].any()
    assert marked.sum() == 40 * 30 - 16


def test_a_file_brings_back_all_planes(tmp_path: Path) -> None:
    mask = found().touched(Touch.ADD, square(), (1, 1)).touched(Touch.ERASE, square(), (30, 9))
    mask = mask.touched(Touch.PROTECT, square(9), (26, 5))
    write_mask(mask, tmp_path / "mask.png")
    again = read_mask(tmp_path / "mask.png", photo())
    for plane in ("found", "added", "erased", "protected"):
        np.testing.assert_array_equal(getattr(again, plane), getattr(mask, plane))
    with pytest.raises(PhotoError, match=r"mask\.png exists"):
        write_mask(mask, tmp_path / "mask.png")
    write_mask(found(), tmp_path / "mask.png", overwrite=True)
    assert not read_mask(tmp_path / "mask.png", photo()).added.any()


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA", "LA", "I;16"])
def test_of_any_other_picture_what_is_bright_is_marked(mode: str, tmp_path: Path) -> None:
    painted = np.zeros((30, 40), np.uint8)
    painted[4:9, 7:20] = 255
    picture = Image.fromarray(painted)
    if mode == "I;16":
        picture = Image.fromarray(painted.astype(np.uint16) * 257)
    elif mode in ("RGBA", "LA"):  # white strokes on a clear layer
        picture = Image.merge("LA", (Image.new("L", (40, 30), 255), picture)).convert(mode)
    else:
        picture = picture.convert(mode)
    picture.save(tmp_path / "drawn.png")
    mask = read_mask(tmp_path / "drawn.png", photo())
    np.testing.assert_array_equal(mask.marked(0.0), painted > 0)
    assert not mask.found.any()


def test_a_mask_of_another_size_is_a_sentence(tmp_path: Path) -> None:
    write_mask(found(), tmp_path / "m.png")
    with pytest.raises(RequestError, match=r"m\.png is 40 x 30 pixels and a\.jpg is 41 x 30"):
        read_mask(tmp_path / "m.png", photo(41))


def test_a_mask_of_a_later_version_and_what_is_no_picture_are_sentences(tmp_path: Path) -> None:
    facts = PngImagePlugin.PngInfo()
    facts.add_text("RestorerDamageMask", "9")
    Image.new("RGB", (40, 30)).save(tmp_path / "later.png", pnginfo=facts)
    with pytest.raises(RequestError, match="later version"):
        read_mask(tmp_path / "later.png", photo())
    (tmp_path / "text.png").write_text("no picture")
    with pytest.raises(PhotoError, match=r"text\.png"):
        read_mask(tmp_path / "text.png", photo())
    with pytest.raises(PhotoError, match=r"missing\.png"):
        read_mask(tmp_path / "missing.png", photo())
    with pytest.raises(PhotoError, match=r"m\.png cannot be written"):
        write_mask(found(), tmp_path / "no folder" / "m.png")


def test_planes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="found must be"):
        DamageMask.of(np.zeros((3, 3), np.float32))
    with pytest.raises(ValueError, match="does not fit"):
        found().__class__(found().found, *(np.zeros((2, 2), np.bool_) for _ in range(3)))
