"""Pulls the events of a run and hands each to whoever shows it; the one place that knows them all.

In: a run, the flags that it is held by (`RunControl`), and a `Sink`: a thread of the window, a line of a
terminal. Out: the event that the run ends with, or None where it was cancelled. A run that is left early is
closed, which is how the engine learns of it.

    sink.phase, .progress, ...  <--  dispatch_events  <--  events of `restore.run`, `generate.generate`
                                   ^ looks at the control after each event
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Generic, TypeVar

from restorer.pipeline.events import (
    Command,
    Done,
    Enlarged,
    Event,
    Generated,
    Notice,
    Phase,
    Preview,
    Progress,
    Sheet,
)
from restorer.pipeline.run_control import NEVER, RunControl

__all__ = ["Controlled", "Sink", "dispatch_events", "hand_over", "last_event"]

Each = TypeVar("Each")


class Sink:
    """Takes the events of a run; what a kind of sink has no method of its own for is left out."""

    def phase(self, event: Phase) -> None: ...

    def notice(self, event: Notice) -> None: ...

    def progress(self, event: Progress) -> None: ...

    def enlarged(self, event: Enlarged) -> None: ...

    def preview(self, event: Preview) -> None: ...

    def sheet(self, event: Sheet) -> None: ...

    def waits(self) -> None:
        """The run is paused, and begins to wait."""


def dispatch_events(events: Iterator[Event], control: RunControl, sink: Sink) -> Done | Generated | None:
    """Pull a run to its end. Its seconds are those of work: pauses do not count."""
    with closing(Controlled(events, control, sink.waits)) as pulled:
        for event in pulled:
            match event:
                case Done():
                    return replace(event, seconds=max(0.0, event.seconds - pulled.paused))
                case Generated():
                    return replace(event, seconds=max(0.0, event.seconds - pulled.paused))
                case _:
                    hand_over(event, sink)
    return None


def hand_over(event: Event, sink: Sink) -> None:
    """One event to the method of the sink that is for it. Results go to nobody here."""
    match event:
        case Phase():
            sink.phase(event)
        case Notice():
            sink.notice(event)
        case Progress():
            sink.progress(event)
        case Enlarged():
            sink.enlarged(event)
        case Preview():
            sink.preview(event)
        case Sheet():
            sink.sheet(event)


class Controlled(Generic[Each]):
    """The events of any run, until it is over or cancelled.

    waits: called when the run begins to wait. paused: seconds that it has waited.
    """

    def __init__(
        self, events: Iterator[Each], control: RunControl, waits: Callable[[], object] = NEVER
    ) -> None:
        self.paused = 0.0
        self._events, self._control, self._waits = events, control, waits
        self._begun = False

    def __iter__(self) -> Controlled[Each]:
        return self

    def __next__(self) -> Each:
        if self._control.cancelled.is_set():
            raise StopIteration
        event = self._pull()
        if not self._control.going.is_set():
            self._waits()
            self.paused += self._control.wait()
        if self._control.cancelled.is_set():
            raise StopIteration
        return event

    def _pull(self) -> Each:
        # Nothing can be sent into a generator that has not begun.
        if self._begun and self._control.kept.is_set() and isinstance(self._events, Generator):
            event: Each = self._events.send(Command.KEEP)
            return event
        self._begun = True
        return next(self._events)

    def close(self) -> None:
        """Close the run, wherever it is."""
        if isinstance(self._events, Generator):
            self._events.close()


def last_event(events: Iterator[Event], control: RunControl | None = None) -> Done | Generated | None:
    """What a run comes to, shown to nobody; None where it was cancelled, which is looked at after every
    step."""
    return dispatch_events(events, control or RunControl(), Sink())
