"""The command `restorer evaluate damage`: are scratches, dust, creases and tears mended, and nothing else?

What comes in: sharp pictures. Each gets the seeded damage that training draws
(`restorer.training.degradation.damage`), is reduced, and restored with repair off and on. What goes out, a
line a set:

* LPIPS where there is damage: outside of the damage, both pictures are given the original's pixels, so the
  distance is that of the damaged places alone. For the enlarged input, for repair off, for repair on.
* What repair changes elsewhere: the mean difference, in grey levels, between on and off at least
  `FAR` input pixels away from any damage, and its 99th percentile.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from restorer.errors import RequestError
from restorer.evaluation.data import Case, cases, enlarge, reduce
from restorer.evaluation.lpips import LPIPS, load_lpips
from restorer.evaluation.methods import Ours
from restorer.evaluation.metrics import Picture
from restorer.evaluation.sheet import side_by_side
from restorer.opencv import opencv
from restorer.pipeline.plan import NEUTRAL
from restorer.pipeline.request import Faces, Preset, RestoreRequest

__all__ = ["DamageLine", "add_arguments", "main", "measure", "spoil", "table"]

FAR = 6
"""Input pixels between damage and what counts as elsewhere."""


@dataclass(frozen=True)
class DamageLine:
    """Means over a set. lpips_*: inside the damage; changed, changed_p99: grey levels outside of it."""

    name: str
    pictures: int
    covered: float
    lpips_input: float
    lpips_off: float
    lpips_on: float
    changed: float
    changed_p99: float

    @property
    def gain(self) -> float:
        """Share of the input's distance that repair takes away."""
        return 1 - self.lpips_on / self.lpips_input


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.description = "Damage open pictures, mend them, and measure inside and outside of the damage."
    add = parser.add_argument
    add("--data", type=Path, required=True, metavar="DIR", help="folder with one folder of originals a set")
    add("--sets", nargs="+", default=["Set14", "Kodak"], metavar="SET", help="default: %(default)s")
    add("--limit", type=int, metavar="N", help="at most N pictures of a set")
    add("--scale", type=int, default=4, help="default: 4")
    add("--preset", choices=[preset.value for preset in Preset], default=Preset.BALANCED.value)
    add("--fidelity", type=float, default=NEUTRAL, help="default: %(default)s, the pack's own settings")
    add("--model", metavar="NAME", help="model pack; default: the one that ships for the scale")
    add("--device", default="auto")
    add("--metrics", type=Path, required="RESTORER_METRICS" not in os.environ, metavar="DIR")
    add("--out", type=Path, metavar="DIR", help="write a sheet of details a picture here")


def main(args: argparse.Namespace) -> int:
    """Run the command and print its table. Raises RestorerError with a sentence for the person."""
    if args.limit is not None and args.limit < 1:
        raise RequestError("--limit must be at least 1.")
    judge = load_lpips((args.metrics or Path(os.environ["RESTORER_METRICS"])) / "lpips_squeeze")
    request = RestoreRequest(
        source=Path(),
        scale=args.scale,
        preset=Preset(args.preset),
        fidelity=args.fidelity,
        model=args.model,
        device=args.device,
        preview_side=0,
        faces=Faces.OFF,
        clean_up=0.0,  # the usual networks are measured, whatever the inputs look like
    )
    lines = []
    for name in args.sets:
        found = [
            (case.name, case.high)
            for case in cases(args.data, [name], args.scale, limit=args.limit)
            if case.high is not None
        ]
        lines.append(measure(name, found, request, judge, args.out))
    print(table(lines))
    return 0


def spoil(high: Picture, scale: int, seed: int) -> tuple[Picture, np.ndarray]:
    """(damaged picture (H, W, 3) uint8, opacity of the damage (H, W)), tiled from draws of 128 scanned pixels
    so that a large picture is not damaged by a single line."""
    from restorer.training.degradation.damage import draw

    random = np.random.default_rng(seed)
    damaged = high.astype(np.float32) / 127.5 - 1
    opacity = np.zeros(high.shape[:2], np.float32)
    side = 128 * scale
    for top in range(0, high.shape[0], side):
        for left in range(0, high.shape[1], side):
            here = (slice(top, top + side), slice(left, left + side))
            height, width = opacity[here].shape
            coat = draw(height, width, float(scale), random)
            damaged[here] = coat.over(damaged[here])
            opacity[here] = coat.opacity
    return ((damaged.clip(-1, 1) + 1) * 127.5).round().astype(np.uint8), opacity


def measure(
    name: str,
    pictures: list[tuple[str, Picture]],
    request: RestoreRequest,
    judge: LPIPS,
    out: Path | None = None,
) -> DamageLine:
    """One set; the seed of a picture's damage is its number."""
    rows = []
    for seed, (picture, high) in enumerate(pictures):
        damaged, opacity = spoil(high, request.scale, seed)
        low = reduce(damaged, request.scale)
        large = enlarge(low, request.scale)
        case = Case(name, picture, high, low)
        off, on = (
            Ours("", replace(request, repair=repair)).restore(case, fresh=True).picture
            for repair in (False, True)
        )
        reach = 2 * request.scale + 1
        inside = opencv().dilate((opacity > 0.02).astype(np.uint8), np.ones((reach, reach), np.uint8)) > 0
        wide = 2 * FAR * request.scale + 1
        near = opencv().dilate((opacity > 0.02).astype(np.uint8), np.ones((wide, wide), np.uint8)) > 0
        outside = ~near
        inner = [judge.distance(np.where(inside[..., None], each, high), high) for each in (large, off, on)]
        change = np.abs(on.astype(float) - off).mean(2)[outside] if outside.any() else np.zeros(1)
        rows.append((float(inside.mean()), *inner, float(change.mean()), float(np.quantile(change, 0.99))))
        print(f"{name}/{picture}: {inner[0]:.3f} {inner[1]:.3f} {inner[2]:.3f}", file=sys.stderr, flush=True)
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            marks = np.repeat((opacity * 255).astype(np.uint8)[..., None], 3, 2)
            panels = [
                ("damage", marks),
                ("input", large),
                ("repair off", off),
                ("repair on", on),
                ("original", high),
            ]
            side_by_side(panels, title=f"{name}/{picture}", columns=5).save(
                out / f"damage-{name}-{picture}.png"
            )
    return DamageLine(name, len(rows), *(float(value) for value in np.mean(rows, axis=0)))


def table(lines: list[DamageLine]) -> str:
    """Markdown."""
    head = (
        "| set | pictures | damaged, % | LPIPS inside: input | repair off | repair on | less than input, % "
        "| outside: mean change, levels | p99 |"
    )
    rows = [head, "|" + "---|" * 9]
    for line in lines:
        rows.append(
            f"| {line.name} | {line.pictures} | {100 * line.covered:.0f} | {line.lpips_input:.4f} "
            f"| {line.lpips_off:.4f} | {line.lpips_on:.4f} | {100 * line.gain:.0f} | {line.changed:.2f} "
            f"| {line.changed_p99:.1f} |"
        )
    return "\n".join(rows)
