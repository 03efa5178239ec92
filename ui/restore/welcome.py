"""What the empty canvas says: drop a photo here, open one, or try a sample.

In: whether to offer the applications menu. Out: `open_asked`, `sample_asked`, `menu_asked`, `menu_refused`.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.inputs.buttons import ActionButton, IconButton
from ui.style.icons import pixmap
from ui.widgets.plain_text import PlainLabel


class Welcome(QWidget):
    """Lies in the middle of the canvas while it is empty."""

    open_asked = Signal()
    sample_asked = Signal()
    menu_asked = Signal()
    menu_refused = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas = parent
        unit = self.fontMetrics().height()
        self._drawing = PlainLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        title = PlainLabel(self.tr("Drop an old photo here"), alignment=Qt.AlignmentFlag.AlignCenter)
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.7)
        title.setFont(font)
        hint = PlainLabel(
            self.tr("or paste one with Ctrl+V. It never leaves this computer."),
            alignment=Qt.AlignmentFlag.AlignCenter,
        )
        hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        terms = PlainLabel(
            self.tr("The models are for research and private use, not for business."),
            alignment=Qt.AlignmentFlag.AlignCenter,
        )
        terms.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        terms.setToolTip(
            self.tr(
                "Some of the pictures that they learned from allow no more; Help > About has the licences."
            )
        )
        self.open_button = ActionButton(self.tr("Open a photo…"))
        self.open_button.setAccessibleName(self.tr("Open a photo"))
        self.open_button.setToolTip(self.tr("Choose one or more photos (Ctrl+O)."))
        self.open_button.set_primary(True)
        self.open_button.clicked.connect(self.open_asked)
        sample = ActionButton(self.tr("Try a sample"))
        sample.setAccessibleName(self.tr("Try a sample photo"))
        sample.setToolTip(self.tr("Open an old photo that comes with Restorer."))
        sample.clicked.connect(self.sample_asked)
        buttons = QHBoxLayout()
        buttons.setSpacing(unit)
        buttons.addStretch(1)
        buttons.addWidget(self.open_button)
        buttons.addWidget(sample)
        buttons.addStretch(1)
        self.menu_row = QWidget()
        self.menu_button = QPushButton(self.tr("Put Restorer into the applications menu"))
        self.menu_button.setAccessibleName(self.menu_button.text())
        self.menu_button.setFlat(True)
        self.menu_button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.menu_button.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.menu_button.setToolTip(self.tr("Afterwards it starts like any other app. Help has this, too."))
        self.menu_button.clicked.connect(self.menu_asked)
        self.menu_no = IconButton(
            "close", self.tr("Do not offer this again"), self.tr("Do not offer this again.")
        )
        self.menu_no.clicked.connect(self.menu_refused)
        menu = QHBoxLayout(self.menu_row)
        menu.setContentsMargins(0, 0, 0, 0)
        menu.addStretch(1)
        menu.addWidget(self.menu_button)
        menu.addWidget(self.menu_no)
        menu.addStretch(1)
        self.menu_row.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(unit * 3, unit * 2, unit * 3, unit * 2)
        column.setSpacing(unit // 2)
        column.addWidget(self._drawing)
        column.addWidget(title)
        column.addWidget(hint)
        column.addSpacing(unit)
        column.addLayout(buttons)
        column.addWidget(terms)
        column.addWidget(self.menu_row)
        self._draw()

    def offer_menu(self, on: bool) -> None:
        """Offer to put the app into the applications menu, or no longer."""
        self.menu_row.setVisible(on)
        self.place()

    def place(self) -> None:
        parent = self._canvas
        size = self.sizeHint().boundedTo(parent.size())
        self.setGeometry(
            (parent.width() - size.width()) // 2,
            (parent.height() - size.height()) // 2,
            size.width(),
            size.height(),
        )

    def _draw(self) -> None:
        colour = self.palette().color(QPalette.ColorRole.PlaceholderText)
        self._drawing.setPixmap(
            pixmap("photo", colour, self.fontMetrics().height() * 4, self.devicePixelRatioF())
        )

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = self.fontMetrics().height()
        pen = QPen(self.palette().color(QPalette.ColorRole.Mid), 1.5, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([5, 4])
        painter.setPen(pen)
        painter.setBrush(self.palette().color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)
        painter.end()
