"""Any two results of a photo beside each other: chosen in the history, by mouse and by keys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QMenu
from pytestqt.qtbot import QtBot

from restorer import paths
from restorer.photo import Photo
from restorer.photo.edits import Grey, Levels, Turn
from restorer.pipeline.events import Done
from restorer.pipeline.request import Preset
from ui.canvas.pane_layout import Mode
from ui.main_window.window import Window
from ui.model.comparison import comparable
from ui.model.document import Document, DocumentState
from ui.model.result import Result, Snapshot
from ui.restore.control_panel import PRESETS
from ui.restore.history_panel import HistoryPanel, HistoryView
from ui.restore.status_text import comparison_labels

LONG = 120_000


@pytest.fixture
def three(window: Window, qtbot: QtBot, cat_file: Path) -> Window:
    """A photo with three results, the last of them, with seed 2, in view; the first one lies in a file."""
    window.core.runs.open([cat_file])
    qtbot.waitUntil(lambda: window.core.session.current.state is DocumentState.READY, timeout=LONG)
    window.restore.panel.preset.choose(PRESETS.index(Preset.DRAFT))
    window.restore.panel.fidelity.setValue(20)
    document = window.core.session.current
    for seed in range(3):
        window.restore.panel.seed.setValue(seed)
        window.restore.start()
        qtbot.waitUntil(
            lambda: document.state is DocumentState.DONE and document.result is not None, timeout=LONG
        )
    qtbot.waitUntil(lambda: document.results[-1].done is None, timeout=LONG)
    return window


def menu(window: Window) -> QMenu:
    found = [each for each in window.findChildren(QMenu) if each.isVisible()]
    assert len(found) == 1
    return found[0]


def texts(window: Window) -> list[str]:
    return [action.text() for action in menu(window).actions()]


def labelled(window: Window) -> list[str]:
    return [pane.label for pane in window.restore.canvas._panes]


def choose(window: Window, name: str) -> None:
    action = next(action for action in menu(window).actions() if name in action.text())
    assert action.isEnabled()
    action.trigger()
    menu(window).close()


def pixels_of_pane(window: Window, number: int) -> np.ndarray:
    image = (
        window.restore.canvas._panes[number].picture.levels[0].convertToFormat(QImage.Format.Format_RGB888)
    )
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()


def right_click(window: Window, row: int) -> None:
    steps = window.findChild(HistoryView)
    where = steps.visualRect(steps.model().index(row, 0)).center()
    QTest.mousePress(steps.viewport(), Qt.MouseButton.RightButton, pos=where)
    QTest.mouseRelease(steps.viewport(), Qt.MouseButton.RightButton, pos=where)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, steps.viewport().mapToGlobal(where))
    QApplication.sendEvent(steps.viewport(), event)


def test_earlier_result_takes_the_photos_place_and_gives_it_back(three: Window, qtbot: QtBot) -> None:
    document, canvas = three.core.session.current, three.restore.canvas
    QTest.keyClick(three, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    right_click(three, 1)
    assert document.stack.index() == 3, "the right button asks and goes nowhere"
    assert texts(three) == ["Compare with this"]
    choose(three, "Compare")
    qtbot.waitUntil(lambda: labelled(three) == ["Draft, seed 0", "Draft, seed 2"], timeout=LONG)
    assert canvas.comparing
    assert "Draft, seed 0" in three.restore.strip.status.whole
    shown = pixels_of_pane(three, 0)
    assert np.array_equal(pixels_of_pane(three, 1), document.result.photo.pixels)
    for key, mode in (("S", Mode.SIDE), ("K", Mode.BLINK), ("D", Mode.DIVIDER)):
        QTest.keyClick(three, key)
        assert canvas.mode is mode
        assert canvas.comparing
    assert three.restore.compare.loupe.isEnabled()

    QTest.keyClick(three, Qt.Key.Key_Escape)
    assert labelled(three) == ["Before", "After"]
    right_click(three, 1)
    choose(three, "Compare")
    qtbot.waitUntil(lambda: labelled(three)[0] == "Draft, seed 0", timeout=LONG)
    right_click(three, 1)
    assert menu(three).actions()[0].isChecked()
    choose(three, "Compare")
    assert labelled(three) == ["Before", "After"], "another click takes it back"

    document.stack.setIndex(1)
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert np.array_equal(shown, document.result.photo.pixels), "it was that step's own result"


def test_results_are_compared_by_keys_alone(three: Window, qtbot: QtBot) -> None:
    document = three.core.session.current
    QTest.keyClick(three, Qt.Key.Key_C)
    panel = three.findChild(HistoryPanel)
    assert three.findChild(QDockWidget).isVisible()
    assert [text.rsplit(", ", 1)[-1] for text in texts(three)] == ["The photo", "seed 1", "seed 0"]
    assert menu(three).activeAction().text() == "The photo"
    QTest.keyClick(menu(three), Qt.Key.Key_Down)
    QTest.keyClick(menu(three), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: labelled(three) == ["Draft, seed 1", "Draft, seed 2"], timeout=LONG)
    document.stack.undo()
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert labelled(three) == ["Before", "After"], "nothing is compared with itself"
    document.stack.undo()
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert labelled(three) == ["Draft, seed 1", "Draft, seed 0"], "while others come into view it stays"
    QTest.mouseClick(panel.button, Qt.MouseButton.LeftButton)
    choose(three, "The photo")
    assert labelled(three) == ["Before", "After"]


def test_only_what_shows_the_same_part_is_offered(three: Window, qtbot: QtBot, photo_file: Path) -> None:
    document = three.core.session.current
    panel, compare = three.findChild(HistoryPanel), three.restore.edits.actions[-1]
    assert panel.button.isEnabled()
    three.restore.edits.turn_left()
    qtbot.waitUntil(lambda: document.state is DocumentState.READY, timeout=LONG)
    assert not panel.button.isEnabled()
    assert not compare.isEnabled()
    three.restore.start()
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert not panel.button.isEnabled(), "the others are not turned"
    QTest.keyClick(three, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    right_click(three, 2)
    assert not menu(three).actions()[0].isEnabled()
    menu(three).close()
    three.core.runs.open([photo_file])
    qtbot.waitUntil(lambda: three.core.session.current.state is DocumentState.READY, timeout=LONG)
    assert not panel.button.isEnabled()


def test_result_that_cannot_be_fetched_is_told(three: Window, qtbot: QtBot) -> None:
    for path in (paths.cache_dir() / "results").rglob("*"):
        if path.is_file() and path.name != "lock":
            path.unlink()
    three.core.compare.compare(1)
    qtbot.waitUntil(lambda: "seed 0" in three.restore.banner.sentence.text(), timeout=LONG)
    assert labelled(three) == ["Before", "After"]


def test_a_new_run_has_the_photo_before_it_again(three: Window, qtbot: QtBot) -> None:
    document = three.core.session.current
    three.core.compare.compare(2)
    qtbot.waitUntil(lambda: labelled(three)[0] == "Draft, seed 1", timeout=LONG)
    three.restore.panel.seed.setValue(9)
    three.restore.start()
    qtbot.waitUntil(
        lambda: document.state is DocumentState.DONE and document.result is not None, timeout=LONG
    )
    assert labelled(three) == ["Before", "After"]


def snapshot(
    seed: int = 0, fidelity: float = 0.75, model: str = "m", scale: int = 4, **more: object
) -> Snapshot:
    photo = Photo(np.zeros((2, 2, 3), np.uint8))
    done = Done(photo, model, seed, "cpu", 1, 1.0, 0.1, 0.0, {"Fidelity": fidelity})
    return replace(Snapshot(made=Result(done), scale=scale, preset=Preset.BEST), **more)


def test_labels_name_what_tells_two_results_apart() -> None:
    assert comparison_labels(snapshot(0), snapshot(5)) == ("Best, seed 0", "Best, seed 5")
    assert comparison_labels(snapshot(), snapshot(fidelity=0.2)) == (
        "Best, seed 0, fidelity 75 %",
        "Best, seed 0, fidelity 20 %",
    )
    assert comparison_labels(snapshot(), snapshot(scale=8)) == ("Best, seed 0, 4×", "Best, seed 0, 8×")  # noqa: RUF001
    assert comparison_labels(snapshot(), snapshot(edits=(Grey(),))) == (
        "Best, seed 0",
        "Best, seed 0, Black and white",
    )


def test_tones_may_differ_but_the_frame_may_not(tmp_path: Path) -> None:
    parent = QObject()
    document = Document(parent, 1, tmp_path / "a.png")
    assert not comparable(document, snapshot()), "nothing is in view"
    document.restore_snapshot(snapshot(edits=(Turn(1), Levels())))
    assert comparable(document, snapshot(edits=(Turn(1), Grey())))
    assert comparable(document, snapshot(edits=(Turn(1),)))
    assert not comparable(document, snapshot())
    assert not comparable(document, Snapshot(edits=(Turn(1),)))
    assert not comparable(document, document.snapshot())


def test_the_step_menu_is_reached_by_the_menu_key(three: Window) -> None:
    QTest.keyClick(three, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    steps = three.findChild(HistoryView)
    middle = QPoint(5, 5)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, middle, steps.mapToGlobal(middle))
    QApplication.sendEvent(steps.viewport(), event)
    assert len(texts(three)) == 3
    assert all(isinstance(action, QAction) for action in menu(three).actions())
    menu(three).close()
