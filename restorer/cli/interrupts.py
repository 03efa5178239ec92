"""Ctrl+C: the first one ends a command after the piece of work in hand, the second one at once.

Ctrl+\\, where a command takes it, keeps the picture as far as it is.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType

from restorer.pipeline.run_control import RunControl


@contextlib.contextmanager
def patient_interrupts(keeps: bool = False) -> Iterator[RunControl]:
    """Ctrl+C cancels what the control is for, between two pieces of work; a second one interrupts at once.
    keeps: whether Ctrl+\\ (SIGQUIT, which Windows lacks) ends the run at the picture that is there.

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

    def keep(_signal: int, _frame: FrameType | None) -> None:
        control.keep()

    asked = {signal.SIGINT: signal.signal(signal.SIGINT, ask)}
    if keeps and sys.platform != "win32":
        asked[signal.SIGQUIT] = signal.signal(signal.SIGQUIT, keep)
    try:
        yield control
    finally:
        for number, before in asked.items():
            signal.signal(number, before)
