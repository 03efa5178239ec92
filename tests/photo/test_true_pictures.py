"""What a file says of its colours and its transparency is what the photo has.

Oracles: the pixels that the file was made from, Pillow's littleCMS.
"""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms

from restorer.errors import PhotoError
from restorer.photo import Photo, profiles, read_photo, write_photo
from restorer.photo.edits import Straighten, applied
from restorer.photo.export import prepared

RNG = np.random.default_rng(11)
PIXELS = RNG.integers(0, 256, (20, 28, 3), dtype=np.uint8)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
LAB = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
P3 = profiles.of_codes(12, 13, 3)
GREY = profiles.of_gamma(1.8, None, 1)
assert P3 is not None
assert GREY is not None


def png(path: Path, *chunks: tuple[bytes, bytes], pixels: np.ndarray = PIXELS) -> Path:
    """A PNG with chunks behind its header."""
    plain = io.BytesIO()
    Image.fromarray(pixels).save(plain, "PNG")
    data = plain.getvalue()
    extra = b"".join(
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in chunks
    )
    path.write_bytes(data[:33] + extra + data[33:])
    return path


def seen(icc: bytes | None, colour: tuple[int, ...]) -> np.ndarray:
    """A colour in Lab, as littleCMS takes it through a profile."""
    mode = "L" if len(colour) == 1 else "RGB"
    image = Image.new(mode, (1, 1), colour if len(colour) > 1 else colour[0])
    profile = ImageCms.ImageCmsProfile(io.BytesIO(icc or SRGB))
    lab = ImageCms.profileToProfile(image, profile, ImageCms.createProfile("LAB"), outputMode="LAB")
    assert lab is not None
    values = np.array(lab)[0, 0].astype(np.int16)
    values[1:] = np.where(values[1:] > 127, values[1:] - 256, values[1:])
    return values


