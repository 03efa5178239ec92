"""The panel of a photo's steps: going back to one, and comparing its result with the one in view.

In: the history. Out: steps undone and redone, which the list does by itself, and wishes to compare: from a
step's own menu, or from a button for those who use keys.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction, QContextMenuEvent, QMouseEvent, QUndoGroup
from PySide6.QtWidgets import QListView, QMenu, QUndoView, QVBoxLayout, QWidget

from ui.controllers.compare import PHOTO, CompareController
from ui.inputs.buttons import ActionButton

NO_STEP = -1


class HistoryView(QUndoView):
    """The steps. A press of the right button asks about a step and does not go there."""

    menu_asked = Signal(int, QPoint)  # the step, or NO_STEP for none in particular; where, on the screen

    def __init__(self, group: QUndoGroup, parent: QWidget | None = None) -> None:
        super().__init__(group, parent)
        self.setWordWrap(True)  # a step says more than fits into a line
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEmptyLabel(self.tr("The photo as it was opened"))
        self.setAccessibleName(self.tr("History of this photo"))
        self.setToolTip(
            self.tr(
                "Choose a step to go back to it, or forward again. "
                "The right button compares its result with the one in view."
            )
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.RightButton:
            super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        self.menu_asked.emit(self.indexAt(event.pos()).row() if mouse else NO_STEP, event.globalPos())


class HistoryPanel(QWidget):
    """The steps with the button below them."""

    def __init__(self, group: QUndoGroup, comparer: CompareController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._comparer = comparer
        self.steps = HistoryView(group, self)
        self.button = ActionButton(self.tr("Compare with…"))
        self.button.setAccessibleName(self.tr("Compare with an earlier result"))
        self.button.setToolTip(
            self.tr("Put another result of this photo in the photo's place, beside the one in view (C).")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.steps, 1)
        column.addWidget(self.button)
        self.steps.menu_asked.connect(self._on_menu)
        self.button.clicked.connect(self.offer)
        comparer.able_changed.connect(self.button.setEnabled)
        self.button.setEnabled(comparer.able)

    @Slot()
    def offer(self) -> None:
        """List what can be on the Before side."""
        self._list(self.button.mapToGlobal(QPoint(0, 0)))

    def _list(self, where: QPoint) -> None:
        menu = self._menu()
        now = self._comparer.now
        for number, name in [(PHOTO, self.tr("The photo")), *self._comparer.choices()]:
            action = self._add(menu, name, number, number == now)
            if action.isChecked():
                menu.setActiveAction(action)
        menu.popup(where - QPoint(0, menu.sizeHint().height()))

    @Slot(int, QPoint)
    def _on_menu(self, number: int, where: QPoint) -> None:
        if number < 0:
            self._list(where)
            return
        menu = self._menu()
        now = number == self._comparer.now
        action = self._add(menu, self.tr("Compare with this"), PHOTO if now else number, now)
        action.setEnabled(number in [step for step, _ in self._comparer.choices()])
        menu.popup(where)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.triggered.connect(self._on_chosen)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _add(self, menu: QMenu, name: str, number: int, on: bool) -> QAction:
        action = menu.addAction(name)
        action.setCheckable(True)
        action.setChecked(on)
        action.setData(number)
        return action

    @Slot(QAction)
    def _on_chosen(self, action: QAction) -> None:
        self._comparer.compare(action.data())
