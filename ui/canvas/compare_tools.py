"""The tools for comparing: divider, side by side, blink, before alone, and the loupe, as actions and as
buttons.

In: a canvas. Out: actions for a menu, and a bar of buttons for the strip; the ways to compare are
offered only while there are two pictures.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QWidget

from ui.canvas.canvas import Canvas
from ui.canvas.pane_layout import Mode
from ui.inputs.buttons import IconButton


class CompareTools(QObject):
    """Owns how the canvas compares."""

    changed = Signal(object)  # the Mode that was chosen

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.bar = QWidget()
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(0, 0, canvas.fontMetrics().height(), 0)
        row.setSpacing(canvas.fontMetrics().height() // 6)
        self.modes: dict[Mode, QAction] = {}
        self.group, self._buttons = QActionGroup(self), QButtonGroup(self)
        for mode, name, hint, key in (
            (Mode.DIVIDER, self.tr("&Divider"), self.tr("Before and after on two sides of a line (D)."), "D"),
            (Mode.SIDE, self.tr("&Side by side"), self.tr("Before and after beside each other (S)."), "S"),
            (Mode.BLINK, self.tr("Blin&k"), self.tr("Before and after in turn (K)."), "K"),
        ):
            action, button = self._action(name, key, mode.value, hint, row)
            self._buttons.addButton(button)  # exclusive: the one that is on cannot be clicked off
            action.setData(mode)
            self.group.addAction(action)
            self.modes[mode] = action
        self.loupe, _ = self._action(
            self.tr("&Loupe"), "L", "loupe", self.tr("A magnifying glass at the pointer (L)."), row
        )
        self.invented, _ = self._action(
            self.tr("Show what was in&vented"),
            "I",
            "invented",
            self.tr("Colours the detail that the photo does not tell and the model invented (I)."),
            row,
        )
        self.before_only = QAction(self.tr("Show only &before"), self)
        self.before_only.setCheckable(True)
        self.before_only.setShortcut("B")
        self.before_only.toggled.connect(canvas.set_before_only)
        self.modes[canvas.mode].setChecked(True)
        self.group.triggered.connect(self._choose)
        self.loupe.toggled.connect(canvas.set_loupe)
        canvas.comparing_changed.connect(self._offer)
        self._offer(canvas.comparing)

    def fill(self, menu: QMenu) -> None:
        """Put the actions into a menu."""
        for action in (self.before_only, *self.modes.values(), self.loupe, self.invented):
            menu.addAction(action)

    def offer_before_only(self, on: bool) -> None:
        """The before side alone makes sense where there is a result."""
        self.before_only.setEnabled(on)
        if not on:
            self.before_only.setChecked(False)

    def offer_invented(self, on: bool) -> None:
        """There is something to colour where there is a result; whether it is wanted stays."""
        self.invented.setEnabled(on)

    def _action(
        self, name: str, key: str, drawing: str, hint: str, row: QHBoxLayout
    ) -> tuple[QAction, IconButton]:
        action = QAction(name, self)
        action.setCheckable(True)
        action.setShortcut(QKeySequence(key))
        action.setToolTip(hint)
        button = IconButton(drawing, name.replace("&", ""), hint)
        button.setCheckable(True)
        button.clicked.connect(action.trigger)
        action.toggled.connect(button.setChecked)
        action.enabledChanged.connect(button.setEnabled)
        row.addWidget(button)
        return action, button

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        self._canvas.set_mode(action.data())
        self.changed.emit(action.data())

    @Slot(bool)
    def _offer(self, comparing: bool) -> None:
        for action in self.modes.values():
            action.setEnabled(comparing)
        self.loupe.setEnabled(not self._canvas.empty)
