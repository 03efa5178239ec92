"""Files and folders are opened: what is no picture is named and left out."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.ui.driver import LONG, drop_files, names, wait_for_state
from ui.controllers.opener import not_pictures_sentence
from ui.main_window.window import Window
from ui.model.document import DocumentState


def test_a_folder_that_cannot_be_looked_into_is_named(
    window: Window, qtbot: QtBot, album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def refuse(path: Path | int) -> object:  # permissions do not bind the superuser, whom some tests run as
        # The session's folder, if it is there already, is removed by its descriptor when the window closes.
        if not isinstance(path, int) and Path(path).name in ("more", "secret"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    (album / "secret").mkdir()
    monkeypatch.setattr(os, "scandir", refuse)
    drop_files(window, album)
    qtbot.waitUntil(lambda: len(window.core.session.documents) == 1, timeout=LONG)
    assert names(window) == ["b.png"]
    qtbot.waitUntil(lambda: "cannot be looked into" in window.restore.banner.sentence.text(), timeout=LONG)
    said = window.restore.banner.sentence.text()
    assert "Permission denied" in said
    assert said.endswith("1 more folder cannot be looked into either.")


def test_dropped_files_that_are_no_pictures_are_named_and_left_out(
    window: Window, qtbot: QtBot, tmp_path: Path, cat_file: Path
) -> None:
    letter, report = tmp_path / "letter.txt", tmp_path / "report"
    letter.write_text("Dear Emma, this is no photograph.")
    report.write_bytes(b"%PDF-1.4 and so on")
    drop_files(window, letter)
    assert names(window) == []
    assert window.restore.banner.sentence.text() == "letter.txt is no picture, so it was not opened."
    nameless = tmp_path / "scan 12"
    shutil.copy(cat_file, nameless)
    moving = tmp_path / "moving.gif"
    Image.new("P", (8, 8)).save(moving)
    torn = tmp_path / "torn.jpg"
    torn.write_bytes(b"")
    drop_files(window, letter, cat_file, report, nameless, moving, torn)
    assert names(window) == ["the cat.jpg", "scan 12", "moving.gif", "torn.jpg"], "what may be one stays"
    assert "letter.txt, report." in window.restore.banner.sentence.text()


def test_of_many_files_that_are_no_pictures_some_are_named() -> None:
    said = not_pictures_sentence([Path(f"{number}.txt") for number in range(8)])
    assert "4.txt and 3 more" in said
    assert "5.txt" not in said


def test_of_a_file_with_several_pages_the_first_is_opened_and_that_is_said_once(
    window: Window, qtbot: QtBot, cat_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "letter.tif"
    page = Image.new("L", (40, 30), 90)
    page.save(path, save_all=True, append_images=[page, page])
    said: list[str] = []
    window.core.runs.noted.connect(said.append)
    window.core.photos.open([path])
    wait_for_state(qtbot, window, DocumentState.READY)
    window.core.photos.open([cat_file])
    wait_for_state(qtbot, window, DocumentState.READY)
    window.core.session.show(window.core.session.documents[0])
    wait_for_state(qtbot, window, DocumentState.READY)
    assert len(said) == 1
    assert "letter.tif has 3 pages" in said[0]


def test_pasting_what_is_no_picture_says_so(window: Window) -> None:
    QGuiApplication.clipboard().setText("some words")
    window.restore.photos.paste_photo()
    QGuiApplication.clipboard().clear()
    assert window.restore.banner.isVisible()
    assert "no photo on the clipboard" in window.restore.banner.sentence.text()
    assert not window.core.session.documents


def test_photos_of_a_dropped_folder_that_cannot_be_read_are_counted_and_named(
    window: Window, qtbot: QtBot, album: Path, cat_file: Path
) -> None:
    for name in ("torn 1.jpg", "torn 2.png"):
        (album / name).write_bytes(b"no picture at all")
    window.core.photos.open([album / "b.png"])  # in the row already, so it is none of those that are opened
    wait_for_state(qtbot, window, DocumentState.READY)
    said: list[str] = []
    window.core.runs.noted.connect(said.append)
    drop_files(window, album)
    banner = window.restore.banner.sentence
    qtbot.waitUntil(lambda: "cannot be read" in banner.text(), timeout=LONG)
    assert banner.text() == "2 photos cannot be read: torn 1.jpg, torn 2.png."
    assert said == ["3 photos opened."]
    assert names(window) == ["b.png", "torn 1.jpg", "torn 2.png", "c.jpg"]
