"""What a training run of the photo networks has and does in a step; `restorer.training.loop` runs it.

In: a `Recipe`, pictures, a folder for the run. Out, in that folder, besides what every run keeps
(`restorer.training.run`):

    validation.jsonl   the EDM-weighted loss of the averaged weights on fixed crops with fixed noise,
                       apart for clean and worn photos
    samples/*.png      held-out crops restored with the averaged weights: input, result, truth
"""

from __future__ import annotations

import dataclasses
import itertools
import random
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch import Tensor, nn

from restorer.diffusion.conditioning import enlarge
from restorer.diffusion.nn.unet import UNet
from restorer.errors import RequestError
from restorer.training.data import Pictures, crops
from restorer.training.degradation.damage_overlays import CoatBank
from restorer.training.degradation.first_order import Coats, Degradation, degrade, reduce_bicubic
from restorer.training.objectives import denoiser_of, levels_of, restored
from restorer.training.recipe import Recipe
from restorer.training.run import Compute, TrainingRun, generator_of

__all__ = ["Examples", "Trainer", "generator_of"]


@dataclasses.dataclass(frozen=True, eq=False)
class Examples:
    """What a step learns from: clean and enlarged (B, 3, H, W), s (B,), told (B, 3)."""

    clean: Tensor
    enlarged: Tensor
    s: Tensor
    told: Tensor

    def all(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        return self.clean, self.enlarged, self.s, self.told

    def to(self, device: torch.device) -> Examples:
        """The same on a device."""
        return Examples(*(part.to(device) for part in self.all()))


@dataclasses.dataclass(frozen=True, eq=False)
class FixedBatch:
    """Validation examples with their noise and noise levels, drawn once from a fixed seed."""

    examples: Examples
    noise: Tensor
    sigma: Tensor


class Trainer(TrainingRun):
    """A run of a network that denoises."""

    def __init__(self, recipe: Recipe, pictures: Pictures, folder: Path, compute: Compute) -> None:
        device = compute.device
        torch.manual_seed(recipe.seed)
        network = UNet(recipe.network).to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        super().__init__(recipe, pictures, folder, compute, network)
        self.denoiser = denoiser_of(recipe, network)
        self.loss = torch.compile(self.denoiser.loss) if compute.compiled else self.denoiser.loss
        # Its own type says where a step draws: an index ("cuda:0") is lost in a generator's device.
        self.drawing = torch.device(device.type) if device.type == "cuda" else torch.device("cpu")
        self.coats: Coats | None = None
        if device.type != "cpu" and recipe.degradation.damaged and recipe.cascade is None:
            scales = recipe.scales or (recipe.scale,)
            self.coats = CoatBank(recipe.crop, scales, device, BANK, recipe.seed)

    # -- one step ------------------------------------------------------------------------------------

    def examples(
        self,
        clean: Tensor,
        generator: torch.Generator,
        how: Degradation | None = None,
        scale: int | None = None,
    ) -> Examples:
        """Degrade crops, each equal part of the batch for one of the recipe's enlargements (or all for
        `scale`)."""
        scales = (scale,) if scale else self.recipe.scales or (self.recipe.scale,)
        size, begin = len(clean) // len(scales), 0
        if size == 0:
            raise RequestError(
                f"A batch of {len(clean)} crops is too small for the enlargements {scales}; make it larger."
            )
        parts = []
        groups = [(each, len(list(same))) for each, same in itertools.groupby(scales)]
        for number, (each, share) in enumerate(groups, start=1):
            end = begin + size * share
            here = clean[begin : end if number < len(groups) else None]
            begin = end
            kind = how or self.recipe.degradation
            if each == 1 and how is None:
                kind = dataclasses.replace(kind, worn=max(kind.worn, 0.9))  # else there is nothing to do
            coats = self.coats if how is None else None  # validation is the same on every device
            parts.append(self._degraded(here, each, kind, generator, coats))
        return Examples(*(torch.cat(values) for values in zip(*(p.all() for p in parts), strict=True)))

    def _degraded(
        self, clean: Tensor, scale: int, kind: Degradation, generator: torch.Generator, coats: Coats | None
    ) -> Examples:
        """Examples of crops that all have one enlargement."""
        pair = degrade(clean, scale, kind, generator, coats)
        return Examples(pair.clean, enlarge(pair.low, scale), pair.s, pair.told)

    def crops(self, count: int, generator: torch.Generator, held: bool = False) -> Tensor:
        """`count` crops of the training pictures, or of the held-out ones, that `examples` degrades."""
        return crops(self.held if held else self.training, count, self.recipe.crop, generator)

    def draw(self, generator: torch.Generator) -> Examples:
        """The examples of a step."""
        return self.examples(self.crops(self.recipe.batch, generator), generator)

    def places(self) -> random.Random:
        """For numbers of the step to come that the processor needs: an accelerator is not waited for."""
        return random.Random(self.recipe.seed * 1_000_003 + self.step)

    def normal(self, shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
        """Standard normal noise on the training's device."""
        return torch.randn(shape, generator=generator, device=generator.device).to(self.device)

    def train_step(self) -> tuple[Tensor, Tensor]:
        """One optimiser step; returns (loss, gradient norm), which need not be computed yet."""
        recipe, generator = self.recipe, self.generator()
        examples = self.draw(generator)
        count = len(examples.clean)
        sigma = levels_of(recipe, count, generator).to(self.device)
        noise = self.normal(examples.clean.shape, generator)
        with self._autocast():
            loss = self.loss(
                examples.clean, noise, sigma, examples.enlarged, examples.s, examples.told
            ).mean()
        loss.backward()  # type: ignore[no-untyped-call]
        parameters = [p for p in self.denoiser.network.parameters() if p.grad is not None]
        norm = nn.utils.clip_grad_norm_(parameters, recipe.clip)
        self.update()
        return loss.detach(), norm

    # -- looking at it -------------------------------------------------------------------------------

    def kinds(self) -> dict[str, Any]:
        """What validation is told apart by: names, and what `fixed_examples` makes examples of."""
        how = self.recipe.degradation
        return {
            "clean": dataclasses.replace(how, worn=0.0, augmented=0.0, grey=0.0),
            "worn": dataclasses.replace(how, worn=1.0, augmented=0.0),
        }

    def fixed_examples(self, how: Any, generator: torch.Generator) -> Examples:
        """The held-out examples of a kind."""
        clean = self.crops(len(self.held), generator, held=True)
        return self.examples(clean, generator, how, self.recipe.scale)

    def _fixed(self, how: Any) -> FixedBatch:
        generator = generator_of(991, 0)
        examples = self.fixed_examples(how, generator)
        shape = examples.clean.shape
        sigma = levels_of(self.recipe, shape[0], generator)
        return FixedBatch(
            examples, torch.randn(shape, generator=generator).to(self.device), sigma.to(self.device)
        )

    @torch.inference_mode()
    def validate(self) -> None:
        """Weighted loss of every average on the held-out crops, clean and worn apart."""
        kinds = self.kinds()
        entry: dict[str, float] = {}
        for decay, network in self.averages.items():
            judge = denoiser_of(self.recipe, network)
            for kind, change in kinds.items():
                fixed, losses = self._fixed(change), []
                for part in range(0, len(fixed.sigma), self.recipe.batch):
                    here = slice(part, part + self.recipe.batch)
                    with self._autocast():
                        losses.append(
                            judge.loss(
                                fixed.examples.clean[here],
                                fixed.noise[here],
                                fixed.sigma[here],
                                fixed.examples.enlarged[here],
                                fixed.examples.s[here],
                                fixed.examples.told[here],
                            )
                        )
                entry[f"{kind}_{decay}"] = float(torch.cat(losses).mean())
        self.write("validation.jsonl", step=self.step, crops=self.step * self.recipe.batch, **entry)

    @torch.inference_mode()
    def sample(self, count: int = 8, steps: int = 8) -> None:
        """Restore the middle of a few held-out pictures and lay input, result and truth side by side."""
        clean = self.held.pixels[:count].float() / 127.5 - 1
        large, result = self.attempt(clean, steps)
        error = ((result.clamp(-1, 1) - clean) / 2).square().mean(dim=(1, 2, 3))
        self.write("samples.jsonl", step=self.step, psnr=float((-10 * error.log10()).mean()))
        rows = torch.cat([torch.cat(list(part), dim=2) for part in (large, result, clean)], dim=1)
        picture = ((rows.clamp(-1, 1) + 1) * 127.5).round().byte().permute(1, 2, 0).cpu().numpy()
        Image.fromarray(picture).save(self.folder / "samples" / f"{self.step:07d}.png")

    def attempt(self, clean: Tensor, steps: int) -> tuple[Tensor, Tensor]:
        """Pictures (B, 3, H, W) as the network is shown them, and what it makes of them in `steps`."""
        scale = self.recipe.scale
        large = enlarge(reduce_bicubic(clean, scale), scale)

        def noise(step: int) -> Tensor:
            return self.normal(tuple(large.shape), generator_of(992, step))

        return large, restored(self.recipe, self.averages[self.recipe.ema[0]], large, noise, steps)


BANK = 512
"""Coats of damage kept on an accelerator for each enlargement."""
