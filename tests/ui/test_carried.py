"""Another language changes the words and nothing else that is seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from restorer.pipeline.request import Preset
from ui.canvas.pane_layout import Mode
from ui.i18n.language import Language
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.restore.control_panel import PRESETS

LONG = 120_000


def switch(window: Window, qtbot: QtBot, language: Language) -> None:
    """Choose a language, as the menu does, and let the new window settle."""
    canvas = window.canvas
    window.desk.set_language(language)
    qtbot.waitUntil(lambda: window.canvas is not canvas, timeout=LONG)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for _ in range(5):
        QApplication.processEvents()


@pytest.fixture
def finished(window: Window, qtbot: QtBot, cat_file: Path) -> Window:
    window.open_paths([cat_file])
    qtbot.waitUntil(lambda: window.session.current.state is DocumentState.READY, timeout=LONG)
    window.panel.preset.choose(PRESETS.index(Preset.DRAFT))
    window.restore()
    qtbot.waitUntil(lambda: window.session.current.state is DocumentState.DONE, timeout=LONG)
    return window


def test_the_comparison_is_looked_at_as_before(finished: Window, qtbot: QtBot) -> None:
    QTest.keyClick(finished, Qt.Key.Key_S)
    QTest.keyClick(finished, Qt.Key.Key_L)
    assert finished.canvas.mode is Mode.SIDE
    finished.canvas.zoom_to(3.0)
    QTest.keyClick(finished.canvas, Qt.Key.Key_Right)
    QTest.keyClick(finished.canvas, Qt.Key.Key_Down)
    view = finished.canvas.view
    assert view.centre != (320, 240)
    for language in (Language.CHINESE, Language.ENGLISH):
        switch(finished, qtbot, language)
        assert finished.canvas.view.zoom == view.zoom == 3.0
        assert finished.canvas.view.centre == pytest.approx(view.centre)
        assert finished.strip.zoom.text() == "300 %"
        assert finished.canvas.mode is Mode.SIDE
        assert finished.compare.modes[Mode.SIDE].isChecked()
        assert finished.compare.loupe.isChecked()


def test_divider_and_before_only_stay(finished: Window, qtbot: QtBot) -> None:
    canvas = finished.canvas
    start = QPoint(canvas.divider_x(), canvas.height() // 2)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(canvas, start - QPoint(90, 0))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start - QPoint(90, 0))
    QTest.keyClick(finished, Qt.Key.Key_B)
    place = canvas.divider
    switch(finished, qtbot, Language.CHINESE)
    assert finished.canvas.divider == place != 0.5
    assert finished.actions_.before_only.isChecked()
    QTest.keyClick(finished, Qt.Key.Key_B)
    assert finished.canvas.divider_x() == start.x() - 90


def test_what_is_unfolded_and_what_is_said_stay(finished: Window, qtbot: QtBot, tmp_path: Path) -> None:
    QTest.mouseClick(finished.panel.advanced.heading, Qt.MouseButton.LeftButton)
    finished.generate.panel.fresh.setChecked(False)
    finished.banner.say("Something is wrong.")
    switch(finished, qtbot, Language.CHINESE)
    assert finished.panel.more.isVisible()
    assert not finished.generate.panel.fresh.isChecked()
    assert finished.banner.isVisible()
    assert finished.banner.sentence.text() == "Something is wrong."
    assert finished.canvas.rect().contains(finished.banner.geometry())
    finished.cancel()
    switch(finished, qtbot, Language.ENGLISH)
    assert not finished.banner.isVisible()


def test_an_open_cropper_stays_open_where_it_was(window: Window, qtbot: QtBot, cat_file: Path) -> None:
    window.open_paths([cat_file])
    qtbot.waitUntil(lambda: window.session.current.state is DocumentState.READY, timeout=LONG)
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    sheet = window.retouch.cropper.sheet
    QTest.keyClick(sheet, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    for _ in range(20):
        QTest.keyClick(sheet, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    window.retouch.cropper.angle.setValue(2.5)
    frame = QRectF(sheet.frame)
    assert frame.width() < 0.9
    switch(window, qtbot, Language.CHINESE)
    cropper = window.retouch.cropper
    assert cropper.isVisible()
    assert cropper.apply_button.text() == "应用"
    assert cropper.sheet.frame == frame
    assert (cropper.angle.value(), cropper.sheet.degrees) == (2.5, 2.5)
    assert cropper.geometry() == window.canvas.rect()
    QTest.keyClick(cropper.sheet, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session.current.state is DocumentState.READY, timeout=LONG)
    assert len(window.session.current.edits) == 2


def test_the_generating_side_stays_in_view(room: Window, qtbot: QtBot) -> None:
    room.generate.banner.note("Worth knowing.")
    switch(room, qtbot, Language.CHINESE)
    assert room.rooms.generating
    assert room.generate.banner.isVisible()
    assert not room.banner.isVisible()
