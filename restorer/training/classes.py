"""Training the stages of a class cascade (CDM, arXiv 2106.15282): base and enlarging networks.

Every picture has a class, the name of the folder that it lies in. A base network learns whole small
pictures out of noise; an enlarging network learns the sides of `Cascading.sides`, each from pictures reduced
to half of it, with conditioning augmentation (section 4.2): Gaussian noise of a level s, uniform and told,
on what it is shown, and at the largest side a slight blur besides, on half of the examples. A share of the
examples does not say the class, so that guidance is possible (arXiv 2207.12598). Pictures are mirrored,
nothing else: the sets are small, but a church does not stand on its head.

The step, the loss, the averages and the state are those of `restorer.training.trainer`.
"""

from __future__ import annotations

import math
from pathlib import Path, PurePosixPath
from typing import Any

import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from restorer.diffusion.conditioning import enlarge
from restorer.diffusion.denoiser import Denoised, ResidualDenoiser
from restorer.diffusion.sampler import dpmpp_2m, drive
from restorer.diffusion.schedule import karras
from restorer.errors import RequestError
from restorer.training.data import Pictures
from restorer.training.degradation.first_order import gaussian_blur, reduce_bicubic
from restorer.training.recipe import Recipe
from restorer.training.run import Compute
from restorer.training.trainer import Examples, Trainer, generator_of

__all__ = ["CascadeTrainer", "labels_of"]


def labels_of(pictures: Pictures, classes: tuple[str, ...]) -> Tensor:
    """(N,) the number of each picture's class: the name of its folder. Raises RequestError for a folder that
    is none of `classes`."""
    numbers = {name: number for number, name in enumerate(classes)}
    found = []
    for name in pictures.names:
        folder = PurePosixPath(name).parent.name
        if folder not in numbers:
            raise RequestError(
                f"The picture {name} lies in a folder {folder!r}, which is none of the recipe's classes "
                f"({', '.join(classes)}); move it or add the class."
            )
        found.append(numbers[folder])
    return torch.tensor(found)


