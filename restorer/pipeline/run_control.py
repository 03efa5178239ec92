"""The flags that a run is held by: cancel, pause and keep, set in one thread and read in another."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field


@dataclass(frozen=True, eq=False, kw_only=True)
class RunControl:
    """What the window holds a run by. The events are set in the GUI thread and looked at in the engine's:
    cancelled; waiting (for `going`); kept, i.e. told to end at the picture that is there."""

    cancelled: threading.Event = field(default_factory=threading.Event)
    going: threading.Event = field(default_factory=threading.Event)
    kept: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.going.set()
