"""Straighten and crop: lies over the canvas, shows the photo, and is dragged and turned until it is right.

In: a picture. Out: `done(degrees, left, top, width, height)`, the part in shares of the straightened picture.
The keyboard does all that the mouse does: arrows move the frame, Shift with arrows sizes it, Enter applies,
Esc gives up (`ui.canvas.canvas_tool`). A horizon is drawn with the mouse; the keyboard has the angle.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QComboBox, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui.canvas.canvas_tool import CanvasTool
from ui.i18n import phrases
from ui.inputs.numbers import NumberBox
from ui.widgets.plain_text import PlainLabel

MOST_DEGREES = 45.0
LEAST_LINE = 12  # pixels of the screen; a shorter line says nothing of a horizon
LEAST = 0.02
KEY_STEP = 0.01
Role = QPalette.ColorRole
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


def fit_shape(frame: QRectF, edges: tuple[int, int], shape: float) -> QRectF:
    """A frame that was dragged by `edges` (as in `sized`), brought back to a shape: width by height, both in
    shares of the picture. What was not dragged stays where it is."""
    middle = frame.center()
    wide = frame.height() * shape if not edges[0] else frame.width()
    if edges[0] and edges[1]:
        wide = max(wide, frame.height() * shape)
    rooms = [
        far if edge < 0 else 1 - near if edge > 0 else 2 * min(centre, 1 - centre)
        for edge, near, far, centre in (
            (edges[0], frame.left(), frame.right(), middle.x()),
            (edges[1], frame.top(), frame.bottom(), middle.y()),
        )
    ]
    wide = min(max(wide, LEAST, LEAST * shape), rooms[0], rooms[1] * shape)
    high = wide / shape
    left = frame.right() - wide if edges[0] < 0 else frame.left() if edges[0] > 0 else middle.x() - wide / 2
    top = frame.bottom() - high if edges[1] < 0 else frame.top() if edges[1] > 0 else middle.y() - high / 2
    return QRectF(left, top, wide, high)


class CropArea(QWidget):
    """The picture, turned, with the frame over it. shape: width by height, in pixels, that the frame keeps;
    None for any."""

    framed = Signal()  # the frame was moved or sized
    horizon_drawn = Signal(float)  # degrees clockwise that make the line level or upright

    def __init__(self, image: QImage, parent: QWidget) -> None:
        super().__init__(parent)
        self._image = image
        self.degrees = 0.0
        self.frame = QRectF(0, 0, 1, 1)
        self._record: QPointF | None = None
        self._edges = (0, 0)
        self.shape: float | None = None
        self._draws_horizon = False
        self._line: tuple[QPointF, QPointF] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Part to keep"))
        self.setAccessibleDescription(
            self.tr("Arrow keys move the frame, Shift with arrow keys sizes it, Enter applies, Esc gives up.")
        )

    def turn(self, degrees: float) -> None:
        self.degrees = degrees
        if self.shape is not None:
            self.frame = fit_shape(self.frame, (0, 0), self.shape_in_shares)
        self.update()

    @property
    def inner(self) -> tuple[int, int]:
        """Width and height of the straightened picture, in pixels of the image."""
        from restorer.photo.edits import inner_size

        width, height = inner_size(self._image.width(), self._image.height(), self.degrees)
        return max(1, round(width)), max(1, round(height))

    @property
    def shape_in_shares(self) -> float:
        """The shape as `fit_shape` takes it; 1 where there is none."""
        width, height = self.inner
        return 1.0 if self.shape is None else self.shape * height / width

    def draw_horizon(self, on: bool) -> None:
        """The next drag draws a line that should be level or upright."""
        self._draws_horizon, self._line = on, None
        self.setCursor(Qt.CursorShape.CrossCursor if on else Qt.CursorShape.ArrowCursor)
        self.update()

    def _set_frame(self, frame: QRectF, edges: tuple[int, int]) -> None:
        self.frame = frame
        if self.shape is not None and edges != (0, 0):
            self.frame = fit_shape(frame, edges, self.shape_in_shares)
        self.framed.emit()
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
        if self._line is not None:
            painter.setPen(QPen(self.palette().color(Role.Highlight), 2))
            painter.drawLine(*self._line)
        painter.end()

    def _edges_at(self, at: QPointF) -> tuple[int, int]:
        frame, grip = self._shown(), self.fontMetrics().height() * 0.8
        across = -1 if abs(at.x() - frame.left()) < grip else int(abs(at.x() - frame.right()) < grip)
        down = -1 if abs(at.y() - frame.top()) < grip else int(abs(at.y() - frame.bottom()) < grip)
        return across, down

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._draws_horizon:
            self._line = event.position(), event.position()
            return
        self._record, self._edges = event.position(), self._edges_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        here = event.position()
        if self._line is not None:
            self._line = self._line[0], here
            self.update()
            return
        if self._draws_horizon:
            return
        if self._record is not None:
            area, moved = self.area(), here - self._record
            self._record = here
            frame = sized(self.frame, moved.x() / area.width(), moved.y() / area.height(), self._edges)
            self._set_frame(frame, self._edges)
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
        line, self._line = self._line, None
        if line is not None:
            self._finish_horizon(line[0], event.position())

    def _finish_horizon(self, start: QPointF, end: QPointF) -> None:
        from restorer.photo.framing import straightening

        if (end - start).manhattanLength() >= LEAST_LINE:
            self.horizon_drawn.emit(straightening((start.x(), start.y()), (end.x(), end.y())))
        self.update()

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
            edges = (0, 0)
            if sizing:
                edges = (1, 1) if self.shape is None else (abs(WAYS[key][0]), abs(WAYS[key][1]))
            self._set_frame(sized(self.frame, dx, dy, edges), edges)
        else:
            super().keyPressEvent(event)


class CropTool(CanvasTool):
    """The sheet with its rows of controls. size: of the photo, in pixels, of which `image` may be a smaller
    picture."""

    done = Signal(float, float, float, float, float)

    def __init__(self, image: QImage, parent: QWidget, size: tuple[int, int] | None = None) -> None:
        super().__init__(parent)
        self.apply_button.setToolTip(self.tr("Keep this part (Enter)."))
        from restorer.photo.framing import RATIOS

        self._size = size or (image.width(), image.height())
        self.sheet = CropArea(image, self)
        self.angle = NumberBox()
        self.angle.setRange(-MOST_DEGREES, MOST_DEGREES)
        self.angle.setSingleStep(0.1)
        self.angle.setDecimals(1)
        self.angle.setSuffix("°")
        self.angle.setAccessibleName(self.tr("Straighten by"))
        self.angle.setToolTip(self.tr("Degrees clockwise; the empty corners are cut off."))
        self.angle.valueChanged.connect(self._turn)
        self.horizon = QPushButton(self.tr("Draw a &horizon"))
        self.horizon.setAccessibleName(self.tr("Draw a horizon"))
        self.horizon.setToolTip(
            self.tr("Then draw along what should be level or upright; the photo turns until it is.")
        )
        self.horizon.setCheckable(True)
        self.horizon.toggled.connect(self.sheet.draw_horizon)
        self.sheet.horizon_drawn.connect(self._on_horizon)
        names = {
            "free": self.tr("Any"),
            "10x15": self.tr("Print 10 × 15 cm"),  # noqa: RUF001
            "13x18": self.tr("Print 13 × 18 cm"),  # noqa: RUF001
            "A4": self.tr("Print A4"),
        }
        self.ratio = QComboBox()
        for key, ratio in RATIOS.items():
            self.ratio.addItem(names.get(key, key), (key, ratio))
        self.ratio.setAccessibleName(self.tr("Shape of the part"))
        self.ratio.setToolTip(self.tr("Longer side by shorter side; the frame keeps it."))
        self.ratio.currentIndexChanged.connect(self._fit)
        self.upright = QPushButton(self.tr("Turn the &frame"))
        self.upright.setAccessibleName(self.tr("Turn the frame"))
        self.upright.setToolTip(self.tr("From upright to lying, or back."))
        self.upright.clicked.connect(self._swap)
        self.words = PlainLabel()
        labels = PlainLabel(self.tr("&Straighten by")), PlainLabel(self.tr("Sh&ape"))
        labels[0].setBuddy(self.angle)
        labels[1].setBuddy(self.ratio)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.sheet, 1)
        column.addLayout(self.row(labels[1], self.ratio, self.upright, self.words))
        column.addLayout(self.row(labels[0], self.angle, self.horizon, self.cancel_button, self.apply_button))
        self.sheet.framed.connect(self._tell)
        self._is_upright = self._size[1] > self._size[0]
        self._fit()
        self.open()
        self.sheet.setFocus()

    @Slot(float)
    def _turn(self, degrees: float) -> None:
        self.sheet.turn(degrees)
        self._tell()

    @Slot(float)
    def _on_horizon(self, degrees: float) -> None:
        self.horizon.setChecked(False)
        self.angle.setValue(self.angle.value() + degrees)

    @Slot()
    def _swap(self) -> None:
        self._is_upright = not self._is_upright
        self._fit()

    @Slot()
    def _fit(self) -> None:
        """The largest frame of the shape that is chosen, around the middle of the one that is there."""
        from restorer.photo.framing import largest_crop

        _, ratio = self.ratio.currentData()
        self.upright.setEnabled(ratio not in (None, 1.0))
        sheet = self.sheet
        sheet.shape = None if ratio is None else 1 / ratio if self._is_upright else ratio
        if ratio is not None:
            middle = sheet.frame.center()
            crop = largest_crop(sheet.inner, ratio, (middle.x(), middle.y()), self._is_upright)
            sheet.frame = QRectF(crop.left, crop.top, crop.width, crop.height)
            sheet.update()
        self._tell()

    @Slot()
    def _tell(self) -> None:
        """How many pixels the part has, and how fine they are on the print that is chosen."""
        from restorer.photo.edits import inner_size
        from restorer.photo.framing import PRINTS, print_dpi

        inner, frame = inner_size(*self._size, self.sheet.degrees), self.sheet.frame
        size = max(1, round(inner[0] * frame.width())), max(1, round(inner[1] * frame.height()))
        text = self.tr("{0} pixels").format(phrases.pixel_size(*size))
        key, _ = self.ratio.currentData()
        if key in PRINTS:
            dpi = round(print_dpi(size, PRINTS[key]))
            text += ", " + self.tr("{0} dpi on this print; {1} are sharp").format(dpi, phrases.PRINT_DPI)
        self.words.setText(text)

    @Slot()
    def apply(self) -> None:
        """Close, and keep the part in the frame."""
        self.angle.interpretText()  # a number that was typed counts
        frame, degrees = self.sheet.frame, self.sheet.degrees
        self.cancel()
        self.done.emit(degrees, frame.left(), frame.top(), frame.width(), frame.height())
