"""The command `restorer evaluate curve`: distortion against perception, drawn from tables already measured.

What comes in: results.json files of `restorer evaluate sr --out`. What goes out: a PNG with PSNR-Y to the
right and LPIPS upwards to better, one panel a set, a point a method; our points are joined in the order in
which they came, the others stand alone (Blau and Michaeli, arXiv 1711.06077: a method can trade one for
the other, but nobody can have both).
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from restorer.errors import RequestError

__all__ = ["Point", "add_arguments", "draw", "main", "points"]

PANEL, EDGE = 560, 70
OURS, OTHERS, GRID = (38, 99, 235), (190, 80, 40), (228, 228, 228)


@dataclass(frozen=True)
class Point:
    """A method's means over a set."""

    set: str
    method: str
    psnr: float
    lpips: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.description = "Draw PSNR against LPIPS from results.json files."
    parser.add_argument("results", nargs="+", type=Path, metavar="FILE", help="results.json of evaluate sr")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="PNG")


def main(args: argparse.Namespace) -> int:
    """Draw the picture. Raises RequestError with a sentence for the person."""
    found: list[Point] = []
    for path in args.results:
        known = {(point.set, point.method) for point in found}
        found += [point for point in points(path) if (point.set, point.method) not in known]
    if not found:
        raise RequestError("None of the files has a method with both PSNR and LPIPS; measure with --metrics.")
    args.out.parent.mkdir(parents=True, exist_ok=True)
    draw(found).save(args.out)
    print(args.out)
    return 0


def points(path: Path) -> list[Point]:
    """Means by set and method. Raises RequestError if the file is not one of `evaluate sr`."""
    try:
        pictures = json.loads(path.read_text("utf-8"))["pictures"]
        keys = dict.fromkeys((each["set"], each["method"]) for each in pictures)
        made = []
        for name, method in keys:
            mine = [each for each in pictures if (each["set"], each["method"]) == (name, method)]
            pairs = [
                (e["psnr"], e["lpips"]) for e in mine if e["psnr"] is not None and e["lpips"] is not None
            ]
            if pairs:
                psnr, lpips = np.mean(pairs, axis=0)
                made.append(Point(name, method, float(psnr), float(lpips)))
        return made
    except (OSError, json.JSONDecodeError, KeyError, TypeError) as error:
        raise RequestError(f"{path} is not a results.json of evaluate sr ({error}).") from error


def draw(found: list[Point]) -> Image.Image:
    """One panel a set, side by side."""
    sets = list(dict.fromkeys(point.set for point in found))
    image = Image.new("RGB", (PANEL * len(sets), PANEL), "white")
    for number, name in enumerate(sets):
        image.paste(_panel(name, [point for point in found if point.set == name]), (PANEL * number, 0))
    return image


def _panel(name: str, found: list[Point]) -> Image.Image:
    image = Image.new("RGB", (PANEL, PANEL), "white")
    pen, font, small = ImageDraw.Draw(image), ImageFont.load_default(15), ImageFont.load_default(12)
    xs, ys = [point.psnr for point in found], [point.lpips for point in found]
    left, right = min(xs) - 0.3, max(xs) + 0.6
    low, high = min(ys) * 0.9, max(ys) * 1.05 + 1e-3

    def place(psnr: float, lpips: float) -> tuple[float, float]:
        span = PANEL - 2 * EDGE
        return EDGE + span * (psnr - left) / (right - left), EDGE + span * (lpips - low) / (high - low)

    for part in range(5):
        psnr, lpips = left + (right - left) * part / 4, low + (high - low) * part / 4
        x, y = place(psnr, lpips)
        pen.line((x, EDGE, x, PANEL - EDGE), GRID)
        pen.line((EDGE, y, PANEL - EDGE, y), GRID)
        pen.text((x - 14, PANEL - EDGE + 6), f"{psnr:.1f}", "black", small)
        pen.text((EDGE - 44, y - 7), f"{lpips:.3f}", "black", small)
    pen.text((EDGE, 14), name, "black", font)
    pen.text((EDGE, 34), "up and to the right is better", (110, 110, 110), small)
    pen.text((PANEL // 2 - 40, PANEL - 32), "PSNR-Y, dB", "black", small)
    pen.text((8, EDGE - 26), "LPIPS", "black", small)
    ours = [point for point in found if point.method.startswith("restorer")]
    if len(ours) > 1:
        pen.line([place(point.psnr, point.lpips) for point in ours], OURS, 2)
    for point in found:
        x, y = place(point.psnr, point.lpips)
        colour = OURS if point in ours else OTHERS
        pen.ellipse((x - 4, y - 4, x + 4, y + 4), colour)
        text = point.method.removeprefix("restorer ")
        wide = pen.textlength(text, small)
        pen.text((x + 7 if x + 7 + wide < PANEL else x - 7 - wide, y - 7), text, colour, small)
    return image
