"""The study's window: from the choice of originals over the trials to the confusion rate.

    person --> pages --> StudyWindow --> StudyPairs --> the queue of runs --> engine thread
    StudyPairs.came --> StudyWindow --> TrialPage: seen for 3 seconds, then covered until the answer

In: the core. Out: a window of its own; a result that the person saves. Pairs are made while others are looked
at, so a fast machine is never waited for, and on a slow one the first trial still begins after one pair.
"""

from __future__ import annotations

import secrets
import time
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFileDialog, QMessageBox, QStackedWidget, QVBoxLayout, QWidget

from restorer.errors import RestorerError
from restorer.packs import catalog
from restorer.pipeline.study.subject import Subject
from ui.app_core import AppCore
from ui.i18n.engine_messages import engine_message
from ui.settings import ui_state
from ui.study import result_file
from ui.study.pages import ResultPage, SetupPage, TrialPage
from ui.study.trials import TRIALS, VIEW_SECONDS, Side, StudySettings, Trials, shuffled
from ui.style import window_size
from ui.widgets.collapsible import put_in_place
from ui.widgets.dialogs import folder_dialog
from ui.widgets.plain_text import PlainMessageBox
from ui.workers.engine_tasks import PairImages

GAP_MS = 350
"""Between an answer and the next pair, so that a key that is held answers one trial alone."""


