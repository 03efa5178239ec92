"""How large windows open, and how small the person can make them.

In: a window with all its parts, and its preferred size. Out: sizes that fit its screen. Lengths come from the
font, so with a large font the preferred size can be larger than a small screen.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QWidget

SMALLEST_SCREEN = QSize(1024, 640)
"""Logical pixels: this and every larger screen shows the whole window."""
TITLE_BAR = 2.0  # lines of text


def available_size(widget: QWidget) -> QSize:
    """The part of the widget's screen that a window may fill: no panels, no docks, no title bar."""
    available = widget.screen().availableGeometry().size()
    return available - QSize(0, round(widget.fontMetrics().height() * TITLE_BAR))


def fit_to_screen(window: QWidget, across: int, down: int) -> None:
    """Set the smallest size at which all parts of a window fit, and open it with `across` by `down` lines of
    text, or as much of that as the screen has. A visible window keeps its size."""
    unit = window.fontMetrics().height()
    small = SMALLEST_SCREEN - QSize(0, round(unit * TITLE_BAR))
    smallest = window.minimumSizeHint().boundedTo(small).boundedTo(available_size(window))
    window.setMinimumSize(smallest)
    if not window.isVisible():
        open_at(window, across, down)


def open_at(window: QWidget, across: int, down: int) -> None:
    """Give a window the size of so many lines of text, as far as its screen goes."""
    unit = window.fontMetrics().height()
    window.resize(
        QSize(unit * across, unit * down).boundedTo(available_size(window)).expandedTo(window.minimumSize())
    )


def opening_size(preferred: QSize, available: QRect, title: int) -> QSize:
    """The preferred size, as far as it fits into the `available` part of the screen below a title bar of
    `title` pixels."""
    return preferred.boundedTo(QSize(available.width(), available.height() - title))
