"""The search of a chain's augmentation level: it moves what it says it moves, and nothing for one stage."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from restorer.cli import main as cli
from restorer.errors import RequestError
from restorer.evaluation.chain import ChainLine, search, table
from restorer.evaluation.data import cases
from restorer.pipeline.plan import plan_restore
from restorer.pipeline.request import RestoreRequest
from tests.conftest import make_tiny_pack
from tests.evaluation.test_damage import ByPixels


@pytest.fixture
def folder(tmp_path: Path, chelsea: np.ndarray) -> Path:
    (tmp_path / "cats").mkdir()
    Image.fromarray(chelsea[:256, :256]).save(tmp_path / "cats" / "cat.png")
    return tmp_path


@pytest.fixture
def model(home: Path) -> str:
    return make_tiny_pack(home, "tiny-all", scales=(1, 2, 4), told=True, chain_s=0.05).name


def test_the_level_reaches_the_later_stages_alone(model: str) -> None:
    asked = plan_restore(RestoreRequest(Path(), 16, model=model, chain_s=0.2, fidelity=0.8))
    assert [stage.s for stage in asked.stages] == [0.0, 0.2]
    own = plan_restore(RestoreRequest(Path(), 16, model=model, fidelity=0.8))
    assert [stage.s for stage in own.stages] == [0.0, 0.05]


def test_a_level_changes_the_picture(model: str, folder: Path) -> None:
    found = list(cases(folder, ["cats"], 8))
    request = RestoreRequest(
        Path(), 8, model=model, device="cpu", preview_side=0, fidelity=0.8, steps=1, chain_s=0.0
    )
    none = search(found, request, ByPixels())  # type: ignore[arg-type]
    much = search(found, RestoreRequest(**{**vars(request), "chain_s": 0.2}), ByPixels())  # type: ignore[arg-type]
    assert (none.s, much.s) == (0.0, 0.2)
    assert none.lpips != much.lpips
    assert 5 < none.psnr < 60


def test_one_stage_has_nothing_to_search(
    model: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [
        "evaluate",
        "chain",
        "--data",
        str(folder),
        "--sets",
        "cats",
        "--scale",
        "4",
        "--model",
        model,
    ]
    assert cli.main([*arguments, "--metrics", str(folder)]) != 0
    assert "4x is made in one stage; choose --scale 8 or 16." in capsys.readouterr().err


def test_the_best_is_marked() -> None:
    lines = [ChainLine(0.0, 25.0, 0.7, 0.31), ChainLine(0.05, 24.9, 0.69, 0.29)]
    assert table(lines).splitlines()[2:] == [
        "| 0 | 25.00 | 0.7000 | 0.3100 |",
        "| 0.05 | 24.90 | 0.6900 | **0.2900** |",
    ]


def test_pictures_without_originals_are_a_sentence() -> None:
    with pytest.raises(RequestError, match="a picture to compare with"):
        search([], RestoreRequest(Path(), 8, chain_s=0.0), ByPixels())  # type: ignore[arg-type]
