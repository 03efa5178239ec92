"""CIEDE2000 against scikit-image, and what the colour drift sees and does not see."""

from __future__ import annotations

import numpy as np
import pytest
from skimage import color

from restorer.evaluation.colour import ciede2000, colour_drift, to_lab
from restorer.evaluation.data import enlarge


def test_lab_and_ciede2000_are_scikit_images() -> None:
    random = np.random.default_rng(0)
    first = random.random((400, 3))
    second = np.clip(first + random.normal(0, 0.15, first.shape), 0, 1)
    second[:20] = second[:20].mean(1, keepdims=True)  # greys have no hue
    for image in (first, second):
        assert np.abs(to_lab(image) - color.rgb2lab(image)).max() < 0.02
    ours = ciede2000(to_lab(first), to_lab(second))
    assert np.abs(ours - color.deltaE_ciede2000(color.rgb2lab(first), color.rgb2lab(second))).max() < 0.02


def test_ciede2000_passes_the_published_pairs() -> None:
    """Sharma, Wu and Dalal 2005, table 1: pairs 1, 7, 9, 13 and 25."""
    first = np.array(
        [
            [50, 2.6772, -79.7751],
            [50, 0, 0],
            [50, 2.49, -0.001],
            [50, -0.001, 2.49],
            [60.2574, -34.0099, 36.2677],
        ]
    )
    second = np.array(
        [
            [50, 0, -82.7485],
            [50, -1, 2],
            [50, -2.49, 0.0009],
            [50, 0.0009, -2.49],
            [60.4626, -34.1751, 39.4387],
        ]
    )
    assert ciede2000(first, second) == pytest.approx([2.0425, 2.3669, 7.1792, 4.8045, 1.2644], abs=1e-4)


def test_grain_is_no_drift_and_a_tint_is(chelsea: np.ndarray) -> None:
    low = chelsea[:128, :160]
    large = enlarge(low, 4)
    assert colour_drift(large, low) < 0.2
    grain = np.random.default_rng(1).normal(0, 12, large.shape)
    assert colour_drift((large + grain).clip(0, 255).astype(np.uint8), low) < 0.5
    tinted = (large * np.array([1.0, 0.95, 0.9])).astype(np.uint8)
    assert colour_drift(tinted, low) > 2
