"""The batch itself: `run_items(...)` is a generator of events; pulling the next does the next piece of work.

    claim -> [reading thread: hash, decode] -> network, in the puller's own thread -> [writing thread: encode]

While the network works on one photo, the next is being decoded and the last one's result encoded, so
the network hardly waits; at most one photo lies in between on either side, whatever their number, so
memory stays flat. Whoever pulls may stop pulling (pause) or close the generator (cancel): what is
being written is finished, what is not goes back to the list.

Several processes may run on one journal; each item is claimed by one of them.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from restorer.batch import item_steps
from restorer.batch.item_steps import Names, Place, Ready, Verdict
from restorer.batch.journal import Journal, facts_key
from restorer.batch.schema import Item, ItemState
from restorer.errors import JournalError, PackError
from restorer.pipeline.events import Done, Phase

if TYPE_CHECKING:
    from restorer.pipeline.events import Event
    from restorer.pipeline.network_cache import NetworkCache

IDLE_SECONDS = 0.5
CANCELLED = "It was cancelled."


@dataclass(frozen=True, eq=False)
class Started:
    """The network is about to work on an item."""

    item: Item


@dataclass(frozen=True, eq=False)
class ItemProgress:
    """An event of the engine's run of an item."""

    item: Item
    event: Event


@dataclass(frozen=True, eq=False)
class ItemDone:
    """An item is done, has failed or was skipped: its state says which."""

    item: Item


@dataclass(frozen=True)
class Idle:
    """There is nothing to do at the moment: others have the last items, or a folder is watched."""

    elsewhere: int


@dataclass(frozen=True)
class Over:
    """The list is at its end. Of `seconds` since its first evaluation, the network worked for `busy`."""

    seconds: float
    busy: float


BatchEvent = Started | ItemProgress | ItemDone | Idle | Over


class Agenda:
    """Which items are still to be done, shared by those who add, cancel and work."""

    def __init__(self, ids: Iterable[int] = ()) -> None:
        self._mutex = threading.Lock()
        self._ids = deque(ids)
        self._handed_out: set[int] = set()
        self._cancelled: set[int] = set()

    def add(self, ids: Iterable[int]) -> None:
        """More to do, at the end; one that waits here already is there once."""
        with self._mutex:
            present = set(self._ids)
            for item_id in ids:
                self._cancelled.discard(item_id)
                if item_id not in present:
                    self._ids.append(item_id)
                    present.add(item_id)

    def cancel(self, ids: Iterable[int]) -> None:
        """Whoever works on one of these is to stop."""
        with self._mutex:
            self._cancelled.update(ids)

    def cancelled(self, item_id: int) -> bool:
        with self._mutex:
            return item_id in self._cancelled

    def next(self) -> int | None:
        """The next item, None if there is none."""
        with self._mutex:
            if not self._ids:
                return None
            item_id = self._ids.popleft()
            self._handed_out.add(item_id)
            return item_id

    def everything(self) -> list[int]:
        """All items that are or were here."""
        with self._mutex:
            return sorted(self._handed_out | set(self._ids))


More = Callable[[], Sequence[int]]


def run_items(
    journal: Journal,
    agenda: Agenda,
    *,
    device: str | None = None,
    preview_side: int = 0,
    more: More | None = None,
) -> Iterator[BatchEvent]:
    """Work through the agenda; the last event is `Over`.

    device: instead of the recipes'. preview_side: as in `RestoreRequest`. more: asked for further items when
    the agenda is empty; with it, the run goes on until it is closed.
    Raises PhotoError if the folder of results cannot be used, PackError, and JournalError.
    """
    run = _FolderRun(journal, agenda, device, preview_side)
    try:
        run.tidy()
        while True:
            run.fill()
            yield from run.written_items()
            if run.ahead:
                yield from run.one()
            elif run.writing:
                run.wait()
            else:
                elsewhere = run.look_again()
                if elsewhere is None:
                    continue
                news = more() if more is not None else ()
                if news:
                    agenda.add(news)
                elif elsewhere or more is not None:
                    yield Idle(elsewhere)
                    time.sleep(IDLE_SECONDS)
                else:
                    break
        run.tidy()
        yield run.over()
    finally:
        run.close()


