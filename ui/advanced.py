"""Settings that are seldom needed: repair of damage, colour lock, variations, seed.

In: the settings as they were left. Out: their values, and `changed`.
"""

from __future__ import annotations

import secrets

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from restorer.variations import MOST
from ui.pieces import IconButton, Segments
from ui.session import Settings

LARGEST_SEED = 2**31 - 1  # what a spin box holds


class Advanced(QWidget):
    """The part of the panel that is folded away."""

    changed = Signal()

    def __init__(self, settings: Settings, repairs: bool, parent: QWidget | None = None) -> None:
        """`repairs`: whether the photo model that ships can mend damage; the box is away if it cannot."""
        super().__init__(parent)
        unit = self.fontMetrics().height()
        self.repair = QCheckBox(self.tr("Repair scratches and dust"))
        self.repair.setAccessibleName(self.repair.text())
        self.repair.setToolTip(
            self.tr("Paints over scratches, dust, creases and tears; thin lines of the picture may go too.")
        )
        self.repair.setChecked(settings.repair and repairs)
        self.repair.setVisible(repairs)
        self.colour_lock = QCheckBox(self.tr("Keep the photo's colours"))
        self.colour_lock.setAccessibleName(self.colour_lock.text())
        self.colour_lock.setToolTip(
            self.tr("Holds the photo's colours, so that no hue drifts; without it they may be repainted.")
        )
        self.colour_lock.setChecked(settings.colour_lock)

        counts = list(range(1, MOST + 1))
        self.variations = Segments(
            self.tr("Variations"),
            [str(count) for count in counts],
            [
                self.tr("One result.") if count == 1 else self.tr("{0} results to choose from.").format(count)
                for count in counts
            ],
        )
        self.variations.choose(settings.variations - 1)
        self.variations.setToolTip(
            self.tr("Several seeds side by side; where they differ, the detail is invented.")
        )

        self.seed = QSpinBox()
        self.seed.setRange(0, LARGEST_SEED)
        self.seed.setValue(min(settings.seed, LARGEST_SEED))
        self.seed.setAccessibleName(self.tr("Seed"))
        self.seed.setToolTip(
            self.tr("The same seed gives the same picture; another one imagines other detail.")
        )
        self.dice = IconButton("dice", self.tr("Roll a new seed"), self.tr("Roll a new seed (Ctrl+D)."))
        self.dice.clicked.connect(self.roll_seed)

        column = QVBoxLayout(self)
        column.setContentsMargins(unit // 2, 0, 0, 0)
        column.setSpacing(unit // 2)
        column.addWidget(self.repair)
        column.addWidget(self.colour_lock)
        for text, control, more in (
            (self.tr("Variations"), self.variations, None),
            (self.tr("Seed"), self.seed, self.dice),
        ):
            row = QHBoxLayout()
            label = QLabel(text)
            label.setBuddy(control)
            label.setToolTip(control.toolTip())
            row.addWidget(label)
            row.addWidget(control, 1)
            if more is not None:
                row.addWidget(more)
            column.addLayout(row)
        self.repair.toggled.connect(self.changed)
        self.colour_lock.toggled.connect(self.changed)
        self.variations.chosen.connect(self.changed)
        self.seed.valueChanged.connect(self.changed)

    @property
    def count(self) -> int:
        """How many variations are wanted."""
        return max(0, self.variations.choice) + 1

    def roll_seed(self) -> None:
        self.seed.setValue(secrets.randbelow(LARGEST_SEED))
