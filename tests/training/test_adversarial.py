"""Adversarial distillation on a tiny network; VGG's features are random here."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from restorer.diffusion.nn.unet import UNetConfig
from restorer.errors import RequestError
from restorer.training import loop
from restorer.training.adversarial import LATTICE_WINDOW, RISE, AdversarialTrainer, lattice_share
from restorer.training.critics import FeatureCritic, PixelCritic, lead
from restorer.training.data import Pictures
from restorer.training.features import Features, load_features, perceptual
from restorer.training.recipe import Adversarial, Recipe
from restorer.training.run import Compute
from restorer.training.trainer import Trainer, generator_of

NETWORK = UNetConfig(block=4, channels=(8, 8), blocks_down=1, blocks_up=2, embedding=16)
BASE = Recipe("base", ("x",), side=64, crop=32, batch=4, steps=6, warm_up=2, decay=2, held=4, network=NETWORK)
STUDENT = dataclasses.replace(
    BASE,
    pack="student",
    start="base",
    scales=(4, 2, 1, 4),
    network=dataclasses.replace(NETWORK, told=2),
    adversarial=Adversarial(window=16, critic_alone=2, pixel_critic=0.5),
)


def student(
    pictures: Pictures, folder: Path, features: Features, recipe: Recipe = STUDENT
) -> AdversarialTrainer:
    return AdversarialTrainer(recipe, pictures, folder, Compute(torch.device("cpu")), features)


def base(pictures: Pictures, folder: Path) -> Trainer:
    trainer = Trainer(BASE, pictures, folder, Compute(torch.device("cpu")))
    assert loop.run(trainer, save_every=100, look_every=100)
    return trainer


def test_a_student_begins_as_its_teacher_and_remembers_its_hours(
    pictures: Pictures, features: Features, tmp_path: Path
) -> None:
    teacher = base(pictures, tmp_path / "base")
    run = student(pictures, tmp_path / "student", features)
    run.start_from(tmp_path / "base")
    assert run.before["crops"] == 24
    x, sigma = torch.randn(2, 3, 32, 32), torch.tensor([0.5, 1.0])
    enlarged, s, told = torch.zeros(2, 3, 32, 32), torch.zeros(2), torch.tensor([[-1.0, 1.0], [0.0, 0.0]])
    average = teacher.averages[max(teacher.averages)]
    teacher.denoiser.network.load_state_dict(average.state_dict())
    assert torch.equal(
        run.denoiser(x, sigma, enlarged, s, told).clean, teacher.denoiser(x, sigma, enlarged, s).clean
    )
    with pytest.raises(RequestError, match=r"no state\.pt"):
        run.start_from(tmp_path / "nowhere")
    other = dataclasses.replace(
        STUDENT, network=dataclasses.replace(STUDENT.network, blocks_down=2, blocks_up=3)
    )
    with pytest.raises(RequestError, match="another network"):
        student(pictures, tmp_path / "other", features, other).start_from(tmp_path / "base")


def test_a_resumed_run_equals_one_that_was_never_stopped(
    pictures: Pictures, features: Features, tmp_path: Path
) -> None:
    base(pictures, tmp_path / "base")
    straight = student(pictures, tmp_path / "straight", features)
    straight.start_from(tmp_path / "base")
    for _ in range(5):
        straight.train_step()
    broken = student(pictures, tmp_path / "broken", features)
    broken.start_from(tmp_path / "base")
    for _ in range(3):
        broken.train_step()
    broken.save()
    again = student(pictures, tmp_path / "broken", features)
    assert again.resume()
    for _ in range(2):
        again.train_step()
    for key in ("network", "critics"):
        for name, value in straight.state()[key].items():
            assert torch.allclose(value, again.state()[key][name], atol=1e-6), (key, name)
    assert again.before == straight.before
    assert again.state()["weights"] == pytest.approx(straight.state()["weights"])
    assert min(again.weights.values()) > 0


def test_the_critics_learn_alone_first_and_then_pull_as_hard_as_asked(
    pictures: Pictures, features: Features, tmp_path: Path
) -> None:
    run = student(pictures, tmp_path, features)
    before = [parameter.clone() for parameter in run.critics.parameters()]
    run.train_step()
    assert run.parts["weight_features"] == run.parts["weight_pixels"] == 0
    assert any(not torch.equal(a, b) for a, b in zip(before, run.critics.parameters(), strict=True))
    run.train_step()
    run.train_step()
    assert run.parts["weight_features"] > 0
    assert run.parts["weight_pixels"] > 0
    run.validate()
    line = json.loads((tmp_path / "validation.jsonl").read_text().splitlines()[-1])
    assert {"clean_psnr_0.998", "worn_look_0.998"} <= line.keys()
    assert all(np.isfinite(value) for value in line.values())


def test_half_of_the_levels_are_the_highest_and_the_others_even_in_their_logarithm(
    pictures: Pictures, features: Features, tmp_path: Path
) -> None:
    run = student(pictures, tmp_path, features)
    levels = torch.cat([run._sigma(40, generator_of(0, step)) for step in range(50)])
    first = levels == levels.max()
    assert float(first.float().mean()) == pytest.approx(0.5, abs=0.02)
    low, high = run.how.sigma_min, run.how.sigma_max
    assert float(levels.max()) == pytest.approx(high)
    share = (levels[~first].log() - np.log(low)) / (np.log(high) - np.log(low))
    assert float(share.mean()) == pytest.approx(0.5, abs=0.03)
    assert 0 <= float(share.min()) < 0.05


def test_a_critic_tells_sharp_from_blurred_after_a_few_steps(chelsea: np.ndarray, features: Features) -> None:
    torch.manual_seed(0)
    sharp = torch.from_numpy(chelsea[:96, :96].transpose(2, 0, 1).copy())[None].float() / 127.5 - 1
    soft = torch.nn.functional.avg_pool2d(sharp, 5, 1, 2)
    critic = FeatureCritic()
    optimiser = torch.optim.Adam(critic.parameters(), 2e-3)
    real, fake = features(sharp), features(soft)
    for _ in range(30):
        gap = torch.stack([(a - b).mean() for a, b in zip(critic(real), critic(fake), strict=True)]).mean()
        loss = torch.nn.functional.softplus(-gap)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert float(loss.detach()) < 0.5


def test_a_critic_of_pixels_tells_detail_that_belongs_from_detail_of_elsewhere(chelsea: np.ndarray) -> None:
    torch.manual_seed(0)
    sharp = torch.from_numpy(chelsea[:96, :96].transpose(2, 0, 1).copy())[None].float() / 127.5 - 1
    soft = torch.nn.functional.avg_pool2d(sharp, 5, 1, 2)
    moved = soft + (sharp - soft).roll(24, dims=3)  # as much detail, in the wrong places
    critic = PixelCritic()
    optimiser = torch.optim.Adam(critic.parameters(), 1e-3)
    for _ in range(60):
        loss = lead(critic(sharp, soft), critic(moved, soft))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert critic(sharp, soft)[0].shape == (1, 1, 24, 24)
    assert float(loss.detach()) < 0.5


def test_pulls_are_those_asked_for_and_a_critic_without_one_is_not_there(
    pictures: Pictures, features: Features, tmp_path: Path
) -> None:
    how = dataclasses.replace(STUDENT.adversarial, adversarial=0.0, critic_alone=0)  # type: ignore[type-var]
    run = student(pictures, tmp_path, features, dataclasses.replace(STUDENT, adversarial=how))
    run.train_step()
    assert list(run.critics) == ["pixels"]
    assert "weight_features" not in run.parts
    assert run.parts["weight_pixels"] > 0


def test_perceptual_distance_is_nothing_to_itself_and_grows_with_blur(
    chelsea: np.ndarray, features: Features
) -> None:
    sharp = torch.from_numpy(chelsea[:64, :64].transpose(2, 0, 1).copy())[None].float() / 127.5 - 1
    maps = features(sharp)
    assert [tuple(each.shape[1:]) for each in maps] == [
        (64, 64, 64),
        (128, 32, 32),
        (256, 16, 16),
        (512, 8, 8),
    ]
    assert float(perceptual(maps, maps)) == pytest.approx(0, abs=1e-5)
    near, far = (features(torch.nn.functional.avg_pool2d(sharp, k, 1, k // 2)) for k in (3, 7))
    assert 0 < float(perceptual(maps, near)) < float(perceptual(maps, far))


def test_what_features_may_spread_is_not_counted_as_distance(
    pictures: Pictures, features: Features, tmp_path: Path
) -> None:
    """|f - g|^2 averaged over two answers, less a quarter of |f - f'|^2, is the distance of their mean."""
    how = dataclasses.replace(STUDENT.adversarial, spread=0.3, spread_look=0.5)  # type: ignore[type-var]
    recipe = dataclasses.replace(STUDENT, batch=8, adversarial=how)
    run = student(pictures, tmp_path / "run", features, recipe)
    made, true = torch.rand(2, 3, 16, 16), torch.rand(1, 3, 16, 16).repeat(2, 1, 1, 1)
    fake, real = features(2 * made - 1), features(2 * true - 1)
    mean = [each.mean(0, keepdim=True) for each in fake]
    assert float(run._look(fake, real)) == pytest.approx(
        float(perceptual(mean, [each[:1] for each in real])), rel=1e-4
    )
    plain = student(pictures, tmp_path / "plain", features)
    assert float(plain._look(fake, real)) == pytest.approx(float(perceptual(fake, real).mean()))
    assert float(run._look(fake, real)) < float(plain._look(fake, real))
    run.train_step()
    assert float(run.parts["apart_look"]) > 0
    alone = dataclasses.replace(STUDENT.adversarial, spread_look=0.5)  # type: ignore[type-var]
    with pytest.raises(RequestError, match="set spread too"):
        student(pictures, tmp_path / "alone", features, dataclasses.replace(STUDENT, adversarial=alone))


