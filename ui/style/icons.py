"""The app's drawings, coloured by the palette.

In: the name of an SVG in resources/icons, whose strokes say `currentColor`. Out: a
QIcon at the screen's sharpness. Icons are made anew when the palette changes.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from restorer.paths import resources_dir

SIZES = (16, 24, 32, 48, 64)


@cache  # the window has some twenty of these buttons, and is to be there at once
def _drawing(name: str) -> str:
    return (resources_dir() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


@cache  # and is drawn anew in another language; QImage, because a QPixmap must not outlive the application
def _image(name: str, colour: str, pixels: int) -> QImage:
    image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    drawing = _drawing(name).replace("currentColor", colour)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(image.rect()))
    painter.end()
    return image


def pixmap(name: str, colour: QColor, side: int, ratio: float = 1.0) -> QPixmap:
    """The drawing `name` in one colour, `side` logical pixels wide on a screen of this scale factor."""
    picture = QPixmap.fromImage(_image(name, colour.name(), round(side * ratio)))
    picture.setDevicePixelRatio(ratio)
    return picture


def icon(name: str, palette: QPalette, role: QPalette.ColorRole = QPalette.ColorRole.ButtonText) -> QIcon:
    """The drawing `name` as an icon that looks disabled where its button is."""
    result = QIcon()
    for group, mode in (
        (QPalette.ColorGroup.Active, QIcon.Mode.Normal),
        (QPalette.ColorGroup.Disabled, QIcon.Mode.Disabled),
    ):
        for side in SIZES:
            result.addPixmap(pixmap(name, palette.color(group, role), side), mode)
    return result


def app_icon() -> QIcon:
    """The app's own icon, in its own colours."""
    result = QIcon()
    for side in (16, 24, 32, 48, 64, 128, 256):
        result.addPixmap(pixmap("restorer", QColor("black"), side))
    return result
