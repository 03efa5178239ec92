"""Straighten and crop: lies over the canvas, shows the photo, and is dragged and turned until it is right.

In: a picture. Out: `done(degrees, left, top, width, height)`, the part in shares of the straightened picture.
The keyboard does all that the mouse does: arrows move the frame, Shift with arrows sizes it, Enter applies,
Esc gives up; the last two wherever in the cropper the keys go.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.inputs.buttons import ActionButton
from ui.inputs.numbers import NumberBox
from ui.widgets.plain_text import PlainLabel

MOST_DEGREES = 15.0
LEAST = 0.02
KEY_STEP = 0.01
Role = QPalette.ColorRole
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
ENDS = (*ENTER, Qt.Key.Key_Escape)
WAYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


def sized(frame: QRectF, dx: float, dy: float, edges: tuple[int, int]) -> QRectF:
    """`frame` with its edges dragged, all in shares of the picture.

    edges: -1 (left, top), 1 (right, bottom) or 0 across and down; (0, 0) moves it as it is.
    """
    left, top, right, bottom = frame.left(), frame.top(), frame.right(), frame.bottom()
    if edges == (0, 0):
        dx = min(max(dx, -left), 1 - right)
        dy = min(max(dy, -top), 1 - bottom)
        return frame.translated(dx, dy)
    if edges[0] < 0:
        left = min(max(0.0, left + dx), right - LEAST)
    if edges[0] > 0:
        right = max(min(1.0, right + dx), left + LEAST)
    if edges[1] < 0:
        top = min(max(0.0, top + dy), bottom - LEAST)
    if edges[1] > 0:
        bottom = max(min(1.0, bottom + dy), top + LEAST)
    return QRectF(QPointF(left, top), QPointF(right, bottom))


class CropArea(QWidget):
    """The picture, turned, with the frame over it."""

    def __init__(self, image: QImage, parent: QWidget) -> None:
        super().__init__(parent)
        self._image = image
        self.degrees = 0.0
        self.frame = QRectF(0, 0, 1, 1)
        self._record: QPointF | None = None
        self._edges = (0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Part to keep"))
        self.setAccessibleDescription(
            self.tr("Arrow keys move the frame, Shift with arrow keys sizes it, Enter applies, Esc gives up.")
        )

    def turn(self, degrees: float) -> None:
        self.degrees = degrees
        self.update()

    def area(self) -> QRectF:
        """Where the straightened picture lies."""
        from restorer.photo.edits import inner_size

        width, height = inner_size(self._image.width(), self._image.height(), self.degrees)
        gap = self.fontMetrics().height()
        factor = min((self.width() - 2 * gap) / width, (self.height() - 2 * gap) / height)
        area = QRectF(0, 0, width * factor, height * factor)
        area.moveCenter(QPointF(self.width() / 2, self.height() / 2))
        return area

    def _shown(self) -> QRectF:
        area = self.area()
        return QRectF(
            area.left() + self.frame.left() * area.width(),
            area.top() + self.frame.top() * area.height(),
            self.frame.width() * area.width(),
            self.frame.height() * area.height(),
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        from restorer.photo.edits import inner_size

        area, frame = self.area(), self._shown()
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.setClipRect(area)
        painter.translate(area.center())
        factor = area.width() / inner_size(self._image.width(), self._image.height(), self.degrees)[0]
        painter.scale(factor, factor)
        painter.rotate(self.degrees)
        painter.drawImage(QPointF(-self._image.width() / 2, -self._image.height() / 2), self._image)
        painter.restore()
        shade = self.palette().color(Role.Shadow)
        shade.setAlphaF(0.6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade)
        for outside in (
            QRectF(area.topLeft(), QPointF(area.right(), frame.top())),
            QRectF(QPointF(area.left(), frame.bottom()), area.bottomRight()),
            QRectF(QPointF(area.left(), frame.top()), frame.bottomLeft()),
            QRectF(frame.topRight(), QPointF(area.right(), frame.bottom())),
        ):
            painter.drawRect(outside)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self.palette().color(Role.BrightText), 2 if self.hasFocus() else 1))
        painter.drawRect(frame)
        faint = self.palette().color(Role.BrightText)
        faint.setAlphaF(0.4)
        painter.setPen(QPen(faint, 1))
        for third in (1 / 3, 2 / 3):
            x, y = frame.left() + third * frame.width(), frame.top() + third * frame.height()
            painter.drawLine(QPointF(x, frame.top()), QPointF(x, frame.bottom()))
            painter.drawLine(QPointF(frame.left(), y), QPointF(frame.right(), y))
        painter.end()

    def _edges_at(self, at: QPointF) -> tuple[int, int]:
        frame, grip = self._shown(), self.fontMetrics().height() * 0.8
        across = -1 if abs(at.x() - frame.left()) < grip else int(abs(at.x() - frame.right()) < grip)
        down = -1 if abs(at.y() - frame.top()) < grip else int(abs(at.y() - frame.bottom()) < grip)
        return across, down

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._record, self._edges = event.position(), self._edges_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        here = event.position()
        if self._record is not None:
            area, moved = self.area(), here - self._record
            self._record = here
            self.frame = sized(self.frame, moved.x() / area.width(), moved.y() / area.height(), self._edges)
            self.update()
            return
        across, down = self._edges_at(here)
        if across and down:
            diagonal = Qt.CursorShape.SizeFDiagCursor if across == down else Qt.CursorShape.SizeBDiagCursor
            self.setCursor(diagonal)
        elif across or down:
            self.setCursor(Qt.CursorShape.SizeHorCursor if across else Qt.CursorShape.SizeVerCursor)
        else:
            self.setCursor(Qt.CursorShape.SizeAllCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._record = None

    def event(self, event: QEvent) -> bool:
        """While this has the focus, its keys are its own and no shortcuts of the window."""
        overriding = event.type() == QEvent.Type.ShortcutOverride
        if overriding and isinstance(event, QKeyEvent) and Qt.Key(event.key()) in WAYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in WAYS:
            dx, dy = WAYS[key][0] * KEY_STEP, WAYS[key][1] * KEY_STEP
            sizing = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.frame = sized(self.frame, dx, dy, (1, 1) if sizing else (0, 0))
            self.update()
        else:
            super().keyPressEvent(event)


class CropTool(QWidget):
    """The sheet with its row of controls."""

    done = Signal(float, float, float, float, float)
    closed = Signal()

    def __init__(self, image: QImage, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.sheet = CropArea(image, self)
        self.angle = NumberBox()
        self.angle.setRange(-MOST_DEGREES, MOST_DEGREES)
        self.angle.setSingleStep(0.1)
        self.angle.setDecimals(1)
        self.angle.setSuffix("°")
        self.angle.setAccessibleName(self.tr("Straighten by"))
        self.angle.setToolTip(self.tr("Degrees clockwise; the empty corners are cut off."))
        self.angle.valueChanged.connect(self.sheet.turn)
        self.apply_button = ActionButton(self.tr("Apply"))
        self.apply_button.setAccessibleName(self.tr("Apply"))
        self.apply_button.setToolTip(self.tr("Keep this part (Enter)."))
        self.apply_button.set_primary(True)
        self.cancel_button = ActionButton(self.tr("Cancel"))
        self.cancel_button.setAccessibleName(self.tr("Cancel"))
        self.cancel_button.setToolTip(self.tr("Leave the photo as it is (Esc)."))
        unit = self.fontMetrics().height()
        row = QHBoxLayout()
        row.setContentsMargins(unit, 0, unit, unit)
        label = PlainLabel(self.tr("&Straighten by"))
        label.setBuddy(self.angle)
        row.addStretch(1)
        for part in (label, self.angle, self.cancel_button, self.apply_button):
            row.addWidget(part)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.sheet, 1)
        column.addLayout(row)
        self.apply_button.clicked.connect(self.apply)
        self.cancel_button.clicked.connect(self.cancel)
        self._over = parent
        parent.installEventFilter(self)
        self.setGeometry(parent.rect())
        self.show()
        self.raise_()
        self.sheet.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """While the keys go to any part of this, Enter and Esc are its own and no shortcuts of the window."""
        overriding = event.type() == QEvent.Type.ShortcutOverride
        if overriding and isinstance(event, QKeyEvent) and Qt.Key(event.key()) in ENDS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the part with the focus had no use for comes here."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape or (key in ENTER and self.cancel_button.hasFocus()):
            self.cancel()
        elif key in ENTER:
            self.apply()
        else:
            super().keyPressEvent(event)

    @Slot()
    def apply(self) -> None:
        """Close, and keep the part in the frame."""
        self.angle.interpretText()  # a number that was typed counts
        frame, degrees = self.sheet.frame, self.sheet.degrees
        self.cancel()
        self.done.emit(degrees, frame.left(), frame.top(), frame.width(), frame.height())

    @Slot()
    def cancel(self) -> None:
        """Close, and leave the photo as it is."""
        self._over.removeEventFilter(self)
        self.hide()
        self.closed.emit()
        self.deleteLater()
