"""The Generate side on a real X server, with a tiny cascade: pick a class, watch it, keep, replace, save."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from restorer import importers, painting
from restorer.painting import GenerateRequest
from restorer.photo import read_provenance
from restorer.request import Preset
from tests.tiny import BASE, NAMES, write_cascade
from tests.ui.test_access import controls, faults
from ui.about import shortcuts
from ui.controls import PRESETS
from ui.dialogs import UnsavedQuestion
from ui.export_dialog import ExportDialog
from ui.handing import file_of, parcel
from ui.language import Language
from ui.pyramid import Pyramid, rgb32
from ui.session import State
from ui.sheet import Frame, Sheet
from ui.studio import Studio
from ui.window import Window

LONG = 120_000  # ms; the machine may be busy
GOLDEN = Path(__file__).resolve().parent.parent / "data" / "golden"


@pytest.fixture
def cascade(home: Path) -> str:
    """A tiny cascade, installed before the window opens."""
    write_cascade(home)
    return BASE


@pytest.fixture
def room(cascade: str, window: Window, qtbot: QtBot) -> Window:
    """The window with its generating side in view and the tiny cascade chosen."""
    bar = window.rooms.tabBar()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(1).center())
    assert window.rooms.generating
    window.generate.panel.base.setCurrentText(BASE)
    return window


def ask(
    window: Window, name: str = "cottage", count: int = 2, side: int = 32, seed: int | None = None
) -> None:
    """Set the panel like a person, and press Generate."""
    panel = window.generate.panel
    panel.classes.choose(NAMES.index(name))
    panel.count.setValue(count)
    panel.side.choose((32, 64, 128, 256).index(side))
    if seed is not None:
        panel.fresh.setChecked(False)
        panel.seed.setValue(seed)
    QTest.mouseClick(panel.go, Qt.MouseButton.LeftButton)


def done(qtbot: QtBot, studio: Studio) -> None:
    qtbot.waitUntil(lambda: not studio.busy and bool(studio.pictures), timeout=LONG)


def seeds(window: Window) -> list[int]:
    return [picture.seed for picture in window.studio.pictures]


def trigger(window: Window, key: str) -> None:
    """Use a command of the Generate menu, which must be enabled."""
    action = window.generate._actions[key]
    assert action.isEnabled(), key
    action.trigger()


def forget(window: Window) -> None:
    for picture in window.studio.pictures:
        picture.given_up = True


# -- choosing and watching ---------------------------------------------------------------------------------


def test_a_class_is_found_by_typing_and_painted_stage_by_stage(
    room: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, sheet = room.generate.panel, room.generate.sheet
    seen: list[tuple[int, ...]] = []
    show_frames = sheet.show_frames

    def record(frames: tuple[Frame, ...], side: int, chosen: int | None) -> None:
        if not frames[0].done:
            seen.append((len(frames), frames[0].picture.size[0], side))
        show_frames(frames, side, chosen)

    monkeypatch.setattr(sheet, "show_frames", record)
    QTest.keyClick(room, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is panel.classes.search
    QTest.keyClicks(panel.classes.search, "mill")
    assert [panel.classes.model.names[n] for n in panel.classes.model.shown] == ["windmill"]
    QTest.keyClick(panel.classes.search, Qt.Key.Key_Return)
    assert panel.classes.name == "windmill"
    panel.count.setValue(3)
    panel.side.choose(2)
    QTest.keyClick(room, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert room.studio.busy
    assert panel.go.text() == "Cancel"
    done(qtbot, room.studio)
    assert list(dict.fromkeys(seen)) == [(3, 32, 128), (3, 64, 128), (3, 128, 128)]
    first = panel.seed.value()
    assert seeds(room) == [first, first + 1, first + 2]
    for picture in room.studio.pictures:
        assert picture.subject == "windmill"
        assert picture.result.photo.size == (128, 128)
    assert "made in" in room.generate.strip.status.whole
    assert room.studio.chosen is room.studio.pictures[0]


def test_few_pixels_fill_the_sheet_as_squares(qapp: QApplication, qtbot: QtBot) -> None:
    sheet = Sheet()
    qtbot.addWidget(sheet)
    sheet.resize(800, 600)
    sheet.show()
    qtbot.waitExposed(sheet)
    pixels = np.random.default_rng(3).integers(0, 256, (32, 32, 3), np.uint8)
    sheet.show_frames((Frame(Pyramid((32, 32), (rgb32(pixels),)), done=False),), 128, None)
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


def test_a_search_without_a_match_says_so(room: Window) -> None:
    picker = room.generate.panel.classes
    picker.search.setText("dragon")
    assert picker.sentence.text() == "There is no class of that name."
    assert picker.name == "cottage", "what was chosen stays chosen"
    picker.choose(2)
    assert picker.search.text() == ""


def test_an_imported_base_offers_its_thousand_classes_by_name(
    cascade: str, window: Window, qtbot: QtBot
) -> None:
    file = GOLDEN / "adm_base64" / "model.pt"
    answers = {"num_head_channels": "16", "attention_order": "new", "schedule": "cosine"}
    list(importers.make_pack(importers.look(file, answers), file, "my-adm"))
    window.rooms.show_generate()
    window.generate.refresh()
    panel = window.generate.panel
    assert panel.base.isVisible()
    panel.base.setCurrentText("my-adm")
    assert len(panel.classes.model.names) == 1000
    panel.classes.search.setText("golden ret")
    QTest.keyClick(panel.classes.search, Qt.Key.Key_Return)
    assert (panel.classes.name, panel.wishes.label) == ("golden retriever", 207)
    panel.preset.choose(PRESETS.index(Preset.DRAFT))
    panel.count.setValue(1)
    panel.side.choose(0)
    panel.go.click()
    done(qtbot, window.studio)
    (picture,) = window.studio.pictures
    assert picture.result.provenance["Class"] == "golden retriever"
    assert picture.result.model == "my-adm"


# -- keeping and replacing ---------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_sheet_and_kept_pictures_stay(room: Window, qtbot: QtBot) -> None:
    ask(room, count=3, seed=40)
    done(qtbot, room.studio)
    before = [picture.result.photo.pixels for picture in room.studio.pictures]
    kept = room.studio.pictures[1]
    room.studio.choose(kept)
    trigger(room, "keep")
    ask(room, count=3, seed=40)
    done(qtbot, room.studio)
    assert room.studio.pictures[0] is kept
    assert seeds(room) == [41, 40, 41, 42]
    for old, picture in zip(before, room.studio.pictures[1:], strict=True):
        assert np.array_equal(old, picture.result.photo.pixels)
    assert room.generate.sheet.frames[0].marked
    trigger(room, "keep")
    assert not kept.pinned
    forget(room)


def test_one_picture_is_replaced_and_the_others_are_left(room: Window, qtbot: QtBot) -> None:
    ask(room, count=4, seed=7)
    done(qtbot, room.studio)
    before = list(room.studio.pictures)
    room.studio.choose(before[2])
    trigger(room, "other")
    assert room.studio.busy
    done(qtbot, room.studio)
    after = room.studio.pictures
    assert [a is b for a, b in zip(before, after, strict=True)] == [True, True, False, True]
    assert after[2].subject == "cottage"
    assert after[2].seed != 9


def test_all_that_are_not_kept_are_replaced(room: Window, qtbot: QtBot) -> None:
    ask(room, count=4, seed=7)
    done(qtbot, room.studio)
    before = list(room.studio.pictures)
    room.studio.choose(before[3])
    trigger(room, "keep")
    assert not room.generate._actions["other"].isEnabled(), "what is kept is not replaced"
    trigger(room, "others")
    done(qtbot, room.studio)
    assert [a is b for a, b in zip(before, room.studio.pictures, strict=True)] == [False] * 3 + [True]
    forget(room)


def test_the_keys_choose_a_picture_and_show_it_alone(room: Window, qtbot: QtBot) -> None:
    ask(room, count=4, seed=0)
    done(qtbot, room.studio)
    sheet, studio = room.generate.sheet, room.studio
    sheet.setFocus()
    for key, place in ((Qt.Key.Key_Right, 1), (Qt.Key.Key_Down, 3), (Qt.Key.Key_Left, 2), (Qt.Key.Key_Up, 0)):
        QTest.keyClick(sheet, key)
        assert studio.chosen is studio.pictures[place]
    assert "cottage, seed 0" in sheet.accessibleDescription()
    QTest.keyClick(sheet, Qt.Key.Key_Return)
    assert sheet.alone
    QTest.keyClick(sheet, Qt.Key.Key_Down)
    assert studio.chosen is studio.pictures[1]
    QTest.keyClick(room, Qt.Key.Key_Escape)
    assert not sheet.alone
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=sheet.visible(3).center().toPoint())
    assert studio.chosen is studio.pictures[3]
    QTest.mouseDClick(sheet, Qt.MouseButton.LeftButton, pos=sheet.visible(3).center().toPoint())
    assert sheet.alone


# -- cancelling, taking turns, closing -----------------------------------------------------------------------


def test_cancel_gives_the_sheet_back_and_the_engine_goes_on(room: Window, qtbot: QtBot) -> None:
    ask(room, count=2, seed=1)
    done(qtbot, room.studio)
    before = list(room.studio.pictures)
    ask(room, count=64, side=256)
    qtbot.waitUntil(lambda: room.studio.live is not None and room.studio.live.sheet is not None, timeout=LONG)
    QTest.keyClick(room, Qt.Key.Key_Escape)
    assert room.studio.cancelling
    assert not room.generate.panel.go.isEnabled()
    qtbot.waitUntil(lambda: not room.studio.busy, timeout=LONG)
    assert room.studio.pictures == before
    assert len(room.generate.sheet.frames) == 2
    assert "as it was" in room.generate.strip.status.whole
    ask(room, count=1, seed=2)
    done(qtbot, room.studio)
    assert seeds(room) == [2]


def test_pictures_wait_for_the_photo_in_work_and_photos_for_the_pictures(
    room: Window, qtbot: QtBot, cat_file: Path, photo_file: Path
) -> None:
    order: list[str] = []
    room.workshop.finished.connect(lambda document: order.append(document.name))
    room.studio.made.connect(lambda name, count, seconds: order.append(name))
    room.open_paths([cat_file, photo_file])
    assert not room.rooms.generating, "a photo that is opened is seen"
    qtbot.waitUntil(lambda: room.session.current.state is State.READY, timeout=LONG)
    room.panel.preset.choose(PRESETS.index(Preset.BEST))
    room.shelf.restore_all()
    qtbot.waitUntil(lambda: room.session.running() is not None, timeout=LONG)
    room.rooms.show_generate()
    ask(room, "fountain", count=1)
    assert room.studio.waiting is not None
    assert room.studio.going is None
    assert room.generate.strip.status.whole == "Waiting until the photo in work is done."
    qtbot.waitUntil(lambda: len(order) == 3, timeout=LONG)
    assert order == [cat_file.name, "fountain", photo_file.name]

    ask(room, count=16, side=128)
    qtbot.waitUntil(lambda: room.studio.going is not None, timeout=LONG)
    room.rooms.show_restore()
    document = room.session.current
    room.restore()
    assert document.queued
    qtbot.waitUntil(lambda: len(order) == 5, timeout=LONG)
    assert order[3:] == ["cottage", document.name]


def test_what_waits_can_be_cancelled(room: Window, qtbot: QtBot, cat_file: Path) -> None:
    room.open_paths([cat_file])
    qtbot.waitUntil(lambda: room.session.current.state is State.READY, timeout=LONG)
    room.panel.preset.choose(PRESETS.index(Preset.BEST))
    room.restore()
    room.rooms.show_generate()
    ask(room)
    assert room.studio.waiting is not None
    QTest.mouseClick(room.generate.panel.go, Qt.MouseButton.LeftButton)
    assert not room.studio.busy
    assert room.session.current.running, "the photo is not what was cancelled"
    qtbot.waitUntil(lambda: room.session.current.state is State.DONE, timeout=LONG)
    assert not room.studio.pictures


def test_closing_in_the_middle_ends_run_and_thread(room: Window, qtbot: QtBot) -> None:
    ask(room, count=64, side=256)
    qtbot.waitUntil(lambda: room.studio.live is not None, timeout=LONG)
    room.close()
    assert not room.isVisible()
    assert room.workshop.engine.thread_.isFinished()


def test_kept_pictures_are_asked_for_before_the_window_closes(
    room: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    ask(room, count=3, seed=5)
    done(qtbot, room.studio)
    trigger(room, "keep")
    room.rooms.show_restore()
    room.close()
    assert room.isVisible()
    assert room.rooms.generating, "what it is about is seen"
    question = room.findChild(UnsavedQuestion)
    assert question is not None
    assert "1 kept picture" in question.text()
    question.button(UnsavedQuestion.StandardButton.Cancel).click()
    assert room.isVisible()
    room.generate.saver.save_to(str(tmp_path))
    qtbot.waitUntil(lambda: not room.studio.unsaved(), timeout=LONG)
    assert [path.name for path in tmp_path.glob("*.png")] == ["cottage_5.png"], "the kept one alone"
    room.close()
    assert not room.isVisible()


# -- what becomes of a picture -------------------------------------------------------------------------------


def test_a_picture_is_saved_with_its_provenance(room: Window, qtbot: QtBot, tmp_path: Path) -> None:
    ask(room, "fountain", count=2, side=64, seed=12)
    done(qtbot, room.studio)
    room.studio.choose(room.studio.pictures[1])
    QTest.keyClick(room, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    dialog = room.findChild(ExportDialog)
    assert dialog is not None
    assert dialog.export.path.name == "fountain_13.png"
    dialog.set_folder(str(tmp_path))
    dialog.save.click()
    target = tmp_path / "fountain_13.png"
    qtbot.waitUntil(target.exists, timeout=LONG)
    qtbot.waitUntil(lambda: "Saved as fountain_13.png" in room.generate.strip.status.whole, timeout=LONG)
    facts = read_provenance(target)
    assert (facts["Class"], facts["Seed"]) == ("fountain", "13")
    assert facts["Model"] == room.studio.pictures[1].result.model
    with Image.open(target) as saved:
        assert np.array_equal(np.asarray(saved.convert("RGB")), room.studio.pictures[1].result.photo.pixels)


def test_saving_all_replaces_nothing_unasked(room: Window, qtbot: QtBot, tmp_path: Path) -> None:
    ask(room, count=3, seed=0)
    done(qtbot, room.studio)
    precious = tmp_path / "cottage_1.png"
    precious.write_bytes(b"precious")
    room.generate.saver.save_to(str(tmp_path))
    question = next(box for box in room.findChildren(QMessageBox) if box.isVisible())
    assert "cottage_1.png" in question.text()
    question.button(QMessageBox.StandardButton.Cancel).click()
    assert precious.read_bytes() == b"precious"
    assert [path.name for path in tmp_path.glob("*.png")] == ["cottage_1.png"]
    QApplication.processEvents()
    room.generate.saver.save_to(str(tmp_path))
    question = next(box for box in room.findChildren(QMessageBox) if box.isVisible())
    next(button for button in question.buttons() if button.text() == "Replace").click()
    qtbot.waitUntil(lambda: "3 pictures saved" in room.generate.strip.status.whole, timeout=LONG)
    assert sorted(path.name for path in tmp_path.glob("*.png")) == [f"cottage_{n}.png" for n in range(3)]
    assert precious.read_bytes() != b"precious"


def test_a_folder_that_cannot_be_written_is_a_sentence_on_this_side(
    room: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    ask(room, count=1, seed=0)
    done(qtbot, room.studio)
    room.generate.saver.save_to(str(tmp_path / "gone"))
    qtbot.waitUntil(room.generate.banner.isVisible, timeout=LONG)
    assert "gone" in room.generate.banner.sentence.text()


def test_a_picture_is_copied_and_dragged_out_as_a_file(room: Window, qtbot: QtBot) -> None:
    ask(room, count=2, side=64, seed=3)
    done(qtbot, room.studio)
    picture = room.studio.pictures[1]
    room.studio.choose(picture)
    QTest.keyClick(room, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (64, 64)
    assert image.pixelColor(9, 4).getRgb()[:3] == tuple(picture.result.photo.pixels[4, 9])
    sheet = room.generate.sheet
    carried: list[Path] = []
    room.generate.strip.handle.drag = carried.append
    start = sheet.visible(1).center().toPoint()
    QTest.mousePress(sheet, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(sheet, start + QPoint(40, 0))
    qtbot.waitUntil(lambda: file_of(picture) is not None, timeout=LONG)
    QTest.mouseMove(sheet, start + QPoint(60, 0))
    QTest.mouseRelease(sheet, Qt.MouseButton.LeftButton, pos=start + QPoint(60, 0))
    assert [path.name for path in carried] == ["cottage_4.png"]
    assert parcel(carried[0]).urls()[0].toLocalFile() == str(carried[0])
    assert read_provenance(carried[0])["Seed"] == "4"
    assert picture.saved is None
    QGuiApplication.clipboard().clear()


def test_a_picture_goes_on_as_a_photo_that_remembers_where_it_came_from(room: Window, qtbot: QtBot) -> None:
    ask(room, "windmill", count=1, seed=8)
    done(qtbot, room.studio)
    trigger(room, "enlarge")
    assert not room.rooms.generating
    document = room.session.current
    assert document.name == "windmill_8"
    qtbot.waitUntil(lambda: document.state is State.READY, timeout=LONG)
    assert np.array_equal(document.photo.pixels, room.studio.pictures[0].result.photo.pixels)
    room.panel.preset.choose(PRESETS.index(Preset.DRAFT))
    room.restore()
    qtbot.waitUntil(lambda: document.state is State.DONE, timeout=LONG)
    assert document.result.photo.size == (128, 128)
    assert document.result.provenance["Origin"].startswith("windmill, invented by tiny-base")


# -- trouble -----------------------------------------------------------------------------------------------


def test_a_damaged_model_is_one_sentence_where_one_looks(room: Window, qtbot: QtBot, home: Path) -> None:
    weights = home / BASE / "model.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-4] + b"ruin")
    ask(room, count=1)
    qtbot.waitUntil(room.generate.banner.isVisible, timeout=LONG)
    assert "tiny-base are damaged" in room.generate.banner.sentence.text()
    assert not room.studio.busy
    weights.write_bytes(whole)
    ask(room, count=1)
    done(qtbot, room.studio)
    assert not room.generate.banner.isVisible()


def test_a_cascade_without_its_second_half_says_which_is_missing(
    home: Path, window: Window, qtbot: QtBot
) -> None:
    write_cascade(home)
    (home / "tiny-up" / "config.json").unlink()
    window.rooms.show_generate()
    window.generate.refresh()
    window.generate.panel.base.setCurrentText(BASE)
    qtbot.waitUntil(window.generate.banner.isVisible, timeout=LONG)
    assert "tiny-up" in window.generate.banner.sentence.text()
    assert not window.generate.panel.go.isEnabled()


def test_a_model_without_classes_says_so_and_paints(home: Path, window: Window, qtbot: QtBot) -> None:
    write_cascade(home, names=())
    window.rooms.show_generate()
    window.generate.refresh()
    panel = window.generate.panel
    panel.base.setCurrentText(BASE)
    assert "knows no classes" in panel.classes.sentence.text()
    assert not panel.classes.search.isEnabled()
    panel.count.setValue(1)
    panel.side.choose(0)
    panel.go.click()
    done(qtbot, window.studio)
    assert window.studio.pictures[0].title == "picture"


def test_without_any_model_the_side_says_what_to_do(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.generate_panel.bases", list)
    window.generate.refresh()
    window.rooms.show_generate()
    assert "imported" in window.generate.panel.becomes.text()
    assert not window.generate.panel.go.isEnabled()
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not window.studio.busy


def test_counts_out_of_range_cannot_be_asked_for(room: Window) -> None:
    count = room.generate.panel.count
    for typed, taken in (("0", 1), ("10000", painting.MOST)):
        count.setValue(int(typed))
        assert count.value() == taken
    with pytest.raises(Exception, match="between 1 and 64"):
        GenerateRequest(count=10_000)


# -- the window around it ------------------------------------------------------------------------------------


def test_commands_of_the_other_side_sleep(room: Window, qtbot: QtBot, photo_file: Path) -> None:
    actions, generate = room.actions_, room.generate
    assert not actions.save.isEnabled()
    room.open_paths([photo_file])
    qtbot.waitUntil(lambda: room.session.current.state is State.READY, timeout=LONG)
    assert not room.rooms.generating
    assert actions.restore.isEnabled()
    assert not generate._actions["paint"].isEnabled()
    QTest.keyClick(room, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert room.rooms.generating
    assert not actions.restore.isEnabled()
    assert not actions.region.isEnabled()
    assert generate._actions["paint"].isEnabled()
    room.session.current.tell()
    assert not actions.restore.isEnabled(), "what the photo side tells meanwhile wakes nothing"
    QTest.keyClick(room, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert actions.restore.isEnabled()


def test_another_language_keeps_the_sheet_and_the_settings(room: Window, qtbot: QtBot) -> None:
    ask(room, "windmill", count=2, side=64, seed=6)
    done(qtbot, room.studio)
    before = list(room.studio.pictures)
    room.desk.set_language(Language.CHINESE)
    qtbot.waitUntil(lambda: room.generate.panel.go.text() == "生成", timeout=LONG)
    assert room.rooms.generating
    assert room.studio.pictures == before
    assert len(room.generate.sheet.frames) == 2
    assert (room.generate.panel.classes.name, room.generate.panel.wishes.size) == ("windmill", 64)
    room.desk.set_language(Language.ENGLISH)
    qtbot.waitUntil(lambda: room.generate.panel.go.text() == "Generate", timeout=LONG)


def test_what_was_asked_for_is_remembered(room: Window) -> None:
    from ui import memory

    panel = room.generate.panel
    panel.classes.choose(2)
    panel.count.setValue(5)
    panel.side.choose(1)
    panel.preset.choose(PRESETS.index(Preset.BEST))
    memory.keep_wishes(room.store, *room.generate.remembered)
    wishes, name = memory.wishes(room.store)
    assert (wishes.base, wishes.count, wishes.size, wishes.preset, name) == (
        BASE,
        5,
        64,
        Preset.BEST,
        "windmill",
    )


@pytest.mark.parametrize("language", [Language.ENGLISH, Language.CHINESE])
def test_everybody_reaches_everything_on_this_side(room: Window, qtbot: QtBot, language: Language) -> None:
    room.desk.set_language(language)
    QApplication.processEvents()
    ask(room, count=4, seed=0)
    done(qtbot, room.studio)
    room.resize(1024, 640)
    QApplication.processEvents()
    assert (room.width(), room.height()) == (1024, 640)
    assert faults(room.generate) == []
    seen = [widget for widget in controls(room.generate) if widget.isVisible()]
    assert len(seen) > 20
    for widget in seen:
        corner = widget.mapTo(room, QPoint(0, 0))
        name = widget.accessibleName()
        assert corner.x() >= 0, name
        assert corner.x() + widget.width() <= room.width(), name
        assert corner.y() + widget.height() <= room.height(), name
        assert widget.width() >= min(widget.minimumSizeHint().width(), 200), name
    assert room.generate.sheet.height() > 300
    room.generate.sheet.setFocus()
    reached = set()
    for _ in range(60):
        focus = QApplication.focusWidget()
        if focus in reached:
            break
        reached.add(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    for widget in (room.generate.panel.classes.search, room.generate.panel.classes.list,
                   room.generate.panel.count, room.generate.panel.seed, room.generate.panel.go):  # fmt: skip
        assert widget in reached, widget.accessibleName()
    keys = dict(shortcuts(room.menuBar()))
    assert QKeySequence("Ctrl+Return").toString(QKeySequence.SequenceFormat.NativeText) in keys.values()
    assert "Ctrl+Shift+K" in keys.values()
