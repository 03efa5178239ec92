"""What the banner says of one photo goes and comes with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.driver import LONG, delete_closed, wait_for_state
from ui.i18n.language import Language
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.widgets import banner


@pytest.fixture
def spoilt(window: Window, qtbot: QtBot, tmp_path: Path, photo_file: Path) -> Window:
    """The window with a file in view that is no photo, and a photo after it."""
    bad = tmp_path / "bad.jpg"
    bad.write_text("no photo")
    window.core.photos.open([bad, photo_file])
    qtbot.waitUntil(window.restore.banner.isVisible, timeout=LONG)
    assert "bad.jpg" in window.restore.banner.sentence.text()
    return window


def test_what_is_said_of_a_photo_goes_with_it(spoilt: Window, qtbot: QtBot) -> None:
    QTest.keyClick(spoilt, Qt.Key.Key_PageDown)
    wait_for_state(qtbot, spoilt, DocumentState.READY)
    assert not spoilt.restore.banner.isVisible()


def test_it_goes_when_its_photo_is_closed(spoilt: Window, qtbot: QtBot) -> None:
    QTest.keyClick(spoilt, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    wait_for_state(qtbot, spoilt, DocumentState.READY)
    assert not spoilt.restore.banner.isVisible()


def test_it_stays_with_its_photo_in_another_language(spoilt: Window, qtbot: QtBot) -> None:
    canvas = spoilt.restore.canvas
    spoilt.app_actions.set_language(Language.CHINESE)
    qtbot.waitUntil(lambda: spoilt.restore.canvas is not canvas, timeout=LONG)
    delete_closed()
    qtbot.waitUntil(spoilt.restore.banner.isVisible, timeout=LONG)
    QTest.keyClick(spoilt, Qt.Key.Key_PageDown)
    wait_for_state(qtbot, spoilt, DocumentState.READY)
    assert not spoilt.restore.banner.isVisible()


def test_what_is_said_of_no_photo_stays(
    window: Window, qtbot: QtBot, photo_file: Path, cat_file: Path
) -> None:
    window.core.photos.open([photo_file, cat_file])
    wait_for_state(qtbot, window, DocumentState.READY)
    window.core.runs.warned.emit("The disk is full.")
    QTest.keyClick(window, Qt.Key.Key_PageDown)
    wait_for_state(qtbot, window, DocumentState.READY)
    assert window.restore.banner.isVisible()


def test_a_note_goes_by_itself_and_trouble_stays(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(banner, "NOTE_MS", 200)
    shown = window.restore.banner
    shown.note("Two photos were opened.")
    assert shown.isVisible()
    qtbot.waitUntil(lambda: not shown.isVisible(), timeout=LONG)
    shown.note("Two photos were opened.")
    shown.say("The disk is full.")
    qtbot.wait(600)
    assert shown.isVisible()
    shown.hide()
