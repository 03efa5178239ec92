"""How far a batch is, as a share and in words; what can be done with it. Testable without a screen.

In: the table, the pace, the photo in work. Out: numbers and translated sentences.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from restorer.batch.estimate import NEWEST, NIGHT_HOURS, JobEstimate, Rate, fitted
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


@dataclass(frozen=True)
class Left:
    """What is still to be done, of the photo in work what is not done yet: megapixels, and photos."""

    megapixels: float
    photos: float


def what_is_left(table: BatchTable, running: Item | None, fraction: float) -> Left:
    """All that waits, and what the photo in work lacks, of which `fraction` is done."""
    to_do = ItemState.WAITING, ItemState.RUNNING
    if running is None:
        return Left(table.megapixels(*to_do), table.count(*to_do))
    return Left(table.megapixels(*to_do) - running.megapixels * fraction, table.count(*to_do) - fraction)


def share(table: BatchTable, running: Item | None, fraction: float) -> float:
    """How far it is, from 0 to 1: by megapixels, because time goes with them."""
    total = table.megapixels(*ItemState)
    return 1 - what_is_left(table, running, fraction).megapixels / total if total else 0.0


def sentence(
    table: BatchTable,
    pace: JobPace,
    left: Left,
    working: bool,
    paused: bool,
    now: float,
    watching: bool = False,
) -> str:
    """Counts, speed and the time when it ends; `now` is time.time(). watching: new photos are waited for."""
    if not table.items and not (working and watching):
        return ""
    finished = len(table.items) - table.count(ItemState.WAITING, ItemState.RUNNING)
    parts = [_tr("{0} of {1}").format(f"{finished:,}", f"{len(table.items):,}")]
    failed = table.count(ItemState.FAILED)
    if failed:
        parts.append(_tr("{0} failed").format(f"{failed:,}"))
    if pace.seconds_a_photo is not None:
        parts.append(_tr("{0} a photo").format(duration(pace.seconds_a_photo)))
    seconds = pace.seconds_left(left.megapixels, left.photos)
    if paused:
        parts.append(_tr("paused"))
    elif working and seconds is not None and left.megapixels > 0:
        parts.append(_tr("{0} left, done {1}").format(duration(seconds), _when(now, now + seconds)))
    elif working and watching and finished == len(table.items):
        parts.append(_tr("waiting for new photos"))
    return "  ·  ".join(parts)


def _when(now: float, end: float) -> str:
    """A time of day, today or tomorrow, or in how many days; both in seconds as of time.time()."""
    days = (date.fromtimestamp(end) - date.fromtimestamp(now)).days
    if days > 1:
        return _tr("in %n day(s)", "", days)
    clock = time.strftime("%H:%M", time.localtime(end))
    return _tr("tomorrow at {0}").format(clock) if days else _tr("at {0}").format(clock)


@dataclass
class JobPace:
    """How fast it goes: as measured before the first photo, then learned from those that are done, of which
    the last `NEWEST` count. rate: for megapixels of photos, not of results."""

    rate: Rate | None = None
    _last: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=NEWEST))

    def learn(self, item: Item) -> None:
        """A photo is done."""
        if item.seconds and item.megapixels:
            self._last.append((item.megapixels, item.seconds))
            megapixels, seconds = (sum(column) for column in zip(*self._last, strict=True))
            self.rate = fitted(self._last, Rate(seconds / megapixels, 0.0))

    @property
    def seconds_a_photo(self) -> float | None:
        return sum(seconds for _, seconds in self._last) / len(self._last) if self._last else None

    def seconds_left(self, megapixels: float, photos: float) -> float | None:
        """For so many photos, of so many megapixels together; None while nothing is known."""
        return None if self.rate is None else self.rate.seconds * megapixels + self.rate.each * photos


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
