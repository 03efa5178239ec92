"""A region of the photo is tried before the whole is restored."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from restorer.pipeline.request import Preset
from tests.ui.driver import LONG, click, open_photo, restore_photo, seen, wait_for_state
from ui.main_window.window import Window
from ui.model.document import DocumentState


def test_a_region_dragged_on_the_canvas_shows_what_the_run_gives_there(
    window: Window, qtbot: QtBot, cat_file: Path
) -> None:
    open_photo(qtbot, window, cat_file)
    document, canvas = window.core.session.current, window.restore.canvas
    QTest.keyClick(window, Qt.Key.Key_R)
    assert canvas.cursor().shape() == Qt.CursorShape.CrossCursor
    assert "Draw a rectangle" in window.restore.strip.status.whole
    start, end = canvas.rect().center() - QPoint(90, 70), canvas.rect().center() + QPoint(60, 50)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(canvas, end)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)
    wait_for_state(qtbot, window, DocumentState.READY)
    qtbot.waitUntil(lambda: document.patch is not None, timeout=LONG)
    patch = document.patch
    assert document.result is None
    left, top, width, height = (4 * side for side in patch.box)
    canvas.zoom_to(1.0)
    canvas.set_divider(0.0)
    place = canvas.on_canvas((left, top, width, height))
    rows = seen(canvas)
    inside = rows[round(place.top()) + 4 : round(place.bottom()) - 4, round(place.left()) + 4 :]
    inside = inside[:, : width - 8]
    assert np.array_equal(inside, patch.done.photo.pixels[4:-4, 4:-4]), "true pixels, in its place"
    assert "frame" in window.restore.strip.status.whole

    restore_photo(qtbot, window)
    assert document.patch is None
    whole = document.result.photo.pixels[top : top + height, left : left + width].astype(int)
    assert np.percentile(np.abs(whole - patch.done.photo.pixels), 99) <= 2


def test_a_region_by_keys_and_esc_puts_it_away(window: Window, qtbot: QtBot, cat_file: Path) -> None:
    open_photo(qtbot, window, cat_file)
    document = window.core.session.current
    QTest.keyClick(window, Qt.Key.Key_R)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.restore.runs.region.isChecked()
    QTest.keyClick(window, Qt.Key.Key_R)
    window.restore.canvas.setFocus()
    QTest.keyClick(window.restore.canvas, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: document.patch is not None, timeout=LONG)
    left, top, width, height = document.patch.box
    assert abs(left + width / 2 - 80) <= 1
    assert abs(top + height / 2 - 60) <= 1
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert document.patch is None
    assert window.restore.canvas.view.picture == (160, 120)


def test_a_region_while_another_photo_is_restored_says_why_nothing_comes(
    window: Window, qtbot: QtBot, cat_file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.png"
    other.write_bytes(cat_file.read_bytes())
    open_photo(qtbot, window, cat_file, Preset.BEST)
    window.restore.start()
    click(window.restore.panel.run_buttons.pause)  # the engine is busy for as long as this test likes
    first = window.core.session.current
    window.core.photos.open([other])
    window.core.session.show(window.core.session.documents[1])
    wait_for_state(qtbot, window, DocumentState.READY)
    QTest.keyClick(window, Qt.Key.Key_R)
    with qtbot.waitSignal(window.core.runs.noted, timeout=LONG) as said:
        window.restore.canvas.setFocus()
        QTest.keyClick(window.restore.canvas, Qt.Key.Key_Return)
    assert "Another photo is being restored" in said.args[0]
    assert window.core.session.current.state is DocumentState.READY
    assert window.core.session.current.patch is None
    window.core.session.show(first)
    assert window.restore.banner.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)  # closes what was said
    assert not window.restore.banner.isVisible()
    assert not window.restore.runs.stop.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)  # asks what is to become of the run
    assert window.restore.runs.stop.isVisible()
    click(window.restore.runs.stop.no)
    wait_for_state(qtbot, window, DocumentState.READY)


def test_trying_a_region_ends_where_a_run_begins(window: Window, qtbot: QtBot, cat_file: Path) -> None:
    open_photo(qtbot, window, cat_file, Preset.BEST)
    window.restore.runs.region.trigger()
    assert window.restore.runs.region.isChecked()
    window.restore.start()
    assert not window.restore.runs.region.isChecked()
    window.workspaces.cancel()
    click(window.restore.runs.stop.no)
    wait_for_state(qtbot, window, DocumentState.READY)


def test_a_region_is_compared_like_a_result_and_says_when_it_is_old(
    window: Window, qtbot: QtBot, cat_file: Path
) -> None:
    document = open_photo(qtbot, window, cat_file)
    canvas, compare = window.restore.canvas, window.restore.compare
    QTest.keyClick(window, Qt.Key.Key_R)
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: document.patch is not None, timeout=LONG)
    assert canvas.comparing
    left, top, width, height = (4 * side for side in document.patch.box)
    place = canvas.on_canvas((left, top, width, height))
    assert abs(canvas.divider_x() - place.center().x()) <= 2, "the line goes through the region"
    canvas.zoom_to(1.0)
    place = canvas.on_canvas((left, top, width, height))
    row = round(place.top()) + 20
    columns = slice(round(place.left()) + 4, round(place.right()) - 4)

    def rows_at(divider: float) -> np.ndarray:
        canvas.set_divider(divider)
        return seen(canvas)[row : row + 20, columns]

    made, plain = rows_at(0.0), rows_at(1.0)
    assert not np.array_equal(made, plain)
    canvas.set_divider(0.0)
    QTest.keyClick(window, Qt.Key.Key_B)
    assert compare.before_only.isChecked()
    assert np.array_equal(seen(canvas)[row : row + 20, columns], plain)
    QTest.keyClick(window, Qt.Key.Key_B)
    QTest.keyClick(window, Qt.Key.Key_S)
    assert canvas.cell_count() == 2
    QTest.keyClick(window, Qt.Key.Key_D)

    assert "Inside the frame" in window.restore.strip.status.whole
    window.restore.panel.fidelity.setValue(30)
    assert "A setting has changed" in window.restore.strip.status.whole
    window.restore.panel.fidelity.setValue(75)
    assert "Inside the frame" in window.restore.strip.status.whole, "as it was made"
