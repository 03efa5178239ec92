"""The line under the picture: the sentence about reconstruction always has room, and nothing moves."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QTextLayout
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.driver import LONG, open_photo, restore_photo
from tests.ui.foreign_language import settle
from ui.i18n import phrases
from ui.i18n.language import Language
from ui.main_window.window import Window
from ui.widgets.status_bar import LINES, broken


@pytest.fixture
def finished(window: Window, qtbot: QtBot, photo_file: Path) -> Window:
    open_photo(qtbot, window, photo_file)
    restore_photo(qtbot, window)
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


@pytest.mark.parametrize("language", [Language.ENGLISH, Language.CHINESE])
def test_both_lines_have_the_height_of_their_letters(
    window: Window, qtbot: QtBot, language: Language
) -> None:
    window.app_actions.set_language(language)
    settle()
    status = window.restore.strip.status
    status.say("\n".join([phrases.time_left(1.0)] * LINES))
    layout = QTextLayout(phrases.time_left(1.0), status.font())
    layout.beginLayout()
    height = layout.createLine().height()
    layout.endLayout()
    assert status.height() >= LINES * height
