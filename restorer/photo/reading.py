"""A file -> Photo; every doubt about the file is settled here.

What comes in: a path. What goes out: a Photo, or a PhotoError with a sentence that
names the file. The order of the checks matters: kind of file, content (never the
suffix), size from the header, and only then pixels.

A file may be made to harm, so nothing is taken, in memory or in time, that does not stand in
proportion to the file itself (`_check_size`, `jpeg.check_scans`, `tiff.check_strips`), and whatever
a decoder does with one file, running out of memory included, is that file's PhotoError.

The pixels themselves are made by `decoding`.
"""

from __future__ import annotations

import math
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageFile
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from restorer.errors import PhotoError
from restorer.photo import profiles, sidecar
from restorer.photo.decoding import (
    arrays,
    correct_clear_grey,
    correct_inks,
    correct_palette,
    deep_png,
    from_luma,
    plain_tiff,
    turned,
)
from restorer.photo.formats import avif, bmp, chunks, heif, jpeg, raw, segments, strips, tiff
from restorer.photo.formats.directories import Fields, integers
from restorer.photo.formats.jpeg import Jpeg
from restorer.photo.formats.pages import page_view, pages, photo_view, view
from restorer.photo.metadata import captions, iptc, regions
from restorer.photo.metadata import exif as blocks
from restorer.photo.metadata import xmp as packets
from restorer.photo.picture import Photo
from restorer.photo.sniff import RAW_SUFFIXES, Kind, kind_of, webp_size
from restorer.text import shown

READ_SUFFIXES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".tif", ".tiff", ".webp", ".bmp"),
    *heif.HEIC_SUFFIXES,
    *avif.AVIF_SUFFIXES,
)
PHOTO_SUFFIXES = (*READ_SUFFIXES, *(RAW_SUFFIXES if raw.available() else ()))
"""What is taken for a photo by its name; raw files of cameras are where they can be developed."""
MAX_PIXELS = 250_000_000
_MOST_JPEG_PIXELS = 8 * 64
"""Pixels that a byte of a JPEG can stand for: every block of 8 x 8 takes a bit at least (T.81, annex F.1)."""
_PLAIN_BYTES, _TIMES = 256 << 20, 80
"""Bytes of samples that any file may hold, and how many more for each of its own bytes: a picture of 250
megapixels in 6 MB is more blank than any photo. Decoding takes up to five times as much memory."""
_MOST_FILE, _MOST_TIFF = 4 << 30, 16 << 30
"""Bytes of a file, and of a TIFF, which can have many pages: twice what MAX_PIXELS of 16 bits can take."""
_OWN_COLOURS = ("RGB", "RGBA", "L", "YCbCr")
"""Modes of Pillow whose pixels are in the encoding that the photo's EXIF tells."""
_ENDING = "Save it as a 16-bit TIFF or PNG."
_JPEG = (6, 7)
_TIFF_OWN_COLOURS = (0, 1, 2, 3, tiff.YCBCR)
"""A TIFF's photometric interpretations whose pixels are in the encoding that its fields tell."""
_READERS: dict[Kind, Callable[[BinaryIO], ImageFile.ImageFile]] = {
    Kind.JPEG: Jpeg,
    Kind.PNG: PngImageFile,
    Kind.WEBP: WebPImageFile,
    Kind.BMP: BmpImageFile,
    Kind.AVIF: AvifImageFile,
}

# Pillow's TIFF reader checks the size again while it decodes, against a limit that
# the whole process shares; ours, checked before, is the one that counts.
if Image.MAX_IMAGE_PIXELS is not None:
    Image.MAX_IMAGE_PIXELS = max(Image.MAX_IMAGE_PIXELS, MAX_PIXELS)


def read_photo(path: str | os.PathLike[str], page: int = 0) -> Photo:
    """Read a photo, upright, in its own RGB or grey encoding, with all that belongs to it.

    Of several frames or pages the first is read, of a TIFF with `page` that page (from 1). A palette
    becomes RGB, with transparency RGBA; one bit becomes grey; CMYK and Lab become sRGB, YCbCr RGB. A camera's
    raw file is developed where the package rawpy is installed. Raises
    PhotoError if the file is missing, a folder, empty, unreadable, too large (over
    MAX_PIXELS by its header), incomplete, damaged, of another kind, or holds
    floating-point, signed or 32-bit samples.
    """
    path = Path(path)
    with _looked_at(path) as (fp, kind):
        photo, turn = _read(_paged(fp, kind, page), kind, path, fp if page <= 1 else None)
        return replace(
            photo,
            path=path,
            sidecar=_turned_regions(sidecar.read(sidecar.short(path)), turn),
            named_sidecar=_turned_regions(sidecar.read(sidecar.named(path)), turn),
        )


