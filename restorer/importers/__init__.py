"""Public checkpoints to model packs; one module a format.

`look` says what a file is and what it leaves open; `make_pack` turns that into a pack. Nothing is
unpickled, nothing is loaded loosely, and the original file is only read.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import torch

from restorer import paths
from restorer.errors import PackError, RequestError
from restorer.importers import adm, sr3, upscaler
from restorer.importers.reading import read_checkpoint
from restorer.importers.recognition import ASSUMABLE, Question, Recognised
from restorer.importers.writing import write_pack
from restorer.packs import catalog, pack

__all__ = ["ASSUMABLE", "Question", "Recognised", "check_name", "look", "make_pack", "unanswered"]

MARGIN = 64
"""Pixels that a tile sees around its centre. These networks see the whole picture, so none is exact."""


def look(path: Path, assume: Mapping[str, str] | None = None) -> Recognised:
    """What is in a file. `assume`: answers by key (see ASSUMABLE).

    Raises PackError for a file that is refused (the sentence names the tensor), RequestError for an answer
    that does not fit.
    """
    assume = dict(assume or {})
    for key in assume:
        if key not in ASSUMABLE:
            raise RequestError(f"Nothing called {key!r} can be assumed; possible are {', '.join(ASSUMABLE)}.")
    checkpoint = read_checkpoint(path)
    if sr3.recognises(checkpoint.tensors):
        found = sr3.read(checkpoint, assume)
    elif adm.recognises(checkpoint.tensors):
        found = adm.read(checkpoint, assume)
    else:
        if not upscaler.available():
            first = ", ".join(list(checkpoint.tensors)[:3])
            raise PackError(
                f"{path} is neither an SR3 nor an ADM checkpoint (its first tensors are {first}). If it is a "
                "single-pass upscaler such as Real-ESRGAN, install what reads them: pip install "
                "spandrel"
            )
        found = upscaler.read(checkpoint, assume)
    unused = assume.keys() - {question.key for question in found.questions}
    if unused:
        raise RequestError(
            f"{path} leaves {', '.join(sorted(unused))} not open; drop that assumption. It is: {found.title}."
        )
    return found


def check_name(name: str) -> None:
    """Raise RequestError unless a new pack can have this name."""
    if not catalog.NAME.fullmatch(name):
        raise RequestError(
            f"{name!r} cannot be the name of a pack; use letters, digits, dots, dashes and "
            "underscores, at most 64."
        )
    if (paths.packs_dir() / name).exists() or (paths.shipped_models_dir() / name).exists():
        raise RequestError(f"There is already a model named {name}; choose another name or remove that one.")


def make_pack(
    found: Recognised, path: Path, name: str, half: bool = False
) -> Generator[tuple[int, int], None, None]:
    """Write the pack into the person's data folder; yields (bytes written, bytes in all).

    path: the file that `found` was read from. half: store in half precision, which is inexact. Raises
    RequestError for a name that cannot be or questions that are open, PackError if writing fails.
    """
    check_name(name)
    if found.open:
        raise RequestError(unanswered(path, found))
    config: dict[str, Any] = {
        "format": pack.CONFIG_FORMAT,
        "name": name,
        "kind": found.kind,
        "scale": found.scale,
        "title": found.title,
        "network": found.network,
        "margin": MARGIN,
        "local": found.kind == "single-pass",
        **({"schedule": found.schedule} if found.schedule else {}),
        **found.extra,
        "source": {
            "file": path.name,
            "format": found.format,
            "bytes": path.stat().st_size,
            "assumed": {question.key: question.value for question in found.questions},
        },
        "figures": {},
        "licence": found.licence,
    }
    dtype = torch.float16 if half else torch.float32
    yield from write_pack(
        paths.packs_dir() / name, found.tensors, config, _card(found, path, name, half), dtype
    )


def unanswered(path: Path, found: Recognised) -> str:
    """The sentence that asks for what the file does not say."""
    asks = "; ".join(
        f"{question.key} ({ASSUMABLE[question.key]}): one of {', '.join(question.choices)}"
        for question in found.open
    )
    flags = " ".join(f"--assume {question.key}=…" for question in found.open)
    return (
        f"{path} does not say everything about its network, which is: {found.title}. Say {asks}. Add {flags}."
    )


def _card(found: Recognised, path: Path, name: str, half: bool) -> str:
    lines = [
        f"# {name}",
        "",
        found.about,
        "",
        f"Imported from `{path.name}`: {found.title}.",
        "",
        "## What was assumed",
        "",
        *(
            f"* {ASSUMABLE[question.key]} (`{question.key}`): {question.value}, {question.why}"
            for question in found.questions
        ),
        *([] if found.questions else ["Nothing; the file says everything."]),
        "",
        f"`restorer models check {name} --against FORWARD.npz` compares it with outputs of the "
        "original network.",
        "",
        "## Use",
        "",
        "Presets are spread over all noise levels of its training and were not searched. "
        + (
            "Its weights are stored in half precision, which is not exact."
            if half
            else "Its weights are the file's own, in single precision."
        ),
        "",
    ]
    if found.kind in ("sr3-eps", "adm-sr"):
        lines += [
            "It normalises over the whole picture and looks at all of it, so a picture that is cut "
            "into tiles comes out different from one that is not. `--tile` sets their size.",
            "",
        ]
    lines += ["## Licence", "", found.licence, ""]
    return "\n".join(lines)
