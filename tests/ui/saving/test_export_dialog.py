"""Saving as a person does it, and handing the result over without saving."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QEnterEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from restorer.photo import Photo, read_photo, read_provenance
from restorer.pipeline.events import Done
from restorer.preferences import Format, Output, Preferences
from tests.ui.driver import LONG, click, delete_closed, dialog_of, open_photo, restore_photo
from ui.imaging.mime import file_mime_data
from ui.main_window.window import Window
from ui.model.document import Document
from ui.saving.export_dialog import ExportDialog


@pytest.fixture
def dialog(window: Window, qtbot: QtBot, photo_file: Path) -> ExportDialog:
    """The export dialog over the result of a small photo, 240 x 180 pixels."""
    open_photo(qtbot, window, photo_file)
    restore_photo(qtbot, window)
    click(window.restore.panel.save_button)
    found = window.findChildren(ExportDialog)[-1]
    assert isinstance(found, ExportDialog)
    return found


def save(dialog: ExportDialog) -> None:
    click(dialog.save)


def type_name(dialog: ExportDialog, name: str) -> None:
    dialog.name.selectAll()
    QTest.keyClicks(dialog.name, name)


def test_file_is_what_the_dialog_said(
    window: Window, qtbot: QtBot, dialog: ExportDialog, photo_file: Path
) -> None:
    assert dialog.export.path == photo_file.with_name("a photo_4x.png")
    assert not dialog.quality.isEnabled(), "PNG loses nothing"
    dialog.format.choose("jpg")
    assert dialog.quality.isEnabled()
    dialog.quality.setValue(60)
    dialog.side.setValue(120)
    assert "120 × 90" in dialog.becomes.text()  # noqa: RUF001
    dialog.name.selectAll()
    QTest.keyClicks(dialog.name, "{name} in print {scale}")
    qtbot.waitUntil(lambda: "kB" in dialog.weight.text(), timeout=LONG)
    save(dialog)
    path = photo_file.with_name("a photo in print 4.jpg")
    qtbot.waitUntil(path.exists, timeout=LONG)
    qtbot.waitUntil(lambda: window.core.session.current.saved == path, timeout=LONG)
    with Image.open(path) as image:
        assert image.size == (120, 90)
        assert image.format == "JPEG"
    assert read_provenance(path)["Model"] == "tiny-4x"
    assert not window.isWindowModified()


def test_existing_file_is_asked_about_and_stays_unless_replaced(
    window: Window, qtbot: QtBot, dialog: ExportDialog, photo_file: Path
) -> None:
    path = photo_file.with_name("a photo_4x.png")
    path.write_bytes(b"precious")
    save(dialog)
    question = dialog.findChild(QMessageBox)
    assert path.name in question.text()
    QTest.keyClick(question, Qt.Key.Key_Escape)
    assert path.read_bytes() == b"precious"
    assert dialog.isVisible()
    delete_closed()
    save(dialog)
    question = dialog.findChild(QMessageBox)
    next(button for button in question.buttons() if button.text() == "Replace").click()
    qtbot.waitUntil(lambda: window.core.session.current.saved == path, timeout=LONG)
    with Image.open(path) as image:
        assert image.size == (240, 180)


def test_original_and_strange_placeholders_are_refused_in_words(
    dialog: ExportDialog, photo_file: Path
) -> None:
    before = photo_file.read_bytes()
    for name, word in (("a photo", "original"), ("{nam}", "{nam}")):
        dialog.name.setText(name)
        dialog.name.textEdited.emit(name)
        assert word in dialog.problem.text()
        assert not dialog.save.isEnabled()
    dialog.reject()
    assert photo_file.read_bytes() == before


def linked(way: str, photo: Path) -> Path:
    """Another way to the file of a photo."""
    other = photo.parent / "elsewhere"
    if way == "linked folder":
        other.symlink_to(photo.parent)
        return other / photo.name
    other.mkdir()
    if way == "link":
        (other / "mine.png").symlink_to(photo)
    else:
        os.link(photo, other / "mine.png")
    return other / "mine.png"


@pytest.mark.parametrize("way", ["linked folder", "link", "hard link"])
def test_original_is_refused_whatever_leads_to_it(
    window: Window, dialog: ExportDialog, photo_file: Path, way: str
) -> None:
    before = photo_file.read_bytes()
    path = linked(way, photo_file)
    dialog.set_folder(str(path.parent))
    type_name(dialog, path.stem)
    assert dialog.export.path == path
    assert "original" in dialog.problem.text()
    assert not dialog.save.isEnabled()
    QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    assert dialog.isVisible()
    dialog.reject()
    window.saver.write(window.core.session.current, path, overwrite=True)
    assert "original" in window.restore.banner.sentence.text()
    assert photo_file.read_bytes() == before
    assert window.core.session.current.unsaved


def test_suffix_that_is_typed_is_the_format(window: Window, dialog: ExportDialog, photo_file: Path) -> None:
    for typed, written, kind in (
        ("aunt.png", "aunt.png", "png"),
        ("aunt.JPEG", "aunt.JPEG", "jpg"),
        ("aunt.jpg", "aunt.jpg", "jpg"),
        ("aunt.tif", "aunt.tif", "tif"),
        ("{name}.webp", "a photo.webp", "webp"),
        ("aunt 1.5", "aunt 1.5.png", "same"),
    ):
        assert dialog.format.value == "same"
        type_name(dialog, typed)
        assert dialog.export.path == photo_file.with_name(written)
        assert dialog.save.isEnabled()
        wanted = "same" if written.endswith(".png") else kind  # of a PNG, "like the photo" says the same
        assert dialog.format.value == wanted
        assert dialog.quality.isEnabled() == (kind in ("jpg", "webp"))
        dialog.reject()
        delete_closed()
        click(window.restore.panel.save_button)
        dialog = dialog_of(window, ExportDialog)
    dialog.reject()


def test_format_that_is_picked_counts_more_than_a_suffix_typed_before(
    window: Window, qtbot: QtBot, dialog: ExportDialog, photo_file: Path
) -> None:
    dialog.format.choose("webp")
    type_name(dialog, "aunt.tiff")
    assert dialog.format.value == "tif"
    type_name(dialog, "aunt.t")
    assert dialog.export.path.name == "aunt.t.webp", "without a suffix it is what was picked"
    type_name(dialog, "aunt.tiff")
    dialog.format.choose("jpg")
    assert dialog.name.text() == "aunt"
    save(dialog)
    path = photo_file.with_name("aunt.jpg")
    qtbot.waitUntil(lambda: window.core.session.current.saved == path, timeout=LONG)
    with Image.open(path) as image:
        assert image.format == "JPEG"


def test_name_that_is_none_is_told(window: Window, dialog: ExportDialog, photo_file: Path) -> None:
    before = sorted(photo_file.parent.iterdir())
    for typed, word in (
        ("", "Type a name"),
        ("  ", "Type a name"),
        (".jpg", "Type a name"),
        ("aunt.bmp", ".bmp"),
    ):
        type_name(dialog, typed)
        if not typed:
            QTest.keyClick(dialog.name, Qt.Key.Key_Backspace)
        assert word in dialog.problem.text()
        assert not dialog.save.isEnabled()
        QTest.keyClick(dialog.name, Qt.Key.Key_Return)
        dialog.reject()
        assert sorted(photo_file.parent.iterdir()) == before
        delete_closed()
        click(window.restore.panel.save_button)
        dialog = dialog_of(window, ExportDialog)
    dialog.reject()


@pytest.mark.parametrize(
    ("kind", "size", "most"), [("webp", (16_500, 20), "16,383"), ("jpg", (20, 65_600), "65,500")]
)
def test_picture_too_large_for_a_format_is_told_before_it_is_saved(
    window: Window, qtbot: QtBot, tmp_path: Path, kind: str, size: tuple[int, int], most: str
) -> None:
    document = Document(window, 1, tmp_path / "a.png")
    photo = Photo(np.zeros((size[1], size[0], 3), np.uint8))
    document.result = Done(photo, "m", 0, "cpu", 1, 0.1, 0.1, 0.0, {})
    dialog = ExportDialog(window, document, Output(), tmp_path, window.core.runs.files)
    dialog.open()
    dialog.format.choose(kind)
    assert most in dialog.problem.text()
    assert "PNG or TIFF" in dialog.problem.text()
    assert not dialog.save.isEnabled()
    assert dialog.weight.text() == "–"  # noqa: RUF001
    dialog.side.setValue(9_000)
    assert dialog.save.isEnabled()
    dialog.side.setValue(max(size))
    assert not dialog.save.isEnabled()
    dialog.format.choose("png")
    assert dialog.save.isEnabled()
    dialog.reject()
    dialog.deleteLater()


def test_cancelled_dialog_writes_nothing(window: Window, dialog: ExportDialog, photo_file: Path) -> None:
    before = sorted(photo_file.parent.iterdir())
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert sorted(photo_file.parent.iterdir()) == before
    assert window.core.session.current.unsaved


def test_result_can_be_handed_over_unsaved(window: Window, qtbot: QtBot, dialog: ExportDialog) -> None:
    dialog.reject()
    handle = window.restore.strip.handle
    assert handle.isEnabled()
    middle = QPointF(handle.rect().center())
    QApplication.sendEvent(handle, QEnterEvent(middle, middle, middle))
    qtbot.waitUntil(lambda: handle.path is not None, timeout=LONG)
    (url,) = file_mime_data(handle.path).urls()
    with Image.open(url.toLocalFile()) as image:
        assert image.size == (240, 180)
    assert window.core.session.current.unsaved, "a copy for another program is not a saved result"
    click(handle)
    assert QGuiApplication.clipboard().mimeData().urls() == [url]
    QGuiApplication.clipboard().clear()


def test_result_dragged_out_carries_its_file(
    window: Window, qtbot: QtBot, dialog: ExportDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(dialog)
    qtbot.waitUntil(lambda: window.core.session.current.saved is not None, timeout=LONG)
    handle = window.restore.strip.handle
    carried: list[Path] = []
    monkeypatch.setattr(handle, "drag", carried.append)  # the drag itself belongs to the window system
    middle = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(handle, middle * 3)
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle * 3)
    assert carried == [window.core.session.current.saved]


def test_sixteen_bits_that_were_settled_before_the_run_are_real(
    window: Window, qtbot: QtBot, photo_file: Path
) -> None:
    window.core.runs.preferences = Preferences(output=Output(Format.PNG, sixteen=True))
    open_photo(qtbot, window, photo_file)
    restore_photo(qtbot, window)
    window.workspaces.save()
    found = window.findChildren(ExportDialog)[-1]
    assert found.sixteen.isEnabled()
    assert found.export.bits == 16
    save(found)
    qtbot.waitUntil(lambda: window.core.session.current.saved is not None, timeout=LONG)
    pixels = read_photo(window.core.session.current.saved).pixels
    assert pixels.dtype == np.uint16
    assert len(np.unique(pixels)) > 1000, "more levels than 8 bits have"
