"""Where panes and loupes lie on the canvas."""

from __future__ import annotations

import numpy as np

from ui.canvas.image_painter import loupe_cells, loupe_view
from ui.canvas.pane_layout import cell_at, cells
from ui.canvas.viewport import Viewport


def test_cells_are_equal_do_not_overlap_and_suit_the_pictures_shape() -> None:
    for count in (2, 3, 4):
        for picture in ((4000, 1000), (1000, 4000), (100, 100)):
            made = cells(count, (1203.0, 801.0), picture, 4)
            assert len({cell[2:] for cell in made}) == 1
            covered = np.zeros((801, 1203), int)
            for left, top, width, height in made:
                covered[top : top + height, left : left + width] += 1
            assert covered.max() == 1
            assert sum(cell[2] * cell[3] for cell in made) == covered.sum(), "all on the canvas"
    assert cells(2, (1200, 800), (4000, 1000), 4)[1][0] == 0, "wide pictures lie above each other"
    assert cells(2, (1200, 800), (1000, 4000), 4)[1][1] == 0, "tall ones beside each other"


def test_a_point_in_a_gap_belongs_to_the_nearest_cell() -> None:
    made = cells(2, (1000, 400), (100, 100), 10)
    assert cell_at(made, 494, 200) == 0
    assert cell_at(made, 504, 200) == 1


def test_the_loupe_stays_on_the_canvas() -> None:
    for pointer in ((0, 0), (999, 0), (0, 599), (999, 599)):
        for left, top, width, height in loupe_cells(2, pointer, (1000, 600), 180, 2):
            assert 0 <= left <= 1000 - width
            assert 0 <= top <= 600 - height
    assert loupe_view(Viewport(picture=(500, 400), zoom=8.0), (10, 10), 100).zoom == 24.0
