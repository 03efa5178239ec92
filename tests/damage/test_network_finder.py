"""Finding: tiles find what the whole finds, at the photo's own size, and large photos are looked at twice."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from restorer.damage import network_finder
from restorer.damage.network_finder import find_damage
from restorer.device import choose
from restorer.diffusion.nn.damage_unet import DamageUNet, DamageUNetConfig, mixed
from restorer.kernels import Conv2d
from restorer.photo import Photo


@pytest.fixture
def network() -> DamageUNet:
    """A tiny one that finds something everywhere."""
    torch.manual_seed(0)
    network = DamageUNet(DamageUNetConfig(channels=(8, 8, 8), around=(8, 8))).eval()
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.25)
    return network.requires_grad_(False)


def test_tiles_find_what_the_whole_finds(network: DamageUNet, chelsea: np.ndarray) -> None:
    photo = Photo(chelsea[:270, :390])
    shares: list[float] = []
    tiled = find_damage(photo, network, choose("cpu"), shares.append, tile=128)
    whole = find_damage(photo, network, choose("cpu"))
    assert tiled.size == photo.size
    assert np.abs(tiled.found.astype(int) - whole.found).max() <= 1
    assert np.ptp(whole.found) > 50
    assert shares == sorted(shares)
    assert (len(shares), shares[-1]) == (12, 1.0)


def test_tiles_are_as_large_as_each_other(
    network: DamageUNet, monkeypatch: pytest.MonkeyPatch, chelsea: np.ndarray
) -> None:
    seen: list[tuple[int, ...]] = []
    forward = network.forward

    def watched(photo: Tensor, around: Tensor) -> Tensor:
        seen.append(tuple(photo.shape[-2:]))
        return forward(photo, around)

    monkeypatch.setattr(network, "forward", watched)
    # A little more than a tile holds makes two halves, not a whole tile and one that is all margin.
    find_damage(Photo(chelsea[:64, :264]), network, choose("cpu"), tile=256)
    half = 272 // 2  # as the sides of a photo are padded to a multiple of 16
    assert network.config.margin == 88
    assert seen == [(64, half + 88), (64, half + 88)]


def test_both_pictures_of_a_merge_are_mixed_as_one_convolution_does(network: DamageUNet) -> None:
    torch.manual_seed(1)
    fine, coarse = torch.randn(2, 8, 6, 10), torch.randn(2, 8, 3, 5)
    grow, merge = network.detail.grow[0], network.detail.merge[0]
    assert isinstance(grow, Conv2d)
    assert isinstance(merge, Conv2d)
    enlarged = functional.interpolate(functional.conv2d(coarse, grow.weight, grow.bias), scale_factor=2.0)
    wanted = functional.conv2d(torch.cat([enlarged, fine], dim=1), merge.weight, merge.bias)
    below = mixed(mixed(coarse, grow, 0), merge, 0)
    found = functional.interpolate(below, scale_factor=2.0) + mixed(fine, merge, 8)
    torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-4)


def test_a_large_photo_is_looked_at_once_more_reduced(
    network: DamageUNet, chelsea: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = Photo(chelsea[:200, :240])
    once = find_damage(photo, network, choose("cpu")).found
    monkeypatch.setattr(network_finder, "LARGE", 200)
    monkeypatch.setattr(network_finder, "OVERVIEW", 100)
    shares: list[float] = []
    twice = find_damage(photo, network, choose("cpu"), shares.append).found
    assert twice.shape == once.shape
    assert (twice >= once).all()
    assert (twice > once).any()
    assert shares[-1] == pytest.approx(1)


def test_grey_photos_and_odd_sizes_are_looked_at(network: DamageUNet) -> None:
    photo = Photo(np.full((37, 51, 1), 128, np.uint8))
    assert find_damage(photo, network, choose("cpu")).size == (51, 37)
