"""The command line takes what the window's settings say, unless it is told otherwise."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from restorer import paths
from restorer.cli import main as cli
from restorer.photo import read_photo
from restorer.pipeline import restore as engine
from restorer.pipeline.request import RestoreRequest
from restorer.preferences import FILE, Format, Metadata, Output, Preferences, read, save

ARTIST, GPS = 315, 34853
SETTLED = Preferences(
    device="cpu",
    tile=320,
    threads=1,
    output=Output(Format.JPEG, quality=40, template="{name} anew", metadata=Metadata.NO_PLACE),
)
Run = Callable[..., int]


def settle(**changes: object) -> None:
    save(paths.settings_dir(), dataclasses.replace(SETTLED, **changes))  # type: ignore[arg-type]


@pytest.fixture
def told(tmp_path: Path, chelsea: np.ndarray) -> Path:
    """A photo that tells who took it and where, as a PNG."""
    exif = Image.Exif()
    exif[ARTIST] = "Emma Vogel"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (48.0, 8.0, 17.0)
    path = tmp_path / "scans" / "told.png"
    path.parent.mkdir()
    Image.fromarray(chelsea[60:240, 120:360]).resize((24, 18)).save(path, exif=exif)
    return path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[RestoreRequest]:
    """The requests that reach the engine, which does its work all the same."""
    requests: list[RestoreRequest] = []
    run = engine.run

    def record(request: RestoreRequest, *rest: object) -> object:
        requests.append(request)
        return run(request, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "run", record)
    return requests


@pytest.fixture
def threads() -> Iterator[Callable[[], int]]:
    """How many threads torch uses; as before after the test."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield torch.get_num_threads
    torch.set_num_threads(before)


@pytest.fixture
def restore(told: Path, tmp_path: Path, tiny_pack: str) -> Run:
    """`restorer restore` of the photo into a folder."""

    def call(*options: str) -> int:
        out = str(tmp_path / "out")
        return cli.main(["restore", str(told), "-o", out, "--model", tiny_pack, "--steps", "1", *options])

    return call


@pytest.fixture
def batch(told: Path, tmp_path: Path, tiny_pack: str) -> Run:
    """`restorer batch` of the photo's folder."""

    def call(*options: str) -> int:
        places = [str(told.parent), str(tmp_path / "out")]
        return cli.main(["batch", *places, "--model", tiny_pack, "--steps", "1", *options])

    return call


def results(tmp_path: Path) -> list[str]:
    return sorted(
        path.name for path in (tmp_path / "out").iterdir() if path.suffix in (".jpg", ".png", ".tif")
    )


def quality(path: Path) -> float:
    """Lower for a better JPEG."""
    with Image.open(path) as image:
        return float(np.mean(image.quantization[0]))


def who_and_where(path: Path) -> tuple[object, bool]:
    with Image.open(path) as image:
        return image.getexif().get(ARTIST), bool(image.getexif().get_ifd(GPS))


def test_a_photo_is_restored_as_the_settings_want_it(
    restore: Run, tmp_path: Path, asked: list[RestoreRequest], threads: Callable[[], int]
) -> None:
    settle()
    assert restore() == 0
    assert results(tmp_path) == ["told_4x.jpg"]
    assert (asked[0].device, asked[0].tile) == ("cpu", 320)
    assert threads() == 1
    coarse = quality(tmp_path / "out" / "told_4x.jpg")
    assert who_and_where(tmp_path / "out" / "told_4x.jpg") == ("Emma Vogel", False)
    assert restore("--quality", "95", "--metadata", "all", "--overwrite") == 0
    assert quality(tmp_path / "out" / "told_4x.jpg") < coarse
    assert who_and_where(tmp_path / "out" / "told_4x.jpg") == ("Emma Vogel", True)


def test_what_is_given_wins(
    restore: Run, tmp_path: Path, asked: list[RestoreRequest], threads: Callable[[], int]
) -> None:
    settle(device="cuda:99")
    assert restore("--device", "cpu", "--tile", "0", "--threads", "2", "--format", "tif") == 0
    assert results(tmp_path) == ["told_4x.tif"]
    assert (asked[0].device, asked[0].tile) == ("cpu", None)
    assert threads() == 2
    assert restore("--device", "cpu", "--format", "same") == 0
    assert results(tmp_path) == ["told_4x.png", "told_4x.tif"]


