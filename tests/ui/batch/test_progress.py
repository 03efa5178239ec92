"""How much of a folder is left, and when it ends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication

from restorer.batch import runner
from restorer.batch.estimate import Rate, learned
from restorer.batch.find_photos import Found, find
from restorer.batch.journal import Journal
from restorer.batch.recipe import JobRecipe
from restorer.batch.runner import Agenda, ItemDone, run_items
from restorer.batch.schema import Item, ItemState
from restorer.photo import Photo
from restorer.pipeline import restore
from restorer.pipeline.events import Done, Event, Phase
from restorer.pipeline.request import RestoreRequest
from tests.ui.batch_items import item
from ui.batch import progress
from ui.batch.progress import JobPace, Left
from ui.batch.table_model import BatchTable
from ui.i18n.language import Language, TranslationLoader


def test_the_end_time_learns_and_goes_with_megapixels() -> None:
    table, pace = BatchTable(), JobPace(Rate(100.0, 0.0))
    table.show_items(
        [item(1, ItemState.RUNNING), item(2), item(3, ItemState.FAILED), item(4, width=3000)],
        lambda _: (None, None),
    )
    left = progress.what_is_left(table, table.items[0], 0.5)
    assert left == Left(pytest.approx(0.5 + 1 + 3), pytest.approx(2.5))
    assert progress.share(table, table.items[0], 0.5) == pytest.approx(1.5 / 6)
    assert pace.seconds_left(left.megapixels, left.photos) == pytest.approx(450)
    assert "8 min left" in progress.sentence(table, pace, Left(4.8, 2.5), True, False, 0.0)
    pace.learn(item(1, ItemState.DONE, seconds=10.0))
    assert pace.seconds_left(left.megapixels, left.photos) == pytest.approx(45)
    words = progress.sentence(table, pace, left, True, False, 0.0)
    assert words.startswith("1 of 4  ·  1 failed  ·  10 s a photo  ·  45 s left, done ")
    assert "paused" in progress.sentence(table, pace, left, True, True, 0.0)


@pytest.mark.parametrize(
    ("hours", "words"), [(1, "done at 21:00"), (8, "done tomorrow at 04:00"), (60, "done in 3 days")]
)
def test_the_end_is_told_as_people_say_it(qapp: QApplication, hours: float, words: str) -> None:
    loader = TranslationLoader(qapp, Language.ENGLISH)  # which knows the plurals
    table, pace = BatchTable(), JobPace(Rate(hours * 3600, 0.0))
    table.show_items([item(1)], lambda _: (None, None))
    evening = time.mktime((2026, 11, 30, 20, 0, 0, 0, 0, -1))
    assert progress.sentence(table, pace, Left(1.0, 1.0), True, False, evening).endswith(words)
    loader.silence()


def test_a_watched_folder_that_is_done_says_what_it_waits_for() -> None:
    table, pace, nothing = BatchTable(), JobPace(), Left(0.0, 0.0)
    assert progress.sentence(table, pace, nothing, True, False, 0.0, True).endswith("waiting for new photos")
    table.show_items([item(1, ItemState.DONE)], lambda _: (None, None))
    assert (
        progress.sentence(table, pace, nothing, True, False, 0.0, True) == "1 of 1  ·  waiting for new photos"
    )
    assert progress.sentence(table, pace, nothing, True, False, 0.0, False) == "1 of 1"
    assert progress.sentence(table, pace, nothing, False, False, 0.0, True) == "1 of 1"
    table.update([item(2)])
    assert "waiting" not in progress.sentence(table, pace, Left(1.0, 1.0), True, False, 0.0, True)


def engine_with_a_clock(clock: SimpleNamespace, took: dict[str, float]) -> object:
    """An engine that enlarges by repeating pixels, and tells by the clock that it worked hard; what each
    photo takes once the model is loaded goes to `took`."""
    random = np.random.default_rng(1)

    def run(request: RestoreRequest, networks: object) -> Iterator[Event]:
        photo = request.source
        assert isinstance(photo, Photo)
        yield Phase("loading", "")
        clock.now += 30.0 if not took else 0.0
        yield Phase("preparing", "")
        seconds = (2.0 + 160.0 * photo.size[0] * photo.size[1] / 1e6) * random.uniform(0.9, 1.1)
        took[photo.name] = seconds
        clock.now += seconds / 4
        yield Phase("denoising", "")
        clock.now += 3 * seconds / 4
        larger = Photo(photo.pixels.repeat(4, 0).repeat(4, 1))
        yield Done(larger, "", 0, "cpu", 1, seconds, larger.size[0] * larger.size[1] / 1e6, 0.0, {})

    return run


@pytest.mark.parametrize("seed", range(3))
def test_after_three_photos_the_time_left_is_within_a_third_of_what_it_takes(
    home: Path, tiny_pack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    sides = np.random.default_rng(seed).integers(20, 200, (12, 2))
    for number, (width, height) in enumerate(sides):
        Image.fromarray(np.full((height, width, 3), number, np.uint8)).save(tmp_path / f"{number}.png")
    took: dict[str, float] = {}
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(restore, "run", engine_with_a_clock(clock, took))
    monkeypatch.setattr(runner, "time", SimpleNamespace(perf_counter=lambda: clock.now, sleep=time.sleep))
    request = RestoreRequest(Path(), model=tiny_pack, device="cpu", preview_side=0)
    recipe = JobRecipe(request).with_models()
    pace, done, told = JobPace(), list[Item](), list[float]()
    with Journal(tmp_path / "out") as journal:
        agenda = Agenda(journal.add((one for one in find([tmp_path]) if isinstance(one, Found)), recipe))
        items = {item.source.name: item for item in journal.items()}
        with closing(run_items(journal, agenda)) as events:  # type: ignore[type-var]
            for event in events:
                if not isinstance(event, ItemDone):
                    continue
                done.append(event.item)
                pace.learn(event.item)
                if len(done) == 3:
                    rest = [each for name, each in items.items() if name not in {i.source.name for i in done}]
                    left = pace.seconds_left(sum(each.megapixels for each in rest), len(rest))
                    rate = learned(journal, recipe)
                    assert left is not None
                    assert rate is not None
                    told = [left, sum(rate.of(each.megapixels * 16) for each in rest)]
    assert len(took) == len(done) == 12
    true = sum(took.values()) - sum(took[item.source.name] for item in done[:3])
    assert told == [pytest.approx(true, rel=0.3)] * 2
