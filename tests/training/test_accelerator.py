"""What lets an accelerator be trained on, run on the processor: nothing of it depends on the device."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from restorer.errors import RequestError
from restorer.training import loop
from restorer.training.cli import main
from restorer.training.data import Pictures, turn
from restorer.training.degradation.damage_overlays import CoatBank
from restorer.training.degradation.first_order import Degradation, degrade
from restorer.training.features import Features
from restorer.training.recipe import ENDLESS, FALL, read_queue
from restorer.training.run import Compute
from restorer.training.trainer import Trainer, generator_of
from tests.training.test_adversarial import STUDENT, base, student
from tests.training.test_trainer import recipe, trainer


def test_the_eight_positions_of_a_square_are_all_there_and_each_is_its_own() -> None:
    square = torch.arange(12.0).reshape(1, 3, 2, 2)
    turned = turn(square.expand(8, 3, 2, 2), torch.arange(8))
    assert len({tuple(each.flatten().tolist()) for each in turned}) == 8
    assert torch.equal(turned[0], square[0])
    assert torch.equal(turned[1], square[0].flip(2))
    assert torch.equal(turned[2], square[0].flip(1))
    assert torch.equal(turned[4], square[0].mT)


def test_a_bank_damages_those_that_are_to_be_and_keeps_grey_grey() -> None:
    bank = CoatBank(64, (4, 2, 4), torch.device("cpu"), count=6, seed=3)
    assert sorted(bank.kept) == [2, 4]
    damaged, grey = torch.tensor([True, False, True, True]), torch.tensor([True, True, False, False])
    opacity, colour = bank(damaged, grey, 4, generator_of(0, 0))
    assert opacity.shape == (4, 1, 64, 64)
    assert colour.shape == (4, 3, 64, 64)
    assert (opacity.flatten(1).amax(1) > 0.3).tolist() == [True, False, True, True]
    assert float(opacity.max()) <= 1
    assert torch.allclose(colour[0, 0], colour[0, 2])
    again = CoatBank(64, (4,), torch.device("cpu"), count=6, seed=3)
    assert torch.equal(again.kept[4], bank.kept[4])


def test_damage_of_a_bank_lands_in_the_photo(chelsea: np.ndarray) -> None:
    crop = torch.from_numpy(chelsea[:64, :64].transpose(2, 0, 1).copy()).float() / 127.5 - 1
    how = Degradation(worn=1.0, damaged=1.0, repaired=1.0, grey=0.0)
    bank = CoatBank(64, (4,), torch.device("cpu"), count=6, seed=3)
    pair = degrade(crop.expand(4, 3, 64, 64), 4, how, generator_of(0, 1), bank)
    assert torch.equal(pair.clean, crop.expand(4, 3, 64, 64))  # it is to be mended
    assert pair.told[:, 1].tolist() == [1.0] * 4
    bank.kept[4][:, :1] = 0
    whole = degrade(crop.expand(4, 3, 64, 64), 4, how, generator_of(0, 1), bank)
    changed = (pair.low - whole.low).abs().mean(1, keepdim=True)
    hidden = torch.nn.functional.avg_pool2d(pair.opacity, 4) > 0.9
    assert float(changed[hidden].mean()) > 3 * float(changed[~hidden].mean())


def test_a_run_takes_damage_from_its_bank_and_its_validation_draws_it(
    pictures: Pictures, tmp_path: Path
) -> None:
    run = trainer(pictures, tmp_path, degradation=Degradation(worn=1.0, damaged=1.0))
    asked: list[int] = []

    def coats(
        damaged: torch.Tensor, _grey: torch.Tensor, scale: int, _generator: torch.Generator
    ) -> tuple[torch.Tensor, torch.Tensor]:
        asked.append(scale)
        return torch.zeros(len(damaged), 1, 32, 32), torch.zeros(len(damaged), 3, 32, 32)

    run.coats = coats
    run.draw(run.generator())
    assert asked == [4]
    run.validate()
    assert asked == [4]


@pytest.mark.parametrize(("count", "shares"), [(10, (6, 2, 2)), (14, (6, 2, 6))])
def test_enlargements_have_their_shares_of_a_batch(
    pictures: Pictures, tmp_path: Path, count: int, shares: tuple[int, int, int]
) -> None:
    run = trainer(
        pictures, tmp_path, scales=(4, 4, 4, 2, 1), network=dataclasses.replace(recipe().network, told=2)
    )
    clean = torch.zeros(count, 3, 32, 32)
    told = run.examples(clean, generator_of(0, 0)).told[:, 0].tolist()
    assert told == [0.0] * shares[0] + [-1.0] * shares[1] + [-2.0] * shares[2]
    with pytest.raises(RequestError, match="A batch of 4 crops is too small"):
        run.examples(clean[:4], generator_of(0, 0))


def test_a_run_by_the_clock_that_was_stopped_falls_when_it_is_gone_on_with_by_steps(
    pictures: Pictures, tmp_path: Path
) -> None:
    run = trainer(pictures, tmp_path, steps=ENDLESS)
    for _ in range(9):
        run.train_step()
    run.save()
    again = trainer(pictures, tmp_path, steps=8, decay=3)
    assert again.resume()
    assert again.step == 9
    assert again.recipe.steps == 12


def test_a_run_by_the_clock_ends_with_its_rate_at_nothing_and_knows_its_steps(
    pictures: Pictures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock goes on by a second a step."""
    run = trainer(pictures, tmp_path, steps=5)
    now = [0.0]
    step = Trainer.train_step

    def a_second_long(self: Trainer) -> tuple[torch.Tensor, torch.Tensor]:
        now[0] += 1.0
        return step(self)

    monkeypatch.setattr(Trainer, "train_step", a_second_long)
    monkeypatch.setattr("restorer.training.loop.time.monotonic", lambda: now[0])
    assert loop.run(run, log_every=2, save_every=100, look_every=100, sample_every=100, minutes=40 / 60)
    assert run.recipe.steps == run.step
    assert run.recipe.steps != ENDLESS
    assert run.step == pytest.approx(40, abs=2)
    assert run.recipe.decay == pytest.approx(40 * FALL, abs=2)
    assert run.recipe.rate_at(run.step - 1) < 0.2 * run.recipe.rate
    assert (tmp_path / "stable.pt").exists()


