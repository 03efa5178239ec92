"""A small button that is dragged to another program."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QDrag, QEnterEvent, QFocusEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from ui.imaging.mime import file_mime_data
from ui.inputs.buttons import IconButton


class DragHandle(IconButton):
    """Dragged, it carries the result's file; clicked, it puts it on the clipboard."""

    needed = Signal()  # the pointer is near: a file will be needed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "drag",
            self.tr("Drag the result out"),
            self.tr("Drag this into another program to hand the result over; click to copy the file."),
            parent,
        )
        self.path: Path | None = None
        self._pressed: QPoint | None = None

    def enterEvent(self, event: QEnterEvent) -> None:
        self.needed.emit()
        super().enterEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.needed.emit()
        super().focusInEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        self.needed.emit()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        far = QApplication.startDragDistance()
        if (
            self._pressed is not None
            and self.path is not None
            and (event.position().toPoint() - self._pressed).manhattanLength() >= far
        ):
            self._pressed = None
            self.setDown(False)
            self.drag(self.path)
        super().mouseMoveEvent(event)

    def drag(self, path: Path) -> Qt.DropAction:
        """Carry the file until it is dropped."""
        drag = QDrag(self)
        drag.setMimeData(file_mime_data(path))
        drag.setPixmap(self.icon().pixmap(self.iconSize() * 2))
        return drag.exec(Qt.DropAction.CopyAction)
