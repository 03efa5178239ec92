"""The strip of faces under the photo: a card for each face that was restored or protected.

In: the pictures of a result's faces, and what is chosen for each. Out: the wishes of the cards. It is hidden
where there is nothing to show.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from restorer.pipeline.request import FaceChoice
from ui.finish.face_card import FaceCard
from ui.widgets.labels import WrappedLabel, heading
from ui.workers.faces.pictures import FacePicture, FacePictures


class FaceStrip(QWidget):
    """Shows the faces of the result in view."""

    moving = Signal(object)  # a FaceChoice, of a slider that is held
    chosen = Signal(object, bool)  # a FaceChoice, and whether it belongs to the step before it
    versions_asked = Signal(int)  # a face's number

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        unit = self.fontMetrics().height()
        self.cards: dict[int, FaceCard] = {}
        self._pictures: FacePictures | None = None
        self.title = heading(self.tr("Faces"))
        self.hint = WrappedLabel(muted=True)
        texts = QVBoxLayout()
        texts.setContentsMargins(unit // 2, unit // 3, 0, unit // 3)
        texts.addWidget(self.title)
        texts.addWidget(self.hint)
        texts.addStretch(1)
        side = QWidget()
        side.setLayout(texts)
        side.setFixedWidth(unit * 11)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(side)
        row.addWidget(self._area, 1)
        self.setFixedHeight(unit * 7 + self._area.horizontalScrollBar().sizeHint().height())
        self.hide()

    def show_faces(self, pictures: FacePictures) -> None:
        """Make the cards of a result anew."""
        if pictures is self._pictures:
            return
        held = self._focused()
        self._pictures, self.cards = pictures, {}
        inner = QWidget()
        row = QHBoxLayout(inner)
        row.setContentsMargins(0, 0, 0, 0)
        for picture in pictures.faces:
            row.addWidget(self._card(picture))
        row.addStretch(1)
        self._area.setWidget(inner)  # which deletes the old one
        if held in self.cards:
            self.cards[held].others.setFocus()

    def _card(self, picture: FacePicture) -> FaceCard:
        card = FaceCard(picture)
        card.moving.connect(self.moving)
        card.chosen.connect(self.chosen)
        card.versions_asked.connect(self.versions_asked)
        self.cards[picture.result.number] = card
        return card

    def _focused(self) -> int:
        """Number of the face whose button for others has the focus; -1 for none."""
        for number, card in self.cards.items():
            if card.slider is not None and card.others.hasFocus():
                return number
        return -1

    def show_choices(self, choices: Mapping[int, FaceChoice]) -> None:
        """What is chosen for the restored faces."""
        for number, choice in choices.items():
            if number in self.cards:
                self.cards[number].show_choice(choice)

    def show_hint(self, sentence: str) -> None:
        self.hint.setText(sentence)
