"""Training on real scans' degradation, and on what other networks make of it.

In: a recipe with `scan` (and `teachers`, for pairs that other networks made). Out: a run as
`AdversarialTrainer` makes it. The network is shown what the engine shows it, the enlarged photo under noise
of the highest level; it is told how worn the photo is, a little wrongly, since the engine estimates it too.

A batch with teachers is worn pairs, clean pairs and fresh examples, one after the other. The target of a pair
is the teacher's picture, with a weaker pull towards the original; a fresh example's is the original.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from restorer.diffusion.conditioning import enlarge
from restorer.diffusion.denoiser import tell
from restorer.pipeline.colour_lock import NEGLIGIBLE, grain_response
from restorer.training.adversarial import AdversarialTrainer
from restorer.training.data import Pictures, crops
from restorer.training.degradation.first_order import Coats, Degradation
from restorer.training.degradation.second_order import Scan, scan
from restorer.training.features import Features
from restorer.training.run import Compute
from restorer.training.teachers import TeacherBank
from restorer.training.trainer import Examples

__all__ = ["ScanTrainer", "grain_of", "scanned"]

MARGIN = 32
"""Pixels by which crops are drawn larger than they are shown, so that JPEG blocks begin anywhere in them."""
UNSURE = 0.1
"""Deviation of the error in the wear that the network is told."""
REFRESH = 20
"""Steps after which new pairs are looked for."""
LEAST_WEAR = 0.1
"""Least wear of a worn example; fewer examples are worn a little than much."""


class ScanTrainer(AdversarialTrainer):
    """An `AdversarialTrainer` whose examples have the past of real scans."""

    def __init__(
        self,
        recipe: Any,
        pictures: Pictures,
        folder: Path,
        compute: Compute,
        features: Features | None = None,
    ) -> None:
        super().__init__(recipe, pictures, folder, compute, features)
        self.drawing = torch.device("cpu")  # where the past of a scan is made
        self.bank = TeacherBank(folder.parent / recipe.teachers.pairs) if recipe.teachers else None
        self.originals: Tensor | None = None  # of the step's examples, where their targets are others

    def draw(self, generator: torch.Generator) -> Examples:
        """The examples of a step: worn pairs, clean pairs, fresh ones."""
        recipe = self.recipe
        if self.bank is None or recipe.teachers is None:
            self.originals = None
            return super().draw(generator)
        how, batch = recipe.teachers, recipe.batch
        if self.step % REFRESH == 0:
            self.bank.refresh()
        worn, clean = round(how.worn * batch), round(how.clean * batch)
        pairs = self.bank.draw(worn, clean, recipe.crop, generator)
        low, s = _augmented(pairs.low, grain_of(pairs.low), recipe.degradation, generator)
        parts = [Examples(pairs.made, enlarge(low, 4), s, _told(4, pairs.wear, generator))]
        originals = [pairs.original]
        if batch > worn + clean:
            fresh = self.examples(self.crops(batch - worn - clean, generator), generator)
            parts.append(fresh)
            originals.append(fresh.clean)
        self.originals = torch.cat([each.to(self.device) for each in originals])
        values = zip(*(part.to(self.device).all() for part in parts), strict=True)
        return Examples(*(torch.cat(each) for each in values))

    def crops(self, count: int, generator: torch.Generator, held: bool = False) -> Tensor:
        """Crops that are `MARGIN` wider than the recipe's: (count, 3, crop + MARGIN, crop + MARGIN)."""
        return crops(self.held if held else self.training, count, self.recipe.crop + MARGIN, generator)

    def _degraded(
        self, clean: Tensor, scale: int, kind: Degradation, generator: torch.Generator, coats: Coats | None
    ) -> Examples:
        assert self.recipe.scan is not None
        return scanned(clean, scale, kind, self.recipe.scan, generator, self.recipe.crop)

    def _states(self, examples: Examples, sigma: Tensor, noise: Tensor, generator: torch.Generator) -> Tensor:
        return self._begin(examples, noise)

    def _begin(self, examples: Examples, noise: Tensor) -> Tensor:
        """What the engine begins with: the enlarged photo, not the original, under noise."""
        return examples.enlarged + self.how.sigma_max * noise

    def _levels(self, count: int, generator: torch.Generator) -> Tensor:
        return torch.full((count,), self.how.sigma_max, device=self.device)

    def _pixels(self, made: Tensor, clean: Tensor) -> Tensor:
        """|D - T|, and the weaker |D - x| where T is a teacher's."""
        error = super()._pixels(made, clean)
        if self.originals is None or len(made) != len(self.originals) or self.recipe.teachers is None:
            return error
        return error + self.recipe.teachers.original * (made - self.originals).abs().mean()


