"""Photos made to harm: what one of them takes, in memory and in time, stands in proportion to its file, and
whatever it does is its own sentence."""

from __future__ import annotations

import os
import random
import struct
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from benchmarks import hostile, hostile_blocks, hostile_newer, hostile_pixels, hostile_state
from benchmarks.fuzz import MOST_BYTES, MOST_SECONDS, Kind, made, read_all
from restorer.batch.find_photos import Found, find
from restorer.errors import PhotoError
from restorer.photo import count_pages, export, read_photo, read_provenance, read_size, write_photo
from restorer.photo import reading as module
from restorer.photo.metadata import stale
from restorer.photo.metadata import xmp as packets
from restorer.photo.reading import opened, read_sizes
from restorer.preferences import Metadata

READERS: list[Callable[[Path], Any]] = [read_photo, read_provenance, read_size, read_sizes, count_pages]


@contextmanager
def at_most(mebibytes: float, seconds: float) -> Iterator[None]:
    """What happens inside takes no more, of the processor's time; Python's own memory is counted, which is
    where fields are kept."""
    tracemalloc.start()
    start = time.process_time()
    try:
        yield
        spent, peak = time.process_time() - start, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert spent < seconds
    assert peak < mebibytes * 2**20


def put(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_every_kind_of_hostile_photo_is_a_picture_or_a_sentence(tmp_path: Path) -> None:
    outcome = read_all(made(hostile.PHOTOS, len(hostile.PHOTOS), seed=2), tmp_path)
    assert outcome.wrong == []
    assert outcome.pictures > 3
    assert outcome.sentences > 3
    assert outcome.slowest <= MOST_SECONDS
    assert outcome.memory <= MOST_BYTES


def test_fields_that_name_the_same_bytes_are_refused_in_little_memory(tmp_path: Path) -> None:
    path = put(tmp_path / "same.tif", hostile.same_bytes(3000))
    for read in (read_photo, read_size, read_provenance):
        with at_most(4, 2), pytest.raises(PhotoError, match=r"same\.tif is damaged"):
            read(path)


def test_an_exif_block_that_names_the_same_bytes_is_left_out(tmp_path: Path) -> None:
    block, whole = hostile.same_bytes(3000), hostile.jpeg()
    made = whole[:2] + hostile.segment(0xE1, b"Exif\0\0" + block) + whole[2:]
    for path in (
        put(tmp_path / "a.jpg", made),
        put(tmp_path / "a.png", hostile.png((b"eXIf", block))),
    ):
        with at_most(8, 2):
            assert read_photo(path).exif is None


@pytest.mark.parametrize("large", [60, 30_000])
@pytest.mark.parametrize("first", [True, False])
def test_a_size_that_is_there_twice_is_refused(tmp_path: Path, large: int, first: bool) -> None:
    again = [(256, hostile.LONG, 1, large), (257, hostile.LONG, 1, large)]
    entries = hostile.grey(8, 8, 64)
    made = hostile.tiff([*again, *entries] if first else [*entries, *again], bytes(200))
    with at_most(4, 2), pytest.raises(PhotoError, match="is damaged"):
        read_photo(put(tmp_path / "two.tif", made))


def test_strips_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    data = bytes(40_000)
    offsets, counts = struct.pack("<I", 8) * 400, struct.pack("<I", len(data)) * 400
    entries = {each[0]: each for each in hostile.grey(100, 400, 0, t278=1)}
    entries[273] = (273, hostile.LONG, 400, 8 + len(data))
    entries[279] = (279, hostile.LONG, 400, 8 + len(data) + len(offsets))
    made = hostile.tiff([entries[tag] for tag in sorted(entries)], data + offsets + counts)
    with pytest.raises(PhotoError, match="is damaged"):
        read_photo(put(tmp_path / "shared.tif", made))


def test_a_picture_out_of_proportion_to_its_file_is_refused_from_its_header(tmp_path: Path) -> None:
    for suffix, content in (
        hostile.empty_picture(random.Random(1)),
        ("tif", hostile.tiff(hostile.grey(15_000, 15_000, 100, t258=16, t259=8, t277=4), bytes(100))),
    ):
        with at_most(4, 2), pytest.raises(PhotoError, match="bytes are too few for such a photo"):
            read_photo(put(tmp_path / f"blank.{suffix}", content))


def test_lab_of_one_colour_is_refused_from_its_header(tmp_path: Path) -> None:
    fields = hostile.grey(8192, 13_000, 900_000, t277=3, t258=8, t262=9, t259=8)
    with at_most(4, 2), pytest.raises(PhotoError, match="bytes are too few for such a photo"):
        read_photo(put(tmp_path / "lab.tif", hostile.tiff(fields, bytes(900_000))))


def test_a_palette_of_a_quarter_of_a_gigabyte_becomes_colours_in_bands(tmp_path: Path) -> None:
    side = 15_000
    head = struct.pack("<IiiHHIIiiII", 40, side, side, 1, 4, 2, 0, 2835, 2835, 16, 0)
    body = head + bytes(range(64)) + b"\0\2\0\xfa" * (side // 250) + b"\0\1"  # jumps down, by 250 rows each
    content = b"BM" + struct.pack("<IHHI", 14 + len(body), 0, 0, 14 + 40 + 64) + body
    outcome = read_all([("blank.bmp", content)], tmp_path)
    assert (outcome.pictures, outcome.wrong) == (1, [])
    assert outcome.memory < 1.5 * 2**30


def test_four_hundred_pages_are_listed_in_one_go(tmp_path: Path) -> None:
    for suffix, content in (hostile.many_pages(random.Random(seed)) for seed in (0, 1)):
        path = put(tmp_path / f"pages.{suffix}", content)
        with at_most(16, 4):
            found = [one for one in find([path]) if isinstance(one, Found)]
        assert len(found) in (1, 400)
        assert [one.page for one in found] in ([0], list(range(1, 401)))


def test_a_jpeg_of_thousands_of_scans_or_segments_is_refused_and_an_honest_one_is_not(tmp_path: Path) -> None:
    whole = hostile.jpeg(Image.new("RGB", (640, 480), "grey"), progressive=True)
    assert read_photo(put(tmp_path / "honest.jpg", whole)).size == (640, 480)
    scan = hostile.segment(0xDA, bytes([1, 1, 0, 0, 0, 0x10])) + b"\0"
    start = time.process_time()
    for middle in (scan * 5000, hostile.segment(0xFE, b"\xff\xd9") + scan * 5000):
        with pytest.raises(PhotoError, match="is damaged"):
            read_photo(put(tmp_path / "scans.jpg", whole[:-2] + middle + whole[-2:]))
    for read in (read_photo, read_size):
        with pytest.raises(PhotoError, match="is damaged"):
            read(put(tmp_path / "segments.jpg", whole[:2] + hostile.segment(0xFE, b"") * 5000 + whole[2:]))
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    "content",
    [
        hostile.packet("<rdf:a>" * 970 + "</rdf:a>" * 970),
        hostile.packet("<rdf:a/>" * 300_000),
        hostile.packet("<![CDATA[]]>" * 100_000),
        hostile.packet("<?a?>" * 100_000),
        hostile.packet("<rdf:a " + " ".join(f'a{n}=""' for n in range(50_000)) + "/>"),
        hostile.packet("a" * (5 << 20)),
        hostile.packet("<r:Earlier>" + "[" * 100_000 + "</r:Earlier>", r=packets.RESTORER),
    ],
    ids=["nested", "elements", "sections", "instructions", "attributes", "long", "earlier"],
)
def test_a_packet_that_would_fill_the_memory_costs_no_result(tmp_path: Path, content: bytes) -> None:
    photo = read_photo(put(tmp_path / "a.png", hostile.with_xmp(content, compressed=True)))
    with at_most(96, 8):
        for keep in Metadata:
            kept = export.prepared(photo, keep=keep)
            path = write_photo(kept, tmp_path / "b.jpg", provenance={"Model": "tiny"})
            assert read_provenance(path)["Model"] == "tiny"


def test_thousands_of_place_names_are_all_taken_out_and_fast(tmp_path: Path) -> None:
    names = "".join(f"<e:GPS{number}/>" if number % 2 else "<p:City/>" for number in range(9000))
    kept = "<p:Headline>Fair</p:Headline>"
    xmp = hostile.packet(names + kept, e=stale.EXIF, p="http://ns.adobe.com/photoshop/1.0/")
    start = time.process_time()
    left = packets.without_place(xmp)
    assert time.process_time() - start < 4
    assert left is not None
    assert b"Fair" in left
    assert b"GPS" not in left
    assert b"City" not in left


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    "error", [MemoryError(), RecursionError(), OverflowError(), SystemError("x")], ids=repr
)
def test_whatever_one_photo_does_is_its_own_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: Callable[[Path], Any], error: Exception
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(module, "kind_of", fails)
    path = put(tmp_path / "a.png", hostile.png())
    with pytest.raises(PhotoError, match=r"a\.png"):
        read(path)
    assert [one.path for one in find([tmp_path]) if isinstance(one, Found)] == [path]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_swapped_in_after_the_look_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "a.jpg")
    looked = os.stat(put(tmp_path / "b.jpg", hostile.jpeg()))
    monkeypatch.setattr(os, "stat", lambda *_, **__: looked)
    with pytest.raises(PhotoError, match=r"a\.jpg is a device or pipe"):
        opened(tmp_path / "a.jpg")


