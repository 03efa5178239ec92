"""TIFFs of several pages: each page can be read as a photo of its own, with what belongs to it."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
import tifffile

from restorer.errors import PhotoError
from restorer.photo import count_pages, read_photo, read_size
from restorer.photo.formats.pages import pages

RNG = np.random.default_rng(4)
PAGES = [
    RNG.integers(0, 65536, (20, 30), dtype=np.uint16),
    RNG.integers(0, 256, (24, 18, 3), dtype=np.uint8),
    RNG.integers(0, 65536, (16, 22, 3), dtype=np.uint16),
    RNG.integers(0, 256, (12, 40), dtype=np.uint8),
]


@pytest.mark.parametrize("options", [{}, {"compression": "zlib"}, {"bigtiff": True}, {"byteorder": ">"}])
def test_every_page_is_read_as_it_is(tmp_path: Path, options: dict[str, object]) -> None:
    path = tmp_path / "a.tif"
    compression = options.pop("compression", None)
    with tifffile.TiffWriter(path, **options) as writer:
        for index, page in enumerate(PAGES):
            kind = "rgb" if page.ndim == 3 else "minisblack"
            writer.write(
                page, photometric=kind, compression=compression, description=f"page {index + 1}",
                resolution=(300 + index, 300 + index), resolutionunit=2, metadata=None,
            )  # fmt: skip
    assert count_pages(path) == 4
    assert np.array_equal(read_photo(path).pixels[:, :, 0], PAGES[0])
    for index, page in enumerate(PAGES):
        photo = read_photo(path, index + 1)
        assert np.array_equal(photo.pixels.squeeze(), page)
        assert photo.dpi == (300 + index, 300 + index)
        assert f"page {index + 1}".encode() in (photo.exif or b"")
        assert read_size(path, index + 1) == (page.shape[1], page.shape[0])


def test_reduced_pictures_and_masks_are_no_pages(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    with tifffile.TiffWriter(path) as writer:
        writer.write(PAGES[1], photometric="rgb", metadata=None)
        writer.write(PAGES[1][::2, ::2], photometric="rgb", subfiletype=1, metadata=None)
        writer.write(PAGES[3] > 99, photometric="mask", subfiletype=4, metadata=None)
        writer.write(PAGES[2], photometric="rgb", subfiletype=2, metadata=None)
    assert count_pages(path) == 2
    assert np.array_equal(read_photo(path, 2).pixels, PAGES[2])


def test_a_page_that_is_not_there_and_a_chain_that_leads_back(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, PAGES[1], photometric="rgb", metadata=None)
    assert count_pages(path) == 1
    with pytest.raises(PhotoError, match=r"a\.tif"):
        read_photo(path, 2)
    data = bytearray(path.read_bytes())
    first = struct.unpack_from("<I", data, 4)[0]
    count = struct.unpack_from("<H", data, first)[0]
    struct.pack_into("<I", data, first + 2 + 12 * count, first)
    assert pages(io.BytesIO(bytes(data))) == [first]


def test_a_16_bit_page_is_read_from_where_it_lies(tmp_path: Path) -> None:
    """Beyond two gibibytes, which is more than is read at once; the hole takes no room on the disk."""
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, PAGES[2], photometric="rgb")
    with tifffile.TiffFile(path) as file:
        page = file.pages[0]
        (offset,), (count,) = page.dataoffsets, page.databytecounts
        tag = page.tags["StripOffsets"].valueoffset
    far = 2**31 + 1000
    data = bytearray(path.read_bytes())
    pixels = bytes(data[offset : offset + count])
    data[offset : offset + count] = bytes(count)
    data[tag : tag + 4] = struct.pack("<I", far)
    with path.open("wb") as fp:
        fp.write(data)
        fp.seek(far)
        fp.write(pixels)
    assert np.array_equal(read_photo(path).pixels, PAGES[2])
