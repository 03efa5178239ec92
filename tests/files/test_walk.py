"""One walk through folders, whoever asks: the batch and the window find the same photos."""

from __future__ import annotations

import os
from pathlib import Path

from restorer.files.walk import Trouble, walk
from tests.batch.conftest import found_in, save_scan
from ui.workers.file_worker import photos_below


def album(folder: Path) -> Path:
    """Photos in two folders, with what lies beside them on real disks."""
    for index, name in enumerate(["b.png", "a.JPG", "1900/.c.tif", "1900/.thumbnails/c.png", ".bin/d.png"]):
        save_scan(folder / name, index)
    (folder / "1900" / "phone.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(40))
    (folder / "._b.png").write_bytes(b"\0\5\x16\7\0\2\0\0Mac OS X")
    (folder / "notes.txt").write_text("no photo")
    (folder / "1900" / "up").symlink_to(folder, target_is_directory=True)
    (folder / "again").symlink_to(folder / "1900", target_is_directory=True)
    return folder


def test_the_batch_and_the_window_find_the_same_photos(tmp_path: Path) -> None:
    folder = album(tmp_path / "album")
    window, closed = photos_below(folder)
    assert closed == []
    assert [str(path.relative_to(folder)) for path in window] == [
        "a.JPG", "b.png", "1900/.c.tif", "1900/phone.heic",
    ]  # fmt: skip
    assert [one.path for one in found_in(folder)] == window


def test_what_is_named_by_hand_is_taken_however_hidden(tmp_path: Path) -> None:
    photo = save_scan(tmp_path / ".bin" / "._scan.png")
    assert [one.path for one in found_in(photo)] == [photo]
    other = save_scan(tmp_path / ".bin" / "scan.png")
    assert [one.path for one in found_in(tmp_path / ".bin")] == [other]


def test_a_folder_is_entered_once_in_all_walks_that_share_what_was_visited(tmp_path: Path) -> None:
    folder, visited = album(tmp_path / "album"), set[tuple[int, int]]()
    first = list(walk(folder, visited))
    assert len(first) == 5
    assert list(walk(folder / "1900", visited)) == []
    assert [path.name for path in walk(folder, leave_out=folder / "1900") if isinstance(path, Path)] == [
        "a.JPG", "b.png", "notes.txt",
    ]  # fmt: skip


def test_a_folder_that_is_none_is_trouble(tmp_path: Path) -> None:
    (trouble,) = walk(tmp_path / "gone")
    assert isinstance(trouble, Trouble)
    assert os.strerror(2) in trouble.sentence