def test_a_pattern_that_repeats_with_the_blocks_is_told_from_texture(chelsea: np.ndarray) -> None:
    random = torch.Generator().manual_seed(4)
    noise = 0.2 * torch.randn(2, 3, 64, 96, generator=random)
    weave = 0.2 * torch.randn(1, 3, 4, 4, generator=random).repeat(1, 1, 16, 24)
    photo = torch.from_numpy(chelsea[:128, :128].transpose(2, 0, 1).copy()).float()[None] / 127.5 - 1
    assert lattice_share(noise, 4) == pytest.approx((4 / LATTICE_WINDOW) ** 2, rel=0.3)
    assert float(lattice_share(weave, 4)) > 0.85  # the mean around a pixel differs at the borders
    assert float(lattice_share(photo, 4)) < 0.1
    assert float(lattice_share(photo + weave.repeat(1, 1, 2, 2)[..., :128, :128], 4)) > 0.4
    assert float(lattice_share(torch.zeros(1, 3, 32, 32), 4)) == 0


def test_the_gradient_of_the_share_takes_the_pattern_away_and_leaves_the_grain() -> None:
    weave = torch.randn(1, 3, 4, 4, generator=torch.Generator().manual_seed(4)).repeat(1, 1, 16, 16)
    grain = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(5))
    weights = torch.nn.Parameter(torch.tensor([1.0, 1.0]))
    optimiser = torch.optim.SGD([weights], 0.5)
    for _ in range(40):
        share = lattice_share(0.1 * (weights[0] * weave + weights[1] * grain), 4)
        optimiser.zero_grad()
        share.mean().backward()
        optimiser.step()
    assert abs(float(weights[0].detach())) < 0.3 * float(weights[1].detach())


