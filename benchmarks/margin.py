"""How wide must a tile's margin be? Whole runs of one photo, in small tiles, against the run in one piece.

    python benchmarks/margin.py PHOTO [--model NAME] [--tile 128] [--margins 16 32 48 64 96 128]

Prints, for every margin, the differences from the whole in grey levels (of 255): median, 99th percentile and
largest, and what the margin costs in evaluated pixels at the default tile. The photo is cut so that its
result is at most 1024 pixels wide and high.
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

import numpy as np

from restorer.packs import catalog
from restorer.packs.pack import Pack
from restorer.photo import read_photo
from restorer.pipeline import restore
from restorer.pipeline.events import Done
from restorer.pipeline.request import Faces, Preset, RestoreRequest
from restorer.pipeline.stage import run_context, tiled_stage


def restored(request: RestoreRequest, pack: Pack, margin: int) -> np.ndarray:
    changed = dataclasses.replace(pack, config=pack.config | {"margin": margin})
    catalog.find = lambda scale, name=None: changed  # type: ignore[assignment]
    *_, last = restore.run(request)
    assert isinstance(last, Done)
    return last.photo.pixels.astype(np.int16)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("photo", type=Path)
    parser.add_argument("--model")
    parser.add_argument("--scale", type=int, default=4)
    parser.add_argument("--preset", default="balanced", choices=[preset.value for preset in Preset])
    parser.add_argument("--tile", type=int, default=128)
    parser.add_argument("--margins", type=int, nargs="+", default=[16, 32, 48, 64, 96, 128])
    args = parser.parse_args()

    pack = catalog.find(args.scale, args.model)
    photo = read_photo(args.photo)
    side = 1024 // args.scale
    photo = dataclasses.replace(photo, pixels=photo.pixels[:side, :side], alpha=None)
    request = RestoreRequest(
        photo,
        scale=args.scale,
        preset=Preset(args.preset),
        device="cpu",
        preview_side=0,
        faces=Faces.OFF,  # it is the network that is measured
    )
    whole = restored(dataclasses.replace(request, tile=4096), pack, 0)
    default = run_context.TILE_PIXELS["cpu"]
    print(f"{photo.name}: {whole.shape[1]} x {whole.shape[0]} pixels, {args.preset}, tiles of {args.tile}")
    print("| margin | median | p99 | largest | pixels evaluated at the default tile |")
    print("|---|---|---|---|---|")
    for margin in args.margins:
        # A tile of this side is cut whatever the picture's size, so that there is something to measure.
        tiled_stage._side = lambda tile, width, height, margin: args.tile
        difference = np.abs(restored(request, pack, margin) - whole)
        cost = ((default + 2 * margin) / default) ** 2
        print(
            f"| {margin} | {np.median(difference):.0f} | {np.percentile(difference, 99):.0f} "
            f"| {difference.max()} | {cost:.2f} x |",
            flush=True,
        )


if __name__ == "__main__":
    main()
