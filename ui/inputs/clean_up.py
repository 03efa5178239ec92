"""How much of a photo's wear is taken away: a slider, and a box that leaves it to the estimate.

In: a share of 0 to 1, or None for Auto; what the photo's wear is estimated to be; whether the model can be
told. Out: `value`, and `changed`.
"""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSlider, QWidget

UNKNOWN = 0.5
"""Where the slider of Auto stands while no estimate is known."""


class CleanUpSlider(QWidget):
    """The slider shows the estimate as long as the box is ticked; whoever moves it unticks the box."""

    changed = Signal()

    def __init__(self, value: float | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._estimate: float | None = None
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setPageStep(10)
        self.slider.setAccessibleName(self.tr("Clean-up"))
        self.auto = QCheckBox(self.tr("Auto: {0} %").format(100))
        self.auto.setMinimumWidth(self.auto.sizeHint().width())  # else the slider moves under the mouse
        self.auto.setAccessibleName(self.tr("Automatic clean-up"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.slider, 1)
        row.addWidget(self.auto)
        self.setFocusProxy(self.slider)
        self.auto.setText(self.tr("Auto"))
        self.auto.setChecked(value is None)
        self.slider.setValue(round(100 * (UNKNOWN if value is None else value)))
        self.allow(True)
        self.slider.valueChanged.connect(self._move)
        self.auto.toggled.connect(self._switch)

    @property
    def value(self) -> float | None:
        """The share of 0 to 1; None for Auto."""
        return None if self.auto.isChecked() else self.slider.value() / 100

    def show_value(self, value: float | None) -> None:
        """Stand at a share of 0 to 1, or at Auto."""
        with QSignalBlocker(self.auto), QSignalBlocker(self.slider):
            self.auto.setChecked(value is None)
            self.slider.setValue(round(100 * (UNKNOWN if value is None else value)))
        self._tell()

    def show_estimate(self, wear: float | None) -> None:
        """How worn the photo is, from 0 to 1; None while that is not known."""
        self._estimate = wear
        self._tell()

    def allow(self, able: bool) -> None:
        """Whether the model that is chosen can be told."""
        self.setEnabled(able)
        if not able:
            self.show_estimate(None)
            sentence = self.tr("The chosen model cannot be told how worn a photo is. Another one may.")
            for part in (self, self.slider, self.auto):
                part.setToolTip(sentence)
            return
        self.slider.setToolTip(
            self.tr("To the right grain, blur and traces of JPEG go; to the left every pixel is trusted.")
        )
        self.auto.setToolTip(self.tr("Estimates how worn each photo is, and cleans it as much."))
        self.setToolTip("")

    @Slot()
    def _move(self) -> None:
        with QSignalBlocker(self.auto):
            self.auto.setChecked(False)
        self._tell()
        self.changed.emit()

    @Slot()
    def _switch(self) -> None:
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        """The estimate, where it counts."""
        if not self.auto.isChecked() or self._estimate is None:
            self.auto.setText(self.tr("Auto"))
            return
        self.auto.setText(self.tr("Auto: {0} %").format(round(100 * self._estimate)))
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(100 * self._estimate))
