"""Conducting a run as a person does: pause, stop and keep, a region, and going on after a crash."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from restorer.packs import catalog
from restorer.photo import read_photo
from restorer.pipeline import checkpoint, restore
from restorer.pipeline.estimates import Estimates
from restorer.pipeline.events import Progress
from restorer.pipeline.request import Preset, RestoreRequest
from ui.canvas.selection import RubberBand, middle
from ui.main_window.window import Window
from ui.model.document import Document, DocumentState
from ui.model.options import RestoreOptions
from ui.restore.control_panel import PRESETS, ControlPanel
from ui.workers.engine_worker import engine_run

LONG = 120_000


def opened(qtbot: QtBot, window: Window, path: Path, preset: Preset = Preset.BEST) -> None:
    window.core.runs.open([path])
    wait_for(qtbot, window, DocumentState.READY)
    window.restore.panel.preset.choose(PRESETS.index(preset))


def wait_for(qtbot: QtBot, window: Window, state: DocumentState) -> None:
    def there() -> None:
        assert window.core.session.current is not None
        assert window.core.session.current.state is state

    qtbot.waitUntil(there, timeout=LONG)


def click(button: object) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_run_waits_and_goes_on(window: Window, qtbot: QtBot, cat_file: Path) -> None:
    opened(qtbot, window, cat_file)
    document, buttons = window.core.session.current, window.restore.panel.run_buttons
    assert not buttons.isVisible()
    window.restore.start()
    qtbot.waitUntil(lambda: document.live is not None and document.live.progress is not None, timeout=LONG)
    click(buttons.pause)
    assert document.state is DocumentState.PAUSED
    qtbot.wait(300)  # the piece of work in hand
    before = document.live
    qtbot.wait(400)
    assert document.live is before, "nothing happens while it waits"
    assert "Paused" in window.restore.strip.status.whole
    assert buttons.pause.text() == "Go on"
    click(buttons.pause)
    assert document.state is DocumentState.RUNNING
    wait_for(qtbot, window, DocumentState.DONE)
    assert document.result.photo.size == (640, 480)
    assert not buttons.isVisible()


def test_a_waiting_run_can_be_cancelled_and_leaves_nothing(
    window: Window, qtbot: QtBot, cat_file: Path
) -> None:
    opened(qtbot, window, cat_file)
    window.restore.start()
    document = window.core.session.current
    folder = document.checkpoint_folder
    qtbot.waitUntil(lambda: (folder / checkpoint.STATE).exists(), timeout=LONG)
    QTest.keyClick(window, Qt.Key.Key_P)
    assert document.state is DocumentState.PAUSED
    QTest.keyClick(window, Qt.Key.Key_Escape)
    wait_for(qtbot, window, DocumentState.READY)
    assert not folder.exists(), "what was given up is not offered again"


def test_stop_here_keeps_the_picture_that_is_there(window: Window, qtbot: QtBot, cat_file: Path) -> None:
    opened(qtbot, window, cat_file)
    document = window.core.session.current
    window.restore.start()
    assert not window.restore.panel.run_buttons.keep.isEnabled()
    qtbot.waitUntil(window.restore.panel.run_buttons.keep.isEnabled, timeout=LONG)
    click(window.restore.panel.run_buttons.keep)
    wait_for(qtbot, window, DocumentState.DONE)
    assert document.result.photo.size == (640, 480)
    assert document.result.provenance["Stopped"].endswith("of 12")
    assert document.result.evaluations < 12
    assert window.restore.canvas.comparing
    assert "step" in window.restore.strip.status.whole


def test_a_region_dragged_on_the_canvas_shows_what_the_run_gives_there(
    window: Window, qtbot: QtBot, cat_file: Path
) -> None:
    opened(qtbot, window, cat_file, Preset.DRAFT)
    document, canvas = window.core.session.current, window.restore.canvas
    QTest.keyClick(window, Qt.Key.Key_R)
    assert canvas.cursor().shape() == Qt.CursorShape.CrossCursor
    start, end = canvas.rect().center() - QPoint(90, 70), canvas.rect().center() + QPoint(60, 50)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(canvas, end)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)
    wait_for(qtbot, window, DocumentState.READY)
    qtbot.waitUntil(lambda: document.patch is not None, timeout=LONG)
    patch = document.patch
    assert document.result is None
    left, top, width, height = (4 * side for side in patch.box)
    canvas.zoom_to(1.0)
    place = canvas.on_canvas((left, top, width, height))
    seen = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(seen.constBits(), np.uint8).reshape(seen.height(), seen.bytesPerLine()).copy()
    rows = rows[:, : seen.width() * 3].reshape(seen.height(), seen.width(), 3)
    inside = rows[round(place.top()) + 4 : round(place.bottom()) - 4, round(place.left()) + 4 :]
    inside = inside[:, : width - 8]
    assert np.array_equal(inside, patch.done.photo.pixels[4:-4, 4:-4]), "true pixels, in its place"
    assert "frame" in window.restore.strip.status.whole

    window.restore.start()
    wait_for(qtbot, window, DocumentState.DONE)
    assert document.patch is None
    whole = document.result.photo.pixels[top : top + height, left : left + width].astype(int)
    assert np.percentile(np.abs(whole - patch.done.photo.pixels), 99) <= 2


def test_a_region_by_keys_and_esc_puts_it_away(window: Window, qtbot: QtBot, cat_file: Path) -> None:
    opened(qtbot, window, cat_file, Preset.DRAFT)
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
    opened(qtbot, window, cat_file)
    window.restore.start()
    click(window.restore.panel.run_buttons.pause)  # the engine is busy for as long as this test likes
    first = window.core.session.current
    window.core.runs.open([other])
    window.core.session.show(window.core.session.documents[1])
    wait_for(qtbot, window, DocumentState.READY)
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
    QTest.keyClick(window, Qt.Key.Key_Escape)
    wait_for(qtbot, window, DocumentState.READY)


@pytest.fixture
def two(window: Window, qtbot: QtBot, cat_file: Path, tmp_path: Path) -> Iterator[tuple[Document, Document]]:
    """A photo whose run waits for as long as a test likes, out of view, and another that is in view."""
    other = tmp_path / "other.png"
    other.write_bytes(cat_file.read_bytes())
    opened(qtbot, window, cat_file)
    first = window.core.session.current
    window.restore.panel.preset.choose(PRESETS.index(Preset.DRAFT))
    window.core.runs.open([other])
    qtbot.waitUntil(lambda: window.core.session.current is not first, timeout=LONG)
    wait_for(qtbot, window, DocumentState.READY)
    second = window.core.session.current
    yield first, second
    window.core.runs.stop_all()
    qtbot.waitUntil(lambda: not window.core.runs.engine.busy, timeout=LONG)


def away(qtbot: QtBot, window: Window, first: Document, second: Document) -> None:
    """Let the first photo's run wait, and the second come into view."""
    window.core.session.show(first)
    qtbot.waitUntil(lambda: first.at_rest, timeout=LONG)
    window.restore.start()
    click(window.restore.panel.run_buttons.pause)
    assert first.state is DocumentState.PAUSED
    window.core.session.show(second)
    qtbot.waitUntil(lambda: second.at_rest, timeout=LONG)


