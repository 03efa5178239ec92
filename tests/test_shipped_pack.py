"""The pack that ships, on real photographs that it was not trained on."""

from __future__ import annotations

import functools
import itertools

import numpy as np
import pytest

from restorer.device import choose
from restorer.evaluation.colour import colour_drift
from restorer.evaluation.damage import spoil
from restorer.evaluation.data import enlarge, reduce
from restorer.evaluation.metrics import consistency, psnr_y, spectrum_error
from restorer.packs import catalog, loader
from restorer.packs.catalog import named
from restorer.photo import Photo
from restorer.pipeline import restore
from restorer.pipeline.events import Done
from restorer.pipeline.plan import Cascade, plan_restore
from restorer.pipeline.request import Preset, RestoreRequest

PHOTOS = ["astronaut", "chelsea", "coffee"]
DENOISER, DISTILLED, LARGE = "sr3-photo-4x", "sr3-photo", "sr3-photo-large"
SHIPPED = [pack.name for pack in catalog.all_packs() if pack.shipped]


def original(name: str) -> np.ndarray:
    from skimage import data

    picture = np.asarray(getattr(data, name)())
    return picture[:256, 100:356]


@functools.cache
def restored(
    name: str, model: str, seed: int = 0, preset: str = "balanced", fidelity: float = 0.8
) -> np.ndarray:
    low = reduce(original(name), 4)
    request = RestoreRequest(
        Photo(low),
        4,
        Preset(preset),
        fidelity=fidelity,
        seed=seed,
        model=model,
        device="cpu",
        preview_side=0,
        faces="off",
    )
    *_, last = restore.run(request)
    assert isinstance(last, Done)
    assert last.photo.pixels.shape == (256, 256, 3)
    return last.photo.pixels


def test_the_packs_ship_and_their_weights_are_those_of_their_configs() -> None:
    assert {DENOISER, DISTILLED, LARGE} <= set(SHIPPED)
    for pack in (named(name) for name in SHIPPED):
        assert loader.load(pack, choose("cpu")).stride in (8, 16)
        assert (pack.folder / "model.safetensors").stat().st_size < 40 * 2**20
        assert (pack.folder / "CARD.md").read_text("utf-8").startswith(f"# {pack.name}")
        assert pack.config["licence"]
        assert pack.config["data"]


def test_the_distilled_one_is_what_every_scale_gets() -> None:
    """The larger one of its kind where there is time."""
    for scale in (1, 2, 4, 8, 16):
        for preset, name in (("draft", DISTILLED), ("balanced", LARGE), ("best", LARGE)):
            stages = plan_restore(RestoreRequest(Photo(original("coffee")), scale, Preset(preset))).stages
            assert {stage.pack.name for stage in stages} == {name}


@pytest.mark.parametrize("model", [DENOISER, DISTILLED, LARGE])
@pytest.mark.parametrize("name", PHOTOS)
def test_fine_detail_has_the_strength_of_the_originals(name: str, model: str) -> None:
    """Bicubic enlargement leaves the upper three quarters of the frequencies empty; the packs do not."""
    true = original(name)
    plain = enlarge(reduce(true, 4), 4)
    assert spectrum_error(restored(name, model), true, 4) < 0.5 * spectrum_error(plain, true, 4)


# The distilled network answers once: it is sharper, and what it invents agrees a little less with the photo.
@pytest.mark.parametrize(("model", "most"), [(DENOISER, 1e-4), (DISTILLED, 2e-4), (LARGE, 2e-4)])
@pytest.mark.parametrize("name", PHOTOS)
def test_the_result_stays_with_the_photo(name: str, model: str, most: float) -> None:
    true = original(name)
    low = reduce(true, 4)
    plain = enlarge(low, 4)
    assert psnr_y(restored(name, model), true, 4) > psnr_y(plain, true, 4) - 1.3
    assert consistency(restored(name, model), low) < most


@pytest.mark.parametrize("name", PHOTOS)
def test_one_evaluation_of_the_denoiser_already_beats_bicubic(name: str) -> None:
    true = original(name)
    plain = enlarge(reduce(true, 4), 4)
    assert psnr_y(restored(name, DENOISER, preset="draft"), true, 4) > psnr_y(plain, true, 4)


@pytest.mark.parametrize("name", PHOTOS)
def test_one_evaluation_of_the_distilled_network_is_sharp_already(name: str) -> None:
    true = original(name)
    plain, made = enlarge(reduce(true, 4), 4), restored(name, DISTILLED, preset="draft")
    assert spectrum_error(made, true, 4) < 0.4 * spectrum_error(plain, true, 4)
    assert psnr_y(made, true, 4) > psnr_y(plain, true, 4) - 0.8


def test_two_seeds_differ_in_texture_and_never_in_colour() -> None:
    for model, preset in ((DENOISER, "balanced"), (DISTILLED, "balanced"), (LARGE, "best")):
        first, second = (restored("astronaut", model, seed, preset).astype(float) for seed in (0, 1))
        assert np.abs(first - second).mean() > 3.0
        blocks = [image.reshape(8, 32, 8, 32, 3).mean(axis=(1, 3)) for image in (first, second)]
        assert np.abs(blocks[0] - blocks[1]).max() < 1.5


@pytest.mark.parametrize("name", PHOTOS)
def test_agreement_with_the_photo_grows_with_fidelity(name: str) -> None:
    low = reduce(original(name), 4)
    made = [restored(name, DISTILLED, preset="draft", fidelity=f) for f in (0.0, 0.25, 0.5, 0.75, 1.0)]
    errors = [consistency(each, low) for each in made]
    assert all(after <= 1.02 * before for before, after in itertools.pairwise(errors)), errors


@pytest.mark.parametrize("name", PHOTOS)
def test_colours_stay_the_photos(name: str) -> None:
    low = reduce(original(name), 4)
    assert colour_drift(restored(name, DISTILLED), low) < 0.5


@functools.cache
def mended(name: str, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Damage on a photo of 256 pixels that is then reduced twice: (reduced and whole, damaged, mended)."""
    damaged, _ = spoil(original(name), 2, seed)
    low = reduce(damaged, 2)
    request = RestoreRequest(Photo(low), 1, device="cpu", preview_side=0, repair=True)
    stages = plan_restore(request).stages
    only = Cascade(tuple(stage for stage in stages if stage.pack.mends))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(restore, "plan_restore", lambda request, wear=None: only)
        *_, last = restore.run(request)
    assert isinstance(last, Done)
    return reduce(original(name), 2), low, last.photo.pixels


@pytest.mark.parametrize("name", PHOTOS)
def test_repair_takes_damage_away(name: str) -> None:
    """A fifth of its error in four draws of it; what is not damaged stays, but for what looks like it."""
    before = after = touched = 0.0
    for seed in range(4):
        whole, low, answer = (each.astype(float) for each in mended(name, seed))
        there = np.abs(low - whole).max(2) > 8
        before += np.abs(low - whole)[there].sum()
        after += np.abs(answer - whole)[there].sum()
        touched += (np.abs(answer - low).max(2)[~there] > 8).mean() / 4
    assert after < 0.8 * before
    assert touched < 0.1