def test_a_file_larger_than_any_photo_is_refused_from_its_size(tmp_path: Path) -> None:
    path = put(tmp_path / "huge.jpg", hostile.jpeg())
    try:
        os.truncate(path, 2**40)
    except OSError:
        pytest.skip("this disk holds no such file")
    with pytest.raises(PhotoError, match=r"huge\.jpg is 1,100 GB"):
        read_photo(path)


def test_packs_and_checkpoints_made_to_harm_are_read_or_a_sentence(tmp_path: Path) -> None:
    outcome = read_all(made(hostile.MODELS, 60, seed=3), tmp_path)
    assert outcome.wrong == []
    assert outcome.sentences > 40
    assert outcome.memory <= MOST_BYTES


def test_captions_by_the_ten_thousand_are_compared_in_a_moment(tmp_path: Path) -> None:
    _, content = hostile_blocks.many_texts(random.Random(1))
    start = time.process_time()
    assert read_photo(put(tmp_path / "said.png", content)).size == (32, 24)
    assert time.process_time() - start < 5


def test_a_large_jpeg_without_an_end_is_not_decoded_again_and_again(tmp_path: Path) -> None:
    whole = bytearray(hostile.jpeg(Image.new("L", (64, 64), 90), progressive=True))
    struct.pack_into(">HH", whole, whole.index(b"\xff\xc2") + 5, 9000, 9000)
    comment = hostile.segment(0xFE, bytes(60_000)) * 10
    content = bytes(whole[:2]) + comment + bytes(whole[2:-2])
    start = time.process_time()
    with pytest.raises(PhotoError, match="is incomplete"):
        read_photo(put(tmp_path / "endless.jpg", content))
    assert time.process_time() - start < 5


