"""The command `restorer evaluate find`: is the damage of photos found, and nothing else?

What comes in: photos, and for each what a person marked on it (NAME.txt as `restorer.evaluation.repair.marks`
has it, or a mask NAME.png) in another folder; a photo without marks counts as undamaged. What goes out, a
line a photo: recall and precision within the tolerance of `restorer.damage.scores`, and for undamaged photos
the share of their pixels that is touched. With several strengths: a line a strength, of all photos."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from restorer.damage.mask import USUAL, least_confidence
from restorer.damage.scores import Agreement, agreement
from restorer.device import choose
from restorer.errors import RequestError
from restorer.evaluation.data import SUFFIXES
from restorer.evaluation.repair.finders import METHODS
from restorer.evaluation.repair.marks import Marks, marks_file, read_marks
from restorer.photo import Photo, read_photo

__all__ = ["FindLine", "add_arguments", "main", "slider", "table"]

NOTHING = Agreement(0, 0, 0, 0)


@dataclass(frozen=True)
class FindLine:
    """A photo. agreement: None where there is no damage. touched: share of its pixels that was marked."""

    name: str
    agreement: Agreement | None
    touched: float
    seconds: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.description = "Find damage on photos, and compare it with what a person marked."
    add = parser.add_argument
    add("--photos", type=Path, nargs="+", required=True, metavar="DIR", help="folders of photos")
    add("--masks", type=Path, metavar="DIR", help="marks NAME.txt, masks NAME.png; without one, undamaged")
    add("--method", choices=sorted(METHODS), default="network", help="what looks (default: %(default)s)")
    add("--model", metavar="NAME", help="model pack (default: the installed one)")
    add(
        "--strength",
        type=float,
        nargs="+",
        default=[USUAL],
        metavar="S",
        help="0 cautious to 1 thorough (default: 0.5); several for a line each",
    )
    add("--device", default="auto")


def main(args: argparse.Namespace) -> int:
    """Run the command and print its table. Raises RestorerError with a sentence for the person."""
    for strength in args.strength:
        least_confidence(strength)  # says so before anything is computed
    finder = METHODS[args.method](choose(args.device), args.model)
    files = [file for folder in args.photos for file in sorted(folder.glob("*")) if _is_photo(file)]
    if not files:
        raise RequestError(f"The folder {args.photos[0]} holds no pictures.")
    lines: dict[float, list[FindLine]] = {strength: [] for strength in args.strength}
    for file in files:
        photo = read_photo(file)
        marks = _marks_of(photo, file, args.masks)
        begun = time.perf_counter()
        mask = finder(photo)
        seconds = time.perf_counter() - begun
        for strength, found in lines.items():
            found.append(_line(file.stem, mask.marked(strength), marks, seconds))
        print(f"{file.stem}: {lines[args.strength[0]][-1].touched:.3%}", file=sys.stderr, flush=True)
    print(table(lines[args.strength[0]]) if len(lines) == 1 else slider(lines))
    return 0


def _is_photo(file: Path) -> bool:
    return file.suffix.lower() in SUFFIXES


def _marks_of(photo: Photo, file: Path, folder: Path | None) -> Marks | None:
    path = None if folder is None else marks_file(folder, file)
    return None if path is None else read_marks(path, photo)


def _line(name: str, found: np.ndarray, marks: Marks | None, seconds: float) -> FindLine:
    known = None
    if marks is not None:
        known = agreement(found, marks.damaged, unjudged=marks.unjudged)
    return FindLine(name, known, float(found.mean()), seconds)


def _total(lines: Sequence[FindLine]) -> Agreement:
    return sum((line.agreement for line in lines if line.agreement is not None), NOTHING)


def _untouched(lines: Sequence[FindLine]) -> str:
    """The mean share of undamaged photos that is touched, in percent; a dash where there are none."""
    whole = [line.touched for line in lines if line.agreement is None]
    return f"{100 * sum(whole) / len(whole):.3f}" if whole else "-"


def table(lines: Sequence[FindLine]) -> str:
    """Markdown, with all damaged and all undamaged photos in the last lines."""
    rows = ["| photo | recall | precision | touched, % | seconds |", "|" + "---|" * 5]
    for line in lines:
        figures = "- | -"
        if line.agreement is not None:
            figures = f"{line.agreement.recall:.2f} | {line.agreement.precision:.2f}"
        rows.append(f"| {line.name} | {figures} | {100 * line.touched:.3f} | {line.seconds:.1f} |")
    if any(line.agreement is not None for line in lines):
        total = _total(lines)
        rows.append(f"| all damaged | {total.recall:.2f} | {total.precision:.2f} | - | - |")
    if any(line.agreement is None for line in lines):
        rows.append(f"| all undamaged | - | - | {_untouched(lines)} | - |")
    return "\n".join(rows)


def slider(lines: dict[float, list[FindLine]]) -> str:
    """Markdown: a line a strength. The mean over photos counts each photo with damage once, however much of
    it there is."""
    rows = [
        "| strength | recall | precision | recall, mean over photos | precision, mean over photos "
        "| undamaged photos touched, % |",
        "|" + "---|" * 6,
    ]
    for strength, found in lines.items():
        total = _total(found)
        each = [line.agreement for line in found if line.agreement is not None and line.agreement.marked]
        means = pooled = "- | -"
        if each:
            pooled = f"{total.recall:.2f} | {total.precision:.2f}"
            recall, precision = (
                sum(getattr(one, figure) for one in each) / len(each) for figure in ("recall", "precision")
            )
            means = f"{recall:.2f} | {precision:.2f}"
        rows.append(f"| {strength:g} | {pooled} | {means} | {_untouched(found)} |")
    return "\n".join(rows)
