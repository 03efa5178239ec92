"""The sheet of keys: all that a hand can do, in words that last, with keys that keyboards have."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidget
from pytestqt.qtbot import QtBot

from tests.ui.driver import LONG, click, dialog_of, wait_for_state
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.widgets.text_dialog import TextDialog


def sheet_of(window: Window) -> dict[str, str]:
    """What the sheet tells: keys by what they do."""
    QTest.keyClick(window, Qt.Key.Key_F1)
    sheet = window.findChildren(TextDialog)[-1]
    table = sheet.findChild(QTreeWidget)
    items = [table.topLevelItem(row) for row in range(table.topLevelItemCount())]
    sheet.reject()
    return {item.text(0): item.text(1) for item in items}


def turned(window: Window, qtbot: QtBot, path: Path) -> None:
    window.core.photos.open([path])
    wait_for_state(qtbot, window, DocumentState.READY)
    QTest.keyClick(window, Qt.Key.Key_BracketRight, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.core.history.group.canUndo, timeout=LONG)


def test_only_keys_that_keyboards_have_are_told(window: Window) -> None:
    told = sheet_of(window)
    single = {key.strip() for keys in told.values() for key in keys.split(",")}
    assert not single & {"F14", "F16", "F18", "Undo", "Redo", "Open", "Save", "Copy", "Zoom In", "Zoom Out"}
    assert told["Undo"] == "Ctrl+Z"
    assert told["Redo"] == "Ctrl+Shift+Z, Ctrl+Y"


def test_a_command_is_told_by_its_lasting_name(window: Window, qtbot: QtBot, photo_file: Path) -> None:
    turned(window, qtbot, photo_file)
    told = sheet_of(window)
    assert "Undo" in told
    assert not [does for does in told if does.startswith("Undo:")]


def test_the_menu_says_what_undo_does_and_no_more(window: Window, qtbot: QtBot, photo_file: Path) -> None:
    undo, redo = window.restore.edits.actions[:2]
    assert (undo.text(), redo.text()) == ("Undo", "Redo")
    assert not undo.isEnabled()
    turned(window, qtbot, photo_file)
    assert undo.text().startswith("Undo: Turn")
    assert undo.isEnabled()
    assert redo.text() == "Redo"
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(redo.isEnabled, timeout=LONG)
    assert (undo.text(), undo.isEnabled()) == ("Undo", False)
    assert redo.text().startswith("Redo: Turn")
    QTest.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(undo.isEnabled, timeout=LONG)


def test_what_has_no_menu_is_told_too(window: Window) -> None:
    told = sheet_of(window)
    for does, keys in (
        ("Choose a version", "1 to 4"),
        ("Try a region:", "Enter"),
        ("Straighten and crop: move the frame", "Arrow keys"),
        ("Straighten and crop: size the frame", "Shift"),
        ("Straighten and crop: apply", "Enter"),
        ("Straighten and crop: leave", "Esc"),
        ("True pixels at the pointer", "Double click"),
        ("Larger or smaller", "Mouse wheel"),
    ):
        (found,) = [row for row in told if row.startswith(does)]
        assert keys in told[found]


def test_f1_shows_every_key_there_is(window: Window, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_F1)
    sheet = dialog_of(window, TextDialog)
    table = sheet.findChild(QTreeWidget)
    told = {table.topLevelItem(n).text(0) for n in range(table.topLevelItemCount())}
    restore = window.restore
    features = (restore.photos, restore.runs, restore.compare, restore.edits, window.generate)
    owners = (window.menu_bar, window.workspaces.shared, *features)
    children = [child for owner in owners for child in owner.children()]
    with_keys = [action for action in children if isinstance(action, QAction)]
    wanted = {a.text().replace("&", "") for a in with_keys if not a.shortcut().isEmpty()}
    assert len(wanted) > 30
    assert wanted <= told
    click(sheet.copy_button)
    assert "Ctrl+R" in QGuiApplication.clipboard().text()
    sheet.reject()
