"""How large windows open, and how small they can be made.

In: a window with all its parts, the size it would like. Out: sizes that its screen has room for. Lengths come
from the font, so with a large font a window wants more than a small screen has.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QWidget

SMALLEST_SCREEN = QSize(1024, 640)
"""Logical pixels: on this and every larger screen the whole window is seen."""
TITLE_BAR = 2.0  # lines of text


def room(widget: QWidget) -> QSize:
    """What a window on the widget's screen can take, without panels, docks and its own title bar."""
    available = widget.screen().availableGeometry().size()
    return available - QSize(0, round(widget.fontMetrics().height() * TITLE_BAR))


def settle(window: QWidget, across: int, down: int) -> None:
    """Make room for all parts of a window, and open it with `across` by `down` lines of text, or with what
    there is; one that is on the screen already keeps its size."""
    unit = window.fontMetrics().height()
    small = SMALLEST_SCREEN - QSize(0, round(unit * TITLE_BAR))
    least = window.minimumSizeHint().boundedTo(small).boundedTo(room(window))
    window.setMinimumSize(least)
    if not window.isVisible():
        open_at(window, across, down)


def open_at(window: QWidget, across: int, down: int) -> None:
    """Give a window the size of so many lines of text, as far as its screen goes."""
    unit = window.fontMetrics().height()
    window.resize(QSize(unit * across, unit * down).boundedTo(room(window)).expandedTo(window.minimumSize()))


def opening_size(wanted: QSize, room: QRect, title: int) -> QSize:
    """The size that a window wants, as far as it fits into the screen's `room` below a title bar of `title`
    pixels."""
    return wanted.boundedTo(QSize(room.width(), room.height() - title))
