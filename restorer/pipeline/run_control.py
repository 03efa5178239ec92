"""The flags that a run is held by: cancel, pause and keep, set in one thread and read in another."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["NEVER", "RunControl"]


def _never() -> bool:
    return False


NEVER: Callable[[], bool] = _never
"""Answer to whether a run is to stop, of a run that nobody stops."""


@dataclass(frozen=True, eq=False, kw_only=True)
class RunControl:
    """Cancel, pause and keep for one run, of whatever kind: a photo, pictures of a class, a folder, a model.

    Who holds the run sets the flags, also in a signal's handler; who pulls it looks at them between two
    events. cancelled: the run is to end without a result. going: cleared while it is to wait. kept: it is to
    end with the picture that is there.
    """

    cancelled: threading.Event = field(default_factory=threading.Event)
    going: threading.Event = field(default_factory=threading.Event)
    kept: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.going.set()

    def cancel(self) -> None:
        """End the run, also one that waits."""
        self.cancelled.set()
        self.going.set()

    def pause(self) -> None:
        self.going.clear()

    def go_on(self) -> None:
        self.going.set()

    def keep(self) -> None:
        """End the run at the picture that is there, also one that waits."""
        self.kept.set()
        self.going.set()

    def wait(self) -> float:
        """Wait while the run is paused, with the memory of every device given back; returns the seconds that
        it took."""
        if self.going.is_set():
            return 0.0
        since = time.monotonic()
        if "torch" in sys.modules:
            from restorer.device import release_all

            release_all()
        self.going.wait()
        return time.monotonic() - since
