"""A face in its frame: landmarks come to their places, and the way back is the way back."""

from __future__ import annotations

import numpy as np
import pytest
from skimage import data

from restorer.photo.face_frame import FRAME, aligned, inverse, to_frame

LANDMARKS = ((30.0, 40.0), (60.0, 45.0), (44.0, 58.0), (31.0, 70.0), (55.0, 74.0))


def test_landmarks_that_fit_come_exactly_to_their_places() -> None:
    turn = np.array([[0.0, -3.0], [3.0, 0.0]])
    placed = [tuple(turn @ point + [200.0, 10.0]) for point in np.array(FRAME) * 100]
    matrix = to_frame(placed, 100.0)
    found = np.array(placed) @ matrix[:, :2].T + matrix[:, 2]
    assert np.allclose(found, np.array(FRAME) * 100)


def test_no_similarity_fits_better() -> None:
    matrix = to_frame(LANDMARKS, 128.0)

    def error(tried: np.ndarray) -> float:
        return float(
            (np.array(LANDMARKS) @ tried[:, :2].T + tried[:, 2] - np.array(FRAME) * 128).__pow__(2).sum()
        )

    best = error(matrix)
    for a, b, x, y in np.eye(4) * 0.01:
        for sign in (-1, 1):
            assert error(matrix + sign * np.array([[a, -b, x], [b, a, y]])) > best
    assert np.allclose(matrix[:, :2] @ matrix[:, :2].T, np.eye(2) * np.linalg.det(matrix[:, :2]))


def test_the_way_back_leads_back() -> None:
    matrix = to_frame(LANDMARKS, 64.0)
    both = np.vstack([inverse(matrix), [0, 0, 1]]) @ np.vstack([matrix, [0, 0, 1]])
    assert np.allclose(both, np.eye(3))


@pytest.mark.parametrize("factor", [2.0, 0.25])
def test_a_picture_is_moved_as_its_points_are(factor: float) -> None:
    picture = np.ascontiguousarray(data.astronaut()[::4, ::4])
    matrix = np.array([[factor, 0.0, 3.0], [0.0, factor, 5.0]])
    size = int(128 * factor) + 6, int(128 * factor) + 10
    moved = aligned(aligned(picture, matrix, size), inverse(matrix), (128, 128))
    error = np.abs(moved.astype(float) - picture)[8:-8, 8:-8].mean()
    assert error < (3 if factor > 1 else 14)
    still = aligned(picture, np.array([[1.0, 0, 0], [0, 1.0, 0]]), (128, 128))
    assert np.array_equal(still, picture)


def test_landmarks_that_make_no_frame_are_refused() -> None:
    with pytest.raises(ValueError, match="one point"):
        to_frame([(3.0, 3.0)] * 5, 64.0)
    with pytest.raises(ValueError, match="has 5 landmarks"):
        to_frame(LANDMARKS[:3], 64.0)
