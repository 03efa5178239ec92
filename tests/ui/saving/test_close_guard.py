"""On the way out nothing is lost unasked: the photo that was asked about goes, and the result that was shown
is saved."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from weakref import ref

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

import restorer.photo
import restorer.photo.edits
import ui.workers.file_worker
from restorer.photo import Photo, read_photo
from restorer.pipeline.request import Preset
from tests.ui.driver import LONG, choose_preset, click, delete_closed, take_keys, wait_for_state
from tests.ui.generate_driver import ask, done, forget, trigger
from ui.batch.window import BatchWindow
from ui.controllers.history import MOST_RECENT
from ui.main_window.window import Window
from ui.model.document import Document, DocumentState
from ui.model.photo_list_model import mark
from ui.saving.export_dialog import ExportDialog
from ui.widgets.dialogs import UnsavedQuestion

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def pair(tmp_path: Path, chelsea: np.ndarray) -> tuple[Path, Path]:
    """Two small photos."""
    paths = tmp_path / "a.png", tmp_path / "b.png"
    for number, path in enumerate(paths):
        Image.fromarray(chelsea[60:92, 40 * number : 40 * number + 40]).save(path)
    return paths


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Files are written once this is set, as if each were large."""
    go, write = threading.Event(), restorer.photo.write_photo

    def writes(*args: object, **keywords: object) -> Path:
        assert go.wait(LONG / 1000)
        return write(*args, **keywords)

    monkeypatch.setattr(restorer.photo, "write_photo", writes)
    yield go
    go.set()


def restore(window: Window, qtbot: QtBot, path: Path, seed: int = 0) -> Document:
    """Open a photo and restore it."""
    window.core.photos.open([path])
    document = window.core.session.current
    assert document.path == path
    qtbot.waitUntil(lambda: document.state is DocumentState.READY, timeout=LONG)
    choose_preset(window, Preset.DRAFT)
    window.restore.panel.seed.setValue(seed)
    window.restore.start()
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    return document


def turned(window: Window, qtbot: QtBot, path: Path) -> Document:
    """Restore a photo, then turn it: the result is in the history alone, so each photo is asked about."""
    document = restore(window, qtbot, path)
    window.restore.edits.turn_left()
    qtbot.waitUntil(lambda: document.state is DocumentState.READY, timeout=LONG)
    return document


def behind(window: Window, qtbot: QtBot, path: Path) -> Document:
    """Open a photo and begin its run, which pauses."""
    window.core.photos.open([path])
    document = window.core.session.current
    qtbot.waitUntil(lambda: document.state is DocumentState.READY, timeout=LONG)
    choose_preset(window, Preset.BEST)
    window.restore.start()
    window.core.runs.pause()
    assert document.state is DocumentState.PAUSED
    return document


def answer(window: Window, word: str) -> None:
    """Press a button of the question that is open."""
    (question,) = (box for box in window.findChildren(UnsavedQuestion) if box.isVisible())
    next(button for button in question.buttons() if word in button.text()).click()
    delete_closed()


def export(window: Window, qtbot: QtBot) -> ExportDialog:
    qtbot.waitUntil(lambda: window.findChild(ExportDialog) is not None, timeout=LONG)
    return window.findChild(ExportDialog)


def press_save(dialog: ExportDialog) -> Path:
    """Save as the dialog proposes; where that is."""
    path = dialog.export.path
    click(dialog.save)
    delete_closed()
    return path


# -- closing a photo -------------------------------------------------------------------------------------


def test_photo_that_was_asked_about_goes_though_another_came_into_view(
    window: Window, qtbot: QtBot, pair: tuple[Path, Path], slow: threading.Event
) -> None:
    first, second = (restore(window, qtbot, path) for path in pair)
    QTest.keyClick(window, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: first.state is DocumentState.DONE, timeout=LONG)
    QTest.keyClick(window, Qt.Key.Key_W, CTRL)
    answer(window, "Save…")
    path = press_save(export(window, qtbot))
    take_keys(qtbot, window)
    QTest.keyClick(window, Qt.Key.Key_PageDown)
    assert window.core.session.current is second
    slow.set()
    qtbot.waitUntil(lambda: first not in window.core.session.documents, timeout=LONG)
    assert path.exists()
    assert window.core.session.documents == [second]
    assert window.core.session.unsaved() == [second]


def test_photo_that_a_second_start_brings_is_not_closed_for_another(
    window: Window, qtbot: QtBot, pair: tuple[Path, Path], cat_file: Path
) -> None:
    first, second = (restore(window, qtbot, path) for path in pair)
    QTest.keyClick(window, Qt.Key.Key_W, CTRL)
    window.core.photos.open([cat_file])
    assert window.core.session.current.path == cat_file
    answer(window, "without")
    assert [document.path for document in window.core.session.documents] == [first.path, cat_file]
    assert second not in window.core.session.documents


