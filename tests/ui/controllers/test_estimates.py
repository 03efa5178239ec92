"""What a run is expected to take, and what the estimate learns from runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from restorer.pipeline.forecast.estimates import Estimates
from restorer.pipeline.request import Preset
from tests.ui.driver import LONG, PREVIEW_SIDE, open_in_core, open_photo
from ui.app_core import AppCore
from ui.main_window.window import Window
from ui.model.options import RestoreOptions
from ui.restore.control_panel import PRESETS


def test_the_panel_tells_size_print_and_what_a_run_takes(
    window: Window, qtbot: QtBot, cat_file: Path
) -> None:
    open_photo(qtbot, window, cat_file)
    panel = window.restore.panel
    panel.scale.choose(panel.scales.index(4))
    panel.preset.chosen.emit(0)
    assert "640 × 480 pixels" in panel._becomes.text()  # noqa: RUF001
    assert "5.4\u00a0×\u00a04.1\u00a0cm" in panel._becomes.text()  # noqa: RUF001
    assert "GB of memory" in panel._estimate.text()
    one = window.core.runs.estimate(window.core.session.current, panel.settings)
    panel.preset.choose(PRESETS.index(Preset.BEST))
    best = window.core.runs.estimate(window.core.session.current, panel.settings)
    assert best.seconds > 3 * one.seconds
    panel.preset.choose(PRESETS.index(Preset.DRAFT))
    panel.more.variations.choose(2)
    three = window.core.runs.estimate(window.core.session.current, panel.settings)
    assert three.seconds == pytest.approx(3 * one.seconds)
    panel.more.variations.choose(0)
    with qtbot.waitSignal(window.core.runs.learned, timeout=LONG):
        window.restore.start()
    (seen,) = Estimates()._seen
    assert seen.seconds > 0
    assert seen.chain == window.core.session.current.result.model


def test_variations_teach_the_estimate_one_run_each(core: AppCore, qtbot: QtBot, photo_file: Path) -> None:
    document = open_in_core(qtbot, core, photo_file)
    with qtbot.waitSignal(core.runs.learned, timeout=LONG):
        core.runs.restore(document, RestoreOptions(preset=Preset.DRAFT, variations=2), PREVIEW_SIDE)
    assert len(document.varied.dones) == 2
    seen = Estimates()._seen
    assert [one.seconds for one in seen] == [done.seconds for done in document.varied.dones]
    assert {one.chain for one in seen} == {document.result.model}
