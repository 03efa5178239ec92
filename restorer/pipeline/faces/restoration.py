"""Faces restored one by one: each brought into its frame, through a face network, and blended back.

In: a photo, one of its faces, a pack for faces, the picture that the photo networks made. Out: the picture
with that face. What the face network makes has the tones of the picture around it and as much grain, and
fades out within the face's ellipse. A face that already has more pixels than the network's frame gains
nothing, so it is left.

A frame is made by a run of the engine of its own, so that everything the engine can run can restore faces:
ours, and single-pass networks of others (GFPGAN, RestoreFormer, CodeFormer). Versions of other seeds can be
made later from a `FaceLayer` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from restorer.opencv import opencv
from restorer.packs.pack import Pack
from restorer.photo import Photo
from restorer.photo.face_frame import aligned, inverse, to_frame
from restorer.photo.faces import Face
from restorer.pipeline.colour_lock import Tone
from restorer.pipeline.events import Box, Done, Event
from restorer.pipeline.faces.layers import FaceLayer, FaceVersion
from restorer.pipeline.faces.protection import AROUND, REACH, ellipse, matching_grain
from restorer.pipeline.network_cache import NetworkCache
from restorer.pipeline.request import FaceChoice, Faces, Preset, RestoreRequest

__all__ = [
    "MOST_VERSIONED",
    "FaceAsked",
    "RestoredFrame",
    "blended",
    "choice_for",
    "fitting_scale",
    "frame_photo",
    "layer_of",
    "more_versions",
    "seen_side",
]

TONES = 0.12
"""Deviation of the low-pass whose content stays the picture's, in widths of the face: its tones and its
light, while eyes and mouth are finer."""

MOST_VERSIONED = 12
"""Faces of a photo, the largest, of which several versions are made: in a group they would fill the
memory."""
Run = Callable[[RestoreRequest, NetworkCache], Iterator[Event]]


@dataclass(frozen=True)
class FaceAsked:
    """How a face network is asked, as the run that a face belongs to was asked. model: its pack's
    name."""

    model: str
    preset: Preset = Preset.BALANCED
    fidelity: float = 0.75
    colour_lock: bool = True
    device: str = "auto"

    def request(self, seen: Photo, frame: int, seed: int) -> RestoreRequest:
        """The run that makes a frame of `frame` pixels of what the network is given."""
        return RestoreRequest(
            seen,
            scale=frame // seen.size[0],
            preset=self.preset,
            fidelity=self.fidelity,
            seed=seed,
            colour_lock=self.colour_lock,
            device=self.device,
            model=self.model,
            preview_side=0,
            faces=Faces.OFF,
        )


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
    left, top, width, height = _inside(frame.face, picture, corner, scale)
    if strength <= 0 or width <= 0 or height <= 0:
        return picture
    out = picture.clone()
    here = picture[..., top : top + height, left : left + width]
    made = _over(here, frame, (corner[0] + left, corner[1] + top), scale, seed)
    out[..., top : top + height, left : left + width] = here.lerp(made, min(1.0, strength))
    return out


def _over(here: Tensor, frame: RestoredFrame, place: tuple[int, int], scale: int, seed: int) -> Tensor:
    """The surroundings of a face (1, 3, h, w) with all of the restored face in them. place: their corner in
    the finished picture of the whole photo."""
    height, width = here.shape[-2:]
    side = frame.pixels.shape[0]
    back = inverse(to_frame(frame.face.landmarks, side))
    matrix = np.hstack([back[:, :2] * scale, back[:, 2:] * scale - np.array([place]).T])
    made = torch.from_numpy(aligned(frame.pixels, matrix, (width, height)).copy()).permute(2, 0, 1)[None]
    sigma = TONES * frame.face.width * scale
    made = (made + _low(here - made, sigma)).clamp(-1, 1)
    share = ellipse(frame.face, place, (width, height), scale)
    made = made + matching_grain(made, share, here, place, seed, scale)
    return here.lerp(made, share).clamp(-1, 1)


def layer_of(
    picture: Tensor,
    number: int,
    face: Face,
    seen: Photo,
    corner: tuple[int, int],
    scale: int,
    photo: Photo,
) -> FaceLayer | None:
    """A face's place in a picture (1, 3, h, w) of the photo's model, without a version yet; None where the
    picture shows nothing of it. corner, scale: as in `blended`. photo: of whose type the result is."""
    left, top, width, height = _inside(face, picture, corner, scale)
    if width <= 0 or height <= 0:
        return None
    under = _as_pixels(picture[..., top : top + height, left : left + width], photo.grey, photo.bits)
    box = corner[0] + left, corner[1] + top, width, height
    return FaceLayer(number, box, under, (), seen.pixels)


def more_versions(
    layer: FaceLayer,
    face: Face,
    asked: FaceAsked,
    frame: int,
    scale: int,
    tone: Tone | None,
    seeds: Sequence[int],
    run: Run,
    networks: NetworkCache,
) -> Iterator[FaceLayer | None]:
    """Make versions of a face: None after each piece of work, at last the layer with them.

    frame: side of what the network makes, in pixels. scale: of the run that the layer belongs to. tone: of
    its photo. run: the engine.
    """
    grey, bits = layer.under.shape[2] == 1, 16 if layer.under.dtype == np.uint16 else 8
    # From the layer's own pixels: later versions are as those that the run made.
    here = torch.from_numpy(Photo(layer.under).to_float()).permute(2, 0, 1)[None]
    for seed in seeds:
        last: Event | None = None
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)  # networks that draw noise of their own, as GFPGAN's, draw it by the seed
            for event in run(asked.request(Photo(layer.seen), frame, seed), networks.beside):
                last = event
                yield None
        assert isinstance(last, Done)
        made = RestoredFrame(face, last.photo.to_float())
        over = _over(here, made, layer.box[:2], scale, seed)
        if tone is not None:
            over = tone.applied(over)
        version = FaceVersion(seed, _as_pixels(over, grey, bits))
        layer = replace(layer, versions=(*layer.versions, version))
    yield layer


def _as_pixels(picture: Tensor, grey: bool, bits: int) -> np.ndarray:
    """(1, 3, h, w) in [-1, 1] as a photo's (h, w, channels)."""
    point = np.zeros((1, 1, 1 if grey else 3), np.uint16 if bits == 16 else np.uint8)
    return Photo(point).with_float(picture[0].permute(1, 2, 0).numpy()).pixels


def _inside(face: Face, picture: Tensor, corner: tuple[int, int], scale: int) -> Box:
    """The box in the picture that a face's ellipse fills with its blend."""
    left, top, width, height = (side * scale for side in face.around(REACH))
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
