"""Model packs: find them.

A pack is a folder with `model.safetensors`, `config.json` and `CARD.md`. Packs that ship lie under
`models/`, a person's own in the data folder (`restorer.paths`); an own pack hides a shipped one of the same
name. Finding packs reads small JSON files only, so the window can ask before torch is loaded.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from restorer import paths
from restorer.errors import PackError, RequestError
from restorer.packs.pack import CONFIG, CONFIG_FORMAT, Pack, SamplingSettings

__all__ = [
    "all_packs",
    "available_scales",
    "face_restorer",
    "factors",
    "filler",
    "find",
    "finder",
    "finer",
    "for_worn",
    "left_out",
    "mender",
    "named",
    "read_pack",
    "settings",
]

CHAINS = {8: (4, 2), 16: (4, 4)}
"""Enlargements made by stages in a row (SR3, section 4.4: 64 to 256 to 1024)."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What a pack, and so its folder, can be called: it becomes a part of file names."""
MOST_LEVELS, MOST_BLOCKS, MOST_WIDTH = 16, 32, 1 << 16
"""Of a network: levels, residual blocks on each, and any other number of its shape."""


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
    if config["kind"] in ("photo-sr", "face-sr", "photo-repair", "photo-fill", "cdm-base", "cdm-sr"):
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
    _text(config.get("worn", ""))
    _check_network(config.get("network", {}))
    schedule = config.get("schedule", {})
    _text(schedule.get("name", "")), _whole(schedule.get("steps", 1), 1, 100_000)
    for name in ("start", "end"):
        _number(schedule.get(name, 0.5), 0.0, 1.0)
    _each(schedule.get("betas", []), lambda each: _number(each, 0.0, 1.0))
    _text(config.get("title", "")), _text(config.get("licence", "")), _text(config.get("purpose", ""))
    _side(config.get("frame", 128))
    source = config.get("source", {})
    _text(source.get("file", "")), source.get("assumed", {}).items()
    [(_text(one["source"]), _text(one["licence"])) for one in config.get("data", [])]


def _check_preset(preset: dict[str, Any]) -> None:
    settings = SamplingSettings(**preset)
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
        for folder in _folders(root):
            try:
                pack = _read_if_changed(folder, shipped)
            except PackError as error:
                yield error
            else:
                if pack is not None:
                    yield pack


def _folders(root: Path) -> list[Path]:
    """What lies in a folder of packs, in order of its names; a hidden folder is an import that goes on."""
    try:
        names = os.listdir(root)
    except OSError:
        return []
    return [root / name for name in sorted(names, key=os.path.normcase) if not name.startswith(".")]


def _read_if_changed(folder: Path, shipped: bool) -> Pack | None:
    """`read_pack`, which parses a config.json anew only once it has changed: the window asks for the packs
    whenever something in a panel does. None where there is no such file."""
    try:
        found = os.stat(os.path.join(folder, CONFIG))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return read_pack(folder, shipped)  # raises the sentence that says what is wrong with it
    return _read_once(folder, shipped, (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns))


@lru_cache(maxsize=256)
def _read_once(folder: Path, shipped: bool, state: tuple[int, ...]) -> Pack:
    """The pack in a folder; `state` tells one state of its config.json from the next."""
    return read_pack(folder, shipped)


def available_scales() -> tuple[int, ...]:
    """Enlargements per side that one stage or a chain of stages makes, smallest first."""
    single = {scale for pack in all_packs() if pack.kind == "photo-sr" for scale in pack.scales}
    chained = {scale for scale, factors in CHAINS.items() if single.issuperset(factors)}
    return tuple(sorted(single | chained))


def mender() -> Pack | None:
    """The pack that mends damage, an own one before a shipped one; None where none is installed."""
    return next((pack for pack in all_packs() if pack.mends), None)


def finder() -> Pack | None:
    """The pack that finds damage, an own one before a shipped one; None where none is installed."""
    return next((pack for pack in all_packs() if pack.finds), None)


def filler() -> Pack | None:
    """The pack that fills damage, an own one before a shipped one; None where none is installed."""
    return next((pack for pack in all_packs() if pack.fills), None)


def face_restorer(name: str | None = None) -> Pack:
    """The pack of that name, or the first for faces, an own one before a shipped one. Raises RequestError if
    there is none or it does not restore faces, PackError if it is damaged."""
    if name is not None:
        pack = named(name)
        if not pack.faces:
            raise RequestError(f"The model {name} does not restore faces; choose one that does.")
        return pack
    for pack in all_packs():
        if pack.faces:
            return pack
    raise RequestError(
        "No installed model restores faces; import one (restorer models import), or let faces be protected "
        "(--faces protect)."
    )


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
                if pack.finds:
                    raise RequestError(
                        f"The model {name} finds damage and enlarges no photos; choose another."
                    )
                if pack.fills:
                    raise RequestError(
                        f"The model {name} fills damage and enlarges no photos; choose another."
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


def for_worn(pack: Pack) -> Pack:
    """The pack that restores worn photos in place of `pack`, as its `worn` says; `pack` itself where none
    does, or that one is not installed, is not told of wear, or does not know the enlargement."""
    other = pack.config.get("worn")
    fitting = (
        each
        for each in all_packs()
        if each.name == other and each.knows_wear and set(pack.scales) <= set(each.scales)
    )
    return next(fitting, pack)


def settings(pack: Pack, preset: str) -> SamplingSettings:
    """The sampling settings of a preset of this pack."""
    try:
        return SamplingSettings(**pack.config["presets"][preset])
    except KeyError:
        raise PackError(
            f"The model pack {pack.name} has no preset {preset!r}; choose another preset or pack."
        ) from None


def named(name: str) -> Pack:
    """The pack of that name. Raises RequestError if there is none, PackError if it is damaged."""
    for pack in all_packs():
        if pack.name == name:
            return pack
    for root in (paths.packs_dir(), paths.shipped_models_dir()):
        if Path(name).name == name and (root / name).is_dir():
            return read_pack(root / name)  # raises the sentence that says what is wrong with it
    raise RequestError(f"There is no model named {name!r}; see: restorer models list")
