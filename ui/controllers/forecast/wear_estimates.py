"""How worn the opened photos are estimated to be, and how many of their faces are too small to be known, for
the window to show before a run.

In: documents. Out: `estimate_of`, which asks the engine's thread once for each photo, `small_faces_of`, and
`estimated` when the answer has come.
Answers belong to a photo: after an edit, which makes another one, it is asked again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary, ref

from PySide6.QtCore import QObject, Signal, Slot

from ui.controllers.run_controller import RunController
from ui.model.document import Document
from ui.workers.messages import WearAnswer, WearRequest

if TYPE_CHECKING:
    from restorer.photo import Photo


class WearEstimates(QObject):
    """Keeps an answer for each document, and the photo that it is of only as long as the document does."""

    estimated = Signal()

    def __init__(self, runs: RunController) -> None:
        super().__init__(runs)
        self._engine = runs.engine
        self._known: WeakKeyDictionary[Document, tuple[ref[Photo], WearAnswer | None]] = WeakKeyDictionary()
        self._engine.wear_estimated.connect(self._note)

    def estimate_of(self, document: Document | None) -> float | None:
        """Wear of the document's photo, from 0 to 1; None while it is not known. Asks where nobody has."""
        if document is None or document.photo is None:
            return None
        photo, answer = self._known.get(document, (None, None))
        if photo is None or photo() is not document.photo:
            self._known[document] = (ref(document.photo), None)
            self._engine.estimate_wear(WearRequest(document.photo))
            return None
        return answer.wear if answer is not None else None

    def small_faces_of(self, document: Document | None) -> int:
        """How many faces of the document's photo are too small to be known; 0 while that is not known."""
        if document is None:
            return 0
        photo, answer = self._known.get(document, (None, None))
        if answer is None or photo is None or photo() is not document.photo:
            return 0
        return answer.small_faces

    @Slot(object)
    def _note(self, answer: WearAnswer) -> None:
        for document, (photo, _) in list(self._known.items()):
            if photo() is answer.photo:
                self._known[document] = (photo, answer)
        self.estimated.emit()
