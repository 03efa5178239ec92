"""A photo with edits can be saved without a run, and its file says nothing of a reconstruction."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from restorer.photo import read_photo, read_provenance
from tests.ui.driver import LONG, click, delete_closed, open_photo, restore_photo, wait_for_size
from ui.main_window.window import Window
from ui.saving.export_dialog import ExportDialog

CTRL = Qt.KeyboardModifier.ControlModifier


def test_edits_alone_can_be_saved(window: Window, qtbot: QtBot, cat_file: Path) -> None:
    open_photo(qtbot, window, cat_file)
    save, button = window.workspaces.shared.save, window.restore.panel.save_button
    assert not save.isEnabled(), "there is nothing but the file itself"
    window.restore.edits.turn_left()
    wait_for_size(qtbot, window, (120, 160))
    assert save.isEnabled()
    assert button.isEnabled()
    assert "edited photo" in save.text()
    assert button.accessibleName() == "Save the edited photo"
    QTest.keyClick(window, Qt.Key.Key_S, CTRL)
    dialog = window.findChild(ExportDialog)
    assert dialog.windowTitle() == "Save the edited photo"
    path = dialog.export.path
    assert path.name == "the cat_edited.jpg"
    click(dialog.save)
    delete_closed()
    qtbot.waitUntil(path.exists, timeout=LONG)
    assert read_photo(path).size == (120, 160)
    assert not read_provenance(path)
    qtbot.waitUntil(lambda: "Saved as the cat_edited.jpg" in window.restore.strip.status.whole, timeout=LONG)


def test_a_result_is_saved_before_edits_are(window: Window, qtbot: QtBot, photo_file: Path) -> None:
    open_photo(qtbot, window, photo_file)
    window.restore.edits.turn_left()
    wait_for_size(qtbot, window, (45, 60))
    document = restore_photo(qtbot, window)
    assert document.to_save is document.result
    assert "result" in window.workspaces.shared.save.text()


def test_turning_a_restored_photo_says_that_undo_brings_the_result_back(
    window: Window, qtbot: QtBot, photo_file: Path
) -> None:
    open_photo(qtbot, window, photo_file)
    document = restore_photo(qtbot, window)
    made = document.result
    window.restore.edits.turn_left()
    assert "undo brings it back" in window.restore.banner.sentence.text()
    assert window.restore.banner.isVisible()
    wait_for_size(qtbot, window, (45, 60))
    assert document.result is None
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: document.result is made and document.at_rest, timeout=LONG)
    window.restore.banner.hide()
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: document.result is None and document.at_rest, timeout=LONG)
    window.restore.edits.turn_left()
    wait_for_size(qtbot, window, (45, 60))
    assert not window.restore.banner.isVisible(), "there was no result that could go"
