"""Settings take effect at once, are written down, and refuse what cannot be."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from restorer import paths, preferences
from restorer.preferences import Preferences
from tests.ui.driver import LONG, click, delete_closed, dialog_of
from ui.i18n.language import Language
from ui.main_window.window import Window
from ui.settings.dialog import SettingsDialog
from ui.style.theme import Override


def test_settings_take_effect_at_once_and_are_written_down(window: Window, qtbot: QtBot) -> None:
    window.app_actions.settings()
    dialog = dialog_of(window, SettingsDialog)
    dialog.theme.choose("light")
    dialog.language.choose("zh_CN")
    dialog.device.choose("cpu")
    dialog.threads.setValue(2)
    dialog.tile.setValue(320)
    dialog.previews.setChecked(False)
    dialog.quality.setValue(77)
    ok = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok)
    click(ok)
    kept = preferences.load(paths.settings_dir())
    assert kept == window.core.runs.preferences
    assert (kept.device, kept.threads, kept.tile, kept.previews) == ("cpu", 2, 320, False)
    assert kept.output.quality == 77
    assert window.theme.override is Override.LIGHT
    assert window.speech.spoken is Language.CHINESE
    qtbot.waitUntil(lambda: window.restore.panel.restore_button.text() == "修复", timeout=LONG)


def test_settings_that_are_cancelled_change_nothing(window: Window) -> None:
    window.app_actions.settings()
    dialog = dialog_of(window, SettingsDialog)
    dialog.quality.setValue(12)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert window.core.runs.preferences == Preferences()
    assert not (paths.settings_dir() / preferences.FILE).exists()


def test_template_that_cannot_be_filled_is_told_in_the_settings(window: Window) -> None:
    for template, word in (("{nam}_{scale", "{nam}"), ("{name}_{scale", "brace"), ("  ", "Type a name")):
        window.app_actions.settings()
        dialog = dialog_of(window, SettingsDialog)
        assert not dialog.problem.isVisible()
        dialog.tabs.setCurrentIndex(2)
        dialog.template.setFocus()
        dialog.template.selectAll()
        QTest.keyClicks(dialog.template, template)
        assert word in dialog.problem.text()
        assert dialog.problem.isVisible()
        assert not dialog.ok.isEnabled()
        QTest.keyClick(dialog.template, Qt.Key.Key_Return)
        assert dialog.isVisible()
        dialog.template.selectAll()
        QTest.keyClicks(dialog.template, "{name} again")
        assert not dialog.problem.isVisible()
        click(dialog.ok)
        assert window.core.runs.preferences.output.template == "{name} again"
        window.core.runs.preferences = Preferences()
        delete_closed()


def test_defaults_come_back_with_one_button(window: Window) -> None:
    window.core.runs.preferences = Preferences("cpu", 3, 512, False, False, "en", "dark")
    window.app_actions.settings()
    dialog = dialog_of(window, SettingsDialog)
    assert dialog.preferences == window.core.runs.preferences
    click(dialog.defaults)
    assert dialog.preferences == Preferences()
    dialog.reject()


def test_a_tile_is_as_typed_or_as_shown(window: Window, qtbot: QtBot) -> None:
    for typed, tile in (("5", 64), ("63", 64), ("64", 64), ("320", 320), ("0", 0)):
        window.app_actions.settings()
        dialog = dialog_of(window, SettingsDialog)
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow, timeout=LONG)
        dialog.tile.setFocus()
        qtbot.waitUntil(dialog.tile.hasFocus, timeout=LONG)
        dialog.tile.selectAll()
        QTest.keyClicks(dialog.tile, typed)
        QTest.keyClick(dialog.tile, Qt.Key.Key_Tab)
        assert dialog.tile.value() == tile
        assert dialog.tile.text() == ("Automatic" if tile == 0 else f"{tile} pixels")
        click(dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok))
        assert window.core.runs.preferences.tile == tile
        delete_closed()


def test_stepping_leaves_out_what_is_no_tile(window: Window) -> None:
    window.app_actions.settings()
    dialog = window.findChildren(SettingsDialog)[-1]
    dialog.tile.setValue(100)
    for key, value in ((Qt.Key.Key_Down, 0), (Qt.Key.Key_Up, 64), (Qt.Key.Key_Up, 128)):
        QTest.keyClick(dialog.tile, key)
        assert dialog.tile.value() == value
    dialog.reject()
