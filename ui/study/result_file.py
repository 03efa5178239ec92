"""The result of a study in a file: JSON with all that describes it, or a table with a row a trial.

In: the trials, and which model made the pictures. Out: a file that is written whole or not at all; its ending
says which kind it is. No Qt.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import time
from pathlib import Path
from typing import Any

from restorer import __version__
from ui.study.trials import VIEW_SECONDS, Trials

__all__ = ["plain", "save", "table"]

FORMAT = 1
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain(trials: Trials, model: str, sha256: str) -> dict[str, Any]:
    """The result as values that JSON knows. Keys do not change."""
    settings, (low, high) = trials.settings, trials.interval
    return {
        "format": FORMAT,
        "software": f"Restorer {__version__}",
        "finished": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "question": "Which picture is from a camera?",
        "subject": settings.subject.value,
        "shows_input": settings.shows_input,
        "view_seconds": VIEW_SECONDS,
        "seed": settings.seed,
        "model": model,
        "model_sha256": sha256,
        "planned": settings.count,
        "trials": len(trials.answers),
        "confused": trials.confused,
        "rate": round(trials.rate, 6),
        "interval_95": [round(low, 6), round(high, 6)],
        "answers": [
            dataclasses.asdict(answer) | {"confused": answer.confused, "seconds": round(answer.seconds, 3)}
            for answer in trials.answers
        ],
    }


def table(trials: Trials) -> str:
    """A row a trial, as CSV."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["trial", "picture", "camera", "chosen", "confused", "seconds"])
    for number, answer in enumerate(trials.answers, 1):
        # A cell that no spreadsheet takes for a formula.
        name = f"'{answer.picture}" if answer.picture[:1] in _FORMULA else answer.picture
        sides = answer.camera.value, answer.chosen.value
        writer.writerow([number, name, *sides, int(answer.confused), f"{answer.seconds:.3f}"])
    return out.getvalue()


def save(path: Path, trials: Trials, model: str, sha256: str) -> None:
    """Write the result to `path`, in place of what is there: a table where that ends in .csv, else JSON.
    Raises OSError."""
    from restorer.photo.writing import beside

    if path.suffix.lower() == ".csv":
        text = table(trials)
    else:
        text = json.dumps(plain(trials, model, sha256), ensure_ascii=False, indent=1) + "\n"
    with beside(path, overwrite=True) as file:
        file.write(text.encode("utf-8", "backslashreplace"))  # a file's name need be in no encoding
