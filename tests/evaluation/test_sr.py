"""The command as a person runs it, on pictures that scikit-image ships."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

from restorer.errors import RequestError
from restorer.evaluation import sr
from restorer.evaluation.data import read_picture, reduce
from restorer.evaluation.methods import Ours, build
from restorer.photo import Photo
from restorer.pipeline import restore
from restorer.pipeline.events import Done
from restorer.pipeline.request import Preset, RestoreRequest


@pytest.fixture(autouse=True)
def threads() -> Iterator[None]:
    """The command sets torch's threads for the whole process; other tests keep theirs."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def arguments(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    sr.add_arguments(parser)
    return parser.parse_args(words)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Cats").mkdir()
    Image.fromarray(data.chelsea()[50:178, 100:260]).save(tmp_path / "Cats" / "cat.png")
    Image.fromarray(data.coffee()[50:178, 100:260]).save(tmp_path / "Cats" / "cup.png")
    return tmp_path


def test_a_run_prints_its_table_and_leaves_its_files(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = folder / "out"
    args = arguments(
        "--data", str(folder), "--sets", "Cats", "--methods", "original", "bicubic", "--threads", "1",
        "--out", str(out), "--pictures",
    )  # fmt: skip
    args.metrics = None
    assert sr.main(args) == 0
    printed = capsys.readouterr()
    assert printed.out == (out / "table.md").read_text(encoding="utf-8")
    assert "| bicubic " in printed.out
    assert str(folder) not in printed.out
    assert "LPIPS and NIQE are left out" in printed.err
    assert "Cats/cup: bicubic: PSNR" in printed.err
    stored = json.loads((out / "results.json").read_text(encoding="utf-8"))["pictures"]
    assert [(entry["picture"], entry["method"]) for entry in stored] == [
        ("cat", "original"), ("cat", "bicubic"), ("cup", "original"), ("cup", "bicubic"),
    ]  # fmt: skip
    assert stored[0]["psnr"] is None
    assert 20 < stored[1]["psnr"] < 40
    assert (out / "sheet-Cats-cat.png").exists()
    with Image.open(out / "pictures" / "Cats" / "cup bicubic.png") as picture:
        assert picture.size == (160, 128)


def test_inputs_without_originals_have_the_figures_that_need_none(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    args = arguments(
        "--data", str(folder), "--sets", "Cats", "--blind", "Cats", "--methods", "original", "bicubic"
    )
    args.metrics = None
    assert sr.main(args) == 0
    table = capsys.readouterr().out
    assert "consistency" in table.splitlines()[2]
    assert "PSNR-Y" not in table.splitlines()[2]
    assert "| original" not in table


def test_rows_come_from_methods_ours_steps_and_peers() -> None:
    def names(*words: str) -> list[str]:
        return sr._names(arguments("--data", ".", *words))

    assert names() == ["bicubic", "balanced"]
    assert names("--ours", "draft", "best") == ["bicubic", "draft", "best"]
    assert names("--steps", "1", "8") == ["bicubic", "steps-1", "steps-8"]
    assert names("--peers") == ["bicubic", "balanced", "realesrgan-x4plus", "realsr-df2k", "span-kendata"]
    assert names("--methods", "best", "--peers", "span-kendata") == ["best", "span-kendata"]


def test_every_setting_becomes_the_request_it_names() -> None:
    request = RestoreRequest(source=Path(), model="pack", device="cpu", preview_side=0)
    methods = build(["best", "steps-3"], request, seeds=[0, 7], fidelities=[0.5])
    ours = [method for method in methods if isinstance(method, Ours)]
    assert [method.name for method in ours] == [
        "restorer best, fidelity 0.5, seed 0", "restorer best, fidelity 0.5, seed 7",
        "restorer steps-3, fidelity 0.5, seed 0", "restorer steps-3, fidelity 0.5, seed 7",
    ]  # fmt: skip
    assert [(m.request.preset, m.request.steps, m.request.seed) for m in ours] == [
        (Preset.BEST, None, 0), (Preset.BEST, None, 7), (Preset.BALANCED, 3, 0), (Preset.BALANCED, 3, 7),
    ]  # fmt: skip
    assert {(m.request.model, m.request.fidelity, m.request.device) for m in ours} == {("pack", 0.5, "cpu")}


def test_ours_is_what_the_engine_makes_for_the_same_request(
    folder: Path, tiny_pack: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = folder / "out"
    args = arguments(
        "--data", str(folder), "--sets", "Cats", "--limit", "1", "--ours", "draft", "--seed", "0", "3",
        "--device", "cpu", "--threads", "1", "--model", tiny_pack, "--out", str(out), "--pictures",
    )  # fmt: skip
    args.metrics = None
    assert sr.main(args) == 0
    assert f"Model: {tiny_pack}." in capsys.readouterr().out
    rows = json.loads((out / "results.json").read_text(encoding="utf-8"))["pictures"]
    ours = [row for row in rows if row["method"] != "bicubic"]
    assert [row["facts"]["seed"] for row in ours] == [0, 3]
    assert all(row["facts"]["evaluations"] == 2 and row["seconds"] > 0 for row in ours)
    low = reduce(read_picture(folder / "Cats" / "cat.png"), 4)
    photo = Photo(pixels=low, alpha=None, icc=None, exif=None, xmp=None, dpi=None, path=None)
    request = RestoreRequest(photo, preset=Preset.DRAFT, fidelity=0.8, seed=3, device="cpu", model=tiny_pack)
    done = list(restore.run(request))[-1]
    assert isinstance(done, Done)
    written = read_picture(out / "pictures" / "Cats" / "cat restorer draft, seed 3.png")
    assert np.array_equal(written, done.photo.pixels)
    # two definitions of one figure: on the engine's floats before rounding, and on the picture as saved
    assert ours[1]["consistency"] == pytest.approx(done.consistency, rel=0.05)


def test_unknown_methods_and_senseless_numbers_are_refused() -> None:
    with pytest.raises(RequestError, match="no method called lanczos; known are original, bicubic, draft"):
        build(["lanczos"], RestoreRequest(source=Path()))
    with pytest.raises(RequestError, match="at least 1"):
        sr.main(arguments("--data", ".", "--limit", "0"))
