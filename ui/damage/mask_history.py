"""What a person does to a mask while the tool is open, one step at a time, undone and redone.

In: strokes, and whole masks that were found, loaded or cleared. Out: the mask after each, given to whoever
holds it. A stroke keeps the tiles that it changed, not a mask of its own. The steps end with the tool: the
photo's history then has one step for all of them (`ui.controllers.damage`). No widget.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand, QUndoStack

from ui.damage.mask_map import Box
from ui.damage.stroke import Stroke, Tiles, changed_box, with_tiles
from ui.model.marked_damage import MarkedDamage

__all__ = ["MaskHistory"]

MOST_STEPS = 200
Put = Callable[[MarkedDamage, Box | None], None]
"""Takes the mask after a step, and the box that changed; None for all of it."""


class MaskHistory(QObject):
    """The steps of one opening of the tool. marked: what is marked now."""

    def __init__(self, marked: MarkedDamage, put: Put, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.marked, self._put = marked, put
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(MOST_STEPS)

    def stroke(self, stroke: Stroke, text: str) -> None:
        """A stroke is finished. text: what the step is called."""
        after = stroke.after()
        if any((after[place] != tile).any() for place, tile in stroke.before.items()):
            self.stack.push(_StrokeStep(self, stroke.before, after, text))

    def replace(self, marked: MarkedDamage, text: str) -> None:
        """Another mask takes the place of this one."""
        self.stack.push(_MaskStep(self, self.marked, marked, text))

    def show(self, marked: MarkedDamage, box: Box | None = None) -> None:
        """The mask is another one now, be it by a step or by what is no step, such as the slider."""
        self.marked = marked
        self._put(marked, box)


class _StrokeStep(QUndoCommand):
    def __init__(self, history: MaskHistory, before: Tiles, after: Tiles, text: str) -> None:
        super().__init__(text)
        self._history, self._before, self._after = history, before, after

    def redo(self) -> None:
        self._show(self._after)

    def undo(self) -> None:
        self._show(self._before)

    def _show(self, tiles: Tiles) -> None:
        marked = self._history.marked
        said = with_tiles(marked.planes.read()[1], tiles)
        self._history.show(marked.with_said(said), changed_box(tiles, marked.size))


class _MaskStep(QUndoCommand):
    def __init__(self, history: MaskHistory, before: MarkedDamage, after: MarkedDamage, text: str) -> None:
        super().__init__(text)
        self._history, self._before, self._after = history, before, after

    def redo(self) -> None:
        self._history.show(self._after)

    def undo(self) -> None:
        self._history.show(self._before)
