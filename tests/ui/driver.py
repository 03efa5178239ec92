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
from ui.app_core import AppCore
from ui.main_window.window import Window
from ui.model.document import Document, DocumentState
from ui.model.options import RestoreOptions
from ui.restore.control_panel import PRESETS

PREVIEW_SIDE = 256  # pixels, of a canvas that is not there
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
    window.core.photos.open([path])
    wait_for_state(qtbot, window, DocumentState.READY)
    choose_preset(window, preset)
    document = window.core.session.current
    assert document is not None
    return document


def restore_photo(qtbot: QtBot, window: Window) -> Document:
    """Restore the photo in view, and wait for its result."""
    document = window.core.session.current
    assert document is not None
    before = document.result
    window.restore.start()
    wait_for_state(qtbot, window, DocumentState.DONE)
    assert document.result is not before
    return document


def open_in_core(qtbot: QtBot, core: AppCore, path: Path) -> Document:
    """Open a file without a window, and wait until its photo is read."""
    core.photos.open([path])
    wait_for_state(qtbot, core, DocumentState.READY)
    document = core.session.current
    assert document is not None
    return document


def restore_with_seed(qtbot: QtBot, owner: Window | AppCore, seed: int) -> np.ndarray:
    """Restore the photo in view, by a core as a draft; returns a copy of the pixels."""
    core = owner if isinstance(owner, AppCore) else owner.core
    document = core.session.current
    assert document is not None
    if isinstance(owner, AppCore):
        core.runs.restore(document, RestoreOptions(preset=Preset.DRAFT, seed=seed), PREVIEW_SIDE)
    else:
        owner.restore.panel.seed.setValue(seed)
        owner.restore.start()

    def is_done() -> bool:
        result = document.result
        return document.state is DocumentState.DONE and result is not None and result.seed == seed

    qtbot.waitUntil(is_done, timeout=LONG)
    assert document.result is not None
    return document.result.photo.pixels.copy()


def restore_variations(qtbot: QtBot, window: Window, path: Path, count: int) -> None:
    """Open a photo and restore it with `count` seeds from 11 on, each free to differ."""
    open_photo(qtbot, window, path)
    panel = window.restore.panel
    panel.fidelity.setValue(20)
    panel.seed.setValue(11)
    panel.more.variations.choose(count - 1)
    panel.more.changed.emit()
    click(panel.restore_button)
    wait_for_state(qtbot, window, DocumentState.DONE)


def pause_out_of_view(qtbot: QtBot, window: Window, first: Document, second: Document) -> None:
    """Let the first photo's run pause, and the second come into view."""
    window.core.session.show(first)
    qtbot.waitUntil(lambda: first.at_rest, timeout=LONG)
    window.restore.start()
    click(window.restore.panel.run_buttons.pause)
    assert first.state is DocumentState.PAUSED
    window.core.session.show(second)
    qtbot.waitUntil(lambda: second.at_rest, timeout=LONG)


def wait_for_size(qtbot: QtBot, window: Window, size: tuple[int, int]) -> None:
    """Wait until the photo in view rests and has a size, as after an edit."""

    def is_there() -> None:
        document = window.core.session.current
        assert document is not None
        assert document.at_rest
        assert document.photo is not None
        assert document.photo.size == size
        assert document.original is not None
        assert document.original.size == size

    qtbot.waitUntil(is_there, timeout=LONG)


def seeds_in_memory(document: Document) -> list[int]:
    """Seeds of the results whose pixels are in memory, the latest seen first."""
    return [record.figures.seed for record in document.results if record.done is not None]


def names(window: Window) -> list[str]:
    """The photos of the row, in order."""
    return [document.name for document in window.core.session.documents]


def dialog_of(window: Window, kind: type) -> QWidget:
    """The dialog of a kind that was opened last."""
    return window.findChildren(kind)[-1]


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def press(question: QMessageBox, word: str) -> None:
    """Answer a question with the button whose text has the word."""
    next(button for button in question.buttons() if word in button.text()).click()
    delete_closed()


def delete_closed() -> None:
    """Let go what was closed, as the event loop does a moment later."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def take_keys(qtbot: QtBot, window: Window) -> None:
    """Give the window the keys after a dialog was closed, as a window manager does; there is none here."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=LONG)


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
