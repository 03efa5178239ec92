"""Locks on open files that end with the process: how a live neighbour is told from a dead one.

In: an open file. Out: a lock that the operating system takes back when the file is closed
or the process ends, however it ends. Where a file system knows no locks (some network
disks), every file counts as somebody's: caution costs a leftover, not a photo.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

_TRIES, _WAIT_SECONDS = 5, 0.01

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
    """Remove a file that nobody holds; whether that was done.

    It goes while it is locked here, so that its maker, who may only be about to lock it, can tell
    (`lock` fails, or the file is gone). Windows removes no open file: there it goes right after.
    """
    with suppress(OSError):
        with open(path, "r+b", opener=_unfollowed) as file:
            if not lock(file):
                return False
            if os.name != "nt":
                path.unlink()
                return True
        path.unlink()
        return True
    return False


def _unfollowed(path: str, flags: int) -> int:
    """Open what is there itself, not what it links to, and wait for no pipe."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))


def create_locked(path: Path) -> IO[bytes] | None:
    """Create a file and lock it; None where `remove_abandoned` of a neighbour took it before it was locked.
    The name must be one that nobody else would make.

    Raises FileExistsError where there is one, OSError where none can be made. Where there are no
    locks it is simply open.
    """
    file: IO[bytes] = open(path, "x+b")  # noqa: SIM115 - the caller's
    for _ in range(_TRIES):
        if lock(file):
            break
        time.sleep(_WAIT_SECONDS)  # a neighbour looks whether it is abandoned, or there are no locks
    if path.exists():  # nobody else makes one of this name: some network disks number one file twice
        return file
    file.close()
    return None
