"""The window fits its screen, and its parts fit the window, with the font sizes that desktops use."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QRect, QSettings, Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QScrollArea,
    QStyle,
    QWidget,
)
from pytestqt.qtbot import QtBot

from restorer.pipeline.request import Preset
from tests.processes import answer_of
from tests.ui.controls import controls
from tests.ui.driver import (
    LONG,
    choose_preset,
    open_photo,
    restore_photo,
    wait_for_state,
)
from tests.ui.foreign_language import settle
from ui.app import make_application
from ui.batch import table_model
from ui.batch.window import BatchWindow
from ui.help import about
from ui.i18n.language import Language
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.style.theme import Theme

KINDS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox)


def size_of(widget: QWidget) -> list[int]:
    return [widget.width(), widget.height()]


def shrink(points: float) -> dict[str, Any]:
    """Open the window with a font of some points, shrink it as far as it goes, and say what became of it."""
    app = make_application([])
    font = app.font()
    font.setPointSizeF(points)
    app.setFont(font)
    window = Window(Theme(app), QSettings(tempfile.mkdtemp() + "/none.ini", QSettings.Format.IniFormat))
    window._warm = True
    window.show()
    app.processEvents()
    room = window.screen().availableGeometry()
    said: dict[str, Any] = {"room": [room.width(), room.height()], "opened": size_of(window)}
    said["about"] = size_of(about.about_dialog(window))
    window.resize(1, 1)
    said["least"] = size_of(window)
    said["hint"] = [window.minimumSizeHint().width(), window.minimumSizeHint().height()]
    said["cut"] = []
    for side in (0, 1):
        window.workspaces.setCurrentIndex(side)
        app.processEvents()
        said["cut"] += [
            part.accessibleName() for part in window.findChildren(QWidget) if is_cut(window, part)
        ]
    window.close()
    return said


def is_cut(window: Window, part: QWidget) -> bool:
    """Whether a control reaches out of the window or is squeezed; what is scrolled may."""
    scrolled = window.restore.panel.isAncestorOf(part) and part.window() is window
    if not isinstance(part, KINDS) or not part.isVisible() or scrolled or part.objectName()[:3] == "qt_":
        return False
    corner = part.mapTo(window, QPoint(0, 0))
    return (
        corner.x() + part.width() > window.width()
        or corner.y() + part.height() > window.height()
        or part.width() < part.minimumSizeHint().width()
    )


def opened(points: float, display: str) -> dict[str, Any]:
    said: dict[str, Any] = answer_of(shrink, points, DISPLAY=display)
    return said


def within(size: list[int], limits: list[int]) -> bool:
    return size[0] <= limits[0] and size[1] <= limits[1]


@pytest.fixture(scope="module")
def small_screen() -> Iterator[str]:
    """DISPLAY of a screen of 1024 x 640 pixels."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1024x640x24", "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        number = pipe.readline().strip()
    assert number, "Xvfb did not start."
    yield f":{number.decode()}"
    process.terminate()
    process.wait()


@pytest.mark.parametrize("points", [9, 11])
def test_the_window_opens_within_a_small_screen(tiny_pack: str, small_screen: str, points: float) -> None:
    said = opened(points, small_screen)
    assert said["room"] == [1024, 640]
    assert within(said["opened"], said["room"])
    assert within(said["about"], said["room"])
    assert within(said["least"], said["room"])
    assert said["cut"] == []


def test_with_a_very_large_font_the_window_still_fits(tiny_pack: str, small_screen: str) -> None:
    said = opened(16, small_screen)
    assert within(said["opened"], said["room"])
    assert within(said["least"], said["room"])


