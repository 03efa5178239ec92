"""The damage tool in the window: drawn with the mouse, undone, saved, loaded, filled; found and moved by a
slider; cropped, kept over a restart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from restorer.damage.mask import read_mask
from restorer.photo import read_photo
from restorer.photo.edits import Turn
from tests.ui.driver import LONG, click, open_photo, pixels_of, seen, wait_for_size, wait_for_state
from ui.app_core import AppCore
from ui.damage.stroke import Brush
from ui.main_window.window import Window
from ui.model.document import Document, DocumentState
from ui.style.theme import MARKED, PROTECTED


@pytest.fixture
def scratched_file(tmp_path: Path, chelsea: np.ndarray) -> Path:
    """A photo of 160 x 120 pixels with a white scratch in columns 80 to 82."""
    pixels = chelsea[60:180, 100:260].copy()
    pixels[10:110, 80:83] = 255
    path = tmp_path / "old photo.png"
    Image.fromarray(pixels).save(path)
    return path


def place(window: Window, x: float, y: float) -> QPoint:
    """Where a point of the photo lies on the canvas."""
    canvas = window.restore.canvas
    return canvas.on_canvas((x, y, 0, 0)).topLeft().toPoint()


def draw(window: Window, *points: tuple[float, float]) -> None:
    canvas, left = window.restore.canvas, Qt.MouseButton.LeftButton
    at = [place(window, *point) for point in points]
    QTest.mousePress(canvas, left, pos=at[0])
    for point in at[1:]:
        QTest.mouseMove(canvas, point)
    QTest.mouseRelease(canvas, left, pos=at[-1])


def open_tool(qtbot: QtBot, window: Window, path: Path) -> Document:
    document = open_photo(qtbot, window, path)
    QTest.keyClick(window.restore.canvas, Qt.Key.Key_M)
    assert window.restore.damage.bar.isVisible()
    return document


def marked(document: Document) -> np.ndarray:
    assert document.marked is not None
    return document.marked.mask().marked(document.marked.thoroughness)


def test_a_mask_is_drawn_undone_saved_loaded_and_filled(
    window: Window, qtbot: QtBot, scratched_file: Path, tmp_path: Path
) -> None:
    document = open_tool(qtbot, window, scratched_file)
    tool, bar, canvas = window.restore.damage, window.restore.damage.bar, window.restore.canvas
    bar.diameter.setValue(40)
    draw(window, (81, 12), (81, 60), (81, 108))
    scratch = marked(document)
    assert scratch[12:108, 80:83].all()
    assert scratch.mean() < 0.2
    colour = seen(canvas)[place(window, 81, 60).y(), place(window, 81, 60).x()]
    assert colour[0] > colour[1] + 60  # the translucent mask over white
    draw(window, (20, 20), (30, 30))
    assert marked(document).sum() > scratch.sum()
    QTest.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_array_equal(marked(document), scratch)
    QTest.keyClick(
        canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert marked(document).sum() > scratch.sum()
    click(bar.undo_button)

    QTest.keyClick(canvas, Qt.Key.Key_N)
    assert bar.brushes[Brush.PROTECT].isChecked()
    draw(window, (81, 100))
    protected = document.marked.mask().protected
    assert protected.any()
    assert not marked(document)[100, 81]
    file = tmp_path / "mask.png"
    tool.save(file)
    read = read_mask(file, read_photo(scratched_file))
    np.testing.assert_array_equal(read.marked(), marked(document))

    click(bar.clear_button)
    assert not marked(document).any()
    assert not bar.fill_button.isEnabled()
    tool.load(file)
    np.testing.assert_array_equal(marked(document), read.marked())
    np.testing.assert_array_equal(document.marked.mask().protected, protected)

    wanted = marked(document)
    click(bar.fill_button)
    wait_for_state(qtbot, window, DocumentState.DONE)
    assert not bar.isVisible()
    assert document.result is not None
    before, after = read_photo(scratched_file).pixels, document.result.photo.pixels
    np.testing.assert_array_equal(after[~wanted], before[~wanted])
    np.testing.assert_array_equal(after[protected], before[protected])
    assert after[20:90, 81].mean() < 200
    assert document.finish.grain == 0
    assert canvas.comparing
    assert document.unsaved
    assert "All else is as it was" in window.restore.strip.status.whole
    assert window.core.history.group.undoText() == "Damage filled"

    card = window.restore.panel.damage
    assert card.another_button.isVisibleTo(window)
    first = document.result
    card.another_button.click()
    qtbot.waitUntil(lambda: document.result is not first, timeout=LONG)
    assert document.result.seed == first.seed + 1
    assert (document.result.photo.pixels[wanted] != after[wanted]).any()
    np.testing.assert_array_equal(document.result.photo.pixels[~wanted], before[~wanted])

    group = window.core.history.group
    for _ in range(2):
        group.undo()
        qtbot.waitUntil(lambda: document.at_rest, timeout=LONG)
    assert document.result is not None or document.record is None
    while group.canUndo():
        group.undo()
        qtbot.waitUntil(lambda: document.at_rest, timeout=LONG)
    assert document.marked is None
    assert document.record is None


def test_what_is_marked_is_filled_before_the_photo_is_enlarged(
    window: Window, qtbot: QtBot, scratched_file: Path
) -> None:
    document = open_tool(qtbot, window, scratched_file)
    window.restore.damage.bar.diameter.setValue(40)
    draw(window, (81, 12), (81, 108))
    window.restore.start()
    wait_for_state(qtbot, window, DocumentState.DONE)
    assert document.result is not None
    facts = document.result.provenance
    assert facts["RepairFill"] == "classical (Telea and grain)"
    assert facts["Scale"] == 4
    assert document.result.photo.size == (640, 480)
    assert document.result.photo.pixels[200:280, 324:328].mean() < 215
    assert not window.restore.panel.damage.another_button.isVisibleTo(window)


def test_strength_mixes_with_the_filled_photo_so_the_scratch_stays_gone(
    window: Window, qtbot: QtBot, scratched_file: Path, tmp_path: Path
) -> None:
    document = open_tool(qtbot, window, scratched_file)
    window.restore.damage.bar.diameter.setValue(40)
    draw(window, (81, 12), (81, 108))
    click(window.restore.damage.bar.fill_button)
    wait_for_state(qtbot, window, DocumentState.DONE)
    assert document.result is not None
    filled = document.result.photo
    strength = window.restore.panel.finish.strength
    assert not strength.isEnabled(), "the filling is all that was done"
    window.restore.start()
    qtbot.waitUntil(lambda: document.result is not None and document.result_scale == 4, timeout=LONG)
    wait_for_state(qtbot, window, DocumentState.DONE)
    assert strength.isEnabled()
    strength.setValue(0)
    wanted = np.asarray(Image.fromarray(filled.pixels).resize((640, 480), Image.Resampling.BICUBIC))

    def is_shown() -> None:
        assert document.finished is not None
        assert document.finished.task.finish.strength == 0

    qtbot.waitUntil(is_shown, timeout=LONG)
    assert document.finished is not None
    shown = pixels_of(document.finished.pictures[0].levels[0])[..., :3]
    side = 640 // shown.shape[1]
    small = np.asarray(Image.fromarray(wanted).reduce(side)).astype(int)
    assert np.abs(shown - small).max() <= 12
    assert np.abs(shown - small).mean() < 2
    target = tmp_path / "saved.png"
    with qtbot.waitSignal(window.core.photos.written, timeout=LONG):
        window.saver.write(document, target)
    np.testing.assert_array_equal(read_photo(target).pixels, wanted)


def test_damage_is_found_and_the_slider_takes_more_or_less_of_it_without_another_run(
    window: Window, qtbot: QtBot, scratched_file: Path
) -> None:
    document = open_photo(qtbot, window, scratched_file)
    bar = window.restore.damage.bar
    QTest.keyClick(window.restore.canvas, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: document.marked is not None, timeout=LONG)
    qtbot.waitUntil(lambda: window.core.damage.busy is None, timeout=LONG)
    assert marked(document)[40:80, 81].mean() > 0.5
    assert "What was found is marked" in window.restore.strip.status.whole
    found = document.marked.planes
    counts = []
    for value in (0, 50, 100):
        bar.thoroughness.setValue(value)
        assert document.marked.planes is found
        counts.append(int(marked(document).sum()))
    assert counts[0] < counts[1] < counts[2]
    assert window.restore.damage.overlay.thoroughness == 1.0
    click(bar.undo_button)
    assert not marked(document).any()


def test_esc_closes_the_tool_and_the_marks_are_one_step_of_the_photo(
    window: Window, qtbot: QtBot, scratched_file: Path
) -> None:
    document = open_tool(qtbot, window, scratched_file)
    canvas, bar = window.restore.canvas, window.restore.damage.bar
    for _ in range(3):
        QTest.keyClick(canvas, Qt.Key.Key_BracketRight)
    assert bar.diameter.value() == window.restore.damage.brush.diameter > 40
    QTest.keyClick(canvas, Qt.Key.Key_BracketLeft)
    draw(window, (40, 40), (60, 60))
    draw(window, (90, 90))
    QTest.keyClick(canvas, Qt.Key.Key_E)
    draw(window, (50, 50))
    assert not marked(document)[50, 50]
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert document.stack.count() == 1
    assert window.core.history.group.undoText() == "Damage marked"
    assert "marked" in window.restore.panel.damage.words.text()
    window.core.history.group.undo()
    assert document.marked is None
    window.core.history.group.redo()
    assert marked(document).any()
    drawn = marked(document)
    draw(window, (20, 20), (25, 25))  # the mouse is the canvas' again
    np.testing.assert_array_equal(marked(document), drawn)


def test_marks_turn_and_are_cropped_with_their_photo(
    window: Window, qtbot: QtBot, scratched_file: Path
) -> None:
    document = open_tool(qtbot, window, scratched_file)
    draw(window, (40, 30), (60, 30))
    before = marked(document)
    window.core.history.edit(Turn(1))
    wait_for_size(qtbot, window, (120, 160))
    assert not window.restore.damage.bar.isVisible()
    np.testing.assert_array_equal(marked(document), np.rot90(before, -1))
    window.core.history.group.undo()
    wait_for_size(qtbot, window, (160, 120))
    np.testing.assert_array_equal(marked(document), before)


def test_a_border_that_is_eaten_away_can_be_cropped_off(
    window: Window, qtbot: QtBot, scratched_file: Path
) -> None:
    document = open_tool(qtbot, window, scratched_file)
    bar = window.restore.damage.bar
    draw(window, (80, 60))
    assert not bar.border.isVisible()
    bar.diameter.setValue(60)
    draw(window, (1, 0), (1, 60), (1, 119))
    assert bar.border.isVisible()
    click(bar.crop_button)
    qtbot.waitUntil(lambda: document.photo is not None and document.photo.size[0] < 160, timeout=LONG)
    assert document.photo is not None
    assert document.photo.size[1] == 120
    assert not marked(document)[:, 0].any()
    assert marked(document).any()


def test_a_mask_of_another_size_is_a_sentence(
    window: Window, qtbot: QtBot, scratched_file: Path, tmp_path: Path
) -> None:
    document = open_tool(qtbot, window, scratched_file)
    Image.new("L", (20, 20), 255).save(tmp_path / "small.png")
    window.restore.damage.load(tmp_path / "small.png")
    assert window.restore.banner.isVisible()
    assert document.marked is None or not marked(document).any()


def test_the_mask_is_painted_in_two_colours(window: Window, qtbot: QtBot, scratched_file: Path) -> None:
    open_tool(qtbot, window, scratched_file)
    canvas = window.restore.canvas
    plain = seen(canvas)
    window.restore.damage.choose(Brush.ADD)
    draw(window, (30, 40))
    window.restore.damage.choose(Brush.PROTECT)
    draw(window, (120, 40))
    QTest.mouseMove(canvas, place(window, 80, 110))
    now = seen(canvas)
    for x, colour in ((30, MARKED), (120, PROTECTED)):
        at = place(window, x, 40)
        old, new = plain[at.y(), at.x()].astype(float), now[at.y(), at.x()].astype(float)
        way, wanted = new - old, np.array(colour) - old
        assert np.dot(way, wanted) / np.linalg.norm(way) / np.linalg.norm(wanted) > 0.95
        assert 0.3 < np.linalg.norm(way) / np.linalg.norm(wanted) < 0.8


def test_marks_survive_a_crash(core: AppCore, qtbot: QtBot, scratched_file: Path, tmp_path: Path) -> None:
    from restorer.damage.mask import DamageMask, Touch
    from tests.ui.driver import open_in_core
    from ui.last_session.state import read
    from ui.model.marked_damage import MarkedDamage

    document = open_in_core(qtbot, core, scratched_file)
    spot = np.ones((10, 10), np.bool_)
    mask = (
        DamageMask.empty((160, 120)).touched(Touch.ADD, spot, (30, 20)).touched(Touch.PROTECT, spot, (90, 9))
    )
    core.damage.set_marked(document, MarkedDamage.of(mask, 0.3, 5))
    with qtbot.waitSignal(core.recorder.flushed, timeout=LONG):
        core.recorder.flush()
    assert core.recorder.is_safe
    session = core.recorder.session()
    assert read(session.text()) == session
    core.keep_session(True)
    core.close()

    later = AppCore(QSettings(str(tmp_path / "later.ini"), QSettings.Format.IniFormat))
    try:
        with qtbot.waitSignal(later.recovery.offered, timeout=LONG):
            later.recovery.look()
        later.recovery.accept(256)
        qtbot.waitUntil(
            lambda: later.session.current is not None and later.session.current.at_rest, timeout=LONG
        )
        again = later.session.current
        assert again is not None
        assert again.marked is not None
        np.testing.assert_array_equal(again.marked.mask().marked(), mask.marked())
        np.testing.assert_array_equal(again.marked.mask().protected, mask.protected)
        assert (again.marked.thoroughness, again.marked.seed) == (0.3, 5)
        later.history.group.undo()
        assert again.marked is None
    finally:
        later.close()
        later.deleteLater()