def scanned(
    clean: Tensor, scale: int, kind: Degradation, how: Scan, generator: torch.Generator, side: int
) -> Examples:
    """Examples of sharp crops (B, 3, H, W) in [-1, 1], at least `side` high: `kind.worn` of them worn, and
    what `kind` says of augmentation. Each is cut to `side` at a place of its own. They are made on the
    processor, by its `generator`, and returned on the device of `clean`."""
    seeds = torch.randint(2**62, (len(clean),), generator=generator).tolist()
    worn = torch.rand(len(clean), generator=generator) < kind.worn
    small, wear, cut = side // scale, [], []
    for picture, seed, is_worn in zip(clean, seeds, worn.tolist(), strict=True):
        random = np.random.default_rng(seed)
        sharp = ((picture + 1) * 127.5).round().byte().permute(1, 2, 0).cpu().numpy()
        wear.append(float(LEAST_WEAR + (1 - LEAST_WEAR) * random.random() ** 0.7) if is_worn else 0.0)
        toned, low = scan(sharp, scale, wear[-1], random, how)
        top, left = (int(random.integers(low.shape[0] - small + 1)) for _ in range(2))
        cut.append(
            (
                toned[scale * top : scale * top + side, scale * left : scale * left + side],
                low[top : top + small, left : left + small],
            )
        )
    originals, inputs = (
        torch.from_numpy(np.stack(part)).permute(0, 3, 1, 2).float() / 127.5 - 1
        for part in zip(*cut, strict=True)
    )
    given, s = _augmented(inputs, grain_of(inputs), kind, generator)
    told = _told(scale, torch.tensor(wear), generator)
    return Examples(originals, enlarge(given, scale), s, told).to(clean.device)


def grain_of(low: Tensor) -> Tensor:
    """(B,): what `restorer.pipeline.colour_lock.estimate_grain` would say of each picture (B, 3, h, w)."""
    response = grain_response(low.mean(1, keepdim=True))
    windows = functional.avg_pool2d(response, min(8, *response.shape[-2:])).flatten(1)
    sigma = windows.quantile(0.1, dim=1)
    return torch.where(sigma > NEGLIGIBLE, sigma, torch.zeros_like(sigma))


def _told(scale: int, wear: Tensor, generator: torch.Generator) -> Tensor:
    """(B, 3): what the network is told, with the wear a little wrong."""
    unsure = (wear + UNSURE * torch.randn(len(wear), generator=generator)).clamp(0, 1)
    plain = torch.tensor([tell(scale)]).repeat(len(wear), 1)
    plain[:, 2] = unsure
    return plain


def _augmented(
    low: Tensor, present: Tensor, kind: Degradation, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Conditioning augmentation of a share of the inputs: (input, s). Variances add."""
    target = kind.s_most * torch.rand(len(low), generator=generator)
    raised = (torch.rand(len(low), generator=generator) < kind.augmented) & (target > present)
    extra = torch.where(raised, (target**2 - present**2).clamp(min=0), torch.zeros_like(target)).sqrt()
    grey = (low.amax(1) == low.amin(1)).flatten(1).all(1)
    noise = torch.randn(low.shape, generator=generator)
    noise = torch.where(grey[:, None, None, None], noise[:, :1], noise)
    return low + extra[:, None, None, None] * noise, torch.where(raised, target, present)
