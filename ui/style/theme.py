"""Light and dark, as palettes: the only module that knows a colour.

In: the system's colour scheme and the person's override. Out: palettes for the
Fusion style, which obeys them on every platform. Widgets and icons take their
colours from palette roles, so a change of scheme reaches all of them.

The canvas has a palette of its own, dark in both schemes: a photo is judged
against a neutral, dim surround (the reason for ISO 3664's neutral viewing conditions).
"""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from ui.style.colours import mixed

Role = QPalette.ColorRole
Group = QPalette.ColorGroup


class Override(StrEnum):
    """What the person chose in the Appearance menu."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


LIGHT = {
    Role.Window: "#f3f2f0",
    Role.WindowText: "#1f1e1c",
    Role.Base: "#ffffff",
    Role.AlternateBase: "#eae8e5",
    Role.Text: "#1f1e1c",
    Role.PlaceholderText: "#66625c",
    Role.Button: "#e9e7e3",
    Role.ButtonText: "#1f1e1c",
    Role.BrightText: "#ffffff",
    Role.ToolTipBase: "#2b2a28",
    Role.ToolTipText: "#f3f2f0",
    Role.Highlight: "#a0521a",
    Role.HighlightedText: "#ffffff",
    Role.Link: "#8a4413",
    Role.LinkVisited: "#6d3a1a",
    Role.Light: "#ffffff",
    Role.Midlight: "#f4f3f1",
    Role.Mid: "#c9c5bf",
    Role.Dark: "#a5a19a",
    Role.Shadow: "#6b6761",
    Role.Accent: "#a0521a",
}
DARK = {
    Role.Window: "#242423",
    Role.WindowText: "#ebe9e5",
    Role.Base: "#1b1b1a",
    Role.AlternateBase: "#2c2b2a",
    Role.Text: "#ebe9e5",
    Role.PlaceholderText: "#a7a39c",
    Role.Button: "#363534",
    Role.ButtonText: "#ebe9e5",
    Role.BrightText: "#ffffff",
    Role.ToolTipBase: "#3a3937",
    Role.ToolTipText: "#ebe9e5",
    Role.Highlight: "#e39a5c",
    Role.HighlightedText: "#1f1409",
    Role.Link: "#efb27e",
    Role.LinkVisited: "#c89b78",
    Role.Light: "#4c4b49",
    Role.Midlight: "#3f3e3c",
    Role.Mid: "#484745",
    Role.Dark: "#151514",
    Role.Shadow: "#0b0b0b",
    Role.Accent: "#e39a5c",
}
CANVAS = DARK | {Role.Window: "#191918", Role.Base: "#232322", Role.WindowText: "#e6e4e0"}

MARKED, PROTECTED = (255, 45, 110), (60, 170, 255)
"""Damage that is marked, and what is never to be touched: neither is a colour of old photos."""
INVENTED = (255, 84, 36)
"""Red, green, blue of what variations disagree about, laid over a photo."""


def _palette(colours: dict[QPalette.ColorRole, str]) -> QPalette:
    palette = QPalette()
    for role, colour in colours.items():
        palette.setColor(role, QColor(colour))
    window, text = QColor(colours[Role.Window]), QColor(colours[Role.WindowText])
    faint = mixed(window, text, 0.4)
    for role in (Role.WindowText, Role.Text, Role.ButtonText, Role.HighlightedText, Role.PlaceholderText):
        palette.setColor(Group.Disabled, role, faint)
    palette.setColor(Group.Disabled, Role.Highlight, QColor(colours[Role.Mid]))
    return palette


def palette_for(scheme: Qt.ColorScheme, override: Override = Override.SYSTEM) -> QPalette:
    """The application's palette; an unknown scheme counts as dark, which suits photos."""
    light = scheme == Qt.ColorScheme.Light if override is Override.SYSTEM else override is Override.LIGHT
    return _palette(LIGHT if light else DARK)


def canvas_palette() -> QPalette:
    """The palette of everything that lies on the canvas."""
    return _palette(CANVAS)


class Theme(QObject):
    """Keeps the application's palette in step with the system and the override."""

    def __init__(self, application: QApplication, override: Override = Override.SYSTEM) -> None:
        super().__init__(application)
        self._application = application
        self._override = override
        from ui.style.indicators import Indicators  # which needs the colours of this module

        application.setStyle(Indicators())
        application.styleHints().colorSchemeChanged.connect(self.follow)
        self._apply(application.styleHints().colorScheme())

    @property
    def override(self) -> Override:
        return self._override

    def set_override(self, override: Override) -> None:
        self._override = override
        self._apply(self._application.styleHints().colorScheme())

    @Slot(Qt.ColorScheme)
    def follow(self, scheme: Qt.ColorScheme) -> None:
        """The system's scheme changed."""
        self._apply(scheme)

    def _apply(self, scheme: Qt.ColorScheme) -> None:
        self._application.setPalette(palette_for(scheme, self._override))
