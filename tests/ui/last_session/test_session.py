"""What was open comes back after a crash or a quit: photos with edits, results and history, and sheets."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from restorer.damage.mask import DamageMask, Touch
from restorer.photo import read_photo
from restorer.photo.edits import Turn
from restorer.pipeline.events import Event, Progress
from restorer.pipeline.finish import AS_RESTORED, Finish
from restorer.pipeline.request import Preset, RestoreRequest
from restorer.pipeline.resume import picture_keeper, run_folder
from tests.tiny_packs import BASE
from tests.ui.driver import LONG, PREVIEW_SIDE, open_in_core, wait_for_state
from ui.app_core import AppCore
from ui.last_session.folders import left_sessions
from ui.last_session.state import KeptSession, read
from ui.model.document import Document, DocumentState
from ui.model.marked_damage import MarkedDamage
from ui.model.options import GenerateOptions, RestoreOptions
from ui.workers.result_store import LOCK, SESSION, ResultStore, root

DRAFT = RestoreOptions(preset=Preset.DRAFT, seed=3)


def new_core(tiny_run: Callable[..., object], tmp_path: Path, name: str) -> AppCore:
    return AppCore(QSettings(str(tmp_path / f"{name}.ini"), QSettings.Format.IniFormat), tiny_run)


@pytest.fixture
def later(qapp: QApplication, tiny_run: Callable[..., object], tmp_path: Path) -> Iterator[AppCore]:
    """The core of the next start."""
    core = new_core(tiny_run, tmp_path, "later")
    yield core
    core.close()
    core.deleteLater()


def crash(qtbot: QtBot, core: AppCore) -> Path:
    """End a core so that its folder is as a killed process leaves it once a second has passed."""
    with qtbot.waitSignal(core.recorder.flushed, timeout=LONG):
        core.recorder.flush()
    core.keep_session(True)
    core.close()
    (folder,) = (each for each in root().iterdir() if (each / SESSION).exists())
    return folder


def come_back(qtbot: QtBot, core: AppCore) -> None:
    """Look, and take what is offered."""
    with qtbot.waitSignal(core.recovery.offered, timeout=LONG) as offered:
        core.recovery.look()
    assert offered.args[0] is not None
    core.recovery.accept(PREVIEW_SIDE)


def restored(qtbot: QtBot, core: AppCore, options: RestoreOptions = DRAFT) -> Document:
    document = core.session.current
    assert document is not None
    core.runs.restore(document, options, PREVIEW_SIDE)
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    return document


def edited(qtbot: QtBot, core: AppCore) -> None:
    core.history.edit(Turn(1))
    qtbot.waitUntil(lambda: core.session.current.at_rest, timeout=LONG)


def test_photos_come_back_with_edits_results_and_history(
    core: AppCore, later: AppCore, qtbot: QtBot, cat_file: Path, photo_file: Path
) -> None:
    open_in_core(qtbot, core, photo_file)
    open_in_core(qtbot, core, cat_file)
    edited(qtbot, core)
    made = restored(qtbot, core).result.photo.pixels.copy()
    core.history.edit(Turn(1))
    wait_for_state(qtbot, core, DocumentState.READY)
    folder = crash(qtbot, core)
    come_back(qtbot, later)
    assert [document.name for document in later.session.documents] == [photo_file.name, cat_file.name]
    document = later.session.current
    assert document.name == cat_file.name
    qtbot.waitUntil(lambda: document.state is DocumentState.READY, timeout=LONG)
    assert document.edits == (Turn(1), Turn(1))
    assert document.photo.size == (160, 120)
    assert [record.seed for record in document.losses] == [3]
    later.history.group.undo()
    wait_for_state(qtbot, later, DocumentState.DONE)
    assert np.array_equal(document.result.photo.pixels, made)
    assert document.result.provenance["DeskWork"] == "turn 1"
    for size in ((120, 160), (160, 120)):
        later.history.group.undo()
        wait_for_state(qtbot, later, DocumentState.READY)
        assert document.photo.size == size
    qtbot.waitUntil(lambda: not folder.exists(), timeout=LONG)
    assert not left_sessions(), "what was used is offered to nobody else"


def test_strength_grain_and_the_saved_files_come_back(
    core: AppCore, later: AppCore, qtbot: QtBot, cat_file: Path, tmp_path: Path
) -> None:
    open_in_core(qtbot, core, cat_file)
    document = restored(qtbot, core)
    softer, grainy = Finish(0.6), Finish(0.6, 0.3)
    for finish in (softer, grainy):
        core.history.finish(finish)
        file = tmp_path / f"{finish.grain}.png"
        file.touch()
        document.note_saved(document.record.in_memory_or_stored, file, False, finish)
    (tmp_path / "0.3.png").unlink()
    crash(qtbot, core)
    come_back(qtbot, later)
    document = later.session.current
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert document.finish == grainy
    assert document.record.saves == {softer: tmp_path / "0.0.png"}
    assert document.record.unsaved
    names = [document.stack.text(place) for place in range(document.stack.count())]
    assert names[1:] == ["Strength 60 %", "Grain 30 %"]
    later.history.group.undo()
    assert document.finish == softer
    assert document.saved == tmp_path / "0.0.png"
    later.history.group.undo()
    assert document.finish == AS_RESTORED
    assert document.saved is None


def test_a_session_without_strength_and_grain_is_still_read() -> None:
    snapshot = {"edits": "", "result": 0, "choice": None, "scale": 4, "preset": "draft"}
    photo = {"path": "/photo.jpg", "title": "", "origin": "", "applied_edits": "", "raw": None}
    photo |= {"results": [{"file": "1/1", "saved": "/saved.png"}], "sets": [], "steps": [], "index": 0}
    plain = {"version": 1, "current": 0, "pictures": [], "sheets": [], "sheet": None}
    (kept,) = read(json.dumps(plain | {"photos": [photo | {"now": snapshot, "run": None}]})).photos
    assert kept.now.finish == AS_RESTORED
    assert kept.results[0].finish == AS_RESTORED
    assert kept.results[0].saved == "/saved.png"


def test_variations_and_a_pasted_picture_come_back(
    core: AppCore, later: AppCore, qtbot: QtBot, cat_file: Path
) -> None:
    import dataclasses

    pasted = core.session.add(photo=dataclasses.replace(read_photo(cat_file), path=None))
    core.session.show(pasted)
    wait_for_state(qtbot, core, DocumentState.READY)
    restored(qtbot, core, RestoreOptions(preset=Preset.DRAFT, seed=5, variations=2))
    pasted.pick(1)
    chosen = pasted.result.photo.pixels.copy()
    crash(qtbot, core)
    come_back(qtbot, later)
    wait_for_state(qtbot, later, DocumentState.DONE)
    document = later.session.current
    assert document.path is None
    assert [done.seed for done in document.varied.dones] == [5, 6]
    assert document.chosen == 1
    assert np.array_equal(document.result.photo.pixels, chosen)
    assert np.array_equal(document.raw.pixels, read_photo(cat_file).pixels)


def test_a_pasted_picture_comes_back_again_and_again(
    core: AppCore,
    later: AppCore,
    qtbot: QtBot,
    cat_file: Path,
    tiny_run: Callable[..., object],
    tmp_path: Path,
) -> None:
    import dataclasses

    pasted = core.session.add(photo=dataclasses.replace(read_photo(cat_file), path=None))
    core.session.show(pasted)
    wait_for_state(qtbot, core, DocumentState.READY)
    open_in_core(
        qtbot, core, cat_file
    )  # so that at the next start the pasted one is out of view, and not read
    crash(qtbot, core)
    come_back(qtbot, later)
    wait_for_state(qtbot, later, DocumentState.READY)
    qtbot.waitUntil(lambda: len(list(root().glob(f"*/{SESSION}"))) == 1, timeout=LONG)
    crash(qtbot, later)
    third = new_core(tiny_run, tmp_path, "third")
    try:
        come_back(qtbot, third)
        document = third.session.documents[0]
        assert document.path is None
        third.session.show(document)
        wait_for_state(qtbot, third, DocumentState.READY)
        assert np.array_equal(document.raw.pixels, read_photo(cat_file).pixels)
    finally:
        third.close()
        third.deleteLater()


def test_a_result_is_read_from_where_it_was_taken_over_to(
    home: Path, qapp: QApplication, cat_file: Path, tmp_path: Path
) -> None:
    from restorer.pipeline.events import Done
    from restorer.pipeline.run_control import RunControl
    from ui.workers.result_store import fetched, figures_path, store, take_over

    done = Done(read_photo(cat_file), "", 0, "", 0, 0.0, 0.0, 0.0, {})
    kept = store(done, tmp_path / "1", RunControl())
    asked = kept  # as of a reading that waits for its turn
    take_over(kept, tmp_path / "2")
    (tmp_path / "1").unlink()
    figures_path(tmp_path / "1").unlink()
    assert np.array_equal(fetched(asked).photo.pixels, done.photo.pixels)


def test_a_run_that_the_session_does_not_know_yet_goes_on_in_its_photo(
    core: AppCore, later: AppCore, qtbot: QtBot, cat_file: Path, kept_at_once: None
) -> None:
    document = open_in_core(qtbot, core, cat_file)
    edited(qtbot, core)
    with qtbot.waitSignal(core.recorder.flushed, timeout=LONG):
        core.recorder.flush()
    core.recorder.hold()  # as in the second before the session is written
    core.runs.restore(document, RestoreOptions(preset=Preset.BEST, seed=8), PREVIEW_SIDE)
    folder = document.checkpoint_folder
    qtbot.waitUntil((folder / run_folder.ANSWERS).exists, timeout=LONG)
    core.runs.pause()
    core.keep_session(True)
    core.close()
    come_back(qtbot, later)
    (document,) = later.session.documents
    qtbot.waitUntil(lambda: document.result is not None and document.result.seed == 8, timeout=LONG)
    assert document.edits == (Turn(1),)


def test_a_session_written_meanwhile_does_not_end_the_wait_for_what_is_on_its_way(
    core: AppCore, qtbot: QtBot, cat_file: Path
) -> None:
    import dataclasses

    pasted = core.session.add(photo=dataclasses.replace(read_photo(cat_file), path=None))
    core.session.show(pasted)
    wait_for_state(qtbot, core, DocumentState.READY)
    with qtbot.waitSignal(core.recorder.flushed, timeout=LONG):
        core.recorder.flush()
        core.recorder.write()  # as the clock does, while the picture is being put into a file
    assert core.recorder.is_safe
    assert any((folder / SESSION).exists() for folder in root().iterdir())


def test_sheets_come_back_and_can_be_turned(
    home: Path, cascade: str, core: AppCore, later: AppCore, qtbot: QtBot
) -> None:
    def paint(controller: object, seed: int) -> None:
        controller.paint(GenerateOptions(base=BASE, count=2, size=32, seed=seed))
        qtbot.waitUntil(lambda: not controller.busy, timeout=LONG)

    paint(core.generation, 1)
    core.generation.keep(core.generation.pictures[1], True)
    paint(core.generation, 7)
    assert [picture.seed for picture in core.generation.pictures] == [2, 7, 8]
    core.generation.turn(-1)
    assert [picture.seed for picture in core.generation.pictures] == [1, 2]
    made = core.generation.pictures[0].photo.pixels.copy()
    crash(qtbot, core)
    come_back(qtbot, later)
    qtbot.waitUntil(lambda: bool(later.generation.sheets), timeout=LONG)
    assert [picture.seed for picture in later.generation.pictures] == [1, 2]
    assert [picture.pinned for picture in later.generation.pictures] == [False, True]
    assert np.array_equal(later.generation.pictures[0].photo.pixels, made)
    assert later.generation.can_turn(1)
    later.generation.turn(1)
    assert [picture.seed for picture in later.generation.pictures] == [2, 7, 8]
    assert [picture.seed for picture in later.generation.unsaved()] == [2]


def test_a_run_goes_on_in_its_photo_with_the_history_before_it(
    core: AppCore, later: AppCore, qtbot: QtBot, cat_file: Path, kept_at_once: None
) -> None:
    document = open_in_core(qtbot, core, cat_file)
    edited(qtbot, core)
    restored(qtbot, core)
    core.runs.restore(document, RestoreOptions(preset=Preset.BEST, seed=8), PREVIEW_SIDE)
    folder = document.checkpoint_folder
    qtbot.waitUntil((folder / run_folder.ANSWERS).exists, timeout=LONG)
    core.runs.pause()
    crash(qtbot, core)
    come_back(qtbot, later)
    (document,) = later.session.documents
    qtbot.waitUntil(lambda: document.result is not None and document.result.seed == 8, timeout=LONG)
    assert document.edits == (Turn(1),)
    assert [record.seed for record in document.losses] == [8, 3]
    assert document.stack.count() == 3


def test_a_run_of_a_marked_photo_goes_on_with_the_same_marks_and_filling(
    core: AppCore,
    qtbot: QtBot,
    cat_file: Path,
    kept_at_once: None,
    tiny_run: Callable[..., Iterator[Event]],
    tmp_path: Path,
) -> None:
    document = open_in_core(qtbot, core, cat_file)
    scratch = np.ones((60, 3), np.bool_)
    mask = DamageMask.empty(document.photo.size).touched(Touch.ADD, scratch, (40, 20))
    core.damage.set_marked(document, MarkedDamage.of(mask, 0.3, 5))
    options = RestoreOptions(preset=Preset.BEST, seed=8)
    core.runs.restore(document, options, PREVIEW_SIDE)
    folder = document.checkpoint_folder
    qtbot.waitUntil((folder / run_folder.ANSWERS).exists, timeout=LONG)
    core.runs.pause()
    crash(qtbot, core)

    steps: list[int] = []

    def watched(request: RestoreRequest, networks: object) -> Iterator[Event]:
        for event in tiny_run(request, networks):
            if isinstance(event, Progress) and request.keep is not None:
                steps.append(event.step)
            yield event

    later = new_core(watched, tmp_path, "later")
    try:
        come_back(qtbot, later)
        (document,) = later.session.documents
        qtbot.waitUntil(lambda: document.result is not None, timeout=LONG)
        assert steps[0] > 1, "what was made before the end is not made again"
        np.testing.assert_array_equal(document.marked.mask().marked(), mask.marked())
        assert (document.marked.thoroughness, document.marked.seed) == (0.3, 5)
        gone_on = document.result
        steps.clear()
        later.runs.restore(document, options, PREVIEW_SIDE)
        qtbot.waitUntil(lambda: document.result not in (None, gone_on) and document.at_rest, timeout=LONG)
        assert steps[0] == 1
        whole = document.result
        np.testing.assert_array_equal(gone_on.photo.pixels, whole.photo.pixels)
        np.testing.assert_array_equal(gone_on.mended.places, whole.mended.places)
        np.testing.assert_array_equal(gone_on.mended.pixels, whole.mended.pixels)
        assert mask.marked().ravel()[gone_on.mended.places].all()
        assert gone_on.provenance == whole.provenance
        assert whole.provenance["RepairSeed"] == 5
    finally:
        later.close()
        later.deleteLater()


def test_pictures_of_a_class_go_on(
    home: Path, cascade: str, core: AppCore, later: AppCore, qtbot: QtBot, kept_at_once: None
) -> None:
    core.generation.paint(GenerateOptions(base=BASE, count=16, size=128, seed=1))
    folder = core.generation.running.folder
    qtbot.waitUntil((folder / run_folder.ANSWERS).exists, timeout=LONG)
    core.generation.pause()
    core.close()
    assert [left.folder for left in picture_keeper.unfinished_pictures()] == [folder]
    come_back(qtbot, later)
    qtbot.waitUntil(lambda: bool(later.generation.pictures), timeout=LONG)
    assert [picture.seed for picture in later.generation.pictures] == list(range(1, 17))
    assert later.generation.pictures[0].request.keep is None
    qtbot.waitUntil(lambda: not folder.exists(), timeout=LONG)


def test_the_state_of_a_run_stays_until_its_result_is_on_disk(
    core: AppCore, qtbot: QtBot, cat_file: Path, kept_at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = open_in_core(qtbot, core, cat_file)
    core.recorder.hold()  # as if the disk were slow
    core.runs.restore(document, DRAFT, PREVIEW_SIDE)
    folder = document.checkpoint_folder
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert (folder / run_folder.ANSWERS).exists()
    core.recorder.release()
    qtbot.waitUntil(lambda: not folder.exists(), timeout=LONG)
    assert document.record.stored is not None


def test_refusing_removes_all_of_it(core: AppCore, later: AppCore, qtbot: QtBot, cat_file: Path) -> None:
    open_in_core(qtbot, core, cat_file)
    restored(qtbot, core)
    folder = crash(qtbot, core)
    with qtbot.waitSignal(later.recovery.offered, timeout=LONG):
        later.recovery.look()
    later.recovery.refuse()
    assert not folder.exists()
    assert not later.session.documents


def test_a_session_that_closes_leaves_nothing(core: AppCore, qtbot: QtBot, cat_file: Path) -> None:
    open_in_core(qtbot, core, cat_file)
    restored(qtbot, core)
    qtbot.waitUntil(lambda: bool(list(root().glob(f"*/{SESSION}"))), timeout=LONG)
    core.close()
    assert not list(root().iterdir())


def test_folder_is_private(core: AppCore, qtbot: QtBot, cat_file: Path) -> None:
    open_in_core(qtbot, core, cat_file)
    qtbot.waitUntil(lambda: bool(list(root().glob(f"*/{SESSION}"))), timeout=LONG)
    (session,) = root().glob(f"*/{SESSION}")
    assert session.stat().st_mode & 0o777 == 0o600
    assert session.parent.stat().st_mode & 0o777 == 0o700
    assert root().stat().st_mode & 0o777 == 0o700


def test_two_windows_do_not_take_each_others(
    core: AppCore, later: AppCore, qtbot: QtBot, cat_file: Path
) -> None:
    open_in_core(qtbot, core, cat_file)
    qtbot.waitUntil(lambda: bool(list(root().glob(f"*/{SESSION}"))), timeout=LONG)
    with qtbot.waitSignal(later.recovery.offered, timeout=LONG) as offered:
        later.recovery.look()
    assert offered.args[0] is None
    folder = crash(qtbot, core)
    (left,) = left_sessions()
    assert not left_sessions(), "it is held by whoever listed it"
    left.release()
    os.utime(folder / SESSION, (time.time() - 31 * 86400,) * 2)
    assert not left_sessions()
    assert not folder.exists(), "after thirty days it goes"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[" * 5000,
        '{"version": 1}',
        '{"version": 2, "photos": [], "current": null, "pictures": [], "sheets": [], "sheet": null}',
        KeptSession().text(),
        "photo with a result elsewhere",
        "photo with a step out of range",
        "photo with a strength of 2",
        "photo with a grain of NaN",
        "photo with a file that is a number",
    ],
)
def test_a_damaged_or_hostile_session_is_none(
    home: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    snapshot = {"edits": "", "result": None, "choice": None, "scale": 1, "preset": "draft"}
    photo = {"path": "/etc/hostname", "title": "", "origin": "", "applied_edits": "", "raw": None}
    photo |= {"sets": [], "steps": [], "index": 0, "now": snapshot, "run": None}
    whole = {"version": 1, "current": None, "pictures": [], "sheets": [], "sheet": None}
    if "elsewhere" in text:
        stranger = photo | {"results": [{"file": "../../../etc/passwd", "saved": None}]}
        text = json.dumps(whole | {"photos": [stranger]})
    elif "range" in text:
        text = json.dumps(whole | {"photos": [photo | {"results": [], "index": 7}]})
    elif "with a" in text:
        amounts = {"strength": 2} if "strength" in text else {"grain": float("nan")}
        result = {"file": "1/1", "saved": None, "saves": []}
        if "number" in text:
            result["saves"] = [{"path": 7, "strength": 1.0, "grain": 0.0}]
            amounts = {}
        text = json.dumps(whole | {"photos": [photo | {"results": [result], "now": snapshot | amounts}]})
    folder = root() / "0123"
    folder.mkdir(parents=True)
    (folder / LOCK).touch()
    (folder / SESSION).write_text(text)
    assert not left_sessions()
    assert not folder.exists()
    assert "of no use" in caplog.text


def test_a_result_that_is_damaged_is_lost_alone(
    core: AppCore, later: AppCore, qtbot: QtBot, cat_file: Path
) -> None:
    open_in_core(qtbot, core, cat_file)
    restored(qtbot, core)
    edited(qtbot, core)
    (file,) = crash(qtbot, core).glob("*/1")
    file.write_bytes(b"too short")
    come_back(qtbot, later)
    wait_for_state(qtbot, later, DocumentState.READY)
    assert later.session.current.edits == (Turn(1),)
    assert not later.session.current.losses


def test_a_window_that_cannot_keep_its_session_still_answers(
    core: AppCore, qtbot: QtBot, cat_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(store: object, text: str) -> None:
        raise OSError("No space left on device")

    open_in_core(qtbot, core, cat_file)
    monkeypatch.setattr(ResultStore, "write_session", full)
    with qtbot.waitSignal(core.recorder.flushed, timeout=LONG):
        core.recorder.flush()
    assert not core.recorder.is_safe
