"""Settings that are seldom needed: colour lock, faces, what the photo shows, versions and their number.

In: the settings as they were left. Out: their values, and `changed`.
"""

from __future__ import annotations

import secrets

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from restorer.photo.seed_disagreement import MOST
from ui.inputs.buttons import IconButton
from ui.inputs.faces import FacesBox
from ui.inputs.segmented import Segments
from ui.model.options import RestoreOptions
from ui.widgets.plain_text import PlainLabel

LARGEST_SEED = 2**31 - 1  # what a spin box holds


class AdvancedBox(QWidget):
    """The part of the panel that is folded away."""

    changed = Signal()

    def __init__(self, settings: RestoreOptions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        unit = self.fontMetrics().height()
        self.colour_lock = QCheckBox(self.tr("Keep the photo's colours"))
        self.colour_lock.setAccessibleName(self.colour_lock.text())
        self.colour_lock.setToolTip(
            self.tr("Holds the photo's colours, so that no hue drifts; without it they may be repainted.")
        )
        self.colour_lock.setChecked(settings.colour_lock)

        self.faces = FacesBox(settings.faces)

        counts = list(range(1, MOST + 1))
        self.variations = Segments(
            self.tr("Versions"),
            [str(count) for count in counts],
            [
                self.tr("One result.") if count == 1 else self.tr("{0} results to choose from.").format(count)
                for count in counts
            ],
        )
        self.variations.choose(settings.variations - 1)
        self.variations.setToolTip(
            self.tr("Several versions side by side; where they differ, the detail is invented.")
        )

        self.seed = QSpinBox()
        self.seed.setRange(0, LARGEST_SEED)
        self.seed.setValue(min(settings.seed, LARGEST_SEED))
        self.seed.setAccessibleName(self.tr("Version number"))
        self.seed.setToolTip(
            self.tr("The same number gives the same picture; another one imagines other detail.")
        )
        self.dice = IconButton(
            "dice", self.tr("Another version"), self.tr("Take another version next (Ctrl+D).")
        )
        self.dice.clicked.connect(self.roll_seed)

        self.subject = QComboBox()
        self.subject.setEditable(True)
        self.subject.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.subject.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.subject.setMinimumContentsLength(8)
        completer = QCompleter(self.subject.model(), self.subject)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.subject.setCompleter(completer)
        self.subject.setAccessibleName(self.tr("What the photo shows"))
        self.subject.setToolTip(
            self.tr("This model knows classes of things; type a part of a name, for example “church”.")
        )

        column = QVBoxLayout(self)
        column.setContentsMargins(unit // 2, 0, 0, 0)
        column.setSpacing(unit // 2)
        column.addWidget(self.colour_lock)
        self._subject_label = PlainLabel(self.tr("Shows"))
        for text, control, more in (
            (self.tr("Faces"), self.faces, None),
            ("", self.subject, None),
            (self.tr("Versions"), self.variations, None),
            (self.tr("Number"), self.seed, self.dice),
        ):
            label = PlainLabel(text) if text else self._subject_label
            label.setBuddy(control)
            label.setToolTip(control.toolTip())
            group, row = QVBoxLayout(), QHBoxLayout()
            group.setSpacing(unit // 4)
            # label, control and button beside each other are wider than the panel
            (row if more is None else group).addWidget(label)
            row.addWidget(control, 1)
            if more is not None:
                row.addWidget(more)
            group.addLayout(row)
            column.addLayout(group)
        self.show_classes(())
        self.subject.currentIndexChanged.connect(self.changed)
        line_edit = self.subject.lineEdit()
        assert line_edit is not None
        line_edit.editingFinished.connect(self._settle_subject)
        self.colour_lock.toggled.connect(self.changed)
        self.faces.chosen.connect(self.changed)
        self.variations.chosen.connect(self.changed)
        self.seed.valueChanged.connect(self.changed)

    def show_classes(self, names: tuple[str, ...]) -> None:
        """Offer the classes of the model that is used; nothing is shown for a model without classes."""
        self.subject.blockSignals(True)
        self.subject.clear()
        self.subject.addItems([self.tr("Anything"), *names])
        self.subject.blockSignals(False)
        for part in (self.subject, self._subject_label):
            part.setVisible(bool(names))

    def show_settings(self, settings: RestoreOptions) -> None:
        """Stand as `settings` say."""
        self.colour_lock.setChecked(settings.colour_lock)
        self.faces.choose(settings.faces)
        self.variations.choose(settings.variations - 1)
        self.seed.setValue(min(settings.seed, LARGEST_SEED))
        self.subject.setCurrentIndex(0 if self.subject.count() else -1)
        self.choose_class(settings.label)

    def choose_class(self, label: int | None) -> None:
        """Say what the photo shows, if the model knows that class."""
        if label is not None and label + 1 < self.subject.count():
            self.subject.setCurrentIndex(label + 1)

    @property
    def label(self) -> int | None:
        """The class that the photo shows; None for anything."""
        chosen = self.subject.currentIndex() - 1
        return chosen if chosen >= 0 else None

    @Slot()
    def _settle_subject(self) -> None:
        """A text that names one class chooses it; any other goes back to what was chosen."""
        text = self.subject.currentText().strip().casefold()
        known = [self.subject.itemText(row).casefold() for row in range(self.subject.count())]
        whole = [row for row, name in enumerate(known) if name == text]
        part = [row for row, name in enumerate(known) if text and text in name]
        found = whole or (part if len(part) == 1 else [])
        if found:
            self.subject.setCurrentIndex(found[0])
        self.subject.setEditText(self.subject.itemText(self.subject.currentIndex()))

    @property
    def count(self) -> int:
        """How many variations are wanted."""
        return max(0, self.variations.choice) + 1

    def roll_seed(self) -> None:
        self.seed.setValue(secrets.randbelow(LARGEST_SEED))
