"""The left side of the batch window: which photos, where to, and how.

In: the scales that exist, a job to begin with. Out: `job`, and a signal when it changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPushButton,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from restorer.batch.job import BatchJob
from restorer.packs import catalog
from restorer.paths import expanded
from restorer.pipeline.finish import default_grain
from restorer.pipeline.plan import heeds_clean_up
from restorer.pipeline.request import Preset, RestoreRequest
from restorer.text import shown
from ui.i18n import phrases
from ui.i18n.model_names import model_name
from ui.inputs.buttons import RepairBox
from ui.inputs.clean_up import CleanUpSlider
from ui.inputs.faces import FacesBox
from ui.widgets.plain_text import PlainLabel

TYPES = ("jpg", "tif", "png", "webp", "bmp", "heic")
LARGEST_SIDE = 100_000


class BatchForm(QWidget):
    """Everything that is asked before a job."""

    changed = Signal()
    added = Signal(object)  # a tuple of paths that came while the form is locked, or before

    def __init__(self, scales: tuple[int, ...], job: BatchJob, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._job = job
        self._sources: list[Path] = []
        unit = self.fontMetrics().height()

        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Folders and photos to restore"))
        self.list.setToolTip(self.tr("Folders and photos can be dropped on this window, too."))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setFixedHeight(unit * 6)
        self.list.setTextElideMode(Qt.TextElideMode.ElideLeft)
        self.add_folder = self._button(
            self.tr("Add a folder…"), self.tr("Choose a folder; its sub-folders belong to it.")
        )
        self.add_folder.clicked.connect(self._choose_folder)
        self.remove = self._button(
            self.tr("Remove"), self.tr("Take what is selected off the list; no file is touched.")
        )
        self.remove.clicked.connect(self._remove)
        buttons = QHBoxLayout()
        buttons.addWidget(self.add_folder)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)

        self.out = QLineEdit("" if job.out is None else str(job.out))
        self.out.setAccessibleName(self.tr("Folder for the results"))
        self.out.setPlaceholderText(self.tr("Folder for the results"))
        self.out.setToolTip(self.tr("Sub-folders are mirrored in it. It is made where it is not there yet."))
        self.choose = self._button(self.tr("Choose…"), self.tr("Choose the folder for the results."))
        self.choose.clicked.connect(self._choose_out)
        out_row = QHBoxLayout()
        out_row.addWidget(self.out, 1)
        out_row.addWidget(self.choose)

        self.scale = self._combo(
            self.tr("Enlarge"),
            self.tr("How many times as wide and as high the results become."),
            [(phrases.scale_name(s), s) for s in scales],
            job.scale,
        )
        self.preset = self._combo(
            self.tr("Quality"),
            self.tr("How much work each photo is given."),
            [(phrases.preset_name(preset), preset.value) for preset in Preset],
            job.preset.value,
        )
        self.fidelity = QSlider(Qt.Orientation.Horizontal)
        self.fidelity.setRange(0, 100)
        self.fidelity.setPageStep(10)
        self.fidelity.setValue(round(job.fidelity * 100))
        self.fidelity.setAccessibleName(self.tr("Fidelity"))
        self.fidelity.setToolTip(
            self.tr("To the right the photo is kept as it is; to the left more is re-imagined.")
        )
        self.fidelity.valueChanged.connect(self._tell)
        self.clean_up = CleanUpSlider(job.clean_up)
        self.clean_up.changed.connect(self._tell)
        self.strength = self._share(
            self.tr("Strength"),
            self.tr("How much of the restoration is taken: to the left the photo, plainly enlarged."),
            job.strength,
        )
        self._chosen_grain = job.grain
        self.grain = self._share(
            self.tr("Grain"),
            self.tr("Puts back each photo's own grain, as fine as the larger picture can show it."),
            0.0 if job.grain is None else job.grain,
        )
        self._show_grain()
        self.strength.valueChanged.connect(self._tell)
        self.fidelity.valueChanged.connect(self._show_grain)
        self.grain.valueChanged.connect(self._choose_grain)
        self.repair = RepairBox(job.repair, catalog.mender() is not None)
        self.repair.toggled.connect(self._tell)
        self.fill_damage = QCheckBox(self.tr("Find damage and fill it, cautiously"))
        self.fill_damage.setAccessibleName(self.fill_damage.text())
        self.fill_damage.setToolTip(
            self.tr("Fills only what surely is damage, before the photo is enlarged; look at the results.")
        )
        finds = catalog.finder() is not None  # what nobody looks at is left to a model
        self.fill_damage.setChecked(job.fill_damage and finds)
        if not finds:
            self.fill_damage.hide()
        self.fill_damage.toggled.connect(self._tell)
        self.faces = FacesBox(job.faces)
        self.faces.chosen.connect(self._tell)
        formats = [(self.tr("Each photo's own"), ""), ("PNG", "png"), ("JPEG", "jpg"), ("TIFF", "tif")]
        hint = self.tr("The kind of file a result becomes; its quality and metadata are as in the settings.")
        self.format = self._combo(self.tr("Format"), hint, [*formats, ("WebP", "webp")], job.format)
        answers = [
            (self.tr("Leave it, skip the photo"), "skip"),
            (self.tr("Replace it"), "replace"),
            (self.tr("Keep both"), "both"),
        ]
        hint = self.tr("What becomes of a file that has the name of a result. Originals are never replaced.")
        self.existing = self._combo(self.tr("If a result exists"), hint, answers, job.existing)
        self.template = QLineEdit(job.template)
        self.template.setAccessibleName(self.tr("Names of the results"))
        self.template.setToolTip(phrases.placeholders())
        self.types = {name: QCheckBox(name.upper()) for name in TYPES}
        for box in self.types.values():
            box.setAccessibleName(self.tr("Photos of type {0}").format(box.text()))
            box.setToolTip(self.tr("Restore photos of type {0}; others are left out.").format(box.text()))
        types_grid = QGridLayout()
        types_grid.setSpacing(unit // 3)
        for place, (name, box) in enumerate(self.types.items()):
            box.setChecked(not job.types or name in job.types.split(","))
            box.toggled.connect(self._tell)
            types_grid.addWidget(box, place // 3, place % 3)
        self.least, self.most = self._side(job.least_side), self._side(job.most_side)
        self.least.setAccessibleName(self.tr("Least pixels on the longer side"))
        self.most.setAccessibleName(self.tr("Most pixels on the longer side"))
        self.least.setToolTip(self.tr("Smaller photos are left out."))
        self.most.setToolTip(self.tr("Larger photos are left out."))
        self.least.setSpecialValueText(self.tr("any"))
        self.most.setSpecialValueText(self.tr("any"))
        sides = QHBoxLayout()
        sides.addWidget(self.least, 1)
        sides.addWidget(self.most, 1)
        self.watch = QCheckBox(self.tr("Keep watching this folder"))
        self.watch.setAccessibleName(self.watch.text())
        self.watch.setToolTip(
            self.tr("The job does not end by itself: new scans are restored as they arrive in the folder.")
        )
        self.watch.setChecked(job.watch)
        self.watch.toggled.connect(self._tell)

        form = QFormLayout()
        form.setVerticalSpacing(unit // 2)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("&Enlarge"), self.scale)
        form.addRow(self.tr("&Quality"), self.preset)
        form.addRow(self.tr("F&idelity"), self.fidelity)
        form.addRow(self.tr("Clean-&up"), self.clean_up)
        form.addRow(self.tr("&Strength"), self.strength)
        form.addRow(self.tr("&Grain"), self.grain)
        form.addRow("", self.repair)
        form.addRow("", self.fill_damage)
        form.addRow(self.tr("F&aces"), self.faces)
        if job.model is not None:
            form.addRow(self.tr("Model"), PlainLabel(model_name(job.model)))
        form.addRow(self.tr("&Format"), self.format)
        form.addRow(self.tr("If one e&xists"), self.existing)
        form.addRow(self.tr("&Names"), self.template)
        form.addRow(self.tr("Types"), types_grid)
        form.addRow(self.tr("Longer side"), sides)

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit // 2)
        column.addWidget(self.list)
        column.addLayout(buttons)
        column.addLayout(out_row)
        column.addLayout(form)
        column.addWidget(self.watch)
        column.addStretch(1)
        for line in (self.out, self.template):
            line.textChanged.connect(self._tell)
        self.clean_up.allow(self._heeds_clean_up())
        self.add_sources(job.sources)

    def _button(self, text: str, hint: str) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text)
        button.setToolTip(hint)
        return button

    def _combo(
        self, name: str, hint: str, choices: Iterable[tuple[str, object]], chosen: object
    ) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setToolTip(hint)
        for text, value in choices:
            box.addItem(text, value)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.currentIndexChanged.connect(self._tell)
        return box

    def _share(self, name: str, hint: str, value: float) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, 100)
        slider.setPageStep(10)
        slider.setValue(round(value * 100))
        slider.setAccessibleName(name)
        slider.setToolTip(hint)
        return slider

    @Slot()
    def _choose_grain(self) -> None:
        self._chosen_grain = self.grain.value() / 100
        self._tell()

    @Slot()
    def _show_grain(self) -> None:
        """Where nobody has chosen, grain goes with fidelity."""
        if self._chosen_grain is None:
            with QSignalBlocker(self.grain):
                self.grain.setValue(round(100 * default_grain(self.fidelity.value() / 100)))

    def _side(self, value: int) -> QSpinBox:
        box = QSpinBox()
        box.setRange(0, LARGEST_SIDE)
        box.setSingleStep(500)
        box.setValue(value)
        box.setSuffix(self.tr(" px"))
        box.valueChanged.connect(self._tell)
        return box

    @property
    def job(self) -> BatchJob:
        """The form as it stands."""
        types = [name for name, box in self.types.items() if box.isChecked()]
        out = self.out.text().strip()
        return replace(
            self._job,
            sources=tuple(self._sources),
            out=expanded(out) if out else None,
            scale=int(self.scale.currentData() or 4),
            preset=Preset(self.preset.currentData()),
            fidelity=self.fidelity.value() / 100,
            clean_up=self.clean_up.value,
            strength=self.strength.value() / 100,
            grain=self._chosen_grain,
            repair=self.repair.isChecked(),
            fill_damage=self.fill_damage.isChecked(),
            faces=self.faces.value,
            format=str(self.format.currentData()),
            existing=str(self.existing.currentData()),
            template=self.template.text(),
            types="" if len(types) in (0, len(TYPES)) else ",".join(types),
            least_side=self.least.value(),
            most_side=self.most.value(),
            watch=self.watch.isChecked(),
        )

    def add_sources(self, paths: Iterable[Path]) -> None:
        """More folders or photos; a place for the results is suggested with the first."""
        new = [path for path in paths if path not in self._sources]
        for path in new:
            self._sources.append(path)
            self.list.addItem(" ".join(shown(path).split()))
        if new and not self.out.text():
            first = new[0] if new[0].is_dir() else new[0].parent
            self.out.setText(str(first.with_name(f"{first.name} restored")))
        if new:
            self.added.emit(tuple(new))
            self.changed.emit()

    def lock(self, on: bool) -> None:
        """While a job runs only the list of photos may grow."""
        fields = (self.out, self.choose, self.scale, self.preset, self.fidelity, self.format, self.existing)
        more = (
            self.strength,
            self.grain,
            self.repair,
            self.fill_damage,
            self.faces,
            self.template,
            *self.types.values(),
            self.least,
            self.most,
            self.watch,
            self.remove,
        )
        for widget in (*fields, *more):
            widget.setEnabled(not on)
        self.clean_up.setEnabled(not on and self._heeds_clean_up())

    def _heeds_clean_up(self) -> bool:
        job = self.job
        return heeds_clean_up(RestoreRequest(Path(), job.scale, job.preset, model=job.model))

    @Slot()
    def _tell(self) -> None:
        self.clean_up.allow(self._heeds_clean_up())
        self.changed.emit()

    @Slot()
    def _remove(self) -> None:
        for row in sorted((self.list.row(item) for item in self.list.selectedItems()), reverse=True):
            self.list.takeItem(row)
            del self._sources[row]
        self.changed.emit()

    @Slot()
    def _choose_folder(self) -> None:
        self._ask(self.tr("A folder of photos"), self._on_folder)

    @Slot()
    def _choose_out(self) -> None:
        self._ask(self.tr("A folder for the results"), self._on_out)

    def _ask(self, title: str, answer: object) -> None:
        dialog = QFileDialog(self, title)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
        dialog.fileSelected.connect(answer)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _on_folder(self, name: str) -> None:
        self.add_sources([Path(name)])

    @Slot(str)
    def _on_out(self, name: str) -> None:
        self.out.setText(name)
