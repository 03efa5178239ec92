"""Straighten and crop, by mouse and by keys, and what becomes of a crop that is set."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from restorer.photo import read_photo
from tests.ui.driver import LONG, click, wait_for_size, wait_for_state
from ui.canvas.crop_tool import sized
from ui.main_window.window import Window
from ui.model.document import DocumentState


def test_cropped_with_the_mouse_and_straightened(opened: Window, qtbot: QtBot) -> None:
    opened.restore.edits.crop()
    cropper = opened.restore.edits.cropper
    sheet = cropper.sheet
    area = sheet.area()
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(sheet, left, pos=area.topLeft().toPoint() + QPoint(2, 2))
    QTest.mouseMove(sheet, area.center().toPoint())
    QTest.mouseRelease(sheet, left, pos=area.center().toPoint())
    assert sheet.frame.left() == pytest.approx(0.5, abs=0.02)
    QTest.mouseClick(cropper.apply_button, left)
    wait_for_size(qtbot, opened, (30, 23))
    whole = read_photo(opened.core.session.current.path).pixels
    assert np.array_equal(opened.core.session.current.photo.pixels, whole[-23:, -30:])
    opened.restore.edits.crop()
    opened.restore.edits.cropper.angle.setValue(5.0)
    QTest.keyClick(opened.restore.edits.cropper.sheet, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened.core.session.current.at_rest, timeout=LONG)
    assert opened.core.session.current.photo.size[0] < 30
    assert opened.core.session.current.stack.text(1) == "Straightened by 5°"


def test_cropper_is_worked_by_keys_and_given_up(opened: Window, qtbot: QtBot) -> None:
    opened.restore.edits.crop()
    sheet = opened.restore.edits.cropper.sheet
    for _ in range(10):
        QTest.keyClick(sheet, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert sheet.frame.width() == pytest.approx(0.9)
    QTest.keyClick(sheet, Qt.Key.Key_Right)
    assert sheet.frame.left() == pytest.approx(0.01)
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert opened.restore.edits.cropper is None
    assert opened.core.session.current.stack.count() == 0


def test_enter_in_the_angle_applies_what_was_typed(opened: Window, qtbot: QtBot) -> None:
    opened.restore.edits.crop()
    angle = opened.restore.edits.cropper.angle
    angle.setFocus()
    angle.selectAll()
    QTest.keyClicks(angle, "5")
    QTest.keyClick(angle, Qt.Key.Key_Return)
    assert opened.restore.edits.cropper is None
    assert opened.core.session.current.stack.text(0) == "Straightened by 5°"
    qtbot.waitUntil(lambda: opened.core.session.current.at_rest, timeout=LONG)
    opened.restore.edits.crop()
    cropper = opened.restore.edits.cropper
    cropper.cancel_button.setFocus()
    QTest.keyClick(cropper.cancel_button, Qt.Key.Key_Enter)
    assert opened.restore.edits.cropper is None
    assert opened.core.session.current.stack.count() == 1, "Enter on Cancel is no Apply"


def framed(window: Window) -> None:
    """The cropper, opened and narrowed by keys to nine tenths of the width."""
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    for _ in range(10):
        QTest.keyClick(window.restore.edits.cropper.sheet, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)


@pytest.mark.parametrize("way", ["button", "key", "all"])
def test_restoring_takes_the_crop_that_is_set(opened: Window, qtbot: QtBot, way: str) -> None:
    document = opened.core.session.current
    framed(opened)
    cropper = opened.restore.edits.cropper
    if way == "button":
        click(opened.restore.panel.restore_button)
    elif way == "key":
        QTest.keyClick(cropper.sheet, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    else:
        opened.restore.photos.restore_all.trigger()
    assert opened.restore.edits.cropper is None
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert document.photo.size == (54, 45)
    assert document.result.photo.size == (216, 180)
    QTest.keyClick(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait_for_size(qtbot, opened, (54, 45))
    QTest.keyClick(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait_for_size(qtbot, opened, (60, 45))


def test_restoring_under_a_frame_that_was_left_as_it_is_restores_the_photo(
    opened: Window, qtbot: QtBot
) -> None:
    QTest.keyClick(opened, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    click(opened.restore.panel.restore_button)
    wait_for_state(qtbot, opened, DocumentState.DONE)
    assert opened.core.session.current.result.photo.size == (240, 180)


def test_photos_that_are_found_meanwhile_leave_the_cropper_where_it_is(
    opened: Window, qtbot: QtBot, cat_file: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "found"
    folder.mkdir()
    for name in ("one.jpg", "two.jpg"):
        (folder / name).write_bytes(cat_file.read_bytes())
    document = opened.core.session.current
    framed(opened)
    opened.core.opener.open_folders([folder])
    qtbot.waitUntil(lambda: len(opened.core.session.documents) == 3, timeout=LONG)
    assert opened.core.session.current is document
    QTest.keyClick(opened.restore.edits.cropper.sheet, Qt.Key.Key_Return)
    wait_for_size(qtbot, opened, (54, 45))
    opened.core.photos.open([cat_file])
    assert opened.core.session.current.path == cat_file, "afterwards what is opened comes into view again"


def test_a_crop_that_is_given_up_for_another_photo_is_told(
    opened: Window, qtbot: QtBot, cat_file: Path, photo_file: Path
) -> None:
    opened.core.photos.open([cat_file])
    wait_for_state(qtbot, opened, DocumentState.READY)
    framed(opened)
    opened.restore.photos.previous.trigger()
    assert opened.core.session.current.path == photo_file
    assert opened.restore.edits.cropper is None
    assert opened.restore.banner.sentence.text() == "The crop was not applied."
    assert opened.restore.banner.isVisible()


def test_frame_never_leaves_the_picture() -> None:
    frame = QRectF(0.2, 0.2, 0.5, 0.5)
    assert sized(frame, 9, 9, (0, 0)) == QRectF(0.5, 0.5, 0.5, 0.5)
    assert sized(frame, -9, -9, (-1, -1)).topLeft().isNull()
    assert sized(frame, 9, 9, (1, 1)).right() == pytest.approx(1)
    assert sized(frame, 9, 0, (-1, 0)).width() == pytest.approx(0.02)
