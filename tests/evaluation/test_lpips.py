"""LPIPS: the network's layout, its strictness, and what any distance must satisfy, with random weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from skimage import data
from torch import Tensor
from torch.nn import functional

from restorer.errors import PackError
from restorer.evaluation.lpips import LPIPS, load_lpips, squeeze_features, tensor

SHAPES = {  # of the published file: squeeze, expand and input channels of the eight Fire modules
    3: (16, 64, 64), 4: (16, 64, 128), 6: (32, 128, 128), 7: (32, 128, 256),
    9: (48, 192, 256), 10: (48, 192, 384), 11: (64, 256, 384), 12: (64, 256, 512),
}  # fmt: skip


def published_state() -> dict[str, Tensor]:
    """Random weights under the names and shapes of the authors' files."""
    torch.manual_seed(0)
    state = {"0.weight": torch.randn(64, 3, 3, 3) * 0.2, "0.bias": torch.randn(64) * 0.1}
    for index, (squeeze, expand, inside) in SHAPES.items():
        for name, shape in {
            "squeeze": (squeeze, inside, 1, 1),
            "expand1x1": (expand, squeeze, 1, 1),
            "expand3x3": (expand, squeeze, 3, 3),
        }.items():
            state[f"{index}.{name}.weight"] = torch.randn(shape) * (2 / (shape[1] * shape[2] ** 2)) ** 0.5
            state[f"{index}.{name}.bias"] = torch.randn(shape[0]) * 0.05
    return state


def write_weights(folder: Path, state: dict[str, Tensor]) -> None:
    heads = zip(range(7), (64, 128, 256, 384, 384, 512, 512), strict=True)
    torch.save(
        {f"lin{i}.model.1.weight": torch.rand(1, c, 1, 1) for i, c in heads}, folder / "lin_v0.1_squeeze.pth"
    )
    torch.save(state, folder / "squeeze.backbone.pth")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> LPIPS:
    folder = tmp_path_factory.mktemp("weights")
    write_weights(folder, published_state())
    return load_lpips(folder)


@pytest.fixture(scope="module")
def cup() -> np.ndarray:
    return data.coffee()[100:228, 200:328]


def grainy(picture: np.ndarray, deviation: float) -> np.ndarray:
    noise = np.random.default_rng(3).normal(0, deviation, picture.shape)
    return (picture + noise).round().clip(0, 255).astype(np.uint8)


def test_the_network_has_the_published_layout() -> None:
    published = {name: value.shape for name, value in published_state().items()}
    assert {name: value.shape for name, value in squeeze_features().state_dict().items()} == published
    assert (
        sum(shape.numel() for shape in published.values()) == 722_496
    )  # SqueezeNet 1.1 without its classifier


def test_the_distance_is_the_papers_equation_written_out(model: LPIPS, cup: np.ndarray) -> None:
    """An independent functional network on the same weights, layer by layer."""
    state, mean = published_state(), torch.tensor([-0.030, -0.088, -0.188]).view(3, 1, 1)
    spread = torch.tensor([0.458, 0.448, 0.450]).view(3, 1, 1)

    def features(x: Tensor) -> list[Tensor]:
        x = functional.conv2d((x - mean) / spread, state["0.weight"], state["0.bias"], stride=2).relu()
        taps = [x]
        for index in SHAPES:
            if index in (3, 6, 9):
                x = functional.max_pool2d(x, 3, 2, ceil_mode=True)
            x = functional.conv2d(x, state[f"{index}.squeeze.weight"], state[f"{index}.squeeze.bias"]).relu()
            one = functional.conv2d(x, state[f"{index}.expand1x1.weight"], state[f"{index}.expand1x1.bias"])
            three = functional.conv2d(
                x, state[f"{index}.expand3x3.weight"], state[f"{index}.expand3x3.bias"], padding=1
            )
            x = torch.cat([one, three], 1).relu()
            if index in (4, 7, 9, 10, 11, 12):
                taps.append(x)
        return [functional.normalize(tap, dim=1, eps=1e-10) for tap in taps]

    other = grainy(cup, 20)
    expected = sum(
        float((head.weight[0] * (f - g).square()[0]).sum(0).mean())
        for head, f, g in zip(model.heads, features(tensor(cup)), features(tensor(other)), strict=True)
    )
    assert model.distance(cup, other) == pytest.approx(expected, rel=1e-5)


def test_a_picture_has_no_distance_to_itself(model: LPIPS, cup: np.ndarray) -> None:
    assert model.distance(cup, cup) == 0.0


def test_distance_grows_with_distortion_and_does_not_depend_on_the_order(
    model: LPIPS, cup: np.ndarray
) -> None:
    distances = [model.distance(grainy(cup, deviation), cup) for deviation in (3, 10, 30)]
    assert 0 < distances[0] < distances[1] < distances[2]
    assert model.distance(cup, grainy(cup, 30)) == pytest.approx(distances[2], rel=1e-5)


def test_bytes_and_floats_mean_the_same_picture(model: LPIPS, cup: np.ndarray) -> None:
    assert model.distance(cup / 255.0, cup) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("damage", ["missing", "extra", "shape"])
def test_weights_of_another_layout_are_refused(tmp_path: Path, damage: str) -> None:
    state = published_state()
    if damage == "missing":
        del state["12.squeeze.bias"]
    elif damage == "extra":
        state["13.weight"] = torch.zeros(1)
    else:
        state["0.bias"] = torch.zeros(63)
    write_weights(tmp_path, state)
    with pytest.raises(PackError, match="do not fit SqueezeNet"):
        load_lpips(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="squeeze"):
        load_lpips(tmp_path)
