"""Repair of one photo: its damage is found, or known from a mask, and filled; the facts of it.

In: a photo, a mask or the wish to find one, a thoroughness, a seed. Out: the photo with what is marked
filled, at its own size and before anything else is done to it, and what is to be written down about that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from restorer.damage.classical_finder import SEARCH, search_damage
from restorer.damage.filler import fill
from restorer.damage.mask import CAUTIOUS, DamageMask
from restorer.damage.network_finder import find_damage
from restorer.device import Device, choose
from restorer.errors import RequestError
from restorer.opencv import opencv
from restorer.packs import catalog, loader
from restorer.photo import Photo

__all__ = ["Filled", "cautiously_filled", "filled", "found_by_any", "found_by_network"]

GROWN = 2
"""Pixels by which what was found is grown before it is filled: damage has a soft edge."""


@dataclass(frozen=True, eq=False)
class Filled:
    """photo: with its damage filled. share: of its pixels, 0 to 1. facts: for the result's metadata."""

    photo: Photo
    share: float
    facts: dict[str, str | int | float]


def filled(photo: Photo, mask: DamageMask, strength: float, device: Device, seed: int = 0) -> Filled:
    """The photo with what `mask` marks filled. strength: thoroughness (`restorer.damage.mask`). seed: for
    another filling. Raises RequestError if all is marked, or the strength is out of range, PackError."""
    marked = mask.marked(strength)
    picture, name = fill(photo, marked, device, seed)
    facts: dict[str, str | int | float] = {"Repair": 1, "RepairFill": name, "RepairSeed": seed}
    if mask.found.any():
        facts["RepairStrength"] = strength
    share = float(marked.mean())
    return Filled(picture, share, facts | {"RepairedShare": round(share, 6)})


def cautiously_filled(photo: Photo, device: str, seed: int = 0) -> Filled:
    """A photo that nobody looks at, with only what surely is damage filled. device: as in `RestoreRequest`.

    Raises RequestError where no installed model finds damage, PackError."""
    where = choose(device)
    found = found_by_network(photo, where)
    if found is None:
        raise RequestError(f"No installed model finds damage, so that of {photo.name} is not filled.")
    return filled(photo, found[0], CAUTIOUS, where, seed)


def found_by_network(
    photo: Photo, device: Device, told: Callable[[float], None] | None = None
) -> tuple[DamageMask, str] | None:
    """What the installed model finds, its soft edges too, and the model's name; None where none is installed.

    told: as in `find_damage`. Raises PackError for a damaged pack."""
    pack = catalog.finder()
    if pack is None:
        return None
    mask = find_damage(photo, loader.load_finder(pack, device), device, told)
    return _grown(mask), pack.name


def found_by_any(
    photo: Photo, device: Device, told: Callable[[float], None] | None = None
) -> tuple[DamageMask, str]:
    """What the installed model finds, or a search without a network where none is installed: for a person who
    looks at the mask before anything is filled. As `found_by_network`."""
    found = found_by_network(photo, device, told)
    return found if found is not None else (_grown(search_damage(photo, told)), SEARCH)


def _grown(mask: DamageMask) -> DamageMask:
    side = 2 * GROWN + 1
    return mask.with_found(np.asarray(opencv().dilate(mask.found, np.ones((side, side), np.uint8))))
