"""Everybody reaches everything: names for screen readers, keys for all controls, room at every size."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from restorer.pipeline.request import Preset
from ui.i18n.language import Language
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.restore.control_panel import PRESETS

LONG = 120_000
ROOT = Path(__file__).resolve().parents[3]
KINDS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QAbstractItemView)


def controls(inside: QWidget) -> list[QWidget]:
    """What a person can work with; not the inner parts that Qt builds its own widgets from."""
    found = []
    for widget in inside.findChildren(QWidget):
        parent = widget.parent()
        inner = widget.objectName().startswith(("qt_", "spinbox", "ScrollLeft", "ScrollRight"))
        inner = inner or (parent is not None and parent.objectName().startswith("qt_"))
        inner = inner or isinstance(parent, QAbstractSpinBox | QComboBox | QAbstractItemView)
        popup = isinstance(widget, QAbstractItemView) and widget.window() is not inside.window()
        inner = inner or popup or type(widget).__name__ in ("QDockWidgetTitleButton", "QScrollBar", "QTabBar")
        if isinstance(widget, KINDS) and not inner:
            found.append(widget)
    return found


def faults(inside: QWidget) -> list[str]:
    """Controls without a name or out of the keyboard's reach, buttons without a sentence."""
    wrong = []
    for widget in controls(inside):
        name = f"{type(widget).__name__} {widget.accessibleName()!r} in {type(widget.parent()).__name__}"
        if not widget.accessibleName():
            wrong.append(f"{name} has no name")
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus:
            wrong.append(f"{name} cannot be reached")
        if isinstance(widget, QAbstractButton) and not widget.toolTip():
            wrong.append(f"{name} explains nothing")
    return wrong


@pytest.fixture
def finished(window: Window, qtbot: QtBot, photo_file: Path, cat_file: Path) -> Window:
    """The window with two photos, a result in view, and everything unfolded."""
    window.core.runs.open([photo_file, cat_file])
    qtbot.waitUntil(lambda: window.core.session.current.state is DocumentState.READY, timeout=LONG)
    window.restore.panel.preset.choose(PRESETS.index(Preset.DRAFT))
    window.restore.start()
    qtbot.waitUntil(lambda: window.core.session.current.state is DocumentState.DONE, timeout=LONG)
    return window


def test_every_control_of_the_window_is_named_and_reached(finished: Window) -> None:
    assert len(controls(finished)) > 25
    assert faults(finished) == []


def test_the_walk_itself_finds_a_nameless_control(finished: Window) -> None:
    from PySide6.QtWidgets import QPushButton

    stray = QPushButton("", finished.restore.panel)
    stray.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    assert len(faults(finished)) == 3
    stray.setParent(None)
    stray.deleteLater()


@pytest.mark.parametrize("language", [Language.ENGLISH, Language.CHINESE])
def test_every_control_of_the_dialogs_is_named_and_reached(
    finished: Window, qtbot: QtBot, language: Language
) -> None:
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


@pytest.mark.parametrize("language", [Language.ENGLISH, Language.CHINESE])
def test_every_control_of_the_windows_beside_is_named_and_reached(
    window: Window, qtbot: QtBot, tmp_path: Path, language: Language
) -> None:
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
    taken: dict[str, str] = {}
    for action in window.findChildren(type(window.restore.runs.restore)):
        for key in action.shortcuts():
            name = key.toString(QKeySequence.SequenceFormat.PortableText)
            assert taken.setdefault(name, action.text()) == action.text(), name


@pytest.mark.parametrize("language", [Language.ENGLISH, Language.CHINESE])
def test_nothing_is_clipped_at_1024_by_640(finished: Window, qtbot: QtBot, language: Language) -> None:
    finished.app_actions.set_language(language)
    QApplication.processEvents()
    finished.resize(1024, 640)
    QApplication.processEvents()
    assert (finished.width(), finished.height()) == (1024, 640)
    clipped = []
    for widget in controls(finished):
        if not widget.isVisible() or isinstance(widget, QAbstractItemView):
            continue
        corner = widget.mapTo(finished, QPoint(0, 0))
        scrolled = (
            finished.restore.panel.isAncestorOf(widget) and corner.y() + widget.height() > finished.height()
        )
        inside = corner.x() >= 0 and corner.x() + widget.width() <= finished.width()
        if not inside or (widget.width() < widget.minimumSizeHint().width() and not scrolled):
            clipped.append((widget.accessibleName(), widget.geometry(), widget.minimumSizeHint()))
    assert not clipped
    assert finished.restore.canvas.height() > 200


@pytest.mark.parametrize("factor", ["1.25", "1.5", "2"])
def test_layout_holds_at_larger_scales(tiny_pack: str, factor: str) -> None:
    code = (
        "from PySide6.QtCore import QSettings; from ui.app import make_application\n"
        "from ui.style.theme import Theme; from ui.main_window.window import Window\n"
        "import tempfile; file = tempfile.mkdtemp() + '/none.ini'; app = make_application([])\n"
        "store = QSettings(file, QSettings.Format.IniFormat)\n"
        "window = Window(Theme(app), store); window.show(); app.processEvents()\n"
        "print(window.devicePixelRatioF(), window.minimumSize().width(), window.minimumSize().height(),\n"
        "      window.minimumSizeHint().width(), window.minimumSizeHint().height())\n"
        "window._warm = True; window.close()\n"
    )
    environment = {**os.environ, "QT_SCALE_FACTOR": factor, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    ratio, *sizes = (float(number) for number in run.stdout.split())
    assert ratio == float(factor)
    assert max(sizes[0], sizes[2]) * 1.0 <= 1024, "logical pixels; 2048 of the screen's at 200 %"
    assert max(sizes[1], sizes[3]) <= 640
