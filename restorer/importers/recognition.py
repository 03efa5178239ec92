"""What an importer knows of a file: its network, what the file cannot say, and under which terms it came.

A format's module turns a `Checkpoint` into a `Recognised`. Structure comes from the tensors' shapes; what
cannot be seen in them is a `Question`, answered by a preset, by the person, or not at all. The
names and shapes of the file must be those of the network, one by one: `compare` names the one that is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from restorer.errors import PackError, RequestError

__all__ = ["ASSUMABLE", "Question", "Recognised", "answer", "compare", "presets"]

ASSUMABLE = {
    "norm_groups": "groups of every normalisation",
    "num_heads": "heads of attention",
    "num_head_channels": "channels of each head of attention",
    "attention_order": "order of queries, keys and values",
    "schedule": "noise schedule of its training",
    "scale": "enlargement of each side",
    "image_size": "side of its pictures in pixels",
}
"""Everything that a person can be asked about a file, in words."""


@dataclass(frozen=True)
class Question:
    """Something that the file does not say.

    value: the answer, None if nobody knows. why: where the answer comes from, or what it decides.
    choices: the answers that can be given.
    """

    key: str
    value: str | None
    why: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Recognised:
    """A file understood.

    title: for people. kind: of the pack, see `restorer.packs.builders`. network, schedule, extra: what goes
    into its
    config. tensors: under the network's own names. questions: what was answered by assumption or is open.
    """

    title: str
    format: str
    kind: str
    scale: int
    network: dict[str, Any]
    tensors: Mapping[str, Tensor]
    licence: str
    about: str
    schedule: dict[str, Any] | None = None
    questions: tuple[Question, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def open(self) -> tuple[Question, ...]:
        """The questions without an answer; a pack cannot be made before there is none."""
        return tuple(question for question in self.questions if question.value is None)

    @property
    def parameters(self) -> int:
        return sum(tensor.numel() for tensor in self.tensors.values())


def answer(
    assume: Mapping[str, str], key: str, known: str | None, why: str, choices: Iterable[object] = ()
) -> Question:
    """The question about `key`: the person's answer if there is one, else what is known.

    Raises RequestError for an answer that is none of the choices.
    """
    allowed = tuple(str(choice) for choice in choices)
    if key not in assume:
        return Question(key, known, why, allowed)
    value = assume[key].strip()
    if allowed and value not in allowed:
        raise RequestError(f"{key}={value} does not fit this file; possible are {', '.join(allowed)}.")
    return Question(key, value, "your answer", allowed)


def compare(
    path: object, expected: Mapping[str, tuple[int, ...]], tensors: Mapping[str, Tensor], what: str
) -> None:
    """Raise PackError naming the first tensor that the network lacks, does not know, or has in another
    shape."""
    for name in expected:
        if name not in tensors:
            raise PackError(
                f"{path} looks like {what}, but lacks the tensor {name}; it is damaged or of another kind."
            )
    for name, tensor in tensors.items():
        if name not in expected:
            raise PackError(
                f"{path} looks like {what}, but has a tensor {name} that such a network does not know."
            )
        if tuple(tensor.shape) != expected[name]:
            raise PackError(
                f"{path} looks like {what}, but its tensor {name} has shape {tuple(tensor.shape)} where the "
                f"network has {expected[name]}."
            )
        if not tensor.is_floating_point():
            raise PackError(f"The tensor {name} in {path} holds {tensor.dtype}, not floating-point numbers.")


def presets(sigma_max: float) -> dict[str, dict[str, Any]]:
    """Sampling of networks for which nobody searched one: EDM's grid over all levels of the training."""
    return {
        name: {"steps": steps, "sigma_max": round(sigma_max, 4), "sigma_min": 0.01, "rho": 7.0}
        for name, steps in (("draft", 8), ("balanced", 20), ("best", 50))
    }
