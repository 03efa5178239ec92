"""The Generate side on a real X server, with a tiny cascade: choose a class, watch, keep, replace, cancel."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from restorer import importers, paths
from restorer.packs import catalog
from restorer.pipeline.request import Preset
from tests.tiny_packs import NAMES
from tests.ui.driver import LONG, choose_preset, click, dialog_of, open_photo, wait_for_state
from tests.ui.generate_driver import ask, done, forget, seeds, trigger
from tests.ui.run_gate import RunGate
from ui.canvas.contact_sheet import ContactSheet, SheetImage
from ui.generate.class_picker import ClassModel
from ui.i18n.language import Language
from ui.imaging.pyramid import Pyramid
from ui.imaging.qimage import rgb32
from ui.inputs.segmented import Segment
from ui.main_window.quit_question import RunQuestion
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.restore.control_panel import PRESETS
from ui.widgets.dialogs import UnsavedQuestion
from ui.workers.latest_value import LatestValue
from ui.workers.messages import ProgressMessage

GOLDEN = Path(__file__).resolve().parents[2] / "data" / "golden"


# -- choosing and watching ---------------------------------------------------------------------------------


def test_a_class_is_found_by_typing_and_painted_stage_by_stage(
    room: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, sheet = room.generate.panel, room.generate.sheet
    seen: list[tuple[int, ...]] = []
    show_frames = sheet.show_frames

    def record(frames: tuple[SheetImage, ...], side: int, chosen: int | None) -> None:
        if not frames[0].done:
            seen.append((len(frames), frames[0].picture.size[0], side))
        show_frames(frames, side, chosen)

    monkeypatch.setattr(sheet, "show_frames", record)
    post, last = LatestValue.post, []

    def patient(self: LatestValue, letter: ProgressMessage) -> bool:
        """A network this small may be done with a stage before the window looks; let it wait for that."""
        deadline = time.monotonic() + 10
        while last and last[0] not in seen and time.monotonic() < deadline:
            time.sleep(0.005)
        if letter.sheet is not None:
            last[:] = [(len(letter.sheet.images), letter.sheet.side, letter.sheet.last)]
        return post(self, letter)

    monkeypatch.setattr(LatestValue, "post", patient)
    QTest.keyClick(room, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is panel.classes.search
    QTest.keyClicks(panel.classes.search, "mill")
    assert [panel.classes.model.names[n] for n in panel.classes.model.shown] == ["windmill"]
    QTest.keyClick(panel.classes.search, Qt.Key.Key_Return)
    assert panel.classes.name == "windmill"
    panel.count.setValue(3)
    panel.side.choose(2)
    QTest.keyClick(room, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert room.core.generation.busy
    assert panel.go.text() == "Cancel"
    done(qtbot, room.core.generation)
    assert list(dict.fromkeys(seen)) == [(3, 32, 128), (3, 64, 128), (3, 128, 128)]
    first = panel.seed.value()
    assert seeds(room) == [first, first + 1, first + 2]
    for picture in room.core.generation.pictures:
        assert picture.subject == "windmill"
        assert picture.result.photo.size == (128, 128)
    assert "made in" in room.generate.strip.status.whole
    assert room.core.generation.chosen is room.core.generation.pictures[0]


def test_few_pixels_fill_the_sheet_as_squares(qapp: QApplication, qtbot: QtBot) -> None:
    sheet = ContactSheet()
    qtbot.addWidget(sheet)
    sheet.resize(800, 600)
    sheet.show()
    qtbot.waitExposed(sheet, timeout=LONG)
    pixels = np.random.default_rng(3).integers(0, 256, (32, 32, 3), np.uint8)
    sheet.show_frames((SheetImage(Pyramid((32, 32), (rgb32(pixels),)), done=False),), 128, None)
    box = sheet.visible()
    assert box.height() > 0.8 * sheet.height()
    grab = sheet.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    ratio = grab.width() / sheet.width()
    step = box.width() / 32
    for row in range(32):
        for column in range(32):
            for inside in (0.3, 0.7):
                x = (box.left() + (column + inside) * step) * ratio
                y = (box.top() + (row + inside) * step) * ratio
                assert grab.pixelColor(int(x), int(y)).getRgb()[:3] == tuple(pixels[row, column])


def test_the_sample_pictures_of_the_classes_are_seen(room: Window) -> None:
    model = room.generate.panel.classes.model
    with Image.open(model._pack.folder / "samples" / "0000.webp") as image:
        wanted = image.convert("RGB").getpixel((16, 16))
    icon = model.data(model.index(0, 0), Qt.ItemDataRole.DecorationRole)
    shown = icon.pixmap(24, 24).toImage().pixelColor(12, 12).getRgb()[:3]
    assert max(abs(a - b) for a, b in zip(shown, wanted, strict=True)) <= 3
    without = model.data(model.index(len(NAMES) - 1, 0), Qt.ItemDataRole.DecorationRole)
    assert without.cacheKey() == model.nothing.cacheKey()


def test_sizes_and_qualities_have_room_for_their_names(room: Window) -> None:
    segments = [each for each in room.generate.panel.findChildren(Segment) if each.isVisible()]
    assert len(segments) > len(PRESETS)
    assert [each.text() for each in segments if each.width() < each.minimumSizeHint().width()] == []
    assert room.generate.panel.minimumSizeHint().width() <= room.generate.panel.width()


def test_a_search_without_a_match_says_so(room: Window) -> None:
    picker = room.generate.panel.classes
    picker.search.setText("dragon")
    assert picker.sentence.text() == "There is no class of that name."
    assert picker.name == "cottage", "what was chosen stays chosen"
    picker.choose(2)
    assert picker.search.text() == ""


def test_the_classes_that_ship_are_named_and_found_in_the_windows_language(
    window: Window, qtbot: QtBot
) -> None:
    window.app_actions.set_language(Language.CHINESE)
    model = ClassModel(48, window)
    model.show_pack(catalog.read_pack(paths.shipped_models_dir() / "cdm-base", True))
    said = [model.data(model.index(row, 0)) for row in range(model.rowCount())]
    assert len(said) == 16
    assert said[model.names.index("church")] == "教堂"
    assert not any(re.search("[A-Za-z]", word) for word in said)
    for words in ("教堂", "church"):
        model.search(words)
        assert [model.names[label] for label in model.shown] == ["church"]


def test_an_imported_base_offers_its_thousand_classes_by_name(
    cascade: str, window: Window, qtbot: QtBot
) -> None:
    file = GOLDEN / "adm_base64" / "model.pt"
    answers = {"num_head_channels": "16", "attention_order": "new", "schedule": "cosine"}
    list(importers.make_pack(importers.look(file, answers), file, "my-adm"))
    window.workspaces.show_generate()
    window.generate.refresh()
    panel = window.generate.panel
    assert panel.base.isVisible()
    panel.base.setCurrentText("my-adm")
    assert len(panel.classes.model.names) == 1000
    panel.classes.search.setText("golden ret")
    QTest.keyClick(panel.classes.search, Qt.Key.Key_Return)
    assert (panel.classes.name, panel.options.label) == ("golden retriever", 207)
    panel.preset.choose(PRESETS.index(Preset.DRAFT))
    panel.count.setValue(1)
    panel.side.choose(0)
    panel.go.click()
    done(qtbot, window.core.generation)
    (picture,) = window.core.generation.pictures
    assert picture.result.provenance["Class"] == "golden retriever"
    assert picture.result.model == "my-adm"


# -- keeping and replacing ---------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_sheet_and_kept_pictures_stay(room: Window, qtbot: QtBot) -> None:
    ask(room, count=3, seed=40)
    done(qtbot, room.core.generation)
    before = [picture.result.photo.pixels for picture in room.core.generation.pictures]
    kept = room.core.generation.pictures[1]
    room.core.generation.choose(kept)
    trigger(room, "keep")
    ask(room, count=3, seed=40)
    done(qtbot, room.core.generation)
    assert room.core.generation.pictures[0] is kept
    assert seeds(room) == [41, 40, 41, 42]
    for old, picture in zip(before, room.core.generation.pictures[1:], strict=True):
        assert np.array_equal(old, picture.result.photo.pixels)
    assert room.generate.sheet.frames[0].marked
    trigger(room, "keep")
    assert not kept.pinned
    forget(room)


def test_one_picture_is_replaced_and_the_others_are_left(room: Window, qtbot: QtBot) -> None:
    ask(room, count=4, seed=7)
    done(qtbot, room.core.generation)
    before = list(room.core.generation.pictures)
    room.core.generation.choose(before[2])
    trigger(room, "other")
    assert room.core.generation.busy
    done(qtbot, room.core.generation)
    after = room.core.generation.pictures
    assert [a is b for a, b in zip(before, after, strict=True)] == [True, True, False, True]
    assert after[2].subject == "cottage"
    assert after[2].seed != 9


def test_all_that_are_not_kept_are_replaced(room: Window, qtbot: QtBot) -> None:
    ask(room, count=4, seed=7)
    done(qtbot, room.core.generation)
    before = list(room.core.generation.pictures)
    room.core.generation.choose(before[3])
    trigger(room, "keep")
    assert not room.generate._actions["other"].isEnabled(), "what is kept is not replaced"
    trigger(room, "others")
    done(qtbot, room.core.generation)
    assert [a is b for a, b in zip(before, room.core.generation.pictures, strict=True)] == [False] * 3 + [
        True
    ]
    forget(room)


def test_the_keys_choose_a_picture_and_show_it_alone(room: Window, qtbot: QtBot) -> None:
    ask(room, count=4, seed=0)
    done(qtbot, room.core.generation)
    sheet, generation = room.generate.sheet, room.core.generation
    sheet.setFocus()
    for key, place in ((Qt.Key.Key_Right, 1), (Qt.Key.Key_Down, 3), (Qt.Key.Key_Left, 2), (Qt.Key.Key_Up, 0)):
        QTest.keyClick(sheet, key)
        assert generation.chosen is generation.pictures[place]
    assert "cottage, version 0" in sheet.accessibleDescription()
    QTest.keyClick(sheet, Qt.Key.Key_Return)
    assert sheet.alone
    QTest.keyClick(sheet, Qt.Key.Key_Down)
    assert generation.chosen is generation.pictures[1]
    QTest.keyClick(room, Qt.Key.Key_Escape)
    assert not sheet.alone
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=sheet.visible(3).center().toPoint())
    assert generation.chosen is generation.pictures[3]
    QTest.mouseDClick(sheet, Qt.MouseButton.LeftButton, pos=sheet.visible(3).center().toPoint())
    assert sheet.alone


# -- cancelling, taking turns, closing -----------------------------------------------------------------------


def test_cancel_gives_the_sheet_back_and_the_engine_goes_on(room: Window, qtbot: QtBot) -> None:
    ask(room, count=2, seed=1)
    done(qtbot, room.core.generation)
    before = list(room.core.generation.pictures)
    ask(room, count=64, side=256)
    qtbot.waitUntil(
        lambda: room.core.generation.live is not None and room.core.generation.live.sheet is not None,
        timeout=LONG,
    )
    stop = room.generate.stop
    QTest.keyClick(room, Qt.Key.Key_Escape)
    assert room.core.generation.paused
    assert stop.isVisible()
    words = [button.text() for button in stop.findChildren(QAbstractButton)]
    assert words == ["Discard", "Continue"], "half a picture is none"
    QTest.keyClick(room, Qt.Key.Key_Escape)
    assert not room.core.generation.paused
    QTest.keyClick(room, Qt.Key.Key_Escape)
    click(stop.no)
    assert room.core.generation.cancelling
    assert not stop.isVisible()
    assert not room.generate.panel.go.isEnabled()
    qtbot.waitUntil(lambda: not room.core.generation.busy, timeout=LONG)
    assert room.core.generation.pictures == before
    assert len(room.generate.sheet.frames) == 2
    before[0].notify()  # it has come to the disk
    assert "as it was" in room.generate.strip.status.whole
    ask(room, count=1, seed=2)
    done(qtbot, room.core.generation)
    assert seeds(room) == [2]


def test_a_run_waits_and_goes_on_and_its_time_is_told_before_the_next(
    room: Window, qtbot: QtBot, gate: RunGate, held: Callable[[], None]
) -> None:
    panel, generation = room.generate.panel, room.core.generation
    assert "roughly" in panel.becomes.text(), "nothing was learned yet"
    assert not panel.pause.isVisible()
    panel.count.setValue(4)
    panel.ask()
    qtbot.waitUntil(lambda: generation.live is not None, timeout=LONG)
    QTest.keyClick(room, Qt.Key.Key_P)
    assert generation.paused
    assert panel.pause.text() == "Go on"
    held()
    before = generation.live
    qtbot.wait(300)
    assert generation.live is before, "nothing happens while it waits"
    assert "Paused" in room.generate.strip.status.whole
    gate.open()
    click(panel.pause)
    done(qtbot, generation)
    assert not generation.paused
    assert not panel.pause.isVisible()
    assert "about" in panel.becomes.text()


def test_a_waiting_run_can_be_given_up(room: Window, qtbot: QtBot, gate: RunGate) -> None:
    generation = room.core.generation
    room.generate.panel.ask()
    qtbot.waitUntil(lambda: generation.live is not None, timeout=LONG)
    generation.pause()
    QTest.keyClick(room, Qt.Key.Key_Escape)
    click(room.generate.stop.no)
    qtbot.waitUntil(lambda: not generation.busy, timeout=LONG)
    assert generation.pictures == []
    assert not generation.paused


def test_pictures_wait_for_the_photo_in_work_and_photos_for_the_pictures(
    room: Window, qtbot: QtBot, cat_file: Path, photo_file: Path, gate: RunGate
) -> None:
    order: list[str] = []
    room.core.runs.finished.connect(lambda document: order.append(document.name))
    room.core.generation.finished.connect(lambda name, count, seconds: order.append(name))
    room.core.photos.open([cat_file, photo_file])
    assert not room.workspaces.generating, "a photo that is opened is seen"
    wait_for_state(qtbot, room, DocumentState.READY)
    choose_preset(room, Preset.BEST)
    room.restore.photos.restore_photos()
    qtbot.waitUntil(lambda: room.core.session.running() is not None, timeout=LONG)
    room.workspaces.show_generate()
    ask(room, "fountain", count=1)
    assert room.core.generation.waiting is not None
    assert room.core.generation.running is None
    assert room.generate.strip.status.whole == "Waiting until the photo in work is done."
    gate.open()
    qtbot.waitUntil(lambda: len(order) == 3, timeout=LONG)
    assert order == [cat_file.name, "fountain", photo_file.name]

    gate.close()
    ask(room, count=16, side=128)
    qtbot.waitUntil(lambda: room.core.generation.running is not None, timeout=LONG)
    room.workspaces.show_restore()
    document = room.core.session.current
    room.restore.start()
    assert document.queued
    gate.open()
    qtbot.waitUntil(lambda: len(order) == 5, timeout=LONG)
    assert order[3:] == ["cottage", document.name]


def test_what_waits_can_be_cancelled(room: Window, qtbot: QtBot, cat_file: Path) -> None:
    open_photo(qtbot, room, cat_file, Preset.BEST)
    room.restore.start()
    room.workspaces.show_generate()
    ask(room)
    assert room.core.generation.waiting is not None
    click(room.generate.panel.go)
    assert not room.core.generation.busy
    assert room.core.session.current.running, "the photo is not what was cancelled"
    wait_for_state(qtbot, room, DocumentState.DONE)
    assert not room.core.generation.pictures


def test_closing_in_the_middle_ends_run_and_thread(room: Window, qtbot: QtBot, gate: RunGate) -> None:
    ask(room, count=64, side=256)
    qtbot.waitUntil(lambda: room.core.generation.live is not None, timeout=LONG)
    room.close()
    assert room.isVisible()
    dialog_of(room, RunQuestion).discard.click()
    qtbot.waitUntil(lambda: not room.isVisible(), timeout=LONG)
    assert room.core.runs.engine.thread_.isFinished()


def test_kept_pictures_are_asked_for_before_the_window_closes(
    room: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    ask(room, count=3, seed=5)
    done(qtbot, room.core.generation)
    trigger(room, "keep")
    room.workspaces.show_restore()
    room.close()
    assert room.isVisible()
    assert room.workspaces.generating, "what it is about is seen"
    question = room.findChild(UnsavedQuestion)
    assert question is not None
    assert "1 kept picture" in question.text()
    question.button(UnsavedQuestion.StandardButton.Cancel).click()
    assert room.isVisible()
    room.saver.save_pictures_to(str(tmp_path))
    qtbot.waitUntil(lambda: not room.core.generation.unsaved(), timeout=LONG)
    assert [path.name for path in tmp_path.glob("*.png")] == ["cottage_5.png"], "the kept one alone"
    room.close()
    assert not room.isVisible()
