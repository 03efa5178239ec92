"""Scores of single pictures, and the table made of them.

What comes in: one `Score` a picture and method. What goes out: Markdown for people, JSON for programs. Means
are over the pictures of a set, as in the published tables; seconds are those of all pictures divided by all
megapixels.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Facts", "Score", "as_json", "mean", "seconds_per_megapixel", "table"]


@dataclass(frozen=True)
class Score:
    """Figures of one picture by one method; None where a figure cannot be had.

    consistency is a mean squared error on [0, 1]; drift a CIEDE2000 of low frequencies; spectrum is in dB;
    seconds are wall clock and were
    measured by an earlier run if `cached`.
    """

    set: str
    picture: str
    method: str
    psnr: float | None
    ssim: float | None
    lpips: float | None
    consistency: float | None
    niqe: float | None
    spectrum: float | None
    seconds: float
    megapixels: float
    drift: float | None = None
    cached: bool = False
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """What must be known to read the table: how the input was made, on what machine, by which command."""

    scale: int
    input: str
    machine: str
    threads: int
    load: float | None
    cores: int
    command: str
    models: tuple[str, ...] = ()


_COLUMNS: tuple[tuple[str, str, Callable[[float], str]], ...] = (
    ("psnr", "PSNR-Y", "{:.2f}".format),
    ("ssim", "SSIM", "{:.4f}".format),
    ("lpips", "LPIPS", "{:.4f}".format),
    ("consistency", "consistency x1e5", lambda value: f"{value * 1e5:.2f}"),
    ("drift", "colour dE00", "{:.2f}".format),
    ("niqe", "NIQE", "{:.2f}".format),
    ("spectrum", "spectrum, dB", "{:.2f}".format),
)


def mean(scores: Iterable[Score], figure: str) -> float | None:
    """Mean of a figure over the pictures that have it; None if none has."""
    values = [
        value for score in scores if (value := getattr(score, figure)) is not None and math.isfinite(value)
    ]
    return sum(values) / len(values) if values else None


def seconds_per_megapixel(scores: Sequence[Score]) -> tuple[float, bool] | None:
    """Seconds an output megapixel, and whether they come from an earlier run. Pictures of this run decide
    if there are any; None if the method takes no time worth the name."""
    timed = [score for score in scores if not score.cached] or list(scores)
    megapixels = sum(score.megapixels for score in timed)
    seconds = sum(score.seconds for score in timed)
    return (seconds / megapixels, timed[0].cached) if megapixels and seconds else None


def table(scores: Sequence[Score], facts: Facts) -> str:
    """One Markdown table a set, methods in the order in which they came, then the facts."""
    parts: list[str] = []
    starred: list[Score] = []
    for name in dict.fromkeys(score.set for score in scores):
        of_set = [score for score in scores if score.set == name]
        count = len({score.picture for score in of_set})
        columns = [column for column in _COLUMNS if mean(of_set, column[0]) is not None]
        rows = [["method", *(title for _, title, _ in columns), "s/MP"]]
        for method in dict.fromkeys(score.method for score in of_set):
            of_method = [score for score in of_set if score.method == method]
            means = [(mean(of_method, figure), show) for figure, _, show in columns]
            row = [method, *("-" if value is None else show(value) for value, show in means)]
            timing = seconds_per_megapixel(of_method)
            starred += of_method if timing is not None and timing[1] else []
            rows.append([*row, "-" if timing is None else f"{timing[0]:.2f}" + ("*" if timing[1] else "")])
        pictures = "1 picture" if count == 1 else f"{count} pictures"
        parts.append(f"**{name}**, {pictures}, {facts.scale}x\n\n" + _markdown(rows))
    return "\n\n".join([*parts, _notes(facts, starred)]) + "\n"


def _markdown(rows: list[list[str]]) -> str:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        padded = [
            cell.ljust(width) if index == 0 else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return f"| {' | '.join(padded)} |"

    rule = ["-" * width if index == 0 else "-" * (width - 1) + ":" for index, width in enumerate(widths)]
    return "\n".join([line(rows[0]), line(rule), *map(line, rows[1:])])


def _notes(facts: Facts, starred: Sequence[Score]) -> str:
    how = {
        "clean": "antialiased bicubic reduction, rounded to 8 bits",
        "degraded": "blurred, reduced, grainy, JPEG; drawn with the picture's number as seed",
        "scanned": "the second-order degradation of scans, wear 0.4 to 1, the picture's number as seed",
    }[facts.input]
    notes = [
        f"Input: {how}.",
        f"PSNR and SSIM on BT.601 luma, {facts.scale} pixels cut at each edge; LPIPS v0.1 with SqueezeNet, "
        "on RGB, uncut. Lower is better for LPIPS, consistency, NIQE and spectrum.",
        f"s/MP: seconds of wall clock an output megapixel, {facts.machine}, threads: {facts.threads}; "
        "without loading and warm-up.",
    ]
    if facts.load is not None and facts.load > 0.5 * facts.cores:
        notes.append(
            f"The machine was busy (load {facts.load:.1f} on {facts.cores} cores at the start): its seconds "
            "are not to be quoted."
        )
    if starred:
        where = {f"{score.facts.get('machine')}, threads: {score.facts.get('threads')}" for score in starred}
        notes.append(f"Seconds with a star are an earlier run's, from the cache: {'; '.join(sorted(where))}.")
    if facts.models:
        notes.append(f"Model: {', '.join(facts.models)}.")
    return "\n".join(f"* {note}" for note in [*notes, f"Command: `{facts.command}`"])


def as_json(scores: Sequence[Score], facts: Facts) -> str:
    """Everything, picture by picture; figures that are missing or infinite are null."""

    def finite(value: Any) -> Any:
        return None if isinstance(value, float) and not math.isfinite(value) else value

    pictures = [{key: finite(value) for key, value in dataclasses.asdict(score).items()} for score in scores]
    return json.dumps(
        {"facts": dataclasses.asdict(facts), "pictures": pictures}, indent=1, ensure_ascii=False
    )
