"""Second-order degradation: pure for a seed, clean at wear 0, worse with wear, neutral where it should be."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from restorer.training.degradation.second_order import Scan, scan

COLOURED = Scan(grey=0.0)
GREY = Scan(grey=1.0, toned=0.0)


def photo(side: int = 128) -> np.ndarray:
    """A picture with edges, slopes and colours."""
    y, x = np.mgrid[:side, :side].astype(np.float32) / side
    planes = [0.5 + 0.4 * np.sin(9 * x + 5 * y), 0.3 + 0.5 * (np.hypot(x - 0.5, y - 0.5) < 0.3), x * y]
    return (np.stack(planes, axis=2).clip(0, 1) * 255).astype(np.uint8)


def test_the_same_seed_makes_the_same_scan() -> None:
    one, other = (scan(photo(), 4, 0.8, np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(one[0], other[0])
    np.testing.assert_array_equal(one[1], other[1])


@pytest.mark.parametrize("scale", [1, 2, 4])
def test_sizes_follow_the_scale(scale: int) -> None:
    toned, low = scan(photo(), scale, 1.0, np.random.default_rng(0))
    assert toned.shape == (128, 128, 3)
    assert low.shape == (128 // scale, 128 // scale, 3)
    assert low.dtype == np.uint8


def test_without_wear_it_is_the_plain_bicubic_reduction() -> None:
    toned, low = scan(photo(), 4, 0.0, np.random.default_rng(0), COLOURED)
    np.testing.assert_array_equal(toned, photo())
    plain = Image.fromarray(photo()).resize((32, 32), Image.Resampling.BICUBIC)
    np.testing.assert_array_equal(low, np.asarray(plain))


def test_more_wear_leaves_less_of_the_picture() -> None:
    def error(wear: float) -> float:
        errors = []
        for seed in range(24):
            toned, low = scan(photo(), 4, wear, np.random.default_rng(seed), COLOURED)
            plain = Image.fromarray(toned).resize((32, 32), Image.Resampling.BICUBIC)
            errors.append(np.square(low.astype(float) - np.asarray(plain, float)).mean())
        return float(np.mean(errors))

    levels = [error(wear) for wear in (0.0, 0.3, 0.6, 1.0)]
    assert levels == sorted(levels)
    assert levels[0] == 0
    assert levels[3] > 2 * levels[1]


def test_a_grey_photo_stays_neutral_through_both_rounds() -> None:
    for seed in range(20):
        toned, low = scan(photo(), 4, 1.0, np.random.default_rng(seed), GREY)
        for picture in (toned, low):
            assert (picture.max(axis=2) == picture.min(axis=2)).all(), seed


def test_fading_belongs_to_the_picture_that_is_to_be_found() -> None:
    faded = Scan(grey=0.0, faded=1.0)
    toned, _ = scan(photo(), 4, 1.0, np.random.default_rng(1), faded)
    assert np.ptp(toned.astype(int)) < np.ptp(photo().astype(int))
