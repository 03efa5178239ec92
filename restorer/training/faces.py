"""Training of networks for faces: people in a fixed frame, with the past of real scans.

In: pictures of people, a recipe with `frames`. Out: a run as its trainer makes it. Every face of the pictures
that is large enough becomes one frame, a little larger than the recipe's crop, so that crops of it lie where
the detector's landmarks may put them, a few pixels to a side. A frame may be mirrored and is never turned.

SR3's own way (arXiv 2104.07636, section 2), a denoiser over many levels, is `FaceTrainer`; its comparison of
the same shape on the same data, one evaluation and |D - x|, is `FaceRegressionTrainer`.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from restorer.errors import RequestError
from restorer.photo import Photo
from restorer.photo.face_frame import aligned, to_frame
from restorer.photo.faces import find_faces
from restorer.training.data import Pictures
from restorer.training.degradation.first_order import Coats, Degradation
from restorer.training.recipe import Recipe
from restorer.training.scan_trainer import ScanTrainer, scanned
from restorer.training.trainer import Examples, Trainer

__all__ = ["AROUND", "FaceRegressionTrainer", "FaceTrainer", "face_frames", "mirrored"]

AROUND = 16
"""Pixels by which frames are larger than the crops that are shown."""


def face_frames(pictures: Pictures, recipe: Recipe, cache: Path | None = None) -> Pictures:
    """The faces of pictures in their frames, (N, 3, crop + AROUND, crop + AROUND) uint8, each named as its
    picture, so that no person is both learned from and held out. cache: a folder where they are kept.

    Raises RequestError where there are none that are large enough.
    """
    assert recipe.frames is not None
    side = recipe.crop + AROUND
    told = json.dumps([side, recipe.frames.least, *pictures.names]).encode()
    stem = f"faces-{hashlib.sha256(told, usedforsecurity=False).hexdigest()[:16]}"
    stored = cache / f"{stem}.npz" if cache else None
    if stored and stored.exists():
        with np.load(stored, allow_pickle=False) as kept:
            return Pictures(torch.from_numpy(kept["pixels"]), tuple(map(str, kept["names"])))
    frames, names = [], []
    for pixels, name in zip(pictures.pixels, pictures.names, strict=True):
        picture = np.ascontiguousarray(pixels.permute(1, 2, 0).numpy())
        for face in find_faces(Photo(picture), turned=False):
            if face.width < recipe.frames.least:
                continue
            matrix = to_frame(face.landmarks, recipe.crop)
            matrix[:, 2] += AROUND / 2
            frames.append(aligned(picture, matrix, (side, side)).transpose(2, 0, 1))
            names.append(name)
    if not frames:
        raise RequestError(
            f"No picture has a face of {recipe.frames.least:g} pixels; give larger pictures of people."
        )
    stack = np.stack(frames)
    if stored:
        stored.parent.mkdir(parents=True, exist_ok=True)
        np.savez(stored, pixels=stack, names=np.array(names))
    return Pictures(torch.from_numpy(stack), tuple(names))


def mirrored(frames: Pictures, count: int, generator: torch.Generator) -> Tensor:
    """`count` frames in [-1, 1], drawn at random, half of them mirrored."""
    where = generator.device
    which = torch.randint(len(frames), (count,), generator=generator, device=where)
    turned = torch.rand(count, generator=generator, device=where) < 0.5
    drawn = frames.pixels[which.to(frames.pixels.device)].float() / 127.5 - 1
    return torch.where(turned.to(drawn.device)[:, None, None, None], drawn.flip(3), drawn)


def _examples(
    recipe: Recipe, clean: Tensor, scale: int, kind: Degradation, generator: torch.Generator
) -> Examples:
    """Worn frames, on the device of `clean`. The past of a scan is made on the processor, so it is drawn
    there, by a generator that the step's own begins."""
    assert recipe.scan is not None
    begin = int(torch.randint(2**62, (1,), generator=generator, device=generator.device))
    own = torch.Generator().manual_seed(begin)
    return scanned(clean, scale, kind, recipe.scan, own, recipe.crop)


class FaceTrainer(Trainer):
    """A `Trainer` of denoisers for faces."""

    def crops(self, count: int, generator: torch.Generator, held: bool = False) -> Tensor:
        """Frames, larger than the recipe's crops by AROUND."""
        return mirrored(self.held if held else self.training, count, generator)

    def _degraded(
        self, clean: Tensor, scale: int, kind: Degradation, generator: torch.Generator, coats: Coats | None
    ) -> Examples:
        return _examples(self.recipe, clean, scale, kind, generator)


class FaceRegressionTrainer(ScanTrainer):
    """A `ScanTrainer` of networks that restore faces in one evaluation."""

    def crops(self, count: int, generator: torch.Generator, held: bool = False) -> Tensor:
        """Frames, larger than the recipe's crops by AROUND."""
        return mirrored(self.held if held else self.training, count, generator)

    def _degraded(
        self, clean: Tensor, scale: int, kind: Degradation, generator: torch.Generator, coats: Coats | None
    ) -> Examples:
        return _examples(self.recipe, clean, scale, kind, generator)
