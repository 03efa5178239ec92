"""Faces of old photos at 100 %, method beside method, for judging a network by eye.

    python tools/sheet.py FOLDER -o SHEET.png [--models NAME …] [--preset balanced] [--peers NAME …]

In: a folder of photos, names of packs (`default` is what the app would take) and of peers. Out: one PNG. A
row is a photo, `--side` pixels of it: what `--at` names, a face of the eight OldPhotos, or else the busiest
part. A column is a method, bicubic first. Only what is shown is enlarged, by four, with a margin around it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from restorer.evaluation.data import SUFFIXES, Case, read_picture
from restorer.evaluation.methods import Bicubic, Method, Ours, PeerMethod
from restorer.evaluation.sheet import busiest
from restorer.ncnn_networks import PEERS, Peer
from restorer.pipeline.request import Faces, Preset, RestoreRequest

SCALE = 4
MARGIN = 16
"""Pixels of the photo around what is shown, so that its edges are as in the whole photo."""
FACES = {
    "a": (165, 190),
    "b": (311, 283),
    "c": (264, 387),
    "d": (360, 695),  # nobody near; letters
    "e": (187, 312),
    "f": (233, 795),
    "g": (335, 274),
    "h": (236, 169),
}
"""Middles of faces in OldPhotos, by the file's name without suffix. OpenCV's face cascades find two of
them."""
GAP, LINE = 6, 20

Box = tuple[int, int, int, int]
"""Left, top, right, bottom."""


def square(picture: np.ndarray, middle: tuple[int, int] | None, side: int) -> Box:
    """`side` pixels around a point, moved into the picture where they reach beyond; the busiest for None."""
    if middle is None:
        return busiest(picture, side)
    height, width = picture.shape[:2]
    left = min(max(0, middle[0] - side // 2), max(0, width - side))
    top = min(max(0, middle[1] - side // 2), max(0, height - side))
    return left, top, min(width, left + side), min(height, top + side)


def place(text: str) -> tuple[str, tuple[int, int]]:
    """NAME=X,Y of the command line. Raises ValueError."""
    name, _, at = text.partition("=")
    x, y = at.split(",")
    return name, (int(x), int(y))


def shown(picture: np.ndarray, box: Box, method: Method, name: str) -> np.ndarray:
    """What a method makes of a box of a photo."""
    height, width = picture.shape[:2]
    left, top = max(0, box[0] - MARGIN), max(0, box[1] - MARGIN)
    part = picture[top : min(height, box[3] + MARGIN), left : min(width, box[2] + MARGIN)]
    output = method.restore(Case("sheet", name, None, np.ascontiguousarray(part)), fresh=True)
    assert output is not None, "every method here enlarges by 4"
    x, y = SCALE * (box[0] - left), SCALE * (box[1] - top)
    return output.picture[y : y + SCALE * (box[3] - box[1]), x : x + SCALE * (box[2] - box[0])]


def methods(models: list[str], peers: list[str], preset: Preset, clean_up: float | None) -> list[Method]:
    """Bicubic, our packs, then peers. Raises RequestError for a peer that is not installed."""
    made: list[Method] = [Bicubic(SCALE)]
    for name in models:
        model = None if name == "default" else name
        request = RestoreRequest(
            Path(),
            SCALE,
            preset,
            clean_up=clean_up,
            model=model,
            device="cpu",
            preview_side=0,
            faces=Faces.OFF,  # it is the networks that are compared
        )
        made.append(Ours(f"{name}, {preset.value}", request))
    made += [PeerMethod(SCALE, Peer(name)) for name in peers]
    return made


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--models", nargs="*", default=["default", "sr3-photo-scans"])
    parser.add_argument("--preset", default="balanced", choices=[preset.value for preset in Preset])
    parser.add_argument("--clean-up", type=float, help="0 to 1 (default: the estimate)")
    parser.add_argument("--peers", nargs="*", default=["realesrgan-x4plus"], choices=sorted(PEERS))
    parser.add_argument("--side", type=int, default=96, help="pixels of the photo that are shown")
    parser.add_argument(
        "--at", nargs="+", type=place, default=[], metavar="NAME=X,Y", help="what to show of a photo"
    )
    args = parser.parse_args()

    places = (FACES if args.folder.name == "OldPhotos" else {}) | dict(args.at)
    files = sorted(file for file in args.folder.iterdir() if file.suffix.lower() in SUFFIXES)
    if not files:
        raise SystemExit(f"The folder {args.folder} holds no pictures.")
    columns = methods(args.models, args.peers, Preset(args.preset), args.clean_up)
    cell, font = SCALE * args.side + GAP, ImageFont.load_default(14)
    sheet = Image.new("RGB", (len(columns) * cell + GAP, len(files) * cell + LINE + GAP), "white")
    draw = ImageDraw.Draw(sheet)
    for column, method in enumerate(columns):  # one network after the other in memory
        draw.text((GAP + column * cell, 3), method.name, "black", font)
        for row, file in enumerate(files):
            picture = read_picture(file)
            box = square(picture, places.get(file.stem), args.side)
            corner = (GAP + column * cell, LINE + row * cell)
            sheet.paste(Image.fromarray(shown(picture, box, method, file.stem)), corner)
            if column == 0:
                draw.text((corner[0] + 4, corner[1] + 2), file.stem, "yellow", font)
        print(method.name, file=sys.stderr, flush=True)
    sheet.save(args.out)


if __name__ == "__main__":
    main()
