"""Variations: several seeds side by side, one picked, and where they disagree."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from restorer.pipeline.request import Preset
from tests.ui.driver import LONG, click, open_photo, restore_photo, restore_variations, seen, wait_for_state
from tests.ui.run_gate import RunGate
from ui.main_window.window import Window
from ui.model.document import DocumentState


def test_three_seeds_lie_side_by_side_and_one_is_picked(window: Window, qtbot: QtBot, cat_file: Path) -> None:
    restore_variations(qtbot, window, cat_file, 3)
    document, canvas = window.core.session.current, window.restore.canvas
    assert [done.seed for done in document.varied.dones] == [11, 12, 13]
    assert len(canvas.cells) == 3
    assert not canvas.comparing
    canvas.zoom_to(1.0)
    for number, done in enumerate(document.varied.dones):
        left, top, width, height = canvas.cells[number]
        x, y = (round(side) for side in canvas.view.to_picture(60, 60))
        there = seen(window.restore.canvas)[top + 60 : top + height - 60, left + 60 : left + width - 60]
        assert np.array_equal(there, done.photo.pixels[y : y + there.shape[0], x : x + there.shape[1]])

    middle = canvas.cell_rect(2).center().toPoint()
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=middle)
    assert document.chosen == 2
    assert document.result.seed == 13
    assert document.unsaved
    before = canvas.view
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(canvas, middle - QPoint(30, 20))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=middle - QPoint(30, 20))
    assert canvas.view.origin == (before.origin[0] - 30, before.origin[1] - 20)
    assert document.chosen == 2, "a drag pans and picks nothing"
    QTest.keyClick(canvas, Qt.Key.Key_2)
    assert document.result.seed == 12
    assert window.restore.panel.variations.choices.choice == 1

    click(window.restore.panel.variations.grid)
    assert canvas.comparing
    assert len(canvas.cells) == 1
    target = cat_file.with_name("chosen.png")
    window.saver.write(document, target)
    qtbot.waitUntil(lambda: document.saved is not None, timeout=LONG)
    click(window.restore.panel.variations.grid)
    assert len(canvas.cells) == 3
    window.restore.panel.variations.picked.emit(0)
    assert document.unsaved, "another variation is another result"


def test_the_map_colours_what_they_disagree_about(window: Window, qtbot: QtBot, cat_file: Path) -> None:
    restore_variations(qtbot, window, cat_file, 2)
    plain = seen(window.restore.canvas).astype(int)
    QTest.mouseClick(window.restore.panel.variations.map, Qt.MouseButton.LeftButton, pos=QPoint(10, 8))
    assert window.restore.panel.variations.map.isChecked()
    coloured = seen(window.restore.canvas).astype(int)
    changed = (coloured != plain).any(axis=2)
    assert changed.any()
    redder = (coloured - plain)[changed]
    assert redder[:, 0].mean() > redder[:, 2].mean() + 10


def test_variations_can_be_cancelled_and_are_not_kept_halfway(
    window: Window, qtbot: QtBot, cat_file: Path, gate: RunGate
) -> None:
    open_photo(qtbot, window, cat_file, Preset.BEST)
    window.restore.panel.more.variations.choose(3)
    window.restore.start()
    document = window.core.session.current
    qtbot.waitUntil(lambda: document.live is not None and document.live.box is not None, timeout=LONG)
    assert not window.restore.panel.run_buttons.keep.isEnabled()
    assert "Version 1 of 4" in window.restore.strip.status.whole
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.restore.runs.stop.keep.isVisible()
    click(window.restore.runs.stop.no)
    wait_for_state(qtbot, window, DocumentState.READY)
    assert document.varied is None
    assert not window.restore.panel.variations.isVisible()


def test_variations_survive_a_look_at_another_photo(
    window: Window, qtbot: QtBot, cat_file: Path, photo_file: Path
) -> None:
    restore_variations(qtbot, window, photo_file, 2)
    document = window.core.session.current
    window.core.photos.open([cat_file])
    wait_for_state(qtbot, window, DocumentState.READY)
    assert not window.restore.panel.variations.isVisible()
    window.restore.photos.show_previous()
    wait_for_state(qtbot, window, DocumentState.DONE)
    assert len(window.restore.canvas.cells) == 2
    QTest.keyClick(window.restore.canvas, Qt.Key.Key_2)
    assert document.result.seed == 12


def test_variations_and_the_pick_come_back_with_an_undo(
    window: Window, qtbot: QtBot, cat_file: Path, tmp_path: Path
) -> None:
    restore_variations(qtbot, window, cat_file, 2)
    document, stack = window.core.session.current, window.core.session.current.stack
    assert stack.undoText().endswith("version 1 of 2")
    QTest.keyClick(window.restore.canvas, Qt.Key.Key_2)
    picked = document.result.photo.pixels
    assert stack.undoText().endswith("version 2 of 2"), "the step is called after what was picked"
    undo = window.restore.edits.actions[0]
    assert undo.text().endswith("version 2 of 2"), "and so is the command that takes it back"
    QTest.keyClick(window, Qt.Key.Key_BracketLeft, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(
        lambda: document.state is DocumentState.READY and document.photo.size == (120, 160), timeout=LONG
    )
    assert not window.restore.panel.variations.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait_for_state(qtbot, window, DocumentState.DONE)
    assert document.result.seed == 12
    assert len(window.restore.canvas.cells) == 2
    assert window.restore.panel.variations.isVisible()
    assert window.restore.panel.variations.choices.choice == 1
    assert window.restore.panel.variations.map.isEnabled()
    QTest.mouseClick(window.restore.panel.variations.map, Qt.MouseButton.LeftButton, pos=QPoint(10, 8))
    click(window.restore.panel.variations.grid)
    assert window.restore.canvas.comparing
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait_for_state(qtbot, window, DocumentState.READY)
    QTest.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    wait_for_state(qtbot, window, DocumentState.DONE)
    assert document.result.photo.pixels is picked
    assert window.restore.canvas.comparing, "as they were left: the picked one beside the photo"
    window.restore.panel.variations.picked.emit(0)
    assert document.result.seed == 11
    assert stack.undoText().endswith("version 1 of 2")
    assert window.restore.panel.variations.choices.choice == 0


def test_a_new_run_from_variations_can_be_taken_back(window: Window, qtbot: QtBot, photo_file: Path) -> None:
    restore_variations(qtbot, window, photo_file, 2)
    document = window.core.session.current
    QTest.keyClick(window.restore.canvas, Qt.Key.Key_2)
    window.restore.panel.more.variations.choose(0)
    window.restore.panel.more.changed.emit()
    window.restore.panel.seed.setValue(40)
    restore_photo(qtbot, window)
    assert document.result.seed == 40
    assert not window.restore.panel.variations.isVisible()
    document.stack.undo()
    wait_for_state(qtbot, window, DocumentState.DONE)
    assert document.result.seed == 12
    assert [done.seed for done in document.varied.dones] == [11, 12]
    assert window.restore.panel.variations.isVisible()
