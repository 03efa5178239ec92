"""Earlier results leave memory and come back with an undo, pixel for pixel."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from weakref import ref

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from restorer import paths
from restorer.photo.edits import Turn
from tests.ui.driver import LONG, open_in_core, restore_with_seed, seeds_in_memory, wait_for_state
from ui.app_core import AppCore
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.model.result import IN_MEMORY


def files() -> list[Path]:
    """The files of pixels, in the order in which they were written."""
    found = [path for path in (paths.cache_dir() / "results").rglob("*") if path.name.isdigit()]
    return sorted((path for path in found if path.is_file()), key=lambda path: int(path.name))


def test_memory_of_a_history_is_bounded_and_an_undo_brings_back_the_same_pixels(
    core: AppCore, qtbot: QtBot, photo_file: Path
) -> None:
    document = open_in_core(qtbot, core, photo_file)
    alive: list[Callable[[], object]] = []
    made = []
    for seed in range(6):
        made.append(restore_with_seed(qtbot, core, seed))
        alive.append(ref(document.result.photo.pixels))
    qtbot.waitUntil(lambda: len(seeds_in_memory(document)) == IN_MEMORY, timeout=LONG)
    assert seeds_in_memory(document) == [5, 4]
    assert [pixels() is not None for pixels in alive] == [False] * 4 + [True] * 2
    qtbot.waitUntil(lambda: len(files()) == 6, timeout=LONG)
    for seed in (4, 3, 2, 1, 0):
        core.history.group.undo()
        wait_for_state(qtbot, core, DocumentState.DONE)
        assert document.result.seed == seed
        assert np.array_equal(document.result.photo.pixels, made[seed])
        qtbot.waitUntil(lambda: len(seeds_in_memory(document)) == IN_MEMORY, timeout=LONG)
    document.stack.setIndex(6)  # far ahead at once, as in the panel
    wait_for_state(qtbot, core, DocumentState.DONE)
    assert np.array_equal(document.result.photo.pixels, made[5])

    document.stack.setIndex(1)
    wait_for_state(qtbot, core, DocumentState.DONE)
    core.history.edit(Turn(3))  # the five results after it are lost now, by the person's own will
    wait_for_state(qtbot, core, DocumentState.READY)
    qtbot.waitUntil(lambda: len(files()) <= 1, timeout=LONG)
    assert [record.figures.seed for record in document.results] == [0]
    core.runs.remove(document)
    qtbot.waitUntil(lambda: not files(), timeout=LONG)


def test_variations_that_were_put_away_come_back_with_the_pick(opened: Window, qtbot: QtBot) -> None:
    document = opened.core.session.current
    opened.restore.panel.more.variations.choose(2)
    opened.restore.panel.more.changed.emit()
    opened.restore.panel.fidelity.setValue(20)
    restore_with_seed(qtbot, opened, 10)
    QTest.keyClick(opened.restore.canvas, Qt.Key.Key_3)
    made = [each.photo.pixels.copy() for each in document.varied.dones]
    opened.restore.panel.more.variations.choose(0)
    opened.restore.panel.more.changed.emit()
    for seed in (1, 2):
        restore_with_seed(qtbot, opened, seed)
    qtbot.waitUntil(lambda: seeds_in_memory(document) == [2, 1], timeout=LONG)
    document.stack.setIndex(1)
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert document.result.seed == 12
    for each, pixels in zip(document.varied.dones, made, strict=True):
        assert np.array_equal(each.photo.pixels, pixels)
    assert len(opened.restore.canvas.cells) == 3
    QTest.keyClick(opened.restore.canvas, Qt.Key.Key_1)
    assert np.array_equal(document.result.photo.pixels, made[0])


def test_results_stay_in_memory_where_the_disk_is_full(
    core: AppCore, qtbot: QtBot, photo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    warnings: list[str] = []
    core.runs.warned.connect(warnings.append)
    document = open_in_core(qtbot, core, photo_file)
    first = restore_with_seed(qtbot, core, 0)
    for seed in (1, 2):
        restore_with_seed(qtbot, core, seed)
    qtbot.waitUntil(lambda: bool(warnings), timeout=LONG)
    assert "stay in memory" in warnings[0]
    assert "No space" in warnings[0]
    assert seeds_in_memory(document) == [2, 1, 0]
    document.stack.setIndex(1)
    wait_for_state(qtbot, core, DocumentState.DONE)
    assert np.array_equal(document.result.photo.pixels, first)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=2**40))
    restore_with_seed(qtbot, core, 3)
    restore_with_seed(qtbot, core, 4)
    qtbot.waitUntil(lambda: seeds_in_memory(document) == [4, 3], timeout=LONG)


def test_result_whose_file_is_gone_costs_a_sentence_not_the_photo(opened: Window, qtbot: QtBot) -> None:
    document = opened.core.session.current
    for seed in range(3):
        restore_with_seed(qtbot, opened, seed)
    qtbot.waitUntil(lambda: seeds_in_memory(document) == [2, 1], timeout=LONG)
    files()[0].unlink()
    document.stack.setIndex(1)
    qtbot.waitUntil(lambda: document.state is DocumentState.READY, timeout=LONG)
    assert "version 0" in opened.restore.banner.sentence.text()
    assert not opened.restore.canvas.comparing
    document.stack.setIndex(3)
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert document.result.seed == 2


def test_app_that_ends_leaves_nothing_behind(opened: Window, qtbot: QtBot) -> None:
    for seed in range(3):
        restore_with_seed(qtbot, opened, seed)
    qtbot.waitUntil(lambda: len(files()) == 3, timeout=LONG)
    opened.core.session.current.given_up = True
    opened.close()
    assert not opened.isVisible()
    assert not list((paths.cache_dir() / "results").iterdir())


def test_results_that_no_step_leads_to_leave_memory(core: AppCore, qtbot: QtBot, photo_file: Path) -> None:
    document = open_in_core(qtbot, core, photo_file)
    restore_with_seed(qtbot, core, 0)
    alive = []
    for seed in range(1, 5):
        alive.append(ref(document.result.photo.pixels))
        core.history.group.undo()
        wait_for_state(qtbot, core, DocumentState.READY)
        restore_with_seed(qtbot, core, seed)

    def are_gone() -> None:
        gc.collect()
        assert [pixels() is not None for pixels in alive] == [False] * 4

    qtbot.waitUntil(are_gone, timeout=LONG)  # what is being written to a file is held until it is
    assert document.stack.count() == 1
