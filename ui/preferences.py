"""What a person settled for good: `restorer.preferences`, which the command line reads too."""

from __future__ import annotations

from restorer.preferences import (
    FILE,
    LEAST_TILE,
    MOST_THREADS,
    MOST_TILE,
    VERSION,
    Format,
    Metadata,
    Output,
    Preferences,
    load,
    save,
)

__all__ = [
    "FILE",
    "LEAST_TILE",
    "MOST_THREADS",
    "MOST_TILE",
    "VERSION",
    "Format",
    "Metadata",
    "Output",
    "Preferences",
    "load",
    "save",
]
