"""Colour speckle is calmed, colours of the photo stay, and brightness is not touched."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from restorer.pipeline.chroma import BAND, FULL_WEAR, REACH, WEIGHTS, calm_chroma, measure_speckle


def tensor(pixels: np.ndarray) -> Tensor:
    return torch.from_numpy(pixels).permute(2, 0, 1)[None].float() / 127.5 - 1


def luma(picture: Tensor) -> Tensor:
    return (picture * torch.tensor(WEIGHTS)[None, :, None, None]).sum(1)


@pytest.fixture(scope="module")
def speckled(chelsea: np.ndarray) -> tuple[Tensor, Tensor]:
    """A cat, and the same with blotches of colour about three pixels wide, of 6 levels."""
    clean = functional.avg_pool2d(tensor(chelsea), 2)
    noise = torch.randn(clean.shape, generator=torch.Generator().manual_seed(3))
    noise = functional.avg_pool2d(noise, 3, 1, 1)
    noise = noise - luma(noise)[:, None]
    return clean, (clean + noise / noise.std() * 6 / 127.5).clamp(-1, 1)


def test_speckle_goes_and_brightness_stays(speckled: tuple[Tensor, Tensor]) -> None:
    clean, worn = speckled
    calm = calm_chroma(worn, measure_speckle(worn), 1.0)
    before, after = ((each - clean).square().mean().sqrt() for each in (worn, calm))
    assert after < 0.6 * before
    inside = (calm.abs().amax(1) < 1) & (worn.abs().amax(1) < 1)
    assert float((luma(calm) - luma(worn))[inside].abs().max()) < 1e-5


def test_a_small_thing_with_a_colour_of_its_own_keeps_it(speckled: tuple[Tensor, Tensor]) -> None:
    _, worn = speckled
    worn = worn.clone()
    worn[..., 40:46, 60:66] = torch.tensor([0.6, -0.4, 0.1])[None, :, None, None]
    calm = calm_chroma(worn, measure_speckle(worn), 1.0)
    assert float((calm - worn)[..., 41:45, 61:65].abs().mean()) < 0.12


def test_nothing_changes_without_wear_or_speckle(speckled: tuple[Tensor, Tensor]) -> None:
    clean, worn = speckled
    assert calm_chroma(worn, measure_speckle(worn), 0.0) is worn
    grey = luma(clean)[:, None].expand_as(clean)
    assert calm_chroma(grey, measure_speckle(grey), 1.0) is grey


def test_half_the_wear_calms_half(speckled: tuple[Tensor, Tensor]) -> None:
    _, worn = speckled
    speckle = measure_speckle(worn)
    whole, half = (calm_chroma(worn, speckle, share * FULL_WEAR) for share in (1.0, 0.5))
    assert torch.allclose(half, (whole + worn) / 2, atol=1e-6)


def test_a_part_is_calmed_as_the_whole_is(speckled: tuple[Tensor, Tensor]) -> None:
    _, worn = speckled
    speckle = measure_speckle(worn)
    whole = calm_chroma(worn, speckle, 1.0)
    part = calm_chroma(worn[..., 20:100, 30:120], speckle, 1.0)
    inner = slice(REACH, -REACH)
    assert torch.allclose(part[..., inner, inner], whole[..., 20:100, 30:120][..., inner, inner], atol=1e-5)


def test_bands_of_a_high_photo_meet(speckled: tuple[Tensor, Tensor]) -> None:
    _, worn = speckled
    high = worn.repeat(1, 1, 4, 1)[..., : BAND + 40, :64]
    speckle = measure_speckle(high)
    whole = calm_chroma(high, speckle, 1.0)
    part = calm_chroma(high[..., BAND - 60 :, :], speckle, 1.0)
    assert torch.allclose(whole[..., BAND - 20 : BAND + 20, :], part[..., 40:80, :], atol=1e-5)