class _FolderRun:
    """What a run holds: two helper threads, what they have in hand, and a clock."""

    def __init__(self, journal: Journal, agenda: Agenda, device: str | None, preview_side: int) -> None:
        self.journal, self.agenda = journal, agenda
        self.device, self.preview_side = device, preview_side
        self.place = Place.of(journal.out)
        self.names = Names(journal.is_source, journal.another_name)
        self.reading = ThreadPoolExecutor(1, "batch-reading")
        self.writer = ThreadPoolExecutor(1, "batch-writing")
        self.ahead: deque[tuple[Item, Future[Ready | Verdict]]] = deque()
        self.writing: deque[Future[Item]] = deque()
        self.claimed: dict[int, Item] = {}  # claimed by this run; others may share the journal
        self.networks: NetworkCache | None = None
        self.begun: float | None = None
        self.ended = 0.0
        self.busy = 0.0

    def tidy(self) -> None:
        """Free what dead processes had claimed, and remove what they left half-written."""
        self.journal.recover()
        folders = {output.parent for output in self.journal.outputs()}
        self.place.tidy(folders | {self.place.folder})

    def fill(self) -> None:
        """Claim the next item and start decoding it, if none is ahead."""
        while not self.ahead:
            item_id = self.agenda.next()
            if item_id is None:
                return
            item = self.journal.claim(item_id)
            if item is not None:
                self.claimed[item.id] = item
                self.ahead.append((item, self.reading.submit(self._read, item)))

    def _read(self, item: Item) -> Ready | Verdict:
        looked = item_steps.look(item, self.place, self.names)
        return item_steps.load(looked) if isinstance(looked, Ready) else looked

    def one(self) -> Iterator[BatchEvent]:
        """Take the item that is ahead through the network and hand its result to the writing thread."""
        item, future = self.ahead.popleft()
        start = time.perf_counter()
        looked = future.result()
        waited = time.perf_counter() - start
        self.fill()  # the next is decoded meanwhile
        if self.agenda.cancelled(item.id):
            looked = Verdict(ItemState.SKIPPED, CANCELLED)
        if isinstance(looked, Verdict):
            yield ItemDone(self._record(item, looked))
            return
        yield Started(item)
        try:
            done = yield from self._network(looked)
        except (PackError, JournalError, ImportError):
            raise  # no photo's own trouble; the next would fail of it, too
        except Exception as error:
            self.networks = None  # they may be the reason, or their memory missing
            yield ItemDone(self._record(item, item_steps.failed(item, error)))
            return
        if done is None:
            yield ItemDone(self._record(item, Verdict(ItemState.SKIPPED, CANCELLED)))
            return
        result, seconds = done
        while self.writing:  # one result at a time waits to be written
            start = time.perf_counter()
            self.wait()
            waited += time.perf_counter() - start
            yield from self.written_items()
        # The network waited for the disk, so these seconds belong to what the job takes for a photo.
        self.writing.append(self.writer.submit(self._write, looked, result, seconds + waited))

    def _network(self, ready: Ready) -> Generator[BatchEvent, None, tuple[Done, float] | None]:
        """The engine's run, and its seconds once the model was loaded; None if it was cancelled."""
        from restorer.damage.photo_repair import cautiously_filled
        from restorer.pipeline import restore
        from restorer.pipeline.network_cache import NetworkCache

        assert ready.photo is not None
        self.networks = self.networks or NetworkCache()
        request = replace(ready.recipe.request, source=ready.photo, preview_side=self.preview_side)
        if self.device is not None:
            request = replace(request, device=self.device)
        taken, phase = 0.0, ""
        facts: dict[str, str | int | float] = {}
        if ready.recipe.fill_damage:
            begun = time.perf_counter()
            filled = cautiously_filled(ready.photo, request.device, request.seed)
            request, facts = replace(request, source=filled.photo, repair=False), filled.facts
            taken = time.perf_counter() - begun
        with closing(restore.run(request, self.networks)) as events:
            while True:
                start = time.perf_counter()
                event = next(events)
                spent = time.perf_counter() - start
                if phase != "loading":  # once for the job, so that it is no part of what a photo takes
                    taken += spent
                if phase == "denoising":
                    if self.begun is None:
                        self.begun = start
                    self.busy += spent
                    self.ended = start + spent
                if isinstance(event, Phase):
                    phase = event.name
                if isinstance(event, Done):
                    return replace(event, provenance={**event.provenance, **facts}), taken
                yield ItemProgress(ready.item, event)
                yield from self.written_items()
                if self.agenda.cancelled(ready.item.id):
                    return None

    def _write(self, ready: Ready, done: Done, seconds: float) -> Item:
        """In the writing thread: the file, then at once the journal."""
        verdict = item_steps.write(ready, done, self.place)
        if verdict.state is ItemState.DONE:
            verdict.values["seconds"] = seconds  # without the pauses, and without loading the model
        item = self._record(ready.item, verdict)
        if item.state is ItemState.DONE and item.output_bytes:
            key = facts_key(item.fingerprint, ready.recipe.request.device)
            width, height = done.photo.size
            self.journal.learn(key, width * height / 1e6, seconds, item.output_bytes)
        return item

    def _record(self, item: Item, verdict: Verdict) -> Item:
        recorded = self.journal.record(item, verdict.state, verdict.message, **verdict.values)
        self.claimed.pop(item.id, None)
        return recorded

    def written_items(self) -> Iterator[BatchEvent]:
        """What the writing thread has finished."""
        while self.writing and self.writing[0].done():
            yield ItemDone(self.writing.popleft().result())

    def wait(self) -> None:
        """Until the writing thread has finished what it has in hand."""
        self.writing[0].exception()

    def look_again(self) -> int | None:
        """At the end of the agenda: None if items of it are free again (their process ended), else how many
        are in other hands."""
        mine = set(self.agenda.everything())
        self.journal.recover()
        waiting = [item.id for item in self.journal.items(ItemState.WAITING) if item.id in mine]
        if waiting:
            self.agenda.add(waiting)
            return None
        return sum(item.id in mine for item in self.journal.items(ItemState.RUNNING))

    def over(self) -> Over:
        return Over(0.0 if self.begun is None else self.ended - self.begun, self.busy)

    def close(self) -> None:
        """Finish what is being written, give back what is not begun."""
        self.reading.shutdown(wait=True, cancel_futures=True)
        self.writer.shutdown(wait=True)
        for item in self.claimed.values():
            self.journal.release(item)
