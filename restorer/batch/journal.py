"""The journal of a folder of results: which photo stands where, kept through any crash.

In: what was found, and what became of it. Out: items to work on, counts, thumbnails. One file for
each folder of results, in the person's data folder (a network disk could not hold it safely).
Every change is a transaction of its own (SQLite, write-ahead log), so a process that is killed
leaves each item either claimed or settled. A claim belongs to an owner, a random name with a
locked file beside the journal; the lock ends with the process, and then its claims are free.

Several processes may use one journal, and several threads one `Journal`.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from restorer import paths
from restorer.batch import result_paths
from restorer.batch.file_identity import Originals
from restorer.batch.find_photos import Found
from restorer.batch.recipe import JobRecipe, template_of
from restorer.batch.schema import COLUMNS, VERSION, Item, ItemState, code_of, item_of, set_up
from restorer.errors import JournalError
from restorer.files.naming import fitted
from restorer.locks import abandoned, lock, remove_abandoned

BUSY_SECONDS = 30.0
YOUNG_SECONDS = 5.0
MOST_THUMBNAIL = 1 << 20
"""Bytes of a picture that a table shows; those that are made here are a hundredth of it."""


def journal_path(out: Path) -> Path:
    """Where the journal of a folder of results lies; the same for every way to write that folder."""
    real = os.path.realpath(out)
    return paths.journals_dir() / f"{hashlib.sha256(os.fsencode(real)).hexdigest()[:24]}.sqlite"


class Journal:
    """An open journal. Raises JournalError, with a sentence, wherever its file cannot be used."""

    def __init__(self, out: Path) -> None:
        self.out = out.absolute()
        self.path = journal_path(out)
        self.owner = secrets.token_hex(8)
        self._mutex = threading.RLock()
        self._originals = Originals()
        try:
            paths.private_folder(self.path.parent)
            paths.private_file(self.path)  # SQLite gives the files beside it the same permissions
            self._lock = open(self._lock_path(self.owner), "x+b", opener=_private)  # noqa: SIM115 - see _let_go
        except OSError as error:
            raise JournalError(
                f"The journal folder {self.path.parent} cannot be written to ({error.strerror or error}); "
                "make room or change its permissions."
            ) from error
        lock(self._lock)
        try:
            with self._complaints():
                self._db = sqlite3.connect(
                    self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
                )
                if set_up(self._db, BUSY_SECONDS) > VERSION:
                    raise JournalError(
                        f"The journal {self.path} is a newer Restorer's; update the app, or move it away."
                    )
        except JournalError:
            self._let_go()
            raise

    def close(self) -> None:
        """Give back every claim and close."""
        with self._mutex, suppress(JournalError, sqlite3.Error):
            self.release_all()
            self._db.close()
        self._let_go()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- adding -------------------------------------------------------------------------------

    def add(self, found: Iterable[Found], recipe: JobRecipe) -> list[int]:
        """Put photos on the list and return their ids, in their order.

        A photo that is on it already keeps its state if neither it nor the recipe has changed and its
        result is still there; else it waits again. One that failed stays failed, see `retry`.
        """
        ids = []
        text, fingerprint = recipe.to_text(), recipe.fingerprint
        with self._transaction():
            for one in found:
                ids.append(self._add(one, recipe, text, fingerprint))
        return ids

    def _add(self, found: Found, recipe: JobRecipe, text: str, fingerprint: str) -> int:
        source = os.fsencode(found.path)
        rows = self._query("WHERE source = ? AND page = ?", (source, found.page)) or self._moved(
            found, recipe
        )
        width, height = found.size or (None, None)
        if rows:
            item = rows[0]
            unchanged = (item.bytes, item.mtime_ns) == (found.bytes, found.mtime_ns)
            same = item.fingerprint == fingerprint
            if item.state is ItemState.RUNNING:
                return item.id  # somebody is at it
            if item.state is ItemState.DONE and same and unchanged and self._is_there(item):
                return item.id
            if item.state is ItemState.FAILED and same and unchanged:
                self._db.execute("UPDATE items SET recipe = ? WHERE id = ?", (text, item.id))
                return item.id
            named = same and template_of(item.recipe) == recipe.template
            output = item.output if named else self._name(found, recipe)
            self._db.execute(
                "UPDATE items SET output = ?, state = 'waiting', recipe = ?, fingerprint = ?, message = '', "
                "bytes = ?, mtime_ns = ?, width = ?, height = ? WHERE id = ?",
                (os.fsencode(output), text, fingerprint, found.bytes, found.mtime_ns, width, height, item.id),
            )
            return item.id
        output = self._name(found, recipe)
        known = (source, found.page, os.fsencode(output), text, fingerprint)
        cursor = self._db.execute(
            # A row that was there and could not be read gives way.
            "INSERT OR REPLACE INTO items (source, page, output, recipe, fingerprint, bytes, mtime_ns, "
            "width, height, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting')",
            (*known, found.bytes, found.mtime_ns, width, height),
        )
        return int(cursor.lastrowid or 0)

    def _moved(self, found: Found, recipe: JobRecipe) -> list[Item]:
        """The item whose result has the name that a photo would get, and whose photo, with the same size and
        time, has gone from where it was: the folder was moved, or its disk is connected elsewhere. From now
        on it is this photo's."""
        wanted = result_paths.key(result_paths.proposed(found, recipe, lambda _: False))
        row = self._db.execute("SELECT source, page FROM names WHERE key = ?", (wanted,)).fetchone()
        if row is None or row[1] != found.page:
            return []
        rows = self._query("WHERE source = ? AND page = ? AND state = 'done'", row)
        if not rows or (rows[0].bytes, rows[0].mtime_ns) != (found.bytes, found.mtime_ns):
            return []
        if os.path.lexists(rows[0].source):
            return []
        for table in ("items", "names"):
            mine = (os.fsencode(found.path), *row)
            self._db.execute(f"UPDATE {table} SET source = ? WHERE source = ? AND page = ?", mine)
        return self._query("WHERE id = ?", (rows[0].id,))

    def _name(self, found: Found, recipe: JobRecipe) -> Path:
        """The photo's place among the results, which from now on is its own."""
        mine = (os.fsencode(found.path), found.page)

        def taken(key: str) -> bool:
            row = self._db.execute("SELECT source, page FROM names WHERE key = ?", (key,)).fetchone()
            return row is not None and row != mine

        output = result_paths.proposed(found, recipe, taken)
        self._db.execute("INSERT OR IGNORE INTO names VALUES (?, ?, ?)", (result_paths.key(output), *mine))
        return output

    def another_name(self, item: Item) -> Path:
        """A name that neither the list nor the folder of results has, for an item that is to stand beside
        a file; the item gets it."""
        with self._transaction():
            mine = (os.fsencode(item.source), item.page)
            count = 2
            while True:
                name = f"{item.output.stem}-{count}"
                output = item.output.parent / fitted(name, item.output.suffix)
                row = self._db.execute(
                    "SELECT source, page FROM names WHERE key = ?", (result_paths.key(output),)
                ).fetchone()
                if (row is None or row == mine) and not os.path.lexists(self.out / output):
                    break
                count += 1
            self._db.execute(
                "INSERT OR IGNORE INTO names VALUES (?, ?, ?)", (result_paths.key(output), *mine)
            )
            self._db.execute("UPDATE items SET output = ? WHERE id = ?", (os.fsencode(output), item.id))
        return output

    def _is_there(self, item: Item) -> bool:
        try:
            return os.stat(self.out / item.output).st_size == item.output_bytes
        except OSError:
            return False

    # -- working ------------------------------------------------------------------------------

    def claim(self, item_id: int) -> Item | None:
        """Take a waiting item for this process; None if it is not waiting (any more)."""
        with self._transaction():
            rows = self._query("WHERE id = ? AND state = 'waiting'", (item_id,))
            if not rows:
                return None
            fresh = rows[0].fresh or not os.path.lexists(self.out / rows[0].output)
            self._db.execute(
                "UPDATE items SET state = 'running', owner = ?, fresh = ?, message = '' WHERE id = ?",
                (self.owner, fresh, item_id),
            )
            return self._query("WHERE id = ?", (item_id,))[0]

    def record(self, item: Item, state: ItemState, message: str = "", **values: Any) -> Item:
        """Note what became of a claimed item; `values` are further columns. Returns the item as it is now."""
        columns = "".join(f", {name} = ?" for name in values)
        with self._transaction():
            self._db.execute(
                f"UPDATE items SET state = ?, owner = '', fresh = 0, message = ?, finished = ?{columns} "
                "WHERE id = ? AND owner = ?",
                (state.value, message, time.time(), *values.values(), item.id, self.owner),
            )
            return self._query("WHERE id = ?", (item.id,))[0]

    def release(self, item: Item) -> None:
        """Give a claimed item back, as if it had not been begun."""
        with self._transaction():
            self._db.execute(
                "UPDATE items SET state = 'waiting', owner = '' WHERE id = ? AND owner = ?",
                (item.id, self.owner),
            )

    def release_all(self) -> None:
        """Give back every claim of this process."""
        with self._transaction():
            self._db.execute("UPDATE items SET state = 'waiting', owner = '' WHERE owner = ?", (self.owner,))

    def recover(self) -> int:
        """Free the claims of processes that are no more; returns how many there were."""
        with self._transaction():
            owners = [
                str(row[0])
                for row in self._db.execute("SELECT DISTINCT owner FROM items WHERE state = 'running'")
            ]
            dead = [owner for owner in owners if owner != self.owner and not self._alive(owner)]
            freed = 0
            for owner in dead:
                freed += self._db.execute(
                    "UPDATE items SET state = 'waiting', owner = '' WHERE owner = ?", (owner,)
                ).rowcount
        for path in self.path.parent.glob(f"{self.path.stem}.*.owner"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > YOUNG_SECONDS:  # else it may not be locked yet
                    remove_abandoned(path)
        return freed

    def retry(self, ids: Sequence[int]) -> int:
        """Let failed and skipped items wait again; returns how many."""
        return self._each(
            "UPDATE items SET state = 'waiting', message = '' "
            "WHERE id = ? AND state IN ('failed', 'skipped')",
            ids,
        )

    def skip(self, ids: Sequence[int], message: str) -> int:
        """Set waiting items aside; returns how many."""
        return self._each(
            "UPDATE items SET state = 'skipped', message = ? WHERE id = ? AND state = 'waiting'", ids, message
        )

    def forget(self) -> None:
        """Empty the list; results are still known by their provenance. Items being worked on stay."""
        with self._transaction():
            self._db.execute("DELETE FROM items WHERE state != 'running'")
            self._db.execute(
                "DELETE FROM names WHERE NOT EXISTS (SELECT 1 FROM items "
                "WHERE items.source = names.source AND items.page = names.page)"
            )

    # -- asking -------------------------------------------------------------------------------

    def items(self, state: ItemState | None = None) -> list[Item]:
        """All items, or those in a state, in the order in which they came."""
        with self._mutex, self._complaints():
            if state is None:
                return self._query("ORDER BY id", ())
            return self._query("WHERE state = ? ORDER BY id", (state.value,))

    def item(self, item_id: int) -> Item:
        """One item. Raises KeyError if it is not on the list."""
        with self._mutex, self._complaints():
            rows = self._query("WHERE id = ?", (item_id,))
        if not rows:
            raise KeyError(item_id)
        return rows[0]

    def counts(self, ids: Sequence[int] | None = None) -> dict[ItemState, int]:
        """How many items are in each state, of all or of some."""
        counts = dict.fromkeys(ItemState, 0)
        wanted, known = None if ids is None else set(ids), {state.value for state in ItemState}
        with self._mutex, self._complaints():
            for item_id, state in self._db.execute("SELECT id, state FROM items"):
                if state in known and (wanted is None or item_id in wanted):
                    counts[ItemState(state)] += 1
        return counts

    def thumbnails(self, item_id: int) -> tuple[bytes | None, bytes | None]:
        """Small JPEG pictures of the photo and of its result."""
        with self._mutex, self._complaints():
            row = self._db.execute("SELECT before, after FROM items WHERE id = ?", (item_id,)).fetchone()
        before, after = row or (None, None)
        return (
            before if isinstance(before, bytes) and len(before) <= MOST_THUMBNAIL else None,
            after if isinstance(after, bytes) and len(after) <= MOST_THUMBNAIL else None,
        )

    def is_source(self, path: Path) -> bool:
        """Whether a file is a photo of this job, by whatever name or link it is reached."""
        with self._mutex, self._complaints():
            for name in {os.path.abspath(path), os.path.realpath(path)}:
                row = self._db.execute(
                    "SELECT 1 FROM items WHERE source = ?", (os.fsencode(name),)
                ).fetchone()
                if row is not None:
                    return True
            since = (self._originals.last,)
            new = self._db.execute("SELECT id, source FROM items WHERE id > ?", since).fetchall()
        return self._originals.have(path, new)  # outside the mutex: photos can lie on a slow disk

    def outputs(self) -> set[Path]:
        """Every path that belongs to a result."""
        return {self.out / item.output for item in self.items()}

    # -- what was learned ---------------------------------------------------------------------

    def learn(self, key: str, megapixels: float, seconds: float, size: float) -> None:
        """Add a finished photo to what is known of a recipe's speed; the last dozen or so count."""
        with self._transaction():
            row = self._db.execute(
                "SELECT megapixels, seconds, bytes FROM facts WHERE key = ?", (key,)
            ).fetchone()
            old = row or (0.0, 0.0, 0.0)
            values = [
                0.9 * before + now for before, now in zip(old, (megapixels, seconds, size), strict=True)
            ]
            self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?, ?, ?)", (key, *values))

    def known(self, key: str) -> tuple[float, float, float] | None:
        """Megapixels, seconds and bytes that were learned; None if nothing was."""
        with self._mutex, self._complaints():
            row = self._db.execute(
                "SELECT megapixels, seconds, bytes FROM facts WHERE key = ?", (key,)
            ).fetchone()
        return None if row is None else (float(row[0]), float(row[1]), float(row[2]))

    def newest_done(self, fingerprint: str, count: int) -> list[Item]:
        """The last `count` photos that were finished with a recipe, newest first."""
        where = "WHERE state = ? AND fingerprint = ? AND seconds > 0 ORDER BY finished DESC LIMIT ?"
        with self._mutex, self._complaints():
            return self._query(where, (ItemState.DONE.value, fingerprint, count))

    # -- SQLite -------------------------------------------------------------------------------

    def _query(self, where: str, values: Sequence[object]) -> list[Item]:
        rows = self._db.execute(f"SELECT {COLUMNS} FROM items {where}", values)
        # A row that is damaged, or was made by somebody else, hides no other.
        return [item for row in rows if (item := item_of(row)) is not None]

    def _each(self, statement: str, ids: Sequence[int], *first: object) -> int:
        with self._transaction():
            return sum(self._db.execute(statement, (*first, item_id)).rowcount for item_id in ids)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._mutex, self._complaints():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                with suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    @contextmanager
    def _complaints(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and code_of(error):
                advice = "make room on its disk, check its permissions, or end what else uses it"
            else:
                advice = "move that file away; results that are finished are recognised, not made again"
            raise JournalError(f"The journal {self.path} cannot be used ({error}); {advice}.") from error

    def _lock_path(self, owner: str) -> Path:
        return self.path.with_name(f"{self.path.stem}.{owner}.owner")

    def _alive(self, owner: str) -> bool:
        if not owner.isalnum():
            return False  # no owner of ours, and perhaps a path
        path = self._lock_path(owner)
        return path.exists() and not abandoned(path)

    def _let_go(self) -> None:
        self._lock.close()
        with suppress(OSError):
            self._lock_path(self.owner).unlink()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def facts_key(fingerprint: str, device: str) -> str:
    """The key of what is learned of a recipe on a device."""
    return f"{fingerprint}@{device}"


__all__ = ["Item", "ItemState", "Journal", "facts_key", "journal_path"]