def test_esc_ends_no_run_that_is_out_of_view(
    window: Window, qtbot: QtBot, two: tuple[Document, Document]
) -> None:
    first, second = two
    away(qtbot, window, first, second)
    kept = first.checkpoint_folder
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert first.state is DocumentState.PAUSED
    window.restore.start()
    assert second.queued
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not second.queued, "its own waiting ends"
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert first.state is DocumentState.PAUSED
    window.core.session.show(first)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: first.at_rest, timeout=LONG)
    assert not kept.exists()


def test_esc_puts_away_a_region_before_anything_else(
    window: Window, qtbot: QtBot, two: tuple[Document, Document]
) -> None:
    first, second = two
    QTest.keyClick(window, Qt.Key.Key_R)
    window.restore.canvas.setFocus()
    QTest.keyClick(window.restore.canvas, Qt.Key.Key_Return)
    assert second.running
    window.restore.panel.preset.choose(PRESETS.index(Preset.BEST))
    window.restore.photos.restore_photos()  # the other one, as soon as the region is there
    qtbot.waitUntil(lambda: second.patch is not None and first.running, timeout=LONG)
    window.restore.banner.note("Something is worth knowing.")
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert second.patch is None
    assert window.restore.banner.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.restore.banner.isVisible()
    assert first.state is DocumentState.RUNNING
    qtbot.waitUntil(lambda: first.result is not None, timeout=LONG)


