"""NIQE: its parts against closed forms, the whole against what it must rank."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from skimage import data

from restorer.errors import PackError
from restorer.evaluation.data import enlarge, reduce
from restorer.evaluation.metrics import gaussian_window
from restorer.evaluation.niqe import NIQE, block_features, fit_aggd, half, load_niqe, normalised

WINDOW = np.outer(gaussian_window(7, 7 / 6), gaussian_window(7, 7 / 6))


def test_shape_of_gaussian_and_laplacian_values_is_found() -> None:
    draw = np.random.default_rng(0)
    shape, left, right = fit_aggd(draw.normal(0, 2, (300, 300)))
    assert shape == pytest.approx(2.0, abs=0.05)
    assert left == pytest.approx(
        2 * math.sqrt(2), rel=0.03
    )  # a generalised Gaussian's scale is sigma * sqrt(2)
    assert right == pytest.approx(2 * math.sqrt(2), rel=0.03)
    assert fit_aggd(draw.laplace(0, 1, (300, 300)))[0] == pytest.approx(1.0, abs=0.03)


def test_asymmetry_is_found() -> None:
    values = np.random.default_rng(1).normal(0, 1, (300, 300))
    _, left, right = fit_aggd(np.where(values > 0, 3 * values, values))
    assert right / left == pytest.approx(3.0, rel=0.03)


def test_normalised_white_noise_has_no_mean_and_nearly_unit_deviation() -> None:
    field = normalised(np.random.default_rng(2).normal(128, 30, (192, 192)), WINDOW)
    assert abs(field.mean()) < 0.02
    assert 0.7 < field.std() < 1.1


def test_halving_keeps_a_ramp() -> None:
    ramp = np.arange(32.0)[None, :] + 10 * np.arange(32.0)[:, None]
    expected = 2 * np.arange(16.0)[None, :] + 0.5 + 10 * (2 * np.arange(16.0)[:, None] + 0.5)
    assert half(ramp)[2:-2, 2:-2] == pytest.approx(expected[2:-2, 2:-2])


def test_a_block_without_texture_has_no_features() -> None:
    assert all(math.isnan(feature) for feature in block_features(np.zeros((96, 96))))


@pytest.fixture(scope="module")
def from_photographs() -> NIQE:
    """A model of good photographs, made as the authors made theirs, of one photograph."""
    pristine = NIQE(np.zeros(36), np.zeros((36, 36)), WINDOW)
    table = pristine.features(data.astronaut())
    return NIQE(table.mean(0), np.cov(table, rowvar=False), WINDOW)


def test_blur_and_noise_score_worse_than_a_photograph(from_photographs: NIQE) -> None:
    photo = data.chelsea()[:288, :384]
    blurred = enlarge(reduce(photo, 4), 4)
    noisy = (photo + np.random.default_rng(3).normal(0, 30, photo.shape)).clip(0, 255).astype(np.uint8)
    good, soft, rough = (from_photographs.score(picture) for picture in (photo, blurred, noisy))
    assert good is not None
    assert soft is not None
    assert rough is not None
    assert good < soft
    assert good < rough


def test_a_picture_of_one_block_or_of_one_colour_has_no_score(from_photographs: NIQE) -> None:
    assert from_photographs.score(data.chelsea()[:150, :150]) is None
    assert from_photographs.score(np.full((200, 200, 3), 90, np.uint8)) is None


def test_missing_and_misshapen_parameters_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="niqe_pris_params"):
        load_niqe(tmp_path)
    np.savez(
        tmp_path / "niqe_pris_params.npz",
        mu_pris_param=np.zeros((1, 35)),
        cov_pris_param=np.eye(36),
        gaussian_window=WINDOW,
    )
    with pytest.raises(PackError, match="shapes"):
        load_niqe(tmp_path)
