"""Palettes, light and dark: which one is taken, and whether text can be read."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from tests.ui.contrast import luminance, ratio
from ui.main_window.window import Window
from ui.style.theme import Override, Theme, canvas_palette, palette_for

Role = QPalette.ColorRole


Scheme = Qt.ColorScheme


def contrast(palette: QPalette, ink: Role, paper: Role) -> float:
    return ratio(palette.color(ink), palette.color(paper))


def is_dark(palette: QPalette) -> bool:
    return luminance(palette.color(Role.Window)) < luminance(palette.color(Role.WindowText))


@pytest.mark.parametrize(
    ("scheme", "override", "dark"),
    [
        (Scheme.Light, Override.SYSTEM, False),
        (Scheme.Dark, Override.SYSTEM, True),
        (Scheme.Unknown, Override.SYSTEM, True),
        (Scheme.Dark, Override.LIGHT, False),
        (Scheme.Light, Override.DARK, True),
    ],
)
def test_scheme_and_override_decide_the_palette(scheme: Scheme, override: Override, dark: bool) -> None:
    assert is_dark(palette_for(scheme, override)) is dark


@pytest.mark.parametrize(
    "palette",
    [palette_for(Scheme.Light), palette_for(Scheme.Dark), canvas_palette()],
    ids=["light", "dark", "canvas"],
)
def test_text_can_be_read(palette: QPalette) -> None:
    pairs = [
        (Role.WindowText, Role.Window),
        (Role.Text, Role.Base),
        (Role.ButtonText, Role.Button),
        (Role.HighlightedText, Role.Highlight),
        (Role.PlaceholderText, Role.Window),
        (Role.PlaceholderText, Role.AlternateBase),
        (Role.ToolTipText, Role.ToolTipBase),
        (Role.Link, Role.Window),
    ]
    assert {pair: contrast(palette, *pair) for pair in pairs if contrast(palette, *pair) < 4.5} == {}
    assert contrast(palette, Role.Highlight, Role.Window) >= 3, "focus rings and the slider"


def test_the_theme_follows_the_system_live(qapp: QApplication) -> None:
    theme = Theme(qapp)
    theme.follow(Scheme.Light)
    assert not is_dark(qapp.palette())
    theme.follow(Scheme.Dark)
    assert is_dark(qapp.palette())
    theme.set_override(Override.LIGHT)
    theme.follow(Scheme.Dark)
    assert not is_dark(qapp.palette())
    theme.deleteLater()


def test_light_and_dark_follow_the_system_while_the_window_is_open(window: Window) -> None:
    window.app_actions.set_appearance(Override.SYSTEM)
    lights = []
    for scheme in (Qt.ColorScheme.Light, Qt.ColorScheme.Dark):
        window.theme.follow(scheme)
        QApplication.processEvents()
        lights.append(window.restore.panel.palette().color(QPalette.ColorRole.Window).lightness())
    assert lights[0] > 200
    assert lights[1] < 60
