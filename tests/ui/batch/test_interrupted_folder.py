"""A watched folder that idles gives way to photos; one that was interrupted is offered at the next start."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from restorer.pipeline.request import Preset
from tests.ui.driver import LONG, open_photo, press, restore_photo
from ui.app_core import AppCore
from ui.batch.window import BatchWindow
from ui.last_session.recovery import sentence
from ui.main_window.window import Window
from ui.settings import ui_state


def save_scan(path: Path, seed: int) -> None:
    path.parent.mkdir(exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 256, (48, 48, 3), np.uint8)
    Image.fromarray(pixels).save(path)


@pytest.fixture
def batch(window: Window, tmp_path: Path, tiny_pack: str) -> Iterator[BatchWindow]:
    """The batch window with a scan."""
    save_scan(tmp_path / "scans" / "0.png", 0)
    window.batch.model = tiny_pack
    batch = window.batch.open()
    batch.form.preset.setCurrentIndex(batch.form.preset.findData("draft"))
    batch.add([tmp_path / "scans"])
    yield batch
    if window.batch.window_ is batch:
        batch._is_closing = True
        batch.close()


def states(batch: BatchWindow) -> list[str]:
    return [item.state.value for item in batch.table.items]


def test_a_watched_folder_that_idles_gives_way_to_photos(
    window: Window, batch: BatchWindow, qtbot: QtBot, tmp_path: Path, photo_file: Path, cat_file: Path
) -> None:
    batch.form.watch.setChecked(True)
    batch.begin()
    qtbot.waitUntil(lambda: states(batch) == ["done"], timeout=LONG)
    qtbot.waitUntil(lambda: not batch.lease.active, timeout=LONG)
    assert batch.host.working, "it still watches"
    open_photo(qtbot, window, photo_file)
    restore_photo(qtbot, window)
    open_photo(qtbot, window, cat_file, Preset.BEST)
    window.restore.start()
    window.core.runs.pause()
    save_scan(tmp_path / "scans" / "1.png", 1)
    qtbot.waitUntil(lambda: batch.lease.waiting, timeout=LONG)
    assert "Waiting" in batch.words.text()
    assert states(batch)[-1] != "done"
    window.core.runs.stop_all()
    qtbot.waitUntil(lambda: states(batch) == ["done", "done"], timeout=LONG)
    qtbot.waitUntil(lambda: not batch.lease.active, timeout=LONG)


def test_stopping_is_not_what_return_does(window: Window, batch: BatchWindow, qtbot: QtBot) -> None:
    batch.form.watch.setChecked(True)
    batch.begin()
    qtbot.waitUntil(lambda: batch.host.working, timeout=LONG)
    batch.close()
    (box,) = (box for box in batch.findChildren(QMessageBox) if box.isVisible())
    assert "Keep" in box.defaultButton().text()
    press(box, "Keep")
    assert batch.host.working


def test_a_folder_that_was_interrupted_is_offered_and_goes_on(
    window: Window, batch: BatchWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    core: AppCore = window.core
    batch._remember_job()
    batch._is_closing = True
    batch.close()
    qtbot.waitUntil(lambda: window.batch.window_ is None, timeout=LONG)
    ui_state.keep_unfinished_folder(core.store, tmp_path / "scans restored")  # as a killed window leaves it
    with qtbot.waitSignal(core.recovery.offered, timeout=LONG) as offered:
        core.recovery.look()
    assert "the folder job for scans restored" in sentence(offered.args[0])
    window.restore.runs.offer.yes.click()
    again = window.batch.window_
    assert again is not None
    qtbot.waitUntil(lambda: states(again) == ["done"] and not again.host.busy, timeout=LONG)
    assert ui_state.unfinished_folder(core.store) is None


def test_a_folder_that_was_interrupted_long_ago_is_not_offered(
    core: AppCore, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def offered(days: float) -> Path | None:
        monkeypatch.setattr(ui_state.time, "time", lambda: began + days * 86400)
        with qtbot.waitSignal(core.recovery.offered, timeout=LONG) as answer:
            core.recovery.look()
        return answer.args[0] and answer.args[0].folder

    began = time.time()
    ui_state.keep_unfinished_folder(core.store, tmp_path)
    assert offered(29.9) == tmp_path
    assert offered(30.1) is None
    assert offered(0) is None, "it was forgotten"
    core.store.setValue("batch/unfinished", str(tmp_path))  # as an older version noted it
    core.store.remove("batch/unfinished_since")
    assert offered(0) == tmp_path
    assert offered(31) is None


def test_a_folder_at_work_is_written_down_until_it_ends(
    window: Window, batch: BatchWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    batch.begin()
    assert ui_state.unfinished_folder(window.core.store) == tmp_path / "scans restored"
    qtbot.waitUntil(lambda: states(batch) == ["done"] and not batch.host.busy, timeout=LONG)
    assert ui_state.unfinished_folder(window.core.store) is None
