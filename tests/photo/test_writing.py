"""Writing: what was in the photo is in the file, and a file is complete or not there at all."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from restorer.errors import PhotoError
from restorer.opencv import opencv
from restorer.photo import WRITE_SUFFIXES, Photo, read_photo, write_photo

ROOT = Path(__file__).resolve().parents[2]
DEEP = np.random.default_rng(1).integers(0, 65536, (37, 53, 4), dtype=np.uint16)
DEEP[:, :, 1] = np.arange(53) * 900  # a ramp, so that every PNG filter is the best somewhere
SHALLOW = (DEEP >> 8).astype(np.uint8)


def sample(channels: int, deep: bool) -> tuple[Photo, np.ndarray]:
    samples = (DEEP if deep else SHALLOW)[:, :, :channels]
    colours = 3 if channels > 2 else 1
    alpha = samples[:, :, colours] if channels > colours else None
    return Photo(samples[:, :, :colours], alpha), samples


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_lossless_round_trip_is_exact(tmp_path: Path, suffix: str, channels: int, deep: bool) -> None:
    photo, _ = sample(channels, deep)
    again = read_photo(write_photo(photo, tmp_path / f"a{suffix}"))
    assert np.array_equal(again.pixels, photo.pixels)
    assert again.bits == photo.bits
    assert (again.alpha is None) == (photo.alpha is None)
    if photo.alpha is not None:
        assert np.array_equal(again.alpha, photo.alpha)


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_tifffile_reads_our_tiff(tmp_path: Path, channels: int, deep: bool) -> None:
    photo, samples = sample(channels, deep)
    found = tifffile.imread(write_photo(photo, tmp_path / "a.tif"))
    assert np.array_equal(found.reshape(samples.shape), samples)


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_opencv_reads_our_png(tmp_path: Path, channels: int, deep: bool) -> None:
    photo, samples = sample(channels, deep)
    path = write_photo(photo, tmp_path / "a.png")
    cv2 = opencv()
    found = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    found = found.reshape(*samples.shape[:2], -1)
    order = {1: [0], 2: [0, 3], 3: [2, 1, 0], 4: [2, 1, 0, 3]}[channels]  # OpenCV spreads grey with alpha
    assert np.array_equal(found[:, :, order], samples)
    with Image.open(path) as image:
        image.load()
        assert image.size == photo.size


def test_one_pixel_and_many_strips_survive(tmp_path: Path) -> None:
    tall = np.random.default_rng(2).integers(0, 256, (3000, 500, 3), dtype=np.uint8)
    for pixels in (tall[:1, :1], tall):
        for suffix in (".png", ".tif"):
            path = write_photo(Photo(pixels), tmp_path / f"a{suffix}")
            with Image.open(path) as image:
                assert np.array_equal(np.asarray(image), pixels)


def test_depth_is_kept_where_the_format_can_and_changed_on_request(tmp_path: Path) -> None:
    deep, shallow = Photo(DEEP[:, :, :3]), Photo(SHALLOW[:, :, :3])
    for suffix in WRITE_SUFFIXES:
        expected = 16 if suffix in (".png", ".tif", ".tiff") else 8
        assert read_photo(write_photo(deep, tmp_path / f"a{suffix}")).bits == expected
    narrowed = read_photo(write_photo(deep, tmp_path / "8.png", bits=8))
    assert np.array_equal(narrowed.pixels, np.round(DEEP[:, :, :3] / 257).astype(np.uint8))
    for suffix in (".png", ".tif"):
        widened = read_photo(write_photo(shallow, tmp_path / f"16{suffix}", bits=16))
        assert np.array_equal(widened.pixels, SHALLOW[:, :, :3].astype(np.uint16) * 257)


@pytest.mark.parametrize("suffix", [".jpg", ".webp", ".bmp"])
def test_16_bits_in_a_format_of_8_are_refused(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(PhotoError, match=r"16 bits.*PNG or TIFF"):
        write_photo(Photo(DEEP[:, :, :3]), tmp_path / f"a{suffix}", bits=16)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", [".jpg", ".bmp"])
def test_alpha_is_laid_onto_white_where_the_format_has_none(tmp_path: Path, suffix: str) -> None:
    pixels = np.zeros((32, 32, 3), np.uint8)
    alpha = np.full((32, 32), 255, np.uint8)
    alpha[:16] = 0
    photo = read_photo(write_photo(Photo(pixels, alpha), tmp_path / f"a{suffix}"))
    assert photo.alpha is None
    assert photo.pixels[:8].min() > 250
    assert photo.pixels[24:].max() < 5


def test_webp_keeps_alpha_and_quality_100_is_lossless(tmp_path: Path) -> None:
    photo = Photo(SHALLOW[:, :, :3], SHALLOW[:, :, 3])
    again = read_photo(write_photo(photo, tmp_path / "a.webp", quality=100))
    assert np.array_equal(again.pixels, photo.pixels)
    assert np.array_equal(again.alpha, photo.alpha)


def test_quality_decides_the_size_of_a_jpeg(tmp_path: Path) -> None:
    photo = Photo(SHALLOW[:, :, :3])
    sizes = [write_photo(photo, tmp_path / f"{q}.jpg", quality=q).stat().st_size for q in (30, 80, 95)]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[2] / 2


@pytest.mark.parametrize(("suffix", "side"), [(".jpg", 65501), (".webp", 16384)])
def test_too_many_pixels_for_the_format_is_a_sentence(tmp_path: Path, suffix: str, side: int) -> None:
    with pytest.raises(PhotoError, match="pixels a side"):
        write_photo(Photo(np.zeros((1, side, 3), np.uint8)), tmp_path / f"a{suffix}")


def test_an_existing_file_is_replaced_and_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_photo(Photo(SHALLOW[:, :, :3]), path)
    assert read_photo(path).size == (53, 37)
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_has_the_permissions_that_any_program_gives(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.touch()
    path = write_photo(Photo(SHALLOW[:, :, :3]), tmp_path / "a.png")
    assert path.stat().st_mode == plain.stat().st_mode


def test_a_link_is_replaced_and_what_is_behind_it_is_not(tmp_path: Path) -> None:
    private, photo = tmp_path / "private.txt", Photo(SHALLOW[:, :, :3])
    private.write_bytes(b"mine")
    private.chmod(0o400)
    for name, behind in (("a.png", private), ("b.png", tmp_path / "nowhere.png")):
        link = tmp_path / name
        link.symlink_to(behind)
        with pytest.raises(PhotoError, match="exists already"):
            write_photo(photo, link, overwrite=False)
        assert link.is_symlink()
        write_photo(photo, link)
        assert not link.is_symlink()
        assert read_photo(link).size == (53, 37)
    assert private.read_bytes() == b"mine"
    assert not (tmp_path / "nowhere.png").exists()


@pytest.mark.skipif(os.name == "nt", reason="files inherit their folder's permissions there")
@pytest.mark.parametrize(
    ("source", "result"), [(0o600, 0o600), (0o640, 0o640), (0o400, 0o600), (0o777, 0o644)]
)
def test_a_result_can_be_read_by_no_more_people_than_its_photo(
    tmp_path: Path, source: int, result: int
) -> None:
    path = write_photo(Photo(SHALLOW[:, :, :3]), tmp_path / "photo.png")
    path.chmod(source)
    before = os.umask(0o022)
    try:
        made = write_photo(read_photo(path), tmp_path / "result.png")
        assert made.stat().st_mode & 0o777 == result
        made.chmod(0o666)
        write_photo(read_photo(path), made)
        assert made.stat().st_mode & 0o777 & ~source & 0o077 == 0
    finally:
        os.umask(before)


def test_a_result_comes_to_lie_below_its_folder_or_nowhere(tmp_path: Path) -> None:
    out, elsewhere, photo = tmp_path / "out", tmp_path / "elsewhere", Photo(SHALLOW[:, :, :3])
    out.mkdir()
    elsewhere.mkdir()
    (out / "shelf").symlink_to(elsewhere)
    real = out.resolve()
    for name in ("shelf/a.png", "../a.png"):
        with pytest.raises(PhotoError, match=r"leads out of .* by a link"):
            write_photo(photo, out / name, below=real)
    write_photo(photo, out / "a.png", below=real)
    assert sorted(path.name for path in tmp_path.rglob("*.png")) == ["a.png"]
    (tmp_path / "album").symlink_to(out)  # a link that the person named is theirs
    write_photo(photo, tmp_path / "album" / "b.png", below=real)


def test_without_overwrite_an_existing_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"old")
    with pytest.raises(PhotoError, match=r"a\.png exists already"):
        write_photo(Photo(SHALLOW[:, :, :3]), path, overwrite=False)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("links", [True, False])
def test_of_many_writers_without_overwrite_exactly_one_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:  # a disk without hard links, such as FAT

        def refuse(*_: object) -> None:
            raise OSError(errno.EPERM, "no links here")

        monkeypatch.setattr(os, "link", refuse)
    path = tmp_path / "a.png"
    ready = threading.Barrier(6)
    outcomes: list[str] = []

    def write(value: int) -> None:
        photo = Photo(np.full((8, 8, 3), value, np.uint8))
        ready.wait()
        try:
            write_photo(photo, path, overwrite=False)
            outcomes.append(str(value))
        except PhotoError as error:
            outcomes.append(str(error))

    threads = [threading.Thread(target=write, args=(value,)) for value in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [text for text in outcomes if text.isdigit()]
    assert len(winners) == 1
    assert all("exists already" in text for text in outcomes if not text.isdigit())
    assert (read_photo(path).pixels == int(winners[0])).all()
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["missing/a.png", "a.gif", "a", "folder.png", "a\0.png"])
def test_a_target_that_cannot_be_is_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(PhotoError, match=r"(a|folder)[^/]* cannot be saved|is a folder"):
        write_photo(Photo(SHALLOW[:, :, :3]), tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.png"]


def test_a_name_that_is_too_long_is_a_sentence_and_one_that_just_fits_works(tmp_path: Path) -> None:
    write_photo(Photo(SHALLOW[:, :, :3]), tmp_path / ("n" * 251 + ".png"))
    with pytest.raises(PhotoError, match="too long"):
        write_photo(Photo(SHALLOW[:, :, :3]), tmp_path / ("n" * 252 + ".png"))


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp", ".bmp"])
def test_a_disk_that_fills_up_leaves_the_old_file_and_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PhotoError, match=r"disk .* is full"):
        write_photo(Photo(SHALLOW[:, :, :3]), path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


IN_CHILD = """
import os, sys
sys.path.insert(0, {root!r})
import numpy as np
from restorer.errors import PhotoError
from restorer.photo import Photo, read_photo, write_photo
import restorer.opencv; restorer.opencv.opencv()
photo = Photo(np.random.default_rng(0).integers(0, 256, (200, 200, 3), dtype=np.uint8))
def attempt(action):
    try:
        action(); print("done")
    except PhotoError as error:
        print(error)
