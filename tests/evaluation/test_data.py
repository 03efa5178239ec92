"""How the input of a case is made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data

from restorer.errors import PhotoError, RequestError
from restorer.evaluation.data import cases, crop_to_multiple, enlarge, make_case, read_picture, reduce


def keys_kernel(x: np.ndarray) -> np.ndarray:
    """Keys' cubic with a = -0.5, as MATLAB's imresize has it."""
    x = np.abs(x)
    near, far = 1.5 * x**3 - 2.5 * x**2 + 1, -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2
    return np.where(x <= 1, near, np.where(x < 2, far, 0.0))


def test_reduction_is_matlabs_antialiased_bicubic() -> None:
    picture = data.astronaut()[:64, :96].astype(np.float64)
    expected = picture
    for axis in (0, 1):
        length = picture.shape[axis]
        centres = (np.arange(length // 4) + 0.5) * 4 - 0.5
        weights = keys_kernel((np.arange(length)[None, :] - centres[:, None]) / 4)
        expected = np.moveaxis(
            np.tensordot(weights / weights.sum(1, keepdims=True), expected, (1, axis)), 0, axis
        )
    low = reduce(picture.astype(np.uint8), 4)
    assert low.dtype == np.uint8
    assert low.shape == (16, 24, 3)
    assert np.abs(low - expected.clip(0, 255)).max() < 1.2  # it rounds after each direction


def test_the_original_is_cut_to_a_multiple_of_the_scale() -> None:
    picture = np.arange(13 * 10 * 3, dtype=np.uint8).reshape(13, 10, 3)
    assert np.array_equal(crop_to_multiple(picture, 4), picture[:12, :8])
    assert np.array_equal(crop_to_multiple(picture, 1), picture)


def test_enlarging_keeps_a_flat_picture_and_multiplies_its_size() -> None:
    flat = np.full((5, 7, 3), 77, np.uint8)
    assert np.array_equal(enlarge(flat, 4), np.full((20, 28, 3), 77, np.uint8))


@pytest.mark.parametrize("kind", ["degraded", "scanned"])
def test_a_worn_input_depends_on_its_number_alone(kind: str) -> None:
    high = data.astronaut()[:128, :128]
    first, again, other = (make_case(high, 4, kind, index) for index in (0, 0, 1))
    assert first[1].shape == (32, 32, 3)
    assert np.array_equal(first[1], again[1])
    assert not np.array_equal(first[1], other[1])
    worn = [
        np.abs(low - make_case(toned, 4)[1].astype(float)).mean()
        for toned, low in (make_case(high, 4, kind, index) for index in range(4))
    ]
    assert min(worn) > 1


def test_the_original_of_a_scan_has_its_tones() -> None:
    high = data.astronaut()[:128, :128]
    greys = [make_case(high, 4, "scanned", index)[0] for index in range(12)]
    neutral = [bool((picture.max(axis=2) == picture.min(axis=2)).all()) for picture in greys]
    assert any(neutral)
    assert not all(neutral)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Two").mkdir()
    Image.fromarray(data.chelsea()[:42, :61]).save(tmp_path / "Two" / "b.png")
    Image.fromarray(data.camera()[:40, :40]).save(tmp_path / "Two" / "a.png")  # grey
    (tmp_path / "Two" / "notes.txt").write_text("not a picture")
    (tmp_path / "Empty").mkdir()
    return tmp_path


def test_cases_come_in_the_order_of_their_names_with_originals_cut(folder: Path) -> None:
    found = list(cases(folder, ["Two"], 4))
    assert [(case.set, case.name) for case in found] == [("Two", "a"), ("Two", "b")]
    assert found[1].high is not None
    assert found[1].high.shape == (40, 60, 3)
    assert found[1].low.shape == (10, 15, 3)
    assert np.array_equal(found[1].low, reduce(found[1].high, 4))
    assert [case.name for case in cases(folder, ["Two"], 4, limit=1)] == ["a"]


def test_a_set_without_originals_is_its_own_input(folder: Path) -> None:
    case = list(cases(folder, ["Two"], 4, blind=("Two",)))[1]
    assert case.high is None
    assert np.array_equal(case.low, data.chelsea()[:42, :61])


@pytest.mark.parametrize(
    ("name", "sentence"), [("Three", "no set called Three"), ("Empty", "holds no pictures")]
)
def test_missing_and_empty_sets_have_their_sentences(folder: Path, name: str, sentence: str) -> None:
    with pytest.raises(RequestError, match=sentence):
        list(cases(folder, [name], 4))


def test_a_broken_picture_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    with pytest.raises(PhotoError, match=r"broken\.png"):
        read_picture(tmp_path / "broken.png")
