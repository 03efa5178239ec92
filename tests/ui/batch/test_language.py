"""The batch window speaks another language while its job goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, QSettings, Qt
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from tests.ui.driver import LONG, click
from tests.ui.foreign_language import MARK, Foreign, settle, speak, untranslated
from tests.ui.run_gate import RunGate
from ui.batch import table_model
from ui.batch.window import BatchWindow


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    (tmp_path / "scans").mkdir()
    for seed in range(3):
        pixels = np.random.default_rng(seed).integers(0, 256, (48, 36, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / "scans" / f"{seed}.png")
    return tmp_path / "scans"


@pytest.fixture
def batch(qapp: QApplication, qtbot: QtBot, tiny_pack: str, tmp_path: Path) -> Iterator[BatchWindow]:
    store = QSettings(str(tmp_path / "batch.ini"), QSettings.Format.IniFormat)
    window = BatchWindow((4,), store, tiny_pack)
    window.form.preset.setCurrentIndex(window.form.preset.findData("best"))
    window.show()
    qtbot.waitExposed(window, timeout=LONG)
    yield window
    window._is_closing = True
    window.close()
    window.deleteLater()


def test_an_open_batch_window_changes_its_language_and_the_job_goes_on(
    batch: BatchWindow, qtbot: QtBot, scans: Path, foreign: Foreign, tiny_pack: str, gate: RunGate
) -> None:
    batch.add([scans])
    batch.form.template.setText("{name} new")
    batch.form.types["bmp"].click()
    click(batch.start)
    qtbot.waitUntil(lambda: batch.live.image.width() > 0, timeout=LONG)
    batch.view.selectRow(2)
    job, name = batch.form.job, batch.live.name
    speak(foreign)
    assert batch.windowTitle() == MARK + "Restore folders"
    assert untranslated(batch, {"JPG", "TIF", "PNG", "WEBP", "BMP", "HEIC", name, tiny_pack}) == []
    header = batch.table.headerData(table_model.STATE, Qt.Orientation.Horizontal)
    assert header == MARK + "State"
    assert len(batch.findChildren(type(batch.form))) == 1, "the old widgets are gone"
    assert batch.form.job == job
    assert batch.host.working
    assert not batch.form.scale.isEnabled()
    assert (batch.live.name, batch.live.image.width() > 0) == (name, True)
    assert [item.id for item in batch._selected()] == [batch.table.items[2].id]
    click(batch.cancel)
    message = batch.table.index(2, table_model.MESSAGE).data()
    assert message == MARK + "It was cancelled."
    gate.open()
    qtbot.waitUntil(lambda: not batch.host.busy, timeout=LONG)
    assert [item.state.value for item in batch.table.items] == ["done", "done", "skipped"]
    QCoreApplication.removeTranslator(foreign)
    settle()
    assert batch.start.text() == batch.start.accessibleName() == "Start"
    assert batch.table.index(2, table_model.MESSAGE).data() == "It was cancelled."


def test_what_the_batch_window_said_is_said_again(
    batch: BatchWindow, qtbot: QtBot, scans: Path, foreign: Foreign
) -> None:
    batch.add([scans])
    click(batch.estimate)
    qtbot.waitUntil(lambda: not batch.host.busy, timeout=LONG)
    assert "A night of 10 hours does about" in batch.ahead.text()
    speak(foreign)
    assert MARK + "A night of 10 hours does about" in batch.ahead.text()


def test_the_question_before_closing_changes_its_language(
    batch: BatchWindow, qtbot: QtBot, scans: Path, foreign: Foreign, gate: RunGate
) -> None:
    batch.add([scans])
    click(batch.start)
    qtbot.waitUntil(lambda: batch.host.working and bool(batch.table.items), timeout=LONG)
    batch.close()
    speak(foreign)
    (box,) = batch.findChildren(QMessageBox)
    assert box.text() == MARK + "Stop restoring?"
    (leave,) = [button for button in box.buttons() if "Stop" in button.text()]
    with qtbot.waitSignal(batch.closed, timeout=LONG):
        leave.click()
