"""Photos with their damage, what of it is found, and what they are filled: for judging a finder by eye.

    python tools/damage_sheet.py FOLDER … -o SHEET.png [--strength 0.5] [--only NAME …]

In: folders of photos; for each photo, what a person marked (`--marks`). Photos without marks are left out.
Out: one PNG. A row is a whole photo at 100 %, four times: as it is; with a person's marks in green, and in
blue where nobody can be sure; with what is found in red; with that filled. It is found as in the window: by
the installed network, or without one by the search for lines and specks. The figures are those of what would
be filled, which is somewhat wider than what is found: those of `restorer evaluate find` are others.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from restorer.damage.mask import USUAL, least_confidence
from restorer.damage.photo_repair import filled, found_by_any
from restorer.damage.scores import agreement
from restorer.device import Device, choose
from restorer.errors import RestorerError
from restorer.evaluation.data import SUFFIXES
from restorer.evaluation.repair.marks import Marks, marks_file, read_marks
from restorer.photo import Photo, read_photo

MARKS = Path(__file__).resolve().parent.parent / "tests" / "data" / "damage"
GREEN, BLUE, RED = (0, 200, 80), (60, 120, 255), (255, 40, 40)
COVER = 0.65
"""Opacity of marks: what is under them has to be seen."""
GAP, LINE = 8, 40


Row = tuple[tuple[str, np.ndarray], ...]
"""A photo: labels, and pictures (H, W, 3) uint8 of the photo's size."""


def shown(photo: Photo) -> np.ndarray:
    """(H, W, 3) uint8."""
    return np.asarray(((photo.to_float() + 1) * 127.5).round().clip(0, 255), np.uint8)


def covered(picture: np.ndarray, marked: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    """The picture with what is marked, (H, W) bool, under a translucent colour."""
    mixed = picture * (1 - COVER) + COVER * np.array(colour)
    return np.where(marked[..., None], mixed, picture).round().astype(np.uint8)


def row_of(photo: Photo, marks: Marks, name: str, strength: float, device: Device) -> Row:
    """What is found on a photo and filled. Raises RequestError if all of it is marked, PackError."""
    before = shown(photo)
    mask, finder = found_by_any(photo, device)
    found = mask.marked(strength)
    figures = agreement(found, marks.damaged, unjudged=marks.unjudged)
    after = filled(photo, mask, strength, device)
    by_hand = covered(covered(before, marks.damaged, GREEN), marks.unjudged, BLUE)
    told = f"{finder}\nrecall {figures.recall:.2f}, precision {figures.precision:.2f}"
    return (
        (name, before),
        (f"marked by hand\n{marks.damaged.mean():.2%} of the photo", by_hand),
        (f"{told}, {found.mean():.2%} of the photo", covered(before, found, RED)),
        (f"filled\n{after.facts['RepairFill']}", shown(after.photo)),
    )


def sheet_of(rows: Sequence[Row]) -> Image.Image:
    """All rows below each other, every picture at its own size and with room for its label."""
    font = ImageFont.load_default(13)
    draw = ImageDraw.Draw(Image.new("RGB", (1, 1)))

    def across(label: str, picture: np.ndarray) -> int:
        text = draw.textbbox((0, 0), label, font)
        return int(max(picture.shape[1], text[2])) + GAP

    width = max(sum(across(*each) for each in row) for row in rows) + GAP
    height = sum(row[0][1].shape[0] + LINE + GAP for row in rows)
    sheet = Image.new("RGB", (width, height), "white")
    draw, top = ImageDraw.Draw(sheet), 0
    for row in rows:
        left = GAP
        for label, picture in row:
            draw.text((left, top + 2), label, "black", font)
            sheet.paste(Image.fromarray(picture), (left, top + LINE))
            left += across(label, picture)
        top += row[0][1].shape[0] + LINE + GAP
    return sheet


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the sheet. Raises SystemExit with a sentence where that is not possible."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="SHEET.png")
    parser.add_argument("--marks", type=Path, default=MARKS, help="folder of NAME.txt or NAME.png")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="photos to show (default: all with marks)")
    parser.add_argument("--strength", type=float, default=USUAL, help="0 cautious to 1 thorough")
    parser.add_argument("--device", default="auto")
    args = parser.parse_args(arguments)
    try:
        least_confidence(args.strength)  # says so before anything is computed
        device = choose(args.device)
        rows = []
        for file in sorted(file for folder in args.folders for file in folder.glob("*")):
            path = marks_file(args.marks, file)
            if path is None or file.suffix.lower() not in SUFFIXES:
                continue
            if args.only is not None and file.stem not in args.only:
                continue
            photo = read_photo(file)
            rows.append(row_of(photo, read_marks(path, photo), file.stem, args.strength, device))
            print(" | ".join(label.replace("\n", ": ") for label, _ in rows[-1]), file=sys.stderr, flush=True)
    except RestorerError as error:
        raise SystemExit(str(error)) from error
    if not rows:
        raise SystemExit(f"No photo of {args.folders[0]} has marks in {args.marks}; give other folders.")
    try:
        sheet_of(rows).save(args.out)
    except OSError as error:
        raise SystemExit(f"{args.out} cannot be written: {error}.") from error


if __name__ == "__main__":
    main()
