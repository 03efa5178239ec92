"""The Clean-up slider: Auto shows the estimate, moving it overrules; a model that cannot be told greys it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from restorer.batch.job import BatchJob
from restorer.photo import Photo, read_photo
from restorer.photo.wear import wear_of
from restorer.pipeline.events import Done
from restorer.pipeline.plan import WORN
from restorer.pipeline.request import Preset
from tests.ui.driver import LONG
from ui.batch.form import BatchForm
from ui.i18n import phrases
from ui.inputs.clean_up import CleanUpSlider
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.model.options import RestoreOptions, request_for
from ui.model.result import Result, Snapshot
from ui.model.result_names import compared_names
from ui.restore.control_panel import ControlPanel
from ui.settings import ui_state

TOLD, UNTOLD = "sr3-photo-scans", "sr3-photo"
SCALES = (1, 2, 4)


def opened(qtbot: QtBot, window: Window, path: Path) -> None:
    window.core.photos.open([path])

    def ready() -> None:
        document = window.core.session.current
        assert document is not None
        assert document.state is DocumentState.READY

    qtbot.waitUntil(ready, timeout=LONG)


def test_auto_shows_the_estimate_of_the_photo_in_view(window: Window, qtbot: QtBot, cat_file: Path) -> None:
    opened(qtbot, window, cat_file)
    control = window.restore.panel.clean_up
    percent = round(100 * wear_of(read_photo(cat_file)))
    assert 0 < percent < 100 * WORN
    # A photo that is hardly worn is not cleaned where the window chooses the model.
    qtbot.waitUntil(lambda: control.auto.text() == "Auto: 0 %", timeout=LONG)
    window.restore.panel.use(TOLD, 4)
    qtbot.waitUntil(lambda: control.auto.text() == f"Auto: {percent} %", timeout=LONG)
    assert control.slider.value() == percent
    assert window.restore.panel.settings.clean_up is None


def test_the_estimate_follows_an_edit_of_the_photo(window: Window, qtbot: QtBot, cat_file: Path) -> None:
    opened(qtbot, window, cat_file)
    document, wear = window.core.session.current, window.core.wear
    assert document is not None
    qtbot.waitUntil(lambda: wear.estimate_of(document) is not None, timeout=LONG)
    assert wear.estimate_of(document) == pytest.approx(wear_of(read_photo(cat_file)))
    photo = document.photo
    assert photo is not None
    document.photo = replace(photo, pixels=photo.pixels[:, :100])
    assert wear.estimate_of(document) is None  # what the photo was before says nothing about it now
    qtbot.waitUntil(lambda: wear.estimate_of(document) is not None, timeout=LONG)
    assert wear.estimate_of(document) == pytest.approx(wear_of(document.photo))


def test_moving_the_slider_unticks_auto_and_ticking_it_brings_the_estimate_back(qtbot: QtBot) -> None:
    control = CleanUpSlider(None)
    qtbot.addWidget(control)
    control.show_estimate(0.45)
    assert (control.value, control.slider.value(), control.auto.text()) == (None, 45, "Auto: 45 %")
    with qtbot.waitSignal(control.changed):
        QTest.keyClick(control.slider, Qt.Key.Key_End)
    assert (control.value, control.auto.text()) == (1.0, "Auto")
    control.show_estimate(0.2)  # of another photo: what the person chose stays
    assert control.value == 1.0
    with qtbot.waitSignal(control.changed):
        control.auto.setChecked(True)
    assert (control.value, control.slider.value(), control.auto.text()) == (None, 20, "Auto: 20 %")


def test_a_model_that_cannot_be_told_greys_it_and_says_so(qtbot: QtBot) -> None:
    panel = ControlPanel(SCALES, RestoreOptions(model=UNTOLD, clean_up=0.3))
    qtbot.addWidget(panel)
    assert not panel.clean_up.isEnabled()
    for part in (panel.clean_up.slider, panel.clean_up.auto):
        assert "cannot be told" in part.toolTip()
    panel.use(TOLD, 4)
    assert panel.clean_up.isEnabled()
    assert "cannot be told" not in panel.clean_up.slider.toolTip()
    assert panel.settings.clean_up == 0.3


def test_the_engine_is_asked_for_what_the_slider_says(window: Window, qtbot: QtBot, cat_file: Path) -> None:
    panel = window.restore.panel
    panel.use(TOLD, 4)
    panel.clean_up.slider.setValue(60)
    asked = request_for(read_photo(cat_file), panel.settings, 0)
    assert asked.clean_up == 0.6
    panel.clean_up.auto.setChecked(True)
    assert request_for(read_photo(cat_file), panel.settings, 0).clean_up is None


@pytest.mark.parametrize(("kept", "back"), [("auto", None), ("0.25", 0.25), ("nan", None), ("7", None)])
def test_it_is_remembered(tmp_path: Path, kept: str, back: float | None) -> None:
    store = QSettings(str(tmp_path / "w.ini"), QSettings.Format.IniFormat)
    store.setValue("clean_up", kept)
    found = ui_state.settings(store, SCALES)
    assert found.clean_up == back
    ui_state.keep(store, found, store.value("geometry"), False)
    assert ui_state.settings(store, SCALES).clean_up == back


def test_a_folder_job_carries_it_to_its_recipe_and_back(qtbot: QtBot) -> None:
    form = BatchForm(SCALES, BatchJob(model=TOLD, clean_up=0.4, preset=Preset.DRAFT))
    qtbot.addWidget(form)
    assert form.clean_up.isEnabled()
    assert form.job.clean_up == 0.4
    form.clean_up.slider.setValue(80)
    assert form.job.recipe().request.clean_up == 0.8
    assert BatchJob.from_text(form.job.to_text()) == form.job
    form.lock(True)
    assert not form.clean_up.isEnabled()
    form.lock(False)
    assert form.clean_up.isEnabled()


def test_a_folder_job_of_a_model_that_cannot_be_told_greys_it(qtbot: QtBot) -> None:
    form = BatchForm(SCALES, BatchJob(model=UNTOLD))
    qtbot.addWidget(form)
    form.lock(False)
    assert not form.clean_up.isEnabled()


def test_each_part_of_the_slider_has_its_own_words() -> None:
    sentences = [phrases.clean_up_sentence(position / 100) for position in range(101)]
    assert len(set(sentences) | {phrases.clean_up_sentence(None)}) == 5
    assert len({place for place in range(1, 101) if sentences[place] != sentences[place - 1]}) == 3


def test_two_results_are_told_apart_by_their_clean_up() -> None:
    def snapshot(**facts: float) -> Snapshot:
        photo = Photo(np.zeros((4, 4, 3), np.uint8))
        done = Done(photo, "m", 0, "cpu", 1, 1.0, 0.1, 0.0, {"Fidelity": 0.75, **facts})
        return Snapshot(outcome=Result(done))

    first, second = compared_names(snapshot(Wear=0.45), snapshot(CleanUp=0.1))
    assert first.endswith("clean-up Auto: 45 %")
    assert second.endswith("clean-up 10 %")
    assert "clean-up" not in compared_names(snapshot(), snapshot())[0]
