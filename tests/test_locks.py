"""A file that is being made is not taken for a leftover, at any moment of its making."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import IO

import pytest

from restorer import locks
from restorer.files.naming import HIDDEN
from restorer.photo.writing import beside, remove_leftovers


def test_a_file_taken_before_it_was_locked_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, taken = locks.lock, []

    def late(file: IO[bytes]) -> bool:
        if not taken:  # a neighbour comes between the file's making and its lock
            taken.append(file.name)
            assert locks.remove_abandoned(Path(file.name))
        return take(file)

    monkeypatch.setattr(locks, "lock", late)
    with beside(tmp_path / "result", overwrite=False) as file:
        file.write(b"whole")
        assert file.name != taken[0]
        assert remove_leftovers(tmp_path) == 0
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"result": b"whole"}


def test_a_neighbour_that_only_looks_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    take, looks = locks.lock, []

    def busy(file: IO[bytes]) -> bool:
        looks.append(file)
        return len(looks) > 2 and take(file)

    monkeypatch.setattr(locks, "lock", busy)
    file = locks.create_locked(tmp_path / "file")
    assert file is not None
    with file:
        assert len(looks) == 3
        monkeypatch.undo()
        assert not locks.remove_abandoned(tmp_path / "file")
    assert locks.remove_abandoned(tmp_path / "file")


def test_where_there_are_no_locks_files_are_made_and_none_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "lock", lambda file: False)
    with beside(tmp_path / "result", overwrite=False) as file:
        file.write(b"whole")
        assert remove_leftovers(tmp_path) == 0
    assert (tmp_path / "result").read_bytes() == b"whole"


def test_leftovers_go_at_once_while_others_write(tmp_path: Path) -> None:
    """Three write a hundred results each while a fourth removes leftovers without a pause."""
    stop, removed = threading.Event(), []

    def sweep() -> None:
        while not stop.is_set():
            removed.append(remove_leftovers(tmp_path))

    def write(name: str) -> None:
        for index in range(100):
            with beside(tmp_path / f"{name}{index}", overwrite=False) as file:
                file.write(b"whole")

    (tmp_path / f"{HIDDEN}dead.tmp").write_bytes(b"half")
    sweeper = threading.Thread(target=sweep)
    writers = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for thread in (sweeper, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    sweeper.join()
    left = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert left == {f"{name}{index}": b"whole" for name in "abc" for index in range(100)}
    assert sum(removed) >= 1
