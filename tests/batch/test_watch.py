"""A watched folder: a file is handed on once, when it is complete."""

from __future__ import annotations

from pathlib import Path

from restorer.batch.find_photos import Filter, Found, find
from restorer.batch.watch import BROKEN_SECONDS, STILL_SECONDS, Watch
from tests.batch.conftest import save_scan


def test_a_file_is_handed_on_once_it_has_stood_still_and_can_be_read_to_its_end(tmp_path: Path) -> None:
    folder = tmp_path / "scans"
    folder.mkdir()
    watch = Watch([folder], Filter())
    content = save_scan(tmp_path / "a.png").read_bytes()
    (folder / "a.png").write_bytes(content[:200])
    assert watch.arrived(0) == []
    assert watch.arrived(STILL_SECONDS * 3) == []  # still, but not whole: a scanner that pauses
    (folder / "a.png").write_bytes(content)
    assert watch.arrived(10) == []
    assert watch.arrived(10 + STILL_SECONDS / 2) == []
    (found,) = watch.arrived(10 + STILL_SECONDS)
    assert found.path == folder / "a.png"
    assert found.size == (24, 20)
    assert watch.arrived(1000) == []


def test_a_file_that_stays_broken_is_handed_on_in_the_end(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    watch = Watch([tmp_path], Filter())
    assert watch.arrived(0) == watch.arrived(BROKEN_SECONDS - 1) == []
    assert len(watch.arrived(BROKEN_SECONDS)) == 1
    assert watch.arrived(BROKEN_SECONDS + 1) == []


def test_a_file_that_changes_afterwards_is_handed_on_again(tmp_path: Path) -> None:
    save_scan(tmp_path / "sub" / "a.png")
    watch = Watch([tmp_path], Filter())
    assert watch.arrived(0) == []
    assert len(watch.arrived(5)) == 1
    save_scan(tmp_path / "sub" / "a.png", 2, (40, 40))
    assert watch.arrived(6) == []
    (found,) = watch.arrived(9)
    assert found.size == (40, 40)


def test_the_filter_holds_and_results_are_not_taken_for_photos(tmp_path: Path) -> None:
    save_scan(tmp_path / "a.png")
    save_scan(tmp_path / "b.jpg")
    save_scan(tmp_path / "large.png", 1, (300, 20))
    save_scan(tmp_path / "out" / "a_4x.png")
    watch = Watch([tmp_path], Filter.of("png", most_side=100), leave_out=tmp_path / "out")
    watch.arrived(0)
    assert [found.path.name for found in watch.arrived(5)] == ["a.png"]


def test_what_is_on_the_list_already_comes_only_if_it_changes(tmp_path: Path) -> None:
    save_scan(tmp_path / "old.png")
    watch = Watch(
        [tmp_path], Filter(), known=[one for one in find([tmp_path], Filter()) if isinstance(one, Found)]
    )
    save_scan(tmp_path / "new.png")
    assert watch.arrived(0) == []
    assert [one.path.name for one in watch.arrived(5)] == ["new.png"]
    save_scan(tmp_path / "old.png", 3, (50, 40))
    assert watch.arrived(6) == []
    assert [one.path.name for one in watch.arrived(20)] == ["old.png"]
