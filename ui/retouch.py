"""Desk work before a run: what the Edit menu does to the photo in view, and the panel that shows its history.

In: the menu. Out: edits for `ui.history`. Everything here can be undone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDockWidget, QMenu, QUndoView

from ui import memory
from ui.cropper import Cropper
from ui.history import History

if TYPE_CHECKING:
    from restorer.edits import Edit
    from ui.session import Document
    from ui.window import Window

Keys = QKeySequence.StandardKey


class Retouch(QObject):
    """One window's desk work."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.history = History(window.workshop)
        self.cropper: Cropper | None = None
        self._tools: list[QAction] = []
        self.actions: list[QAction] = []  # all of the Edit menu
        self._dock: QDockWidget | None = None
        self._undo: QAction | None = None
        self._redo: QAction | None = None
        group = self.history.group
        for changed in (group.undoTextChanged, group.redoTextChanged):
            changed.connect(self._tell_history)
        for changed in (group.canUndoChanged, group.canRedoChanged):
            changed.connect(self._tell_history)

    @Slot()
    def _tell_history(self) -> None:
        """What undo and redo would do now, in the menu."""
        group = self.history.group
        if self._undo is None or self._redo is None:
            return
        for action, always, named, text, able in (
            (self._undo, self.tr("Undo"), self.tr("Undo: {0}"), group.undoText(), group.canUndo()),
            (self._redo, self.tr("Redo"), self.tr("Redo: {0}"), group.redoText(), group.canRedo()),
        ):
            action.setText(named.format(text) if text else always)
            action.setProperty("always", always)
            action.setEnabled(able)

    def fill(self, menu: QMenu, add: QObject) -> None:
        """The Edit menu, in the language spoken now; `add` is what the actions belong to."""
        group = self.history.group
        self._undo, self._redo = undo, redo = QAction(add), QAction(add)
        undo.setShortcuts(QKeySequence.keyBindings(Keys.Undo))
        undo.triggered.connect(group.undo)
        redo.setShortcuts([*QKeySequence.keyBindings(Keys.Redo), QKeySequence("Ctrl+Y")])
        redo.triggered.connect(group.redo)
        self._tell_history()
        menu.addActions([undo, redo])
        menu.addSeparator()
        self._tools = []
        for text, does, keys in (
            (self.tr("Turn &left"), self.turn_left, "Ctrl+["),
            (self.tr("Turn &right"), self.turn_right, "Ctrl+]"),
            (self.tr("&Straighten and crop…"), self.crop, "Ctrl+K"),
            (self.tr("&Black and white"), self.grey, "Ctrl+G"),
            (self.tr("&Auto levels for faded photos"), self.levels, "Ctrl+L"),
        ):
            action = QAction(text, add)
            action.setShortcut(keys)
            action.triggered.connect(does)
            menu.addAction(action)
            self._tools.append(action)
        menu.addSeparator()
        dock = self._panel()
        show = dock.toggleViewAction()
        show.setText(self.tr("Show the &history"))
        show.setShortcut("Ctrl+H")
        menu.addAction(show)
        self.actions = [undo, redo, *self._tools, show]

    @property
    def shown(self) -> bool:
        """Whether the panel of steps is wanted: as it is, or as it was left."""
        return memory.history(self._window.store) if self._dock is None else not self._dock.isHidden()

    def _panel(self) -> QDockWidget:
        """The panel of steps; made anew where the language changed."""
        shown = self.shown
        if self._dock is not None:
            self._window.removeDockWidget(self._dock)
            self._dock.deleteLater()
            self.history.retell()
        dock = self._dock = QDockWidget(self.tr("History"), self._window)
        dock.setObjectName("history")
        view = QUndoView(self.history.group)
        view.setEmptyLabel(self.tr("The photo as it was opened"))
        view.setAccessibleName(self.tr("History of this photo"))
        view.setToolTip(self.tr("Choose a step to go back to it, or forward again."))
        dock.setWidget(view)
        self._window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
        dock.setVisible(shown)
        return dock

    def follow(self, document: Document | None) -> None:
        """The photo in view changed, or something about it."""
        ready = document is not None and document.at_rest and not document.queued
        for tool in self._tools:
            tool.setEnabled(ready)
        if not ready and self.cropper is not None:
            self.cropper.sheet.given_up.emit()

    def _do(self, edit: Edit) -> None:
        self.history.edit(edit)

    @Slot()
    def turn_left(self) -> None:
        from restorer.edits import Turn

        self._do(Turn(3))

    @Slot()
    def turn_right(self) -> None:
        from restorer.edits import Turn

        self._do(Turn(1))

    @Slot()
    def grey(self) -> None:
        from restorer.edits import Grey

        self._do(Grey())

    @Slot()
    def levels(self) -> None:
        from restorer.edits import Levels

        self._do(Levels())

    @Slot()
    def crop(self) -> None:
        """Open the cropper over the canvas."""
        document = self._window.session.current
        if document is None or document.original is None or self.cropper is not None:
            return
        image = document.original.level_for(0.0 if len(document.original.levels) < 3 else 0.3)
        self.cropper = Cropper(image, self._window.canvas)
        self.cropper.done.connect(self._on_cropped)
        self.cropper.closed.connect(self._on_closed)

    @Slot()
    def _on_closed(self) -> None:
        self.cropper = None
        self._window.canvas.setFocus()

    @Slot(float, float, float, float, float)
    def _on_cropped(self, degrees: float, left: float, top: float, width: float, height: float) -> None:
        from restorer.edits import Crop, Straighten

        edits: list[Edit] = []
        if abs(degrees) >= 0.05:
            edits.append(Straighten(round(degrees, 1)))
        if width < 0.999 or height < 0.999:
            edits.append(Crop(*(round(share, 5) for share in (left, top, width, height))))
        self.history.edit(*edits)
