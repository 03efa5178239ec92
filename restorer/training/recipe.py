"""What a training run is: one frozen description, read from the queue file.

`models/training.toml` lists the runs in order; each table names a pack, its data, the network and the
numbers of the recipe. The file is what makes a shipped pack reproducible.
"""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from restorer.diffusion.nn.damage_unet import DamageUNetConfig
from restorer.diffusion.nn.unet import UNetConfig
from restorer.errors import RequestError
from restorer.training.damage.examples import Finding
from restorer.training.degradation.first_order import Degradation
from restorer.training.degradation.second_order import Scan

__all__ = [
    "ENDLESS",
    "FALL",
    "Adversarial",
    "Cascading",
    "Finding",
    "Frames",
    "Holes",
    "Mending",
    "Recipe",
    "Teachers",
    "read_queue",
]

FALL = 0.25
"""Part of a run by the clock over which its learning rate falls."""
ENDLESS = 10**9
"""Steps of a run that ends by the clock, until it is known how many they are."""


@dataclass(frozen=True)
class Adversarial:
    """Numbers of adversarial distillation (`restorer.training.adversarial`).

    pixel, perceptual: weights of those terms. square: weight of squared error beside |D - x|, for errors that
    are few and large. adversarial, pixel_critic: how hard the critic of features and
    that of pixels pull on the picture, in parts of the other terms' pull; 0 for none. critic_rate: their
    learning rate; critic_alone: steps that they learn alone at first; critic_width: channels of the critic of
    pixels at its finest. spread: how far answers to one input are asked to differ, 0 for not at all, 1 for as
    far as the truth may from any of them; then a batch holds each example twice. spread_look: the same for
    their features, only together with `spread`.
    sigma_max: noise level of the first evaluation, shown to the share `first` of the examples; the others
    have ln sigma even between sigma_min and sigma_max. simulated: if above 0, every other example is
    a second evaluation after the network's own first, with ln sigma even between sigma_min and this, whatever
    `first` says. window: side of what the features are shown, pixels. lattice: weight of what repeats
    with the network's blocks in an answer's finest detail, beyond what does in the original.
    """

    pixel: float = 1.0
    square: float = 0.0
    perceptual: float = 0.1
    adversarial: float = 0.3
    pixel_critic: float = 0.0
    critic_rate: float = 2e-4
    critic_alone: int = 50
    critic_width: int = 32
    spread: float = 0.0
    spread_look: float = 0.0
    sigma_max: float = 2.0
    sigma_min: float = 0.05
    first: float = 0.5
    simulated: float = 0.0
    window: int = 72
    lattice: float = 0.0


@dataclass(frozen=True)
class Cascading:
    """Numbers of a stage of a class cascade (`restorer.training.classes`).

    classes: names of the folders of pictures, in the order of the classes. sides: of the pictures made, in
    pixels; one for a base, one or more for an enlarging network, which doubles to each. window: side of the
    crops that larger pictures are cut to. unsaid: share of examples without their class. s_most: largest
    augmentation level. follow: names of the packs that come after a base.
    """

    classes: tuple[str, ...]
    sides: tuple[int, ...]
    window: int = 64
    unsaid: float = 0.1
    s_most: float = 0.4
    follow: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mending:
    """Damage that a network of repair is shown (`restorer.training.repair`).

    pixel: range of the unit that widths of damage are multiples of, in pixels, with its logarithm even
    (`restorer.training.degradation.damage`). whole: share of crops without damage; the others have 1 to
    `coats` draws of it.
    faintest: least opacity that damage is thinned to. uneven: largest deviation of its tone from place to
    place, on [-1, 1]. soft: range of its blur, in pixels. reduced: share of crops that are reduced to
    their side from twice that: as much detail on a pixel as small scans have.
    """

    pixel: tuple[float, float] = (0.7, 4.0)
    whole: float = 0.1
    coats: int = 3
    faintest: float = 0.5
    uneven: float = 0.15
    soft: tuple[float, float] = (0.0, 1.0)
    reduced: float = 0.0


@dataclass(frozen=True)
class Teachers:
    """Pairs that a network learns from (`restorer.training.teachers`), in the folder `pairs` beside the run.

    count: pairs to be computed before the run begins. worn, clean: shares of a batch that are pairs of each
    kind; the rest are fresh examples, whose target is the original. original: weight of the distance to the
    original beside the distance to the teacher's picture.
    """

    pairs: str = "teachers"
    count: int = 3000
    worn: float = 0.5
    clean: float = 0.25
    original: float = 0.1


@dataclass(frozen=True)
class Frames:
    """Faces that a network for faces learns from (`restorer.training.faces`). least: width in pixels of the
    smallest that is brought into a frame; smaller ones would be blurred targets."""

    least: float = 60.0


