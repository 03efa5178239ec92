"""Loaded networks, kept from one run to the next: a folder of photos loads its model once.

In: packs and a device. Out: their denoisers, those of the run before where nothing has changed. Only what
the newest run asked for is kept. One `NetworkCache` belongs to one thread, for a run may change its networks
(the class they are shown, the device they are on).

Loading for every photo would cost more than time: safetensors 0.8 keeps some kilobytes of each file that it
has read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from restorer.errors import ResultError
from restorer.packs import loader
from restorer.packs.pack import WEIGHTS
from restorer.pipeline.memory_fallback import make_room

if TYPE_CHECKING:
    from restorer.device import Device
    from restorer.packs.builders import Denoiser
    from restorer.packs.pack import Pack

__all__ = ["NetworkCache"]


class NetworkCache:
    """Keeps denoisers. A pack whose files have changed is loaded, and checked, anew."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], Denoiser] = {}
        self._beside: NetworkCache | None = None

    @property
    def beside(self) -> NetworkCache:
        """A second cache, for the networks of faces: they take turns with those of photos."""
        if self._beside is None:
            self._beside = NetworkCache()
        return self._beside

    def load(self, packs: Iterable[Pack], device: Device) -> dict[str, Denoiser]:
        """The denoisers of some packs on a device, by the packs' names. Raises PackError."""
        wanted = {pack.name: pack for pack in packs}
        keys = {name: _key(pack, device) for name, pack in wanted.items()}
        # What goes is let go first: two large networks need not fit beside each other.
        self._kept = {key: self._kept[key] for key in keys.values() if key in self._kept}
        for name, pack in wanted.items():
            if keys[name] not in self._kept:
                self._kept[keys[name]] = loader.load(pack, device)
        return {name: self._kept[key] for name, key in keys.items()}

    def load_where_it_fits(
        self, packs: Iterable[Pack], device: Device
    ) -> tuple[dict[str, Denoiser], Device, str]:
        """As `load`, but on the processor where another device's memory is full already.

        Returns the denoisers, the device that they are on, and a sentence where that is not the one asked
        for. Raises PackError, or ResultError where the processor's memory is full, too.
        """
        from restorer.device import out_of_memory

        packs = tuple(packs)
        try:
            return self.load(packs, device), device, ""
        except (RuntimeError, MemoryError) as error:
            if not out_of_memory(error):
                raise
        self.clear()
        loading = _Loading(device)
        sentence = make_room(loading)
        loaded, processor, _ = self.load_where_it_fits(packs, loading.device)
        return loaded, processor, sentence

    def clear(self) -> None:
        """Keep none: memory is short, or a run has left them in another state."""
        self._kept.clear()
        if self._beside is not None:
            self._beside.clear()


class _Loading:
    """Networks that are being loaded: nothing about them can be smaller."""

    def __init__(self, device: Device) -> None:
        self.device = device

    def smaller(self) -> str:
        return ""

    def to_processor(self, before: str) -> str:
        return f"{before} has no memory left for the network; going on with the processor, which is slower."

    def too_large(self) -> ResultError:
        return ResultError("There is not enough memory for the network; close other programs and try again.")


def _key(pack: Pack, device: Device) -> tuple[object, ...]:
    stamp = loader.stamp_of(pack.folder / WEIGHTS)
    return str(pack.folder), pack.sha256, stamp, str(device.torch), device.dtype
