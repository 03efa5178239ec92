"""What is drawn over the picture: the divider, its labels, the tile in work, the frame of a drop.

In: a painter on the canvas and a place. Out: pixels. Everything lies over arbitrary
photos, so each light line has a dark one beneath it; colours are roles of the
canvas' palette, lengths come from its font.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPainterPath, QPalette, QPen
from PySide6.QtWidgets import QWidget

from ui.style.theme import INVENTED


def divider_grip(canvas: QWidget) -> float:
    """How far from its line the divider can be taken hold of."""
    return canvas.fontMetrics().height() * 0.9


def _faded(colour: QColor, opacity: float) -> QColor:
    faded = QColor(colour)
    faded.setAlphaF(opacity)
    return faded


def paint_divider(painter: QPainter, canvas: QWidget, x: int, bounds: QRectF, lively: bool) -> None:
    """The line with its round handle, half-way down the visible picture."""
    palette = canvas.palette()
    white = palette.color(QPalette.ColorRole.BrightText)
    shadow = _faded(palette.color(QPalette.ColorRole.Shadow), 0.45)
    line = max(2.0, canvas.fontMetrics().height() / 9)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(shadow)
    painter.drawRect(QRectF(x - line / 2 - 1, bounds.top(), line + 2, bounds.height()))
    painter.setBrush(white)
    painter.drawRect(QRectF(x - line / 2, bounds.top(), line, bounds.height()))
    radius = canvas.fontMetrics().height() * (1.0 if lively else 0.9)
    middle = QPointF(x, bounds.center().y())
    painter.setBrush(shadow)
    painter.drawEllipse(middle, radius + 1.5, radius + 1.5)
    painter.setBrush(white)
    painter.drawEllipse(middle, radius, radius)
    ink = palette.color(QPalette.ColorRole.Dark)
    painter.setPen(
        QPen(ink, line * 0.9, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    )
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for way in (-1, 1):
        tip = radius * 0.58 * way
        arrow = QPainterPath(middle + QPointF(tip - radius * 0.28 * way, -radius * 0.3))
        arrow.lineTo(middle + QPointF(tip, 0))
        arrow.lineTo(middle + QPointF(tip - radius * 0.28 * way, radius * 0.3))
        painter.drawPath(arrow)
    painter.restore()


def paint_label(
    painter: QPainter,
    canvas: QWidget,
    text: str,
    side: Qt.AlignmentFlag,
    bounds: QRectF,
    divider: int | None = None,
) -> None:
    """A word in an upper corner of the picture; none where the divider leaves no room for it."""
    metrics = canvas.fontMetrics()
    height = metrics.height() * 1.6
    width = metrics.horizontalAdvance(text) + metrics.height() * 1.4
    gap = metrics.height() * 0.6
    at_left = side == Qt.AlignmentFlag.AlignLeft
    left = bounds.left() + gap if at_left else bounds.right() - gap - width
    pill = QRectF(left, bounds.top() + gap, width, height)
    if divider is not None and (pill.right() > divider - 4 if at_left else pill.left() < divider + 4):
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_faded(canvas.palette().color(QPalette.ColorRole.Dark), 0.72))
    painter.drawRoundedRect(pill, height / 2, height / 2)
    painter.setPen(canvas.palette().color(QPalette.ColorRole.WindowText))
    painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), text)
    painter.restore()


def paint_hint(painter: QPainter, canvas: QWidget, text: str) -> None:
    """What to do now, at the top of the canvas."""
    width = canvas.fontMetrics().horizontalAdvance(text) + canvas.fontMetrics().height() * 2.6
    bounds = QRectF((canvas.width() - width) / 2, 0, width, canvas.height())
    paint_label(painter, canvas, text, Qt.AlignmentFlag.AlignLeft, bounds)


def paint_legend(painter: QPainter, canvas: QWidget, least: str, most: str) -> None:
    """What the heat map's colours mean, from clear to full, at the bottom of the canvas."""
    metrics = canvas.fontMetrics()
    height, gap = metrics.height() * 1.6, metrics.height() * 0.6
    bar = metrics.height() * 5.0
    widths = [float(metrics.horizontalAdvance(text)) for text in (least, most)]
    pill = QRectF(0, canvas.height() - gap - height, sum(widths) + bar + 4 * gap, height)
    pill.moveLeft((canvas.width() - pill.width()) / 2)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_faded(canvas.palette().color(QPalette.ColorRole.Dark), 0.72))
    painter.drawRoundedRect(pill, height / 2, height / 2)
    scale = QRectF(pill.left() + 2 * gap + widths[0], pill.top() + height / 4, bar, height / 2)
    colours = QLinearGradient(scale.topLeft(), scale.topRight())
    colours.setColorAt(0.0, _faded(QColor(*INVENTED), 0.0))
    colours.setColorAt(1.0, _faded(QColor(*INVENTED), 0.7))
    painter.setBrush(colours)
    painter.setPen(canvas.palette().color(QPalette.ColorRole.WindowText))
    painter.drawRect(scale)
    words = int(Qt.AlignmentFlag.AlignVCenter)
    painter.drawText(QRectF(pill.left() + gap, pill.top(), widths[0] + 1, height), words, least)
    painter.drawText(QRectF(scale.right() + gap, pill.top(), widths[1] + 1, height), words, most)
    painter.restore()


