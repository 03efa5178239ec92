"""What becomes of faces: a box of three answers.

In: one of `Faces`. Out: `value`, and `chosen` when the person changes it. To restore them takes a model for
faces; without one the answer cannot be taken and says why.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QWidget

from restorer.errors import RestorerError
from restorer.packs import catalog
from restorer.pipeline.request import Faces


class FacesBox(QComboBox):
    """Chooses among `Faces`."""

    chosen = Signal()

    def __init__(self, value: Faces, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        hints = {
            Faces.PROTECT: (
                self.tr("Protect small ones"),
                self.tr("Nothing is invented in a face that is too small to be known."),
            ),
            Faces.RESTORE: (
                self.tr("Restore them"),
                self.tr("Small ones are protected; the others go through a model for faces as well."),
            ),
            Faces.OFF: (
                self.tr("Like the rest"),
                self.tr("Faces are treated as all else; small ones may come out as masks."),
            ),
        }
        for faces, (name, hint) in hints.items():
            self.addItem(name, faces)
            self.setItemData(self.count() - 1, hint, Qt.ItemDataRole.ToolTipRole)
        self._hint = hints[Faces.RESTORE][1]
        self.setAccessibleName(self.tr("Faces"))
        self.setToolTip(self.tr("What becomes of faces: they are what a photo is looked at for first."))
        self.setMinimumContentsLength(8)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.refresh()
        self.choose(value)
        self.currentIndexChanged.connect(self.chosen)

    @property
    def value(self) -> Faces:
        return Faces(self.currentData())

    def choose(self, value: Faces) -> None:
        """Take an answer, or the usual one where it cannot be taken."""
        place = self.findData(value)
        self.setCurrentIndex(place if self._offers(place) else self.findData(Faces.PROTECT))

    def refresh(self) -> None:
        """Models came or went."""
        place, model = self.findData(Faces.RESTORE), self.model()
        try:
            catalog.face_restorer()
            able = True
        except RestorerError:
            able = False
        if isinstance(model, QStandardItemModel):
            model.item(place).setEnabled(able)
        missing = self.tr("No model for faces is installed. The Models window imports one (File > Models).")
        self.setItemData(place, self._hint if able else missing, Qt.ItemDataRole.ToolTipRole)
        if self.currentIndex() == place and not able:
            self.setCurrentIndex(self.findData(Faces.PROTECT))

    def _offers(self, place: int) -> bool:
        return bool(self.model().flags(self.model().index(place, 0)) & Qt.ItemFlag.ItemIsEnabled)
