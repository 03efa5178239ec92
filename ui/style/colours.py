"""Arithmetic with colours, for themes and for what draws itself."""

from __future__ import annotations

from PySide6.QtGui import QColor


def mixed(a: QColor, b: QColor, share: float) -> QColor:
    """`share` of b in a."""
    return QColor.fromRgbF(*(x + (y - x) * share for x, y in zip(_channels(a), _channels(b), strict=True)))


def _channels(colour: QColor) -> tuple[float, float, float]:
    return colour.redF(), colour.greenF(), colour.blueF()
