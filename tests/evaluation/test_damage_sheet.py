"""The sheet of damaged photos: a row a photo with marks, before, by hand, found and filled, at 100 %."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tools.damage_sheet import GAP, GREEN, LINE, RED, covered, main

HEIGHT, WIDTH = 120, 360


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A grey photo with a bright scratch that is marked, and one without marks."""
    pixels = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    pixels[20:100, 40:42] = 250
    Image.fromarray(pixels).save(tmp_path / "scratched.png")
    Image.fromarray(pixels).save(tmp_path / "unmarked.png")
    marks = tmp_path / "marks"
    marks.mkdir()
    (marks / "scratched.txt").write_text(f"photo scratched.png {WIDTH} {HEIGHT}\nline 2 41,20.5 41,99.5\n")
    return tmp_path


def make(folder: Path, *more: str) -> np.ndarray:
    out = folder / "sheet.png"
    main([str(folder), "-o", str(out), "--marks", str(folder / "marks"), "--device", "cpu", *more])
    return np.asarray(Image.open(out))


def test_a_row_shows_the_whole_photo_before_by_hand_found_and_filled(folder: Path) -> None:
    sheet = make(folder)
    assert sheet.shape == (HEIGHT + LINE + GAP, 4 * (WIDTH + GAP) + GAP, 3), "one row: the other has no marks"
    columns = [GAP + number * (WIDTH + GAP) for number in range(4)]
    before, by_hand, found, filled = (sheet[LINE : LINE + HEIGHT, left : left + WIDTH] for left in columns)
    photo = np.asarray(Image.open(folder / "scratched.png"))
    np.testing.assert_array_equal(before, photo)
    damaged = photo[..., 0] > 200
    np.testing.assert_array_equal(by_hand, covered(photo, damaged, GREEN))
    np.testing.assert_array_equal(found[60, 41], covered(photo, damaged, RED)[60, 41])
    assert filled.max() < 130, "the scratch is gone"
    np.testing.assert_array_equal(filled[:, :20], photo[:, :20])


def test_no_photo_with_marks_and_a_strength_out_of_range_are_told(folder: Path) -> None:
    with pytest.raises(SystemExit, match="has marks in"):
        make(folder, "--only", "unmarked")
    with pytest.raises(SystemExit, match="between 0"):
        make(folder, "--strength", "2")
    assert not (folder / "sheet.png").exists()
