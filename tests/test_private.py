"""What is kept of photos is their owner's alone, and what is damaged or made to harm hides nothing else."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from restorer import logs, paths, preferences
from restorer.batch.job import BatchJob
from restorer.errors import SettingsError
from restorer.photo import Photo
from restorer.pipeline.forecast import estimates
from restorer.pipeline.resume import checkpoint, run_folder
from restorer.preferences import Preferences
from tests.conftest import make_tiny_pack
from ui.system.crash_reports import MOST_CHARACTERS, CrashReports

posix = pytest.mark.skipif(os.name == "nt", reason="what belongs to a person is closed to others there")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def kept_run(number: int = 0, **changes: Any) -> Path:
    """The folder of a run as it is kept, with its facts changed."""
    from safetensors.numpy import save_file

    from restorer import __version__

    folder = paths.private_folder(checkpoint.new_folder())
    run = {
        "identity": {"version": __version__},
        "request": {"scale": 4, "preset": "balanced", "region": None},
        "name": f"photo {number}",
        "path": None,
        "dpi": None,
    } | changes
    text = json.dumps(run)
    (folder / run_folder.RUN).write_text(text, "utf-8")
    facts = {"step": "1", "steps": "6"} | changes.get("facts", {})
    save_file({"x": np.zeros(1, np.float32)}, folder / run_folder.STATE, facts)
    return folder


@posix
def test_logs_and_crash_reports_are_private(home: Path) -> None:
    paths.log_dir().mkdir(parents=True)
    (paths.log_dir() / "restorer.log").touch(0o644)
    logs.record(ValueError("a photo of mine"))
    crashes = CrashReports(paths.log_dir())
    crashes.begin()
    try:
        assert mode(paths.log_dir()) == 0o700
        assert {mode(path) for path in paths.log_dir().iterdir()} == {0o600}
    finally:
        crashes.end()


@posix
def test_kept_runs_are_closed_to_neighbours_also_those_of_before(home: Path) -> None:
    folder = kept_run()
    root = folder.parent
    root.chmod(0o755)
    assert [run.folder for run in checkpoint.unfinished()] == [folder]
    assert mode(root) == 0o700
    assert mode(folder / run_folder.LOCK) == 0o600


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="takes an administrator to try")
def test_another_user_reads_nothing_and_holds_no_lock(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as cache:  # the tests' own folder is closed to others
        os.chmod(cache, 0o755)
        monkeypatch.setenv("XDG_CACHE_HOME", cache)
        folder = kept_run()
        folder.parent.chmod(0o755)  # as an older version left it
        checkpoint.unfinished()
        public = Path(cache) / "public"
        public.touch(0o644)
        tries = {str(public): "", **{str(folder / name): "PermissionError" for name in ("lock", "run.json")}}
        for path, error in tries.items():
            code = f"import os; os.setgid(65534); os.setuid(65534); open({path!r})"
            ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
            assert error in ended.stderr
            assert (ended.returncode == 0) is (not error)


LOOKS = """
import json, os, pathlib, sys
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
seen = []
for root in sys.argv[1:]:
    for folder, folders, files in os.walk(root):
        for name in files:
            try:
                open(os.path.join(folder, name)).close()
            except OSError:
                continue
            seen.append(name)
print(json.dumps(sorted(seen)))
"""
WORKS = """
import json, os, pathlib, sys
import numpy, PIL.Image
from restorer import errors, preferences
from restorer.batch.find_photos import find
from restorer.batch.journal import Journal
from restorer.batch.report import write_report
from restorer.files.walk import Trouble
from restorer.photo import Photo, read_photo, write_photo
from restorer.pipeline.resume import checkpoint, run_folder
from restorer.photo.formats import png
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
photos, out = map(pathlib.Path, sys.argv[1:])
told = []
def tell(work):
    try:
        work()
        told.append("nothing")
    except errors.RestorerError as error:
        told.append(str(error))
