"""A run pauses and goes on, is cancelled while it waits, or stops and keeps the picture that is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from restorer.pipeline.request import Preset
from restorer.pipeline.resume import run_folder
from tests.ui.driver import LONG, click, dialog_of, open_photo, wait_for_state
from tests.ui.run_gate import RunGate
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.saving.export_dialog import ExportDialog

pytestmark = pytest.mark.usefixtures("kept_at_once")


def test_a_run_waits_and_goes_on(
    window: Window, qtbot: QtBot, photo_file: Path, gate: RunGate, held: Callable[[], None]
) -> None:
    open_photo(qtbot, window, photo_file, Preset.BEST)
    document, buttons = window.core.session.current, window.restore.panel.run_buttons
    assert not buttons.isVisible()
    window.restore.start()
    qtbot.waitUntil(lambda: document.live is not None and document.live.progress is not None, timeout=LONG)
    click(buttons.pause)
    assert document.state is DocumentState.PAUSED
    held()
    before = document.live
    qtbot.wait(400)
    assert document.live is before, "nothing happens while it waits"
    assert "Paused" in window.restore.strip.status.whole
    assert buttons.pause.text() == "Go on"
    click(buttons.pause)
    assert document.state is DocumentState.RUNNING
    gate.open()
    wait_for_state(qtbot, window, DocumentState.DONE)
    assert document.result.photo.size == (240, 180)
    assert not buttons.isVisible()


def test_continue_lets_a_run_go_on_that_was_paused_before_the_question(
    window: Window, qtbot: QtBot, cat_file: Path
) -> None:
    open_photo(qtbot, window, cat_file, Preset.BEST)
    window.restore.start()
    document, question = window.core.session.current, window.restore.runs.stop
    buttons = window.restore.panel.run_buttons
    click(buttons.pause)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert question.isVisible()
    assert question.yes.hasFocus()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not question.isVisible()
    assert document.state is DocumentState.PAUSED, "Esc takes the question away and nothing else"
    QTest.keyClick(window, Qt.Key.Key_Escape)
    click(question.yes)
    assert document.state is DocumentState.RUNNING
    assert buttons.pause.hasFocus()
    window.core.runs.cancel(document)
    wait_for_state(qtbot, window, DocumentState.READY)


def test_a_waiting_run_can_be_cancelled_and_leaves_nothing(
    window: Window, qtbot: QtBot, cat_file: Path, gate: RunGate
) -> None:
    open_photo(qtbot, window, cat_file, Preset.BEST)
    window.restore.start()
    document = window.core.session.current
    folder = document.checkpoint_folder
    qtbot.waitUntil(lambda: (folder / run_folder.ANSWERS).exists(), timeout=LONG)
    QTest.keyClick(window, Qt.Key.Key_P)
    assert document.state is DocumentState.PAUSED
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert folder.exists(), "nothing is given up unasked"
    click(window.restore.runs.stop.no)
    wait_for_state(qtbot, window, DocumentState.READY)
    assert not folder.exists(), "what was given up is not offered again"


def test_stop_here_keeps_the_picture_that_is_there(
    window: Window, qtbot: QtBot, cat_file: Path, gate: RunGate
) -> None:
    open_photo(qtbot, window, cat_file, Preset.BEST)
    document = window.core.session.current
    window.restore.start()
    assert not window.restore.panel.run_buttons.keep.isEnabled()
    qtbot.waitUntil(window.restore.panel.run_buttons.keep.isEnabled, timeout=LONG)
    click(window.restore.panel.run_buttons.keep)
    wait_for_state(qtbot, window, DocumentState.DONE)
    assert document.result.photo.size == (640, 480)
    assert document.result.provenance["Stopped"].endswith("of 12")
    assert document.result.evaluations < 12
    assert window.restore.canvas.comparing
    assert "Stopped" in window.restore.strip.status.whole


def test_what_is_kept_half_done_says_how_much_is_restored_on_the_canvas_and_when_saving(
    window: Window, qtbot: QtBot, cat_file: Path, gate: RunGate
) -> None:
    preferences = window.core.runs.preferences
    window.core.runs.preferences = replace(preferences, tile=128)
    document = open_photo(qtbot, window, cat_file, Preset.BEST)
    window.restore.start()
    qtbot.waitUntil(window.restore.panel.run_buttons.keep.isEnabled, timeout=LONG)
    click(window.restore.panel.run_buttons.keep)
    wait_for_state(qtbot, window, DocumentState.DONE)
    assert document.result.restored < 1
    share = round(100 * document.result.restored)
    sentence = f"{share} % of the picture is restored; the rest is plainly enlarged."
    assert sentence in window.restore.strip.status.whole
    assert window.restore.canvas.labels == ("Before", f"After: {share} % restored")
    window.restore.save()
    dialog = dialog_of(window, ExportDialog)
    assert dialog.share.isVisible()
    assert dialog.share.text() == sentence
    dialog.reject()
