"""Which one is it? Versions of one face beside the photo's own, of which one is taken.

In: a `FacePicture`. Out: the seed that was picked, and the wish for three more. The dialog stays open while
they are made.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.finish.face_card import draw_mixed, spread_hint, spread_sentence
from ui.inputs.buttons import focus_ring
from ui.widgets.labels import WrappedLabel, heading
from ui.workers.faces.pictures import FacePicture

ACROSS = 4
Role = QPalette.ColorRole


class VersionButton(QAbstractButton):
    """A version of a face, as large as a person has to see it to know somebody."""

    def __init__(self, picture: FacePicture, place: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture, self._place = picture, place
        self.seed = picture.versions[place][0]
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Version {0}").format(place + 1))
        self.setToolTip(self.tr("Take this version (number {0}).").format(self.seed))
        side = self.fontMetrics().height() * 9
        self.setFixedSize(QSize(side, side))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        shape = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        draw_mixed(painter, shape, self._picture.after, self._picture.versions[self._place][1], 1.0)
        if self.isChecked():
            painter.setPen(QPen(self.palette().color(Role.Highlight), 4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(2, 2, -2, -2))
        if self.hasFocus():
            focus_ring(painter, self, shape, 4)
        painter.end()


class OwnFace(QWidget):
    """The face as the photo has it."""

    def __init__(self, picture: FacePicture, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = picture
        side = self.fontMetrics().height() * 9
        self.setFixedSize(QSize(side, side))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        draw_mixed(painter, QRectF(self.rect()).adjusted(4, 4, -4, -4), self._picture.before, None, 0)
        painter.end()


class VersionDialog(QDialog):
    """Picks a version of a face; the dialog deletes itself."""

    picked = Signal(int)  # a seed
    more_asked = Signal()

    def __init__(self, picture: FacePicture, seed: int | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number = picture.result.number
        self.setWindowTitle(self.tr("Face {0}").format(self.number + 1))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        unit = self.fontMetrics().height()
        column = QVBoxLayout(self)
        column.addWidget(heading(self.tr("Which one is it?")))
        text = self.tr(
            "On the left is the photo. Each version beside it fits the photo. Pick the one that you know. "
            "If it is none of them, ask for three more, or leave this face."
        )
        words = WrappedLabel(text)
        words.setMinimumWidth(unit * 40)
        column.addWidget(words)
        self._grid, self._row = QGridLayout(), QHBoxLayout()
        self._row.addLayout(self._grid)
        self._row.addStretch(1)
        column.addLayout(self._row)
        self.buttons: list[VersionButton] = []
        self.spread = WrappedLabel(muted=True)
        column.addWidget(self.spread)
        self.more = QPushButton(self.tr("Three more"))
        self.more.setAccessibleName(self.more.text())
        self.more.setToolTip(self.tr("Make three more versions."))
        self.more.clicked.connect(self.more_asked)
        box = QDialogButtonBox()
        self.close_button = box.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        self.close_button.setAccessibleName(self.close_button.text())
        self.close_button.setToolTip(self.tr("Close this window; what was picked stays (Esc)."))
        box.addButton(self.more, QDialogButtonBox.ButtonRole.ActionRole)
        box.rejected.connect(self.close)
        column.addWidget(box)
        self.show_versions(picture, seed)

    def show_versions(self, picture: FacePicture, seed: int | None) -> None:
        """All versions that there are, with the one that is taken."""
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._grid.addWidget(OwnFace(picture), 0, 0)
        self.buttons = [VersionButton(picture, place) for place in range(len(picture.versions))]
        for place, button in enumerate(self.buttons):
            button.setChecked(button.seed == seed)
            button.clicked.connect(self._on_clicked)
            row, across = divmod(place, ACROSS - 1)
            self._grid.addWidget(button, row, across + 1)
        self.spread.setText(spread_sentence(picture.spread))
        self.spread.setToolTip(spread_hint(picture.spread))
        self.show_busy(False)

    def show_busy(self, on: bool) -> None:
        """Whether more versions are being made."""
        self.more.setEnabled(not on)
        self.more.setText(self.tr("Making them…") if on else self.tr("Three more"))

    @Slot()
    def _on_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, VersionButton):
            self.picked.emit(button.seed)
