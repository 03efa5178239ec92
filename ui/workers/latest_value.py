"""The newest message of a thread that computes, for the window's thread.

In, from the engine thread: `post`. Out, in the GUI thread: `take`. Whatever was not
taken in time is replaced, so a slow window never has a queue of old pictures
behind it, and memory is bounded by one picture however fast the engine runs.
"""

from __future__ import annotations

import threading
from dataclasses import replace

from ui.workers.messages import ProgressMessage


class LatestValue:
    """Holds the newest message; safe to use from two threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._message: ProgressMessage | None = None
        self._sequence = 0
        self._is_announced = False

    def post(self, message: ProgressMessage) -> bool:
        """Put `message` in, numbered; what it lacks is taken from an older one of the same run.

        Returns True when the reader has to be told, i.e. when no signal is on its way already.
        """
        with self._lock:
            self._sequence += 1
            self._message = replace(message.filled_from(self._message), sequence=self._sequence)
            announce = not self._is_announced
            self._is_announced = True
            return announce

    def take(self) -> ProgressMessage | None:
        """Empty it; the next `post` asks for a signal again."""
        with self._lock:
            message, self._message, self._is_announced = self._message, None, False
            return message
