"""Stages in a row: what SR3's chains and CDM have in common.

A stage is one network with one scale factor and the settings of its sampling; a cascade is stages whose
output is the next one's input (SR3, arXiv 2104.07636, section 4.4; CDM, arXiv 2106.15282, section 3).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from restorer import catalog
from restorer.catalog import Pack, Settings
from restorer.errors import RequestError

if TYPE_CHECKING:
    from restorer.request import RestoreRequest

__all__ = ["NEUTRAL", "S_MOST", "Cascade", "Stage", "trust"]

NEUTRAL = 0.8
"""Fidelity at which a clean photo gets the pack's own settings: s = 0 and the full starting noise."""
S_MOST = 0.25
"""Augmentation level at fidelity 0: the largest that training shows the networks."""
CALMEST = 0.7
"""Factor on the starting noise at fidelity 1. With less, a network that answers in one evaluation is given
what it was never shown, and agreement with the photo falls again (measured at 0.4)."""


@dataclass(frozen=True)
class Stage:
    """pack: its network. scale: its enlargement per side. settings: how it samples. s: augmentation level
    asked for; in the first stage that is not repair grain may raise it."""

    pack: Pack
    scale: int
    settings: Settings
    s: float


@dataclass(frozen=True)
class Cascade:
    """Stages, first to last."""

    stages: tuple[Stage, ...]

    @property
    def scale(self) -> int:
        product = 1
        for stage in self.stages:
            product *= stage.scale
        return product

    @property
    def name(self) -> str:
        """The packs' names in order, one that follows itself once."""
        return " + ".join(name for name, _ in groupby(stage.pack.name for stage in self.stages))

    @classmethod
    def of(cls, request: RestoreRequest) -> Cascade:
        """The stages that a request asks for: repair, if any, then what enlarges. Raises PackError or
        RequestError with a sentence."""
        s, calm = trust(request.fidelity)
        stages: list[Stage] = []
        for scale in catalog.factors(request.scale, request.model):
            pack = catalog.find(scale, request.model)
            if request.model is None:
                pack = catalog.finer(pack, request.preset.value)
            settings = catalog.settings(pack, request.preset.value)
            if request.steps is not None:
                settings = replace(settings, steps=request.steps)
            if request.sampler is not None:
                settings = replace(settings, sampler=request.sampler)
            if request.label is not None and not 0 <= request.label < pack.classes:
                raise RequestError(
                    f"The model {pack.name} knows {pack.classes or 'no'} classes, and none of number "
                    f"{request.label}; leave the class out or choose another model."
                )
            if stages:  # what the first stage made is trusted as the search after training found best
                level = pack.chain_s if request.chain_s is None else request.chain_s
                stages.append(Stage(pack, scale, settings, level))
            elif pack.augmented:
                settings = replace(settings, start=settings.start * calm)
                stages.append(Stage(pack, scale, settings, s))
            else:
                stages.append(Stage(pack, scale, _late(settings, request.fidelity), 0.0))
        return cls((*_repair(request), *stages))


def _repair(request: RestoreRequest) -> tuple[Stage, ...]:
    """The stages that mend damage, where it is asked for: the same again, for what is left of it."""
    if not request.repair:
        return ()
    pack = catalog.mender()
    if pack is None:
        raise RequestError("No installed model mends damage; install one, or leave repair off.")
    return (Stage(pack, 1, catalog.settings(pack, request.preset.value), 0.0),) * pack.passes


def _late(settings: Settings, fidelity: float) -> Settings:
    """For a network that cannot be told how far to trust the photo: above NEUTRAL the chain starts later,
    from the enlarged photo at a lower noise level, down to 1 at fidelity 1 (arXiv 2112.05146)."""
    past = max(0.0, (fidelity - NEUTRAL) / (1 - NEUTRAL))
    return replace(settings, sigma_max=max(settings.sigma_max, 1.0) ** (1 - past))


def trust(fidelity: float) -> tuple[float, float]:
    """Fidelity in [0, 1] as (augmentation level s, factor on the starting noise).

    From 0 to NEUTRAL the level falls from S_MOST to 0: the network is told to believe the photo more and
    more. From there to 1 the chain starts from less and less noise, so that less is invented (the start of
    the chain as in "Come-Closer-Diffuse-Faster", arXiv 2112.05146).
    """
    s = S_MOST * max(0.0, 1 - fidelity / NEUTRAL)
    calm = 1 - (1 - CALMEST) * max(0.0, (fidelity - NEUTRAL) / (1 - NEUTRAL))
    return s, calm
