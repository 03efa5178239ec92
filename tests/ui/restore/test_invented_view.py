"""How much of a result was invented can be seen on every result, with one key."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.driver import LONG, click, open_photo, restore_photo, restore_variations, seen
from ui.main_window.window import Window


def reddened(before: np.ndarray, after: np.ndarray) -> int:
    """How many pixels became redder without becoming bluer."""
    change = after.astype(int) - before
    return int(np.count_nonzero((change[..., 0] > 8) & (change[..., 2] <= 0)))


def test_one_key_colours_what_was_invented_of_a_single_result(
    window: Window, qtbot: QtBot, cat_file: Path
) -> None:
    document = open_photo(qtbot, window, cat_file)
    invented = window.restore.compare.invented
    assert not invented.isEnabled(), "there is no result"
    window.restore.panel.fidelity.setValue(10)
    restore_photo(qtbot, window)
    canvas = window.restore.canvas
    middle = canvas.divider_x()
    for zoom in (0.5, 1.0, 4.0):
        canvas.zoom_to(zoom)
        plain = seen(canvas)
        QTest.keyClick(window, Qt.Key.Key_I)
        qtbot.waitUntil(lambda: document.invention is not None, timeout=LONG)
        assert document.invention.heat_map is not None
        coloured = seen(canvas)
        rows = slice(50, canvas.height() - 60)  # without labels and legend
        assert reddened(plain[rows, middle + 30 :], coloured[rows, middle + 30 :]) > 100
        assert np.array_equal(plain[rows, : middle - 30], coloured[rows, : middle - 30]), "not the photo"
        legend = canvas.height() - canvas.fontMetrics().height(), canvas.width() // 2
        assert not np.array_equal(plain[legend], coloured[legend]), "the legend is there"
        QTest.keyClick(window, Qt.Key.Key_I)
        assert np.array_equal(seen(canvas), plain)


def test_no_strength_means_that_nothing_was_invented(window: Window, qtbot: QtBot, cat_file: Path) -> None:
    document = open_photo(qtbot, window, cat_file)
    window.restore.panel.fidelity.setValue(10)
    restore_photo(qtbot, window)
    QTest.keyClick(window, Qt.Key.Key_I)
    qtbot.waitUntil(lambda: document.invention is not None, timeout=LONG)
    strength = window.restore.panel.finish.strength
    strength.setFocus()
    QTest.keyClick(strength, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: document.invention.strength == 0.0, timeout=LONG)
    heat_map = document.invention.heat_map.levels[0]
    assert max(heat_map.pixelColor(x, 60).alpha() for x in range(heat_map.width())) == 0


def test_where_variations_are_their_disagreement_is_shown_with_the_same_key(
    window: Window, qtbot: QtBot, cat_file: Path
) -> None:
    restore_variations(qtbot, window, cat_file, 2)
    document, canvas = window.core.session.current, window.restore.canvas
    plain = seen(canvas)
    QTest.keyClick(window, Qt.Key.Key_I)
    box = window.restore.panel.variations.map
    assert box.isChecked()
    assert not np.array_equal(seen(canvas), plain)
    click(window.restore.panel.variations.grid)  # the chosen one alone
    assert canvas.comparing
    with_veil = seen(canvas)
    click(box)
    assert not window.restore.compare.invented.isChecked()
    assert not np.array_equal(seen(canvas), with_veil)
    assert document.invention is None, "nothing had to be estimated"
