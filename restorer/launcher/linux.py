"""Linux: a desktop entry, icons of every size, and AppStream metadata, all under XDG_DATA_HOME.

Follows the Desktop Entry Specification, the Icon Theme Specification and AppStream 1.0. `entry` and
`quoted` are pure; `install` writes. The entry carries a key of its own, so that an entry of the same name
which somebody else wrote is never replaced or deleted. What ships in resources/desktop is complete but for
the place of the program, and serves a distribution's package as it is.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from restorer import paths
from restorer.errors import LauncherError
from restorer.launcher import command, files
from restorer.launcher.files import File
from restorer.launcher.names import APP_ID, ICON_SIZES

OURS = "X-Restorer-Launcher=true"
_AS_IT_IS = re.compile(r"[A-Za-z0-9_./:=@+-]+")
_TOOL_SECONDS = 20


def _string(text: str) -> str:
    """A value of type string: backslashes, newlines and the like are escaped (section 4)."""
    for plain, escaped in (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        text = text.replace(plain, escaped)
    return "\\s" + text[1:] if text.startswith(" ") else text


def quoted(arguments: Sequence[str]) -> str:
    """A command as the value of an Exec key: arguments quoted (section 7), then escaped as a string (4).

    A percent sign is doubled, for alone it begins a field code; field codes are added afterwards.
    """
    words = []
    for argument in arguments:
        word = argument.replace("%", "%%")
        if not _AS_IT_IS.fullmatch(word):
            word = '"' + re.sub(r'(["`$\\])', r"\\\1", word) + '"'
        words.append(word)
    return _string(" ".join(words))


def entry(window: Sequence[str]) -> bytes:
    """The desktop entry that ships, with this command in place of the bare name of the program."""
    lines = _shipped(f"{APP_ID}.desktop").decode("utf-8").splitlines()
    for at, line in enumerate(lines):
        key, _, value = line.partition("=")
        if key == "Exec":
            lines[at] = f"Exec={quoted(window)}{value.removeprefix(command.WINDOW_EXE)}"
        elif key == "TryExec":
            lines[at] = f"TryExec={_string(window[0])}"
    return "".join(f"{line}\n" for line in lines).encode()


def _shipped(name: str, folder: str = "desktop") -> bytes:
    path = paths.resources_dir() / folder / name
    try:
        return path.read_bytes()
    except OSError as error:
        raise LauncherError(f"{path}, a part of Restorer, is missing; install Restorer again.") from error


def _root() -> Path:
    return paths.data_root()


def _entry_path() -> Path:
    return _root() / "applications" / f"{APP_ID}.desktop"


def _icon_places() -> dict[Path, str]:
    """Where an icon goes -> where it comes from, below resources/icons."""
    theme = _root() / "icons" / "hicolor"
    places = {
        theme / f"{side}x{side}" / "apps" / f"{APP_ID}.png": f"app/{side}x{side}.png" for side in ICON_SIZES
    }
    places[theme / "scalable" / "apps" / f"{APP_ID}.svg"] = "restorer.svg"
    return places


def _metainfo_path() -> Path:
    return _root() / "metainfo" / f"{APP_ID}.metainfo.xml"


def desktop_folder() -> Path | None:
    """The person's desktop (xdg-user-dirs), or None where there is none to be seen."""
    folder = paths.home() / "Desktop"
    with contextlib.suppress(OSError, UnicodeDecodeError):
        for line in (paths.config_root() / "user-dirs.dirs").read_text("utf-8").splitlines():
            found = re.fullmatch(r'\s*XDG_DESKTOP_DIR="((?:\\.|[^"\\])*)"\s*', line)
            if found:
                text = re.sub(r"\\(.)", r"\1", found[1])
                folder = Path(re.sub(r"^\$HOME(?=/|$)", lambda _: str(paths.home()), text))
    return folder if folder.is_dir() and folder != paths.home() else None


def _is_ours(path: Path) -> bool:
    try:
        return OURS in path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return False


def _tool(*arguments: str | Path) -> None:
    """Tell a cache of the change; where the tool is missing or fails, the desktop finds it later."""
    if shutil.which(str(arguments[0])):
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(list(map(str, arguments)), capture_output=True, timeout=_TOOL_SECONDS, check=False)


def _trust(path: Path) -> None:
    """Mark an entry on the desktop as trusted; GNOME asks for the first mark, Xfce for a checksum."""
    _tool("gio", "set", path, "metadata::trusted", "true")
    checksum = hashlib.sha256(path.read_bytes()).hexdigest()
    _tool("gio", "set", "-t", "string", path, "metadata::xfce-exe-checksum", checksum)


def _refresh() -> None:
    _tool("update-desktop-database", "-q", _root() / "applications")
    _tool("gtk-update-icon-cache", "-q", "-t", "-f", _root() / "icons" / "hicolor")


def install(desktop: bool = False) -> list[Path]:
    """Write entry, icons and metadata. Raises LauncherError, with nothing written then."""
    text = entry(command.window_command())
    wanted = [File(_entry_path(), text), File(_metainfo_path(), _shipped(_metainfo_path().name))]
    if desktop:
        folder = desktop_folder()
        if folder is None:
            raise LauncherError(
                "There is no desktop folder here; make ~/Desktop first, or leave --desktop out."
            )
        wanted.append(File(folder / f"{APP_ID}.desktop", text, executable=True))
    for file in wanted:
        if file.path.suffix == ".desktop" and file.path.exists() and not _is_ours(file.path):
            raise LauncherError(f"{file.path} was not written by Restorer; move it away, then try again.")
    wanted += [File(path, _shipped(source, "icons")) for path, source in _icon_places().items()]
    written = files.write(wanted)
    for path in written:
        if path.suffix == ".desktop" and os.access(path, os.X_OK):
            _trust(path)
    _refresh()
    return written


def uninstall() -> list[Path]:
    """Delete what install wrote. Raises LauncherError where a file cannot be deleted."""
    entries = [_entry_path()]
    if (folder := desktop_folder()) is not None:
        entries.append(folder / f"{APP_ID}.desktop")
    ours = [path for path in entries if _is_ours(path)]
    gone = files.delete([*ours, *_icon_places(), _metainfo_path()], _root())
    if gone:
        _refresh()
    return gone


def installed() -> bool:
    """Whether the menu has our entry: the person's own, or one that a package brought for everybody."""
    everybody = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    places = [
        Path(folder) / "applications" / f"{APP_ID}.desktop" for folder in everybody.split(":") if folder
    ]
    return any(map(_is_ours, [_entry_path(), *places]))
