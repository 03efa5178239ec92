"""The panel at the side: which photo, how to restore it, and the buttons that do it.

In: the scales that exist, the state of the photo in view. Out: `settings` and
signals for what the person asks for. It knows no engine and no files.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from restorer.errors import RestorerError
from restorer.packs import catalog, classes
from restorer.packs.pack import Pack
from restorer.pipeline.events import Done
from restorer.pipeline.plan import heeds_clean_up
from restorer.pipeline.request import Preset, RestoreRequest
from ui.damage.card import DamageCard
from ui.finish.sliders import FinishSliders
from ui.i18n import phrases
from ui.i18n.class_names import class_name
from ui.i18n.model_names import model_name
from ui.i18n.tooltips import plain_tip
from ui.inputs.buttons import ActionButton, IconButton, RepairBox, RunButtons
from ui.inputs.clean_up import CleanUpSlider
from ui.inputs.segmented import Segments
from ui.model.options import RestoreOptions
from ui.restore.advanced_box import AdvancedBox
from ui.restore.variation_card import VariationCard
from ui.widgets.collapsible import Collapsible
from ui.widgets.labels import WrappedLabel, heading

PRESETS = (Preset.DRAFT, Preset.BALANCED, Preset.BEST)


class ControlPanel(QWidget):
    """Everything that is asked before a run, and the figures after it."""

    restore_asked = Signal()
    cancel_asked = Signal()
    save_asked = Signal()
    pause_asked = Signal()
    keep_asked = Signal()
    step_asked = Signal(int)
    settings_changed = Signal()
    model_changed = Signal(str)  # the model by name that photos are restored with, "" for the usual one

    def __init__(
        self, scales: tuple[int, ...], settings: RestoreOptions, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._scales = scales
        # A model chosen by name, and the enlargement of one that has no other.
        self._chain = (settings.model, settings.scale) if settings.model else None
        self._known: tuple[int, ...] = ()  # what it can be asked for
        self._size: tuple[int, int] | None = None
        self._running = False
        unit = self.fontMetrics().height()
        self.setFixedWidth(self.fontMetrics().averageCharWidth() * 40)
        self.setAutoFillBackground(True)

        self._build_photo()
        self._build_settings(settings)
        self._offer_scales()
        self._offer_classes()
        self.more.choose_class(settings.label)
        self._build_result()

        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(unit, unit, unit, unit // 2)
        column.setSpacing(round(unit * 1.1))
        column.addLayout(self._photo_row)
        self.variations = VariationCard()
        column.addWidget(self.variations)
        column.addWidget(self._options)
        column.addWidget(self._card)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll = scroll
        self.advanced.heading.toggled.connect(self._show_unfolded, Qt.ConnectionType.QueuedConnection)

        self.restore_button = ActionButton(self.tr("Restore"))
        self.restore_button.setAccessibleName(self.tr("Restore"))
        self.restore_button.setToolTip(self.tr("Restore this photo (Ctrl+R)."))
        self.restore_button.clicked.connect(self._restore_or_cancel)
        self.save_button = ActionButton(self.tr("Save…"))
        self.name_save(edited=False)
        self.save_button.clicked.connect(self.save_asked)
        self.run_buttons = RunButtons()
        self.run_buttons.pause_asked.connect(self.pause_asked)
        self.run_buttons.keep_asked.connect(self.keep_asked)
        buttons = QVBoxLayout()
        buttons.setContentsMargins(unit, unit // 2, unit, unit)
        buttons.setSpacing(unit // 2)
        self.warning = WrappedLabel()
        self.warning.hide()
        # What the run takes is seen before the button is pressed, however low the window is.
        buttons.addWidget(self.warning)
        buttons.addWidget(self._estimate)
        buttons.addWidget(self.run_buttons)
        buttons.addWidget(self.restore_button)
        buttons.addWidget(self.save_button)

        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addLayout(buttons)
        self._tell_settings()

    # Building --------------------------------------------------------------------------------

    def _build_photo(self) -> None:
        self._name = heading("")
        self._name.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._about = WrappedLabel(muted=True)
        self._previous = IconButton(
            "previous", self.tr("Previous photo"), self.tr("The previous photo (Page Up).")
        )
        self._next = IconButton("next", self.tr("Next photo"), self.tr("The next photo (Page Down)."))
        self._previous.clicked.connect(self._ask_previous)
        self._next.clicked.connect(self._ask_next)
        texts = QVBoxLayout()
        texts.setSpacing(self.fontMetrics().height() // 6)
        texts.addWidget(self._name)
        texts.addWidget(self._about)
        self._photo_row = QHBoxLayout()
        self._photo_row.setSpacing(0)
        self._photo_row.addLayout(texts, 1)
        self._photo_row.addWidget(self._previous, alignment=Qt.AlignmentFlag.AlignTop)
        self._photo_row.addWidget(self._next, alignment=Qt.AlignmentFlag.AlignTop)

    def _build_settings(self, settings: RestoreOptions) -> None:
        unit = self.fontMetrics().height()
        self._estimate = WrappedLabel(muted=True)
        self._estimate.setToolTip(
            self.tr("Learned from earlier runs on this computer; before the first, from a short measurement.")
        )
        sizes = [phrases.scale_sentence(scale) for scale in self._scales]
        self.scale = Segments(
            self.tr("Enlarge"), [phrases.scale_name(scale) for scale in self._scales], sizes
        )
        self.scale.choose(self._scales.index(settings.scale) if settings.scale in self._scales else 0)
        self._becomes = WrappedLabel(muted=True)

        self.preset = Segments(
            self.tr("Quality"),
            [phrases.preset_name(preset) for preset in PRESETS],
            [phrases.preset_sentence(preset) for preset in PRESETS],
        )
        self.preset.choose(PRESETS.index(settings.preset))
        self._preset_words = WrappedLabel(muted=True)

        self.fidelity = QSlider(Qt.Orientation.Horizontal)
        self.fidelity.setRange(0, 100)
        self.fidelity.setPageStep(10)
        self.fidelity.setValue(round(settings.fidelity * 100))
        self.fidelity.setAccessibleName(self.tr("Fidelity"))
        self.fidelity.setToolTip(
            self.tr("To the right the photo is kept as it is; to the left more of it is imagined anew.")
        )
        ends = QWidget()
        across = QHBoxLayout(ends)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(WrappedLabel(self.tr("Re-imagine"), muted=True))
        keep = WrappedLabel(self.tr("Keep the photo"), muted=True)
        keep.setAlignment(Qt.AlignmentFlag.AlignRight)
        across.addWidget(keep)
        self._fidelity_words = WrappedLabel(muted=True)

        self.clean_up = CleanUpSlider(settings.clean_up)
        self._clean_up_words = WrappedLabel(muted=True)

        self.repair = RepairBox(settings.repair, catalog.mender() is not None)

        self.damage = DamageCard()

        self.more = AdvancedBox(settings)
        self.seed = self.more.seed
        self.advanced = Collapsible(
            self.tr("Advanced"), self.tr("Settings that are seldom needed."), self.more
        )

        self.reset = QPushButton(self.tr("Back to the usual settings"))
        self.reset.setAccessibleName(self.reset.text())
        self.reset.setToolTip(self.tr("Set everything here as it was when Restorer was new."))
        self.reset.setFlat(True)
        self.reset.clicked.connect(self._reset)

        self._options = QWidget()
        column = QVBoxLayout(self._options)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(round(unit * 1.1))
        for title, control, below in (
            (self.tr("Enlarge"), self.scale, [self._becomes]),
            (self.tr("Quality"), self.preset, [self._preset_words]),
            (self.tr("Fidelity"), self.fidelity, [ends, self._fidelity_words]),
            (self.tr("Clean-up"), self.clean_up, [self._clean_up_words]),
        ):
            group = QVBoxLayout()
            group.setSpacing(unit // 3)
            group.addWidget(heading(title, control))
            group.addWidget(control)
            for part in below:
                group.addWidget(part)
            column.addLayout(group)
        column.addWidget(self.damage)
        column.addWidget(self.repair)
        column.addWidget(self.advanced)
        column.addWidget(self.reset)

        self.scale.chosen.connect(self._tell_settings)
        self.preset.chosen.connect(self._tell_settings)
        self.fidelity.valueChanged.connect(self._tell_settings)
        self.clean_up.changed.connect(self._tell_settings)
        self.repair.toggled.connect(self._tell_settings)
        self.more.changed.connect(self._tell_settings)

    def _build_result(self) -> None:
        unit = self.fontMetrics().height()
        self._card = QWidget()
        column = QVBoxLayout(self._card)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit // 3)
        column.addWidget(heading(self.tr("Result")))
        self._figures = QFormLayout()
        self._figures.setVerticalSpacing(unit // 4)
        self._figures.setHorizontalSpacing(unit)
        self.finish = FinishSliders()
        column.addWidget(self.finish)
        column.addLayout(self._figures)
        self._card.hide()

    @Slot(bool)
    def _show_unfolded(self, on: bool) -> None:
        """Scroll to what was unfolded below the edge. Queued: it has its height by then."""
        if on:
            self._scroll.ensureWidgetVisible(self.advanced)

    # What the panel says ---------------------------------------------------------------------

    @property
    def scales(self) -> tuple[int, ...]:
        return self._scales

    @property
    def settings(self) -> RestoreOptions:
        chosen = self._scales[max(0, self.scale.choice)] if self._scales else 4
        return RestoreOptions(
            scale=self._chain[1] if self._chain and chosen not in self._known else chosen,
            model=self._chain[0] if self._chain else None,
            preset=PRESETS[max(0, self.preset.choice)],
            fidelity=self.fidelity.value() / 100,
            clean_up=self.clean_up.value,
            seed=self.seed.value(),
            repair=self.repair.isChecked(),
            colour_lock=self.more.colour_lock.isChecked(),
            variations=self.more.count,
            faces=self.more.faces.value,
            label=self.more.label,
        )

    def show_settings(self, settings: RestoreOptions) -> None:
        """Stand as `settings` say, with the model that is chosen; `settings_changed` is not emitted."""
        with QSignalBlocker(self):
            if settings.scale in self._scales and self.scale.isEnabled():
                self.scale.choose(self._scales.index(settings.scale))
            self.preset.choose(PRESETS.index(settings.preset))
            self.fidelity.setValue(round(settings.fidelity * 100))
            self.clean_up.show_value(settings.clean_up)
            self.repair.setChecked(settings.repair and self.repair.isVisibleTo(self._options))
            self.more.show_settings(settings)
            self._tell_settings()

    @Slot()
    def _reset(self) -> None:
        self.show_settings(RestoreOptions(seed=self.seed.value()))
        self.settings_changed.emit()

    def show_warning(self, sentence: str) -> None:
        """What speaks against this run, above the button that begins it; empty where nothing does."""
        self.warning.setText(sentence)
        self.warning.setVisible(bool(sentence))

    def use(self, model: str, scale: int) -> None:
        """Restore with a model by name, by `scale` where it does not know the enlargement that is chosen;
        with none ("") by all scales again."""
        self._chain = (model, scale) if model else None
        self._offer_scales()
        if len(self._known) > 1 and self._scales[max(0, self.scale.choice)] not in self._known:
            self.scale.choose(self._scales.index(scale))
        self._offer_classes()
        self._tell_settings()
        self.model_changed.emit(model)

    def forget(self, model: str) -> None:
        """A model is gone: nothing goes on with it."""
        if self._chain is not None and self._chain[0] == model:
            self.use("", 0)

    def _offer_scales(self) -> None:
        """Those of the model by name; where it has but one, there is nothing to choose."""
        self._known = ()
        if self._chain is not None:
            with suppress(RestorerError):
                self._known = _scales_of(catalog.named(self._chain[0]), self._scales)
        self.scale.setEnabled(self._chain is None or len(self._known) > 1)
        offered = self._scales if self._chain is None else self._known
        self.scale.offer([place for place, scale in enumerate(self._scales) if scale in offered])

    def _offer_classes(self) -> None:
        """A model by name may know classes, of which the photo may show one."""
        names: tuple[str, ...] = ()
        if self._chain is not None:
            with suppress(RestorerError):  # a pack that is gone is named when the run begins
                names = classes.names(catalog.named(self._chain[0]))
        self.more.show_classes(class_name(names))

    def _offer_clean_up(self) -> None:
        """Not every model can be told how worn a photo is."""
        chosen = self.settings
        able = heeds_clean_up(RestoreRequest(Path(), chosen.scale, chosen.preset, model=chosen.model))
        self.clean_up.allow(able)
        self._clean_up_words.setText(phrases.clean_up_sentence(chosen.clean_up) if able else "")
        self._clean_up_words.setVisible(able)

    def roll_seed(self) -> None:
        self.more.roll_seed()

    def show_estimate(self, sentence: str) -> None:
        """What the run will take; empty where nothing can be said."""
        self._estimate.setText(sentence)
        self._estimate.setVisible(bool(sentence))

    def show_photo(self, name: str, size: tuple[int, int] | None, place: tuple[int, int]) -> None:
        """Name and size of the photo in view; `place` is (which, of how many)."""
        self._size = size
        which, count = place
        room = (
            self.width()
            - 3 * self.fontMetrics().height()
            - (self._next.sizeHint().width() * 2 if count > 1 else 0)
        )
        bold = self._name.fontMetrics()
        self._name.setText(
            bold.elidedText(name or self.tr("No photo yet"), Qt.TextElideMode.ElideMiddle, room)
        )
        self._name.setToolTip(plain_tip(name))
        about = phrases.unbroken(self.tr("{0} pixels").format(phrases.pixel_size(*size))) if size else ""
        if count > 1:
            place_words = phrases.unbroken(self.tr("{0} of {1}").format(which, count))
            one_line = "  ·  ".join(filter(None, (about, place_words)))
            fits = self._about.fontMetrics().horizontalAdvance(one_line) <= room
            about = one_line if fits else f"{about}\n{place_words}"  # no line ends with the point
        self._about.setText(about)
        self._about.setVisible(bool(about))
        for button, possible in ((self._previous, which > 1), (self._next, 0 < which < count)):
            button.setVisible(count > 1)
            button.setEnabled(possible)
        self._tell_size()

    def show_result(self, done: Done | None) -> None:
        """The figures of a finished run, or none."""
        while self._figures.rowCount():
            self._figures.removeRow(0)
        for label, value, hint in phrases.result_figures(done) if done is not None else []:
            shown = WrappedLabel(value)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._figures.addRow(WrappedLabel(label, muted=True), shown)
            shown.setToolTip(plain_tip(hint))
        self._card.setVisible(done is not None)

    def show_state(
        self, can_restore: bool, running: bool, cancelling: bool, can_save: bool, unsaved: bool
    ) -> None:
        """Which buttons work, and which one is the next step."""
        self._running = running
        self._options.setEnabled(not running)
        self._estimate.setEnabled(not running)
        button = self.restore_button
        button.setText(self.tr("Cancel") if running else self.tr("Restore"))
        button.setAccessibleName(button.text())
        button.setToolTip(
            self.tr("Stop this run, and choose what becomes of it (Esc).")
            if running
            else self.tr("Restore this photo (Ctrl+R).")
        )
        button.setEnabled(not cancelling if running else can_restore)
        button.set_primary(not running and not unsaved)
        self.save_button.setVisible(not running)
        self.save_button.setEnabled(can_save)
        self.save_button.set_primary(unsaved)

    def name_save(self, edited: bool) -> None:
        """Say what saving means now: the edited photo, or a result."""
        self.save_button.setAccessibleName(
            self.tr("Save the edited photo") if edited else self.tr("Save the result")
        )
        self.save_button.setToolTip(
            self.tr("Save the photo with its edits as a new file, without a restoration (Ctrl+S).")
            if edited
            else self.tr("Save the restored picture as a new file (Ctrl+S).")
        )

    def _tell_settings(self) -> None:
        self._preset_words.setText(phrases.preset_sentence(self.settings.preset))
        self._fidelity_words.setText(phrases.fidelity_sentence(self.settings.fidelity))
        self._offer_clean_up()
        self._tell_size()
        self.settings_changed.emit()

    def _tell_size(self) -> None:
        if not self._scales:
            text = self.tr("No model is installed, so nothing can be enlarged.")
        elif self._size is None:
            text = self.tr("Each side becomes {0} times as long.").format(self.settings.scale)
        else:
            width, height = (side * self.settings.scale for side in self._size)
            text = phrases.becomes_sentence(width, height)
        if self._chain:
            text += " " + self.tr("With the model {0}.").format(model_name(self._chain[0]))
        self._becomes.setText(text)

    def _restore_or_cancel(self) -> None:
        (self.cancel_asked if self._running else self.restore_asked).emit()

    def _ask_previous(self) -> None:
        self.step_asked.emit(-1)

    def _ask_next(self) -> None:
        self.step_asked.emit(1)


def _scales_of(pack: Pack, scales: tuple[int, ...]) -> tuple[int, ...]:
    """Those of `scales` that a pack makes: its own, and for photos in a chain of it as well."""
    if pack.kind != "photo-sr":
        return tuple(scale for scale in scales if scale in pack.scales)
    known = set(pack.scales)
    return tuple(scale for scale in scales if known.issuperset(catalog.factors(scale, pack.name)))
