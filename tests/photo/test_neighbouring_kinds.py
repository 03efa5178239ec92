"""Kinds of files beside those that people report: each is the picture that another decoder shows, or refused
with the true reason."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from restorer.errors import PhotoError
from restorer.photo import count_pages, read_photo, read_size
from restorer.photo.reading import read_sizes

RNG = np.random.default_rng(27)
HEIGHT, WIDTH = 22, 34
PIXELS = RNG.integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)
SMALL = PIXELS[::4, ::4]


def fractions(*values: float) -> list[int]:
    return [part for value in values for part in (round(value * 10_000), 10_000)]


# -- a reduced picture comes first --------------------------------------------------------------------


def in_a_sub_directory(path: Path, **facts: object) -> None:
    with tifffile.TiffWriter(path) as writer:
        writer.write(SMALL, photometric="rgb", subifds=1, subfiletype=1, metadata=None, **facts)
        writer.write(PIXELS, photometric="rgb", subfiletype=0, metadata=None)


def behind_it(path: Path, **facts: object) -> None:
    with tifffile.TiffWriter(path) as writer:
        writer.write(SMALL, photometric="rgb", subfiletype=1, metadata=None, **facts)
        writer.write(PIXELS, photometric="rgb", subfiletype=0, metadata=None)


@pytest.mark.parametrize("write", [in_a_sub_directory, behind_it])
def test_the_photo_is_read_and_not_the_reduced_picture_before_it(tmp_path: Path, write: object) -> None:
    path = tmp_path / "a.tif"
    assert callable(write)
    write(path, description="Ada", extratags=[(274, "H", 1, 6, True), (700, "B", 9, b"<a packet", True)])
    photo = read_photo(path)
    assert np.array_equal(photo.pixels, np.rot90(PIXELS, -1))  # as the first directory says
    assert b"Ada" in (photo.exif or b"")
    assert photo.xmp == b"<a packet"
    assert count_pages(path) == 1
    assert read_size(path) == (WIDTH, HEIGHT)
    assert read_sizes(path) == [(WIDTH, HEIGHT)]


def test_a_reduced_picture_of_nothing_larger_is_the_photo(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    with tifffile.TiffWriter(path) as writer:
        writer.write(PIXELS, photometric="rgb", subifds=1, subfiletype=1, metadata=None)
        writer.write(SMALL, photometric="rgb", metadata=None)
        writer.write(PIXELS[::-1], photometric="rgb", metadata=None)
    assert np.array_equal(read_photo(path).pixels, PIXELS)
    assert count_pages(path) == 2
    assert np.array_equal(read_photo(path, 2).pixels, PIXELS[::-1])


def test_a_sensors_picture_in_a_sub_directory_is_not_taken_for_one(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    with tifffile.TiffWriter(path) as writer:
        writer.write(SMALL, photometric="rgb", subifds=1, subfiletype=1, metadata=None)
        writer.write(PIXELS[..., 0], photometric=32803, metadata=None)
    assert np.array_equal(read_photo(path).pixels, SMALL)


def test_sub_directories_that_lie_nowhere_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    places = (4, 10**6, 0, 8) * 1000
    extra = [(330, "I", len(places), places, True)]
    tifffile.imwrite(path, PIXELS, photometric="rgb", subfiletype=1, metadata=None, extratags=extra)
    assert np.array_equal(read_photo(path).pixels, PIXELS)


# -- Y, Cb and Cr of other kinds ----------------------------------------------------------------------


def coded(weights: Sequence[float], reference: Sequence[float]) -> np.ndarray:
    """The picture in Y, Cb and Cr, as TIFF 6.0 section 21 has it, the other way round than `from_luma`."""
    red, green, blue = (PIXELS[..., channel].astype(float) for channel in range(3))
    y = weights[0] * red + weights[1] * green + weights[2] * blue
    full = [y, (blue - y) / (2 - 2 * weights[2]), (red - y) / (2 - 2 * weights[0])]
    planes = [
        plane * (white - black) / most + black
        for plane, most, black, white in zip(
            full, (255, 127, 127), reference[::2], reference[1::2], strict=True
        )
    ]
    return np.dstack(planes).round().clip(0, 255).astype(np.uint8)


USUAL, WIDE = (0.299, 0.587, 0.114), (0.2126, 0.7152, 0.0722)
FULL, NARROW = (0, 255, 128, 255, 128, 255), (16, 235, 128, 240, 128, 240)


@pytest.mark.parametrize("compression", [None, "zlib"])
@pytest.mark.parametrize(
    ("weights", "reference"), [(USUAL, FULL), (WIDE, FULL), (USUAL, NARROW), (WIDE, NARROW)]
)
def test_luma_of_other_weights_and_ranges(
    tmp_path: Path, weights: Sequence[float], reference: Sequence[float], compression: str | None
) -> None:
    tags = [(529, "2I", 3, fractions(*weights), True), (532, "2I", 6, fractions(*reference), True)]
    tifffile.imwrite(
        tmp_path / "a.tif", coded(weights, reference), photometric="ycbcr", subsampling=(1, 1),
        extratags=tags, metadata=None, compression=compression,
    )  # fmt: skip
    away = np.abs(read_photo(tmp_path / "a.tif").pixels.astype(int) - PIXELS)
    assert away.max() <= 5  # what rounding to Cb and Cr costs
    assert away.mean() < 1


@pytest.mark.parametrize(
    "tag", [(529, "2I", 3, fractions(0.3, 0.0, 0.1), True), (532, "2I", 6, fractions(0, 0, 1, 1, 1, 1), True)]
)
def test_luma_that_makes_no_colours_is_refused(tmp_path: Path, tag: tuple[object, ...]) -> None:
    options = {"photometric": "ycbcr", "subsampling": (1, 1), "metadata": None}
    tifffile.imwrite(tmp_path / "a.tif", PIXELS, extratags=[tag], **options)
    with pytest.raises(PhotoError, match=r"a\.tif is damaged"):
        read_photo(tmp_path / "a.tif")


def test_inks_the_other_way_round_are_refused_with_that_reason(tmp_path: Path) -> None:
    inks = np.dstack([PIXELS, PIXELS[..., 0]])
    for none_and_all, reason in (((255, 0), "inks the other way round"), ((0, 255), "")):
        path = tmp_path / "a.tif"
        tag = (336, "B", 2, none_and_all, True)
        tifffile.imwrite(path, inks, photometric="separated", extratags=[tag], metadata=None)
        if reason:
            with pytest.raises(PhotoError, match=reason):
                read_photo(path)
        else:
            assert read_photo(path).pixels.shape == PIXELS.shape


# -- JPEGs that are not read --------------------------------------------------------------------------


def jpeg(**options: object) -> bytearray:
    out = io.BytesIO()
    Image.fromarray(PIXELS).save(out, "JPEG", quality=95, **options)
    return bytearray(out.getvalue())


def frame_of(data: bytes) -> int:
    """Where the segment begins that tells the frame's size."""
    return max(data.find(b"\xff\xc0"), data.find(b"\xff\xc2"))


