"""Checkpoints of the public SR3 code (`I…_E…_gen.pth`): faces from 16 to 128 and from 64 to 512 pixels.

Known by `denoise_fn.noise_level_mlp.1.weight`. The sequence `downs.N` says everything about the shape: a
convolution by itself closes a level. The training schedule comes from `betas`; the other buffers follow from
it and are not kept. The file cannot say how many groups its normalisations have, nor how much smaller the
photos were that it learned from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import torch
from torch import Tensor

from restorer.diffusion.discrete_schedule import DiscreteSchedule, linear_betas
from restorer.diffusion.nn.sr3_unet import SR3UNet, SR3UNetConfig
from restorer.errors import PackError
from restorer.importers.reading import Checkpoint
from restorer.importers.recognition import Question, Recognised, answer, compare, presets

__all__ = ["read", "recognises"]

WHAT = "an SR3 network"
PREFIX = "denoise_fn."
BUFFERS = frozenset(
    (
        *("betas", "alphas_cumprod", "alphas_cumprod_prev", "sqrt_alphas_cumprod"),
        *("sqrt_one_minus_alphas_cumprod", "log_one_minus_alphas_cumprod", "sqrt_recip_alphas_cumprod"),
        *("sqrt_recipm1_alphas_cumprod", "posterior_variance", "posterior_log_variance_clipped"),
        *("posterior_mean_coef1", "posterior_mean_coef2"),
    )
)
WIDE = ((1, 2, 4, 8, 16), 1, ())
"""Multipliers, blocks and attention of the public 64 to 512 network, which has 16 groups."""
LICENCE = (
    "The weights were published without a licence of their own; the code they come from is "
    "Apache-2.0. They were "
    "trained on faces from FFHQ, whose pictures allow no commercial use. For your own, non-commercial use."
)


def _bare(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Names without the `module.` of parallel training."""
    return {name.removeprefix("module.").replace(".module.", ".", 1): t for name, t in tensors.items()}


def recognises(tensors: Mapping[str, Tensor]) -> bool:
    names = _bare(tensors).keys()
    keys = ("noise_level_mlp.1.weight", "time_mlp.1.weight")
    return any(f"{prefix}{key}" in names for prefix in (PREFIX, "") for key in keys)


def read(checkpoint: Checkpoint, assume: Mapping[str, str]) -> Recognised:
    """The network in the file. Raises PackError naming the tensor that does not fit."""
    path, tensors = checkpoint.path, _bare(checkpoint.tensors)
    if any(name.removeprefix(PREFIX).startswith("time_mlp.") for name in tensors):
        raise PackError(
            f"{path} is the DDPM variant of the SR3 code, told a time step in place of the noise "
            "level; only the sr3 variant can be imported."
        )
    prefix = PREFIX if f"{PREFIX}noise_level_mlp.1.weight" in tensors else ""
    network = {name.removeprefix(prefix): t for name, t in tensors.items() if name.startswith(prefix)}
    buffers = {name: t for name, t in tensors.items() if prefix and not name.startswith(prefix)}
    if not prefix:
        buffers = {name: network.pop(name) for name in BUFFERS & network.keys()}
    for name in buffers:
        if name not in BUFFERS:
            raise PackError(f"{path} looks like {WHAT}, but has a tensor {name} that such a file has not.")

    shape = _shape(path, network)
    schedule, told = _schedule(path, buffers.get("betas"), assume)
    width = shape["channels"]
    known = 16 if (shape["multipliers"], shape["blocks"], shape["attention"]) == WIDE else 32
    groups = answer(
        assume,
        "norm_groups",
        str(known) if width % known == 0 else None,
        f"the public network of this shape has {known}"
        if width % known == 0
        else "the file does not say; a wrong one gives noise",
        [count for count in range(1, width + 1) if width % count == 0],
    )
    scale = answer(assume, "scale", "8", "both public networks enlarge 8 times", [1, 2, 3, 4, 6, 8, 16])
    config = SR3UNetConfig(norm_groups=int(groups.value or 1), **shape)
    with torch.device("meta"):
        expected = SR3UNet(config).state_dict()
    compare(path, {name: tuple(value.shape) for name, value in expected.items()}, network, WHAT)
    if config.in_channels != 2 * config.out_channels or config.out_channels != 3:
        raise PackError(
            f"{path} is an SR3 network that makes pictures of nothing (its tensor downs.0.weight takes "
            f"{config.in_channels} channels, not 6); only networks that enlarge can be imported."
        )
    sigmas = DiscreteSchedule(schedule["betas"] if "betas" in schedule else _betas(schedule)).sigmas
    millions = sum(tensor.numel() for tensor in network.values()) / 1e6
    return Recognised(
        title=f"SR3 network, {scale.value}x, {millions:.1f} million numbers",
        format="sr3",
        kind="sr3-eps",
        scale=int(scale.value or 8),
        network=asdict(config),
        tensors={name: network[name] for name in expected},
        licence=LICENCE,
        about="Enlarges small pictures of faces by diffusion; what it never saw becomes a face.",
        schedule=schedule,
        questions=tuple(question for question in (groups, scale, told) if question),
        extra={
            "sigma_range": [float(sigmas[0]), float(sigmas[-1])],
            "presets": presets(float(sigmas[-1])),
            "data": [{"source": "FFHQ faces (public networks)", "licence": "CC BY-NC-SA 4.0"}],
        },
    )