def test_esc_closes_a_message_before_it_ends_the_run_in_view(
    window: Window, qtbot: QtBot, cat_file: Path
) -> None:
    opened(qtbot, window, cat_file)
    window.restore.start()
    click(window.restore.panel.run_buttons.pause)
    window.restore.banner.say("Something went wrong.")
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.restore.banner.isVisible()
    assert window.core.session.current.state is DocumentState.PAUSED
    window.restore.banner.say("Something went wrong.")
    click(
        window.restore.panel.restore_button
    )  # says Cancel, and means the run whatever lies over the picture
    wait_for(qtbot, window, DocumentState.READY)
    assert window.restore.banner.isVisible()


@pytest.mark.parametrize("part", ["sheet", "angle", "apply_button", "cancel_button"])
def test_esc_anywhere_in_the_cropper_closes_it_and_ends_no_run(
    window: Window, qtbot: QtBot, two: tuple[Document, Document], part: str
) -> None:
    away(qtbot, window, *two)
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    cropper = window.restore.edits.cropper
    window.restore.banner.note("Something is worth knowing.")
    getattr(cropper, part).setFocus()
    QTest.keyClick(getattr(cropper, part), Qt.Key.Key_Escape)
    assert window.restore.edits.cropper is None
    assert window.restore.banner.isVisible()
    assert two[0].state is DocumentState.PAUSED
    assert two[1].stack.count() == 0


def test_esc_outside_of_the_cropper_closes_it_too(
    window: Window, qtbot: QtBot, two: tuple[Document, Document]
) -> None:
    away(qtbot, window, *two)
    window.restore.edits.crop()
    window.restore.panel.seed.setFocus()
    QTest.keyClick(window.restore.panel.seed, Qt.Key.Key_Escape)
    assert window.restore.edits.cropper is None
    assert two[0].state is DocumentState.PAUSED


def interrupted(photo: Path, pack: str) -> Path:
    """A run that was cut off after three steps; returns its folder."""
    folder = checkpoint.new_folder()
    request = RestoreRequest(read_photo(photo), preset=Preset.BEST, model=pack, seed=4, keep=folder)
    run = restore.run(request)
    next(event for event in run if isinstance(event, Progress) and event.step == 4)
    run.close()
    return folder


def test_a_run_that_was_cut_off_is_offered_and_goes_on(
    qapp: QApplication, qtbot: QtBot, tiny_pack: str, cat_file: Path, tmp_path: Path
) -> None:
    from ui.style.theme import Override, Theme

    folder = interrupted(cat_file, tiny_pack)
    theme = Theme(qapp, Override.DARK)
    store = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    window = Window(theme, store, engine_run)
    window.resize(1024, 640)
    window.show()
    try:
        offer = window.restore.runs.offer
        qtbot.waitUntil(offer.isVisible, timeout=LONG)
        assert "the cat.jpg" in offer.sentence.text()
        assert "step 3 of 12" in offer.sentence.text()
        assert window.restore.canvas.rect().contains(offer.geometry())
        steps: list[int] = []
        window.core.runs.engine.progressed.connect(
            lambda letter: steps.append(letter.progress.step if letter.progress is not None else 99)
        )
        click(offer.yes)
        assert not offer.isVisible()
        wait_for(qtbot, window, DocumentState.DONE)
        assert min(steps) >= 4
        done = window.core.session.current.result
        *_, whole = restore.run(
            RestoreRequest(cat_file, preset=Preset.BEST, model=tiny_pack, seed=4, preview_side=0)
        )
        assert np.array_equal(done.photo.pixels, whole.photo.pixels)
        assert not folder.exists()
        window.core.session.current.given_up = True
    finally:
        window.close()
        window.deleteLater()
        theme.deleteLater()


@pytest.mark.parametrize("looked_away", [False, True])
def test_a_run_that_was_left_waits_until_the_engine_is_free(
    window: Window, qtbot: QtBot, tiny_pack: str, cat_file: Path, tmp_path: Path, looked_away: bool
) -> None:
    other = tmp_path / "other.png"
    other.write_bytes(cat_file.read_bytes())
    folder = interrupted(cat_file, tiny_pack)
    cat_file.unlink()  # what is gone on with is what was kept
    opened(qtbot, window, other)
    first = window.core.session.current
    window.restore.start()
    click(window.restore.panel.run_buttons.pause)
    window.core.recovery.look()
    qtbot.waitUntil(window.restore.runs.offer.isVisible, timeout=LONG)
    click(window.restore.runs.offer.yes)
    document = window.core.session.current
    assert document is not first
    qtbot.waitUntil(lambda: document.original is not None, timeout=LONG)
    assert document.queued
    assert "its turn" in window.restore.strip.status.whole
    if looked_away:
        window.core.session.show(first)
        assert document.photo is None
    steps: list[int] = []
    window.core.runs.engine.progressed.connect(
        lambda letter: (
            steps.append(letter.progress.step if letter.progress is not None else 99)
            if letter.run == document.key
            else None
        )
    )
    window.core.runs.cancel(first)
    qtbot.waitUntil(lambda: document.result is not None, timeout=LONG)
    assert min(steps) >= 4
    assert document.result.seed == 4
    assert not first.running
    assert not folder.exists()


