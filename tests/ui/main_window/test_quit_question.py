"""Quitting while something is at work asks first: keep it for the next time, discard it, or go back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from restorer.pipeline.request import Preset
from restorer.pipeline.resume import checkpoint, run_folder
from tests.ui.driver import LONG, open_photo, press, restore_photo
from tests.ui.generate_driver import ask, forget
from ui.last_session.folders import left_sessions
from ui.main_window.quit_question import RunQuestion
from ui.main_window.window import Window
from ui.model.document import Document
from ui.widgets.dialogs import UnsavedQuestion

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def at_work(window: Window, qtbot: QtBot, cat_file: Path, kept_at_once: None) -> Document:
    """A photo whose run pauses once something of it lies on disk."""
    document = open_photo(qtbot, window, cat_file, Preset.BEST)
    window.restore.start()
    folder = document.checkpoint_folder
    qtbot.waitUntil((folder / run_folder.ANSWERS).exists, timeout=LONG)
    window.core.runs.pause()
    return document


def question(window: Window) -> RunQuestion:
    (box,) = (box for box in window.findChildren(RunQuestion) if box.isVisible())
    return box


@pytest.mark.parametrize("way", ["cross", "keys"])
def test_window_asks_and_keeps_the_run_for_the_next_start(
    window: Window, qtbot: QtBot, at_work: Document, way: str
) -> None:
    folder = at_work.checkpoint_folder
    window.close() if way == "cross" else QTest.keyClick(window, Qt.Key.Key_Q, CTRL)
    assert window.isVisible()
    box = question(window)
    assert "the cat.jpg is still being restored" in box.text()
    assert box.defaultButton() is box.keep
    QTest.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=LONG)
    assert [run.folder for run in checkpoint.unfinished()] == [folder]


def test_a_window_that_keeps_its_runs_keeps_unsaved_results_and_does_not_ask_about_them(
    window: Window, qtbot: QtBot, cat_file: Path, kept_at_once: None
) -> None:
    open_photo(qtbot, window, cat_file)
    restore_photo(qtbot, window)
    window.restore.start()
    window.core.runs.pause()
    window.close()
    press(question(window), "Keep")
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=LONG)
    (left,) = left_sessions()
    assert len(left.stored) == 1
    left.release()


def test_a_run_that_is_discarded_ends_before_the_window_closes(
    window: Window, qtbot: QtBot, at_work: Document
) -> None:
    folder = at_work.checkpoint_folder
    window.close()
    press(question(window), "Discard")
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=LONG)
    assert not folder.exists()
    assert not checkpoint.unfinished()


def test_going_back_leaves_window_and_run_as_they_are(
    window: Window, qtbot: QtBot, at_work: Document
) -> None:
    window.close()
    QTest.keyClick(question(window), Qt.Key.Key_Escape)
    assert window.isVisible()
    assert at_work.running
    window.close()
    assert question(window).isVisible(), "the next time it asks again"
    press(question(window), "Discard")
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=LONG)


def test_what_is_unsaved_is_asked_about_once_the_run_is_discarded(
    window: Window, qtbot: QtBot, cat_file: Path, kept_at_once: None
) -> None:
    document = open_photo(qtbot, window, cat_file)
    restore_photo(qtbot, window)
    window.restore.start()
    window.core.runs.pause()
    window.close()
    press(question(window), "Discard")
    qtbot.waitUntil(lambda: bool(window.findChildren(UnsavedQuestion)), timeout=LONG)
    assert document.result is not None, "the result from before the run is back"
    press(window.findChildren(UnsavedQuestion)[0], "without")
    assert not window.isVisible()


def test_pictures_that_are_being_made_are_asked_about_too(room: Window, qtbot: QtBot) -> None:
    ask(room, count=4, side=128, seed=3)
    room.core.generation.pause()
    assert room.core.generation.paused
    room.close()
    assert "Pictures are still being made" in question(room).text()
    press(question(room), "Discard")
    qtbot.waitUntil(lambda: not room.isVisible(), timeout=LONG)
    forget(room)


def test_a_window_with_nothing_at_work_closes_unasked(window: Window, qtbot: QtBot, cat_file: Path) -> None:
    open_photo(qtbot, window, cat_file)
    window.close()
    assert not window.isVisible()
