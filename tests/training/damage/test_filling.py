"""Training of the network that fills holes, and filling with it: known pixels stay, whatever it says."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from restorer.damage.filler import fill
from restorer.device import choose
from restorer.diffusion.denoiser import HoleDenoiser
from restorer.diffusion.nn.unet import UNet, UNetConfig
from restorer.errors import RequestError
from restorer.packs import catalog, loader
from restorer.photo import Photo
from restorer.training import loop
from restorer.training.damage.filling import FillTrainer, holes_of
from restorer.training.data import Pictures, crops
from restorer.training.export import export
from restorer.training.recipe import Holes, Recipe, read_queue
from restorer.training.run import Compute

RECIPE = Recipe(
    "filler",
    ("x",),
    scale=1,
    side=64,
    crop=48,
    batch=4,
    steps=4,
    warm_up=2,
    decay=2,
    held=4,
    rate=3e-3,
    ema=(0.9,),
    predicts="hole",
    network=UNetConfig(block=2, channels=(8, 12), blocks_down=1, blocks_up=2, embedding=16, masked=True),
    holes=Holes(widths=(3.0, 12.0)),
)


def run(recipe: Recipe, pictures: Pictures, folder: Path) -> FillTrainer:
    return FillTrainer(recipe, pictures, folder, Compute(torch.device("cpu")))


@pytest.mark.parametrize("width", [None, 2.0, 12.0, 60.0])
def test_holes_are_neither_empty_nor_all(width: float | None) -> None:
    for seed in range(20):
        marked = holes_of(64, Holes(), np.random.default_rng(seed), width)
        assert 0 < marked.mean() < 0.9
        np.testing.assert_array_equal(marked, holes_of(64, Holes(), np.random.default_rng(seed), width))


def test_known_pixels_are_kept_in_every_evaluation_and_count_for_nothing() -> None:
    torch.manual_seed(0)
    network = UNet(RECIPE.network)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    denoiser = HoleDenoiser(network, 0.25)
    photo, hole = torch.rand(2, 3, 32, 32) * 2 - 1, torch.zeros(2, 1, 32, 32)
    hole[:, :, 8:20, 8:20] = 1
    shown, noise = torch.cat([photo, hole], 1), torch.randn(2, 3, 32, 32)
    level, s = torch.full((2,), 0.7), torch.zeros(2)
    with torch.inference_mode():
        clean = denoiser(photo + 0.7 * noise, level, shown, s).clean
        known = (hole == 0).expand_as(photo)
        assert torch.equal(clean[known], photo[known])
        assert (clean[~known] != photo[~known]).all()
        loss = denoiser.loss(photo, noise, level, shown, s)
        elsewhere = torch.where(hole > 0, photo, torch.rand_like(photo))
        assert torch.equal(denoiser.loss(elsewhere, torch.where(hole > 0, noise, 9.0), level, shown, s), loss)
        assert torch.equal(
            denoiser.loss(photo, noise, level, torch.cat([photo, 0 * hole], 1), s), torch.zeros(2)
        )


def test_what_a_step_learns_from_has_holes_and_a_past(pictures: Pictures, tmp_path: Path) -> None:
    trainer = run(RECIPE, pictures, tmp_path / "filler")
    generator = torch.Generator().manual_seed(4)
    examples = trainer.examples(crops(pictures, 4, 48, generator), generator)
    hole = examples.enlarged[:, 3:]
    assert set(hole.unique().tolist()) == {0.0, 1.0}
    same = (examples.enlarged[:, :3] == examples.clean) | (hole > 0)
    assert same.all()
    inside = hole.expand(-1, 3, -1, -1) > 0
    assert (examples.enlarged[:, :3][inside] - examples.clean[inside]).abs().mean() > 0.005


def test_a_run_learns_becomes_a_pack_and_fills_photos(
    pictures: Pictures, tmp_path: Path, home: Path, chelsea: np.ndarray
) -> None:
    recipe = dataclasses.replace(RECIPE, steps=60)
    trainer = run(recipe, pictures, tmp_path / "filler")
    assert loop.run(trainer, log_every=20, look_every=60, sample_every=60)
    (look,) = (tmp_path / "filler" / "validation.jsonl").read_text("utf-8").splitlines()
    assert {"narrow_0.9", "middle_0.9", "wide_0.9"} < set(json.loads(look))
    log = [json.loads(line) for line in (tmp_path / "filler" / "log.jsonl").read_text("utf-8").splitlines()]
    assert log[-1]["loss"] < log[0]["loss"]
    assert list((tmp_path / "filler" / "samples").glob("*.png"))
    export(tmp_path / "filler", home / "filler")
    pack = catalog.read_pack(home / "filler")
    assert (pack.kind, pack.fills, pack.enlarges) == ("photo-fill", True, False)
    assert catalog.filler() == pack
    assert isinstance(loader.load(pack, choose("cpu")), HoleDenoiser)
    with pytest.raises(RequestError, match="fills damage and enlarges no photos"):
        catalog.find(1, "filler")

    photo = Photo(chelsea[:90, :300].copy())
    marked = np.zeros((90, 300), np.bool_)
    marked[20:40, 230:290] = True  # across two windows
    filled, name = fill(photo, marked, choose("cpu"), seed=1)
    assert name == "filler"
    np.testing.assert_array_equal(filled.pixels[~marked], photo.pixels[~marked])
    assert not np.array_equal(filled.pixels[marked], photo.pixels[marked])
    again, _ = fill(photo, marked, choose("cpu"), seed=1)
    np.testing.assert_array_equal(again.pixels, filled.pixels)
    other, _ = fill(photo, marked, choose("cpu"), seed=2)
    assert not np.array_equal(other.pixels, filled.pixels)


def test_a_recipe_that_predicts_something_else_is_a_sentence(pictures: Pictures, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="has to predict 'hole'"):
        run(dataclasses.replace(RECIPE, predicts="residual"), pictures, tmp_path)


def test_the_queue_names_the_filler() -> None:
    recipes = {recipe.pack: recipe for recipe in read_queue(Path("models/training.toml"))}
    recipe = recipes["sr3-fill"]
    assert recipe.holes is not None
    assert (recipe.predicts, recipe.network.masked) == ("hole", True)
    assert recipe.steps * recipe.batch >= 200_000
