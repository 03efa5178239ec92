"""A run that was cut off is offered at the next start, and goes on where it was."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from restorer.photo import read_photo
from restorer.photo.edits import Turn
from restorer.pipeline import restore
from restorer.pipeline.events import Progress
from restorer.pipeline.request import Preset, RestoreRequest
from restorer.pipeline.resume import checkpoint, run_folder
from tests.ui.driver import (
    LONG,
    PREVIEW_SIDE,
    click,
    open_in_core,
    open_photo,
    pause_out_of_view,
    wait_for_state,
)
from ui.app_core import AppCore
from ui.last_session.recovery import sentence
from ui.main_window.window import Window
from ui.model.document import Document, DocumentState
from ui.model.options import RestoreOptions
from ui.workers.engine_worker import engine_run

pytestmark = pytest.mark.usefixtures("kept_at_once")


def interrupted(photo: Path, pack: str) -> Path:
    """A run that was cut off when four of twelve steps were finished and kept; returns its folder."""
    folder = checkpoint.new_folder()
    request = RestoreRequest(read_photo(photo), preset=Preset.BEST, model=pack, seed=4, keep=folder)
    run = restore.run(request)
    next(event for event in run if isinstance(event, Progress) and event.step == 4)
    run.close()
    return folder


def test_a_run_that_was_cut_off_is_offered_and_goes_on(
    qapp: QApplication, qtbot: QtBot, tiny_pack: str, cat_file: Path, tmp_path: Path
) -> None:
    from ui.style.theme import Override, Theme

    folder = interrupted(cat_file, tiny_pack)
    theme = Theme(qapp, Override.DARK)
    store = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    window = Window(theme, store, engine_run)
    window.resize(1024, 640)
    window.show()
    try:
        offer = window.restore.runs.offer
        qtbot.waitUntil(offer.isVisible, timeout=LONG)
        assert "the cat.jpg" in offer.sentence.text()
        assert offer.sentence.text().startswith("Continue where you were?")
        assert "interrupted at 33 %" in offer.sentence.text()
        assert window.restore.canvas.rect().contains(offer.geometry())
        steps: list[int] = []
        window.core.runs.engine.progressed.connect(
            lambda letter: steps.append(letter.progress.step if letter.progress is not None else 99)
        )
        click(offer.yes)
        assert not offer.isVisible()
        wait_for_state(qtbot, window, DocumentState.DONE)
        assert min(steps) >= 4
        done = window.core.session.current.result
        *_, whole = restore.run(
            RestoreRequest(cat_file, preset=Preset.BEST, model=tiny_pack, seed=4, preview_side=0)
        )
        assert np.array_equal(done.photo.pixels, whole.photo.pixels)
        qtbot.waitUntil(lambda: not folder.exists(), timeout=LONG)  # once the results lie in files
        window.core.session.current.given_up = True
    finally:
        window.close()
        window.deleteLater()
        theme.deleteLater()


@pytest.mark.parametrize("looked_away", [False, True])
def test_a_run_that_was_left_waits_until_the_engine_is_free(
    window: Window, qtbot: QtBot, tiny_pack: str, cat_file: Path, tmp_path: Path, looked_away: bool
) -> None:
    other = tmp_path / "other.png"
    other.write_bytes(cat_file.read_bytes())
    folder = interrupted(cat_file, tiny_pack)
    cat_file.unlink()  # what is gone on with is what was kept
    open_photo(qtbot, window, other, Preset.BEST)
    first = window.core.session.current
    window.restore.start()
    click(window.restore.panel.run_buttons.pause)
    window.core.recovery.look()
    qtbot.waitUntil(window.restore.runs.offer.isVisible, timeout=LONG)
    click(window.restore.runs.offer.yes)
    document = window.core.session.current
    assert document is not first
    qtbot.waitUntil(lambda: document.original is not None, timeout=LONG)
    assert document.queued
    assert "its turn" in window.restore.strip.status.whole
    if looked_away:
        window.core.session.show(first)
        assert document.photo is None
    steps: list[int] = []
    window.core.runs.engine.progressed.connect(
        lambda letter: (
            steps.append(letter.progress.step if letter.progress is not None else 99)
            if letter.run == document.key
            else None
        )
    )
    window.core.runs.cancel(first)
    qtbot.waitUntil(lambda: document.result is not None, timeout=LONG)
    assert min(steps) >= 4
    assert document.result.seed == 4
    assert not first.running
    qtbot.waitUntil(lambda: not folder.exists(), timeout=LONG)  # once the results lie in files


def test_a_run_that_was_left_and_no_longer_waits_is_offered_another_time(
    window: Window, qtbot: QtBot, tiny_pack: str, cat_file: Path, two: tuple[Document, Document]
) -> None:
    pause_out_of_view(qtbot, window, *two)
    folder = interrupted(cat_file, tiny_pack)
    window.core.recovery.look()
    qtbot.waitUntil(window.restore.runs.offer.isVisible, timeout=LONG)
    click(window.restore.runs.offer.yes)
    document = window.core.session.current
    qtbot.waitUntil(lambda: document.original is not None, timeout=LONG)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not document.queued
    assert folder in [run.folder for run in checkpoint.unfinished()]


def cut_off(qtbot: QtBot, core: AppCore) -> None:
    """Begin a run of the photo in view and end the app in the middle of it."""
    document = core.session.current
    core.runs.restore(document, RestoreOptions(preset=Preset.BEST), PREVIEW_SIDE)
    folder = document.checkpoint_folder
    qtbot.waitUntil((folder / run_folder.ANSWERS).exists, timeout=LONG)
    core.runs.pause()
    core.close()
    assert (folder / run_folder.ANSWERS).exists()


@pytest.fixture
def later(qapp: QApplication, tmp_path: Path) -> Iterator[AppCore]:
    """The core of the next start, with the engine as it is."""
    core = AppCore(QSettings(str(tmp_path / "next.ini"), QSettings.Format.IniFormat), engine_run)
    yield core
    core.close()
    core.deleteLater()


def go_on(qtbot: QtBot, core: AppCore) -> tuple[str, Document]:
    """Take the first offer, and wait for its result; returns the offer in words as well."""
    with qtbot.waitSignal(core.recovery.offered, timeout=LONG) as offered:
        core.recovery.look()
    core.recovery.accept(PREVIEW_SIDE)
    wait_for_state(qtbot, core, DocumentState.DONE)
    document = core.session.current
    assert document is not None
    return sentence(offered.args[0]), document


def test_a_run_that_goes_on_remembers_the_desk_work(
    core: AppCore, later: AppCore, qtbot: QtBot, cat_file: Path, photo_file: Path
) -> None:
    open_in_core(qtbot, core, cat_file)
    core.history.edit(Turn(1))
    qtbot.waitUntil(lambda: core.session.current.at_rest, timeout=LONG)
    cut_off(qtbot, core)
    _, document = go_on(qtbot, later)
    assert document.result.photo.size == (480, 640)
    assert document.result.provenance["DeskWork"] == "turn 1"
    later.history.group.undo()
    wait_for_state(qtbot, later, DocumentState.READY)
    later.photos.open([photo_file])
    qtbot.waitUntil(lambda: later.session.current is not document, timeout=LONG)
    wait_for_state(qtbot, later, DocumentState.READY)
    later.session.show(document)
    wait_for_state(qtbot, later, DocumentState.READY)
    assert document.photo.size == (120, 160), "still turned, whatever the file says"
    later.history.edit(Turn(1))
    wait_for_state(qtbot, later, DocumentState.READY)
    assert document.photo.size == (160, 120)
    assert document.past.desk_work == "turn 1; turn 1"


def test_a_run_that_goes_on_remembers_that_a_model_made_the_picture(
    core: AppCore, later: AppCore, qtbot: QtBot, cat_file: Path
) -> None:
    made = core.session.add(photo=dataclasses.replace(read_photo(cat_file), path=None))
    made.title, made.origin = "a fox_3", "a cascade of networks"
    core.session.show(made)
    wait_for_state(qtbot, core, DocumentState.READY)
    cut_off(qtbot, core)
    offer, document = go_on(qtbot, later)
    assert "a fox_3" in offer
    assert document.name == "a fox_3"
    assert document.result.provenance["Origin"] == "a cascade of networks"
    assert document.result.provenance["Invented"] == 1


def test_a_set_of_variations_comes_back_whole_and_makes_none_of_them_twice(
    core: AppCore, later: AppCore, qtbot: QtBot, tiny_pack: str, cat_file: Path
) -> None:
    document = open_in_core(qtbot, core, cat_file)
    options = RestoreOptions(preset=Preset.BEST, seed=11, variations=4)
    core.runs.restore(document, options, PREVIEW_SIDE)
    folder = document.checkpoint_folder

    def in_the_second() -> bool:
        return document.phase[2] == (2, 4) and (folder / run_folder.ANSWERS).exists()

    qtbot.waitUntil(in_the_second, timeout=LONG)
    core.runs.pause()
    core.close()
    assert [run.past.seeds for run in checkpoint.unfinished()] == [(11, 12, 13, 14)]
    fractions: list[float] = []
    later.runs.engine.progressed.connect(
        lambda letter: fractions.append(letter.progress.fraction) if letter.progress is not None else None
    )
    offer, document = go_on(qtbot, later)
    assert "4 versions of the cat.jpg" in offer
    assert fractions[0] > 0.25, "those that were made before are not made again"
    varied = document.varied
    assert [done.seed for done in varied.dones] == [11, 12, 13, 14]
    request = RestoreRequest(cat_file, preset=Preset.BEST, model=tiny_pack, seed=12, preview_side=0)
    *_, whole = restore.run(request)
    assert np.array_equal(varied.dones[1].photo.pixels, whole.photo.pixels)
    qtbot.waitUntil(lambda: not folder.exists(), timeout=LONG)  # once the results lie in files


def test_variations_that_were_given_up_are_not_offered(core: AppCore, qtbot: QtBot, cat_file: Path) -> None:
    document = open_in_core(qtbot, core, cat_file)
    core.runs.restore(document, RestoreOptions(preset=Preset.BEST, variations=2), PREVIEW_SIDE)
    folder = document.checkpoint_folder
    qtbot.waitUntil((folder / run_folder.ANSWERS).exists, timeout=LONG)
    core.runs.cancel(document)
    wait_for_state(qtbot, core, DocumentState.READY)
    assert not folder.exists()


def test_closing_the_window_keeps_the_run_for_the_next_start(
    window: Window, qtbot: QtBot, cat_file: Path
) -> None:
    open_photo(qtbot, window, cat_file, Preset.BEST)
    window.restore.start()
    folder = window.core.session.current.checkpoint_folder
    qtbot.waitUntil(lambda: (folder / run_folder.ANSWERS).exists(), timeout=LONG)
    window.quit_question.keep()
    window.close()
    QApplication.processEvents()
    assert [run.folder for run in checkpoint.unfinished()] == [folder]


def test_forgetting_an_offer_removes_what_was_kept(
    window: Window, qtbot: QtBot, tiny_pack: str, cat_file: Path
) -> None:
    folder = interrupted(cat_file, tiny_pack)
    window.core.recovery.look()
    qtbot.waitUntil(window.restore.runs.offer.isVisible, timeout=LONG)
    click(window.restore.runs.offer.no)
    assert not window.restore.runs.offer.isVisible()
    assert not folder.exists()
