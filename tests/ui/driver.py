"""What a person does in the window and what a test waits for, in one call each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from restorer.pipeline.request import Preset
from ui.core import AppCore
from ui.main_window.window import Window
from ui.model.document import Document, DocumentState
from ui.restore.control_panel import PRESETS

LONG = 180_000  # ms; the machine may be busy, and some tests wait for another process


def wait_for_state(qtbot: QtBot, owner: Window | AppCore, state: DocumentState) -> None:
    """Wait until the photo in view is in a state."""
    core = owner if isinstance(owner, AppCore) else owner.core

    def is_there() -> None:
        assert core.session.current is not None
        assert core.session.current.state is state

    qtbot.waitUntil(is_there, timeout=LONG)


def choose_preset(window: Window, preset: Preset) -> None:
    window.restore.panel.preset.choose(PRESETS.index(preset))


def open_photo(qtbot: QtBot, window: Window, path: Path, preset: Preset = Preset.DRAFT) -> Document:
    """Open a file, wait until its photo is read, and choose how well it is to be restored."""
    window.core.runs.open([path])
    wait_for_state(qtbot, window, DocumentState.READY)
    choose_preset(window, preset)
    document = window.core.session.current
    assert document is not None
    return document


def restore_photo(qtbot: QtBot, window: Window) -> Document:
    """Restore the photo in view, and wait for its result."""
    window.restore.start()
    wait_for_state(qtbot, window, DocumentState.DONE)
    document = window.core.session.current
    assert document is not None
    return document


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def press(question: QMessageBox, word: str) -> None:
    """Answer a question with the button whose text has the word."""
    next(button for button in question.buttons() if word in button.text()).click()
    delete_closed()


def delete_closed() -> None:
    """Let go what was closed, as the event loop does a moment later."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def drop_files(widget: QWidget, *paths: Path) -> None:
    """Drag files over the middle of a widget and let them fall."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    middle = widget.rect().center()
    entering = QDragEnterEvent(middle, copy, mime, left, none)
    QApplication.sendEvent(widget, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(widget, QDropEvent(QPointF(middle), copy, mime, left, none, QEvent.Type.Drop))


def pixels_of(image: QImage) -> np.ndarray:
    """A picture as (h, w, 3) uint8."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()


def seen(widget: QWidget) -> np.ndarray:
    """What a widget shows, as (h, w, 3) uint8."""
    return pixels_of(widget.grab().toImage())