def test_saving_another_photo_closes_none(
    window: Window, qtbot: QtBot, pair: tuple[Path, Path], slow: threading.Event
) -> None:
    first, second = restore(window, qtbot, pair[0]), behind(window, qtbot, pair[1])
    QTest.keyClick(window, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: first.state is DocumentState.DONE, timeout=LONG)
    QTest.keyClick(window, Qt.Key.Key_W, CTRL)
    answer(window, "Save…")
    press_save(export(window, qtbot))  # and while it is being written …
    take_keys(qtbot, window)
    QTest.keyClick(window, Qt.Key.Key_PageDown)
    window.core.runs.pause()
    qtbot.waitUntil(lambda: second.state is DocumentState.DONE, timeout=LONG)
    QTest.keyClick(window, Qt.Key.Key_S, CTRL)
    press_save(export(window, qtbot))
    slow.set()
    qtbot.waitUntil(lambda: not window.core.session.unsaved(), timeout=LONG)
    assert window.core.session.documents == [first, second]


# -- the result that is saved ----------------------------------------------------------------------------


@pytest.fixture
def queued(window: Window, qtbot: QtBot, pair: tuple[Path, Path], cat_file: Path) -> Window:
    """A photo with a result waits for its next run behind one that pauses; it is in view."""
    first = restore(window, qtbot, pair[0], seed=1)
    behind(window, qtbot, cat_file)
    QTest.keyClick(window, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: first.state is DocumentState.DONE, timeout=LONG)
    choose_preset(window, Preset.DRAFT)
    window.restore.panel.seed.setValue(2)
    window.restore.start()
    assert first.queued
    return window


@pytest.mark.parametrize("far", ["begun", "done"])
def test_result_in_the_dialog_is_saved_whatever_has_begun_behind_it(
    queued: Window, qtbot: QtBot, far: str
) -> None:
    document = queued.core.session.current
    made = document.result.photo.pixels.copy()
    QTest.keyClick(queued, Qt.Key.Key_S, CTRL)
    dialog = export(queued, qtbot)
    queued.core.runs.cancel(queued.core.session.running())
    qtbot.waitUntil(lambda: document.running, timeout=LONG)
    if far == "done":
        qtbot.waitUntil(lambda: document.result is not None, timeout=LONG)
    path = press_save(dialog)
    qtbot.waitUntil(path.exists, timeout=LONG)
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    qtbot.waitUntil(lambda: [record.seed for record in document.losses] == [2], timeout=LONG)
    assert np.array_equal(read_photo(path).pixels, made)


def test_run_that_waits_does_not_begin_while_the_photo_is_being_closed(queued: Window, qtbot: QtBot) -> None:
    document = queued.core.session.current
    QTest.keyClick(queued, Qt.Key.Key_W, CTRL)
    answer(queued, "Save…")
    dialog = export(queued, qtbot)
    assert not document.queued
    running = queued.core.session.running()
    queued.core.runs.cancel(running)
    qtbot.waitUntil(lambda: not running.running, timeout=LONG)
    assert document.result.seed == 1
    path = press_save(dialog)
    qtbot.waitUntil(lambda: document not in queued.core.session.documents, timeout=LONG)
    assert path.exists()


# -- the photo's file is gone ----------------------------------------------------------------------------