def test_a_run_that_was_left_and_no_longer_waits_is_offered_another_time(
    window: Window, qtbot: QtBot, tiny_pack: str, cat_file: Path, two: tuple[Document, Document]
) -> None:
    away(qtbot, window, *two)
    folder = interrupted(cat_file, tiny_pack)
    window.core.recovery.look()
    qtbot.waitUntil(window.restore.runs.offer.isVisible, timeout=LONG)
    click(window.restore.runs.offer.yes)
    document = window.core.session.current
    qtbot.waitUntil(lambda: document.original is not None, timeout=LONG)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not document.queued
    assert folder in [run.folder for run in checkpoint.unfinished()]


def cut_off(qtbot: QtBot, window: Window) -> Path:
    """Begin a run of the photo in view and close the window in the middle of it; returns what is kept."""
    window.restore.panel.preset.choose(PRESETS.index(Preset.BEST))
    window.restore.start()
    folder = window.core.session.current.checkpoint_folder
    qtbot.waitUntil((folder / checkpoint.STATE).exists, timeout=LONG)
    click(window.restore.panel.run_buttons.pause)
    window.close()
    assert (folder / checkpoint.STATE).exists()
    return folder


@pytest.fixture
def next_start(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[], Window]]:
    """Opens the window as the next start does."""
    from ui.style.theme import Override, Theme

    theme = Theme(qapp, Override.DARK)
    windows: list[Window] = []

    def start() -> Window:
        store = QSettings(str(tmp_path / "next.ini"), QSettings.Format.IniFormat)
        windows.append(Window(theme, store, engine_run))
        windows[0].resize(1024, 640)
        windows[0].show()
        qtbot.waitExposed(windows[0])
        return windows[0]

    yield start
    for window in windows:
        for document in window.core.session.documents:
            document.given_up = True
        window.close()
        window.deleteLater()
    theme.deleteLater()


def test_a_run_that_goes_on_remembers_the_desk_work(
    window: Window, qtbot: QtBot, cat_file: Path, photo_file: Path, next_start: Callable[[], Window]
) -> None:
    opened(qtbot, window, cat_file)
    window.restore.edits.turn_right()
    qtbot.waitUntil(lambda: window.core.session.current.at_rest, timeout=LONG)
    cut_off(qtbot, window)
    later = next_start()
    qtbot.waitUntil(later.restore.runs.offer.isVisible, timeout=LONG)
    click(later.restore.runs.offer.yes)
    wait_for(qtbot, later, DocumentState.DONE)
    document = later.core.session.current
    assert document.result.photo.size == (480, 640)
    assert document.result.provenance["DeskWork"] == "turn 1"
    later.core.history.group.undo()
    wait_for(qtbot, later, DocumentState.READY)
    later.core.runs.open([photo_file])
    qtbot.waitUntil(lambda: later.core.session.current is not document, timeout=LONG)
    wait_for(qtbot, later, DocumentState.READY)
    later.core.session.show(document)
    wait_for(qtbot, later, DocumentState.READY)
    assert document.photo.size == (120, 160), "still turned, whatever the file says"
    later.restore.edits.turn_right()
    wait_for(qtbot, later, DocumentState.READY)
    assert document.photo.size == (160, 120)
    assert document.past.desk_work == "turn 1; turn 1"


def test_a_run_that_goes_on_remembers_that_a_model_made_the_picture(
    window: Window, qtbot: QtBot, cat_file: Path, next_start: Callable[[], Window]
) -> None:
    made = window.core.session.add(photo=dataclasses.replace(read_photo(cat_file), path=None))
    made.title, made.origin = "a fox_3", "a cascade of networks"
    window.core.session.show(made)
    wait_for(qtbot, window, DocumentState.READY)
    cut_off(qtbot, window)
    later = next_start()
    qtbot.waitUntil(later.restore.runs.offer.isVisible, timeout=LONG)
    assert "a fox_3" in later.restore.runs.offer.sentence.text()
    click(later.restore.runs.offer.yes)
    wait_for(qtbot, later, DocumentState.DONE)
    document = later.core.session.current
    assert document.name == "a fox_3"
    assert document.result.provenance["Origin"] == "a cascade of networks"
    assert document.result.provenance["Invented"] == 1


