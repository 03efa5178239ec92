"""The few widgets that Qt has not got in this shape: segments, action button, fine progress bar, folding box.

In: palettes, fonts, clicks. Out: ordinary Qt signals. Every colour is a palette
role and every length comes from the font, so they follow themes and scaling.
"""

from __future__ import annotations

from collections.abc import Container

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QIcon, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.icons import icon, pixmap
from ui.theme import mixed

Role = QPalette.ColorRole


def _ring(painter: QPainter, button: QWidget, shape: QRectF, radius: float) -> None:
    """The focus ring: outside colours would be lost on a filled button, so it lies just inside."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(button.palette().color(Role.Highlight), 2))
    painter.drawRoundedRect(shape.adjusted(1, 1, -1, -1), radius, radius)


def heading(text: str, buddy: QWidget | None = None) -> QLabel:
    """A title over a control."""
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    if buddy is not None:
        label.setBuddy(buddy)
    return label


class ActionButton(QPushButton):
    """The button of the step that comes next is filled with the highlight colour; the others are quiet."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._primary = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_primary(self, on: bool) -> None:
        self._primary = on
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(
            metrics.horizontalAdvance(self.text()) + 3 * metrics.height(), round(metrics.height() * 2.2)
        )

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, enabled = self.palette(), self.isEnabled()
        filled = self._primary and enabled
        face = palette.color(Role.Highlight if filled else Role.Button)
        ink = palette.color(Role.HighlightedText if filled else Role.ButtonText)
        if enabled and self.isDown():
            face = mixed(face, palette.color(Role.Shadow), 0.25)
        elif enabled and self.underMouse():
            face = mixed(face, palette.color(Role.Light), 0.14 if filled else 0.5)
        radius = self.fontMetrics().height() * 0.4
        shape = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(Qt.PenStyle.NoPen if filled else QPen(palette.color(Role.Mid), 1))
        painter.setBrush(face)
        painter.drawRoundedRect(shape, radius, radius)
        if self.hasFocus():
            inner = shape.adjusted(2, 2, -2, -2)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(ink if filled else palette.color(Role.Highlight), 1.5))
            painter.drawRoundedRect(inner, radius * 0.8, radius * 0.8)
        font = painter.font()
        font.setBold(self._primary)
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())
        painter.end()


