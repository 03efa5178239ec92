"""Pictures of a class that go on after a crash are the ones of an uninterrupted run; and what is kept."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from restorer.pipeline.events import Generated, Progress
from restorer.pipeline.generate import generate
from restorer.pipeline.request import GenerateRequest
from restorer.pipeline.resume import picture_keeper, run_folder
from tests.tiny_packs import BASE, write_cascade

pytestmark = pytest.mark.usefixtures("kept_at_once")


@pytest.fixture(autouse=True)
def cascade(home: Path) -> None:
    write_cascade(home)


def request_for(keep: Path | None = None, **changes: object) -> GenerateRequest:
    fields = {
        "base": BASE,
        "device": "cpu",
        "size": 64,
        "count": 2,
        "previews": False,
        "keep": keep,
    } | changes
    return GenerateRequest(**fields)  # type: ignore[arg-type]


def finish(request: GenerateRequest) -> tuple[list[np.ndarray], list[Progress]]:
    *events, last = generate(request)
    assert isinstance(last, Generated)
    return [photo.pixels for photo in last.photos], [e for e in events if isinstance(e, Progress)]


def leave_after(request: GenerateRequest, evaluations: int) -> float:
    run = generate(request)
    progress = (event for event in run if isinstance(event, Progress))
    for _ in range(evaluations - 1):
        next(progress)
    fraction = next(progress).fraction
    run.close()  # type: ignore[attr-defined]
    return fraction


def test_a_resumed_run_makes_the_same_pictures_and_asks_for_nothing_twice() -> None:
    """Heun's five evaluations of the base, then two that enlarge."""
    whole, events = finish(request_for())
    assert len(events) == 7
    folder = picture_keeper.new_folder()
    for evaluations in (2, 4):  # in the base, then in the stage after it
        fraction = leave_after(request_for(folder), evaluations)
        (found,) = picture_keeper.unfinished_pictures()
        assert found.folder == folder
        assert found.request == request_for()
        assert found.fraction == pytest.approx(fraction)
    pictures, events = finish(picture_keeper.pictures_request_of(folder))
    assert len(events) == 1
    assert events[-1].fraction == pytest.approx(1.0)
    assert all(np.array_equal(one, other) for one, other in zip(pictures, whole, strict=True))
    assert not folder.exists(), "nothing is kept of a finished run"


def test_finished_stages_are_kept_without_their_evaluations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_keeper, "SLACK_BYTES", 0)
    whole, _ = finish(request_for())
    folder = picture_keeper.new_folder()
    leave_after(request_for(folder), 6)
    pictures, events = finish(request_for(folder))
    assert len(events) == 1
    assert all(np.array_equal(one, other) for one, other in zip(pictures, whole, strict=True))


def test_the_state_of_other_pictures_or_an_old_one_is_not_used() -> None:
    folder = picture_keeper.new_folder()
    leave_after(request_for(folder), 3)
    _, events = finish(request_for(folder, seed=5))
    assert len(events) == 7
    leave_after(request_for(folder), 3)
    os.utime(folder / run_folder.ANSWERS, (1e9, 1e9))
    assert picture_keeper.unfinished_pictures() == []
    assert not folder.exists()
