"""Each photo has its own settings, extremes stay behind, and what speaks against a run is said first."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from restorer.batch.job import BatchJob
from restorer.pipeline.request import Faces, Preset
from tests.ui.driver import LONG, click, open_photo
from ui.app_core import AppCore
from ui.main_window.window import Window
from ui.model.options import RestoreOptions
from ui.restore import run_actions
from ui.restore.control_panel import PRESETS
from ui.settings import ui_state


def test_each_photo_of_the_row_has_its_own_settings(
    window: Window, qtbot: QtBot, cat_file: Path, photo_file: Path
) -> None:
    panel = window.restore.panel
    first = open_photo(qtbot, window, cat_file)
    panel.fidelity.setValue(40)
    panel.preset.choose(PRESETS.index(Preset.DRAFT))
    QTest.mouseClick(panel.repair, Qt.MouseButton.LeftButton, pos=panel.repair.rect().center())
    panel.repair.setChecked(True)
    second = open_photo(qtbot, window, photo_file)
    assert panel.fidelity.value() == 40, "a new photo begins as the panel stands"
    assert not panel.repair.isChecked(), "but repair is asked for again"
    assert second.options is None
    panel.fidelity.setValue(90)
    window.core.session.show(first)
    assert panel.fidelity.value() == 40
    assert panel.repair.isChecked()
    window.core.session.show(second)
    assert panel.fidelity.value() == 90
    # All are restored, each with its own.
    panel.clean_up.slider.setValue(10)
    window.restore.photos.restore_all.trigger()
    qtbot.waitUntil(lambda: first.record is not None and second.record is not None, timeout=LONG)
    assert first.record.figures.provenance["Fidelity"] == 0.4
    assert second.record.figures.provenance["Fidelity"] == 0.9
    assert first.record.figures.provenance["Repair"] == 1
    click(panel.reset)
    assert panel.settings == RestoreOptions(seed=panel.seed.value())
    assert second.options == panel.settings


def test_what_suits_one_photo_is_not_taken_to_the_next_start(tmp_path: Path) -> None:
    store = QSettings(str(tmp_path / "w.ini"), QSettings.Format.IniFormat)
    scales = (2, 4, 8, 16)
    extreme = RestoreOptions(scale=16, fidelity=0.1, repair=True, preset=Preset.BEST, faces=Faces.OFF)
    ui_state.keep(store, extreme, store.value("geometry"), False)
    assert ui_state.settings(store, scales) == RestoreOptions(preset=Preset.BEST, faces=Faces.OFF)
    plain = RestoreOptions(scale=8, fidelity=0.3)
    ui_state.keep(store, plain, store.value("geometry"), False)
    assert ui_state.settings(store, scales) == plain


def test_a_folder_begins_as_the_window_is_set_unless_one_can_go_on(window: Window, tmp_path: Path) -> None:
    panel, core = window.restore.panel, window.core
    panel.fidelity.setValue(35)
    panel.more.faces.choose(Faces.OFF)
    job = window.batch.open().form.job
    assert (job.fidelity, job.faces) == (0.35, Faces.OFF)
    assert BatchJob.from_text(job.to_text()).faces is Faces.OFF
    assert job.recipe().request.faces is Faces.OFF
    window.batch.window_.close()
    core.store.setValue("batch_unfinished", 1)
    panel.fidelity.setValue(80)
    assert window.batch.open().form.job.fidelity == 0.35
    window.batch.window_.close()


def test_what_speaks_against_a_run_is_said_before_it_begins(
    window: Window, qtbot: QtBot, cat_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_photo(qtbot, window, cat_file)
    panel = window.restore.panel
    panel.scale.choose(panel.scales.index(4))
    panel.scale.chosen.emit(0)
    assert not panel.warning.isVisible()
    panel.scale.choose(panel.scales.index(16))
    panel.scale.chosen.emit(0)
    assert "16× nearly all detail is invented" in panel.warning.text()  # noqa: RUF001
    assert panel.warning.isVisible()
    monkeypatch.setattr(run_actions, "free_memory", lambda: 10**8)
    panel.settings_changed.emit()
    assert "0.1 GB are free. Choose a smaller enlargement" in panel.warning.text()
    monkeypatch.setattr(window.core.wear, "small_faces_of", lambda document: 2)
    panel.scale.choose(panel.scales.index(4))
    panel.scale.chosen.emit(0)
    assert "too small to be known" in panel.warning.text()
    said = panel.warning.text()
    panel.more.faces.setCurrentIndex(panel.more.faces.findData(Faces.OFF))
    assert panel.warning.text() != said


def test_faces_can_be_restored_only_with_a_model_for_them(core: AppCore, qtbot: QtBot) -> None:
    from ui.inputs.faces import FacesBox

    box = FacesBox(Faces.RESTORE)
    qtbot.addWidget(box)
    place = box.findData(Faces.RESTORE)
    if not box._offers(place):
        assert box.value is Faces.PROTECT
        assert "No model for faces is installed" in box.itemData(place, Qt.ItemDataRole.ToolTipRole)
    else:
        assert box.value is Faces.RESTORE
