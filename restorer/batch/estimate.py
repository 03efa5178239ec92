"""How long a job takes and how much room it needs: measured on a piece of its first photo, then learned.

In: the items that are to be done. Out: an `Estimate`. Time and bytes go with the megapixels of the results;
what one costs on this machine is measured on a tile of the job's own first photo, and once photos are
finished the journal knows better and is asked instead.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from restorer.batch.journal import Journal, facts_key
from restorer.batch.recipe import JobRecipe
from restorer.batch.schema import Item
from restorer.errors import RestorerError
from restorer.photo import Photo, read_photo, write_photo
from restorer.pipeline.event_dispatch import last_event
from restorer.pipeline.events import Done
from restorer.pipeline.run_control import RunControl

NIGHT_HOURS = 10.0
ENOUGH, NEWEST = 3, 24
"""Photos from which on, and newest ones of which, a line is fitted to what they took."""
SAMPLE_SIDE = 128
"""Side of the piece that is restored to measure the speed, in pixels of the photo: about one tile."""


@dataclass(frozen=True)
class Rate:
    """Seconds and bytes a megapixel of results. each: seconds that any photo takes besides."""

    seconds: float
    bytes: float
    each: float = 0.0

    def of(self, megapixels: float) -> float:
        """Seconds of a photo whose result has so many megapixels."""
        return self.each + self.seconds * megapixels


@dataclass(frozen=True)
class JobEstimate:
    """photos and megapixels (of the results) to do; seconds and bytes that they take; how many of them fit
    into a night; free: bytes on the disk of the results; unknown: photos whose size cannot be told."""

    photos: int
    megapixels: float
    seconds: float
    bytes: float
    in_a_night: int
    free: int
    unknown: int

    @property
    def fits(self) -> bool:
        """Whether the disk has room for all of it."""
        return self.bytes <= self.free


def rate(
    journal: Journal, recipe: JobRecipe, items: Iterable[Item], control: RunControl | None = None
) -> Rate | None:
    """What a megapixel costs: as learned, else measured on the first photo that can be read; None if none, or
    where `control` is cancelled."""
    known = learned(journal, recipe)
    if known is not None:
        return known
    for item in items:
        with suppress(RestorerError):
            photo = read_photo(item.source, item.page)
            return measure(photo, recipe, (journal.out / item.output).suffix, control)
    return None


def learned(journal: Journal, recipe: JobRecipe) -> Rate | None:
    """What finished photos have taught; None before the first."""
    known = journal.known(facts_key(recipe.fingerprint, recipe.request.device))
    if known is None or known[0] <= 0:
        return None
    plain = Rate(known[1] / known[0], known[2] / known[0])
    scale = recipe.request.scale
    made = [
        (item.megapixels * scale**2, item.seconds)
        for item in journal.newest_done(recipe.fingerprint, NEWEST)
        if item.megapixels > 0 and item.seconds
    ]
    return fitted(made, plain)


def fitted(made: Sequence[tuple[float, float]], plain: Rate) -> Rate:
    """The rate that fits photos that were made, each (megapixels of the result, seconds): a straight line
    with the least squares of relative errors, none of it below 0. `plain` where there are fewer than
    `ENOUGH`, or all are of a size."""
    sizes = np.array([size for size, _ in made])
    if len(made) < ENOUGH or sizes.max() < 1.5 * sizes.min():
        return plain
    seconds = np.array([took for _, took in made])
    rows = np.stack([1 / seconds, sizes / seconds], axis=1)
    each, rate = np.linalg.lstsq(rows, np.ones(len(made)), rcond=None)[0]
    if each < 0:
        each, rate = 0.0, float((sizes / seconds).sum() / ((sizes / seconds) ** 2).sum())
    elif rate < 0:
        each, rate = float((1 / seconds).sum() / ((1 / seconds) ** 2).sum()), 0.0
    return replace(plain, seconds=float(rate), each=float(each))


def measure(photo: Photo, recipe: JobRecipe, suffix: str, control: RunControl | None = None) -> Rate | None:
    """Restore the middle of a photo and write it into a folder that is thrown away. Takes as long as a tile
    takes, twice for small photos: the first run of a process is slower, and does not count. None where
    `control` is cancelled, which is looked at after every step."""
    from restorer.pipeline import restore
    from restorer.pipeline.network_cache import NetworkCache

    networks = NetworkCache()  # a job loads its model once, so loading is no part of the rate
    photo = _middle(photo)
    request = replace(recipe.request, source=photo, preview_side=0)
    speck = replace(request, source=_middle(photo, 16), steps=1)
    if last_event(restore.run(speck, networks), control) is None:
        return None
    start = time.perf_counter()
    done = last_event(restore.run(request, networks), control)
    if not isinstance(done, Done):
        return None
    seconds = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"piece{suffix}"
        bare = replace(done.photo, exif=None, xmp=None, icc=None)
        write_photo(bare, path, bits=recipe.bits_for(suffix), quality=recipe.quality)
        size = os.stat(path).st_size
    return Rate(seconds / done.megapixels, size / done.megapixels)


def estimate(items: Sequence[Item], recipe: JobRecipe, rate: Rate, out: Path) -> JobEstimate:
    """What is still to be done of a job."""
    scale = recipe.request.scale
    known = [item.megapixels * scale**2 for item in items if item.megapixels]
    unknown = len(items) - len(known)
    total, night, in_a_night = sum(known), NIGHT_HOURS * 3600, 0
    for megapixels in known:
        night -= rate.of(megapixels)
        if night < 0:
            break
        in_a_night += 1
    if in_a_night == len(known) and night > 0 and total > 0:
        # Fewer than a night holds: as many of their kind as it would.
        in_a_night = max(in_a_night, int(NIGHT_HOURS * 3600 / rate.of(total / len(known))))
    return JobEstimate(
        photos=len(items),
        megapixels=total,
        seconds=rate.seconds * total + rate.each * len(known),
        bytes=total * rate.bytes,
        in_a_night=in_a_night,
        free=_free(out),
        unknown=unknown,
    )


def _middle(photo: Photo, side: int = SAMPLE_SIDE) -> Photo:
    width, height = photo.size
    left, top = max(0, (width - side) // 2), max(0, (height - side) // 2)
    box = np.s_[top : top + side, left : left + side]
    alpha = None if photo.alpha is None else np.ascontiguousarray(photo.alpha[box])
    return replace(photo, pixels=np.ascontiguousarray(photo.pixels[box]), alpha=alpha)


def _free(folder: Path) -> int:
    for place in (folder, *folder.absolute().parents):
        with suppress(OSError):
            return shutil.disk_usage(place).free
    return 0
