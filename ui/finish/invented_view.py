"""Shows where a result was invented: a heat map over it, on every result, switched by one command.

In: the photo in view. Out: a heat map on the canvas. Where there are variations, it shows where they
disagree, as `restorer.photo.seed_disagreement` measures it; else what `restorer.photo.invented` estimates
from one result, in the thread of the finish.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox

from ui.app_core import AppCore
from ui.canvas.canvas import Canvas
from ui.imaging.pyramid import Pyramid
from ui.model.document import Document
from ui.workers.finish_worker import Invention


class InventedView(QObject):
    """Serves one canvas. action: whether it is shown; box: the same, beside the variations."""

    def __init__(
        self, core: AppCore, canvas: Canvas, action: QAction, box: QCheckBox, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._core, self._canvas, self._action, self._box = core, canvas, action, box
        self._asked: tuple[object, float] | None = None  # the result and strength that was asked about
        core.finisher.invented.connect(self._on_invented)
        core.session.current_changed.connect(self._on_current)
        action.toggled.connect(self._on_toggled)
        box.toggled.connect(action.setChecked)

    def retire(self) -> None:
        """Another one takes its place."""
        for sender in (self._core.finisher, self._core.session):
            sender.disconnect(self)

    def follow(self, document: Document | None) -> None:
        """The photo in view was shown anew."""
        self._canvas.set_heat_map(self._heat_map(document))

    def _heat_map(self, document: Document | None) -> Pyramid | None:
        """What is known of it; what is not, is asked for."""
        if document is None or not self._action.isChecked() or not document.at_rest:
            return None
        if not document.shows_result or document.photo is None or document.result is None:
            return None
        if document.varied is not None:
            return document.varied.heat_map
        wanted, known = (document.result, document.finish.strength), document.invention
        if known is not None and (known.done, known.strength) == wanted:
            return known.heat_map
        if self._asked != wanted:
            self._asked = wanted
            self._core.finisher.invent(document.photo, *wanted)
        # With another strength the last heat map stays until the new one is there.
        return known.heat_map if known is not None and known.done is document.result else None

    @Slot(bool)
    def _on_toggled(self, on: bool) -> None:
        self._box.setChecked(on)
        self.follow(self._core.session.current)

    @Slot(object)
    def _on_invented(self, invention: Invention) -> None:
        document = self._core.session.current
        if document is not None and document.result is invention.done:
            document.invention = invention
            self.follow(document)

    @Slot()
    def _on_current(self) -> None:
        self._asked = None