class CascadeTrainer(Trainer):
    """A `Trainer` whose examples are pictures of classes; `Recipe.cascade` says which stage it is."""

    def __init__(self, recipe: Recipe, pictures: Pictures, folder: Path, compute: Compute) -> None:
        super().__init__(recipe, pictures, folder, compute)
        assert recipe.cascade is not None
        self.how = recipe.cascade
        self.base = not recipe.network.conditioned
        self.labels = labels_of(self.training, self.how.classes).to(self.device)
        self.held_labels = labels_of(self.held, self.how.classes).to(self.device)
        full = self.training.pixels.shape[-1]
        # Every side once, in bytes: reducing anew at each step would cost as much as the network.
        self.small = {side: _reduced(self.training.pixels, side) for side in self.how.sides if side != full}
        self.small |= {full: self.training.pixels} if full in self.how.sides else {}

    # -- examples ------------------------------------------------------------------------------------

    def _tell(self, labels: Tensor, stage: int) -> Tensor:
        """(B, told), what `tell_class` says of each; a label of -1 is a class that is not said."""
        count = len(self.how.classes)
        told = functional.one_hot(labels.clamp(min=0), count) * (labels >= 0)[:, None] * math.sqrt(count)
        if self.base:
            return told.float()
        return torch.cat([told.float(), torch.full_like(told[:, :1], float(stage))], dim=1)

    def _stage(
        self,
        clean: Tensor,
        labels: Tensor,
        stage: int,
        augment: Tensor,
        blur: Tensor | None,
        generator: torch.Generator,
    ) -> Examples:
        """Examples of a stage. clean: (B, 3, side, side); augment: (B,) levels s; blur: (B,) sigmas of the
        3 x 3 kernel, 0 for none; None for no blur at all."""
        if self.base:
            zeros = torch.zeros_like(clean)
            return Examples(clean, zeros, torch.zeros_like(augment), self._tell(labels, stage))
        low = reduce_bicubic(clean, 2)
        if blur is not None:
            low = torch.where(blur[:, None, None, None] > 0, gaussian_blur(low, blur, radius=1), low)
        noise = self.normal(low.shape, generator)
        low = low + augment[:, None, None, None] * noise
        return Examples(clean, enlarge(low, 2), augment, self._tell(labels, stage))

    def draw(self, generator: torch.Generator) -> Examples:
        """The examples of a step: an equal part for each side, whole or cut to the window, mirrored."""
        how = self.how
        each, where = self.recipe.batch // len(how.sides), generator.device
        places = self.places()
        parts = []

        def uniform() -> Tensor:
            return torch.rand(each, generator=generator, device=where).to(self.device)

        for stage, side in enumerate(how.sides):
            which = torch.randint(len(self.labels), (each,), generator=generator, device=where)
            which = which.to(self.device)
            clean = self.small[side][which].float() / 127.5 - 1
            clean = torch.where((uniform() < 0.5)[:, None, None, None], clean.flip(3), clean)
            if side > how.window:
                top, left = (places.randrange((side - how.window) // 4 + 1) for _ in range(2))
                clean = clean[..., 4 * top : 4 * top + how.window, 4 * left : 4 * left + how.window]
            labels = torch.where(uniform() >= how.unsaid, self.labels[which], -1)
            s = how.s_most * uniform()
            last = stage == len(how.sides) - 1 and len(how.sides) > 1
            blur = torch.where(uniform() < 0.5, 0.4 + 0.2 * uniform(), 0.0) if last else None
            parts.append(self._stage(clean, labels, stage, s, blur, generator))
        return Examples(*(torch.cat(values) for values in zip(*(p.all() for p in parts), strict=True)))

    # -- looking at it -------------------------------------------------------------------------------

    def kinds(self) -> dict[str, Any]:
        """Validation is told apart by the side."""
        return {f"at_{side}": stage for stage, side in enumerate(self.how.sides)}

    def fixed_examples(self, how: Any, generator: torch.Generator) -> Examples:
        side = self.how.sides[how]
        clean = _reduced(self.held.pixels, side).float() / 127.5 - 1
        edge = (min(side, self.how.window) - side) // 2
        if edge:
            clean = clean[..., -edge:edge, -edge:edge]
        s = 0.5 * self.how.s_most * torch.rand(len(clean), generator=generator).to(self.device)
        return self._stage(clean, self.held_labels, how, s, None, generator)

    @torch.inference_mode()
    def sample(self, count: int = 8, steps: int = 16) -> None:
        """A grid: for a base a row of samples a class, for an enlarging stage input, result and truth."""
        judge = ResidualDenoiser(self.averages[self.recipe.ema[0]], self.recipe.sigma_data)
        classes = len(self.how.classes)
        if self.base:
            side = self.how.sides[0]
            labels = torch.arange(classes, device=self.device).repeat_interleave(count)
            start = torch.randn((len(labels), 3, side, side), generator=generator_of(992, 0))
            shown, sigmas = torch.zeros_like(start).to(self.device), karras(steps, 0.02, 40.0)
            told, s = self._tell(labels, 0), torch.zeros(len(labels), device=self.device)
            rows, x = classes, start.to(self.device) * sigmas[0]
        else:
            side = self.how.sides[-1]
            clean = _reduced(self.held.pixels[:count], side).float() / 127.5 - 1
            shown = enlarge(reduce_bicubic(clean, 2), 2)
            start, sigmas = torch.randn(clean.shape, generator=generator_of(992, 0)), karras(steps, 0.02, 2.0)
            told, s = self._tell(self.held_labels[:count], len(self.how.sides) - 1), torch.zeros(len(clean))
            rows, x, s = 1, shown + start.to(self.device) * sigmas[0], s.to(self.device)

        def denoise(x: Tensor, sigma: float) -> Denoised:
            parts = []
            for here in range(0, len(x), 64):
                cut = slice(here, here + 64)
                level = torch.full((len(x[cut]),), sigma, device=self.device)
                parts.append(judge(x[cut], level, shown[cut], s[cut], told[cut]).clean)
            return Denoised(torch.cat(parts))

        result = x
        for done in drive(dpmpp_2m(x, sigmas), denoise):
            result = done.clean
        grid = [result] if self.base else [shown, result, clean]
        lines = [torch.cat(list(line), dim=2) for part in grid for line in part.chunk(rows)]
        picture = torch.cat(lines, dim=1).clamp(-1, 1)
        pixels = ((picture + 1) * 127.5).round().byte().permute(1, 2, 0).cpu().numpy()
        image = Image.fromarray(pixels)
        image.resize((2 * image.width, 2 * image.height), Image.Resampling.NEAREST).save(
            self.folder / "samples" / f"{self.step:07d}.png"
        )


def _reduced(pixels: Tensor, side: int) -> Tensor:
    """(N, 3, full, full) uint8 to (N, 3, side, side) uint8, antialiased bicubic, a thousand at a time."""
    factor = pixels.shape[-1] // side
    if factor == 1:
        return pixels
    thousands: list[Tensor] = list(torch.split(pixels, 1000))
    parts = [
        ((reduce_bicubic(part.float() / 127.5 - 1, factor).clamp(-1, 1) + 1) * 127.5).round().byte()
        for part in thousands
    ]
    return torch.cat(parts)
