"""The journal's tables, and a row of them as data.

items   one row a photo (a page of a file with several is a photo): where it stands
names   which photo a result's name belongs to, for good
facts   what was learned: seconds and bytes a megapixel, by recipe and device
"""

from __future__ import annotations

import os
import sqlite3
import time
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

VERSION = 1
MOST_VALUE = 64 << 20
"""Bytes of one value; thumbnails, the largest, have some ten thousand."""
CACHE_KIB = 256
"""Memory for pages of the journal: rows are looked at one by one, so more would only grow with the job."""

TABLES = """
CREATE TABLE IF NOT EXISTS items (
    id INTEGER PRIMARY KEY,
    source BLOB NOT NULL,
    page INTEGER NOT NULL,
    output BLOB NOT NULL,
    state TEXT NOT NULL,
    owner TEXT NOT NULL DEFAULT '',
    recipe TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    message TEXT NOT NULL DEFAULT '',
    bytes INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    width INTEGER,
    height INTEGER,
    sha256 TEXT,
    fresh INTEGER NOT NULL DEFAULT 0,
    seconds REAL,
    finished REAL,
    output_bytes INTEGER,
    output_mtime_ns INTEGER,
    before BLOB,
    after BLOB,
    UNIQUE (source, page)
);
CREATE INDEX IF NOT EXISTS items_by_state ON items (state);
CREATE TABLE IF NOT EXISTS names (key TEXT PRIMARY KEY, source BLOB NOT NULL, page INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS facts (key TEXT PRIMARY KEY, megapixels REAL, seconds REAL, bytes REAL);
"""

COLUMNS = (
    "id, source, page, output, state, owner, recipe, fingerprint, message, bytes, mtime_ns, width, height, "
    "sha256, fresh, seconds, finished, output_bytes, output_mtime_ns"
)


class ItemState(str, Enum):
    """Where an item stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Item:
    """A row of `items`, less its thumbnails. `output` lies below the folder of results."""

    id: int
    source: Path
    page: int
    output: Path
    state: ItemState
    owner: str
    recipe: str
    fingerprint: str
    message: str
    bytes: int
    mtime_ns: int
    width: int | None
    height: int | None
    sha256: str | None
    fresh: bool  # when it was claimed, nothing had its result's name
    seconds: float | None
    finished: float | None
    output_bytes: int | None
    output_mtime_ns: int | None

    @property
    def megapixels(self) -> float:
        """Of the photo, not of its result; 0 where the size is not known."""
        return (self.width or 0) * (self.height or 0) / 1e6

    @property
    def name(self) -> str:
        """What to call it: the file's name, and the page where there are several."""
        return self.source.name if self.page == 0 else f"{self.source.name}, page {self.page}"


_LONGEST = 1 << 17
"""Characters of a text in a row; a recipe has a thousand."""
_TEXTS, _NUMBERS, _MAYBE = (4, 5, 6, 7, 8), (0, 2, 9, 10, 14), (11, 12, 17, 18)


def item_of(row: tuple[object, ...]) -> Item | None:
    """The item of a row of `COLUMNS`; None for one that no Restorer has written: of other types, without end,
    or whose result does not lie below the folder of results."""
    values: list[object] = list(row)
    if not isinstance(values[1], bytes) or not isinstance(values[3], bytes):
        return None
    values[1], output = path_of(values[1]), path_of(values[3])
    if output.is_absolute() or output.drive or ".." in output.parts or not output.name:
        return None
    texts = [values[place] for place in _TEXTS]
    if not all(isinstance(text, str) and len(text) <= _LONGEST for text in texts):
        return None
    if values[4] not in {state.value for state in ItemState} or not isinstance(values[13], str | None):
        return None
    if not all(isinstance(values[place], int) for place in _NUMBERS):
        return None
    if not all(isinstance(values[place], int | None) for place in _MAYBE):
        return None
    for time_like in (values[15], values[16]):
        if not isinstance(time_like, int | float | None) or not 0 <= (time_like or 0) < 1e11:
            return None
    values[3], values[4], values[14] = output, ItemState(str(values[4])), bool(values[14])
    return Item(*values)  # type: ignore[arg-type]


def path_of(blob: object) -> Path:
    """A path from the bytes of its name, whatever they are."""
    assert isinstance(blob, bytes)
    return Path(os.fsdecode(blob))


def code_of(error: sqlite3.Error) -> int:
    """SQLite's code of an error; 0 where Python itself raised it, as for text that is no UTF-8."""
    return int(getattr(error, "sqlite_errorcode", 0))


def set_up(connection: sqlite3.Connection, patience: float) -> int:
    """Make what is missing; returns the version found, which a newer app may have raised. Another copy that
    does the same at the same moment is waited for, for `patience` seconds."""
    until = time.monotonic() + patience
    while True:
        try:
            return _set_up(connection)
        except sqlite3.OperationalError as error:
            # Turning on write-ahead logging asks for the file alone, and SQLite refuses at once.
            if code_of(error) & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _set_up(connection: sqlite3.Connection) -> int:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_VALUE)
    _check_plain(connection)
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version <= VERSION:
        for name, ours in _ours().items():
            if _columns(connection, name) not in ([], ours):
                raise sqlite3.DatabaseError(f"its table {name} has other columns")
        connection.executescript(TABLES)
        connection.execute(f"PRAGMA user_version = {VERSION}")
    return max(version, VERSION)


def _check_plain(connection: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError where a file holds more than tables: a view or a trigger is a program, and
    need not end."""
    for kind, sql in connection.execute("SELECT type, sql FROM sqlite_master"):
        if kind not in ("table", "index") or "VIRTUAL" in str(sql).upper().split("(")[0]:
            raise sqlite3.DatabaseError(f"it holds a {kind} of its own")


@cache
def _ours() -> dict[str, list[str]]:
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(TABLES)
        return {name: _columns(connection, name) for name in ("items", "names", "facts")}
    finally:
        connection.close()


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [str(row[1]) for row in connection.execute(f"PRAGMA table_xinfo({table})")]
