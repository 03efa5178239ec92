"""The Models window: what most people choose among, and behind Details every pack with all that is known of
it; import, verify, use, remove.

In: the packs on disk, files that the person chooses or drops. Out: packs that come and go, `changed` whenever
they did, `chosen` with the model that is to restore photos, and `removed` with the name of a model. The
models' thread (ui/workers/pack_worker.py) does the work.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QListView,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from restorer.errors import RestorerError
from restorer.packs import catalog, info
from restorer.packs.pack import Pack
from restorer.pipeline import pack_samples
from restorer.pipeline.request import Preset
from ui.i18n import phrases
from ui.i18n.engine_messages import engine_message
from ui.i18n.model_names import CHOICES, model_name, model_words
from ui.i18n.tooltips import plain_tip
from ui.imaging.mime import can_open, mime_content
from ui.model_manager.import_dialog import ImportDialog
from ui.model_manager.pack_page import CardView
from ui.model_manager.pack_text import purpose_text
from ui.style.window_size import opening_size
from ui.widgets.collapsible import put_in_place
from ui.widgets.plain_text import PlainLabel, PlainMessageBox
from ui.workers.pack_worker import ImportRequest, PackHost, PackListing

SUFFIXES = "*.pth *.pt *.ckpt *.safetensors"


class ModelsWindow(QWidget):
    """One window beside the main one; it lives as long as that."""

    changed = Signal()
    chosen = Signal(str, int)
    removed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAcceptDrops(True)
        self.host = PackHost(self)
        self._packs: list[Pack] = []
        self._used = ""  # the model by name that restores photos; "" for the usual ones
        self._tells_all = False
        self._sentence: Callable[[], str] = self._hint
        self._file: Path | None = None  # the one that was looked into last
        self._content: QWidget | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._build_ui()
        self._connect()
        unit = self.fontMetrics().height()
        available = self.screen().availableGeometry()
        self.resize(opening_size(QSize(unit * 64, unit * 42), available, 2 * unit))
        self.refresh()

    def _build_ui(self) -> None:
        """Build all widgets in the current language, in the place of the old ones."""
        unit = self.fontMetrics().height()
        self.setWindowTitle(self.tr("Models"))
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Models"))
        self.list.setMinimumWidth(unit * 19)
        self.list.setMaximumWidth(unit * 23)
        self.list.setSpacing(unit // 4)
        self.list.setWordWrap(True)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)  # else lines that wrap are cut off
        self.list.currentRowChanged.connect(self._show)
        self.details = CardView()
        self.all = QCheckBox(self.tr("Details"))
        self.all.setAccessibleName(self.all.text())
        self.all.setToolTip(self.tr("Show all models, and all that is known of each."))
        self.all.setChecked(self._tells_all)
        self.all.toggled.connect(self.tell_all)
        left = QVBoxLayout()
        left.addWidget(self.list, 1)
        left.addWidget(self.all)
        middle = QHBoxLayout()
        middle.addLayout(left)
        middle.addWidget(self.details, 1)

        self.import_button = self._button(
            self.tr("Import…"),
            self.tr("Choose the file of a model that was made elsewhere, and take it in."),
            self.import_dialog,
        )
        self.use_button = self._button(
            self.tr("Use for photos"), self.tr("Restore photos with this model from now on."), self._use
        )
        self.automatic_button = self._button(
            self.tr("Choose automatically"),
            self.tr("Restore photos with the model that suits each enlargement, as at first."),
            self._use_automatic,
        )
        self.sample_button = self._button(
            self.tr("Make samples"),
            self.tr("Let the model show what it does; the pictures stay with it."),
            self._sample,
        )
        self.verify_button = self._button(
            self.tr("Verify"),
            self.tr("Read the whole model and compare it with its checksum."),
            self._verify,
        )
        self.remove_button = self._button(
            self.tr("Remove…"), self.tr("Delete this model from the computer."), self._ask_to_remove
        )
        buttons = QHBoxLayout()
        buttons.addWidget(self.import_button)
        buttons.addStretch(1)
        for button in (
            self.use_button,
            self.automatic_button,
            self.sample_button,
            self.verify_button,
            self.remove_button,
        ):
            buttons.addWidget(button)

        self.words = PlainLabel()
        self._show_sentence()
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setMaximumWidth(unit * 14)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.stop_button = self._button(
            self.tr("Stop"), self.tr("End what is going on; a model that is half there goes."), self.host.stop
        )
        below = QHBoxLayout()
        below.addWidget(self.words, 1)
        below.addWidget(self.bar)
        below.addWidget(self.stop_button)

        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(unit, unit, unit, unit)
        column.addLayout(middle, 1)
        column.addLayout(buttons)
        column.addLayout(below)
        self._content = put_in_place(self, self._content, content)

    def _connect(self) -> None:
        self.host.looked.connect(self._on_looked)
        self.host.progressed.connect(self._on_progressed)
        self.host.made.connect(self._on_made)
        self.host.verified.connect(self._on_verified)
        self.host.sampled.connect(self._on_sampled)
        self.host.failed.connect(self._on_failed)
        self.host.stopped.connect(self._on_stopped)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.end)

    def _button(self, text: str, hint: str, does: object) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text)
        button.setToolTip(hint)
        button.clicked.connect(does)
        return button

    def _hint(self) -> str:
        return self.tr(
            "Drop the file of another model here (SR3, ADM or a single-pass upscaler), or choose it with "
            "Import."
        )

    # What is there -----------------------------------------------------------------------------

    @property
    def current(self) -> Pack | None:
        row = self.list.currentRow()
        return self._packs[row] if 0 <= row < len(self._packs) else None

    def refresh(self, name: str = "") -> None:
        """Read the packs again and show the one of that name, else the one that was shown."""
        name = name or (self.current.name if self.current is not None else "")
        packs = catalog.all_packs()
        hidden = any(pack.name == name and not self._is_offered(pack) for pack in packs)
        if hidden and not self._tells_all:
            self._tells_all = True
            self.all.setChecked(True)  # which lists the packs as well; the rows below are those of now
        self._packs = sorted(
            (pack for pack in packs if self._tells_all or self._is_offered(pack)), key=_place_in_list
        )
        self._list_packs()
        rows = [row for row, pack in enumerate(self._packs) if pack.name == name]
        self.list.setCurrentRow(rows[0] if rows else 0)
        self._show_state()

    def _is_offered(self, pack: Pack) -> bool:
        """Whether it is there without Details: what most people choose among, what is theirs or in use."""
        return not pack.shipped or pack.name in CHOICES or self._is_used(pack)

    @Slot(bool)
    def tell_all(self, on: bool) -> None:
        """Show every model with all that is known of it, or a choice in plain words."""
        if on != self._tells_all:
            self._tells_all = on
            pack = self.current
            hides = pack is not None and not on and not self._is_offered(pack)
            self.refresh(CHOICES[0] if hides else "")

    def _list_packs(self) -> None:
        self.list.clear()
        for pack in self._packs:
            words = model_words(pack.name) if pack.shipped else None
            name, about = pack.name, self.tr("yours")
            if words is not None:
                name, about = words.name, words.line
            elif pack.shipped:
                about = self.tr("comes with Restorer")
            if self._is_used(pack):
                name = phrases.joined((name, self._use_of(pack)))
            item = QListWidgetItem(f"{name}\n{about}")
            font = item.font()
            font.setBold(self._is_used(pack))
            item.setFont(font)
            item.setToolTip(plain_tip(purpose_text(pack)))
            self.list.addItem(item)

    def _is_used(self, pack: Pack) -> bool:
        """Whether photos are restored with it now."""
        return pack.name == self._used if self._used else _is_usual(pack)

    def _use_of(self, pack: Pack) -> str:
        """For what photos a model is in use."""
        if self._used:
            return self.tr("in use")
        usual = catalog.find(pack.scale)
        does = [preset for preset in Preset if catalog.finer(usual, preset.value).name == pack.name]
        parts = [phrases.preset_name(preset) for preset in does]
        if catalog.for_worn(usual).name == pack.name != usual.name:
            parts.append(self.tr("worn photos"))
        if len(does) == len(Preset) or not parts:
            return self.tr("in use")
        if len(parts) == 2:
            return self.tr("in use for {0} and {1}").format(*parts)
        return self.tr("in use for {0}").format(phrases.joined(parts))

    def show_used(self, name: str) -> None:
        """Mark the model by name that photos are restored with; "" for the usual ones."""
        if name != self._used:
            self._used = name
            self.refresh()

    @Slot()
    def _show(self) -> None:
        self.details.show_pack(self.current, self._tells_all)
        self._show_state()

    def _show_state(self) -> None:
        pack, busy = self.current, self.host.busy
        self.import_button.setEnabled(not busy)
        self.verify_button.setEnabled(pack is not None and not busy)
        self.use_button.setEnabled(pack is not None and pack.enlarges)
        self.automatic_button.setEnabled(bool(self._used))
        self.sample_button.setEnabled(pack is not None and pack_samples.count(pack) > 0 and not busy)
        self.remove_button.setEnabled(pack is not None and not pack.shipped and not busy)
        self.bar.setVisible(busy)
        self.stop_button.setVisible(busy and self.host.stoppable)

    def _say(self, words: Callable[[], str]) -> None:
        """Show a sentence; `words` makes it again in another language."""
        self._sentence = words
        self._show_sentence()
        self._show_state()

    def _show_sentence(self) -> None:
        """A file is told by its name; where it lies is seen when the pointer rests on the sentence."""
        whole = self._sentence()
        short = whole if self._file is None else whole.replace(str(self._file), self._file.name)
        self.words.setText(short)
        self.words.setToolTip(whole if short != whole else "")

    # Import ------------------------------------------------------------------------------------

    @Slot()
    def import_dialog(self) -> None:
        dialog = QFileDialog(self, self.tr("Import a model"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Models ({0})").format(SUFFIXES), self.tr("All files (*)")])
        dialog.fileSelected.connect(self._on_file)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _on_file(self, name: str) -> None:
        self.look(Path(name))

    def look(self, path: Path) -> None:
        """Look into a file; the person sees what it is before anything is made of it."""
        if self.host.busy:
            self._say(lambda: self.tr("One thing at a time: wait for what is going on, or stop it."))
            return
        self.bar.setRange(0, 0)
        self._file = path
        self.host.look(path)
        self._say(lambda: self.tr("Looking into {0}…").format(path.name))

    @Slot(object)
    def _on_looked(self, found: PackListing) -> None:
        self._say(self._hint)
        if self.isHidden():
            return
        dialog = ImportDialog(found, self)
        dialog.decided.connect(self._on_decided)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(object)
    def _on_decided(self, task: ImportRequest) -> None:
        self.bar.setRange(0, 1000)
        self.bar.setValue(0)
        self.host.make(task)
        self._say(lambda: self.tr("Importing {0}…").format(task.name))

    @Slot(float)
    def _on_progressed(self, fraction: float) -> None:
        self.bar.setValue(round(fraction * 1000))

    @Slot(str)
    def _on_made(self, name: str) -> None:
        self.refresh(name)
        self._say(lambda: self.tr("{0} was imported.").format(name))
        self.changed.emit()

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self._say(partial(engine_message, sentence))

    @Slot()
    def _on_stopped(self) -> None:
        self._say(lambda: self.tr("Stopped. Nothing was imported."))

    # Use, verify, remove -----------------------------------------------------------------------

    @Slot()
    def _use(self) -> None:
        if self.current is not None:
            pack = self.current
            self.chosen.emit(pack.name, pack.scale)
            self._say(lambda: self.tr("Photos are restored with {0} now.").format(_called(pack.name)))

    @Slot()
    def _use_automatic(self) -> None:
        self.chosen.emit("", 0)
        self._say(lambda: self.tr("Photos are restored with the model that suits each enlargement now."))

    @Slot()
    def _sample(self) -> None:
        pack = self.current
        if pack is not None:
            self.bar.setRange(0, 1000)
            self.bar.setValue(0)
            self.host.sample(pack)
            self._say(lambda: self.tr("{0} shows what it does…").format(_called(pack.name)))

    @Slot(str, bool)
    def _on_sampled(self, name: str, content: bool) -> None:
        self.refresh(name)
        if content:
            self._say(lambda: self.tr("This is what {0} makes.").format(_called(name)))
        else:
            self._say(lambda: self.tr("Stopped. What {0} has made until now stays.").format(_called(name)))
        self.changed.emit()

    @Slot()
    def _verify(self) -> None:
        pack = self.current
        if pack is not None:
            self.bar.setRange(0, 0)
            self.host.verify(pack)
            self._say(lambda: self.tr("Verifying {0}…").format(_called(pack.name)))

    @Slot(str, bool)
    def _on_verified(self, text: str, valid: bool) -> None:
        if valid:
            self._say(lambda: self.tr("{0} is as it should be.").format(_called(text)))
        else:
            self._say(partial(engine_message, text))

    @Slot()
    def _ask_to_remove(self) -> None:
        pack = self.current
        if pack is None:
            return
        box = PlainMessageBox(self)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("Remove a model"))
        box.setText(self.tr("Remove {0} from this computer?").format(pack.name))
        box.setInformativeText(self.tr("It can be imported again from its file."))
        box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.setProperty("pack", pack.name)
        box.buttonClicked.connect(self._on_answer)
        box.finished.connect(box.deleteLater)
        box.open()

    @Slot(object)
    def _on_answer(self, button: QPushButton) -> None:
        box = self.sender()
        if (
            not isinstance(box, QMessageBox)
            or box.buttonRole(button) != QMessageBox.ButtonRole.DestructiveRole
        ):
            return
        name = str(box.property("pack"))
        try:
            info.remove(name)
        except RestorerError as error:
            self._say(partial(engine_message, str(error)))
            return
        self.removed.emit(name)
        self.refresh()
        self._say(lambda: self.tr("{0} was removed.").format(name))
        self.changed.emit()

    # The window itself -------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        spoken = self.tr("Models")
        if event.type() == QEvent.Type.LanguageChange and self.windowTitle() not in ("", spoken):
            self._rebuild_ui()

    def _rebuild_ui(self) -> None:
        """Build the window in another language; the models' thread goes on."""
        row, most, done = self.list.currentRow(), self.bar.maximum(), self.bar.value()
        place = self.details.verticalScrollBar().value()
        self._build_ui()
        self.bar.setRange(0, most)
        self.bar.setValue(done)
        self._list_packs()
        self.list.setCurrentRow(row)
        self._show_state()
        self.details.verticalScrollBar().setValue(place)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if can_open(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        content = mime_content(event.mimeData())
        if content.files:
            event.acceptProposedAction()
            self.look(content.files[0])

    def closeEvent(self, event: QCloseEvent) -> None:
        self.host.stop()  # what cannot be stopped goes on; its answer is here when the window opens again
        event.accept()

    @Slot()
    def end(self) -> None:
        """End the thread, with the application."""
        self.host.close()


def _is_usual(pack: Pack) -> bool:
    """Whether this model restores photos, with some quality, if the person has chosen none by name."""
    if not pack.shipped or pack.kind != "photo-sr":
        return False
    usual = catalog.find(pack.scale)
    finer = (catalog.finer(usual, preset.value) for preset in Preset)
    return pack.name in {catalog.for_worn(usual).name, *(each.name for each in finer)}


def _called(name: str) -> str:
    """What the list calls a model: a person's own may have the name of one that ships."""
    own = any(pack.name == name and not pack.shipped for pack in catalog.all_packs())
    return name if own else model_name(name)


def _place_in_list(pack: Pack) -> tuple[int, int, str]:
    """What most people choose among first, then what is theirs, then the rest."""
    if pack.shipped and pack.name in CHOICES:
        return 0, CHOICES.index(pack.name), ""
    return (2 if pack.shipped else 1), 0, pack.name
