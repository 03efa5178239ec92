"""The photos of a job by what they are, not by what they are called.

In: the photos' paths, a few at a time as the list grows, and the path of a file that would be replaced. Out:
whether that file is one of the photos, reached through a linked folder, a hard link, or letters that the disk
takes for the same. Each photo is looked at once, and none before a file is in the way of a result.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from restorer.batch.schema import path_of
from restorer.files.destinations import same_file


class Originals:
    """Several threads may ask at once; the worst is that a photo is looked at twice."""

    def __init__(self) -> None:
        self.last = 0  # the id of the last photo that was looked at
        self._paths: dict[tuple[int, int], Path] = {}  # by device and number on it

    def have(self, path: Path, more: Iterable[tuple[int, bytes]] = ()) -> bool:
        """Whether `path` leads to a photo of the job; `more` are rows (id, source) that came since `last`."""
        for number, source in more:
            with suppress(OSError):  # a photo that is gone cannot be lost
                found = os.stat(source)
                self._paths[found.st_dev, found.st_ino] = path_of(source)
            self.last = max(self.last, number)
        try:
            there = os.stat(path)
        except OSError:
            return False
        known = self._paths.get((there.st_dev, there.st_ino))
        return known is not None and same_file(known, path)  # the number may be another file's by now