def test_a_set_of_variations_goes_on_from_the_seed_that_was_being_made(
    window: Window, qtbot: QtBot, tiny_pack: str, cat_file: Path, next_start: Callable[[], Window]
) -> None:
    opened(qtbot, window, cat_file)
    window.restore.panel.seed.setValue(11)
    window.restore.panel.more.variations.choose(3)
    window.restore.panel.more.changed.emit()
    window.restore.start()
    document = window.core.session.current
    folder = document.checkpoint_folder

    def in_the_second() -> bool:
        return document.phase[2] == (2, 4) and (folder / checkpoint.STATE).exists()

    qtbot.waitUntil(in_the_second, timeout=LONG)
    click(window.restore.panel.run_buttons.pause)
    window.close()
    assert [run.past.seeds for run in checkpoint.unfinished()] == [(12, 13, 14)]
    later = next_start()
    qtbot.waitUntil(later.restore.runs.offer.isVisible, timeout=LONG)
    assert later.restore.runs.offer.sentence.text().startswith("3 variations of the cat.jpg")
    steps: list[int] = []
    later.core.runs.engine.progressed.connect(
        lambda letter: steps.append(letter.progress.step if letter.progress is not None else 99)
    )
    click(later.restore.runs.offer.yes)
    wait_for(qtbot, later, DocumentState.DONE)
    assert min(steps[:1]) > 1, "the one in hand is not begun anew"
    varied = later.core.session.current.varied
    assert [done.seed for done in varied.dones] == [12, 13, 14]
    request = RestoreRequest(cat_file, preset=Preset.BEST, model=tiny_pack, seed=12, preview_side=0)
    *_, whole = restore.run(request)
    assert np.array_equal(varied.dones[0].photo.pixels, whole.photo.pixels)
    assert not folder.exists()


def test_variations_that_were_given_up_are_not_offered(window: Window, qtbot: QtBot, cat_file: Path) -> None:
    opened(qtbot, window, cat_file)
    window.restore.panel.more.variations.choose(1)
    window.restore.panel.more.changed.emit()
    window.restore.start()
    folder = window.core.session.current.checkpoint_folder
    qtbot.waitUntil((folder / checkpoint.STATE).exists, timeout=LONG)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    wait_for(qtbot, window, DocumentState.READY)
    assert not folder.exists()


def test_closing_the_window_keeps_the_run_for_the_next_start(
    window: Window, qtbot: QtBot, cat_file: Path
) -> None:
    opened(qtbot, window, cat_file)
    window.restore.start()
    folder = window.core.session.current.checkpoint_folder
    qtbot.waitUntil(lambda: (folder / checkpoint.STATE).exists(), timeout=LONG)
    window.close()
    QApplication.processEvents()
    assert [run.folder for run in checkpoint.unfinished()] == [folder]


def test_forgetting_an_offer_removes_what_was_kept(
    window: Window, qtbot: QtBot, tiny_pack: str, cat_file: Path
) -> None:
    folder = interrupted(cat_file, tiny_pack)
    window.core.recovery.look()
    qtbot.waitUntil(window.restore.runs.offer.isVisible, timeout=LONG)
    click(window.restore.runs.offer.no)
    assert not window.restore.runs.offer.isVisible()
    assert not folder.exists()


# -- arithmetic ------------------------------------------------------------------------------------------


def test_a_band_is_kept_on_the_picture_and_told_in_the_photos_pixels() -> None:
    band = RubberBand((500, 300), (500, 300), (400, 200)).to((-20, 90))
    assert band.shape == (0, 90, 400, 110)
    assert band.box((100, 50)) == (0, 22, 100, 28), "the picture shows four pixels for one of the photo's"
    assert RubberBand((10, 10), (11, 11), (400, 200)).box((400, 200)) is None, "a click is no region"


@pytest.mark.parametrize("seen", [(0, 0, 400, 200), (100, 50, 180, 90)])
def test_the_middle_lies_in_what_is_seen(seen: tuple[float, float, float, float]) -> None:
    left, top, width, height = middle(seen, (400, 200)).shape
    assert seen[0] < left < left + width < seen[2]
    assert seen[1] < top < top + height < seen[3]


