"""The sessions that earlier windows left: found, held while the person decides, and removed.

In: the folders of results in the cache. Out: `LeftSession`s, newest first. A folder is locked by the window
that it belongs to for as long as that lives, and by this process once it is listed here, so that two windows
never take each other's. What is damaged or made to harm is passed over with a word in the log, and removed;
so is what is older than `DAYS`, and the oldest where all of them take too much of the disk. No Qt.
"""

from __future__ import annotations

import logging
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from restorer import paths
from restorer.pipeline.resume import DAYS
from restorer.pipeline.resume.run_folder import MOST_BYTES, folders_of, hold
from ui.last_session.state import KeptPhoto, KeptPicture, KeptResult, KeptSession, read
from ui.workers.result_store import SESSION, StoredResult, left, root

log = logging.getLogger(__name__)

MOST_TEXT = 2**25
"""Bytes of a session's file."""


@dataclass(frozen=True, eq=False)
class LeftSession:
    """A session that no other process has; `remove` or `release` ends that it is held. stored: its results by
    their file's name, as far as they are whole."""

    folder: Path
    session: KeptSession
    stored: dict[str, StoredResult]
    lock: IO[bytes]

    def release(self) -> None:
        """Leave it to the next start."""
        self.lock.close()

    def remove(self) -> None:
        """It was used, or is not wanted."""
        _remove(self.folder, self.lock)


def left_sessions(own: Path | None = None) -> list[LeftSession]:
    """The sessions that can be gone on with, newest first, each held; `own` is this window's folder."""
    found: list[tuple[float, int, LeftSession]] = []
    for folder in folders_of(root()):
        if folder == own or not (folder / SESSION).exists():
            continue
        lock = hold(folder)
        if lock is None:
            continue  # of a window that is open
        try:
            when = (folder / SESSION).stat().st_mtime
            if time.time() - when > DAYS * 86400:
                raise ValueError(f"older than {DAYS} days")
            session = read(paths.plain_bytes(folder / SESSION, MOST_TEXT))
            if session.is_empty:
                raise ValueError("nothing is kept")
            one = LeftSession(folder, session, _stored(folder, session), lock)
            found.append((when, _size(folder), one))
        except (OSError, ValueError) as error:
            log.warning("what %s keeps of a session is of no use: %s", folder, error)
            _remove(folder, lock)
    found.sort(key=lambda each: -each[0])
    sessions: list[LeftSession] = []
    total = 0
    for _, size, one in found:
        total += size
        if total > MOST_BYTES and sessions:
            log.warning("%s is removed: what sessions keep takes too much of the disk", one.folder)
            one.remove()
        else:
            sessions.append(one)
    return sessions


def _stored(folder: Path, session: KeptSession) -> dict[str, StoredResult]:
    stored = {}
    for name in _names(session):
        try:
            stored[name] = left(folder / name)
        except (OSError, ValueError) as error:
            log.warning("a result in %s is lost: %s", folder / name, error)
    return stored


def _names(session: KeptSession) -> list[str]:
    def of(each: KeptPhoto | KeptPicture) -> list[str]:
        results: tuple[KeptResult, ...] = (each.result,) if isinstance(each, KeptPicture) else each.results
        masks = each.masks if isinstance(each, KeptPhoto) else ()
        files = [*(result.file for result in results), *(mask.file for mask in masks)]
        others = [each.raw] if isinstance(each, KeptPhoto) else []
        others += [result.more_faces for result in results]
        return files + [name for name in others if name is not None]

    each_kept: tuple[KeptPhoto | KeptPicture, ...] = (*session.photos, *session.pictures)
    return [name for each in each_kept for name in of(each)]


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _remove(folder: Path, lock: IO[bytes]) -> None:
    (folder / SESSION).unlink(missing_ok=True)  # first, for without it nobody takes the rest for a session
    shutil.rmtree(folder, ignore_errors=True)
    lock.close()
