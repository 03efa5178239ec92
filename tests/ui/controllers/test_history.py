"""Every photo has a history of its own: results and edits, back and forth."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QUndoView
from pytestqt.qtbot import QtBot

from restorer.pipeline.request import Preset
from tests.ui.driver import (
    LONG,
    PREVIEW_SIDE,
    open_in_core,
    restore_photo,
    restore_with_seed,
    wait_for_size,
    wait_for_state,
)
from tests.ui.run_gate import RunGate
from ui.app_core import AppCore
from ui.i18n.language import Language
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.model.options import RestoreOptions


def test_results_stay_in_the_history_of_their_photo(opened: Window, qtbot: QtBot, cat_file: Path) -> None:
    document = opened.core.session.current
    restore_photo(qtbot, opened)
    first = document.result
    opened.restore.panel.seed.setValue(5)
    restore_photo(qtbot, opened)
    second = document.result
    view = opened.findChild(QUndoView)
    QTest.keyClick(opened, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    assert view.isVisible()
    assert document.stack.text(1).endswith("version 2")
    view.setCurrentIndex(view.model().index(1, 0))
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE and document.result is first, timeout=LONG)
    qtbot.waitUntil(lambda: opened.restore.canvas.comparing, timeout=LONG)
    opened.restore.edits.turn_left()
    wait_for_size(qtbot, opened, (45, 60))
    assert document.result is None
    assert document.stack.count() == 2, "the second result gave way to the new step"
    document.stack.undo()
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert document.result is first
    assert first is not second
    opened.core.photos.open([cat_file])
    wait_for_state(qtbot, opened, DocumentState.READY)
    assert not opened.core.history.group.canUndo(), "another photo has a history of its own"


def test_saved_result_counts_as_saved_when_it_comes_back(
    core: AppCore, qtbot: QtBot, photo_file: Path, tmp_path: Path
) -> None:
    document = open_in_core(qtbot, core, photo_file)
    restore_with_seed(qtbot, core, 0)
    target = tmp_path / "kept.png"
    core.photos.write(document, document.result, target, False, core.runs.preferences.output)
    qtbot.waitUntil(lambda: document.saved == target, timeout=LONG)
    restore_with_seed(qtbot, core, 1)
    assert document.unsaved
    document.stack.undo()
    wait_for_state(qtbot, core, DocumentState.DONE)
    assert not document.unsaved


def test_cancelled_run_goes_back_to_the_result_before_it(
    core: AppCore, qtbot: QtBot, cat_file: Path, gate: RunGate
) -> None:
    gate.close(after=1)
    document = open_in_core(qtbot, core, cat_file)
    restore_with_seed(qtbot, core, 0)
    first = document.result
    core.runs.restore(document, RestoreOptions(preset=Preset.BEST), PREVIEW_SIDE)
    qtbot.waitUntil(lambda: document.live is not None, timeout=LONG)
    assert not core.history.group.canUndo(), "nothing is undone under a run"
    core.runs.cancel(document)
    wait_for_state(qtbot, core, DocumentState.DONE)
    assert document.result is first


def test_history_speaks_the_language_of_the_window(opened: Window, qtbot: QtBot) -> None:
    opened.restore.edits.turn_right()
    wait_for_size(qtbot, opened, (45, 60))
    assert opened.core.session.current.stack.text(0) == "Turned right"
    opened.app_actions.set_language(Language.CHINESE)
    qtbot.waitUntil(lambda: opened.core.session.current.stack.text(0) == "右转", timeout=LONG)
