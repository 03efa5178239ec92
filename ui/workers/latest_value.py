"""A letter box for one letter: where the engine's thread and the window's thread meet.

In, from the engine thread: `post`. Out, in the GUI thread: `take`. Whatever was not
taken in time is replaced, so a slow window never has a queue of old pictures
behind it, and memory is bounded by one picture however fast the engine runs.
"""

from __future__ import annotations

import threading
from dataclasses import replace

from ui.workers.messages import ProgressMessage


class LatestValue:
    """Holds the newest letter; safe to use from two threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._letter: ProgressMessage | None = None
        self._sequence = 0
        self._poked = False

    def post(self, letter: ProgressMessage) -> bool:
        """Put `letter` in, numbered; what it lacks is kept from an untaken one of the same run.

        Returns True when the reader has to be told, i.e. when no poke is on its way already.
        """
        with self._lock:
            self._sequence += 1
            self._letter = replace(letter.after(self._letter), sequence=self._sequence)
            tell = not self._poked
            self._poked = True
            return tell

    def take(self) -> ProgressMessage | None:
        """Empty the box; the next `post` will ask for a poke again."""
        with self._lock:
            letter, self._letter, self._poked = self._letter, None, False
            return letter
