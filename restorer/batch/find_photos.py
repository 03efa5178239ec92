"""Folders -> the photos in them.

In: folders and files that a person chose, and a filter. Out: what was found, in the order of names, and
a sentence for each place that could not be looked into, see `restorer.files.walk`, and for what was left out
on purpose: pictures of other kinds, and what Restorer itself has made. The folder of results is left out.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from restorer.errors import PhotoError, RequestError
from restorer.files.destinations import check_folder, there
from restorer.files.walk import Note, Trouble, Visited, walk
from restorer.photo import PHOTO_SUFFIXES, read_provenance, read_sizes
from restorer.photo.formats import raw
from restorer.photo.formats.avif import AVIF_SUFFIXES
from restorer.photo.formats.heif import HEIC_SUFFIXES
from restorer.photo.sniff import RAW_SUFFIXES

_FAMILIES = {
    "jpg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "tif": (".tif", ".tiff"),
    "png": (".png",),
    "webp": (".webp",),
    "bmp": (".bmp",),
    "heic": HEIC_SUFFIXES,
    "avif": AVIF_SUFFIXES,
    "raw": RAW_SUFFIXES,
}
TYPES = tuple(_FAMILIES)
_STRANGE = {
    ".gif": "GIF",
    **dict.fromkeys((".svg", ".svgz"), "SVG"),
    **dict.fromkeys((".psd", ".psb"), "Photoshop"),
    ".exr": "OpenEXR",
    **dict.fromkeys(() if raw.available() else RAW_SUFFIXES, "raw"),
    ".jxl": "JPEG XL",
    **dict.fromkeys((".jp2", ".j2k", ".jpf", ".jpx", ".jpm", ".j2c", ".jpc"), "JPEG 2000"),
}
"""Pictures that are told of, where they are left out of a folder."""


@dataclass(frozen=True)
class Filter:
    """Which photos are wanted: suffixes, and the longer side in pixels by the file's header."""

    suffixes: tuple[str, ...] = PHOTO_SUFFIXES
    least_side: int = 0
    most_side: int | None = None
    results: bool = False
    """Whether what Restorer made earlier is restored again."""

    @classmethod
    def of(cls, types: str | None, least_side: int = 0, most_side: int | None = None) -> Filter:
        """From a list such as "jpg,tif". Raises RequestError for a type that cannot be read."""
        names = [name.strip().lower().lstrip(".") for name in (types or "").split(",") if name.strip()]
        aliases = {suffix[1:]: name for name, suffixes in _FAMILIES.items() for suffix in suffixes}
        for name in names:
            if name not in aliases:
                raise RequestError(f"Files of type {name!r} cannot be read; choose among {', '.join(TYPES)}.")
        if most_side is not None and most_side < least_side:
            raise RequestError(
                f"No photo has at least {least_side} and at most {most_side} pixels; change one."
            )
        suffixes = tuple(suffix for name in names for suffix in _FAMILIES[aliases[name]])
        return cls(suffixes or PHOTO_SUFFIXES, least_side, most_side)

    def names(self, path: Path) -> bool:
        """Whether the name is that of a wanted photo."""
        return path.suffix.lower() in self.suffixes

    def sizes(self, size: tuple[int, int] | None) -> bool:
        """Whether the size is wanted; one that cannot be told is, so that its photo gets its sentence."""
        if size is None:
            return True
        return self.least_side <= max(size) and (self.most_side is None or max(size) <= self.most_side)


@dataclass(frozen=True)
class Found:
    """A photo: its file, its place below the folder that was chosen, what the system says of the file, and
    its size by its header, None where that cannot be told. page: 0, or 1 and up in a file of several."""

    path: Path
    relative: Path
    bytes: int
    mtime_ns: int
    size: tuple[int, int] | None
    page: int = 0


def check_places(sources: Sequence[Path], out: Path) -> None:
    """Raises PhotoError where a source does not exist, RequestError where results cannot go to `out`."""
    is_there = there(out)
    for source in sources:
        if not there(source):
            raise PhotoError(f"{source} does not exist. Check its name, and that its disk is connected.")
        if is_there and out.samefile(source):
            raise RequestError(
                f"{out} is the folder of the photos themselves; choose another for the results."
            )
    if is_there and not out.is_dir():
        raise RequestError(f"{out} is a file; choose a folder for the results.")
    check_folder(out)


def nothing_in(sources: Sequence[Path]) -> str:
    """The sentence where `find` found nothing at all."""
    places = ", ".join(str(source) for source in sources)
    return (
        f"There is no photo in {places} of the kinds and sizes that are wanted; choose another folder, or "
        "take more kinds and sizes of them."
    )


def find(
    roots: Sequence[Path], wanted: Filter | None = None, leave_out: Path | None = None
) -> Iterator[Found | Trouble]:
    """The photos in folders (with their sub-folders) and files, each once, in the order of names.

    leave_out: a folder that is not entered. With several folders, each one's name begins the places of
    its photos.
    """
    wanted = wanted or Filter()
    folders = [root for root in roots if root.is_dir()]
    strange: Counter[str] = Counter()
    earlier = 0
    visited: Visited = set()
    seen: set[Path] = set()
    for root in roots:
        absolute = Path(os.path.abspath(root))  # a ".." in it would put results beside their folder
        if root not in folders:
            paths: Iterator[Path | Trouble] = iter([absolute])
            base = absolute.parent
        else:
            paths = walk(absolute, visited, leave_out)
            base = absolute.parent if len(folders) > 1 else absolute
        for path in paths:
            if isinstance(path, Trouble):
                yield path
            elif path not in seen and (wanted.names(path) or root not in folders):
                seen.add(path)
                if root in folders and not wanted.results and _is_result(path):
                    earlier += 1
                else:
                    yield from _look(path, path.relative_to(base), wanted)
            elif kind := _STRANGE.get(path.suffix.lower()):
                strange[kind] += path not in seen
                seen.add(path)
    if strange and wanted.suffixes == PHOTO_SUFFIXES:
        kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(strange.items()))
        yield Note(
            roots[0],
            f"Pictures that cannot be opened here are left out: {kinds}; save them as PNG or JPEG to restore "
            "them, and for raw files install the package rawpy.",
        )
    if earlier:
        yield Note(
            roots[0],
            f"Photos that Restorer has restored already are left out: {earlier}; on the command line --again "
            "restores them once more.",
        )


def _is_result(path: Path) -> bool:
    """Whether a file carries Restorer's own record; what cannot be told gets its sentence in its turn."""
    try:
        return bool(read_provenance(path))
    except PhotoError:
        return False


def _look(path: Path, relative: Path, wanted: Filter) -> Iterator[Found | Trouble]:
    """What there is to know about one file without decoding it."""
    try:
        status = os.stat(path)
        count, stamp = status.st_size, status.st_mtime_ns
    except OSError:  # gone again, or a link to nowhere: it fails in its turn, with its sentence
        count, stamp = 0, 0
    sizes = _sizes(path)
    for number, size in enumerate(sizes, 1):
        if wanted.sizes(size):
            yield Found(path, relative, count, stamp, size, 0 if len(sizes) == 1 else number)


def _sizes(path: Path) -> list[tuple[int, int] | None]:
    """The sizes of a file's pages, one for what has none; None for one that cannot be told."""
    try:
        return read_sizes(path)
    except PhotoError:
        return [None]
