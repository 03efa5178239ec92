"""The two sides of the window, behind two tabs: photos are restored on one, pictures are made on the other.

In: both sides, and the commands that belong to one of them. Out: what the menus mean now. A command that both
sides know (zoom, save, cancel) goes to the side in view; those of the other side sleep, keys included. What
goes wrong anywhere is said where the person looks.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QTabWidget, QWidget

if TYPE_CHECKING:
    from ui.canvas.canvas import Canvas
    from ui.canvas.pan_zoom import PanZoom
    from ui.generate.workspace import GenerateWorkspace
    from ui.widgets.banner import Banner
    from ui.widgets.status_bar import StatusBar

RESTORE, GENERATE = 0, 1


class Workspaces(QTabWidget):
    """Holds the restoring side, whose parts are the window's, and the generating side."""

    entered = Signal()

    def __init__(
        self, side: QWidget, canvas: Canvas, banner: Banner, strip: StatusBar, generate: GenerateWorkspace
    ) -> None:
        super().__init__()
        self._parts = ((canvas, banner, strip), (generate.sheet, generate.banner, generate.strip))
        self._groups: tuple[list[QActionGroup], list[QActionGroup]] = ([], [])
        self.setDocumentMode(True)
        self.addTab(side, self.tr("Restore"))
        self.addTab(generate, self.tr("Generate"))
        self.setTabToolTip(RESTORE, self.tr("Bring old photos back (Alt+1)."))
        self.setTabToolTip(GENERATE, self.tr("Make pictures of a class (Alt+2)."))
        self.tabBar().setAccessibleName(self.tr("What to do"))
        self.currentChanged.connect(self._on_entered)

    @property
    def generating(self) -> bool:
        """Whether the generating side is in view."""
        return self.currentIndex() == GENERATE

    @property
    def looker(self) -> PanZoom:
        """The pictures in view."""
        return self._parts[self.currentIndex()][0]

    @property
    def banner(self) -> Banner:
        return self._parts[self.currentIndex()][1]

    @property
    def strip(self) -> StatusBar:
        return self._parts[self.currentIndex()][2]

    def gate(self, room: int, actions: Iterable[QAction], groups: Iterable[QActionGroup] = ()) -> None:
        """These commands, and those of these groups, are for one side alone."""
        group = QActionGroup(self)
        group.setExclusionPolicy(QActionGroup.ExclusionPolicy.None_)
        for action in actions:
            group.addAction(action)
        self._groups[room].extend((group, *groups))
        self._open_gates()

    def _open_gates(self) -> None:
        # A group that is off overrules its actions, which keep what they were told meanwhile.
        for room, groups in enumerate(self._groups):
            for group in groups:
                group.setEnabled(room == self.currentIndex())

    @Slot()
    def show_restore(self) -> None:
        self.setCurrentIndex(RESTORE)

    @Slot()
    def show_generate(self) -> None:
        self.setCurrentIndex(GENERATE)

    @Slot()
    def _on_entered(self) -> None:
        self._open_gates()
        self.entered.emit()

    # What both sides know ----------------------------------------------------------------------

    @Slot()
    def zoom_in(self) -> None:
        self.looker.zoom_in()

    @Slot()
    def zoom_out(self) -> None:
        self.looker.zoom_out()

    @Slot()
    def zoom_to_fit(self) -> None:
        self.looker.zoom_to_fit()

    @Slot()
    def true_pixels(self) -> None:
        self.looker.zoom_to(1.0)

    @Slot(str)
    def say(self, sentence: str) -> None:
        """Something went wrong."""
        self.banner.say(sentence)

    @Slot(str)
    def note(self, sentence: str) -> None:
        """Something is worth knowing."""
        self.banner.note(sentence)
