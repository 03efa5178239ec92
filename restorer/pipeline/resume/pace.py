"""How often a run may write its state: rarely enough that nobody waits for it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Pace"]

SHARE = 1 / 40
"""The most of a run's time that is spent on writing its state."""
PAUSE_SECONDS = 1.0
"""The least time between two writings."""
SPEED = 1e9
"""Bytes a second that a disk is expected to take before it was measured."""


class Pace:
    """When to write: not within a second of the run's beginning or of the last writing, and only as often as
    it takes `SHARE` of the time between, by what the last writing took and by the size of the next."""

    def __init__(self) -> None:
        self._written = time.monotonic()
        self._speed, self._took = SPEED, 0.0
        self._wrote = False

    def may_write(self, size: int) -> bool:
        """Whether `size` bytes may be written now."""
        cost = max(self._took, size / self._speed)
        return time.monotonic() - self._written >= max(PAUSE_SECONDS, cost / SHARE)

    def may_end(self) -> bool:
        """Whether a run that ends now has taken long enough for what waits to be written."""
        return self._wrote or time.monotonic() - self._written >= PAUSE_SECONDS

    @contextmanager
    def writing(self, size: int, synced: bool = False) -> Iterator[None]:
        """Measure a writing of `size` bytes. synced: whether it waits for the disk; else what it takes is
        work of this thread, and time in which other programs had the processor is not counted."""
        clock = time.monotonic if synced else time.thread_time
        start = clock()
        yield
        took = clock() - start
        self._written = time.monotonic()
        self._wrote = True
        # A disk that stalls once is not slow for ever.
        self._took = min(took, 4 * self._took + 0.01)
        speed = size / max(took, 1e-6)
        self._speed = min(SPEED, max(speed, self._speed / 4))
