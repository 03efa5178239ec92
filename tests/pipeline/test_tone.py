"""Neutral in, neutral out: a photo without colours of its own gets none, and one with some keeps them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from skimage import data

from restorer.photo import Photo
from restorer.pipeline.colour_lock import find_tone
from restorer.pipeline.events import Done
from restorer.pipeline.request import RestoreRequest
from restorer.pipeline.restore import run

SEPIA = np.array([1.0, 0.86, 0.66])


def tensor(picture: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(picture.copy()).permute(2, 0, 1)[None].float() / 127.5 - 1


def grey(side: int = 96) -> np.ndarray:
    luma = data.astronaut()[:side, 180 : 180 + side].mean(axis=2, keepdims=True)
    return np.repeat(luma.round().astype(np.uint8), 3, axis=2)


def sepia() -> np.ndarray:
    shade = grey().astype(float) / 255
    noise = np.random.default_rng(0).normal(0, 0.01, shade.shape)
    return ((shade ** (1 / SEPIA) * SEPIA**0.3 + noise).clip(0, 1) * 255).round().astype(np.uint8)


def restored(picture: np.ndarray, model: str, **options: float) -> np.ndarray:
    photo = Photo(pixels=picture, alpha=None, icc=None, exif=None, xmp=None, dpi=None, path=None)
    *_, last = run(RestoreRequest(photo, model=model, preview_side=0, device="cpu", **options))  # type: ignore[arg-type]
    assert isinstance(last, Done)
    return last.photo.pixels


def test_a_neutral_photo_has_a_neutral_tone() -> None:
    tone = find_tone(tensor(grey()))
    assert tone is not None
    assert not bool(tone.coefficients.any())
    speckled = tensor(data.astronaut()[:64, :64])
    plain = tone.applied(speckled)
    assert torch.equal(plain[:, 0], plain[:, 1])
    assert torch.equal(plain[:, 0], plain[:, 2])


def test_sepia_has_a_tone_that_gives_its_colours_back() -> None:
    photo = tensor(sepia())
    tone = find_tone(photo)
    assert tone is not None
    assert bool(tone.coefficients.any())
    assert float((tone.applied(photo) - photo).abs().mean()) < 3 / 127.5


@pytest.mark.parametrize("side", [8, 40])
def test_one_small_coloured_thing_is_enough_to_leave_colours_alone(side: int) -> None:
    picture = grey()
    picture[20 : 20 + side, 30 : 30 + side] = (150, 90, 80)
    assert find_tone(tensor(picture)) is None


def test_a_coloured_photo_has_no_tone() -> None:
    assert find_tone(tensor(data.astronaut())) is None


@pytest.mark.parametrize("size", [(1, 1), (3, 200)])
def test_every_shape_is_looked_at(size: tuple[int, int]) -> None:
    colours = torch.rand((1, 3, *size), generator=torch.Generator().manual_seed(0)) * 2 - 1
    find_tone(colours)


@pytest.mark.parametrize("fidelity", [0.0, 0.75])
def test_neutral_in_neutral_out_to_the_bit(fidelity: float) -> None:
    result = restored(grey(64), "sr3-photo", fidelity=fidelity)
    assert result.shape == (256, 256, 3)
    assert (result == result[..., :1]).all()


def test_a_sepia_photo_keeps_its_tone_and_gets_no_speckle() -> None:
    photo = sepia()[:64, :64]
    result = restored(photo, "sr3-photo", fidelity=0.0).astype(float)
    tint = photo.astype(float).mean(axis=(0, 1))
    assert np.abs(result.mean(axis=(0, 1)) - tint).max() < 2
    # One tint for one shade: pixels of the same mean have the same colour, but for rounding.
    mean = result.mean(axis=2).round().astype(int)
    for shade in np.unique(mean)[::16]:
        assert np.ptp(result[mean == shade] - result[mean == shade].mean(1, keepdims=True), axis=0).max() < 4
