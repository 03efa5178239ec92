"""The stages of a run, planned before anything is computed. No torch here.

In: a `RestoreRequest` (`plan_restore`: repair, then SR3's chain) or a `GenerateRequest` (`plan_generate`:
CDM's cascade). Out: a `Cascade` of `Stage`s, each with its pack, its scale and how it samples; and for
choosing, the packs that can begin a cascade and the sizes that each can make.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from restorer.errors import PackError, RequestError, RestorerError
from restorer.packs import catalog
from restorer.packs.pack import Pack, SamplingSettings
from restorer.pipeline.request import Faces, GenerateRequest

if TYPE_CHECKING:
    from restorer.pipeline.request import RestoreRequest

__all__ = [
    "NEUTRAL",
    "S_MOST",
    "TOGETHER",
    "Cascade",
    "Stage",
    "bases",
    "conditioning_vector",
    "plan_generate",
    "plan_restore",
    "sizes",
    "trust",
]

TOGETHER = 65536
"""Pixels of pictures of a class that go through a network at once: 64 pictures of 32 pixels, 4 of 128."""
WORN = 0.35
"""From this estimate on Auto takes a photo for worn. Measured: the twelve old scans at hand 0.37 to 0.72,
14 + 24 clean reductions by four 0 to 0.32 but for one of 0.5, 24 photos of a camera 0.11 to 0.28."""
LEAST_CLEAN_UP = 0.6
"""How much of a worn photo Auto cleans at least. The estimate errs by 0.2: it took a grainy portrait for worn
by 0.37, and worms stayed on its skin at 0.4. From 0.6 to 1 nothing was seen to change but blotches."""
NEUTRAL = 0.8
"""Fidelity at which a clean photo gets the pack's own settings: s = 0 and the full starting noise."""
S_MOST = 0.25
"""Augmentation level at fidelity 0: the largest that training shows the networks."""
CALMEST = 0.7
"""Factor on the starting noise at fidelity 1. With less, a network that answers in one evaluation is given
what it was never shown, and agreement with the photo falls again (measured at 0.4)."""


@dataclass(frozen=True)
class Stage:
    """One network's part of a run.

    pack: its network. scale: its enlargement per side, 1 for a base and for repair. settings: how it samples.
    s: augmentation level of what it is shown; grain may raise that of a photo's first stage. side: of the
    square pictures that it makes, in pixels; 0 where a photo decides. number: which of the stages that its
    network serves.
    """

    pack: Pack
    scale: int
    settings: SamplingSettings
    s: float
    side: int = 0
    number: int = 0

    @property
    def cost(self) -> float:
        """What an evaluation of a picture of `side` takes, in units that compare stages: weights times the
        places that they are applied to."""
        network = self.pack.config.get("network", {})
        weights = float(self.pack.config["weights"].get("bytes", 1))
        twice = 2.0 if self.settings.guidance != 1.0 else 1.0
        return twice * weights * (self.side / int(network.get("block", 1))) ** 2


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
    def of_a_face(self) -> bool:
        """Whether a network for faces is asked for by name: then the photo is a single face."""
        return any(stage.pack.faces for stage in self.stages)

    @property
    def name(self) -> str:
        """The packs' names in order, one that follows itself once."""
        return " + ".join(name for name, _ in groupby(stage.pack.name for stage in self.stages))

    @property
    def knows_wear(self) -> bool:
        """Whether any of its networks is told how worn the photo is."""
        return any(stage.pack.knows_wear for stage in self.stages)


def auto_clean_up(wear: float) -> float:
    """What Auto cleans of a photo that is estimated to be so worn, where no model is asked for by name.

    wear: in [0, 1]. Returns as much, but no less than LEAST_CLEAN_UP; for a photo that is hardly worn, 0.
    """
    return max(wear, LEAST_CLEAN_UP) if wear >= WORN else 0.0


