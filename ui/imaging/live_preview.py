"""The picture of a run that goes on: the enlargement, with each tile's newest estimate in its place.

In: previews of tiles. Out: a pyramid for the window. Runs in the worker threads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from ui.imaging.qimage import resized, rgb32

if TYPE_CHECKING:
    import numpy as np

    from restorer.pipeline.events import Box


class LivePreview:
    """The whole picture as far as it is known: the enlargement, with previews pinned over it box by box."""

    def __init__(self, base: np.ndarray, size: tuple[int, int], side: int, icc: bytes | None = None) -> None:
        """`base` is (h, w, 3) uint8 for a picture of `size`; nothing larger than `side` is kept."""
        import numpy as np

        longest = max(base.shape[:2])
        if longest > side:
            reduced = [max(1, round(length * side / longest)) for length in base.shape[:2]]
            self._pixels = resized(base, reduced[1], reduced[0])
        else:
            self._pixels = np.array(base)
        self._size = size
        self._icc = icc

    def pin(self, image: np.ndarray, box: Box) -> None:
        """Lay `image`, (h, w, 3) uint8, over `box`, given in pixels of the finished picture."""
        height, width = self._pixels.shape[:2]
        across, down = width / self._size[0], height / self._size[1]
        left, top = round(box[0] * across), round(box[1] * down)
        right, bottom = round((box[0] + box[2]) * across), round((box[1] + box[3]) * down)
        right, bottom = min(max(right, left + 1), width), min(max(bottom, top + 1), height)
        if left < right and top < bottom:
            self._pixels[top:bottom, left:right] = resized(image, right - left, bottom - top)

    def image(self) -> QImage:
        """A copy to hand to the window."""
        return rgb32(self._pixels, self._icc)
