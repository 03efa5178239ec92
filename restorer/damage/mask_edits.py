"""A mask goes with its photo through desk work: turned, straightened and cropped as the photo is.

In: a mask, edits of its photo. Out: the mask of the photo after them. Edits of tones leave it as it is."""

from __future__ import annotations

import numpy as np

from restorer.damage.mask import DamageMask
from restorer.photo import Photo
from restorer.photo.edits import Crop, Edit, Straighten, Turn, applied

__all__ = ["carried"]


def carried(mask: DamageMask, edits: tuple[Edit, ...]) -> DamageMask:
    """The mask after `edits`, in their order; the same object where they move nothing."""
    moving = tuple(edit for edit in edits if isinstance(edit, Turn | Straighten | Crop))
    if not moving:
        return mask
    said = np.dstack([mask.added, mask.erased, mask.protected]).astype(np.uint8) * np.uint8(255)
    found, touched = (
        applied(Photo(pixels=np.ascontiguousarray(plane)), moving).pixels
        for plane in (mask.found[..., None], said)
    )
    added, erased, protected = (np.ascontiguousarray(touched[..., channel]) > 127 for channel in range(3))
    return DamageMask(np.ascontiguousarray(found[..., 0]), added, erased & ~added, protected)
