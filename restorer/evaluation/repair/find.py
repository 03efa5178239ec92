"""The command `restorer evaluate find`: is the damage of photos found, and nothing else?

What comes in: photos, and for each a mask of its damage, drawn by hand, as NAME.png in another folder; a
photo without a mask counts as undamaged. What goes out, a line a photo: recall and precision within the
tolerance of `restorer.damage.scores`, and for undamaged photos the share of their pixels that is touched."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from restorer.damage.finding import find_damage
from restorer.damage.mask import USUAL, read_mask
from restorer.damage.scores import Agreement, agreement
from restorer.device import choose
from restorer.errors import RequestError
from restorer.evaluation.data import SUFFIXES
from restorer.packs import catalog, loader
from restorer.photo import read_photo

__all__ = ["FindLine", "add_arguments", "main", "table"]


@dataclass(frozen=True)
class FindLine:
    """A photo. agreement: None where there is no damage. touched: share of its pixels that was marked."""

    name: str
    agreement: Agreement | None
    touched: float
    seconds: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.description = "Find damage on photos, and compare it with masks."
    add = parser.add_argument
    add("--photos", type=Path, required=True, metavar="DIR", help="folder of photos")
    add("--masks", type=Path, metavar="DIR", help="folder of masks, NAME.png; without one, all are undamaged")
    add("--model", metavar="NAME", help="model pack (default: the installed one that finds damage)")
    add("--strength", type=float, default=USUAL, metavar="S", help="0 cautious to 1 thorough (default: 0.5)")
    add("--device", default="auto")


def main(args: argparse.Namespace) -> int:
    """Run the command and print its table. Raises RestorerError with a sentence for the person."""
    pack = catalog.finder() if args.model is None else catalog.named(args.model)
    if pack is None:
        raise RequestError("No installed model finds damage; train one (restorer train photo) and export it.")
    device = choose(args.device)
    network = loader.load_finder(pack, device)
    files = sorted(file for file in args.photos.glob("*") if file.suffix.lower() in SUFFIXES)
    if not files:
        raise RequestError(f"The folder {args.photos} holds no pictures.")
    lines = []
    for file in files:
        photo, begun = read_photo(file), time.perf_counter()
        found = find_damage(photo, network, device).marked(args.strength)
        seconds = time.perf_counter() - begun
        drawn = args.masks / f"{file.stem}.png" if args.masks else None
        known = None
        if drawn is not None and drawn.exists():
            known = agreement(found, read_mask(drawn, photo).marked())
        lines.append(FindLine(file.stem, known, float(found.mean()), seconds))
        print(f"{file.stem}: {lines[-1].touched:.3%}", file=sys.stderr, flush=True)
    print(table(lines))
    return 0


def table(lines: list[FindLine]) -> str:
    """Markdown, with all damaged and all undamaged photos in the last lines."""
    rows = ["| photo | recall | precision | touched, % | seconds |", "|" + "---|" * 5]
    total, damaged = Agreement(0, 0, 0, 0), [line for line in lines if line.agreement is not None]
    for line in lines:
        figures = "- | -"
        if line.agreement is not None:
            total += line.agreement
            figures = f"{line.agreement.recall:.2f} | {line.agreement.precision:.2f}"
        rows.append(f"| {line.name} | {figures} | {100 * line.touched:.3f} | {line.seconds:.1f} |")
    if damaged:
        rows.append(f"| all damaged | {total.recall:.2f} | {total.precision:.2f} | - | - |")
    if whole := [line.touched for line in lines if line.agreement is None]:
        rows.append(f"| all undamaged | - | - | {100 * sum(whole) / len(whole):.3f} | - |")
    return "\n".join(rows)
