"""Choosing among variations: the card in the panel.

In: how many there are, which is chosen, what is shown. Out: wishes. The pictures are on the canvas, which
can be clicked as well.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from ui.inputs.buttons import ActionButton
from ui.inputs.segmented import Segments
from ui.widgets.labels import heading


class VariationCard(QWidget):
    """Which of the variations is the result."""

    picked = Signal(int)
    grid_asked = Signal(bool)  # all of them side by side, or the chosen one alone

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.fontMetrics().height() // 2)
        column.addWidget(heading(self.tr("Versions")))
        self.choices: Segments | None = None
        self.map = QCheckBox(self.tr("Show where they disagree"))
        self.map.setAccessibleName(self.map.text())
        self.map.setToolTip(
            self.tr("Colours what differs from one version to the next: there the detail is invented (I).")
        )
        self.grid = ActionButton("")
        self.grid.clicked.connect(self._ask_grid)
        self._choosing = False
        column.addWidget(self.map)
        column.addWidget(self.grid)
        self.hide()

    def show_choice(self, seeds: tuple[int, ...], chosen: int, choosing: bool) -> None:
        """`seeds` of the variations, empty if there are none; `choosing` while all are on the canvas."""
        if self.choices is not None and self.choices.property("seeds") != list(seeds):
            self._column.removeWidget(self.choices)
            self.choices.deleteLater()
            self.choices = None
        if self.choices is None and seeds:
            hint = self.tr("Take version {0}. Its number is {1}.")
            hints = [hint.format(place + 1, seed) for place, seed in enumerate(seeds)]
            names = [str(number + 1) for number in range(len(seeds))]
            self.choices = Segments(self.tr("Version"), names, hints, self)
            self.choices.setProperty("seeds", list(seeds))
            self.choices.chosen.connect(self.picked)
            self._column.insertWidget(1, self.choices)
        if self.choices is not None:
            self.choices.choose(chosen)
        self._choosing = choosing
        self.grid.setText(self.tr("Compare this one") if choosing else self.tr("All versions"))
        self.grid.setAccessibleName(self.grid.text())
        self.grid.setToolTip(
            self.tr("Compare the chosen version with the photo.")
            if choosing
            else self.tr("Show all versions side by side.")
        )
        self.setVisible(bool(seeds))

    def _ask_grid(self) -> None:
        self.grid_asked.emit(not self._choosing)
