"""Files that are damaged in every way that can be thought of, or made to harm, and what becomes of each.

    python benchmarks/fuzz.py [--files 1000] [--seed 1] [--skip 0] [--kinds newer] [--keep FOLDER]

Valid JPEG, PNG, TIFF, WebP, AVIF, HEIC and raw files are truncated, have bits flipped, headers exchanged,
sizes made absurd and TIFF directories chained into the deep, all from a seed. Two thirds of the files know
the structure of what they are: `hostile.py` (directories, strips, scans, chunks, packets, pickles),
`hostile_pixels.py` (what reaches the decoders), `hostile_blocks.py` (metadata), `hostile_newer.py` (HEIC,
AVIF, raw files, sidecars), `hostile_state.py` (packs and cards, kept runs, journals and folders of results,
settings). A photo is listed, as in a folder, goes through `read_provenance` and `read_photo`, and is encoded
again; all in a child process, see `fuzz_reader.py`. Out: how many became a picture and how many a sentence,
the slowest file, the largest memory; exit code 1 if one crashed, took more than 10 s or 2 GiB, started a
program, wrote where it should not, or ended in anything else.

--skip: how many of the files are made and not read, which lets two processes share them. --kinds newer:
HEIC, AVIF, raw files and sidecars alone. --keep: where files that break the promise go.
"""

from __future__ import annotations

import argparse
import functools
import io
import itertools
import json
import random
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from PIL import Image

from benchmarks import hostile, hostile_blocks, hostile_newer, hostile_pixels, hostile_state
from restorer.photo.formats import raw

ROOT = Path(__file__).resolve().parent.parent
MOST_SECONDS = 10.0
MOST_BYTES = 2 * 2**30
_PATIENCE = 300.0
"""Seconds until a child counts as hanging, on a machine that does other things as well."""
Kind = Callable[[random.Random], hostile.Made]


@dataclass
class Outcome:
    """What reading many damaged files came to; `wrong` has a line for each that broke the promise."""

    pictures: int = 0
    sentences: int = 0
    slowest: float = 0.0
    memory: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.pictures + self.sentences + len(self.wrong)} files: {self.pictures} pictures, "
            f"{self.sentences} sentences, {len(self.wrong)} wrong; slowest {self.slowest:.2f} s, "
            f"largest memory {self.memory / 2**20:.0f} MiB"
        )


@functools.cache
def bases() -> list[tuple[str, bytes]]:
    """Valid files: (suffix, content)."""
    rng = np.random.default_rng(5)
    ramp = np.linspace(0, 200, 61)[None, :, None] * np.ones((47, 1, 3)) + rng.integers(0, 55, (47, 61, 3))
    colour = Image.fromarray(ramp.astype(np.uint8))
    exif = Image.Exif()
    exif[271], exif[306] = "Maker", "1999:01:01 00:00:00"
    exif[34665] = {37500: bytes(200), 36867: "1999:01:01 00:00:00"}
    kinds: list[tuple[str, Image.Image, dict[str, object]]] = [
        ("jpg", colour, {"exif": exif, "dpi": (300, 300)}),
        ("jpg", colour, {"progressive": True, "quality": 60}),
        ("jpg", colour.convert("CMYK"), {}),
        ("png", colour, {"exif": exif}),
        ("png", colour.convert("RGBA"), {}),
        ("png", colour.convert("P"), {}),
        ("png", Image.fromarray((ramp[:, :, 0] * 257).astype(np.uint16)), {}),
        ("tif", colour, {}),
        ("tif", colour, {"compression": "tiff_lzw"}),
        ("tif", colour, {"compression": "jpeg"}),
        ("tif", colour.convert("1"), {"compression": "group4"}),
        (
            "tif",
            Image.fromarray((ramp[:, :, 0] * 257).astype(np.uint16)),
            {"compression": "tiff_adobe_deflate"},
        ),
        ("tif", colour, {"save_all": True, "append_images": [colour.convert("L"), colour]}),
        ("webp", colour, {"exif": exif}),
        ("webp", colour.convert("RGBA"), {"lossless": True}),
        ("avif", colour, {"exif": exif}),
    ]
    files = []
    for suffix, image, options in kinds:
        out = io.BytesIO()
        image.save(out, {"jpg": "JPEG", "tif": "TIFF"}.get(suffix, suffix), **options)
        files.append((suffix, out.getvalue()))
    return [*files, *newer()]


def newer() -> list[tuple[str, bytes]]:
    """A HEIC and a raw file, where the packages that read them are there: (suffix, content)."""
    found = hostile_newer.heic()
    files = [("heic", found)] if found is not None else []
    if raw.available():
        with suppress(ImportError):
            import tifffile

            out = io.BytesIO()
            tags = [(33421, "H", 2, (2, 2), True), (33422, "B", 4, bytes([0, 1, 1, 2]), True)]
            tags += [(50706, "B", 4, bytes([1, 4, 0, 0]), True), (50708, "s", 0, "Maker Model", True)]
            tifffile.imwrite(out, np.full((48, 64), 900, np.uint16), photometric=32803, extratags=tags)
            files.append(("dng", out.getvalue()))
    return files


