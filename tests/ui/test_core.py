"""The core without a window: it needs no widget, and what follows on what is written down."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from restorer.pipeline.events import Event
from restorer.pipeline.network_cache import NetworkCache
from restorer.pipeline.request import Preset, RestoreRequest
from ui.core import AppCore
from ui.model.document import DocumentState
from ui.model.options import RestoreOptions
from ui.workers.engine_worker import engine_run

LONG = 120_000


@pytest.fixture
def core(qapp: object, tiny_pack: str, tmp_path: Path) -> Iterator[AppCore]:
    """The core on the real engine with a tiny model."""
    store = QSettings(str(tmp_path / "core.ini"), QSettings.Format.IniFormat)

    def run(request: RestoreRequest, networks: NetworkCache) -> Iterator[Event]:
        return engine_run(dataclasses.replace(request, model=tiny_pack), networks)

    core = AppCore(store, run)
    yield core
    core.close()
    core.deleteLater()


def test_a_photo_is_opened_restored_and_saved_without_a_window(
    core: AppCore, qtbot: QtBot, cat_file: Path, tmp_path: Path
) -> None:
    core.open_files([str(cat_file)])
    assert core.store.value("folder") == str(cat_file.parent)
    document = core.session.current
    assert document is not None
    qtbot.waitUntil(lambda: document.state is DocumentState.READY, timeout=LONG)
    core.runs.restore(document, RestoreOptions(preset=Preset.DRAFT), 256)
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert core.history.group.canUndo()
    done, order = document.result, []
    assert done is not None
    core.runs.written.connect(lambda saved: order.append(("document", saved.saved)))
    core.save_events.written.connect(lambda written: order.append(("written", written.path)))
    path = tmp_path / "result.png"
    core.runs.write(document, done, path, overwrite=False)
    qtbot.waitUntil(lambda: len(order) == 2, timeout=LONG)
    assert order == [("document", path), ("written", path)]
    assert path.is_file()
