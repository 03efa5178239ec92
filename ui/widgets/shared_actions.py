"""The commands that every workspace knows: cancel, save, copy, another version.

In: what the workspace in view can do now. Out: one action each, for menus; the window sends them on to the
workspace in view.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

Keys = QKeySequence.StandardKey


@dataclass(frozen=True)
class Abilities:
    """Which of the shared commands make sense in a workspace now. Cancel always does: it also closes what
    lies over the picture. edited: saving means a photo with its edits, which no run made."""

    save: bool = False
    copy: bool = False
    roll: bool = True
    edited: bool = False


class SharedActions(QObject):
    """One action a command, in the language spoken now."""

    def __init__(self) -> None:
        super().__init__()
        self.save = self._action(self.tr("&Save the result…"), Keys.Save)
        self.copy = self._action(self.tr("&Copy the result"), Keys.Copy)
        self.cancel = self._action(self.tr("&Cancel"), "Esc")
        self.roll = self._action(self.tr("Another &version"), "Ctrl+D")

    def _action(self, text: str, key: Keys | str) -> QAction:
        action = QAction(text, self)
        action.setShortcuts([QKeySequence(key)])
        return action

    def enable(self, abilities: Abilities) -> None:
        self.save.setEnabled(abilities.save)
        self.save.setText(
            self.tr("&Save the edited photo…") if abilities.edited else self.tr("&Save the result…")
        )
        self.copy.setEnabled(abilities.copy)
        self.roll.setEnabled(abilities.roll)
