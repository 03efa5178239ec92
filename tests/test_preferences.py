"""Settings survive: every version is carried over, nonsense becomes a default, damage costs nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from restorer.preferences import FILE, VERSION, Format, Metadata, Output, Preferences, load, save


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    output = Output(Format.JPEG, 81, True, "{name} neu", Metadata.NO_PLACE, 1200)
    wanted = Preferences("cuda:1", 3, 512, False, False, "zh_CN", "dark", output)
    save(tmp_path / "new", wanted)
    assert load(tmp_path / "new") == wanted
    assert [path.name for path in (tmp_path / "new").iterdir()] == [FILE]


def test_first_start_takes_defaults_or_what_an_earlier_app_kept_elsewhere(tmp_path: Path) -> None:
    assert load(tmp_path) == Preferences()
    assert load(tmp_path, {"appearance": "light", "language": "en"}) == Preferences(
        theme="light", language="en"
    )
    save(tmp_path, Preferences(theme="dark"))
    assert load(tmp_path, {"appearance": "light"}).theme == "dark", "the file counts once it is there"


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        ({"version": 1, "appearance": "dark", "device": "cpu"}, Preferences(theme="dark", device="cpu")),
        (
            {"version": 2, "theme": "light", "format": "jpg", "quality": 70, "keep_metadata": False},
            Preferences(theme="light", output=Output(Format.JPEG, 70, metadata=Metadata.NONE)),
        ),
        ({"version": 2, "tile": 256}, Preferences(tile=256)),
    ],
)
def test_older_files_are_carried_over(tmp_path: Path, data: dict[str, object], wanted: Preferences) -> None:
    (tmp_path / FILE).write_text(json.dumps(data))
    assert load(tmp_path) == wanted


def test_values_that_make_no_sense_become_defaults_and_the_others_stay(tmp_path: Path) -> None:
    data = {
        "version": VERSION,
        "device": 7,
        "threads": -3,
        "tile": 5,
        "previews": "yes",
        "notify": False,
        "unknown": 1,
        "output": {"format": "gif", "quality": 900, "metadata": "all"},
    }
    (tmp_path / FILE).write_text(json.dumps(data))
    assert load(tmp_path) == Preferences(notify=False, output=Output(quality=100))


@pytest.mark.parametrize("text", ["", "{", "[1]", "\x00\xff"])
def test_damaged_file_is_kept_beside_the_new_one(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, "utf-8")
    assert load(tmp_path) == Preferences()
    save(tmp_path, Preferences())
    assert (tmp_path / "settings.damaged.json").read_text("utf-8") == text


def test_settings_of_a_newer_app_are_not_lost(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(json.dumps({"version": 99, "theme": "dark", "hologram": True}))
    assert load(tmp_path).theme == "dark"
    save(tmp_path, Preferences())
    assert json.loads((tmp_path / "settings.version-99.json").read_text())["hologram"] is True
