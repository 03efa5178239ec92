"""The batch's thread: lists photos, measures, runs `restorer.batch.multi_device.run_crew` through
`restorer.batch.job_dispatch`, and reports.

    GUI thread                          batch thread
    BatchHost.prepare / start --signal-> BatchWorker.prepare / work, with the RunControl of the job
    BatchHost.pause      --RunControl--> looked at between two events; a paused run is not pulled
    BatchHost.stop       --RunControl--> the same, and between two files that are listed
    BatchHost.add             --inbox--> emptied between two events
    BatchHost._on_message_ready <-signal- LatestValue (newest picture and progress only)
    listed, item_done, ended    <--signal- everything that must not be lost

The journal is shared: it locks itself, and what the window asks of it (a thumbnail, to set an item
aside) is small. Everything else that crosses is immutable.
"""

from __future__ import annotations

import dataclasses
import logging
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from restorer.batch.job import FEW, BatchJob
from restorer.errors import RestorerError
from restorer.pipeline.event_dispatch import Sink
from restorer.pipeline.events import Enlarged, Notice, Preview, Progress
from restorer.pipeline.run_control import RunControl
from restorer.threads import use_threads
from ui.imaging.live_preview import LivePreview
from ui.system.environment import drop_opencv_qt_settings
from ui.workers.latest_value import LatestValue
from ui.workers.messages import ProgressMessage
from ui.workers.thread_host import ThreadHost
from ui.workers.torch_preload import preload_torch

if TYPE_CHECKING:
    from restorer.batch.estimate import JobEstimate, Rate
    from restorer.batch.find_photos import Found
    from restorer.batch.journal import Journal
    from restorer.batch.recipe import JobRecipe
    from restorer.batch.runner import Agenda, BatchEvent, Idle, Over
    from restorer.batch.schema import Item

log = logging.getLogger(__name__)

PREVIEW_SIDE = 640


@dataclass(frozen=True, eq=False)
class BatchPlan:
    """A job that can be started: its items, what lies ahead if that is known, and the engine's
    sentences about folders."""

    items: tuple[Item, ...]
    journal: Journal
    estimate: JobEstimate | None
    rate: Rate | None  # for megapixels of the photos, not of the results
    troubles: tuple[str, ...]


