"""Pairs of pictures for a study: an original, and what the installed model makes of a small copy of it.

In: files of originals. Out: a `StudyPair` each, or a sentence that says why a file gives none. This is the
two-alternative forced choice of SR3 (section 4.3): of the two pictures people say which one is from a camera.
A photo is shown as its middle square, reduced; a face in the frame that face networks see, where it has as
many pixels as they make.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from restorer.errors import PhotoError, RequestError
from restorer.files.walk import Trouble, walk
from restorer.packs import catalog
from restorer.photo import PHOTO_SUFFIXES, Photo, read_photo
from restorer.photo.colour import pixels_to_srgb
from restorer.photo.face_frame import aligned, to_frame
from restorer.photo.faces import find_faces
from restorer.pipeline.events import Done, Event
from restorer.pipeline.faces.restoration import seen_side
from restorer.pipeline.network_cache import NetworkCache
from restorer.pipeline.request import Faces, RestoreRequest
from restorer.pipeline.study.subject import StudyPair, Subject

__all__ = ["LEAST", "SIDE", "made_pair", "originals", "split"]

SIDE = 512
"""Most pixels of a side of a photo's picture."""
LEAST = 128
"""Fewest pixels of it: what is smaller shows no more than a thumbnail."""
SCALE = 4
"""By which a photo is reduced, where a model enlarges by as much."""
FRAME_SCALE = 8
"""By which a face is reduced for networks that take it at the size that they make."""

Run = Callable[[RestoreRequest, NetworkCache], Iterator[Event]]


def originals(folder: Path) -> list[Path]:
    """The photos in a folder and below it, in the order of their names. Raises PhotoError if there are
    none."""
    found = [
        path
        for path in walk(folder)
        if not isinstance(path, Trouble) and path.suffix.lower() in PHOTO_SUFFIXES
    ]
    if not found:
        raise PhotoError(f"There are no photos in {folder}; choose a folder of originals.")
    return sorted(found)


def made_pair(
    path: Path, subject: Subject, seed: int, run: Run, networks: NetworkCache, device: str = "auto"
) -> Iterator[StudyPair | None]:
    """Make the pair of one original: None after each piece of work, at last the pair.

    run: the engine. Raises PhotoError where the file gives no pair, with the sentence that says why;
    RequestError or PackError where no model can make one.
    """
    photo = read_photo(path)
    if subject is Subject.FACES:
        pack = catalog.face_restorer()
        scale, reduced_by = pack.scale, pack.scale if pack.scale > 1 else FRAME_SCALE
        camera = _face(photo, pack.frame)
        model: str | None = pack.name
    else:
        scales = catalog.available_scales()
        if not scales:
            raise RequestError("No installed model enlarges photos; install one first.")
        scale = reduced_by = SCALE if SCALE in scales else scales[-1]
        camera, model = _middle(photo, scale), None
    yield None
    small = split(camera, reduced_by)
    asked = _enlarged(small, camera.shape[0] // scale) if scale != reduced_by else small
    request = RestoreRequest(
        Photo(asked),
        scale=scale,
        clean_up=0.0,  # the small copy is clean, as in the paper
        seed=seed,
        device=device,
        model=model,
        preview_side=0,
        faces=Faces.OFF,
    )
    done: Event | None = None
    for event in run(request, networks if model is None else networks.beside):
        done = event
        yield None
    assert isinstance(done, Done)
    facts, made = done.provenance, _eight_bits(done.photo)
    yield StudyPair(path.name, camera, made, small, str(facts["Model"]), str(facts["ModelSHA256"]))


def split(camera: np.ndarray, by: int) -> np.ndarray:
    """The small copy (h / by, w / by, 3) of a picture, bicubic, as networks are trained."""
    height, width = camera.shape[:2]
    small = Image.fromarray(camera).resize((width // by, height // by), Image.Resampling.BICUBIC)
    return np.asarray(small)


def _enlarged(small: np.ndarray, side: int) -> np.ndarray:
    return np.asarray(Image.fromarray(small).resize((side, side), Image.Resampling.BICUBIC))


def _middle(photo: Photo, scale: int) -> np.ndarray:
    """The middle square, reduced to SIDE pixels where it has more, of a whole number of `scale` pixels."""
    pixels = _eight_bits(photo)
    height, width = pixels.shape[:2]
    side = min(height, width)
    if side < LEAST:
        raise PhotoError(f"{photo.name} is too small for the study: its sides are below {LEAST} pixels.")
    side = side if side >= SIDE else side // scale * scale
    top, left = (height - side) // 2, (width - side) // 2
    square = np.ascontiguousarray(pixels[top : top + side, left : left + side])
    if side <= SIDE:
        return square
    whole = SIDE // scale * scale
    return np.asarray(Image.fromarray(square).resize((whole, whole), Image.Resampling.LANCZOS))


def _face(photo: Photo, frame: int) -> np.ndarray:
    """The largest face in its frame; it must have as many pixels, for what is enlarged is no original."""
    faces = find_faces(photo)
    face = max(faces, key=lambda face: face.width, default=None)
    if face is None or seen_side(face) < frame:
        raise PhotoError(f"{photo.name} shows no face that is large enough for the study.")
    square = aligned(_eight_bits(photo), to_frame(face.landmarks, frame), (frame, frame))
    return np.ascontiguousarray(square)


def _eight_bits(photo: Photo) -> np.ndarray:
    """(H, W, 3) uint8 in sRGB: that a profile is missing on one of two pictures must not tell them apart."""
    pixels = photo.spread().pixels
    if pixels.dtype == np.uint16:
        pixels = ((pixels.astype(np.uint32) * 255 + 32767) // 65535).astype(np.uint8)
    pixels = pixels_to_srgb(pixels, photo.icc)
    return np.ascontiguousarray(np.repeat(pixels, 3, 2) if pixels.shape[2] == 1 else pixels)
