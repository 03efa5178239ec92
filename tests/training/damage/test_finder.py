"""Training of the network that finds damage, on a tiny one: it learns, resumes, becomes a pack."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from restorer.damage.scores import agreement
from restorer.device import choose
from restorer.diffusion.nn.damage_unet import DamageUNet, DamageUNetConfig
from restorer.errors import PackError, RequestError
from restorer.packs import catalog, loader
from restorer.training import loop
from restorer.training.damage.examples import Finding, weights
from restorer.training.damage.trainer import FinderTrainer, loss_of
from restorer.training.data import Pictures
from restorer.training.export import export
from restorer.training.recipe import Recipe, read_queue
from restorer.training.run import Compute

SHAPE = DamageUNetConfig(channels=(8, 8, 16), around=(8, 16))
RECIPE = Recipe(
    "finder",
    ("x",),
    scale=1,
    side=64,
    crop=32,
    batch=8,
    steps=6,
    warm_up=2,
    decay=2,
    held=4,
    rate=3e-3,
    ema=(0.9,),
    finding=Finding(windows=2, unit=(1.0, 2.0)),
    finder=SHAPE,
)


def run(recipe: Recipe, pictures: Pictures, folder: Path) -> FinderTrainer:
    return FinderTrainer(recipe, pictures, folder, Compute(torch.device("cpu")))


def test_agreement_allows_a_few_pixels() -> None:
    marked, found = np.zeros((40, 40), np.bool_), np.zeros((40, 40), np.bool_)
    marked[10, 5:35] = True
    found[13, 5:20] = True
    beside = agreement(found, marked)
    assert beside.precision == 1
    assert beside.recall == pytest.approx(0.5, abs=0.1)
    assert agreement(np.roll(found, 2, axis=0), marked).precision == 0
    assert agreement(found, marked, doubtful=marked).recall == 1
    total = beside + agreement(np.zeros_like(found), marked)
    assert total.recall == pytest.approx(beside.recall / 2)


def test_the_network_is_local_and_its_margin_is_enough() -> None:
    torch.manual_seed(0)
    network = DamageUNet(SHAPE).eval()
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    photo = torch.rand(1, 3, 320, 320) * 2 - 1
    stride, margin = SHAPE.stride, SHAPE.margin
    assert margin % stride == 0
    with torch.inference_mode():
        around = network.surroundings(photo)
        whole = network(photo, around)
        left, side = 96, 64
        outer = slice(left - margin, left + side + margin)
        coarse = slice((left - margin) // 8, (left + side + margin) // 8)
        part = network(photo[..., outer, outer], around[..., coarse, coarse])
        inner = slice(margin, margin + side)
        there = whole[..., left : left + side, left : left + side]
        assert torch.allclose(part[..., inner, inner], there, atol=1e-4)
        changed = photo.clone()
        changed[..., :8, :8] = 1
        assert not torch.equal(network.surroundings(changed), around)


def test_the_loss_asks_for_damage_and_forgives_doubt() -> None:
    damaged = torch.zeros(1, 1, 8, 8)
    damaged[..., :2] = 1
    right, wrong = 20 * damaged - 10, 10 - 20 * damaged
    everywhere = torch.ones_like(damaged)
    assert loss_of(right, damaged, everywhere) < 0.05 < 3 < loss_of(wrong, damaged, everywhere)
    assert loss_of(right * (1 - 2 * damaged), damaged, 1 - damaged) < 0.6


def test_a_speck_counts_more_a_pixel_than_a_torn_corner_and_what_is_whole_counts_one() -> None:
    damaged = np.zeros((80, 80), np.bool_)
    damaged[:50, :60] = True  # 3,000 pixels
    damaged[70:73, 70:75] = True  # 15 pixels
    damaged[60, 5] = True
    even = weights(damaged, 0.5)
    assert even[10, 10] == pytest.approx(0.1)
    assert even[71, 71] == pytest.approx(2**0.5)
    assert even[60, 5] == 1.5
    assert (even[~damaged] == 1).all()
    assert (weights(damaged, 0.0) == 1).all()
    assert weights(damaged, 1.0)[10, 10] == pytest.approx(0.01)


def test_training_learns_and_goes_on_after_a_stop(pictures: Pictures, tmp_path: Path) -> None:
    easy = Finding(windows=2, unit=(2.0, 3.0), whole=0.0, scene=0.0)
    recipe = dataclasses.replace(RECIPE, steps=60, finding=easy)
    trainer = run(recipe, pictures, tmp_path / "finder")
    fixed = trainer.tensors(trainer.spoil(trainer.held, easy, 4, [5]))

    def lacking() -> float:
        return float(loss_of(trainer.odds(trainer.network, fixed[0]), *fixed[1:]))

    before = lacking()
    assert loop.run(trainer, log_every=20, save_every=30, look_every=30, sample_every=60)
    assert lacking() < 0.9 * before
    looks = (tmp_path / "finder" / "validation.jsonl").read_text("utf-8").splitlines()
    assert {"loss_0.9", "recall_0.9", "precision_0.9", "touched_0.9", "odds_0.9"} < set(json.loads(looks[-1]))
    assert list((tmp_path / "finder" / "samples").glob("*.png"))
    again = run(dataclasses.replace(recipe, steps=62), pictures, tmp_path / "finder")
    assert again.resume()
    stopped = run(recipe, pictures, tmp_path / "other")
    for _ in range(2):
        stopped.train_step()
    stopped.save()
    resumed = run(recipe, pictures, tmp_path / "other")
    assert resumed.resume()
    assert resumed.step == 2
    assert torch.equal(resumed.train_step()[0], stopped.train_step()[0])


def test_the_pack_has_even_odds_where_a_thousandth_of_undamaged_photos_is_touched(
    pictures: Pictures, tmp_path: Path
) -> None:
    trainer = run(dataclasses.replace(RECIPE, steps=1), pictures, tmp_path / "finder")
    trainer.save()
    plain = trainer.averages[0.9].state_dict()["leave.bias"]
    log = tmp_path / "finder" / "validation.jsonl"
    log.write_text('{"step": 1, "odds_0.9": 9.0}\n{"step": 2, "odds_0.9": 1.5}\n', "utf-8")
    export(tmp_path / "finder", tmp_path / "pack")
    assert torch.equal(load_file(tmp_path / "pack" / "model.safetensors")["leave.bias"].float(), plain - 1.5)
    torch.nn.init.normal_(trainer.averages[0.9].leave.weight)
    trainer.validate()
    last = json.loads(log.read_text("utf-8").splitlines()[-1])
    undamaged = trainer.spoil(
        trainer.held, Finding(windows=2, unit=(1.0, 2.0), whole=1.0), len(trainer.held), [992]
    )
    odds = trainer.odds(trainer.averages[0.9], trainer.tensors(undamaged)[0])
    assert float((odds >= last["odds_0.9"] - 1e-4).float().mean()) == pytest.approx(0.001, abs=2e-4)


def test_a_run_becomes_a_pack_that_finds_and_enlarges_nothing(
    pictures: Pictures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = run(dataclasses.replace(RECIPE, steps=1), pictures, tmp_path / "finder")
    assert loop.run(trainer, look_every=9, sample_every=9)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    from restorer import paths

    folder = paths.packs_dir() / "finder"
    export(tmp_path / "finder", folder)
    pack = catalog.read_pack(folder)
    assert (pack.kind, pack.scale, pack.finds, pack.enlarges) == ("damage-finder", 1, True, False)
    assert catalog.finder() == pack
    network = loader.load_finder(pack, choose("cpu"))
    photo = torch.rand(1, 3, 64, 64)
    average = trainer.averages[0.9]
    assert isinstance(average, DamageUNet)
    looks = (tmp_path / "finder" / "validation.jsonl").read_text("utf-8").splitlines()
    with torch.inference_mode():
        expected = average(photo, average.surroundings(photo)) - json.loads(looks[-1])["odds_0.9"]
        assert torch.allclose(network(photo, network.surroundings(photo)), expected, atol=0.02)
    with pytest.raises(PackError, match="finds damage"):
        loader.load(pack, choose("cpu"))
    with pytest.raises(RequestError, match="finds damage and enlarges no photos"):
        catalog.find(4, "finder")
    with pytest.raises(PackError, match="does not find damage"):
        loader.load_finder(catalog.named("sr3-photo"), choose("cpu"))


def test_a_recipe_that_cannot_be_shared_out_is_a_sentence(pictures: Pictures, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="cannot share out 8 crops among 3 windows"):
        run(dataclasses.replace(RECIPE, finding=Finding(windows=3)), pictures, tmp_path)
    with pytest.raises(RequestError, match="multiple of 8"):
        run(dataclasses.replace(RECIPE, crop=30), pictures, tmp_path)


def test_the_queue_names_the_finder() -> None:
    recipes = {recipe.pack: recipe for recipe in read_queue(Path("models/training.toml"))}
    recipe = recipes["damage-finder"]
    assert recipe.finding is not None
    assert not recipe.accelerator
    assert recipe.steps * recipe.batch >= 200_000
    parameters = sum(p.numel() for p in DamageUNet(recipe.finder).parameters())
    assert 300_000 < parameters < 800_000
