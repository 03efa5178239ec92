"""The loop around a sampler: the same picture as the sampler alone, resumed or not, and kept where asked."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
import torch
from torch import Tensor

from restorer.diffusion.denoiser import Denoised
from restorer.diffusion.sampler import SAMPLERS, Evaluation, drive
from restorer.packs.pack import SamplingSettings
from restorer.pipeline.events import Progress
from restorer.pipeline.resume.checkpoint import State
from restorer.pipeline.stage.stage_runner import noise_grid, run_sampler, start_sampler

SHOWN = torch.linspace(-1, 1, 3 * 8 * 8).reshape(1, 3, 8, 8)


def noise_of(step: int) -> Tensor:
    return torch.randn(1, 3, 8, 8, generator=torch.Generator().manual_seed(step))


def denoise(x: Tensor, sigma: float) -> Denoised:
    return Denoised(x / (1 + sigma**2))


class Stage:
    """Answers by the closed form; knows the states that it was asked with and its last estimate."""

    def __init__(self) -> None:
        self.asked: list[Evaluation] = []
        self.estimates: list[Tensor] = []

    def answer(self, evaluation: Evaluation) -> Generator[Any, Any, Denoised]:
        self.asked.append(evaluation)
        yield Progress(evaluation.step, evaluation.steps, 1, 1, 0.5, None)
        estimate = denoise(evaluation.x, evaluation.sigma)
        self.estimates.append(estimate.clean)
        return estimate


def result(run: Generator[Any, Any, Tensor]) -> tuple[Tensor, int]:
    """What it comes to, and how many events it took."""
    count = 0
    while True:
        try:
            next(run)
        except StopIteration as end:
            return end.value, count
        count += 1


@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.parametrize("shown", [SHOWN, None])
def test_it_comes_to_what_the_sampler_alone_comes_to(name: str, shown: Tensor | None) -> None:
    settings = SamplingSettings(steps=4, sigma_max=2.0, sigma_min=0.1, sampler=name)
    sigmas = noise_grid(settings)
    noise = settings.start * sigmas[0] * noise_of(0)
    *_, last = drive(SAMPLERS[name](noise if shown is None else shown + noise, sigmas, noise_of), denoise)
    stage = Stage()
    made, events = result(run_sampler(start_sampler(settings, shown, noise_of), stage.answer))
    assert torch.equal(made, last.clean)
    assert events == len(stage.asked)


@pytest.mark.parametrize("name", SAMPLERS)
def test_it_goes_on_from_a_state_as_if_it_had_not_stopped(name: str) -> None:
    settings = SamplingSettings(steps=4, sigma_max=2.0, sigma_min=0.1, sampler=name)
    whole = Stage()
    expected, _ = result(run_sampler(start_sampler(settings, SHOWN, noise_of), whole.answer))
    third = next(i for i, asked in enumerate(whole.asked) if asked.step == 3)
    state = State(0, 2, whole.asked[third].x, whole.estimates[third - 1], None, third, third, 1.0, 1.0, 64)
    rest = Stage()
    made, _ = result(run_sampler(start_sampler(settings, SHOWN, noise_of, state), rest.answer))
    assert torch.equal(made, expected)
    assert len(rest.asked) == len(whole.asked) - third


def test_a_picture_that_is_to_be_kept_is_the_last_estimate() -> None:
    settings, stage = SamplingSettings(steps=4, sigma_max=2.0, sigma_min=0.1, sampler="ddim"), Stage()
    walk = start_sampler(settings, SHOWN, noise_of)
    made, _ = result(run_sampler(walk, stage.answer, lambda: len(stage.asked) == 2))
    assert len(stage.asked) == 2
    assert torch.equal(made, stage.estimates[-1])
