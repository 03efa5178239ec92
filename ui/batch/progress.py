"""How far a batch is, as a share and in words; what can be done with it. Testable without a screen.

In: the table, the pace, the photo in work. Out: numbers and translated sentences.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from restorer.batch.estimate import NIGHT_HOURS, JobEstimate
from restorer.batch.schema import Item, ItemState
from ui.batch.table_model import BatchTable
from ui.i18n.engine_messages import engine_message
from ui.i18n.language import tr as _tr
from ui.i18n.phrases import duration, file_size


def forecast(estimate: JobEstimate) -> str:
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


def ahead(estimate: JobEstimate | None, troubles: Sequence[str]) -> str:
    """What lies ahead, if that is known, and what is wrong with the folders."""
    parts = [] if estimate is None else [forecast(estimate)]
    return "\n".join([*parts, *map(engine_message, troubles[:3])])


def megapixels_left(table: BatchTable, running: Item | None, fraction: float) -> float:
    """Megapixels that are still to be done; of the photo in work, what is not done yet."""
    begun = running.megapixels * fraction if running is not None else 0.0
    return table.megapixels(ItemState.WAITING, ItemState.RUNNING) - begun


def share(table: BatchTable, running: Item | None, fraction: float) -> float:
    """How far it is, from 0 to 1: by megapixels, because time goes with them."""
    total = table.megapixels(*ItemState)
    return 1 - megapixels_left(table, running, fraction) / total if total else 0.0


def sentence(
    table: BatchTable, pace: JobPace, megapixels_left: float, working: bool, paused: bool, now: float
) -> str:
    """Counts, speed and the time when it ends; `now` is time.time()."""
    if not table.items:
        return ""
    finished = len(table.items) - table.count(ItemState.WAITING, ItemState.RUNNING)
    parts = [_tr("{0} of {1}").format(f"{finished:,}", f"{len(table.items):,}")]
    failed = table.count(ItemState.FAILED)
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


@dataclass
class JobPace:
    """How fast it goes, learned from the photos that are done; the last dozen count."""

    seconds_a_megapixel: float | None = None
    _last: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=12))

    def learn(self, item: Item) -> None:
        """A photo is done."""
        if item.seconds and item.megapixels:
            self._last.append((item.seconds, item.megapixels))
            seconds, megapixels = (sum(column) for column in zip(*self._last, strict=True))
            self.seconds_a_megapixel = seconds / megapixels

    @property
    def seconds_a_photo(self) -> float | None:
        return sum(seconds for seconds, _ in self._last) / len(self._last) if self._last else None

    def seconds_left(self, megapixels: float) -> float | None:
        """For photos of that many megapixels; None while nothing is known."""
        return None if self.seconds_a_megapixel is None else self.seconds_a_megapixel * megapixels


@dataclass
class Tally:
    """What came of a job since it was started."""

    done: int = 0
    failed: int = 0
    _since: float = field(default_factory=time.monotonic)

    def count(self, item: Item) -> None:
        """A photo is settled."""
        self.done += item.state is ItemState.DONE
        self.failed += item.state is ItemState.FAILED

    @property
    def seconds(self) -> float:
        """Since the start, pauses included."""
        return time.monotonic() - self._since
