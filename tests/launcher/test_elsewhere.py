"""What the launcher would write on Windows and macOS, seen from here: pure functions and plain files."""

from __future__ import annotations

import base64
import plistlib
import re
import subprocess
from pathlib import Path

import pytest

from restorer.errors import LauncherError
from restorer.launcher import macos, windows
from restorer.launcher.names import BUNDLE_ID, MIME_TYPES, USER_MODEL_ID
from restorer.paths import resources_dir

WINDOW = ["C:\\Users\\O'Brien\\py thon\\pythonw.exe", "C:\\Program Files\\Restorer\\main.py"]


def strings(script: str) -> list[str]:
    """The literal strings of a PowerShell script, in order; what C# says is left out."""
    plain = re.sub(r"@'\n.*?\n'@", "", script, flags=re.DOTALL)
    return [found.replace("''", "'") for found in re.findall(r"'((?:[^']|'')*)'", plain)]


def test_the_shortcut_starts_the_window_whatever_its_path() -> None:
    script = windows.install_script(WINDOW, Path("icon.ico"), desktop=True)
    said = strings(script)
    assert WINDOW[0] in said
    assert f'"{WINDOW[1]}"' in said  # the arguments, quoted as Windows splits them
    assert USER_MODEL_ID in said
    assert "icon.ico,0" in said
    assert "@('Programs', 'Desktop')" in script
    assert "'Desktop'" not in windows.install_script(WINDOW, Path("icon.ico"), desktop=False)
    assert script.count("{") == script.count("}")


def test_a_curly_quote_does_not_end_a_string() -> None:
    script = windows.install_script(["C:\\it\u2019s.exe"], Path("i"), desktop=False)
    assert "'C:\\it\u2019\u2019s.exe'" in script


def test_powershell_gets_the_script_whole() -> None:
    script = windows.install_script(WINDOW, Path("icon.ico"), desktop=True)
    code = windows.encoded(script)
    assert base64.b64decode(code).decode("utf-16-le") == script
    assert len(code) < 32_000  # the longest command line of Windows


def test_the_same_shortcuts_go_again() -> None:
    assert "@('Programs', 'Desktop')" in windows.uninstall_script()
    assert windows.SHORTCUT in strings(windows.uninstall_script())


def test_where_powershell_is_missing_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(LauncherError, match="PowerShell"):
        windows.install()


def test_the_bundle_runs_its_command_with_the_arguments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "Desktop").mkdir()
    monkeypatch.setattr(macos.command, "window_command", lambda: ["printf", "%s|", "it's", "$HOME"])
    app, link = macos.install(desktop=True)
    assert app == tmp_path / "Applications" / "Restorer.app"
    run = subprocess.run(
        [link / "Contents" / "MacOS" / "Restorer", "a photo.jpg"], capture_output=True, text=True, check=True
    )
    assert run.stdout == "it's|$HOME|a photo.jpg|"
    info = plistlib.loads((app / "Contents" / "Info.plist").read_bytes())
    assert info["CFBundleIdentifier"] == BUNDLE_ID
    (kinds,) = info["CFBundleDocumentTypes"]
    assert kinds["CFBundleTypeMIMETypes"] == list(MIME_TYPES)
    icon = app / "Contents" / "Resources" / info["CFBundleIconFile"]
    assert icon.read_bytes() == (resources_dir() / "icons" / "app" / "restorer.icns").read_bytes()
    assert macos.installed()
    assert macos.uninstall() == [link, app]
    assert not app.exists()
    assert not link.is_symlink()


def test_an_app_of_somebody_else_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    theirs = tmp_path / "Applications" / "Restorer.app" / "Contents"
    theirs.mkdir(parents=True)
    (theirs / "Info.plist").write_bytes(plistlib.dumps({"CFBundleIdentifier": "com.example.furniture"}))
    with pytest.raises(LauncherError, match=r"is not Restorer's"):
        macos.install()
    assert macos.uninstall() == []
    assert (theirs / "Info.plist").exists()


def test_the_icon_files_hold_every_size() -> None:
    from PIL import Image

    folder = resources_dir() / "icons" / "app"
    with Image.open(folder / "restorer.ico") as ico:
        assert {16, 32, 48, 256} <= {width for width, _ in ico.info["sizes"]}
    with Image.open(folder / "restorer.icns") as icns:
        assert max(width * scale for width, _, scale in icns.info["sizes"]) == 1024
