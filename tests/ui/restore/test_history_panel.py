"""The history panel stays as it was left."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QUndoCommand
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.driver import LONG
from ui.main_window.window import Window
from ui.restore.history_panel import HistoryView


def test_the_history_is_shown_as_it_was_left(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    assert not window.restore.edits.history_visible
    QTest.keyClick(window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    assert window.restore.edits.history_visible
    window.close()
    store = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    again = Window(window.theme, store)
    again.show()
    again.activateWindow()
    qtbot.waitUntil(again.isActiveWindow, timeout=LONG)
    assert again.restore.edits.history_visible
    assert again.restore.edits.dock.isVisible()
    QTest.keyClick(again, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    again.close()
    again.deleteLater()
    assert store.value("history") in (0, "0")


def test_a_long_step_is_wrapped_and_not_cut_off(opened: Window, qtbot: QtBot) -> None:
    opened.restore.edits.dock.setVisible(True)
    view = opened.findChildren(HistoryView)[0]
    stack = opened.core.history.group.activeStack()
    stack.push(QUndoCommand("Restored 4x, Draft, with repair, Scratch repair and Standard, clean-up 100 %"))
    qtbot.waitUntil(lambda: view.visualRect(view.model().index(1, 0)).height() > 0, timeout=LONG)
    short, long = (view.visualRect(view.model().index(row, 0)) for row in (0, 1))
    assert long.height() >= 2 * view.fontMetrics().height() > short.height()
    assert long.right() <= view.viewport().width()
