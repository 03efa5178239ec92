"""Walking through folders: the one rule by which the window, the batch and the command line look into them.

In: a folder. Out: its files and those of its sub-folders, in the order of names, and a sentence for each
place that could not be looked into. Links to folders are followed, each folder once, so a link that leads
back to where it lies ends there. Folders hidden by a leading dot are left out (thumbnails, bins), as are
those that systems and network disks put there for themselves (`SYSTEM_FOLDERS`), and so are files being
written by Restorer and the "._" companions that macOS puts beside photos on foreign disks.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from restorer.files.naming import HIDDEN
from restorer.text import shown

__all__ = ["Trouble", "Visited", "walk"]

COMPANIONS = (HIDDEN, "._")
SYSTEM_FOLDERS = frozenset(
    (
        *("@eadir", "@recycle", "@recently-snapshot", "@sharebin", "@sharesnap", "@snapshot", "@tmp"),
        *("#recycle", "#snapshot", "~snapshot", "$recycle.bin", "recycler", "recycled"),
        *("system volume information", "lost+found", "found.000", "network trash folder"),
        *("temporary items", "__macosx"),
    )
)
"""Bins, snapshots, thumbnails and repairs of Synology, QNAP, NetApp, Windows, macOS and Linux, in small
letters; one that a person names is looked into."""
Visited = set[tuple[int, int]]


@dataclass(frozen=True)
class Trouble:
    """A place that could not be looked into, and the sentence that says why."""

    path: Path
    sentence: str


@dataclass(frozen=True)
class Note(Trouble):
    """Something that was left out on purpose, and the sentence that says so."""


def walk(
    folder: Path, visited: Visited | None = None, leave_out: Path | None = None
) -> Iterator[Path | Trouble]:
    """Files of a folder and its sub-folders.

    visited: folders that were entered already and are not entered again; it grows. leave_out: a folder that
    is not entered at all, if it exists.
    """
    visited = set() if visited is None else visited
    if leave_out is not None:
        with suppress(OSError):
            visited.add(_identity(leave_out))
    stack = [folder]  # Python's own stack is not deep
    while stack:
        folder = stack.pop()
        try:
            identity = _identity(folder)
            if identity in visited:
                continue
            visited.add(identity)
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            yield Trouble(
                folder,
                f"The folder {shown(folder)} cannot be looked into ({error.strerror or error}), so its "
                "photos are left out; change its permissions, or copy it elsewhere.",
            )
            continue
        inner: list[Path] = []
        for entry in found:
            path = folder / entry.name
            if _is_folder(entry):
                if not entry.name.startswith(".") and entry.name.casefold() not in SYSTEM_FOLDERS:
                    inner.append(path)
            elif not entry.name.startswith(COMPANIONS):
                yield path
        stack += reversed(inner)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle
        return False


def _identity(folder: Path) -> tuple[int, int]:
    status = os.stat(folder)
    return status.st_dev, status.st_ino
