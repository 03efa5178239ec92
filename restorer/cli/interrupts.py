"""Ctrl+C: the first one ends a command after the photo in work, the second one at once."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType


@contextlib.contextmanager
def patient_interrupts() -> Iterator[threading.Event]:
    """Ctrl+C sets the event, which is looked at between two pieces of work; a second one interrupts at once.

    An exception in the middle of torch's own code can come out of it as something else.
    """
    interrupted = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield interrupted  # signals belong to the main thread
        return

    def ask(_signal: int, _frame: FrameType | None) -> None:
        if interrupted.is_set():
            raise KeyboardInterrupt
        interrupted.set()

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)
