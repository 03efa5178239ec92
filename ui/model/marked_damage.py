"""What of a photo is marked as damage, as its history holds it.

In: confidences of what was found, strokes of a brush, a mask file. Out: an immutable value, of which a
photo's snapshots hold one each. Its pixels lie in memory, or in a file beside those of results
(`ui.workers.result_store`), so that a restart and a crash lose none. No widget.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ui.model.result import Result

if TYPE_CHECKING:
    import numpy as np

    from restorer.damage.mask import DamageMask
    from restorer.photo import Photo
    from restorer.photo.edits import Edit

__all__ = ["ADDED", "ERASED", "PROTECTED", "MarkedDamage", "MaskPlanes"]

ADDED, ERASED, PROTECTED = 1, 2, 4
"""Bits of what a person said of a pixel."""


class MaskPlanes:
    """The pixels of a mask. record: holds them like a result, so that the same files and the same thread keep
    them; found is its only channel, said its opacity."""

    def __init__(self, record: Result) -> None:
        self.record = record

    @classmethod
    def of(cls, found: np.ndarray, said: np.ndarray) -> MaskPlanes:
        """found: (H, W) uint8 confidences. said: (H, W) uint8 of the bits above."""
        from restorer.photo import Photo
        from restorer.pipeline.events import Done

        return cls(Result(Done(Photo(found[..., None], said), "", 0, "", 0, 0.0, 0.0, 0.0, {})))

    def read(self) -> tuple[np.ndarray, np.ndarray]:
        """(found, said). Raises PhotoError where they lie in a file that is gone or damaged."""
        from ui.workers.result_store import fetched

        if self.record.done is None:
            self.record.done = fetched(self.record.in_memory_or_stored)
        photo = self.record.done.photo
        assert photo.alpha is not None, "a mask has its bits there"
        return photo.pixels[..., 0], photo.alpha


@dataclass(frozen=True, eq=False)
class MarkedDamage:
    """planes: the pixels, which several values share. thoroughness: from 0, cautious, to 1, see
    `restorer.damage.mask`. seed: of the filling."""

    planes: MaskPlanes
    thoroughness: float
    seed: int = 0

    @classmethod
    def none(cls, size: tuple[int, int]) -> MarkedDamage:
        """Of a photo of (width, height) of which nothing is marked yet."""
        import numpy as np

        from restorer.damage.mask import USUAL

        shape = size[1], size[0]
        return cls(MaskPlanes.of(np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)), USUAL)

    @classmethod
    def of(cls, mask: DamageMask, thoroughness: float, seed: int = 0) -> MarkedDamage:
        """A mask of the engine's, or of a file."""
        import numpy as np

        said = (mask.added * np.uint8(ADDED)) | (mask.erased * np.uint8(ERASED))
        return cls(
            MaskPlanes.of(mask.found, said | (mask.protected * np.uint8(PROTECTED))), thoroughness, seed
        )

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels; known without the pixels."""
        stored = self.planes.record.stored
        if self.planes.record.done is None and stored is not None:
            return stored.shape[1], stored.shape[0]
        return self.planes.record.figures.photo.size

    def mask(self) -> DamageMask:
        """As the engine takes it, and as files hold it. Raises PhotoError as `MaskPlanes.read`."""
        from restorer.damage.mask import DamageMask

        found, said = self.planes.read()
        erased = (said & (ADDED | ERASED)) == ERASED
        return DamageMask(found, (said & ADDED) > 0, erased, (said & PROTECTED) > 0)

    @property
    def marks(self) -> bool:
        """Whether anything is to be filled. Raises PhotoError as `MaskPlanes.read`."""
        from restorer.damage.mask import least_confidence

        found, said = self.planes.read()
        wanted = (found >= least_confidence(self.thoroughness)) & ((said & (ERASED | PROTECTED)) == 0)
        return bool(wanted.any() or ((said & (ADDED | PROTECTED)) == ADDED).any())

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing at all of the photo. Raises PhotoError as `MaskPlanes.read`."""
        found, said = self.planes.read()
        return not found.any() and not said.any()

    def with_said(self, said: np.ndarray) -> MarkedDamage:
        """The same finds with other strokes."""
        return replace(self, planes=MaskPlanes.of(self.planes.read()[0], said))

    def with_found(self, found: np.ndarray) -> MarkedDamage:
        """The same strokes over other finds."""
        return replace(self, planes=MaskPlanes.of(found, self.planes.read()[1]))

    def after(self, edits: tuple[Edit, ...]) -> MarkedDamage:
        """The mask of the photo after edits of it. Raises PhotoError as `MaskPlanes.read`."""
        from restorer.damage.mask_edits import carried

        before = self.mask()
        moved = carried(before, edits)
        return self if moved is before else MarkedDamage.of(moved, self.thoroughness, self.seed)

    def fits(self, photo: Photo | None) -> bool:
        """Whether it is of a photo of this size."""
        return photo is not None and photo.size == self.size