@pytest.mark.parametrize(
    ("marker", "bits", "reason"),
    [
        (0xC1, 12, "12 bits"),
        (0xC3, 16, "16 bits"),
        (0xC5, 8, "layers of several sizes"),
        (0xF7, 8, "JPEG-LS"),
    ],
)
def test_a_jpeg_of_another_kind_is_refused_with_that_reason(
    tmp_path: Path, marker: int, bits: int, reason: str
) -> None:
    data = jpeg()
    at = frame_of(data)
    data[at + 1], data[at + 4] = marker, bits
    (tmp_path / "a.jpg").write_bytes(data)
    for read in (read_photo, read_size):
        with pytest.raises(
            PhotoError, match=rf"a\.jpg is a JPEG of a kind that is not read here: {reason}\."
        ):
            read(tmp_path / "a.jpg")


def test_a_jpeg_that_tells_its_height_at_its_end_is_refused_with_that_reason(tmp_path: Path) -> None:
    data = jpeg()
    at = frame_of(data) + 5
    height = bytes(data[at : at + 2])
    data[at : at + 2] = b"\0\0"
    (tmp_path / "a.jpg").write_bytes(bytes(data[:-2]) + b"\xff\xdc\0\4" + height + b"\xff\xd9")
    with pytest.raises(PhotoError, match="a height that comes after the picture"):
        read_photo(tmp_path / "a.jpg")


