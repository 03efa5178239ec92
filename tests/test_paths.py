"""Where things live: what ships is found beside the package, a person's own where the system wants it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import appdirs
import pytest

from restorer import paths

ROOT = Path(__file__).resolve().parent.parent
PERSONAL = (paths.packs_dir, paths.settings_dir, paths.cache_dir, paths.log_dir)


def test_what_ships_is_found_from_any_folder(tmp_path: Path) -> None:
    code = (
        "from restorer import paths; print(paths.shipped_models_dir()); "
        "print(next(paths.resources_dir().glob('samples/*.jpg')).parent)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {code}"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    assert answer == [str(ROOT / "models"), str(ROOT / "resources" / "samples")]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="XDG folders are Linux's")
def test_a_person_moves_their_own_folders_with_xdg_variables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable))
    assert paths.packs_dir() == tmp_path / "XDG_DATA_HOME" / "Restorer" / "models"
    assert paths.settings_dir() == tmp_path / "XDG_CONFIG_HOME" / "Restorer"
    assert paths.cache_dir() == tmp_path / "XDG_CACHE_HOME" / "Restorer"
    assert tmp_path in paths.log_dir().parents


def test_asking_creates_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    for folder in PERSONAL:
        folder()
    assert list(tmp_path.iterdir()) == []


def test_windows_folders_are_not_named_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    # appdirs repeats the app's name as its author's unless told not to.
    monkeypatch.setattr(appdirs, "system", "win32")
    monkeypatch.setattr(appdirs, "_get_win_folder", lambda _: "C:\\Users\\Ann\\AppData\\Local", raising=False)
    for folder in PERSONAL:
        assert str(folder()).count("Restorer") == 1, folder
