"""Plain text for people: durations, and names of files that may hold anything."""

from __future__ import annotations

import os


def shown(path: str | os.PathLike[str]) -> str:
    """The path as text that can be shown and logged, whatever bytes its name holds."""
    return os.fsencode(path).decode("utf-8", "replace")


def duration(seconds: float) -> str:
    """Seconds in the words of a person: 8 s, 2 min 05 s, 1 h 10 min."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
