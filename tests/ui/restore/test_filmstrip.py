"""The row of photos: many at once, one after the other, in another order, again, and away."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPointF, QSize, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from restorer.pipeline.request import Preset
from ui.controllers.opener import not_pictures_sentence
from ui.main_window.window import Window
from ui.model.document import Document, DocumentState
from ui.model.photo_list_model import FRACTION, MARK, PhotoListModel
from ui.model.session import Session
from ui.restore.control_panel import PRESETS
from ui.widgets.dialogs import UnsavedQuestion

LONG = 120_000
PICTURE = Qt.ItemDataRole.DecorationRole


def drop(window: Window, *paths: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    middle = window.rect().center()
    QApplication.sendEvent(window, QDragEnterEvent(middle, copy, mime, left, none))
    QApplication.sendEvent(window, QDropEvent(QPointF(middle), copy, mime, left, none, QEvent.Type.Drop))


@pytest.fixture
def album(tmp_path: Path, chelsea: np.ndarray) -> Path:
    """A folder with two photos, one of them in a folder of its own, and things that are no photos."""
    folder = tmp_path / "album 1911"
    (folder / "more").mkdir(parents=True)
    for name, left in (("b.png", 0), ("more/c.jpg", 60)):
        Image.fromarray(chelsea[60:120, left : left + 60]).save(folder / name)
    (folder / "list.txt").write_text("b and c")
    (folder / ".thumbnails").mkdir()
    for shadow in (".thumbnails/b.png", "._b.png"):  # what file managers and macOS leave behind
        (folder / shadow).write_bytes((folder / "b.png").read_bytes())
    return folder


def names(window: Window) -> list[str]:
    return [document.name for document in window.core.session.documents]


def test_files_and_folders_dropped_together_make_a_row(
    window: Window, qtbot: QtBot, cat_file: Path, photo_file: Path, album: Path
) -> None:
    drop(window, cat_file, photo_file, album)
    qtbot.waitUntil(lambda: len(window.core.session.documents) == 4, timeout=LONG)
    assert names(window) == ["the cat.jpg", "a photo.png", "b.png", "c.jpg"]
    assert window.restore.filmstrip.isVisible()
    qtbot.waitUntil(lambda: all(document.thumb for document in window.core.session.documents), timeout=LONG)
    first = window.core.session.documents[0].thumb
    assert first.width() / first.height() == pytest.approx(160 / 120, rel=0.02)

    place = window.restore.filmstrip.visualRect(window.restore.photos.row.index(2, 0)).center()
    QTest.mouseClick(window.restore.filmstrip.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.core.session.current.name == "b.png"
    QTest.keyClick(window.restore.filmstrip, Qt.Key.Key_Right)
    assert window.core.session.current.name == "c.jpg"


def looks_like(thumb: QImage, picture: np.ndarray) -> bool:
    """Whether a small picture shows (h, w, 3) uint8."""
    size = QSize(16, 16)
    how = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    rows = np.ascontiguousarray(picture)
    height, width = rows.shape[:2]
    whole = QImage(rows.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    a, b = (image.convertToFormat(QImage.Format.Format_RGB888).scaled(size, *how) for image in (thumb, whole))
    first, second = (np.frombuffer(each.constBits(), np.uint8).astype(int) for each in (a, b))
    same_way = (thumb.width() > thumb.height()) == (width > height)
    return same_way and float(np.abs(first - second).mean()) < 3


def test_small_picture_shows_what_the_photo_shows(
    window: Window, qtbot: QtBot, cat_file: Path, photo_file: Path
) -> None:
    drop(window, cat_file)
    qtbot.waitUntil(lambda: window.core.session.current.state is DocumentState.READY, timeout=LONG)
    document = window.core.session.current
    window.restore.edits.turn_left()  # before there is a row to show it in
    qtbot.waitUntil(lambda: document.state is DocumentState.READY and bool(document.edits), timeout=LONG)
    drop(window, photo_file)
    qtbot.waitUntil(lambda: all(each.thumb for each in window.core.session.documents), timeout=LONG)
    window.restore.photos.show_previous()
    qtbot.waitUntil(lambda: document.state is DocumentState.READY, timeout=LONG)
    whole = np.rot90(document.photo.pixels, -1)

    def shows(picture: np.ndarray) -> None:
        qtbot.waitUntil(
            lambda: (
                document.at_rest and looks_like(window.restore.photos.row.index(0, 0).data(PICTURE), picture)
            ),
            timeout=LONG,
        )

    shows(np.rot90(whole))
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    shows(whole)
    window.restore.edits.grey()
    shows(np.repeat(np.asarray(Image.fromarray(whole).convert("L"))[..., None], 3, axis=2))
    document.stack.undo()
    window.restore.panel.preset.choose(PRESETS.index(Preset.DRAFT))
    window.restore.panel.fidelity.setValue(0)
    qtbot.waitUntil(lambda: document.state is DocumentState.READY and not document.edits, timeout=LONG)
    window.restore.panel.more.variations.choose(1)
    window.restore.panel.more.changed.emit()
    window.restore.start()
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    made = document.thumb
    shows(document.varied.dones[0].photo.pixels)
    window.restore.panel.variations.picked.emit(1)
    assert document.thumb != made, "another one was picked"
    document.stack.undo()
    qtbot.waitUntil(lambda: document.state is DocumentState.READY, timeout=LONG)
    assert document.thumb != made
    shows(whole)


def test_a_folder_that_cannot_be_looked_into_is_named(
    window: Window, qtbot: QtBot, album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def refuse(path: Path) -> object:  # permissions do not bind the superuser, whom some tests run as
        if Path(path).name in ("more", "secret"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    (album / "secret").mkdir()
    monkeypatch.setattr(os, "scandir", refuse)
    drop(window, album)
    qtbot.waitUntil(lambda: len(window.core.session.documents) == 1, timeout=LONG)
    assert names(window) == ["b.png"]
    qtbot.waitUntil(lambda: "cannot be looked into" in window.restore.banner.sentence.text(), timeout=LONG)
    said = window.restore.banner.sentence.text()
    assert "Permission denied" in said
    assert said.endswith("1 more folder cannot be looked into either.")


def test_all_are_restored_in_turn_and_more_join_while_a_run_goes(
    window: Window, qtbot: QtBot, album: Path, cat_file: Path
) -> None:
    late = cat_file.with_name("late.jpg")
    shutil.copy(cat_file, late)
    drop(window, cat_file, album / "b.png")
    first, second = window.core.session.documents
    qtbot.waitUntil(lambda: first.state is DocumentState.READY, timeout=LONG)
    window.restore.panel.preset.choose(PRESETS.index(Preset.BEST))
    window.restore.photos.restore_all.trigger()
    assert first.running
    assert second.queued
    assert window.restore.photos.row.index(1, 0).data(MARK) == "clock"
    assert window.restore.photos.row.index(0, 0).data(FRACTION) is not None
    drop(window, late)
    assert window.core.session.current is first, "the run stays in view"
    third = window.core.session.documents[2]
    window.restore.photos.restore_all.trigger()
    assert third.queued
    qtbot.waitUntil(lambda: all(d.result for d in window.core.session.documents), timeout=LONG)
    assert [document.queued for document in window.core.session.documents] == [False] * 3
    assert third.result.photo.size == (640, 480)
    assert not window.restore.photos.restore_all.isEnabled()


def test_many_photos_change_the_row_once_and_their_small_pictures_nothing_but_themselves(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(60):
        Image.new("RGB", (16, 12), (number, 0, 0)).save(folder / f"{number:02}.png")
    rows: list[None] = []
    changed: list[Document] = []
    window.core.session.row_changed.connect(lambda: rows.append(None))
    window.core.session.changed.connect(changed.append)
    drop(window, folder)
    documents = window.core.session.documents
    qtbot.waitUntil(lambda: len(documents) == 60, timeout=LONG)
    assert len(rows) == 1
    qtbot.waitUntil(lambda: all(one.thumb is not None for one in documents), timeout=LONG)
    shown = window.restore.photos.row.index(59, 0).data(Qt.ItemDataRole.DecorationRole)
    assert shown.pixelColor(5, 5).red() == pytest.approx(59, abs=2)
    assert {one.key for one in changed} == {window.core.session.current.key}
    drop(window, folder / "07.png", folder / "08.png", folder / "07.png")
    assert len(documents) == 60
    assert len(rows) == 1
    assert window.core.session.current is documents[7]
    window.restore.photos.close.trigger()
    drop(window, folder / "07.png")
    assert len(documents) == 60
    assert window.core.session.current is documents[59]
    assert window.core.session.find(window.core.session.current.key) is documents[59]


def test_a_result_that_is_made_again_in_its_turn_has_its_photo_beside_it(
    window: Window, qtbot: QtBot, album: Path, cat_file: Path
) -> None:
    drop(window, cat_file, album / "b.png")
    first, second = window.core.session.documents
    qtbot.waitUntil(lambda: first.state is DocumentState.READY, timeout=LONG)
    window.restore.panel.preset.choose(PRESETS.index(Preset.DRAFT))
    window.restore.start()
    qtbot.waitUntil(lambda: first.state is DocumentState.DONE, timeout=LONG)
    made = first.result
    window.restore.photos.next.trigger()
    qtbot.waitUntil(lambda: second.state is DocumentState.READY, timeout=LONG)
    window.restore.panel.preset.choose(PRESETS.index(Preset.BEST))
    window.restore.start()
    window.restore.photos.previous.trigger()
    qtbot.waitUntil(lambda: first.state is DocumentState.DONE, timeout=LONG)
    window.restore.start()
    assert second.running
    assert first.queued
    window.restore.photos.next.trigger()
    assert first.original is None, "it is out of view"
    qtbot.waitUntil(lambda: first.running, timeout=LONG)
    window.restore.photos.previous.trigger()
    assert first.original is not None
    qtbot.waitUntil(lambda: first.state is DocumentState.DONE, timeout=LONG)
    assert first.result is not made
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.restore.edits.cropper is not None
    QTest.keyClick(window.restore.edits.cropper.sheet, Qt.Key.Key_Escape)


def test_who_waits_can_leave_and_all_can_be_stopped(
    window: Window, qtbot: QtBot, album: Path, cat_file: Path
) -> None:
    drop(window, cat_file, album)
    qtbot.waitUntil(lambda: len(window.core.session.documents) == 3, timeout=LONG)
    qtbot.waitUntil(lambda: window.core.session.current.at_rest, timeout=LONG)
    window.restore.panel.preset.choose(PRESETS.index(Preset.BEST))
    window.restore.photos.restore_all.trigger()
    first, second, third = window.core.session.documents
    qtbot.waitUntil(lambda: first.running, timeout=LONG)
    window.core.session.show(second)
    assert window.restore.banner.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.restore.banner.isVisible(), "what was said of the album goes first"
    assert second.queued
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not second.queued
    assert third.queued
    assert first.running
    window.restore.photos.stop_all.trigger()
    qtbot.waitUntil(lambda: not window.core.runs.engine.busy, timeout=LONG)
    assert not third.queued
    assert not [d for d in window.core.session.documents if d.result or d.running]


def test_rows_change_places(window: Window, qtbot: QtBot, cat_file: Path, photo_file: Path) -> None:
    drop(window, cat_file, photo_file)
    row = window.restore.photos.row
    dragged = row.mimeData([row.index(0, 0)])
    row.dropMimeData(dragged, Qt.DropAction.MoveAction, 2, 0, row.index(-1, 0))
    assert names(window) == ["a photo.png", "the cat.jpg"]
    assert window.core.session.current.name == "the cat.jpg"
    assert window.restore.filmstrip.currentIndex().row() == 1
    window.restore.photos.earlier.trigger()
    assert names(window) == ["the cat.jpg", "a photo.png"]
    assert not window.restore.photos.earlier.isEnabled()


def test_failed_photo_stays_with_its_reason_and_is_tried_again(
    window: Window, qtbot: QtBot, tmp_path: Path, cat_file: Path
) -> None:
    late = tmp_path / "late.jpg"
    late.write_bytes(cat_file.read_bytes()[:60])
    drop(window, late, cat_file)
    document = window.core.session.documents[0]
    qtbot.waitUntil(lambda: document.state is DocumentState.FAILED, timeout=LONG)
    index = window.restore.photos.row.index(0, 0)
    assert index.data(MARK) == "warning"
    assert "late.jpg" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert document.problem in index.data(Qt.ItemDataRole.ToolTipRole)
    shutil.copy(cat_file, late)
    window.restore.photos.retry.trigger()
    qtbot.waitUntil(lambda: document.state is DocumentState.READY, timeout=LONG)
    assert not document.problem
    assert not window.restore.photos.retry.isEnabled()


def test_running_photo_can_be_taken_away(
    window: Window, qtbot: QtBot, cat_file: Path, photo_file: Path
) -> None:
    drop(window, cat_file, photo_file)
    qtbot.waitUntil(lambda: window.core.session.current.state is DocumentState.READY, timeout=LONG)
    window.restore.panel.preset.choose(PRESETS.index(Preset.BEST))
    window.restore.start()
    assert window.core.session.current.running
    window.restore.photos.close.trigger()
    assert names(window) == ["a photo.png"]
    assert not window.restore.filmstrip.isVisible()
    qtbot.waitUntil(lambda: not window.core.runs.engine.busy, timeout=LONG)
    qtbot.waitUntil(lambda: window.core.session.current.state is DocumentState.READY, timeout=LONG)
    window.restore.panel.preset.choose(PRESETS.index(Preset.DRAFT))
    window.restore.start()
    qtbot.waitUntil(lambda: window.core.session.current.result is not None, timeout=LONG)


def test_menu_of_a_photo_offers_what_can_be_done(window: Window, qtbot: QtBot, album: Path) -> None:
    drop(window, album)
    qtbot.waitUntil(lambda: len(window.core.session.documents) == 2, timeout=LONG)
    window.restore.filmstrip.menu_asked.emit(window.mapToGlobal(window.rect().center()))
    menu = window.findChildren(QMenu)[-1]
    assert window.restore.photos.close in menu.actions()
    menu.close()


def test_delete_takes_the_chosen_photo_away_and_asks_first_where_something_is_unsaved(
    window: Window, qtbot: QtBot, cat_file: Path, photo_file: Path, album: Path
) -> None:
    drop(window, cat_file, photo_file, album)
    qtbot.waitUntil(lambda: len(window.core.session.documents) == 4, timeout=LONG)
    strip = window.restore.filmstrip
    place = strip.visualRect(window.restore.photos.row.index(1, 0)).center()
    QTest.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.keyClick(strip, Qt.Key.Key_Delete)
    assert names(window) == ["the cat.jpg", "b.png", "c.jpg"]
    assert window.core.session.current.name == "b.png", "its neighbour comes into view"
    assert strip.currentIndex().row() == 1
    qtbot.waitUntil(lambda: window.core.session.current.state is DocumentState.READY, timeout=LONG)
    window.restore.panel.preset.choose(PRESETS.index(Preset.DRAFT))
    window.restore.start()
    qtbot.waitUntil(lambda: window.core.session.current.state is DocumentState.DONE, timeout=LONG)
    QTest.keyClick(strip, Qt.Key.Key_Delete)
    question = window.findChild(UnsavedQuestion)
    assert names(window) == ["the cat.jpg", "b.png", "c.jpg"]
    next(button for button in question.buttons() if "without" in button.text()).click()
    assert names(window) == ["the cat.jpg", "c.jpg"]


def test_dropped_files_that_are_no_pictures_are_named_and_left_out(
    window: Window, qtbot: QtBot, tmp_path: Path, cat_file: Path
) -> None:
    letter, report = tmp_path / "letter.txt", tmp_path / "report"
    letter.write_text("Dear Emma, this is no photograph.")
    report.write_bytes(b"%PDF-1.4 and so on")
    drop(window, letter)
    assert names(window) == []
    assert window.restore.banner.sentence.text() == "letter.txt is no picture, so it was not opened."
    nameless = tmp_path / "scan 12"
    shutil.copy(cat_file, nameless)
    moving = tmp_path / "moving.gif"
    Image.new("P", (8, 8)).save(moving)
    torn = tmp_path / "torn.jpg"
    torn.write_bytes(b"")
    drop(window, letter, cat_file, report, nameless, moving, torn)
    assert names(window) == ["the cat.jpg", "scan 12", "moving.gif", "torn.jpg"], "what may be one stays"
    assert "letter.txt, report." in window.restore.banner.sentence.text()


def test_of_many_files_that_are_no_pictures_some_are_named() -> None:
    said = not_pictures_sentence([Path(f"{number}.txt") for number in range(8)])
    assert "4.txt and 3 more" in said
    assert "5.txt" not in said


def test_the_row_is_a_sound_model(qapp: QApplication, tmp_path: Path) -> None:
    session = Session()
    row = PhotoListModel(session)
    tester = QAbstractItemModelTester(row, QAbstractItemModelTester.FailureReportingMode.Warning)
    for name in "abc":
        session.add(tmp_path / f"{name}.png")
    session.move(session.documents[0], 2)
    assert [row.index(n, 0).data() for n in range(3)] == ["b.png", "c.png", "a.png"]
    session.documents[1].problem = "c.png is damaged."
    session.documents[1].notify()
    session.remove(session.documents[0])
    assert [row.index(n, 0).data(MARK) for n in range(2)] == ["warning", ""]
    tester.deleteLater()
    row.deleteLater()
    session.deleteLater()


def test_after_the_last_photo_is_closed_the_window_is_empty_and_opens_others(
    window: Window, qtbot: QtBot, cat_file: Path, photo_file: Path
) -> None:
    for path in (cat_file, photo_file, cat_file):
        window.core.runs.open([path])
        qtbot.waitUntil(lambda: window.core.session.current.state is DocumentState.READY, timeout=LONG)
        assert not window.restore.welcome.isVisible()
        window.restore.photos.close.trigger()
        assert window.core.session.current is None
        assert window.restore.welcome.isVisible()
        assert window.windowTitle() == "Restorer"
        assert not window.restore.panel.restore_button.isEnabled()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_photo_that_is_still_being_opened_is_restored_with_the_others(
    window: Window, qtbot: QtBot, cat_file: Path, photo_file: Path
) -> None:
    window.restore.panel.preset.choose(PRESETS.index(Preset.DRAFT))
    drop(window, cat_file, photo_file)
    first, second = window.core.session.documents
    assert first.state is DocumentState.READING
    window.restore.photos.restore_all.trigger()
    assert first.queued
    assert second.queued
    qtbot.waitUntil(lambda: all(one.record is not None for one in (first, second)), timeout=LONG)


def test_what_was_to_be_restored_and_could_not_be_opened_is_restored_when_it_is_tried_again(
    window: Window, qtbot: QtBot, cat_file: Path, tmp_path: Path
) -> None:
    window.restore.panel.preset.choose(PRESETS.index(Preset.DRAFT))
    damaged, looked_at = tmp_path / "damaged.jpg", tmp_path / "looked at.jpg"
    for path in (damaged, looked_at):
        path.write_bytes(b"no picture")
    window.core.runs.open([looked_at])
    qtbot.waitUntil(lambda: window.core.session.current.state is DocumentState.FAILED, timeout=LONG)
    window.core.runs.open([cat_file, damaged])
    window.restore.photos.restore_all.trigger()
    _, cat, broken = window.core.session.documents
    qtbot.waitUntil(lambda: cat.record is not None and broken.state is DocumentState.FAILED, timeout=LONG)
    for path in (damaged, looked_at):
        shutil.copy(cat_file, path)
    window.restore.photos.retry.trigger()
    qtbot.waitUntil(lambda: broken.record is not None, timeout=LONG)
    assert window.core.session.documents[0].record is None, "nobody asked for it"
    assert not any(one.problem for one in window.core.session.documents)


def test_when_a_photo_that_was_being_restored_is_closed_the_other_can_be(
    window: Window, qtbot: QtBot, cat_file: Path, photo_file: Path
) -> None:
    drop(window, cat_file, photo_file)
    qtbot.waitUntil(lambda: window.core.session.current.state is DocumentState.READY, timeout=LONG)
    window.restore.panel.preset.choose(PRESETS.index(Preset.BEST))
    window.restore.start()
    window.restore.photos.close.trigger()
    qtbot.waitUntil(lambda: window.core.session.current.state is DocumentState.READY, timeout=LONG)
    qtbot.waitUntil(lambda: not window.core.runs.engine.busy, timeout=LONG)
    assert window.restore.strip.status.whole == "Ready to restore."


def test_of_a_file_with_several_pages_the_first_is_opened_and_that_is_said_once(
    window: Window, qtbot: QtBot, cat_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "letter.tif"
    page = Image.new("L", (40, 30), 90)
    page.save(path, save_all=True, append_images=[page, page])
    said: list[str] = []
    window.core.runs.noted.connect(said.append)
    window.core.runs.open([path])
    qtbot.waitUntil(lambda: window.core.session.current.state is DocumentState.READY, timeout=LONG)
    window.core.runs.open([cat_file])
    qtbot.waitUntil(lambda: window.core.session.current.state is DocumentState.READY, timeout=LONG)
    window.core.session.show(window.core.session.documents[0])
    qtbot.waitUntil(lambda: window.core.session.current.state is DocumentState.READY, timeout=LONG)
    assert len(said) == 1
    assert "letter.tif has 3 pages" in said[0]


def test_pasting_what_is_no_picture_says_so(window: Window) -> None:
    QGuiApplication.clipboard().setText("some words")
    window.restore.photos.paste_photo()
    QGuiApplication.clipboard().clear()
    assert window.restore.banner.isVisible()
    assert "no photo on the clipboard" in window.restore.banner.sentence.text()
    assert not window.core.session.documents
