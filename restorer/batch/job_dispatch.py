"""Pulls the events of a folder job and hands each to whoever shows it, as is done for single runs.

In: a job's events, the flags that it is held by, and a `BatchSink`: a thread of the window, a terminal. Out:
whether the job came to its end. The engine's events for a photo go to the `Sink` that `step` names.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Protocol

from restorer.batch.runner import BatchEvent, Idle, ItemDone, ItemProgress, Over, Started
from restorer.batch.schema import Item
from restorer.pipeline.event_dispatch import Controlled, Sink, hand_over
from restorer.pipeline.run_control import RunControl

__all__ = ["BatchSink", "dispatch_job"]


class BatchSink(Protocol):
    """Takes the events of a folder job."""

    def started(self, item: Item) -> None: ...

    def step(self, item: Item) -> Sink:
        """Who takes the engine's events for an item."""
        ...

    def item_done(self, item: Item) -> None: ...

    def idle(self, event: Idle) -> None: ...

    def over(self, event: Over) -> None: ...

    def waits(self) -> None:
        """The job is paused, and begins to wait."""
        ...


def dispatch_job(events: Iterator[BatchEvent], control: RunControl, sink: BatchSink) -> bool:
    """Pull a job to its end; False where it was cancelled."""
    with closing(Controlled(events, control, sink.waits)) as pulled:
        for event in pulled:
            match event:
                case Started():
                    sink.started(event.item)
                case ItemProgress():
                    hand_over(event.event, sink.step(event.item))
                case ItemDone():
                    sink.item_done(event.item)
                case Idle():
                    sink.idle(event)
                case Over():
                    sink.over(event)
                    return True
    return False