def test_a_run_against_the_lattice_follows_it_in_log_and_validation(
    pictures: Pictures, features: Features, tmp_path: Path
) -> None:
    base(pictures, tmp_path / "base")
    assert STUDENT.adversarial is not None
    against = dataclasses.replace(
        STUDENT, adversarial=dataclasses.replace(STUDENT.adversarial, lattice=1.0, critic_alone=0)
    )
    losses = []
    for recipe in (STUDENT, against):
        run = student(pictures, tmp_path / str(len(losses)), features, recipe)
        run.start_from(tmp_path / "base")
        losses.append(float(run.train_step()[0]))
    parts = run.log_parts()
    assert losses[1] - losses[0] >= max(0.0, parts["lattice"] - parts["lattice_natural"]) - 1e-4
    run.validate()
    entry = json.loads((tmp_path / "1" / "validation.jsonl").read_text().splitlines()[-1])
    shares = [value for name, value in entry.items() if "lattice" in name]
    assert shares
    assert all(0 <= share <= 1 for share in shares)


def test_missing_weights_are_a_sentence(tmp_path: Path) -> None:
    pytest.importorskip("h5py")
    (tmp_path / "no.h5").write_bytes(b"nothing")
    with pytest.raises(RequestError, match="does not hold VGG16"):
        load_features(tmp_path / "no.h5")


