"""The promises of `restorer batch`, each with an attempt to break it: real processes, kills and disks."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.kills import digests, judge, killed_run, make_photos
from restorer.batch import runner, watch
from restorer.batch.journal import Journal
from restorer.batch.schema import ItemState
from restorer.cli import main as cli
from restorer.photo import read_photo, read_provenance
from tests.batch.conftest import save_scan
from tests.conftest import make_tiny_pack
from tests.processes import Forked, shell

Batch = Callable[..., int]


def command(*arguments: object, steps: int = 1, model: str) -> list[str]:
    """The words of `restorer batch`."""
    words = [str(argument) for argument in arguments]
    return ["batch", *words, "--model", model, "--steps", str(steps), "--device", "cpu", "--json"]


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


# -- kills ---------------------------------------------------------------------------------


def test_nothing_is_lost_or_made_by_halves_when_it_is_killed_again_and_again(
    tmp_path: Path, out: Path, tiny_pack: str
) -> None:
    make_photos(tmp_path / "photos", 10)
    originals = digests(tmp_path / "photos")
    out.mkdir()
    options = ["--model", tiny_pack, "--steps", "40", "--device", "cpu"]
    tally = killed_run(tmp_path / "photos", out, options, most_kills=4, seed=3, start=shell)
    assert tally.kills >= 2
    assert tally.remade == 0
    assert judge(tmp_path / "photos", out, originals) == []


def test_ctrl_c_stops_cleanly_and_the_same_command_goes_on(
    scans: Path, out: Path, tiny_pack: str, batch: Batch, capsys: pytest.CaptureFixture[str]
) -> None:
    with shell(command(scans, out, steps=60, model=tiny_pack)) as process:
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
    assert process.returncode == 130
    assert "nothing is half-written" in said
    assert not list(out.rglob(".restorer-*"))
    done = {path: path.stat().st_mtime_ns for path in out.rglob("*_4x.*")}
    assert 1 <= len(done) < 6
    assert batch(scans, out, "--json", steps=60) == 0
    assert len(lines(capsys.readouterr().out)) == 6 - len(done)
    assert all(path.stat().st_mtime_ns == stamp for path, stamp in done.items())


# -- two copies ----------------------------------------------------------------------------


def test_two_copies_on_one_folder_do_not_both_do_an_item(
    scans: Path, out: Path, tiny_pack: str, batch: Batch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One in a process of its own, which is well on its way when this process joins in."""
    for index in range(8):
        save_scan(scans / f"more {index}.png", index)
    with shell(command(scans, out, steps=30, model=tiny_pack)) as other:
        first = other.stdout.readline()
        assert batch(scans, out, "--json", steps=30) == 0
        rest, complaints = other.communicate()
    assert other.returncode == 0, complaints
    each = [[str(line["photo"]) for line in lines(said)] for said in (first + rest, capsys.readouterr().out)]
    assert len(each[0]) >= 1 <= len(each[1])
    assert sorted(each[0] + each[1]) == sorted(str(path) for path in scans.rglob("*.*"))
    assert len(list(out.rglob("*_4x.*"))) == 14


# -- disks ---------------------------------------------------------------------------------


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of its own, of a few hundred kilobytes; skips where this process may not mount one."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_fails_the_items_that_do_not_fit_and_no_others(
    scans: Path, tmp_path: Path, batch: Batch, capsys: pytest.CaptureFixture[str]
) -> None:
    save_scan(scans / "big.png", 9, (150, 150))  # its result has a megabyte of noise
    with small_disk(tmp_path / "disk", "200k") as disk:
        report = tmp_path / "report.html"
        assert batch(scans, disk / "out", "--format", "png", "--report", report) == 1
        said = capsys.readouterr().err
        assert "the disk of" in said
        assert "is full. Make room" in said
        names = sorted(path.name for path in disk.rglob("*") if path.is_file())
        assert names == ["a_4x.png", "b_4x.png", "c_4x.png", "d_4x.png", "e_4x.png", "f_4x.png"]
        for path in disk.rglob("*.png"):
            read_photo(path)
        (scans / "big.png").unlink()
        assert (
            batch(scans, disk / "out", "--report", report, "--format", "png") == 1
        )  # it still stands failed
        assert batch(scans, disk / "out", "--report", report, "--format", "png", "--forget") == 0