class Segment(QAbstractButton):
    """One choice of a `Segments` row."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        font = self.font()
        font.setBold(True)  # as it is when chosen
        metrics = QFontMetrics(font)
        width = metrics.horizontalAdvance(self.text()) + round(metrics.height() * 1.2)
        return QSize(width, round(metrics.height() * 1.9))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        radius = self.fontMetrics().height() * 0.32
        shape = QRectF(self.rect()).adjusted(2.5, 2.5, -2.5, -2.5)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked():
            painter.setBrush(palette.color(Role.Light if self.isEnabled() else Role.Button))
            painter.setPen(QPen(palette.color(Role.Mid), 1))
            painter.drawRoundedRect(shape, radius, radius)
        elif self.isEnabled() and self.underMouse():
            painter.setBrush(mixed(palette.color(Role.AlternateBase), palette.color(Role.Light), 0.4))
            painter.drawRoundedRect(shape, radius, radius)
        if self.hasFocus():
            _ring(painter, self, shape, radius)
        font = painter.font()
        font.setBold(self.isChecked())
        painter.setFont(font)
        painter.setPen(palette.color(Role.ButtonText if self.isChecked() else Role.PlaceholderText))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())
        painter.end()


class Segments(QWidget):
    """A row of choices of which one is taken; `chosen` tells its place when the person changes it."""

    chosen = Signal(int)

    def __init__(self, name: str, texts: list[str], hints: list[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for place, (text, hint) in enumerate(zip(texts, hints, strict=True)):
            segment = Segment(text, self)
            segment.setAccessibleName(f"{name}: {text}")
            segment.setToolTip(hint)
            self._group.addButton(segment, place)
            row.addWidget(segment)
        self._group.idClicked.connect(self.chosen)
        self._group.buttonToggled.connect(self._on_toggled)

    @Slot(QAbstractButton, bool)
    def _on_toggled(self, button: QAbstractButton, on: bool) -> None:
        """Tab comes to what is chosen; arrows go on from there."""
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.ClickFocus)
        if on:
            for other in self._group.buttons():
                if other is not button:
                    other.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def choose(self, place: int) -> None:
        button = self._group.button(place)
        if button is not None:
            button.setChecked(True)

    def offer(self, places: Container[int]) -> None:
        """Only these can be chosen."""
        for button in self._group.buttons():
            button.setEnabled(self._group.id(button) in places)

    @property
    def choice(self) -> int:
        return self._group.checkedId()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = self.fontMetrics().height() * 0.4
        painter.setPen(QPen(self.palette().color(Role.Mid), 1))
        painter.setBrush(self.palette().color(Role.AlternateBase))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.end()


class FineProgress(QProgressBar):
    """A slim bar; what it says in numbers stands beside it in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(0, 1000)
        self.setTextVisible(False)
        self.setFixedHeight(max(4, self.fontMetrics().height() // 4))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = self.height() / 2
        painter.setBrush(self.palette().color(Role.Mid))
        painter.drawRoundedRect(QRectF(self.rect()), radius, radius)
        share = (self.value() - self.minimum()) / max(1, self.maximum() - self.minimum())
        if share > 0:
            painter.setBrush(self.palette().color(Role.Highlight))
            filled = QRectF(self.rect())
            filled.setWidth(max(filled.height(), filled.width() * share))
            painter.drawRoundedRect(filled, radius, radius)
        painter.end()


class IconButton(QToolButton):
    """A button that is a drawing; it has a name for those who cannot see it, and a sentence for all."""

    def __init__(self, drawing: str, name: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing = drawing
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.setToolTip(hint)
        side = round(self.fontMetrics().height() * 1.15)
        self.setIconSize(QSize(side, side))
        self._draw()

    def _draw(self) -> None:
        self.setIcon(icon(self._drawing, self.palette()) if self._drawing else QIcon())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)


class FoldHeading(QAbstractButton):
    """An arrow and a title, flush with what lies above."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(title)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self.text()) + round(metrics.height() * 2.2)
        return QSize(width, round(metrics.height() * 1.5))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        unit = self.fontMetrics().height()
        shape = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.hasFocus():
            _ring(painter, self, shape, unit * 0.3)
        drawing = pixmap(
            "unfold" if self.isChecked() else "fold",
            self.palette().color(Role.WindowText),
            unit,
            self.devicePixelRatioF(),
        )
        painter.drawPixmap(0, (self.height() - unit) // 2, drawing)
        painter.setPen(self.palette().color(Role.WindowText))
        text = self.rect().adjusted(round(unit * 1.3), 0, 0, 0)
        painter.drawText(text, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self.text())
        painter.end()


class Fold(QWidget):
    """A heading that unfolds what lies under it."""

    def __init__(self, title: str, hint: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = FoldHeading(title, self)
        self.heading.setAccessibleName(title)
        self.heading.setToolTip(hint)
        self.heading.toggled.connect(content.setVisible)
        content.setVisible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.heading, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addWidget(content)


class RepairBox(QCheckBox):
    """Whether damage is mended; away, and off, where no model can."""

    def __init__(self, wanted: bool, possible: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(self.tr("Repair scratches and dust"))
        self.setAccessibleName(self.text())
        self.setToolTip(
            self.tr("Paints over scratches, dust, creases and tears; thin lines of the picture may go too.")
        )
        self.setChecked(wanted and possible)
        if not possible:  # never shown from here: without a parent it would be a window
            self.hide()


def put_in_place(window: QWidget, old: QWidget | None, new: QWidget) -> QWidget:
    """Put what a window holds in its layout, in the place of what it held before, if anything; returns it."""
    layout = window.layout()
    assert layout is not None
    if old is not None:
        layout.removeWidget(old)
        old.hide()
        old.deleteLater()
    layout.addWidget(new)
    new.show()  # at once, where the window is on the screen already
    return new