def test_the_window_cannot_be_made_smaller_than_its_parts(tiny_pack: str, display: str) -> None:
    said = opened(11, display)
    assert within(said["hint"], said["least"])
    assert within(said["least"], [1024, 640])
    assert said["cut"] == []


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    (tmp_path / "scans").mkdir()
    for seed in range(3):
        pixels = np.random.default_rng(seed).integers(0, 256, (48, 36, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / "scans" / f"{seed}.png")
    return tmp_path / "scans"


def clipped(window: BatchWindow) -> list[str]:
    """Controls that are cut off by the window, squeezed, or out of the form's reach."""
    wrong = []
    (scroll,) = window.findChildren(QScrollArea)
    for widget in controls(window):
        if not widget.isVisible():
            continue
        least = widget.minimumSizeHint()
        inside = scroll.isAncestorOf(widget)
        frame = scroll.widget() if inside else window
        place = QRect(widget.mapTo(frame, QPoint(0, 0)), widget.size())
        if inside and frame.width() > scroll.viewport().width():
            wrong.append("the form is wider than its place")
        if not frame.rect().contains(place) or widget.height() < least.height() > 0:
            wrong.append(f"{widget.accessibleName()} at {place} of {frame.rect()}")
        if isinstance(widget, QAbstractButton) and widget.width() < least.width():
            wrong.append(f"{widget.accessibleName()} is {widget.width()} wide, of {least.width()}")
    return wrong


@pytest.mark.parametrize("points", [9, 11])
@pytest.mark.parametrize("language", [Language.ENGLISH, Language.CHINESE])
def test_nothing_of_the_batch_window_is_clipped_at_1024_by_640(
    window: Window, qtbot: QtBot, tiny_pack: str, scans: Path, points: int, language: Language
) -> None:
    before = QApplication.font()
    font = QFont(before)
    font.setPointSize(points)
    QApplication.setFont(font)
    try:
        window.app_actions.set_language(language)
        settle()
        window.batch.model = tiny_pack
        batch = window.batch.open()
        batch.add([scans])
        batch.resize(1024, 640)
        settle()
        assert (batch.width(), batch.height()) == (1024, 640)
        assert clipped(batch) == []
        for column in range(batch.table.columnCount()):
            assert batch.view.columnWidth(column) >= 3 * batch.fontMetrics().height() - 1
        right = batch.view.columnViewportPosition(table_model.MESSAGE)
        assert right + batch.view.columnWidth(table_model.MESSAGE) <= batch.view.viewport().width()
        assert batch.view.viewport().height() > 4 * batch.fontMetrics().height()
        for box in batch.form.types.values():
            box.setFocus()
            settle()
            assert not box.visibleRegion().isEmpty()
            assert box.visibleRegion().boundingRect().height() == box.height(), "the form scrolls to it"
        batch.close()
    finally:
        QApplication.setFont(before)


@pytest.fixture
def finished(window: Window, qtbot: QtBot, photo_file: Path, cat_file: Path) -> Window:
    """The window with two photos, a result in view, and everything unfolded."""
    window.core.photos.open([photo_file, cat_file])
    wait_for_state(qtbot, window, DocumentState.READY)
    choose_preset(window, Preset.DRAFT)
    restore_photo(qtbot, window)
    return window


@pytest.mark.parametrize("language", [Language.ENGLISH, Language.CHINESE])
def test_nothing_is_clipped_at_1024_by_640(finished: Window, qtbot: QtBot, language: Language) -> None:
    finished.app_actions.set_language(language)
    QApplication.processEvents()
    finished.resize(1024, 640)
    QApplication.processEvents()
    assert (finished.width(), finished.height()) == (1024, 640)
    clipped = []
    for widget in controls(finished):
        if not widget.isVisible() or isinstance(widget, QAbstractItemView):
            continue
        corner = widget.mapTo(finished, QPoint(0, 0))
        scrolled = (
            finished.restore.panel.isAncestorOf(widget) and corner.y() + widget.height() > finished.height()
        )
        inside = corner.x() >= 0 and corner.x() + widget.width() <= finished.width()
        if not inside or (widget.width() < widget.minimumSizeHint().width() and not scrolled):
            clipped.append((widget.accessibleName(), widget.geometry(), widget.minimumSizeHint()))
    assert not clipped
    assert finished.restore.canvas.height() > 200


def measure() -> list[float]:
    """Pixels of the screen to one of the window, and the least width and height of it, set and wanted."""
    app = make_application([])
    window = Window(Theme(app), QSettings(tempfile.mkdtemp() + "/none.ini", QSettings.Format.IniFormat))
    window._warm = True
    window.show()
    app.processEvents()
    least, hint = window.minimumSize(), window.minimumSizeHint()
    ratio = window.devicePixelRatioF()
    window.close()
    return [ratio, least.width(), least.height(), hint.width(), hint.height()]


@pytest.mark.parametrize("factor", ["1.25", "1.5", "2"])
def test_layout_holds_at_larger_scales(tiny_pack: str, factor: str) -> None:
    ratio, *sizes = answer_of(measure, QT_SCALE_FACTOR=factor)
    assert ratio == float(factor)
    assert max(sizes[0], sizes[2]) * 1.0 <= 1024, "logical pixels; 2048 of the screen's at 200 %"
    assert max(sizes[1], sizes[3]) <= 640


def test_nothing_is_clipped(window: Window, qtbot: QtBot, photo_file: Path) -> None:
    open_photo(qtbot, window, photo_file)
    restore_photo(qtbot, window)
    window.restore.panel.advanced.heading.setChecked(True)
    panel = window.restore.panel
    for width, height in ((1024, 640), (1600, 1000)):
        window.resize(width, height)
        QApplication.processEvents()
        for widget in (panel.restore_button, panel.save_button, window.restore.strip.zoom, panel.fidelity):
            inside = widget.mapTo(window, QPoint(0, 0))
            assert widget.isVisible()
            assert window.rect().contains(inside)
            assert window.rect().contains(inside + QPoint(widget.width() - 1, widget.height() - 1))
            assert widget.width() >= widget.minimumSizeHint().width()


@pytest.mark.parametrize("size", [(1280, 800), (1366, 768)])
@pytest.mark.parametrize("language", [Language.ENGLISH, Language.CHINESE])
def test_what_a_run_takes_is_read_whole_beside_a_warning(
    window: Window, qtbot: QtBot, photo_file: Path, size: tuple[int, int], language: Language
) -> None:
    """It was the last line of what scrolls, and a warning below cut through it."""
    window.app_actions.set_language(language)
    window.resize(*size)
    open_photo(qtbot, window, photo_file)
    qtbot.waitUntil(lambda: window.restore.panel.isVisible(), timeout=LONG)  # built anew in the language
    panel = window.restore.panel
    panel.show_warning("3 faces are too small to be known at this size, and are left as they are. " * 2)
    panel.show_estimate("Takes roughly 56 s and 0.6 GB of memory; the first run will tell.")
    panel.layout().activate()  # and nothing else, for the window says what it thinks of the photo, too
    for label in (panel.warning, panel._estimate):
        assert label.isVisible()
        assert not panel._scroll.isAncestorOf(label), "what scrolls may be out of sight"
        assert panel.rect().contains(QRect(label.mapTo(panel, QPoint(0, 0)), label.size()))
        assert label.height() >= label.heightForWidth(label.width())


def test_the_first_key_opens_a_photo_and_the_next_are_the_pictures(
    window: Window, qtbot: QtBot, cat_file: Path
) -> None:
    button = window.restore.welcome.open_button
    qtbot.waitUntil(button.hasFocus, timeout=LONG)
    asked: list[bool] = []
    window.restore.welcome.open_asked.disconnect()
    window.restore.welcome.open_asked.connect(lambda: asked.append(True))
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return):
        QTest.keyClick(button, key)
    assert asked == [True, True]
    open_photo(qtbot, window, cat_file)
    assert window.restore.canvas.hasFocus()


def test_buttons_of_dialogs_have_no_pictures(window: Window, qtbot: QtBot) -> None:
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    assert all(button.icon().isNull() for button in box.buttons())
    folder = box.style().standardIcon(QStyle.StandardPixmap.SP_DirIcon)
    assert not folder.isNull(), "the file dialog still has its own"
