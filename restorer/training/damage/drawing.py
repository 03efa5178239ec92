"""The damage of one photo, drawn: which kinds come together, and how strong they are.

In: a size, the width of a fine scratch, a random generator. Out: layers; `laid` puts them on a photo and
`marks` says exactly where they are. The same state of the generator gives the same bytes. Wide, faint changes
that leave the photo to be seen (stains, silvering) are drawn and not marked: to fill them would lose what is
there.

Whether damage lies over the grain or under it is up to whoever lays it: before or after the grain is drawn.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from restorer.training.damage.areas import (
    border,
    corner,
    dust,
    lost_emulsion,
    silvering,
    specks,
    sprinkled,
    stains,
)
from restorer.training.damage.layers import Layer, laid, marks
from restorer.training.damage.lines import (
    crackle,
    film_scratches,
    fold,
    fungus,
    hairs,
    rubbed,
    scratches,
    tear,
    wiped,
)

__all__ = ["KINDS", "Layer", "draw_layers", "laid", "marks"]

DrawDamage = Callable[[int, int, float, np.random.Generator, bool], list[Layer]]

KINDS: dict[DrawDamage, float] = {
    stains: 0.08,
    silvering: 0.05,
    fold: 0.16,
    lost_emulsion: 0.14,
    fungus: 0.05,
    crackle: 0.1,
    rubbed: 0.1,
    wiped: 0.12,
    scratches: 0.4,
    film_scratches: 0.15,
    specks: 0.2,
    tear: 0.1,
    border: 0.08,
    corner: 0.06,
    sprinkled: 0.2,
    dust: 0.35,
    hairs: 0.3,
}
"""Kinds from the lowest layer to the highest, each with how often a damaged photo has it."""


def draw_layers(
    height: int, width: int, unit: float, random: np.random.Generator, grey: bool = False
) -> list[Layer]:
    """Layers of (height, width), at least one. unit: width of a fine scratch in pixels. grey: without
    colour."""
    kinds = list(KINDS)
    chosen = random.random(len(kinds)) < np.array(list(KINDS.values()))
    if not chosen.any():
        chosen[random.integers(len(kinds))] = True
    layers = []
    for kind, wanted in zip(kinds, chosen, strict=True):
        if wanted:
            layers += kind(height, width, unit * 10 ** random.uniform(-0.15, 0.2), random, grey)
    return layers
