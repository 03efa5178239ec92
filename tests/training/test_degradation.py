"""What training does to a crop, against independent implementations."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn import functional

from restorer.pipeline.colour_lock import estimate_grain
from restorer.training.degradation.first_order import (
    Degradation,
    Pair,
    degrade,
    draw_sigma,
    gaussian_blur,
    reduce_bicubic,
)
from restorer.training.degradation.jpeg import jpeg


def tensor(image: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(image.transpose(2, 0, 1).copy())[None].float() / 127.5 - 1


def array(image: torch.Tensor) -> np.ndarray:
    return ((image[0].clamp(-1, 1) + 1) * 127.5).round().permute(1, 2, 0).numpy()


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize(("quality", "subsampling"), [(90, 0), (60, 0), (35, 2), (85, 2)])
def test_jpeg_does_what_libjpeg_does(chelsea: np.ndarray, quality: int, subsampling: int) -> None:
    crop = chelsea[:128, 100:244]
    buffer = io.BytesIO()
    Image.fromarray(crop).save(buffer, "JPEG", quality=quality, subsampling=subsampling)
    real = np.asarray(Image.open(buffer)).astype(float)
    ours = array(jpeg(tensor(crop), torch.tensor([float(quality)]), torch.tensor([subsampling == 2])))
    assert np.abs(ours - real).mean() < 0.8
    assert np.abs(ours - real).mean() < 0.25 * np.abs(crop - real).mean()


def test_jpeg_takes_a_quality_of_its_own_for_each_picture(chelsea: np.ndarray) -> None:
    crop = tensor(chelsea[:64, 100:164])
    both = jpeg(crop.repeat(2, 1, 1, 1), torch.tensor([95.0, 20.0]), torch.tensor([False, True]))
    assert torch.equal(both[0], jpeg(crop, torch.tensor([95.0]), torch.tensor([False]))[0])
    error = (both - crop).square().mean(dim=(1, 2, 3))
    assert error[1] > 4 * error[0]


def test_reduction_is_the_papers_antialiased_bicubic(chelsea: np.ndarray) -> None:
    crop = chelsea[:256, :256]
    expected = np.asarray(Image.fromarray(crop).resize((64, 64), Image.Resampling.BICUBIC)).astype(float)
    difference = np.abs(array(reduce_bicubic(tensor(crop), 4)) - expected)
    assert difference.max() <= 1
    assert difference.mean() < 0.15  # Pillow rounds between its two passes


def test_blur_is_gaussian_and_each_picture_has_its_own() -> None:
    from scipy.ndimage import gaussian_filter

    plane = np.random.default_rng(0).random((2, 3, 40, 40)).astype(np.float32)
    blurred = gaussian_blur(torch.from_numpy(plane), torch.tensor([0.7, 2.0])).numpy()
    for index, sigma in enumerate((0.7, 2.0)):
        expected = gaussian_filter(plane[index], (0, sigma, sigma), mode="mirror", radius=8)
        assert np.abs(blurred[index] - expected).max() < 1e-4


def test_clean_pairs_are_the_plain_reduction_and_told_no_noise(chelsea: np.ndarray) -> None:
    crop = tensor(chelsea[:128, :128]).repeat(6, 1, 1, 1)
    pair = degrade(crop, 4, Degradation(worn=0, grey=0, augmented=0), generator())
    assert torch.equal(pair.low, reduce_bicubic(crop, 4))
    assert torch.equal(pair.s, torch.zeros(6))


def test_noise_is_raised_to_the_told_level(chelsea: np.ndarray) -> None:
    """Noise of grain and augmentation together, measured against the same pictures without it."""
    crop = torch.zeros(64, 3, 128, 128)
    how = Degradation(worn=0.5, grey=0.0, blur=(0.2, 0.2), grain=(0, 0.08), quality=(95, 95), augmented=0.6)
    pair = degrade(crop, 4, how, generator(2))
    measured = pair.low.std(dim=(1, 2, 3))
    strong = pair.s > 0.1  # there the grain that the estimate does not see hardly counts
    assert strong.sum() >= 15
    ratio = measured[strong] / pair.s[strong]
    assert float(ratio.median()) == pytest.approx(1, abs=0.05)
    assert float(ratio.max()) < 1.35
    assert float(ratio.min()) > 0.9
    assert torch.all(measured[pair.s == 0] < 0.09)


def test_grain_is_told_as_the_app_would_estimate_it_after_jpeg(chelsea: np.ndarray) -> None:
    """Told what was there before JPEG, a network takes most scans for clean, whose estimate is lower."""
    crop = torch.cat([tensor(chelsea[:256, left : left + 256]) for left in (0, 60, 120, 180)] * 8)
    how = Degradation(worn=1, grey=0.1, blur=(1.0, 3.0), quality=(60, 95), coarse=0.4, augmented=0)
    pair = degrade(crop, 4, how, generator(4))
    estimates = torch.tensor([estimate_grain(low[None]) for low in pair.low])
    assert (estimates > 0).sum() >= 6
    assert float(np.corrcoef(pair.s, estimates)[0, 1]) > 0.9
    assert float((pair.s - estimates).abs().mean()) < 0.3 * float(estimates.mean())


def damaged(chelsea: np.ndarray, repaired: float) -> Pair:
    crop = tensor(chelsea[:128, :128]).repeat(6, 1, 1, 1)
    how = Degradation(
        worn=1,
        grey=0,
        blur=(0.2, 0.2),
        grain=(0, 0),
        quality=(95, 95),
        augmented=0,
        damaged=1,
        repaired=repaired,
    )
    return degrade(crop, 4, how, generator(3))


def test_damage_is_in_the_photo_and_in_the_answer_only_if_it_is_not_to_be_mended(
    chelsea: np.ndarray,
) -> None:
    original = tensor(chelsea[:128, :128])
    mend, keep = damaged(chelsea, 1.0), damaged(chelsea, 0.0)
    assert torch.all(mend.told[:, 1] == 1)
    assert torch.all(keep.told[:, 1] == 0)
    assert torch.equal(mend.opacity, keep.opacity)
    assert torch.all(mend.opacity.amax(dim=(1, 2, 3)) > 0.4)
    hidden = (mend.opacity > 0.4).expand_as(mend.clean)
    assert torch.equal(mend.clean, original.expand_as(mend.clean))
    assert float((keep.clean - original).abs()[hidden].mean()) > 0.2
    bare = (mend.opacity == 0).expand_as(mend.clean)
    assert torch.equal(keep.clean[bare], original.expand_as(keep.clean)[bare])
    whole = reduce_bicubic(original, 4)
    inside = functional.max_pool2d(mend.opacity, 4) > 0.4
    gap = (mend.low - whole).abs().mean(1, keepdim=True)
    assert float(gap[inside].mean()) > 4 * float(
        gap[functional.max_pool2d(mend.opacity, 13, 4, 6) == 0].mean()
    )


def test_undamaged_photos_are_told_to_be_mended_too_and_clean_ones_never(chelsea: np.ndarray) -> None:
    crop = tensor(chelsea[:64, :64]).repeat(200, 1, 1, 1)
    pair = degrade(crop, 4, Degradation(worn=0.5, damaged=0.2, watchful=0.3), generator(8))
    whole = pair.opacity.amax(dim=(1, 2, 3)) == 0
    assert 0.05 < float(pair.told[whole, 1].mean()) < 0.3
    assert torch.all(pair.told[:, 0] == 0)  # 4x
    assert torch.all(degrade(crop, 2, Degradation(), generator(8)).told[:, 0] == -1)


def test_grey_crops_stay_grey_all_the_way(chelsea: np.ndarray) -> None:
    crop = tensor(chelsea[:128, :128]).repeat(8, 1, 1, 1)
    pair = degrade(crop, 4, Degradation(worn=1, grey=1), generator(1))
    for image in (pair.clean, pair.low):
        assert float((image - image.mean(1, keepdim=True)).abs().max()) < 0.03


def test_a_past_depends_on_the_generator_alone(chelsea: np.ndarray) -> None:
    crop = tensor(chelsea[:128, :128]).repeat(4, 1, 1, 1)
    first, again = (degrade(crop, 4, Degradation(), generator(5)) for _ in range(2))
    assert torch.equal(first.low, again.low)
    assert not torch.equal(first.low, degrade(crop, 4, Degradation(), generator(6)).low)


def test_noise_levels_follow_the_log_normal_law() -> None:
    draws = torch.cat([draw_sigma(24, -2.2, 1.2, generator(seed)) for seed in range(400)]).log()
    assert float(draws.mean()) == pytest.approx(-2.2, abs=0.02)
    assert float(draws.std()) == pytest.approx(1.2, rel=0.02)
