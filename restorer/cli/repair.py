"""Damage that a person marked, or that is found: what the options of `restorer restore` ask for.

In: parsed arguments, and a photo that was read. Out: the photo with its damage filled, at its own size and
before anything else is done to it, and what is to be written down about that. `--repair` alone is none of
this: it puts a network of repair in front of the others (`restorer.pipeline.plan`)."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from restorer.errors import RequestError
from restorer.text import shown

if TYPE_CHECKING:
    from restorer.damage.mask import DamageMask
    from restorer.damage.photo_repair import Filled
    from restorer.photo import Photo

__all__ = ["Filling", "add_arguments", "filling_of"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options for photos that are looked at one by one."""
    add = parser.add_argument
    add(
        "--repair-mask",
        type=Path,
        metavar="FILE",
        help="fill what this picture marks, white on black and of the photo's size, instead of looking for "
        "damage",
    )
    add(
        "--protect-mask",
        type=Path,
        metavar="FILE",
        help="never fill what this picture marks, in the same way",
    )
    add(
        "--repair-strength",
        type=float,
        metavar="S",
        help="fill what is found to be damage: 0 only what surely is, 1 all that may be (default: 0.5)",
    )
    add(
        "--repair-only",
        action="store_true",
        help="fill damage and change nothing else; the result has the photo's size",
    )


@dataclass(frozen=True)
class Filling:
    """What is to be filled, and what not.

    mask, protect: files. strength: thoroughness (`restorer.damage.mask`), None for the usual. only: nothing
    else is done. device: where damage is looked for. seed: of the filling."""

    mask: Path | None
    protect: Path | None
    strength: float | None
    only: bool
    seed: int

    def of(self, photo: Photo, device: str) -> Filled:
        """The photo with its damage filled. device: where damage is looked for.

        Raises PhotoError for a mask that cannot be read, RequestError for one that does not fit or marks
        nothing, or if damage is to be found and no installed model finds any, PackError."""
        from restorer.damage.mask import USUAL, read_mask
        from restorer.damage.photo_repair import filled
        from restorer.device import choose

        mask = _found(photo, device) if self.mask is None else read_mask(self.mask, photo)
        if self.protect is not None:
            mask = mask.protecting(read_mask(self.protect, photo))
        strength = USUAL if self.strength is None else self.strength
        if self.mask is not None and not mask.marked(strength).any():
            raise RequestError(
                f"The mask {shown(self.mask.name)} marks nothing that is to be filled; make white what is "
                "damaged."
            )
        repaired = filled(photo, mask, strength, choose(device), self.seed)
        facts = dict(repaired.facts)
        if self.mask is not None:
            facts["RepairMask"] = self.mask.name
        if self.protect is not None:
            facts["ProtectMask"] = self.protect.name
        return replace(repaired, facts=facts)


def _found(photo: Photo, device: str) -> DamageMask:
    """What the installed model finds, its soft edges too."""
    from restorer.damage.photo_repair import found_by_network
    from restorer.device import choose

    found = found_by_network(photo, choose(device))
    if found is None:
        raise RequestError(
            "No installed model finds damage; mark it in a picture and give that with --repair-mask "
            "FILE, or use --repair alone."
        )
    return found[0]


def filling_of(args: argparse.Namespace) -> Filling | None:
    """What the arguments ask for; None where they ask for no mask, strength or repair alone. Sets the scale
    of --repair-only. Raises RequestError where they contradict each other."""
    if args.repair_only:
        if args.scale not in (None, 1):
            raise RequestError(
                f"--repair-only leaves a photo at its size, so --scale {args.scale} contradicts it; leave "
                "one out."
            )
        args.scale = 1
    masks = [path for path in (args.repair_mask, args.protect_mask) if path is not None]
    if not masks and args.repair_strength is None and not args.repair_only:
        return None
    if masks and len(args.photos) > 1:
        raise RequestError(
            "A mask belongs to one photo; give one photo, or leave --repair-mask and --protect-mask out."
        )
    if args.repair_strength is not None:
        from restorer.damage.mask import least_confidence

        least_confidence(args.repair_strength)  # raises the sentence that says what is wrong
    return Filling(
        args.repair_mask,
        args.protect_mask,
        args.repair_strength,
        args.repair_only,
        args.seed,
    )
