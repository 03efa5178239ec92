"""`restorer generate`: files, their names and provenance, and a sentence for everything that cannot be."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from restorer.cli.main import main
from restorer.photo import read_provenance
from restorer.pipeline import generate as generating
from restorer.pipeline.events import Event
from restorer.pipeline.generate import generate
from restorer.pipeline.request import GenerateRequest
from tests.tiny_packs import BASE, NAMES, write_cascade

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def cascade(home: Path) -> str:
    write_cascade(home)
    return BASE


def generated(*arguments: object) -> int:
    return main(["generate", "--model", BASE, "--device", "cpu", *map(str, arguments)])


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def test_pictures_lie_in_the_folder_named_after_class_and_seed(
    cascade: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new" / "pictures"
    assert generated("--class", "FOUNT", "--count", 3, "--seed", 5, "--size", 64, "-o", folder) == 0
    files = sorted(path.name for path in folder.iterdir())
    assert files == ["fountain_5.png", "fountain_6.png", "fountain_7.png"]
    facts = read_provenance(folder / "fountain_6.png")
    assert (facts["Class"], facts["Seed"], facts["Model"]) == ("fountain", "6", "tiny-base + tiny-up")
    assert len(capsys.readouterr().out.splitlines()) == 3
    request = GenerateRequest(label=1, base=BASE, size=64, seed=6, device="cpu", previews=False)
    (alone,) = list(generate(request))[-1].photos
    difference = np.abs(pixels(folder / "fountain_6.png").astype(int) - alone.pixels)
    assert difference.max() <= 2, "a seed's picture is the same in any company"


def test_the_contact_sheet_holds_every_picture_in_order(
    cascade: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = ["--class", 0, "--count", 5, "--size", 32, "-o", tmp_path / "out"]
    assert generated(*wanted, "--contact-sheet", "--json") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["seed"] for line in lines] == [0, 1, 2, 3, 4, "0 to 4"]
    sheet = pixels(Path(lines[-1]["output"]))
    assert sheet.shape == (2 * 36 - 4, 3 * 36 - 4, 3), "two rows of three"
    for number, line in enumerate(lines[:-1]):
        top, left = number // 3 * 36, number % 3 * 36
        assert np.array_equal(sheet[top : top + 32, left : left + 32], pixels(Path(line["output"])))


def test_classes_are_listed_and_searched(cascade: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert generated("--list") == 0
    assert capsys.readouterr().out.splitlines() == [f"{n}\t{name}" for n, name in enumerate(NAMES)]
    assert generated("--list", "mill") == 0
    assert capsys.readouterr().out == "2\twindmill\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--class", "dragon"], "There is no class 'dragon'"),
        (["--class", "t"], "'t' could be"),
        ([], "--list prints all of them"),
        (["--class", "0", "--count", "0"], "between 1 and 64, not 0"),
        (["--class", "0", "--count", "10000"], "between 1 and 64, not 10000"),
        (["--class", "0", "--size", "100"], "32, 64, 128"),
        (["--class", "0", "--steps", "0"], "between 1 and 1000"),
        (["--class", "0", "--seed", "-1"], "seed"),
        (["--list", "zebra"], "has 'zebra' in its name"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    cascade: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    sentence: str,
) -> None:
    assert generated("-o", tmp_path / "out", *arguments) == 2
    told = capsys.readouterr()
    assert sentence in told.err
    assert told.err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_without_a_folder_nothing_is_made(cascade: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert generated("--class", "0") == 2
    assert "-o FOLDER" in capsys.readouterr().err


def test_a_model_that_makes_no_pictures_is_named(
    cascade: str, tiny_pack: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["generate", "--model", tiny_pack, "--class", "0", "-o", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert tiny_pack in error
    assert BASE in error


def test_a_model_without_classes_takes_none(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_cascade(home, names=())
    assert generated("--class", "church", "-o", tmp_path / "out") == 2
    assert f"The model {BASE} knows no classes; leave --class out." in capsys.readouterr().err
    assert generated("--list") == 2
    assert "knows no classes" in capsys.readouterr().err
    assert generated("--size", "32", "-o", tmp_path / "out") == 0
    assert (tmp_path / "out" / "picture_0.png").exists()


def test_no_file_is_replaced_unasked(
    cascade: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    precious = tmp_path / "cottage_1.png"
    precious.write_bytes(b"precious")
    arguments = ["--class", "cottage", "--count", 2, "--size", 32, "-o", tmp_path]
    assert generated(*arguments) == 1
    assert "cottage_1.png exists already" in capsys.readouterr().err
    assert precious.read_bytes() == b"precious"
    assert [path.name for path in tmp_path.glob("*.png")] == ["cottage_1.png"]
    assert generated(*arguments, "--overwrite") == 0
    assert pixels(precious).shape == (32, 32, 3)


def test_ctrl_c_ends_it_between_two_evaluations_and_writes_nothing(
    cascade: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pulled: list[Event] = []

    def interrupted(request: GenerateRequest) -> Iterator[Event]:
        for event in generate(request):
            pulled.append(event)
            if len(pulled) == 5:
                signal.raise_signal(signal.SIGINT)
            yield event

    monkeypatch.setattr(generating, "generate", interrupted)
    assert generated("--class", 0, "--count", 4, "--steps", 500, "-o", tmp_path / "out") == 130
    assert capsys.readouterr().err == "Stopped; nothing was written.\n"
    assert len(pulled) == 5
    assert not (tmp_path / "out").exists()


def test_help_needs_no_torch() -> None:
    code = "import sys; from restorer.cli import main as cli\n"
    code += "try: cli.main(['generate', '--help'])\nexcept SystemExit: pass\n"
    code += "assert 'torch' not in sys.modules; assert 'cv2' not in sys.modules"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=False)
    assert run.returncode == 0, run.stderr.decode()
