"""The Generate side on a real X server: what becomes of a picture, what goes wrong, the window around it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from restorer.photo import read_provenance
from restorer.pipeline import request
from restorer.pipeline.request import GenerateRequest, Preset
from tests.tiny_packs import BASE, write_cascade
from tests.ui.controls import controls, faults
from tests.ui.driver import LONG, choose_preset, wait_for_state
from tests.ui.generate_driver import ask, done, trigger
from ui.help.shortcuts import shortcuts
from ui.i18n.language import Language
from ui.imaging.mime import file_mime_data
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.restore.control_panel import PRESETS
from ui.saving.drag_out import file_of
from ui.saving.export_dialog import ExportDialog

# -- what becomes of a picture -------------------------------------------------------------------------------


def test_a_picture_is_saved_with_its_provenance(room: Window, qtbot: QtBot, tmp_path: Path) -> None:
    ask(room, "fountain", count=2, side=64, seed=12)
    done(qtbot, room.core.generation)
    room.core.generation.choose(room.core.generation.pictures[1])
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
    assert facts["Model"] == room.core.generation.pictures[1].result.model
    with Image.open(target) as saved:
        assert np.array_equal(
            np.asarray(saved.convert("RGB")), room.core.generation.pictures[1].result.photo.pixels
        )


def test_saving_all_replaces_nothing_unasked(room: Window, qtbot: QtBot, tmp_path: Path) -> None:
    ask(room, count=3, seed=0)
    done(qtbot, room.core.generation)
    precious = tmp_path / "cottage_1.png"
    precious.write_bytes(b"precious")
    room.saver.save_pictures_to(str(tmp_path))
    question = next(box for box in room.findChildren(QMessageBox) if box.isVisible())
    assert "cottage_1.png" in question.text()
    question.button(QMessageBox.StandardButton.Cancel).click()
    assert precious.read_bytes() == b"precious"
    assert [path.name for path in tmp_path.glob("*.png")] == ["cottage_1.png"]
    QApplication.processEvents()
    room.saver.save_pictures_to(str(tmp_path))
    question = next(box for box in room.findChildren(QMessageBox) if box.isVisible())
    next(button for button in question.buttons() if button.text() == "Replace").click()
    qtbot.waitUntil(lambda: "3 pictures saved" in room.generate.strip.status.whole, timeout=LONG)
    assert sorted(path.name for path in tmp_path.glob("*.png")) == [f"cottage_{n}.png" for n in range(3)]
    assert precious.read_bytes() != b"precious"


def test_a_folder_that_cannot_be_written_is_a_sentence_on_this_side(
    room: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    ask(room, count=1, seed=0)
    done(qtbot, room.core.generation)
    room.saver.save_pictures_to(str(tmp_path / "gone"))
    qtbot.waitUntil(room.generate.banner.isVisible, timeout=LONG)
    assert "gone" in room.generate.banner.sentence.text()


def test_a_picture_is_copied_and_dragged_out_as_a_file(room: Window, qtbot: QtBot) -> None:
    ask(room, count=2, side=64, seed=3)
    done(qtbot, room.core.generation)
    picture = room.core.generation.pictures[1]
    room.core.generation.choose(picture)
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
    assert file_mime_data(carried[0]).urls()[0].toLocalFile() == str(carried[0])
    assert read_provenance(carried[0])["Seed"] == "4"
    assert picture.saved is None
    QGuiApplication.clipboard().clear()


def test_a_picture_goes_on_as_a_photo_that_remembers_where_it_came_from(room: Window, qtbot: QtBot) -> None:
    ask(room, "windmill", count=1, seed=8)
    done(qtbot, room.core.generation)
    trigger(room, "enlarge")
    assert not room.workspaces.generating
    document = room.core.session.current
    assert document.name == "windmill_8"
    qtbot.waitUntil(lambda: document.state is DocumentState.READY, timeout=LONG)
    assert np.array_equal(document.photo.pixels, room.core.generation.pictures[0].result.photo.pixels)
    choose_preset(room, Preset.DRAFT)
    room.restore.start()
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
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
    assert not room.core.generation.busy
    weights.write_bytes(whole)
    ask(room, count=1)
    done(qtbot, room.core.generation)
    assert not room.generate.banner.isVisible()


def test_a_cascade_without_its_second_half_says_which_is_missing(
    home: Path, window: Window, qtbot: QtBot
) -> None:
    write_cascade(home)
    (home / "tiny-up" / "config.json").unlink()
    window.workspaces.show_generate()
    window.generate.refresh()
    window.generate.panel.base.setCurrentText(BASE)
    qtbot.waitUntil(window.generate.banner.isVisible, timeout=LONG)
    assert "tiny-up" in window.generate.banner.sentence.text()
    assert not window.generate.panel.go.isEnabled()


def test_a_model_without_classes_says_so_and_paints(home: Path, window: Window, qtbot: QtBot) -> None:
    write_cascade(home, names=())
    window.workspaces.show_generate()
    window.generate.refresh()
    panel = window.generate.panel
    panel.base.setCurrentText(BASE)
    assert "knows no classes" in panel.classes.sentence.text()
    assert not panel.classes.search.isEnabled()
    panel.count.setValue(1)
    panel.side.choose(0)
    panel.go.click()
    done(qtbot, window.core.generation)
    assert window.core.generation.pictures[0].title == "picture"


def test_without_any_model_the_side_says_what_to_do(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.generate.panel.bases", list)
    window.generate.refresh()
    window.workspaces.show_generate()
    assert "imported" in window.generate.panel.becomes.text()
    assert not window.generate.panel.go.isEnabled()
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not window.core.generation.busy


def test_counts_out_of_range_cannot_be_asked_for(room: Window) -> None:
    count = room.generate.panel.count
    for typed, taken in (("0", 1), ("10000", request.MOST)):
        count.setValue(int(typed))
        assert count.value() == taken
    with pytest.raises(Exception, match="between 1 and 64"):
        GenerateRequest(count=10_000)


# -- the window around it ------------------------------------------------------------------------------------


def test_commands_of_the_other_side_sleep(room: Window, qtbot: QtBot, photo_file: Path) -> None:
    runs, generate = room.restore.runs, room.generate
    assert not room.workspaces.shared.save.isEnabled()
    room.core.photos.open([photo_file])
    wait_for_state(qtbot, room, DocumentState.READY)
    assert not room.workspaces.generating
    assert runs.restore.isEnabled()
    assert not generate._actions["paint"].isEnabled()
    QTest.keyClick(room, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert room.workspaces.generating
    assert not runs.restore.isEnabled()
    assert not runs.region.isEnabled()
    assert generate._actions["paint"].isEnabled()
    room.core.session.current.notify()
    assert not runs.restore.isEnabled(), "what the photo side tells meanwhile wakes nothing"
    QTest.keyClick(room, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert runs.restore.isEnabled()


def test_another_language_keeps_the_sheet_and_the_settings(room: Window, qtbot: QtBot) -> None:
    ask(room, "windmill", count=2, side=64, seed=6)
    done(qtbot, room.core.generation)
    before = list(room.core.generation.pictures)
    room.app_actions.set_language(Language.CHINESE)
    qtbot.waitUntil(lambda: room.generate.panel.go.text() == "生成", timeout=LONG)
    assert room.workspaces.generating
    assert room.core.generation.pictures == before
    assert len(room.generate.sheet.frames) == 2
    assert (room.generate.panel.classes.name, room.generate.panel.options.size) == ("windmill", 64)
    room.app_actions.set_language(Language.ENGLISH)
    qtbot.waitUntil(lambda: room.generate.panel.go.text() == "Generate", timeout=LONG)


def test_what_was_asked_for_is_remembered(room: Window) -> None:
    from ui.settings import ui_state

    panel = room.generate.panel
    panel.classes.choose(2)
    panel.count.setValue(5)
    panel.side.choose(1)
    panel.preset.choose(PRESETS.index(Preset.BEST))
    ui_state.keep_generate_options(room.core.store, *room.generate.options_and_class)
    options, name = ui_state.generate_options(room.core.store)
    assert (options.base, options.count, options.size, options.preset, name) == (
        BASE,
        5,
        64,
        Preset.BEST,
        "windmill",
    )


@pytest.mark.parametrize("language", [Language.ENGLISH, Language.CHINESE])
def test_everybody_reaches_everything_on_this_side(room: Window, qtbot: QtBot, language: Language) -> None:
    room.app_actions.set_language(language)
    QApplication.processEvents()
    ask(room, count=4, seed=0)
    done(qtbot, room.core.generation)
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
    lines = shortcuts(room.menuBar())
    assert len(lines) == len(set(lines))  # commands of both sides stand there once
    keys = dict(lines)
    assert QKeySequence("Ctrl+Return").toString(QKeySequence.SequenceFormat.NativeText) in keys.values()
    assert "Ctrl+Shift+K" in keys.values()


def test_a_picture_that_gave_up_its_place_while_it_was_being_saved_is_saved_and_said_so(
    room: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    ask(room, "fountain", count=2, side=32, seed=12)
    done(qtbot, room.core.generation)
    room.core.generation.choose(room.core.generation.pictures[0])
    QTest.keyClick(room, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    dialog = room.findChild(ExportDialog)
    dialog.set_folder(str(tmp_path))
    room.core.generation.reroll([room.core.generation.pictures[0]])
    done(qtbot, room.core.generation)
    assert 12 not in [picture.seed for picture in room.core.generation.pictures]
    said: list[object] = []
    room.core.photos.written.connect(said.append)
    dialog.save.click()
    qtbot.waitUntil(lambda: len(said) == 1, timeout=LONG)
    assert (tmp_path / "fountain_12.png").is_file()
    assert "Saving" not in room.generate.strip.status.whole


def test_photos_can_be_restored_again_once_pictures_are_made(
    room: Window, qtbot: QtBot, cat_file: Path
) -> None:
    room.core.photos.open([cat_file])
    wait_for_state(qtbot, room, DocumentState.READY)
    room.workspaces.show_generate()
    ask(room, count=2)
    room.workspaces.show_restore()
    assert room.restore.strip.status.whole == "Pictures of a class are being made."
    done(qtbot, room.core.generation)
    assert room.restore.strip.status.whole == "Ready to restore."
