"""Comparing on the canvas: every mode shows the right pictures at the right place, to the pixel."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.driver import LONG, seen
from ui.canvas.canvas import Canvas
from ui.canvas.compare_tools import CompareTools
from ui.canvas.image_painter import loupe_cells, loupe_view
from ui.canvas.pane_layout import Mode
from ui.imaging.pyramid import pyramid

WIDE, HIGH = 640, 400


def noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (HIGH, WIDE, 3), np.uint8)


@pytest.fixture
def canvas(qapp: QApplication, qtbot: QtBot) -> Canvas:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(500, 360)
    canvas.show()
    qtbot.waitExposed(canvas, timeout=LONG)
    canvas.show_result(pyramid(noise(1)), pyramid(noise(2)))
    return canvas


def shown_there(canvas: Canvas, number: int, picture: np.ndarray, inset: int = 60) -> bool:
    """Whether a cell holds the picture's own pixels where the view says (labels at the edge aside)."""
    left, top, width, height = canvas.cells[number]
    x, y = (round(side) for side in canvas.view.to_picture(inset, inset))
    there = seen(canvas)[top + inset : top + height - inset, left + inset : left + width - inset]
    part = picture[y : y + there.shape[0], x : x + there.shape[1]]
    return np.array_equal(there, part) and part.size > 10_000


def drag(canvas: Canvas, start: QPoint, way: QPoint) -> None:
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(canvas, start + way)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start + way)


def test_side_by_side_shows_true_pixels_of_both_at_the_same_place(canvas: Canvas) -> None:
    canvas.set_mode(Mode.SIDE)
    assert len(canvas.cells) == 2
    canvas.zoom_to(1.0)
    assert shown_there(canvas, 0, noise(1))
    assert shown_there(canvas, 1, noise(2))
    before = canvas.view
    drag(canvas, QPoint(400, 150), QPoint(-40, -25))
    assert canvas.view.origin == (before.origin[0] - 40, before.origin[1] - 25)
    assert shown_there(canvas, 0, noise(1))
    assert shown_there(canvas, 1, noise(2)), "a drag in one pane moves both"


def test_wheel_zooms_at_the_pointer_in_the_second_pane_too(canvas: Canvas) -> None:
    canvas.set_mode(Mode.SIDE)
    canvas.zoom_to(1.0)
    pointer = QPointF(canvas.cell_rect(1).left() + 70, 90)
    under = canvas.to_picture(pointer)
    wheel = QWheelEvent(
        pointer,
        canvas.mapToGlobal(pointer),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, wheel)
    assert canvas.view.zoom == pytest.approx(1.44)
    assert canvas.to_picture(pointer) == pytest.approx(under, abs=1.0)


def test_blink_shows_both_in_turn_and_stops_when_it_is_left(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.set_mode(Mode.BLINK)
    canvas.zoom_to(1.0)
    qtbot.waitUntil(lambda: shown_there(canvas, 0, noise(1)), timeout=LONG)
    qtbot.waitUntil(lambda: shown_there(canvas, 0, noise(2)), timeout=LONG)
    qtbot.waitUntil(lambda: shown_there(canvas, 0, noise(1)), timeout=LONG)
    canvas.set_mode(Mode.DIVIDER)
    assert not canvas._blinking.isActive()


def test_before_alone_is_shown_whole_in_every_mode(canvas: Canvas) -> None:
    for mode in Mode:
        canvas.set_mode(mode)
        canvas.set_before_only(True)
        canvas.zoom_to(1.0)
        assert len(canvas.cells) == 1
        assert shown_there(canvas, 0, noise(1))
        canvas.set_before_only(False)


def test_the_loupe_magnifies_both_pictures_at_the_pointer(canvas: Canvas) -> None:
    canvas.zoom_to(1.5)
    canvas.set_loupe(True)
    pointer = QPoint(210, 160)
    QTest.mouseMove(canvas, pointer)
    side = canvas.fontMetrics().height() * 14
    left, right = loupe_cells(2, (pointer.x(), pointer.y()), (canvas.width(), canvas.height()), side, 2)
    view = loupe_view(canvas.view, canvas.to_picture(QPointF(pointer)), side)
    assert view.zoom == 4.5
    x, y = (int(place) for place in canvas.to_picture(QPointF(pointer)))
    picture = seen(canvas)
    for cell, source in ((left, noise(1)), (right, noise(2))):
        for dx, dy in ((0, 0), (-7, 0), (5, 6)):  # pixels of the picture, from the middle
            column = cell[0] + view.origin[0] + int((x + dx + 0.5) * view.zoom)
            row = cell[1] + view.origin[1] + int((y + dy + 0.5) * view.zoom)
            assert tuple(picture[row, column]) == tuple(source[y + dy, x + dx])
    canvas.set_loupe(False)
    assert not np.array_equal(seen(canvas), picture)


def test_buttons_and_keys_choose_the_mode(canvas: Canvas) -> None:
    tools = CompareTools(canvas)
    tools.bar.setParent(canvas)
    for mode, action in tools.modes.items():
        assert action.isEnabled()
        action.trigger()
        assert canvas.mode is mode
        assert action.isChecked()
    canvas.show_photo(pyramid(noise(1)))
    assert not any(action.isEnabled() for action in tools.modes.values())
    assert tools.loupe.isEnabled()
    canvas.clear()
    assert not tools.loupe.isEnabled()


SCALED = """
import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from ui.canvas.canvas import Canvas
from ui.canvas.pane_layout import Mode
from ui.imaging.pyramid import pyramid
application = QApplication([])
canvas = Canvas()
canvas.resize(500, 360)
canvas.show()
application.processEvents()
pictures = [np.random.default_rng(n).integers(0, 256, (800, 1280, 3), np.uint8) for n in (1, 2)]
canvas.show_result(*(pyramid(picture) for picture in pictures))
canvas.set_mode(Mode.SIDE)
canvas.zoom_to(1.0)
assert canvas.ratio == 1.5, canvas.ratio
for way in ((0, 0), (-37, -11), (13, 29)):
    canvas.set_view(canvas.view.panned(*way))
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    seen = rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()
    for (left, top, width, height), picture in zip(canvas.cells, pictures):
        x, y = (round(side) for side in canvas.view.to_picture(60, 60))
        there = seen[top + 60 : top + height - 60, left + 60 : left + width - 60]
        assert np.array_equal(there, picture[y : y + there.shape[0], x : x + there.shape[1]]), way
print("ok")
"""


def test_true_pixels_are_device_pixels_on_a_scaled_screen(display: str) -> None:
    environment = os.environ | {"QT_SCALE_FACTOR": "1.5"}
    root = Path(__file__).resolve().parents[3]
    run = subprocess.run(
        [sys.executable, "-c", SCALED], env=environment, cwd=root, capture_output=True, text=True, check=False
    )
    assert run.stdout.strip() == "ok", run.stderr
