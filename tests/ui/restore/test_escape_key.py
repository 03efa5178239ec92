"""Esc puts one thing away at a time, the one that is seen first; it ends no run, but asks what becomes of the
one in view."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from restorer.pipeline.request import Preset
from tests.ui.driver import (
    LONG,
    choose_preset,
    click,
    delete_closed,
    open_photo,
    pause_out_of_view,
    wait_for_state,
)
from tests.ui.run_gate import RunGate
from ui.main_window.window import Window
from ui.model.document import Document, DocumentState


def test_esc_ends_no_run_that_is_out_of_view(
    window: Window, qtbot: QtBot, two: tuple[Document, Document]
) -> None:
    first, second = two
    pause_out_of_view(qtbot, window, first, second)
    kept = first.checkpoint_folder
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert first.state is DocumentState.PAUSED
    window.restore.start()
    assert second.queued
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not second.queued, "its own waiting ends"
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert first.state is DocumentState.PAUSED
    window.core.session.show(first)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert first.state is DocumentState.PAUSED
    click(window.restore.runs.stop.no)
    qtbot.waitUntil(lambda: first.at_rest, timeout=LONG)
    assert not kept.exists()


def test_esc_pauses_the_run_in_view_and_once_more_lets_it_go_on(
    window: Window, qtbot: QtBot, cat_file: Path, gate: RunGate
) -> None:
    document, stop = open_photo(qtbot, window, cat_file, Preset.BEST), window.restore.runs.stop
    window.restore.start()
    qtbot.waitUntil(lambda: document.can_keep, timeout=LONG)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert document.state is DocumentState.PAUSED
    assert stop.isVisible()
    assert "paused" in stop.sentence.text()
    assert [button.isVisible() for button in (stop.yes, stop.keep, stop.no)] == [True] * 3
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert document.state is DocumentState.RUNNING
    assert not stop.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    click(stop.yes)
    assert document.state is DocumentState.RUNNING
    QTest.keyClick(window, Qt.Key.Key_Escape)
    click(stop.keep)
    wait_for_state(qtbot, window, DocumentState.DONE)
    assert document.result.stopped is not None
    assert not stop.isVisible()


def test_esc_leaves_a_run_paused_that_the_person_had_paused(
    window: Window, qtbot: QtBot, cat_file: Path
) -> None:
    document = open_photo(qtbot, window, cat_file, Preset.BEST)
    window.restore.start()
    click(window.restore.panel.run_buttons.pause)
    for _ in range(2):
        QTest.keyClick(window, Qt.Key.Key_Escape)
    assert document.state is DocumentState.PAUSED
    assert not window.restore.runs.stop.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    click(window.restore.runs.stop.no)
    wait_for_state(qtbot, window, DocumentState.READY)


def test_esc_puts_away_a_region_before_anything_else(
    window: Window, qtbot: QtBot, two: tuple[Document, Document], gate: RunGate
) -> None:
    first, second = two
    gate.close(after=1)  # the region's run
    QTest.keyClick(window, Qt.Key.Key_R)
    window.restore.canvas.setFocus()
    QTest.keyClick(window.restore.canvas, Qt.Key.Key_Return)
    assert second.running
    choose_preset(window, Preset.BEST)
    window.restore.photos.restore_photos()  # the other one, as soon as the region is there
    qtbot.waitUntil(lambda: second.patch is not None and first.running, timeout=LONG)
    window.restore.banner.note("Something is worth knowing.")
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert second.patch is None
    assert window.restore.banner.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.restore.banner.isVisible()
    assert first.state is DocumentState.RUNNING
    gate.open()
    qtbot.waitUntil(lambda: first.result is not None, timeout=LONG)


def test_esc_closes_a_message_before_it_ends_the_run_in_view(
    window: Window, qtbot: QtBot, cat_file: Path
) -> None:
    open_photo(qtbot, window, cat_file, Preset.BEST)
    window.restore.start()
    click(window.restore.panel.run_buttons.pause)
    window.restore.banner.say("Something went wrong.")
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.restore.banner.isVisible()
    assert window.core.session.current.state is DocumentState.PAUSED
    window.restore.banner.say("Something went wrong.")
    click(
        window.restore.panel.restore_button
    )  # says Cancel, and means the run whatever lies over the picture
    click(window.restore.runs.stop.no)
    wait_for_state(qtbot, window, DocumentState.READY)
    assert window.restore.banner.isVisible()


def test_esc_anywhere_in_the_cropper_closes_it_and_ends_no_run(
    window: Window, qtbot: QtBot, two: tuple[Document, Document]
) -> None:
    pause_out_of_view(qtbot, window, *two)
    window.restore.banner.note("Something is worth knowing.")
    for part in ("sheet", "angle", "apply_button", "cancel_button"):
        QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        cropper = window.restore.edits.cropper
        getattr(cropper, part).setFocus()
        QTest.keyClick(getattr(cropper, part), Qt.Key.Key_Escape)
        assert window.restore.edits.cropper is None, part
        assert window.restore.banner.isVisible()
        assert two[0].state is DocumentState.PAUSED
        assert two[1].stack.count() == 0
        delete_closed()


def test_esc_outside_of_the_cropper_closes_it_too(
    window: Window, qtbot: QtBot, two: tuple[Document, Document]
) -> None:
    pause_out_of_view(qtbot, window, *two)
    window.restore.edits.crop()
    window.restore.panel.seed.setFocus()
    QTest.keyClick(window.restore.panel.seed, Qt.Key.Key_Escape)
    assert window.restore.edits.cropper is None
    assert two[0].state is DocumentState.PAUSED
