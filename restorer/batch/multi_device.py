"""A runner for each device, merged into one iterator of events.

In: what `run_items` takes, and devices. Out: the same events, of all of them. Each runner is pulled by a
thread of its own and hands its events over one at a time, so a puller that stops pulling stops them all
after the piece of work in hand. Claims keep two runners from doing one item.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing

from restorer.batch.journal import Journal
from restorer.batch.runner import Agenda, BatchEvent, More, Over, run_items
from restorer.pipeline.run_control import RunControl

LOOK_SECONDS = 0.2


def devices_for(name: str) -> list[str | None]:
    """The devices to keep busy: all graphics cards of the best kind for "auto", else the one named.

    Raises RequestError if this machine has no such device: said once, not of every photo.
    """
    from restorer.device import available, choose

    if name != "auto":
        choose(name)
        return [name]
    best = available()[0].split(":")[0]
    return [each for each in available() if each.split(":")[0] == best] if best in ("cuda", "xpu") else [None]


def run_crew(
    journal: Journal,
    agenda: Agenda,
    devices: Sequence[str | None],
    *,
    preview_side: int = 0,
    more: More | None = None,
) -> Iterator[BatchEvent]:
    """`run_items` on every device at once; the last event is one `Over` for all."""
    if len(devices) == 1:
        yield from run_items(journal, agenda, device=devices[0], preview_side=preview_side, more=more)
        return
    crew = [
        _Worker(journal, agenda, device, preview_side, _with_first(more, index))
        for index, device in enumerate(devices)
    ]
    seconds, busy = 0.0, 0.0
    try:
        while any(not worker.ended for worker in crew):
            for worker in crew:
                for event in worker.take():
                    if isinstance(event, Over):
                        seconds, busy = seconds + event.seconds, busy + event.busy
                    else:
                        yield event
        yield Over(seconds, busy)
    finally:
        for worker in crew:
            worker.control.cancel()
        for worker in crew:
            worker.thread.join()


def _with_first(more: More | None, index: int) -> More | None:
    """Only the first looks for more; the others stay as long as it does."""
    return more if more is None or index == 0 else lambda: ()


class _Worker:
    """One device's thread; `events` holds at most one that nobody took yet."""

    def __init__(
        self, journal: Journal, agenda: Agenda, device: str | None, preview_side: int, more: More | None
    ) -> None:
        self.control = RunControl()
        self.ended = False
        self._events: queue.Queue[BatchEvent | Exception | None] = queue.Queue(maxsize=1)
        self._arguments = (journal, agenda, device, preview_side, more)
        self.thread = threading.Thread(target=self._work, name=f"batch-{device}", daemon=True)
        self.thread.start()

    def take(self) -> Iterator[BatchEvent]:
        """An event, if there is one soon. Raises what ended the worker."""
        if self.ended:
            return
        try:
            event = self._events.get(timeout=LOOK_SECONDS / 4)
        except queue.Empty:
            return
        if event is None or isinstance(event, Exception):
            self.ended = True
            if event is not None:
                raise event
        else:
            yield event

    def _work(self) -> None:
        journal, agenda, device, preview_side, more = self._arguments
        try:
            run = run_items(journal, agenda, device=device, preview_side=preview_side, more=more)
            with closing(run) as events:  # type: ignore[type-var]
                for event in events:
                    if not self._hand_over(event):
                        return
            self._hand_over(None)
        except Exception as error:
            self._hand_over(error)

    def _hand_over(self, event: BatchEvent | Exception | None) -> bool:
        while not self.control.cancelled.is_set():
            try:
                self._events.put(event, timeout=LOOK_SECONDS)
            except queue.Full:
                continue
            return True
        return False
