"""A job's figures in the words of a person, for the command line, the dialog and the report."""

from __future__ import annotations

from collections.abc import Mapping

from restorer.batch.estimate import NIGHT_HOURS, JobEstimate
from restorer.batch.schema import ItemState
from restorer.text import duration


def photos(count: int) -> str:
    """1 photo, 2 photos, 5,000 photos."""
    return f"{count:,} photo{'' if count == 1 else 's'}"


def room(size: float) -> str:
    """Bytes in the unit that suits them."""
    for unit in ("bytes", "KB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" or size >= 100 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def forecast(estimate: JobEstimate) -> str:
    """What lies ahead, in two sentences."""
    if not estimate.photos:
        return "There is nothing left to do."
    text = (
        f"{photos(estimate.photos)} to do: about {duration(estimate.seconds)} and {room(estimate.bytes)} "
        f"(measured on this machine). A night of {NIGHT_HOURS:.0f} hours does about {estimate.in_a_night:,}."
    )
    if not estimate.fits:
        text += (
            f" The disk has only {room(estimate.free)} free; make room, choose another, or a smaller format."
        )
    return text


def summary(counts: Mapping[ItemState, int]) -> str:
    """What became of a job, in a sentence."""
    parts = [
        f"{counts[state]:,} {state.value}"
        for state in (
            ItemState.DONE,
            ItemState.FAILED,
            ItemState.SKIPPED,
            ItemState.RUNNING,
            ItemState.WAITING,
        )
        if counts[state] or state is ItemState.DONE
    ]
    return f"{photos(sum(counts.values()))}: {', '.join(parts)}."
