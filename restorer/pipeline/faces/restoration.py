"""Faces restored one by one: each brought into its frame, through a face network, and blended back.

In: a photo, one of its faces, a pack for faces, the picture that the photo networks made. Out: the picture
with that face. What the face network makes has the tones of the picture around it and as much grain, and
fades out within the face's ellipse. A face that already has more pixels than the network's frame gains
nothing, so it is left.

`restored_frame` is a run of the engine of its own on the frame, so that everything the engine can run can
restore faces: ours, and single-pass networks of others (GFPGAN, RestoreFormer, CodeFormer).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from restorer.opencv import opencv
from restorer.packs.pack import Pack
from restorer.photo import Photo
from restorer.photo.face_frame import aligned, inverse, to_frame
from restorer.photo.faces import Face
from restorer.pipeline.events import Box
from restorer.pipeline.faces.protection import AROUND, RING, ellipse, matching_grain
from restorer.pipeline.request import FaceChoice

__all__ = ["RestoredFrame", "blended", "choice_for", "fitting_scale", "frame_photo", "seen_side"]

TONES = 0.12
"""Deviation of the low-pass whose content stays the picture's, in widths of the face: its tones and its
light, while eyes and mouth are finer."""


@dataclass(frozen=True, eq=False)
class RestoredFrame:
    """A face as a face network made it. face: in the photo. pixels: (side, side, 3) float32 in [-1, 1]."""

    face: Face
    pixels: np.ndarray


def choice_for(choices: tuple[FaceChoice, ...], number: int, seed: int) -> FaceChoice:
    """What is asked of the face of that number among `find_faces`; `seed` is the run's."""
    for choice in choices:
        if choice.face == number:
            return choice if choice.seed is not None else FaceChoice(number, choice.strength, seed)
    return FaceChoice(number, 1.0, seed)


def seen_side(face: Face) -> float:
    """Side in photo pixels of the square that a face's frame shows."""
    matrix = to_frame(face.landmarks, 1.0)
    return float(1 / np.hypot(matrix[0, 0], matrix[1, 0]))


def fitting_scale(pack: Pack, face: Face) -> int | None:
    """The enlargement at which the pack's input is nearest to what the photo has of the face; None where the
    photo has more pixels of it than the pack makes."""
    seen = seen_side(face)
    if seen > pack.frame:
        return None
    return min(pack.scales, key=lambda scale: abs(np.log(pack.frame / scale / seen)))


def frame_photo(base: Tensor, origin: tuple[int, int], face: Face, side: int) -> Photo:
    """The face in its frame of `side` pixels, 16 bits. base: (1, 3, h, w) in [-1, 1], the photo or a part of
    it that begins at `origin`."""
    left, top, width, height = face.around(AROUND)
    x0, y0 = max(0, left - origin[0]), max(0, top - origin[1])
    around = base[0, :, y0 : top + height - origin[1], x0 : left + width - origin[0]].permute(1, 2, 0)
    values = np.ascontiguousarray((around.numpy() + 1) / 2, np.float32)
    landmarks = [(x - origin[0] - x0, y - origin[1] - y0) for x, y in face.landmarks]
    frame = aligned(values, to_frame(landmarks, side), (side, side))
    return Photo((frame.clip(0, 1) * 65535).round().astype(np.uint16))


def blended(
    picture: Tensor, frame: RestoredFrame, corner: tuple[int, int], scale: int, strength: float, seed: int
) -> Tensor:
    """The picture (1, 3, h, w) with a restored face in it.

    corner: where the picture lies in the finished picture of the whole photo, in its pixels. scale: of the
    run. strength: 0 leaves the picture as it is, 1 takes the restored face. seed: of the grain.
    """
    box = _inside(frame.face, picture, corner, scale)
    if strength <= 0 or box[2] <= 0 or box[3] <= 0:
        return picture
    left, top, width, height = box
    place = corner[0] + left, corner[1] + top
    side = frame.pixels.shape[0]
    back = inverse(to_frame(frame.face.landmarks, side))
    matrix = np.hstack([back[:, :2] * scale, back[:, 2:] * scale - np.array([place]).T])
    made = torch.from_numpy(aligned(frame.pixels, matrix, (width, height)).copy()).permute(2, 0, 1)[None]
    here = picture[..., top : top + height, left : left + width]
    sigma = TONES * frame.face.width * scale
    made = (made + _low(here - made, sigma)).clamp(-1, 1)
    share = ellipse(frame.face, place, (width, height), scale)
    made = made + matching_grain(made, share, here, place, seed, scale)
    out = picture.clone()
    out[..., top : top + height, left : left + width] = here.lerp(made, share * min(1.0, strength)).clamp(
        -1, 1
    )
    return out


def _inside(face: Face, picture: Tensor, corner: tuple[int, int], scale: int) -> Box:
    """The box in the picture that a face's ellipse and what is around it fill."""
    left, top, width, height = (side * scale for side in face.around(RING))
    x0, y0 = max(0, left - corner[0]), max(0, top - corner[1])
    x1 = min(picture.shape[-1], left + width - corner[0])
    y1 = min(picture.shape[-2], top + height - corner[1])
    return x0, y0, x1 - x0, y1 - y0


def _low(picture: Tensor, sigma: float) -> Tensor:
    """What is coarser than `sigma` pixels."""
    pixels = np.ascontiguousarray(picture[0].permute(1, 2, 0).numpy())
    cv = opencv()
    soft = cv.GaussianBlur(pixels, (0, 0), max(0.5, sigma), borderType=cv.BORDER_REPLICATE)
    return torch.from_numpy(soft).permute(2, 0, 1)[None]
