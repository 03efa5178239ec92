"""What a feature may ask of the window around it: say something, and ask before the window closes.

In: nothing. Out: Protocols only, so that a feature gets no more of the window than it uses, and a test can
hand it something small instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Messages(Protocol):
    """Sentences for the person."""

    def error(self, text: str, about: object | None = None) -> None:
        """Something went wrong, perhaps with one thing; it stays until it is closed."""

    def info(self, text: str) -> None:
        """Something is worth knowing; it stays until it is closed."""

    def status(self, text: str, announce: bool = False) -> None:
        """What is happening; `announce` also gives it to a screen reader."""


class Closable(Protocol):
    """A part that has something to lose when the window closes."""

    def ask_before_close(self, then: Callable[[], object]) -> bool:
        """Whether something is asked or waited for first; `then` is called once the window may close."""

    def keep_open(self) -> None:
        """The window stays open: forget what was to follow."""

    def shut(self) -> bool:
        """End what goes on; False if the part is at work and asks first."""
