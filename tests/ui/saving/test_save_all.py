"""Many results are saved with one answer, over no file, and asked about once before they are lost."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from restorer.photo import Photo, read_provenance
from restorer.pipeline.request import Preset
from restorer.preferences import Format, Output, Preferences
from tests.ui.driver import LONG, choose_preset, delete_closed, press, wait_for_state
from tests.ui.generate_driver import ask, done, trigger
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.saving.export_dialog import ExportDialog
from ui.widgets.dialogs import UnsavedQuestion

NAMES = ("a.png", "b.jpg", "a.jpg")


@pytest.fixture
def album(tmp_path: Path, chelsea: np.ndarray) -> list[Path]:
    """Three small photos in two folders; the results of two would have one name as PNG."""
    paths = [tmp_path / "album" / str(number) / name for number, name in enumerate(NAMES)]
    for number, path in enumerate(paths):
        path.parent.mkdir(parents=True)
        Image.fromarray(chelsea[60:92, 40 * number : 40 * number + 40]).save(path)
    return paths


def restore_all(window: Window, qtbot: QtBot, paths: list[Path]) -> None:
    window.core.photos.open(paths)
    wait_for_state(qtbot, window, DocumentState.READY)
    choose_preset(window, Preset.DRAFT)
    window.restore.photos.restore_all.trigger()
    documents = window.core.session.documents
    qtbot.waitUntil(lambda: all(document.result is not None for document in documents), timeout=LONG)
    qtbot.waitUntil(lambda: window.core.session.running() is None, timeout=LONG)


@pytest.fixture
def finished(window: Window, qtbot: QtBot, album: list[Path]) -> Window:
    """The window with three results that nobody saved."""
    restore_all(window, qtbot, album)
    return window


def choose(window: Window, folder: Path) -> None:
    """Answer the question for a folder."""
    folder.mkdir(exist_ok=True)
    dialog = window.findChildren(QFileDialog)[-1]
    assert dialog.isVisible()
    dialog.setDirectory(str(folder.parent))
    dialog.selectFile(folder.name)
    dialog.accept()
    delete_closed()


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_all_results_are_saved_as_the_settings_say_with_one_question(
    finished: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    output = Output(Format.JPEG, quality=70, template="{name} restored")
    finished.core.runs.preferences = Preferences(output=output)
    folder = tmp_path / "results"
    folder.mkdir()
    (folder / "b restored.jpg").write_bytes(b"precious")
    QTest.keyClick(
        finished, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    choose(finished, folder)
    qtbot.waitUntil(lambda: not finished.core.session.unsaved(), timeout=LONG)
    assert files(folder) == ["a restored (2).jpg", "a restored.jpg", "b restored (2).jpg", "b restored.jpg"]
    assert (folder / "b restored.jpg").read_bytes() == b"precious"
    with Image.open(folder / "a restored.jpg") as image:
        assert (image.format, image.size) == ("JPEG", (160, 128))
    assert read_provenance(folder / "a restored (2).jpg")["Model"] == "tiny-4x"
    assert [document.saved.name for document in finished.core.session.documents] == [
        "a restored.jpg", "b restored (2).jpg", "a restored (2).jpg",
    ]  # fmt: skip
    said = finished.restore.banner.sentence.text()
    assert said.startswith("3 result")
    assert str(folder) in said
    assert not finished.restore.photos.save_all.isEnabled()
    finished.close()
    assert not finished.isVisible()


def test_originals_and_earlier_results_stay_where_all_is_saved_beside_them(
    finished: Window, qtbot: QtBot, album: list[Path]
) -> None:
    finished.core.runs.preferences = Preferences(output=Output(template="{name}"))
    before = album[0].read_bytes()
    finished.restore.photos.save_all.trigger()
    choose(finished, album[0].parent)
    qtbot.waitUntil(lambda: not finished.core.session.unsaved(), timeout=LONG)
    assert files(album[0].parent) == ["a (2).png", "a.jpg", "a.png", "b.jpg"]
    assert album[0].read_bytes() == before


def test_what_could_not_be_saved_is_told_by_name_and_the_rest_is_saved(
    finished: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    finished.core.runs.preferences = Preferences(output=Output(Format.WEBP))
    second = finished.core.session.documents[1]
    second.result = dataclasses.replace(second.result, photo=Photo(np.zeros((8, 16_500, 3), np.uint8)))
    finished.close()  # what was not saved must not be lost
    press(finished.findChild(UnsavedQuestion), "Save all")
    choose(finished, tmp_path / "results")
    qtbot.waitUntil(lambda: "Not saved" in finished.restore.banner.sentence.text(), timeout=LONG)
    said = finished.restore.banner.sentence.text()
    assert said.startswith("2 result")
    assert "Not saved: b.jpg." in said
    assert "b_4x.webp cannot be saved: WebP holds at most 16,383 pixels" in said
    assert files(tmp_path / "results") == ["a_4x (2).webp", "a_4x.webp"]
    assert finished.isVisible()
    assert [document.name for document in finished.core.session.unsaved()] == ["b.jpg"]


def test_closing_asks_once_for_all(finished: Window, qtbot: QtBot, tmp_path: Path) -> None:
    finished.close()
    (question,) = finished.findChildren(UnsavedQuestion)
    assert question.text().startswith("Save 3 ")
    assert "a.png, b.jpg, a.jpg" in question.informativeText()
    QTest.keyClick(question, Qt.Key.Key_Escape)
    delete_closed()
    assert finished.isVisible()
    assert len(finished.core.session.unsaved()) == 3

    finished.close()
    press(finished.findChild(UnsavedQuestion), "Save all")
    finished.findChildren(QFileDialog)[-1].reject()
    delete_closed()
    assert finished.isVisible()

    finished.close()
    press(finished.findChild(UnsavedQuestion), "Save all")
    choose(finished, tmp_path / "results")
    qtbot.waitUntil(lambda: not finished.isVisible(), timeout=LONG)
    assert files(tmp_path / "results") == ["a_4x.jpg", "a_4x.png", "b_4x.jpg"]


def test_closing_without_saving_is_one_answer_too(finished: Window) -> None:
    finished.close()
    press(finished.findChild(UnsavedQuestion), "without")
    assert not finished.isVisible()


def test_closing_while_all_is_being_saved_waits_for_it(
    finished: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    finished.restore.photos.save_all.trigger()
    choose(finished, tmp_path / "results")
    finished.close()
    assert finished.findChild(UnsavedQuestion) is None
    qtbot.waitUntil(lambda: not finished.isVisible(), timeout=LONG)
    assert len(files(tmp_path / "results")) == 3


def test_a_photo_closed_while_all_is_being_saved_is_left_out(
    finished: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    finished.restore.photos.save_all.trigger()
    choose(finished, tmp_path / "results")
    finished.core.runs.remove(finished.core.session.documents[2])
    qtbot.waitUntil(lambda: finished.restore.banner.isVisible(), timeout=LONG)
    assert finished.restore.banner.sentence.text().startswith("2 result")
    assert files(tmp_path / "results") == ["a_4x.png", "b_4x.jpg"]


def test_one_result_is_asked_about_by_itself(window: Window, qtbot: QtBot, album: list[Path]) -> None:
    restore_all(window, qtbot, album[:1])
    window.close()
    question = window.findChild(UnsavedQuestion)
    assert "a.png" in question.text()
    press(question, "Save…")
    assert window.findChild(ExportDialog) is not None
    window.findChild(ExportDialog).reject()


def test_photos_and_kept_pictures_are_one_question(
    room: Window, qtbot: QtBot, album: list[Path], tmp_path: Path
) -> None:
    ask(room, count=2, seed=5)
    done(qtbot, room.core.generation)
    trigger(room, "keep")
    room.workspaces.show_restore()
    restore_all(room, qtbot, album[:1])
    room.close()
    (question,) = room.findChildren(UnsavedQuestion)
    assert question.text().startswith("Save 2 ")
    press(question, "Save all")
    choose(room, tmp_path / "results")
    qtbot.waitUntil(lambda: not room.isVisible(), timeout=LONG)
    assert files(tmp_path / "results") == ["a_4x.png", "cottage_5.png"]
