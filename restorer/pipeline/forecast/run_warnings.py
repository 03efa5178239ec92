"""What speaks against a run before it is begun: its enlargement, its memory, its hours. No torch here.

In: a photo's size, an enlargement, an estimate and what memory is free. Out: `Concern`s, plain data, for a
window to say before the button is pressed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from restorer.pipeline.forecast.estimates import BYTES_PER_PHOTO_PIXEL, BYTES_PER_PIXEL, RunEstimate

__all__ = ["LARGE_SCALE", "LONG_SECONDS", "Concern", "ConcernKind", "concerns", "needed_bytes"]

LARGE_SCALE = 16
"""An enlargement from which nearly all of what is seen is invented."""
LONG_SECONDS = 2 * 3600.0
"""What nobody waits for without having been told."""


class ConcernKind(str, Enum):
    """What of a run will not do, or wants to be known."""

    SCALE = "scale"
    MEMORY = "memory"
    HOURS = "hours"


@dataclass(frozen=True)
class Concern:
    """amount, limit: in the unit of its kind; enlargements, bytes or seconds. forbids: whether the engine
    would refuse the run."""

    kind: ConcernKind
    amount: float
    limit: float
    forbids: bool = False


def needed_bytes(size: tuple[int, int], scale: int) -> int:
    """Memory without which a run of a photo of `size` pixels is refused."""
    return size[0] * size[1] * (scale**2 * BYTES_PER_PIXEL + BYTES_PER_PHOTO_PIXEL)


def concerns(
    size: tuple[int, int], scale: int, estimate: RunEstimate | None = None, free: int | None = None
) -> tuple[Concern, ...]:
    """What speaks against enlarging a photo of `size` = (width, height) pixels by `scale`, gravest first.

    estimate: of this run, where there is one. free: bytes of memory that can be had, see
    `restorer.memory.free_memory`; None leaves memory out.
    """
    found = []
    if free is not None:
        least = needed_bytes(size, scale)
        wanted = max(least, estimate.memory if estimate is not None else 0)
        if wanted > free:
            found.append(Concern(ConcernKind.MEMORY, wanted, free, forbids=least > free))
    if estimate is not None and estimate.seconds > LONG_SECONDS:
        found.append(Concern(ConcernKind.HOURS, estimate.seconds, LONG_SECONDS))
    if scale >= LARGE_SCALE:
        found.append(Concern(ConcernKind.SCALE, scale, LARGE_SCALE))
    return tuple(found)
