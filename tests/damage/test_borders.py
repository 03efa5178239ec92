"""Damage at the border: the rectangle without it is found, and a scratch that runs out of the photo is none."""

from __future__ import annotations

import numpy as np

from restorer.damage.borders import whole_part


def test_a_torn_corner_and_an_eaten_edge_are_cut_off_and_holes_within_are_not() -> None:
    marked = np.zeros((90, 120), np.bool_)
    marked[:, :6] = True
    marked[:10, 100:] = True
    marked[40:50, 60:70] = True
    assert whole_part(marked) == (6, 10, 114, 80)


def test_a_scratch_that_runs_out_of_the_photo_asks_nothing() -> None:
    marked = np.zeros((900, 1200), np.bool_)
    marked[:, 600:603] = True
    assert whole_part(marked) is None
    assert whole_part(np.zeros((9, 12), np.bool_)) is None


def test_nothing_is_offered_where_half_the_photo_would_go() -> None:
    marked = np.zeros((90, 120), np.bool_)
    marked[:, :70] = True
    assert whole_part(marked) is None


def test_a_map_of_cells_gives_pixels_of_the_photo_and_never_too_many() -> None:
    random = np.random.default_rng(3)
    for _ in range(20):
        size = int(random.integers(700, 1100)), int(random.integers(500, 900))
        marked = np.zeros((size[1], size[0]), np.bool_)
        marked[: int(random.integers(5, 60)), : int(random.integers(200, 300))] = True
        marked[-int(random.integers(5, 60)) :] = True
        rows, columns = -(-size[1] // 4), -(-size[0] // 4)
        padded = np.zeros((4 * rows, 4 * columns), np.bool_)
        padded[: size[1], : size[0]] = marked
        cells = padded.reshape(rows, 4, columns, 4).any(axis=(1, 3))
        box = whole_part(cells, 4, size)
        assert box is not None
        left, top, width, height = box
        assert left + width <= size[0]
        assert top + height <= size[1]
        assert not marked[top : top + height, left : left + width].any()
        assert width * height > 0.6 * size[0] * size[1]
