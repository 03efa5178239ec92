"""The offer to put the app into the applications menu is made once."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from restorer import launcher, paths
from tests.ui.driver import LONG, click
from ui.main_window.window import Window


def test_the_offer_puts_the_app_into_the_menu(window: Window, qtbot: QtBot) -> None:
    assert window.restore.welcome.menu_row.isVisible()
    assert window.restore.welcome.rect().contains(window.restore.welcome.menu_row.geometry())
    click(window.restore.welcome.menu_button)
    qtbot.waitUntil(lambda: "applications menu now" in window.restore.banner.sentence.text(), timeout=LONG)
    assert launcher.installed()
    assert not window.restore.welcome.menu_row.isVisible()
    assert not window.app_actions.launcher_offer.should_offer()


def test_a_refusal_is_remembered(window: Window) -> None:
    click(window.restore.welcome.menu_no)
    assert not window.restore.welcome.menu_row.isVisible()
    assert not window.app_actions.launcher_offer.should_offer()
    window.core.store.sync()
    assert "menu_entry_refused" in Path(window.core.store.fileName()).read_text()
    assert not launcher.installed()


def test_where_the_menu_cannot_be_written_a_sentence_says_so(window: Window, qtbot: QtBot) -> None:
    entry = paths.data_root() / "applications" / "restorer.desktop"
    entry.parent.mkdir(parents=True, exist_ok=True)
    entry.write_text("[Desktop Entry]\nName=Furniture\n")
    window.app_actions.launcher_offer.add()
    qtbot.waitUntil(lambda: "not written by Restorer" in window.restore.banner.sentence.text(), timeout=LONG)
    assert window.restore.welcome.menu_row.isVisible()
