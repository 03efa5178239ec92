"""One item: look at it, read it, write its result. What happens between is the engine's.

In: an item with its recipe. Out: what is ready to be restored, or a verdict that is ready for the
journal. Nothing here raises for one photo's trouble: it becomes the sentence of a failed item.

A result's metadata name the photo's content (SourceSHA256) and the recipe (Recipe), so a result that
the journal does not know of, because the process ended between the two, is recognised.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from restorer import logs
from restorer.batch.recipe import Existing, JobRecipe
from restorer.batch.schema import Item, ItemState
from restorer.errors import JournalError, PackError, PhotoError, RestorerError
from restorer.files.destinations import Target, same_file
from restorer.opencv import opencv
from restorer.photo import Photo, export, read_provenance, read_size, remove_leftovers, write_photo
from restorer.photo.colour import pixels_to_srgb
from restorer.photo.reading import opened
from restorer.photo.source import read_for_run
from restorer.photo.writing import check_below
from restorer.pipeline.events import Done
from restorer.text import shown

THUMBNAIL = 160
"""Longer side of the pictures that the journal keeps for tables and reports."""


FINISHED = "It was finished before."


@dataclass(frozen=True)
class Verdict:
    """What became of an item: its state, its sentence, and columns of the journal."""

    state: ItemState
    message: str = ""
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Ready:
    """An item that is to be restored: where it goes, and which bytes it was when it was looked at."""

    item: Item
    recipe: JobRecipe
    target: Path
    sha256: str
    stamp: tuple[int, ...]
    photo: Photo | None = None


@dataclass(frozen=True)
class Place:
    """The folder of results as it was when the job began; a disk that is pulled leaves its mount point."""

    folder: Path
    device: int
    real: Path
    """Where the folder lies, behind all links, on the machine that began the job."""

    @classmethod
    def of(cls, folder: Path) -> Place:
        """Make the folder if need be. Raises PhotoError."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return cls(folder, os.stat(folder).st_dev, Path(os.path.realpath(folder)))
        except OSError as error:
            raise PhotoError(
                f"The folder {shown(folder)} cannot be used ({error.strerror or error}); "
                "choose another place."
            ) from error

    def check(self) -> None:
        """Raise PhotoError if the folder has gone, or another disk or a link lies in its place."""
        try:
            same = (os.stat(self.folder).st_dev, Path(os.path.realpath(self.folder))) == (
                self.device,
                self.real,
            )
        except OSError:
            same = False
        if not same:
            raise PhotoError(
                f"The folder {shown(self.folder)} is no longer there. Connect its disk again, then retry."
            )

    def tidy(self, folders: Iterable[Path]) -> None:
        """Remove what was left half-written in some folders, of those that do lie in this one."""
        for folder in folders:
            if Path(os.path.realpath(folder)).is_relative_to(self.real):
                remove_leftovers(folder)

    def path(self, output: Path) -> Path:
        """The file of a result. Raises PhotoError where that does not lie below the folder: by its name, as
        a damaged list may have it, or by a link."""
        if output.is_absolute() or output.drive or ".." in output.parts or not output.name:
            raise PhotoError(
                f"The list of {shown(self.folder)} is damaged: it has {shown(output)} for a result, which "
                "does not lie in that folder. Begin the list anew with --forget."
            )
        check_below(self.folder / output.parent, self.real)
        return self.folder / output


@dataclass(frozen=True)
class Names:
    """What `look` asks of the journal: whether a file is a photo of the job, and another name for an item."""

    is_source: Callable[[Path], bool]
    another: Callable[[Item], Path]


def look(item: Item, place: Place, names: Names) -> Ready | Verdict:
    """Whether an item is to be restored, and as which file. Raises JournalError only."""
    try:
        place.check()
        recipe = JobRecipe.from_text(item.recipe)
        stamp = stamp_of(item.source)
        read_size(item.source, item.page)  # before all of it is read: what is no photo can be a terabyte
        digest = _sha256(item.source)
        target = place.path(item.output)
        if os.path.lexists(target):
            if _is_ours(item, target, digest, recipe):
                return _done(item, target, digest, stamp, FINISHED)
            if same_file(item.source, target) or names.is_source(target):
                raise PhotoError(f"{shown(target)} is an original, and originals are never replaced.")
            if recipe.existing is Existing.SKIP:
                if item.sha256 not in (None, digest) and _was_made(item, target):
                    return Verdict(
                        ItemState.SKIPPED,
                        f"{shown(item.source)} has changed since {shown(target)} was made of it; that was "
                        "left as it is. Choose to replace it, or to keep both.",
                    )
                return Verdict(
                    ItemState.SKIPPED,
                    f"{shown(target)} exists already and was left as it is. Choose to replace it, or another "
                    "folder.",
                )
            if recipe.existing is Existing.BOTH:
                target = place.path(names.another(item))
        return Ready(item, recipe, target, digest, stamp)
    except JournalError:
        raise
    except Exception as error:
        return failed(item, error)


def again(ready: Ready) -> Verdict | None:
    """A verdict if the result has appeared since the item was looked at: this is not the first try."""
    if os.path.lexists(ready.target) and _is_ours(ready.item, ready.target, ready.sha256, ready.recipe):
        return _done(ready.item, ready.target, ready.sha256, ready.stamp, FINISHED)
    return None


