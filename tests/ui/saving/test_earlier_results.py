"""Earlier results that nobody saved are asked about before they are lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from restorer.pipeline.request import Preset
from tests.ui.driver import (
    LONG,
    choose_preset,
    click,
    delete_closed,
    press,
    restore_with_seed,
    seeds_in_memory,
)
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.saving.export_dialog import ExportDialog
from ui.widgets.dialogs import UnsavedQuestion


def question(window: Window) -> UnsavedQuestion:
    delete_closed()
    window.close()
    assert window.isVisible()
    return shown(window)


def shown(window: Window) -> UnsavedQuestion:
    delete_closed()
    found = window.findChildren(UnsavedQuestion)
    assert len(found) == 1
    return found[0]


def test_earlier_results_are_asked_about_and_saved_one_by_one(
    opened: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    document = opened.core.session.current
    made = [restore_with_seed(qtbot, opened, seed) for seed in range(3)]
    opened.restore.edits.turn_left()
    qtbot.waitUntil(lambda: document.state is DocumentState.READY, timeout=LONG)
    assert not document.unsaved
    assert opened.core.session.unsaved() == [document]
    asked = question(opened)
    assert "a photo.png" in asked.text()
    assert "version 3" in asked.text()
    assert "2 more" in asked.text()
    for seed, more in ((2, "1 more"), (1, "1 more"), (0, "")):
        if seed < 2:
            delete_closed()
            asked = shown(opened)
            assert ("version 2" if seed == 1 else "Draft.") in asked.text()
            assert more in asked.text() if seed == 1 else "more" not in asked.text()
        press(asked, "Save")
        qtbot.waitUntil(lambda: bool(opened.findChildren(ExportDialog)), timeout=LONG)
        assert document.result.seed == seed, "it is in view while it is saved"
        dialog = opened.findChildren(ExportDialog)[-1]
        dialog.name.selectAll()
        QTest.keyClicks(dialog.name, f"kept {seed}")
        click(dialog.save)
        target = tmp_path / f"kept {seed}.png"
        qtbot.waitUntil(target.exists, timeout=LONG)
        qtbot.waitUntil(lambda left=seed: len(document.losses) == left, timeout=LONG)
        from restorer.photo import read_photo

        assert np.array_equal(read_photo(target).pixels, made[seed])
        delete_closed()
    qtbot.waitUntil(lambda: not opened.isVisible(), timeout=LONG)


def test_what_was_saved_or_given_up_or_undone_for_good_is_not_asked_about(
    opened: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    document = opened.core.session.current
    restore_with_seed(qtbot, opened, 0)
    opened.saver.write(document, tmp_path / "kept.png")
    qtbot.waitUntil(lambda: document.saved is not None, timeout=LONG)
    for seed in range(1, 4):
        restore_with_seed(qtbot, opened, seed)
    qtbot.waitUntil(lambda: seeds_in_memory(document) == [3, 2], timeout=LONG)
    assert [record.figures.seed for record in document.losses] == [3, 2, 1]
    document.stack.setIndex(1)
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert document.saved == tmp_path / "kept.png", "it counts as saved after it lay in the attic"
    opened.restore.edits.grey()
    qtbot.waitUntil(lambda: document.state is DocumentState.READY, timeout=LONG)
    assert document.losses == []
    restore_with_seed(qtbot, opened, 5)
    opened.restore.edits.turn_right()
    qtbot.waitUntil(lambda: document.state is DocumentState.READY, timeout=LONG)
    press(question(opened), "Cancel")
    assert opened.isVisible()
    document.given_up = True
    document.stack.undo()
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert not document.unsaved, "who gave it up once is not asked again"
    assert opened.core.session.unsaved() == []


def test_photo_that_is_closed_with_results_in_its_history_asks_once_and_goes(
    opened: Window, qtbot: QtBot
) -> None:
    document = opened.core.session.current
    restore_with_seed(qtbot, opened, 0)
    restore_with_seed(qtbot, opened, 1)
    opened.restore.photos.close.trigger()
    asked = shown(opened)
    assert "1 more" in asked.text()
    press(asked, "without")
    assert document not in opened.core.session.documents


def test_earlier_result_can_be_saved_while_another_run_goes(
    opened: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    document = opened.core.session.current
    restore_with_seed(qtbot, opened, 0)
    choose_preset(opened, Preset.BEST)
    opened.restore.panel.seed.setValue(1)
    opened.restore.start()
    assert document.running
    opened.restore.photos.close.trigger()
    press(shown(opened), "Save")
    qtbot.waitUntil(lambda: bool(opened.findChildren(ExportDialog)), timeout=LONG)
    assert document.result.seed == 0
    opened.findChildren(ExportDialog)[-1].reject()
    assert document in opened.core.session.documents