@dataclass(frozen=True)
class Holes:
    """Holes that a filling network is shown (`restorer.training.damage.filling`).

    widths: range of their width in pixels, its logarithm even. covered: largest share of a crop that is in
    holes."""

    widths: tuple[float, float] = (2.0, 64.0)
    covered: float = 0.3


@dataclass(frozen=True)
class Recipe:
    """One run.

    data: names of zips or folders, looked up under the data folder. side: of the stored pictures. without:
    beginnings of the names of pictures that are left out.
    steps: optimiser steps in all; the rate is constant after `warm_up` and falls to nothing over the last
    `decay` steps (by step, never by the clock), so a finished run can be lengthened from before its decay.
    rate: AdamW's learning rate; Muon's update is scaled to fit it. ema: decays of the averaged weights.
    scales: enlargements of the network, each for an equal part of the batch, so one named twice has twice
    the share; empty for `scale` alone. start: name of the run whose averaged weights are gone on from.
    accelerator: the run would take a processor days; the queue passes it over where there is none.
    adversarial: the run is one of adversarial distillation. cascade: it is a stage of a class cascade.
    mending: with `adversarial`, damage alone is to be undone, at the picture's own size.
    scan: with `adversarial`, worn examples have the past of real scans
    (`restorer.training.degradation.second_order`).
    teachers: with `adversarial`, most examples are pairs that other networks made.
    frames: with `scan`, the pictures are faces in their frame, whose side is `crop`.
    finding: damage is to be found: the run's network is `finder`, and the next entries do not matter.
    holes: holes are to be filled; then `predicts` is "hole" and the network `masked`.
    predicts: "residual", EDM's objective with the next three; "hole", the same within holes alone
    (`restorer.diffusion.denoiser.HoleDenoiser`); or "noise", SR3's own objective and levels
    (`restorer.training.objectives`).
    sigma_data, sigma_mean, sigma_spread: EDM's constants for the residual over the enlarged photo.
    """

    pack: str
    data: tuple[str, ...]
    scale: int = 4
    scales: tuple[int, ...] = ()
    start: str = ""
    side: int = 256
    crop: int = 128
    batch: int = 24
    steps: int = 3000
    warm_up: int = 100
    decay: int = 600
    rate: float = 1e-3
    weight_decay: float = 1e-4
    clip: float = 1.0
    ema: tuple[float, ...] = (0.998, 0.9995)
    predicts: str = "residual"
    sigma_data: float = 0.12
    sigma_mean: float = -2.2
    sigma_spread: float = 1.2
    seed: int = 0
    held: int = 96
    without: tuple[str, ...] = ()
    accelerator: bool = False
    network: UNetConfig = field(default_factory=UNetConfig)
    degradation: Degradation = field(default_factory=Degradation)
    adversarial: Adversarial | None = None
    cascade: Cascading | None = None
    mending: Mending | None = None
    scan: Scan | None = None
    teachers: Teachers | None = None
    frames: Frames | None = None
    finding: Finding | None = None
    finder: DamageUNetConfig = field(default_factory=DamageUNetConfig)
    holes: Holes | None = None

    def rate_at(self, step: int, begun: int = 0) -> float:
        """Learning rate of the step numbered from 0, warmed up from the step `begun` on."""
        warm = min(1.0, (step - begun + 1) / max(1, self.warm_up))
        left = min(1.0, (self.steps - step) / max(1, self.decay))
        return self.rate * warm * left

    @property
    def decay_starts(self) -> int:
        return self.steps - self.decay


PARTS: dict[str, type[Any]] = {
    "network": UNetConfig,
    "degradation": Degradation,
    "adversarial": Adversarial,
    "cascade": Cascading,
    "mending": Mending,
    "scan": Scan,
    "teachers": Teachers,
    "frames": Frames,
    "finding": Finding,
    "finder": DamageUNetConfig,
    "holes": Holes,
}
"""Tables within a run's table, by name."""


def _build(kind: type[Any], table: dict[str, Any], where: str) -> Any:
    known = {f.name for f in dataclasses.fields(kind)}
    unknown = sorted(set(table) - known)
    if unknown:
        raise RequestError(
            f"{where} has an unknown entry {unknown[0]!r}; known are {', '.join(sorted(known))}."
        )
    return kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in table.items()})


def read_queue(path: Path) -> list[Recipe]:
    """The runs of a queue file, in order. Raises RequestError with the place that is wrong."""
    try:
        tables = tomllib.loads(path.read_text("utf-8")).get("run", [])
    except OSError as error:
        raise RequestError(f"The queue {path} cannot be read: {error.strerror}.") from error
    except tomllib.TOMLDecodeError as error:
        raise RequestError(f"The queue {path} is not valid TOML: {error}.") from error
    recipes = []
    for table in tables:
        where = f"The run {table.get('pack', '?')!r} in {path.name}"
        parts = dict(table)
        for name, kind in PARTS.items():
            if name in parts:
                parts[name] = _build(kind, parts[name], where)
        recipes.append(_build(Recipe, parts, where))
    return recipes
