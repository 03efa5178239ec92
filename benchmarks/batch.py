"""How busy a batch keeps the network, and whether its memory stays flat.

    python benchmarks/batch.py utilisation [--photos 4] [--side 400] [--preset balanced]
    python benchmarks/batch.py memory [--photos 500]

utilisation: crops of the sample photos with the pack that ships, as 16-bit TIFF, the slowest to encode. The
network counts as busy while it or the sampler works; decoding, encoding and loading the model do not count.
memory: many small photos of four formats in turn with a tiny model; memory of the process's own after each
(without pages of files, which the system takes back), and the slope of a line through all but the first
fifty, in KiB a photo. Exit code 1 below 95 % or above 4 KiB a photo.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from PIL import Image

from benchmarks.kills import make_photos
from restorer import paths
from restorer.batch.find_photos import Found, find
from restorer.batch.journal import Journal
from restorer.batch.recipe import JobRecipe
from restorer.batch.runner import Agenda, BatchEvent, ItemDone, Over, run_items
from restorer.pipeline.request import Preset, RestoreRequest

LEAST_BUSY = 0.95
MOST_SLOPE = 4.0  # KiB a photo, a page: the allocator's noise
WARM_UP = 50


def crops(folder: Path, count: int, side: int) -> None:
    """Pieces of the sample photos, `side` pixels wide and three quarters as high, 16 bits."""
    samples = sorted((paths.resources_dir() / "samples").glob("*.jpg"))
    folder.mkdir()
    for index in range(count):
        with Image.open(samples[index % len(samples)]) as image:
            grey = np.asarray(image.convert("L"), np.uint16)
        top, left = 40 * (index // len(samples)), 30 * (index // len(samples))
        piece = grey[top : top + side * 3 // 4, left : left + side] * 257
        Image.fromarray(piece).save(folder / f"{index}.tif")


def events(photos: Path, out: Path, recipe: JobRecipe) -> list[BatchEvent]:
    """A batch pulled to its end; prints nothing."""
    found = [one for one in find([photos]) if isinstance(one, Found)]
    with Journal(out) as journal:
        return [
            event
            for event in run_items(journal, Agenda(journal.add(found, recipe)))
            if isinstance(event, ItemDone | Over)
        ]


def utilisation(args: argparse.Namespace, place: Path) -> bool:
    crops(place / "photos", args.photos or 4, args.side)
    request = RestoreRequest(Path(), preset=Preset(args.preset), device="cpu", preview_side=0)
    begun = time.perf_counter()
    told = events(place / "photos", place / "out", JobRecipe(request).with_models())
    (over,) = [event for event in told if isinstance(event, Over)]
    states = {event.item.state.value for event in told if isinstance(event, ItemDone)}
    share = over.busy / over.seconds
    print(
        f"{len(told) - 1} photos {states}: the network worked {over.busy:.1f} of {over.seconds:.1f} s, "
        f"{share:.1%} (whole run {time.perf_counter() - begun:.1f} s)"
    )
    return share >= LEAST_BUSY and states == {"done"}


def resident() -> int:
    """Resident memory of this process's own in bytes (Linux, RssAnon)."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon:"))


def memory(args: argparse.Namespace, place: Path) -> bool:
    from tests.conftest import TINY, make_tiny_pack

    make_tiny_pack(paths.packs_dir())
    make_photos(place / "photos", args.photos or 500, side=40)
    request = RestoreRequest(Path(), steps=1, model=TINY, device="cpu", preview_side=0)
    found = [one for one in find([place / "photos"]) if isinstance(one, Found)]
    found.sort(key=lambda one: one.path.name)  # else a decoder's first use comes in the middle of the line
    after: list[int] = []
    with Journal(place / "out") as journal:
        for event in run_items(journal, Agenda(journal.add(found, JobRecipe(request).with_models()))):
            if isinstance(event, ItemDone):
                after.append(resident())
    later = np.array(after[WARM_UP:]) / 1024
    slope = float(np.polyfit(np.arange(len(later)), later, 1)[0])
    print(
        f"{len(after)} photos: {after[0] / 2**20:.0f} MiB after the first, {after[WARM_UP] / 2**20:.1f} MiB "
        f"after {WARM_UP}, {after[-1] / 2**20:.1f} MiB at the end, slope {slope:.2f} KiB a photo"
    )
    return slope <= MOST_SLOPE


def main() -> int:
    """Exit code 0 if the promise holds."""
    parser = argparse.ArgumentParser(description="Measure a batch.")
    parser.add_argument("what", choices=["utilisation", "memory"])
    parser.add_argument("--photos", type=int)
    parser.add_argument("--side", type=int, default=400)
    parser.add_argument("--preset", choices=[preset.value for preset in Preset], default="balanced")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_DATA_HOME"] = str(Path(folder) / "home")
        return 0 if (utilisation if args.what == "utilisation" else memory)(args, Path(folder)) else 1


if __name__ == "__main__":
    sys.exit(main())
