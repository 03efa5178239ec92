"""The journal: states survive, claims end with their process, names belong to one photo."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from restorer.batch.journal import Journal, journal_path
from restorer.batch.recipe import JobRecipe
from restorer.batch.schema import ItemState
from restorer.errors import JournalError
from tests.batch.conftest import found_in, save_scan
from tests.processes import Forked, server

ROOT = Path(__file__).resolve().parent.parent.parent
Make = Callable[..., JobRecipe]


def test_a_recipe_survives_as_text_and_its_fingerprint_is_that_of_the_picture(recipe: Make) -> None:
    one = recipe(seed=3, format="tif", bits=16)
    assert JobRecipe.from_text(one.to_text()).to_text() == one.to_text()
    assert one.fingerprint == recipe(seed=3, format="tif", bits=16, template="{stem}").fingerprint
    assert one.fingerprint != recipe(seed=4, format="tif", bits=16).fingerprint
    assert one.fingerprint != recipe(seed=3, format="png", bits=16).fingerprint
    finished = replace(one, request=replace(one.request, strength=0.5, grain=0.25))
    assert finished.fingerprint != one.fingerprint
    assert JobRecipe.from_text(finished.to_text()).request.grain == 0.25
    assert "strength" not in one.to_text(), "an older app can read it"


def open_together(out: Path, barrier: Barrier) -> None:
    """In a process of its own: open one new journal after another, each together with the other copies."""
    for number in range(40):
        barrier.wait()
        Journal(out / str(number)).close()


def test_copies_that_start_at_the_same_moment_share_one_new_journal(home: Path, tmp_path: Path) -> None:
    """Turning on write-ahead logging asks for the file alone, and SQLite does not wait for that by itself."""
    barrier = server.Barrier(4, timeout=60)
    copies = [Forked(open_together, tmp_path / "out", barrier) for _ in range(4)]
    said = [copy.communicate()[1] for copy in copies]
    assert [copy.returncode for copy in copies] == [0] * 4, said


def test_what_is_done_stays_done_and_what_changed_waits_again(scans: Path, out: Path, recipe: Make) -> None:
    with Journal(out) as journal:
        ids = journal.add(found_in(scans), recipe())
        for item_id in ids[:3]:
            item = journal.claim(item_id)
            assert item is not None
            save_scan(out / item.output)
            size = (out / item.output).stat().st_size
            journal.record(item, ItemState.DONE, bytes=item.bytes, mtime_ns=item.mtime_ns, output_bytes=size)
        failed = journal.claim(ids[3])
        assert failed is not None
        journal.record(failed, ItemState.FAILED, "It is damaged.")
    with Journal(out) as journal:  # another time
        save_scan(scans / "b.jpg", 77, (30, 30))
        (out / "c_4x.tif").unlink()
        assert journal.add(found_in(scans), recipe()) == ids
        assert [journal.item(i).state.value for i in ids] == [
            "done", "waiting", "waiting", "failed", "waiting", "waiting",
        ]  # fmt: skip
        assert journal.item(ids[3]).message == "It is damaged."
        assert journal.retry(ids) == 1
        assert journal.counts()[ItemState.WAITING] == 5
        journal.add(found_in(scans), recipe(seed=1))  # another recipe, another result
        assert journal.counts()[ItemState.WAITING] == 6


def test_an_item_is_claimed_once_by_many_threads_and_journals(scans: Path, out: Path, recipe: Make) -> None:
    for index in range(40):
        save_scan(scans / f"more {index}.png", index)
    claimed: list[int] = []
    with Journal(out) as one, Journal(out) as two:
        ids = one.add(found_in(scans), recipe())
        assert two.add(found_in(scans), recipe()) == ids

        def work(journal: Journal) -> None:
            claimed.extend(i for i in ids if journal.claim(i) is not None)

        threads = [threading.Thread(target=work, args=(journal,)) for journal in (one, two, one, two)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(claimed) == ids


def test_claims_of_a_live_process_are_respected_and_those_of_a_killed_one_are_free(
    scans: Path, out: Path, recipe: Make
) -> None:
    with Journal(out) as journal:
        ids = journal.add(found_in(scans), recipe())
        code = (
            "import sys, pathlib; from restorer.batch.journal import Journal\n"
            "journal = Journal(pathlib.Path(sys.argv[1])); journal.claim(int(sys.argv[2]))\n"
            "print('claimed', flush=True); sys.stdin.read()"
        )
        child = subprocess.Popen(
            [sys.executable, "-c", code, str(out), str(ids[0])],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert child.stdin is not None
        assert child.stdout is not None
        with child, child.stdin, child.stdout:
            assert child.stdout.readline() == b"claimed\n"
            assert journal.recover() == 0
            assert journal.item(ids[0]).state is ItemState.RUNNING
            child.kill()
            child.wait()
        assert journal.recover() == 1
        assert journal.item(ids[0]).state is ItemState.WAITING


def test_names_of_results_are_not_given_away_even_after_the_recipe_changed(
    scans: Path, out: Path, recipe: Make
) -> None:
    with Journal(out) as journal:
        journal.add(found_in(scans), recipe())
        save_scan(scans / "a.tif", 50)
        journal.add(found_in(scans), recipe(format="png"))
        outputs = {item.source.name: str(item.output) for item in journal.items()}
        assert outputs["a.png"] == "a_4x.png"
        assert outputs["a.tif"] == "a_4x-2.png"
        assert len(set(outputs.values())) == len(outputs)


def test_names_that_are_no_text_are_kept_as_bytes(out: Path, tmp_path: Path, recipe: Make) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    source = folder / os.fsdecode(b"\xff\xfe\n-x.png")
    save_scan(tmp_path / "plain.png").rename(source)
    with Journal(out) as journal:
        (item_id,) = journal.add(found_in(folder), recipe())
        assert journal.item(item_id).source == source


@pytest.mark.parametrize("content", [b"this is no database", b""])
def test_a_damaged_journal_is_a_sentence_and_an_empty_one_a_start(
    out: Path, tiny_pack: str, content: bytes
) -> None:
    path = journal_path(out)
    path.parent.mkdir(parents=True)
    path.write_bytes(content * 400)
    if content:
        with pytest.raises(JournalError, match="move that file away"):
            Journal(out)
        assert path.read_bytes() == content * 400
    else:
        Journal(out).close()


def test_a_journal_whose_text_is_no_utf_8_is_a_sentence(out: Path, home: Path) -> None:
    Journal(out).close()
    with sqlite3.connect(journal_path(out)) as database:
        database.execute("CREATE TABLE more (x)")
        database.execute("PRAGMA writable_schema = ON")
        odd = b'CREATE TABLE more ("\xff")'.hex()
        database.execute(f"UPDATE sqlite_master SET sql = CAST(x'{odd}' AS TEXT) WHERE name = 'more'")
    database.close()
    with pytest.raises(JournalError, match=r"cannot be used .*move that file away"):
        Journal(out)


def test_a_newer_journal_is_refused(out: Path, tiny_pack: str) -> None:
    Journal(out).close()
    with sqlite3.connect(journal_path(out)) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(JournalError, match="newer"):
        Journal(out)


def test_nothing_of_ours_is_left_beside_a_closed_journal(out: Path, tiny_pack: str) -> None:
    Journal(out).close()
    assert [path.suffix for path in journal_path(out).parent.iterdir()] == [".sqlite"]


def test_a_photo_that_waits_gets_the_name_of_the_newest_template(
    scans: Path, out: Path, recipe: Make
) -> None:
    with Journal(out) as journal:
        ids = journal.add(found_in(scans), recipe())
        assert journal.item(ids[0]).output.name == "a_4x.png"
        assert journal.add(found_in(scans), recipe(template="{name}-restored")) == ids
        assert journal.item(ids[0]).output.name == "a-restored.png"
