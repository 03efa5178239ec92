"""The core without a window: it needs no widget, and what follows on what is written down."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from restorer.pipeline.request import Preset
from tests.ui.driver import LONG, wait_for_state
from ui.app_core import AppCore
from ui.model.document import DocumentState
from ui.model.options import RestoreOptions


def test_a_photo_is_opened_restored_and_saved_without_a_window(
    core: AppCore, qtbot: QtBot, cat_file: Path, tmp_path: Path
) -> None:
    core.open_files([str(cat_file)])
    assert core.store.value("folder") == str(cat_file.parent)
    document = core.session.current
    assert document is not None
    wait_for_state(qtbot, core, DocumentState.READY)
    core.runs.restore(document, RestoreOptions(preset=Preset.DRAFT), 256)
    wait_for_state(qtbot, core, DocumentState.DONE)
    assert core.history.group.canUndo()
    done, order = document.result, []
    assert done is not None
    core.photos.written.connect(lambda saved: order.append(("document", saved.saved)))
    core.save_events.written.connect(lambda written: order.append(("written", written.path)))
    path = tmp_path / "result.png"
    core.photos.write(document, done, path, False, core.runs.preferences.output)
    qtbot.waitUntil(lambda: len(order) == 2, timeout=LONG)
    assert order == [("document", path), ("written", path)]
    assert path.is_file()
