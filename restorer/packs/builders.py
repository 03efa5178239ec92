"""From a pack's kind to its network and denoiser: the one table that knows them all.

In: the kind and the config of a pack, and for some its weights. Out: the bare network, and the denoiser
around it. A new kind of pack is a new line here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from restorer.diffusion.denoiser import PREDICTIONS, RESIDUAL, ResidualDenoiser
from restorer.diffusion.discrete_schedule import DiscreteSchedule, cosine_betas, linear_betas
from restorer.diffusion.nn.adm_unet import ADMUNet, ADMUNetConfig
from restorer.diffusion.nn.damage_unet import DamageUNet, DamageUNetConfig
from restorer.diffusion.nn.sr3_unet import SR3UNet, SR3UNetConfig
from restorer.diffusion.nn.unet import UNet, UNetConfig
from restorer.diffusion.public_denoisers import ADMDenoiser, SinglePass, SR3Denoiser
from restorer.errors import PackError

__all__ = ["BUILDERS", "Builder", "Denoiser", "builder_of", "schedule_of"]

Denoiser = ResidualDenoiser | SR3Denoiser | ADMDenoiser | SinglePass
"""What the engine runs: each has a `stride`, an `enlarge(low, scale)`, and answers
(x, sigma, enlarged, s, told) with an `Estimate`."""


@dataclass(frozen=True)
class Builder:
    """network: from config (and weights) to a network with parameters of the right names and shapes; called
    under
    `torch.device("meta")` first. denoiser: from network and config to the denoiser."""

    network: Callable[[Mapping[str, Any], Mapping[str, Tensor]], nn.Module]
    denoiser: Callable[[Any, Mapping[str, Any]], Denoiser | DamageUNet]


def schedule_of(config: Mapping[str, Any]) -> DiscreteSchedule:
    """The training schedule that a pack's config describes."""
    schedule = config["schedule"]
    if schedule["name"] == "cosine":
        return DiscreteSchedule(cosine_betas(int(schedule["steps"])))
    if schedule["name"] == "linear":
        betas = linear_betas(int(schedule["steps"]), float(schedule["start"]), float(schedule["end"]))
        return DiscreteSchedule(betas)
    return DiscreteSchedule(schedule["betas"])


def _upscaler(config: Mapping[str, Any], weights: Mapping[str, Tensor]) -> nn.Module:
    from restorer.packs.single_pass import answering, describe

    with torch.device("cpu"):
        return answering(describe(dict(weights), str(config["name"])))


def _own(network: nn.Module, config: Mapping[str, Any]) -> ResidualDenoiser:
    return PREDICTIONS[config.get("predicts", RESIDUAL)](network, float(config["sigma_data"]))


OURS = Builder(lambda config, _: UNet(UNetConfig(**config["network"])), _own)

BUILDERS: dict[str, Builder] = {
    "photo-sr": OURS,
    "face-sr": OURS,
    "photo-repair": OURS,
    "photo-fill": OURS,
    "damage-finder": Builder(
        lambda config, _: DamageUNet(DamageUNetConfig(**config["network"])),
        lambda network, _: network,  # which is no denoiser, and asked as it is
    ),
    "cdm-base": OURS,
    "cdm-sr": OURS,
    "sr3-eps": Builder(
        lambda config, _: SR3UNet(SR3UNetConfig(**config["network"])),
        lambda network, _: SR3Denoiser(network),
    ),
    "adm-base": Builder(
        lambda config, _: ADMUNet(ADMUNetConfig(**config["network"])),
        lambda network, config: ADMDenoiser(network, schedule_of(config)),
    ),
    "adm-sr": Builder(
        lambda config, _: ADMUNet(ADMUNetConfig(**config["network"])),
        lambda network, config: ADMDenoiser(network, schedule_of(config)),
    ),
    "single-pass": Builder(
        _upscaler,
        lambda network, config: SinglePass(
            network, int(config["scale"]), int(config["network"].get("multiple", 1))
        ),
    ),
}


def builder_of(kind: str, name: str) -> Builder:
    """The builder for a kind of pack. Raises PackError for one that this version does not know."""
    if kind not in BUILDERS:
        raise PackError(
            f"The model pack {name} is of a kind {kind!r} that this version of Restorer does not "
            "know; update the app or remove the pack."
        )
    return BUILDERS[kind]