class BatchWorker(QObject):
    """Lives in the batch thread; one job at a time."""

    message_ready = Signal()
    prepared = Signal(object)
    listed = Signal(object)  # a tuple of items that were added, or changed
    started = Signal(object)
    item_done = Signal(object)
    noted = Signal(str)  # in the engine's words, as what ended it: the language may change
    rested = Signal()  # a paused run has nothing in hand any more
    idled = Signal()  # a folder is watched, and there is nothing to do
    arrived = Signal()  # there is something again; the run pauses until it is told to go on
    ended = Signal(object)  # the error that ended it, or None: the list is at its end, or it was stopped

    def __init__(self, mailbox: LatestValue) -> None:
        super().__init__()
        self.inbox: deque[tuple[Path, ...]] = deque()
        self.agenda: Agenda | None = None
        self.journal: Journal | None = None
        self._mailbox = mailbox
        self._recipe: JobRecipe | None = None
        self._ids: list[int] = []
        self._is_idle = False
        self._found: list[Found] = []

    @Slot(object, object, bool)
    def prepare(self, job: BatchJob, control: RunControl, measure: bool) -> None:
        """List the photos, put them into the journal, and say what lies ahead."""
        self._reporting_errors(lambda: self._prepare(job, control, measure))

    @Slot(object, object, bool)
    def work(self, job: BatchJob, control: RunControl, few: bool) -> None:
        """Prepare, then do all that waits, or the first few of it."""

        def both() -> None:
            if self._prepare(job, control, measure=False):
                self._work(job, control, few)

        self._reporting_errors(both)

    def close_journal(self) -> None:
        """Give back what is claimed; called by this thread, or once it has ended."""
        if self.journal is not None:
            self.journal.close()
            self.journal = None

    def _reporting_errors(self, work: Callable[[], object]) -> None:
        problem: Exception | None = None
        try:
            work()
        except RestorerError as error:
            log.warning("%s", error)
            problem = error.with_traceback(None)  # nothing of the run is to live on with it
        except Exception as error:
            log.exception("the batch failed")
            problem = error.with_traceback(None)
        finally:
            drop_opencv_qt_settings()
        self.ended.emit(problem)

    def _prepare(self, job: BatchJob, control: RunControl, measure: bool) -> bool:
        """False where it was stopped before it came to its end."""
        preload_torch()
        use_threads(job.preferences.threads)
        from restorer.batch.estimate import estimate, learned, rate
        from restorer.batch.find_photos import check_places, find, nothing_in
        from restorer.batch.journal import Journal
        from restorer.batch.schema import ItemState
        from restorer.files.walk import Trouble

        assert job.out is not None
        recipe, wanted = job.recipe(), job.filter()
        check_places([source for source in job.sources if os.path.exists(source)], job.out)
        if self.journal is None or self.journal.out != job.out.absolute():
            self.close_journal()
            self.journal = Journal(job.out)
        journal = self.journal
        journal.recover()
        found: list[Found | Trouble] = []
        for one in find(job.sources, wanted, leave_out=job.out):
            if control.cancelled.is_set():
                return False
            found.append(one)
        troubles = tuple(one.sentence for one in found if isinstance(one, Trouble))
        self._found = [one for one in found if not isinstance(one, Trouble)]
        if not found and not job.watch:
            troubles = (nothing_in(job.sources),)
        self._ids = journal.add(self._found, recipe)
        self._recipe = recipe
        mine = set(self._ids)
        items = [item for item in journal.items() if item.id in mine]
        todo = [item for item in items if item.state is ItemState.WAITING]
        cost = None
        if todo:
            cost = rate(journal, recipe, todo, control) if measure else learned(journal, recipe)
        if control.cancelled.is_set():
            return False
        ahead = estimate(todo, recipe, cost, journal.out) if cost is not None else None
        pace = None
        if cost is not None:
            pace = dataclasses.replace(cost, seconds=cost.seconds * job.scale**2)
        self.prepared.emit(BatchPlan(tuple(items), journal, ahead, pace, troubles))
        return True

    def _work(self, job: BatchJob, control: RunControl, few: bool) -> None:
        from restorer.batch.job_dispatch import dispatch_job
        from restorer.batch.multi_device import devices_for, run_crew
        from restorer.batch.runner import Agenda
        from restorer.batch.schema import ItemState

        assert self.journal is not None
        mine = set(self._ids)
        todo = [item.id for item in self.journal.items(ItemState.WAITING) if item.id in mine]
        agenda = self.agenda = Agenda(todo[:FEW] if few else todo)
        run = run_crew(
            self.journal,
            agenda,
            devices_for(job.preferences.device),
            preview_side=PREVIEW_SIDE if job.preferences.previews else 0,
            more=self._watcher(job) if job.watch and not few else None,
        )
        try:
            self._is_idle = False
            dispatch_job(self._with_inbox(run, job, agenda), control, _FolderSink(self, control))
        finally:
            self.agenda = None
            with suppress(RestorerError):
                mine = set(self._ids)
                self.listed.emit(tuple(item for item in self.journal.items() if item.id in mine))

    def _with_inbox(self, run: Iterator[BatchEvent], job: BatchJob, agenda: Agenda) -> Iterator[BatchEvent]:
        """The events of a run; between two of them it gets the photos that were added meanwhile."""
        with closing(run) as events:  # type: ignore[type-var]
            for event in events:
                self._take_inbox(job, agenda)
                yield event

    def _watcher(self, job: BatchJob) -> Callable[[], Sequence[int]]:
        from restorer.batch.watch import Watch

        watch = Watch(job.sources, job.filter(), job.out, known=self._found)

        def more() -> Sequence[int]:
            assert self.journal is not None
            assert self._recipe is not None
            ids = self.journal.add(watch.arrived(monotonic()), self._recipe)
            return self._list(ids)

        return more

    def _take_inbox(self, job: BatchJob, agenda: Agenda) -> None:
        from restorer.batch.find_photos import Found, find

        while self.inbox:
            sources = self.inbox.popleft()
            assert self.journal is not None
            assert self._recipe is not None
            found = find(sources, job.filter(), leave_out=job.out)
            ids = self.journal.add((one for one in found if isinstance(one, Found)), self._recipe)
            agenda.add(self._list(ids))

    def _list(self, ids: Sequence[int]) -> list[int]:
        """Tell the window of added items; returns those that wait."""
        from restorer.batch.schema import ItemState

        assert self.journal is not None
        known = set(self._ids)
        self._ids += [item_id for item_id in ids if item_id not in known]
        items = tuple(self.journal.item(item_id) for item_id in ids)
        if items:
            self.listed.emit(items)
        return [item.id for item in items if item.state is ItemState.WAITING]

    def idle(self) -> None:
        """There is nothing to do; said once."""
        if not self._is_idle:
            self._is_idle = True
            self.idled.emit()

    def start(self, item: Item, control: RunControl) -> None:
        """An item is begun. After idleness the device may be somebody else's, so the run waits first."""
        if self._is_idle:
            self._is_idle = False
            control.pause()
            self.arrived.emit()
        self.started.emit(item)

    def post(self, message: ProgressMessage) -> None:
        """Put the newest state of the photo in work into the mailbox."""
        if self._mailbox.post(message):
            self.message_ready.emit()


