"""The few questions that need an answer: which files, which folder, what about an unsaved result or a file
that exists.

In: a parent and what the question is about. Out: a dialog that is open but does
not block (no nested event loop); its answer arrives by signal at a method of the window.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton, QWidget

from ui.i18n.language import tr as _tr
from ui.widgets.plain_text import PlainMessageBox


def open_dialog(parent: QWidget, folder: Path | None, suffixes: tuple[str, ...]) -> QFileDialog:
    """Choose photos to open."""
    patterns = " ".join(f"*{suffix}" for suffix in suffixes)
    dialog = QFileDialog(parent, _tr("Open photos"), str(folder or ""))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilters([_tr("Photos ({0})").format(patterns), _tr("All files (*)")])
    return dialog


def folder_dialog(parent: QWidget, folder: Path | None, title: str = "") -> QFileDialog:
    """Choose a folder: one whose photos are opened, or whatever the title says."""
    dialog = QFileDialog(parent, title or _tr("Open a folder of photos"), str(folder or ""))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return dialog


class UnsavedAnswer(Enum):
    SAVE = auto()
    DISCARD = auto()
    CANCEL = auto()


class UnsavedQuestion(PlainMessageBox):
    """Results are about to be lost: save them, lose them, or think again?"""

    answered = Signal(object)

    def __init__(self, parent: QWidget, text: str, discard: str, save: str = "") -> None:
        super().__init__(parent)
        self.setIcon(QMessageBox.Icon.Warning)
        self.setWindowTitle(_tr("Unsaved result"))
        self.setText(text)
        self.setInformativeText(_tr("It has not been saved. A restored photo cannot be brought back later."))
        self._save: QPushButton = self.addButton(save or _tr("Save…"), QMessageBox.ButtonRole.AcceptRole)
        self._discard: QPushButton = self.addButton(discard, QMessageBox.ButtonRole.DestructiveRole)
        cancel = self.addButton(QMessageBox.StandardButton.Cancel)
        self.setDefaultButton(self._save)
        self.setEscapeButton(cancel)
        self.finished.connect(self._tell)

    def _tell(self) -> None:
        clicked = self.clickedButton()
        if clicked is self._save:
            self.answered.emit(UnsavedAnswer.SAVE)
        elif clicked is self._discard:
            self.answered.emit(UnsavedAnswer.DISCARD)
        else:
            self.answered.emit(UnsavedAnswer.CANCEL)


class OverwriteQuestion(PlainMessageBox):
    """Files of these names exist: replace them? `paths` are those that exist, at least one. `replaced` says
    yes, `rejected` no; the box deletes itself."""

    replaced = Signal()

    def __init__(self, parent: QWidget, paths: Sequence[Path]) -> None:
        super().__init__(parent)
        self.setIcon(QMessageBox.Icon.Warning)
        self.setWindowTitle(_tr("The file exists"))
        if len(paths) == 1:
            text = _tr("{0} exists already. Replace it?")
        else:
            text = _tr("%n file(s) of these names exist already; one is {0}. Replace them?", "", len(paths))
        self.setText(text.format(paths[0].name))
        replace = self.addButton(_tr("Replace"), QMessageBox.ButtonRole.DestructiveRole)
        replace.clicked.connect(self.replaced)
        self.setDefaultButton(self.addButton(QMessageBox.StandardButton.Cancel))
        self.finished.connect(self.deleteLater)


class CrashQuestion(PlainMessageBox):
    """The app crashed last time: is the report wanted?"""

    answered = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setIcon(QMessageBox.Icon.Information)
        self.setWindowTitle(_tr("Restorer crashed"))
        self.setText(_tr("Restorer ended unexpectedly last time. Your original photos are untouched."))
        self.setInformativeText(_tr("A report was kept on this computer. Do you want to see it?"))
        self._show: QPushButton = self.addButton(_tr("Show the report"), QMessageBox.ButtonRole.AcceptRole)
        dismiss = self.addButton(_tr("Throw it away"), QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self._show)
        self.setEscapeButton(dismiss)
        self.finished.connect(self._tell)

    def _tell(self) -> None:
        self.answered.emit(self.clickedButton() is self._show)
