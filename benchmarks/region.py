"""How much picture does a region need around it? Region previews against the whole run, margin by margin.

    python benchmarks/region.py PHOTO [--model NAME] [--scale 4] [--preset balanced] [--margins 0 8 16 24 32]

Restores the photo once as a whole and then some regions of it with each margin. Prints the differences in
grey levels (of 255): median, 99th percentile and largest, and how many pixels are worked on for one asked
for. The photo is cut to at most --most pixels a side, so that the whole run ends in reasonable time.
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

import numpy as np

from restorer.photo import read_photo
from restorer.pipeline import region, restore
from restorer.pipeline.events import Done
from restorer.pipeline.plan import plan_restore
from restorer.pipeline.request import Preset, RestoreRequest


def restored(request: RestoreRequest) -> np.ndarray:
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
    parser.add_argument("--fidelity", type=float, default=RestoreRequest.fidelity)
    parser.add_argument("--repair", action="store_true", help="repair first, with its pack's margin besides")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--side", type=int, default=48, help="side of a region in photo pixels")
    parser.add_argument("--most", type=int, default=320, help="largest side of the photo")
    parser.add_argument("--margins", type=int, nargs="+", default=[0, 8, 16, 24, 32])
    args = parser.parse_args()

    photo = read_photo(args.photo)
    photo = region.cropped(photo, (0, 0, min(args.most, photo.size[0]), min(args.most, photo.size[1])))
    request = RestoreRequest(
        photo,
        scale=args.scale,
        preset=Preset(args.preset),
        fidelity=args.fidelity,
        repair=args.repair,
        device=args.device,
        model=args.model,
        preview_side=0,
    )
    stages = len(plan_restore(request).stages)
    whole = restored(request)
    width, height = photo.size
    side = args.side
    places = [
        (width // 2 - side // 2, height // 2 - side // 2),
        (width // 4 - side // 2, height // 3 - side // 2),
        (3 * width // 4 - side // 2, 2 * height // 3 - side // 2),
    ]
    print(f"{photo.name}: {width} x {height}, {args.scale}x, {args.preset}, regions of {side} pixels")
    print("| margin a stage | median | p99 | largest | pixels worked on for one |")
    print("|---|---|---|---|---|")
    for margin in args.margins:
        region.MARGIN = margin
        differences = []
        for left, top in places:
            part = restored(dataclasses.replace(request, region=(left, top, side, side)))
            there = whole[
                top * args.scale : (top + side) * args.scale, left * args.scale : (left + side) * args.scale
            ]
            differences.append(np.abs(part - there).ravel())
        difference = np.concatenate(differences)
        cost = ((side + 2 * margin * stages) / side) ** 2
        print(
            f"| {margin} | {np.median(difference):.0f} | {np.percentile(difference, 99):.0f} "
            f"| {difference.max()} | {cost:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
