"""Marks made by hand: every file in tests/data/damage can be drawn, and a wrong file is a sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from restorer.damage.scores import agreement
from restorer.errors import RequestError
from restorer.evaluation.repair.marks import read_marks
from restorer.photo import Photo

FOLDER = Path(__file__).parents[1] / "data" / "damage"
SAMPLES = Path(__file__).parents[2] / "resources" / "samples"
SHARES = {
    "a": (0, 0.018),
    "b": (0.00013, 0.0052),
    "bicycle-1895": (0.00029, 0.0048),
    "boulevard-du-temple-1838": (0.012, 0.27),
    "brooklyn-bridge-1880s": (0.00056, 0.096),
    "c": (0.001, 0.27),
    "d": (2.4e-05, 0.013),
    "e": (0.0016, 0.019),
    "f": (3.7e-05, 0.0004),
    "g": (0.00035, 0.0009),
    "h": (0.00056, 0.055),
    "news-vendors-1896": (0.0027, 0.12),
}
"""Of each photo: the share that is damaged, and the share of which nobody can tell."""


def photo(width: int, height: int) -> Photo:
    return Photo(np.zeros((height, width, 3), np.uint8), path=Path("a.png"))


def named(name: str) -> tuple[str, int, int]:
    """(file, width, height) that the marks say their photo has."""
    (row,) = [row for row in (FOLDER / f"{name}.txt").read_text().splitlines() if row.startswith("photo ")]
    _, file, width, height = row.split()
    return file, int(width), int(height)


def written(folder: Path, *rows: str) -> Path:
    path = folder / "a.txt"
    path.write_text("\n".join(rows))
    return path


def test_all_marks_are_known_here() -> None:
    assert sorted(SHARES) == sorted(path.stem for path in FOLDER.glob("*.txt"))


@pytest.mark.parametrize("name", SHARES)
def test_marks_have_their_photo_s_size_and_their_share(name: str) -> None:
    file, width, height = named(name)
    if (SAMPLES / file).exists():
        with Image.open(SAMPLES / file) as picture:
            assert picture.size == (width, height)
    marks = read_marks(FOLDER / f"{name}.txt", photo(width, height))
    assert marks.damaged.shape == marks.unjudged.shape == (height, width)
    assert marks.damaged.dtype == marks.unjudged.dtype == np.bool_
    assert not (marks.damaged & marks.unjudged).any()
    damaged, unjudged = SHARES[name]
    assert marks.damaged.mean() == pytest.approx(damaged, rel=0.1)
    assert marks.unjudged.mean() == pytest.approx(unjudged, rel=0.1)


def test_shapes_lie_where_they_are_said_to_lie(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "# a remark",
        "photo a.png 40 30",
        "spot 1.5 5.5,4.5  # one pixel and those around it",
        "line 3 10,20.5 30,20.5",
        "area 20,2 28,2 28,8 20,8",
        "unsure area 24,2 36,2 36,8 24,8",
    )
    marks = read_marks(path, photo(40, 30))
    assert marks.damaged[3:6, 4:7].all()
    assert not marks.damaged[:3, :12].any()
    assert (marks.damaged[15:26, 20].sum(), marks.damaged[20, 9:32].sum()) == (3, 23)
    assert marks.damaged[2:8, 20:28].all()
    assert not marks.damaged[2:8, 29:].any()
    assert marks.unjudged[3:7, 29:35].all()
    assert not marks.unjudged[2:8, 20:28].any()  # damage wins


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (("photo a.png 40 31",), "are of a photo of 40 x 31"),
        (("spot 1 3,3",), "Line 1 .* size comes first"),
        (("photo a.png 40 30", "", "blot 1 3,3"), "Line 3 .* is expected"),
        (("photo a.png 40 30", "spot 1 3;3"), "Line 2"),
        (("photo a.png 40 30", "spot 0 3,3"), "not above 0"),
        (("photo a.png 40 30", "line nan 3,3 4,4"), "not above 0"),
        (("photo a.png 40 30", "spot 1 1e9,3"), "far outside"),
        (("photo a.png 40 30", "area 1,3 2,4"), "three corners"),
        (("photo a.png 40 30", "unsure"), "Line 2"),
        (("# nothing",), "do not say the size"),
    ],
)
def test_wrong_marks_are_a_sentence(rows: tuple[str, ...], message: str, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=message):
        read_marks(written(tmp_path, *rows), photo(40, 30))


def test_marks_that_are_missing_are_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"none\.txt cannot be read"):
        read_marks(tmp_path / "none.txt", photo(4, 4))


def test_what_is_found_where_nobody_can_tell_counts_for_nothing() -> None:
    marked, unjudged = np.zeros((20, 20), np.bool_), np.zeros((20, 20), np.bool_)
    marked[5, 5], unjudged[:, 10:] = True, True
    found = marked.copy()
    found[5, 15] = True
    assert agreement(found, marked).precision == 0.5
    assert agreement(found, marked, unjudged=unjudged).precision == 1
    found[15, 5] = True
    judged = agreement(found, marked, unjudged=unjudged)
    assert (judged.recall, judged.precision) == (1, 0.5)
    assert (
        agreement(found, unjudged, unjudged=unjudged).found == 3
    )  # a right one counts although nobody could tell
