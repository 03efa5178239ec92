"""What a person does on the generating side, in one call each; for the tests of that side."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.tiny_packs import NAMES
from ui.controllers.generation import GenerationController
from ui.main_window.window import Window

LONG = 120_000  # ms; the machine may be busy


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


def done(qtbot: QtBot, generation: GenerationController) -> None:
    qtbot.waitUntil(lambda: not generation.busy and bool(generation.pictures), timeout=LONG)


def seeds(window: Window) -> list[int]:
    return [picture.seed for picture in window.core.generation.pictures]


def trigger(window: Window, key: str) -> None:
    """Use a command of the Generate menu, which must be enabled."""
    action = window.generate._actions[key]
    assert action.isEnabled(), key
    action.trigger()


def forget(window: Window) -> None:
    for picture in window.core.generation.pictures:
        picture.given_up = True
