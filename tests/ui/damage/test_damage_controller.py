"""Finding and filling without a window: what is given up, what another photo does, and a run that goes on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from restorer.damage.mask import DamageMask, Touch
from restorer.photo.edits import Grey
from tests.ui.driver import LONG, open_in_core
from ui.app_core import AppCore
from ui.controllers.damage.filling import filling_of
from ui.controllers.job_queue import JobKind
from ui.model.document import Document
from ui.model.marked_damage import MarkedDamage


@pytest.fixture
def marked(core: AppCore, qtbot: QtBot, photo_file: Path) -> Document:
    """A photo of 60 x 45 pixels with a spot marked."""
    document = open_in_core(qtbot, core, photo_file)
    mask = DamageMask.empty((60, 45)).touched(Touch.ADD, np.ones((6, 6), np.bool_), (20, 20))
    core.damage.set_marked(document, MarkedDamage.of(mask, 0.5))
    return document


def wait_until_idle(qtbot: QtBot, core: AppCore) -> None:
    qtbot.waitUntil(lambda: core.damage.busy is None and core.runs.queue.active is None, timeout=LONG)


def test_a_photo_that_was_edited_meanwhile_gets_no_filling_of_the_one_before(
    core: AppCore, qtbot: QtBot, marked: Document
) -> None:
    core.damage.fill(marked)
    assert core.damage.busy is JobKind.FILL
    core.history.edit(Grey())
    qtbot.waitUntil(lambda: marked.photo is not None and marked.photo.grey, timeout=LONG)
    wait_until_idle(qtbot, core)
    assert marked.record is None
    assert marked.marked is not None


def test_what_waits_is_withdrawn_and_nothing_is_filled(core: AppCore, qtbot: QtBot, marked: Document) -> None:
    core.damage.find(marked)
    core.damage.fill(marked)  # one at a time
    assert core.damage.busy is JobKind.FIND
    core.damage.cancel()
    wait_until_idle(qtbot, core)
    assert marked.record is None


def test_nothing_is_filled_where_nothing_is_marked(core: AppCore, qtbot: QtBot, photo_file: Path) -> None:
    document = open_in_core(qtbot, core, photo_file)
    with qtbot.waitSignal(core.runs.noted) as noted:
        core.damage.fill(document)
    assert "Nothing is marked" in noted.args[0]
    assert core.damage.busy is None


def test_a_mask_that_marks_all_is_a_sentence(core: AppCore, qtbot: QtBot, marked: Document) -> None:
    everything = np.ones((45, 60), np.bool_)
    mask = DamageMask.empty((60, 45)).touched(Touch.ADD, everything)
    core.damage.set_marked(marked, MarkedDamage.of(mask, 0.5))
    with qtbot.waitSignal(core.runs.warned, timeout=LONG) as warned:
        core.damage.fill(marked)
    assert "so there is nothing to fill it from" in warned.args[0]
    wait_until_idle(qtbot, core)
    assert marked.at_rest


def test_finding_keeps_what_was_drawn_and_is_a_step(core: AppCore, qtbot: QtBot, marked: Document) -> None:
    drawn = marked.marked
    core.damage.find(marked)
    wait_until_idle(qtbot, core)
    assert marked.marked is not None
    assert marked.marked is not drawn
    assert marked.marked.mask().added.sum() == 36
    core.history.group.undo()
    assert marked.marked is drawn


def test_a_run_that_goes_on_fills_the_same_places(core: AppCore, qtbot: QtBot, marked: Document) -> None:
    filling = filling_of(marked)
    assert filling is not None
    assert marked.photo is not None
    first, second = (filling.of(marked.photo, "cpu").photo.pixels for _ in range(2))
    np.testing.assert_array_equal(first, second)
    core.damage.set_marked(marked, None)
    assert filling_of(marked) is None
