"""How far a batch is, as a share and in words; what can be done with it. Testable without a screen.

In: the table, the pace, the photo in work. Out: numbers and translated sentences.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from restorer.batch.estimate import NIGHT_HOURS, Estimate
from restorer.batch.schema import Item, State
from ui.batch_job import Pace
from ui.batch_table import BatchTable
from ui.engine_words import engine_words
from ui.language import tr as _tr
from ui.words import duration, file_size


def forecast(estimate: Estimate) -> str:
    """What lies ahead of a batch."""
    parts = [
        _tr("%n photo(s) to do: about {0} and {1}, measured on this machine.", "", estimate.photos).format(
            duration(estimate.seconds), file_size(round(estimate.bytes))
        ),
        _tr("A night of {0} hours does about {1}.").format(f"{NIGHT_HOURS:.0f}", f"{estimate.in_a_night:,}"),
    ]
    if not estimate.fits:
        free = file_size(estimate.free)
        parts.append(
            _tr("The disk has only {0} free; make room, choose another, or a smaller format.").format(free)
        )
    return " ".join(parts)


def ahead(estimate: Estimate | None, troubles: Sequence[str]) -> str:
    """What lies ahead, if that is known, and what is wrong with the folders."""
    parts = [] if estimate is None else [forecast(estimate)]
    return "\n".join([*parts, *map(engine_words, troubles[:3])])


def left(table: BatchTable, running: Item | None, fraction: float) -> float:
    """Megapixels that are still to be done; of the photo in work, what is not done yet."""
    begun = running.megapixels * fraction if running is not None else 0.0
    return table.megapixels(State.WAITING, State.RUNNING) - begun


def share(table: BatchTable, running: Item | None, fraction: float) -> float:
    """How far it is, from 0 to 1: by megapixels, because time goes with them."""
    total = table.megapixels(*State)
    return 1 - left(table, running, fraction) / total if total else 0.0


def sentence(
    table: BatchTable, pace: Pace, megapixels_left: float, working: bool, paused: bool, now: float
) -> str:
    """Counts, speed and the time when it ends; `now` is time.time()."""
    if not table.items:
        return ""
    settled = len(table.items) - table.count(State.WAITING, State.RUNNING)
    parts = [_tr("{0} of {1}").format(f"{settled:,}", f"{len(table.items):,}")]
    failed = table.count(State.FAILED)
    if failed:
        parts.append(_tr("{0} failed").format(f"{failed:,}"))
    if pace.seconds_a_photo is not None:
        parts.append(_tr("{0} a photo").format(duration(pace.seconds_a_photo)))
    seconds = pace.seconds_left(megapixels_left)
    if paused:
        parts.append(_tr("paused"))
    elif working and seconds is not None and megapixels_left > 0:
        end = time.strftime("%a %H:%M", time.localtime(now + seconds))
        parts.append(_tr("{0} left, done {1}").format(duration(seconds), end))
    return "  ·  ".join(parts)
