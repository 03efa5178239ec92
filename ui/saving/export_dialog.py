"""The export dialog: where, under which name, as which kind of file, how large, with which metadata.

In: a document with a result and the person's output settings. Out: `wanted(Export)`. How large the file will
be is asked of the files' thread a moment after the last change. Nothing is overwritten unasked: an existing
file is asked about once more, the original is refused.
"""

from __future__ import annotations

import dataclasses
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from restorer.errors import PhotoError
from restorer.files.destinations import same_file
from restorer.files.naming import suggested, usable
from restorer.preferences import Format, Metadata, Output
from ui.i18n import phrases
from ui.i18n.engine_messages import engine_message
from ui.inputs.enum_combo import EnumCombo
from ui.model.document import Document
from ui.model.output_name import for_kind, format_of, meant, name_problem, name_values, suffix_for
from ui.settings.dialog import format_names, metadata_names
from ui.widgets.dialogs import OverwriteQuestion
from ui.widgets.labels import WrappedLabel
from ui.widgets.plain_text import PlainLabel
from ui.workers.file_worker import FileHost
from ui.workers.messages import SizeAnswer, SizeRequest

if TYPE_CHECKING:
    from restorer.pipeline.events import Done
    from ui.workers.finish_worker import Finishing

Button = QDialogButtonBox.StandardButton
WEIGH_MS = 250
LOSSY = (".jpg", ".jpeg", ".jpe", ".jfif", ".webp")
DEEP = (".png", ".tif", ".tiff")


@dataclass(frozen=True, eq=False)
class Export:
    """A file that is wanted. done: the result the dialog is about; another may be in view by now. bits: 8 or
    16 a sample; None where the format decides."""

    done: Done
    path: Path
    output: Output
    bits: int | None
    overwrite: bool = False
    finishing: Finishing | None = None