def plan_restore(request: RestoreRequest, wear: float | None = None) -> Cascade:
    """The stages that a request asks for: repair, if any, then what enlarges.

    wear: how worn the photo is estimated to be, in [0, 1]; None while that is not known. A worn photo goes
    through the network that is told of wear, unless the request names a model; the person's word
    (`clean_up`) counts more than the estimate. Raises PackError or RequestError with a sentence.
    """
    cleaned = auto_clean_up(wear or 0.0) if request.clean_up is None else request.clean_up
    if request.faces is Faces.RESTORE:
        catalog.face_restorer(request.face_model)  # raises the sentence that says what is missing
    s, calm = trust(request.fidelity)
    stages: list[Stage] = []
    for scale in catalog.factors(request.scale, request.model):
        pack = catalog.find(scale, request.model)
        if request.model is None:
            finer = catalog.finer(pack, request.preset.value)
            # What an earlier stage made is not worn any more.
            worn = catalog.for_worn(pack)
            pack = worn if cleaned > 0 and not stages and worn.knows_wear else finer
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
    return Cascade((*_repair(request), *stages))


def heeds_clean_up(request: RestoreRequest) -> bool:
    """Whether the request's `clean_up` makes a difference; False where nothing can be planned."""
    try:
        return plan_restore(replace(request, clean_up=1.0)).knows_wear
    except RestorerError:
        return False


def _repair(request: RestoreRequest) -> tuple[Stage, ...]:
    """The stages that mend damage, where it is asked for: the same again, for what is left of it."""
    if not request.repair:
        return ()
    pack = catalog.mender()
    if pack is None:
        raise RequestError("No installed model mends damage; install one, or leave repair off.")
    return (Stage(pack, 1, catalog.settings(pack, request.preset.value), 0.0),) * pack.passes


def _late(settings: SamplingSettings, fidelity: float) -> SamplingSettings:
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


def bases() -> list[Pack]:
    """The packs that can begin a cascade, shipped ones first."""
    found = [pack for pack in catalog.all_packs() if pack.kind in ("cdm-base", "adm-base")]
    return sorted(found, key=lambda pack: not pack.shipped)


def sizes(pack: Pack) -> tuple[int, ...]:
    """Sides of pictures in pixels that can be made from this base, smallest first."""
    return tuple(sorted({step.side for step in _ways(pack)}))


@dataclass(frozen=True)
class _Step:
    """side: what it makes; through: (pack, scale, number) of every stage up to it; own: no photo network."""

    side: int
    through: tuple[tuple[Pack, int, int], ...]
    own: bool


