"""The batch window: a form at the left, the photos in a table, the one in work, and how far it is.

    person --> form, buttons --> BatchHost (a thread of its own) --> journal on disk
    BatchHost --> signals --> this window's methods --> table, picture, bar

What became of each photo is in the journal, so closing loses nothing: the same job goes on next time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QModelIndex, QSettings, QUrl, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDesktopServices
from PySide6.QtWidgets import QMessageBox

from restorer.batch.job import BatchJob
from restorer.batch.runner import CANCELLED
from restorer.batch.schema import Item, ItemState
from restorer.errors import RestorerError
from restorer.preferences import Preferences
from ui.batch import progress
from ui.batch.layout import BatchLayout, say_on
from ui.batch.progress import JobPace, Tally
from ui.batch.table_model import BatchTable
from ui.controllers.device_lease import DeviceLease
from ui.i18n.engine_messages import engine_message
from ui.model.options import RestoreOptions
from ui.settings import ui_state
from ui.workers.batch_worker import BatchHost, BatchPlan
from ui.workers.messages import ProgressMessage

LAST_JOB_KEY = "batch"  # the name of the last job in the settings
UNFINISHED_KEY = "batch_unfinished"  # whether it can go on, and so has to stay as it was set


class BatchWindow(BatchLayout):
    """A window of its own. store: remembers the last job. preferences: the settings as they are now.
    lease: its place among the runs of the main window. options: what a new job begins with."""

    closed = Signal()
    ran = Signal(int, int, float, str)  # a job ended by itself: done, failed, seconds, why it broke off

    def __init__(
        self,
        scales: tuple[int, ...],
        store: QSettings,
        model: str | None = None,
        preferences: Callable[[], Preferences] = Preferences,
        lease: DeviceLease | None = None,
        options: RestoreOptions | None = None,
    ) -> None:
        super().__init__()
        self._scales = scales
        self._store = store
        self._preferences = preferences
        self._fraction = 0.0
        self._running: Item | None = None
        self._is_closing = self._goes_on = False
        self._run: Tally | None = None  # of the job that goes, unless the person stops it
        self._when_granted: Callable[[], None] | None = None  # what begins once it is our turn
        self._status_text: Callable[[], str] = lambda: ""
        self.pace = JobPace()
        self.lease = lease or DeviceLease(parent=self)
        self.host = BatchHost(self)
        self.table = BatchTable(self)
        last_job = BatchJob.from_text(str(store.value(LAST_JOB_KEY, "")))
        if options is not None and str(store.value(UNFINISHED_KEY, "0")) == "0":
            last_job = _set_as(last_job, options)
            model = model or options.model
        self._build_ui(replace(last_job, model=model))
        self._connect()
        self.open_inside(self.screen().availableGeometry())
        self._show_state()
        if last_job.sources and last_job.out is not None:
            self.host.prepare(self.job, measure=False)
            self._show_state()

    # Building --------------------------------------------------------------------------------

    def _build_ui(self, job: BatchJob) -> None:
        """Build all that is seen, in the language spoken now."""
        self.build(self._scales, job, self.table)
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

    def _connect(self) -> None:
        self.stop_confirmed.connect(self._close_when_stopped)
        self.lease.granted.connect(self._on_granted)
        self.host.prepared.connect(self._on_prepared)
        self.host.listed.connect(self._on_listed)
        self.host.started.connect(self._on_started)
        self.host.item_done.connect(self._on_item_done)
        self.host.noted.connect(self._on_noted)
        self.host.rested.connect(self._on_rested)
        self.host.idled.connect(self._on_idled)
        self.host.arrived.connect(self._on_arrived)
        self.host.ended.connect(self._on_ended)
        self.host.progressed.connect(self._on_progress)

    def _clear_status(self) -> None:
        self._show_status(lambda: "")

    def _show_status(self, words: Callable[[], str]) -> None:
        """Show a sentence, which can be said again in another language."""
        self._status_text = words
        self.ahead.setText(words())

    # What the person asks for ----------------------------------------------------------------

    @property
    def job(self) -> BatchJob:
        """The form and the settings as they are now."""
        return replace(self.form.job, preferences=self._preferences())

    def add(self, paths: Iterable[Path]) -> None:
        """Folders or photos that were chosen or dropped."""
        self.form.add_sources(paths)

    @Slot()
    def measure(self) -> None:
        self._show_status(lambda: self.tr("Measuring on the first photo…"))
        self._request_device(lambda: self.host.prepare(self.job))

    @Slot()
    def begin(self) -> None:
        self._request_device(partial(self._start_job, few=False))

    def go_on(self) -> None:
        """Begin what was interrupted, as soon as it is listed. Where there is no such job nothing happens."""
        if not self.job.sources or self.job.out is None or self.host.working or self.lease.waiting:
            return
        self._goes_on = self.host.busy
        if not self._goes_on:
            self.begin()

    @Slot()
    def try_few(self) -> None:
        self._request_device(partial(self._start_job, few=True))

    def _request_device(self, work: Callable[[], None]) -> None:
        """Do it at once, or when the main window's runs are done."""
        self._remember_job()
        self._when_granted = work
        self.lease.request()
        self._show_state()

    def _start_job(self, few: bool) -> None:
        self._remember_job()  # with what came while it waited
        ui_state.keep_unfinished_folder(self._store, self.job.out)
        self._run = Tally()
        self._store.setValue(UNFINISHED_KEY, 1)
        self.host.start(self.job, few)

    @Slot()
    def toggle_pause(self) -> None:
        if not self.host.paused:
            self.host.pause(True)
        elif self.lease.waiting:
            self.lease.withdraw()
        else:
            self._when_granted = partial(self.host.pause, False)
            self.lease.request()
        self._show_state()

    @Slot()
    def end(self) -> None:
        """Stop the job, the measuring, or the waiting for its turn."""
        self.lease.withdraw()
        self._run, self._goes_on = None, False  # whoever stops it knows
        ui_state.keep_unfinished_folder(self._store, None)
        if self.host.busy:
            self.host.stop()
        if not self.host.working:
            self._clear_status()
        self._show_state()

    @Slot()
    def skip_selected(self) -> None:
        ids = [item.id for item in self._selected() if item.state in (ItemState.WAITING, ItemState.RUNNING)]
        self.host.cancel(ids, CANCELLED)
        self._refresh(ids)

    @Slot()
    def retry_failed(self) -> None:
        """Those that are selected, or all that failed."""
        chosen = [item for item in self._selected() if item.state in (ItemState.FAILED, ItemState.SKIPPED)]
        ids = [item.id for item in chosen or self.table.items if chosen or item.state is ItemState.FAILED]
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
        if journal is not None and item.state is ItemState.DONE:
            self._show_path(journal.out / item.output)

    def _show_path(self, path: Path) -> None:
        """Open a file in its own program, or say where it is."""
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._show_status(
                lambda: self.tr(
                    "No program on this computer could open {0}. Look for it there yourself."
                ).format(path)
            )

    @Slot()
    def write_report(self) -> None:
        from restorer.batch.report import write_report

        if self.host.journal is None:
            return
        try:
            path = write_report(self.host.journal)
        except RestorerError as error:
            self._show_status(partial(engine_message, str(error)))
        else:
            self._show_status(lambda: self.tr("The report is {0}.").format(path))
            self._show_path(path)

    def _selected(self) -> list[Item]:
        return [self.table.items[index.row()] for index in self.view.selectionModel().selectedRows()]

    # What the batch reports ------------------------------------------------------------------

    @Slot(object)
    def _on_added(self, paths: tuple[Path, ...]) -> None:
        if self.host.working:
            self.host.add(paths)

    @Slot(object)
    def _on_prepared(self, prepared: BatchPlan) -> None:
        self.table.show_items(prepared.items, prepared.journal.thumbnails)
        if prepared.rate is not None:
            self.pace.rate = prepared.rate
        self._show_status(partial(progress.ahead, prepared.estimate, prepared.troubles))
        self._show_state()

    @Slot()
    def _on_granted(self) -> None:
        work, self._when_granted = self._when_granted, None
        if work is not None:
            work()
        self._show_state()

    @Slot()
    def _on_rested(self) -> None:
        """The batch's thread has nothing in hand any more."""
        if self.host.paused and not self.lease.waiting:
            self.lease.give_back()

    @Slot()
    def _on_idled(self) -> None:
        """A watched folder has nothing new: the main window's photos go first meanwhile."""
        self.lease.give_back()

    @Slot()
    def _on_arrived(self) -> None:
        """Something came into the watched folder, and waits for the device."""
        self._when_granted = partial(self.host.pause, False)
        self.lease.request()
        self._show_state()

    @Slot(str)
    def _on_noted(self, sentence: str) -> None:
        self._show_status(partial(engine_message, sentence))

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
    def _on_item_done(self, item: Item) -> None:
        self.table.update([item])
        if self._run is not None:
            self._run.count(item)
        if item.state is ItemState.DONE:
            self.pace.learn(item)
        if self._running is not None and item.id == self._running.id:
            self._running, self._fraction = None, 0.0
        self._show_state()

    @Slot(object)
    def _on_progress(self, message: ProgressMessage) -> None:
        if self._running is None or message.run != self._running.id:
            return
        if message.image is not None:
            self.live.show_image(message.image)
        if message.progress is not None:
            self._fraction = message.progress.fraction
            self._show_progress()

    @Slot(object)
    def _on_ended(self, error: Exception | None) -> None:
        self._running = None
        self.live.clear()
        if error is not None:
            self._show_status(partial(self._problem, error))
        self.lease.give_back()
        self._show_state()
        run, self._run = self._run, None
        if run is not None and not self._is_closing:
            ui_state.keep_unfinished_folder(self._store, None)
        if self._goes_on:
            self._goes_on = False
            self.begin()
        elif self._is_closing and self.isVisible():
            self.close()
        elif self._is_closing:
            self.finish()
        elif run is not None:
            self._store.setValue(UNFINISHED_KEY, int(error is not None))
            self.ran.emit(run.done, run.failed, run.seconds, "" if error is None else self._problem(error))

    def _problem(self, error: Exception) -> str:
        """Why a job broke off."""
        if isinstance(error, RestorerError):
            return engine_message(error)
        return self.tr("The batch stopped because of an error inside Restorer; the details are in the log.")

    def _refresh(self, ids: Iterable[int]) -> None:
        journal = self.host.journal
        if journal is not None:
            self.table.update([journal.item(item_id) for item_id in ids])
        self._show_state()

    # Showing ---------------------------------------------------------------------------------

    @Slot()
    def _show_state(self) -> None:
        """Buttons, after what can be done."""
        job, working, waits = self.form.job, self.host.working, self.lease.waiting
        busy = self.host.busy or waits
        ready = bool(job.sources) and job.out is not None and self.form.scale.count() > 0 and not busy
        for button in (self.estimate, self.few, self.start):
            button.setEnabled(ready)
        waiting, failed = self.table.count(ItemState.WAITING), self.table.count(ItemState.FAILED)
        finished = self.table.count(ItemState.DONE)
        say_on(self.start, self.tr("Go on") if waiting and finished and not busy else self.tr("Start"))
        self.form.lock(busy)
        self.pause.setEnabled(working)
        say_on(self.pause, self.tr("Resume") if self.host.paused and not waits else self.tr("Pause"))
        self.stop.setEnabled(busy)
        selected = self._selected()
        self.cancel.setEnabled(any(item.state in (ItemState.WAITING, ItemState.RUNNING) for item in selected))
        self.retry.setEnabled(failed > 0 or any(item.state is ItemState.SKIPPED for item in selected))
        self.open.setEnabled(any(item.state is ItemState.DONE for item in selected[:1]))
        self.report.setEnabled(bool(self.table.items) and (working or not busy))
        self._show_progress()

    def _show_progress(self) -> None:
        left = progress.what_is_left(self.table, self._running, self._fraction)
        self.bar.setValue(round(1000 * progress.share(self.table, self._running, self._fraction)))
        if self.lease.waiting:
            waits = self.tr("Waiting until the run in the main window is done. Stop ends the waiting.")
            self.words.setText(waits)
            return
        paused, working = self.host.paused, self.host.working
        watching = self.form.watch.isChecked()
        self.words.setText(
            progress.sentence(self.table, self.pace, left, working, paused, time.time(), watching)
        )

    # The window itself -----------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        spoken = self.tr("Restore folders")
        if event.type() == QEvent.Type.LanguageChange and self.windowTitle() not in ("", spoken):
            self._rebuild_ui()

    def _rebuild_ui(self) -> None:
        """The same window in another language; the job, its list and what it shows go on."""
        chosen, name, image = [item.id for item in self._selected()], self.live.name, self.live.image
        self._build_ui(self.form.job)
        self.live.show_name(name)
        self.live.show_image(image)
        self.select(chosen)
        self._show_status(self._status_text)
        for box in self.findChildren(QMessageBox):
            box.close()
            self.ask_to_leave()
        self._show_state()

    def _remember_job(self) -> None:
        self._store.setValue(LAST_JOB_KEY, self.form.job.to_text())
        self._store.sync()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.host.working and not self._is_closing:
            event.ignore()
            self.ask_to_leave()
            return
        self._remember_job()
        event.accept()
        if self.host.busy and not self._is_closing:  # it lists or measures, and nobody waits for that
            self._is_closing = True
            self.host.stop()  # `ended` follows
        else:
            self.finish()

    def finish(self) -> None:
        """End what goes, and wait for it: a step of a network, or a file."""
        self.host.close()
        self.host.blockSignals(True)  # what is on its way finds nobody
        self.lease.give_back()
        self.closed.emit()

    @Slot()
    def _close_when_stopped(self) -> None:
        self._is_closing = True
        if self.host.working:
            self.host.stop()  # `ended` follows, and closes
        else:
            self.close()


def _set_as(job: BatchJob, options: RestoreOptions) -> BatchJob:
    """The job, to be done as the main window is set."""
    return replace(
        job,
        scale=options.scale,
        preset=options.preset,
        fidelity=options.fidelity,
        clean_up=options.clean_up,
        repair=options.repair,
        faces=options.faces,
    )
