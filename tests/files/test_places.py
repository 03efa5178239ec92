"""Where things go and what is looked into, in odd environments and on disks of all kinds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from restorer import paths
from restorer.batch.find_photos import Filter, Found, find
from restorer.files.walk import Note, Trouble, walk
from restorer.photo import Photo, write_photo

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="XDG folders are Linux's")
PHOTO = Photo(pixels=np.full((8, 8, 3), 90, np.uint8))


def places() -> list[Path]:
    folders = [
        paths.packs_dir(),
        paths.journals_dir(),
        paths.settings_dir(),
        paths.cache_dir(),
        paths.log_dir(),
    ]
    return [*folders, paths.runtime_dir(), paths.data_root(), paths.config_root(), paths.home()]


@LINUX
@pytest.mark.parametrize("value", ["", ".", "relative/folder"])
def test_variables_that_are_empty_or_relative_count_as_unset(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    names = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR")
    for name in names:
        monkeypatch.delenv(name, raising=False)
    usual = places()
    for name in names:
        monkeypatch.setenv(name, value)
    assert places() == usual
    assert all(place.is_relative_to(tmp_path) for place in usual)


@LINUX
@pytest.mark.parametrize("home", [None, "", "relative"])
@pytest.mark.parametrize("known", [True, False])
def test_without_a_home_every_place_is_absolute(
    home: str | None, known: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pwd

    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "HOME"):
        monkeypatch.delenv(name, raising=False)
    if home is not None:
        monkeypatch.setenv("HOME", home)
    if not known:

        def nobody(_uid: int) -> None:
            raise KeyError

        monkeypatch.setattr(pwd, "getpwuid", nobody)
        monkeypatch.setattr(paths, "_makeshift_home", lambda: tmp_path / "makeshift")
    for place in places():
        assert place.is_absolute()
        assert not place.is_relative_to(Path.cwd())
        assert known or place.is_relative_to(tmp_path)


@LINUX
def test_a_makeshift_home_is_its_owners_alone() -> None:
    code = "from restorer import paths; print(paths._makeshift_home())"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()
    status = os.lstat(found)
    assert status.st_uid == os.getuid()
    assert status.st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "name",
    [
        "@eaDir",
        "#recycle",
        "#snapshot",
        "$RECYCLE.BIN",
        "System Volume Information",
        "lost+found",
        "@Recycle",
    ],
)
def test_folders_of_systems_and_network_disks_are_left_out_unless_named(tmp_path: Path, name: str) -> None:
    inner = tmp_path / "album" / name
    inner.mkdir(parents=True)
    write_photo(PHOTO, tmp_path / "album" / "a.png")
    write_photo(PHOTO, inner / "b.png")
    assert [path.name for path in walk(tmp_path / "album") if isinstance(path, Path)] == ["a.png"]
    assert [path.name for path in walk(inner) if isinstance(path, Path)] == ["b.png"]


def test_earlier_results_are_left_out_with_a_note_unless_asked_for(tmp_path: Path) -> None:
    write_photo(PHOTO, tmp_path / "a.png")
    for suffix in (".png", ".jpg", ".tif", ".webp"):
        write_photo(PHOTO, tmp_path / f"a_4x{suffix}", provenance={"Model": "x"})
    found = list(find([tmp_path]))
    assert [one.path.name for one in found if isinstance(one, Found)] == ["a.png"]
    (note,) = (one for one in found if isinstance(one, Note))
    assert "restored already are left out: 4" in note.sentence
    assert len([one for one in find([tmp_path], Filter(results=True)) if isinstance(one, Found)]) == 5
    named = list(find([tmp_path / "a_4x.png"]))
    assert [one.path.name for one in named] == ["a_4x.png"]


def test_pictures_of_other_kinds_are_counted_and_named(tmp_path: Path) -> None:
    write_photo(PHOTO, tmp_path / "a.png")
    for name in ("b.gif", "c.GIF", "d.psd", "e.jxl", "f.jp2", "notes.txt"):
        (tmp_path / name).write_bytes(b"x")
    (note,) = (one for one in find([tmp_path]) if isinstance(one, Note))
    assert "2 GIF, 1 JPEG 2000, 1 JPEG XL, 1 Photoshop" in note.sentence
    assert not any(isinstance(one, Trouble) for one in find([tmp_path], Filter.of("png")))
