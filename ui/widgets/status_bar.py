"""The strip under the canvas: what is happening, how far it is, and how closely the picture is looked at.

In: sentences, a fraction, the canvas' zoom. Out: zoom requests.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPalette,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.i18n import phrases
from ui.i18n.tooltips import plain_tip
from ui.inputs.buttons import IconButton
from ui.widgets.drag_handle import DragHandle
from ui.widgets.plain_text import PlainLabel

Role = QPalette.ColorRole
LINES = 2
_ANYWHERE = QTextOption()
_ANYWHERE.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)


def broken(text: str, font: QFont, width: int) -> tuple[str, bool]:
    """The text in at most `LINES` lines of `width` logical pixels, and whether all of it is there."""
    layout = QTextLayout(text, font)
    layout.setTextOption(_ANYWHERE)
    starts: list[int] = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(1, width))
        starts.append(line.textStart())
    layout.endLayout()
    fits = len(starts) <= LINES
    ends = [*starts[1:LINES], len(text)]
    lines = [text[start:end].strip(" ") for start, end in zip(starts, ends, strict=False)]
    if not fits:
        lines[-1] = QFontMetrics(font).elidedText(lines[-1], Qt.TextElideMode.ElideRight, width)
    return "\n".join(lines), fits


class ElidedLabel(PlainLabel):
    """Two lines at most. What is too long for them gives way to a shorter sentence; the tooltip tells all,
    and more if there is more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = self._short = self._details = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def say(self, text: str, short: str = "", details: str = "") -> None:
        """Show a sentence; `short` says the most important part of it where there is little room, `details`
        are for the tooltip."""
        self._whole, self._short, self._details = text, short, details
        self.setAccessibleName(text)
        self.setAccessibleDescription(details)
        self._fit()

    @property
    def whole(self) -> str:
        return self._whole

    def sizeHint(self) -> QSize:
        return QSize(0, self._line_height() * LINES)  # whatever it says, nothing else moves

    def _line_height(self) -> int:
        """Of words of the language spoken now, whose letters may come from another, taller font."""
        layout = QTextLayout(phrases.time_left(1.0), self.font())
        layout.beginLayout()
        height = layout.createLine().height()
        layout.endLayout()
        return max(self.fontMetrics().lineSpacing(), math.ceil(height))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _fit(self) -> None:
        shown, fits = broken(self._whole, self.font(), self.width())
        if not fits and self._short:
            shown, _ = broken(self._short, self.font(), self.width())
        self.setText(shown)
        self.setToolTip(plain_tip("\n".join(filter(None, ["" if fits else self._whole, self._details]))))

    def resizeEvent(self, event: object) -> None:
        self._fit()


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


class StatusBar(QWidget):
    """Status to the left, zoom to the right, progress along the top."""

    zoom_in_asked = Signal()
    zoom_out_asked = Signal()
    fit_asked = Signal()
    true_pixels_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        unit = self.fontMetrics().height()
        self.status = ElidedLabel()
        self.progress = FineProgress()
        self.progress.setAccessibleName(self.tr("Progress of the restoration"))
        keeps = self.progress.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)  # the canvas must not move when a run starts
        self.progress.setSizePolicy(keeps)
        self.progress.setVisible(False)

        minus = IconButton("minus", self.tr("Zoom out"), self.tr("Smaller (−)."))  # noqa: RUF001
        plus = IconButton("plus", self.tr("Zoom in"), self.tr("Larger (+)."))
        fit = IconButton("fit", self.tr("Fit to window"), self.tr("Show the whole picture (Ctrl+0)."))
        self.zoom = QToolButton()
        self.zoom.setAutoRaise(True)
        self.zoom.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.zoom.setAccessibleName(self.tr("True pixels"))
        self.zoom.setToolTip(self.tr("Show true pixels, 100 % (Ctrl+1)."))
        self.zoom.setFixedWidth(self.fontMetrics().horizontalAdvance("3200 %") + unit)
        minus.clicked.connect(self.zoom_out_asked)
        plus.clicked.connect(self.zoom_in_asked)
        fit.clicked.connect(self.fit_asked)
        self.zoom.clicked.connect(self.true_pixels_asked)
        self.handle = DragHandle()
        self._zooms = (minus, self.zoom, plus, fit)

        self._row = row = QHBoxLayout()
        row.setContentsMargins(unit, unit // 8, unit // 2, unit // 8)
        row.setSpacing(unit // 6)
        row.addWidget(self.status, 1)
        row.addSpacing(unit)
        row.addWidget(self.handle)
        row.addSpacing(unit // 2)
        for button in self._zooms:
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.progress)
        column.addLayout(row)
        self.show_zoom(0.0)

    def hold(self, tools: QWidget) -> None:
        """Room for tools that belong to what is seen, before the zoom."""
        self._row.insertWidget(1, tools)

    def say(self, text: str, aloud: bool = False, short: str = "", details: str = "") -> None:
        """Show a sentence, or `short` where it has no room, with `details` in its tooltip; `aloud` also gives
        it to a screen reader."""
        self.status.say(text, short, details)
        if aloud and text and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.status, text))

    def show_fraction(self, fraction: float | None) -> None:
        """How much of the run is done, from 0 to 1; None hides the bar."""
        self.progress.setVisible(fraction is not None)
        self.progress.setValue(round((fraction or 0.0) * 1000))

    def show_zoom(self, zoom: float) -> None:
        self.zoom.setText(phrases.zoom_text(zoom))
        for button in self._zooms:
            button.setEnabled(zoom > 0)