def _read(fp: BinaryIO, kind: Kind, path: Path, whole: BinaryIO | None) -> tuple[Photo, int]:
    """The photo, and the orientation from which it was turned. whole: the file, of which `fp` is a view."""
    if kind is Kind.TIFF:
        return _tiff_photo(fp, path, whole or fp)
    if kind is Kind.RAW:
        return _raw_photo(fp, path), 1
    if kind is not Kind.HEIF:
        return _photo(fp, kind, path)
    image = heif.header(fp, path)
    _check_size(path, *image.size)
    _check_promise(fp, path, image.size, 32)
    photo = heif.photo(image)
    return replace(photo, dpi=_plausible(blocks.resolution(photo.exif))), 1


def read_provenance(path: str | os.PathLike[str]) -> dict[str, str]:
    """What Restorer recorded in a file that it wrote: name -> text; empty if it wrote none.

    Reads the file's head only. Raises PhotoError as `read_photo` does.
    """
    path = Path(path)
    with _looked_at(path) as (fp, kind):
        if kind is Kind.TIFF:
            return packets.provenance(_data(tiff.read_layout(fp)[1], tiff.XMP))
        if kind in (Kind.HEIF, Kind.RAW):
            return {}
        if kind is Kind.PNG:
            return packets.provenance(chunks.sifted(fp)[1].xmp)
        return packets.provenance(_xmp(_pillow(fp, kind, path, any_size=True)))


def count_pages(path: str | os.PathLike[str]) -> int:
    """How many pages a TIFF has; 1 for every other kind. Raises PhotoError as `read_photo` does."""
    with _looked_at(Path(path)) as (fp, kind):
        return len(pages(fp)) if kind is Kind.TIFF else 1


def read_size(path: str | os.PathLike[str], page: int = 0, any_size: bool = False) -> tuple[int, int]:
    """(width, height) by the file's header, as stored: a photo may be turned when it is read.

    any_size: also of a picture that is too large to be read as a photo, as results may be. Raises PhotoError
    as `read_photo` does.
    """
    path = Path(path)
    with _looked_at(path) as (fp, kind):
        return _size(_paged(fp, kind, page), kind, path, any_size)


def read_sizes(path: str | os.PathLike[str]) -> list[tuple[int, int] | None]:
    """`read_size` of every page, in one go through the file; None for one that cannot be told.

    Raises PhotoError as `read_photo` does.
    """
    path = Path(path)
    with _looked_at(path) as (fp, kind):
        if kind is not Kind.TIFF:
            return [_size(fp, kind, path)]
        sizes: list[tuple[int, int] | None] = []
        for offset in pages(fp):
            try:
                sizes.append(_size(view(fp, offset), kind, path))
            except Exception:  # that page gets its sentence when its turn comes
                sizes.append(None)
        return sizes


def _size(fp: BinaryIO, kind: Kind, path: Path, any_size: bool = False) -> tuple[int, int]:
    if kind is Kind.TIFF:
        layout = tiff.read_layout(fp)[0]
        if not layout.raw:
            return layout.width, layout.height
        kind = Kind.RAW
    if kind is Kind.RAW:
        with raw.opened(fp, path) as file:
            return raw.size(file)
    if kind is Kind.BMP and (masks := bmp.masked(fp)) is not None:
        if not any_size:
            _check_size(path, *masks.size)
        return masks.size
    image = heif.header(fp, path) if kind is Kind.HEIF else _pillow(fp, kind, path, any_size)
    width, height = image.size
    return width, height


@contextmanager
def _looked_at(path: Path) -> Iterator[tuple[BinaryIO, Kind]]:
    """The open file and its kind; whatever goes wrong with it from here on is its PhotoError."""
    with opened(path) as fp:
        try:
            kind = kind_of(fp, path)
            size = os.fstat(fp.fileno()).st_size
            if size > (_MOST_TIFF if kind is Kind.TIFF else _MOST_FILE):
                raise PhotoError(
                    f"{shown(path)} is {size / 1e9:,.0f} GB, more than any photo of its kind is. Choose "
                    "another file."
                )
            yield fp, kind
        except PhotoError:
            raise
        except MemoryError as error:
            raise PhotoError(
                f"{shown(path)} does not fit into memory. Close other programs, or reduce it."
            ) from error
        except Exception as error:  # decoders raise whatever they like on broken files
            raise _broken(path, error) from error


