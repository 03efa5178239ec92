"""The two workspaces of the window, behind two tabs: one restores photos, the other makes pictures.

In: both workspaces, and the commands that belong to one of them. Out: what the menus mean now. A command
that both know (zoom, save, cancel) goes to the workspace in view; those of the other sleep, keys included.
What goes wrong anywhere is said where the person looks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QTabWidget

from ui.widgets.shared_actions import Abilities, SharedActions

if TYPE_CHECKING:
    from ui.canvas.pan_zoom import PanZoom
    from ui.generate.workspace import GenerateWorkspace
    from ui.restore.workspace import RestoreWorkspace
    from ui.widgets.workspace_messages import WorkspaceMessages

RESTORE, GENERATE = 0, 1


class Workspace(Protocol):
    """What the tabs ask of a workspace."""

    messages: WorkspaceMessages

    @property
    def viewer(self) -> PanZoom:
        """The pictures in it."""

    @property
    def abilities(self) -> Abilities:
        """Which of the shared commands make sense in it now."""

    def own_actions(self) -> list[QAction]: ...
    def own_groups(self) -> list[QActionGroup]: ...
    def cancel(self) -> None: ...
    def save(self) -> None: ...
    def copy(self) -> None: ...
    def roll_seed(self) -> None: ...


class Workspaces(QTabWidget):
    """Holds both, and sends the shared commands to the one in view."""

    entered = Signal()

    def __init__(self, restore: RestoreWorkspace, generate: GenerateWorkspace, shared: SharedActions) -> None:
        super().__init__()
        self.shared = shared
        shared.setParent(self)
        self._groups: tuple[list[QActionGroup], list[QActionGroup]] = ([], [])
        self.setDocumentMode(True)
        self.addTab(restore, self.tr("Restore"))
        self.addTab(generate, self.tr("Generate"))
        self.setTabToolTip(RESTORE, self.tr("Bring old photos back (Alt+1)."))
        self.setTabToolTip(GENERATE, self.tr("Make pictures of a class (Alt+2)."))
        self.tabBar().setAccessibleName(self.tr("What to do"))
        self.currentChanged.connect(self._on_entered)
        for action, does in (
            (shared.save, self.save),
            (shared.copy, self.copy),
            (shared.cancel, self.cancel),
            (shared.roll, self.roll_seed),
        ):
            action.triggered.connect(does)
        restore.abilities_changed.connect(self._enable)
        generate.abilities_changed.connect(self._enable)

    @property
    def generating(self) -> bool:
        """Whether the generating side is in view."""
        return self.currentIndex() == GENERATE

    @property
    def current(self) -> Workspace:
        """The one in view."""
        return cast("Workspace", self.currentWidget())

    def gate(self) -> None:
        """Put the commands of one workspace to sleep while the other is in view; called once."""
        for place in (RESTORE, GENERATE):
            workspace = cast("Workspace", self.widget(place))
            group = QActionGroup(self)
            group.setExclusionPolicy(QActionGroup.ExclusionPolicy.None_)
            for action in workspace.own_actions():
                group.addAction(action)
            self._groups[place].extend((group, *workspace.own_groups()))
        self._open_gates()

    def _open_gates(self) -> None:
        # A group that is off overrules its actions, which keep what they were told meanwhile.
        for place, groups in enumerate(self._groups):
            for group in groups:
                group.setEnabled(place == self.currentIndex())

    @Slot()
    def _enable(self) -> None:
        self.shared.enable(self.current.abilities)

    @Slot()
    def show_restore(self) -> None:
        self.setCurrentIndex(RESTORE)

    @Slot()
    def show_generate(self) -> None:
        self.setCurrentIndex(GENERATE)

    @Slot()
    def _on_entered(self) -> None:
        self._open_gates()
        self._enable()
        self.entered.emit()

    # What both know ----------------------------------------------------------------------------

    @Slot()
    def zoom_in(self) -> None:
        self.current.viewer.zoom_in()

    @Slot()
    def zoom_out(self) -> None:
        self.current.viewer.zoom_out()

    @Slot()
    def zoom_to_fit(self) -> None:
        self.current.viewer.zoom_to_fit()

    @Slot()
    def true_pixels(self) -> None:
        self.current.viewer.zoom_to(1.0)

    @Slot()
    def save(self) -> None:
        self.current.save()

    @Slot()
    def copy(self) -> None:
        self.current.copy()

    @Slot()
    def cancel(self) -> None:
        self.current.cancel()

    @Slot()
    def roll_seed(self) -> None:
        self.current.roll_seed()


class VisibleMessages(QObject):
    """Says things in the workspace in view. It stays through a change of language, the workspaces do not.
    Implements `ui.widgets.protocols.Messages`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._workspaces: Workspaces | None = None

    def show_in(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    @property
    def _messages(self) -> WorkspaceMessages:
        assert self._workspaces is not None, "the window is built before anything is said"
        return self._workspaces.current.messages

    @Slot(str)
    def error(self, text: str, about: object | None = None) -> None:
        self._messages.error(text, about)

    @Slot(str)
    def info(self, text: str) -> None:
        self._messages.info(text)

    @Slot(str)
    def status(self, text: str, announce: bool = False) -> None:
        self._messages.status(text, announce)
