"""The training run of the network that fills damage.

In: sharp pictures. A crop gets a past (blur, grain, JPEG: what is filled in has to go on as what is around
it), and holes: strokes that wander, of one width a crop, and pieces of its border. The holes are filled
classically first (`restorer.damage.classical_filler` says how, without its grain); the network is shown that
and where they are, and asked for what was there. The loss, the averages and the state are those of
`restorer.training.trainer`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

from restorer.damage.classical_filler import smoothly_filled
from restorer.errors import RequestError
from restorer.training.damage.areas import border, corner
from restorer.training.damage.drawing import marks
from restorer.training.damage.examples import Finding, spoiled
from restorer.training.damage.strokes import ribbon, wander
from restorer.training.objectives import restored
from restorer.training.recipe import Holes, Recipe
from restorer.training.trainer import Examples, Trainer, generator_of

__all__ = ["FillTrainer", "holes_of"]

PAST = Finding(whole=1.0, scene=0.0, soft=0.3)
"""What photos went through before they were damaged."""
KINDS = {"narrow": 4.0, "middle": 12.0, "wide": 32.0}
"""Widths of the holes that validation tells apart, in pixels."""


def holes_of(side: int, how: Holes, random: np.random.Generator, width: float | None = None) -> np.ndarray:
    """(side, side) bool, neither empty nor full. width: of the strokes in pixels, drawn where it is None."""
    across = float(np.exp(random.uniform(*np.log(how.widths)))) if width is None else width
    across = min(across, side / 3)
    canvas = np.zeros((side, side), np.uint8)
    wanted = random.uniform(0.02, how.covered)
    while not (canvas > 127).any() or (canvas > 127).mean() + 2 * (across / side) ** 2 < wanted:
        start, angle = random.uniform(0, side, 2), random.uniform(0, 2 * math.pi)
        points = wander(start, angle, across * random.uniform(1, 8) + 8, random.uniform(0, 0.5), random)
        ribbon(canvas, points, max(1.3, across * random.uniform(0.7, 1.2)))
    marked = canvas > 127
    if random.random() < 0.15:
        edge = border if random.random() < 0.5 else corner
        marked |= marks(edge(side, side, 1.5, random, True), side, side)
    if marked.mean() > 0.8:
        marked[: side // 2] = False
    return marked


class FillTrainer(Trainer):
    """A run of the network that fills holes."""

    def __init__(self, recipe: Recipe, *rest: Any) -> None:
        assert recipe.holes is not None
        self.holes: Holes = recipe.holes
        if recipe.predicts != "hole" or not recipe.network.masked:
            raise RequestError(
                f"The run {recipe.pack} fills holes, so it has to predict 'hole', with a network that is "
                "masked."
            )
        super().__init__(recipe, *rest)

    def examples(
        self,
        clean: Tensor,
        generator: torch.Generator,
        how: Any = None,
        scale: int | None = None,
    ) -> Examples:
        """Crops with holes; they keep their size whatever `scale` says. how: width of the holes, or None
        for any."""
        seed = int(torch.randint(2**62, (1,), generator=generator, device=generator.device))
        sharp = ((clean + 1) * 127.5).round().byte().permute(0, 2, 3, 1).cpu().numpy()
        draws = [np.random.default_rng([seed, number]) for number in range(len(sharp))]
        photos = [spoiled(each, PAST, random).photo for each, random in zip(sharp, draws, strict=True)]
        return self.with_holes(photos, draws, how)

    def with_holes(
        self, photos: list[np.ndarray], draws: list[np.random.Generator], width: float | None
    ) -> Examples:
        """Photos, (side, side, 3) uint8 each, and the same with holes that are classically filled."""
        whole, shown = [], []
        for picture, random in zip(photos, draws, strict=True):
            photo = picture.astype(np.float32) / 255
            marked = holes_of(len(photo), self.holes, random, width)
            filled = np.where(marked[..., None], smoothly_filled(photo, marked), photo)
            whole.append(2 * photo - 1)
            shown.append(np.dstack([2 * filled - 1, marked.astype(np.float32)]))
        truth, given = (
            torch.from_numpy(np.stack(planes)).permute(0, 3, 1, 2).float().to(self.device)
            for planes in (whole, shown)
        )
        nothing = torch.zeros(len(truth), 4, device=self.device)
        return Examples(truth, given, nothing[:, 0], nothing[:, 1:])

    def kinds(self) -> dict[str, Any]:
        """Holes of three widths."""
        return KINDS

    def attempt(self, clean: Tensor, steps: int) -> tuple[Tensor, Tensor]:
        """Held-out pictures filled classically, and what the network makes of them in `steps`."""
        pictures = list(((clean + 1) * 127.5).round().byte().permute(0, 2, 3, 1).cpu().numpy())
        draws = [np.random.default_rng([993, number]) for number in range(len(pictures))]
        examples = self.with_holes(pictures, draws, KINDS["middle"])

        def noise(step: int) -> Tensor:
            return self.normal(tuple(examples.clean.shape), generator_of(992, step))

        average = self.averages[self.recipe.ema[0]]
        result = restored(self.recipe, average, examples.enlarged, noise, steps)
        return examples.enlarged[:, :3], result
