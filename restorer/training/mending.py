"""Training of the network that mends scratches, dust, creases and tears before anything else is done.

In: sharp crops. Each gets a past (blur, grain, JPEG; `restorer.training.degradation`) twice with the same
randomness, once whole and once with damage drawn over it. The network is shown the damaged one and asked for
the whole one, grain and all: it mends, and leaves the rest of the restoration to the stages that follow.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

from restorer.diffusion.denoiser import tell
from restorer.training.adversarial import AdversarialTrainer
from restorer.training.damage import draw
from restorer.training.degradation import Degradation, degrade, gaussian_blur
from restorer.training.recipe import Mending
from restorer.training.trainer import Examples, generator_of

__all__ = ["MendingTrainer", "spoil"]


class _Damage:
    """Damage of one batch as `restorer.training.degradation` asks for it, drawn before the crops' past so
    that their randomness is the same with and without it."""

    def __init__(self, count: int, side: tuple[int, int], how: Mending, random: np.random.Generator) -> None:
        self.opacity = np.zeros((count, 1, *side), np.float32)
        self.colour = np.zeros((count, 3, *side), np.float32)
        least, most = math.log(how.pixel[0]), math.log(how.pixel[1])
        for number in range(count):
            if random.random() < how.whole:
                continue
            for _ in range(random.integers(1, how.coats + 1)):
                coat = draw(*side, math.exp(random.uniform(least, most)), random)
                opacity = coat.opacity * random.uniform(how.faintest, 1.0)
                over = opacity > self.opacity[number, 0]
                self.colour[number][:, over] = coat.colour[over].T
                np.maximum(self.opacity[number, 0], opacity, out=self.opacity[number, 0])
            # Bare paper and caked dust are not one flat tone.
            self.colour[number] += random.uniform(0, how.uneven) * random.standard_normal(side)
        self.soft = random.uniform(*how.soft, count).astype(np.float32)

    def __call__(
        self, damaged: Tensor, is_grey: Tensor, scale: int, generator: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        device = damaged.device
        opacity = gaussian_blur(
            torch.from_numpy(self.opacity).to(device), torch.from_numpy(self.soft).to(device)
        )
        colour = torch.from_numpy(self.colour).to(device)
        grey = colour.mean(1, keepdim=True).expand_as(colour)
        colour = torch.where(is_grey[:, None, None, None], grey, colour).clamp(-1, 1)
        return opacity * damaged[:, None, None, None], colour

    def none(
        self, damaged: Tensor, is_grey: Tensor, scale: int, generator: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        """The same crops without it."""
        opacity, colour = self(damaged, is_grey, scale, generator)
        return torch.zeros_like(opacity), colour


def spoil(
    clean: Tensor, how: Degradation, mending: Mending, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """(whole, damaged), each (B, 3, H, W): the crops with their past, without and with damage."""
    side = (clean.shape[-2], clean.shape[-1])
    seed = int(torch.randint(2**62, (1,), generator=generator, device=generator.device))
    damage = _Damage(len(clean), side, mending, np.random.default_rng(seed))
    how = dataclasses.replace(how, damaged=1.0, augmented=0.0)
    past = generator.get_state()
    whole = degrade(clean, 1, how, generator, damage.none).low
    generator.set_state(past)
    return whole, degrade(clean, 1, how, generator, damage).low


class MendingTrainer(AdversarialTrainer):
    """An `AdversarialTrainer` whose examples are damaged pictures and the same without the damage."""

    def examples(
        self,
        clean: Tensor,
        generator: torch.Generator,
        how: Degradation | None = None,
        scale: int | None = None,
    ) -> Examples:
        """Damage crops; they keep their size whatever `scale` says."""
        assert self.recipe.mending is not None
        whole, damaged = spoil(clean, how or self.recipe.degradation, self.recipe.mending, generator)
        s = torch.zeros(len(clean), device=clean.device)
        return Examples(
            whole, damaged, s, torch.tensor([tell(1)], device=clean.device).expand(len(clean), -1)
        )

    def kinds(self) -> dict[str, Any]:
        """Damaged pictures of all sorts, and ones that had no past but their damage."""
        how = self.recipe.degradation
        still = dataclasses.replace(how, blur=(0.0, 0.1), grain=(0.0, 0.0), quality=(98.0, 99.0))
        return {
            "clean": dataclasses.replace(still, worn=1.0, grey=0.0),
            "worn": dataclasses.replace(how, worn=1.0),
        }

    def attempt(self, clean: Tensor, steps: int) -> tuple[Tensor, Tensor]:
        """Held-out pictures damaged, and what one evaluation makes of them, (B, 3, H, W) each."""
        examples = self.examples(clean, generator_of(993, 0))
        noise = self.normal(tuple(clean.shape), generator_of(992, 0))
        level = torch.full((len(clean),), self.how.sigma_max, device=self.device)
        judge = self.denoiser.__class__(self.averages[self.recipe.ema[0]], self.recipe.sigma_data)
        x = examples.enlarged + self.how.sigma_max * noise
        return examples.enlarged, judge(x, level, examples.enlarged, examples.s, examples.told).clean
