"""The buttons and sliders of the damage tool, under the canvas; its brush buttons are the legend as well.

In: what is marked, and what is going on. Out: wishes. No engine and no mask here.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QColor, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from ui.damage.brush_tool import LARGEST, SMALLEST
from ui.damage.stroke import Brush
from ui.inputs.buttons import ActionButton, IconButton
from ui.style.theme import MARKED, PROTECTED
from ui.widgets.labels import WrappedLabel
from ui.widgets.plain_text import PlainLabel


class DamageBar(QWidget):
    """Shown while the tool is open."""

    find_asked = Signal()
    stop_asked = Signal()
    fill_asked = Signal()
    done_asked = Signal()
    undo_asked = Signal()
    redo_asked = Signal()
    clear_asked = Signal()
    save_asked = Signal()
    load_asked = Signal()
    brush_chosen = Signal(object)  # a Brush
    diameter_chosen = Signal(int)
    thoroughness_moved = Signal(float)
    crop_asked = Signal()
    border_kept = Signal()  # the damaged border is to be filled

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        unit = self.fontMetrics().height()
        self._busy = False
        self._build_finding(unit)
        self._build_brush(unit)
        self._build_border()
        column = QVBoxLayout(self)
        column.setContentsMargins(unit // 2, unit // 3, unit // 2, unit // 3)
        column.setSpacing(unit // 3)
        column.addWidget(self.border)
        for widgets in (
            (
                self.find_button,
                self._cautious,
                self.thoroughness,
                self._thorough,
                self.share,
                self.fill_button,
                self.done_button,
            ),
            (
                *self.brushes.values(),
                self._size_name,
                self.diameter,
                self.undo_button,
                self.redo_button,
                self.clear_button,
                self.load_button,
                self.save_button,
            ),
        ):
            row = QHBoxLayout()
            row.setSpacing(unit // 3)
            for widget in widgets:
                row.addWidget(widget, int(isinstance(widget, QSlider)))  # else labels and buttons grow, too
            column.addLayout(row)
        self.hide()

    def _build_finding(self, unit: int) -> None:
        self.find_button = self._button(self.tr("Find damage"), "")
        self.find_button.clicked.connect(self._find_or_stop)
        self._cautious = WrappedLabel(self.tr("Cautious"), muted=True)
        self._thorough = WrappedLabel(self.tr("Thorough"), muted=True)
        for word in (self._cautious, self._thorough):
            word.setWordWrap(False)
        self.thoroughness = self._slider(
            self.tr("How much is taken for damage"),
            self.tr("To the left only what is surely damage, to the right all that may be."),
        )
        self.thoroughness.setRange(0, 100)
        self.thoroughness.valueChanged.connect(self._tell_thoroughness)
        self.share = PlainLabel()
        self.share.setMinimumWidth(unit * 8)
        self.fill_button = ActionButton(self.tr("Fill"))
        self.fill_button.setAccessibleName(self.tr("Fill what is marked"))
        self.fill_button.setToolTip(
            self.tr("Fill what is marked, and leave all else of the photo as it is, to the bit.")
        )
        self.fill_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.fill_button.clicked.connect(self.fill_asked)
        self.done_button = self._button(
            self.tr("Done"), self.tr("Close the tool; what is marked stays, and a run fills it (Esc).")
        )
        self.done_button.clicked.connect(self.done_asked)
        self.show_busy(False)

    def _build_brush(self, unit: int) -> None:
        self.group = QButtonGroup(self)
        self.brushes: dict[Brush, QPushButton] = {}
        for brush, name, hint, chip in (
            (Brush.ADD, self.tr("Mark"), self.tr("Draw over damage: it will be filled (A)."), MARKED),
            (Brush.ERASE, self.tr("Erase"), self.tr("Take marks and protection away (E)."), None),
            (
                Brush.PROTECT,
                self.tr("Never touch"),
                self.tr("Protect a part of the photo: whatever is marked there stays as it is (N)."),
                PROTECTED,
            ),
        ):
            button = self._button(name, hint)
            button.setCheckable(True)
            if chip is not None:
                button.setIcon(_chip(chip, unit))
            self.group.addButton(button)
            self.brushes[brush] = button
            button.setProperty("brush", brush.value)
            button.toggled.connect(self._show_chosen)
        self.brushes[Brush.ADD].setChecked(True)
        self.group.buttonClicked.connect(self._tell_brush)
        self._size_name = PlainLabel(self.tr("Size"))
        self.diameter = self._slider(self.tr("Size of the brush"), self.tr("Keys: [ smaller, ] larger."))
        self.diameter.setRange(SMALLEST, LARGEST)
        self.diameter.setValue(24)
        self.diameter.valueChanged.connect(self.diameter_chosen)
        self.undo_button = IconButton(
            "undo", self.tr("Undo a stroke"), self.tr("Take the last step back (Ctrl+Z).")
        )
        self.redo_button = IconButton(
            "redo", self.tr("Redo a stroke"), self.tr("Take it again (Ctrl+Shift+Z).")
        )
        self.clear_button = self._button(self.tr("Clear"), self.tr("Take all marks and all protection away."))
        self.load_button = self._button(
            self.tr("Load…"),
            self.tr("Take the mask from a picture of the photo's size, white where it is damaged."),
        )
        self.save_button = self._button(
            self.tr("Save…"), self.tr("Save the mask as a PNG file, which the command line takes as well.")
        )
        steps: tuple[tuple[QAbstractButton, SignalInstance], ...] = (
            (self.undo_button, self.undo_asked),
            (self.redo_button, self.redo_asked),
            (self.clear_button, self.clear_asked),
            (self.load_button, self.load_asked),
            (self.save_button, self.save_asked),
        )
        for each, signal in steps:
            each.clicked.connect(signal)

    def _build_border(self) -> None:
        self.border = QWidget()
        row = QHBoxLayout(self.border)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(WrappedLabel(self.tr("The border of the photo is damaged.")), 1)
        self.keep_button = self._button(
            self.tr("Fill it"), self.tr("Fill the border like all else that is marked.")
        )
        self.crop_button = self._button(
            self.tr("Crop it off"), self.tr("Keep the largest part that the damage does not reach into.")
        )
        self.keep_button.clicked.connect(self.border_kept)
        self.crop_button.clicked.connect(self.crop_asked)
        row.addWidget(self.keep_button)
        row.addWidget(self.crop_button)
        self.border.hide()

    def _button(self, text: str, hint: str) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text)
        button.setToolTip(hint)
        return button

    def _slider(self, name: str, hint: str) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setAccessibleName(name)
        slider.setToolTip(hint)
        slider.setMinimumWidth(self.fontMetrics().averageCharWidth() * 8)
        return slider

    # What it shows ---------------------------------------------------------------------------

    def show_busy(self, busy: bool, filling: bool = False) -> None:
        """Whether the engine finds or fills, or is waited for."""
        self._busy = busy
        text = self.tr("Find damage")
        hint = self.tr("Look for scratches, hairs, dust and tears (F).")
        if busy:
            text, hint = self.tr("Stop"), self.tr("Look no longer.")
        if filling:
            hint = self.tr("Leave the photo as it is.")
        self.find_button.setText(text)
        self.find_button.setAccessibleName(text)
        self.find_button.setToolTip(hint)
        self.fill_button.setEnabled(not busy)

    def show_share(self, sentence: str, can_fill: bool) -> None:
        """How much is marked."""
        self.share.setText(sentence)
        self.fill_button.setEnabled(can_fill and not self._busy)
        self.fill_button.set_primary(can_fill)

    def show_steps(self, can_undo: bool, can_redo: bool) -> None:
        """Which way the steps can be gone."""
        self.undo_button.setEnabled(can_undo)
        self.redo_button.setEnabled(can_redo)

    def _show_chosen(self) -> None:
        """The brush that draws now is filled with the highlight colour."""
        for button in self.brushes.values():
            shown = QPalette()
            if button.isChecked():
                shown.setColor(QPalette.ColorRole.Button, self.palette().color(QPalette.ColorRole.Highlight))
                ink = self.palette().color(QPalette.ColorRole.HighlightedText)
                shown.setColor(QPalette.ColorRole.ButtonText, ink)
            button.setPalette(shown)

    def _find_or_stop(self) -> None:
        (self.stop_asked if self._busy else self.find_asked).emit()

    def _tell_thoroughness(self, value: int) -> None:
        self.thoroughness_moved.emit(value / 100)

    def _tell_brush(self, button: QPushButton) -> None:
        self.brush_chosen.emit(Brush(button.property("brush")))


def _chip(of: tuple[int, int, int], unit: int) -> QIcon:
    picture = QPixmap(QSize(unit, unit))
    picture.fill(QColor(*of))
    return QIcon(picture)
