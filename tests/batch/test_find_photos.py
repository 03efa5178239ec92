"""What is found in folders: each photo once, whatever links say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from restorer.batch.find_photos import Filter, Found, find
from restorer.errors import RequestError
from restorer.files.walk import Trouble
from tests.batch.conftest import found_in, save_scan


def test_photos_are_found_in_the_order_of_names_with_their_size(scans: Path) -> None:
    (scans / "notes.txt").write_text("no photo")
    found = found_in(scans)
    assert [str(one.relative) for one in found] == [
        "a.png", "b.jpg", "c.tif", "shelf/d.png", "shelf/e.webp", "shelf/f.jpg",
    ]  # fmt: skip
    assert {one.size for one in found} == {(24, 20)}
    assert found[0].bytes == (scans / "a.png").stat().st_size


def test_links_in_a_circle_end_and_every_folder_is_entered_once(scans: Path) -> None:
    (scans / "shelf" / "up").symlink_to(scans, target_is_directory=True)
    (scans / "again").symlink_to(scans / "shelf", target_is_directory=True)
    (scans / "itself").symlink_to(scans / "itself")
    (scans / "z.png").symlink_to(scans / "nowhere.png")
    names = [one.path.name for one in found_in(scans)]
    assert sorted(names) == ["a.png", "b.jpg", "c.tif", "d.png", "e.webp", "f.jpg", "z.png"]


def test_the_folder_of_results_inside_is_left_out(scans: Path) -> None:
    out = scans / "restored"
    save_scan(out / "a_4x.png")
    assert len(found_in(scans, leave_out=out)) == 6


def test_several_folders_keep_their_names_and_nothing_is_twice(scans: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    save_scan(other / "a.png", 9)
    found = found_in(scans, other, scans / "shelf", scans / "a.png")
    places = [str(one.relative) for one in found]
    assert places[0] == "scans/a.png"
    assert "other/a.png" in places
    assert len(places) == len(set(places)) == 7


def test_filters_by_type_and_size(scans: Path) -> None:
    save_scan(scans / "large.jpeg", 8, (400, 10))
    names = {one.path.name for one in find([scans], Filter.of("jpg,tif")) if isinstance(one, Found)}
    assert names == {"b.jpg", "f.jpg", "c.tif", "large.jpeg"}
    small = {one.path.name for one in find([scans], Filter.of("jpg", 0, 100)) if isinstance(one, Found)}
    assert small == {"b.jpg", "f.jpg"}
    large = {one.path.name for one in find([scans], Filter.of(None, 100)) if isinstance(one, Found)}
    assert large == {"large.jpeg"}
    with pytest.raises(RequestError, match="'gif'"):
        Filter.of("gif")
    with pytest.raises(RequestError, match="at least 9"):
        Filter.of(None, 9, 8)


def test_a_damaged_photo_is_found_so_that_it_gets_its_sentence(scans: Path) -> None:
    (scans / "x.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    (broken,) = [one for one in found_in(scans) if one.path.name == "x.png"]
    assert broken.size is None


def test_a_folder_that_vanishes_is_a_sentence(scans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.scandir

    def scandir(folder: Path) -> object:
        if Path(folder).name == "shelf":
            raise PermissionError(13, "Permission denied")
        return real(folder)

    monkeypatch.setattr(os, "scandir", scandir)  # the tests may run as root, whom no permission stops
    troubles = [one for one in find([scans]) if isinstance(one, Trouble)]
    assert [one.path.name for one in troubles] == ["shelf"]
    assert "Permission denied" in troubles[0].sentence


def test_paths_as_deep_as_the_system_allows(tmp_path: Path) -> None:
    folder = tmp_path / "deep"
    folder.mkdir()
    while len(os.fsencode(folder)) < 3700:
        folder = folder / ("d" * 200)
        folder.mkdir()
    save_scan(folder / "a.png")
    assert [one.path.name for one in found_in(tmp_path / "deep")] == ["a.png"]


def test_a_folder_above_gives_its_own_name(scans: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    save_scan(other / "a.png", 9)
    found = found_in(scans / "shelf" / "..", other)
    assert {one.relative.parts[0] for one in found} == {"scans", "other"}
