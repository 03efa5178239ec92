"""Samplers against the exact answer.

For data that is normal, N(mean, spread^2), the optimal denoiser is known in closed form, and so is the
path that the probability-flow ODE takes: the distance from the mean scales as sqrt(spread^2 + sigma^2).
"""

from __future__ import annotations

import itertools
import math

import pytest
import torch
from torch import Tensor

from restorer.diffusion.denoiser import Denoised
from restorer.diffusion.sampler import SAMPLERS, Walk, ancestral, dpmpp_2m, drive, evaluations, renoise
from restorer.diffusion.schedule import Sigmas, karras, log_uniform, sigma_from_gamma, sr3_linear

MEAN, SPREAD = 0.3, 0.5
DETERMINISTIC = ["ddim", "dpmpp-2m", "heun"]


def none(_step: int) -> Tensor:
    raise AssertionError("a deterministic sampler drew noise")


def optimal(x: Tensor, sigma: float) -> Denoised:
    return Denoised((SPREAD**2 * x + sigma**2 * MEAN) / (SPREAD**2 + sigma**2))


def finish(walk: Walk) -> Tensor:
    return list(drive(walk, optimal))[-1].x


def exact(x: Tensor, start: float, end: float) -> Tensor:
    return MEAN + (x - MEAN) * math.sqrt((SPREAD**2 + end**2) / (SPREAD**2 + start**2))


def to_positive_level(steps: int) -> Sigmas:
    return tuple(10.0 * (0.02 / 10.0) ** (i / steps) for i in range(steps + 1))


@pytest.mark.parametrize(("name", "order"), [("ddim", 1), ("dpmpp-2m", 2), ("heun", 2)])
def test_deterministic_samplers_converge_to_the_exact_path_with_their_order(name: str, order: int) -> None:
    x = torch.linspace(-8, 8, 7, dtype=torch.float64).reshape(1, 1, 1, 7)
    truth = exact(x, 10.0, 0.02)
    errors = []
    for steps in (40, 80, 160, 320):
        result = finish(SAMPLERS[name](x, to_positive_level(steps), none))
        errors.append(float((result - truth).abs().max()))
    measured = [math.log2(a / b) for a, b in itertools.pairwise(errors)]
    assert measured[-1] == pytest.approx(order, abs=0.1), (errors, measured)
    assert errors[-1] < (2e-2 if order == 1 else 5e-4)


@pytest.mark.parametrize("name", DETERMINISTIC)
def test_a_walk_to_zero_ends_near_the_exact_clean_picture(name: str) -> None:
    x = torch.linspace(-6, 6, 5, dtype=torch.float64).reshape(1, 1, 1, 5)
    result = finish(SAMPLERS[name](x, karras(200, 0.002, 10.0), none))
    assert torch.allclose(result, exact(x, 10.0, 0.0), atol=0.03)


@pytest.mark.parametrize("name", DETERMINISTIC)
def test_number_of_evaluations_is_as_promised(name: str) -> None:
    x = torch.zeros(1, 1, 1, 1)
    made = list(drive(SAMPLERS[name](x, karras(5, 0.1, 2.0), none), optimal))[:-1]
    assert len(made) == evaluations(name, 5)
    assert [step.step for step in made] == sorted(step.step for step in made)


def test_one_step_returns_the_first_estimate() -> None:
    x = torch.tensor([[[[1.7]]]])
    assert finish(dpmpp_2m(x, (2.0, 0.0))) == optimal(x, 2.0).clean


def test_second_order_beats_first_order_with_few_steps() -> None:
    x = torch.full((1, 1, 1, 1), 4.0, dtype=torch.float64)
    truth = exact(x, 10.0, 0.0)
    grid = karras(12, 0.01, 10.0)
    wrong = {name: abs(float(finish(SAMPLERS[name](x, grid, none)) - truth)) for name in ("ddim", "dpmpp-2m")}
    assert wrong["dpmpp-2m"] < wrong["ddim"] / 2


