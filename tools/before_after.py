"""A picture for the documents: parts of photos, enlarged plainly on the left and restored on the right.

    python tools/before_after.py -o OUT.jpg PHOTO[:LEFT,TOP,WIDTH,HEIGHT] … [--preset balanced] [--seed 0]

Every part is what restoring the whole photo would give there (`RestoreRequest.region`); one photo a row, at
true pixels of the result.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from restorer.photo import Photo, read_photo
from restorer.pipeline import restore
from restorer.pipeline.events import Done
from restorer.pipeline.request import Preset, RestoreRequest


def part_of(argument: str) -> tuple[Photo, tuple[int, int, int, int] | None]:
    """A photo, and the box of it that `PHOTO:LEFT,TOP,WIDTH,HEIGHT` names."""
    name, _, box = argument.rpartition(":")
    if not name or "," not in box:
        return read_photo(Path(argument)), None
    left, top, width, height = (int(number) for number in box.split(","))
    return read_photo(Path(name)), (left, top, width, height)


def rgb(photo: Photo) -> Image.Image:
    return Image.fromarray(((photo.to_float() + 1) * 127.5).round().clip(0, 255).astype(np.uint8))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("photos", nargs="+", metavar="PHOTO")
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--scale", type=int, default=4)
    parser.add_argument("--preset", default="balanced", choices=[preset.value for preset in Preset])
    parser.add_argument("--fidelity", type=float, default=RestoreRequest.fidelity)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--quality", type=int, default=88)
    args = parser.parse_args()

    rows = []
    for argument in args.photos:
        photo, region = part_of(argument)
        request = RestoreRequest(
            photo,
            args.scale,
            Preset(args.preset),
            fidelity=args.fidelity,
            seed=args.seed,
            region=region,
            preview_side=0,
        )
        *_, last = restore.run(request)
        assert isinstance(last, Done)
        after = rgb(last.photo)
        left, top, width, height = region or (0, 0, *photo.size)
        box = (left, top, left + width, top + height)
        before = rgb(photo).resize(after.size, Image.Resampling.BICUBIC, box)
        rows.append((photo.name, before, after))
        print(f"{photo.name}: {after.width} x {after.height}, {last.seconds:.0f} s", file=sys.stderr)

    font, gap = ImageFont.load_default(18), 8
    width = max(2 * after.width + gap for _, _, after in rows)
    sheet = Image.new("RGB", (width, sum(after.height + gap for _, _, after in rows) - gap), "white")
    draw, top = ImageDraw.Draw(sheet), 0
    for _, before, after in rows:
        for left, picture, label in (
            (0, before, "bicubic"),
            (after.width + gap, after, f"Restorer, {args.preset}"),
        ):
            sheet.paste(picture, (left, top))
            draw.text((left + 10, top + 8), label, "white", font, stroke_width=2, stroke_fill="black")
        top += after.height + gap
    args.out.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(args.out, quality=args.quality)


if __name__ == "__main__":
    main()
