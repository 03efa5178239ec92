"""The study as data: sides, order, the confusion rate with its interval, and the files of it."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest

from restorer.pipeline.study.subject import Subject
from ui.study import result_file
from ui.study.trials import Side, StudySettings, Trials, shuffled, sides, wilson


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (21, 50, 0.2938, 0.5577), (50, 50, 0.9287, 1.0)],
)
def test_the_interval_is_wilsons(hits: int, count: int, low: float, high: float) -> None:
    # Worked out by statsmodels' proportion_confint(method="wilson").
    assert wilson(hits, count) == pytest.approx((low, high), abs=5e-5)


def test_the_interval_of_nothing_is_everything_and_no_share_is_refused() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    with pytest.raises(ValueError, match="no share"):
        wilson(3, 2)


def test_sides_are_even_and_belong_to_the_seed() -> None:
    assert Counter(sides(50, 1)) == {Side.LEFT: 25, Side.RIGHT: 25}
    assert sides(50, 1) == sides(50, 1)
    assert sides(50, 1) != sides(50, 2)
    # Over many seeds the odd one, and each place, is as often left as right.
    lefts = [sum(side is Side.LEFT for side in sides(5, seed)) for seed in range(400)]
    assert set(lefts) == {2, 3}
    assert 150 < lefts.count(2) < 250
    assert 150 < sum(sides(50, seed)[0] is Side.LEFT for seed in range(400)) < 250


def test_the_order_belongs_to_the_seed_and_loses_nothing() -> None:
    items = list(range(30))
    assert shuffled(items, 3) == shuffled(items, 3) != shuffled(items, 4)
    assert sorted(shuffled(items, 3)) == items


def test_who_always_says_left_is_confused_half_of_the_time() -> None:
    trials = Trials(StudySettings(seed=9, count=20))
    for number in range(20):
        trials.answer(f"{number}.png", Side.LEFT, 1.0)
    assert trials.is_over
    assert (trials.confused, trials.rate) == (10, 0.5)
    with pytest.raises(ValueError, match="all trials"):
        trials.answer("more.png", Side.LEFT, 1.0)


def test_a_study_can_be_shorter_but_loses_no_answer() -> None:
    trials = Trials(StudySettings(seed=1, count=10))
    right = [side for side in sides(10, 1)][:3]
    for side in right:
        trials.answer("a.png", side, 0.5)
    trials.shorten(2)
    assert (trials.settings.count, trials.is_over, trials.confused) == (3, True, 0)


def test_both_files_tell_every_answer(tmp_path: Path) -> None:
    trials = Trials(StudySettings(Subject.FACES, True, 7, 4))
    camera = sides(4, 7)
    for number, side in enumerate((camera[0], camera[1].other, camera[2].other)):
        trials.answer("=oma.jpg" if number == 2 else f"Großmutter {number}.jpg", side, 1.23456)
    result_file.save(tmp_path / "a.json", trials, "tiny", "ab12")
    told = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert (told["subject"], told["shows_input"], told["seed"], told["model"]) == ("faces", True, 7, "tiny")
    assert (told["planned"], told["trials"], told["confused"], told["rate"]) == (4, 3, 2, 0.666667)
    assert told["interval_95"] == pytest.approx(wilson(2, 3), abs=1e-6)
    assert [answer["confused"] for answer in told["answers"]] == [False, True, True]
    assert told["answers"][0]["picture"] == "Großmutter 0.jpg"
    result_file.save(tmp_path / "a.csv", trials, "tiny", "ab12")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text("utf-8"))))
    assert [row["confused"] for row in rows] == ["0", "1", "1"]
    assert [row["camera"] for row in rows] == [side.value for side in camera[:3]]
    assert rows[2]["picture"] == "'=oma.jpg", "no spreadsheet takes it for a formula"
    result_file.save(tmp_path / "a.csv", trials, "tiny", "ab12")  # in place of what is there
    with pytest.raises(OSError, match="none"):
        result_file.save(tmp_path / "none" / "a.json", trials, "tiny", "ab12")
