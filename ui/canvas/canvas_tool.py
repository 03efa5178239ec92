"""What a tool is that lies over the canvas until it is applied or given up.

In: the canvas that it covers. Out: `closed`. Enter applies and Esc gives up, wherever in the tool the keys
go; what else it does is a subclass's.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.inputs.buttons import ActionButton

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
ENDS = (*ENTER, Qt.Key.Key_Escape)


class CanvasTool(QWidget):
    """Covers `parent` and follows its size; a subclass lays itself out and then calls `open`."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self._over = parent
        self.apply_button = ActionButton(self.tr("Apply"))
        self.apply_button.setAccessibleName(self.tr("Apply"))
        self.apply_button.set_primary(True)
        self.cancel_button = ActionButton(self.tr("Cancel"))
        self.cancel_button.setAccessibleName(self.tr("Cancel"))
        self.cancel_button.setToolTip(self.tr("Leave the photo as it is (Esc)."))
        self.apply_button.clicked.connect(self.apply)
        self.cancel_button.clicked.connect(self.cancel)

    def open(self) -> None:
        """Lie over the canvas."""
        self._over.installEventFilter(self)
        self.setGeometry(self._over.rect())
        self.show()
        self.raise_()

    def row(self, *widgets: QWidget) -> QHBoxLayout:
        """Widgets side by side in the middle of the line."""
        unit = self.fontMetrics().height()
        row = QHBoxLayout()
        row.setContentsMargins(unit, 0, unit, unit // 2)
        row.addStretch(1)
        for widget in widgets:
            row.addWidget(widget)
        row.addStretch(1)
        return row

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
        """Close, and do what is set."""
        self.cancel()

    @Slot()
    def cancel(self) -> None:
        """Close, and leave the photo as it is."""
        self._over.removeEventFilter(self)
        self.hide()
        self.closed.emit()
        self.deleteLater()