class _FolderSink:
    """Shows a folder job in the window; every method is called in the batch's thread."""

    def __init__(self, worker: BatchWorker, control: RunControl) -> None:
        self._worker, self._control = worker, control
        self._item: _ItemSink | None = None

    def started(self, item: Item) -> None:
        self._worker.start(item, self._control)

    def step(self, item: Item) -> Sink:
        if self._item is None or self._item.number != item.id:
            self._item = _ItemSink(self._worker, item.id)
        return self._item

    def item_done(self, item: Item) -> None:
        self._worker.item_done.emit(item)

    def idle(self, event: Idle) -> None:
        if event.elsewhere == 0:
            self._worker.idle()

    def over(self, event: Over) -> None: ...

    def waits(self) -> None:
        self._worker.rested.emit()


class _ItemSink(Sink):
    """Shows the engine's events for one photo of the folder. number: of its item."""

    def __init__(self, worker: BatchWorker, number: int) -> None:
        self._worker, self.number = worker, number
        self._live: LivePreview | None = None

    def progress(self, event: Progress) -> None:
        self._worker.post(ProgressMessage(self.number, progress=event))

    def notice(self, event: Notice) -> None:
        self._worker.noted.emit(event.message)

    def enlarged(self, event: Enlarged) -> None:
        self._live = LivePreview(event.image, event.size, PREVIEW_SIDE)
        self._worker.post(ProgressMessage(self.number, image=self._live.image(), size=event.size))

    def preview(self, event: Preview) -> None:
        if self._live is not None:
            self._live.pin(event.image, event.box)
            self._worker.post(ProgressMessage(self.number, image=self._live.image(), size=event.size))


class BatchHost(ThreadHost):
    """The window's end of the batch thread."""

    prepared = Signal(object)
    listed = Signal(object)
    started = Signal(object)
    item_done = Signal(object)
    noted = Signal(str)
    rested = Signal()
    idled = Signal()
    arrived = Signal()
    ended = Signal(object)
    progressed = Signal(object)
    _prepare = Signal(object, object, bool)
    _work = Signal(object, object, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        mailbox = LatestValue()
        worker = BatchWorker(mailbox)
        super().__init__("batch", worker, parent)
        self._mailbox, self._worker = mailbox, worker
        self._control = RunControl()  # of the job in hand, or of the last one
        self.busy = False
        self.working = False
        self._prepare.connect(worker.prepare)
        self._work.connect(worker.work)
        worker.message_ready.connect(self._on_message_ready)
        self.ended.connect(self._set_idle)  # before anyone else, who may start the next job
        self.pass_on(
            (worker.prepared, self.prepared),
            (worker.listed, self.listed),
            (worker.started, self.started),
            (worker.item_done, self.item_done),
            (worker.noted, self.noted),
            (worker.rested, self.rested),
            (worker.idled, self.idled),
            (worker.arrived, self.arrived),
            (worker.ended, self.ended),
        )
        self.thread_.start()

    @property
    def journal(self) -> Journal | None:
        return self._worker.journal

    @property
    def paused(self) -> bool:
        return self.working and not self._control.going.is_set()

    def prepare(self, job: BatchJob, measure: bool = True) -> None:
        """List and measure; `prepared` follows, then `ended`."""
        self.busy = True
        self._control = RunControl()
        self._prepare.emit(job, self._control, measure)

    def start(self, job: BatchJob, few: bool = False) -> None:
        """Do the job, or the first few of it; `ended` follows."""
        self.busy = self.working = True
        self._control = RunControl()
        self._work.emit(job, self._control, few)

    def pause(self, on: bool) -> None:
        """Stop pulling after the piece of work in hand, or go on."""
        if on:
            self._control.pause()
        else:
            self._control.go_on()

    def stop(self) -> None:
        """End the run after the piece of work in hand; what is not begun waits for the next time."""
        self._control.cancel()

    def add(self, sources: tuple[Path, ...]) -> None:
        """More photos, while it runs."""
        self._worker.inbox.append(sources)

    def cancel(self, ids: Sequence[int], message: str) -> None:
        """Set items aside, the running one as well."""
        if self._worker.agenda is not None:
            self._worker.agenda.cancel(ids)
        if self.journal is not None:
            self.journal.skip(ids, message)

    def retry(self, ids: Sequence[int]) -> int:
        """Let failed and skipped items wait again, and do them if it runs."""
        if self.journal is None:
            return 0
        count = self.journal.retry(ids)
        if self._worker.agenda is not None:
            self._worker.agenda.add(ids)
        return count

    def close(self) -> None:
        """End the run and the thread, and wait for both: at most one network evaluation and one file."""
        self.stop()
        super().close()
        self._worker.close_journal()  # nobody else is left to use it

    @Slot()
    def _on_message_ready(self) -> None:
        message = self._mailbox.take()
        if message is not None:
            self.progressed.emit(message)

    @Slot()
    def _set_idle(self) -> None:
        self.busy = self.working = False
