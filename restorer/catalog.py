"""Model packs: find, verify, load.

A pack is a folder with `model.safetensors`, `config.json` and `CARD.md`. Packs that ship lie under
`models/`, a person's own in the data folder (`restorer.paths`); an own pack hides a shipped one of the same
name. Finding packs reads small JSON files only, so the window can ask before torch is loaded; `load` builds
the network, and refuses a pack whose weights do not have the hash or the shapes that its config promises.

A pack may come from a stranger. Everything that the app makes use of in its config is looked at when it is
read (`_check`): names are names, numbers lie in their ranges, and a network is no larger than any that was
ever trained; what does not fit leaves this pack out, and no other.
"""

from __future__ import annotations

import hashlib
import math
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from restorer import paths
from restorer.errors import PackError, RequestError

if TYPE_CHECKING:
    from restorer.builders import Denoiser
    from restorer.device import Device

__all__ = [
    "Pack",
    "Settings",
    "all_packs",
    "available_scales",
    "factors",
    "find",
    "finer",
    "hash_of",
    "left_out",
    "load",
    "mender",
    "read_pack",
    "settings",
    "stamp_of",
]

CONFIG_FORMAT = 1
CHAINS = {8: (4, 2), 16: (4, 4)}
"""Enlargements made by stages in a row (SR3, section 4.4: 64 to 256 to 1024)."""
CONFIG, WEIGHTS = "config.json", "model.safetensors"
SETTLED_SECONDS = 2.0
"""A file younger than this may change once more within the same tick of its disk's clock."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What a pack, and so its folder, can be called: it becomes a part of file names."""
MOST_LEVELS, MOST_BLOCKS, MOST_WIDTH = 16, 32, 1 << 16
"""Of a network: levels, residual blocks on each, and any other number of its shape."""
Stamp = tuple[int, int, int]
_hashes: dict[Path, tuple[Stamp, str]] = {}


@dataclass(frozen=True)
class Settings:
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
        return self.kind == "photo-sr" and self.told >= 3

    @property
    def mends(self) -> bool:
        """Whether its network takes scratches, dust, creases and tears out of photos, and does no more."""
        return self.kind == "photo-repair"

    @property
    def passes(self) -> int:
        """How often a network of repair goes over a photo."""
        return int(self.config.get("passes", 1))

    @property
    def augmented(self) -> bool:
        """Whether its network was trained to be told how far to trust the photo."""
        return self.kind == "photo-sr"

    @property
    def local(self) -> bool:
        """Whether tiles give what the whole picture gives."""
        return bool(self.config.get("local", True))

    @property
    def enlarges(self) -> bool:
        """Whether it makes photos larger or better; a base network makes pictures of nothing, what follows it
        in a cascade knows only its classes, and one of repair comes before those that do."""
        return self.kind not in ("adm-base", "cdm-base", "cdm-sr", "photo-repair")

    @property
    def classes(self) -> int:
        """How many classes its network can be shown; 0 for most."""
        named = self.config.get("classes")
        return len(named) if isinstance(named, list) else int(self.config["network"].get("classes", 0))

    @property
    def margin(self) -> int:
        """Pixels of the result that a tile sees around its centre, measured for this network."""
        return int(self.config["margin"])


def read_pack(folder: Path, shipped: bool = False) -> Pack:
    """The pack in a folder. Raises PackError naming the file and what is wrong with it."""
    path = folder / CONFIG
    try:
        config = paths.plain_json(path)
    except FileNotFoundError:
        raise PackError(f"The model pack {folder.name} has no {CONFIG}; install it again.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise PackError(
            f"The {CONFIG} of the model pack {folder.name} cannot be read ({reason}); install the pack again."
        ) from error
    try:
        if config["format"] != CONFIG_FORMAT:
            raise PackError(
                f"The model pack {folder.name} has format {config['format']}, this version of Restorer reads "
                f"format {CONFIG_FORMAT}; update the app or the pack."
            )
        _check(config)
        if config["name"] != folder.name:
            raise ValueError("its name is not that of its folder")
        return Pack(config["name"], folder, config["kind"], config["scale"], config, shipped)
    except PackError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PackError(
            f"The {CONFIG} of the model pack {folder.name} is incomplete or damaged ({error}); "
            "install the pack again."
        ) from error


