"""Holds runs at work, so that a test meets them there however fast the machine is."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING
from weakref import WeakSet

from restorer.pipeline.events import Progress

if TYPE_CHECKING:
    from restorer.pipeline.event_dispatch import Controlled

LOOK_SECONDS = 0.005


class RunGate:
    """Holds a run of whatever kind, in its thread, after the first piece of its work.

    It is held until the gate is opened, or the run is paused, cancelled or told to keep its picture. The
    window has the first preview and the first progress of a run that is held.
    """

    def __init__(self, pull: Callable[[Controlled[object]], object]) -> None:
        self._pull = pull
        self._is_open = Event()
        self._let_through = 0
        self._one_goes = False
        self._at_work: WeakSet[Controlled[object]] = WeakSet()
        self._free: WeakSet[Controlled[object]] = WeakSet()

    def open(self) -> None:
        """Hold no run any more."""
        self._is_open.set()

    def close(self, after: int = 0) -> None:
        """Hold every run but the next few. after: how many these are."""
        self._let_through = after
        self._is_open.clear()

    def release_one(self) -> None:
        """Let the run that is held go on; the next one is held."""
        self._one_goes = True

    def pull(self, controlled: Controlled[object]) -> object:
        """In place of `Controlled._pull`."""
        if controlled in self._at_work and controlled not in self._free:
            self._hold(controlled)
        event = self._pull(controlled)
        if isinstance(getattr(event, "event", event), Progress) and controlled not in self._at_work:
            self._at_work.add(controlled)
            if self._let_through:
                self._let_through -= 1
                self._free.add(controlled)
        return event

    def _hold(self, controlled: Controlled[object]) -> None:
        control = controlled._control
        while control.going.is_set() and not control.cancelled.is_set() and not control.kept.is_set():
            if self._one_goes:
                self._one_goes = False
                self._free.add(controlled)
            if controlled in self._free or self._is_open.wait(LOOK_SECONDS):
                return
