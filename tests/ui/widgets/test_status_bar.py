"""The words around the picture: the honest line has room, and what is said of one photo goes with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from restorer.pipeline.request import Preset
from ui.i18n.language import Language
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.restore.control_panel import PRESETS
from ui.widgets.status_bar import LINES, broken

LONG = 120_000


def wait_for(qtbot: QtBot, window: Window, state: DocumentState) -> None:
    qtbot.waitUntil(lambda: window.core.session.current.state is state, timeout=LONG)


@pytest.fixture
def finished(window: Window, qtbot: QtBot, cat_file: Path) -> Window:
    window.core.runs.open([cat_file])
    wait_for(qtbot, window, DocumentState.READY)
    window.restore.panel.preset.choose(PRESETS.index(Preset.DRAFT))
    window.restore.start()
    wait_for(qtbot, window, DocumentState.DONE)
    return window


def larger(window: Window, points: float) -> None:
    """The font of other desktops, in the strip."""
    font = QFont(window.font())
    font.setPointSizeF(points)
    window.restore.strip.setFont(font)
    QApplication.processEvents()


@pytest.mark.parametrize("width", [1024, 900])
def test_the_honest_line_is_there_however_narrow_the_window_is(
    finished: Window, qtbot: QtBot, width: int
) -> None:
    larger(finished, 11)
    finished.resize(width, 640)
    QApplication.processEvents()
    status = finished.restore.strip.status
    assert "reconstruction" in status.text()
    assert "…" not in status.text()
    assert status.text().replace("\n", " ") == status.whole or status.toolTip() == status.whole
    target = finished.core.session.current.path.with_name("a photograph with a rather long name_4x.png")
    finished.saver.write(finished.core.session.current, target)
    qtbot.waitUntil(lambda: f"Saved as {target.name}" in status.whole, timeout=LONG)
    assert "reconstruction" in status.text()
    assert "fine detail was imagined to fit the photo." in status.toolTip() + status.text().replace("\n", " ")


def test_nothing_moves_when_the_strip_says_more(finished: Window) -> None:
    height = finished.restore.strip.height()
    for text in ("", "Short.", "Long. " * 60):
        finished.restore.strip.say(text)
        QApplication.processEvents()
        assert finished.restore.strip.height() == height
        assert len(finished.restore.strip.status.text().splitlines()) <= LINES
    assert finished.restore.strip.status.toolTip() == "Long. " * 60


@pytest.mark.parametrize(
    "text", ["One sentence that is a little longer. ", "这是一次重建。细节是想象出来的。", "x" * 30]
)
def test_lines_are_as_wide_as_there_is_room(qapp: QApplication, text: str) -> None:
    from PySide6.QtGui import QFontMetrics

    font = qapp.font()
    width = QFontMetrics(font).horizontalAdvance(text) * 3 // 4
    for times, whole in ((1, True), (4, False)):
        shown, fits = broken(text * times, font, width)
        assert fits is whole
        lines = shown.split("\n")
        assert len(lines) == 2
        assert all(QFontMetrics(font).horizontalAdvance(line) <= width for line in lines)
        assert shown.endswith("…") is not whole


def test_the_place_in_the_row_is_not_torn(
    window: Window, qtbot: QtBot, photo_file: Path, cat_file: Path
) -> None:
    window.core.runs.open([photo_file, cat_file])
    wait_for(qtbot, window, DocumentState.READY)
    about = window.restore.panel._about.text()
    assert "1\u00a0of\u00a02" in about
    assert "60\u00a0×\u00a045\u00a0pixels" in about  # noqa: RUF001


# -- banners ---------------------------------------------------------------------------------------------


@pytest.fixture
def spoilt(window: Window, qtbot: QtBot, tmp_path: Path, photo_file: Path) -> Window:
    """The window with a file in view that is no photo, and a photo after it."""
    bad = tmp_path / "bad.jpg"
    bad.write_text("no photo")
    window.core.runs.open([bad, photo_file])
    qtbot.waitUntil(window.restore.banner.isVisible, timeout=LONG)
    assert "bad.jpg" in window.restore.banner.sentence.text()
    return window


def test_what_is_said_of_a_photo_goes_with_it(spoilt: Window, qtbot: QtBot) -> None:
    QTest.keyClick(spoilt, Qt.Key.Key_PageDown)
    wait_for(qtbot, spoilt, DocumentState.READY)
    assert not spoilt.restore.banner.isVisible()


def test_it_goes_when_its_photo_is_closed(spoilt: Window, qtbot: QtBot) -> None:
    QTest.keyClick(spoilt, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    wait_for(qtbot, spoilt, DocumentState.READY)
    assert not spoilt.restore.banner.isVisible()


def test_it_stays_with_its_photo_in_another_language(spoilt: Window, qtbot: QtBot) -> None:
    canvas = spoilt.restore.canvas
    spoilt.app_actions.set_language(Language.CHINESE)
    qtbot.waitUntil(lambda: spoilt.restore.canvas is not canvas)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qtbot.waitUntil(spoilt.restore.banner.isVisible)
    QTest.keyClick(spoilt, Qt.Key.Key_PageDown)
    wait_for(qtbot, spoilt, DocumentState.READY)
    assert not spoilt.restore.banner.isVisible()


def test_what_is_said_of_no_photo_stays(
    window: Window, qtbot: QtBot, photo_file: Path, cat_file: Path
) -> None:
    window.core.runs.open([photo_file, cat_file])
    wait_for(qtbot, window, DocumentState.READY)
    window.core.runs.warned.emit("The disk is full.")
    QTest.keyClick(window, Qt.Key.Key_PageDown)
    wait_for(qtbot, window, DocumentState.READY)
    assert window.restore.banner.isVisible()
