"""A sheet of old photos at several scales and fidelities, for the documents and for whoever judges them.

    python tools/old_photos.py FOLDER -o SHEET.jpg [--scales 4 8] [--fidelities 0.4 0.8 1.0] [--part 48]

One row a photo and scale: its busiest square of `--part` pixels enlarged plainly, then restored at each
fidelity, at true pixels: what the whole photo would show there, by the app's own preview of a region.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from restorer.evaluation.data import enlarge
from restorer.evaluation.sheet import busiest
from restorer.photo import read_photo
from restorer.pipeline import restore
from restorer.pipeline.events import Done
from restorer.pipeline.request import Preset, RestoreRequest


def restored(request: RestoreRequest) -> np.ndarray:
    *_, done = restore.run(request)
    assert isinstance(done, Done)
    return done.photo.pixels


def row(path: Path, scale: int, args: argparse.Namespace) -> list[np.ndarray]:
    photo = read_photo(path)
    rgb = ((photo.to_float() + 1) * 127.5).round().clip(0, 255).astype(np.uint8)
    left, top, right, bottom = busiest(rgb, args.part)
    box = (left, top, right - left, bottom - top)
    pictures = [enlarge(np.ascontiguousarray(rgb[top:bottom, left:right]), scale)]
    for fidelity in args.fidelities:
        request = RestoreRequest(
            dataclasses.replace(photo, pixels=rgb, alpha=None),
            scale,
            Preset(args.preset),
            fidelity=fidelity,
            repair=args.repair,
            region=box,
            preview_side=0,
        )
        pictures.append(restored(request))
    return pictures


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--scales", nargs="+", type=int, default=[4, 8])
    parser.add_argument("--fidelities", nargs="+", type=float, default=[0.4, 0.8, 1.0])
    parser.add_argument("--preset", default="balanced", choices=[preset.value for preset in Preset])
    parser.add_argument("--part", type=int, default=48, help="side of the square, in the photo's pixels")
    parser.add_argument("--repair", action="store_true")
    parser.add_argument("--quality", type=int, default=85)
    args = parser.parse_args()

    files = sorted(p for p in args.folder.iterdir() if p.suffix.lower() in {".png", ".jpg", ".jpeg", ".webp"})
    gap, line, font = 6, 20, ImageFont.load_default(14)
    sheets = []
    for scale in args.scales:
        side, heads = args.part * scale, ["bicubic", *(f"fidelity {f:g}" for f in args.fidelities)]
        # Rows of a large scale stand alone, of a small one two beside each other.
        across = max(1, round(8 / scale)) * len(heads)
        rows = -(-len(files) * len(heads) // across)
        sheet = Image.new(
            "RGB", (across * (side + gap) + gap, rows * (side + line + gap) + line + gap), "white"
        )
        draw = ImageDraw.Draw(sheet)
        draw.text((gap, 4), f"{scale}x, {args.preset}", "black", font)
        for number, path in enumerate(files):
            for column, picture in enumerate(row(path, scale, args)):
                cell = number * len(heads) + column
                place = (gap + cell % across * (side + gap), line + cell // across * (side + line + gap))
                name = f"{path.stem[:12]}, " if column == 0 else ""
                draw.text((place[0], place[1]), name + heads[column], "black", font)
                sheet.paste(Image.fromarray(picture), (place[0], place[1] + line))
            print(f"{scale}x {path.name}", file=sys.stderr, flush=True)
        sheets.append(sheet)
    whole = Image.new("RGB", (max(s.width for s in sheets), sum(s.height for s in sheets)), "white")
    y = 0
    for sheet in sheets:
        whole.paste(sheet, (0, y))
        y += sheet.height
    whole.save(args.out, quality=args.quality)


if __name__ == "__main__":
    main()
