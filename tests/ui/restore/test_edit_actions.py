"""Edits, undone and redone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from restorer.photo import read_photo, read_provenance
from tests.ui.driver import LONG, open_photo, restore_photo, wait_for_size
from ui.main_window.window import Window


def test_turned_photo_is_restored_turned_and_says_so(
    opened: Window, qtbot: QtBot, photo_file: Path, tmp_path: Path
) -> None:
    QTest.keyClick(opened, Qt.Key.Key_BracketRight, Qt.KeyboardModifier.ControlModifier)
    wait_for_size(qtbot, opened, (45, 60))
    with Image.open(photo_file) as image:
        turned = np.asarray(image.convert("RGB").transpose(Image.Transpose.ROTATE_270))
    assert np.array_equal(opened.core.session.current.photo.pixels, turned)
    assert np.array_equal(read_photo(photo_file).pixels, np.rot90(turned)), "the file is untouched"
    restore_photo(qtbot, opened)
    assert opened.core.session.current.result.photo.size == (180, 240)
    target = tmp_path / "turned.png"
    opened.saver.write(opened.core.session.current, target)
    qtbot.waitUntil(lambda: opened.core.session.current.saved == target, timeout=LONG)
    assert read_provenance(target)["DeskWork"] == "turn 1"


def test_every_step_is_undone_and_redone(opened: Window, qtbot: QtBot) -> None:
    document = opened.core.session.current
    original = document.photo.pixels.copy()
    opened.restore.edits.levels()
    qtbot.waitUntil(
        lambda: document.at_rest and not np.array_equal(document.photo.pixels, original), timeout=LONG
    )
    levelled = document.photo.pixels.copy()
    opened.restore.edits.grey()
    qtbot.waitUntil(lambda: document.at_rest and document.photo.grey, timeout=LONG)
    QTest.keyClick(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: document.at_rest and not document.photo.grey, timeout=LONG)
    assert np.array_equal(document.photo.pixels, levelled)
    QTest.keyClick(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(
        lambda: document.at_rest and np.array_equal(document.photo.pixels, original), timeout=LONG
    )
    QTest.keyClick(opened, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(
        lambda: document.at_rest and np.array_equal(document.photo.pixels, levelled), timeout=LONG
    )


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
    wait_for_size(qtbot, opened, (45, 60))
    press(Qt.Key.Key_G)
    is_grey(True)
    press(Qt.Key.Key_BracketLeft)
    wait_for_size(qtbot, opened, (60, 45))
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
    open_photo(qtbot, window, photo_file)
    document = window.core.session.current
    window.restore.edits.levels()
    qtbot.waitUntil(lambda: document.at_rest and document.stack.count() == 1, timeout=LONG)
    restore_photo(qtbot, window)
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
