"""Whole jobs where something around them is odd: a folder that may not be entered, variables that lead
nowhere, no home, an earlier result among the photos, neighbours of other kinds."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from restorer import paths
from restorer.cli.main import main
from tests.conftest import make_tiny_pack

SETTINGS = ["--preset", "draft", "--device", "cpu"]
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="XDG folders are Linux's")


def save(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((6, 8, 3), 90, np.uint8)).save(path)
    return path


def test_a_folder_that_may_not_be_entered_is_named_once_and_is_no_failure(
    tmp_path: Path, tiny_pack: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    save(tmp_path / "in" / "a.png")
    save(tmp_path / "in" / "closed" / "b.png")
    look = os.scandir

    def refused(folder: Any = ".") -> Iterator[os.DirEntry[str]]:
        if not isinstance(folder, int) and Path(folder).name == "closed":
            raise PermissionError(errno.EACCES, "Permission denied")
        return look(folder)

    monkeypatch.setattr(os, "scandir", refused)
    command = ["batch", str(tmp_path / "in"), str(tmp_path / "out"), "--model", tiny_pack, *SETTINGS]
    for _ in range(2):
        assert main(command) == 0
        assert capsys.readouterr().err.count("closed cannot be looked into") == 1
    assert [path.name for path in (tmp_path / "out").rglob("*.png")] == ["a_4x.png"]


@linux
@pytest.mark.parametrize("value", ["", ".", "relative"])
@pytest.mark.parametrize("home", ["a home", "no home"])
def test_nothing_is_written_where_one_stands_and_a_job_is_known_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, home: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DATA", "CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", value)
    monkeypatch.setenv("XDG_RUNTIME_DIR", value)
    if home == "a home":
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
    else:
        import pwd

        def nobody(_uid: int) -> None:
            raise KeyError

        monkeypatch.delenv("HOME")
        monkeypatch.setattr(pwd, "getpwuid", nobody)
        monkeypatch.setattr(paths, "_makeshift_home", lambda: tmp_path / "home")
    model = make_tiny_pack(paths.packs_dir()).name
    save(tmp_path / "in" / "a.png")
    command = ["batch", str(tmp_path / "in"), str(tmp_path / "out"), "--model", model, *SETTINGS]
    made = []
    for here in (tmp_path / "here", tmp_path / "there"):
        here.mkdir()
        monkeypatch.chdir(here)
        assert main(command) == 0
        assert list(here.iterdir()) == []
        made.append((tmp_path / "out" / "a_4x.png").stat().st_mtime_ns)
    assert made[0] == made[1]  # done already, whichever folder one stands in
    assert any((tmp_path / "home").rglob("*.sqlite"))


def test_a_second_job_on_a_folder_with_results_in_it_makes_none_twice(
    tmp_path: Path, tiny_pack: str, capsys: pytest.CaptureFixture[str]
) -> None:
    save(tmp_path / "in" / "a.png")
    save(tmp_path / "in" / "@eaDir" / "b.png")
    (tmp_path / "in" / "c.gif").write_bytes(b"GIF89a")
    settings = ["--model", tiny_pack, *SETTINGS]
    assert (
        main(["restore", str(tmp_path / "in" / "a.png"), "-o", str(tmp_path / "in" / "a_4x.png"), *settings])
        == 0
    )
    capsys.readouterr()
    assert main(["batch", str(tmp_path / "in"), str(tmp_path / "out"), *settings]) == 0
    said = capsys.readouterr().err
    assert "1 GIF" in said
    assert "restored already" in said
    assert [path.name for path in (tmp_path / "out").rglob("*.png")] == ["a_4x.png"]
    assert main(["batch", str(tmp_path / "in"), str(tmp_path / "out"), "--again", *settings]) == 0
    assert {path.name for path in (tmp_path / "out").rglob("*.png")} == {"a_4x.png", "a_4x_4x.png"}