def _shape(path: object, network: Mapping[str, Tensor]) -> dict[str, Any]:
    """Channels, multipliers, blocks and places of attention, from the sequence of `downs`."""

    def fail(name: str, why: str) -> PackError:
        return PackError(f"{path} looks like {WHAT}, but its tensor {name} {why}.")

    entry = network.get("downs.0.weight")
    if entry is None or entry.ndim != 4:
        raise fail("downs.0.weight", "is missing or no convolution")
    last = network.get("final_conv.block.3.weight")
    if last is None or last.ndim != 4:
        raise fail("final_conv.block.3.weight", "is missing or no convolution")
    width = entry.shape[0]
    levels: list[tuple[int, int, bool]] = []
    blocks, outside, attention = 0, width, False
    count = 1 + max(int(m[1]) for name in network if (m := re.match(r"downs\.(\d+)\.", name)))
    for index in range(1, count):
        name = f"downs.{index}.res_block.block1.block.3.weight"
        if name in network:
            outside, blocks = network[name].shape[0], blocks + 1
            attention = f"downs.{index}.attn.qkv.weight" in network
            if outside % width:
                raise fail(name, f"has {outside} channels, no multiple of {width}")
        elif f"downs.{index}.conv.weight" in network:
            levels.append((outside, blocks, attention))
            blocks, attention = 0, False
        else:
            raise fail(name, "is missing")
    levels.append((outside, blocks, attention))
    if len({blocks for _, blocks, _ in levels}) != 1 or not levels[0][1]:
        raise fail(f"downs.{count - 1}", "belongs to a level with another number of blocks than the first")
    return {
        "in_channels": entry.shape[1],
        "out_channels": last.shape[0],
        "channels": width,
        "multipliers": tuple(outside // width for outside, _, _ in levels),
        "blocks": levels[0][1],
        "attention": tuple(level for level, (_, _, attention) in enumerate(levels) if attention),
    }


def _schedule(
    path: object, betas: Tensor | None, assume: Mapping[str, str]
) -> tuple[dict[str, Any], Question | None]:
    """The training schedule: from the file where it is there, as a line if it is one."""
    line = {"name": "linear", "steps": 2000, "start": 1e-6, "end": 1e-2}
    if betas is None:
        why = "the file has no betas; the public networks have this schedule of 2000 steps"
        return line, answer(assume, "schedule", "linear", why, ["linear"])
    values = betas.double().numpy() if betas.ndim == 1 else np.empty(0)
    try:
        DiscreteSchedule(values)
    except ValueError:
        raise PackError(
            f"{path} looks like {WHAT}, but its tensor betas is no noise schedule (numbers between 0 and 1)."
        ) from None
    fitted = {"name": "linear", "steps": len(values), "start": _round(values[0]), "end": _round(values[-1])}
    if np.allclose(_betas(fitted), values, rtol=1e-5, atol=0):
        return fitted, None
    return {"name": "betas", "betas": values.tolist()}, None


def _betas(schedule: Mapping[str, Any]) -> np.ndarray:
    return linear_betas(schedule["steps"], schedule["start"], schedule["end"])


def _round(value: float) -> float:
    """Single precision's 0.009999999776 was 0.01."""
    return float(f"{value:.6g}")
