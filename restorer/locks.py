"""Locks on open files that end with the process: how a live neighbour is told from a dead one.

In: an open file. Out: a lock that the operating system takes back when the file is closed
or the process ends, however it ends. Where a file system knows no locks (some network
disks), every file counts as somebody's: caution costs a leftover, not a photo.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        # Far beyond the end: Windows locks bytes against reading, even those that are not there.
        os.lseek(descriptor, 2**62, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def lock(file: IO[bytes]) -> bool:
    """Lock a file that was just opened; False if somebody else holds it or there are no locks here."""
    try:
        _take(file.fileno())
    except OSError:
        return False
    return True


def abandoned(path: Path) -> bool:
    """Whether a file is there that nobody holds locked any more."""
    try:
        with path.open("r+b") as file:
            return lock(file)
    except OSError:
        return False


def remove_abandoned(path: Path) -> bool:
    """Remove a file that nobody holds; whether that was done."""
    if not abandoned(path):
        return False
    with suppress(OSError):
        path.unlink()
        return True
    return False
