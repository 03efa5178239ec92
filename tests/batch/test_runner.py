"""A batch as whoever pulls it sees it: the engine's results, and what happens when something goes wrong."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from restorer.batch import item_steps
from restorer.batch.journal import Journal
from restorer.batch.recipe import Existing, JobRecipe
from restorer.batch.runner import Agenda, BatchEvent, Idle, ItemDone, ItemProgress, Over, Started, run_items
from restorer.batch.schema import Item, ItemState
from restorer.device import Device
from restorer.errors import PhotoError, RequestError, ResultError
from restorer.packs import loader
from restorer.packs.pack import Pack
from restorer.photo import Photo, read_photo, read_provenance
from restorer.pipeline import restore
from restorer.pipeline.events import Done, Preview
from tests.batch.conftest import found_in, save_scan

Make = Callable[..., JobRecipe]


@contextmanager
def job(scans: Path, out: Path, recipe: JobRecipe) -> Iterator[tuple[Journal, Agenda]]:
    with Journal(out) as journal:
        yield journal, Agenda(journal.add(found_in(scans, leave_out=out), recipe))


def pulled(journal: Journal, agenda: Agenda, **options: object) -> list[BatchEvent]:
    return list(run_items(journal, agenda, **options))  # type: ignore[arg-type]


def states(journal: Journal) -> dict[str, str]:
    return {item.source.name: item.state.value for item in journal.items()}


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def sentence(journal: Journal, name: str) -> str:
    return next(item.message for item in journal.items() if item.source.name == name)


def test_results_are_the_engines_and_everything_is_told(scans: Path, out: Path, recipe: Make) -> None:
    with job(scans, out, recipe(steps=2, seed=5)) as (journal, agenda):
        events = pulled(journal, agenda, preview_side=64)
        assert set(states(journal).values()) == {"done"}
        before, after = journal.thumbnails(journal.items()[0].id)
        assert before is not None
        assert after is not None
        assert before[:2] == after[:2] == b"\xff\xd8"
    assert files_in(out) == [
        "a_4x.png", "b_4x.jpg", "c_4x.tif", "shelf/d_4x.png", "shelf/e_4x.webp", "shelf/f_4x.jpg",
    ]  # fmt: skip
    *_, done = restore.run(replace(recipe(steps=2, seed=5).request, source=scans / "a.png"))
    assert isinstance(done, Done)
    assert np.array_equal(read_photo(out / "a_4x.png").pixels, done.photo.pixels)
    assert sum(isinstance(event, Started) for event in events) == 6
    assert sum(isinstance(event, ItemDone) for event in events) == 6
    assert any(isinstance(event, ItemProgress) and isinstance(event.event, Preview) for event in events)
    over = events[-1]
    assert isinstance(over, Over)
    assert 0 < over.busy <= over.seconds


def test_closing_early_gives_back_what_is_not_begun_and_the_next_run_goes_on(
    scans: Path, out: Path, recipe: Make
) -> None:
    with job(scans, out, recipe(steps=3)) as (journal, agenda):
        started = 0
        with closing(run_items(journal, agenda)) as events:  # type: ignore[type-var]
            for event in events:
                started += isinstance(event, Started)
                if started == 3 and isinstance(event, ItemProgress):
                    break
        counts = journal.counts()
        assert counts[ItemState.RUNNING] == 0
        assert 1 <= counts[ItemState.DONE] <= 2
        stamps = {path: path.stat().st_mtime_ns for path in out.rglob("*_4x.*")}
        assert len(stamps) == counts[ItemState.DONE]
        pulled(journal, Agenda(agenda.everything()))
        assert set(states(journal).values()) == {"done"}
        assert all(path.stat().st_mtime_ns == stamp for path, stamp in stamps.items())


def test_a_result_that_the_journal_does_not_know_is_recognised(scans: Path, out: Path, recipe: Make) -> None:
    save_scan(scans / "g.bmp", 8)
    with job(scans, out, recipe()) as (journal, agenda):
        pulled(journal, agenda)
        stamps = {path: path.stat().st_mtime_ns for path in out.rglob("*_4x.*")}
        # As after a kill between the file and its journal entry: claimed by a process that is no more.
        journal._db.execute("UPDATE items SET state = 'running', owner = 'dead', fresh = 1")
        events = pulled(journal, Agenda(agenda.everything()))
        assert not any(isinstance(event, Started) for event in events)
        assert set(states(journal).values()) == {"done"}
        assert {path: path.stat().st_mtime_ns for path in out.rglob("*_4x.*")} == stamps
        journal.forget()
    with job(scans, out, recipe(existing=Existing.REPLACE)) as (journal, agenda):
        pulled(journal, agenda)
        remade = [path.name for path, stamp in stamps.items() if path.stat().st_mtime_ns != stamp]
        assert remade == ["g_4x.bmp"]  # which has no place for its provenance


def test_a_result_of_another_photo_or_recipe_is_not_taken_for_ours(
    scans: Path, out: Path, recipe: Make
) -> None:
    with job(scans, out, recipe()) as (journal, agenda):
        pulled(journal, agenda)
        journal.forget()
    shutil.copy(out / "a_4x.png", out / "shelf" / "d_4x.png")
    with job(scans, out, recipe()) as (journal, agenda):
        pulled(journal, agenda)
        assert states(journal)["d.png"] == "skipped"
        assert "exists already" in sentence(journal, "d.png")
    with job(scans, out, recipe(seed=1)) as (journal, agenda):
        pulled(journal, agenda)
        assert set(states(journal).values()) == {"skipped"}
    with job(scans, out, recipe(seed=1, existing=Existing.REPLACE)) as (journal, agenda):
        pulled(journal, agenda)
        assert read_provenance(out / "shelf" / "d_4x.png")["Seed"] == "1"
    with job(scans, out, recipe(seed=2, existing=Existing.BOTH)) as (journal, agenda):
        pulled(journal, agenda)
        assert read_provenance(out / "a_4x.png")["Seed"] == "1"
        assert read_provenance(out / "a_4x-2.png")["Seed"] == "2"
        assert set(states(journal).values()) == {"done"}


def test_one_is_cancelled_while_it_runs_and_another_while_it_waits(
    scans: Path, out: Path, recipe: Make
) -> None:
    with job(scans, out, recipe(steps=4)) as (journal, agenda):
        ids = agenda.everything()
        for event in run_items(journal, agenda):
            if isinstance(event, Started) and event.item.id == ids[0]:
                agenda.cancel([ids[0], ids[3]])
                journal.skip([ids[3]], "It was cancelled.")
        assert [journal.item(i).state.value for i in ids] == [
            "skipped", "done", "done", "skipped", "done", "done",
        ]  # fmt: skip
        assert not (out / "a_4x.png").exists()
        assert journal.retry([ids[0]]) == 1
        agenda.add([ids[0]])
        pulled(journal, agenda)
        assert journal.item(ids[0]).state is ItemState.DONE


def test_more_can_be_added_while_it_runs(scans: Path, out: Path, recipe: Make) -> None:
    with job(scans, out, recipe()) as (journal, agenda):
        added = False
        for event in run_items(journal, agenda):
            if isinstance(event, Started) and not added:
                added = True
                save_scan(scans / "late.png", 30)
                agenda.add(journal.add(found_in(scans), recipe()))
        assert states(journal)["late.png"] == "done"
        assert len(states(journal)) == 7


@pytest.mark.parametrize("moment", [Started, ItemProgress])
@pytest.mark.parametrize("what", ["vanishes", "changes"])
def test_a_source_that_vanishes_or_changes_fails_alone(
    scans: Path, out: Path, recipe: Make, what: str, moment: type
) -> None:
    with job(scans, out, recipe(steps=2)) as (journal, agenda):
        touched = False
        for event in run_items(journal, agenda):
            if isinstance(event, moment) and not touched:
                touched = True
                item: Item = event.item  # type: ignore[attr-defined]
                if what == "vanishes":
                    item.source.unlink()
                else:
                    save_scan(item.source, 60, (40, 40))
        assert states(journal) == dict.fromkeys(states(journal), "done") | {"a.png": "failed"}
        words = {"vanishes": "no longer there", "changes": "was changed while"}
        assert words[what] in sentence(journal, "a.png")
        assert not (out / "a_4x.png").exists()


def test_a_folder_of_results_that_vanishes_fails_each_in_words_and_returns(
    scans: Path, out: Path, recipe: Make, tmp_path: Path
) -> None:
    with job(scans, out, recipe()) as (journal, agenda):
        gone = False
        for event in run_items(journal, agenda):
            if isinstance(event, Started) and not gone:
                gone = True
                out.rename(tmp_path / "elsewhere")
        assert set(states(journal).values()) == {"failed"}
        assert "no longer there" in sentence(journal, "a.png")
        assert not out.exists()  # it is not made anew on whatever disk lies there now
        (tmp_path / "elsewhere").rename(out)
        journal.retry(agenda.everything())
        pulled(journal, Agenda(agenda.everything()))
        assert set(states(journal).values()) == {"done"}


def test_an_original_is_never_replaced_even_through_a_link(scans: Path, out: Path, recipe: Make) -> None:
    content = (scans / "b.jpg").read_bytes()
    out.mkdir()
    (out / "a_4x.png").symlink_to(scans / "b.jpg")
    with job(scans, out, recipe(existing=Existing.REPLACE)) as (journal, agenda):
        pulled(journal, agenda)
        assert states(journal)["a.png"] == "failed"
        assert "is an original" in sentence(journal, "a.png")
    assert (scans / "b.jpg").read_bytes() == content


@pytest.mark.parametrize("way", ["linked folder of photos", "linked folder of results", "hard link"])
def test_an_original_is_never_replaced_whatever_it_is_called(tmp_path: Path, recipe: Make, way: str) -> None:
    """Names from the template {name} alone, over files that exist: each result's name is an original's."""
    real, link = tmp_path / "real", tmp_path / "link"
    photos = [save_scan(real / "a.png", 1), save_scan(real / "b.png", 2)]
    before = [photo.read_bytes() for photo in photos]
    if way == "hard link":
        link.mkdir()
        for photo, other in zip(photos, reversed(photos), strict=True):
            os.link(photo, link / other.name)
    else:
        link.symlink_to(real)
    sources, out = (link, real) if way == "linked folder of photos" else (real, link)
    with Journal(out) as journal:
        found = found_in(*(sources / photo.name for photo in photos))
        agenda = Agenda(journal.add(found, recipe(existing=Existing.REPLACE, template="{name}")))
        pulled(journal, agenda)
        assert set(states(journal).values()) == {"failed"}
        assert "is an original" in sentence(journal, "a.png")
    assert [photo.read_bytes() for photo in photos] == before


def test_a_network_that_fails_on_one_photo_goes_on_with_the_next(
    scans: Path, out: Path, recipe: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = restore.choose
    calls: list[int] = []

    def choose(*arguments: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise MemoryError
        if len(calls) == 3:
            raise RuntimeError("cosmic rays")
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(restore, "choose", choose)
    with job(scans, out, recipe()) as (journal, agenda):
        pulled(journal, agenda)
        assert states(journal) == dict.fromkeys(states(journal), "done") | {
            "b.jpg": "failed",
            "c.tif": "failed",
        }
        assert "not enough memory" in sentence(journal, "b.jpg")
        assert "cosmic rays" in sentence(journal, "c.tif")


def test_a_job_loads_its_network_once_and_anew_after_a_failure(
    scans: Path, out: Path, recipe: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads: list[str] = []
    checks: list[int] = []
    real, real_check = loader.load, restore.check_result

    def load(pack: Pack, device: Device) -> object:
        loads.append(pack.name)
        return real(pack, device)

    def check(*arguments: object) -> None:
        checks.append(1)
        if len(checks) == 4:
            raise ResultError("It came out grey.")
        real_check(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(loader, "load", load)
    monkeypatch.setattr(restore, "check_result", check)
    with job(scans, out, recipe()) as (journal, agenda):
        pulled(journal, agenda)
        assert sorted(states(journal).values()) == ["done"] * 5 + ["failed"]
    assert loads == ["tiny-4x"] * 2


def test_leftovers_of_a_crash_are_removed_and_files_being_written_are_not(
    scans: Path, out: Path, recipe: Make
) -> None:
    from restorer.locks import lock

    out.mkdir()
    left, held = out / ".restorer-0123456789abcdef.tmp", out / ".restorer-fedcba9876543210.tmp"
    for path in (left, held):
        path.write_bytes(b"half a pict")
        os.utime(path, (1, 1))
    with held.open("r+b") as file, job(scans, out, recipe()) as (journal, agenda):
        assert lock(file)
        pulled(journal, agenda)
        assert not left.exists()
        assert held.exists()


def test_a_folder_of_results_that_cannot_be_made_is_a_sentence(
    scans: Path, tmp_path: Path, recipe: Make
) -> None:
    (tmp_path / "file").write_text("in the way")
    with job(scans, tmp_path / "file" / "out", recipe()) as (journal, agenda):
        with pytest.raises(PhotoError, match="cannot be used"):
            pulled(journal, agenda)
        assert set(states(journal).values()) == {"waiting"}


def test_who_watches_is_asked_for_more_and_told_of_idleness(scans: Path, out: Path, recipe: Make) -> None:
    with job(scans, out, recipe()) as (journal, agenda):
        late = save_scan(scans / "late.png", 31)

        def more() -> list[int]:
            return journal.add(found_in(scans), recipe()) if journal.counts()[ItemState.DONE] == 6 else []

        settled = 0
        with closing(run_items(journal, agenda, more=more)) as events:  # type: ignore[type-var]
            for event in events:
                settled += isinstance(event, ItemDone)
                if isinstance(event, Idle) and settled == 7:
                    break
        assert states(journal)[late.name] == "done"


def test_a_crew_on_two_devices_does_each_item_once_and_pauses_as_one(
    scans: Path, out: Path, recipe: Make
) -> None:
    from restorer.batch.multi_device import run_crew

    with job(scans, out, recipe(steps=2)) as (journal, agenda):
        with closing(run_crew(journal, agenda, ["cpu", "cpu"])) as events:  # type: ignore[type-var]
            begun = [event.item.id for event in events if isinstance(event, Started)]
        assert sorted(begun) == agenda.everything()
        assert set(states(journal).values()) == {"done"}
        journal.forget()
        shutil.rmtree(out)
    with job(scans, out, recipe(steps=2)) as (journal, agenda):
        with closing(run_crew(journal, agenda, ["cpu", "cpu"])) as events:  # type: ignore[type-var]
            next(event for event in events if isinstance(event, ItemProgress))
        assert journal.counts()[ItemState.RUNNING] == 0
        assert journal.counts()[ItemState.WAITING] >= 2


def test_a_tiff_of_several_pages_is_restored_page_by_page(tmp_path: Path, out: Path, recipe: Make) -> None:
    import tifffile

    scans = tmp_path / "scans"
    scans.mkdir()
    rng = np.random.default_rng(1)
    pages = [rng.integers(0, 65536, (20, 16 + 8 * index), dtype=np.uint16) for index in range(3)]
    with tifffile.TiffWriter(scans / "album.tif") as writer:
        for page in pages:
            writer.write(page, resolution=(300, 300), resolutionunit=2, metadata=None)
    with job(scans, out, recipe()) as (journal, agenda):
        pulled(journal, agenda)
        assert [item.state for item in journal.items()] == [ItemState.DONE] * 3
        journal.forget()
    assert files_in(out) == ["album-p1_4x.tif", "album-p2_4x.tif", "album-p3_4x.tif"]
    for number, page in enumerate(pages, 1):
        photo = read_photo(out / f"album-p{number}_4x.tif")
        assert photo.size == (page.shape[1] * 4, 80)
        assert photo.bits == 16
        assert photo.grey
        assert photo.dpi is not None
    with job(scans, out, recipe()) as (journal, agenda):
        assert not any(isinstance(event, Started) for event in pulled(journal, agenda))


def test_a_name_that_is_no_text_does_not_end_the_job(
    scans: Path, out: Path, recipe: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = scans / os.fsdecode(b"M\xfcller.png")
    save_scan(scans / "plain.png", 6).rename(odd)
    real = restore.check_memory

    def check(photo: Photo, scale: int) -> None:
        if photo.path is not None and photo.path.name == odd.name:
            raise RequestError(f"{photo.name} is too large.")
        real(photo, scale)

    monkeypatch.setattr(restore, "check_memory", check)
    with job(scans, out, recipe()) as (journal, agenda):
        pulled(journal, agenda)
        assert sorted(states(journal).values()) == ["done"] * 6 + ["failed"]
        assert "ller.png is too large" in sentence(journal, odd.name)


def test_a_folder_that_was_moved_is_not_done_again(scans: Path, out: Path, recipe: Make) -> None:
    with job(scans, out, recipe()) as (journal, agenda):
        pulled(journal, agenda)
        count = len(journal.items())
    before = files_in(out)
    moved = scans.rename(scans.with_name("moved"))
    with job(moved, out, recipe()) as (journal, agenda):
        assert pulled(journal, agenda) == [Over(0.0, 0.0)]
        assert len(journal.items()) == count
        assert {item.source.parts[: len(moved.parts)] for item in journal.items()} == {moved.parts}
    assert files_in(out) == before


def test_another_photo_of_that_name_is_no_moved_one(scans: Path, out: Path, recipe: Make) -> None:
    with job(scans, out, recipe()) as (journal, agenda):
        pulled(journal, agenda)
    before = files_in(out)
    shutil.rmtree(scans)
    name = min(path for path in before if path.endswith(".png")).replace("_4x", "")
    save_scan(scans.with_name("others") / name, seed=99)
    with job(scans.with_name("others"), out, recipe()) as (journal, agenda):
        pulled(journal, agenda)
    assert len(files_in(out)) == len(before) + 1


def test_a_photo_that_has_changed_is_told_from_a_file_in_the_way(
    scans: Path, out: Path, recipe: Make
) -> None:
    with job(scans, out, recipe()) as (journal, agenda):
        pulled(journal, agenda)
    first = next(path for path in sorted(scans.rglob("*.png")))
    save_scan(first, seed=99)
    with job(scans, out, recipe()) as (journal, agenda):
        pulled(journal, agenda)
        assert "has changed since" in sentence(journal, first.name)
        assert states(journal)[first.name] == "skipped"


def test_a_pipe_among_the_photos_fails_in_words_and_the_rest_go_on(
    scans: Path, out: Path, recipe: Make
) -> None:
    os.mkfifo(scans / "pipe.png")
    with job(scans, out, recipe()) as (journal, agenda):
        pulled(journal, agenda)
        assert "is a device or pipe" in sentence(journal, "pipe.png")
        others = {state for name, state in states(journal).items() if name != "pipe.png"}
        assert others == {"done"}


def test_torch_without_memory_is_told_in_the_same_words_as_python() -> None:
    item = Item(**dict.fromkeys(Item.__dataclass_fields__) | {"source": Path("large.png")})
    errors = (MemoryError(), RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"))
    said = {item_steps.failed(item, error).message for error in errors}
    assert len(said) == 1
    assert "not enough memory to restore" in said.pop()
