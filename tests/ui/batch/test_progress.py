"""How much of a folder is left, and when it ends."""

from __future__ import annotations

import pytest

from restorer.batch.schema import ItemState
from tests.ui.batch_items import item
from ui.batch import progress
from ui.batch.progress import JobPace
from ui.batch.table_model import BatchTable


def test_the_end_time_learns_and_goes_with_megapixels() -> None:
    table, pace = BatchTable(), JobPace(seconds_a_megapixel=100.0)
    table.show_items(
        [item(1, ItemState.RUNNING), item(2), item(3, ItemState.FAILED), item(4, width=3000)],
        lambda _: (None, None),
    )
    left = progress.megapixels_left(table, table.items[0], 0.5)
    assert left == pytest.approx(0.5 + 1 + 3)
    assert progress.share(table, table.items[0], 0.5) == pytest.approx(1.5 / 6)
    assert pace.seconds_left(left) == pytest.approx(450)
    assert "8 min left" in progress.sentence(table, pace, 4.8, True, False, 0.0)
    pace.learn(item(1, ItemState.DONE, seconds=10.0))
    assert pace.seconds_left(left) == pytest.approx(45)
    words = progress.sentence(table, pace, left, True, False, 0.0)
    assert words.startswith("1 of 4  ·  1 failed  ·  10 s a photo  ·  45 s left, done ")
    assert "paused" in progress.sentence(table, pace, left, True, True, 0.0)