def test_tiles_by_the_ten_thousand_or_far_larger_than_the_picture_are_refused(tmp_path: Path) -> None:
    count = 20_000
    places = struct.pack(f"<{count}I", *range(8, 8 + 4 * count, 4)) + struct.pack(f"<{count}I", *[4] * count)
    for height, rows, parts, said in (
        (16 * count, 16, count, "is damaged"),
        (8, 8 << 20, 16, "too few for such a photo"),
        (8, 16 << 20, 16, "is damaged"),  # more pixels in a tile than a photo may have
    ):
        width = 256
        entries = {each[0]: each for each in hostile.grey(width, height, 0, t258=16, t259=hostile_pixels.LZW)}
        for tag in (273, 278, 279):
            del entries[tag]
        entries[322], entries[323] = (
            (322, hostile.LONG, 1, 256 if parts > 16 else 16),
            (323, hostile.LONG, 1, rows),
        )
        at = 8 + 4 * count
        entries[324], entries[325] = (
            (324, hostile.LONG, parts, at),
            (325, hostile.LONG, parts, at + 4 * count),
        )
        content = hostile.tiff([entries[tag] for tag in sorted(entries)], bytes(4 * count) + places)
        with at_most(16, 2), pytest.raises(PhotoError, match=said):
            read_photo(put(tmp_path / "tiles.tif", content))


@pytest.mark.parametrize(
    "kinds", [hostile_pixels.PIXELS, hostile_blocks.BLOCKS, hostile_newer.NEWER, hostile_state.STATE]
)
def test_what_decoders_and_readers_of_state_are_given_is_a_picture_or_a_sentence(
    tmp_path: Path, kinds: list[Kind]
) -> None:
    outcome = read_all(made(kinds, 4 * len(kinds), seed=4), tmp_path)
    assert outcome.wrong == []
    assert outcome.sentences + outcome.pictures == 4 * len(kinds)


def test_a_file_that_breaks_the_promise_is_told_of(tmp_path: Path) -> None:
    """The child sees a file written elsewhere, a program that is started, a link that is followed."""
    from benchmarks.fuzz_reader import Watch

    watch = Watch()
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (inside / "link").symlink_to(outside / "new")
    watch.folder = os.path.realpath(inside)
    try:
        (inside / "a").write_bytes(b"")
        os.rename(inside / "a", inside / "b")
        assert watch.strays == []
        (inside / "link").write_bytes(b"")
        (outside / "c").write_bytes(b"")
        os.rename(inside / "b", outside / "d")
        os.system("true")
    finally:
        watch.folder = None
    assert [stray.split()[0] for stray in watch.strays] == ["open", "open", "os.rename", "os.system"]
