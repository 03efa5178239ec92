"""Figures against independent implementations and closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from skimage import data
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from restorer.evaluation import metrics
from restorer.evaluation.data import enlarge, reduce


@pytest.fixture(scope="module")
def cat() -> np.ndarray:
    return data.chelsea()[:200, :240]


@pytest.fixture(scope="module")
def worse(cat: np.ndarray) -> np.ndarray:
    noise = np.random.default_rng(0).normal(0, 12, cat.shape)
    return (cat + noise).round().clip(0, 255).astype(np.uint8)


def test_luma_has_matlabs_values_at_the_corners_of_the_cube() -> None:
    # rgb2ycbcr(uint8) of black, white, red, green, blue, before rounding
    colours = np.array([[[0, 0, 0], [255, 255, 255], [255, 0, 0], [0, 255, 0], [0, 0, 255]]], np.uint8)
    assert metrics.luma(colours)[0] == pytest.approx([16.0, 235.0, 81.481, 144.553, 40.966])


def test_luma_is_the_same_for_bytes_and_floats(cat: np.ndarray) -> None:
    assert metrics.luma(cat / 255.0) == pytest.approx(metrics.luma(cat))


def test_psnr_agrees_with_scikit_image(cat: np.ndarray, worse: np.ndarray) -> None:
    inside = slice(4, -4)
    expected = peak_signal_noise_ratio(
        metrics.luma(cat)[inside, inside], metrics.luma(worse)[inside, inside], data_range=255
    )
    assert metrics.psnr_y(worse, cat, 4) == pytest.approx(expected, abs=1e-9)


def test_psnr_of_one_level_of_luma_is_48_decibels() -> None:
    flat = np.full((20, 20, 3), 0.5)
    brighter = flat + 1 / 219  # one level of luma, whose range is 219
    assert metrics.psnr_y(brighter, flat) == pytest.approx(20 * math.log10(255))


def test_psnr_of_equal_pictures_is_infinite(cat: np.ndarray) -> None:
    assert metrics.psnr_y(cat, cat, 4) == math.inf


def test_the_border_is_not_looked_at(cat: np.ndarray) -> None:
    damaged = cat.copy()
    damaged[:4], damaged[-4:], damaged[:, :4], damaged[:, -4:] = 0, 0, 0, 0
    assert metrics.psnr_y(damaged, cat, 4) == math.inf
    assert metrics.psnr_y(damaged, cat, 3) < 40
    assert metrics.ssim_y(damaged, cat, 4) == pytest.approx(1.0)


@pytest.mark.parametrize("border", [0, 4])
def test_ssim_agrees_with_scikit_image(cat: np.ndarray, worse: np.ndarray, border: int) -> None:
    inside = slice(border, -border or None)
    expected = structural_similarity(
        metrics.luma(worse)[inside, inside],
        metrics.luma(cat)[inside, inside],
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
        data_range=255,
    )
    assert metrics.ssim_y(worse, cat, border) == pytest.approx(expected, abs=1e-9)


def test_pictures_of_different_size_are_refused(cat: np.ndarray) -> None:
    with pytest.raises(ValueError, match="different size"):
        metrics.psnr_y(cat[:-1], cat)


def test_a_perfect_upsampler_is_consistent_to_rounding(cat: np.ndarray) -> None:
    # Only rounding to 8 bits is left, 1/12 of a squared level each: Pillow rounds after either direction.
    assert metrics.consistency(cat, reduce(cat, 4)) < 2 / 12 / 255**2


def test_consistency_is_the_squared_shift_of_a_brightened_picture() -> None:
    low = np.full((8, 8, 3), 100, np.uint8)
    assert metrics.consistency(np.full((32, 32, 3), 110, np.uint8), low) == pytest.approx(
        (10 / 255) ** 2, rel=1e-4
    )


def test_bicubic_is_less_consistent_than_the_original(cat: np.ndarray) -> None:
    low = reduce(cat, 4)
    assert metrics.consistency(enlarge(low, 4), low) > 10 * metrics.consistency(cat, low)


def test_spectrum_error_is_nothing_for_the_original_and_large_for_blur_and_for_grain(cat: np.ndarray) -> None:
    blurred = enlarge(reduce(cat, 4), 4)
    grainy = (cat + np.random.default_rng(1).normal(0, 25, cat.shape)).clip(0, 255).astype(np.uint8)
    assert metrics.spectrum_error(cat, cat, 4) == 0.0
    assert metrics.spectrum_error(blurred, cat, 4) > 6
    assert metrics.spectrum_error(grainy, cat, 4) > 6


def test_spectrum_error_of_doubled_contrast_is_six_decibels() -> None:
    noise = np.random.default_rng(2).normal(0, 0.05, (64, 64, 1)).repeat(3, 2)
    assert metrics.spectrum_error(0.5 + 2 * noise, 0.5 + noise, 4) == pytest.approx(
        20 * math.log10(2), abs=0.05
    )


def test_a_tensor_becomes_the_bytes_that_would_be_saved(cat: np.ndarray) -> None:
    tensor = torch.from_numpy(cat).permute(2, 0, 1)[None] / 127.5 - 1
    assert np.array_equal(metrics.picture(tensor), cat)
    assert metrics.picture(torch.full((3, 1, 1), 7.0)).tolist() == [[[255, 255, 255]]]