@pytest.fixture
def orphan(window: Window, qtbot: QtBot, tmp_path: Path, cat_file: Path, chelsea: np.ndarray) -> Window:
    """A photo that was turned and restored; its folder has another name since it was out of view."""
    path = tmp_path / "album" / "a.png"
    path.parent.mkdir()
    Image.fromarray(chelsea[60:92, :40]).save(path)
    window.core.photos.open([path])
    document = window.core.session.current
    qtbot.waitUntil(lambda: document.state is DocumentState.READY, timeout=LONG)
    window.restore.edits.turn_left()
    qtbot.waitUntil(lambda: document.state is DocumentState.READY, timeout=LONG)
    restore(window, qtbot, path)
    window.core.photos.open([cat_file])
    wait_for_state(qtbot, window, DocumentState.READY)
    path.parent.rename(tmp_path / "album 1911")
    QTest.keyClick(window, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    return window


def test_restored_photo_can_be_worked_on_and_undone_though_its_file_is_gone(
    orphan: Window, qtbot: QtBot
) -> None:
    document = orphan.core.session.current
    for _ in range(2):  # past the result and past the turn
        QTest.keyClick(orphan, Qt.Key.Key_Z, CTRL)
        qtbot.waitUntil(lambda: document.state in (DocumentState.READY, DocumentState.FAILED), timeout=LONG)
        assert document.state is DocumentState.READY, document.problem
    assert document.photo.size == (40, 32)
    QTest.keyClick(orphan, Qt.Key.Key_W, CTRL)
    answer(orphan, "Save…")
    path = press_save(saved_elsewhere(orphan, qtbot))
    qtbot.waitUntil(lambda: document not in orphan.core.session.documents, timeout=LONG)
    assert read_photo(path).size == (128, 160)


def test_step_leads_back_from_where_the_photo_cannot_be_shown(
    orphan: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = orphan.core.session.current
    monkeypatch.setattr(restorer.photo.edits, "applied", broken)
    orphan.restore.edits.turn_left()
    qtbot.waitUntil(lambda: document.state is DocumentState.FAILED, timeout=LONG)
    monkeypatch.undo()
    QTest.keyClick(orphan, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert document.unsaved
    assert not document.problem
    assert orphan.restore.canvas.comparing

    monkeypatch.setattr(restorer.photo.edits, "applied", broken)
    orphan.restore.edits.turn_left()
    qtbot.waitUntil(lambda: document.state is DocumentState.FAILED, timeout=LONG)
    monkeypatch.undo()
    QTest.keyClick(orphan, Qt.Key.Key_W, CTRL)
    answer(orphan, "Save…")
    path = press_save(saved_elsewhere(orphan, qtbot))
    qtbot.waitUntil(lambda: document not in orphan.core.session.documents, timeout=LONG)
    assert path.exists()


def broken(photo: Photo, edits: object) -> Photo:
    raise MemoryError


def saved_elsewhere(window: Window, qtbot: QtBot) -> ExportDialog:
    """The save dialog, in a folder that is there."""
    dialog = export(window, qtbot)
    dialog.set_folder(str(window.core.session.documents[-1].path.parent))
    return dialog


# -- closing the window ----------------------------------------------------------------------------------


@pytest.fixture
def batch(
    window: Window, qtbot: QtBot, tmp_path: Path, tiny_pack: str, cat_file: Path
) -> Iterator[BatchWindow]:
    """A folder at work."""
    (tmp_path / "scans").mkdir()
    for number in range(3):
        shutil.copy(cat_file, tmp_path / "scans" / f"{number}.jpg")
    window.batch.model = tiny_pack
    batch = window.batch.open()
    batch.form.preset.setCurrentIndex(batch.form.preset.findData("best"))
    batch.add([tmp_path / "scans"])
    click(batch.start)
    qtbot.waitUntil(lambda: batch.host.working, timeout=LONG)
    yield batch
    if window.batch.window_ is batch:
        batch._is_closing = True
        batch.close()


def ask_batch(window: Window, batch: BatchWindow, word: str) -> None:
    """Close the main window, twice, and answer the one question that the folder's window has."""
    batch.showMinimized()
    for _ in range(2):
        window.close()
    assert not batch.isMinimized()
    (box,) = (box for box in batch.findChildren(QMessageBox) if box.isVisible())
    assert not [question for question in window.findChildren(UnsavedQuestion) if question.isVisible()]
    next(button for button in box.buttons() if word in button.text()).click()
    delete_closed()


def test_window_that_stays_for_a_folder_asks_about_its_result_again(
    window: Window, qtbot: QtBot, pair: tuple[Path, Path], request: pytest.FixtureRequest
) -> None:
    document = restore(window, qtbot, pair[0])
    batch = request.getfixturevalue("batch")
    ask_batch(window, batch, "Keep")
    assert window.isVisible()
    assert document.unsaved
    ask_batch(window, batch, "Stop")
    qtbot.waitUntil(lambda: window.batch.window_ is None, timeout=LONG)
    answer(window, "Cancel")
    assert window.isVisible()
    window.close()
    answer(window, "without")
    assert not window.isVisible()


def test_window_closes_behind_a_folder_that_is_stopped(
    window: Window, qtbot: QtBot, batch: BatchWindow
) -> None:
    ask_batch(window, batch, "Stop")
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=LONG)
    assert window.batch.window_ is None


def test_what_was_given_up_counts_again_where_the_window_stays_for_another(
    window: Window, qtbot: QtBot, pair: tuple[Path, Path]
) -> None:
    first, second = (turned(window, qtbot, path) for path in pair)
    window.close()
    answer(window, "without")
    answer(window, "Cancel")
    assert window.isVisible()
    assert window.core.session.unsaved() == [first, second]
    window.close()
    answer(window, "without")
    answer(window, "without")
    assert not window.isVisible()


def test_what_was_given_up_counts_again_where_kept_pictures_hold_the_window(
    room: Window, qtbot: QtBot, pair: tuple[Path, Path]
) -> None:
    ask(room, count=1, seed=5)
    done(qtbot, room.core.generation)
    trigger(room, "keep")
    room.workspaces.show_restore()
    document = turned(room, qtbot, pair[0])
    room.close()
    answer(room, "without")
    answer(room, "Cancel")
    assert room.isVisible()
    assert room.core.session.unsaved() == [document]
    forget(room)


def test_window_waits_for_a_file_that_is_still_to_be_written(
    window: Window, qtbot: QtBot, pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    document = restore(window, qtbot, pair[0])
    window.saver.write(document, pair[0].with_name("kept.png"))
    qtbot.waitUntil(lambda: document.saved is not None, timeout=LONG)
    found = threading.Event()
    monkeypatch.setattr(ui.workers.file_worker, "photos_below", lambda folder: (found.wait(10), ([], []))[1])
    window.core.opener.open_folders([pair[0].parent])  # which is large
    QTest.keyClick(window, Qt.Key.Key_S, CTRL)
    path = press_save(export(window, qtbot))
    window.close()
    assert window.isVisible()
    assert "closes as soon as" in window.restore.strip.status.text()
    assert not path.exists()
    found.set()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=LONG)
    assert read_photo(path).size == (160, 128)


def test_window_stays_where_the_file_cannot_be_written(
    window: Window, qtbot: QtBot, pair: tuple[Path, Path], slow: threading.Event
) -> None:
    document = restore(window, qtbot, pair[0])
    QTest.keyClick(window, Qt.Key.Key_S, CTRL)
    path = press_save(export(window, qtbot))
    path.write_bytes(b"of somebody else")
    window.close()
    slow.set()
    qtbot.waitUntil(lambda: path.name in window.restore.banner.sentence.text(), timeout=LONG)
    assert window.isVisible()
    assert document.unsaved
    window.close()
    answer(window, "without")
    assert not window.isVisible()


def test_memory_does_not_grow_with_the_row_and_every_result_is_still_there(
    window: Window, qtbot: QtBot, tmp_path: Path, chelsea: np.ndarray
) -> None:
    paths = [tmp_path / f"{number}.png" for number in range(6)]
    for number, path in enumerate(paths):
        Image.fromarray(chelsea[60:92, 20 * number : 20 * number + 40]).save(path)
    window.core.photos.open(paths)
    documents = window.core.session.documents
    qtbot.waitUntil(lambda: documents[0].state is DocumentState.READY, timeout=LONG)
    choose_preset(window, Preset.DRAFT)
    made: dict[Document, tuple[Callable[[], object], np.ndarray]] = {}

    def keep(document: Document) -> None:
        pixels = document.result.photo.pixels
        made[document] = ref(pixels), pixels.copy()

    window.core.runs.finished.connect(keep)
    window.restore.photos.restore_all.trigger()
    qtbot.waitUntil(lambda: len(made) == 6, timeout=LONG)
    window.core.runs.finished.disconnect(keep)

    def in_memory() -> int:
        return sum(pixels() is not None for pixels, _ in made.values())

    qtbot.waitUntil(lambda: in_memory() <= MOST_RECENT + 1, timeout=LONG)
    assert documents[0].result is not None, "what is in view stays"
    assert not window.restore.photos.restore_all.isEnabled()
    assert {mark(document) for document in documents} == {"spark"}
    assert window.core.session.unsaved() == documents
    for document in documents[1:]:
        QTest.keyClick(window, Qt.Key.Key_PageDown)
        qtbot.waitUntil(lambda shown=document: shown.state is DocumentState.DONE, timeout=LONG)
        assert np.array_equal(document.result.photo.pixels, made[document][1])
        assert window.workspaces.shared.save.isEnabled()

    (tmp_path / "results").mkdir()
    window.saver.save_photos_to(str(tmp_path / "results"))
    qtbot.waitUntil(lambda: not window.core.session.unsaved(), timeout=LONG)
    for document in documents:
        assert np.array_equal(read_photo(document.saved).pixels, made[document][1])
        assert mark(document) == "check"
    QTest.keyClick(window, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: documents[4].state is DocumentState.DONE, timeout=LONG)
    QTest.keyClick(window, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: documents[3].state is DocumentState.DONE, timeout=LONG)
    for place in range(3):
        window.core.session.show(documents[place])
        qtbot.waitUntil(lambda shown=documents[place]: shown.state is DocumentState.DONE, timeout=LONG)
        assert documents[place].saved is not None
    window.close()
    assert not window.isVisible()
