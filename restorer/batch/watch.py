"""New photos of a folder, once they are complete.

In: folders, asked again and again. Out: photos that have arrived. A file is complete when its size and time
have stood still for a while and it can be read to its end; one that stays broken is handed on in the
end, so that it gets its sentence. Folders are looked into rather than listened to: that works on network
disks too, and for files that are renamed into place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from restorer.batch.find_photos import Filter, Found, find
from restorer.errors import PhotoError
from restorer.photo import read_photo

STILL_SECONDS = 2.0
BROKEN_SECONDS = 60.0


@dataclass
class _Seen:
    stamp: tuple[int, int]
    since: float
    handed_on: bool = False
    broken: bool = False


class Watch:
    """Remembers what was seen. Nothing is handed on twice unless it changes."""

    def __init__(
        self,
        roots: Sequence[Path],
        wanted: Filter,
        leave_out: Path | None = None,
        known: Iterable[Found] = (),
    ) -> None:
        """`known`: what is on the list already; it comes again only if it changes."""
        self._roots, self._wanted, self._leave_out = list(roots), wanted, leave_out
        self._seen = {
            (one.path, one.page): _Seen((one.bytes, one.mtime_ns), 0.0, handed_on=True) for one in known
        }

    def arrived(self, now: float) -> list[Found]:
        """Photos that have become complete since the last time; `now` in seconds of any clock."""
        # The size filter is for complete files: a header may not have arrived yet.
        names_only = Filter(self._wanted.suffixes, results=self._wanted.results)
        arrived = []
        for found in find(self._roots, names_only, self._leave_out):
            if isinstance(found, Found) and self._is_complete(found, now):
                arrived.append(found)
        return [found for found in arrived if self._wanted.sizes(found.size)]

    def _is_complete(self, found: Found, now: float) -> bool:
        key, stamp = (found.path, found.page), (found.bytes, found.mtime_ns)
        seen = self._seen.get(key)
        if seen is None or seen.stamp != stamp:
            self._seen[key] = _Seen(stamp, now)
            return False
        waited = now - seen.since
        if seen.handed_on or waited < STILL_SECONDS:
            return False
        if waited < BROKEN_SECONDS:
            if seen.broken:
                return False
            with suppress(PhotoError):
                read_photo(found.path, found.page)
                seen.handed_on = True
            seen.broken = not seen.handed_on
            return seen.handed_on
        seen.handed_on = True
        return True
