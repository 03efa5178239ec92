"""Which results stay in memory, and which are missed."""

from __future__ import annotations

from restorer.photo import Photo
from tests.ui.results import done, noise
from ui.model.result import Result, Snapshot, VariationSet, last_seen_first, to_move_to_disk


def test_those_seen_last_stay_in_memory() -> None:
    records = [Result(done(Photo(noise((2, 2, 3))), seed)) for seed in range(5)]
    past: list[Result] = []
    for record in records:
        past = last_seen_first(past, (record,), records)
    assert past == records[::-1]
    assert to_move_to_disk(past, (records[4],)) == [records[2], records[1], records[0]]
    assert to_move_to_disk(past, (records[4],), spare=(records[0],)) == [records[2], records[1]]
    assert to_move_to_disk(past, ()) == [records[2], records[1], records[0]], "an edit: nothing is in view"
    past = last_seen_first(past, (records[0],), records)
    assert to_move_to_disk(past, (records[0],)) == [records[3], records[2], records[1]]
    assert last_seen_first(past, (), records[:2]) == [records[0], records[1]]


def test_of_variations_only_the_chosen_one_is_missed() -> None:
    choice = VariationSet(tuple(Result(done(Photo(noise((2, 2, 3))), seed)) for seed in range(3)))
    choice.chosen = 1
    assert [record.unsaved for record in choice.records] == [False, True, False]
    assert [record.seed for record in Snapshot(outcome=choice).records] == [1, 0, 2]
