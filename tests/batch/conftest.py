"""A folder of small scans, and a batch run in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from restorer.batch.find_photos import Found, find
from restorer.batch.recipe import Existing, JobRecipe
from restorer.pipeline.request import RestoreRequest


def save_scan(path: Path, seed: int = 0, size: tuple[int, int] = (24, 20)) -> Path:
    """A small photo of its own, in the format of its suffix."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """Six scans in two folders."""
    folder = tmp_path / "scans"
    for index, name in enumerate(["a.png", "b.jpg", "c.tif", "shelf/d.png", "shelf/e.webp", "shelf/f.jpg"]):
        save_scan(folder / name, index)
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "results"


@pytest.fixture
def recipe(tiny_pack: str) -> Callable[..., JobRecipe]:
    """A recipe for the tiny model; keywords are the recipe's own, `steps` and `seed` the request's."""

    def make(
        steps: int = 1, seed: int = 0, existing: Existing = Existing.SKIP, **values: object
    ) -> JobRecipe:
        request = RestoreRequest(
            Path(), steps=steps, seed=seed, model=tiny_pack, device="cpu", preview_side=0
        )
        return JobRecipe(request, existing=existing, **values).with_models()  # type: ignore[arg-type]

    return make


def found_in(*roots: Path, leave_out: Path | None = None) -> list[Found]:
    """What can be read in folders."""
    return [one for one in find(roots, leave_out=leave_out) if isinstance(one, Found)]


@pytest.fixture
def batch(tiny_pack: str) -> Callable[..., int]:
    """`restorer batch` with the tiny model, in this process: the exit code."""
    from restorer.cli import main as cli

    def call(*arguments: object, steps: int = 1) -> int:
        words = [str(argument) for argument in arguments]
        return cli.main(["batch", *words, "--model", tiny_pack, "--steps", str(steps), "--device", "cpu"])

    return call
