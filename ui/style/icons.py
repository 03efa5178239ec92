"""The app's drawings, coloured by the palette.

In: the name of an SVG in resources/icons, whose strokes say `currentColor`. Out: a
QIcon at the screen's sharpness. Icons are made anew when the palette changes.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from restorer.paths import resources_dir

SIZES = (16, 24, 32, 48, 64)


@cache  # the window has some twenty of these buttons, and is to be there at once
def _drawing(name: str) -> str:
    return (resources_dir() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def _renderer(name: str, colour: QColor) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", colour.name()).encode()))


def pixmap(name: str, colour: QColor, side: int, ratio: float = 1.0) -> QPixmap:
    """The drawing `name` in one colour, `side` logical pixels wide on a screen of this scale factor."""
    return _rendered(_renderer(name, colour), side, ratio)


def _rendered(renderer: QSvgRenderer, side: int, ratio: float = 1.0) -> QPixmap:
    picture = QPixmap(round(side * ratio), round(side * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(picture.rect()))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def icon(name: str, palette: QPalette, role: QPalette.ColorRole = QPalette.ColorRole.ButtonText) -> QIcon:
    """The drawing `name` as an icon that looks disabled where its button is."""
    result = QIcon()
    for group, mode in (
        (QPalette.ColorGroup.Active, QIcon.Mode.Normal),
        (QPalette.ColorGroup.Disabled, QIcon.Mode.Disabled),
    ):
        renderer = _renderer(name, palette.color(group, role))
        for side in SIZES:
            result.addPixmap(_rendered(renderer, side), mode)
    return result


def app_icon() -> QIcon:
    """The app's own icon, in its own colours."""
    result = QIcon()
    renderer = _renderer("restorer", QColor("black"))
    for side in (16, 24, 32, 48, 64, 128, 256):
        result.addPixmap(_rendered(renderer, side))
    return result