# -- controls --------------------------------------------------------------------------------------------


def test_the_panel_tells_size_print_and_what_a_run_takes(
    window: Window, qtbot: QtBot, cat_file: Path
) -> None:
    opened(qtbot, window, cat_file, Preset.DRAFT)
    panel = window.restore.panel
    panel.scale.choose(panel.scales.index(4))
    panel.preset.chosen.emit(0)
    assert "640 × 480 pixels" in panel._becomes.text()  # noqa: RUF001
    assert "5.4\u00a0×\u00a04.1\u00a0cm" in panel._becomes.text()  # noqa: RUF001
    assert "GB of memory" in panel._estimate.text()
    one = window.core.runs.estimate(window.core.session.current, panel.settings)
    panel.preset.choose(PRESETS.index(Preset.BEST))
    best = window.core.runs.estimate(window.core.session.current, panel.settings)
    assert best.seconds > 3 * one.seconds
    panel.preset.choose(PRESETS.index(Preset.DRAFT))
    panel.more.variations.choose(2)
    three = window.core.runs.estimate(window.core.session.current, panel.settings)
    assert three.seconds == pytest.approx(3 * one.seconds)
    panel.more.variations.choose(0)
    with qtbot.waitSignal(window.core.runs.learned, timeout=LONG):
        window.restore.start()
    (seen,) = Estimates()._seen
    assert seen.seconds > 0
    assert seen.chain == window.core.session.current.result.model


def test_the_colour_lock_reaches_the_engine(window: Window, qtbot: QtBot, cat_file: Path) -> None:
    opened(qtbot, window, cat_file, Preset.DRAFT)
    window.restore.panel.more.colour_lock.setChecked(False)
    window.restore.start()
    wait_for(qtbot, window, DocumentState.DONE)
    assert window.core.session.current.result.provenance["ColourLock"] == 0


def test_repair_is_offered_and_reaches_the_engine(window: Window, qtbot: QtBot, cat_file: Path) -> None:
    opened(qtbot, window, cat_file, Preset.DRAFT)
    box = window.restore.panel.repair
    assert box.isVisible()
    assert not box.isChecked()  # thin lines of the picture may go too: it is asked for
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert box.isChecked()
    window.restore.start()
    wait_for(qtbot, window, DocumentState.DONE)
    result = window.core.session.current.result
    assert result.provenance["Repair"] == 1
    assert result.model.startswith("sr3-repair + ")


def test_without_a_model_of_repair_there_is_no_box(
    qtbot: QtBot, tiny_pack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog, "mender", lambda: None)
    panel = ControlPanel((4,), RestoreOptions(repair=True))
    qtbot.addWidget(panel)
    panel.show()
    assert not panel.repair.isVisible()
    assert not panel.settings.repair


def test_every_control_of_the_panel_explains_itself(window: Window) -> None:
    from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QAbstractSpinBox

    controls = [
        widget
        for kind in (QAbstractButton, QAbstractSlider, QAbstractSpinBox)
        for widget in window.restore.panel.findChildren(kind)
        if not widget.objectName().startswith("qt_") and not widget.parent().objectName().startswith("qt_")
    ]
    assert len(controls) > 20
    assert [widget for widget in controls if not widget.toolTip()] == []


def test_only_before_is_what_its_action_says(window: Window, qtbot: QtBot, cat_file: Path) -> None:
    opened(qtbot, window, cat_file, Preset.DRAFT)
    window.restore.start()
    wait_for(qtbot, window, DocumentState.DONE)
    both = window.restore.canvas.grab().toImage()
    window.restore.compare.before_only.trigger()
    before = window.restore.canvas.grab().toImage()
    assert before != both
    window.core.session.current.notify()  # as saving does, and the pointer near the handle
    assert window.restore.compare.before_only.isChecked()
    assert window.restore.canvas.grab().toImage() == before
    window.restore.start()
    assert not window.restore.compare.before_only.isChecked()
    wait_for(qtbot, window, DocumentState.DONE)
    assert window.restore.canvas.grab().toImage() != before


def test_trying_a_region_ends_where_a_run_begins(window: Window, qtbot: QtBot, cat_file: Path) -> None:
    opened(qtbot, window, cat_file)
    window.restore.runs.region.trigger()
    assert window.restore.runs.region.isChecked()
    window.restore.start()
    assert not window.restore.runs.region.isChecked()
    window.workspaces.cancel()
    wait_for(qtbot, window, DocumentState.READY)