@pytest.mark.parametrize("top", [255, 257 * 255])
@pytest.mark.parametrize("compression", [None, "zlib"])
def test_a_tiff_colour_table_of_eight_bits_is_no_black_picture(
    tmp_path: Path, top: int, compression: str | None
) -> None:
    table = RNG.integers(0, 256, (3, 256)).astype(np.uint16)
    table[0, 0] = 255
    index = RNG.integers(0, 256, (12, 9), dtype=np.uint8)
    path = tmp_path / "table.tif"
    stored = table * np.uint16(top // 255)
    tifffile.imwrite(path, index, photometric="palette", colormap=stored, compression=compression)
    assert (read_photo(path).pixels == table.T[index]).all()


def bmp(path: Path, alpha: np.ndarray) -> Path:
    samples = np.dstack([PIXELS[:, :, ::-1], alpha])[::-1]
    head = struct.pack("<IiiHHIIiiII", 124, 28, 20, 1, 32, 3, samples.size, 2835, 2835, 0, 0)
    head += struct.pack("<4I", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    head = head.ljust(124, b"\0")
    path.write_bytes(b"BM" + struct.pack("<IHHI", 138 + samples.size, 0, 0, 138) + head + samples.tobytes())
    return path


def test_a_bmp_whose_alpha_is_nothing_but_zeros_is_opaque(tmp_path: Path) -> None:
    photo = read_photo(bmp(tmp_path / "zeros.bmp", np.zeros((20, 28), np.uint8)))
    assert photo.alpha is None
    assert (photo.pixels == PIXELS).all()


def test_the_profile_inside_a_bmp_is_kept(tmp_path: Path) -> None:
    path = bmp(tmp_path / "wide.bmp", np.full((20, 28), 255, np.uint8))
    data = bytearray(path.read_bytes())
    data[70:74] = b"DEBM"
    data[126:134] = struct.pack("<II", len(data) - 14, len(P3))
    path.write_bytes(data + P3)
    assert read_photo(path).icc == P3


def test_a_bmp_whose_alpha_varies_keeps_it(tmp_path: Path) -> None:
    alpha = RNG.integers(0, 256, (20, 28), dtype=np.uint8)
    assert (read_photo(bmp(tmp_path / "varied.bmp", alpha)).alpha == alpha).all()


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
@pytest.mark.parametrize(
    ("grey", "icc"),
    [
        (False, GREY),
        (False, LAB),
        (False, b"no profile at all" * 20),
        (False, SRGB[:200]),
        (False, SRGB[:12] + b"link" + SRGB[16:]),
        (True, SRGB),
        (True, LAB),
    ],
)
def test_a_profile_that_does_not_fit_its_pixels_is_left_out(
    tmp_path: Path, suffix: str, grey: bool, icc: bytes
) -> None:
    image = Image.fromarray(PIXELS[:, :, 0] if grey else PIXELS)
    image.save(tmp_path / f"in{suffix}", icc_profile=icc)
    if (suffix, grey, icc) != (".webp", True, SRGB):  # WebP makes grey RGB
        assert read_photo(tmp_path / f"in{suffix}").icc is None
    pasted = Photo(pixels=PIXELS[:, :, :1] if grey else PIXELS, icc=icc)
    write_photo(pasted, tmp_path / f"out{suffix}")
    with Image.open(tmp_path / f"out{suffix}") as written:
        assert "icc_profile" not in written.info


def test_a_profile_that_fits_is_kept_without_what_follows_it(tmp_path: Path) -> None:
    Image.fromarray(PIXELS).save(tmp_path / "wide.png", icc_profile=P3 + b"trailing")
    assert read_photo(tmp_path / "wide.png").icc == P3
    Image.fromarray(PIXELS[:, :, 0]).save(tmp_path / "grey.jpg", icc_profile=GREY)
    assert read_photo(tmp_path / "grey.jpg").icc == GREY


@pytest.mark.parametrize("transfer", [16, 18])
def test_an_hdr_png_is_refused_with_a_sentence(tmp_path: Path, transfer: int) -> None:
    with pytest.raises(PhotoError, match=r"hdr\.png is an HDR picture"):
        read_photo(png(tmp_path / "hdr.png", (b"cICP", bytes([9, transfer, 0, 1]))))


def test_a_png_in_the_range_of_a_video_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PhotoError, match="black and white of a video"):
        read_photo(png(tmp_path / "video.png", (b"cICP", bytes([1, 13, 0, 0]))))


def test_display_p3_told_by_a_number_is_kept_as_a_profile(tmp_path: Path) -> None:
    photo = read_photo(png(tmp_path / "p3.png", (b"cICP", bytes([12, 13, 0, 1]))))
    # sRGB's red has the coordinates 0.9175, 0.2003, 0.1387 in Display P3 (CSS Color 4, sample conversions).
    assert np.abs(seen(photo.icc, (234, 51, 35)) - seen(SRGB, (255, 0, 0))).max() <= 1
    assert np.abs(seen(photo.icc, (255, 255, 255)) - [255, 0, 0]).max() <= 1
    write_photo(photo, tmp_path / "out.webp")
    assert read_photo(tmp_path / "out.webp").icc == photo.icc


@pytest.mark.parametrize(
    "chunks",
    [
        [(b"cICP", bytes([1, 13, 0, 1])), (b"iCCP", b"x\0\0" + zlib.compress(P3))],
        [(b"sRGB", b"\0"), (b"gAMA", struct.pack(">I", 100_000))],
        [(b"gAMA", struct.pack(">I", 45_455))],
        [(b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000))],
        [(b"cHRM", bytes(32))],
        [(b"gAMA", bytes(4))],
        [(b"cICP", bytes([2, 2, 0, 1]))],
    ],
)
def test_what_means_srgb_becomes_no_profile(tmp_path: Path, chunks: list[tuple[bytes, bytes]]) -> None:
    assert read_photo(png(tmp_path / "usual.png", *chunks)).icc is None


def test_a_png_of_another_gamma_keeps_it_as_a_profile(tmp_path: Path) -> None:
    photo = read_photo(png(tmp_path / "linear.png", (b"gAMA", struct.pack(">I", 100_000))))
    # Linear 55 is sRGB's 0.4978 (IEC 61966-2-1).
    assert np.abs(seen(photo.icc, (55, 55, 55)) - seen(SRGB, (127, 127, 127))).max() <= 1
    grey = png(tmp_path / "grey.png", (b"gAMA", struct.pack(">I", 55_556)), pixels=PIXELS[:, :, 0])
    assert read_photo(grey).icc == GREY


def test_a_png_of_other_primaries_keeps_them_as_a_profile(tmp_path: Path) -> None:
    adobe = struct.pack(">8I", 31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000)
    photo = read_photo(png(tmp_path / "a.png", (b"gAMA", struct.pack(">I", 45_455)), (b"cHRM", adobe)))
    green = seen(photo.icc, (0, 255, 0))
    assert np.abs(green - seen(profiles.adobe_rgb(3), (0, 255, 0))).max() <= 1
    assert np.abs(green - seen(SRGB, (0, 255, 0))).max() > 20