"""


def in_child(code: str) -> list[str]:
    run = subprocess.run(
        [sys.executable, "-c", IN_CHILD.format(root=str(ROOT)) + code],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_file_that_may_not_grow_is_a_sentence_and_leaves_no_rest(tmp_path: Path) -> None:
    lines = in_child(
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))\n"
        f"os.chdir({str(tmp_path)!r})\n"
        "for name in ('a.png', 'a.jpg', 'a.tif', 'a.webp', 'a.bmp'):\n"
        "    attempt(lambda: write_photo(photo, name))\n"
    )
    assert len(lines) == 5
    assert all("larger than this disk allows" in line for line in lines)
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of folders are another matter there")
def test_a_read_only_folder_file_and_an_unreadable_photo_are_sentences() -> None:
    with tempfile.TemporaryDirectory() as name:  # not tmp_path, which nobody else may enter
        top = Path(name)
        top.chmod(0o755)
        for folder, mode in (("open", 0o777), ("closed", 0o555)):
            (top / folder).mkdir()
            (top / folder).chmod(mode)
        for file, mode in (("secret.png", 0o000), ("keep.png", 0o444)):
            write_photo(Photo(SHALLOW[:, :, :3]), top / "open" / file)
            (top / "open" / file).chmod(mode)
        lines = in_child(  # root ignores permissions, so the child steps down
            "if os.getuid() == 0: os.setgid(65534); os.setuid(65534)\n"
            f"os.chdir({name!r})\n"
            "attempt(lambda: write_photo(photo, 'closed/a.png'))\n"
            "attempt(lambda: write_photo(photo, 'open/keep.png'))\n"
            "attempt(lambda: read_photo('open/secret.png'))\n"
            "attempt(lambda: write_photo(photo, 'open/a.png'))\n"
        )
        assert ["read-only" in lines[0], "read-only" in lines[1], "may not be read" in lines[2]] == [True] * 3
        assert lines[3:] == ["done"]
        assert sorted(path.name for path in (top / "open").iterdir()) == ["a.png", "keep.png", "secret.png"]
        assert not list((top / "closed").iterdir())


def test_what_a_killed_process_left_goes_with_the_next_save(tmp_path: Path) -> None:
    left = tmp_path / ".restorer-0123456789abcdef.tmp"
    left.write_bytes(b"half a pict")
    os.utime(left, (1, 1))
    write_photo(Photo(np.zeros((4, 4, 3), np.uint8)), tmp_path / "a.png")
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
