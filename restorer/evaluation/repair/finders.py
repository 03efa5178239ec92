"""What `restorer evaluate find` compares: ways to find damage, each from a photo to a mask of confidences.

network  the installed network that finds damage, or the pack that is named
search   lines and specks, without a network
repair   the network of `--repair`, which marks nothing: what it changes counts as found
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch.nn import functional

from restorer.damage.classical_finder import search_damage
from restorer.damage.mask import DamageMask
from restorer.damage.network_finder import find_damage
from restorer.device import Device
from restorer.errors import RequestError
from restorer.packs import catalog, loader
from restorer.packs.pack import Pack
from restorer.photo import Photo
from restorer.pipeline.repair import mend

__all__ = ["METHODS", "Finder", "of_network", "of_repair", "of_search"]

Finder = Callable[[Photo], DamageMask]

HALF = 24.0
"""Grey levels of change at which damage is as likely as not, and twice as many for certain. Repair itself
begins to change a photo at 8 and to replace it at 16."""


def of_network(device: Device, model: str | None = None) -> Finder:
    """The network that finds damage. Raises RequestError if there is none, PackError for a damaged pack."""
    pack = catalog.finder() if model is None else catalog.named(model)
    if pack is None:
        raise RequestError("No installed model finds damage; train one (restorer train photo) and export it.")
    network = loader.load_finder(pack, device)
    return lambda photo: find_damage(photo, network, device)


def of_repair(device: Device, model: str | None = None) -> Finder:
    """What the network of repair changes. Raises as `of_network`."""
    pack = catalog.mender() if model is None else catalog.named(model)
    if pack is None:
        raise RequestError("No installed model mends damage; install one.")
    return lambda photo: DamageMask.of(_confidence(photo, _mended(photo, pack, device)))


def of_search(device: Device, model: str | None = None) -> Finder:
    """The search without a network; it needs neither."""
    return search_damage


METHODS: dict[str, Callable[[Device, str | None], Finder]] = {
    "network": of_network,
    "search": of_search,
    "repair": of_repair,
}
"""Each takes the device and the name of a pack, or None for the installed one."""


def _confidence(photo: Photo, mended: np.ndarray) -> np.ndarray:
    """(H, W) uint8 from the photo and (H, W, 3) float32 in [-1, 1] that replaces it."""
    change = 127.5 * np.abs(mended - photo.to_float()).max(axis=2)
    return np.asarray((change * np.float32(127.5 / HALF)).clip(0, 255).round(), np.uint8)


@torch.inference_mode()
def _mended(photo: Photo, pack: Pack, device: Device) -> np.ndarray:
    """The photo after all passes of repair, (H, W, 3) float32 in [-1, 1], looked at as a whole."""
    denoiser = loader.load(pack, device)
    settings = catalog.settings(pack, "balanced")
    picture = torch.from_numpy(np.ascontiguousarray(photo.to_float().transpose(2, 0, 1)))[None]
    height, width = picture.shape[-2:]
    padding = (0, -width % denoiser.stride, 0, -height % denoiser.stride)
    generator = torch.Generator().manual_seed(0)
    for _ in range(pack.passes):
        shown = functional.pad(picture, padding, mode="replicate")
        noise = torch.randn(shown.shape, generator=generator)
        x = (shown + settings.start * settings.sigma_max * noise).to(device.torch)
        level = torch.full((1,), settings.sigma_max, device=device.torch)
        answer = denoiser(x, level, shown.to(device.torch), torch.zeros_like(level)).clean
        picture = mend(answer[..., :height, :width].float().cpu(), picture)
    return np.asarray(picture[0].permute(1, 2, 0).numpy())
