"""The window on a real X server, with the real engine: what a person does and gets."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
)
from pytestqt.qtbot import QtBot

from restorer.pipeline.request import Preset
from tests.ui.driver import (
    LONG,
    choose_preset,
    click,
    delete_closed,
    drop_files,
    restore_photo,
    wait_for_state,
)
from tests.ui.run_gate import RunGate
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.widgets.dialogs import UnsavedQuestion


def opened(qtbot: QtBot, window: Window, *paths: Path) -> None:
    window.core.photos.open(paths)
    wait_for_state(qtbot, window, DocumentState.READY)


def restored(qtbot: QtBot, window: Window, path: Path) -> None:
    opened(qtbot, window, path)
    choose_preset(window, Preset.DRAFT)
    restore_photo(qtbot, window)


def content(image: QImage) -> str:
    return hashlib.sha256(bytes(image.constBits())).hexdigest()


def test_dropped_photo_is_restored_before_ones_eyes_and_saved(
    window: Window, qtbot: QtBot, cat_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    show_live = window.restore.canvas.show_live

    def record(image: QImage, size: tuple[int, int], tile: tuple[int, int, int, int] | None) -> None:
        if not shown or shown[-1] != content(image):
            shown.append(content(image))
        show_live(image, size, tile)

    monkeypatch.setattr(window.restore.canvas, "show_live", record)
    drop_files(window, cat_file)
    wait_for_state(qtbot, window, DocumentState.READY)
    choose_preset(window, Preset.BEST)
    click(window.restore.panel.restore_button)
    wait_for_state(qtbot, window, DocumentState.RUNNING)
    wait_for_state(qtbot, window, DocumentState.DONE)
    assert len(set(shown)) >= 6, "the enlargement and at least five different previews"

    canvas = window.restore.canvas
    assert canvas.comparing
    start = QPoint(canvas.divider_x(), canvas.height() // 2)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(canvas, start - QPoint(120, 0))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start - QPoint(120, 0))
    assert canvas.divider_x() == start.x() - 120

    assert window.isWindowModified()
    target = cat_file.with_name("the cat_4x.png")
    window.saver.write(window.core.session.current, target)
    qtbot.waitUntil(lambda: not window.isWindowModified(), timeout=LONG)
    document = window.core.session.current
    with Image.open(target) as saved:
        assert saved.size == (640, 480)
        assert np.array_equal(np.asarray(saved.convert("RGB")), document.result.photo.pixels)


def test_cancelled_run_leaves_the_photo_and_an_engine_that_runs_again(
    window: Window, qtbot: QtBot, cat_file: Path, gate: RunGate
) -> None:
    opened(qtbot, window, cat_file)
    document = window.core.session.current
    choose_preset(window, Preset.BEST)
    window.restore.start()
    qtbot.waitUntil(lambda: document.live is not None, timeout=LONG)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    click(window.restore.runs.stop.no)
    assert document.state is DocumentState.CANCELLING
    wait_for_state(qtbot, window, DocumentState.READY)
    assert document.result is None
    assert not window.restore.canvas.comparing
    assert window.core.runs.engine.thread_.isRunning()
    gate.open()
    choose_preset(window, Preset.DRAFT)
    restore_photo(qtbot, window)
    assert document.result.photo.size == (640, 480)


def test_text_file_named_jpg_is_refused_with_a_sentence_and_life_goes_on(
    window: Window, qtbot: QtBot, tmp_path: Path, cat_file: Path
) -> None:
    bad = tmp_path / "letter.jpg"
    bad.write_text("Dear Emma, this is no photograph.")
    drop_files(window, bad)
    qtbot.waitUntil(window.restore.banner.isVisible, timeout=LONG)
    assert "letter.jpg" in window.restore.banner.sentence.text()
    assert "Traceback" not in window.restore.banner.sentence.text()
    assert QApplication.activeModalWidget() is None
    assert window.core.session.current.state is DocumentState.FAILED
    assert not window.restore.panel.restore_button.isEnabled()
    drop_files(window, cat_file)
    wait_for_state(qtbot, window, DocumentState.READY)


def test_folder_without_photos_is_named_in_the_banner(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "holidays 1911"
    folder.mkdir()
    (folder / "notes.txt").write_text("sunny")
    drop_files(window, folder)
    qtbot.waitUntil(window.restore.banner.isVisible, timeout=LONG)
    assert "holidays 1911" in window.restore.banner.sentence.text()


def test_true_pixels_on_the_screen_are_the_pictures(
    window: Window, qtbot: QtBot, cat_file: Path, chelsea: np.ndarray
) -> None:
    opened(qtbot, window, cat_file)
    assert window.restore.strip.zoom.isEnabled()
    window.workspaces.true_pixels()
    assert window.restore.canvas.view.zoom == 1.0
    assert window.restore.strip.zoom.text() == "100 %"
    left, top = window.restore.canvas.view.origin
    corner = window.restore.canvas.mapTo(window, QPoint(left, top))
    pixels = window.core.session.current.photo.pixels

    def same() -> None:
        window.restore.canvas.repaint()
        grab = window.screen().grabWindow(window.winId(), corner.x(), corner.y(), 160, 120).toImage()
        grab = grab.convertToFormat(QImage.Format.Format_RGB888)
        seen = np.frombuffer(grab.constBits(), np.uint8).reshape(120, grab.bytesPerLine())[:, :480]
        assert np.array_equal(seen.reshape(120, 160, 3), pixels)

    qtbot.waitUntil(same, timeout=LONG)


def test_result_is_asked_for_before_the_window_closes(window: Window, qtbot: QtBot, photo_file: Path) -> None:
    restored(qtbot, window, photo_file)
    window.close()
    assert window.isVisible()
    question = window.findChild(UnsavedQuestion)
    assert question is not None
    question.button(UnsavedQuestion.StandardButton.Cancel).click()
    assert window.isVisible()
    assert window.core.session.current.unsaved

    delete_closed()
    window.close()
    question = window.findChild(UnsavedQuestion)
    next(button for button in question.buttons() if "without" in button.text()).click()
    assert not window.isVisible()


def test_original_is_never_overwritten(window: Window, qtbot: QtBot, photo_file: Path) -> None:
    before = photo_file.read_bytes()
    restored(qtbot, window, photo_file)
    window.saver.write(window.core.session.current, photo_file, overwrite=True)
    assert "a photo.png" in window.restore.banner.sentence.text()
    other = photo_file.with_name("other.png")
    other.write_bytes(b"precious")
    window.restore.banner.hide()
    window.saver.write(window.core.session.current, other)
    qtbot.waitUntil(window.restore.banner.isVisible, timeout=LONG)
    assert "other.png" in window.restore.banner.sentence.text()
    assert other.read_bytes() == b"precious"
    assert photo_file.read_bytes() == before


def test_each_photo_keeps_its_own_result(
    window: Window, qtbot: QtBot, photo_file: Path, cat_file: Path
) -> None:
    opened(qtbot, window, photo_file, cat_file)
    choose_preset(window, Preset.DRAFT)
    restore_photo(qtbot, window)
    first = window.core.session.current
    QTest.keyClick(window, Qt.Key.Key_PageDown)
    wait_for_state(qtbot, window, DocumentState.READY)
    assert window.core.session.current.path == cat_file
    assert not window.restore.canvas.comparing
    assert first.after is None, "pictures out of view are let go"
    QTest.keyClick(window, Qt.Key.Key_PageUp)
    wait_for_state(qtbot, window, DocumentState.DONE)
    assert window.core.session.current is first
    assert window.restore.canvas.comparing


def test_leaving_a_photo_while_it_runs_does_not_lose_the_run(
    window: Window, qtbot: QtBot, photo_file: Path, cat_file: Path
) -> None:
    opened(qtbot, window, cat_file, photo_file)
    choose_preset(window, Preset.DRAFT)
    window.restore.start()
    running = window.core.session.current
    window.restore.photos.show_next()
    qtbot.waitUntil(lambda: running.result is not None, timeout=LONG)
    wait_for_state(qtbot, window, DocumentState.READY)
    assert not window.restore.canvas.comparing
    window.restore.photos.show_previous()
    wait_for_state(qtbot, window, DocumentState.DONE)
    assert window.restore.canvas.comparing


def test_picture_pasted_from_the_clipboard_is_restored(window: Window, qtbot: QtBot) -> None:
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkCyan)
    image.setPixelColor(3, 2, Qt.GlobalColor.white)
    QGuiApplication.clipboard().setImage(image)
    window.restore.photos.paste_photo()
    wait_for_state(qtbot, window, DocumentState.READY)
    photo = window.core.session.current.photo
    assert photo.size == (40, 30)
    assert tuple(photo.pixels[2, 3]) == (255, 255, 255)
    assert tuple(photo.pixels[0, 0]) == (0, 128, 128)
    QGuiApplication.clipboard().clear()
