"""The network's answers on disk, tile by tile, so that a run that was killed need not ask for them again.

In: what the network made of each tile, a few at a time. Out: the same numbers, to the bit, for a run that
goes on. Everything between two answers is cheap and depends on nothing else, so a walk that is given the
answers it had comes to the place where it stood.

The file only grows: a record is a header, which says what it answers and how far the run was, and the numbers
as float32, and both have a checksum. Where a record is torn, as the last one is after a crash, the log ends
before it. Nothing is synced: what a process has written outlives it. After a power cut the checksums tell
what did not reach the disk. No torch before numbers are read.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np

from restorer import paths

if TYPE_CHECKING:
    from restorer.diffusion.denoiser import Denoised

__all__ = ["Spot", "TileAnswer", "TileLog", "last_spot"]

MAGIC = b"RAN1"
_HEADER = struct.Struct("<4sI10i3dI")
"""Magic, checksum of the rest of the header; stage, evaluation, step, steps, tile, left, top, width, height,
tensors; seconds, elapsed, fraction; checksum of the numbers."""
MOST_SIDE = 2**20


@dataclass(frozen=True)
class Spot:
    """Which evaluation a record answers, where, and how far the run was then.

    stage, evaluation: counted from 0, the second within its stage. step: counted from 1 to steps. place:
    (left, top, width, height) in pixels; of pictures of a class (first, count, side, side). tile: the side of
    tiles then. seconds: of work in tiles. elapsed: since the run began. fraction: of the run, in [0, 1].
    """

    stage: int
    evaluation: int
    step: int
    steps: int
    tile: int
    place: tuple[int, int, int, int]
    seconds: float
    elapsed: float
    fraction: float


@dataclass(frozen=True, eq=False)
class TileAnswer:
    """spot: what was asked. estimate: (B, 3, H, W), what the network answered."""

    spot: Spot
    estimate: Denoised

    @property
    def bytes(self) -> int:
        """Size of its record."""
        return _HEADER.size + 4 * self.estimate.clean.numel() * (1 + (self.estimate.variance is not None))


@dataclass(frozen=True)
class _Record:
    spot: Spot
    at: int
    shape: tuple[int, int, int, int]
    tensors: int
    crc: int

    @property
    def size(self) -> int:
        return 4 * int(np.prod(self.shape)) * self.tensors


class TileLog:
    """The log in the file `path`. together: whether a record answers for several whole pictures, (count, 3,
    side, side), and not for one tile, (1, 3, height, width)."""

    def __init__(self, path: Path, together: bool = False) -> None:
        self._path, self._together = path, together
        self._records: list[_Record] = []
        self._end = 0

    @property
    def bytes(self) -> int:
        """How large it is."""
        return self._end

    @property
    def last(self) -> Spot | None:
        """The newest record's spot."""
        return self._records[-1].spot if self._records else None

    def open(self) -> None:
        """Learn what is in the file; one that is not there, or is none of ours, has nothing in it."""
        self._records, self._end = [], 0
        try:
            paths.check_plain(self._path)
            with self._path.open("rb") as file:
                for record in _records(file, self._together):
                    self._records.append(record)
                    self._end = record.at + record.size
        except (OSError, ValueError):
            return

    def take(self, stage: int, evaluation: int) -> list[TileAnswer]:
        """The answers of an evaluation, in the order in which they were given, which must be asked for in the
        order of the run. Where the log has none, or a later one's, what it has of later ones is of no use and
        is dropped; so is what comes after a damaged record."""
        wanted = (stage, evaluation)
        mine = [record for record in self._records if _key(record.spot) == wanted]
        taken: list[TileAnswer] = []
        try:
            with self._path.open("rb") as file:
                for record in mine:
                    taken.append(_read(file, record))
        except (OSError, ValueError):
            self._cut(mine[len(taken)] if len(taken) < len(mine) else None)
        if not mine:
            self._cut(next((record for record in self._records if _key(record.spot) > wanted), None))
        return taken

    def append(self, answers: Sequence[TileAnswer]) -> None:
        """Write answers behind what is there. Raises OSError."""
        if not self._path.exists():
            self._records, self._end = [], 0
            paths.private_file(self._path)
        with self._path.open("r+b") as file:
            file.truncate(self._end)  # a torn record, or what `take` dropped
            file.seek(self._end)
            for answer in answers:
                at = file.tell()
                arrays = _arrays(answer.estimate)
                file.write(_header(answer.spot, arrays))
                for array in arrays:
                    file.write(array.data)
                shape = answer.estimate.clean.shape
                self._records.append(
                    _Record(answer.spot, at + _HEADER.size, tuple(shape), len(arrays), _crc(arrays))  # type: ignore[arg-type]
                )
            file.flush()
            self._end = file.tell()

    def restart(self, kept: Sequence[TileAnswer] = ()) -> None:
        """Begin anew with `kept`, in one replacement. Raises OSError."""
        beside = paths.private_file(self._path.with_name(self._path.name + ".new"))
        fresh = TileLog(beside, self._together)
        os.truncate(beside, 0)
        fresh.append(kept)
        os.replace(beside, self._path)
        self._records, self._end = fresh._records, fresh._end

    def _cut(self, record: _Record | None) -> None:
        """Forget a record and what comes after it."""
        if record is not None:
            self._end = record.at - _HEADER.size
            self._records = self._records[: self._records.index(record)]


