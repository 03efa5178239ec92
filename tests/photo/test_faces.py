"""Faces are found wherever they are: turned, small, grey, in 16 bits; and only faces are."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import numpy as np
import pytest
from skimage import data

from restorer import paths
from restorer.errors import ResultError
from restorer.opencv import opencv
from restorer.photo import Photo, faces
from restorer.photo.faces import Face, find_faces

MIDDLE = (124.0, 120.0)
"""Of the astronaut's face in `portrait`, read off by eye; it is about 84 pixels wide."""


def portrait() -> np.ndarray:
    """(240, 240, 3) uint8, a real photograph with one face."""
    return np.ascontiguousarray(data.astronaut()[0:240, 100:340])


def turned(picture: np.ndarray, degrees: float) -> np.ndarray:
    """The picture turned clockwise around its centre, at its size."""
    cv = opencv()
    middle = (picture.shape[1] / 2 - 0.5, picture.shape[0] / 2 - 0.5)
    matrix = cv.getRotationMatrix2D(middle, -degrees, 1.0)
    return np.asarray(cv.warpAffine(picture, matrix, picture.shape[1::-1], borderMode=cv.BORDER_REFLECT))


def only(picture: np.ndarray) -> Face:
    (face,) = find_faces(Photo(picture))
    return face


def test_a_face_is_where_it_is_seen() -> None:
    face = only(portrait())
    assert math.dist(face.centre, MIDDLE) < 12
    assert 60 < face.width < 100
    assert abs(face.roll) < 15
    left_eye, right_eye, nose, left_mouth, right_mouth = face.landmarks
    assert left_eye[0] < nose[0] < right_eye[0]
    assert left_mouth[0] < right_mouth[0]
    assert left_eye[1] < nose[1] < left_mouth[1]


@pytest.mark.parametrize("degrees", [45, 90, 180, 270, 20])
def test_a_turned_face_is_found_and_so_is_its_turn(degrees: int) -> None:
    upright, face = only(portrait()), only(turned(portrait(), degrees))
    assert abs((face.roll - upright.roll - degrees + 180) % 360 - 180) < 12
    turn, half = math.radians(degrees), 120.0
    x, y = upright.landmarks[2][0] - half, upright.landmarks[2][1] - half
    nose = (half + x * math.cos(turn) - y * math.sin(turn), half + x * math.sin(turn) + y * math.cos(turn))
    assert math.dist(face.landmarks[2], nose) < 6
    assert 60 < face.width < 105


def test_a_face_of_fourteen_pixels_is_found() -> None:
    cv = opencv()
    small = cv.resize(portrait(), (42, 42), interpolation=cv.INTER_AREA)
    # In a picture: what is around it is more than the face.
    picture = np.full((160, 200, 3), 120, np.uint8)
    picture[60:102, 90:132] = small
    face = only(picture)
    assert 11 < face.width < 20
    assert math.dist(face.centre, (90 + MIDDLE[0] * 42 / 240, 60 + MIDDLE[1] * 42 / 240)) < 4


def test_grey_and_sixteen_bits_show_the_same_face() -> None:
    grey = portrait().mean(axis=2, keepdims=True).round().astype(np.uint8)
    eight, sixteen = (find_faces(Photo(pixels)) for pixels in (grey, grey.astype(np.uint16) * 257))
    assert eight == sixteen
    assert len(eight) == 1


def test_the_same_photo_has_the_same_faces() -> None:
    assert find_faces(Photo(portrait())) == find_faces(Photo(portrait()))


def test_faces_of_a_group_come_largest_first() -> None:
    cv, picture = opencv(), np.full((240, 420, 3), 150, np.uint8)
    picture[:, 180:] = portrait()
    picture[60:180, 20:140] = cv.resize(portrait(), (120, 120), interpolation=cv.INTER_AREA)
    large, small = find_faces(Photo(picture))
    assert large.centre[0] > 180 > small.centre[0]
    assert large.width == pytest.approx(2 * small.width, rel=0.2)


@pytest.mark.parametrize("name", ["coffee", "rocket"])
def test_what_is_no_face_is_none(name: str) -> None:
    assert find_faces(Photo(np.ascontiguousarray(getattr(data, name)()[:240, :300]))) == ()


def test_answers_of_the_detector_that_are_no_numbers_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def setInputSize(self, size: tuple[int, int]) -> None: ...  # noqa: N802

        def setScoreThreshold(self, least: float) -> None: ...  # noqa: N802

        def detect(self, picture: np.ndarray) -> tuple[int, np.ndarray]:
            rows = np.full((2, 15), 20.0, np.float32)
            rows[0, 2], rows[1, 0], rows[1, 2] = np.inf, -np.inf, np.inf
            return 1, rows

    monkeypatch.setattr(faces, "_detector", Broken)
    assert find_faces(Photo(np.full((40, 40, 3), 90, np.uint8))) == ()


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 2000, 1), (900, 5, 3), (16, 16, 3), (18, 24, 1)])
def test_every_shape_is_looked_at(shape: tuple[int, int, int]) -> None:
    assert find_faces(Photo(np.full(shape, 90, np.uint8))) == ()


def test_the_box_of_a_turned_face_holds_its_ellipse() -> None:
    face = Face((50.0, 60.0), (20.0, 40.0), 90.0, (), 1.0)
    left, top, width, height = face.box
    assert (left, top) == (30, 50)
    assert (width, height) == (40, 20)
    assert face.around(2.0)[2] == 80


def test_a_detector_that_is_damaged_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "faces").mkdir()
    (tmp_path / "faces" / "yunet.onnx").write_bytes(b"no network")
    monkeypatch.setattr(faces, "resources_dir", lambda: tmp_path)
    faces._detector.cache_clear()
    with pytest.raises(ResultError, match=r"yunet\.onnx .* install Restorer again"):
        find_faces(Photo(portrait()))
    monkeypatch.undo()
    faces._detector.cache_clear()
    assert paths.resources_dir().is_dir()
    assert len(find_faces(Photo(portrait()))) == 1


def test_the_detector_and_its_licence_are_those_of_its_makers() -> None:
    folder = paths.resources_dir() / "faces"
    licence = (folder / "LICENSE").read_bytes()
    told = licence[licence.index(b"MIT License") :].rstrip()
    # Of LICENSE beside face_detection_yunet_2026may.onnx in opencv_zoo, and of that file.
    assert hashlib.sha256(told).hexdigest() == (
        "c83b8120c50ccbd4c4f96edf53141bdd566ebb8f8e9227e415326aa1b1aba958"
    )
    assert hashlib.sha256((folder / "yunet.onnx").read_bytes()).hexdigest() == (
        "ebafce4e3c118d6554634be5c27ab333b4c047a9a8c3faf1d7cf93101c22f0f0"
    )