def test_a_limit_on_the_size_of_files_fails_that_item_alone(
    scans: Path, out: Path, batch: Batch, capsys: pytest.CaptureFixture[str]
) -> None:
    resource = pytest.importorskip("resource", reason="Windows has no such limits")

    save_scan(scans / "big.png", 9, (400, 400))
    most = 2_000_000  # bytes a file, of which the journal needs some, too
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        code = batch(scans, out, "--json")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    said = capsys.readouterr()
    assert code == 1, said.err
    failed = [line for line in lines(said.out) if line["state"] == "failed"]
    assert [Path(str(line["photo"])).name for line in failed] == ["big.png"]
    assert "larger than this disk allows" in str(failed[0]["error"])
    assert len([line for line in lines(said.out) if line["state"] == "done"]) == 6
    assert not list(out.rglob(".restorer-*"))


@pytest.fixture
def anybodys() -> Iterator[Path]:
    """A folder that an unprivileged user can reach: pytest's own is closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="restorer-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def unprivileged(place: Path, warm_up: list[str], words: list[str]) -> int:
    """`restorer` with these words, as a user whom permissions stop."""
    assert cli.main(warm_up) == 0  # loads what an unprivileged user may not be able to
    if os.geteuid() == 0:
        for path in [place, *place.rglob("*")]:
            os.chown(path, 65534, 65534)
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    return cli.main(words)


def test_a_target_that_turns_read_only_fails_what_was_to_go_there(anybodys: Path) -> None:
    home, scans, out = anybodys / "home", anybodys / "scans", anybodys / "out"
    model = make_tiny_pack(home / "data" / "Restorer" / "models").name
    for index in range(3):
        for place in ("a", "b"):
            save_scan(scans / place / f"{index}.png", index)
    (out / "b").mkdir(parents=True)
    environment = {**os.environ, "HOME": str(home)}
    environment |= {"XDG_DATA_HOME": str(home / "data"), "XDG_STATE_HOME": str(home / "state")}
    words = command(scans, out, steps=30, model=model)
    warm_up = command(scans / "a", anybodys / "warm", model=model)
    with Forked(unprivileged, anybodys, warm_up, words, environ=environment) as process:
        for _ in range(3):
            process.stdout.readline()  # the warm-up's
        first = process.stdout.readline()
        (out / "b").chmod(0o555)
        rest, said = process.communicate()
    (out / "b").chmod(0o755)
    assert process.returncode == 1, said
    by_state: dict[str, set[str]] = {"done": set(), "failed": set()}
    for line in lines(first + rest):
        by_state[str(line["state"])].add(str(Path(str(line["photo"])).relative_to(scans)))
        if line["state"] == "failed":
            assert "is read-only" in str(line["error"])
    assert by_state == {
        "done": {"a/0.png", "a/1.png", "a/2.png"},
        "failed": {"b/0.png", "b/1.png", "b/2.png"},
    }
    assert not list(out.glob("b/*"))


# -- names ---------------------------------------------------------------------------------


def test_names_of_any_kind_go_through_and_never_collide(tmp_path: Path, out: Path, batch: Batch) -> None:
    scans = tmp_path / "scans"
    names = [
        "写真.png",
        "صورة.png",
        "a b.png",
        "-rf.png",
        "line\nbreak.png",
        "x" * 251 + ".png",
        "é" * 125 + ".png",
    ]
    names += [
        "same.png",
        "same.jpg",
        "SAME.tif",
        "Same.PNG",
        "sub/same.png",
        "Sub/same.png",
        "$(x) `y` 'z'.png",
    ]
    names += [os.fsdecode(b"no \xff text.png"), ".hidden.png", "two.dots.png"]
    for index, name in enumerate(names):
        plain = save_scan(tmp_path / f"plain{Path(name).suffix.lower()}", index)
        (scans / name).parent.mkdir(parents=True, exist_ok=True)
        plain.rename(scans / name)
    assert batch(scans, out, "--format", "png") == 0
    results = [path for path in out.rglob("*.png") if path.is_file()]
    assert len(results) == len(names)
    assert len({str(path.relative_to(out)).casefold() for path in results}) == len(names)
    sources = {read_provenance(path)["SourceSHA256"] for path in results}
    assert sources == set(digests(scans).values())


def test_a_name_that_begins_with_a_dash_can_be_a_folder(
    tmp_path: Path, batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    save_scan(Path("-scans") / "a.png")
    assert batch("./-scans", "./-out") == 0
    assert (tmp_path / "-out" / "a_4x.png").exists()


# -- exit codes and words ------------------------------------------------------------------


def test_the_exit_code_is_1_while_anything_stands_failed_whichever_run_failed_it(
    scans: Path, out: Path, batch: Batch, capsys: pytest.CaptureFixture[str]
) -> None:
    good = (scans / "b.jpg").read_bytes()
    (scans / "b.jpg").write_bytes(good[:300])
    assert batch(scans, out) == 1
    assert "b.jpg is incomplete" in capsys.readouterr().err
    assert batch(scans, out) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "5 done, 1 failed" in said.err
    assert batch(scans, out, "--retry-failed") == 1
    assert batch(scans / "shelf", out) == 1  # another folder with the same results
    (scans / "b.jpg").write_bytes(good)
    assert batch(scans, out) == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--name", "{nothing}"], "naming template"),
        (["--types", "gif"], "'gif'"),
        (["--bits", "16", "--format", "jpg"], "16 bits"),
        (["--overwrite", "--existing", "both"], "contradict"),
        (["--watch", "--first", "1"], "contradict"),
        (["--scale", "7"], "7x"),
        (["--quality", "0"], "quality"),
    ],
)
def test_arguments_that_make_no_sense_are_a_sentence_before_any_work(
    scans: Path, out: Path, batch: Batch, capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    assert batch(scans, out, *options) in (1, 2)
    assert words in capsys.readouterr().err
    assert not out.exists()


def test_the_folder_of_the_photos_is_no_folder_for_results(
    scans: Path, batch: Batch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert batch(scans, scans) == 2
    assert "choose another for the results" in capsys.readouterr().err
    assert batch(scans / "nothing", scans / "out") == 1
    assert "does not exist" in capsys.readouterr().err


def test_it_says_beforehand_how_long_it_takes_and_how_many_fit_into_a_night(
    scans: Path, out: Path, batch: Batch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert batch(scans, out, "--estimate") == 0
    said = capsys.readouterr().err
    assert said.startswith("6 photos to do: about ")
    assert "A night of 10 hours does about" in said
    assert not out.exists()


def test_the_first_few_can_be_tried_before_all(scans: Path, out: Path, batch: Batch) -> None:
    assert batch(scans, out, "--first", 2) == 0
    assert len(list(out.rglob("*_4x.*"))) == 2
    assert batch(scans, out) == 0
    assert len(list(out.rglob("*_4x.*"))) == 6


def test_a_folder_is_watched_and_only_complete_files_are_taken(
    scans: Path, out: Path, batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    still = 0.4  # seconds without a change, in place of two
    monkeypatch.setattr(watch, "STILL_SECONDS", still)
    monkeypatch.setattr(runner, "IDLE_SECONDS", 0.1)
    content = save_scan(scans.parent / "late.png", 40).read_bytes()
    early, problems, over = [], [], threading.Event()

    def await_results(count: int) -> None:
        until = time.monotonic() + 300
        while len(list(out.rglob("*_4x.*"))) < count:
            if over.is_set() or time.monotonic() > until:
                raise TimeoutError(f"{count} results did not come")
            time.sleep(0.05)

    def scanner() -> None:
        """Writes a scan with a long pause in it, then presses Ctrl+C."""
        try:
            await_results(6)
            with (scans / "late.png").open("wb") as slow:
                slow.write(content[:500])
                slow.flush()
                time.sleep(still + 1)
                early.extend(out.glob("late*"))
                slow.write(content[500:])
            await_results(7)
        except Exception as error:
            problems.append(error)
        if not over.is_set():
            os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=scanner)
    thread.start()
    try:
        code = batch(scans, out, "--watch")
    finally:
        over.set()
        thread.join()
    assert (code, problems, early) == (130, [], [])
    assert read_photo(out / "late_4x.png").size == (96, 80)
    assert "late_4x.png" in (out / "restorer-report.html").read_text("utf-8")
    with Journal(out) as journal:
        assert {item.source.name: item.state for item in journal.items()}["late.png"] is ItemState.DONE


def test_a_folder_that_cannot_be_written_to_is_refused_before_any_work(
    scans: Path, tmp_path: Path, batch: Batch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x").write_text("a file")
    assert batch(scans, tmp_path / "x" / "out") == 1
    assert "is a file, so no folder of that name can be used" in capsys.readouterr().err
    assert batch(scans, tmp_path / ("x" * 300)) == 1
    assert "choose another place" in capsys.readouterr().err


def test_where_there_is_nothing_that_is_said(
    tmp_path: Path, out: Path, batch: Batch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    assert batch(tmp_path / "empty", out) == 0
    assert "There is no photo in" in capsys.readouterr().err
