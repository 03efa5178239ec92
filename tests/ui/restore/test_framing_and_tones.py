"""Crops of a shape and for a print, a horizon that is drawn, and tones by hand."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from restorer.photo.edits import Balance, Brightness, Contrast, Straighten, applied
from tests.ui.driver import LONG, click, seen, wait_for_size
from ui.canvas.crop_tool import CropTool, fit_shape
from ui.main_window.window import Window

LEFT = Qt.MouseButton.LeftButton


def choose(cropper: CropTool, key: str) -> None:
    rows = [row for row in range(cropper.ratio.count()) if cropper.ratio.itemData(row)[0] == key]
    cropper.ratio.setCurrentIndex(rows[0])


def shape_of(cropper: CropTool) -> float:
    """Width by height of the frame, in pixels."""
    inner, frame = cropper.sheet.inner, cropper.sheet.frame
    return inner[0] * frame.width() / (inner[1] * frame.height())


def test_a_frame_keeps_its_shape_and_the_part_has_it(opened: Window, qtbot: QtBot) -> None:
    opened.restore.edits.crop()
    cropper = opened.restore.edits.cropper
    sheet = cropper.sheet
    choose(cropper, "1:1")
    assert shape_of(cropper) == pytest.approx(1)
    assert not cropper.upright.isEnabled()
    choose(cropper, "10x15")
    assert shape_of(cropper) == pytest.approx(1.5)
    assert "60 × 40 pixels" in cropper.words.text()  # noqa: RUF001
    assert "10 dpi" in cropper.words.text()
    click(cropper.upright)
    assert shape_of(cropper) == pytest.approx(1 / 1.5)
    corner = sheet._shown().topLeft().toPoint()
    QTest.mousePress(sheet, LEFT, pos=corner)
    QTest.mouseMove(sheet, corner + QPoint(40, 60))
    QTest.mouseRelease(sheet, LEFT, pos=corner + QPoint(40, 60))
    assert sheet.frame.height() < 0.95
    assert shape_of(cropper) == pytest.approx(1 / 1.5)
    before = sheet.frame.height()
    QTest.keyClick(sheet, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert sheet.frame.height() < before
    assert shape_of(cropper) == pytest.approx(1 / 1.5)
    cropper.angle.setValue(7)
    assert shape_of(cropper) == pytest.approx(1 / 1.5, rel=0.02)
    cropper.angle.setValue(0)
    choose(cropper, "1:1")
    sheet.frame = QRectF(0.1, 0, 0.75, 1)
    click(cropper.apply_button)
    wait_for_size(qtbot, opened, (45, 45))


@pytest.mark.parametrize("edges", [(-1, -1), (1, 1), (1, 0), (0, -1), (-1, 1), (0, 0)])
def test_a_held_frame_never_leaves_the_picture(edges: tuple[int, int]) -> None:
    rng = np.random.default_rng(5)
    for _ in range(200):
        left, top = rng.uniform(0, 0.9, 2)
        frame = QRectF(left, top, rng.uniform(0.03, 1 - left), rng.uniform(0.03, 1 - top))
        shape = float(rng.uniform(0.4, 2.5))
        found = fit_shape(frame, edges, shape)
        assert found.width() / found.height() == pytest.approx(shape)
        assert found.left() > -1e-9
        assert found.top() > -1e-9
        assert found.right() < 1 + 1e-9
        assert found.bottom() < 1 + 1e-9


def test_a_line_along_the_horizon_makes_it_level(opened: Window, qtbot: QtBot) -> None:
    opened.restore.edits.crop()
    cropper = opened.restore.edits.cropper
    click(cropper.horizon)
    middle = cropper.sheet.area().center().toPoint()
    start, end = middle - QPoint(100, 10), middle + QPoint(100, 10)
    QTest.mousePress(cropper.sheet, LEFT, pos=start)
    QTest.mouseMove(cropper.sheet, end)
    QTest.mouseRelease(cropper.sheet, LEFT, pos=end)
    assert cropper.angle.value() == pytest.approx(-5.7)
    assert not cropper.horizon.isChecked()
    assert cropper.sheet.frame == QRectF(0, 0, 1, 1), "the line moved no frame"
    QTest.keyClick(cropper.sheet, Qt.Key.Key_Return)
    document = opened.core.session.current
    qtbot.waitUntil(lambda: document.at_rest and document.edits == (Straighten(-5.7),), timeout=LONG)


def test_tones_are_seen_at_once_applied_in_one_step_and_undone(opened: Window, qtbot: QtBot) -> None:
    document = opened.core.session.current
    photo = document.photo
    opened.restore.edits.tones()
    toner = opened.restore.edits.toner
    before = seen(toner.picture).astype(int)
    toner.brightness.setValue(40)
    toner.contrast.setValue(20)
    assert seen(toner.picture).mean() > before.mean() + 3
    click(toner.pick)
    place = toner.picture.area().center()
    QTest.mouseClick(toner.picture, LEFT, pos=place.toPoint())
    assert not toner.pick.isChecked()
    assert toner.temperature.value() or toner.tint.value()
    edits = toner.edits
    assert [type(edit) for edit in edits] == [Balance, Brightness, Contrast]
    middle = applied(photo, edits[:1]).pixels[20:25, 28:33].reshape(-1, 3).mean(0)
    plain = photo.pixels[20:25, 28:33].reshape(-1, 3).mean(0)
    assert np.ptp(middle) < 0.3 * np.ptp(plain), "what was clicked is grey now"
    QTest.keyClick(toner.contrast, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: document.at_rest and document.edits == edits, timeout=LONG)
    assert np.array_equal(document.photo.pixels, applied(photo, edits).pixels)
    assert opened.restore.edits.toner is None
    QTest.keyClick(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: document.at_rest and document.edits == (), timeout=LONG)
    opened.restore.edits.tones()
    opened.restore.edits.toner.tint.setValue(50)
    opened.restore.cancel()
    assert opened.restore.edits.toner is None
    assert document.edits == ()
