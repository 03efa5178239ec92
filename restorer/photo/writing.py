"""Photo -> a file, complete or not at all.

What comes in: a Photo, a target path, and what was reconstructed (provenance). What
goes out: the file. It is written under a hidden name beside the target, synced, and
renamed, so a crash, a full disk or a pulled plug leaves the old file or the new one,
never half of one.

A link that has the target's name is never followed: it is refused, or replaced by the file. A result of a
folder job lies below the real folder of results at the moment of writing, whatever links were put there. It
can be read by no more people than the photo it was made of.

Provenance goes into the XMP packet, with IPTC's DigitalSourceType saying that a
model composed the picture; BMP has no place for metadata, so it carries none.
"""

from __future__ import annotations

import errno
import io
import logging
import os
import secrets
import stat
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image

from restorer import __version__
from restorer.errors import PhotoError
from restorer.files.destinations import same_file
from restorer.files.naming import HIDDEN
from restorer.locks import create_locked, remove_abandoned
from restorer.photo import sidecar
from restorer.photo.colour import is_srgb, pixels_to_srgb
from restorer.photo.formats import segments
from restorer.photo.formats.png import write_png
from restorer.photo.formats.tiff import write_tiff
from restorer.photo.metadata import captions, iptc
from restorer.photo.metadata import exif as blocks
from restorer.photo.metadata import xmp as packets
from restorer.photo.picture import Photo
from restorer.photo.profiles import fitting
from restorer.photo.sniff import Kind
from restorer.preferences import FileDate
from restorer.text import shown

_LOG = logging.getLogger(__name__)
_KINDS = {
    ".png": Kind.PNG,
    ".jpg": Kind.JPEG,
    ".jpeg": Kind.JPEG,
    ".jpe": Kind.JPEG,
    ".jfif": Kind.JPEG,
    ".tif": Kind.TIFF,
    ".tiff": Kind.TIFF,
    ".webp": Kind.WEBP,
    ".bmp": Kind.BMP,
}
WRITE_SUFFIXES = tuple(_KINDS)
_MOST_SIDE = {Kind.JPEG: 65500, Kind.WEBP: 16383}
_EXIF_ROOM = segments.ROOM - 6


@dataclass(frozen=True)
class _Extras:
    """The metadata as the target gets it."""

    icc: bytes | None
    exif: bytes
    xmp: bytes | None
    dpi: tuple[float, float] | None
    iptc: bytes | None
    comments: tuple[str, ...]
    provenance: Mapping[str, str | int | float] | None


def write_photo(
    photo: Photo,
    path: str | os.PathLike[str],
    *,
    bits: int | None = None,
    quality: int = 95,
    provenance: Mapping[str, str | int | float] | None = None,
    overwrite: bool = True,
    below: Path | None = None,
    date: FileDate = FileDate.NOW,
) -> Path:
    """Write a photo in the format of the path's suffix and return the path.

    bits: 8 or 16 a sample; None keeps the photo's depth where the format can (PNG,
        TIFF) and takes 8 where it cannot.
    quality: 1 to 100, for JPEG and WebP; WebP at 100 is lossless.
    provenance: what was reconstructed, recorded in the XMP packet.
    overwrite: False refuses an existing target, even one that appears meanwhile.
    below: the real path of a folder in which the file must come to lie, through whatever links.
    date: KEEP gives the file the date of the photo's own, where that is still there.

    Profile, EXIF (size and software corrected), XMP and resolution go along. JPEG
    and BMP have no alpha: the photo is laid onto white. BMP has no profile: the
    colours are converted to sRGB. An EXIF block over JPEG's 64 KiB loses its maker's
    note; XMP over it lies in several segments. Raises PhotoError if the
    target cannot be written; then nothing has changed under its name.
    """
    path = Path(path)
    kind = _checked(photo, path, bits, quality)
    depth = bits or (photo.bits if kind in (Kind.PNG, Kind.TIFF) else 8)
    with _complaints(path):
        if path.is_dir():
            raise PhotoError(
                f"{shown(path)} is a folder, so no photo can be saved under that name. Choose another."
            )
        if os.path.lexists(path):
            if not overwrite:
                raise FileExistsError(errno.EEXIST, "exists")
            # A rename would pass over this protection.
            if not path.is_symlink() and not os.access(path, os.W_OK):
                raise PermissionError(errno.EACCES, "read-only")
        with beside(path, overwrite, _openness(photo.path), below) as fp:
            _encode(photo, fp, kind, depth, quality, provenance)
            if date is FileDate.KEEP:
                fp.flush()
                _give_date(fp, photo.path)
    _write_sidecars(photo, path, overwrite, below)
    return path


