"""Sample pictures of a pack: what it makes, small, beside its weights.

In: a pack. Out: files in its folder's `samples`: NNNN.webp for each class of one that invents pictures,
photo.webp for one that enlarges photos, with the plain enlargement on the left. The window shows them in
the list of classes and among the models. A pack that only follows a base has none of its own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from restorer import paths
from restorer.errors import PackError, RequestError
from restorer.packs.classes import names, sample
from restorer.packs.pack import Pack
from restorer.photo import Photo, read_photo, write_photo
from restorer.pipeline.event_dispatch import last_event
from restorer.pipeline.events import Done, Generated
from restorer.pipeline.request import Faces, Preset, RestoreRequest
from restorer.pipeline.run_control import RunControl

__all__ = ["SIDE", "count", "make", "samples"]

SIDE = 96
"""Pixels of a class' sample at most."""
PHOTO, DETAIL, HEIGHT = "news-vendors-1896.jpg", (150, 60, 96, 72), 288
"""The sample photo, the detail (left, top, width, height) that is enlarged, and the height it is shown at."""
SEED = 0


def samples(pack: Pack) -> list[tuple[str, Path]]:
    """The samples that are there: what each shows (a class' name, empty for a photo) and its file."""
    photo = pack.folder / "samples" / "photo.webp"
    found = [("", photo)] if photo.is_file() else []
    for label, name in enumerate(names(pack)):
        path = sample(pack, label)
        if path is not None:
            found.append((name, path))
    return found


def count(pack: Pack) -> int:
    """How many samples `make` makes of a pack; 0 for one that works only together with others."""
    if pack.enlarges:
        return 1
    return max(1, pack.classes) if pack.kind in ("cdm-base", "adm-base") else 0


def make(
    pack: Pack,
    labels: Sequence[int] = (),
    preset: Preset = Preset.BALANCED,
    device: str = "auto",
    control: RunControl | None = None,
) -> Iterator[Path]:
    """Make the samples and yield each file as it is written; those that are there are replaced.

    labels: classes of a pack that has them; none for all. Always the first seed, so nothing is chosen.
    control: once it is cancelled, the sample in hand is given up after its step and no other is begun.
    Raises RequestError for a pack that makes nothing by itself, PackError if its folder cannot be written to.
    """
    folder = pack.folder / "samples"
    if not count(pack):
        raise RequestError(
            f"The model {pack.name} works only together with others, so it has no samples of its own."
        )
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise PackError(f"No samples can be written into {folder}: {error.strerror}.") from error
    real = Path(os.path.realpath(pack.folder))
    if pack.enlarges:
        enlarged = _enlarged(pack, preset, device, control)
        if enlarged is not None:
            yield write_photo(enlarged, folder / "photo.webp", quality=85, below=real)
        return
    for label in labels or range(max(1, pack.classes)):
        photo = _invented(pack, label, preset, device, control)
        if photo is None:
            return
        yield write_photo(photo, folder / f"{label:04d}.webp", quality=85, below=real)


def _invented(
    pack: Pack, label: int, preset: Preset, device: str, control: RunControl | None
) -> Photo | None:
    from restorer.pipeline.generate import generate
    from restorer.pipeline.request import GenerateRequest

    request = GenerateRequest(
        label=label, base=pack.name, preset=preset, seed=SEED, device=device, previews=False
    )
    made = last_event(generate(request), control)
    return _reduced(made.photos[0], SIDE) if isinstance(made, Generated) else None


def _enlarged(pack: Pack, preset: Preset, device: str, control: RunControl | None) -> Photo | None:
    from restorer.pipeline.restore import run

    whole = read_photo(paths.resources_dir() / "samples" / PHOTO).pixels
    left, top, width, height = DETAIL
    detail = Photo(np.ascontiguousarray(whole[top : top + height, left : left + width]))
    request = RestoreRequest(
        detail,
        scale=pack.scale,
        model=pack.name,
        preset=preset,
        seed=SEED,
        device=device,
        faces=Faces.OFF,
    )
    done = last_event(run(request), control)
    if not isinstance(done, Done):
        return None
    after = _reduced(done.photo, HEIGHT)
    before = _resized(detail, after.size)
    return Photo(np.concatenate([before.pixels, after.pixels], axis=1))


def _reduced(photo: Photo, side: int) -> Photo:
    """No higher than `side` pixels."""
    width, height = photo.size
    return photo if height <= side else _resized(photo, (round(width * side / height), side))


def _resized(photo: Photo, size: tuple[int, int]) -> Photo:
    from PIL import Image

    picture = Image.fromarray(photo.pixels).resize(size, Image.Resampling.BICUBIC)
    return Photo(np.asarray(picture))
