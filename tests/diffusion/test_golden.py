"""The public networks: our code on reduced checkpoints gives what their own code gave, step by step."""

from __future__ import annotations

import copy
import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from restorer import kernels
from restorer.diffusion.discrete_schedule import DiscreteSchedule, cosine_betas, linear_betas, respace
from restorer.diffusion.nn.adm_unet import ADMUNet, ADMUNetConfig, step_encoding
from restorer.diffusion.nn.sr3_unet import SR3UNet, SR3UNetConfig, level_encoding
from restorer.diffusion.public_denoisers import ADMDenoiser, SR3Denoiser
from restorer.diffusion.sampler import Evaluation, Walk, ancestral, ddim

GOLDEN = Path(__file__).resolve().parent.parent / "data" / "golden"
FORWARD, TRAJECTORY = 1e-5, 1e-4


@pytest.fixture(autouse=True)
def _torchs_own_convolutions() -> Iterator[None]:
    """The quick ones, which round differently, would be taken once another test has imported the trainer."""
    with kernels.direct():
        yield


SR3 = SR3UNetConfig(channels=8, norm_groups=4)
BASE = ADMUNetConfig(
    channels=32, multipliers=(1, 1, 2, 2), blocks=1, num_head_channels=16, attention_order="new"
)
UPSAMPLER = ADMUNetConfig(
    in_channels=6, channels=32, multipliers=(1, 1, 1, 1, 1, 2), blocks=1, attention=(3, 4, 5)
)
ADM = [("adm_base64", BASE, cosine_betas(1000)), ("adm_64_256", UPSAMPLER, linear_betas(1000, 1e-4, 0.02))]


def arrays(folder: str, name: str) -> dict[str, Tensor]:
    with np.load(GOLDEN / folder / f"{name}.npz") as file:
        return {key: torch.from_numpy(file[key]) for key in file.files}


def weights(folder: str, name: str = "model.pt") -> dict[str, Tensor]:
    found: dict[str, Tensor] = torch.load(GOLDEN / folder / name, weights_only=True)
    return found


@functools.cache  # no test changes it
def sr3() -> SR3UNet:
    network = SR3UNet(SR3)
    saved = weights("sr3_16_128", "I0_E0_gen.pth")
    network.load_state_dict(
        {k.removeprefix("denoise_fn."): v for k, v in saved.items() if k.startswith("denoise_fn.")}
    )
    return network.eval().requires_grad_(False)


@functools.cache  # who changes one takes a copy
def adm(folder: str, config: ADMUNetConfig) -> ADMUNet:
    network = ADMUNet(config)
    network.load_state_dict(weights(folder))
    return network.eval().requires_grad_(False)


def difference(a: Tensor, b: Tensor) -> float:
    assert a.shape == b.shape
    return float((a - b).abs().max())


def states(walk: Walk, denoiser: Any, condition: Tensor | None) -> list[Tensor]:
    """The states after every step, scaled to unit variance as those networks know them."""
    seen: list[Tensor] = []
    evaluation: Evaluation = next(walk)
    while True:
        estimate = denoiser(evaluation.x, torch.tensor([evaluation.sigma]), condition)
        try:
            evaluation = walk.send(estimate)
        except StopIteration as end:
            return [*seen, end.value]
        seen.append(evaluation.x / (1 + evaluation.sigma**2) ** 0.5)


@pytest.mark.parametrize("case", ["square", "oblong"])
def test_sr3_network_is_the_public_one(case: str) -> None:
    data = arrays("sr3_16_128", "forward")
    both = torch.cat([data[f"{case}_cond"], data[f"{case}_x_noisy"]], dim=1)
    eps = sr3()(both, data[f"{case}_noise_level"][:, 0])
    assert difference(eps, data[f"{case}_eps"]) <= FORWARD


def test_sr3_level_is_encoded_as_in_public() -> None:
    data, network = arrays("sr3_16_128", "forward"), sr3()
    level = data["emb_noise_level"][:, 0]
    assert difference(level_encoding(level, 8), data["emb_positional"][:, 0]) <= 1e-6
    assert difference(network.noise_level_mlp(level), data["emb_mlp"][:, 0]) <= 1e-6


def test_sr3_twenty_ancestral_steps_are_the_public_ones() -> None:
    data = arrays("sr3_16_128", "sampling20")
    grid = DiscreteSchedule(linear_betas(20, 1e-6, 0.6)).grid(range(20))
    start = data["y_T"] * (1 + grid[0] ** 2) ** 0.5
    walk = ancestral(start, grid, lambda step: data["noise"][step - 1], upper=False)
    found = states(walk, SR3Denoiser(sr3()), data["cond"])
    assert len(found) == 20
    for step, state in enumerate(found):
        assert difference(state, data["trajectory"][step]) <= TRAJECTORY, step
    assert difference(found[-1], data["final"]) <= TRAJECTORY