class ExportDialog(QDialog):
    """Asks for everything a file needs."""

    wanted = Signal(object)

    def __init__(
        self, parent: QWidget, document: Document, output: Output, folder: Path, files: FileHost
    ) -> None:
        super().__init__(parent)
        done = document.to_save
        assert done is not None, "only a result or an edited photo can be exported"
        is_result = document.result is not None
        self.setWindowTitle(self.tr("Save the result") if is_result else self.tr("Save the edited photo"))
        self._document, self._done, self._folder, self._files = document, done, folder, files
        self._values, self._date = name_values(document), output.date
        self._finishing = document.finishing() if is_result else None
        self._number = 0
        self._build(output)
        self._picked = self.format.value  # the format that counts where the name says none
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(WEIGH_MS)
        self._later.timeout.connect(self._weigh)
        files.weighed.connect(self._on_weighed)
        self._follow()
        self.resize(self.fontMetrics().averageCharWidth() * 74, self.sizeHint().height())

    # Building --------------------------------------------------------------------------------

    def _build(self, output: Output) -> None:
        width, height = self._done.photo.size
        self.name = QLineEdit(suggested(output.template, self._values))
        self.name.setAccessibleName(self.tr("Name of the file"))
        self.name.setToolTip(phrases.placeholders())
        self.folder = QPushButton()
        self.folder.setAccessibleName(self.tr("Folder"))
        self.folder.setToolTip(self.tr("Choose another folder."))
        self.folder.setAutoDefault(False)
        self.format = EnumCombo(
            format_names(), output.format, self.tr("Format"), self.tr("The kind of file a result becomes.")
        )
        self.quality = _across(1, 100, output.quality)
        self.quality.setAccessibleName(self.tr("Quality of JPEG and WebP"))
        self.quality.setToolTip(self.tr("Higher is better and larger; 95 is hard to tell from the original."))
        self.quality_figure = PlainLabel()
        self.sixteen = QCheckBox(self.tr("16 bits a sample"))
        self.sixteen.setChecked(self._done.photo.bits == 16)
        self.sixteen.setAccessibleName(self.sixteen.text())
        self.side = QSpinBox()
        self.side.setRange(16, max(width, height, 16))
        self.side.setValue(min(output.long_side or self.side.maximum(), self.side.maximum()))
        self.side.setSuffix(self.tr(" pixels"))
        self.side.setAccessibleName(self.tr("Longer side"))
        self.side.setToolTip(self.tr("Save it smaller than it is; at the top the result is saved in full."))
        self.becomes = PlainLabel()
        self.metadata = EnumCombo(
            metadata_names(),
            output.metadata,
            self.tr("Metadata"),
            self.tr("What of the photo's metadata is kept. That it was reconstructed is always noted."),
        )
        self.path = WrappedLabel(muted=True)
        self.weight = PlainLabel()
        self.weight.setAccessibleName(self.tr("Size of the file"))
        self.problem = WrappedLabel()
        form = QFormLayout()
        form.addRow(self.tr("&Name"), self.name)
        form.addRow(self.tr("F&older"), self.folder)
        form.addRow(self.tr("&Format"), self.format)
        form.addRow(_label(self.tr("&Quality"), self.quality), _row(self.quality, self.quality_figure))
        form.addRow(self.sixteen)
        form.addRow(_label(self.tr("&Longer side"), self.side), _row(self.side, self.becomes))
        form.addRow(self.tr("&Metadata"), self.metadata)
        form.addRow(self.tr("Size of the file"), self.weight)
        honest = WrappedLabel(
            self.tr(
                "The file says in its metadata that it is a reconstruction, by which model and which version "
                "it is. Faces can have changed."
            ),
            muted=True,
        )
        buttons = QDialogButtonBox()
        self.save = buttons.addButton(self.tr("&Save"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.save.setToolTip(self.tr("Write the file."))
        self.save.setAccessibleName(self.tr("Save"))
        self.save.setDefault(True)
        cancel = buttons.addButton(Button.Cancel)
        cancel.setToolTip(self.tr("Save nothing."))
        cancel.setAccessibleName(self.tr("Cancel"))
        column = QVBoxLayout(self)
        column.addLayout(form)
        self.share = WrappedLabel(phrases.restored_share(self._done))
        self.share.setVisible(bool(self.share.text()))
        for part in (self.path, self.share, honest, self.problem, buttons):
            column.addWidget(part)
        buttons.accepted.connect(self._ask)
        buttons.rejected.connect(self.reject)
        self.name.textEdited.connect(self._on_name)
        self.folder.clicked.connect(self._choose_folder)
        self.format.currentIndexChanged.connect(self._on_format)
        self.quality.valueChanged.connect(self._follow)
        self.sixteen.toggled.connect(self._follow)
        self.side.valueChanged.connect(self._follow)
        self.metadata.currentIndexChanged.connect(self._follow)

    # What it says ----------------------------------------------------------------------------

    @property
    def export(self) -> Export:
        """The file as it is asked for now."""
        kind, suffix = Format(self.format.value), self._suffix(self.format.value)
        name, typed = meant(self.name.text(), self._values)
        if format_of(typed) is format_of(suffix):
            suffix = typed  # .jpeg is as good as .jpg
        else:
            name += typed
        full = self.side.value() == self.side.maximum()
        output = Output(
            format=kind,
            quality=self.quality.value(),
            sixteen=self.sixteen.isChecked(),
            metadata=Metadata(self.metadata.value),
            long_side=0 if full else self.side.value(),
            date=self._date,
        )
        bits = None if suffix.lower() not in DEEP else (16 if output.sixteen else 8)
        path = self._folder / f"{usable(name)}{suffix}"
        return Export(self._done, path, output, bits, finishing=self._finishing)

    def _suffix(self, format: str) -> str:
        return suffix_for(self._document, Format(format))

    @Slot()
    def _on_name(self) -> None:
        """A suffix that is typed is the format; without one it is the one that was picked."""
        typed = format_of(meant(self.name.text(), self._values)[1])
        if typed is format_of(self._suffix(self._picked)):
            typed = None  # it says the same
        with QSignalBlocker(self.format):
            self.format.choose(typed or self._picked)
        self._follow()

    @Slot()
    def _on_format(self) -> None:
        """A format was picked: a name that ends in another one's suffix loses it."""
        self._picked = self.format.value
        kind = format_of(self._suffix(self._picked))
        assert kind is not None, "a result is of a kind that can be written"
        if (text := for_kind(self.name.text(), kind)) != self.name.text():
            self.name.setText(text)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        """Something was changed: show what it means."""
        export = self.export
        suffix = export.path.suffix.lower()
        self.quality.setEnabled(suffix in LOSSY)
        self.quality_figure.setText(str(self.quality.value()) if suffix in LOSSY else self.tr("lossless"))
        deep = self._done.photo.bits == 16
        self.sixteen.setEnabled(suffix in DEEP and deep)
        self.sixteen.setToolTip(
            self.tr("Finer steps for further work in another program; files get larger.")
            if deep
            else self.tr("This result has 8 bits. Choose 16 bits in the settings before restoring.")
        )
        self.becomes.setText(phrases.pixel_size(*self._size(export)))
        self.folder.setText(str(self._folder))
        problem = self._complaint(export)
        self.path.setText(str(export.path))
        self.path.setVisible(not problem)
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.save.setEnabled(not problem)
        self.weight.setText("–" if problem else self.tr("…"))  # noqa: RUF001
        if problem:
            self._later.stop()
            self._number += 1  # an answer that is under way is to another question
        else:
            self._later.start()

    def _size(self, export: Export) -> tuple[int, int]:
        """Width and height of the file's picture."""
        width, height = self._done.photo.size
        factor = min(1.0, (export.output.long_side or max(width, height)) / max(width, height))
        return max(1, round(width * factor)), max(1, round(height * factor))

    def _complaint(self, export: Export) -> str:
        problem = name_problem(self.name.text(), self._values)
        if problem:
            return problem
        original = self._document.path
        if original is not None and same_file(export.path, original):
            return self.tr("{0} is the original photo. Choose another name.").format(export.path.name)
        from restorer.photo import check_size

        try:
            check_size(export.path, self._size(export))
        except PhotoError as error:
            return engine_message(error)
        return ""

    @Slot()
    def _weigh(self) -> None:
        export = self.export
        self._number += 1
        self._files.start_weighing(
            SizeRequest(
                self._number,
                self._done,
                export.path.suffix,
                export.output,
                export.bits,
                export.finishing,
            )
        )

    @Slot(object)
    def _on_weighed(self, weighed: SizeAnswer) -> None:
        if weighed.number == self._number and not self._later.isActive():
            self.weight.setText(phrases.file_size(weighed.bytes))

    # Answers ---------------------------------------------------------------------------------

    @Slot()
    def _choose_folder(self) -> None:
        chooser = QFileDialog(self, self.tr("Folder"), str(self._folder))
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.fileSelected.connect(self.set_folder)
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    @Slot(str)
    def set_folder(self, name: str) -> None:
        self._folder = Path(name)
        self._follow()

    @Slot()
    def _ask(self) -> None:
        export = self.export
        if not os.path.exists(export.path):  # of a folder that is closed to us, writing says so
            self._accept(export)
            return
        question = OverwriteQuestion(self, [export.path])
        question.replaced.connect(self._replace)
        question.open()

    @Slot()
    def _replace(self) -> None:
        self._accept(dataclasses.replace(self.export, overwrite=True))

    def _accept(self, export: Export) -> None:
        self.wanted.emit(export)
        self.accept()


def _across(least: int, most: int, value: int) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(least, most)
    slider.setPageStep(5)
    slider.setValue(value)
    return slider


def _label(text: str, buddy: QWidget) -> QLabel:
    label = PlainLabel(text)
    label.setBuddy(buddy)
    return label


def _row(main: QWidget, figure: QLabel) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(main, 1)
    row.addWidget(figure)
    return row
