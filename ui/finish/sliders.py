"""Two sliders for a result that is there: how much of the restoration is taken, and the photo's own grain.

In: a `Finish`. Out: `moving` while a slider is held, for a picture at once; `chosen` when it is let go or
moved by keys, for the history.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QElapsedTimer, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from restorer.pipeline.finish import Finish
from ui.widgets.labels import WrappedLabel, heading

ONE_STEP_MS = 1000
"""Presses of a key that follow each other faster are one step of the history."""


class FinishSliders(QWidget):
    """Shows a finish; a slider that is held is the person's until it is let go."""

    moving = Signal(object)  # a Finish
    chosen = Signal(object, bool)  # a Finish, and whether it belongs to the step before it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._since, self._last = QElapsedTimer(), -1
        self._finish = Finish()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(self.fontMetrics().height() // 3)
        self.strength, self._strength_figure = self._add(
            self.tr("Strength"),
            self.tr("To the left the photo, plainly enlarged; to the right all of the restoration."),
            self.tr("Original"),
            self.tr("Restored"),
        )
        self.grain, self._grain_figure = self._add(
            self.tr("Grain"),
            self.tr("Puts back the photo's own grain, as fine as the larger picture can show it."),
            self.tr("None"),
            self.tr("All of it"),
        )
        self.no_grain = WrappedLabel(self.tr("This photo has no grain that could be put back."), muted=True)
        self._column.addWidget(self.no_grain)
        self.show_finish(Finish())
        self.show_grain(None)

    def _add(self, name: str, hint: str, none: str, full: str) -> tuple[QSlider, WrappedLabel]:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, 100)
        slider.setPageStep(10)
        slider.setAccessibleName(name)
        slider.setToolTip(hint)
        slider.valueChanged.connect(self._on_value)
        slider.sliderReleased.connect(self._on_released)
        figure, right = WrappedLabel(muted=True), WrappedLabel(full, muted=True)
        figure.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        right.setAlignment(Qt.AlignmentFlag.AlignRight)
        ends = QHBoxLayout()
        for label in (WrappedLabel(none, muted=True), figure, right):
            ends.addWidget(label, 1)
        self._column.addWidget(heading(name, slider))
        self._column.addWidget(slider)
        self._column.addLayout(ends)
        return slider, figure

    @property
    def finish(self) -> Finish:
        """As the sliders stand."""
        strength, grain = self.strength.value() / 100, self.grain.value() / 100
        return replace(self._finish, strength=strength, grain=grain)

    def show_finish(self, finish: Finish) -> None:
        """Move the sliders, unless one is held."""
        if self.strength.isSliderDown() or self.grain.isSliderDown():
            return
        self._finish = finish
        for slider, share in ((self.strength, finish.strength), (self.grain, finish.grain)):
            with QSignalBlocker(slider):
                slider.setValue(round(100 * share))
        self._tell()

    def show_grain(self, there_is: bool | None) -> None:
        """Whether the photo has grain; None while that is not known."""
        self.no_grain.setVisible(there_is is False)

    def _tell(self) -> None:
        for slider, figure in (
            (self.strength, self._strength_figure),
            (self.grain, self._grain_figure),
        ):
            figure.setText(self.tr("{0} %").format(slider.value()))

    @Slot()
    def _on_value(self) -> None:
        self._tell()
        if self.strength.isSliderDown() or self.grain.isSliderDown():
            self.moving.emit(self.finish)
        else:
            self._choose()

    @Slot()
    def _on_released(self) -> None:
        self._last = -1  # a slider that was held is a step of its own
        self._choose()
        self._last = -1

    def _choose(self) -> None:
        finish = self.finish
        if finish == self._finish:
            return
        which = 0 if finish.strength != self._finish.strength else 1
        quick = self._since.isValid() and self._since.elapsed() < ONE_STEP_MS
        merges, self._last, self._finish = quick and which == self._last, which, finish
        self._since.start()
        self.chosen.emit(finish, merges)
