"""Which networks paint a class, one after the other: the plan of a cascade. No torch here.

In: a `GenerateRequest`. Out: the stages (`Painting`) that `restorer.generating` runs, and for choosing: the
packs that can begin a cascade, and the sizes that each can make.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from restorer import catalog, shelf
from restorer.catalog import Pack, Settings
from restorer.errors import PackError, RequestError
from restorer.request import Preset

__all__ = ["MOST", "GenerateRequest", "Painting", "bases", "painting", "sizes", "told"]

MOST = 64
"""Pictures of one request."""


@dataclass(frozen=True)
class GenerateRequest:
    """Make pictures of a class.

    label: the class, a number into `restorer.classes.names` of the base. base: name of a pack of kind
    "cdm-base" or "adm-base"; None for the first that ships. size: side of the finished pictures in pixels;
    None for the largest that the cascade makes, without a photo network if it has enlarging stages. count:
    from 1 to MOST; picture number i, from 0, has seed + i. upsamplers: packs that follow an "adm-base", by
    name; None for those that fit the size. preset, steps, sampler, seed, device: as in `RestoreRequest`;
    steps and sampler are for every stage. guidance: how much a base's pictures are pushed towards their class
    (classifier-free guidance, arXiv 2207.12598), from 1, where they are as various as what it learned from;
    None for the preset's; only for our own bases. previews: whether estimates are yielded.
    """

    label: int = 0
    base: str | None = None
    size: int | None = None
    count: int = 1
    upsamplers: tuple[str, ...] | None = None
    preset: Preset = Preset.BALANCED
    steps: int | None = None
    sampler: str | None = None
    guidance: float | None = None
    seed: int = 0
    device: str = "auto"
    previews: bool = True

    def __post_init__(self) -> None:
        if self.guidance is not None and not 1 <= self.guidance <= 10:
            raise RequestError(f"The guidance must be between 1 and 10, not {self.guidance:g}.")
        if not 1 <= self.count <= MOST:
            raise RequestError(f"The number of pictures must be between 1 and {MOST}, not {self.count}.")
        if self.steps is not None and not 1 <= self.steps <= 1000:
            raise RequestError(f"The number of steps must be between 1 and 1000, not {self.steps}.")
        if self.sampler is not None:
            from restorer.diffusion.sampler import SAMPLERS

            if self.sampler not in SAMPLERS:
                raise RequestError(
                    f"There is no sampler {self.sampler!r}; possible are {', '.join(SAMPLERS)}."
                )
        if not 0 <= self.seed < 2**63 - self.count:
            raise RequestError(
                f"The seed must be a whole number from 0 to 2^63 - 1 less the number of pictures, not "
                f"{self.seed}."
            )
        object.__setattr__(self, "preset", Preset(self.preset))


@dataclass(frozen=True)
class Painting:
    """One stage. pack: its network. scale: its enlargement per side, 1 for the base. side: of its pictures.
    number: which of the stages that its network serves. settings: how it samples. s: augmentation level of
    what it is shown."""

    pack: Pack
    scale: int
    side: int
    number: int
    settings: Settings
    s: float

    @property
    def cost(self) -> float:
        """What an evaluation of a picture takes, in units that compare stages: weights times the places that
        they are applied to."""
        network = self.pack.config.get("network", {})
        weights = float(self.pack.config["weights"].get("bytes", 1))
        twice = 2.0 if self.settings.guidance != 1.0 else 1.0
        return twice * weights * (self.side / int(network.get("block", 1))) ** 2


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
            pack = shelf.named(str(name))
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


def painting(request: GenerateRequest) -> tuple[Painting, ...]:
    """The stages of a request. Raises PackError or RequestError with a sentence."""
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
        made.append(Painting(pack, scale, side, number, _settings(pack, request), level))
    return tuple(made)


def _base(request: GenerateRequest) -> Pack:
    if request.base is None:
        known = bases()
        if not known:
            raise RequestError(
                "No installed model makes pictures of classes; import one, see: restorer models import --help"
            )
        base = known[0]
    else:
        base = shelf.named(request.base)
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
        pack = shelf.named(name)
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


def _settings(pack: Pack, request: GenerateRequest) -> Settings:
    settings = catalog.settings(pack, request.preset.value)
    if pack.kind == "photo-sr":  # what it was distilled to stays: other steps are for the cascade's own
        return settings
    steps, sampler = request.steps or settings.steps, request.sampler or settings.sampler
    settings = replace(settings, steps=steps, sampler=sampler)
    if pack.kind == "cdm-base" and request.guidance is not None:
        settings = replace(settings, guidance=request.guidance)
    return settings


def told(stage: Painting, label: int | None) -> tuple[float, ...]:
    """What a stage's network is told besides the levels; nothing for networks that are told otherwise."""
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
