"""Writing and deleting a handful of small files, all of them or none.

In: `File`s, bytes with their places. Out: the files, each written beside its place and renamed.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from restorer.errors import LauncherError


@dataclass(frozen=True)
class File:
    """One file to be."""

    path: Path
    content: bytes
    executable: bool = False


def write(files: Iterable[File]) -> list[Path]:
    """Write all files; folders are made. Raises LauncherError with nothing changed but empty folders."""
    wanted = list(files)
    hidden = {file.path: file.path.with_name(f".{file.path.name}.{os.getpid()}.tmp") for file in wanted}
    at = Path()
    try:
        for file in wanted:
            at = file.path
            at.parent.mkdir(parents=True, exist_ok=True)
            hidden[at].write_bytes(file.content)
            hidden[at].chmod(0o755 if file.executable else 0o644)
        for at, beside in hidden.items():  # all bytes are on the disk: renaming them needs no more room
            os.replace(beside, at)
    except OSError as error:
        for beside in hidden.values():
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
        raise LauncherError(
            f"{at} could not be written: {error.strerror or error}. "
            "Make room or allow writing there, then try again."
        ) from error
    return list(hidden)


def delete(places: Iterable[Path], up_to: Path) -> list[Path]:
    """Delete what is there of some files, and folders that it leaves empty, below `up_to`.

    Returns what was deleted. Raises LauncherError at the first file that cannot be deleted.
    """
    gone = []
    for path in places:
        try:
            path.unlink()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise LauncherError(
                f"{path} could not be deleted: {error.strerror or error}. Delete it by hand."
            ) from error
        gone.append(path)
        for folder in path.parents:
            if up_to not in folder.parents:
                break
            try:
                folder.rmdir()  # an empty one only
            except OSError:
                break
    return gone
