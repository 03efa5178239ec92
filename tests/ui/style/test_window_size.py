"""How large a window opens."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize

from ui.style.window_size import opening_size


def test_a_window_opens_inside_the_screen() -> None:
    wanted = QSize(1512, 828)
    assert opening_size(wanted, QRect(0, 0, 1024, 600), 36) == QSize(1024, 564)
    assert opening_size(wanted, QRect(0, 0, 1920, 1200), 36) == wanted
