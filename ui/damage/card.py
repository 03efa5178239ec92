"""What the panel says of damage: how to find it, how much is marked, and another filling.

In: the photo in view. Out: wishes.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.inputs.buttons import ActionButton
from ui.widgets.labels import WrappedLabel, heading


class DamageCard(QWidget):
    """A group of the control panel."""

    find_asked = Signal()
    another_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.find_button = ActionButton(self.tr("Find damage…"))
        self.find_button.setAccessibleName(self.tr("Find damage"))
        self.find_button.setToolTip(
            self.tr(
                "Find scratches, dust and tears, or mark them with a brush, and have only them filled (F)."
            )
        )
        self.another_button = ActionButton(self.tr("Try another filling"))
        self.another_button.setAccessibleName(self.another_button.text())
        self.another_button.setToolTip(
            self.tr("Fill the same places anew; the last filling stays in the history.")
        )
        self.words = WrappedLabel(muted=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.fontMetrics().height() // 3)
        column.addWidget(heading(self.tr("Damage"), self.find_button))
        column.addWidget(self.find_button)
        column.addWidget(self.words)
        column.addWidget(self.another_button)
        self.find_button.clicked.connect(self.find_asked)
        self.another_button.clicked.connect(self.another_asked)
        self.show_state("", False, False)

    def show_state(self, words: str, can_find: bool, can_fill_anew: bool) -> None:
        """words: what is marked. can_fill_anew: the result in view is a filling."""
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.find_button.setEnabled(can_find)
        self.another_button.setVisible(can_fill_anew)
