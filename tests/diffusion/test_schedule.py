from __future__ import annotations

import itertools

import pytest

from restorer.diffusion.schedule import check, cosine, karras, log_uniform, sr3_linear


@pytest.mark.parametrize("steps", [1, 2, 7, 100])
def test_grids_fall_from_the_largest_level_to_zero(steps: int) -> None:
    for grid in (karras(steps, 0.01, 2.0), log_uniform(steps, 0.01, 2.0), cosine(steps, 2.0)):
        assert len(grid) == steps + 1
        assert grid[0] == pytest.approx(2.0)
        assert grid[-1] == 0.0
        assert all(a > b for a, b in itertools.pairwise(grid))


def test_karras_matches_values_of_the_papers_formula() -> None:
    """EDM equation 5 with sigma 0.002 to 80, rho 7, worked out by hand for 3 steps."""
    middle = ((80 ** (1 / 7) + 0.002 ** (1 / 7)) / 2) ** 7
    assert karras(3, 0.002, 80.0) == pytest.approx((80.0, middle, 0.002, 0.0))


def test_sr3s_schedule_ends_at_the_papers_noise() -> None:
    grid = sr3_linear(2000)
    assert 100 < grid[0] < 200  # gamma about 4e-5
    assert grid[-2] == pytest.approx(1e-3, rel=0.01)


@pytest.mark.parametrize("bad", [[1.0], [1.0, 1.0], [0.5, 1.0, 0.0], [1.0, -0.1]])
def test_a_grid_that_does_not_fall_is_refused(bad: list[float]) -> None:
    with pytest.raises(ValueError, match="must fall"):
        check(bad)