def test_the_queue_passes_over_what_needs_an_accelerator(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from argparse import ArgumentParser

    from restorer.training.cli import add_arguments

    (tmp_path / "training.toml").write_text(
        '[[run]]\npack = "big"\naccelerator = true\ndata = ["no.zip"]\n'
        '[[run]]\npack = "after"\nstart = "big"\ndata = ["no.zip"]\n'
    )
    parser = ArgumentParser()
    add_arguments(parser)
    words = ["queue", "--queue", str(tmp_path / "training.toml"), "--runs", str(tmp_path), "--device", "cpu"]
    assert main(parser.parse_args(words)) == 0
    said = capsys.readouterr().out
    assert "big: passed over" in said
    assert "after: passed over" in said
    (tmp_path / "big").mkdir()
    (tmp_path / "big" / "state.pt").touch()
    assert main(parser.parse_args(words)) == 1  # now it is tried
    assert "no.zip" in capsys.readouterr().err
    assert read_queue(tmp_path / "training.toml")[0].accelerator


def test_critics_are_taken_along_and_need_not_learn_alone_again(
    pictures: Pictures, features: Features, tmp_path: Path
) -> None:
    base(pictures, tmp_path / "base")
    first = student(pictures, tmp_path / "first", features)
    first.start_from(tmp_path / "base")
    for _ in range(4):
        first.train_step()
    first.save()
    second = student(pictures, tmp_path / "second", features)
    second.start_from(tmp_path / "first")
    for key, value in first.critics.state_dict().items():
        assert torch.equal(value, second.critics.state_dict()[key])
    assert second.state()["weights"] == first.state()["weights"]
    before = {name: value.clone() for name, value in second.denoiser.network.named_parameters()}
    second.train_step()  # with critics of its own it would be their step alone
    assert any(
        not torch.equal(value, before[name]) for name, value in second.denoiser.network.named_parameters()
    )


def test_answers_to_the_same_input_are_asked_to_differ_and_both_of_a_pair_are_of_one_level(
    pictures: Pictures, features: Features, tmp_path: Path
) -> None:
    assert STUDENT.adversarial is not None
    how = dataclasses.replace(STUDENT.adversarial, spread=0.5)
    run = student(pictures, tmp_path, features, dataclasses.replace(STUDENT, batch=8, adversarial=how))
    examples = run.draw(run.generator())
    for value in examples.all():
        assert torch.equal(value[:4], value[4:])
    levels = run._levels(8, run.generator())
    assert torch.equal(levels[:4], levels[4:])
    alike, apart = torch.zeros(2, 3, 8, 8), torch.cat([torch.full((1, 3, 8, 8), v) for v in (-0.1, 0.1)])
    truth = torch.zeros(2, 3, 8, 8)
    assert float(run._pixels(alike, truth)) == 0
    # |D - x| is 0.1 and the answers are 0.2 apart: half of a half of that comes off.
    assert float(run._pixels(apart, truth)) == pytest.approx(0.1 - 0.5 * 0.5 * 0.2)
    assert run.train_step()[0].isfinite()


def test_a_class_is_told_in_training_as_in_use(tmp_path: Path) -> None:
    from restorer.diffusion.denoiser import tell_class
    from restorer.training.classes import CascadeTrainer
    from restorer.training.recipe import Cascading

    names = ("a", "b", "c")
    some = Pictures(
        torch.randint(255, (24, 3, 32, 32)).byte(), tuple(f"x/{names[i % 3]}/{i}" for i in range(24))
    )
    network = dataclasses.replace(recipe().network, told=4)
    how = recipe(side=32, batch=4, network=network, cascade=Cascading(names, (16, 32), window=16))
    run = CascadeTrainer(how, some, tmp_path, Compute(torch.device("cpu")))
    told = run._tell(torch.tensor([2, -1, 0]), 1)
    for row, label in zip(told, (2, None, 0), strict=True):
        assert row.tolist() == pytest.approx(list(tell_class(label, 3, 1)))
