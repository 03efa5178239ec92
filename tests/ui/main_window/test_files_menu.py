"""What was opened last, where results went, closing all, and the guide, through the menus."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.ui.driver import LONG, click, dialog_of, open_photo, press, restore_photo, wait_for_state
from ui.help.guide import GuideView
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.saving.export_dialog import ExportDialog
from ui.widgets.dialogs import UnsavedQuestion
from ui.widgets.text_dialog import TextDialog


def file_menu(window: Window) -> QMenu:
    menu = window.menuBar().actions()[0].menu()
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    return menu


def recent(window: Window) -> list[QAction]:
    file_menu(window)
    return [action for action in window.menu_bar.recent.actions() if not action.isSeparator()]


def save_as(qtbot: QtBot, window: Window, folder: Path) -> None:
    window.restore.save()
    dialog = window.findChildren(ExportDialog)[-1]
    dialog.set_folder(str(folder))
    dialog.wanted.emit(dialog.export)
    dialog.reject()
    document = window.core.session.current
    qtbot.waitUntil(lambda: document.saved is not None, timeout=LONG)


def test_ten_files_that_exist_are_offered_again(window: Window, qtbot: QtBot, cat_file: Path) -> None:
    assert not window.menu_bar.recent.menuAction().isEnabled() or recent(window)
    files = [cat_file.with_name(f"photo {number}.jpg") for number in range(12)]
    for path in files:
        path.write_bytes(cat_file.read_bytes())
    window.core.photos.open(files[:1])
    window.core.photos.open(files[1:3])
    assert [action.text() for action in recent(window)[:-1]] == [files[1].name, files[2].name, files[0].name]
    window.restore.photos.close_all.trigger()
    assert not window.core.session.documents
    files[2].unlink()
    assert [action.text() for action in recent(window)[:-1]] == [files[1].name, files[0].name]
    recent(window)[0].trigger()
    wait_for_state(qtbot, window, DocumentState.READY)
    assert window.core.session.current.path == files[1]
    window.core.photos.open([path for path in files if path.exists()])
    assert len(recent(window)[:-1]) == 10
    recent(window)[-1].trigger()
    file_menu(window)
    assert not window.menu_bar.recent.menuAction().isEnabled()


def test_the_next_result_goes_where_the_last_one_went(
    window: Window,
    qtbot: QtBot,
    cat_file: Path,
    photo_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file_menu(window)
    assert not window.menu_bar.results.isEnabled()
    out = tmp_path / "out"
    out.mkdir()
    open_photo(qtbot, window, cat_file)
    restore_photo(qtbot, window)
    save_as(qtbot, window, out)
    open_photo(qtbot, window, photo_file)
    restore_photo(qtbot, window)
    window.restore.save()
    dialog = window.findChildren(ExportDialog)[-1]
    assert dialog.export.path.parent == out
    dialog.reject()
    file_menu(window)
    assert window.menu_bar.results.isEnabled()
    shown: list[Path] = []

    def open_url(url: QUrl) -> bool:
        shown.append(Path(url.toLocalFile()))
        return len(shown) < 2

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    window.menu_bar.results.trigger()
    assert shown == [out]
    window.restore.banner.hide()
    window.menu_bar.results.trigger()
    assert str(out) in window.restore.banner.sentence.text()
    # Closing all asks once about what lies in no file.
    window.restore.photos.close_all.trigger()
    question = window.findChildren(UnsavedQuestion)[-1]
    press(question, "Cancel")
    assert len(window.core.session.documents) == 2
    window.restore.photos.close_all.trigger()
    press(window.findChildren(UnsavedQuestion)[-1], "Close without saving")
    assert not window.core.session.documents
    assert window.restore.welcome.isVisible()


def test_help_opens_the_guide_that_ships(window: Window) -> None:
    (action,) = [
        each for each in window.menu_bar.children() if isinstance(each, QAction) and "Guide" in each.text()
    ]
    action.trigger()
    dialog = dialog_of(window, TextDialog)
    view = dialog.findChild(GuideView)
    assert "A guide to Restorer" in view.toPlainText()
    assert not view.loadResource(2, QUrl("pictures/launch-offer.png")).isNull()
    view.anchorClicked.emit(QUrl("guide.zh_CN.md"))
    assert "修复" in view.toPlainText()
    click(dialog.copy_button)
    dialog.reject()
