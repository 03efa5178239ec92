"""Edits before a run: what the Edit menu does to the photo in view, and the panel with its history.

In: the menu. Out: edits for `ui.controllers.history`, and a dock for the window. Every edit can be undone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDockWidget, QMenu, QWidget

from ui.app_core import AppCore
from ui.canvas.canvas import Canvas
from ui.canvas.crop_tool import CropTool
from ui.restore.history_panel import HistoryPanel
from ui.restore.tone_tool import ToneTool

if TYPE_CHECKING:
    from restorer.photo.edits import Edit
    from ui.model.document import Document

Keys = QKeySequence.StandardKey


class EditActions(QObject):
    """Edits of the photo in view, in the current language."""

    def __init__(self, core: AppCore, canvas: Canvas, parent: QWidget) -> None:
        super().__init__(parent)
        self._core, self._canvas = core, canvas
        self.cropper: CropTool | None = None
        self.toner: ToneTool | None = None
        self._tools: list[QAction] = []
        self._grey: QAction | None = None
        self.actions: list[QAction] = []  # all of the Edit menu
        self._steps = HistoryPanel(core.history.group, core.compare)
        self.dock = QDockWidget(self.tr("History"))
        self.dock.setObjectName("history")
        self.dock.setWidget(self._steps)
        self._undo, self._redo = QAction(self), QAction(self)
        group = core.history.group
        for changed in (group.undoTextChanged, group.redoTextChanged):
            changed.connect(self._show_history)
        for changed in (group.canUndoChanged, group.canRedoChanged):
            changed.connect(self._show_history)

    @Slot()
    def _show_history(self) -> None:
        """What undo and redo would do now, in the menu."""
        group = self._core.history.group
        for action, always, named, text, able in (
            (self._undo, self.tr("Undo"), self.tr("Undo: {0}"), group.undoText(), group.canUndo()),
            (self._redo, self.tr("Redo"), self.tr("Redo: {0}"), group.redoText(), group.canRedo()),
        ):
            action.setText(named.format(text) if text else always)
            action.setProperty("always", always)
            action.setEnabled(able)

    def fill(self, menu: QMenu) -> None:
        """The Edit menu; called once."""
        group = self._core.history.group
        undo, redo = self._undo, self._redo
        undo.setShortcuts(QKeySequence.keyBindings(Keys.Undo))
        undo.triggered.connect(group.undo)
        redo.setShortcuts([*QKeySequence.keyBindings(Keys.Redo), QKeySequence("Ctrl+Y")])
        redo.triggered.connect(group.redo)
        self._show_history()
        menu.addActions([undo, redo])
        menu.addSeparator()
        for text, does, keys in (
            (self.tr("Turn &left"), self.turn_left, "Ctrl+["),
            (self.tr("Turn &right"), self.turn_right, "Ctrl+]"),
            (self.tr("&Straighten and crop…"), self.crop, "Ctrl+K"),
            (self.tr("&Black and white"), self.grey, "Ctrl+G"),
            (self.tr("&Auto levels for faded photos"), self.levels, "Ctrl+L"),
            (self.tr("&White balance and contrast…"), self.tones, "Ctrl+Shift+L"),
        ):
            action = QAction(text, self)
            action.setShortcut(keys)
            action.setCheckable(does == self.grey)
            action.triggered.connect(does)
            menu.addAction(action)
            self._tools.append(action)
            if action.isCheckable():
                self._grey = action
        menu.addSeparator()
        show = self.dock.toggleViewAction()
        show.setText(self.tr("Show the &history"))
        show.setShortcut("Ctrl+H")
        menu.addAction(show)
        compare = QAction(self.tr("Co&mpare with an earlier result…"), self)
        compare.setShortcut("C")
        compare.triggered.connect(self.compare)
        compare.setEnabled(self._core.compare.able)
        self._core.compare.able_changed.connect(compare.setEnabled)
        menu.addAction(compare)
        self.actions = [undo, redo, *self._tools, show, compare]

    @property
    def history_visible(self) -> bool:
        """Whether the panel of steps is wanted."""
        return not self.dock.isHidden()

    @Slot()
    def compare(self) -> None:
        """Show the history and list the results that can be compared with the one in view."""
        self.dock.show()
        self._steps.offer()

    def follow(self, document: Document | None) -> None:
        """The photo in view changed, or something about it."""
        ready = document is not None and document.at_rest and not document.queued
        for tool in self._tools:
            tool.setEnabled(ready)
        if self._grey is not None:
            photo = document.photo if document is not None else None
            self._grey.setChecked(photo is not None and photo.grey)
        cropping = self.cropper is not None
        if not ready and self.close_cropper() and document is not None:
            not_cropped, not_changed = self.tr("The crop was not applied."), self.tr("Nothing was changed.")
            self._core.runs.noted.emit(not_cropped if cropping else not_changed)

    def apply(self) -> None:
        """Apply what a tool is set to, so that a run gets the part in the frame and its tones."""
        for tool in (self.cropper, self.toner):
            if tool is not None:
                tool.apply()

    def close_cropper(self) -> bool:
        """Close the tool over the canvas and leave the photo as it is; False if none was open."""
        tool = self.cropper or self.toner
        if tool is None:
            return False
        tool.cancel()
        return True

    def _edit(self, edit: Edit) -> None:
        self._core.history.edit(edit)

    @Slot()
    def turn_left(self) -> None:
        from restorer.photo.edits import Turn

        self._edit(Turn(3))

    @Slot()
    def turn_right(self) -> None:
        from restorer.photo.edits import Turn

        self._edit(Turn(1))

    @Slot()
    def grey(self) -> None:
        self._core.history.toggle_grey()
        self.follow(self._core.session.current)  # the mark shows what is, not what was asked for

    @Slot()
    def levels(self) -> None:
        from restorer.photo.edits import Levels

        self._edit(Levels())

    @Slot()
    def crop(self) -> None:
        """Open the cropper over the canvas."""
        document = self._core.session.current
        if document is None or document.original is None or self.cropper is not None:
            return
        self.close_cropper()
        image = document.original.level_for(0.0 if len(document.original.levels) < 3 else 0.3)
        self.cropper = CropTool(image, self._canvas, document.original.size)
        self._core.session.keeps_view = True
        self.cropper.done.connect(self._on_cropped)
        self.cropper.closed.connect(self._on_closed)

    @Slot()
    def tones(self) -> None:
        """Open the sliders for white balance, brightness and contrast over the canvas."""
        document = self._core.session.current
        if document is None or document.photo is None or self.toner is not None:
            return
        self.close_cropper()
        self.toner = ToneTool(document.photo, self._canvas)
        self._core.session.keeps_view = True
        self.toner.done.connect(self._on_toned)
        self.toner.closed.connect(self._on_closed)

    @Slot(object)
    def _on_toned(self, edits: tuple[Edit, ...]) -> None:
        self._core.history.edit(*edits)

    @Slot()
    def _on_closed(self) -> None:
        self.cropper = self.toner = None
        self._core.session.keeps_view = False
        self._canvas.setFocus()

    @Slot(float, float, float, float, float)
    def _on_cropped(self, degrees: float, left: float, top: float, width: float, height: float) -> None:
        from restorer.photo.edits import Crop, Straighten

        edits: list[Edit] = []
        if abs(degrees) >= 0.05:
            edits.append(Straighten(round(degrees, 1)))
        if width < 0.999 or height < 0.999:
            edits.append(Crop(*(round(share, 5) for share in (left, top, width, height))))
        self._core.history.edit(*edits)
