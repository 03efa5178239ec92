"""What the strip of faces shows of a result: each face before, without its restoration, and as every seed
made it.

In: the photo, its result, versions that were made since. Out: small pictures for the screen; the strip mixes
them itself while a slider moves. Made in the thread of the finish.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from restorer.opencv import opencv
from restorer.pipeline.events import FaceResult, Treatment
from ui.imaging.pyramid import part_image

if TYPE_CHECKING:
    import numpy as np
    from PySide6.QtGui import QImage

    from restorer.photo import Photo
    from restorer.pipeline.events import Box, Done
    from restorer.pipeline.faces.layers import FaceLayer

SIDE = 192
"""Most pixels of a picture's side."""
AROUND = 1.5
"""What of a face that was not restored is shown, in its size."""


@dataclass(frozen=True, eq=False)
class FacePicture:
    """A face. before: in the photo, plainly enlarged. after: as the result has it without a face model.
    versions: (seed, picture with all of that version); empty where it was not restored. spread: how far the
    seeds disagree, in grey levels of 255; None where there are not several."""

    result: FaceResult
    before: QImage
    after: QImage
    versions: tuple[tuple[int, QImage], ...] = ()
    spread: float | None = None


@dataclass(frozen=True, eq=False)
class FacePictures:
    """Those of one result, largest face first."""

    done: Done
    faces: tuple[FacePicture, ...]


def face_pictures(photo: Photo, done: Done, more: tuple[FaceLayer, ...]) -> FacePictures:
    """The faces of a result that were restored or protected."""
    from restorer.pipeline.faces.layers import merged, spread

    layers = {layer.number: layer for layer in merged(done.face_layers, more)}
    made = []
    for result in done.faces:
        layer = layers.get(result.number)
        if layer is not None:
            picture = FacePicture(
                result,
                _before(photo, done.photo, layer.box),
                _shown(done.photo, layer.under, layer.box),
                tuple((each.seed, _shown(done.photo, each.pixels, layer.box)) for each in layer.versions),
                spread(layer),
            )
        elif result.treatment is Treatment.PROTECTED:
            box = _around(result, photo, done.photo)
            left, top, width, height = box
            there = done.photo.pixels[top : top + height, left : left + width]
            picture = FacePicture(result, _before(photo, done.photo, box), _shown(done.photo, there, box))
        else:
            continue
        made.append(picture)
    return FacePictures(done, tuple(made))


def _around(result: FaceResult, photo: Photo, made: Photo) -> Box:
    """The surroundings of a face in the result's pixels."""
    scale = made.size[0] // photo.size[0]
    left, top, width, height = result.face.around(AROUND)
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(photo.size[0], left + width), min(photo.size[1], top + height)
    return x0 * scale, y0 * scale, max(1, x1 - x0) * scale, max(1, y1 - y0) * scale


def _before(photo: Photo, made: Photo, box: Box) -> QImage:
    """The photo in a box of the result, plainly enlarged."""
    scale = made.size[0] // photo.size[0]
    left, top, width, height = (side // scale for side in box)
    there = photo.pixels[top : top + max(1, height), left : left + max(1, width)]
    return _shown(photo, there, (left, top, there.shape[1], there.shape[0]))


def _shown(photo: Photo, pixels: np.ndarray, box: Box) -> QImage:
    """A part of a photo, its longer side SIDE pixels."""
    import numpy as np

    cv = opencv()
    height, width = pixels.shape[:2]
    factor = SIDE / max(height, width)
    size = max(1, round(width * factor)), max(1, round(height * factor))
    how = cv.INTER_AREA if factor < 1 else cv.INTER_CUBIC
    resized = np.asarray(cv.resize(np.ascontiguousarray(pixels), size, interpolation=how))
    return part_image(photo, resized.reshape(size[1], size[0], -1), box)
