"""Pictures for training: zip files or folders in, random crops on the training device out.

All pictures of a set have one size (256 x 256 in the packs we train on) and are held as uint8 on the
training device, so a batch costs an index and no decoding. A batch is a function of (seed, step), so a
run that was killed goes on with the very crops it would have seen.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from restorer.errors import RequestError

__all__ = ["Pictures", "crops", "held_rank", "load_pictures", "split", "turn"]

SUFFIXES = {".webp", ".png", ".jpg", ".jpeg"}


@dataclass(frozen=True, eq=False)
class Pictures:
    """pixels: (N, 3, side, side) uint8; names: one a picture, `file/inner name`."""

    pixels: Tensor
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.names)

    def take(self, indices: list[int]) -> Pictures:
        return Pictures(self.pixels[indices], tuple(self.names[i] for i in indices))

    def to(self, device: torch.device) -> Pictures:
        return Pictures(self.pixels.to(device), self.names)


def _files(source: Path) -> Iterator[tuple[str, bytes]]:
    if source.is_dir():
        for path in sorted(source.rglob("*")):
            if path.suffix.lower() in SUFFIXES:
                yield f"{source.name}/{path.relative_to(source).as_posix()}", path.read_bytes()
    else:
        with zipfile.ZipFile(source) as pack:
            for name in sorted(pack.namelist()):
                if Path(name).suffix.lower() in SUFFIXES:
                    yield f"{source.stem}/{name}", pack.read(name)


def load_pictures(
    sources: list[Path], side: int, cache: Path | None = None, without: tuple[str, ...] = ()
) -> Pictures:
    """Read every picture of `sources` (folders or zips); larger ones are cut to their central square of
    `side` pixels, smaller ones are left out. `cache`: a folder where the decoded pixels are kept.
    without: beginnings of file names that are left out.

    Raises RequestError if a source does not exist or holds no picture of that size.
    """
    for source in sources:
        if not source.exists():
            raise RequestError(
                f"The training data {source} does not exist; give a folder or a zip of pictures."
            )
    key = hashlib.sha256(
        json.dumps([side, [(s.name, s.stat().st_size) for s in sources], *without]).encode(),
        usedforsecurity=False,
    ).hexdigest()[:16]
    stored = cache / f"pictures-{key}.npy" if cache else None
    listed = cache / f"pictures-{key}.json" if cache else None
    if stored and listed and stored.exists() and listed.exists():
        return Pictures(torch.from_numpy(np.load(stored)), tuple(json.loads(listed.read_text("utf-8"))))
    pixels, names = [], []
    for source in sources:
        for name, data in _files(source):
            if without and Path(name).name.startswith(without):
                continue
            with Image.open(io.BytesIO(data)) as opened:
                image = np.asarray(opened.convert("RGB"))
            top, left = (image.shape[0] - side) // 2, (image.shape[1] - side) // 2
            if min(top, left) < 0:
                continue
            pixels.append(image[top : top + side, left : left + side].transpose(2, 0, 1))
            names.append(name)
    if not pixels:
        raise RequestError(f"No picture of at least {side} pixels a side in {', '.join(map(str, sources))}.")
    stack = np.stack(pixels)
    if stored and listed:
        stored.parent.mkdir(parents=True, exist_ok=True)
        np.save(stored, stack)
        listed.write_text(json.dumps(names), "utf-8")
    return Pictures(torch.from_numpy(stack), tuple(names))


def held_rank(name: str) -> bytes:
    """What decides which pictures are held out: those whose names have the least. Of the packs of a
    run, the pictures of least rank are the first to be held out."""
    return hashlib.sha256(name.encode()).digest()


def split(pictures: Pictures, held: int) -> tuple[Pictures, Pictures]:
    """(training, validation): `held` pictures chosen by the hash of their names, so the choice does not
    depend on their order, and adding data moves few from one side to the other."""
    order = sorted(range(len(pictures)), key=lambda i: held_rank(pictures.names[i]))
    return pictures.take(sorted(order[held:])), pictures.take(sorted(order[:held]))


def crops(pictures: Pictures, count: int, side: int, generator: torch.Generator) -> Tensor:
    """`count` random crops, flipped and turned at random: (count, 3, side, side) float32 in [-1, 1].

    A crop with hardly any contrast is drawn again, three times out of four: flat ones teach little,
    but a network that never saw a sky leaves its grain there. Nothing waits for an accelerator.
    """
    device, where, full = pictures.pixels.device, generator.device, pictures.pixels.shape[-1]

    def whole(high: int, *shape: int) -> Tensor:
        return torch.randint(high, shape, generator=generator, device=where).to(device)

    def draw(number: int) -> Tensor:
        which, corner = whole(len(pictures), number), whole(full - side + 1, 2, number)
        span = torch.arange(side, device=device)
        rows, columns = corner[0][:, None] + span, corner[1][:, None] + span
        channel = torch.arange(3, device=device)
        return pictures.pixels[
            which[:, None, None, None],
            channel[None, :, None, None],
            rows[:, None, :, None],
            columns[:, None, None, :],
        ]

    first, second = draw(count), draw(count)
    flat = first.float().std(dim=(1, 2, 3)) < 12
    again = flat & (torch.rand(count, generator=generator, device=where).to(device) < 0.75)
    chosen = torch.where(again[:, None, None, None], second, first).float() / 127.5 - 1
    return turn(chosen, whole(8, count))


def turn(pictures: Tensor, code: Tensor) -> Tensor:
    """The pictures (B, C, side, side), each in one of the eight positions of a square: code (B,), with bits
    for mirrored, upside down and transposed."""
    wide = code[:, None, None, None]
    pictures = torch.where((wide & 1).bool(), pictures.flip(3), pictures)
    pictures = torch.where((wide & 2).bool(), pictures.flip(2), pictures)
    return torch.where((wide & 4).bool(), pictures.mT, pictures)
