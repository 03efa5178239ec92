"""The machine is measured in the background, and a run that begins comes first."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from restorer.pipeline.forecast import machine_speed
from restorer.pipeline.forecast.estimates import Observation
from restorer.pipeline.request import Preset
from restorer.pipeline.run_control import RunControl
from tests.ui.driver import LONG, PREVIEW_SIDE, open_in_core, open_photo, wait_for_state
from ui.app_core import AppCore
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.model.options import RestoreOptions


def test_the_first_estimate_comes_from_a_measurement_of_this_machine(
    window: Window, qtbot: QtBot, cat_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine_speed, "SIDES", (16,))
    document = open_photo(qtbot, window, cat_file)
    settings = window.restore.panel.settings
    guess, said = window.core.runs.estimate(document, settings), window.restore.panel._estimate.text()
    assert window.core.runs.estimates.machine is None
    window.core.speed.learn()
    qtbot.waitUntil(lambda: window.core.runs.estimates.machine is not None, timeout=LONG)
    measured = window.core.runs.estimate(document, settings)
    assert measured.seconds != guess.seconds
    assert not measured.learned
    assert window.restore.panel._estimate.text() != said
    window.core.runs.estimates.machine = None
    assert window.core.speed.recall(), "the next start knows it at once"


def test_a_run_ends_the_measurement(
    core: AppCore, qtbot: QtBot, photo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begins: list[str] = []
    ends = []

    def measure(device: str, control: RunControl) -> Observation | None:
        begins.append(device)
        assert control.cancelled.wait(60)
        ends.append(device)
        return None

    monkeypatch.setattr(machine_speed, "measure", measure)
    document = open_in_core(qtbot, core, photo_file)
    core.speed.learn()
    # The engine looks at the photo's wear first; a measurement that is ended before it begins is none.
    qtbot.waitUntil(lambda: len(begins) == 1, timeout=LONG)
    core.runs.restore(document, RestoreOptions(preset=Preset.DRAFT), PREVIEW_SIDE)
    wait_for_state(qtbot, core, DocumentState.DONE)
    assert ends == ["auto"]
    core.speed.learn()
    qtbot.waitUntil(lambda: len(begins) == 2, timeout=LONG)
    core.close()
    assert ends == ["auto", "auto"], "so does the end of the app"
