"""Where results go: from photos and a wish to one file each, decided before any work is done.

In: the photos of a job, the place that the person named, the scale and the format.
Out: for each photo a target (the file), or a refusal (the sentence that says why not).
What can be known beforehand is found here, because finding it after an hour of
work helps nobody: a folder that cannot be written to, a format that cannot be
written, a file that exists, two photos with one name. Nothing is created here.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from restorer.errors import PhotoError, RequestError
from restorer.files.naming import fitted

SIXTEEN_BIT_SUFFIXES = (".png", ".tif", ".tiff")


@dataclass(frozen=True)
class Target:
    """The file that `source` is to be written to; its folder may have to be made first."""

    source: Path
    path: Path


@dataclass(frozen=True)
class Refusal:
    """A photo that is not worth starting with, and the sentence that says why."""

    source: Path
    sentence: str


def plan(
    sources: Sequence[Path],
    out: str,
    scale: int,
    suffixes: Sequence[str],
    *,
    format: str | None = None,
    usual: str | None = None,
    bits: int | None = None,
    overwrite: bool = False,
) -> list[Target | Refusal]:
    """Decide the file of every photo, in their order; a photo given twice is there once.

    out: a file for one photo; a folder if it exists as one, has no suffix, ends with
        a separator, or there are several photos. In a folder the file is STEM_4x.EXT,
        and the second of two equal names STEM_4x-2.EXT.
    suffixes: the lower-case suffixes with dot that can be written.
    format: "png", "jpg", "tif" or "webp"; None keeps a photo's own where that can be
        written with the bits asked for, and takes PNG where it cannot.
    usual: the format in a folder where none is asked for; the name of a single file overrules it.
    bits: 8, 16 or None for the photo's own.
    overwrite: whether a result that exists is replaced. A photo of the job never is.

    Raises RequestError or PhotoError where the place is wrong for all of the photos.
    """
    photos = list(dict.fromkeys(sources))
    if _is_folder(out, len(photos)):
        folder = Path(out)
        check_folder(folder)
        paths = _name_all(folder, photos, scale, suffixes, format or usual, bits)
    else:
        path = Path(out)
        _check_file(path, suffixes, format, bits)
        check_folder(path.parent, must_exist=True)
        paths = [path]
    return [_entry(photo, path, photos, overwrite) for photo, path in zip(photos, paths, strict=True)]


def _is_folder(out: str, photos: int) -> bool:
    separators = tuple(filter(None, (os.sep, os.altsep)))
    is_dir = there(Path(out)) and Path(out).is_dir()
    return is_dir or photos > 1 or out.endswith(separators) or not Path(out).suffix


def _name_all(
    folder: Path,
    photos: Sequence[Path],
    scale: int,
    suffixes: Sequence[str],
    format: str | None,
    bits: int | None,
) -> list[Path]:
    taken: set[str] = set()
    paths = []
    for photo in photos:
        suffix = f".{format}" if format else own_suffix(photo, suffixes, bits)
        check_bits(suffix, bits)
        ending, count = f"_{scale}x{suffix}", 1
        name = fitted(photo.stem, ending)
        while name.casefold() in taken:  # casefold: on Windows and macOS A.png is a.png
            count += 1
            name = fitted(photo.stem, f"_{scale}x-{count}{suffix}")
        taken.add(name.casefold())
        paths.append(folder / name)
    return paths


def own_suffix(photo: Path, suffixes: Sequence[str], bits: int | None) -> str:
    """The photo's own suffix where that can be written with the bits asked for, else .png."""
    suffix = photo.suffix.lower()
    if suffix not in suffixes or (bits == 16 and suffix not in SIXTEEN_BIT_SUFFIXES):
        return ".png"
    return suffix


def check_bits(suffix: str, bits: int | None) -> None:
    """Raise RequestError if the format cannot hold the bits asked for."""
    if bits == 16 and suffix not in SIXTEEN_BIT_SUFFIXES:
        raise RequestError(f"A {suffix[1:]} file cannot hold 16 bits; choose png or tif, or 8 bits.")


def _check_file(
    path: Path,
    suffixes: Sequence[str],
    format: str | None,
    bits: int | None,
) -> None:
    suffix = path.suffix.lower()
    if suffix not in suffixes:
        raise RequestError(
            f"{path} cannot be written: pictures end in {', '.join(suffixes)}. "
            f"For a folder of that name write {path}{os.sep}"
        )
    if format and _family(suffix) != _family(f".{format}"):
        raise RequestError(f"{path} is not a {format} file; change its ending or the format.")
    check_bits(suffix, bits)


def _family(suffix: str) -> str:
    return {".jpeg": ".jpg", ".tiff": ".tif"}.get(suffix, suffix)


def check_folder(folder: Path, must_exist: bool = False) -> None:
    """Raise PhotoError unless the folder, or the one it would be made in, can be written to."""
    there(folder)
    nearest = next(parent for parent in (folder, *folder.absolute().parents) if _exists(parent))
    if not nearest.is_dir():
        raise PhotoError(f"{nearest} is a file, so no folder of that name can be used; choose another place.")
    if must_exist and nearest != folder:
        raise PhotoError(f"The folder {folder} does not exist; make it first or choose another place.")
    try:
        # Permission bits do not tell about read-only disks, so it is tried.
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as error:
        reason = error.strerror or str(error)
        raise PhotoError(
            f"The folder {nearest} cannot be written to ({reason}); choose another place."
        ) from error


def same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file: through linked folders, links to the file, or letters that the disk
    takes for the same. Where a file is not there, whether both would be made in one place. Never raises."""
    try:
        return os.path.samefile(one, other)
    except OSError:
        return os.path.realpath(one) == os.path.realpath(other)
    except ValueError:  # a zero character; no file has such a name
        return one == other


def there(path: Path) -> bool:
    """Whether something is there. Raises PhotoError where that cannot be found out, or nothing can be."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise PhotoError(f"{path} cannot be used ({reason}); choose another place.") from error
    return True


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def _entry(photo: Path, path: Path, photos: Sequence[Path], overwrite: bool) -> Target | Refusal:
    if not os.path.lexists(path):  # a link to nowhere is something, too
        return Target(photo, path)
    if path.is_dir():
        return Refusal(
            photo, f"{path} is a folder; choose another name for the picture made of {photo.name}."
        )
    for other in photos:
        if _exists(other) and _exists(path) and path.samefile(other):
            return Refusal(
                photo, f"{path} is an original, and originals are never replaced; choose another place."
            )
    if not overwrite:
        return Refusal(
            photo, f"{path} exists already; use --overwrite to replace it, or choose another place."
        )
    if not path.is_symlink() and not os.access(path, os.W_OK):  # a link itself is replaced
        return Refusal(
            photo, f"{path} is write-protected, so it is not replaced; allow that, or choose another place."
        )
    return Target(photo, path)
