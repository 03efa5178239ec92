"""A letter box for one letter: where the engine's thread and the window's thread meet.

In, from the engine thread: `post`. Out, in the GUI thread: `take`. Whatever was not
taken in time is replaced, so a slow window never has a queue of old pictures
behind it, and memory is bounded by one picture however fast the engine runs.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from restorer.events import Box, Progress


@dataclass(frozen=True, eq=False)
class LiveSheet:
    """All pictures of a class as they are now: squares of `side` pixels that will have `last`; which stage of
    how many, and which step of how many in it."""

    images: tuple[QImage, ...]
    side: int
    last: int
    stage: int
    stages: int
    step: int
    steps: int


@dataclass(frozen=True)
class Letter:
    """The newest state of a run. `image` shows the whole picture of `size`; `box` is the part just made.
    `sheet` takes their place where pictures of a class are made."""

    run: int
    sequence: int = 0
    image: QImage | None = None
    size: tuple[int, int] | None = None
    box: Box | None = None
    progress: Progress | None = None
    sheet: LiveSheet | None = None

    def after(self, older: Letter | None) -> Letter:
        """This letter, with what it lacks taken from an older one of the same run."""
        if older is None or older.run != self.run:
            return self
        letter = self
        if letter.image is None:
            letter = replace(letter, image=older.image, size=older.size, box=older.box)
        if letter.sheet is None:
            letter = replace(letter, sheet=older.sheet)
        if letter.progress is None:
            letter = replace(letter, progress=older.progress)
        return letter


class Mailbox:
    """Holds the newest letter; safe to use from two threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._letter: Letter | None = None
        self._sequence = 0
        self._poked = False

    def post(self, letter: Letter) -> bool:
        """Put `letter` in, numbered; what it lacks is kept from an untaken one of the same run.

        Returns True when the reader has to be told, i.e. when no poke is on its way already.
        """
        with self._lock:
            self._sequence += 1
            self._letter = replace(letter.after(self._letter), sequence=self._sequence)
            tell = not self._poked
            self._poked = True
            return tell

    def take(self) -> Letter | None:
        """Empty the box; the next `post` will ask for a poke again."""
        with self._lock:
            letter, self._letter, self._poked = self._letter, None, False
            return letter
