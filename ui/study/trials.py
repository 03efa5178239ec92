"""The study as data: which side the camera's picture is on, what was answered, and what that comes to.

In: settings and answers. Out: the confusion rate, the share of trials in which the person took the model's
picture for the camera's, with its interval (SR3, section 4.3, calls it the fool rate; Wilson, "Probable
inference", JASA 22, 1927). No Qt.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeVar

from restorer.pipeline.study.subject import Subject

__all__ = [
    "TRIALS",
    "VIEW_SECONDS",
    "Side",
    "StudySettings",
    "TrialAnswer",
    "Trials",
    "shuffled",
    "sides",
    "wilson",
]

TRIALS = 50
"""Trials of a person, as in the paper."""
VIEW_SECONDS = 3.0
"""For which the pictures are seen; the answer may come later."""
NORMAL = 1.959964
"""Quantile of the normal distribution for an interval of 95 %."""
Item = TypeVar("Item")


class Side(str, Enum):
    """Where a picture stands."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> Side:
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


@dataclass(frozen=True)
class StudySettings:
    """subject: what the pictures show. shows_input: the small copy is shown between them. seed: of the order
    of the pictures and of their sides. count: of trials, at most."""

    subject: Subject = Subject.PHOTOS
    shows_input: bool = False
    seed: int = 0
    count: int = TRIALS


@dataclass(frozen=True)
class TrialAnswer:
    """picture: name of the original's file. camera: where that stood. chosen: which was taken for it.
    seconds: from the first sight to the answer."""

    picture: str
    camera: Side
    chosen: Side
    seconds: float

    @property
    def confused(self) -> bool:
        """Whether the model's picture was taken for the camera's."""
        return self.chosen is not self.camera


def shuffled(items: Sequence[Item], seed: int) -> list[Item]:
    """The items in an order that the seed decides."""
    order = list(items)
    random.Random(f"order {seed}").shuffle(order)
    return order


def sides(count: int, seed: int) -> tuple[Side, ...]:
    """Where the camera's picture stands in each trial: as often left as right, so that who always says left
    is right half of the time; in an order that the seed decides."""
    half = [Side.LEFT] * (count // 2) + [Side.RIGHT] * (count // 2)
    rng = random.Random(f"sides {seed}")
    if count % 2:
        half.append(rng.choice((Side.LEFT, Side.RIGHT)))
    rng.shuffle(half)
    return tuple(half)


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The interval of 95 % for a share of which `hits` of `count` were seen, by Wilson's score; (0, 1) where
    nothing was."""
    if not 0 <= hits <= count:
        raise ValueError(f"{hits} of {count} is no share")
    if count == 0:
        return 0.0, 1.0
    share, square = hits / count, NORMAL**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    reach = math.sqrt(share * (1 - share) / count + square / (4 * count**2)) * NORMAL / (1 + square / count)
    return max(0.0, middle - reach), min(1.0, middle + reach)


class Trials:
    """One person's study, answer by answer; it can end at any."""

    def __init__(self, settings: StudySettings) -> None:
        self.settings = settings
        self.answers: list[TrialAnswer] = []
        self._sides = sides(settings.count, settings.seed)

    @property
    def camera(self) -> Side:
        """Where the camera's picture stands in the trial that comes next."""
        return self._sides[len(self.answers)]

    @property
    def is_over(self) -> bool:
        return len(self.answers) >= self.settings.count

    def shorten(self, count: int) -> None:
        """There are fewer pictures than trials were planned: `count` trials, and no fewer than are
        answered."""
        fewer = max(len(self.answers), min(count, self.settings.count))
        self.settings = replace(self.settings, count=fewer)

    def answer(self, picture: str, chosen: Side, seconds: float) -> None:
        """Note an answer to the trial that is shown. Raises ValueError where all trials are answered."""
        if self.is_over:
            raise ValueError("all trials are answered")
        self.answers.append(TrialAnswer(picture, self.camera, chosen, seconds))

    @property
    def confused(self) -> int:
        """In how many trials the model's picture was taken for the camera's."""
        return sum(answer.confused for answer in self.answers)

    @property
    def rate(self) -> float:
        """The confusion rate; 0 before the first answer."""
        return self.confused / len(self.answers) if self.answers else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Of the confusion rate, at 95 %."""
        return wilson(self.confused, len(self.answers))
