"""The command `restorer evaluate chain`: how much the stages after the first should trust their input.

CDM (arXiv 2106.15282, section 4.2) trains its networks at all levels of conditioning augmentation and
searches the best one for each stage afterwards. Here the input of a later stage is what the one before it
made; it gets noise of level s, of which the network is told. What comes in: sharp pictures that no table is
made of, and a list of levels. What goes out: a line a level with PSNR-Y and LPIPS; the best level goes into
the pack's `chain_s`.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from restorer.errors import RequestError
from restorer.evaluation import metrics
from restorer.evaluation.data import Case, cases
from restorer.evaluation.lpips import LPIPS, load_lpips
from restorer.evaluation.methods import Ours
from restorer.packs import catalog
from restorer.pipeline.plan import NEUTRAL
from restorer.pipeline.request import Faces, Preset, RestoreRequest

__all__ = ["ChainLine", "add_arguments", "main", "search", "table"]


@dataclass(frozen=True)
class ChainLine:
    """Means over the pictures. s: level of the later stages; psnr: dB on luma; lpips: 0 is equal."""

    s: float
    psnr: float
    ssim: float
    lpips: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.description = "Search the augmentation level of the stages after the first."
    add = parser.add_argument
    add("--data", type=Path, required=True, metavar="DIR", help="folder with one folder of pictures a set")
    add("--sets", nargs="+", required=True, metavar="SET", help="sets that no table is made of")
    add("--limit", type=int, metavar="N", help="at most N pictures of a set")
    add("--scale", type=int, default=8, help="of the whole chain; default: 8")
    add("--levels", nargs="+", type=float, default=[0.0, 0.02, 0.05, 0.1, 0.2], help="default: %(default)s")
    add("--preset", choices=[preset.value for preset in Preset], default=Preset.BALANCED.value)
    add("--model", metavar="NAME", help="model pack; default: the one that ships for the scale")
    add("--device", default="auto")
    add("--metrics", type=Path, required="RESTORER_METRICS" not in os.environ, metavar="DIR")


def main(args: argparse.Namespace) -> int:
    """Run the search and print its table. Raises RestorerError with a sentence for the person."""
    if len(catalog.factors(args.scale, args.model)) < 2:
        raise RequestError(f"{args.scale}x is made in one stage; choose --scale 8 or 16.")
    judge = load_lpips((args.metrics or Path(os.environ["RESTORER_METRICS"])) / "lpips_squeeze")
    request = RestoreRequest(
        source=Path(),
        scale=args.scale,
        preset=Preset(args.preset),
        fidelity=NEUTRAL,
        model=args.model,
        device=args.device,
        preview_side=0,
        faces=Faces.OFF,
        clean_up=0.0,  # the usual networks are measured, whatever the inputs look like
    )
    found = list(cases(args.data, args.sets, args.scale, limit=args.limit))
    lines = []
    for level in args.levels:
        lines.append(search(found, replace(request, chain_s=level), judge))
        print(f"{len(lines)}/{len(args.levels)} {_row(lines[-1])}", file=sys.stderr, flush=True)
    print(table(lines))
    return 0


def search(found: list[Case], request: RestoreRequest, judge: LPIPS) -> ChainLine:
    """One level: `request.chain_s`. Cases without an original are passed over."""
    rows = []
    for case in found:
        if case.high is None:
            continue
        made = Ours("", request).restore(case, fresh=True).picture
        rows.append(
            (
                metrics.psnr_y(made, case.high, request.scale),
                metrics.ssim_y(made, case.high, request.scale),
                judge.distance(made, case.high),
            )
        )
    if not rows:
        raise RequestError("None of the sets has a picture to compare with.")
    psnr, ssim, lpips = np.mean(rows, axis=0)
    return ChainLine(request.chain_s or 0.0, float(psnr), float(ssim), float(lpips))


def _row(line: ChainLine) -> str:
    return f"| {line.s:g} | {line.psnr:.2f} | {line.ssim:.4f} | {line.lpips:.4f} |"


def table(lines: list[ChainLine]) -> str:
    """Markdown; the lowest LPIPS is in bold."""
    best = min(line.lpips for line in lines)
    rows = ["| s | PSNR-Y | SSIM | LPIPS |", "|---|---|---|---|"]
    for line in lines:
        row = _row(line)
        rows.append(row.replace(f"{line.lpips:.4f}", f"**{line.lpips:.4f}**") if line.lpips == best else row)
    return "\n".join(rows)