def _give_date(fp: BinaryIO, source: Path | None) -> None:
    """Give an open file the date that its photo's file has."""
    with suppress(OSError, ValueError):
        if source is not None:
            status = os.stat(source)
            place = fp.fileno() if os.utime in os.supports_fd else fp.name
            os.utime(place, ns=(status.st_atime_ns, status.st_mtime_ns))


def _write_sidecars(photo: Photo, path: Path, overwrite: bool, below: Path | None) -> None:
    """Put the photo's sidecars, made true, beside its result; a place that is taken is left as it is, unless
    results are replaced. The photo is there by now, so trouble here costs a word in the log."""
    srgb = is_srgb(photo.icc, photo.pixels.shape[2])
    for packet, target, place in (
        (photo.sidecar, sidecar.short(path), sidecar.short),
        (photo.named_sidecar, sidecar.named(path), sidecar.named),
    ):
        made = packets.updated(packet, photo.size, None, photo.dpi, srgb) if packet else None
        own = photo.path is not None and same_file(place(photo.path), target)
        if made is None or own or (os.path.lexists(target) and not overwrite):
            continue
        try:
            with beside(target, overwrite, _openness(photo.path), below) as fp:
                fp.write(made)
        except (OSError, PhotoError) as error:
            _LOG.warning("The sidecar %s could not be written: %s", target, error)


def check_below(folder: Path, below: Path) -> None:
    """Raise PhotoError unless a folder, or the nearest one above it that is there, lies in the real folder
    `below`."""
    nearest = next(each for each in (folder, *folder.parents) if os.path.lexists(each))
    if not Path(os.path.realpath(nearest)).is_relative_to(below):
        raise PhotoError(
            f"{shown(folder)} leads out of {shown(below)} by a link, so nothing is written there. Remove the "
            "link, or choose another place."
        )


def _openness(source: Path | None) -> int:
    """The permissions that the file of a photo has; all where there is none."""
    with suppress(OSError, ValueError):
        if source is not None:
            return stat.S_IMODE(os.stat(source).st_mode)
    return 0o666


def encode_photo(
    photo: Photo,
    fp: BinaryIO,
    suffix: str,
    *,
    bits: int | None = None,
    quality: int = 95,
    provenance: Mapping[str, str | int | float] | None = None,
) -> None:
    """Write the bytes of `write_photo` to a file object, without a file; `suffix` names the format."""
    kind = _checked(photo, Path("photo" + suffix), bits, quality)
    depth = bits or (photo.bits if kind in (Kind.PNG, Kind.TIFF) else 8)
    _encode(photo, fp, kind, depth, quality, provenance)


def _checked(photo: Photo, path: Path, bits: int | None, quality: int) -> Kind:
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        raise PhotoError(
            f"{shown(path)} cannot be saved: {path.suffix or 'a name without suffix'} is no known format. "
            "Choose a name that ends in .png, .jpg, .tif, .webp or .bmp."
        )
    if bits not in (None, 8, 16):
        raise PhotoError(f"{shown(path)} cannot be saved with {bits} bits a sample. Choose 8 or 16.")
    if bits == 16 and kind not in (Kind.PNG, Kind.TIFF):
        raise PhotoError(
            f"{shown(path)} cannot be saved with 16 bits: {kind.value} holds 8 a sample. Choose PNG or TIFF."
        )
    if not 1 <= quality <= 100:
        raise PhotoError(f"{shown(path)} cannot be saved with quality {quality}. Choose 1 to 100.")
    check_size(path, photo.size)
    return kind


def check_size(path: Path, size: tuple[int, int]) -> None:
    """Raise PhotoError if the format of `path` cannot hold `size` = (width, height) pixels; asked before a
    long run as well as before writing."""
    kind = _KINDS.get(path.suffix.lower())
    most = None if kind is None else _MOST_SIDE.get(kind)
    if kind is not None and most is not None and max(size) > most:
        raise PhotoError(
            f"{shown(path)} cannot be saved: {kind.value} holds at most {most:,} pixels a side, "
            f"and this photo would have {max(size):,}. Choose PNG or TIFF."
        )


