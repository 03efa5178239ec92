"""Strength and grain of a result that is there, moved by hand."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider
from pytestqt.qtbot import QtBot

from restorer.photo import read_photo
from restorer.pipeline import finish as finish_module
from restorer.pipeline.finish import Finish, Finisher
from tests.ui.driver import LONG, open_photo, pixels_of, restore_photo, restore_variations, seen
from ui.main_window.window import Window
from ui.model.document import Document


@pytest.fixture
def grainy(tmp_path: Path, chelsea: np.ndarray) -> Path:
    """A photo of 160 x 120 pixels with grain that can be measured."""
    image = Image.fromarray(chelsea).resize((160, 120), Image.Resampling.BICUBIC)
    grain = np.random.default_rng(5).normal(0, 9, (120, 160, 1))
    noisy = np.clip(np.asarray(image) * 0.2 + 100 + grain, 0, 255).astype(np.uint8)
    path = tmp_path / "grainy.png"
    Image.fromarray(noisy).save(path)
    return path


def grip(slider: QSlider, value: int) -> QPoint:
    """Where the grip of a slider is when it stands at a value."""
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    style = slider.style()
    parts = QStyle.ComplexControl.CC_Slider, QStyle.SubControl.SC_SliderHandle
    handle = style.subControlRect(parts[0], option, parts[1], slider)
    room = slider.width() - handle.width()
    return QPoint(round(value / 100 * room) + handle.width() // 2, handle.center().y())


def drag(slider: QSlider, *values: int) -> None:
    """Take hold of a slider, move it over some values, and let it go at the last one."""
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=grip(slider, slider.value()))
    for value in values:
        QTest.mouseMove(slider, grip(slider, value))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=grip(slider, values[-1]))


def finished(document: Document, finish: Finish) -> np.ndarray:
    """What the engine makes of the result with this finish."""
    assert document.photo is not None
    assert document.result is not None
    return Finisher(document.photo, document.result.photo, document.result.seed).whole(finish).pixels


def wait_until_shown(qtbot: QtBot, document: Document, finish: Finish) -> None:
    def is_there() -> None:
        assert document.finished is not None
        assert document.finished.task.finish == finish

    qtbot.waitUntil(is_there, timeout=LONG)


def true_pixels(window: Window) -> tuple[np.ndarray, np.ndarray]:
    """At zoom 1 with the result alone in view: what the canvas shows right of its middle, and the rows and
    columns of the result that this is."""
    canvas = window.restore.canvas
    left, top = canvas.view.origin
    rows = seen(canvas)
    x0, y0 = canvas.width() // 2 + 80, canvas.height() // 2 - 60
    return rows[y0 : y0 + 120, x0 : x0 + 100], np.array([y0 - top, x0 - left])


def test_a_dragged_strength_shows_at_once_is_one_step_and_can_be_undone(
    window: Window, qtbot: QtBot, grainy: Path
) -> None:
    document = open_photo(qtbot, window, grainy)
    restore_photo(qtbot, window)
    sliders, canvas = window.restore.panel.finish, window.restore.canvas
    assert sliders.isVisible()
    canvas.zoom_to(1.0)
    drag(sliders.strength, 80, 60, 40)
    wanted = sliders.finish
    assert wanted.strength == pytest.approx(0.4, abs=0.03)
    assert document.finish == wanted
    assert document.stack.count() == 2, "the run, and one step for the whole drag"
    assert document.stack.undoText() == f"Strength {round(100 * wanted.strength)} %"
    wait_until_shown(qtbot, document, wanted)
    part, (y, x) = true_pixels(window)
    expected = finished(document, wanted)[y : y + 120, x : x + 100]
    assert np.array_equal(part, expected), "true pixels of the finished picture"
    document.stack.undo()
    assert document.finish == Finish()
    assert sliders.strength.value() == 100
    assert np.array_equal(true_pixels(window)[0], document.result.photo.pixels[y : y + 120, x : x + 100])
    document.stack.redo()
    assert document.finish == wanted


def test_what_the_screen_has_of_a_result_is_not_reduced_again(
    window: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 24 megapixels that took half a second, and the first movement of the slider waited for it."""
    colours = Image.fromarray(np.random.default_rng(4).integers(0, 256, (15, 20, 3), np.uint8))
    colours.resize((400, 300), Image.Resampling.BICUBIC).save(tmp_path / "large.png")
    document = open_photo(qtbot, window, tmp_path / "large.png")
    restore_photo(qtbot, window)
    window.resize(900, 700)
    assert window.restore.canvas.view.zoom < 0.5
    reduced = []
    halved = finish_module._halved

    def counted(array: np.ndarray, times: int) -> np.ndarray:
        reduced.append(array.shape[:2])
        return halved(array, times)

    monkeypatch.setattr(finish_module, "_halved", counted)
    drag(window.restore.panel.finish.strength, 40)
    wait_until_shown(qtbot, document, document.finish)
    assert document.finished is not None
    assert document.finished.task.views[0][1] >= 1, "halved on the screen"
    assert document.result.photo.pixels.shape[:2] not in reduced
    shown = pixels_of(document.finished.pictures[0].levels[0])
    whole = finished(document, document.finish)
    wanted = cv2.resize(whole, shown.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(shown[..., :3].astype(int) - wanted).max() <= 2


def test_keys_that_follow_each_other_are_one_step(window: Window, qtbot: QtBot, grainy: Path) -> None:
    document = open_photo(qtbot, window, grainy)
    restore_photo(qtbot, window)
    strength = window.restore.panel.finish.strength
    strength.setFocus()
    for _ in range(5):
        QTest.keyClick(strength, Qt.Key.Key_Left)
    assert document.finish.strength == 0.95
    assert document.stack.count() == 2
    grain = window.restore.panel.finish.grain
    grain.setFocus()
    QTest.keyClick(grain, Qt.Key.Key_PageUp)
    assert document.finish == Finish(0.95, 0.1)
    assert document.stack.count() == 3, "another slider is another step"
    document.stack.undo()
    assert document.finish == Finish(0.95, 0.0)


def test_the_saved_file_and_the_copy_are_the_finished_picture(
    window: Window, qtbot: QtBot, grainy: Path, tmp_path: Path
) -> None:
    document = open_photo(qtbot, window, grainy)
    restore_photo(qtbot, window)
    drag(window.restore.panel.finish.strength, 50)
    drag(window.restore.panel.finish.grain, 100)
    wanted = document.finish
    assert wanted.grain == 1.0
    expected = finished(document, wanted)
    target = tmp_path / "saved.png"
    with qtbot.waitSignal(window.core.photos.written, timeout=LONG):
        window.saver.write(document, target)
    saved = read_photo(target)
    assert np.array_equal(saved.pixels, expected)
    text = target.read_bytes()
    assert b"Strength" in text
    assert b"Grain" in text
    assert document.saved == target
    drag(window.restore.panel.finish.strength, 80)
    assert document.unsaved, "this picture is in no file"
    document.stack.undo()
    assert document.saved == target
    window.restore.copy()
    clipboard = QGuiApplication.clipboard()
    qtbot.waitUntil(lambda: not clipboard.image().isNull(), timeout=LONG)
    assert np.array_equal(pixels_of(clipboard.image()), expected)


def test_a_photo_keeps_its_finish_while_another_is_in_view(
    window: Window, qtbot: QtBot, grainy: Path, cat_file: Path
) -> None:
    first = open_photo(qtbot, window, grainy)
    restore_photo(qtbot, window)
    drag(window.restore.panel.finish.strength, 30)
    finish = first.finish
    open_photo(qtbot, window, cat_file)
    restore_photo(qtbot, window)
    assert window.restore.panel.finish.finish == Finish()
    window.core.session.show(first)
    qtbot.waitUntil(lambda: first.at_rest, timeout=LONG)
    assert window.restore.panel.finish.finish == finish
    wait_until_shown(qtbot, first, finish)


def test_variations_are_finished_alike(window: Window, qtbot: QtBot, grainy: Path) -> None:
    restore_variations(qtbot, window, grainy, 2)
    document = window.core.session.current
    assert document is not None
    drag(window.restore.panel.finish.strength, 0)
    assert document.finish.strength == 0.0
    wait_until_shown(qtbot, document, document.finish)
    one, other = (picture.levels[0] for picture in document.finished.pictures)
    assert np.array_equal(pixels_of(one), pixels_of(other)), "both are the plain enlargement now"
    document.pick(1)
    assert document.finish.strength == 0.0


def test_fidelity_1_begins_with_the_photos_grain(window: Window, qtbot: QtBot, grainy: Path) -> None:
    document = open_photo(qtbot, window, grainy)
    window.restore.panel.fidelity.setValue(100)
    restore_photo(qtbot, window)
    assert document.finish == Finish(1.0, 1.0)
    assert window.restore.panel.finish.grain.value() == 100
    wait_until_shown(qtbot, document, document.finish)
    assert "Grain" not in document.result.provenance, "the run left it to the window"
