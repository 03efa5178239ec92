"""Ctrl+C: the first one ends a command after the piece of work in hand, the second one at once."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

from restorer.pipeline.run_control import RunControl


@contextlib.contextmanager
def patient_interrupts() -> Iterator[RunControl]:
    """Ctrl+C cancels what the control is for, between two pieces of work; a second one interrupts at once.

    An exception in the middle of torch's own code can come out of it as something else.
    """
    control = RunControl()
    if threading.current_thread() is not threading.main_thread():
        yield control  # signals belong to the main thread
        return

    def ask(_signal: int, _frame: FrameType | None) -> None:
        if control.cancelled.is_set():
            raise KeyboardInterrupt
        control.cancel()

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield control
    finally:
        signal.signal(signal.SIGINT, before)
