"""The pack that ships, on real photographs that it was not trained on."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from restorer import catalog, engine
from restorer.device import choose
from restorer.evaluation.data import enlarge, reduce
from restorer.evaluation.metrics import consistency, psnr_y, spectrum_error
from restorer.events import Done
from restorer.photo import Photo
from restorer.request import RestoreRequest

PHOTOS = ["astronaut", "chelsea", "coffee"]
SHIPPED = [pack.name for pack in catalog.all_packs() if pack.shipped]


def original(name: str) -> np.ndarray:
    from skimage import data

    picture = np.asarray(getattr(data, name)())
    return picture[:256, 100:356]


@functools.cache
def restored(name: str, seed: int = 0, preset: str = "balanced") -> np.ndarray:
    low = reduce(original(name), 4)
    request = RestoreRequest(Photo(low), scale=4, fidelity=0.8, seed=seed, preset=preset, device="cpu")  # type: ignore[arg-type]
    *_, last = engine.run(request)
    assert isinstance(last, Done)
    assert last.photo.pixels.shape == (256, 256, 3)
    return last.photo.pixels


def test_a_4x_pack_ships_and_its_weights_are_those_of_its_config() -> None:
    assert SHIPPED, "no pack under models/"
    for pack in (catalog.find(4, name) for name in SHIPPED if catalog.find(4, name).scale == 4):
        assert catalog.load(pack, choose("cpu")).stride == 16
        assert (pack.folder / "model.safetensors").stat().st_size < 40 * 2**20
        assert (pack.folder / "CARD.md").read_text("utf-8").startswith(f"# {pack.name}")
        assert pack.config["licence"]
        assert pack.config["data"]


@pytest.mark.parametrize("name", PHOTOS)
def test_fine_detail_has_the_strength_of_the_originals(name: str) -> None:
    """Bicubic enlargement leaves the upper three quarters of the frequencies empty; the pack does not."""
    true = original(name)
    plain = enlarge(reduce(true, 4), 4)
    assert spectrum_error(restored(name), true, 4) < 0.5 * spectrum_error(plain, true, 4)


@pytest.mark.parametrize("name", PHOTOS)
def test_the_result_stays_with_the_photo(name: str) -> None:
    true = original(name)
    low = reduce(true, 4)
    plain = enlarge(low, 4)
    assert psnr_y(restored(name), true, 4) > psnr_y(plain, true, 4) - 1.6
    assert consistency(restored(name), low) < 2e-4


@pytest.mark.parametrize("name", PHOTOS)
def test_one_evaluation_is_sharp_already_and_costs_little_psnr(name: str) -> None:
    true = original(name)
    plain, made = enlarge(reduce(true, 4), 4), restored(name, preset="draft")
    assert psnr_y(made, true, 4) > psnr_y(plain, true, 4) - 1.0
    assert spectrum_error(made, true, 4) < 0.5 * spectrum_error(plain, true, 4)


def test_two_seeds_differ_in_texture_and_never_in_colour() -> None:
    first, second = restored("astronaut", 0).astype(float), restored("astronaut", 1).astype(float)
    assert np.abs(first - second).mean() > 3.0
    blocks = [image.reshape(8, 32, 8, 32, 3).mean(axis=(1, 3)) for image in (first, second)]
    assert np.abs(blocks[0] - blocks[1]).max() < 1.5