@pytest.mark.parametrize("space", [2, 65535])
def test_adobe_rgb_that_only_exif_tells_is_kept_as_a_profile(tmp_path: Path, space: int) -> None:
    exif = Image.Exif()
    exif.get_ifd(34665)[40961] = space
    exif.get_ifd(34665)[40965] = {1: "R03"}
    Image.fromarray(PIXELS).save(tmp_path / "camera.jpg", exif=exif)
    assert read_photo(tmp_path / "camera.jpg").icc == profiles.adobe_rgb(3)


def test_srgb_that_exif_tells_needs_no_profile(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(34665)[40961] = 1
    exif.get_ifd(34665)[40965] = {1: "R98"}
    Image.fromarray(PIXELS).save(tmp_path / "camera.jpg", exif=exif)
    assert read_photo(tmp_path / "camera.jpg").icc is None


def disc(top: int = 255, soft: bool = True) -> Photo:
    """A cream disc on transparent black."""
    y, x = np.mgrid[:40, :40]
    inside = np.clip(15.5 - np.hypot(x - 19.5, y - 19.5), 0, 1)
    if not soft:
        inside = inside > 0.5
    dtype = np.uint8 if top == 255 else np.uint16
    alpha = np.rint(inside * top).astype(dtype)
    pixels = np.where(alpha[:, :, None] > 0, np.array([240, 225, 190]) * (top // 255), 0).astype(dtype)
    return Photo(pixels=pixels, alpha=alpha)


def bicubic(image: np.ndarray, times: int) -> np.ndarray:
    """What a network does with colours at an edge, at the least."""
    planes = [
        np.asarray(
            Image.fromarray(np.ascontiguousarray(image[:, :, c])).resize(
                (image.shape[1] * times, image.shape[0] * times), Image.Resampling.BICUBIC
            )
        )
        for c in range(3)
    ]
    return np.dstack(planes)


@pytest.mark.parametrize("top", [255, 65535])
@pytest.mark.parametrize("soft", [True, False])
def test_an_enlarged_disc_has_no_fringe_and_no_rings(top: int, soft: bool) -> None:
    photo = disc(top, soft)
    result = photo.with_float(bicubic(photo.to_float(), 4))
    assert result.alpha is not None
    assert photo.alpha is not None
    cover = result.alpha[:, :, None] / top
    on_white = result.pixels / (top / 255) * cover + 255 * (1 - cover)
    assert (on_white.min(axis=(0, 1)) >= np.array([240, 225, 190]) - 1).all()
    stretched = photo.alpha.repeat(4, 0).repeat(4, 1)
    assert (result.alpha[stretched == 0] == 0).all()
    assert (result.alpha[60:100, 60:100] == top).all()  # far inside
    assert abs(result.alpha.mean() / photo.alpha.mean() - 1) < 0.06


def test_what_can_be_seen_is_the_same_after_spreading() -> None:
    photo = disc()
    other = photo.spread()
    assert photo.alpha is not None
    assert (other.pixels[photo.alpha > 0] == photo.pixels[photo.alpha > 0]).all()
    assert np.abs(other.pixels.astype(int) - [240, 225, 190]).max() <= 1


def test_spreading_is_the_same_in_bands_and_takes_odd_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    pixels = RNG.integers(0, 256, (37, 23, 3), dtype=np.uint8)
    alpha = np.where(RNG.random((37, 23)) < 0.1, 255, 0).astype(np.uint8)
    whole = Photo(pixels=pixels, alpha=alpha).spread().pixels
    monkeypatch.setattr("restorer.photo.transparency._BAND", 8)
    assert (Photo(pixels=pixels, alpha=alpha).spread().pixels == whole).all()


def test_a_smaller_export_and_a_straightened_photo_have_no_fringe() -> None:
    for photo in (prepared(disc(), long_side=13), applied(disc(), (Straighten(7.0),))):
        assert photo.alpha is not None
        cover = photo.alpha[:, :, None] / 255
        on_white = photo.pixels * cover + 255 * (1 - cover)
        assert (on_white.min(axis=(0, 1)) >= np.array([240, 225, 190]) - 2).all()


def test_a_photo_that_is_wholly_clear_or_opaque_is_left_alone() -> None:
    for value in (0, 255):
        photo = Photo(pixels=PIXELS, alpha=np.full(PIXELS.shape[:2], value, np.uint8))
        assert photo.spread() is photo
