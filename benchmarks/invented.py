"""How well the map of what was invented, made of one result, tells where another seed would differ.

    python benchmarks/invented.py PHOTO ... [--side 96] [--preset draft]

The middle of each photo is restored at 4x with two seeds. Out: a line a photo with the rank correlation of
estimate and disagreement over all places, and the means of both in grey levels; then the factor and the
power that fit all photos best.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import cv2
import numpy as np

from restorer.photo import read_photo
from restorer.photo.invented import LEAST, added_detail, invented
from restorer.photo.seed_disagreement import disagreement
from restorer.pipeline import restore
from restorer.pipeline.events import Done
from restorer.pipeline.network_cache import NetworkCache
from restorer.pipeline.request import Preset, RestoreRequest


def ranks(values: np.ndarray) -> np.ndarray:
    """The places of values in their order."""
    places = np.empty(values.size)
    places[np.argsort(values, axis=None)] = np.arange(values.size)
    return places


def of_photo(path: Path, side: int, preset: str, networks: NetworkCache) -> tuple[np.ndarray, np.ndarray]:
    """Added detail and disagreement of every place; prints the photo's line."""
    photo = read_photo(path)
    left, top = (max(0, (length - side) // 2) for length in photo.size)
    part = np.ascontiguousarray(photo.pixels[top : top + side, left : left + side])
    photo = replace(photo, pixels=part, alpha=None)
    results = []
    for seed in (1, 2):
        request = RestoreRequest(photo, preset=Preset(preset), seed=seed, grain=0.0, preview_side=0)
        *_, done = restore.run(request, networks)
        assert isinstance(done, Done)
        results.append(done.photo)
    true = np.square(disagreement([result.pixels for result in results]))
    true = cv2.resize(true, photo.size, interpolation=cv2.INTER_AREA)
    true = np.sqrt(cv2.blur(true, (3, 3)))  # the estimate's own reach
    told = invented(photo, results[0])
    likeness = np.corrcoef(ranks(told), ranks(true))[0, 1]
    print(
        f"{path.name}: rank correlation {likeness:.3f}, mean {told.mean():.2f} told, {true.mean():.2f} true"
    )
    return added_detail(photo, results[0]), true


def main() -> int:
    """Exit code 0."""
    parser = argparse.ArgumentParser(description="The map of what was invented against two seeds.")
    parser.add_argument("photos", nargs="+", type=Path)
    parser.add_argument("--side", type=int, default=96, help="of the middle, in pixels")
    parser.add_argument("--preset", default="draft")
    args = parser.parse_args()
    networks = NetworkCache()
    pairs = [of_photo(path, args.side, args.preset, networks) for path in args.photos]
    added, true = (np.concatenate([pair[which].ravel() for pair in pairs]) for which in (0, 1))
    power, constant = np.polyfit(np.log(added + LEAST), np.log(true + LEAST), 1)
    print(f"all: factor {np.exp(constant):.2f}, power {power:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