tell(lambda: read_photo(photos / "private.png"))
tell(lambda: read_photo(photos / "closed" / "a.png"))
tell(lambda: write_photo(Photo(numpy.zeros((2, 2, 3), numpy.uint8)), out / "a.png"))
tell(lambda: Journal(out))
tell(lambda: preferences.read(pathlib.Path(os.environ["XDG_CONFIG_HOME"]) / "Restorer"))
told += [one.sentence for one in find([photos]) if isinstance(one, Trouble)]
told.append(repr(checkpoint.unfinished()))
print(json.dumps(told))
"""
administrator = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="takes an administrator to try"
)


@pytest.fixture
def shared(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that everybody can look into, as a machine's own are, with a person's home in it."""
    before = os.umask(0o022)
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        for name in ("DATA", "CACHE", "CONFIG"):
            monkeypatch.setenv(f"XDG_{name}_HOME", str(Path(folder, name)))
        yield Path(folder)
    os.umask(before)


def as_another(code: str, *arguments: Path) -> list[str]:
    """What a program says that is another user's; its modules are imported before."""
    command = [sys.executable, "-B", "-c", code, *map(str, arguments)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return list(json.loads(ended.stdout))


@posix
@administrator
def test_another_user_sees_of_a_job_what_they_saw_before_it(shared: Path) -> None:
    from restorer.cli.main import main

    model = make_tiny_pack(paths.packs_dir()).name
    photos, out = shared / "photos", shared / "out"
    photos.mkdir()
    for name, openness in (("private.png", 0o600), ("public.png", 0o644)):
        Image.new("RGB", (8, 6), "grey").save(photos / name)
        os.chmod(photos / name, openness)
    settings = ["--model", model, "--preset", "draft", "--device", "cpu"]
    assert main(["batch", str(photos), str(out), *settings]) == 0
    made = {path.name for path in out.rglob("*") if path.is_file()}
    assert {"private_4x.png", "public_4x.png", "restorer-report.html", "restorer-report.csv"} <= made
    kept_run()
    logs.record(ValueError("a photo of mine"))
    assert as_another(LOOKS, photos, out, shared / "CACHE", shared / "DATA" / "Restorer" / "journals") == [
        "public.png",
        "public_4x.png",
    ]


@posix
@administrator
def test_what_belongs_to_another_user_is_a_sentence(shared: Path) -> None:
    photos, out = shared / "photos", shared / "out"
    (photos / "closed").mkdir(parents=True)
    out.mkdir()
    for path, openness in ((photos / "private.png", 0o600), (photos / "closed" / "a.png", 0o644)):
        Image.new("RGB", (8, 6), "grey").save(path)
        os.chmod(path, openness)
    (photos / "closed").chmod(0o700)
    kept_run()
    preferences.save(paths.settings_dir(), Preferences())
    (paths.settings_dir() / preferences.FILE).chmod(0o600)
    private, closed, write, journal, settings, folder, runs = as_another(WORKS, photos, out)
    assert "private.png may not be read" in private
    assert "may not be read" in closed
    assert "a.png cannot be saved" in write
    assert "cannot be written to" in journal
    assert "cannot be read" in settings
    assert "cannot be looked into" in folder
    assert runs == "[]"


BAD: list[dict[str, Any]] = [
    {"name": 7},
    {"name": None},
    {"path": 7},
    {"identity": []},
    {"request": []},
    {"request": {"scale": "4"}},
    {"request": {"scale": 4, "past": 7}},
    {"request": {"scale": 4, "past": {"seeds": 7}}},
    {"facts": {"step": "inf"}},
    {"facts": {"step": "7", "steps": "6"}},
    {"facts": {"steps": "1" * 5000}},
]


@pytest.mark.parametrize("changes", BAD, ids=str)
def test_one_bad_run_hides_no_other(home: Path, changes: dict[str, Any]) -> None:
    good, _bad = kept_run(), kept_run(**changes)
    assert [run.folder for run in checkpoint.unfinished()] == [good]


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"name": Infinity}', '{"name": 1e999}', "a" * (2 << 20), "{"]
)
def test_a_run_that_is_deep_or_endless_hides_no_other(home: Path, text: str) -> None:
    good, bad = kept_run(), kept_run()
    (bad / run_folder.RUN).write_text(text, "utf-8")
    assert [run.folder for run in checkpoint.unfinished()] == [good]


