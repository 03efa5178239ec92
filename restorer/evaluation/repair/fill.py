"""The command `restorer evaluate fill`: holes in pictures that are known, filled, and compared inside.

What comes in: sharp pictures. Each gets holes of one width at a time: strokes that wander and branch, drawn
by the picture's number. What goes out, a line a width and method: LPIPS with everything outside of the holes
taken from the original, PSNR of the pixels inside, and by how many grey levels a pixel outside was changed at
most, which has to be 0. Methods: the installed network that fills, if there is one; the classical filling
that is used without; OpenCV's Telea (2004) and Navier-Stokes (Bertalmio 2001); patches of the same picture.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from restorer.damage.classical_filler import fill_classically
from restorer.damage.filler import fill as fill_any
from restorer.device import Device, choose
from restorer.errors import RequestError
from restorer.evaluation.data import cases
from restorer.evaluation.lpips import LPIPS, load_lpips
from restorer.evaluation.metrics import Picture
from restorer.evaluation.repair.patchmatch import fill_with_patches
from restorer.evaluation.sheet import side_by_side
from restorer.opencv import opencv
from restorer.packs import catalog
from restorer.photo import Photo

__all__ = [
    "METHODS",
    "WIDTHS",
    "FillLine",
    "add_arguments",
    "by_network",
    "holes",
    "main",
    "measure",
    "table",
]

WIDTHS = (4, 12, 32)
"""Pixels across the holes: a scratch, a tear, a lost patch."""
COVERED = 0.04
"""About the share of a picture that is in holes."""
RADIUS = 5
"""Pixels that OpenCV's methods mix a colour of."""


def _opencv(method: str) -> Callable[[Picture, np.ndarray, int], Picture]:
    def fill(picture: Picture, marked: np.ndarray, _seed: int) -> Picture:
        cv2 = opencv()
        return np.asarray(cv2.inpaint(picture, marked.astype(np.uint8), RADIUS, getattr(cv2, method)))

    return fill


def _ours(picture: Picture, marked: np.ndarray, seed: int) -> Picture:
    return fill_classically(Photo(picture), marked, seed).pixels


Method = Callable[[Picture, np.ndarray, int], Picture]

METHODS: dict[str, Method] = {
    "Restorer": _ours,
    "Telea": _opencv("INPAINT_TELEA"),
    "Navier-Stokes": _opencv("INPAINT_NS"),
    "PatchMatch": fill_with_patches,
}
"""From a picture with holes, (H, W, 3) uint8, what is marked, and a seed to the filled picture."""


def by_network(device: Device, preset: str) -> dict[str, Method]:
    """The installed network that fills, by its name; nothing where none is installed."""
    pack = catalog.filler()
    if pack is None:
        return {}

    def fill(picture: Picture, marked: np.ndarray, seed: int) -> Picture:
        return fill_any(Photo(picture), marked, device, seed, preset)[0].pixels

    return {pack.name: fill}


@dataclass(frozen=True)
class FillLine:
    """Means over pictures. lpips: with the original outside; psnr: inside, dB; changed: most grey levels by
    which a pixel outside differs."""

    width: int
    method: str
    pictures: int
    lpips: float
    psnr: float
    changed: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.description = "Make holes in open pictures, fill them, and measure inside."
    add = parser.add_argument
    add("--data", type=Path, required=True, metavar="DIR", help="folder with one folder of originals a set")
    add("--sets", nargs="+", default=["Kodak"], metavar="SET", help="default: %(default)s")
    add("--limit", type=int, metavar="N", help="at most N pictures of a set")
    add("--metrics", type=Path, required="RESTORER_METRICS" not in os.environ, metavar="DIR")
    add("--preset", default="balanced", choices=["draft", "balanced", "best"], help="of the network")
    add("--device", default="auto")
    add("--out", type=Path, metavar="DIR", help="write a sheet of details a picture and width here")


def main(args: argparse.Namespace) -> int:
    """Run the command and print its table. Raises RestorerError with a sentence for the person."""
    if args.limit is not None and args.limit < 1:
        raise RequestError("--limit must be at least 1.")
    judge = load_lpips((args.metrics or Path(os.environ["RESTORER_METRICS"])) / "lpips_squeeze")
    pictures = [
        (f"{case.set}/{case.name}", case.high)
        for case in cases(args.data, args.sets, 1, limit=args.limit)
        if case.high is not None
    ]
    methods = by_network(choose(args.device), args.preset) | METHODS
    print(table(measure(pictures, judge, args.out, methods)))
    return 0


def holes(height: int, width: int, across: int, seed: int) -> np.ndarray:
    """(height, width) bool: strokes of one width, `across` pixels, that cover about `COVERED` of a
    picture."""
    from restorer.training.damage.strokes import ribbon, wander

    random = np.random.default_rng([seed, across])
    canvas = np.zeros((height, width), np.uint8)
    while (canvas > 127).mean() < COVERED:
        start = random.uniform(0, 1, 2) * (width, height)
        length = across * random.uniform(2, 12)
        points = wander(start, random.uniform(0, 2 * math.pi), length, 0.3, random)
        ribbon(canvas, points, float(across))
    return canvas > 127


def measure(
    pictures: list[tuple[str, Picture]],
    judge: LPIPS,
    out: Path | None = None,
    methods: dict[str, Method] | None = None,
) -> list[FillLine]:
    """Every width and method; the seed of a picture's holes is its number. methods: None for `METHODS`."""
    lines, methods = [], METHODS if methods is None else methods
    for across in WIDTHS:
        rows: dict[str, list[tuple[float, float, int]]] = {name: [] for name in methods}
        for seed, (name, whole) in enumerate(pictures):
            marked = holes(whole.shape[0], whole.shape[1], across, seed)
            shown = whole.copy()
            shown[marked] = 255
            panels = [("holes", shown)]
            for method, fill in methods.items():
                filled = fill(shown, marked, seed)
                inside = np.where(marked[..., None], filled, whole)
                error = np.square(inside[marked].astype(float) - whole[marked]).mean()
                changed = int(np.abs(filled[~marked].astype(int) - shown[~marked]).max(initial=0))
                psnr = 10 * math.log10(255**2 / max(error, 1e-9))
                rows[method].append((judge.distance(inside, whole), psnr, changed))
                panels.append((method, filled))
            print(f"{name}, {across} pixels", file=sys.stderr, flush=True)
            if out is not None:
                out.mkdir(parents=True, exist_ok=True)
                sheet = side_by_side([*panels, ("original", whole)], title=f"{name}, {across}", columns=5)
                sheet.save(out / f"fill-{name.replace('/', '-')}-{across}.png")
        for method, found in rows.items():
            figures = np.array(found)
            most = int(figures[:, 2].max())
            lpips, psnr = float(figures[:, 0].mean()), float(figures[:, 1].mean())
            lines.append(FillLine(across, method, len(found), lpips, psnr, most))
    return lines


def table(lines: list[FillLine]) -> str:
    """Markdown."""
    rows = [
        "| width of holes | method | pictures | LPIPS inside | PSNR inside, dB | changed outside, levels |",
        "|" + "---|" * 6,
    ]
    rows += [
        f"| {line.width} | {line.method} | {line.pictures} | {line.lpips:.4f} | {line.psnr:.2f} "
        f"| {line.changed} |"
        for line in lines
    ]
    return "\n".join(rows)
