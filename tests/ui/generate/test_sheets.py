"""New pictures keep the ones before: one steps back and forth between the sheets."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

import ui.controllers.generation
from tests.ui.driver import LONG
from tests.ui.generate_driver import ask, done, forget, seeds, trigger
from ui.main_window.window import Window

CTRL = Qt.KeyboardModifier.ControlModifier


def test_sheets_can_be_stepped_through(room: Window, qtbot: QtBot) -> None:
    generation = room.core.generation
    before, after = (room.generate._actions[key] for key in ("before", "after"))
    assert not before.isEnabled()
    for seed in (1, 5):
        ask(room, count=2, seed=seed)
        qtbot.waitUntil(lambda: not generation.busy, timeout=LONG)
    first = generation.sheets[0]
    assert seeds(room) == [5, 6]
    assert before.isEnabled()
    assert not after.isEnabled()
    QTest.keyClick(room, Qt.Key.Key_Z, CTRL)
    assert tuple(generation.pictures) == first
    assert generation.chosen in first
    assert len(room.generate.sheet.frames) == 2
    QTest.keyClick(room, Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert seeds(room) == [5, 6]
    trigger(room, "before")
    trigger(room, "other")
    qtbot.waitUntil(lambda: not generation.busy, timeout=LONG)
    assert len(generation.sheets) == 3
    assert generation.sheets[0] == first, "another picture in a place makes a sheet of its own"


def test_the_oldest_sheets_go_but_not_what_is_kept(room: Window, qtbot: QtBot, monkeypatch: object) -> None:
    monkeypatch.setattr(ui.controllers.generation, "MOST_SHEETS", 2)
    generation = room.core.generation
    ask(room, count=1, seed=1)
    done(qtbot, generation)
    trigger(room, "keep")
    kept = generation.pictures[0]
    ask(room, count=1, seed=2)
    qtbot.waitUntil(lambda: not generation.busy, timeout=LONG)
    generation.keep(kept, False)
    for seed in (3, 4):
        ask(room, count=1, seed=seed)
        qtbot.waitUntil(lambda: not generation.busy, timeout=LONG)
    assert [[picture.seed for picture in sheet] for sheet in generation.sheets] == [[3], [4]]
    forget(room)
