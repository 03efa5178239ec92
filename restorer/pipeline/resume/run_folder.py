"""The folder of one kept run: its lock, its room on the disk, its removal.

In: a folder below the cache. Out: its lock, held for as long as the run goes; and files that are written
whole or not at all. All runs of a kind together take `MOST_BYTES`; the oldest are removed first. A link is no
folder of a run.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from restorer import locks, paths

__all__ = [
    "ANSWERS",
    "LOCK",
    "MOST_BYTES",
    "RUN",
    "STATE",
    "check_room",
    "discard",
    "folder_of",
    "folders_of",
    "hold",
    "remove",
    "remove_oldest",
    "replace_file",
]

RUN, STATE, LOCK, ANSWERS = "run.json", "state.safetensors", "lock", "answers.bin"
"""The files of a run that say what it is, and how far it came."""
MOST_BYTES = 8 * 2**30
"""What all kept runs of a kind may take."""
SPARE_BYTES = 2**30
"""What is left free on the disk."""


def folder_of(first: Path, number: int) -> Path:
    """Of several runs that belong together, where the one numbered `number`, from 0, is kept; `first` is the
    folder of number 0, which stands for all of them."""
    return first.with_name(f"{first.name}.{number}") if number else first


def folders_of(root: Path) -> list[Path]:
    """The folders of runs; a link is none, for what it leads to is not ours to remove."""
    try:
        if not root.is_dir():
            return []
        paths.private_folder(root)  # an older version's could be looked into
        return [folder for folder in root.iterdir() if folder.is_dir() and not folder.is_symlink()]
    except OSError:
        return []


def hold(folder: Path) -> IO[bytes] | None:
    """The folder's lock, held until it is closed (or the process ends); None if somebody else holds it."""
    try:
        file = paths.private_file(folder / LOCK).open("ab")
    except OSError:
        return None
    if not locks.lock(file):
        file.close()
        return None
    return file


def discard(folder: Path | None) -> None:
    """Remove what was kept of a run, and of those that belong to it."""
    if folder is None:
        return
    with suppress(OSError):
        # By its full name and a number: nothing else that lies beside it may go.
        for each in list(folder.parent.iterdir()) if folder.name else []:
            name, _, number = each.name.rpartition(".")
            if name == folder.name and number.isdecimal() and each.is_dir() and not each.is_symlink():
                shutil.rmtree(each, ignore_errors=True)
    if folder.is_dir():
        shutil.rmtree(folder, ignore_errors=True)


def remove(folder: Path, lock: IO[bytes]) -> None:
    """Remove a run whose lock is held here, and let go of that only when nothing is left to go on with."""
    for name in (RUN, STATE, ANSWERS):
        with suppress(OSError):
            (folder / name).unlink()
    if os.name == "nt":
        lock.close()  # Windows removes no open file
    discard(folder)
    lock.close()


def remove_oldest(root: Path, kept: Path | None = None) -> None:
    """Remove the oldest of the runs in `root` while they take more than `MOST_BYTES`; not `kept`, nor one
    that a process is at work on."""
    runs = []
    for folder in folders_of(root):
        with suppress(OSError):
            size = sum(file.stat().st_size for file in folder.iterdir())
            runs.append((folder.stat().st_mtime, size, folder))
    total = sum(size for _, size, _ in runs)
    for _, size, folder in sorted(runs, key=lambda run: run[:2]):
        if total <= MOST_BYTES:
            return
        lock = None if folder == kept else hold(folder)
        if lock is not None:
            remove(folder, lock)
            total -= size


def check_room(folder: Path, size: int) -> None:
    """Raise OSError where the disk, or what kept runs may take, has no room for `size` bytes."""
    if size > MOST_BYTES or shutil.disk_usage(folder).free - size < SPARE_BYTES:
        raise OSError("there is no room for it")


def replace_file(path: Path, write: Callable[[Path], object]) -> None:
    """`write` a file beside `path`, sync it, and put it in its place."""
    beside = paths.private_file(path.with_name(path.name + ".new"))
    write(beside)
    paths.private_file(beside)  # a writer may have made the file anew
    with beside.open("rb+") as file:
        os.fsync(file.fileno())
    os.replace(beside, path)