class StudyWindow(QWidget):
    """One study after the other. trials: of the study that goes on, or of the last one."""

    closed = Signal()
    stayed = Signal()  # the person was asked and keeps it open

    def __init__(self, core: AppCore) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._core = core
        self.pairs = core.study
        self.trials = Trials(StudySettings(count=0))
        self.is_saved = True
        self.count = TRIALS  # wanted; fewer where there are fewer originals
        self._ready: list[PairImages] = []  # in the order of the trials; those that were answered too
        self._folder: Path | None = None
        self._problem = ""  # why an original gave no pair, of the first one
        self._since = QElapsedTimer()
        self._cover, self._gap = QTimer(self), QTimer(self)
        for timer, milliseconds, does in (
            (self._cover, round(1000 * VIEW_SECONDS), self._on_seen),
            (self._gap, GAP_MS, self._show_next),
        ):
            timer.setSingleShot(True)
            timer.setInterval(milliseconds)
            timer.timeout.connect(does)
        self.pairs.came.connect(self._on_pair)
        self.pairs.passed_over.connect(self._on_passed_over)
        self.pairs.ended.connect(self._on_pairs_ended)
        self._whole: QStackedWidget | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._build_ui(0)
        window_size.fit_to_screen(self, 80, 48)

    def _build_ui(self, place: int) -> None:
        """Build all that is seen, in the language spoken now."""
        self.setWindowTitle(self.tr("Study"))
        self.setup, self.trial, self.result = SetupPage(), TrialPage(), ResultPage()
        self.setup.show_settings(self.trials.settings, self._folder)
        self.setup.folder_asked.connect(self._ask_folder)
        self.setup.begin_asked.connect(self.begin)
        self.trial.answered.connect(self.answer)
        self.trial.stop_asked.connect(self.stop)
        self.result.save_asked.connect(self.ask_where_to_save)
        self.result.again_asked.connect(self._on_again)
        stack = QStackedWidget()
        for page in (self.setup, self.trial, self.result):
            stack.addWidget(page)
        put_in_place(self, self._whole, stack)
        self._whole = stack
        self._stack = stack
        stack.setCurrentIndex(place)

    @property
    def page(self) -> QWidget | None:
        """The page in view."""
        return self._stack.currentWidget()

    # The choice ------------------------------------------------------------------------------

    @Slot()
    def _ask_folder(self) -> None:
        dialog = folder_dialog(
            self, self._folder or ui_state.folder(self._core.store), self.tr("Choose a folder of originals")
        )
        dialog.fileSelected.connect(self.use_folder)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def use_folder(self, name: str) -> None:
        """Take the originals from this folder."""
        self._folder = Path(name)
        self.setup.show_problem("")
        self.setup.show_folder(self._folder)

    @Slot()
    def begin(self) -> None:
        """Begin a study as the first page is set."""
        from restorer.pipeline.study.pairs import originals

        if self._folder is None:
            return
        subject, shows_input = self.setup.chosen
        try:
            if subject is Subject.FACES:
                catalog.face_restorer()  # raises the sentence that says what is missing
            paths = originals(self._folder)
        except RestorerError as error:
            self.setup.show_problem(engine_message(error))
            return
        seed = secrets.randbelow(2**31)
        self.start(StudySettings(subject, shows_input, seed, min(self.count, len(paths))), paths)

    def start(self, settings: StudySettings, paths: list[Path]) -> None:
        """Begin a study of these originals."""
        self.trials, self.is_saved, self._ready, self._problem = Trials(settings), True, [], ""
        self.setup.show_problem("")
        self._stack.setCurrentWidget(self.trial)
        self.trial.stage.clear()
        self.trial.stage.setFocus()
        self.pairs.begin(shuffled(paths, settings.seed), settings.subject, settings.seed, settings.count)
        self._show_progress()

    # The trials ------------------------------------------------------------------------------

    @Slot(object)
    def _on_pair(self, pair: PairImages) -> None:
        self._ready.append(pair)
        if not self.trial.stage.has_pair and not self._gap.isActive():
            self._show_next()
        else:
            self._show_progress()

    @Slot(str)
    def _on_passed_over(self, sentence: str) -> None:
        self._problem = self._problem or sentence

    @Slot()
    def _on_pairs_ended(self) -> None:
        """No more pairs will come: the study is as long as there are."""
        if self.page is self.trial and len(self._ready) < self.trials.settings.count:
            self.trials.shorten(len(self._ready))
            if not self._ready:
                self.stop()
                text = self.tr("None of these photos can be used. The first one: {0}")
                self.setup.show_problem(text.format(self._problem))
            elif self.trials.is_over:
                self._finish()
            else:
                self._show_progress()

    @Slot()
    def _show_next(self) -> None:
        """Show the pair of the next trial, if it is there."""
        if self.page is not self.trial or self.trials.is_over:
            return
        if len(self.trials.answers) < len(self._ready):
            self._show_pair()
            self._since.start()
            self._cover.start()
        self._show_progress()

    def _show_pair(self) -> None:
        pair = self._ready[len(self.trials.answers)]
        camera_left = self.trials.camera is Side.LEFT
        left, right = (pair.camera, pair.made) if camera_left else (pair.made, pair.camera)
        given = pair.given if self.trials.settings.shows_input else None
        self.trial.stage.show_pair(left, right, given)

    @Slot()
    def _on_seen(self) -> None:
        self.trial.stage.cover()

    def _show_progress(self) -> None:
        answered, count = len(self.trials.answers), self.trials.settings.count
        self.trial.show_progress(min(answered, count - 1), count, len(self._ready))
        self.trial.allow(self.trial.stage.has_pair)

    @Slot(object)
    def answer(self, side: Side) -> None:
        """The person says which picture is from a camera; nothing where none is shown."""
        if self.page is not self.trial or not self.trial.stage.has_pair:
            return
        self._cover.stop()
        pair = self._ready[len(self.trials.answers)]
        self.trials.answer(pair.name, side, self._since.elapsed() / 1000)
        self.is_saved = False
        self.trial.stage.clear()
        if self.trials.is_over:
            self._finish()
        else:
            self._gap.start()
            self._show_progress()

    @Slot()
    def stop(self) -> None:
        """End the study here: what is answered counts, and without an answer the choice is back."""
        self.pairs.stop()
        if self.trials.answers:
            self._finish()
            return
        self._rest()
        self._stack.setCurrentWidget(self.setup)

    def _rest(self) -> None:
        self._cover.stop()
        self._gap.stop()
        self.trial.stage.clear()

    # The result ------------------------------------------------------------------------------

    def _finish(self) -> None:
        self.pairs.stop()
        self._rest()
        self._show_result("")
        self._stack.setCurrentWidget(self.result)
        self.result.save.setFocus()

    def _show_result(self, sentence: str) -> None:
        self.result.show_result(self.trials, self._model[0])
        self.result.show_saved(sentence, self.is_saved)

    @property
    def _model(self) -> tuple[str, str]:
        """Name and checksum of the network whose pictures are studied."""
        return (self._ready[0].model, self._ready[0].sha256) if self._ready else ("", "")

    @Slot()
    def ask_where_to_save(self) -> None:
        dialog = QFileDialog(self, self.tr("Save the result of the study"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("Result (*.json)"), self.tr("Table (*.csv)")])
        dialog.setDefaultSuffix("json")
        dialog.filterSelected.connect(self._on_filter)
        folder = ui_state.results_folder(self._core.store)
        if folder is not None:
            dialog.setDirectory(str(folder))
        day = time.strftime("%Y-%m-%d")
        dialog.selectFile(f"study-{self.trials.settings.subject.value}-{day}.json")
        dialog.fileSelected.connect(self.save)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _on_filter(self, chosen: str) -> None:
        dialog = self.sender()
        if isinstance(dialog, QFileDialog):
            dialog.setDefaultSuffix("csv" if "*.csv" in chosen else "json")

    @Slot(str)
    def save(self, name: str) -> None:
        """Write the result to this file."""
        path = Path(name)
        try:
            result_file.save(path, self.trials, *self._model)
        except OSError as error:
            text = self.tr("{0} cannot be written ({1}). Choose another place.")
            self._show_result(text.format(path.name, error.strerror or error))
            return
        self.is_saved = True
        ui_state.keep_results_folder(self._core.store, path.parent)
        self._show_result(self.tr("Saved as {0}.").format(path))

    @Slot()
    def _on_again(self) -> None:
        if self.is_saved:
            self.setup.refresh()
            self._stack.setCurrentWidget(self.setup)
        else:
            self._ask_about_unsaved(closes=False)

    def _ask_about_unsaved(self, closes: bool) -> None:
        """The answers are in no file: save them, lose them, or stay."""
        if any(box.isVisible() for box in self.findChildren(QMessageBox)):
            return
        text = self.tr("The answers of this study are in no file.")
        box = PlainMessageBox(QMessageBox.Icon.Question, self.windowTitle(), text, parent=self)
        save = box.addButton(self.tr("Save…"), QMessageBox.ButtonRole.AcceptRole)
        lose = box.addButton(self.tr("Do not save"), QMessageBox.ButtonRole.DestructiveRole)
        back = box.addButton(self.tr("Go back"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(save)
        box.setEscapeButton(back)
        box.setProperty("closes", closes)
        box.finished.connect(self._on_unsaved_answer)
        box.finished.connect(box.deleteLater)
        self._buttons = save, lose
        box.open()

    @Slot()
    def _on_unsaved_answer(self) -> None:
        box = self.sender()
        if not isinstance(box, QMessageBox):
            return
        save, lose = self._buttons
        if box.clickedButton() is lose:
            self.is_saved = True
            if box.property("closes"):
                self.close()
            else:
                self._on_again()
            return
        if box.property("closes"):
            self.stayed.emit()
        if box.clickedButton() is save:
            self.ask_where_to_save()

    # The window itself -----------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self.windowTitle() not in ("", self.tr("Study")):
            self._rebuild_ui()

    def _rebuild_ui(self) -> None:
        """The same window in another language. A pair that is seen is shown anew; its time goes on."""
        was_seen, had_pair = self.trial.stage.is_seen, self.trial.stage.has_pair
        chosen = StudySettings(*self.setup.chosen)
        self._build_ui(self._stack.currentIndex())
        self.setup.show_settings(chosen, self._folder)
        if self.page is self.result:
            self._show_result("")
        if had_pair:
            self._show_pair()
            if not was_seen:
                self._on_seen()
        if self.page is self.trial:
            self._show_progress()
            self.trial.stage.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.is_saved:
            event.ignore()
            if self.page is self.trial:
                self.stop()
            self._ask_about_unsaved(closes=True)
            return
        self.pairs.stop()
        self._rest()
        event.accept()
        self.closed.emit()
