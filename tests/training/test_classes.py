"""Stages of a class cascade: what they are shown, and from a run to a picture of a class."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from restorer import paths
from restorer.diffusion.nn.unet import UNetConfig
from restorer.errors import RequestError
from restorer.packs import catalog
from restorer.pipeline.events import Generated
from restorer.pipeline.generate import generate
from restorer.pipeline.request import GenerateRequest
from restorer.training import loop
from restorer.training.classes import CascadeTrainer, labels_of
from restorer.training.data import Pictures
from restorer.training.export import export
from restorer.training.recipe import Cascading, Recipe, read_queue
from restorer.training.run import Compute

SHAPE = {"channels": (8, 12), "blocks_down": 1, "blocks_up": 2, "embedding": 16}
QUEUE = Path(__file__).parents[2] / "models" / "training.toml"


@pytest.fixture
def pictures() -> Pictures:
    """Two classes that one glance tells apart: bright red pictures and dark blue ones."""
    generator = torch.Generator().manual_seed(0)
    pixels, names = [], []
    for number in range(40):
        colour = torch.tensor([230.0, 40, 30] if number % 2 else [10.0, 30, 120])
        noise = 12 * torch.randn(3, 128, 128, generator=generator)
        pixels.append((colour[:, None, None] + noise).clamp(0, 255).byte())
        names.append(f"pack/{'red' if number % 2 else 'blue'}/{number}.png")
    return Pictures(torch.stack(pixels), tuple(names))


def base(**changes: object) -> Recipe:
    parts = {
        "pack": "own-base",
        "data": ("x",),
        "side": 128,
        "batch": 12,
        "steps": 90,
        "warm_up": 2,
        "decay": 10,
        "rate": 2e-2,
        "held": 4,
        "ema": (0.9,),
        "sigma_data": 0.5,
        "sigma_mean": -0.5,
        "network": UNetConfig(block=2, told=2, conditioned=False, attention=(1,), **SHAPE),  # type: ignore[arg-type]
        "cascade": Cascading(("blue", "red"), (32,), follow=("own-up",)),
    }
    return Recipe(**(parts | changes))  # type: ignore[arg-type]


def up(**changes: object) -> Recipe:
    parts = {
        "pack": "own-up",
        "sigma_data": 0.12,
        "batch": 6,
        "steps": 2,
        "decay": 1,
        "network": UNetConfig(block=4, told=3, **SHAPE),  # type: ignore[arg-type]
        "cascade": Cascading(("blue", "red"), (64, 128), s_most=0.4),
    }
    return base(**(parts | changes))


def trainer(recipe: Recipe, pictures: Pictures, folder: Path) -> CascadeTrainer:
    return CascadeTrainer(recipe, pictures, folder, Compute(torch.device("cpu")))


def test_a_class_is_the_folder_and_unknown_folders_are_refused(pictures: Pictures) -> None:
    assert labels_of(pictures, ("blue", "red")).tolist()[:4] == [0, 1, 0, 1]
    with pytest.raises(RequestError, match="a folder 'blue', which is none"):
        labels_of(pictures, ("green", "red"))


def test_a_base_is_shown_nothing_and_told_its_class(pictures: Pictures, tmp_path: Path) -> None:
    examples = trainer(base(), pictures, tmp_path).draw(torch.Generator().manual_seed(1))
    assert examples.clean.shape == (12, 3, 32, 32)
    assert not examples.enlarged.any()
    said = examples.told.sum(dim=1)
    assert set(said.tolist()) <= {0.0, float(torch.tensor(2.0).sqrt())}  # of two classes, unit variance
    red = examples.clean[:, 0].mean(dim=(1, 2)) > 0
    assert torch.equal(examples.told[said > 0, 1] > 0, red[said > 0])


def test_the_unsaid_share_is_what_the_recipe_says(pictures: Pictures, tmp_path: Path) -> None:
    how = Cascading(("blue", "red"), (32,), unsaid=0.3)
    examples = trainer(base(batch=600, cascade=how), pictures, tmp_path).draw(
        torch.Generator().manual_seed(1)
    )
    assert float((examples.told.sum(dim=1) == 0).float().mean()) == pytest.approx(0.3, abs=0.06)


def test_each_side_has_its_share_its_number_and_noise_of_the_told_level(
    pictures: Pictures, tmp_path: Path
) -> None:
    recipe = up(batch=400, cascade=Cascading(("blue", "red"), (64, 128), unsaid=0.0))
    examples = trainer(recipe, pictures, tmp_path).draw(torch.Generator().manual_seed(1))
    assert examples.clean.shape == (400, 3, 64, 64)
    assert examples.told[:, 2].tolist() == [0.0] * 200 + [1.0] * 200
    assert 0 <= float(examples.s.min()) < 0.02
    assert 0.38 < float(examples.s.max()) <= 0.4
    # What is shown differs from the picture by the noise that the level promises, enlarged.
    error = (examples.enlarged - examples.clean).std(dim=(1, 2, 3))
    low, high = error[examples.s < 0.1].mean(), error[examples.s > 0.3].mean()
    assert high > 2 * low


def test_what_a_step_learns_from_depends_on_its_number_alone(pictures: Pictures, tmp_path: Path) -> None:
    for recipe in (base(), up()):
        made = [
            trainer(recipe, pictures, tmp_path / "one").draw(torch.Generator().manual_seed(5)) for _ in "ab"
        ]
        for first, second in zip(made[0].all(), made[1].all(), strict=True):
            assert torch.equal(first, second)


def test_from_a_run_to_a_picture_of_the_class(home: Path, pictures: Pictures, tmp_path: Path) -> None:
    for recipe in (base(), up()):
        run = tmp_path / recipe.pack
        one = trainer(recipe, pictures, run)
        assert loop.run(one, look_every=recipe.steps, sample_every=recipe.steps)
        assert (run / "samples" / f"{recipe.steps:07d}.png").exists()
        assert recipe.pack in export(run, paths.packs_dir() / recipe.pack)
    pack = catalog.read_pack(paths.packs_dir() / "own-base")
    assert (pack.kind, pack.classes, pack.local) == ("cdm-base", 2, False)
    means = []
    for label in (0, 1):
        *_, end = generate(GenerateRequest(label, base="own-base", count=2, size=128, device="cpu", steps=6))
        assert isinstance(end, Generated)
        means.append(np.stack([photo.pixels for photo in end.photos]).mean(axis=(0, 1, 2)))
    assert means[1][0] > means[0][0] + 60  # red is redder than blue


def test_the_recipes_that_ship_are_of_one_cascade() -> None:
    queue = {recipe.pack: recipe for recipe in read_queue(QUEUE)}
    first, second = queue["cdm-base"], queue["cdm-2x"]
    assert first.cascade is not None
    assert second.cascade is not None
    assert first.cascade.follow in ((), (second.pack,))  # it follows once it is trained
    assert first.cascade.classes == second.cascade.classes
    assert first.network.told == len(first.cascade.classes)
    assert second.network.told == len(first.cascade.classes) + 1
    assert dataclasses.asdict(first)["cascade"]["sides"] == (32,)
