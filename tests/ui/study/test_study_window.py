"""The study through its window, as a person takes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot
from skimage import data

from restorer.pipeline.study.subject import Subject
from tests.conftest import make_tiny_pack
from tests.ui.controls import faults
from tests.ui.driver import LONG, click, delete_closed, open_photo, press, restore_photo, seen
from ui.i18n.language import Language
from ui.main_window.window import Window
from ui.study import window as study_window
from ui.study.trials import Side
from ui.study.window import StudyWindow


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are seen for a moment, and follow each other at once."""
    monkeypatch.setattr(study_window, "VIEW_SECONDS", 0.2)
    monkeypatch.setattr(study_window, "GAP_MS", 10)


@pytest.fixture
def originals(tmp_path: Path, chelsea: np.ndarray) -> Path:
    """Four photos and a file that is none."""
    folder = tmp_path / "originals"
    folder.mkdir()
    for number in range(4):
        Image.fromarray(chelsea[number : number + 132, 100:232]).save(folder / f"{number}.png")
    (folder / "broken.png").write_bytes(b"no picture")
    return folder


@pytest.fixture
def study(window: Window, quick: None) -> Iterator[StudyWindow]:
    """The study's window, opened by the menu."""
    window.menu_bar.study.trigger()
    opened = window.study.window_
    assert opened is not None
    assert opened.isVisible()
    opened.activateWindow()
    yield opened
    if window.study.window_ is not None:
        opened.is_saved = True
        opened.close()
    delete_closed()


def begin(qtbot: QtBot, study: StudyWindow, folder: Path) -> None:
    """Choose the folder in the dialog, begin, and wait for the first pair."""
    click(study.setup.choose)
    dialog = study.findChildren(QFileDialog)[-1]
    dialog.fileSelected.emit(str(folder))
    dialog.close()
    click(study.setup.begin)
    wait_for_pair(qtbot, study)


def wait_for_pair(qtbot: QtBot, study: StudyWindow) -> None:
    qtbot.waitUntil(lambda: study.trial.stage.has_pair, timeout=LONG)


