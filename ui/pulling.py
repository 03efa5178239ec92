"""How the engine's thread pulls a run: progress as a part of several, waiting, ending at the picture shown.

In: the events of a run, and a job whose flags the window sets in its own thread. Out: the same events.
Nothing here knows what is being made.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from restorer.events import Command, Progress

if TYPE_CHECKING:
    from restorer.events import Event
    from ui.reports import Job, Reins


def of_all(progress: Progress, place: tuple[int, int]) -> Progress:
    """One run's progress as progress of all, `place` being (which, of how many)."""
    number, count = place
    left = progress.seconds_left
    if left is not None and progress.fraction < 1:
        left += (count - number) * left / (1 - progress.fraction)
    return replace(progress, fraction=(number - 1 + progress.fraction) / count, seconds_left=left)


def wait(job: Reins) -> float:
    """Wait while the job is paused, with the device's memory given back; returns for how many seconds."""
    if job.going.is_set():
        return 0.0
    since = time.monotonic()
    if "torch" in sys.modules:
        from restorer.device import release_all

        release_all()
    job.going.wait()
    return time.monotonic() - since


def told(events: Iterator[Event], job: Job) -> Iterator[Event]:
    """The events of a run, which is told to end at the picture shown once the job is to be kept."""
    while True:
        try:
            if job.kept.is_set() and isinstance(events, Generator):
                yield events.send(Command.KEEP)
            else:
                yield next(events)
        except StopIteration:
            return
