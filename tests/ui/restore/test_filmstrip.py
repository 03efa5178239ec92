"""The row of photos: small pictures, order, menu, and photos that go away."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from restorer.pipeline.request import Preset
from tests.ui.driver import (
    LONG,
    choose_preset,
    delete_closed,
    drop_files,
    names,
    restore_photo,
    wait_for_state,
)
from ui.main_window.window import Window
from ui.model.document import Document, DocumentState
from ui.model.photo_list_model import MARK
from ui.widgets.dialogs import UnsavedQuestion

PICTURE = Qt.ItemDataRole.DecorationRole


def test_files_and_folders_dropped_together_make_a_row(
    window: Window, qtbot: QtBot, cat_file: Path, photo_file: Path, album: Path
) -> None:
    drop_files(window, cat_file, photo_file, album)
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
    drop_files(window, cat_file)
    wait_for_state(qtbot, window, DocumentState.READY)
    document = window.core.session.current
    window.restore.edits.turn_left()  # before there is a row to show it in
    qtbot.waitUntil(lambda: document.state is DocumentState.READY and bool(document.edits), timeout=LONG)
    drop_files(window, photo_file)
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
    choose_preset(window, Preset.DRAFT)
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
    drop_files(window, folder)
    documents = window.core.session.documents
    qtbot.waitUntil(lambda: len(documents) == 60, timeout=LONG)
    assert len(rows) == 1
    qtbot.waitUntil(lambda: all(one.thumb is not None for one in documents), timeout=LONG)
    shown = window.restore.photos.row.index(59, 0).data(Qt.ItemDataRole.DecorationRole)
    assert shown.pixelColor(5, 5).red() == pytest.approx(59, abs=2)
    assert {one.key for one in changed} == {window.core.session.current.key}
    drop_files(window, folder / "07.png", folder / "08.png", folder / "07.png")
    assert len(documents) == 60
    assert len(rows) == 1
    assert window.core.session.current is documents[7]
    window.restore.photos.close.trigger()
    drop_files(window, folder / "07.png")
    assert len(documents) == 60
    assert window.core.session.current is documents[59]
    assert window.core.session.find(window.core.session.current.key) is documents[59]


def test_rows_change_places(window: Window, qtbot: QtBot, cat_file: Path, photo_file: Path) -> None:
    drop_files(window, cat_file, photo_file)
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
    drop_files(window, late, cat_file)
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


def test_menu_of_a_photo_offers_what_can_be_done(window: Window, qtbot: QtBot, album: Path) -> None:
    drop_files(window, album)
    qtbot.waitUntil(lambda: len(window.core.session.documents) == 2, timeout=LONG)
    window.restore.filmstrip.menu_asked.emit(window.mapToGlobal(window.rect().center()))
    menu = window.findChildren(QMenu)[-1]
    assert window.restore.photos.close in menu.actions()
    menu.close()


def test_delete_takes_the_chosen_photo_away_and_asks_first_where_something_is_unsaved(
    window: Window, qtbot: QtBot, cat_file: Path, photo_file: Path, album: Path
) -> None:
    drop_files(window, cat_file, photo_file, album)
    qtbot.waitUntil(lambda: len(window.core.session.documents) == 4, timeout=LONG)
    strip = window.restore.filmstrip
    place = strip.visualRect(window.restore.photos.row.index(1, 0)).center()
    QTest.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.keyClick(strip, Qt.Key.Key_Delete)
    assert names(window) == ["the cat.jpg", "b.png", "c.jpg"]
    assert window.core.session.current.name == "b.png", "its neighbour comes into view"
    assert strip.currentIndex().row() == 1
    wait_for_state(qtbot, window, DocumentState.READY)
    choose_preset(window, Preset.DRAFT)
    restore_photo(qtbot, window)
    QTest.keyClick(strip, Qt.Key.Key_Delete)
    question = window.findChild(UnsavedQuestion)
    assert names(window) == ["the cat.jpg", "b.png", "c.jpg"]
    next(button for button in question.buttons() if "without" in button.text()).click()
    assert names(window) == ["the cat.jpg", "c.jpg"]


def test_after_the_last_photo_is_closed_the_window_is_empty_and_opens_others(
    window: Window, qtbot: QtBot, cat_file: Path, photo_file: Path
) -> None:
    for path in (cat_file, photo_file, cat_file):
        window.core.photos.open([path])
        wait_for_state(qtbot, window, DocumentState.READY)
        assert not window.restore.welcome.isVisible()
        window.restore.photos.close.trigger()
        assert window.core.session.current is None
        assert window.restore.welcome.isVisible()
        assert window.windowTitle() == "Restorer"
        assert not window.restore.panel.restore_button.isEnabled()
        delete_closed()
