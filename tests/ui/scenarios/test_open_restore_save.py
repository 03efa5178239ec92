"""The window on a real X server, with the real engine: what a person does and gets."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QWidget,
)
from pytestqt.qtbot import QtBot

from restorer.pipeline.request import Preset
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.restore.control_panel import PRESETS
from ui.widgets.dialogs import UnsavedQuestion

LONG = 120_000  # ms; the machine may be busy


def drop(window: Window, *paths: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    middle = window.rect().center()
    left = Qt.MouseButton.LeftButton
    entering = QDragEnterEvent(middle, Qt.DropAction.CopyAction, mime, left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, entering)
    assert entering.isAccepted()
    dropping = QDropEvent(
        QPointF(middle),
        Qt.DropAction.CopyAction,
        mime,
        left,
        Qt.KeyboardModifier.NoModifier,
        QEvent.Type.Drop,
    )
    QApplication.sendEvent(window, dropping)


def wait_for(qtbot: QtBot, window: Window, state: DocumentState) -> None:
    def there() -> None:
        assert window.core.session.current is not None
        assert window.core.session.current.state is state

    qtbot.waitUntil(there, timeout=LONG)


def opened(qtbot: QtBot, window: Window, *paths: Path) -> None:
    window.core.runs.open(paths)
    wait_for(qtbot, window, DocumentState.READY)


def restored(qtbot: QtBot, window: Window, path: Path) -> None:
    opened(qtbot, window, path)
    window.restore.panel.preset.choose(PRESETS.index(Preset.DRAFT))
    window.restore.start()
    wait_for(qtbot, window, DocumentState.DONE)


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
    drop(window, cat_file)
    wait_for(qtbot, window, DocumentState.READY)
    window.restore.panel.preset.choose(PRESETS.index(Preset.BEST))
    QTest.mouseClick(window.restore.panel.restore_button, Qt.MouseButton.LeftButton)
    wait_for(qtbot, window, DocumentState.RUNNING)
    wait_for(qtbot, window, DocumentState.DONE)
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
    window: Window, qtbot: QtBot, cat_file: Path
) -> None:
    opened(qtbot, window, cat_file)
    document = window.core.session.current
    window.restore.panel.preset.choose(PRESETS.index(Preset.BEST))
    window.restore.start()
    qtbot.waitUntil(lambda: document.live is not None, timeout=LONG)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert document.state is DocumentState.CANCELLING
    wait_for(qtbot, window, DocumentState.READY)
    assert document.result is None
    assert not window.restore.canvas.comparing
    assert window.core.runs.engine.thread_.isRunning()
    window.restore.panel.preset.choose(PRESETS.index(Preset.DRAFT))
    window.restore.start()
    wait_for(qtbot, window, DocumentState.DONE)
    assert document.result.photo.size == (640, 480)


def test_text_file_named_jpg_is_refused_with_a_sentence_and_life_goes_on(
    window: Window, qtbot: QtBot, tmp_path: Path, cat_file: Path
) -> None:
    bad = tmp_path / "letter.jpg"
    bad.write_text("Dear Emma, this is no photograph.")
    drop(window, bad)
    qtbot.waitUntil(window.restore.banner.isVisible, timeout=LONG)
    assert "letter.jpg" in window.restore.banner.sentence.text()
    assert "Traceback" not in window.restore.banner.sentence.text()
    assert QApplication.activeModalWidget() is None
    assert window.core.session.current.state is DocumentState.FAILED
    assert not window.restore.panel.restore_button.isEnabled()
    drop(window, cat_file)
    wait_for(qtbot, window, DocumentState.READY)


def test_folder_without_photos_is_named_in_the_banner(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "holidays 1911"
    folder.mkdir()
    (folder / "notes.txt").write_text("sunny")
    drop(window, folder)
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

    qtbot.waitUntil(same, timeout=5000)


def test_result_is_asked_for_before_the_window_closes(window: Window, qtbot: QtBot, photo_file: Path) -> None:
    restored(qtbot, window, photo_file)
    window.close()
    assert window.isVisible()
    question = window.findChild(UnsavedQuestion)
    assert question is not None
    question.button(UnsavedQuestion.StandardButton.Cancel).click()
    assert window.isVisible()
    assert window.core.session.current.unsaved

    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
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
    window.restore.panel.preset.choose(PRESETS.index(Preset.DRAFT))
    window.restore.start()
    wait_for(qtbot, window, DocumentState.DONE)
    first = window.core.session.current
    QTest.keyClick(window, Qt.Key.Key_PageDown)
    wait_for(qtbot, window, DocumentState.READY)
    assert window.core.session.current.path == cat_file
    assert not window.restore.canvas.comparing
    assert first.after is None, "pictures out of view are let go"
    QTest.keyClick(window, Qt.Key.Key_PageUp)
    wait_for(qtbot, window, DocumentState.DONE)
    assert window.core.session.current is first
    assert window.restore.canvas.comparing


def test_leaving_a_photo_while_it_runs_does_not_lose_the_run(
    window: Window, qtbot: QtBot, photo_file: Path, cat_file: Path
) -> None:
    opened(qtbot, window, cat_file, photo_file)
    window.restore.panel.preset.choose(PRESETS.index(Preset.DRAFT))
    window.restore.start()
    running = window.core.session.current
    window.restore.photos.show_next()
    qtbot.waitUntil(lambda: running.result is not None, timeout=LONG)
    wait_for(qtbot, window, DocumentState.READY)
    assert not window.restore.canvas.comparing
    window.restore.photos.show_previous()
    wait_for(qtbot, window, DocumentState.DONE)
    assert window.restore.canvas.comparing


def test_picture_pasted_from_the_clipboard_is_restored(window: Window, qtbot: QtBot) -> None:
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkCyan)
    image.setPixelColor(3, 2, Qt.GlobalColor.white)
    QGuiApplication.clipboard().setImage(image)
    window.restore.photos.paste_photo()
    wait_for(qtbot, window, DocumentState.READY)
    photo = window.core.session.current.photo
    assert photo.size == (40, 30)
    assert tuple(photo.pixels[2, 3]) == (255, 255, 255)
    assert tuple(photo.pixels[0, 0]) == (0, 128, 128)
    QGuiApplication.clipboard().clear()


def test_every_interactive_widget_has_a_name_and_takes_the_focus(window: Window) -> None:
    kinds = (QAbstractButton, QAbstractSlider, QAbstractSpinBox)
    inner = ("qt_", "spinbox", "ScrollLeft", "ScrollRight")
    found: list[QWidget] = [window.restore.canvas]
    for widget in window.findChildren(QWidget):
        if isinstance(widget, kinds) and not widget.objectName().startswith(inner):
            parents = widget.parent()
            if parents is not None and parents.objectName().startswith("qt_"):
                continue
            found.append(widget)
    assert len(found) > 12
    nameless = [widget for widget in found if not widget.accessibleName()]
    unreachable = [widget for widget in found if widget.focusPolicy() == Qt.FocusPolicy.NoFocus]
    assert not nameless
    assert not unreachable
    assert all(widget.toolTip() for widget in found if isinstance(widget, QAbstractButton))


@pytest.mark.parametrize(("width", "height"), [(1024, 640), (1600, 1000)])
def test_nothing_is_clipped(window: Window, qtbot: QtBot, photo_file: Path, width: int, height: int) -> None:
    window.resize(width, height)
    restored(qtbot, window, photo_file)
    window.restore.panel.advanced.heading.setChecked(True)
    QApplication.processEvents()
    for widget in (
        window.restore.panel.restore_button,
        window.restore.panel.save_button,
        window.restore.strip.zoom,
        window.restore.panel.fidelity,
    ):
        inside = widget.mapTo(window, QPoint(0, 0))
        assert widget.isVisible()
        assert window.rect().contains(inside)
        assert window.rect().contains(inside + QPoint(widget.width() - 1, widget.height() - 1))
        assert widget.width() >= widget.minimumSizeHint().width()