def last_spot(path: Path, together: bool = False) -> Spot | None:
    """How far a log goes, told from its headers."""
    log = TileLog(path, together)
    log.open()
    return log.last


def _key(spot: Spot) -> tuple[int, int]:
    return spot.stage, spot.evaluation


def _arrays(estimate: Denoised) -> list[np.ndarray]:
    tensors = [estimate.clean] + ([] if estimate.variance is None else [estimate.variance])
    return [np.ascontiguousarray(tensor.float().numpy(), "<f4") for tensor in tensors]


def _crc(arrays: Sequence[np.ndarray]) -> int:
    crc = 0
    for array in arrays:
        crc = zlib.crc32(array.data, crc)
    return crc


def _header(spot: Spot, arrays: Sequence[np.ndarray]) -> bytes:
    numbers = (spot.stage, spot.evaluation, spot.step, spot.steps, spot.tile, *spot.place, len(arrays))
    told = (spot.seconds, spot.elapsed, spot.fraction)
    rest = _HEADER.pack(MAGIC, 0, *numbers, *told, _crc(arrays))[8:]
    return MAGIC + struct.pack("<I", zlib.crc32(rest)) + rest


def _records(file: IO[bytes], together: bool) -> Iterator[_Record]:
    """The records of a file as far as their headers are whole and their numbers are all there."""
    size = os.fstat(file.fileno()).st_size
    at = 0
    while at + _HEADER.size <= size:
        file.seek(at)
        header = file.read(_HEADER.size)
        magic, crc, *numbers = _HEADER.unpack(header)
        if magic != MAGIC or crc != zlib.crc32(header[8:]):
            return
        stage, evaluation, step, steps, tile, left, top, width, height, tensors = numbers[:10]
        if not (0 < width < MOST_SIDE and 0 < height < MOST_SIDE and tensors in (1, 2)):
            return
        shape = (top, 3, width, height) if together else (1, 3, height, width)
        place = (left, top, width, height)
        spot = Spot(stage, evaluation, step, steps, tile, place, *numbers[10:13])
        record = _Record(spot, at + _HEADER.size, shape, tensors, numbers[13])
        at = record.at + record.size
        if shape[0] < 1 or at > size:
            return
        yield record


def _read(file: IO[bytes], record: _Record) -> TileAnswer:
    """Raises ValueError where the numbers are damaged."""
    import torch

    from restorer.diffusion.denoiser import Denoised

    file.seek(record.at)
    data = np.fromfile(file, "<f4", record.size // 4)
    if data.nbytes != record.size or zlib.crc32(data.data) != record.crc:
        raise ValueError("damaged")
    parts = [
        torch.from_numpy(part.astype(np.float32, copy=False)).reshape(record.shape)
        for part in np.split(data, record.tensors)
    ]
    return TileAnswer(record.spot, Denoised(parts[0], parts[1] if record.tensors == 2 else None))