def test_a_run_that_is_a_link_or_no_folder_is_left_alone(home: Path, tmp_path: Path) -> None:
    good, elsewhere = kept_run(), tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / run_folder.RUN).write_text("mine", "utf-8")
    (good.parent / "link").symlink_to(elsewhere)
    (good.parent / "file").touch()
    assert [run.folder for run in checkpoint.unfinished()] == [good]
    assert (elsewhere / run_folder.RUN).read_text("utf-8") == "mine"


def test_a_kept_request_or_photo_that_makes_no_sense_is_an_error_that_the_window_knows(home: Path) -> None:
    photo = Photo(np.zeros((2, 2, 3), np.uint8))
    for request in (
        {"scale": 0, "preset": "balanced", "region": None},
        {"scale": "4", "preset": "balanced", "region": None},
        {"scale": 4, "preset": "balanced", "region": 7},
        {"scale": 4, "preset": "strange", "region": None},
    ):
        with pytest.raises((ValueError, KeyError)):
            checkpoint.request_of(kept_run(request=request), photo)
    folder = kept_run()
    for content in (b"", b"PK\5\6" + bytes(18), b"PK\3\4" + bytes(60)):
        (folder / checkpoint.SOURCE).write_bytes(content)
        with pytest.raises((OSError, ValueError, KeyError)):
            checkpoint.photo_of(folder)
    np.savez_compressed(folder / checkpoint.SOURCE, pixels=np.zeros((3000, 3000, 3), np.uint8))
    with pytest.raises(ValueError, match="larger than its file"):
        checkpoint.photo_of(folder)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"version": -5}', '{"version": 1e999}', '{"a":' * 200 + "1" + "}" * 200]
)
def test_settings_that_are_deep_or_endless_are_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / preferences.FILE).write_text(text, "utf-8")
    if "-5" in text:  # no version, but JSON
        assert preferences.read(tmp_path) == Preferences()
    else:
        with pytest.raises(SettingsError, match="cannot be read"):
            preferences.read(tmp_path)
    assert preferences.load(tmp_path) == Preferences()


def test_a_pipe_in_the_place_of_the_settings_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / preferences.FILE)
    with pytest.raises(SettingsError):
        preferences.read(tmp_path)


def test_one_bad_estimate_hides_no_other(tmp_path: Path) -> None:
    good = {"chain": "a", "device": "cpu", "work": 1.0, "megapixels": 1.0, "seconds": 2.0}
    path = tmp_path / "estimates.json"
    path.write_text(json.dumps([{"work": "much"}, 7, good | {"work": "x"}, good]), "utf-8")
    assert [seen.chain for seen in estimates.Estimates(path)._seen] == ["a"]
    path.write_text("[" * 100_000, "utf-8")
    assert estimates.Estimates(path)._seen == []


def test_a_job_that_was_remembered_badly_is_the_plain_job() -> None:
    for text in ("[" * 100_000, "7", '{"sources": 7}', '{"a": 1e999}'):
        assert BatchJob.from_text(text) == BatchJob()


def test_a_crash_report_and_the_log_are_bounded(home: Path) -> None:
    crashes = CrashReports(paths.log_dir())
    crashes.begin()
    large = ValueError("a" * 5_000_000 + "\n" + "b\n" * 500_000)
    for _ in range(50):
        crashes.note(large)
    logs.record(large)
    assert len(logs.brief(large)) < 400
    sizes = [path.stat().st_size for path in paths.log_dir().iterdir()]
    assert len(sizes) == 2
    assert max(sizes) < 2 * MOST_CHARACTERS
    crashes.end()
