"""Photos are restored one after the other; who waits can leave."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from restorer.pipeline.request import Preset
from tests.ui.driver import LONG, PREVIEW_SIDE, choose_preset, drop_files, names, wait_for_state
from tests.ui.run_gate import RunGate
from ui.app_core import AppCore
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.model.options import RestoreOptions
from ui.model.photo_list_model import FRACTION, MARK, to_restore


def test_all_are_restored_in_turn_and_more_join_while_a_run_goes(
    window: Window, qtbot: QtBot, album: Path, photo_file: Path
) -> None:
    late = photo_file.with_name("late.png")
    shutil.copy(photo_file, late)
    drop_files(window, photo_file, album / "b.png")
    first, second = window.core.session.documents
    qtbot.waitUntil(lambda: first.state is DocumentState.READY, timeout=LONG)
    choose_preset(window, Preset.BEST)
    window.restore.photos.restore_all.trigger()
    assert first.running
    assert second.queued
    assert window.restore.photos.row.index(1, 0).data(MARK) == "clock"
    assert window.restore.photos.row.index(0, 0).data(FRACTION) is not None
    drop_files(window, late)
    assert window.core.session.current is first, "the run stays in view"
    third = window.core.session.documents[2]
    window.restore.photos.restore_all.trigger()
    assert third.queued
    qtbot.waitUntil(lambda: all(d.result for d in window.core.session.documents), timeout=LONG)
    assert [document.queued for document in window.core.session.documents] == [False] * 3
    assert third.result.photo.size == (240, 180)
    assert not window.restore.photos.restore_all.isEnabled()


def test_a_result_that_is_made_again_in_its_turn_has_its_photo_beside_it(
    window: Window, qtbot: QtBot, album: Path, cat_file: Path, gate: RunGate
) -> None:
    drop_files(window, cat_file, album / "b.png")
    first, second = window.core.session.documents
    gate.close(after=1)
    qtbot.waitUntil(lambda: first.state is DocumentState.READY, timeout=LONG)
    choose_preset(window, Preset.DRAFT)
    window.restore.start()
    qtbot.waitUntil(lambda: first.state is DocumentState.DONE, timeout=LONG)
    made = first.result
    window.restore.photos.next.trigger()
    qtbot.waitUntil(lambda: second.state is DocumentState.READY, timeout=LONG)
    choose_preset(window, Preset.BEST)
    window.restore.start()
    window.restore.photos.previous.trigger()
    qtbot.waitUntil(lambda: first.state is DocumentState.DONE, timeout=LONG)
    window.restore.start()
    assert second.running
    assert first.queued
    window.restore.photos.next.trigger()
    assert first.original is None, "it is out of view"
    gate.release_one()  # the second photo's run; the first's is held in its turn
    qtbot.waitUntil(lambda: first.running, timeout=LONG)
    window.restore.photos.previous.trigger()
    assert first.original is not None
    gate.open()
    qtbot.waitUntil(lambda: first.state is DocumentState.DONE, timeout=LONG)
    assert first.result is not made
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.restore.edits.cropper is not None
    QTest.keyClick(window.restore.edits.cropper.sheet, Qt.Key.Key_Escape)


def test_who_waits_can_leave_and_all_can_be_stopped(
    window: Window, qtbot: QtBot, album: Path, cat_file: Path, gate: RunGate
) -> None:
    drop_files(window, cat_file, album)
    qtbot.waitUntil(lambda: len(window.core.session.documents) == 3, timeout=LONG)
    qtbot.waitUntil(lambda: window.core.session.current.at_rest, timeout=LONG)
    choose_preset(window, Preset.BEST)
    window.restore.photos.restore_all.trigger()
    first, second, third = window.core.session.documents
    qtbot.waitUntil(lambda: first.running, timeout=LONG)
    window.core.session.show(second)
    assert window.restore.banner.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.restore.banner.isVisible(), "what was said of the album goes first"
    assert second.queued
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not second.queued
    assert third.queued
    assert first.running
    window.restore.photos.stop_all.trigger()
    qtbot.waitUntil(lambda: not window.core.runs.engine.busy, timeout=LONG)
    assert not third.queued
    assert not [d for d in window.core.session.documents if d.result or d.running]


def test_running_photo_can_be_taken_away(
    window: Window, qtbot: QtBot, cat_file: Path, photo_file: Path
) -> None:
    drop_files(window, cat_file, photo_file)
    wait_for_state(qtbot, window, DocumentState.READY)
    choose_preset(window, Preset.BEST)
    window.restore.start()
    assert window.core.session.current.running
    window.restore.photos.close.trigger()
    assert names(window) == ["a photo.png"]
    assert not window.restore.filmstrip.isVisible()
    qtbot.waitUntil(lambda: not window.core.runs.engine.busy, timeout=LONG)
    wait_for_state(qtbot, window, DocumentState.READY)
    choose_preset(window, Preset.DRAFT)
    window.restore.start()
    qtbot.waitUntil(lambda: window.core.session.current.result is not None, timeout=LONG)


def test_a_photo_that_is_still_being_opened_is_restored_with_the_others(
    core: AppCore, qtbot: QtBot, cat_file: Path, photo_file: Path
) -> None:
    core.photos.open([cat_file, photo_file])
    first, second = core.session.documents
    assert first.state is DocumentState.READING
    core.runs.restore_all(to_restore(core.session), RestoreOptions(preset=Preset.DRAFT), PREVIEW_SIDE)
    assert first.queued
    assert second.queued
    qtbot.waitUntil(lambda: all(one.record is not None for one in (first, second)), timeout=LONG)


def test_what_was_to_be_restored_and_could_not_be_opened_is_restored_when_it_is_tried_again(
    window: Window, qtbot: QtBot, cat_file: Path, tmp_path: Path
) -> None:
    choose_preset(window, Preset.DRAFT)
    damaged, looked_at = tmp_path / "damaged.jpg", tmp_path / "looked at.jpg"
    for path in (damaged, looked_at):
        path.write_bytes(b"no picture")
    window.core.photos.open([looked_at])
    wait_for_state(qtbot, window, DocumentState.FAILED)
    window.core.photos.open([cat_file, damaged])
    window.restore.photos.restore_all.trigger()
    _, cat, broken = window.core.session.documents
    qtbot.waitUntil(lambda: cat.record is not None and broken.state is DocumentState.FAILED, timeout=LONG)
    for path in (damaged, looked_at):
        shutil.copy(cat_file, path)
    window.restore.photos.retry.trigger()
    qtbot.waitUntil(lambda: broken.record is not None, timeout=LONG)
    assert window.core.session.documents[0].record is None, "nobody asked for it"
    assert not any(one.problem for one in window.core.session.documents)


def test_when_a_photo_that_was_being_restored_is_closed_the_other_can_be(
    window: Window, qtbot: QtBot, cat_file: Path, photo_file: Path
) -> None:
    drop_files(window, cat_file, photo_file)
    wait_for_state(qtbot, window, DocumentState.READY)
    choose_preset(window, Preset.BEST)
    window.restore.start()
    window.restore.photos.close.trigger()
    wait_for_state(qtbot, window, DocumentState.READY)
    qtbot.waitUntil(lambda: not window.core.runs.engine.busy, timeout=LONG)
    assert window.restore.strip.status.whole == "Ready to restore."
