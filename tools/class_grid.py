"""Draws pictures of every class of a base network: a row a class, seeds from 0 on, none chosen.

    python tools/class_grid.py -o docs/pictures/classes.webp [--model cdm-base] [--count 8] [--size 64]

In: a pack. Out: one picture with the names on the left.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from restorer.packs import classes
from restorer.packs.catalog import named
from restorer.pipeline.events import Generated
from restorer.pipeline.generate import generate
from restorer.pipeline.plan import bases
from restorer.pipeline.request import GenerateRequest, Preset

MARGIN, TEXT = 8, 15


def main() -> int:
    """Exit code 0 once the grid is written."""
    parser = argparse.ArgumentParser(description="Draw pictures of every class.")
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--model", help="a base; default: the first that ships")
    parser.add_argument("--count", type=int, default=8, help="pictures of a class (default: 8)")
    parser.add_argument("--size", type=int, default=64, help="pixels of a picture (default: 64)")
    parser.add_argument("--preset", choices=[preset.value for preset in Preset], default="balanced")
    options = parser.parse_args()
    pack = named(options.model) if options.model else bases()[0]
    names = classes.names(pack)
    font = ImageFont.load_default(TEXT)
    left = round(max(font.getlength(name) for name in names)) + 2 * MARGIN
    side = options.size
    sheet = Image.new("RGB", (left + options.count * side, len(names) * side), "white")
    pen = ImageDraw.Draw(sheet)
    for label, name in enumerate(names):
        request = GenerateRequest(
            label, pack.name, side, options.count, preset=Preset(options.preset), previews=False
        )
        made = next(event for event in generate(request) if isinstance(event, Generated))
        row = np.concatenate([photo.pixels for photo in made.photos], axis=1)
        sheet.paste(Image.fromarray(row), (left, label * side))
        pen.text((MARGIN, label * side + (side - TEXT) // 2), name, fill="black", font=font)
        print(name, file=sys.stderr, flush=True)
    sheet.save(options.out, quality=88)
    return 0


if __name__ == "__main__":
    sys.exit(main())
