"""The settings dialog: shows `Preferences`, gives back changed ones.

In: the preferences, the devices that are known. Out: `accepted_with(Preferences)`. It decides nothing.
"""

from __future__ import annotations

import dataclasses
import sys

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from restorer.preferences import (
    LEAST_TILE,
    MOST_THREADS,
    MOST_TILE,
    FileDate,
    Format,
    Metadata,
    Preferences,
)
from ui.i18n import phrases
from ui.i18n.language import NATIVE_NAMES, Language
from ui.i18n.language import tr as _tr
from ui.inputs.enum_combo import EnumCombo
from ui.model.output_name import template_problem
from ui.style.theme import Override
from ui.widgets.labels import WrappedLabel

Button = QDialogButtonBox.StandardButton


def known_devices() -> tuple[str, ...]:
    """The devices of this machine, if torch is loaded already; the window never waits for it."""
    if "torch" not in sys.modules or "restorer.pipeline.restore" not in sys.modules:
        return ("cpu",)
    from restorer.device import available

    return available()


def format_names() -> dict[str, str]:
    return {
        Format.SAME: _tr("Like the photo"),
        Format.PNG: "PNG",
        Format.JPEG: "JPEG",
        Format.TIFF: "TIFF",
        Format.WEBP: "WebP",
    }


def metadata_names() -> dict[str, str]:
    return {
        Metadata.ALL: _tr("Keep everything"),
        Metadata.NO_PLACE: _tr("Keep all but the place"),
        Metadata.NONE: _tr("Keep nothing"),
    }


class TileBox(QSpinBox):
    """The side of a tile: 0, which means that the app chooses, or at least `LEAST_TILE`."""

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        """What is smaller than a tile can be is not settled yet, for it may be the beginning of more."""
        state, *_ = super().validate(text, place)
        digits = "".join(one for one in text if one.isdigit())
        if state == QValidator.State.Acceptable and digits and 0 < int(digits) < LEAST_TILE:
            state = QValidator.State.Intermediate
        return state, text, place

    def fixup(self, text: str) -> str:
        """What was typed and left too small becomes the smallest tile."""
        return self.textFromValue(LEAST_TILE) + self.suffix()

    def stepBy(self, steps: int) -> None:
        super().stepBy(steps)
        if 0 < self.value() < LEAST_TILE:
            self.setValue(LEAST_TILE if steps > 0 else 0)


