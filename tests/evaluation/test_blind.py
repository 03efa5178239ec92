"""The page for blind looking: the same parts of both results, sides by chance, names only at the end."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

from restorer.evaluation.data import Case
from restorer.evaluation.methods import MethodOutput

TOOL = Path(__file__).resolve().parents[2] / "tools" / "blind.py"


class Flat:
    """A method whose every result is one grey."""

    def __init__(self, name: str, grey: int) -> None:
        self.name, self.grey = name, grey

    def warm_up(self) -> None: ...

    def restore(self, case: Case, *, fresh: bool) -> MethodOutput:
        height, width = case.low.shape[:2]
        return MethodOutput(np.full((4 * height, 4 * width, 3), self.grey, np.uint8), 0.0, False, {})


@pytest.fixture
def blind() -> ModuleType:
    spec = importlib.util.spec_from_file_location("blind", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_parts_lie_apart_where_there_is_most_detail(blind: ModuleType) -> None:
    low = np.zeros((100, 200, 3), np.uint8)
    low[:, 150:] = np.random.default_rng(0).integers(0, 256, (100, 50, 3))
    first, second = blind.crops(100, 200, 50, low, 2)
    assert first[0] >= 125
    assert first[1] >= second[3] or second[1] >= first[3] or first[0] >= second[2] or second[0] >= first[2]
    assert blind.crops(30, 20, 50, low[:30, :20], 3) == [(0, 0, 20, 30)]


def test_a_choice_is_counted_for_who_made_it(
    blind: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abcdefgh":
        Image.fromarray(np.random.default_rng(1).integers(0, 256, (40, 40, 3), np.uint8)).save(
            tmp_path / f"{name}.png"
        )
    monkeypatch.setattr(blind, "build", lambda *_args, **_options: [Flat("ours", 10), Flat("<peer>", 200)])
    text = blind.page(tmp_path, "balanced", "realesrgan-x4plus", 4, 30, 1, 0, None)
    found = re.search(r"const cases = (\[.*\]), names = (\[.*\]), chosen", text)
    assert found is not None
    cases, names = json.loads(found[1]), json.loads(found[2])
    assert names == ["ours", "<peer>"]
    assert len(cases) == 8
    # Each side of each pair is the picture of the one it is counted for, and sides change.
    urls = {who: {case["pair"][case["who"].index(who)] for case in cases} for who in (0, 1)}
    assert len(urls[0]) == len(urls[1]) == 1
    assert urls[0] != urls[1]
    assert len({tuple(case["who"]) for case in cases}) == 2
