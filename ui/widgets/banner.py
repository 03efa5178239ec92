"""The banner over the canvas: something went wrong or wants to be known, and work goes on.

In: sentences. Out: a box; nothing is blocked by it. What went wrong stays until it is closed, what is only
worth knowing goes by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QHideEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from ui.inputs.buttons import IconButton
from ui.style.icons import pixmap
from ui.widgets.plain_text import PlainLabel

NOTE_MS = 20_000
"""How long a note stays: long enough to be read twice, and not until it is no longer true."""


@dataclass(frozen=True)
class BannerMessage:
    """A sentence, and the drawing before it. of: the thing that it is about, with which it leaves."""

    drawing: str
    sentence: str
    of: object | None = None


def draw_frame(widget: QWidget) -> None:
    """Fill a widget that lies on the canvas, and draw a rounded frame around it."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    radius = widget.fontMetrics().height() * 0.5
    painter.setBrush(widget.palette().color(QPalette.ColorRole.AlternateBase))
    painter.setPen(QPen(widget.palette().color(QPalette.ColorRole.Highlight), 1.2))
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(1, 1, -1, -1), radius, radius)
    painter.end()


class Banner(QFrame):
    """Shows one sentence at a time, the newest."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas = parent
        self._message = BannerMessage("note", "")
        self._ends = QTimer(self)
        self._ends.setSingleShot(True)
        self._ends.timeout.connect(self._end)
        unit = self.fontMetrics().height()
        self._sign = PlainLabel()
        self.sentence = PlainLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._close = IconButton("close", self.tr("Close this message"), self.tr("Close this message."))
        self._close.clicked.connect(self.hide)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(unit, unit // 2, unit // 2, unit // 2)
        row.setSpacing(unit * 2 // 3)
        row.addWidget(self._sign)
        row.addWidget(self.sentence, 1)
        row.addWidget(self._close)
        self.hide()

    @Slot(str)
    def say(self, sentence: str, of: object | None = None) -> None:
        """Something went wrong, perhaps with one thing."""
        self.show_message(BannerMessage("warning", sentence, of))

    @Slot(str)
    def note(self, sentence: str) -> None:
        """Something is worth knowing."""
        self.show_message(BannerMessage("note", sentence))

    @property
    def message(self) -> BannerMessage | None:
        """What it says now; None while it is away."""
        return None if self.isHidden() else self._message

    def turn_to(self, thing: object | None) -> None:
        """Another thing is in view: what was said of one alone goes."""
        if self._message.of is not None and self._message.of is not thing:
            self.hide()

    def show_message(self, message: BannerMessage) -> None:
        """Say it, or say again what another banner said."""
        self._message = message
        sentence = message.sentence
        self._draw()
        self.sentence.setText(sentence)
        self.setAccessibleName(sentence)
        self.show()
        self.raise_()
        self.place()
        if message.drawing == "note":
            self._ends.start(NOTE_MS)
        else:
            self._ends.stop()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    @Slot()
    def _end(self) -> None:
        """A note goes, unless somebody points at it."""
        if self.underMouse():
            self._ends.start(NOTE_MS)
        else:
            self.hide()

    def hideEvent(self, event: QHideEvent) -> None:
        self._ends.stop()
        super().hideEvent(event)

    def place(self) -> None:
        """Lie along the top of the canvas, as wide as it is readable."""
        parent = self._canvas
        unit = self.fontMetrics().height()
        width = min(parent.width() - 2 * unit, self.fontMetrics().averageCharWidth() * 90)
        height = self._row.totalHeightForWidth(width)
        self.setGeometry((parent.width() - width) // 2, unit, width, height)

    def _draw(self) -> None:
        side = round(self.fontMetrics().height() * 1.3)
        colour = self.palette().color(QPalette.ColorRole.Highlight)
        self._sign.setPixmap(pixmap(self._message.drawing, colour, side, self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_frame(self)
