"""Fixtures for all tests: a tiny model pack in a data folder of its own, and real photographs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.tiny_packs import write_pack

HERE = Path(__file__).resolve().parent
TINY = "tiny-4x"
RESEARCH = ("training", "evaluation")
os.environ["RESTORER_PRECISION"] = "float32"  # here and in every process that a test starts


def make_tiny_pack(
    folder: Path,
    name: str = TINY,
    scales: tuple[int, ...] = (4,),
    told: bool = False,
    chain_s: float = 0.0,
    kind: str = "photo-sr",
) -> Path:
    """A real photo pack with a tiny network; returns its folder."""
    from restorer.diffusion.nn.unet import UNetConfig

    config = UNetConfig(
        block=4, channels=(8, 12), blocks_down=1, blocks_up=2, embedding=16, told=2 if told else 0
    )
    presets = {
        "draft": {"steps": 2, "sigma_max": 1.0, "sigma_min": 0.1},
        "balanced": {"steps": 6, "sigma_max": 1.0},
        "best": {"steps": 12, "sigma_max": 2.0},
    }
    facts = {
        "kind": kind,
        "scale": 1 if kind == "photo-repair" else 4,
        "scales": list(scales),
        "chain_s": chain_s,
        "passes": 2,
        "sigma_data": 0.12,
        "margin": 32,
        "presets": presets,
    }
    return write_pack(folder / name, config, facts)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what tests training and evaluation, see `make test-research`."""
    for item in items:
        if item.path.is_relative_to(HERE) and item.path.relative_to(HERE).parts[0] in RESEARCH:
            item.add_marker(pytest.mark.research)


@pytest.fixture(scope="session", autouse=True)
def _nobodys_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Empty folders for settings, model packs and what is kept: no test, nor a process that it starts, reads
    a person's own or writes into them."""
    patch = pytest.MonkeyPatch()
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        patch.setenv(f"XDG_{name}_HOME", str(tmp_path_factory.mktemp(name.lower())))
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _number_of_threads() -> Iterator[None]:
    """What an earlier test took for torch's own number of threads is not a later test's."""
    yield
    if (threads := sys.modules.get("restorer.threads")) is not None:
        threads._own = None  # type: ignore[attr-defined]


@pytest.fixture
def kept_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs keep each tile when it is finished: a tiny one is over within the second in which none is."""
    from restorer.pipeline.resume import pace

    monkeypatch.setattr(pace, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(pace, "SHARE", 1e9)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's folder for packs, empty, which this test and its children see."""
    from restorer import paths

    for variable, name in (
        ("XDG_DATA_HOME", "data"),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_CACHE_HOME", "cache"),
    ):
        monkeypatch.setenv(variable, str(tmp_path / "home" / name))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home" / "state"))
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "home" / "everybody"))  # what a package installed here
    return paths.packs_dir()


@pytest.fixture
def tiny_pack(home: Path) -> str:
    """Name of a tiny random 4x pack, installed in a data folder that this test and its children see."""
    make_tiny_pack(home)
    return TINY


@pytest.fixture
def chain_pack(tiny_pack: str) -> str:
    """Name of a tiny pack that knows 2x and 4x, so that 8x is a chain of two stages."""
    from restorer import paths

    return make_tiny_pack(paths.packs_dir(), "tiny-chain", scales=(2, 4), chain_s=0.05).name


@pytest.fixture(scope="session")
def chelsea() -> np.ndarray:
    """A real photograph, (300, 451, 3) uint8: scikit-image's cat."""
    from skimage import data

    return np.asarray(data.chelsea())


@pytest.fixture
def photo_file(tmp_path: Path, chelsea: np.ndarray) -> Path:
    """A small real photo on disk, 60 x 45 pixels, PNG."""
    path = tmp_path / "a photo.png"
    Image.fromarray(chelsea[60:240, 120:360]).resize((60, 45), Image.Resampling.BICUBIC).save(path)
    return path
