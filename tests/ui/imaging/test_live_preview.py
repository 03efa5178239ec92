"""Previews of tiles are pinned on a picture of screen size."""

from __future__ import annotations

import numpy as np

from ui.imaging.live_preview import LivePreview


def test_previews_are_pinned_where_they_belong() -> None:
    board = LivePreview(np.zeros((50, 100, 3), np.uint8), (1000, 500), 1024)
    board.pin(np.full((20, 30, 3), 255, np.uint8), (700, 300, 300, 200))
    image = board.image()
    white = {
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).red() == 255
    }
    assert white == {(x, y) for x in range(70, 100) for y in range(30, 50)}
    board.pin(np.zeros((1, 1, 3), np.uint8), (0, 0, 3, 3))
    board.pin(np.full((999, 999, 3), 9, np.uint8), (0, 0, 1000, 500))
    assert board.image().pixelColor(99, 49).red() == 9


def test_the_board_is_never_larger_than_the_canvas() -> None:
    board = LivePreview(np.zeros((3000, 2000, 3), np.uint8), (2000, 3000), 900)
    assert (board.image().width(), board.image().height()) == (600, 900)