def _check(config: dict[str, Any]) -> None:
    """Raise KeyError, TypeError, ValueError or AttributeError unless a config has everything that a pack
    needs, and what it has is of its kind and in its range."""
    if not NAME.fullmatch(config["name"]):
        raise ValueError("its name is none that a pack can have")
    _text(config["kind"])
    scale = _whole(config["scale"], 1, 64)
    scales = _each(config.get("scales", [scale]), lambda each: _whole(each, 1, 64))
    if scale not in scales:
        raise ValueError("its scale is not among its scales")
    _text(config["weights"]["sha256"]), _text(config["weights"].get("dtype", ""))
    _whole(config["weights"].get("bytes", 1), 1, 1 << 50)
    _whole(config["margin"], 0, 4096)
    if config["kind"] in ("photo-sr", "photo-repair", "cdm-base", "cdm-sr"):
        _number(config["sigma_data"], 1e-6, 1e6)
    if config["kind"] in ("cdm-base", "cdm-sr"):
        _each(config["classes"], _text), _each(config["sides"], _side)
    for preset in config["presets"].values():
        _check_preset(preset)
    for name, least, most in (("chain_s", 0.0, 1.0), ("photo_s", 0.0, 1.0)):
        _number(config.get(name, 0.0), least, most)
    _each(config.get("s", []), lambda each: _number(each, 0.0, 1.0))
    _whole(config.get("passes", 1), 1, 16)
    if not isinstance(config.get("local", True), bool):
        raise TypeError("local is neither true nor false")
    if config.get("classes") not in (None, "imagenet"):
        _each(config["classes"], _text)
    _each(config.get("sides", []), _side), _side(config.get("image_size", 1))
    _each(config.get("cascade", []), _text)
    [(_text(preset), _text(other)) for preset, other in config.get("finer", {}).items()]
    _check_network(config.get("network", {}))
    schedule = config.get("schedule", {})
    _text(schedule.get("name", "")), _whole(schedule.get("steps", 1), 1, 100_000)
    for name in ("start", "end"):
        _number(schedule.get(name, 0.5), 0.0, 1.0)
    _each(schedule.get("betas", []), lambda each: _number(each, 0.0, 1.0))
    _text(config.get("title", "")), _text(config.get("licence", ""))
    source = config.get("source", {})
    _text(source.get("file", "")), source.get("assumed", {}).items()
    [(_text(one["source"]), _text(one["licence"])) for one in config.get("data", [])]


def _check_preset(preset: dict[str, Any]) -> None:
    settings = Settings(**preset)
    _whole(settings.steps, 1, 1000), _text(settings.sampler)
    _number(settings.sigma_max, 0.0, 1e6), _number(settings.sigma_min, 0.0, 1e6)
    _number(settings.rho, 1e-3, 1e3), _number(settings.start, 0.0, 100.0)
    _number(settings.guidance, -100.0, 100.0)


def _check_network(shape: dict[str, Any]) -> None:
    """A shape whose network can be set up in a moment; whether the weights fit it is found when they are
    loaded."""
    for name, value in shape.items():
        if isinstance(value, list):
            if len(value) > MOST_LEVELS:
                raise ValueError(f"{name} has {len(value)} levels")
            _each(value, lambda each: _number(each, 0, MOST_WIDTH))
        elif isinstance(value, str):
            _text(value)
        else:
            _number(value, 0, MOST_BLOCKS if name.startswith("blocks") else MOST_WIDTH)


def _whole(value: object, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"{str(value)[:40]} where a whole number from {least} to {most} belongs")
    return value


def _side(value: object) -> int:
    return _whole(value, 1, 4096)


def _number(value: object, least: float, most: float) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value) or not least <= value <= most:
        raise ValueError(f"{str(value)[:40]} where a number from {least} to {most} belongs")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{str(value)[:40]} where a text belongs")
    return value


def _each(values: object, check: Callable[[object], object]) -> list[object]:
    if not isinstance(values, list):
        raise TypeError(f"{str(values)[:40]} where a list belongs")
    return [check(value) for value in values]


