"""Damage of a photo, found and filled in the engine's thread.

In: a photo; for filling, what is marked. Out: confidences that lie over the photo, or the photo with what is
marked filled, as a result of which nothing else has changed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.workers.engine_tasks import EngineRun, EngineTask

if TYPE_CHECKING:
    import numpy as np

    from restorer.damage.mask import DamageMask
    from restorer.damage.photo_repair import Filled
    from restorer.photo import Photo
    from restorer.pipeline.events import Done
    from restorer.pipeline.network_cache import NetworkCache
    from ui.imaging.pyramid import Pyramid


class _CancelledError(Exception):
    """Nobody wants to know any more."""


@dataclass(frozen=True, eq=False)
class DamageFound:
    """found: (H, W) uint8 confidences. by_network: whether a model found it."""

    found: np.ndarray
    by_network: bool


@dataclass(frozen=True, eq=False)
class DamageFilled:
    """The photo, filled, and the two pictures of a comparison."""

    done: Done
    before: Pyramid
    after: Pyramid


@dataclass(frozen=True, eq=False)
class DamageFilling:
    """What of a photo is filled. thoroughness: as in `restorer.damage.mask`."""

    mask: DamageMask
    thoroughness: float
    seed: int

    def of(self, photo: Photo, device: str) -> Filled:
        """The photo, filled. Raises RequestError if all of it is marked, PackError."""
        from restorer.damage.photo_repair import filled
        from restorer.device import choose

        return filled(photo, self.mask, self.thoroughness, choose(device), self.seed)


@dataclass(frozen=True, eq=False)
class FindTask(EngineTask):
    """Find the damage of a photo; the answer is a `DamageFound`."""

    photo: Photo

    def answers(self, run: EngineRun, networks: NetworkCache) -> Iterator[object]:
        from restorer.damage.photo_repair import found_by_any
        from restorer.device import choose
        from restorer.packs import catalog

        def told(_share: float) -> None:
            if self.cancelled.is_set():
                raise _CancelledError

        yield None
        try:
            mask, _ = found_by_any(self.photo, choose(self.device), told)
        except _CancelledError:
            return
        yield DamageFound(mask.found, catalog.finder() is not None)


@dataclass(frozen=True, eq=False)
class FillTask(EngineTask):
    """Fill what is marked, and change nothing else; the answer is a `DamageFilled`."""

    photo: Photo
    filling: DamageFilling

    def answers(self, run: EngineRun, networks: NetworkCache) -> Iterator[object]:
        from restorer import __version__
        from restorer.damage.filled_pixels import FilledPixels
        from restorer.device import choose
        from restorer.pipeline.events import Done
        from ui.imaging.pyramid import photo_pyramid

        yield None
        begun = time.perf_counter()
        filled = self.filling.of(self.photo, self.device)
        facts: dict[str, str | int | float] = {
            "Software": f"Restorer {__version__}",
            "Scale": 1,
            "Seed": self.filling.seed,
            "Source": self.photo.name,
            **filled.facts,
        }
        width, height = self.photo.size
        done = Done(
            filled.photo,
            str(filled.facts["RepairFill"]),
            self.filling.seed,
            str(choose(self.device).torch),
            0,
            time.perf_counter() - begun,
            width * height / 1e6,
            0.0,
            facts,
            mended=FilledPixels.between(self.photo, filled.photo),
        )
        yield DamageFilled(done, photo_pyramid(self.photo), photo_pyramid(filled.photo))
