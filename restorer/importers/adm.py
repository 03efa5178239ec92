"""Checkpoints of OpenAI's guided-diffusion: the ImageNet base at 64 pixels and the upsamplers to 256 and 512.

Known by `input_blocks.0.0.weight` and `time_embed.0.weight`. Shapes say width, levels, blocks, attention,
classes
and the learned variance; a level ends where an output block holds a second residual block. The file cannot
say how attention is cut into heads, in which order queries, keys and values lie, and the noise schedule:
presets know them for the public files, by structure; for others the person is asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import torch
from torch import Tensor

from restorer.diffusion.discrete_schedule import DiscreteSchedule, cosine_betas, linear_betas
from restorer.diffusion.nn.adm_unet import ADMUNet, ADMUNetConfig
from restorer.errors import PackError, RequestError
from restorer.importers.reading import Checkpoint
from restorer.importers.recognition import Question, Recognised, answer, compare, presets

__all__ = ["read", "recognises"]

WHAT = "an ADM network"
LICENCE = (
    "MIT (OpenAI, guided-diffusion). Its model card says: intended for research only, not for commercial "
    "deployment; pictures of people are a declared weakness."
)
LEGACY = "upsamplers of this code know only this order"
# (channels, multipliers, blocks, levels with attention, upsampler): title and what the file does not say.
PUBLIC: dict[tuple[int, tuple[float, ...], int, tuple[int, ...], bool], tuple[str, dict[str, str]]] = {
    (192, (1, 2, 3, 4), 3, (1, 2, 3), False): (
        "64x64_diffusion.pt",
        {
            "num_head_channels": "64",
            "attention_order": "new",
            "schedule": "cosine",
            "image_size": "64",
        },
    ),
    (192, (1, 1, 2, 2, 4, 4), 2, (3, 4, 5), True): (
        "64_256_upsampler.pt",
        {"num_heads": "4", "attention_order": "legacy", "schedule": "linear"},
    ),
    (192, (1, 1, 2, 2, 4, 4), 2, (4, 5), True): (
        "128_512_upsampler.pt",
        {"num_head_channels": "64", "attention_order": "legacy", "schedule": "linear"},
    ),
}


def recognises(tensors: Mapping[str, Tensor]) -> bool:
    return {"input_blocks.0.0.weight", "time_embed.0.weight"} <= tensors.keys()


def read(checkpoint: Checkpoint, assume: Mapping[str, str]) -> Recognised:
    """The network in the file. Raises PackError naming the tensor that does not fit."""
    path, tensors = checkpoint.path, checkpoint.tensors
    shape = _shape(path, tensors)
    upsampler = shape["in_channels"] == 6
    if not upsampler and shape["in_channels"] != 3:
        raise PackError(
            f"{path} looks like {WHAT}, but its tensor input_blocks.0.0.weight takes {shape['in_channels']} "
            "channels, not 3 or 6."
        )
    key = (shape["channels"], shape["multipliers"], shape["blocks"], shape["attention"], upsampler)
    name, known = PUBLIC.get(key, ("", {}))
    questions = _questions(assume, shape, upsampler, name, known)
    answers = {question.key: question.value for question in questions}
    try:
        config = ADMUNetConfig(
            num_heads=int(answers.get("num_heads") or 1),
            num_head_channels=int(answers.get("num_head_channels") or 0),
            attention_order=answers["attention_order"] or "legacy",
            **shape,
        )
        with torch.device("meta"):
            expected = ADMUNet(config).state_dict()
    except ValueError as error:
        raise RequestError(f"{path}: {error}; choose other heads.") from error
    compare(path, {name: tuple(value.shape) for name, value in expected.items()}, tensors, WHAT)
    if config.out_channels not in (3, 6):
        raise PackError(
            f"{path} looks like {WHAT}, but its tensor out.2.weight gives {config.out_channels} "
            "channels, not 3 or 6."
        )

    schedule = {"name": answers["schedule"] or "linear", "steps": 1000, "start": 1e-4, "end": 0.02}
    if schedule["name"] == "cosine":
        schedule = {"name": "cosine", "steps": 1000}
    betas = cosine_betas(1000) if schedule["name"] == "cosine" else linear_betas(1000, 1e-4, 0.02)
    sigmas = DiscreteSchedule(betas).sigmas
    # The cosine ends in a noise without any picture; nothing happens above 80.
    extra: dict[str, Any] = {
        "sigma_range": [float(sigmas[0]), float(sigmas[-1])],
        "presets": presets(min(80.0, float(sigmas[-1]))),
        "data": [{"source": "ImageNet, 1,000 classes", "licence": "non-commercial research"}],
    }
    if config.classes == 1000:
        extra["classes"] = "imagenet"
    if not upsampler:
        extra["image_size"] = int(answers["image_size"] or 64)
    scale = int(answers["scale"] or 4) if upsampler else 1
    size = f"{scale}x upsampler" if upsampler else f"base network for {extra['image_size']} pixels"
    return Recognised(
        title=f"ADM {size}, {sum(t.numel() for t in tensors.values()) / 1e6:.1f} million numbers"
        + (f" (the public {name})" if name else ""),
        format="adm",
        kind="adm-sr" if upsampler else "adm-base",
        scale=scale,
        network=asdict(config),
        tensors={name: tensors[name] for name in expected},
        licence=LICENCE,
        about="Enlarges small, clean pictures of things that ImageNet knows."
        if upsampler
        else "Invents pictures of things that ImageNet knows, by class.",
        schedule=schedule,
        questions=questions,
        extra=extra,
    )


def _questions(
    assume: Mapping[str, str], shape: Mapping[str, Any], upsampler: bool, name: str, known: Mapping[str, str]
) -> tuple[Question, ...]:
    """What the file does not say, with what the presets and the person know of it."""
    public = f"as in the public {name}"
    wrong = "the file does not say; a wrong one gives noise"
    widths = {int(shape["channels"] * shape["multipliers"][level]) for level in shape["attention"]}
    widths.add(int(shape["channels"] * shape["multipliers"][-1]))
    fits = [count for count in range(1, min(widths) + 1) if all(width % count == 0 for width in widths)]
    # One of the two says how attention is cut: the person's, else the preset's, else it is asked.
    if "num_heads" in assume and "num_head_channels" in assume:
        raise RequestError("Say num_heads or num_head_channels, not both.")
    counted = "num_heads" in assume or ("num_heads" in known and "num_head_channels" not in assume)
    heads = "num_heads" if counted else "num_head_channels"
    given = known.get(heads)
    questions = [
        answer(
            assume,
            heads,
            given,
            public if given else wrong + " (num_heads, their number, can be said in its place)",
            fits,
        )
    ]
    order = known.get("attention_order", "legacy" if upsampler else None)
    reason = public if "attention_order" in known else LEGACY if upsampler else wrong
    questions.append(answer(assume, "attention_order", order, reason, ["new", "legacy"]))
    schedule = known.get("schedule")
    questions.append(
        answer(assume, "schedule", schedule, public if schedule else wrong, ["linear", "cosine"])
    )
    if upsampler:
        questions.append(answer(assume, "scale", "4", "both public upsamplers enlarge 4 times", [2, 4, 8]))
    else:
        levels = len(shape["multipliers"])
        side = known.get("image_size") or str({4: 64, 5: 128, 6: 256}.get(levels, 512))
        reason = public if "image_size" in known else f"usual for a network of {levels} levels"
        questions.append(answer(assume, "image_size", side, reason, [64, 128, 256, 512]))
    return tuple(questions)


def _shape(path: object, tensors: Mapping[str, Tensor]) -> dict[str, Any]:
    """Everything about the structure that shapes say."""

    def fail(name: str, why: str) -> PackError:
        return PackError(f"{path} looks like {WHAT}, but its tensor {name} {why}.")

    def tensor(name: str, dimensions: int) -> Tensor:
        found = tensors.get(name)
        if found is None or found.ndim != dimensions:
            raise fail(name, "is missing or has another number of dimensions")
        return found

    if any(".op." in name for name in tensors):
        name = next(name for name in tensors if ".op." in name)
        raise fail(name, "resizes by a plain layer; only networks that resize in residual blocks are known")
    width = tensor("time_embed.0.weight", 2).shape[1]
    entry = tensor("input_blocks.0.0.weight", 4)
    if "out.2.weight" not in tensors or not any(name.startswith("output_blocks.") for name in tensors):
        raise fail("out.2.weight", "is missing: it names classes and makes no pictures")
    if width % 32 or entry.shape[0] % 32:
        raise fail("input_blocks.0.0.weight", f"has {entry.shape[0]} channels, no multiple of 32")
    outputs = 1 + max(int(m[1]) for name in tensors if (m := re.match(r"output_blocks\.(\d+)\.", name)))
    second = (
        f"output_blocks.{n}.{place}.in_layers.2.weight" in tensors for n in range(outputs) for place in (1, 2)
    )
    levels = 1 + sum(second)
    if outputs % levels or outputs // levels < 2:
        raise fail(f"output_blocks.{outputs - 1}", f"is one of {outputs}, which {levels} levels cannot share")
    blocks = outputs // levels - 1
    first = [1 + level * (blocks + 1) for level in range(levels)]  # of each level on the way down
    widths = [tensor(f"input_blocks.{n}.0.in_layers.2.weight", 4).shape[0] for n in first]
    multipliers = [channels / width for channels in widths]
    return {
        "in_channels": entry.shape[1],
        "out_channels": tensor("out.2.weight", 4).shape[0],
        "channels": width,
        "multipliers": tuple(int(m) if m == int(m) else m for m in multipliers),
        "blocks": blocks,
        "attention": tuple(
            level for level, n in enumerate(first) if f"input_blocks.{n}.1.qkv.weight" in tensors
        ),
        "classes": tensor("label_emb.weight", 2).shape[0] if "label_emb.weight" in tensors else 0,
    }
