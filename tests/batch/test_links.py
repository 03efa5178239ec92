"""Links in the folder of results, and lists that name files elsewhere: nothing is written outside OUT."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.hostile_state import ACTING
from restorer.batch import item_steps
from restorer.batch.item_steps import Names, Place, Ready, Verdict
from restorer.batch.journal import Journal, journal_path
from restorer.batch.recipe import Existing, JobRecipe
from restorer.batch.schema import ItemState
from restorer.errors import JournalError, PhotoError
from restorer.files.naming import HIDDEN
from tests.batch.conftest import found_in, save_scan

Make = Callable[..., JobRecipe]


def looked(journal: Journal, number: int) -> Ready | Verdict:
    item = journal.claim(number)
    assert item is not None
    return item_steps.look(item, Place.of(journal.out), Names(journal.is_source, journal.another_name))


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "private.png").write_bytes(b"mine")
    return folder


def untouched(folder: Path) -> bool:
    return [path.name for path in folder.rglob("*")] == ["private.png"] and (
        folder / "private.png"
    ).read_bytes() == b"mine"


@pytest.mark.parametrize("existing", Existing)
@pytest.mark.parametrize("behind", ["private.png", "nowhere.png"])
def test_a_link_with_a_results_name_is_never_written_through(
    scans: Path, out: Path, recipe: Make, elsewhere: Path, existing: Existing, behind: str
) -> None:
    out.mkdir()
    (out / "a_4x.png").symlink_to(elsewhere / behind)
    with Journal(out) as journal:
        ids = journal.add(found_in(scans / "a.png"), recipe(existing=existing))
        ready = looked(journal, ids[0])
    if existing is Existing.SKIP:
        assert isinstance(ready, Verdict)
        assert ready.state is ItemState.SKIPPED
    else:
        assert isinstance(ready, Ready)
        assert (ready.target == out / "a_4x.png") is (existing is Existing.REPLACE)
    assert untouched(elsewhere)


def test_a_sub_folder_that_is_a_link_out_is_refused(
    scans: Path, out: Path, recipe: Make, elsewhere: Path
) -> None:
    out.mkdir()
    (out / "shelf").symlink_to(elsewhere)
    with Journal(out) as journal:
        found = [one for one in found_in(scans) if one.path.name in ("a.png", "d.png")]
        first, second = (looked(journal, number) for number in journal.add(found, recipe()))
    assert isinstance(first, Ready)
    assert isinstance(second, Verdict)
    assert "leads out of" in second.message
    assert untouched(elsewhere)


def test_a_folder_of_results_that_is_swapped_for_a_link_is_refused(out: Path, elsewhere: Path) -> None:
    place = Place.of(out)
    place.check()
    out.rename(out.with_name("moved"))
    out.symlink_to(elsewhere)
    with pytest.raises(PhotoError, match="no longer there"):
        place.check()


@pytest.mark.parametrize("output", ["/outside/a.png", "../a.png", "shelf/../../a.png", ""])
def test_a_list_that_names_a_file_elsewhere_is_not_believed(
    scans: Path, out: Path, recipe: Make, output: str
) -> None:
    with Journal(out) as journal:
        ids = journal.add(found_in(scans), recipe())
        change(out, ids[0], output=os.fsencode(output))
        assert [item.id for item in journal.items()] == ids[1:]
        assert journal.claim(ids[0]) is None
        assert all(path.is_relative_to(out) for path in journal.outputs())
        with pytest.raises(PhotoError, match="does not lie in that folder"):
            Place.of(out).path(Path(output))
        assert journal.add(found_in(scans), recipe())  # the damaged row gives way to its photo
        assert len(journal.items()) == len(ids)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "strange"},
        {"source": "text"},
        {"output": 7},
        {"page": "one"},
        {"finished": 1e300},
        {"seconds": float("inf")},
        {"width": "wide"},
        {"message": "a" * 500_000},
        {"recipe": b"bytes"},
        {"before": b"a" * (2 << 20), "after": "text"},
        {"recipe": "[" * 100_000},
    ],
    ids=lambda values: next(iter(values)),
)
def test_one_bad_row_hides_no_other(scans: Path, out: Path, recipe: Make, values: dict[str, object]) -> None:
    with Journal(out) as journal:
        ids = journal.add(found_in(scans), recipe())
        change(out, ids[0], **values)
        assert {item.id for item in journal.items()} >= set(ids[1:])
        assert journal.counts()[ItemState.WAITING] >= len(ids) - 1
        assert journal.thumbnails(ids[0]) == (None, None)
        assert len(journal.add(found_in(scans), recipe(seed=1))) == len(ids)
        assert len(journal.items()) == len(ids)


def test_nothing_is_tidied_away_outside(out: Path, elsewhere: Path) -> None:
    left = elsewhere / f"{HIDDEN}1.tmp"
    left.write_bytes(b"somebody else's")
    out.mkdir()
    (out / "shelf").symlink_to(elsewhere)
    mine = out / f"{HIDDEN}2.tmp"
    mine.write_bytes(b"half")
    (out / f"{HIDDEN}3.tmp").symlink_to(elsewhere / "private.png")
    Place.of(out).tidy([out, out / "shelf", elsewhere])
    assert left.exists()
    assert not mine.exists()
    assert (elsewhere / "private.png").read_bytes() == b"mine"


@pytest.mark.skipif(os.name == "nt", reason="what belongs to a person is closed to others there")
def test_a_journal_is_its_owners_alone(scans: Path, out: Path, recipe: Make) -> None:
    path = journal_path(out)
    path.parent.mkdir(parents=True, mode=0o755)
    path.touch(mode=0o644)
    with Journal(out) as journal:
        journal.add(found_in(save_scan(scans / "z.png")), recipe())
        assert path.parent.stat().st_mode & 0o777 == 0o700
        assert {each.stat().st_mode & 0o777 for each in path.parent.iterdir()} == {0o600}


def change(out: Path, number: int, **values: object) -> None:
    columns = ", ".join(f"{name} = ?" for name in values)
    connection = sqlite3.connect(journal_path(out))
    with connection:
        connection.execute(f"UPDATE items SET {columns} WHERE id = ?", (*values.values(), number))
    connection.close()


@pytest.mark.parametrize("acting", ACTING)
def test_a_list_that_is_a_program_is_refused_and_not_run(
    scans: Path, out: Path, recipe: Make, acting: str
) -> None:
    with Journal(out) as journal:
        journal.add(found_in(scans), recipe())
    connection = sqlite3.connect(journal_path(out))
    with connection:
        connection.executescript(acting)
    connection.close()
    with pytest.raises(JournalError, match="move that file away"):
        Journal(out)


def test_an_owner_that_is_a_path_is_no_process(scans: Path, out: Path, recipe: Make) -> None:
    with Journal(out) as journal:
        ids = journal.add(found_in(scans), recipe())
        change(out, ids[0], state="running", owner="../../owner")
        assert journal.recover() == 1
