"""What other programs get from the clipboard is the result, and nothing of how it is shown here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from restorer.opencv import opencv
from restorer.pipeline.request import Preset
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.restore.control_panel import PRESETS

LONG = 60_000


def clear_at_the_left(path: Path, kind: str) -> Path:
    """A picture of 32 x 24 pixels whose left half is see-through, and whose rest grows opaque."""
    rng = np.random.default_rng(5)
    colours = rng.integers(0, 256, (24, 32, 3), dtype=np.uint8)
    alpha = np.tile(np.linspace(0, 255, 32).astype(np.uint8), (24, 1))
    alpha[:, :16] = 0
    if kind == "grey":
        Image.fromarray(np.dstack((colours[..., 0], alpha)), "LA").save(path)
    elif kind == "8 bits":
        Image.fromarray(np.dstack((colours, alpha))).save(path)
    else:
        assert opencv().imwrite(str(path), np.dstack((colours, alpha)).astype(np.uint16) * 257)
    return path


def restore(window: Window, qtbot: QtBot, path: Path) -> None:
    window.core.runs.open([path])
    qtbot.waitUntil(lambda: window.core.session.current.state is DocumentState.READY, timeout=LONG)
    window.restore.panel.preset.choose(PRESETS.index(Preset.DRAFT))
    window.restore.start()
    qtbot.waitUntil(lambda: window.core.session.current.state is DocumentState.DONE, timeout=LONG)


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 4].reshape(image.height(), image.width(), 4).copy()


@pytest.mark.parametrize("kind", ["8 bits", "16 bits", "grey"])
def test_what_is_copied_of_a_transparent_picture_is_transparent(
    window: Window, qtbot: QtBot, tmp_path: Path, kind: str
) -> None:
    restore(window, qtbot, clear_at_the_left(tmp_path / "cut out.png", kind))
    photo = window.core.session.current.result.photo
    assert photo.alpha is not None
    QTest.keyClick(window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = pixels(QGuiApplication.clipboard().image())
    QGuiApplication.clipboard().clear()
    whole = np.dstack((np.broadcast_to(photo.pixels, (*photo.pixels.shape[:2], 3)), photo.alpha))
    full = np.iinfo(whole.dtype).max
    assert copied.shape == (96, 128, 4)
    assert np.array_equal(copied, (whole.astype(np.uint32) * 255 + full // 2) // full)
    assert (copied[:, :40, 3] == 0).all()


def test_what_is_copied_of_an_opaque_photo_is_the_photo(
    window: Window, qtbot: QtBot, photo_file: Path
) -> None:
    restore(window, qtbot, photo_file)
    QTest.keyClick(window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = pixels(QGuiApplication.clipboard().image())
    QGuiApplication.clipboard().clear()
    assert np.array_equal(copied[..., :3], window.core.session.current.result.photo.pixels)


def test_a_click_on_the_handle_copies_the_file_as_soon_as_it_is_written(
    window: Window, qtbot: QtBot, photo_file: Path
) -> None:
    restore(window, qtbot, photo_file)
    QGuiApplication.clipboard().clear()
    handle = window.restore.strip.handle
    assert handle.path is None
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().mimeData().hasUrls(), timeout=LONG)
    copied = Path(QGuiApplication.clipboard().mimeData().urls()[0].toLocalFile())
    QGuiApplication.clipboard().clear()
    assert copied == handle.path
    assert copied.is_file()
    assert "on the clipboard" in window.restore.strip.status.whole