def _encode(
    photo: Photo,
    fp: BinaryIO,
    kind: Kind,
    depth: int,
    quality: int,
    provenance: Mapping[str, str | int | float] | None,
) -> None:
    # WebP has no grey: what is one channel here is three in the file, and no grey profile fits that.
    profiled = kind is not Kind.WEBP or photo.pixels.shape[2] == 3
    # A pasted picture may bring any: a reader would refuse the file, or show other colours.
    icc = fitting(photo.icc, photo.pixels.shape[2])
    extras = _extras(photo, kind, provenance, icc if profiled else None)
    pixels = _in_depth(photo.pixels, depth)
    alpha = None if photo.alpha is None else _in_depth(photo.alpha, depth)
    if kind in (Kind.JPEG, Kind.BMP) and alpha is not None:
        pixels, alpha = _onto_white(pixels, alpha), None
    if kind is Kind.BMP or not profiled:
        pixels = pixels_to_srgb(pixels, icc)
    samples = pixels if alpha is None else np.dstack([pixels, alpha])
    if kind is Kind.PNG:
        said = [(key, text) for key, text in captions.texts(photo.xmp) if key != "Software"]
        write_png(
            fp,
            samples,
            icc=extras.icc,
            exif=extras.exif,
            xmp=extras.xmp,
            dpi=extras.dpi,
            texts=said,
            iptc=extras.iptc,
        )
    elif kind is Kind.TIFF:
        write_tiff(fp, samples, icc=extras.icc, exif=extras.exif, xmp=extras.xmp, iptc=extras.iptc)
    else:
        fp.write(_with_pillow(samples, kind, quality, extras))


def _extras(
    photo: Photo, kind: Kind, provenance: Mapping[str, str | int | float] | None, icc: bytes | None
) -> _Extras:
    srgb = is_srgb(icc, photo.pixels.shape[2])
    records = iptc.true(photo.iptc)
    truth = blocks.Truth(
        size=photo.size,
        software=f"Restorer {__version__}",
        dpi=photo.dpi,
        srgb=srgb,
        jpeg=kind is Kind.JPEG,
    )
    xmp = photo.xmp
    said = captions.texts(xmp) if kind is Kind.JPEG else []
    if kind is Kind.WEBP and records:  # which has no place for them
        xmp = captions.with_records(xmp, iptc.properties(records))
    return _Extras(
        icc=icc,
        exif=blocks.updated(photo.exif, truth, _EXIF_ROOM if kind is Kind.JPEG else None),
        xmp=packets.updated(xmp, photo.size, provenance, photo.dpi, srgb),
        dpi=photo.dpi,
        iptc=records,
        comments=tuple(text for key, text in said if key == "Comment"),
        provenance=provenance,
    )


def _with_pillow(samples: np.ndarray, kind: Kind, quality: int, extras: _Extras) -> memoryview:
    """Encode 8-bit samples into memory: Pillow, writing to a full disk, does not say why it failed."""
    image = Image.fromarray(samples[:, :, 0] if samples.shape[2] == 1 else samples)
    out = io.BytesIO()
    dpi = {} if extras.dpi is None else {"dpi": extras.dpi}
    known: dict[str, bytes] = {"exif": b"Exif\0\0" + extras.exif}
    if extras.icc:
        known["icc_profile"] = extras.icc
    if kind is Kind.BMP:
        image.save(out, "BMP", **dpi)
    elif kind is Kind.JPEG:
        known["extra"] = _xmp_segments(extras, samples) + segments.of_records(extras.iptc)
        known["extra"] += segments.of_comments(extras.comments)
        image.save(out, "JPEG", quality=quality, subsampling=0 if quality >= 90 else 2, **dpi, **known)
    else:
        if extras.xmp:
            known["xmp"] = extras.xmp
        image.save(out, "WEBP", quality=quality, lossless=quality == 100, exact=True, **known)
    return out.getbuffer()


def _xmp_segments(extras: _Extras, samples: np.ndarray) -> bytes:
    """The packet, or where it is no XML and too long, one with the provenance alone."""
    found, whole = segments.of_packet(extras.xmp) if extras.xmp else (b"", True)
    if whole:
        return found
    size = (samples.shape[1], samples.shape[0])
    alone = packets.updated(None, size, extras.provenance)
    return segments.of_packet(alone)[0] if alone else b""