def decoded(data: bytes | bytearray) -> np.ndarray:
    """The picture as OpenCV's own copy of the decoder has it, unturned."""
    import cv2

    flags = cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
    found = cv2.imdecode(np.frombuffer(bytes(data), np.uint8), flags)
    assert found is not None
    return np.asarray(found[:, :, ::-1])


def without_jfif(data: bytearray) -> bytearray:
    at = data.find(b"\xff\xe0")
    length = struct.unpack_from(">H", data, at + 2)[0]
    return data[:at] + data[at + 2 + length :]


def renumbered(data: bytearray) -> bytearray:
    """With components 0, 1 and 2, as some programs count them."""
    frame, scan = frame_of(data), data.find(b"\xff\xda")
    for part in range(3):
        data[frame + 10 + 3 * part] = data[scan + 5 + 2 * part] = part
    return data


ODD = {
    "colours of a quarter": lambda: jpeg(subsampling="4:2:0"),
    "restart markers": lambda: jpeg(restart_marker_blocks=1),
    "restart markers, progressive": lambda: jpeg(restart_marker_rows=1, progressive=True),
    "fill bytes": lambda: bytearray(bytes(jpeg()).replace(b"\xff\xdb", b"\xff" * 7 + b"\xff\xdb", 1)),
    "bytes behind the end": lambda: jpeg() + b"PK\3\4" * 99,
    "no JFIF": lambda: without_jfif(jpeg()),
    "components from 0": lambda: renumbered(without_jfif(jpeg())),
}


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_jpeg_is_the_picture_that_another_decoder_shows(tmp_path: Path, kind: str) -> None:
    data = ODD[kind]()
    (tmp_path / "a.jpg").write_bytes(data)
    away = np.abs(read_photo(tmp_path / "a.jpg").pixels.astype(int) - decoded(data))
    assert away.max() <= 3


def test_a_profile_in_parts_that_are_out_of_order_is_whole(tmp_path: Path) -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    half = len(profile) // 2
    parts = [
        b"ICC_PROFILE\0" + bytes([number, 2]) + content
        for number, content in ((2, profile[half:]), (1, profile[:half]))
    ]
    segments = b"".join(b"\xff\xe2" + struct.pack(">H", len(part) + 2) + part for part in parts)
    data = jpeg()
    (tmp_path / "a.jpg").write_bytes(bytes(data[:2]) + segments + bytes(data[2:]))
    assert read_photo(tmp_path / "a.jpg").icc == profile


# -- moving pictures ----------------------------------------------------------------------------------


def test_the_first_picture_of_a_moving_webp_lies_where_it_belongs(tmp_path: Path) -> None:
    part = io.BytesIO()
    Image.fromarray(PIXELS[:10, :12]).save(part, "WEBP", lossless=True)
    place = b"".join(struct.pack("<I", number)[:3] for number in (4 // 2, 6 // 2, 12 - 1, 10 - 1, 100))
    frame = place + b"\0" + part.getvalue()[12:]
    canvas = b"".join(struct.pack("<I", number - 1)[:3] for number in (WIDTH, HEIGHT))
    inner = b"WEBPVP8X" + struct.pack("<I", 10) + bytes([0x12, 0, 0, 0]) + canvas
    inner += b"ANIM" + struct.pack("<I", 6) + bytes(6) + b"ANMF" + struct.pack("<I", len(frame)) + frame
    (tmp_path / "a.webp").write_bytes(b"RIFF" + struct.pack("<I", len(inner)) + inner)
    photo = read_photo(tmp_path / "a.webp")
    assert np.array_equal(photo.pixels[6:16, 4:16], PIXELS[:10, :12])
    assert photo.alpha is not None
    assert photo.alpha[6:16, 4:16].min() == 255
    assert int(photo.alpha.sum()) == 255 * 120
