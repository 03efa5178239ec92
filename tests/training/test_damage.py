"""Damage drawn for training."""

from __future__ import annotations

import numpy as np

from restorer.training.degradation.damage import draw


def test_a_coat_covers_a_part_and_leaves_the_rest_untouched() -> None:
    picture = np.random.default_rng(0).uniform(-1, 1, (128, 128, 3)).astype(np.float32)
    covered = []
    for seed in range(40):
        coat = draw(128, 128, 4.0, np.random.default_rng(seed))
        assert coat.opacity.shape == (128, 128)
        assert 0 <= coat.opacity.min() <= coat.opacity.max() <= 1
        assert np.abs(coat.colour).max() <= 1
        over = coat.over(picture)
        bare = coat.opacity == 0
        assert np.array_equal(over[bare], picture[bare])
        hidden = coat.opacity > 0.99
        assert np.allclose(over[hidden], coat.colour[hidden], atol=0.02)
        covered.append(float((coat.opacity > 0.3).mean()))
    assert np.mean([share > 0 for share in covered]) > 0.9
    assert 0.01 < np.median(covered) < 0.3
    assert max(covered) < 0.7


def test_damage_is_as_wide_in_scanned_pixels_whatever_the_enlargement() -> None:
    shares = []
    for pixel in (1.0, 4.0):
        side = round(48 * pixel)
        each = [(draw(side, side, pixel, np.random.default_rng(s)).opacity > 0.3).mean() for s in range(60)]
        shares.append(float(np.mean(each)))
    assert 0.4 < shares[0] / shares[1] < 2.5


def test_the_same_seed_draws_the_same() -> None:
    one, two = (draw(64, 80, 2.0, np.random.default_rng(7)) for _ in range(2))
    assert np.array_equal(one.opacity, two.opacity)
    assert np.array_equal(one.colour, two.colour)