def all_packs() -> list[Pack]:
    """Every readable pack, own ones before shipped ones; damaged ones are left out, see `left_out`."""
    packs: dict[str, Pack] = {}
    for pack in _read_all():
        if isinstance(pack, Pack):
            packs.setdefault(pack.name, pack)
    return list(packs.values())


def left_out() -> list[PackError]:
    """For each pack that cannot be used, what is wrong with it."""
    return [pack for pack in _read_all() if isinstance(pack, PackError)]


def _read_all() -> Iterator[Pack | PackError]:
    for root, shipped in ((paths.packs_dir(), False), (paths.shipped_models_dir(), True)):
        for path in sorted(root.glob(f"[!.]*/{CONFIG}")):  # a hidden folder is an import that goes on
            try:
                yield read_pack(path.parent, shipped)
            except PackError as error:
                yield error


def available_scales() -> tuple[int, ...]:
    """Enlargements per side that one stage or a chain of stages makes, smallest first."""
    single = {scale for pack in all_packs() if pack.kind == "photo-sr" for scale in pack.scales}
    chained = {scale for scale, factors in CHAINS.items() if single.issuperset(factors)}
    return tuple(sorted(single | chained))


def mender() -> Pack | None:
    """The pack that mends damage, an own one before a shipped one; None where none is installed."""
    return next((pack for pack in all_packs() if pack.mends), None)


def factors(scale: int, name: str | None = None) -> tuple[int, ...]:
    """The enlargements, stage by stage, that make `scale`: itself where a pack (the one of that name) knows
    it, else the factors of CHAINS, else itself, for which `find` has no pack and says so."""
    known = {
        each
        for pack in all_packs()
        if (pack.name == name if name else pack.kind == "photo-sr")
        for each in pack.scales
    }
    chain = CHAINS.get(scale, (scale,))
    return chain if scale not in known and known.issuperset(chain) else (scale,)


def find(scale: int, name: str | None = None) -> Pack:
    """The pack of that name, or the one that ships for this scale, which one of its stages enlarges by.

    Raises PackError for an unknown or damaged pack, RequestError if nothing enlarges by `scale`.
    """
    packs = all_packs()
    if name is not None:
        for pack in packs:
            if pack.name == name:
                if pack.mends:
                    raise RequestError(
                        f"The model {name} mends damage and enlarges no photos; ask for repair instead "
                        "(--repair), and choose another model."
                    )
                if not pack.enlarges:
                    raise RequestError(
                        f"The model {name} makes pictures of nothing and enlarges no photos; choose another."
                    )
                if scale not in pack.scales:
                    knows = " or ".join(f"{each}x" for each in pack.scales)
                    raise RequestError(
                        f"The model {name} enlarges {knows}, not {scale}x; choose scale {pack.scale}."
                    )
                return pack
        for root in (paths.packs_dir(), paths.shipped_models_dir()):
            if Path(name).name == name and (root / name).is_dir():
                return read_pack(root / name)  # raises the sentence that says what is wrong with it
        known = ", ".join(pack.name for pack in packs) or "none"
        raise PackError(f"There is no model named {name!r}; installed are: {known}.")
    fitting = [pack for pack in packs if scale in pack.scales and pack.kind == "photo-sr"]
    if not fitting:
        for root in (paths.packs_dir(), paths.shipped_models_dir()):
            for path in sorted(root.glob(f"*/{CONFIG}")):
                read_pack(path.parent)  # a damaged pack may be the reason
        scales = ", ".join(f"{s}x" for s in available_scales()) or "none; no model pack is installed"
        others = [pack.name for pack in packs if scale in pack.scales and pack.enlarges]
        if others:
            raise RequestError(
                f"No model for photos enlarges {scale}x, but the model {others[0]} does: choose it by name."
            )
        raise RequestError(f"No installed model enlarges {scale}x; available are {scales}.")
    return next((pack for pack in fitting if pack.shipped), fitting[0])


