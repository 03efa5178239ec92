"""What stands beside the picture: licences to read, tiles that can be, a history that stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from restorer.packs import catalog
from ui.help.licences import Parts, versions
from ui.main_window.window import Window
from ui.settings.dialog import SettingsDialog
from ui.widgets.text_dialog import TextDialog


@pytest.fixture
def parts(window: Window) -> Parts:
    window.app_actions.about()
    return window.findChildren(TextDialog)[-1].findChild(Parts)


def test_every_licence_can_be_read_with_the_keys(window: Window, parts: Parts) -> None:
    read = {}
    parts.list.setFocus()
    QTest.keyClick(parts.list, Qt.Key.Key_Home)
    for _ in versions():
        read[parts.list.currentItem().text(0)] = parts.text.toPlainText()
        QTest.keyClick(parts.list, Qt.Key.Key_Down)
    assert read.keys() == {name for name, _, _ in versions()}
    assert "Permission is hereby granted" in read["Restorer"]
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in read["Qt"]
    assert "TERMS AND CONDITIONS" in read["Qt"], "the licence that the lesser one adds to"
    assert read["PySide6-Essentials"] == read["Qt"]
    assert "PYTHON SOFTWARE FOUNDATION" in read["Python"].upper()
    assert "Redistribution and use in source and binary forms" in read["torch"]
    assert "Apache License" in read["opencv-python"]
    assert all(len(text) > 800 for name, text in read.items() if name in ("numpy", "pillow", "safetensors"))
    assert read["tiny-4x"].startswith("tiny-4x does not say"), "a pack of one's own may have none"
    for pack in catalog.all_packs():
        if pack.shipped:
            assert pack.config["licence"] in read[pack.name]
            assert all(one["source"] in read[pack.name] for one in pack.config["data"])
    parts.window().reject()


def test_a_licence_that_does_not_fit_its_column_is_told_whole(window: Window, parts: Parts) -> None:
    told = {parts.list.topLevelItem(row).toolTip(2) for row in range(parts.list.topLevelItemCount())}
    assert told == {licence for _, _, licence in versions()}
    parts.window().reject()


@pytest.mark.parametrize(("typed", "tile"), [("5", 64), ("63", 64), ("64", 64), ("320", 320), ("0", 0)])
def test_a_tile_is_as_typed_or_as_shown(window: Window, qtbot: QtBot, typed: str, tile: int) -> None:
    window.app_actions.settings()
    dialog = window.findChildren(SettingsDialog)[-1]
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.tile.setFocus()
    qtbot.waitUntil(dialog.tile.hasFocus)
    dialog.tile.selectAll()
    QTest.keyClicks(dialog.tile, typed)
    QTest.keyClick(dialog.tile, Qt.Key.Key_Tab)
    assert dialog.tile.value() == tile
    assert dialog.tile.text() == ("Automatic" if tile == 0 else f"{tile} pixels")
    ok = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok)
    QTest.mouseClick(ok, Qt.MouseButton.LeftButton)
    assert window.core.runs.preferences.tile == tile


def test_stepping_leaves_out_what_is_no_tile(window: Window) -> None:
    window.app_actions.settings()
    dialog = window.findChildren(SettingsDialog)[-1]
    dialog.tile.setValue(100)
    for key, value in ((Qt.Key.Key_Down, 0), (Qt.Key.Key_Up, 64), (Qt.Key.Key_Up, 128)):
        QTest.keyClick(dialog.tile, key)
        assert dialog.tile.value() == value
    dialog.reject()


def test_the_history_is_shown_as_it_was_left(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    assert not window.restore.edits.history_shown
    QTest.keyClick(window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    assert window.restore.edits.history_shown
    window.close()
    store = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    again = Window(window.theme, store)
    again.show()
    again.activateWindow()
    qtbot.waitUntil(again.isActiveWindow)
    assert again.restore.edits.history_shown
    assert again.restore.edits.dock.isVisible()
    QTest.keyClick(again, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    again.close()
    again.deleteLater()
    assert store.value("history") in (0, "0")
