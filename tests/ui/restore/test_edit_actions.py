"""Desk work, undone and redone, and the history of results that a photo keeps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QUndoView
from pytestqt.qtbot import QtBot

from restorer.photo import read_photo, read_provenance
from restorer.pipeline.request import Preset
from ui.canvas.crop_tool import sized
from ui.i18n.language import Language
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.restore.control_panel import PRESETS

LONG = 60_000


@pytest.fixture
def opened(window: Window, qtbot: QtBot, photo_file: Path) -> Window:
    """The window with a photo of 60 x 45 pixels in view."""
    window.core.runs.open([photo_file])
    qtbot.waitUntil(lambda: window.core.session.current.state is DocumentState.READY, timeout=LONG)
    window.restore.panel.preset.choose(PRESETS.index(Preset.DRAFT))
    return window


def settled(window: Window, qtbot: QtBot, size: tuple[int, int]) -> None:
    def there() -> None:
        document = window.core.session.current
        assert document.at_rest
        assert document.photo.size == size
        assert document.original.size == size

    qtbot.waitUntil(there, timeout=LONG)


def restored(window: Window, qtbot: QtBot) -> None:
    before = window.core.session.current.result
    window.restore.start()
    qtbot.waitUntil(lambda: window.core.session.current.state is DocumentState.DONE, timeout=LONG)
    assert window.core.session.current.result is not before


def test_turned_photo_is_restored_turned_and_says_so(
    opened: Window, qtbot: QtBot, photo_file: Path, tmp_path: Path
) -> None:
    QTest.keyClick(opened, Qt.Key.Key_BracketRight, Qt.KeyboardModifier.ControlModifier)
    settled(opened, qtbot, (45, 60))
    with Image.open(photo_file) as image:
        turned = np.asarray(image.convert("RGB").transpose(Image.Transpose.ROTATE_270))
    assert np.array_equal(opened.core.session.current.photo.pixels, turned)
    assert np.array_equal(read_photo(photo_file).pixels, np.rot90(turned)), "the file is untouched"
    restored(opened, qtbot)
    assert opened.core.session.current.result.photo.size == (180, 240)
    target = tmp_path / "turned.png"
    opened.saver.write(opened.core.session.current, target)
    qtbot.waitUntil(lambda: opened.core.session.current.saved == target, timeout=LONG)
    assert read_provenance(target)["DeskWork"] == "turn 1"


def test_every_step_is_undone_and_redone(opened: Window, qtbot: QtBot) -> None:
    document = opened.core.session.current
    original = document.photo.pixels.copy()
    opened.restore.edits.levels()
    qtbot.waitUntil(lambda: document.at_rest and not np.array_equal(document.photo.pixels, original))
    levelled = document.photo.pixels.copy()
    opened.restore.edits.grey()
    qtbot.waitUntil(lambda: document.at_rest and document.photo.grey, timeout=LONG)
    QTest.keyClick(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: document.at_rest and not document.photo.grey, timeout=LONG)
    assert np.array_equal(document.photo.pixels, levelled)
    QTest.keyClick(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: document.at_rest and np.array_equal(document.photo.pixels, original))
    QTest.keyClick(opened, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: document.at_rest and np.array_equal(document.photo.pixels, levelled))


def test_black_and_white_is_a_switch_and_every_turn_of_it_is_undone(opened: Window, qtbot: QtBot) -> None:
    document = opened.core.session.current
    original = document.photo.pixels.copy()
    (mark,) = [action for action in opened.restore.edits.actions if action.text() == "&Black and white"]

    def is_grey(on: bool) -> None:
        qtbot.waitUntil(lambda: document.at_rest and document.photo.grey is on, timeout=LONG)
        assert mark.isChecked() is on

    def press(key: Qt.Key) -> None:
        QTest.keyClick(opened, key, Qt.KeyboardModifier.ControlModifier)

    opened.restore.edits.turn_right()
    settled(opened, qtbot, (45, 60))
    press(Qt.Key.Key_G)
    is_grey(True)
    press(Qt.Key.Key_BracketLeft)
    settled(opened, qtbot, (60, 45))
    press(Qt.Key.Key_G)
    is_grey(False)
    assert np.array_equal(document.photo.pixels, original), "the turns stay"
    assert [document.stack.text(place) for place in (1, 3)] == ["Black and white", "In colour again"]
    press(Qt.Key.Key_Z)
    is_grey(True)
    press(Qt.Key.Key_Y)
    is_grey(False)


def test_a_step_that_changes_nothing_keeps_the_result(window: Window, qtbot: QtBot, photo_file: Path) -> None:
    with Image.open(photo_file) as image:
        image.convert("L").save(photo_file)
    window.core.runs.open([photo_file])
    qtbot.waitUntil(lambda: window.core.session.current.state is DocumentState.READY, timeout=LONG)
    window.restore.panel.preset.choose(PRESETS.index(Preset.DRAFT))
    document = window.core.session.current
    window.restore.edits.levels()
    qtbot.waitUntil(lambda: document.at_rest and document.stack.count() == 1, timeout=LONG)
    restored(window, qtbot)
    result, steps = document.result, document.stack.count()
    (mark,) = [action for action in window.restore.edits.actions if action.text() == "&Black and white"]
    for key in (Qt.Key.Key_G, Qt.Key.Key_L):
        window.restore.banner.hide()
        QTest.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
        assert document.result is result
        assert document.stack.count() == steps
        assert window.restore.banner.isVisible()
        assert "like that already" in window.restore.banner.sentence.text()
        assert mark.isChecked()


def test_results_stay_in_the_history_of_their_photo(opened: Window, qtbot: QtBot, cat_file: Path) -> None:
    document = opened.core.session.current
    restored(opened, qtbot)
    first = document.result
    opened.restore.panel.seed.setValue(5)
    restored(opened, qtbot)
    second = document.result
    view = opened.findChild(QUndoView)
    QTest.keyClick(opened, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    assert view.isVisible()
    assert document.stack.text(1).endswith("seed 5")
    view.setCurrentIndex(view.model().index(1, 0))
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE and document.result is first, timeout=LONG)
    qtbot.waitUntil(lambda: opened.restore.canvas.comparing, timeout=LONG)
    opened.restore.edits.turn_left()
    settled(opened, qtbot, (45, 60))
    assert document.result is None
    assert document.stack.count() == 2, "the second result gave way to the new step"
    document.stack.undo()
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert document.result is first
    assert first is not second
    opened.core.runs.open([cat_file])
    qtbot.waitUntil(lambda: opened.core.session.current.state is DocumentState.READY, timeout=LONG)
    assert not opened.core.history.group.canUndo(), "another photo has a history of its own"


def test_saved_result_counts_as_saved_when_it_comes_back(
    opened: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    document = opened.core.session.current
    restored(opened, qtbot)
    target = tmp_path / "kept.png"
    opened.saver.write(document, target)
    qtbot.waitUntil(lambda: document.saved == target, timeout=LONG)
    restored(opened, qtbot)
    assert document.unsaved
    document.stack.undo()
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert not document.unsaved


def test_cancelled_run_goes_back_to_the_result_before_it(
    window: Window, qtbot: QtBot, cat_file: Path
) -> None:
    window.core.runs.open([cat_file])
    qtbot.waitUntil(lambda: window.core.session.current.state is DocumentState.READY, timeout=LONG)
    window.restore.panel.preset.choose(PRESETS.index(Preset.DRAFT))
    restored(window, qtbot)
    document = window.core.session.current
    first = document.result
    window.restore.panel.preset.choose(PRESETS.index(Preset.BEST))
    window.restore.start()
    qtbot.waitUntil(lambda: document.live is not None, timeout=LONG)
    assert not window.core.history.group.canUndo(), "nothing is undone under a run"
    window.workspaces.cancel()
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert document.result is first


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
    settled(opened, qtbot, (30, 23))
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
        QTest.mouseClick(opened.restore.panel.restore_button, Qt.MouseButton.LeftButton)
    elif way == "key":
        QTest.keyClick(cropper.sheet, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    else:
        opened.restore.photos.restore_all.trigger()
    assert opened.restore.edits.cropper is None
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert document.photo.size == (54, 45)
    assert document.result.photo.size == (216, 180)
    QTest.keyClick(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled(opened, qtbot, (54, 45))
    QTest.keyClick(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled(opened, qtbot, (60, 45))


def test_restoring_under_a_frame_that_was_left_as_it_is_restores_the_photo(
    opened: Window, qtbot: QtBot
) -> None:
    QTest.keyClick(opened, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    QTest.mouseClick(opened.restore.panel.restore_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: opened.core.session.current.state is DocumentState.DONE, timeout=LONG)
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
    opened.core.runs.opener.open_folders([folder])
    qtbot.waitUntil(lambda: len(opened.core.session.documents) == 3, timeout=LONG)
    assert opened.core.session.current is document
    QTest.keyClick(opened.restore.edits.cropper.sheet, Qt.Key.Key_Return)
    settled(opened, qtbot, (54, 45))
    opened.core.runs.open([cat_file])
    assert opened.core.session.current.path == cat_file, "afterwards what is opened comes into view again"


def test_a_crop_that_is_given_up_for_another_photo_is_told(
    opened: Window, qtbot: QtBot, cat_file: Path, photo_file: Path
) -> None:
    opened.core.runs.open([cat_file])
    qtbot.waitUntil(lambda: opened.core.session.current.state is DocumentState.READY, timeout=LONG)
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


def test_history_speaks_the_language_of_the_window(opened: Window, qtbot: QtBot) -> None:
    opened.restore.edits.turn_right()
    settled(opened, qtbot, (45, 60))
    assert opened.core.session.current.stack.text(0) == "Turned right"
    opened.app_actions.set_language(Language.CHINESE)
    qtbot.waitUntil(lambda: opened.core.session.current.stack.text(0) == "右转")
