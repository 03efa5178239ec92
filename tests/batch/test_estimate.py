"""A folder's time left after three photos, of all sizes."""

from __future__ import annotations

import numpy as np
import pytest

from restorer.batch.estimate import Rate, fitted


@pytest.mark.parametrize("seed", range(20))
def test_after_three_photos_the_time_left_is_within_a_third(seed: int) -> None:
    """Photos from 0.2 to 20 megapixels; each takes a second, and 4 for a megapixel, give or take a tenth."""
    random = np.random.default_rng(seed)
    sizes = np.exp(random.uniform(np.log(0.2), np.log(20), 60))
    seconds = (1.0 + 4.0 * sizes) * random.uniform(0.9, 1.1, 60)
    first = list(zip(sizes[:3].tolist(), seconds[:3].tolist(), strict=True))
    plain = Rate(float(seconds[:3].sum() / sizes[:3].sum()), 1e6)
    rate = fitted(first, plain)
    left = sum(rate.of(size) for size in sizes[3:])
    assert left == pytest.approx(seconds[3:].sum(), rel=0.3)
    assert rate.bytes == plain.bytes


def test_photos_that_take_as_long_whatever_their_size_are_understood() -> None:
    rate = fitted([(0.01, 2.0), (0.02, 2.1), (0.04, 2.0)], Rate(80.0, 1.0))
    assert rate.of(0.01) == pytest.approx(2.0, rel=0.1)
    assert rate.of(0.08) == pytest.approx(2.0, rel=0.15)


def test_photos_of_a_size_or_too_few_tell_a_rate_alone() -> None:
    plain = Rate(5.0, 1.0)
    assert fitted([(1.0, 5.0), (8.0, 41.0)], plain) is plain
    assert fitted([(1.0, 5.0), (1.1, 5.0), (1.2, 6.0)], plain) is plain
