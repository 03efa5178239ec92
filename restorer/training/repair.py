"""Training of the network that mends scratches, dust, creases and tears before anything else is done.

In: sharp crops. Each gets a past (blur, grain, JPEG) twice with the same randomness, once whole and once with
damage drawn over it after the blur. The network is shown the damaged one and asked for
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
from restorer.errors import RequestError
from restorer.training.adversarial import AdversarialTrainer
from restorer.training.data import crops
from restorer.training.degradation.damage import draw
from restorer.training.degradation.first_order import Degradation, gaussian_blur, reduce_bicubic
from restorer.training.degradation.jpeg import jpeg
from restorer.training.recipe import Mending
from restorer.training.trainer import Examples, generator_of

__all__ = ["MendingTrainer", "spoil"]


def _coats(
    is_grey: list[bool], side: tuple[int, int], how: Mending, random: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """(opacity (B, 1, H, W), colour (B, 3, H, W)) of the damage of a batch; grey photos have grey damage."""
    opacity = np.zeros((len(is_grey), 1, *side), np.float32)
    colour = np.zeros((len(is_grey), 3, *side), np.float32)
    least, most = math.log(how.pixel[0]), math.log(how.pixel[1])
    for number, grey in enumerate(is_grey):
        if random.random() < how.whole:
            continue
        cover, tone = opacity[number, 0], colour[number]
        for _ in range(random.integers(1, how.coats + 1)):
            coat = draw(*side, math.exp(random.uniform(least, most)), random)
            one = coat.opacity * np.float32(random.uniform(how.faintest, 1.0))
            over = one > cover
            tone[:, over] = coat.colour[over].mean(-1) if grey else coat.colour[over].T
            np.maximum(cover, one, out=cover)
        # Bare paper and caked dust are not one flat tone.
        tone += np.float32(random.uniform(0, how.uneven)) * random.standard_normal(side, np.float32)
    soft = torch.from_numpy(random.uniform(*how.soft, len(is_grey)).astype(np.float32))
    return gaussian_blur(torch.from_numpy(opacity), soft, 3), torch.from_numpy(colour).clamp(-1, 1)


def spoil(
    clean: Tensor, how: Degradation, mending: Mending, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """(whole, damaged), each (B, 3, H, W): crops with a past of blur, grain and JPEG as `how` has it (all of
    them, whatever its `worn`), without and with damage. What chance decides is the same for both."""
    batch, where = len(clean), generator.device

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(batch, 1, 1, 1, generator=generator, device=where)

    def chance(share: float) -> Tensor:
        return torch.rand(batch, 1, 1, 1, generator=generator, device=where) < share

    seed = int(torch.randint(2**62, (1,), generator=generator, device=where))
    is_grey = chance(how.grey)
    luma = torch.tensor([0.299, 0.587, 0.114], device=where)[:, None, None]
    whole = torch.where(is_grey, (clean.to(where) * luma).sum(1, keepdim=True), clean.to(where))
    sigma = torch.where(chance(0.6), uniform(*how.blur), 0.05)
    whole = gaussian_blur(whole, sigma.flatten())
    side = (clean.shape[-2], clean.shape[-1])
    coat, colour = _coats(is_grey.flatten().tolist(), side, mending, np.random.default_rng(seed))
    damaged = whole.lerp(colour.to(where), coat.to(where))

    noise = torch.randn(whole.shape, generator=generator, device=where)
    noise = torch.where(chance(0.5) | is_grey, noise[:, :1], noise)  # silver has no hue
    spread = gaussian_blur(noise, uniform(*how.coarseness).flatten(), 3)
    spread = spread / spread.std(dim=(1, 2, 3), keepdim=True)
    grain = uniform(*how.grain) * chance(0.8) * torch.where(chance(how.coarse), spread, noise)
    quality, halved, compressed = uniform(*how.quality).flatten(), chance(0.6).flatten(), chance(0.7)

    def scanned(picture: Tensor) -> Tensor:
        picture = (((picture + grain).clamp(-1, 1) + 1) * 127.5).round() / 127.5 - 1
        return torch.where(compressed, jpeg(picture, quality, halved), picture).to(clean.device)

    return scanned(whole), scanned(damaged)


class MendingTrainer(AdversarialTrainer):
    """An `AdversarialTrainer` whose examples are damaged pictures and the same without the damage."""

    def draw(self, generator: torch.Generator) -> Examples:
        """The examples of a step, the first of them from reduced crops if the recipe says so.

        Raises RequestError if the pictures are too small for those.
        """
        recipe = self.recipe
        assert recipe.mending is not None
        clean = crops(self.training, recipe.batch, recipe.crop, generator)
        count = round(recipe.mending.reduced * recipe.batch)
        if count:
            stored = self.training.pixels.shape[-1]
            if stored < 2 * recipe.crop:
                raise RequestError(
                    f"The run {recipe.pack} reduces crops from {2 * recipe.crop} pixels a side, and its "
                    f"pictures have {stored}; make its crops smaller or leave `reduced` out."
                )
            wide = crops(self.training, count, 2 * recipe.crop, generator)
            clean = torch.cat([reduce_bicubic(wide, 2), clean[count:]])
        return self.examples(clean, generator)

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

    def _begin(self, examples: Examples, noise: Tensor) -> Tensor:
        """The damaged pictures and noise, as in the engine.

        Not the whole ones and noise: damage is wide and strong, and even under noise of sigma 4 its mean
        tells where it is. A network that learned from that did well in training and nothing in the engine.
        """
        return examples.enlarged + self.how.sigma_max * noise

    def _states(self, examples: Examples, sigma: Tensor, noise: Tensor, generator: torch.Generator) -> Tensor:
        return self._begin(examples, noise)

    def _levels(self, count: int, generator: torch.Generator) -> Tensor:
        """There is one evaluation."""
        return torch.full((count,), self.how.sigma_max, device=self.device)

    def kinds(self) -> dict[str, Any]:
        """Damaged pictures of all sorts, and ones that had no past but their damage."""
        how = self.recipe.degradation
        still = dataclasses.replace(how, blur=(0.0, 0.1), grain=(0.0, 0.0), quality=(98.0, 99.0))
        return {
            "clean": dataclasses.replace(still, grey=0.0),
            "worn": how,
        }

    def attempt(self, clean: Tensor, steps: int) -> tuple[Tensor, Tensor]:
        """Held-out pictures damaged, and what one evaluation makes of them, (B, 3, H, W) each."""
        examples = self.examples(clean, generator_of(993, 0))
        noise = self.normal(tuple(clean.shape), generator_of(992, 0))
        level = torch.full((len(clean),), self.how.sigma_max, device=self.device)
        judge = self.denoiser.__class__(self.averages[self.recipe.ema[0]], self.recipe.sigma_data)
        x = self._begin(examples, noise)
        return examples.enlarged, judge(x, level, examples.enlarged, examples.s, examples.told).clean