def test_a_device_of_the_settings_that_is_gone_is_named(
    restore: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    settle(device="cuda:99")
    assert restore() == 2
    assert "cuda:99" in capsys.readouterr().err


def test_the_settings_can_be_left_aside(restore: Run, tmp_path: Path, asked: list[RestoreRequest]) -> None:
    settle(device="cuda:99")
    assert restore("--no-settings") == 0
    assert (asked[0].device, asked[0].tile) == ("auto", None)
    assert results(tmp_path) == ["told_4x.png"]
    assert who_and_where(tmp_path / "out" / "told_4x.png") == ("Emma Vogel", True)


def test_a_file_that_is_named_decides_its_format(told: Path, tmp_path: Path, tiny_pack: str) -> None:
    settle()
    out = tmp_path / "mine.png"
    assert cli.main(["restore", str(told), "-o", str(out), "--model", tiny_pack, "--steps", "1"]) == 0
    with Image.open(out) as image:
        assert image.format == "PNG"


def test_sixteen_bits_of_the_settings_go_where_they_fit(restore: Run, tmp_path: Path) -> None:
    settle(output=Output(sixteen=True))
    assert restore() == 0
    assert read_photo(tmp_path / "out" / "told_4x.png").bits == 16
    assert restore("--format", "jpg") == 0, "no reason to refuse a JPEG"
    assert restore("--bits", "8", "--overwrite") == 0
    assert read_photo(tmp_path / "out" / "told_4x.png").bits == 8
    settle()
    assert restore("--bits", "16", "--overwrite") == 0, "the settings' JPEG gives way to the bits asked for"
    assert read_photo(tmp_path / "out" / "told_4x.png").bits == 16


def test_a_folder_is_restored_as_the_settings_want_it(
    batch: Run, tmp_path: Path, threads: Callable[[], int]
) -> None:
    settle()
    assert batch() == 0
    assert results(tmp_path) == ["told anew.jpg"]
    assert threads() == 1
    coarse = quality(tmp_path / "out" / "told anew.jpg")
    assert batch("--name", "{name}-{scale}", "--quality", "95", "--threads", "2") == 0
    assert quality(tmp_path / "out" / "told-4.jpg") < coarse
    assert batch("--no-settings") == 0
    assert "told_4x.png" in results(tmp_path)


def test_names_that_would_not_do_for_a_folder_are_left_aside(batch: Run, tmp_path: Path) -> None:
    settle(output=Output(Format.TIFF, template="always the same", sixteen=True))
    assert batch() == 0
    assert results(tmp_path) == ["told_4x.tif"]
    assert read_photo(tmp_path / "out" / "told_4x.tif").bits == 16


@pytest.mark.parametrize("text", ["{", "[1]"])
def test_a_damaged_file_costs_one_sentence(
    restore: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    path = paths.settings_dir() / FILE
    path.parent.mkdir(parents=True)
    path.write_text(text)
    assert restore() == 0
    assert capsys.readouterr().err.splitlines() == [
        f"restorer: The settings in {path} cannot be read, so the usual ones are taken; delete the file, or "
        "save the settings again in the window."
    ]
    assert path.read_text() == text, "only the window repairs it"
    assert results(tmp_path) == ["told_4x.png"]
    assert restore("--no-settings", "--overwrite") == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("command", ["restore", "batch"])
def test_the_help_says_so(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main([command, "--help"])
    said = capsys.readouterr().out
    assert "--no-settings" in said
    assert "those of the window's settings" in " ".join(said.split())


def test_nonsense_in_numbers_is_told(restore: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert restore("--threads", "-1") == 2
    assert "-1" in capsys.readouterr().err


def test_reading_touches_nothing(tmp_path: Path) -> None:
    assert read(tmp_path) == Preferences()
    save(tmp_path, SETTLED)
    assert read(tmp_path) == SETTLED
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_no_test_reads_the_settings_of_whoever_runs_it() -> None:
    assert not paths.settings_dir().exists()
    assert not paths.settings_dir().is_relative_to(Path.home() / ".config")
