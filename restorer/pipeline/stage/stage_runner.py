"""The loop that takes a sampler through its evaluations; photos and pictures of a class go through it alike.

In: how a stage samples, what it is shown, noise by step, perhaps the state that an earlier run left; and
`answer`, which computes D(x; sigma) and yields the events of doing so. Out: those events, and in the end the
picture that the sampler came to.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

from torch import Tensor

from restorer.diffusion.denoiser import Denoised
from restorer.diffusion.sampler import SAMPLERS, Evaluation, NoiseOf, Walk
from restorer.diffusion.schedule import Sigmas, karras
from restorer.packs.pack import SamplingSettings
from restorer.pipeline.events import Command, Event
from restorer.pipeline.resume.checkpoint import State
from restorer.pipeline.run_control import NEVER

__all__ = ["Evaluate", "noise_grid", "run_sampler", "start_sampler"]

Evaluate = Callable[[Evaluation], Generator[Event, Command | None, Denoised]]
"""Makes one evaluation of the whole picture, event by event."""


def noise_grid(settings: SamplingSettings) -> Sigmas:
    """The noise levels that a stage walks down."""
    return karras(settings.steps, settings.sigma_min, settings.sigma_max, settings.rho)


def start_sampler(
    settings: SamplingSettings, shown: Tensor | None, noise_of: NoiseOf, state: State | None = None
) -> Walk:
    """Start a sampler from noise over the picture that is `shown`, or resume it from a checkpoint."""
    sampler, sigmas = SAMPLERS[settings.sampler], noise_grid(settings)
    if state is not None:
        return sampler(state.x, sigmas, noise_of, begin=state.step, previous=state.clean)
    noise = settings.start * sigmas[0] * noise_of(0)
    return sampler(noise if shown is None else shown + noise, sigmas, noise_of)


def run_sampler(
    walk: Walk, answer: Evaluate, kept: Callable[[], bool] = NEVER
) -> Generator[Event, Command | None, Tensor]:
    """The picture that the sampler comes to; once it is to be `kept`, which is asked after every evaluation,
    the last estimate."""
    estimate: Denoised | None = None
    while True:
        try:
            evaluation = next(walk) if estimate is None else walk.send(estimate)
        except StopIteration as end:
            result: Tensor = end.value
            return result
        estimate = yield from answer(evaluation)
        if kept():
            return estimate.clean
