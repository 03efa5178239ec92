"""A model pack as data: its name, what its network does, and how each preset samples.

In: the parsed config.json. Out: `Pack`. `restorer.packs.catalog` finds packs, `restorer.packs.loader` loads
them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

CONFIG_FORMAT = 1
CONFIG, WEIGHTS = "config.json", "model.safetensors"


@dataclass(frozen=True)
class SamplingSettings:
    """How a preset samples.

    steps, sampler: see `restorer.diffusion.sampler`. sigma_max, sigma_min, rho: EDM's noise grid.
    start: factor on the starting noise; below 1 gives less texture and less grain.
    guidance: how far a class is exaggerated over none (classifier-free guidance, arXiv 2207.12598, equation
        6, with 1 for none), by networks that were also trained without classes.
    """

    steps: int
    sigma_max: float
    sigma_min: float = 0.01
    rho: float = 7.0
    start: float = 1.0
    sampler: str = "dpmpp-2m"
    guidance: float = 1.0


@dataclass(frozen=True)
class Pack:
    """A pack on disk. `config` is the parsed config.json."""

    name: str
    folder: Path
    kind: str
    scale: int
    config: dict[str, Any]
    shipped: bool

    @property
    def scales(self) -> tuple[int, ...]:
        """Enlargements per side that its network knows in one stage; `scale` is the main one."""
        return tuple(int(scale) for scale in self.config.get("scales", [self.scale]))

    @property
    def sha256(self) -> str:
        return str(self.config["weights"]["sha256"])

    @property
    def chain_s(self) -> float:
        """Augmentation level of a stage that follows another one, found by search (CDM, section 4.4)."""
        return float(self.config.get("chain_s", 0.0))

    @property
    def told(self) -> int:
        """How many plain numbers its network is told besides the levels."""
        return int(self.config.get("network", {}).get("told", 0))

    @property
    def knows_wear(self) -> bool:
        """Whether its network was trained to be told how worn a photo is."""
        return self.augmented and self.told >= 3

    @property
    def mends(self) -> bool:
        """Whether its network takes scratches, dust, creases and tears out of photos, and does no more."""
        return self.kind == "photo-repair"

    @property
    def finds(self) -> bool:
        """Whether its network says where photos are damaged, and changes none."""
        return self.kind == "damage-finder"

    @property
    def fills(self) -> bool:
        """Whether its network fills what is marked on a photo, and changes nothing else."""
        return self.kind == "photo-fill"

    @property
    def passes(self) -> int:
        """How often a network of repair goes over a photo."""
        return int(self.config.get("passes", 1))

    @property
    def augmented(self) -> bool:
        """Whether its network was trained to be told how far to trust the photo."""
        return self.kind in ("photo-sr", "face-sr")

    @property
    def faces(self) -> bool:
        """Whether it restores single faces that lie in their frame (`restorer.photo.face_frame`)."""
        return self.kind == "face-sr" or self.config.get("purpose") == "faces"

    @property
    def frame(self) -> int:
        """Side in pixels of the faces that a pack for faces makes."""
        return int(self.config.get("frame", 128))

    @property
    def local(self) -> bool:
        """Whether tiles give what the whole picture gives."""
        return bool(self.config.get("local", True))

    @property
    def enlarges(self) -> bool:
        """Whether it makes photos larger or better; a base network makes pictures of nothing, what follows it
        in a cascade knows only its classes, one of repair comes before those that do, and those that
        find or fill damage do nothing else."""
        return self.kind not in (
            "adm-base",
            "cdm-base",
            "cdm-sr",
            "photo-repair",
            "damage-finder",
            "photo-fill",
        )

    @property
    def classes(self) -> int:
        """How many classes its network can be shown; 0 for most."""
        named = self.config.get("classes")
        return len(named) if isinstance(named, list) else int(self.config["network"].get("classes", 0))

    @property
    def margin(self) -> int:
        """Pixels of the result that a tile sees around its centre, measured for this network."""
        return int(self.config["margin"])