def _ways(base: Pack) -> Iterator[_Step]:
    """Every size that can be had, with the way to it, own networks before the photo network."""
    if base.kind == "cdm-base":
        side = int(base.config["sides"][0])
        way: tuple[tuple[Pack, int, int], ...] = ((base, 1, 0),)
        yield _Step(side, way, True)
        for name in base.config.get("cascade", []):
            pack = catalog.named(str(name))
            if pack.kind != "cdm-sr" or pack.config["classes"] != base.config["classes"]:
                raise PackError(
                    f"The model {pack.name} does not fit {base.name}, which it should follow; install both "
                    "again."
                )
            for number, larger in enumerate(pack.config["sides"]):
                way = (*way, (pack, int(larger) // side, number))
                side = int(larger)
                yield _Step(side, way, True)
    else:
        side = int(base.config["image_size"])
        way = ((base, 1, 0),)
        yield _Step(side, way, True)
        fitting = [pack for pack in catalog.all_packs() if pack.kind == "adm-sr"]
        for pack in sorted(fitting, key=lambda pack: str(side) not in pack.name):
            yield _Step(side * pack.scale, (*way, (pack, pack.scale, 0)), True)
    for scale in (2, 4):  # then on by the photo network, in one stage
        if scale in catalog.available_scales() and catalog.factors(scale) == (scale,):
            yield _Step(scale * side, (*way, (catalog.find(scale), scale, 0)), False)


def plan_generate(request: GenerateRequest) -> Cascade:
    """The stages that a request asks for: a base, then what enlarges. Raises PackError or RequestError with a
    sentence."""
    base = _base(request)
    if request.upsamplers is not None:
        way = _named(base, request.upsamplers)
    else:
        steps = list(_ways(base))
        own = [step.side for step in steps if step.own]
        alone = len(own) == 1  # nothing of its own follows, so the photo network does
        wanted = request.size or max(step.side for step in steps if alone or step.own)
        fitting = [step for step in steps if step.side == wanted]
        if not fitting:
            known = ", ".join(str(side) for side in sorted({step.side for step in steps}))
            raise RequestError(
                f"The model {base.name} makes pictures of {known} pixels, not of {wanted}; "
                "choose one of these."
            )
        way = fitting[0].through
    made, side = [], 0
    for pack, scale, number in way:
        side = side * scale if side else _first(pack)
        level = _level(pack, number, way[0][0])
        made.append(Stage(pack, scale, _settings(pack, request), level, side, number))
    return Cascade(tuple(made))


def _base(request: GenerateRequest) -> Pack:
    if request.base is None:
        known = bases()
        if not known:
            raise RequestError(
                "No installed model makes pictures of classes; import one, see: restorer models import --help"
            )
        base = known[0]
    else:
        base = catalog.named(request.base)
    if base.kind not in ("cdm-base", "adm-base"):
        raise RequestError(f"The model {base.name} is none that invents pictures by class; choose another.")
    if not base.classes and request.label:
        raise RequestError(f"The model {base.name} knows no classes; leave the class out or choose another.")
    if base.classes and not 0 <= request.label < base.classes:
        raise RequestError(f"The model {base.name} knows {base.classes} classes, and no {request.label}.")
    return base


def _named(base: Pack, upsamplers: tuple[str, ...]) -> tuple[tuple[Pack, int, int], ...]:
    way = [(base, 1, 0)]
    for name in upsamplers:
        pack = catalog.named(name)
        if pack.kind != "adm-sr":
            raise RequestError(f"The model {name} is none that enlarges pictures by class; choose another.")
        way.append((pack, pack.scale, 0))
    return tuple(way)


def _first(pack: Pack) -> int:
    return int(pack.config["sides"][0] if pack.kind == "cdm-base" else pack.config["image_size"])


def _level(pack: Pack, number: int, base: Pack) -> float:
    """Conditioning augmentation hides from the photo network, too, what a base gets wrong."""
    if pack.kind == "photo-sr":
        return float(base.config.get("photo_s", 0.0))
    levels = pack.config.get("s", [])
    return float(levels[number]) if number < len(levels) else 0.0


def _settings(pack: Pack, request: GenerateRequest) -> SamplingSettings:
    settings = catalog.settings(pack, request.preset.value)
    if pack.kind == "photo-sr":  # what it was distilled to stays: other steps are for the cascade's own
        return settings
    steps, sampler = request.steps or settings.steps, request.sampler or settings.sampler
    settings = replace(settings, steps=steps, sampler=sampler)
    if pack.kind == "cdm-base" and request.guidance is not None:
        settings = replace(settings, guidance=request.guidance)
    return settings


def conditioning_vector(stage: Stage, label: int | None) -> tuple[float, ...]:
    """What a network of a class cascade is shown besides picture and levels: the class and which stage it is;
    empty for a network that takes its class otherwise."""
    from restorer.diffusion.denoiser import tell, tell_class

    pack = stage.pack
    if not pack.classes:
        label = None
    if pack.kind == "cdm-base":
        return tell_class(label, pack.classes)
    if pack.kind == "cdm-sr":
        return tell_class(label, pack.classes, stage.number)
    if pack.kind == "photo-sr" and pack.told:
        return tell(float(stage.scale))
    return ()
