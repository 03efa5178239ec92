"""The photo in work, small: the newest preview, and its name beneath."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget


class BatchPreview(QWidget):
    """Shows an image as large as fits; the image is never changed by anybody."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image = QImage()
        self.name = ""
        self.setAccessibleName(self.tr("The photo that is being restored"))

    def show_name(self, name: str) -> None:
        """Another photo is in work."""
        self.name = " ".join(name.split())
        self.setAccessibleDescription(self.name)
        self.image = QImage()
        self.update()

    def show_image(self, image: QImage) -> None:
        self.image = image
        self.update()

    def clear(self) -> None:
        self.show_name("")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        line = self.fontMetrics().height()
        room = self.rect().adjusted(line // 2, line // 2, -line // 2, -2 * line)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        if self.image.isNull():
            text = self.name or self.tr("The photo in work appears here.")
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)
            return
        size = self.image.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(room.topLeft(), size)
        place.moveCenter(room.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self.image)
        below = QRect(0, self.height() - round(1.6 * line), self.width(), line)
        text = self.fontMetrics().elidedText(self.name, Qt.TextElideMode.ElideMiddle, self.width() - line)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text)