def test_a_weight_rises_slowly_and_falls_at_once(
    pictures: Pictures, features: Features, tmp_path: Path
) -> None:
    """Else a critic that finds its bearings again tears the network apart."""
    run = student(pictures, tmp_path, features)
    for _ in range(4):
        run.train_step()
    usual = {name: float(weight) for name, weight in run.weights.items()}
    run.weights = {name: torch.tensor(weight / 1e6) for name, weight in usual.items()}
    run.step = 10
    run.train_step()
    for name, weight in run.weights.items():
        assert float(weight) == pytest.approx(RISE * usual[name] / 1e6)
    run.weights = {name: torch.tensor(1e6 * weight) for name, weight in usual.items()}
    run.step = 20
    run.train_step()
    for name, weight in run.weights.items():
        assert weight < 100 * usual[name]


def test_a_second_evaluation_is_shown_the_networks_own_first_answer(
    pictures: Pictures, features: Features, tmp_path: Path
) -> None:
    how = dataclasses.replace(STUDENT.adversarial, spread=0.3, simulated=1.0, sigma_min=0.1, sigma_max=3.0)  # type: ignore[type-var]
    run = student(
        pictures, tmp_path / "run", features, dataclasses.replace(STUDENT, batch=16, adversarial=how)
    )
    generator = run.generator()
    examples, sigma = run.draw(generator), run._levels(16, generator)
    assert (sigma[::2] == 3.0).all()
    assert 0.1 <= float(sigma[1::2].min()) <= float(sigma[1::2].max()) <= 1.0
    assert torch.equal(sigma[:8], sigma[8:])
    states = run._states(examples, sigma, torch.zeros_like(examples.clean), generator)
    assert torch.equal(states[::2], examples.clean[::2])
    # A silent network answers with the enlarged photo and what preconditioning keeps of the state.
    keep = 0.12**2 / (0.12**2 + 9)
    answer, photo = states[1::2], examples.enlarged[1::2]
    assert not torch.equal(answer, examples.clean[1::2])
    assert (answer - photo.clamp(-1, 1)).abs().max() < keep * (3.0 * 6 + 2) + 1e-3
    run.train_step()
    plain = student(pictures, tmp_path / "plain", features)
    noise = torch.ones_like(examples.clean)
    assert torch.allclose(
        plain._states(examples, sigma, noise, generator), examples.clean + sigma[:, None, None, None]
    )