def recursion(sigmas: Sigmas, upper: bool) -> tuple[float, float]:
    """Mean and variance of the ancestral sampler's last state, by hand: every step is linear in the state.

    In SR3's own frame (z = sqrt(gamma) x), so that the sampler is checked against the paper's equation and
    not against its
    own algebra: z' = (z - (1 - alpha) / sqrt(1 - gamma) eps) / sqrt(alpha) + sqrt(variance) noise.
    """
    gammas = [1 / (1 + sigma**2) for sigma in sigmas]
    mean, variance = math.sqrt(gammas[0]) * MEAN, gammas[0] * (SPREAD**2 + sigmas[0] ** 2)
    for gamma, ahead in itertools.pairwise(gammas):
        alpha = gamma / ahead
        # eps(z) = (z - sqrt(gamma) E[y | z]) / sqrt(1 - gamma), with E[y | z] linear in z.
        total = gamma * SPREAD**2 + 1 - gamma
        pull, shift = math.sqrt(gamma) * SPREAD**2 / total, (1 - gamma) * MEAN / total
        if ahead < 1.0:
            share = (1 - alpha) / (1 - gamma)
            slope = (1 - share * (1 - math.sqrt(gamma) * pull)) / math.sqrt(alpha)
            offset = share * math.sqrt(gamma) * shift / math.sqrt(alpha)
            put_back = (1 - alpha) if upper else (1 - ahead) / (1 - gamma) * (1 - alpha)
        else:
            slope, offset, put_back = pull, shift, 0.0
        mean, variance = slope * mean + offset, slope**2 * variance + put_back
    return mean, variance


@pytest.mark.parametrize("upper", [True, False])
def test_ancestral_mean_and_variance_are_those_of_the_papers_recursion(upper: bool) -> None:
    sigmas = karras(12, 0.05, 8.0)
    generator = torch.Generator().manual_seed(3)
    count = 400_000

    def normal(_step: int) -> Tensor:
        return torch.randn(count, generator=generator, dtype=torch.float64)

    start = MEAN + math.sqrt(SPREAD**2 + sigmas[0] ** 2) * normal(0)
    result = finish(ancestral(start, sigmas, normal, upper=upper))
    mean, variance = recursion(sigmas, upper)
    deviation = math.sqrt(variance)
    assert float(result.mean()) == pytest.approx(mean, abs=5 * deviation / math.sqrt(count))
    assert float(result.var()) == pytest.approx(variance, rel=5 * math.sqrt(2 / count))


@pytest.mark.parametrize("upper", [True, False])
def test_ancestral_variance_approaches_the_datas_at_first_order(upper: bool) -> None:
    missing = []
    for steps in (400, 800, 1600, 3200):
        mean, variance = recursion(log_uniform(steps, 1e-3, 30.0), upper)
        assert mean == pytest.approx(MEAN, abs=1e-9)
        missing.append(abs(variance - SPREAD**2))
    orders = [math.log2(a / b) for a, b in itertools.pairwise(missing)]
    assert orders[-1] == pytest.approx(1, abs=0.1), (missing, orders)
    assert missing[-1] < 0.01


def test_renoise_answers_and_noises_again_to_each_next_level() -> None:
    levels, drawn = (4.0, 1.0, 0.25, 0.0), []

    def noise(step: int) -> Tensor:
        drawn.append(step)
        return torch.full((1, 1, 1, 1), float(step), dtype=torch.float64)

    x = torch.full((1, 1, 1, 1), 2.0, dtype=torch.float64)
    made = list(drive(renoise(x, levels, noise), optimal))
    assert drawn == [1, 2]  # no noise after the last answer
    expected = x
    for number, sigma in enumerate(levels[:-1]):
        assert torch.equal(made[number].x, expected)
        expected = optimal(expected, sigma).clean
        if levels[number + 1]:
            expected = expected + levels[number + 1] * (number + 1)
    assert torch.equal(made[-1].x, expected)
    assert evaluations("renoise", 3) == 3


def test_sr3s_own_schedule_samples_the_data() -> None:
    """The paper's 2000 steps, beta from 1e-6 to 1e-2."""
    mean, variance = recursion(sr3_linear(2000), upper=True)
    assert mean == pytest.approx(MEAN, abs=1e-6)
    assert variance == pytest.approx(SPREAD**2, rel=0.02)


def test_gamma_and_sigma_agree_with_the_noising_of_sr3() -> None:
    """sqrt(gamma) y + sqrt(1 - gamma) e, divided by sqrt(gamma), is y + sigma e."""
    for gamma in (0.999, 0.5, 1e-3):
        assert sigma_from_gamma(gamma) == pytest.approx(math.sqrt(1 - gamma) / math.sqrt(gamma))
