"""The batch window: a form at the left, the photos in a table, the one in work, and how far it is.

    person --> form, buttons --> BatchHost (a thread of its own) --> journal on disk
    BatchHost --> signals --> this window's methods --> table, picture, bar

What became of each photo is in the journal, so closing loses nothing: the same job goes on next time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QModelIndex, QSettings, QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from restorer.batch.schema import Item, State
from restorer.errors import RestorerError
from ui import batch_progress as progress
from ui import batch_table
from ui.batch_form import BatchForm
from ui.batch_job import FEW, BatchJob, Pace, Tally
from ui.batch_live import LivePicture
from ui.batch_table import BatchTable
from ui.batch_worker import BatchHost, Prepared
from ui.controls import WrappedLabel
from ui.engine_words import engine_words
from ui.intake import intake, is_welcome
from ui.mailbox import Letter
from ui.pieces import ActionButton
from ui.preferences import Preferences

KEPT = "batch"  # the name of the last job in the settings


class BatchWindow(QWidget):
    """A window of its own; `store` remembers the last job, `preferences` tells what is settled by now."""

    closed = Signal()
    ran = Signal(int, int, float, str)  # a job ended by itself: done, failed, seconds, why it broke off

    def __init__(
        self,
        scales: tuple[int, ...],
        store: QSettings,
        model: str | None = None,
        preferences: Callable[[], Preferences] = Preferences,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(self.tr("Restore folders"))
        self.setAcceptDrops(True)
        self._store = store
        self._preferences = preferences
        self._fraction = 0.0
        self._running: Item | None = None
        self._leaving = False
        self._run: Tally | None = None  # of the job that goes, unless the person stops it
        self.pace = Pace()
        kept = BatchJob.from_text(str(store.value(KEPT, "")))
        self.form = BatchForm(scales, BatchJob(**{**vars(kept), "model": model}))
        self.host = BatchHost(self)
        self.table = BatchTable(self)
        self._build()
        self._connect()
        unit = self.fontMetrics().height()
        self.setMinimumSize(unit * 50, unit * 34)
        self.resize(unit * 84, unit * 46)
        self._show_state()
        if kept.sources and kept.out is not None:
            self.host.prepare(self.job, measure=False)
            self._show_state()

    # Building --------------------------------------------------------------------------------

    def _build(self) -> None:
        unit = self.fontMetrics().height()
        self.view = QTableView()
        self.view.setModel(self.table)
        self.view.setAccessibleName(self.tr("Photos and what became of them"))
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setShowGrid(False)
        self.view.setAlternatingRowColors(True)
        self.view.setTabKeyNavigation(False)
        self.view.setIconSize(QSize(unit * 3, round(unit * 2.2)))
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(round(unit * 2.6))
        header = self.view.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(batch_table.MESSAGE, QHeaderView.ResizeMode.Stretch)
        widths = {batch_table.PICTURE: 4.5, batch_table.NAME: 17, batch_table.STATE: 5, batch_table.TIME: 5}
        for column, width in widths.items():
            self.view.setColumnWidth(column, round(unit * width))

        self.live = LivePicture()
        self.live.setFixedHeight(unit * 13)
        self.ahead = WrappedLabel()
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of the whole job"))
        self.words = QLabel()
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)

        self.estimate = QPushButton(self.tr("Estimate"))
        self.few = QPushButton(self.tr("Try the first {0}").format(FEW))
        self.start = ActionButton(self.tr("Start"))
        self.start.set_primary(True)
        self.pause = QPushButton(self.tr("Pause"))
        self.stop = QPushButton(self.tr("Stop"))
        self.cancel = QPushButton(self.tr("Skip selected"))
        self.retry = QPushButton(self.tr("Retry failed"))
        self.open = QPushButton(self.tr("Open result"))
        self.report = QPushButton(self.tr("Report"))
        row = QHBoxLayout()
        for button in (self.cancel, self.retry, self.open, self.report):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.pause)
        row.addWidget(self.stop)

        right = QVBoxLayout()
        right.addWidget(self.live)
        right.addWidget(self.view, 1)
        right.addLayout(row)
        right.addWidget(self.bar)
        right.addWidget(self.words)
        begin = QHBoxLayout()
        begin.addWidget(self.estimate)
        begin.addWidget(self.few)
        left = QVBoxLayout()
        left.addWidget(self.form, 1)
        left.addWidget(self.ahead)
        left.addLayout(begin)
        left.addWidget(self.start)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(unit, unit, unit, unit)
        whole.setSpacing(unit)
        whole.addLayout(left)
        whole.addLayout(right, 1)

    def _connect(self) -> None:
        self.form.changed.connect(self._show_state)
        self.form.added.connect(self._on_added)
        self.estimate.clicked.connect(self.measure)
        self.few.clicked.connect(self.try_few)
        self.start.clicked.connect(self.begin)
        self.pause.clicked.connect(self.toggle_pause)
        self.stop.clicked.connect(self.end)
        self.cancel.clicked.connect(self.skip_selected)
        self.retry.clicked.connect(self.retry_failed)
        self.open.clicked.connect(self.open_result)
        self.report.clicked.connect(self.write_report)
        self.view.doubleClicked.connect(self._on_double_click)
        self.view.selectionModel().selectionChanged.connect(self._show_state)
        self.host.prepared.connect(self._on_prepared)
        self.host.listed.connect(self._on_listed)
        self.host.started.connect(self._on_started)
        self.host.settled.connect(self._on_settled)
        self.host.noted.connect(self.ahead.setText)
        self.host.ended.connect(self._on_ended)
        self.host.letter.connect(self._on_letter)

    # What the person asks for ----------------------------------------------------------------

    @property
    def job(self) -> BatchJob:
        """The form and the settings as they stand."""
        return replace(self.form.job, settled=self._preferences())

    def add(self, paths: Iterable[Path]) -> None:
        """Folders or photos that were chosen or dropped."""
        self.form.add_sources(paths)

    @Slot()
    def measure(self) -> None:
        self._keep()
        self.ahead.setText(self.tr("Measuring on the first photo…"))
        self.host.prepare(self.job)
        self._show_state()

    @Slot()
    def begin(self) -> None:
        self._keep()
        self._run = Tally()
        self.host.start(self.job)
        self._show_state()

    @Slot()
    def try_few(self) -> None:
        self._keep()
        self._run = Tally()
        self.host.start(self.job, few=True)
        self._show_state()

    @Slot()
    def toggle_pause(self) -> None:
        self.host.pause(not self.host.paused)
        self._show_state()

    @Slot()
    def end(self) -> None:
        self._run = None  # whoever stops it knows
        self.host.stop()

    @Slot()
    def skip_selected(self) -> None:
        ids = [item.id for item in self._selected() if item.state in (State.WAITING, State.RUNNING)]
        self.host.cancel(ids, self.tr("It was cancelled."))
        self._refresh(ids)

    @Slot()
    def retry_failed(self) -> None:
        """Those that are selected, or all that failed."""
        chosen = [item for item in self._selected() if item.state in (State.FAILED, State.SKIPPED)]
        ids = [item.id for item in chosen or self.table.items if chosen or item.state is State.FAILED]
        self.host.retry(ids)
        self._refresh(ids)

    @Slot()
    def open_result(self) -> None:
        for item in self._selected()[:1]:
            self._open(item)

    @Slot(QModelIndex)
    def _on_double_click(self, index: QModelIndex) -> None:
        self._open(self.table.items[index.row()])

    def _open(self, item: Item) -> None:
        journal = self.host.journal
        if journal is not None and item.state is State.DONE:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(journal.out / item.output)))

    @Slot()
    def write_report(self) -> None:
        from restorer.batch.report import write_report

        if self.host.journal is None:
            return
        try:
            path = write_report(self.host.journal)
        except RestorerError as error:
            self.ahead.setText(engine_words(error))
        else:
            self.ahead.setText(self.tr("The report is {0}.").format(path))
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _selected(self) -> list[Item]:
        return [self.table.items[index.row()] for index in self.view.selectionModel().selectedRows()]

    # What the batch reports ------------------------------------------------------------------

    @Slot(object)
    def _on_added(self, paths: tuple[Path, ...]) -> None:
        if self.host.working:
            self.host.add(paths)

    @Slot(object)
    def _on_prepared(self, prepared: Prepared) -> None:
        self.table.show_items(prepared.items, prepared.journal.thumbnails)
        if prepared.seconds_a_megapixel is not None:
            self.pace.seconds_a_megapixel = prepared.seconds_a_megapixel
        self.ahead.setText("\n".join([*filter(None, [prepared.forecast]), *prepared.troubles[:3]]))
        self._show_state()

    @Slot(object)
    def _on_listed(self, items: tuple[Item, ...]) -> None:
        self.table.update(items)
        self._show_state()

    @Slot(object)
    def _on_started(self, item: Item) -> None:
        self._running, self._fraction = item, 0.0
        self.table.update([item])
        self.live.show_name(item.name)
        row = self.table.row_of(item.id)
        if row is not None and not self.view.selectionModel().hasSelection():
            self.view.scrollTo(self.table.index(row, 0))
        self._show_state()

    @Slot(object)
    def _on_settled(self, item: Item) -> None:
        self.table.update([item])
        if self._run is not None:
            self._run.count(item)
        if item.state is State.DONE:
            self.pace.learn(item)
        if self._running is not None and item.id == self._running.id:
            self._running, self._fraction = None, 0.0
        self._show_state()

    @Slot(object)
    def _on_letter(self, letter: Letter) -> None:
        if self._running is None or letter.run != self._running.id:
            return
        if letter.image is not None:
            self.live.show_image(letter.image)
        if letter.progress is not None:
            self._fraction = letter.progress.fraction
            self._show_progress()

    @Slot(str)
    def _on_ended(self, sentence: str) -> None:
        self._running = None
        self.live.clear()
        if sentence:
            self.ahead.setText(sentence)
        self._show_state()
        run, self._run = self._run, None
        if self._leaving:
            self.close()
        elif run is not None:
            self.ran.emit(run.done, run.failed, run.seconds, sentence)

    def _refresh(self, ids: Iterable[int]) -> None:
        journal = self.host.journal
        if journal is not None:
            self.table.update([journal.item(item_id) for item_id in ids])
        self._show_state()

    # Showing ---------------------------------------------------------------------------------

    @Slot()
    def _show_state(self) -> None:
        """Buttons, after what can be done."""
        job, busy, working = self.form.job, self.host.busy, self.host.working
        ready = bool(job.sources) and job.out is not None and self.form.scale.count() > 0 and not busy
        for button in (self.estimate, self.few, self.start):
            button.setEnabled(ready)
        waiting, failed = self.table.count(State.WAITING), self.table.count(State.FAILED)
        finished = self.table.count(State.DONE)
        self.start.setText(self.tr("Go on") if waiting and finished and not busy else self.tr("Start"))
        self.form.lock(busy)
        self.pause.setEnabled(working)
        self.pause.setText(self.tr("Resume") if self.host.paused else self.tr("Pause"))
        self.stop.setEnabled(working)
        selected = self._selected()
        self.cancel.setEnabled(any(item.state in (State.WAITING, State.RUNNING) for item in selected))
        self.retry.setEnabled(failed > 0 or any(item.state is State.SKIPPED for item in selected))
        self.open.setEnabled(any(item.state is State.DONE for item in selected[:1]))
        self.report.setEnabled(bool(self.table.items) and (working or not busy))
        self._show_progress()

    def _show_progress(self) -> None:
        left = progress.left(self.table, self._running, self._fraction)
        self.bar.setValue(round(1000 * progress.share(self.table, self._running, self._fraction)))
        paused, working = self.host.paused, self.host.working
        self.words.setText(progress.sentence(self.table, self.pace, left, working, paused, time.time()))

    # The window itself -----------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if is_welcome(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        brought = intake(event.mimeData())
        self.add([*brought.folders, *brought.files])

    def _keep(self) -> None:
        self._store.setValue(KEPT, self.form.job.to_text())
        self._store.sync()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.host.working and not self._leaving:
            event.ignore()
            self._ask_to_leave()
            return
        self._keep()
        self.host.close()
        event.accept()
        self.closed.emit()

    def _ask_to_leave(self) -> None:
        box = QMessageBox(
            QMessageBox.Icon.Question, self.windowTitle(), self.tr("Stop restoring?"), parent=self
        )
        box.setInformativeText(
            self.tr(
                "What is finished is saved. The rest goes on from the same place when you open this window "
                "again."
            )
        )
        leave = box.addButton(self.tr("Stop and close"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(self.tr("Keep restoring"), QMessageBox.ButtonRole.RejectRole)
        leave.clicked.connect(self._leave)
        box.finished.connect(box.deleteLater)
        box.open()

    @Slot()
    def _leave(self) -> None:
        self._leaving = True
        if self.host.working:
            self.host.stop()  # `ended` follows, and closes
        else:
            self.close()
