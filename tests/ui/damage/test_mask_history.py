"""Strokes and whole masks, undone and redone to the bit; a stroke keeps little."""

from __future__ import annotations

import numpy as np

from restorer.damage.mask import DamageMask, Touch
from ui.damage.mask_history import MaskHistory
from ui.damage.mask_map import Box
from ui.damage.stroke import TILE, Brush, Stroke
from ui.model.marked_damage import MarkedDamage


def draw(history: MaskHistory, brush: Brush, *points: tuple[float, float], radius: float = 6) -> Stroke:
    stroke = Stroke(history.marked.planes.read()[1], brush, radius)
    for point in points:
        stroke.to(*point)
    history.stroke(stroke, brush.value)
    return stroke


def test_strokes_are_undone_and_redone_to_the_bit(qapp: object) -> None:
    seen: list[tuple[MarkedDamage, Box | None]] = []
    history = MaskHistory(MarkedDamage.none((600, 400)), lambda *told: seen.append(told))
    draw(history, Brush.ADD, (50, 50), (500, 300))
    first = history.marked.planes.read()[1]
    draw(history, Brush.PROTECT, (300, 200), radius=30)
    draw(history, Brush.ERASE, (300, 200), (320, 210))
    last = history.marked.planes.read()[1]
    assert history.stack.count() == 3
    history.stack.undo()
    history.stack.undo()
    np.testing.assert_array_equal(history.marked.planes.read()[1], first)
    history.stack.setIndex(0)
    assert history.marked.is_empty
    history.stack.setIndex(3)
    np.testing.assert_array_equal(history.marked.planes.read()[1], last)
    assert seen[-1][0] is history.marked


def test_the_eraser_takes_finds_marks_and_protection_away_and_protection_wins_over_marks(
    qapp: object,
) -> None:
    found = np.full((40, 60), 255, np.uint8)
    marked = MarkedDamage.of(DamageMask.of(found), 0.5)
    history = MaskHistory(marked, lambda *_: None)
    draw(history, Brush.PROTECT, (30, 20), radius=10)
    draw(history, Brush.ADD, (30, 20), radius=10)
    assert not history.marked.mask().marked()[20, 30]
    draw(history, Brush.ERASE, (30, 20), radius=4)
    mask = history.marked.mask()
    assert not mask.marked()[20, 30]
    assert not mask.protected[20, 30]
    assert mask.protected[20, 37]
    draw(history, Brush.ADD, (30, 20), radius=2)
    assert history.marked.mask().marked()[20, 30]


def test_a_stroke_is_round_and_what_lies_outside_of_the_photo_is_left_out(qapp: object) -> None:
    marked = MarkedDamage.none((100, 80))
    stroke = Stroke(marked.planes.read()[1], Brush.ADD, 5)
    stroke.to(-20, -20)
    assert stroke.to(-30, -30) == (0, 0, 0, 0)
    assert not stroke.said.any()
    other = Stroke(stroke.said, Brush.ADD, 5)
    other.to(50, 40)
    rows, columns = np.mgrid[:80, :100]
    np.testing.assert_array_equal(other.said > 0, (rows + 0.5 - 40) ** 2 + (columns + 0.5 - 50) ** 2 <= 25)


def test_a_stroke_that_changes_nothing_is_no_step(qapp: object) -> None:
    history = MaskHistory(MarkedDamage.none((100, 80)), lambda *_: None)
    draw(history, Brush.ADD, (50, 40))
    draw(history, Brush.ADD, (50, 40))
    assert history.stack.count() == 1


def test_a_stroke_keeps_the_tiles_it_touched_and_no_more(qapp: object) -> None:
    history = MaskHistory(MarkedDamage.none((6000, 4000)), lambda *_: None)
    stroke = draw(history, Brush.ADD, (3000, 2000), (3050, 2020))
    assert sum(tile.nbytes for tile in stroke.before.values()) <= 4 * TILE**2


def test_a_mask_that_takes_the_place_of_another_is_a_step(qapp: object) -> None:
    history = MaskHistory(MarkedDamage.none((60, 40)), lambda *_: None)
    draw(history, Brush.ADD, (30, 20))
    drawn = history.marked
    spot = np.ones((4, 4), np.bool_)
    history.replace(MarkedDamage.of(DamageMask.empty((60, 40)).touched(Touch.ADD, spot), 0.2), "Loaded")
    history.stack.undo()
    assert history.marked is drawn