@pytest.mark.parametrize(("folder", "config"), [(folder, config) for folder, config, _ in ADM])
@pytest.mark.parametrize("case", ["square", "oblong"])
def test_adm_networks_are_the_public_ones(folder: str, config: ADMUNetConfig, case: str) -> None:
    data = arrays(folder, "forward")
    x = data[f"{case}_x"]
    if config.in_channels == 6:
        x = torch.cat([x, ADMDenoiser.enlarge(data[f"{case}_low_res"], 4)], dim=1)
    out = adm(folder, config)(x, data[f"{case}_t"], data[f"{case}_y"])
    assert difference(out, data[f"{case}_out"]) <= FORWARD


def test_adm_step_is_encoded_as_in_public() -> None:
    data = arrays("adm_base64", "forward")
    assert difference(step_encoding(data["emb_t"], 32), data["emb_sinusoidal"]) <= 1e-6


@pytest.mark.parametrize("how", ["ddpm10", "ddim10"])
@pytest.mark.parametrize(("folder", "config", "betas"), ADM)
def test_adm_ten_steps_are_the_public_ones(
    folder: str, config: ADMUNetConfig, betas: np.ndarray, how: str
) -> None:
    data = arrays(folder, f"sampling_{how}")
    visited = respace(1000, 10, ddim=how == "ddim10")
    assert visited == data["timestep_map"].tolist()
    denoiser = ADMDenoiser(adm(folder, config), DiscreteSchedule(betas))
    denoiser.choose(int(data["y"][0]))
    condition = ADMDenoiser.enlarge(data["low_res"], 4) if "low_res" in data else None
    grid = denoiser.schedule.grid(visited)
    sampler = ancestral if how == "ddpm10" else ddim
    start = data["x_T"] * (1 + grid[0] ** 2) ** 0.5
    found = states(sampler(start, grid, lambda step: data["noise"][step - 1]), denoiser, condition)
    assert len(found) == 10
    for step, state in enumerate(found):
        assert difference(state, data["trajectory"][step]) <= TRAJECTORY, step


@pytest.mark.parametrize(
    ("folder", "prefix", "network", "config"),
    [
        ("sr3_16_128", "denoise_fn.", SR3UNet, SR3UNetConfig()),
        (
            "adm_base64",
            "",
            ADMUNet,
            ADMUNetConfig(num_head_channels=64, attention_order="new"),
        ),
        (
            "adm_64_256",
            "",
            ADMUNet,
            ADMUNetConfig(in_channels=6, multipliers=(1, 1, 2, 2, 4, 4), blocks=2, attention=(3, 4, 5)),
        ),
    ],
)
def test_full_size_networks_have_the_public_names_and_shapes(
    folder: str, prefix: str, network: type[Any], config: Any
) -> None:
    real = json.loads((GOLDEN / folder / "real_shapes.json").read_text("utf-8"))["state_dict"]
    wanted = {
        name.removeprefix(prefix): tuple(shape)
        for name, (_, shape) in real.items()
        if name.startswith(prefix)
    }
    with torch.device("meta"):
        built = network(config).state_dict()
    assert {name: tuple(value.shape) for name, value in built.items()} == wanted


def test_a_step_is_found_from_its_noise_level_and_between_steps() -> None:
    for betas in (cosine_betas(1000), linear_betas(1000, 1e-4, 0.02)):
        schedule = DiscreteSchedule(betas)
        levels = torch.tensor(schedule.sigmas[[0, 1, 500, 998, 999]], dtype=torch.float32)
        assert schedule.step_of(levels).tolist() == [0, 1, 500, 998, 999]
        between = torch.tensor([float(schedule.sigmas[500] * schedule.sigmas[501]) ** 0.5])
        assert float(schedule.step_of(between)) == pytest.approx(500.5, abs=1e-3)
        assert schedule.step_of(torch.tensor([1e-9, 1e9])).tolist() == [0, 999]


def test_the_mean_class_mixes_all_and_a_chosen_one_is_alone() -> None:
    network = adm("adm_base64", BASE)
    denoiser = ADMDenoiser(network, DiscreteSchedule(cosine_betas(1000)))
    x, step = torch.randn(1, 3, 32, 32, generator=torch.Generator().manual_seed(1)), torch.tensor([400])
    mean = network(x, step, denoiser.classes[None])
    with torch.no_grad():
        shifted = copy.deepcopy(network)
        shifted.label_emb.weight[:] = network.label_emb.weight.mean(0)
    assert difference(mean, shifted(x, step, torch.tensor([5]))) <= FORWARD
    denoiser.choose(7)
    chosen = network(x, step, denoiser.classes[None])
    assert difference(chosen, network(x, step, torch.tensor([7]))) <= FORWARD
    assert difference(chosen, mean) > 1e-2
    with pytest.raises(ValueError, match="no class 1000"):
        denoiser.choose(1000)
    denoiser.choose(None)  # the next run names no class
    assert torch.equal(network(x, step, denoiser.classes[None]), mean)


def test_wrong_readings_are_told_apart_by_the_tolerance() -> None:
    data = arrays("adm_base64", "forward")
    for wrong in ({"attention_order": "legacy"}, {"num_head_channels": 32}):
        config = ADMUNetConfig(**(vars(BASE) | wrong))
        out = adm("adm_base64", config)(data["oblong_x"], data["oblong_t"], data["oblong_y"])
        assert difference(out, data["oblong_out"]) > 1e-2
