"""Earlier results: out of memory and back without a loss, swept up after a crash, asked about at the end."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from weakref import ref

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from restorer import paths
from restorer.errors import PhotoError
from restorer.photo import Photo
from restorer.pipeline.events import Done
from restorer.pipeline.request import Preset
from restorer.pipeline.run_control import RunControl
from ui.main_window.window import Window
from ui.model.document import Document, DocumentState
from ui.model.result import IN_MEMORY, Result, Snapshot, VariationSet, last_seen_first, to_move_to_disk
from ui.restore.control_panel import PRESETS
from ui.saving.export_dialog import ExportDialog
from ui.widgets.dialogs import UnsavedQuestion
from ui.workers import result_store
from ui.workers.result_store import ResultStore, StoppedError, StoredResult, fetched, store

LONG = 120_000


def done(photo: Photo, seed: int = 7) -> Done:
    return Done(photo, "m", seed, "cpu", 3, 1.5, 0.1, 0.02, {"Seed": seed}, (2, 5))


def noise(shape: tuple[int, ...], kind: type[np.unsignedinteger] = np.uint8) -> np.ndarray:
    return np.random.default_rng(1).integers(0, np.iinfo(kind).max, shape, kind, endpoint=True)


# -- files -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("opaque", [True, False])
def test_result_comes_back_to_the_bit(
    tmp_path: Path, kind: type[np.unsignedinteger], channels: int, opaque: bool
) -> None:
    alpha = None if opaque else noise((33, 21), kind)
    photo = Photo(
        noise((33, 21, channels), kind),
        alpha,
        b"icc",
        b"exif",
        b"xmp",
        (300.0, 72.0),
        tmp_path / "a.tif",
        b"iptc",
    )
    stored = store(done(photo), tmp_path / "1", RunControl())
    assert stored.figures.photo.pixels.nbytes < 10
    back = fetched(stored)
    assert np.array_equal(back.photo.pixels, photo.pixels)
    assert back.photo.pixels.dtype == kind
    assert back.photo.alpha is None if opaque else np.array_equal(back.photo.alpha, alpha)
    for name in ("icc", "exif", "xmp", "iptc", "dpi", "path"):
        assert getattr(back.photo, name) == getattr(photo, name)
    for name in ("model", "seed", "consistency", "provenance", "stopped", "seconds"):
        assert getattr(back, name) == getattr(done(photo), name)


def test_damaged_short_or_missing_file_is_told_and_nothing_wrong_is_shown(tmp_path: Path) -> None:
    stored = store(done(Photo(noise((40, 40, 3)))), tmp_path / "1", RunControl())
    whole = stored.path.read_bytes()
    for content in (whole[:-1], b"\0" + whole[1:] if whole[0] else b"\1" + whole[1:], None):
        if content is None:
            stored.path.unlink()
        else:
            stored.path.write_bytes(content)
        with pytest.raises(PhotoError, match="seed 7"):
            fetched(stored)


def test_half_a_file_never_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = Photo(noise((40, 40, 3)))
    control = RunControl()
    control.cancel()
    with pytest.raises(StoppedError):
        store(done(photo), tmp_path / "1", control)
    full = SimpleNamespace(free=result_store.SPARED + photo.pixels.nbytes - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    with pytest.raises(OSError, match="No space"):
        store(done(photo), tmp_path / "1", RunControl())
    assert not list(tmp_path.iterdir())


def test_leftovers_of_a_crash_are_swept_up_and_those_of_a_living_app_are_not(home: Path) -> None:
    code = "from ui.workers.result_store import ResultStore\n"
    code += "ResultStore().new_path(3).write_bytes(b'pixels'); import os; os._exit(9)"
    subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[3])
    living = ResultStore()
    mine = living.new_path(1)
    mine.write_bytes(b"pixels")
    root = paths.cache_dir() / "results"
    assert len(list(root.iterdir())) == 2
    result_store.sweep()
    assert mine.exists()
    assert len(list(root.iterdir())) == 1
    living.close()
    assert not list(root.iterdir())


# -- which results stay in memory ------------------------------------------------------------------------


def test_those_seen_last_stay_in_memory() -> None:
    records = [Result(done(Photo(noise((2, 2, 3))), seed)) for seed in range(5)]
    past: list[Result] = []
    for record in records:
        past = last_seen_first(past, (record,), records)
    assert past == records[::-1]
    assert to_move_to_disk(past, (records[4],)) == [records[2], records[1], records[0]]
    assert to_move_to_disk(past, (records[4],), spare=(records[0],)) == [records[2], records[1]]
    assert to_move_to_disk(past, ()) == [records[2], records[1], records[0]], "an edit: nothing is in view"
    past = last_seen_first(past, (records[0],), records)
    assert to_move_to_disk(past, (records[0],)) == [records[3], records[2], records[1]]
    assert last_seen_first(past, (), records[:2]) == [records[0], records[1]]


def test_of_variations_only_the_chosen_one_is_missed() -> None:
    choice = VariationSet(tuple(Result(done(Photo(noise((2, 2, 3))), seed)) for seed in range(3)))
    choice.chosen = 1
    assert [record.unsaved for record in choice.records] == [False, True, False]
    assert [record.seed for record in Snapshot(made=choice).records] == [1, 0, 2]


# -- in the window ---------------------------------------------------------------------------------------


@pytest.fixture
def opened(window: Window, qtbot: QtBot, photo_file: Path) -> Window:
    window.core.runs.open([photo_file])
    qtbot.waitUntil(lambda: window.core.session.current.state is DocumentState.READY, timeout=LONG)
    window.restore.panel.preset.choose(PRESETS.index(Preset.DRAFT))
    return window


def run(window: Window, qtbot: QtBot, seed: int) -> np.ndarray:
    """Restore with a seed; returns a copy of the pixels."""
    document = window.core.session.current
    window.restore.panel.seed.setValue(seed)
    window.restore.start()
    qtbot.waitUntil(
        lambda: (
            document.state is DocumentState.DONE
            and document.result is not None
            and document.result.seed == seed
        ),
        timeout=LONG,
    )
    return document.result.photo.pixels.copy()


def in_memory(document: Document) -> list[int]:
    return [record.figures.seed for record in document.results if record.done is not None]


def files() -> list[Path]:
    return [
        path for path in (paths.cache_dir() / "results").rglob("*") if path.is_file() and path.name != "lock"
    ]


def test_memory_of_a_history_is_bounded_and_an_undo_brings_back_the_same_pixels(
    opened: Window, qtbot: QtBot
) -> None:
    document = opened.core.session.current
    alive: list[Callable[[], object]] = []
    made = []
    for seed in range(6):
        made.append(run(opened, qtbot, seed))
        alive.append(ref(document.result.photo.pixels))
    qtbot.waitUntil(lambda: len(in_memory(document)) == IN_MEMORY, timeout=LONG)
    assert in_memory(document) == [5, 4]
    assert [pixels() is not None for pixels in alive] == [False] * 4 + [True] * 2
    assert len(files()) == 4
    for seed in (4, 3, 2, 1, 0):
        QTest.keyClick(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
        assert document.result.seed == seed
        assert np.array_equal(document.result.photo.pixels, made[seed])
        qtbot.waitUntil(lambda: len(in_memory(document)) == IN_MEMORY, timeout=LONG)
    document.stack.setIndex(6)  # far ahead at once, as in the panel
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert np.array_equal(document.result.photo.pixels, made[5])

    document.stack.setIndex(1)
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    opened.restore.edits.turn_left()  # the five results after it are lost now, by the person's own will
    qtbot.waitUntil(lambda: document.state is DocumentState.READY, timeout=LONG)
    qtbot.waitUntil(lambda: len(files()) <= 1, timeout=LONG)
    assert [record.figures.seed for record in document.results] == [0]
    document.given_up = True
    opened.restore.photos.close.trigger()
    qtbot.waitUntil(lambda: not files(), timeout=LONG)


def test_variations_that_were_put_away_come_back_with_the_pick(opened: Window, qtbot: QtBot) -> None:
    document = opened.core.session.current
    opened.restore.panel.more.variations.choose(2)
    opened.restore.panel.more.changed.emit()
    opened.restore.panel.fidelity.setValue(20)
    run(opened, qtbot, 10)
    QTest.keyClick(opened.restore.canvas, Qt.Key.Key_3)
    made = [each.photo.pixels.copy() for each in document.varied.dones]
    opened.restore.panel.more.variations.choose(0)
    opened.restore.panel.more.changed.emit()
    for seed in (1, 2):
        run(opened, qtbot, seed)
    qtbot.waitUntil(lambda: in_memory(document) == [2, 1], timeout=LONG)
    document.stack.setIndex(1)
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert document.result.seed == 12
    for each, pixels in zip(document.varied.dones, made, strict=True):
        assert np.array_equal(each.photo.pixels, pixels)
    assert len(opened.restore.canvas.cells) == 3
    QTest.keyClick(opened.restore.canvas, Qt.Key.Key_1)
    assert np.array_equal(document.result.photo.pixels, made[0])


def test_results_stay_in_memory_where_the_disk_is_full(
    opened: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    document = opened.core.session.current
    first = run(opened, qtbot, 0)
    for seed in (1, 2):
        run(opened, qtbot, seed)
    qtbot.waitUntil(lambda: "stay in memory" in opened.restore.banner.sentence.text(), timeout=LONG)
    assert "No space" in opened.restore.banner.sentence.text()
    assert in_memory(document) == [2, 1, 0]
    document.stack.setIndex(1)
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert np.array_equal(document.result.photo.pixels, first)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=2**40))
    run(opened, qtbot, 3)
    run(opened, qtbot, 4)
    qtbot.waitUntil(lambda: in_memory(document) == [4, 3], timeout=LONG)


def test_result_whose_file_is_gone_costs_a_sentence_not_the_photo(opened: Window, qtbot: QtBot) -> None:
    document = opened.core.session.current
    for seed in range(3):
        run(opened, qtbot, seed)
    qtbot.waitUntil(lambda: in_memory(document) == [2, 1], timeout=LONG)
    files()[0].unlink()
    document.stack.setIndex(1)
    qtbot.waitUntil(lambda: document.state is DocumentState.READY, timeout=LONG)
    assert "seed 0" in opened.restore.banner.sentence.text()
    assert not opened.restore.canvas.comparing
    document.stack.setIndex(3)
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert document.result.seed == 2


def test_app_that_ends_leaves_nothing_behind(opened: Window, qtbot: QtBot) -> None:
    for seed in range(3):
        run(opened, qtbot, seed)
    qtbot.waitUntil(lambda: len(files()) == 1, timeout=LONG)
    opened.core.session.current.given_up = True
    opened.close()
    assert not opened.isVisible()
    assert not list((paths.cache_dir() / "results").iterdir())


# -- the question at the end -----------------------------------------------------------------------------


def question(window: Window) -> UnsavedQuestion:
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    window.close()
    assert window.isVisible()
    return shown(window)


def shown(window: Window) -> UnsavedQuestion:
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    found = window.findChildren(UnsavedQuestion)
    assert len(found) == 1
    return found[0]


def press(asked: UnsavedQuestion, word: str) -> None:
    next(button for button in asked.buttons() if word in button.text()).click()


def test_earlier_results_are_asked_about_and_saved_one_by_one(
    opened: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    document = opened.core.session.current
    made = [run(opened, qtbot, seed) for seed in range(3)]
    opened.restore.edits.turn_left()
    qtbot.waitUntil(lambda: document.state is DocumentState.READY, timeout=LONG)
    assert not document.unsaved
    assert opened.core.session.unsaved() == [document]
    asked = question(opened)
    assert "a photo.png" in asked.text()
    assert "seed 2" in asked.text()
    assert "2 more" in asked.text()
    for seed, more in ((2, "1 more"), (1, "1 more"), (0, "")):
        if seed < 2:
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            asked = shown(opened)
            assert f"seed {seed}" in asked.text()
            assert more in asked.text() if seed == 1 else "more" not in asked.text()
        press(asked, "Save")
        qtbot.waitUntil(lambda: bool(opened.findChildren(ExportDialog)), timeout=LONG)
        assert document.result.seed == seed, "it is in view while it is saved"
        dialog = opened.findChildren(ExportDialog)[-1]
        dialog.name.selectAll()
        QTest.keyClicks(dialog.name, f"kept {seed}")
        QTest.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
        target = tmp_path / f"kept {seed}.png"
        qtbot.waitUntil(target.exists, timeout=LONG)
        qtbot.waitUntil(lambda left=seed: len(document.losses) == left, timeout=LONG)
        from restorer.photo import read_photo

        assert np.array_equal(read_photo(target).pixels, made[seed])
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qtbot.waitUntil(lambda: not opened.isVisible(), timeout=LONG)


def test_what_was_saved_or_given_up_or_undone_for_good_is_not_asked_about(
    opened: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    document = opened.core.session.current
    run(opened, qtbot, 0)
    opened.saver.write(document, tmp_path / "kept.png")
    qtbot.waitUntil(lambda: document.saved is not None, timeout=LONG)
    for seed in range(1, 4):
        run(opened, qtbot, seed)
    qtbot.waitUntil(lambda: in_memory(document) == [3, 2], timeout=LONG)
    assert [record.figures.seed for record in document.losses] == [3, 2, 1]
    document.stack.setIndex(1)
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert document.saved == tmp_path / "kept.png", "it counts as saved after it lay in the attic"
    opened.restore.edits.grey()
    qtbot.waitUntil(lambda: document.state is DocumentState.READY, timeout=LONG)
    assert document.losses == []
    run(opened, qtbot, 5)
    opened.restore.edits.turn_right()
    qtbot.waitUntil(lambda: document.state is DocumentState.READY, timeout=LONG)
    press(question(opened), "Cancel")
    assert opened.isVisible()
    document.given_up = True
    document.stack.undo()
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert not document.unsaved, "who gave it up once is not asked again"
    assert opened.core.session.unsaved() == []


def test_photo_that_is_closed_with_results_in_its_history_asks_once_and_goes(
    opened: Window, qtbot: QtBot
) -> None:
    document = opened.core.session.current
    run(opened, qtbot, 0)
    run(opened, qtbot, 1)
    opened.restore.photos.close.trigger()
    asked = shown(opened)
    assert "1 more" in asked.text()
    press(asked, "without")
    assert document not in opened.core.session.documents


def test_earlier_result_can_be_saved_while_another_run_goes(
    opened: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    document = opened.core.session.current
    run(opened, qtbot, 0)
    opened.restore.panel.preset.choose(PRESETS.index(Preset.BEST))
    opened.restore.panel.seed.setValue(1)
    opened.restore.start()
    assert document.running
    press(question(opened), "Save")
    qtbot.waitUntil(lambda: bool(opened.findChildren(ExportDialog)), timeout=LONG)
    assert document.result.seed == 0
    opened.findChildren(ExportDialog)[-1].reject()
    assert opened.isVisible()


def test_a_stored_result_is_frozen() -> None:
    """It crosses threads."""
    with pytest.raises(AttributeError):
        StoredResult(done(Photo(noise((1, 1, 3)))), Path("x"), (1, 1, 3), 0).crc = 1  # type: ignore[misc]
