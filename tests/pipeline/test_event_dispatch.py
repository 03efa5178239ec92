"""Pulling a run under its control: who gets which event, and what cancel, pause and keep do."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from typing import Any

import pytest

from restorer.batch.job_dispatch import dispatch_job
from restorer.batch.runner import Idle, ItemDone, ItemProgress, Over, Started
from restorer.cli.interrupts import patient_interrupts
from restorer.pipeline.event_dispatch import Sink, dispatch_events, last_event
from restorer.pipeline.events import Command, Done, Event, Notice, Phase, Progress
from restorer.pipeline.run_control import NEVER, RunControl

HALF = Progress(1, 2, 1, 1, 0.5, None)


def done(seconds: float = 3.0) -> Done:
    photo: Any = None
    return Done(photo, "model", 0, "cpu", 2, seconds, 1.0, 0.0, {})


class Seen(Sink):
    """Writes down what it is handed, and may do something at a progress."""

    def __init__(self, at_progress: Any = None) -> None:
        self.names: list[str] = []
        self._at_progress = at_progress or (lambda: None)

    def phase(self, event: Phase) -> None:
        self.names.append(event.name)

    def notice(self, event: Notice) -> None:
        self.names.append(event.message)

    def progress(self, event: Progress) -> None:
        self.names.append("progress")
        self._at_progress()

    def waits(self) -> None:
        self.names.append("waits")


class Run:
    """A run of four events that knows what became of it."""

    def __init__(self) -> None:
        self.closed = self.kept = False

    def events(self) -> Generator[Event, Command | None, None]:
        try:
            for event in (Phase("loading", "Loading"), HALF, Notice("Memory ran out."), HALF):
                if (yield event) is Command.KEEP:
                    self.kept = True
                    break
            yield done()
        finally:
            self.closed = True


def test_each_event_goes_to_its_own_method_and_the_result_comes_back() -> None:
    run, seen = Run(), Seen()
    end = dispatch_events(run.events(), RunControl(), seen)
    assert isinstance(end, Done)
    assert end.seconds == 3.0
    assert seen.names == ["loading", "progress", "Memory ran out.", "progress"]
    assert run.closed


def test_a_cancelled_run_is_closed_and_has_no_result() -> None:
    run, control = Run(), RunControl()
    seen = Seen(control.cancel)
    assert dispatch_events(run.events(), control, seen) is None
    assert seen.names == ["loading", "progress"]
    assert run.closed


def test_a_run_cancelled_before_it_began_is_not_pulled() -> None:
    control = RunControl()
    control.cancel()
    pulled: list[int] = []

    def events() -> Iterator[Event]:
        pulled.append(1)
        yield done()

    assert dispatch_events(events(), control, Sink()) is None
    assert not pulled


def test_keep_is_sent_into_the_run_also_before_its_first_event() -> None:
    for early in (True, False):
        run, control = Run(), RunControl()
        if early:
            control.keep()
        assert isinstance(dispatch_events(run.events(), control, Seen(control.keep)), Done)
        assert run.kept


class Awaited(threading.Event):
    """Set by another thread a moment after somebody has begun to wait for it."""

    def wait(self, timeout: float | None = None) -> bool:
        threading.Timer(0.05, self.set).start()
        return super().wait(timeout)


def test_a_pause_waits_until_it_is_over_and_is_no_work() -> None:
    run, control = Run(), RunControl(going=Awaited())
    seen = Seen(control.pause)
    end = dispatch_events(run.events(), control, seen)
    assert isinstance(end, Done)
    assert seen.names.count("waits") == 2
    assert end.seconds < 3.0 - 0.05


def test_cancelling_ends_a_pause() -> None:
    run, control = Run(), RunControl()
    control.pause()
    threading.Timer(0.05, control.cancel).start()
    assert dispatch_events(run.events(), control, Seen()) is None
    assert run.closed


def test_what_a_run_comes_to_without_being_shown() -> None:
    run = Run()
    assert isinstance(last_event(run.events()), Done)
    assert not NEVER()
    run = Run()
    seen, control = run.events(), RunControl()
    assert isinstance(next(seen), Phase)
    control.cancel()
    assert last_event(seen, control) is None
    assert run.closed


def test_ctrl_c_cancels_and_a_second_one_interrupts() -> None:
    import signal

    with patient_interrupts() as control:
        assert not control.cancelled.is_set()
        signal.raise_signal(signal.SIGINT)
        assert control.cancelled.is_set()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


class SeenBatch:
    def __init__(self, photo: Sink) -> None:
        self.names: list[str] = []
        self._photo = photo

    def started(self, item: object) -> None:
        self.names.append(f"started {item}")

    def step(self, item: object) -> Sink:
        return self._photo

    def item_done(self, item: object) -> None:
        self.names.append(f"done {item}")

    def idle(self, event: Idle) -> None:
        self.names.append("idle")

    def over(self, event: Over) -> None:
        self.names.append("over")

    def waits(self) -> None: ...


def test_a_folder_job_hands_over_its_own_events_and_the_engines() -> None:
    item: Any = "a"
    events = [Started(item), ItemProgress(item, HALF), ItemDone(item), Idle(1), Over(1.0, 1.0)]
    control, photo = RunControl(), Seen()
    sink: Any = SeenBatch(photo)
    assert dispatch_job(iter(events), control, sink)
    assert sink.names == ["started a", "done a", "idle", "over"]
    assert photo.names == ["progress"]
    control.cancel()
    assert not dispatch_job(iter(events), control, sink)
    assert len(sink.names) == 4
