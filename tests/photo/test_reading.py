"""Reading: every format, mode and depth comes in as it is, upright. Oracles: Pillow, tifffile, OpenCV."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms, ImageOps
from skimage import color, data

from restorer.errors import PhotoError, ResultError
from restorer.opencv import opencv
from restorer.photo import (
    READ_SUFFIXES,
    WRITE_SUFFIXES,
    Photo,
    read_photo,
    read_provenance,
    read_size,
    write_photo,
)
from restorer.photo.formats.avif import AVIF_SUFFIXES
from restorer.photo.formats.heif import HEIC_SUFFIXES

ASTRONAUT = data.astronaut()[:90, 150:271]
DEEP = np.random.default_rng(0).integers(0, 65536, (37, 53, 4), dtype=np.uint16)


def png_with_chunk(data: bytes, name: bytes, body: bytes) -> bytes:
    """Put a chunk before the pixels."""
    at = data.index(b"IDAT") - 4
    return (
        data[:at]
        + struct.pack(">I", len(body))
        + name
        + body
        + struct.pack(">I", zlib.crc32(name + body))
        + data[at:]
    )


@pytest.mark.parametrize("suffix", ["png", "tif", "bmp"])
def test_lossless_formats_read_exactly(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(ASTRONAUT).save(path)
    photo = read_photo(path)
    assert np.array_equal(photo.pixels, ASTRONAUT)
    assert (photo.size, photo.grey, photo.bits, photo.alpha, photo.name) == (
        (121, 90),
        False,
        8,
        None,
        path.name,
    )


@pytest.mark.parametrize("suffix", ["jpg", "webp"])
def test_lossy_formats_read_as_pillow_reads_them(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(ASTRONAUT).save(path)
    with Image.open(path) as oracle:
        assert np.array_equal(read_photo(str(path)).pixels, np.asarray(oracle))


def test_the_type_is_told_by_content_not_by_suffix(tmp_path: Path) -> None:
    path = tmp_path / "really a jpeg.png"
    Image.fromarray(ASTRONAUT).save(path, "JPEG")
    assert read_photo(path).size == (121, 90)


@pytest.mark.parametrize("name", ["Großmutter 1950.png", "祖母の写真.png", "бабушка.png", "सेल्फ़ी 🖼.png"])
def test_names_of_any_script_work_even_for_16_bits(tmp_path: Path, name: str) -> None:
    photo = Photo(DEEP[:, :, :3])
    assert np.array_equal(read_photo(write_photo(photo, tmp_path / name)).pixels, photo.pixels)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "tif", "webp"])
def test_orientation_is_applied_and_reset(tmp_path: Path, suffix: str, orientation: int) -> None:
    path = tmp_path / f"a.{suffix}"
    exif = Image.Exif()
    exif[274] = orientation
    exif[271] = "Maker"
    extra = {"lossless": True} if suffix == "webp" else {}
    Image.fromarray(ASTRONAUT[:21, :34]).save(path, exif=exif, **extra)
    with Image.open(path) as image:
        upright = np.asarray(ImageOps.exif_transpose(image))
    photo = read_photo(path)
    assert np.array_equal(photo.pixels, upright)
    assert photo.exif is not None
    again = Image.Exif()
    again.load(photo.exif)
    assert (again[274], again[271]) == (1, "Maker")
    write_photo(photo, path)
    with Image.open(path) as image:
        assert image.getexif()[274] == 1
        assert image.size == photo.size


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("tile", [None, (16, 16)])  # strips are decoded by us, tiles by OpenCV
def test_orientation_is_applied_to_16_bit_tiff(
    tmp_path: Path, tile: tuple[int, int] | None, orientation: int
) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(
        path,
        DEEP,
        photometric="rgb",
        extrasamples=["unassalpha"],
        tile=tile,
        extratags=[(274, "H", 1, orientation, True)],
    )
    halves = []
    for half in (DEEP >> 8, DEEP & 255):  # Pillow turns eight bits at a time
        image = Image.fromarray(half.astype(np.uint8))
        image.getexif()[274] = orientation
        halves.append(np.asarray(ImageOps.exif_transpose(image)).astype(np.uint16))
    photo = read_photo(path)
    assert photo.alpha is not None
    assert np.array_equal(np.dstack([photo.pixels, photo.alpha]), halves[0] << 8 | halves[1])


def test_an_orientation_stated_in_xmp_alone_is_applied_and_reset(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    packet = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/>'
        b"</rdf:RDF></x:xmpmeta>"
    )
    body = io.BytesIO()
    Image.fromarray(ASTRONAUT).save(body, "PNG")
    path.write_bytes(png_with_chunk(body.getvalue(), b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet))
    photo = read_photo(path)
    assert np.array_equal(photo.pixels, np.rot90(ASTRONAUT, -1))
    assert np.array_equal(read_photo(write_photo(photo, tmp_path / "b.png")).pixels, photo.pixels)


@pytest.mark.parametrize("mode", ["1", "L", "LA"])
@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_grey_stays_grey(tmp_path: Path, mode: str, suffix: str) -> None:
    image = Image.fromarray(ASTRONAUT).convert("L" if mode == "LA" else mode)
    grey = np.asarray(image.convert("L"))
    if mode == "LA":
        image.putalpha(Image.fromarray(ASTRONAUT[:, :, 1]))
    path = tmp_path / f"a.{suffix}"
    image.save(path)
    photo = read_photo(path)
    assert photo.grey
    assert np.array_equal(photo.pixels[:, :, 0], grey)
    assert (photo.alpha is not None) == (mode == "LA")
    if photo.alpha is not None:
        assert np.array_equal(photo.alpha, ASTRONAUT[:, :, 1])
    floats = photo.to_float()
    assert floats.shape == (90, 121, 3)
    assert photo.with_float(floats).grey


def test_a_grey_jpeg_and_a_grey_palette_are_grey(tmp_path: Path) -> None:
    grey = Image.fromarray(ASTRONAUT).convert("L")
    grey.save(tmp_path / "a.jpg")
    palette = Image.frombytes("P", grey.size, grey.tobytes())
    palette.putpalette(bytes(np.repeat(np.arange(256, dtype=np.uint8), 3)))
    palette.save(tmp_path / "a.png")
    assert read_photo(tmp_path / "a.jpg").grey
    photo = read_photo(tmp_path / "a.png")
    assert photo.grey
    assert np.array_equal(photo.pixels[:, :, 0], np.asarray(grey))


def test_a_palette_becomes_rgb_and_with_transparency_rgba(tmp_path: Path) -> None:
    palette = Image.fromarray(ASTRONAUT).quantize(16)
    palette.save(tmp_path / "opaque.png")
    palette.save(tmp_path / "clear.png", transparency=3)
    opaque, clear = read_photo(tmp_path / "opaque.png"), read_photo(tmp_path / "clear.png")
    assert np.array_equal(opaque.pixels, np.asarray(palette.convert("RGB")))
    assert opaque.alpha is None
    assert clear.alpha is not None
    assert np.array_equal(clear.alpha == 0, np.asarray(palette) == 3)


def test_rgba_keeps_its_alpha_apart(tmp_path: Path) -> None:
    rgba = np.dstack([ASTRONAUT, ASTRONAUT[:, :, 0]])
    for name in ("a.png", "a.tif"):
        Image.fromarray(rgba).save(tmp_path / name)
        photo = read_photo(tmp_path / name)
        assert photo.alpha is not None
        assert np.array_equal(np.dstack([photo.pixels, photo.alpha]), rgba)


def test_cmyk_and_lab_become_rgb_without_a_profile(tmp_path: Path) -> None:
    Image.fromarray(ASTRONAUT).convert("CMYK").save(tmp_path / "cmyk.tif", icc_profile=None)
    photo = read_photo(tmp_path / "cmyk.tif")
    assert np.abs(photo.pixels.astype(int) - ASTRONAUT).max() <= 1
    assert photo.icc is None
    lab = np.zeros((4, 5, 3))
    lab[..., 0] = np.linspace(5, 95, 20).reshape(4, 5)
    stored = np.zeros((4, 5, 3), np.uint8)
    stored[..., 0] = np.round(lab[..., 0] * 2.55)
    tifffile.imwrite(tmp_path / "lab.tif", stored, photometric="cielab")
    expected = color.lab2rgb(lab) * 255  # the grey axis, where white points do not matter
    assert np.abs(read_photo(tmp_path / "lab.tif").pixels - expected).max() < 3


def test_of_several_frames_or_pages_the_first_is_read(tmp_path: Path) -> None:
    frames = [Image.fromarray(np.full((8, 9, 3), value, np.uint8)) for value in (10, 200)]
    for name in ("a.webp", "a.png", "a.tif"):
        extra = {"lossless": True} if name == "a.webp" else {}
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:], **extra)
        assert (read_photo(tmp_path / name).pixels == 10).all()


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("suffix", ["png", "tiff"])
def test_16_bit_files_of_opencv_read_exactly(tmp_path: Path, channels: int, suffix: str) -> None:
    cv2 = opencv()
    order = [2, 1, 0, 3][:channels] if channels > 1 else [0]
    ok, encoded = cv2.imencode(f".{suffix}", np.ascontiguousarray(DEEP[:, :, order]))
    assert ok
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(encoded.tobytes())
    photo = read_photo(path)
    assert photo.bits == 16
    samples = photo.pixels if photo.alpha is None else np.dstack([photo.pixels, photo.alpha])
    assert np.array_equal(samples, DEEP[:, :, :channels])


@pytest.mark.parametrize("byteorder", ["<", ">"])
@pytest.mark.parametrize("bigtiff", [False, True])
@pytest.mark.parametrize(
    ("shape", "options"),
    [
        ((37, 53), {"photometric": "minisblack"}),
        ((37, 53, 2), {"photometric": "minisblack", "extrasamples": ["unassalpha"]}),
        ((37, 53, 3), {"photometric": "rgb", "compression": "zlib"}),
        ((37, 53, 4), {"photometric": "rgb", "extrasamples": ["unassalpha"], "rowsperstrip": 5}),
        ((37, 53, 3), {"photometric": "rgb", "compression": "zlib", "predictor": True}),
        ((37, 53, 3), {"photometric": "rgb", "planarconfig": "separate"}),
    ],
    ids=["grey", "grey-alpha", "rgb-deflate", "rgba-strips", "predictor", "planes"],
)
def test_16_bit_tiffs_of_every_layout_read_exactly(
    tmp_path: Path, shape: tuple[int, ...], options: dict[str, object], byteorder: str, bigtiff: bool
) -> None:
    samples = DEEP[:, :, : shape[2]] if len(shape) == 3 else DEEP[:, :, 0]
    stored = np.moveaxis(samples, 2, 0) if options.get("planarconfig") else samples
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, stored, byteorder=byteorder, bigtiff=bigtiff, resolution=(300, 200), **options)
    photo = read_photo(path)
    found = photo.pixels if photo.alpha is None else np.dstack([photo.pixels, photo.alpha])
    assert found.dtype == np.uint16
    assert np.array_equal(found.reshape(samples.shape), samples)
    assert photo.dpi == (300, 200)


def test_white_is_zero_and_multiplied_alpha_are_undone_in_16_bits(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "white.tif", DEEP[:, :, 0], photometric="miniswhite")
    assert np.array_equal(read_photo(tmp_path / "white.tif").pixels[:, :, 0], 65535 - DEEP[:, :, 0])
    alpha = np.maximum(DEEP[:, :, 3], 30000)
    multiplied = np.round(DEEP[:, :, :3].astype(float) * alpha[:, :, None] / 65535).astype(np.uint16)
    tifffile.imwrite(
        tmp_path / "a.tif", np.dstack([multiplied, alpha]), photometric="rgb", extrasamples=["assocalpha"]
    )
    photo = read_photo(tmp_path / "a.tif")
    assert np.abs(photo.pixels.astype(int) - DEEP[:, :, :3]).max() <= 2


def test_a_transparent_colour_in_a_16_bit_png_becomes_alpha(tmp_path: Path) -> None:
    for channels in (1, 3):
        path = write_photo(Photo(DEEP[:, :, :channels]), tmp_path / "a.png")
        colour = DEEP[3, 4, :channels].astype(">u2").tobytes()
        path.write_bytes(png_with_chunk(path.read_bytes(), b"tRNS", colour))
        photo = read_photo(path)
        assert photo.alpha is not None
        assert photo.alpha[3, 4] == 0
        assert np.count_nonzero(photo.alpha == 0) == np.count_nonzero(
            (DEEP[:, :, :channels] == DEEP[3, 4, :channels]).all(axis=2)
        )
        assert np.array_equal(photo.pixels, DEEP[:, :, :channels])


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [1, 3])
def test_floats_there_and_back_are_exact(dtype: type, channels: int) -> None:
    top = np.iinfo(dtype).max
    ramp = np.arange(0, top + 1, 1 if top == 255 else 5).astype(dtype)
    photo = Photo(np.repeat(ramp[None, :, None], channels, axis=2))
    floats = photo.to_float()
    assert (floats.dtype, floats.min(), floats.max()) == (np.float32, -1, 1)
    assert np.array_equal(photo.with_float(floats).pixels, photo.pixels)


def test_values_beyond_the_range_are_clipped_and_grey_is_the_mean() -> None:
    image = np.array([[[-1.5, 0.0, 1.5], [1.0, 1.0, 4.0]]], np.float32)
    colour = Photo(np.zeros((1, 1, 3), np.uint8)).with_float(image)
    assert colour.pixels.tolist() == [[[0, 128, 255], [255, 255, 255]]]
    assert Photo(np.zeros((1, 1, 1), np.uint8)).with_float(image).pixels.tolist() == [[[128], [255]]]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_none_are_an_error(value: float) -> None:
    image = np.zeros((600, 4, 3), np.float32)
    image[590, 2, 1] = value
    photo = Photo(np.zeros((2, 2, 3), np.uint8), path=Path("grandma.png"))
    with pytest.raises(ResultError, match=r"grandma\.png"):
        photo.with_float(image)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_alpha_is_resized_with_the_picture_and_opaque_stays_opaque(dtype: type) -> None:
    top = np.iinfo(dtype).max
    edge = np.full((20, 30), top, dtype)
    edge[:, :15] = 0
    photo = Photo(np.zeros((20, 30, 3), dtype), edge)
    big = photo.with_float(np.zeros((80, 120, 3), np.float32))
    assert big.alpha is not None
    assert (big.alpha.shape, big.alpha.dtype) == ((80, 120), dtype)
    assert (big.alpha[:, :50] == 0).all()
    assert (big.alpha[:, 70:] == top).all()
    small = photo.with_float(np.zeros((10, 15, 3), np.float32))
    assert small.alpha is not None
    assert small.alpha[0, 7] == pytest.approx(top / 2, abs=1)  # by area: half covered
    ramp = Photo(np.zeros((1, 4, 3), dtype), np.array([[0, top // 3, top // 3 * 2, top]], dtype))
    smooth = ramp.with_float(np.zeros((4, 16, 3), np.float32)).alpha
    assert smooth is not None
    assert len(np.unique(smooth[0])) > 8  # Lanczos, not blocks
    opaque = Photo(np.zeros((3, 4, 3), dtype), np.full((3, 4), top, dtype))
    enlarged = opaque.with_float(np.zeros((13, 17, 3), np.float32))
    assert enlarged.alpha is not None
    assert (enlarged.alpha == top).all()


def test_a_photo_refuses_arrays_of_another_kind() -> None:
    for pixels in (
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((4, 4, 3), np.float32),
    ):
        with pytest.raises(ValueError, match="pixels"):
            Photo(pixels)
    with pytest.raises(ValueError, match="alpha"):
        Photo(np.zeros((4, 4, 3), np.uint8), np.zeros((4, 5), np.uint8))


def test_what_can_be_read_can_be_written() -> None:
    assert set(READ_SUFFIXES) - {*HEIC_SUFFIXES, *AVIF_SUFFIXES} == set(WRITE_SUFFIXES)


def test_a_large_profile_survives_in_a_png(tmp_path: Path) -> None:
    """Those of scanners have tables; Pillow alone stops at a mebibyte."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    large = profile + np.random.default_rng(0).bytes(2 * 2**20)
    large = struct.pack(">I", len(large)) + large[4:]
    write_photo(Photo(np.full((8, 8, 3), 90, np.uint8), icc=large), tmp_path / "a.png")
    assert read_photo(tmp_path / "a.png").icc == large


@pytest.mark.parametrize("suffix", ["png", "jpg", "tif"])
def test_provenance_is_read_from_results_larger_than_photos_may_be(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"a.{suffix}"
    write_photo(Photo(np.zeros((40, 50, 3), np.uint8)), path, provenance={"Seed": 3})
    monkeypatch.setattr("restorer.photo.reading.MAX_PIXELS", 1000)
    assert read_provenance(path)["Seed"] == "3"
    with pytest.raises(PhotoError, match="too large"):
        read_photo(path)
    if suffix != "tif":
        with pytest.raises(PhotoError, match="too large"):
            read_size(path)
    assert read_size(path, any_size=True) == (50, 40)
