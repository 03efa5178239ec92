"""The command line, run as a person or another program runs it: real engine, real files, real signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from restorer import __version__, paths
from restorer.cli import main as cli
from restorer.photo import Photo, read_photo, read_provenance, write_photo
from restorer.pipeline import restore as engine
from restorer.pipeline.events import Command, Event, Progress
from restorer.pipeline.request import RestoreRequest
from tests.processes import shell

ROOT = Path(__file__).resolve().parents[2]


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "restorer", *map(str, arguments)]


def call(*arguments: object) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, from the checkout."""
    return subprocess.run(command(*arguments), cwd=ROOT, capture_output=True, text=True, check=False)


def restore(*arguments: object, model: str, steps: int = 1) -> int:
    """A restore command in this process: the same code, without the seconds that torch takes to load."""
    return cli.main(
        ["restore", *map(str, arguments), "--model", model, "--steps", str(steps), "--device", "cpu"]
    )


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def big_photo(folder: Path) -> Path:
    """A photo that takes long enough to be interrupted, cut into many tiles."""
    path = folder / "big.png"
    pixels = np.random.default_rng(0).integers(0, 255, (256, 256, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return path


# -- what a person gets -------------------------------------------------------------------


def test_a_photo_is_restored_by_a_process_of_its_own(
    photo_file: Path, tmp_path: Path, tiny_pack: str
) -> None:
    out = tmp_path / "out"
    result = call("restore", photo_file, "-o", out, "--model", tiny_pack, "--steps", 1, "--device", "cpu")
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith(f"{photo_file} -> {out / 'a photo_4x.png'} (240 x 180 pixels in ")
    assert result.stdout.count("\n") == 1
    assert result.stderr == ""
    restored = read_photo(out / "a photo_4x.png")
    assert restored.size == (240, 180)
    provenance = read_provenance(out / "a photo_4x.png")
    assert provenance["Model"] == tiny_pack


def test_the_result_is_the_engines_for_the_same_request(
    photo_file: Path, tmp_path: Path, tiny_pack: str
) -> None:
    out = tmp_path / "out.png"
    assert restore(photo_file, "-o", out, "--seed", 5, "--fidelity", 0.5, model=tiny_pack, steps=2) == 0
    request = RestoreRequest(
        photo_file, seed=5, fidelity=0.5, steps=2, model=tiny_pack, device="cpu", preview_side=0
    )
    *_, done = engine.run(request)
    assert isinstance(done, engine.Done)
    np.testing.assert_array_equal(read_photo(out).pixels, done.photo.pixels)


def test_json_is_one_object_a_photo_and_nothing_else(
    photo_file: Path, tmp_path: Path, tiny_pack: str, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "missing.jpg"
    out = tmp_path / "out"
    assert restore(photo_file, missing, "-o", out, "--json", "--seed", 9, model=tiny_pack, steps=3) == 1
    good, bad = map(json.loads, capsys.readouterr().out.splitlines())
    assert Path(good["output"]) == out / "a photo_4x.png"
    assert (good["photo"], good["seed"], good["model"]) == (str(photo_file), 9, tiny_pack)
    assert good["evaluations"] >= 3
    assert good["seconds"] > 0
    assert good["megapixels"] == pytest.approx(240 * 180 / 1e6)
    assert 0 <= good["consistency"] < 1
    assert good["device"].startswith("cpu")
    assert bad["photo"] == str(missing)
    assert bad["output"] is None
    assert "missing.jpg" in bad["error"]


def test_a_bad_photo_gets_its_sentence_and_the_rest_go_on(
    photo_file: Path, tmp_path: Path, tiny_pack: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text, empty, folder = tmp_path / "text.jpg", tmp_path / "empty.png", tmp_path / "folder.jpg"
    text.write_text("not a picture")
    empty.write_bytes(b"")
    folder.mkdir()
    out = tmp_path / "out"
    assert restore(text, empty, folder, photo_file, "-o", out, model=tiny_pack) == 1
    captured = capsys.readouterr()
    assert files_in(out) == ["a photo_4x.png"]
    *sentences, summary = captured.err.splitlines()
    for name, sentence in zip(("text.jpg", "empty.png", "folder.jpg"), sentences, strict=True):
        assert name in sentence
        assert sentence.endswith(".")
    assert summary == "1 of 4 photos were written."
    assert "Traceback" not in captured.err


def test_nothing_is_made_when_no_photo_can_be_read(tmp_path: Path, tiny_pack: str) -> None:
    bad = tmp_path / "text.jpg"
    bad.write_text("not a picture")
    assert restore(bad, "-o", tmp_path / "new" / "out", model=tiny_pack) == 1
    assert not (tmp_path / "new").exists()


def test_a_result_that_exists_stays_unless_asked(photo_file: Path, tmp_path: Path, tiny_pack: str) -> None:
    out = tmp_path / "out.png"
    out.write_text("precious")
    assert restore(photo_file, "-o", out, model=tiny_pack) == 1
    assert out.read_text() == "precious"
    assert restore(photo_file, "-o", out, "--overwrite", model=tiny_pack) == 0
    assert read_photo(out).size == (240, 180)


def test_an_original_is_never_replaced(photo_file: Path, tiny_pack: str) -> None:
    before = photo_file.read_bytes()
    assert restore(photo_file, "-o", photo_file, "--overwrite", model=tiny_pack) == 1
    assert photo_file.read_bytes() == before


def test_sixteen_bits_and_another_format_are_written_on_request(
    photo_file: Path, tmp_path: Path, tiny_pack: str
) -> None:
    assert restore(photo_file, "-o", tmp_path / "out", "--format", "tif", "--bits", 16, model=tiny_pack) == 0
    restored = read_photo(tmp_path / "out" / "a photo_4x.tif")
    assert restored.bits == 16
    assert (restored.pixels % 257 != 0).any(), "8 bits spread over 16 are not 16 bits"


def test_of_several_pages_the_first_is_restored_and_that_is_said(
    tmp_path: Path, tiny_pack: str, capsys: pytest.CaptureFixture[str]
) -> None:
    scan, page = tmp_path / "letter.tif", Image.new("RGB", (16, 12), "grey")
    page.save(scan, save_all=True, append_images=[page])
    assert restore(scan, "-o", tmp_path / "letter.png", model=tiny_pack) == 0
    assert "letter.tif has 2 pages" in capsys.readouterr().err


def test_a_name_that_the_terminal_cannot_print_is_no_obstacle(
    photo_file: Path, tmp_path: Path, tiny_pack: str
) -> None:
    odd = tmp_path / "b\udcff\n写真.png"
    try:
        photo_file.rename(odd)
    except (OSError, UnicodeError):
        pytest.skip("this file system takes no such name")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii:strict", "PYTHONUTF8": "0"}
    arguments = (
        "restore",
        odd,
        "-o",
        tmp_path / "out",
        "--model",
        tiny_pack,
        "--steps",
        1,
        "--device",
        "cpu",
    )
    result = subprocess.run(
        [os.fsencode(part) for part in command(*arguments)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert len(files_in(tmp_path / "out")) == 1


# -- what is found before the work -----------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--fidelity", "2"], "Fidelity must be between 0 and 1, not 2.0."),
        (["--fidelity", "nan"], "Fidelity must be between 0 and 1"),
        (["--steps", "0"], "The number of steps must be between 1 and 1000, not 0."),
        (["--seed", "-1"], "The seed must be a whole number"),
        (["--tile", "5"], "A piece must be at least 64 pixels wide, not 5."),
        (["--quality", "101"], "The quality must be between 1 and 100, not 101."),
        (["--scale", "0"], "The scale must be at least 1, not 0."),
        (["--scale", "5"], "5"),
        (["--device", "toaster"], "This machine has no device 'toaster'"),
        (["--format", "jpg", "--bits", "16"], "cannot hold 16 bits"),
    ],
)
def test_a_wrong_request_is_one_sentence_for_all_photos(
    photo_file: Path, tmp_path: Path, tiny_pack: str, capsys: pytest.CaptureFixture[str],
    options: list[str], sentence: str,
) -> None:  # fmt: skip
    out = tmp_path / "out"
    assert (
        cli.main(["restore", str(photo_file), "b.png", "-o", str(out), "--model", tiny_pack, *options]) == 2
    )
    captured = capsys.readouterr()
    assert captured.err.startswith("restorer: ")
    assert sentence in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""
    assert not out.exists()


def test_an_unknown_or_damaged_pack_is_told_once(
    photo_file: Path, tmp_path: Path, tiny_pack: str, capsys: pytest.CaptureFixture[str]
) -> None:
    photos = [photo_file, photo_file.with_name("b.png")]
    photos[1].write_bytes(photo_file.read_bytes())
    assert restore(*photos, "-o", tmp_path / "out", model="nonesuch") == 1
    assert "nonesuch" in capsys.readouterr().err
    weights = paths.packs_dir() / tiny_pack / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
    assert restore(*photos, "-o", tmp_path / "out", model=tiny_pack) == 1
    error = capsys.readouterr().err
    assert error.count("SHA-256") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("suffix", "most"), [(".webp", 16383), (".jpg", 65500)])
def test_the_largest_side_of_a_format_can_be_written_and_one_more_cannot(
    tmp_path: Path, suffix: str, most: int
) -> None:
    for side, fits in ((most, True), (most + 1, False)):
        photo = Photo(np.zeros((1, side, 1), np.uint8), None, None, None, None, None, None)
        try:
            write_photo(photo, tmp_path / f"a{suffix}", quality=10)
        except cli.RestorerError:
            assert not fits
        else:
            assert fits


def test_a_photo_too_large_for_its_format_is_refused_before_the_run(
    tmp_path: Path, tiny_pack: str, capsys: pytest.CaptureFixture[str]
) -> None:
    wide = tmp_path / "wide.webp"
    Image.new("L", (4100, 1)).save(wide)
    assert restore(wide, "-o", tmp_path / "out", model=tiny_pack) == 1
    error = capsys.readouterr().err
    assert "wide_4x.webp" in error
    assert "at most 16,383 pixels a side, and this photo would have 16,400" in error
    assert not (tmp_path / "out").exists()


# -- interruptions and surprises -------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C is sent in another way on Windows")
def test_ctrl_c_is_a_sentence_and_leaves_nothing_half_written(
    photo_file: Path, tmp_path: Path, tiny_pack: str
) -> None:
    small, out = tmp_path / "small.png", tmp_path / "out"
    Image.open(photo_file).resize((8, 8)).save(small)
    options = ("--model", tiny_pack, "--device", "cpu", "--steps", 100, "--tile", 64)
    with shell(["restore", small, big_photo(tmp_path), "-o", out, *options]) as process:
        assert "small.png" in process.stdout.readline()  # the first is done, so the second is under way
        process.send_signal(signal.SIGINT)
        _, error = process.communicate()
    assert process.returncode == 130
    assert error == "Stopped; 1 of 2 photos were finished, and nothing is half-written.\n"
    assert files_in(out) == ["small_4x.png"]


def test_strength_and_grain_are_finished_and_told(photo_file: Path, tmp_path: Path, tiny_pack: str) -> None:
    pictures = {}
    for strength in ("1", "0"):
        out = tmp_path / f"{strength}.png"
        assert restore(photo_file, "-o", out, "--strength", strength, "--grain", "0", model=tiny_pack) == 0
        pictures[strength] = read_photo(out).pixels.astype(int)
    told = read_provenance(tmp_path / "0.png")
    assert (told["Strength"], told["Grain"]) == ("0.0", "0.0")
    assert "Strength" not in read_provenance(tmp_path / "1.png")
    plain = Image.open(photo_file).convert("RGB").resize((240, 180), Image.Resampling.BICUBIC)
    assert np.abs(pictures["0"] - np.asarray(plain, int)).max() <= 1
    assert np.abs(pictures["1"] - pictures["0"]).mean() > 1
    assert restore(photo_file, "-o", tmp_path / "no.png", "--grain", "2", model=tiny_pack) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_ctrl_backslash_keeps_the_picture_and_says_how_much_of_it_is_restored(
    photo_file: Path,
    tmp_path: Path,
    tiny_pack: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """At the third of many tiles; the next photo is restored to its end."""
    run, photos = engine.run, [big_photo(tmp_path), photo_file]

    def quitting(request: RestoreRequest, networks: object = None) -> Generator[Event, Command | None, None]:
        events = run(request, networks)  # type: ignore[arg-type]
        event = next(events)
        while True:
            if isinstance(event, Progress) and event.tiles > 12 and event.tile == 3:
                os.kill(os.getpid(), signal.SIGQUIT)
            answer = yield event
            try:
                event = events.send(answer)
            except StopIteration:
                return

    monkeypatch.setattr(engine, "run", quitting)
    assert restore(*photos, "-o", tmp_path / "out", "--tile", 64, "--json", model=tiny_pack) == 0
    captured = capsys.readouterr()
    first, second = map(json.loads, captured.out.splitlines())
    assert 0 < first["restored"] < 0.05
    assert second["restored"] == 1.0
    share = f"{first['restored']:.0%}"
    assert f"big.png was kept before it was finished: {share} of the picture is restored" in captured.err
    told = read_provenance(Path(first["output"]))
    assert float(told["RestoredShare"]) == first["restored"]
    assert told["Stopped"] == "step 1 of 1"


def test_a_surprise_goes_to_the_log_and_the_rest_go_on(
    photo_file: Path, tmp_path: Path, tiny_pack: str,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    second = photo_file.with_name("b.png")
    second.write_bytes(photo_file.read_bytes())
    real = engine.run

    def run(request: RestoreRequest, networks: object = None) -> object:
        assert isinstance(request.source, Photo)
        if request.source.path == photo_file:
            raise ZeroDivisionError("a fault of ours")
        return real(request, networks)

    monkeypatch.setattr(engine, "run", run)
    assert restore(photo_file, second, "-o", tmp_path / "out", model=tiny_pack) == 1
    error = capsys.readouterr().err
    log = paths.log_dir() / "restorer.log"
    assert f"{photo_file} could not be restored: ZeroDivisionError: a fault of ours. " in error
    assert str(log) in error
    assert "Traceback" not in error
    assert 'raise ZeroDivisionError("a fault of ours")' in log.read_text("utf-8")
    assert files_in(tmp_path / "out") == ["b_4x.png"]


def test_a_reader_that_goes_away_is_no_traceback(photo_file: Path, tmp_path: Path, tiny_pack: str) -> None:
    options = ("--model", tiny_pack, "--steps", 1, "--device", "cpu")
    process = subprocess.Popen(
        command("restore", photo_file, "-o", tmp_path / "out", *options),
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait() == 1
    process.stderr.close()


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are not on Windows")
def test_a_terminal_gets_a_bar_that_grows(photo_file: Path, tmp_path: Path, tiny_pack: str) -> None:
    master, slave = os.openpty()
    options = ("--model", tiny_pack, "--steps", 4, "--device", "cpu")
    with shell(["restore", photo_file, "-o", tmp_path / "out", *options], terminal=slave) as process:
        os.close(slave)
        seen = read_all(master)
        assert "a photo_4x.png" in process.communicate()[0]
    assert process.returncode == 0
    bars = [row.count("█") for row in seen.split("\r") if " % " in row]
    assert len(bars) >= 4
    assert bars == sorted(bars)
    assert bars[0] < bars[-1] == 24
    assert "100 %" in seen
    assert seen.split("\r")[-2].strip() == "", "the bar is taken away at the end"


def read_all(master: int) -> str:
    """What was written to a pseudo-terminal until its other end was closed."""
    parts = []
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # how Linux tells that nobody holds the other end
            part = b""
        if not part:
            os.close(master)
            return b"".join(parts).decode()
        parts.append(part)


# -- the rest of the commands -------------------------------------------------------------


def test_help_is_instant_and_loads_nothing_heavy() -> None:
    def spent() -> float:
        """Seconds of the processor that finished child processes took: other programs do not count."""
        times = os.times()
        return times.children_user + times.children_system

    fastest = float("inf")
    for _ in range(3):
        start = spent()
        result = call("--help")
        fastest = min(fastest, spent() - start)
        assert result.returncode == 0
    for word in ("restore", "models", "train", "evaluate"):
        assert word in result.stdout
    # 0.2 s on a quiet machine; torch alone would take seconds.
    assert fastest < 1.0


def test_version_and_models_are_told(tiny_pack: str) -> None:
    assert call("--version").stdout == f"Restorer {__version__}\n"
    row = next(line for line in call("models", "list").stdout.splitlines() if line.startswith(tiny_pack))
    folder = str(paths.packs_dir() / tiny_pack)
    assert row.split("\t")[1:] == ["4x", folder, "Enlarges photos 4x. Installed by you."]


@pytest.mark.parametrize("words", [("train", "queue"), ("evaluate", "sr")])
def test_other_commands_come_from_their_own_modules(words: Sequence[str]) -> None:
    result = call(*words, "--help")
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith(f"usage: restorer {' '.join(words)}")


@pytest.mark.parametrize(
    "arguments", [[], ["restore"], ["restore", "a.jpg"], ["dance"], ["restore", "-o", "x"]]
)
def test_arguments_that_make_no_sense_are_told_with_exit_code_2(arguments: list[str]) -> None:
    result = call(*arguments)
    assert result.returncode == 2
    assert result.stderr.startswith("usage: restorer")