def _in_depth(samples: np.ndarray, depth: int) -> np.ndarray:
    if samples.dtype == np.uint8 and depth == 16:
        return samples.astype(np.uint16) * np.uint16(257)
    if samples.dtype == np.uint16 and depth == 8:
        return ((samples.astype(np.uint32) + 128) // 257).astype(np.uint8)
    return samples


def _onto_white(pixels: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    cover = alpha[:, :, None].astype(np.uint16)
    return ((pixels * cover + 255 * (255 - cover) + 127) // 255).astype(np.uint8)


@contextmanager
def beside(
    target: Path, overwrite: bool, openness: int = 0o666, below: Path | None = None
) -> Iterator[BinaryIO]:
    """Open a hidden file beside the target; rename it to the target once it is written and on the disk.

    openness: the most permissions that the file gets besides its owner's. below: see `write_photo`.
    """
    if below is not None:
        check_below(target.parent, below)
    remove_leftovers(target.parent)
    fp = None
    while fp is None:  # a neighbour may take it for a leftover until it is locked
        hidden = target.parent / f"{HIDDEN}{secrets.token_hex(8)}.tmp"
        fp = create_locked(hidden)
    try:
        with fp:
            _close_to_others(fp.fileno(), target, openness)
            yield fp  # type: ignore[misc]
            fp.flush()
            os.fsync(fp.fileno())
            if below is not None:  # a folder may have been swapped for a link meanwhile
                check_below(target.parent, below)
            if os.name != "nt":  # still open, so still locked
                _publish(hidden, target, overwrite)
        if os.name == "nt":
            _publish(hidden, target, overwrite)
    finally:
        hidden.unlink(missing_ok=True)
    with suppress(OSError):  # Windows and some network disks do not sync folders
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def remove_leftovers(folder: Path) -> int:
    """Remove the hidden files in a folder that a crash or a pulled plug left behind; returns how many.

    One that is being written is locked, and stays.
    """
    removed = 0
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            ours = entry.name.startswith(HIDDEN) and entry.name.endswith(".tmp")
            if ours and entry.is_file(follow_symlinks=False):
                removed += remove_abandoned(Path(entry.path))
    return removed


def _close_to_others(descriptor: int, target: Path, openness: int) -> None:
    """Give a file that is still empty the permissions of the one that it replaces, or those that are usual,
    and no more of them than `openness`."""
    if os.name == "nt":  # a file inherits those of its folder there
        return
    with suppress(OSError):  # some disks know no permissions
        usual = stat.S_IMODE(os.fstat(descriptor).st_mode)
        with suppress(OSError):
            replaced = os.lstat(target)
            if stat.S_ISREG(replaced.st_mode):
                usual = stat.S_IMODE(replaced.st_mode)
        os.fchmod(descriptor, (usual & openness & 0o666) | 0o600)


def _publish(hidden: Path, target: Path, overwrite: bool) -> None:
    if not overwrite:
        _rename_to_new(hidden, target)
        return
    os.replace(hidden, target)


def _rename_to_new(hidden: Path, target: Path) -> None:
    """Rename only if nothing has the target's name, decided by the file system in one step.

    A hard link does that. Where the disk knows none (FAT, some networks), an empty
    file claims the name first and is then replaced.
    """
    try:
        os.link(hidden, target)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        open(target, "xb").close()
        try:
            os.replace(hidden, target)
        except BaseException:
            target.unlink(missing_ok=True)
            raise


@contextmanager
def _complaints(path: Path) -> Iterator[None]:
    """Turn what the operating system reports into a sentence."""
    name, folder = shown(path), shown(path.parent)
    try:
        yield
    except FileExistsError as error:
        raise PhotoError(f"{name} exists already and was left as it is. Choose another name.") from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise PhotoError(
            f"{name} cannot be saved: there is no folder {folder}. Create it, or choose another."
        ) from error
    except (struct.error, OverflowError) as error:
        raise PhotoError(f"{name} cannot be saved: it is too large for its format. Choose PNG.") from error
    except MemoryError as error:
        raise PhotoError(
            f"{name} cannot be saved: memory ran out. Close other programs, or choose PNG."
        ) from error
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            text = f"the file or its folder {folder} is read-only, or in use. Choose another"
        elif error.errno in (errno.ENOSPC, errno.EDQUOT):
            text = f"the disk of {folder} is full. Make room, or choose another"
        elif error.errno == errno.EFBIG:
            text = "the file grows larger than this disk allows. Choose another disk, or JPEG"
        elif error.errno == errno.ENAMETOOLONG:
            text = "the name is too long. Choose a shorter one"
        else:
            text = f"{error.strerror or error}. Choose another folder or disk"
        raise PhotoError(f"{name} cannot be saved: {text}.") from error
    except ValueError as error:  # a name with a zero character; an encoder's refusal
        raise PhotoError(f"{name} cannot be saved: {error}. Choose another name or format.") from error
