"""How large a window opens: never larger than the screen leaves room for."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize


def opening_size(wanted: QSize, room: QRect, title: int) -> QSize:
    """The size that a window wants, as far as it fits into the screen's `room` below a title bar of `title`
    pixels."""
    return wanted.boundedTo(QSize(room.width(), room.height() - title))