def load(ready: Ready) -> Ready | Verdict:
    """The same with the photo read."""
    try:
        target = Target(ready.item.source, ready.target)
        bits = ready.recipe.bits_for(ready.target.suffix)
        photo = read_for_run(target, ready.recipe.request.scale, bits, ready.item.page)
        _check_unchanged(ready)
        return replace(ready, photo=photo)
    except Exception as error:
        return failed(ready.item, error)


def write(ready: Ready, done: Done, place: Place) -> Verdict:
    """Write the result of an item."""
    item, recipe = ready.item, ready.recipe
    try:
        _check_unchanged(ready)
        place.check()
        check_below(ready.target.parent, place.real)
        _make_folder(ready.target.parent)
        provenance = {**done.provenance, "SourceSHA256": ready.sha256, "Recipe": item.fingerprint}
        if item.page:
            provenance["Page"] = item.page
        write_photo(
            export.prepared(done.photo, keep=recipe.metadata),
            ready.target,
            bits=recipe.bits_for(ready.target.suffix),
            quality=recipe.quality,
            provenance=provenance,
            overwrite=recipe.existing is Existing.REPLACE,
            below=place.real,
            date=recipe.date,
        )
        verdict = _done(item, ready.target, ready.sha256, ready.stamp, "")
        if ready.photo is not None:
            with suppress(Exception):  # a table without a picture is still a table
                verdict.values["before"] = thumbnail(ready.photo)
                verdict.values["after"] = thumbnail(done.photo)
        return verdict
    except Exception as error:
        return failed(item, error)


def failed(item: Item, error: Exception) -> Verdict:
    """The verdict for whatever went wrong with one item; the unexpected goes to the log."""
    if isinstance(error, PackError):
        raise error  # no photo's own trouble
    if isinstance(error, RestorerError):
        return Verdict(ItemState.FAILED, str(error))
    name = shown(item.source)
    from restorer.device import out_of_memory

    if out_of_memory(error):
        return Verdict(
            ItemState.FAILED,
            f"There is not enough memory to restore {name}; close other programs or crop the photo.",
        )
    return Verdict(
        ItemState.FAILED, f"{name} could not be restored: {logs.brief(error)}. {logs.record(error)}"
    )


def stamp_of(path: Path) -> tuple[int, ...]:
    """What changes when a file is written to or replaced. Raises PhotoError if it is not there."""
    try:
        status = os.stat(path)
    except OSError as error:
        raise PhotoError(
            f"{shown(path)} is no longer there ({error.strerror or error}). Check its name, and that its "
            "disk is connected."
        ) from error
    if not stat.S_ISREG(status.st_mode):  # reading one may never end
        raise PhotoError(f"{shown(path)} is a device or pipe, not a photo. Choose a file.")
    return status.st_size, status.st_mtime_ns, status.st_ino


def thumbnail(photo: Photo) -> bytes:
    """A small JPEG of a photo, in sRGB; transparency is laid onto white."""
    width, height = photo.size
    factor = min(1.0, THUMBNAIL / max(width, height))
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    cv2 = opencv()
    small = cv2.resize(photo.pixels, size, interpolation=cv2.INTER_AREA).reshape(size[1], size[0], -1)
    if small.dtype == np.uint16:
        small = (small >> 8).astype(np.uint8)
    if small.shape[2] == 3:
        small = pixels_to_srgb(small, photo.icc)
    elif photo.icc is None:
        small = small[:, :, 0]
    else:
        small = pixels_to_srgb(small, photo.icc)
    out = io.BytesIO()
    Image.fromarray(small.squeeze()).convert("RGB").save(out, "JPEG", quality=75)
    return out.getvalue()


def _done(item: Item, target: Path, digest: str, stamp: tuple[int, ...], message: str) -> Verdict:
    status = os.stat(target)
    return Verdict(
        ItemState.DONE,
        message,
        {
            "sha256": digest,
            "bytes": stamp[0],
            "mtime_ns": stamp[1],
            "output_bytes": status.st_size,
            "output_mtime_ns": status.st_mtime_ns,
        },
    )


def _was_made(item: Item, target: Path) -> bool:
    """Whether a file is what was made of the item before, and nobody has touched it since."""
    status = os.lstat(target)
    return (status.st_size, status.st_mtime_ns) == (item.output_bytes, item.output_mtime_ns)


def _is_ours(item: Item, target: Path, digest: str, recipe: JobRecipe) -> bool:
    """Whether a file is this item's result already; a link to one elsewhere is not."""
    if target.is_symlink():
        return False
    try:
        if target.suffix.lower() == ".bmp":
            # BMP has no place for provenance: a file of the right size where there was none before.
            width, height = read_size(item.source, item.page)
            scale = recipe.request.scale
            return item.fresh and sorted(read_size(target, any_size=True)) == sorted(
                (width * scale, height * scale)
            )
        found = read_provenance(target)
    except PhotoError:
        return False
    wanted = {"SourceSHA256": digest, "Recipe": item.fingerprint, "Page": str(item.page)}
    return wanted == {"Page": "0", **{name: found[name] for name in wanted if name in found}}


def _sha256(path: Path) -> str:
    try:
        with opened(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    except OSError as error:
        raise PhotoError(
            f"{shown(path)} cannot be read ({error.strerror or error}). Check its permissions and its disk."
        ) from error


def _check_unchanged(ready: Ready) -> None:
    if stamp_of(ready.item.source) != ready.stamp:
        raise PhotoError(
            f"{shown(ready.item.source)} was changed while it was being restored, so the result was not "
            "kept. Retry it once it is finished."
        )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PhotoError(
            f"The folder {shown(folder)} cannot be made ({error.strerror or error}). Choose another place."
        ) from error
