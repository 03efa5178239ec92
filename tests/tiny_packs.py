"""A cascade of tiny networks of random weights, whole: base, two enlargements, two classes and one more."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
from pathlib import Path
from typing import Any

NAMES = ("cottage", "fountain", "windmill")
BASE, UP = "tiny-base", "tiny-up"


def write_cascade(folder: Path, names: tuple[str, ...] = NAMES) -> Path:
    """Packs `tiny-base` (32 pixels) and `tiny-up` (to 64 and 128) into a folder of packs; returns it."""
    import torch
    from PIL import Image

    from restorer.diffusion.nn.unet import UNetConfig

    shape = {"channels": (8, 12), "blocks_down": 1, "blocks_up": 2, "embedding": 16}
    _pack(
        folder / BASE,
        UNetConfig(block=2, told=len(names), conditioned=False, attention=(1,), **shape),
        {"kind": "cdm-base", "scale": 1, "sides": [32], "sigma_data": 0.5, "cascade": [UP], "local": False},
        {"steps": 3, "sigma_max": 40.0, "sigma_min": 0.02, "sampler": "heun"},
        names,
    )
    _pack(
        folder / UP,
        UNetConfig(block=4, told=len(names) + 1, **shape),
        {"kind": "cdm-sr", "scale": 2, "sides": [64, 128], "sigma_data": 0.12, "s": [0.1, 0.05]},
        {"steps": 2, "sigma_max": 1.0, "sigma_min": 0.05},
        names,
    )
    samples = folder / BASE / "samples"
    samples.mkdir()
    for label in range(len(names) - 1):  # one class goes without a picture
        colour = tuple(
            int(v) for v in torch.randint(255, (3,), generator=torch.Generator().manual_seed(label))
        )
        Image.new("RGB", (32, 32), colour).save(samples / f"{label:04d}.webp")
    return folder


def _pack(
    folder: Path, shape: Any, facts: dict[str, Any], preset: dict[str, Any], names: tuple[str, ...]
) -> None:
    presets = {name: preset for name in ("draft", "balanced", "best")}
    write_pack(folder, shape, facts | {"classes": list(names), "margin": 0, "presets": presets})


def write_pack(folder: Path, shape: Any, facts: dict[str, Any]) -> Path:
    """A real pack with a tiny network of fixed random weights, wide enough in effect that every step changes
    the picture. shape: a `UNetConfig`; facts: the rest of its config. Returns the folder."""
    weights = _random_weights(shape)
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(weights)
    stored = {"sha256": hashlib.sha256(weights).hexdigest(), "bytes": len(weights), "dtype": "float32"}
    description = {"format": 1, "name": folder.name, **facts, "weights": stored}
    description["network"] = dataclasses.asdict(shape)
    (folder / "config.json").write_text(json.dumps(description), "utf-8")
    return folder


@functools.cache
def _random_weights(shape: Any) -> bytes:
    """The file of a network's weights, made once in a process: a thousand tests have the same few packs."""
    import torch
    from safetensors.torch import save

    from restorer.diffusion.nn.unet import UNet

    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(7)
        network = UNet(shape)
        for parameter in network.parameters():
            if parameter.ndim > 1:
                torch.nn.init.normal_(parameter, std=0.6 / parameter[0].numel() ** 0.5)
    return save(network.state_dict())


def write_finder() -> None:
    """A real pack of a tiny network, whose weights were set so that it finds what is nearly white."""
    import torch
    from safetensors.torch import save_file

    from restorer import paths
    from restorer.diffusion.nn.damage_unet import DamageUNet, DamageUNetConfig
    from restorer.packs.loader import hash_of

    shape = {"channels": [8, 8, 8], "around": [8, 8], "blocks": 1}
    network = DamageUNet(DamageUNetConfig(**shape))  # type: ignore[arg-type]
    for parameter in network.parameters():
        torch.nn.init.zeros_(parameter)
    with torch.no_grad():
        # How much brighter a block of 2 x 2 pixels is than the one to its left, beside a 1 for the norm.
        network.detail.enter.weight[0, :, 1, 1] = 1 / 12
        network.detail.enter.weight[0, :, 1, 0] = -1 / 12
        network.detail.enter.bias[1] = 1
        network.detail.merge[0].weight[0, 8] = network.detail.merge[0].weight[1, 9] = 1
        network.leave_norm.gain.fill_(1)
        network.leave.weight[:, 0, 1, 1] = 8
        network.leave.bias.fill_(-10)
    folder = paths.packs_dir() / "finds-edges"
    folder.mkdir(parents=True)
    save_file(network.state_dict(), folder / "model.safetensors")
    size = (folder / "model.safetensors").stat().st_size
    weights = {"sha256": hash_of(folder / "model.safetensors"), "bytes": size}
    facts = {
        "format": 1,
        "name": "finds-edges",
        "kind": "damage-finder",
        "scale": 1,
        "margin": 64,
        "presets": {},
    }
    config = json.dumps({**facts, "network": shape, "weights": weights})
    (folder / "config.json").write_text(config, "utf-8")
