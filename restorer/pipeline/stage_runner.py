"""Where a stage's walk down the noise grid sets out: at the grid's top, or where an earlier run had come to.

In: the settings of the sampling, the enlarged picture, noise by step, perhaps a kept state. Out: the
sampler's coroutine, how much of it is done, and the picture that is known so far.
"""

from __future__ import annotations

from torch import Tensor

from restorer.diffusion.sampler import SAMPLERS, NoiseOf, Walk
from restorer.diffusion.schedule import Sigmas
from restorer.packs.pack import SamplingSettings
from restorer.pipeline.checkpoint import State

__all__ = ["begin"]


def begin(
    settings: SamplingSettings, sigmas: Sigmas, enlarged: Tensor, noise_of: NoiseOf, state: State | None
) -> tuple[Walk, int, int, Tensor]:
    """The walk from its beginning or from a kept state: (walk, evaluations made, step, last estimate)."""
    sampler = SAMPLERS[settings.sampler]
    if state is not None:
        walk = sampler(state.x, sigmas, noise_of, begin=state.step, previous=state.clean)
        return walk, state.evaluations, state.step + 1, state.clean
    x = enlarged + settings.start * sigmas[0] * noise_of(0)
    return sampler(x, sigmas, noise_of), 0, 1, enlarged
