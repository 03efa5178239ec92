"""Repair: where a network sees damage the photo is mended, and nowhere else is it touched.

The network of repair answers with the whole picture, damage gone. What it changes by next to nothing is no
damage, so its answer is taken only where it differs clearly from the photo, and the photo's own numbers
everywhere else, to the bit.
"""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional

__all__ = ["mend", "mended_share"]

DOUBTFUL, CLEAR = 16 / 127.5, 32 / 127.5
"""Change in any colour, on [-1, 1], up to which there is no damage, and from which there certainly is."""
REACH = 2
"""Damage is this many pixels wider than what clearly changes: its soft edge."""


def mend(answer: Tensor, photo: Tensor) -> Tensor:
    """The photo with its damaged places taken from the answer; answer, photo: (1, 3, H, W) on [-1, 1], what
    the network made of the photo, and the photo."""
    change = (answer - photo).abs().amax(1, keepdim=True)
    width = 2 * REACH + 1
    sure = functional.max_pool2d(change, width, 1, REACH)
    share = ((sure - DOUBTFUL) / (CLEAR - DOUBTFUL)).clamp(0, 1)
    share = functional.avg_pool2d(share, 3, 1, 1, count_include_pad=False)
    return photo.where(share == 0, photo.lerp(answer, share))


def mended_share(mended: Tensor, photo: Tensor) -> float:
    """How much of the photo repair touched, from 0 to 1; both (1, 3, H, W)."""
    return float((mended != photo).any(1).double().mean())