def finer(pack: Pack, preset: str) -> Pack:
    """The pack that does a preset in place of `pack`, as its `finer` says ({preset: name}); `pack` itself
    where none does, or that one is not installed or does not know the enlargement."""
    other = pack.config.get("finer", {}).get(preset)
    fitting = (each for each in all_packs() if each.name == other and set(pack.scales) <= set(each.scales))
    return next(fitting, pack)


def settings(pack: Pack, preset: str) -> Settings:
    """The sampling settings of a preset of this pack."""
    try:
        return Settings(**pack.config["presets"][preset])
    except KeyError:
        raise PackError(
            f"The model pack {pack.name} has no preset {preset!r}; choose another preset or pack."
        ) from None


def hash_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal. Raises OSError; what is no plain file might never end."""
    paths.check_plain(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stamp_of(path: Path) -> Stamp | None:
    """What changes when a file is written to or replaced: its size and two times of it in nanoseconds; None
    where there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _known_hash(path: Path) -> str:
    """`hash_of`, computed once in a process as long as the file stays what it was. Raises OSError."""
    stamp = stamp_of(path)
    known = _hashes.get(path)
    if known is not None and known[0] == stamp:
        return known[1]
    found = hash_of(path)
    if stamp is not None and stamp == stamp_of(path) and time.time() - stamp[1] / 1e9 > SETTLED_SECONDS:
        _hashes[path] = stamp, found
    return found


def load(pack: Pack, device: Device, *, afresh: bool = False) -> Denoiser:
    """The pack's network on a device, in the precision that is fast there, ready to evaluate.

    afresh: read the weights to compute their hash even if this process has done so and their file has not
        changed since.
    Raises PackError if the weights are missing, have another hash, or do not fit the network; the sentence
    names the tensor.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    from restorer.builders import builder_of

    builder = builder_of(pack.kind, pack.name)
    path = pack.folder / WEIGHTS
    again = f"install the pack {pack.name} again"
    told = pack.config["weights"].get("bytes")
    try:
        # The size first: what has another one may be endless, and need not be read to be refused.
        if (told and path.stat().st_size != told) or (
            hash_of(path) if afresh else _known_hash(path)
        ) != pack.sha256:
            raise PackError(
                f"The weights of the model pack {pack.name} are damaged or were changed (wrong SHA-256); "
                f"{again}."
            )
        weights = load_file(path)
    except OSError as error:
        raise PackError(
            f"The weights {WEIGHTS} of the model pack {pack.name} cannot be read ({error.strerror}); {again}."
        ) from error
    except SafetensorError as error:
        raise PackError(
            f"The weights of the model pack {pack.name} are not a safetensors file ({error}); {again}."
        ) from error
    try:
        with torch.device("meta"):
            network = builder.network(pack.config, weights)
    except (KeyError, TypeError, AssertionError, IndexError, RuntimeError, ValueError) as error:
        raise PackError(
            f"The network described in the {CONFIG} of the pack {pack.name} cannot be built ({error}); "
            f"{again}."
        ) from error
    expected = network.state_dict()
    for key in sorted(expected.keys() | weights.keys()):
        if key not in weights:
            raise PackError(f"The weights of the pack {pack.name} lack the tensor {key}; {again}.")
        if key not in expected:
            raise PackError(
                f"The weights of the pack {pack.name} have a tensor {key} that its network does not know; "
                f"{again}."
            )
        if weights[key].shape != expected[key].shape:
            raise PackError(
                f"The tensor {key} of the pack {pack.name} has shape {tuple(weights[key].shape)} "
                f"where its network has {tuple(expected[key].shape)}; {again}."
            )
        if not torch.isfinite(weights[key]).all():
            raise PackError(
                f"The tensor {key} of the pack {pack.name} has values that are not numbers; {again}."
            )
    if any(buffer.is_meta for buffer in network.buffers()):  # what is no weight must be computed
        network = builder.network(pack.config, weights)
    # Assigned, not copied: a large network is in memory once.
    network.load_state_dict({key: value.float() for key, value in weights.items()}, assign=True)
    network = network.to(device=device.torch, dtype=device.dtype, memory_format=torch.channels_last)  # type: ignore[call-overload]
    return builder.denoiser(network.eval().requires_grad_(False), pack.config).to(device.torch)
