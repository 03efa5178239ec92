"""Another language changes the words and nothing else that is seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.driver import LONG, click, delete_closed, open_photo, restore_photo, wait_for_state
from ui.canvas.pane_layout import Mode
from ui.i18n.language import Language
from ui.main_window.window import Window
from ui.model.document import DocumentState


def switch(window: Window, qtbot: QtBot, language: Language) -> None:
    """Choose a language, as the menu does, and let the new window settle."""
    canvas = window.restore.canvas
    window.app_actions.set_language(language)
    qtbot.waitUntil(lambda: window.restore.canvas is not canvas, timeout=LONG)
    delete_closed()
    for _ in range(5):
        QApplication.processEvents()


@pytest.fixture
def finished(window: Window, qtbot: QtBot, cat_file: Path) -> Window:
    open_photo(qtbot, window, cat_file)
    restore_photo(qtbot, window)
    return window


def test_the_comparison_is_looked_at_as_before(finished: Window, qtbot: QtBot) -> None:
    QTest.keyClick(finished, Qt.Key.Key_S)
    QTest.keyClick(finished, Qt.Key.Key_L)
    assert finished.restore.canvas.mode is Mode.SIDE
    finished.restore.canvas.zoom_to(3.0)
    QTest.keyClick(finished.restore.canvas, Qt.Key.Key_Right)
    QTest.keyClick(finished.restore.canvas, Qt.Key.Key_Down)
    view = finished.restore.canvas.view
    assert view.centre != (320, 240)
    for language, zoom in ((Language.CHINESE, "300%"), (Language.ENGLISH, "300 %")):
        switch(finished, qtbot, language)
        assert finished.restore.canvas.view.zoom == view.zoom == 3.0
        assert finished.restore.canvas.view.centre == pytest.approx(view.centre)
        assert finished.restore.strip.zoom.text() == zoom
        assert finished.restore.canvas.mode is Mode.SIDE
        assert finished.restore.compare.modes[Mode.SIDE].isChecked()
        assert finished.restore.compare.loupe.isChecked()


def test_divider_and_before_only_stay(finished: Window, qtbot: QtBot) -> None:
    canvas = finished.restore.canvas
    start = QPoint(canvas.divider_x(), canvas.height() // 2)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(canvas, start - QPoint(90, 0))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start - QPoint(90, 0))
    QTest.keyClick(finished, Qt.Key.Key_B)
    place = canvas.divider
    switch(finished, qtbot, Language.CHINESE)
    assert finished.restore.canvas.divider == place != 0.5
    assert finished.restore.compare.before_only.isChecked()
    QTest.keyClick(finished, Qt.Key.Key_B)
    assert finished.restore.canvas.divider_x() == start.x() - 90


def test_what_is_unfolded_and_what_is_said_stay(finished: Window, qtbot: QtBot, tmp_path: Path) -> None:
    click(finished.restore.panel.advanced.heading)
    finished.generate.panel.fresh.setChecked(False)
    finished.restore.banner.say("Something is wrong.")
    switch(finished, qtbot, Language.CHINESE)
    assert finished.restore.panel.more.isVisible()
    assert not finished.generate.panel.fresh.isChecked()
    assert finished.restore.banner.isVisible()
    assert finished.restore.banner.sentence.text() == "Something is wrong."
    assert finished.restore.canvas.rect().contains(finished.restore.banner.geometry())
    finished.workspaces.cancel()
    switch(finished, qtbot, Language.ENGLISH)
    assert not finished.restore.banner.isVisible()


def test_an_open_cropper_stays_open_where_it_was(window: Window, qtbot: QtBot, cat_file: Path) -> None:
    window.core.photos.open([cat_file])
    wait_for_state(qtbot, window, DocumentState.READY)
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    sheet = window.restore.edits.cropper.sheet
    QTest.keyClick(sheet, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    for _ in range(20):
        QTest.keyClick(sheet, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    window.restore.edits.cropper.angle.setValue(2.5)
    frame = QRectF(sheet.frame)
    assert frame.width() < 0.9
    switch(window, qtbot, Language.CHINESE)
    cropper = window.restore.edits.cropper
    assert cropper.isVisible()
    assert cropper.apply_button.text() == "应用"
    assert cropper.sheet.frame == frame
    assert (cropper.angle.value(), cropper.sheet.degrees) == (2.5, 2.5)
    assert cropper.geometry() == window.restore.canvas.rect()
    QTest.keyClick(cropper.sheet, Qt.Key.Key_Return)
    wait_for_state(qtbot, window, DocumentState.READY)
    assert len(window.core.session.current.edits) == 2


def test_the_generating_side_stays_in_view(room: Window, qtbot: QtBot) -> None:
    room.generate.banner.note("Worth knowing.")
    switch(room, qtbot, Language.CHINESE)
    assert room.workspaces.generating
    assert room.generate.banner.isVisible()
    assert not room.restore.banner.isVisible()
