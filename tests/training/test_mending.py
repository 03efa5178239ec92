"""Training of repair on a tiny network: what it is shown and asked for, and the pack that comes out."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from restorer.diffusion.nn.unet import UNetConfig
from restorer.errors import RequestError
from restorer.packs import catalog
from restorer.training import loop
from restorer.training.data import Pictures, crops
from restorer.training.degradation.first_order import Degradation, reduce_bicubic
from restorer.training.export import export
from restorer.training.features import Features
from restorer.training.recipe import Adversarial, Mending, Recipe, read_queue
from restorer.training.repair import MendingTrainer, spoil
from restorer.training.run import Compute

RECIPE = Recipe(
    "mender",
    ("x",),
    scale=1,
    side=64,
    crop=64,
    batch=4,
    steps=6,
    warm_up=2,
    decay=2,
    held=4,
    network=UNetConfig(block=2, channels=(8, 8), blocks_down=1, blocks_up=2, embedding=16),
    degradation=Degradation(worn=1.0, grain=(0.0, 0.1)),
    adversarial=Adversarial(perceptual=0.0, adversarial=0.0, first=0.9, sigma_max=4.0),
    mending=Mending(whole=0.0),
)


def generator(seed: int = 3) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_only_damage_tells_the_two_apart(pictures: Pictures) -> None:
    clean = crops(pictures, 8, 64, generator())
    still = Degradation(worn=1.0, blur=(0.2, 1.0), grain=(0.05, 0.1), quality=(99.0, 100.0))
    whole, damaged = spoil(clean, still, Mending(whole=0.0), generator())
    differs = ((whole - damaged).abs() > 12 / 127.5).any(1).float().mean((1, 2))
    assert (differs > 0).all()
    assert differs.mean() < 0.4
    assert (whole - clean).abs().mean() > 0.02  # grain and all
    same, untouched = spoil(clean, still, Mending(whole=1.0), generator())
    assert torch.equal(same, untouched)
    again = spoil(clean, still, Mending(whole=0.0), generator())
    assert torch.equal(again[0], whole)
    assert torch.equal(again[1], damaged)


def test_a_grey_photo_has_grey_damage(pictures: Pictures) -> None:
    clean = crops(pictures, 4, 64, generator())
    _, damaged = spoil(clean, Degradation(worn=1.0, grey=1.0), Mending(whole=0.0), generator())
    assert float((damaged - damaged.mean(1, keepdim=True)).abs().max()) < 0.05


def test_training_begins_at_leaving_the_photo_alone_and_learns(
    pictures: Pictures, features: Features, tmp_path: Path
) -> None:
    recipe = dataclasses.replace(RECIPE, steps=60, rate=3e-3)
    trainer = MendingTrainer(recipe, pictures, tmp_path / "mender", Compute(torch.device("cpu")), features)
    examples = trainer.examples(crops(trainer.held, 4, 64, generator()), generator())
    shown, made = trainer.attempt(trainer.held.pixels.float() / 127.5 - 1, 1)
    assert torch.allclose(shown, made, atol=0.05)  # at sigma 4 little of the noise is left
    before = float((examples.enlarged - examples.clean).abs().mean())
    assert before > 0
    assert loop.run(trainer, save_every=100, look_every=60, sample_every=60)
    assert list((tmp_path / "mender" / "samples").glob("*.png"))
    log = (tmp_path / "mender" / "log.jsonl").read_text("utf-8").splitlines()
    assert len(log) == 6
    export(tmp_path / "mender", tmp_path / "packs" / "mender")
    pack = catalog.read_pack(tmp_path / "packs" / "mender")
    assert (pack.kind, pack.scale, pack.mends, pack.enlarges) == ("photo-repair", 1, True, False)
    assert {preset: catalog.settings(pack, preset).steps for preset in pack.config["presets"]} == {
        "draft": 1,
        "balanced": 1,
        "best": 1,
    }


def test_a_share_of_the_crops_is_reduced_from_twice_their_side(
    pictures: Pictures, features: Features, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trainer(crop: int) -> MendingTrainer:
        recipe = dataclasses.replace(RECIPE, crop=crop, mending=Mending(whole=0.0, reduced=0.5))
        return MendingTrainer(recipe, pictures, tmp_path / "m", Compute(torch.device("cpu")), features)

    shown = []
    monkeypatch.setattr(MendingTrainer, "examples", lambda self, clean, generator: shown.append(clean))
    small = trainer(32)
    small.draw(generator())
    same = generator()
    plain, wide = crops(small.training, 4, 32, same), crops(small.training, 2, 64, same)
    assert torch.equal(shown[0], torch.cat([reduce_bicubic(wide, 2), plain[2:]]))
    with pytest.raises(RequestError, match="from 128 pixels a side, and its pictures have 64"):
        trainer(64).draw(generator())


def test_a_resumed_run_sees_the_same_damage(pictures: Pictures, features: Features, tmp_path: Path) -> None:
    def trainer(name: str) -> MendingTrainer:
        folder = tmp_path / name
        return MendingTrainer(RECIPE, pictures, folder, Compute(torch.device("cpu")), features)

    one = trainer("one")
    loop.run(one, save_every=100, look_every=100, sample_every=100)
    other = trainer("other")
    for _ in range(3):
        other.train_step()
    other.save()
    resumed = trainer("other")
    assert resumed.resume()
    loop.run(resumed, save_every=100, look_every=100, sample_every=100)
    weights = [each.denoiser.network.state_dict() for each in (one, resumed)]
    assert all(np.allclose(weights[0][key], weights[1][key], atol=1e-6) for key in weights[0])


def test_the_queue_knows_repair(tmp_path: Path) -> None:
    queue = tmp_path / "queue.toml"
    queue.write_text('[[run]]\npack = "a"\ndata = ["x"]\n[run.mending]\npixel = [1.0, 2.0]\n', "utf-8")
    (recipe,) = read_queue(queue)
    assert recipe.mending == Mending(pixel=(1.0, 2.0))
    queue.write_text('[[run]]\npack = "a"\ndata = ["x"]\n[run.mending]\npixels = 1\n', "utf-8")
    with pytest.raises(RequestError, match="unknown entry 'pixels'"):
        read_queue(queue)
