"""White balance, brightness and contrast: lies over the canvas and shows the photo as it becomes.

In: a photo. Out: `done` with the edits that are set, for one step of the history. A click on something that
was grey or white finds the white balance. The picture is a small one, so that it follows the hand; the photo
itself is edited once, when the tool is applied.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFormLayout, QPushButton, QSizePolicy, QSlider, QVBoxLayout, QWidget

from ui.canvas.canvas_tool import CanvasTool
from ui.imaging.pyramid import screen_pixels
from ui.imaging.qimage import resized, rgb32

if TYPE_CHECKING:
    from restorer.photo import Photo
    from restorer.photo.edits import Edit

MOST_SIDE = 1000  # pixels of the picture that follows the hand
PICKED = 2  # pixels around the one that was clicked, for one alone is grain


class _Picture(QWidget):
    """The picture, as large as there is room."""

    clicked = Signal(float, float)  # in shares of the picture

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_image(self, image: QImage) -> None:
        self._image = image
        self.update()

    def area(self) -> QRectF:
        """Where the picture lies."""
        gap = self.fontMetrics().height()
        width, height = self._image.width(), self._image.height()
        factor = min((self.width() - 2 * gap) / width, (self.height() - 2 * gap) / height)
        area = QRectF(0, 0, width * factor, height * factor)
        area.moveCenter(QPointF(self.width() / 2, self.height() / 2))
        return area

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.area(), self._image)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        area = self.area()
        if area.contains(event.position()):
            place = event.position() - area.topLeft()
            self.clicked.emit(place.x() / area.width(), place.y() / area.height())


class ToneTool(CanvasTool):
    """Four sliders of -100 to 100, all at 0 to begin with."""

    done = Signal(object)  # a tuple of edits

    def __init__(self, photo: Photo, parent: QWidget) -> None:
        super().__init__(parent)
        self.apply_button.setToolTip(self.tr("Change the photo like this (Enter)."))
        self._small = _reduced(photo)
        self.picture = _Picture()
        self.temperature = self._slider(
            self.tr("Temperature"), self.tr("To the left bluer, to the right warmer.")
        )
        self.tint = self._slider(self.tr("Tint"), self.tr("To the left greener, to the right more magenta."))
        self.brightness = self._slider(
            self.tr("Brightness"), self.tr("Of the middle tones; black and white stay.")
        )
        self.contrast = self._slider(
            self.tr("Contrast"), self.tr("Of the middle tones; black and white stay.")
        )
        self.pick = QPushButton(self.tr("&Pick a neutral point"))
        self.pick.setAccessibleName(self.tr("Pick a neutral point"))
        self.pick.setToolTip(self.tr("Then click on something in the photo that was grey or white."))
        self.pick.setCheckable(True)
        self.pick.toggled.connect(self._offer_pick)
        self.picture.clicked.connect(self._pick)
        for part in (self.temperature, self.tint, self.pick):
            part.setEnabled(not photo.grey)
        form = QFormLayout()
        unit = self.fontMetrics().height()
        form.setContentsMargins(4 * unit, 0, 4 * unit, 0)
        form.addRow(self.tr("&Temperature"), self.temperature)
        form.addRow(self.tr("T&int"), self.tint)
        form.addRow(self.tr("&Brightness"), self.brightness)
        form.addRow(self.tr("&Contrast"), self.contrast)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.picture, 1)
        column.addLayout(form)
        column.addLayout(self.row(self.pick, self.cancel_button, self.apply_button))
        self._show()
        self.open()
        (self.brightness if photo.grey else self.temperature).setFocus()

    def _slider(self, name: str, hint: str) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(-100, 100)
        slider.setPageStep(10)
        slider.setAccessibleName(name)
        slider.setToolTip(hint)
        slider.valueChanged.connect(self._show)
        return slider

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What is set; a slider at 0 asks for nothing."""
        from restorer.photo.edits import Balance, Brightness, Contrast

        edits: list[Edit] = []
        if self.temperature.value() or self.tint.value():
            edits.append(Balance(self.temperature.value(), self.tint.value()))
        if self.brightness.value():
            edits.append(Brightness(self.brightness.value()))
        if self.contrast.value():
            edits.append(Contrast(self.contrast.value()))
        return tuple(edits)

    @Slot()
    def _show(self) -> None:
        from restorer.photo.edits import applied

        photo = applied(self._small, self.edits)
        self.picture.show_image(rgb32(screen_pixels(photo), photo.icc))

    @Slot(bool)
    def _offer_pick(self, on: bool) -> None:
        self.picture.setCursor(Qt.CursorShape.CrossCursor if on else Qt.CursorShape.ArrowCursor)

    @Slot(float, float)
    def _pick(self, across: float, down: float) -> None:
        """Make what lies there neutral."""
        if not self.pick.isChecked():
            return
        from restorer.photo.edits import balance_of

        self.pick.setChecked(False)
        width, height = self._small.size
        x, y = min(int(across * width), width - 1), min(int(down * height), height - 1)
        part = self._small.pixels[max(0, y - PICKED) : y + PICKED + 1, max(0, x - PICKED) : x + PICKED + 1]
        red, green, blue = (float(channel) for channel in part.reshape(-1, 3).mean(0))
        balance = balance_of((red, green, blue))
        with QSignalBlocker(self.temperature):
            self.temperature.setValue(round(balance.temperature))
        self.tint.setValue(round(balance.tint))
        self._show()

    @Slot()
    def apply(self) -> None:
        """Close, and change the photo."""
        edits = self.edits
        self.cancel()
        if edits:
            self.done.emit(edits)


def _reduced(photo: Photo) -> Photo:
    """The photo with at most MOST_SIDE pixels on a side."""
    width, height = photo.size
    factor = min(1.0, MOST_SIDE / max(width, height))
    size = max(1, round(width * factor)), max(1, round(height * factor))
    pixels = resized(photo.pixels, *size)
    alpha = None if photo.alpha is None else resized(photo.alpha, *size)
    return replace(photo, pixels=pixels.reshape(size[1], size[0], -1), alpha=alpha)
