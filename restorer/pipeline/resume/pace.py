"""How often a run may write its state: rarely enough that nobody waits for it.

There are two kinds of writing. Tiles are appended to a log, and nothing waits for the disk. A state between
two steps is synced, which on a slow or busy disk takes a hundred times as long. Each kind has its own cost:
what a sync took must not put off the tiles, or a run that is killed loses more than the last second.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Pace"]

SHARE = 1 / 40
"""The most of a run's time that is spent on writings of one kind."""
PAUSE_SECONDS = 1.0
"""The least time between two writings."""
SPEED = 1e9
"""Bytes a second that a disk is expected to take before it was measured."""


class _Cost:
    """What writings of one kind take."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        """When the last one ended, or else when the run began."""
        self._speed, self._took = SPEED, 0.0

    def pause(self, size: int) -> float:
        """Seconds between the last writing and one of `size` bytes, for the share that it takes."""
        return max(self._took, size / self._speed) / SHARE

    def learn(self, size: int, took: float) -> None:
        """A writing of `size` bytes took so many seconds."""
        self.begun = time.monotonic()
        # A disk that stalls once is not slow for ever.
        self._took = min(took, 4 * self._took + 0.01)
        speed = size / max(took, 1e-6)
        self._speed = min(SPEED, max(speed, self._speed / 4))


class Pace:
    """When to write: a second after the run's beginning or the last writing of the same kind, and only as
    often as it takes `SHARE` of the time between, by what the last one took and by the size of the next.
    Tiles are written before that second is over, if it would be with the next tile: so a second is lost at
    most."""

    def __init__(self) -> None:
        self._costs = {False: _Cost(), True: _Cost()}  # of writings that are not synced, and of synced ones
        self._asked = time.monotonic()
        self._wrote = False

    def may_write(self, size: int, synced: bool = False) -> bool:
        """Whether `size` bytes may be written now. synced: whether that waits for the disk."""
        cost, now = self._costs[synced], time.monotonic()
        since, tile = now - cost.begun, 0.0
        if not synced:  # which is asked after each tile
            tile, self._asked = now - self._asked, now
        return since + tile >= PAUSE_SECONDS and since >= cost.pause(size)

    def may_end(self) -> bool:
        """Whether a run that ends now has taken long enough for what waits to be written."""
        return self._wrote or time.monotonic() - self._costs[False].begun >= PAUSE_SECONDS

    @contextmanager
    def writing(self, size: int, synced: bool = False) -> Iterator[None]:
        """Measure a writing of `size` bytes. synced: whether it waits for the disk; else what it takes is
        work of this thread, and time in which other programs had the processor is not counted."""
        clock = time.monotonic if synced else time.thread_time
        start = clock()
        yield
        self._costs[synced].learn(size, clock() - start)
        self._wrote = True