class SettingsDialog(QDialog):
    """Three pages: computing, look and language, saving."""

    preferences_chosen = Signal(object)

    def __init__(self, parent: QWidget, preferences: Preferences) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self._initial = preferences
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(self.tr("Pages of the settings"))
        self.tabs.tabBar().setAccessibleName(self.tabs.accessibleName())  # which is what the keys come to
        self._computing(preferences)
        self._look(preferences)
        self._saving(preferences)
        buttons = QDialogButtonBox(Button.Ok | Button.Cancel | Button.RestoreDefaults)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        self.defaults = buttons.button(Button.RestoreDefaults)
        self.defaults.clicked.connect(self._restore_defaults)
        for button in buttons.buttons():
            button.setAccessibleName(button.text().replace("&", ""))
            button.setToolTip(button.text().replace("&", ""))
        self.ok = buttons.button(Button.Ok)
        self.problem = WrappedLabel()
        column = QVBoxLayout(self)
        for part in (self.tabs, self.problem, buttons):
            column.addWidget(part)
        self.template.textChanged.connect(self._judge)
        self._judge()

    def _page(self, title: str) -> QFormLayout:
        page = QWidget()
        self.tabs.addTab(page, title)
        return QFormLayout(page)

    def _computing(self, preferences: Preferences) -> None:
        form = self._page(self.tr("Computing"))
        devices = {"auto": self.tr("The best there is"), **{name: name for name in known_devices()}}
        self.device = EnumCombo(
            devices,
            preferences.device,
            self.tr("Device"),
            self.tr("Where photos are restored. A graphics card is many times faster than the processor."),
        )
        self.threads = QSpinBox()
        self.threads.setRange(0, MOST_THREADS)
        self.threads.setSpecialValueText(self.tr("Automatic"))
        self.threads.setValue(preferences.threads)
        self.threads.setAccessibleName(self.tr("Processor threads"))
        self.threads.setToolTip(self.tr("Fewer threads leave more of the processor to other programs."))
        self.tile = TileBox()
        self.tile.setRange(0, MOST_TILE)
        self.tile.setSingleStep(LEAST_TILE)
        self.tile.setSpecialValueText(self.tr("Automatic"))
        self.tile.setSuffix(self.tr(" pixels"))
        self.tile.setValue(preferences.tile)
        self.tile.setAccessibleName(self.tr("Side of a piece"))
        self.tile.setToolTip(
            self.tr("A photo is worked on piece by piece. Smaller ones need less memory and take longer.")
        )
        self.previews = QCheckBox(self.tr("Show the picture in the making"))
        self.previews.setChecked(preferences.previews)
        self.previews.setAccessibleName(self.previews.text())
        self.previews.setToolTip(self.tr("Switched off, the run is a little quicker and needs less memory."))
        form.addRow(self.tr("&Device"), self.device)
        form.addRow(self.tr("&Threads"), self.threads)
        form.addRow(self.tr("&Pieces"), self.tile)
        form.addRow(self.previews)

    def _look(self, preferences: Preferences) -> None:
        form = self._page(self.tr("Look and language"))
        themes: dict[str, str] = {
            Override.SYSTEM: self.tr("Like the system"),
            Override.LIGHT: self.tr("Light"),
            Override.DARK: self.tr("Dark"),
        }
        self.theme = EnumCombo(
            themes, preferences.theme, self.tr("Theme"), self.tr("Light or dark surroundings.")
        )
        languages: dict[str, str] = {Language.SYSTEM: self.tr("Like the system"), **NATIVE_NAMES}
        self.language = EnumCombo(
            languages, preferences.language, self.tr("Language"), self.tr("Changes at once.")
        )
        self.notify = QCheckBox(self.tr("Tell me when a long run has ended"))
        self.notify.setChecked(preferences.notify)
        self.notify.setAccessibleName(self.notify.text())
        self.notify.setToolTip(self.tr("A message of the system, if another window is in front by then."))
        form.addRow(self.tr("&Theme"), self.theme)
        form.addRow(self.tr("&Language"), self.language)
        form.addRow(self.notify)

    def _saving(self, preferences: Preferences) -> None:
        form = self._page(self.tr("Saving"))
        output = preferences.output
        self.format = EnumCombo(
            format_names(), output.format, self.tr("Format"), self.tr("The kind of file a result becomes.")
        )
        self.quality = QSpinBox()
        self.quality.setRange(1, 100)
        self.quality.setValue(output.quality)
        self.quality.setAccessibleName(self.tr("Quality of JPEG and WebP"))
        self.quality.setToolTip(self.tr("Higher is better and larger; 95 is hard to tell from the original."))
        self.sixteen = QCheckBox(self.tr("16 bits a sample in PNG and TIFF"))
        self.sixteen.setChecked(output.sixteen)
        self.sixteen.setAccessibleName(self.sixteen.text())
        self.sixteen.setToolTip(self.tr("Finer steps for further work in another program; files get larger."))
        self.template = QLineEdit(output.template)
        self.template.setAccessibleName(self.tr("Name of the file"))
        self.template.setToolTip(phrases.placeholders())
        self.metadata = EnumCombo(
            metadata_names(),
            output.metadata,
            self.tr("Metadata"),
            self.tr("What of the photo's metadata is kept. That it was reconstructed is always noted."),
        )
        form.addRow(self.tr("&Format"), self.format)
        form.addRow(self.tr("&Quality"), self.quality)
        form.addRow(self.sixteen)
        form.addRow(self.tr("&Name"), self.template)
        self.date = EnumCombo(
            {
                FileDate.NOW: self.tr("When it was saved"),
                FileDate.KEEP: self.tr("As the photo's file has it"),
            },
            output.date,
            self.tr("Date of the file"),
            self.tr("Programs that sort by date show a result beside its photo if it has the same."),
        )
        form.addRow(self.tr("&Metadata"), self.metadata)
        form.addRow(self.tr("&Date of the file"), self.date)

    # Values ----------------------------------------------------------------------------------

    @property
    def preferences(self) -> Preferences:
        """What the dialog says."""
        output = dataclasses.replace(
            self._initial.output,
            format=Format(self.format.value),
            quality=self.quality.value(),
            sixteen=self.sixteen.isChecked(),
            template=self.template.text().strip(),
            metadata=Metadata(self.metadata.value),
            date=FileDate(self.date.value),
        )
        return Preferences(
            device=self.device.value,
            threads=self.threads.value(),
            tile=self.tile.value(),
            previews=self.previews.isChecked(),
            notify=self.notify.isChecked(),
            language=self.language.value,
            theme=self.theme.value,
            output=output,
        ).sane()

    @Slot()
    def _judge(self) -> None:
        """Names that cannot be made are told here, not at the next export."""
        problem = template_problem(self.template.text())
        self.problem.setText(self.tr("Name of the file: {0}").format(problem) if problem else "")
        self.problem.setVisible(bool(problem))
        self.template.setAccessibleDescription(problem)
        self.ok.setEnabled(not problem)

    @Slot()
    def _accept(self) -> None:
        self.preferences_chosen.emit(self.preferences)
        self.accept()

    @Slot()
    def _restore_defaults(self) -> None:
        fresh = Preferences()
        self.device.choose(fresh.device)
        self.threads.setValue(fresh.threads)
        self.tile.setValue(fresh.tile)
        self.previews.setChecked(fresh.previews)
        self.notify.setChecked(fresh.notify)
        self.theme.choose(fresh.theme)
        self.language.choose(fresh.language)
        self.format.choose(fresh.output.format)
        self.quality.setValue(fresh.output.quality)
        self.sixteen.setChecked(fresh.output.sixteen)
        self.template.setText(fresh.output.template)
        self.metadata.choose(fresh.output.metadata)
        self.date.choose(fresh.output.date)
