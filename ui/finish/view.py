"""Shows the result in view with its strength and grain, at every zoom, and as a slider moves.

    sliders, canvas --> FinishView --FinishTask--> thread of the finish --FinishedPictures--> document, canvas

In: the photo in view, what the canvas shows of it, a finish that is tried. Out: pictures as fine as the
canvas shows them, of what it shows and no more.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from restorer.pipeline.finish import Finish
from ui.app_core import AppCore
from ui.canvas.canvas import Canvas
from ui.canvas.viewport import View, seen
from ui.controllers.damage.filling import fill_only
from ui.finish.sliders import FinishSliders
from ui.imaging.pyramid import Pyramid
from ui.model.document import Document
from ui.workers.finish_worker import FinishedPictures, FinishTask

MARGIN = 64  # device pixels around what is seen, so that a small step aside needs nothing new


class FinishView(QObject):
    """Serves one canvas."""

    def __init__(self, core: AppCore, canvas: Canvas, sliders: FinishSliders, parent: QObject) -> None:
        super().__init__(parent)
        self._core, self._canvas, self._sliders = core, canvas, sliders
        self._tried: Finish | None = None  # the finish of a slider that is held
        self._asked: FinishTask | None = None
        canvas.view_changed.connect(self._follow)
        core.finisher.made.connect(self._on_made)
        core.session.current_changed.connect(self._on_current)
        sliders.moving.connect(self.try_finish)
        sliders.chosen.connect(self.choose)

    def retire(self) -> None:
        """Another one takes its place."""
        for sender in (self._core.finisher, self._core.session):
            sender.disconnect(self)

    def pictures(self, document: Document) -> tuple[Pyramid, ...]:
        """What its results look like, in their order, as far as that is known."""
        plain, finished = _as_restored(document), document.finished
        if not self._finish(document).changes or finished is None or len(finished.pictures) != len(plain):
            return plain
        return finished.pictures

    def follow(self, document: Document | None) -> None:
        """The photo in view was shown anew."""
        if document is not None:
            self._sliders.show_finish(document.finish)
            self._sliders.strength.setEnabled(not fill_only(document))  # it is all that was done
            known = document.finished.grain if document.finished is not None else None
            self._sliders.show_grain(known if document.finish.grain > 0 else None)
        self._follow()

    def _finish(self, document: Document) -> Finish:
        return document.finish if self._tried is None else self._tried

    @Slot(object)
    def try_finish(self, finish: Finish) -> None:
        """Show the result so while a slider is held."""
        self._tried = finish
        self._refresh()
        self._follow()

    @Slot(object, bool)
    def choose(self, finish: Finish, merges: bool) -> None:
        """Take a finish, as a step of the history."""
        self._tried = None
        self._core.history.finish(finish, merges)
        self._refresh()
        self._follow()

    @Slot()
    def _on_current(self) -> None:
        self._tried = self._asked = None
        self._core.finisher.forget()

    def _shown(self) -> Document | None:
        """The photo in view, if the canvas shows results of it."""
        document = self._core.session.current
        if document is None or not document.at_rest or document.photo is None:
            return None
        return document if document.shows_result else None

    @Slot()
    def _follow(self) -> None:
        """Ask for what is seen, unless it is there or on its way."""
        document = self._shown()
        if document is None or document.photo is None or not self._finish(document).changes:
            return
        records = document.choice.records if document.choice is not None else (document.record,)
        dones = tuple(record.done for record in records if record is not None and record.done is not None)
        looks = self._canvas.looks()
        if not dones or len(dones) != len(records) or not looks:
            return
        finish = self._finish(document)
        more = tuple(record.more_faces for record in records if record is not None)
        for task in (self._asked, document.finished.task if document.finished is not None else None):
            same = task is not None and (task.finish, task.dones, task.more) == (finish, dones, more)
            if task is not None and same and all(_covered(seen(look), task.views) for look in looks):
                return
        views = tuple(seen(look, MARGIN) for look in looks)
        shown = _as_restored(document)
        shown = shown if len(shown) == len(dones) else ()
        self._asked = FinishTask(document.photo, dones, finish, views, more, shown, document.original)
        self._core.finisher.show(self._asked)

    @Slot(object)
    def _on_made(self, made: FinishedPictures) -> None:
        document = self._shown()
        if made.task is self._asked:
            self._asked = None
        if document is None or document.photo is not made.task.photo or not made.pictures:
            return
        if document.record is None or document.record.done not in made.task.dones:
            return
        document.show_finished(made)
        if made.task.finish.grain > 0:
            self._sliders.show_grain(made.grain)
        self._refresh()

    def _refresh(self) -> None:
        """Put the pictures on the canvas in the place of those that are there."""
        document = self._shown()
        if document is not None:
            pictures = self.pictures(document)
            self._canvas.replace_pictures(pictures if document.choosing else pictures[document.chosen :][:1])


def _as_restored(document: Document) -> tuple[Pyramid, ...]:
    """The pictures of its results as the run left them, in their order."""
    if document.varied is not None:
        return document.varied.pictures
    return () if document.after is None else (document.after,)


def _covered(view: View, views: tuple[View, ...]) -> bool:
    (left, top, width, height), level = view
    return any(
        known == level and x <= left and y <= top and left + width <= x + across and top + height <= y + down
        for (x, y, across, down), known in views
    )
