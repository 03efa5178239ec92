"""Any two results of a photo beside each other: chosen in the history, by mouse and by keys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QMenu
from pytestqt.qtbot import QtBot

from restorer import paths
from restorer.photo import Photo
from restorer.photo.edits import Grey, Levels, Turn
from restorer.pipeline.events import Done
from restorer.pipeline.finish import Finish
from restorer.pipeline.request import Preset
from tests.ui.driver import (
    LONG,
    click,
    open_photo,
    pixels_of,
    restore_photo,
    wait_for_state,
)
from ui.canvas.pane_layout import Mode
from ui.main_window.window import Window
from ui.model.comparison import comparable
from ui.model.document import Document, DocumentState
from ui.model.result import Result, Snapshot, VariationSet
from ui.model.result_names import compared_names, result_name
from ui.restore.history_panel import HistoryPanel, HistoryView


@pytest.fixture
def three(window: Window, qtbot: QtBot, photo_file: Path) -> Window:
    """A photo with three results, the last of them, with seed 2, in view; the first one lies in a file."""
    open_photo(qtbot, window, photo_file)
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
    return pixels_of(window.restore.canvas._panes[number].picture.levels[0])


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
    qtbot.waitUntil(lambda: labelled(three) == ["Draft, version 1", "Draft, version 3"], timeout=LONG)
    assert canvas.comparing
    assert "Draft, version 1" in three.restore.strip.status.whole
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
    qtbot.waitUntil(lambda: labelled(three)[0] == "Draft, version 1", timeout=LONG)
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
    assert [text.rsplit(", ", 1)[-1] for text in texts(three)] == ["The photo", "version 2", "Draft"]
    assert menu(three).activeAction().text() == "The photo"
    QTest.keyClick(menu(three), Qt.Key.Key_Down)
    QTest.keyClick(menu(three), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: labelled(three) == ["Draft, version 2", "Draft, version 3"], timeout=LONG)
    document.stack.undo()
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert labelled(three) == ["Before", "After"], "nothing is compared with itself"
    document.stack.undo()
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert labelled(three) == ["Draft, version 2", "Draft, version 1"], "while others come into view it stays"
    click(panel.button)
    choose(three, "The photo")
    assert labelled(three) == ["Before", "After"]


def test_only_what_shows_the_same_part_is_offered(three: Window, qtbot: QtBot, cat_file: Path) -> None:
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
    three.core.photos.open([cat_file])
    wait_for_state(qtbot, three, DocumentState.READY)
    assert not panel.button.isEnabled()


def test_result_that_cannot_be_fetched_is_told(three: Window, qtbot: QtBot) -> None:
    for path in (paths.cache_dir() / "results").rglob("*"):
        if path.is_file() and path.name != "lock":
            path.unlink()
    three.core.compare.compare(1)
    qtbot.waitUntil(lambda: "version 0" in three.restore.banner.sentence.text(), timeout=LONG)
    assert labelled(three) == ["Before", "After"]


def test_a_new_run_has_the_photo_before_it_again(three: Window, qtbot: QtBot) -> None:
    document = three.core.session.current
    three.core.compare.compare(2)
    qtbot.waitUntil(lambda: labelled(three)[0] == "Draft, version 2", timeout=LONG)
    three.restore.panel.seed.setValue(9)
    three.restore.start()
    qtbot.waitUntil(
        lambda: document.state is DocumentState.DONE and document.result is not None, timeout=LONG
    )
    assert labelled(three) == ["Before", "After"]


def snapshot(
    seed: int = 0,
    fidelity: float = 0.75,
    model: str = "m",
    scale: int = 4,
    repair: int | None = None,
    **more: object,
) -> Snapshot:
    photo = Photo(np.zeros((2, 2, 3), np.uint8))
    facts = {"Fidelity": fidelity} | ({} if repair is None else {"Repair": repair})
    done = Done(photo, model, seed, "cpu", 1, 1.0, 0.1, 0.0, facts)
    return replace(Snapshot(outcome=Result(done), scale=scale, preset=Preset.BEST), **more)


def test_labels_name_what_tells_two_results_apart() -> None:
    assert compared_names(snapshot(0), snapshot(5)) == ("Best, version 1", "Best, version 2")
    assert compared_names(snapshot(5), snapshot(7), (0, 5, 7)) == ("Best, version 2", "Best, version 3")
    assert compared_names(snapshot(), snapshot(fidelity=0.2)) == (
        "Best, fidelity 75 %",
        "Best, fidelity 20 %",
    )
    assert compared_names(snapshot(), snapshot(scale=8)) == ("Best, 4×", "Best, 8×")  # noqa: RUF001
    assert compared_names(snapshot(), snapshot(edits=(Grey(),))) == ("Best", "Best, Black and white")
    softer = snapshot(finish=Finish(0.6, 0.3))
    assert compared_names(snapshot(), softer) == (
        "Best, strength 100 %, grain 0 %",
        "Best, strength 60 %, grain 30 %",
    )
    assert compared_names(snapshot(repair=0), snapshot(repair=1)) == (
        "Best, without repair",
        "Best, with repair",
    )


def test_the_history_names_what_differs_from_the_result_before() -> None:
    first = snapshot(3, repair=0)
    assert result_name(first, []) == "Restored 4×, Best"  # noqa: RUF001
    assert result_name(snapshot(3, repair=0), [first]) == "Restored 4×, Best"  # noqa: RUF001
    assert result_name(snapshot(8, repair=0), [first]) == "Restored 4×, Best, version 2"  # noqa: RUF001
    other = snapshot(3, fidelity=0.2, repair=1)
    assert result_name(other, [first]) == "Restored 4×, Best, fidelity 20 %, with repair"  # noqa: RUF001
    again = result_name(first, [first, snapshot(8, repair=0)])
    assert again == "Restored 4×, Best, version 1"  # noqa: RUF001
    one_of_two = VariationSet((Result(first.record.figures), Result(snapshot(8).record.figures)))
    one_of_two.chosen = 1
    name = result_name(replace(first, outcome=one_of_two), [])
    assert name == "Restored 4×, Best, version 2 of 2"  # noqa: RUF001


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


def test_only_before_is_what_its_action_says(opened: Window, qtbot: QtBot) -> None:
    restore_photo(qtbot, opened)
    both = opened.restore.canvas.grab().toImage()
    opened.restore.compare.before_only.trigger()
    before = opened.restore.canvas.grab().toImage()
    assert before != both
    opened.core.session.current.notify()  # as saving does, and the pointer near the handle
    assert opened.restore.compare.before_only.isChecked()
    assert opened.restore.canvas.grab().toImage() == before
    opened.restore.start()
    assert not opened.restore.compare.before_only.isChecked()
    wait_for_state(qtbot, opened, DocumentState.DONE)
    assert opened.restore.canvas.grab().toImage() != before
