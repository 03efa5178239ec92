"""The pictures of a trial, side by side: seen for a while, then covered; a click on one is an answer.

In: the camera's and the model's picture, the small copy where it is shown. Out: `chosen`, with the side that
was clicked. All pictures are drawn as squares of one size, so that nothing but what they show tells them
apart.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.study.trials import Side

Role = QPalette.ColorRole
GAP = 1.5
"""Between the pictures, in lines of text."""


class TrialStage(QWidget):
    """Shows a trial."""

    chosen = Signal(object)  # a Side

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: dict[Side, QImage] = {}
        self._given: QImage | None = None
        self.is_seen = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        unit = self.fontMetrics().height()
        return QSize(unit * 60, unit * 30)

    def minimumSizeHint(self) -> QSize:
        unit = self.fontMetrics().height()
        return QSize(unit * 24, unit * 12)

    def show_pair(self, left: QImage, right: QImage, given: QImage | None) -> None:
        """Let both pictures be seen, with the small copy between them where it is there."""
        self._images = {Side.LEFT: left, Side.RIGHT: right}
        self._given, self.is_seen = given, True
        self.update()

    def cover(self) -> None:
        """The pictures are seen no more; their places stay."""
        self.is_seen = False
        self.update()

    def clear(self) -> None:
        """Nothing is there: the next trial has not begun."""
        self._images, self._given, self.is_seen = {}, None, False
        self.update()

    @property
    def has_pair(self) -> bool:
        return bool(self._images)

    def place(self, side: Side) -> QRectF:
        """Where a picture stands."""
        left, *_, right = self._places()
        return left if side is Side.LEFT else right

    def _places(self) -> list[QRectF]:
        """The squares from left to right: two, or three with the small copy."""
        count = 2 if self._given is None else 3
        gap = self.fontMetrics().height() * GAP
        side = max(1.0, min((self.width() - (count - 1) * gap) / count, float(self.height())))
        if self._images:  # larger than its pixels a picture shows less, not more
            side = min(side, 1.5 * max(image.width() for image in self._images.values()))
        left = (self.width() - count * side - (count - 1) * gap) / 2
        top = (self.height() - side) / 2
        return [QRectF(left + place * (side + gap), top, side, side) for place in range(count)]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._images:
            left, *middle, right = self._places()
            shown = [(left, self._images[Side.LEFT]), (right, self._images[Side.RIGHT])]
            if self._given is not None:
                shown += [(place, self._given) for place in middle]
            for place, image in shown:
                if self.is_seen:
                    self._draw(painter, place, image)
                else:
                    painter.setPen(QPen(self.palette().color(Role.Mid), 1))
                    painter.setBrush(self.palette().color(Role.AlternateBase))
                    painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _draw(self, painter: QPainter, place: QRectF, image: QImage) -> None:
        """A picture in its place; one that shrinks is reduced well, as the other one is."""
        side = round(place.width() * self.devicePixelRatioF())
        if side < image.width():
            how = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            image = image.scaled(side, side, *how)
        painter.drawImage(place, image)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._images or event.button() is not Qt.MouseButton.LeftButton:
            return
        for side in Side:
            if self.place(side).contains(event.position()):
                self.chosen.emit(side)
