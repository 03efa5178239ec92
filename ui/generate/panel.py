"""The panel of the Generate side: which model, which class, how many, how large, from which seed.

In: the packs that can begin a cascade. Out: `options`, and signals for what the person asks for. It knows no
engine; what a model is able to is read from its pack.
"""

from __future__ import annotations

import secrets

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from restorer.errors import RestorerError
from restorer.packs.pack import Pack
from restorer.pipeline.plan import bases, plan_generate, sizes
from restorer.pipeline.request import MOST, GenerateRequest
from ui.generate.class_picker import ClassPicker
from ui.i18n import phrases
from ui.i18n.engine_messages import engine_message
from ui.inputs.buttons import ActionButton, IconButton, show_pause
from ui.inputs.segmented import Segments
from ui.model.options import ROLLED, GenerateOptions
from ui.restore.advanced_box import LARGEST_SEED
from ui.restore.control_panel import PRESETS
from ui.widgets.labels import WrappedLabel, heading
from ui.widgets.plain_text import PlainLabel


class GeneratePanel(QWidget):
    """Everything that is asked before pictures are made."""

    paint_asked = Signal()
    cancel_asked = Signal()
    pause_asked = Signal()
    changed = Signal()  # the options
    trouble = Signal(str)  # a sentence about a pack that cannot be used

    def __init__(self, options: GenerateOptions, name: str = "", parent: QWidget | None = None) -> None:
        """options: what is set at first. `name`: that of the class, which outlives a change of the model."""
        super().__init__(parent)
        self._packs: list[Pack] = []
        self._sizes: tuple[int, ...] = ()
        self._busy = False
        self._preferred_size = options.size
        unit = self.fontMetrics().height()
        self.setFixedWidth(self.fontMetrics().averageCharWidth() * 40)
        self.setAutoFillBackground(True)

        self.base = QComboBox()
        self.base.setAccessibleName(self.tr("Model"))
        self.base.setToolTip(self.tr("The model that makes small pictures, which others then enlarge."))
        self.base.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.base.setMinimumContentsLength(12)
        self._base_words = PlainLabel(self.tr("Model"))
        self._base_words.setBuddy(self.base)
        self.classes = ClassPicker()

        self.count = QSpinBox()
        self.count.setRange(1, MOST)
        self.count.setValue(min(max(options.count, 1), MOST))
        self.count.setAccessibleName(self.tr("How many"))
        self.count.setToolTip(self.tr("How many pictures are made at once, from 1 to {0}.").format(MOST))
        self.side: Segments | None = None
        self._side_place = QHBoxLayout()
        self.preset = Segments(
            self.tr("Quality"),
            [phrases.preset_name(preset) for preset in PRESETS],
            [phrases.preset_sentence(preset) for preset in PRESETS],
        )
        self.preset.choose(PRESETS.index(options.preset))
        self.seed = QSpinBox()
        self.seed.setRange(0, LARGEST_SEED - MOST)
        self.seed.setValue(options.seed)
        self.seed.setAccessibleName(self.tr("Version number"))
        self.seed.setToolTip(
            self.tr(
                "The first picture gets this number, the next one the next. The same number gives the same "
                "picture."
            )
        )
        self.dice = IconButton(
            "dice", self.tr("Another version"), self.tr("Take another version next (Ctrl+D).")
        )
        self.fresh = QCheckBox(self.tr("Another version each time"))
        self.fresh.setAccessibleName(self.fresh.text())
        self.fresh.setToolTip(
            self.tr("Take another version whenever Generate is pressed, so that it surprises you.")
        )
        self.fresh.setChecked(True)
        self.becomes = WrappedLabel(muted=True)
        self.pause = ActionButton(self.tr("Pause"))
        self.go = ActionButton(self.tr("Generate"))
        self._lay_out(unit)

        self.base.currentIndexChanged.connect(self._on_base)
        self.dice.clicked.connect(self.roll_seed)
        self.go.clicked.connect(self._go_or_cancel)
        self.pause.clicked.connect(self.pause_asked)
        self.count.valueChanged.connect(self.changed)
        self.preset.chosen.connect(self.changed)
        self.classes.accepted.connect(self.ask)
        self.refresh(options.base)
        if name in self.classes.model.names:
            self.classes.choose(self.classes.model.names.index(name))
        self.show_state(False, False)

    def _lay_out(self, unit: int) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(unit // 2)
        grid.setVerticalSpacing(unit // 3)
        grid.setColumnStretch(1, 1)
        self._side_words = PlainLabel(self.tr("Size"))
        seeds = QHBoxLayout()
        seeds.setSpacing(unit // 4)
        seeds.addWidget(self.seed, 1)
        seeds.addWidget(self.dice)
        rows: tuple[tuple[QLabel, QWidget | QLayout, bool], ...] = (
            (PlainLabel(self.tr("How many")), self.count, False),
            (self._side_words, self._side_place, True),
            (PlainLabel(self.tr("Quality")), self.preset, True),
            (PlainLabel(self.tr("Version")), seeds, True),
        )
        for label, control, below in rows:  # what is as wide as the panel stands below its label
            row = grid.rowCount()
            grid.addWidget(label, row, 0)
            place = (row + 1, 0, 1, 2) if below else (row, 1, 1, 1)
            if isinstance(control, QWidget):
                label.setBuddy(control)
                grid.addWidget(control, *place)
            else:
                grid.addLayout(control, *place)
        grid.addWidget(self.fresh, grid.rowCount(), 0, 1, 2)
        self._settings = QWidget()
        inside = QVBoxLayout(self._settings)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(unit // 3)
        models = QHBoxLayout()
        models.addWidget(self._base_words)
        models.addWidget(self.base, 1)
        inside.addLayout(models)
        inside.addWidget(heading(self.tr("Class"), self.classes.search))
        inside.addWidget(self.classes, 1)
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        line.setForegroundRole(self.palette().ColorRole.Mid)
        inside.addWidget(line)
        inside.addLayout(grid)
        column = QVBoxLayout(self)
        column.setContentsMargins(unit, unit // 2, unit, unit)
        column.setSpacing(unit // 2)
        column.addWidget(self._settings, 1)
        column.addWidget(self.becomes)
        column.addWidget(self.pause)
        column.addWidget(self.go)

    # What it says ------------------------------------------------------------------------------

    @property
    def pack(self) -> Pack | None:
        place = self.base.currentIndex()
        return self._packs[place] if 0 <= place < len(self._packs) else None

    @property
    def options(self) -> GenerateOptions:
        choice = self.side.choice if self.side is not None else -1
        return GenerateOptions(
            base=self.pack.name if self.pack is not None else None,
            label=self.classes.label or 0,
            count=self.count.value(),
            size=self._sizes[choice] if 0 <= choice < len(self._sizes) else None,
            preset=PRESETS[max(0, self.preset.choice)],
            seed=self.seed.value(),
        )

    @Slot()
    def refresh(self, name: str | None = None) -> None:
        """Read the packs again, which may have come or gone; `name` is the one to choose, else the one that
        is chosen."""
        name = name or (self.pack.name if self.pack is not None else None)
        packs = bases()
        if packs == self._packs and packs:
            self.classes.model.look_again()
            return
        self.base.blockSignals(True)
        self._packs = packs
        self.base.clear()
        for pack in packs:
            self.base.addItem(pack.name)
        names = [pack.name for pack in packs]
        self.base.setCurrentIndex(names.index(name) if name in names else 0 if packs else -1)
        self.base.blockSignals(False)
        several = len(packs) > 1  # with one model there is nothing to choose
        self.base.setVisible(several)
        self._base_words.setVisible(several)
        self._on_base()

    @Slot()
    def _on_base(self) -> None:
        """Another model: its classes and sizes."""
        pack = self.pack
        self.classes.show_pack(pack)
        self.classes.setVisible(pack is not None)
        try:
            self._sizes = sizes(pack) if pack is not None else ()
        except RestorerError as error:
            self._sizes = ()
            self.trouble.emit(engine_message(error))
        self._show_sizes(pack)
        self.show_state(self._busy, False)
        self.changed.emit()

    def _show_sizes(self, pack: Pack | None) -> None:
        if self.side is not None:
            self._preferred_size = self.options.size or self._preferred_size
            self._side_place.removeWidget(self.side)
            self.side.deleteLater()
            self.side = None
        if self._sizes:
            hints = [self.tr("{0} pixels").format(phrases.pixel_size(side, side)) for side in self._sizes]
            self.side = Segments(self.tr("Size"), [str(side) for side in self._sizes], hints)
            preferred = self._preferred_size
            if preferred not in self._sizes and pack is not None:  # what the cascade's own networks make
                preferred = plan_generate(GenerateRequest(base=pack.name)).stages[-1].side
            self.side.choose(
                self._sizes.index(preferred) if preferred in self._sizes else len(self._sizes) - 1
            )
            self.side.chosen.connect(self.changed)
            self._side_place.addWidget(self.side)
        self._side_words.setVisible(bool(self._sizes))

    def show_state(self, busy: bool, cancelling: bool) -> None:
        """Whether a run goes or waits, and is being given up."""
        self._busy = busy
        able = self.pack is not None and bool(self._sizes)
        self._settings.setEnabled(not busy and self.pack is not None)
        self.go.setText(self.tr("Cancel") if busy else self.tr("Generate"))
        self.go.setAccessibleName(self.go.text())
        self.go.setToolTip(
            self.tr("Stop this run, and choose what becomes of it (Esc).")
            if busy
            else self.tr("Make the pictures (Ctrl+Return).")
        )
        self.go.setEnabled(not cancelling if busy else able)
        self.go.set_primary(not busy)
        if self.pack is None:
            self.show_estimate(
                self.tr("No installed model makes pictures of classes. One can be imported under Models…")
            )

    def show_pause(self, is_running: bool, paused: bool) -> None:
        """Whether a run goes that could wait, or waits."""
        show_pause(self.pause, paused)
        self.pause.setVisible(is_running)

    def show_estimate(self, sentence: str) -> None:
        """What is to be known before the pictures are made."""
        self.becomes.setText(sentence)
        self.becomes.setVisible(bool(sentence))

    @property
    def can_paint(self) -> bool:
        return not self._busy and self.go.isEnabled()

    def roll_seed(self) -> None:
        self.seed.setValue(secrets.randbelow(ROLLED))

    def search(self) -> None:
        """Bring the keys to the search field."""
        self.classes.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.classes.search.selectAll()

    @Slot()
    def _go_or_cancel(self) -> None:
        if self._busy:
            self.cancel_asked.emit()
        else:
            self.ask()

    @Slot()
    def ask(self) -> None:
        """Generate, as far as that can be."""
        if self.can_paint:
            if self.fresh.isChecked():
                self.roll_seed()
            self.paint_asked.emit()
