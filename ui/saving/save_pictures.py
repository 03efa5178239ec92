"""Saving many pictures of a class at once, and the question before kept ones are lost.

In: the pictures, and what to do once they are safe or given up. Out: writes in the files' thread, one a
picture, named after class and seed. Files that exist are asked about before anything is written.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from ui.core import AppCore
from ui.model.document import Document
from ui.model.generated_image import GeneratedImage
from ui.model.output_name import suggested_name
from ui.saving.save_controller import Deed
from ui.widgets.dialogs import Answer, UnsavedQuestion, folder_dialog
from ui.widgets.plain_text import PlainMessageBox


class SheetSaver(QObject):
    """Serves one generating workspace; the dialogs open over its window."""

    saved = Signal(int, str)  # how many pictures lie in which folder
    asking = Signal()  # about kept pictures, which should be in view
    stayed = Signal()  # what was to follow does not

    def __init__(self, core: AppCore, workspace: QWidget) -> None:
        super().__init__(workspace)
        self._workspace, self._runs, self._generation = workspace, core.runs, core.generation
        self._wanted: list[tuple[GeneratedImage, Path]] = []
        self._writing: set[GeneratedImage] = set()
        self._count = 0
        self._folder = Path()
        self._deed: Deed | None = None
        core.runs.written.connect(self._on_written)
        core.runs.not_written.connect(self._on_not_written)

    def shut(self) -> bool:
        return True

    def ask_before_close(self, then: Deed) -> bool:
        """Whether there is something to lose; if so the person is asked, and `then` follows if they agree."""
        lost = self._generation.unsaved()
        if not lost:
            return False
        self._deed = then
        self.asking.emit()
        text = self.tr("Save %n kept picture(s) first?", "", len(lost))
        question = UnsavedQuestion(self._workspace.window(), text, self.tr("Close without saving"))
        question.setInformativeText(
            self.tr("What was not saved comes back only with the same model, class and seed.")
        )
        question.answered.connect(self._on_answer)
        question.finished.connect(question.deleteLater)
        question.open()
        return True

    def ask_folder(self) -> None:
        """Save what is kept, or all where nothing is: ask for a folder first."""
        dialog = folder_dialog(self._workspace.window(), self._folder, self.tr("Folder for the pictures"))
        dialog.fileSelected.connect(self.save_to)
        dialog.rejected.connect(self._forget)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def save_to(self, folder: str) -> None:
        """Write the pictures into a folder; files that are there already are asked about."""
        self._folder = Path(folder)
        output = self._runs.preferences.output
        pictures = self._generation.unsaved() if self._deed is not None else self._generation.to_save()
        self._wanted = []
        taken: set[Path] = set()
        for picture in pictures:
            name = Path(suggested_name(picture, output))
            path, number = self._folder / name, 2
            while path in taken:  # the same class and seed, made twice
                path, number = self._folder / name.with_stem(f"{name.stem} ({number})"), number + 1
            taken.add(path)
            self._wanted.append((picture, path))
        there = [path for _, path in self._wanted if path.exists()]
        if not there:
            self._write(overwrite=False)
            return
        question = PlainMessageBox(self._workspace.window())
        question.setIcon(QMessageBox.Icon.Warning)
        question.setWindowTitle(self.tr("The file exists"))
        text = self.tr("%n file(s) of these names exist already; one is {0}. Replace them?", "", len(there))
        question.setText(text.format(there[0].name))
        replace = question.addButton(self.tr("Replace"), QMessageBox.ButtonRole.DestructiveRole)
        replace.clicked.connect(self._replace)
        question.setDefaultButton(question.addButton(QMessageBox.StandardButton.Cancel))
        question.rejected.connect(self._forget)
        question.finished.connect(question.deleteLater)
        question.open()

    @Slot()
    def _replace(self) -> None:
        self._write(overwrite=True)

    def _write(self, overwrite: bool) -> None:
        wanted, self._wanted = self._wanted, []
        self._writing = {picture for picture, _ in wanted}
        self._count = len(wanted)
        for picture, path in wanted:
            if picture.result is not None:
                self._runs.write(picture, picture.result, path, overwrite)

    @Slot(object)
    def _on_answer(self, answer: Answer) -> None:
        if answer is Answer.SAVE:
            self.ask_folder()
        elif answer is Answer.DISCARD:
            for picture in self._generation.unsaved():
                picture.given_up = True
            self._do()
        else:
            self._forget()

    @Slot(object)
    def _on_written(self, document: Document) -> None:
        if isinstance(document, GeneratedImage) and document in self._writing:
            self._writing.discard(document)
            if not self._writing:
                self.saved.emit(self._count, str(self._folder))
                self._do()

    @Slot(object)
    def _on_not_written(self, document: Document) -> None:
        """The run controller says why.

        The others are written all the same, but nothing is done that would lose this one.
        """
        if isinstance(document, GeneratedImage) and document in self._writing:
            self._writing.discard(document)
            self._count -= 1
            self._forget()
            if not self._writing and self._count:
                self.saved.emit(self._count, str(self._folder))

    @Slot()
    def _forget(self) -> None:
        """What was to follow does not."""
        self._deed, self._wanted = None, []
        self.stayed.emit()

    def _do(self) -> None:
        deed, self._deed = self._deed, None
        if deed is not None:
            deed()