def paint_tile(painter: QPainter, canvas: QWidget, box: QRectF) -> None:
    """A fine outline around the part that was refined last."""
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_faded(canvas.palette().color(QPalette.ColorRole.Shadow), 0.5), 3))
    painter.drawRect(box)
    painter.setPen(QPen(_faded(canvas.palette().color(QPalette.ColorRole.Highlight), 0.9), 1))
    painter.drawRect(box)
    painter.restore()


def paint_loupe_frame(painter: QPainter, canvas: QWidget, square: QRectF) -> None:
    """The rim of the loupe, light with a dark line on either side."""
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_faded(canvas.palette().color(QPalette.ColorRole.Shadow), 0.6), 4))
    painter.drawRect(square)
    painter.setPen(QPen(canvas.palette().color(QPalette.ColorRole.BrightText), 1.5))
    painter.drawRect(square)
    painter.restore()


def paint_region(painter: QPainter, canvas: QWidget, box: QRectF) -> None:
    """The frame of a region: a dark line under a light dashed one."""
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_faded(canvas.palette().color(QPalette.ColorRole.Shadow), 0.7), 3))
    painter.drawRect(box)
    painter.setPen(QPen(canvas.palette().color(QPalette.ColorRole.Highlight), 1.5, Qt.PenStyle.DashLine))
    painter.drawRect(box)
    painter.restore()


def paint_chosen(painter: QPainter, canvas: QWidget, bounds: QRectF) -> None:
    """The frame of the variation that is chosen."""
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    width = max(3.0, canvas.fontMetrics().height() / 5)
    inside = bounds.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    painter.setPen(QPen(_faded(canvas.palette().color(QPalette.ColorRole.Shadow), 0.6), width + 2))
    painter.drawRect(inside)
    painter.setPen(QPen(canvas.palette().color(QPalette.ColorRole.Highlight), width))
    painter.drawRect(inside)
    painter.restore()


def paint_drop_frame(painter: QPainter, canvas: QWidget) -> None:
    """The frame that says: let go, it will be opened."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    highlight = canvas.palette().color(QPalette.ColorRole.Highlight)
    inset = canvas.fontMetrics().height() * 0.6
    frame = QRectF(canvas.rect()).adjusted(inset, inset, -inset, -inset)
    painter.setBrush(_faded(highlight, 0.12))
    painter.setPen(QPen(highlight, 2))
    painter.drawRoundedRect(frame, inset, inset)
    painter.restore()


def paint_focus(painter: QPainter, canvas: QWidget) -> None:
    """The ring that shows that the keys go to the canvas."""
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_faded(canvas.palette().color(QPalette.ColorRole.Highlight), 0.8), 2))
    painter.drawRect(QRectF(canvas.rect()).adjusted(1, 1, -1, -1))
    painter.restore()
