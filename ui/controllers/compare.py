"""Puts an earlier result of the photo in view on the Before side, and the photo back there.

In: the number of a step. Out: `document.against`; its picture is made in the attic's thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from ui.controllers.history import History, stands
from ui.model.comparison import Against, comparable, in_force

if TYPE_CHECKING:
    from ui.controllers.run_controller import Workshop
    from ui.imaging.pyramid import Pyramid
    from ui.model.document import Document
    from ui.model.result import Snapshot

PHOTO = -1  # stands for the photo among what can be on the Before side


class Comparer(QObject):
    """Serves one window."""

    able_changed = Signal(bool)  # whether there is another result to compare with

    def __init__(self, workshop: Workshop, history: History) -> None:
        super().__init__(history)
        self._session, self._storer = workshop.session, history.storer
        self._workshop = workshop
        self._wanted: tuple[Document, Snapshot] | None = None
        self._able = False
        self._storer.pictured.connect(self._on_pictured)
        workshop.session.changed.connect(self._follow)
        workshop.session.current_changed.connect(self._follow)

    @property
    def able(self) -> bool:
        return self._able

    def choices(self) -> list[tuple[int, str]]:
        """The steps whose results can be on the Before side, with their names; newest first."""
        document = self._session.current
        if document is None or not document.at_rest:
            return []
        found: dict[object, tuple[int, str]] = {}
        for number, stand in enumerate(stands(document)):
            if comparable(document, stand):
                name = document.stack.text(number - 1) if number else self.tr("The first result")
                found.setdefault(stand.held, (number, name))  # a step of desk work has none of its own
        return list(found.values())[::-1]

    @property
    def now(self) -> int:
        """Which step is on the Before side; `PHOTO` for the photo."""
        document = self._session.current
        against = in_force(document) if document is not None else None
        if document is None or against is None:
            return PHOTO
        helds = [stand.held for stand in stands(document)]
        return helds.index(against.stand.held) if against.stand.held in helds else PHOTO

    def compare(self, number: int) -> None:
        """Put the result of a step, or the photo, on the Before side."""
        document = self._session.current
        if document is None:
            return
        self._wanted = None
        if number not in [step for step, _ in self.choices()]:
            document.clear_overlay()
            return
        stand = stands(document)[number]
        if stand.held is not None:
            self._wanted = document, stand
            self._storer.start_picture(stand.held)

    @Slot(object, object, str)
    def _on_pictured(self, held: object, picture: Pyramid | None, trouble: str) -> None:
        if self._wanted is None or self._wanted[1].held is not held:
            return
        (document, stand), self._wanted = self._wanted, None
        if picture is None:
            self._workshop.warned.emit(trouble)
        elif document is self._session.current and comparable(document, stand):
            document.against = Against(stand, picture)
            document.notify()

    @Slot()
    def _follow(self) -> None:
        able = bool(self.choices())
        if able != self._able:
            self._able = able
            self.able_changed.emit(able)