# -- ways to damage a file ----------------------------------------------------------------------------


def truncate(data: bytearray, chance: random.Random) -> bytearray:
    return data[: chance.randrange(len(data))]


def flip(data: bytearray, chance: random.Random) -> bytearray:
    for _ in range(2 ** chance.randrange(8)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return data


def flip_head(data: bytearray, chance: random.Random) -> bytearray:
    for _ in range(2 ** chance.randrange(4)):
        data[chance.randrange(min(len(data), 256))] = chance.randrange(256)
    return data


def wrong_header(data: bytearray, chance: random.Random) -> bytearray:
    other = chance.choice(bases())[1]
    length = chance.choice([2, 4, 8, 12, 32, 100])
    return bytearray(other[:length]) + data[length:]


def zeros(data: bytearray, chance: random.Random) -> bytearray:
    at = chance.randrange(len(data))
    length = chance.randrange(1, 400)
    return data[:at] + bytes([chance.choice([0, 255])]) * length + data[at + length :]


def repeat(data: bytearray, chance: random.Random) -> bytearray:
    start = chance.randrange(len(data))
    piece = data[start : start + chance.randrange(1, 2000)]
    return data[:start] + piece * chance.randrange(2, 200) + data[start:]


def absurd_size(data: bytearray, chance: random.Random) -> bytearray:
    """Width and height that nobody has, where the format keeps them, with a right checksum."""
    sides = [0, 1, 3, 15_000, 65_535, 2**24 - 1, 2**31 - 1, 2**32 - 1]
    width, height = chance.choice(sides), chance.choice(sides)
    if data[:4] == b"\x89PNG":
        struct.pack_into(">II", data, 16, width, height)
        struct.pack_into(">I", data, 29, zlib.crc32(data[12:29]))
    elif data[:2] == b"\xff\xd8":
        at = max(data.find(b"\xff\xc0\0"), data.find(b"\xff\xc2\0"))
        if at > 0:
            struct.pack_into(">HH", data, at + 5, height & 65535, width & 65535)
    elif data[:4] == b"RIFF":
        data[24:30] = struct.pack("<I", width)[:3] + struct.pack("<I", height)[:3]
    else:
        _set_in_tiff(
            data, {256: width, 257: height, chance.choice([258, 277, 278, 279]): chance.choice(sides)}
        )
    return data


def deep_chain(data: bytearray, chance: random.Random) -> bytearray:
    """A TIFF of thousands of directories, or of directories that lead back to where they came from."""
    if data[:2] not in (b"II", b"MM"):
        return flip(data, chance)
    order = "<" if data[:2] == b"II" else ">"
    first = struct.unpack_from(order + "I", data, 4)[0]
    kind = chance.randrange(4)
    if kind == 0:  # the next directory is the first
        entries = struct.unpack_from(order + "H", data, first)[0]
        struct.pack_into(order + "I", data, first + 2 + 12 * entries, first)
    elif kind == 1:  # thousands of small ones before the real one
        start, count = len(data) + len(data) % 2, chance.choice([10, 1_000, 20_000])
        data += bytes(len(data) % 2)
        for index in range(count):
            following = first if index == count - 1 else start + 18 * (index + 1)
            data += struct.pack(order + "HHHIII", 1, 254, 4, 1, 0, following)
        struct.pack_into(order + "I", data, 4, start)
    elif kind == 2:  # sub-directories that are their own parents
        _set_in_tiff(data, {chance.choice([34665, 330, 34853, 40965]): first, 305: first})
    else:
        struct.pack_into(order + "H", data, first, 65535)
    return data


def _set_in_tiff(data: bytearray, values: dict[int, int]) -> None:
    if len(data) < 8 or data[:2] not in (b"II", b"MM"):
        return
    order = "<" if data[:2] == b"II" else ">"
    first = struct.unpack_from(order + "I", data, 4)[0]
    entries = struct.unpack_from(order + "H", data, first)[0]
    spare = [first + 2 + 12 * index for index in range(entries)]
    by_tag = {struct.unpack_from(order + "H", data, at)[0]: at for at in spare}
    for tag, value in values.items():
        at = by_tag.get(tag, spare[-1])
        struct.pack_into(order + "HHII", data, at, tag, 4, 1, value)


DAMAGES: list[Callable[[bytearray, random.Random], bytearray]] = [
    truncate, flip, flip_head, wrong_header, zeros, repeat, absurd_size, absurd_size, deep_chain,
]  # fmt: skip


def damaged(
    count: int, seed: int, valid: Sequence[tuple[str, bytes]] | None = None
) -> Iterator[tuple[str, bytes]]:
    """`count` damaged files: (name, content); the same seed gives the same files. valid: what is damaged."""
    chance, valid = random.Random(seed), valid or bases()
    for index in range(count):
        suffix, content = valid[index % len(valid)]
        damage = DAMAGES[index // len(valid) % len(DAMAGES)]
        data = damage(bytearray(content), chance)
        if chance.random() < 0.2 and data:
            data = flip(data, chance)
        yield f"{index:04} {damage.__name__}.{suffix}", bytes(data)


def mixed(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """`count` files: of six, two are damaged, three are photos made to harm, one is no photo; of a hundred
    one is of those that take seconds."""
    large = made([*hostile_pixels.LARGE, hostile_blocks.many_texts], count, seed)
    harm = made(
        [*hostile.PHOTOS, *hostile_pixels.PIXELS, *hostile_blocks.BLOCKS, *hostile_newer.NEWER], count, seed
    )
    broken, state = damaged(count, seed), made([*hostile.MODELS, *hostile_state.STATE], count, seed)
    turns = [broken, harm, state, harm, broken, harm]
    for index in range(count):
        yield next(large if index % 100 == 99 else turns[index % len(turns)])


def mixed_newer(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """`count` files of the kinds that have been read since HEIC is, damaged and made to harm in turn."""
    valid = [each for each in bases() if each[0] in ("avif", "heic", "dng")]
    turns = [damaged(count, seed, valid), made(hostile_newer.NEWER, count, seed)]
    for index in range(count):
        yield next(turns[index % 2])


def made(kinds: Sequence[Kind], count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """`count` files of the kinds in turn: (name, content); the same seed gives the same files."""
    chance = random.Random(seed)
    for index in range(count):
        kind = kinds[index % len(kinds)]
        suffix, content = kind(chance)
        yield f"{index:04} {kind.__name__}.{suffix}", content


def read_all(
    files: Iterable[tuple[str, bytes]],
    folder: Path,
    keep: Path | None = None,
    tell: Callable[[Outcome], None] = lambda _: None,
) -> Outcome:
    """Read each file in a child process that is replaced when it ends, hangs or breaks the promise. keep:
    where files that break it go. tell: called after each."""
    outcome = Outcome()
    inner, elsewhere = folder / "in", folder / hostile_state.ELSEWHERE
    inner.mkdir()
    elsewhere.mkdir()
    (elsewhere / hostile_state.PRIVATE).write_bytes(hostile.png())
    untouched = hostile_state.digest(elsewhere)
    child = _child(inner)
    for name, content in files:
        path = inner / name
        path.write_bytes(content)
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps(str(path)) + "\n")
        child.stdin.flush()
        ready, _, _ = select.select([child.stdout], [], [], _PATIENCE)
        line = child.stdout.readline() if ready else ""
        said, seconds, memory = json.loads(line) if line else ("!", 0.0, 0)
        outcome.slowest = max(outcome.slowest, seconds)
        outcome.memory = max(outcome.memory, memory)
        wrong = ""
        if not line:
            wrong = "the reader ended" if ready else "no answer"
        elif said.startswith("!") or seconds > MOST_SECONDS or memory > MOST_BYTES:
            wrong = f"{said} ({seconds:.1f} s, {memory / 2**20:.0f} MiB)"
        elif hostile_state.digest(elsewhere) != untouched:
            wrong = "something was written elsewhere"
            untouched = hostile_state.digest(elsewhere)
        elif said == "picture":
            outcome.pictures += 1
        elif path.stem in said:
            outcome.sentences += 1
        else:
            wrong = f"the sentence does not name it: {said}"
        if wrong:
            outcome.wrong.append(f"{name}: {wrong}")
            if keep is not None and path.exists():
                shutil.copy(path, keep)
            _end(child)
            child = _child(inner)
        path.unlink(missing_ok=True)  # a config moved into a folder of its own
        shutil.rmtree(inner / "work", ignore_errors=True)
        shutil.rmtree(path.with_suffix(""), ignore_errors=True)
        tell(outcome)
    _end(child)
    return outcome


def _child(folder: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-B", "-W", "ignore", "-m", "benchmarks.fuzz_reader", str(folder / "home")],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert child.stdout is not None
    child.stdout.readline()  # it has its modules, and is ready
    return child


def _end(child: subprocess.Popen[str]) -> None:
    child.kill()
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            stream.close()
    child.wait()


def _tell(outcome: Outcome) -> None:
    done = outcome.pictures + outcome.sentences + len(outcome.wrong)
    if outcome.wrong and outcome.wrong[-1] != _told[-1]:
        _told.append(outcome.wrong[-1])
        print(_told[-1], flush=True)
    if done % 100 == 0:
        print(outcome, flush=True)


_told = [""]


def main() -> int:
    """Exit code 0 if every file became a picture or a sentence in time and in little memory."""
    parser = argparse.ArgumentParser(description="Read files that are damaged or made to harm.")
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--kinds", choices=("all", "newer"), default="all")
    parser.add_argument("--keep", type=Path)
    args = parser.parse_args()
    args.keep and args.keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        kinds = mixed_newer if args.kinds == "newer" else mixed
        files = itertools.islice(kinds(args.files, args.seed), args.skip, None)
        outcome = read_all(files, Path(folder), args.keep, _tell)
    print(outcome)
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