def opened(path: Path) -> BinaryIO:
    """The file, open for reading. Raises PhotoError where there is none, or what is there is no plain file.

    It is looked at twice: what is no file may not even be opened, and a pipe that took its place in between
    would be waited for, were it opened as a file is.
    """
    try:
        _check_plain(path, os.stat(path).st_mode)
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
        fp = open(os.open(path, flags | getattr(os, "O_CLOEXEC", 0)), "rb")  # noqa: SIM115 - the caller closes it
        try:
            _check_plain(path, os.fstat(fp.fileno()).st_mode)
        except PhotoError:
            fp.close()
            raise
    except (FileNotFoundError, NotADirectoryError) as error:
        raise PhotoError(
            f"{shown(path)} does not exist. Check its name, and that its disk is connected."
        ) from error
    except PermissionError as error:
        raise PhotoError(
            f"{shown(path)} may not be read. Change its permissions, or copy it elsewhere."
        ) from error
    except (OSError, ValueError) as error:
        raise PhotoError(f"{shown(path)} cannot be opened: {error}. Check its name and its disk.") from error
    if os.fstat(fp.fileno()).st_size == 0:
        fp.close()
        raise PhotoError(f"{shown(path)} is empty. Copy it again from where it came.")
    return fp


def _check_plain(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise PhotoError(f"{shown(path)} is a folder, not a photo. Choose a file in it.")
    if not stat.S_ISREG(mode):
        raise PhotoError(f"{shown(path)} is a device or pipe, not a photo. Choose a file.")


def _paged(fp: BinaryIO, kind: Kind, page: int) -> BinaryIO:
    if page <= 1:
        return photo_view(fp) if kind is Kind.TIFF else fp
    if kind is not Kind.TIFF:
        raise ValueError("only a TIFF has pages")
    return page_view(fp, page)


def _broken(path: Path, error: Exception) -> PhotoError:
    reason = str(error).lower()
    if any(
        word in reason
        for word in ("truncated", "premature", "could not create decoder", "end early", "outside")
    ):
        return PhotoError(
            f"{shown(path)} is incomplete: the file ends before its picture does. "
            "Copy it again from where it came."
        )
    return PhotoError(
        f"{shown(path)} is damaged, or stored in a way that cannot be decoded. "
        "Open it in another program and save it again as PNG."
    )


def _check_size(path: Path, width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise ValueError("no pixels")
    if width * height > MAX_PIXELS:
        raise PhotoError(
            f"{shown(path)} is too large: {width:,} x {height:,} pixels, and photos of up to "
            f"{MAX_PIXELS // 1_000_000} megapixels can be opened. Reduce it or cut it into parts first."
        )


def _check_promise(fp: BinaryIO, path: Path, size: tuple[int, int], sample_bits: int) -> None:
    """Raise PhotoError if the samples of a picture, `sample_bits` a pixel, are out of all proportion to its
    file: memory would be taken for a picture that is not there."""
    length = fp.seek(0, os.SEEK_END)
    if math.prod(size) * sample_bits // 8 > _PLAIN_BYTES + _TIMES * length:
        raise PhotoError(
            f"{shown(path)} says that it holds {size[0]:,} x {size[1]:,} pixels, and its {length:,} bytes "
            "are too few for such a photo. Copy it again from where it came, or reduce it in another program."
        )


def _pillow(fp: BinaryIO, kind: Kind, path: Path, any_size: bool = False) -> ImageFile.ImageFile:
    """Read the header with Pillow and check the size, unless `any_size` will do: results may be larger than
    photos, and nothing is decoded yet.

    The readers are called directly: `Image.open` would guess the format once more,
    and complain about the size before saying what it is.
    """
    if kind is Kind.WEBP:
        size = webp_size(fp)
        _check_size(path, *size)  # Pillow takes memory for the whole canvas at once
        _check_promise(fp, path, size, 32)
    elif kind is Kind.JPEG:
        jpeg.check_header(fp)
        if (what := jpeg.unread(fp)) is not None:
            raise PhotoError(
                f"{shown(path)} is a JPEG of a kind that is not read here: {what}. "
                "Open it in another program and save it again as PNG."
            )
    elif kind is Kind.PNG:
        fp = chunks.sifted(fp)[0]
    fp.seek(0)
    image = _READERS[kind](fp)
    if not any_size:
        _check_size(path, *image.size)
    return image


def _decoded(image: ImageFile.ImageFile) -> ImageFile.ImageFile:
    """The image with its pixels; ValueError if they are of another size than its header said."""
    size = image.size
    image.load()
    if image.size not in (size, size[::-1]):  # a TIFF is turned by its orientation
        raise ValueError("another size than the header says")
    return image


def _photo(fp: BinaryIO, kind: Kind, path: Path) -> tuple[Photo, int]:
    """Everything but TIFF."""
    if kind is Kind.BMP and (masks := bmp.masked(fp)) is not None:
        return _masked_bmp(fp, path, masks), 1
    extras = chunks.Chunks()
    if kind is Kind.PNG:
        fp, extras = chunks.sifted(fp, whole=True)
        if extras.hdr:
            raise heif.hdr(path)
        if extras.narrow:
            raise PhotoError(
                f"{shown(path)} has the black and white of a video, which is not read here. Save it in "
                "another program with its full range first."
            )
    image = _pillow(fp, kind, path)
    boxes = avif.AvifFacts()
    if kind is Kind.AVIF:
        boxes = avif.read_facts(fp)
        if boxes.codes[1] in (profiles.PQ, profiles.HLG):
            raise heif.hdr(path)
    depth = _png_depth(fp) if kind is Kind.PNG else 8
    deep = depth == 16
    if kind is Kind.PNG and image.mode == "P" and not extras.palette:
        raise ValueError("no palette")
    if kind is Kind.JPEG:
        if math.prod(image.size) > _MOST_JPEG_PIXELS * os.fstat(fp.fileno()).st_size:
            raise ValueError("truncated")  # else gigabytes are taken for a picture that is not there
        jpeg.check_scans(fp, math.prod(image.size))
    _check_promise(fp, path, image.size, (16 if deep else 8) * len(image.getbands()))
    try:
        _decoded(image)
    except OSError:
        if kind is not Kind.JPEG or jpeg.ends(fp):
            raise
        image = jpeg.without_end(fp, math.prod(image.size))
    if kind is Kind.PNG:
        correct_clear_grey(image, depth)
    info = image.info
    xmp = extras.xmp or _xmp(image)
    records = iptc.from_resources(extras.iptc)
    if isinstance(image, JpegImageFile):
        xmp, records = segments.packet(image.applist, xmp), segments.records(image.applist)
    exif = extras.exif or info.get("exif")
    xmp = xmp or blocks.packet(exif.removeprefix(b"Exif\0\0") if exif else None)
    texts = list(extras.texts)
    if isinstance(image, JpegImageFile):
        comments = [_decoded_text(content) for name, content in image.applist if name == "COM"]
        texts += [("Comment", text) for text in comments if text]
    stated, exif = blocks.upright(exif.removeprefix(b"Exif\0\0")) if exif else (0, None)
    turn = stated or (packets.orientation(xmp) if kind is not Kind.AVIF else 0)  # whose boxes alone turn it
    pixels, alpha, icc = (
        (*deep_png(fp, image), None) if deep else arrays(correct_inks(image) if kind is Kind.JPEG else image)
    )
    if kind is Kind.BMP:
        icc = bmp.profile(fp)
    if boxes.grey:
        pixels = np.ascontiguousarray(pixels[:, :, :1])
    # Where a JPEG states no unit, Pillow answers 72 dpi.
    dpi = extras.dpi or (
        info.get("dpi") if kind is not Kind.JPEG or info.get("jfif_unit") in (1, 2) else None
    )
    channels = pixels.shape[2]
    icc = (
        profiles.fitting(icc, channels)
        or extras.profile(channels)
        or profiles.of_codes(*boxes.codes, channels)
    )
    if icc is None and kind is not Kind.PNG and image.mode in _OWN_COLOURS and blocks.adobe_rgb(exif):
        icc = profiles.adobe_rgb(channels)
    photo = Photo(
        pixels=turned(pixels, turn),
        alpha=None if alpha is None else turned(alpha, turn),
        icc=icc,
        exif=exif,
        xmp=captions.with_texts(_turned_regions(xmp, turn), texts),
        dpi=_plausible(dpi) or _plausible(blocks.resolution(exif)),
        iptc=records,
    )
    return photo, turn


def _masked_bmp(fp: BinaryIO, path: Path, layout: bmp.Masked) -> Photo:
    _check_size(path, *layout.size)
    _check_promise(fp, path, layout.size, layout.bits)
    pixels, alpha = bmp.pixels(fp, layout)
    icc = profiles.fitting(bmp.profile(fp), 3)
    return Photo(pixels=pixels, alpha=alpha, icc=icc, dpi=_plausible(layout.dpi))


def _tiff_photo(fp: BinaryIO, path: Path, whole: BinaryIO) -> tuple[Photo, int]:
    """whole: the file, whose first directory has the photo's belongings where `fp` shows another one."""
    layout, fields = tiff.read_layout(fp)
    stated = layout.orientation
    if whole is not fp:
        outer, told_outside = tiff.read_layout(whole)
        fields = {tag: told_outside[tag] for tag in tiff.BELONGINGS if tag in told_outside} | fields
        layout = replace(layout, orientation=stated or outer.orientation)
    if layout.raw:
        return _raw_photo(fp, path), 1
    _check_size(path, layout.width, layout.height)
    if layout.tile and not 0 < layout.tile[0] * layout.tile[1] <= MAX_PIXELS:
        raise ValueError("implausible tiles")
    _check_samples(path, layout)
    bits = layout.samples * max(layout.bits)
    if layout.photometric in tiff.LAB:
        bits *= 4  # what its colours take while they are reckoned, and a good part of the time
    wide, high = layout.tile or (1, 1)  # all of a tile is decoded, also where it reaches over the edge
    across, down = math.ceil(layout.width / wide), math.ceil(layout.height / high)
    for size in ((layout.width, layout.height), (across * wide, down * high)):
        _check_promise(fp, path, size, bits)
    size_of_file = fp.seek(0, os.SEEK_END)
    told = len(layout.counts) == len(layout.offsets) and all(layout.counts)
    layout = strips.reckoned(layout, size_of_file)
    tiff.check_strips(layout, size_of_file)
    xmp, icc = _data(fields, tiff.XMP), _data(fields, tiff.ICC)
    block = blocks.from_tiff(fp if blocks.EXIF_IFD in fields else whole)
    exif = blocks.upright(block)[1] if block else None
    sampling = integers(fields.get(tiff.YCBCR_SAMPLING), layout.order) or (2, 2)
    halved = layout.compression == 1 and sampling != (1, 1)  # which Pillow takes for whole
    if layout.photometric == tiff.YCBCR and layout.compression not in _JPEG and (layout.planar or halved):
        raise _unknown_layout(path, "YCbCr (6)")
    if layout.photometric == tiff.CMYK and integers(fields.get(tiff.INK_SET), layout.order) == (2,):
        raise _unknown_layout(path, "inks that are not those of CMYK")
    none_and_all = integers(fields.get(tiff.DOT_RANGE), layout.order)
    if layout.photometric == tiff.CMYK and none_and_all and none_and_all[0] > none_and_all[-1]:
        raise _unknown_layout(path, "inks the other way round")
    plain = strips.known(layout) and (
        not told
        or tiff.PHOTOMETRIC not in fields  # Pillow takes it for white at zero
        or layout.reversed_bits  # of which Pillow knows some kinds only
        or layout.planar  # Pillow mixes up deep ones, and knows none with alpha that is multiplied in
    )
    deep = not set(layout.bits) <= {1, 2, 4, 8} and layout.photometric != tiff.YCBCR
    # libtiff guesses the length of a whole picture only.
    image = None if deep or plain else _known_tiff(fp)
    if image is None:
        turn = layout.orientation or packets.orientation(xmp)
        try:
            table = integers(fields.get(tiff.COLOUR_MAP), layout.order)
            pixels, alpha, icc = plain_tiff(fp, layout, icc, table)
        except strips.UnknownLayoutError as error:
            raise _unknown_layout(path, str(error)) from error
        pixels, alpha = turned(pixels, turn), None if alpha is None else turned(alpha, turn)
    else:
        if image.size not in ((layout.width, layout.height), (layout.height, layout.width)):
            raise ValueError("another size than the header says")
        correct_palette(image)
        try:
            _decoded(image)  # turns the picture upright itself
        except Exception as error:
            unread = strips.name(layout.compression)
            if unread is None or layout.compression in _JPEG:
                raise
            raise _unknown_layout(path, unread) from error  # not every libtiff has them all
        meant = tiff.luma(fields, layout.order) if image.mode == "YCbCr" else None
        pixels, alpha, icc = arrays(image)
        if meant is not None:  # Pillow knows one meaning only
            pixels = from_luma(np.array(image), meant)
        if layout.orientation != stated:
            pixels = turned(pixels, layout.orientation)
            alpha = None if alpha is None else turned(alpha, layout.orientation)
    if whole is not fp and layout.photometric in _TIFF_OWN_COLOURS:
        icc = icc or _data(fields, tiff.ICC)
    icc = profiles.fitting(icc, pixels.shape[2])
    if icc is None and layout.photometric in _TIFF_OWN_COLOURS:
        if blocks.adobe_rgb(exif):
            icc = profiles.adobe_rgb(pixels.shape[2])
        else:
            icc = profiles.of_gamma(None, tiff.primaries(fields, layout.order), pixels.shape[2])
    dpi = _plausible(blocks.dots_per_inch(fields, layout.order))
    records = iptc.unpadded(_data(fields, tiff.IPTC)) or iptc.from_resources(_data(fields, tiff.PHOTOSHOP))
    xmp = _turned_regions(xmp, layout.orientation or packets.orientation(xmp))
    photo = Photo(pixels=pixels, alpha=alpha, icc=icc, exif=exif, xmp=xmp, dpi=dpi, iptc=records)
    return photo, layout.orientation or packets.orientation(_data(fields, tiff.XMP))


def _raw_photo(fp: BinaryIO, path: Path) -> Photo:
    with raw.opened(fp, path) as file:
        _check_size(path, *raw.size(file))
        photo = raw.photo(fp, file)
    return replace(photo, dpi=_plausible(blocks.resolution(photo.exif)))


def _check_samples(path: Path, layout: tiff.Layout) -> None:
    """Raise PhotoError where the samples are no numbers from black to white."""
    bits = max(layout.bits)
    if 3 in layout.formats:
        raise PhotoError(
            f"{shown(path)} holds floating-point samples of {bits} bits, whose range cannot be told. "
            f"{_ENDING}"
        )
    if not set(layout.formats) <= {1, 4}:
        raise PhotoError(f"{shown(path)} holds signed samples, whose range cannot be told. {_ENDING}")
    if bits > 16:
        raise PhotoError(f"{shown(path)} holds samples of {bits} bits, whose range cannot be told. {_ENDING}")


def _turned_regions(xmp: bytes | None, turn: int) -> bytes | None:
    return packets.moved(xmp, regions.turn(turn)) if turn > 1 else xmp


def _unknown_layout(path: Path, what: str) -> PhotoError:
    return PhotoError(
        f"{shown(path)} is a TIFF whose pixels are stored in a way that is not read here: {what}. "
        "Open it in another program and save it again as PNG."
    )


def _known_tiff(fp: BinaryIO) -> TiffImageFile | None:
    """The header of a TIFF as Pillow reads it; None if Pillow does not know its layout."""
    fp.seek(0)
    try:
        return TiffImageFile(fp)
    except (SyntaxError, OSError, KeyError, ValueError):
        return None


def _png_depth(fp: BinaryIO) -> int:
    fp.seek(24)
    return fp.read(1)[0]


def _xmp(image: Image.Image) -> bytes | None:
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp")
    return packet.encode() if isinstance(packet, str) else packet or None


def _decoded_text(comment: bytes) -> str:
    """A JPEG's comment, whose encoding nobody states."""
    try:
        return comment.rstrip(b"\0").decode("utf-8")
    except UnicodeDecodeError:
        return comment.rstrip(b"\0").decode("latin-1")


def _data(fields: Fields, tag: int) -> bytes | None:
    field = fields.get(tag)
    return field.data if field is not None else None


def _plausible(dpi: tuple[float, float] | None) -> tuple[float, float] | None:
    if dpi is None or not all(math.isfinite(value) and 0 < value < 1e6 for value in dpi):
        return None
    return float(dpi[0]), float(dpi[1])