def test_a_study_by_keys_and_mouse_ends_with_its_rate_in_a_file(
    study: StudyWindow, originals: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    begin(qtbot, study, originals)
    stage, asked = study.trial.stage, []
    # The first by a key: the person is right.
    asked.append(study.trials.camera)
    QTest.keyClick(stage, Qt.Key.Key_Left if asked[0] is Side.LEFT else Qt.Key.Key_Right)
    # The second by a click on the model's picture, once it is covered.
    wait_for_pair(qtbot, study)
    qtbot.waitUntil(lambda: stage.has_pair and not stage.is_seen, timeout=LONG)
    asked.append(study.trials.camera)
    QTest.mouseClick(stage, Qt.MouseButton.LeftButton, pos=stage.place(asked[1].other).center().toPoint())
    # The third by a button, right again; the fourth is wrong.
    for number in (2, 3):
        wait_for_pair(qtbot, study)
        asked.append(study.trials.camera)
        is_left = (asked[number] is Side.LEFT) == (number == 2)
        click(study.trial.left if is_left else study.trial.right)
    # The fifth original is broken, so the study is over.
    qtbot.waitUntil(lambda: study.page is study.result, timeout=LONG)
    assert [answer.confused for answer in study.trials.answers] == [False, True, False, True]
    assert "50 %" in study.result.rate.text()
    assert "In 2 of 4 trials" in study.result.words.text()
    click(study.result.save)
    dialog = study.findChildren(QFileDialog)[-1]
    dialog.fileSelected.emit(str(tmp_path / "study.json"))
    dialog.close()
    told = json.loads((tmp_path / "study.json").read_text("utf-8"))
    assert (told["confused"], told["trials"], told["shows_input"]) == (2, 4, False)
    assert sorted(answer["picture"] for answer in told["answers"]) == [f"{n}.png" for n in range(4)]
    assert str(tmp_path / "study.json") in study.result.told.text()
    click(study.result.again)
    assert study.page is study.setup


def test_the_camera_stands_where_the_trial_says_and_the_pictures_go(
    study: StudyWindow, originals: Path, qtbot: QtBot
) -> None:
    study.setup.shows_input.setChecked(True)
    study._cover.setInterval(LONG)  # the test covers the pictures
    begin(qtbot, study, originals)
    stage = study.trial.stage
    pair = study._ready[0]
    shown = seen(stage)

    def middle(place: QPoint) -> np.ndarray:
        return shown[place.y() - 20 : place.y() + 20, place.x() - 20 : place.x() + 20]

    both = (study.trials.camera, study.trials.camera.other)
    camera, made = (stage.place(side).center().toPoint() for side in both)
    sides = {place.x(): middle(place) for place in (camera, made)}
    centre = middle(stage.rect().center())
    assert centre.std() > 1, "the small copy stands between them"
    assert not np.array_equal(sides[camera.x()], sides[made.x()])
    # The same places with the pictures the other way round: they follow the trial.
    is_left = study.trials.camera is Side.LEFT
    stage.show_pair(*((pair.made, pair.camera) if is_left else (pair.camera, pair.made)), pair.given)
    shown = seen(stage)
    assert np.array_equal(middle(made), sides[camera.x()])
    stage.cover()
    shown = seen(stage)
    assert middle(made).std(axis=(0, 1)).max() == 0, "nothing is seen of it after its time"


def test_it_can_be_stopped_and_keeps_what_was_answered(
    study: StudyWindow, window: Window, originals: Path, qtbot: QtBot
) -> None:
    begin(qtbot, study, originals)
    QTest.keyClick(study.trial.stage, Qt.Key.Key_Right)
    QTest.keyClick(study.trial.stage, Qt.Key.Key_Right)  # nothing is shown yet: it counts for no trial
    QTest.keyClick(study.trial.stage, Qt.Key.Key_Escape)
    assert study.page is study.result
    assert len(study.trials.answers) == 1
    assert "of 1 trials" in study.result.words.text()
    qtbot.waitUntil(lambda: not window.core.runs.engine.busy, timeout=LONG)
    assert window.core.runs.queue.active is None
    # Nor are its answers lost with the window, be it the main one.
    study.close()
    press(study.findChildren(QMessageBox)[-1], "Go back")
    assert study.isVisible()
    assert not window.close()
    press(study.findChildren(QMessageBox)[-1], "Go back")
    assert window.isVisible()
    study.close()
    press(study.findChildren(QMessageBox)[-1], "Do not save")
    delete_closed()
    assert window.study.window_ is None


def test_escape_before_the_first_answer_goes_back(study: StudyWindow, originals: Path, qtbot: QtBot) -> None:
    begin(qtbot, study, originals)
    QTest.keyClick(study.trial.stage, Qt.Key.Key_Escape)
    assert study.page is study.setup


def test_faces_need_a_model_and_large_faces(
    window: Window, quick: None, home: Path, originals: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    study = window.study.open()
    try:
        assert study.setup.no_faces.isVisible()
        assert study.setup.chosen[0] is Subject.PHOTOS
        make_tiny_pack(home, "tiny-face", scales=(4,), kind="face-sr")
        study.setup.refresh()
        assert not study.setup.no_faces.isVisible()
        study.setup.subject.choose(1)
        study.use_folder(str(originals))
        click(study.setup.begin)
        qtbot.waitUntil(lambda: study.page is study.setup, timeout=LONG)
        assert "None of these photos" in study.setup.problem.text()
        faces = tmp_path / "faces"
        faces.mkdir()
        Image.fromarray(data.astronaut()).save(faces / "eileen.png")
        study.use_folder(str(faces))
        click(study.setup.begin)
        wait_for_pair(qtbot, study)
        assert study._ready[0].camera.width() == 128
        study.use_folder(str(tmp_path / "nothing"))
    finally:
        study.is_saved = True
        study.close()
        delete_closed()
        qtbot.waitUntil(lambda: not window.core.runs.engine.busy, timeout=LONG)


def test_a_study_that_is_closed_early_leaves_the_engine_to_others(
    study: StudyWindow, window: Window, originals: Path, cat_file: Path, qtbot: QtBot
) -> None:
    study.use_folder(str(originals))
    click(study.setup.begin)
    study.close()
    delete_closed()
    assert window.study.window_ is None
    open_photo(qtbot, window, cat_file)
    restore_photo(qtbot, window)
    assert window.core.runs.queue.active is None


def test_an_empty_folder_is_said_at_once(study: StudyWindow, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    study.use_folder(str(tmp_path / "empty"))
    click(study.setup.begin)
    assert study.page is study.setup
    assert "no photos in" in study.setup.problem.text()


def test_its_pages_are_named_and_speak_both_languages(
    study: StudyWindow, window: Window, originals: Path, qtbot: QtBot
) -> None:
    begin(qtbot, study, originals)
    for language in (Language.CHINESE, Language.ENGLISH):
        window.app_actions.set_language(language)
        QApplication.processEvents()
        delete_closed()
        assert faults(study) == []
        assert study.page is study.trial
        assert study.trial.stage.has_pair
    QTest.keyClick(study.trial.stage, Qt.Key.Key_Left)
    assert len(study.trials.answers) == 1
