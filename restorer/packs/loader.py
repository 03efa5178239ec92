"""Weights of model packs: verified, and loaded into their networks.

In: a `Pack` and a device. Out: its denoiser. A pack whose weights do not have the hash or the shapes that its
config promises is refused. torch is imported only where a network is built.
"""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from restorer import paths
from restorer.errors import PackError
from restorer.packs.pack import CONFIG, WEIGHTS, Pack

if TYPE_CHECKING:
    from torch import nn

    from restorer.device import Device
    from restorer.diffusion.nn.damage_unet import DamageUNet
    from restorer.packs.builders import Denoiser

SETTLED_SECONDS = 2.0
"""A file younger than this may change once more within the same tick of its disk's clock."""
Stamp = tuple[int, int, int]
_hashes: dict[Path, tuple[Stamp, str]] = {}


def hash_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal. Raises OSError; what is no plain file might never end."""
    paths.check_plain(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stamp_of(path: Path) -> Stamp | None:
    """What changes when a file is written to or replaced: its size and two times of it in nanoseconds; None
    where there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _known_hash(path: Path) -> str:
    """`hash_of`, computed once in a process as long as the file stays what it was. Raises OSError."""
    stamp = stamp_of(path)
    known = _hashes.get(path)
    if known is not None and known[0] == stamp:
        return known[1]
    found = hash_of(path)
    if stamp is not None and stamp == stamp_of(path) and time.time() - stamp[1] / 1e9 > SETTLED_SECONDS:
        _hashes[path] = stamp, found
    return found


def load(pack: Pack, device: Device, *, afresh: bool = False) -> Denoiser:
    """The pack's denoiser on a device, in the precision that is fast there, ready to evaluate.

    afresh: read the weights to compute their hash even if this process has done so and their file has not
        changed since.
    Raises PackError if the weights are missing, have another hash, or do not fit the network; the sentence
    names the tensor. So does a pack that finds damage: it has no denoiser.
    """
    from restorer.diffusion.nn.damage_unet import DamageUNet

    loaded = _load(pack, device, afresh)
    if isinstance(loaded, DamageUNet):
        raise PackError(f"The model {pack.name} finds damage and makes no pictures; choose another.")
    return loaded


def load_finder(pack: Pack, device: Device, *, afresh: bool = False) -> DamageUNet:
    """The network of a pack that finds damage, as `load` loads others. Raises PackError."""
    from restorer.diffusion.nn.damage_unet import DamageUNet

    loaded = _load(pack, device, afresh)
    if not isinstance(loaded, DamageUNet):
        raise PackError(f"The model {pack.name} does not find damage; choose another.")
    return loaded


def _load(pack: Pack, device: Device, afresh: bool) -> Denoiser | DamageUNet:
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    from restorer.packs.builders import builder_of

    builder = builder_of(pack.kind, pack.name)
    path = pack.folder / WEIGHTS
    again = f"install the pack {pack.name} again"
    told = pack.config["weights"].get("bytes")
    try:
        # The size first: what has another one may be endless, and need not be read to be refused.
        if (told and path.stat().st_size != told) or (
            hash_of(path) if afresh else _known_hash(path)
        ) != pack.sha256:
            raise PackError(
                f"The weights of the model pack {pack.name} are damaged or were changed (wrong SHA-256); "
                f"{again}."
            )
        weights = load_file(path)
    except OSError as error:
        raise PackError(
            f"The weights {WEIGHTS} of the model pack {pack.name} cannot be read ({error.strerror}); {again}."
        ) from error
    except SafetensorError as error:
        raise PackError(
            f"The weights of the model pack {pack.name} are not a safetensors file ({error}); {again}."
        ) from error
    try:
        with torch.device("meta"):
            network = builder.network(pack.config, weights)
    except (KeyError, TypeError, AssertionError, IndexError, RuntimeError, ValueError) as error:
        raise PackError(
            f"The network described in the {CONFIG} of the pack {pack.name} cannot be built ({error}); "
            f"{again}."
        ) from error
    expected = network.state_dict()
    for key in sorted(expected.keys() | weights.keys()):
        if key not in weights:
            raise PackError(f"The weights of the pack {pack.name} lack the tensor {key}; {again}.")
        if key not in expected:
            raise PackError(
                f"The weights of the pack {pack.name} have a tensor {key} that its network does not know; "
                f"{again}."
            )
        if weights[key].shape != expected[key].shape:
            raise PackError(
                f"The tensor {key} of the pack {pack.name} has shape {tuple(weights[key].shape)} "
                f"where its network has {tuple(expected[key].shape)}; {again}."
            )
        if not torch.isfinite(weights[key]).all():
            raise PackError(
                f"The tensor {key} of the pack {pack.name} has values that are not numbers; {again}."
            )
    if any(buffer.is_meta for buffer in network.buffers()):  # what is no weight must be computed
        network = builder.network(pack.config, weights)
    # Assigned, not copied: a large network is in memory once.
    network.load_state_dict({key: value.float() for key, value in weights.items()}, assign=True)
    network = placed(network, device)
    try:
        denoiser = builder.denoiser(network.eval().requires_grad_(False), pack.config)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise PackError(
            f"The network described in the {CONFIG} of the pack {pack.name} cannot be built ({error}); "
            f"{again}."
        ) from error
    return denoiser.to(device.torch)


def placed(network: nn.Module, device: Device) -> nn.Module:
    """The network on its device, laid out with the channels of a place beside each other, as is fastest.

    torch refuses that for a network with a weight of five axes, such as GFPGAN's, which then stays as it is.
    """
    import torch

    network = network.to(device=device.torch, dtype=device.dtype)
    if any(tensor.dim() == 5 for tensor in (*network.parameters(), *network.buffers())):
        return network
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]
