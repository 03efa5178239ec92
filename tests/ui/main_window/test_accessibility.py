"""Names for screen readers, keys for all controls."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QWidget,
)
from pytestqt.qtbot import QtBot

from restorer.pipeline.request import Preset
from tests.ui.controls import controls, faults
from tests.ui.driver import (
    choose_preset,
    delete_closed,
    restore_photo,
    wait_for_state,
)
from ui.i18n.language import Language
from ui.main_window.window import Window
from ui.model.document import DocumentState


@pytest.fixture
def finished(window: Window, qtbot: QtBot, photo_file: Path, cat_file: Path) -> Window:
    """The window with two photos, a result in view, and everything unfolded."""
    window.core.photos.open([photo_file, cat_file])
    wait_for_state(qtbot, window, DocumentState.READY)
    choose_preset(window, Preset.DRAFT)
    restore_photo(qtbot, window)
    return window


def test_every_control_of_the_window_is_named_and_reached(finished: Window) -> None:
    assert len(controls(finished)) > 25
    assert faults(finished) == []
    assert finished.restore.canvas.accessibleName()
    assert finished.restore.canvas.focusPolicy() != Qt.FocusPolicy.NoFocus


def test_the_walk_itself_finds_a_nameless_control(finished: Window) -> None:
    from PySide6.QtWidgets import QPushButton

    stray = QPushButton("", finished.restore.panel)
    stray.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    assert len(faults(finished)) == 3
    stray.setParent(None)
    stray.deleteLater()


def test_every_control_of_the_dialogs_is_named_and_reached(finished: Window) -> None:
    for language in (Language.ENGLISH, Language.CHINESE):
        finished.app_actions.set_language(language)
        QApplication.processEvents()
        open_each: list[Callable[[], object]] = [
            finished.app_actions.settings,
            finished.app_actions.about,
            finished.app_actions.keys,
            finished.workspaces.save,
        ]
        for opens in open_each:
            opens()
            dialog = finished.findChildren(QDialog)[-1]
            assert dialog.windowTitle()
            assert faults(dialog) == []
            dialog.reject()
        finished.restore.edits.crop()
        assert faults(finished.restore.edits.cropper) == []
        finished.restore.edits.cropper.cancel()
        delete_closed()


def test_every_control_of_the_windows_beside_is_named_and_reached(window: Window) -> None:
    for language in (Language.ENGLISH, Language.CHINESE):
        window.app_actions.set_language(language)
        QApplication.processEvents()
        batch = window.batch.open()
        window.menu_bar.models.trigger()
        models = window.models.window_
        assert models is not None
        assert len(controls(batch)) > 25
        assert len(controls(models)) > 6
        assert faults(batch) + faults(models) == []
        for button in (batch.start, batch.pause):  # whose words change
            assert button.accessibleName() == button.text()
        batch.close()
        delete_closed()


def test_tab_goes_round_through_all_that_is_seen(finished: Window) -> None:
    finished.restore.canvas.setFocus()
    reached: set[QWidget] = set()
    for _ in range(90):
        focus = QApplication.focusWidget()
        if focus is None or (focus is finished.restore.canvas and len(reached) > 1):
            break
        reached.add(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    seen = [widget for widget in controls(finished) if widget.isVisible() and widget.isEnabled()]
    groups = {button.group() for button in reached if isinstance(button, QAbstractButton) and button.group()}
    missed = [
        widget.accessibleName()
        for widget in seen
        if widget not in reached
        and not (isinstance(widget, QAbstractButton) and widget.group() in groups)  # arrows move inside those
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert not missed


def test_no_two_commands_share_a_key(window: Window) -> None:
    workspaces = window.workspaces
    shared: set[str] = set()
    sides = (window.restore, workspaces.show_restore), (window.generate, workspaces.show_generate)
    for side, show in sides:
        show()
        asleep = [action for other, _ in sides if other is not side for action in other.own_actions()]
        assert asleep
        taken: dict[str, str] = {}
        for action in window.findChildren(type(window.restore.runs.restore)):
            if action in asleep:
                continue
            for key in action.shortcuts():
                name = key.toString(QKeySequence.SequenceFormat.PortableText)
                assert taken.setdefault(name, action.text()) == action.text(), name
        for action in asleep:
            group = action.actionGroup()
            assert group is not None, action.text()
            assert not group.isEnabled(), action.text()
            for key in action.shortcuts():
                name = key.toString(QKeySequence.SequenceFormat.PortableText)
                if taken.get(name, action.text()) != action.text():
                    shared.add(name)
    assert shared == {"Ctrl+Z", "Ctrl+Shift+Z"}  # a step back and a step on, of the side in view
