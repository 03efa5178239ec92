"""Where things live on this machine; nobody else asks the system.

In: nothing. Out: folders, as `Path`, and what lies in them, read with care: a file can be damaged, or made by
somebody who wishes no good. What belongs to a person (packs, settings,
cache, logs) lies where the operating system wants it, told by XDG or appdirs; what
ships with the app (packs, icons, sample photos) lies beside this package.
Asking creates nothing: whoever writes makes the folder first.
"""

from __future__ import annotations

import errno
import json
import math
import os
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import Any, NoReturn

import appdirs

APP_NAME = "Restorer"
MOST_TEXT = 1 << 20
"""Bytes of a file of settings or facts; none that is honest comes near."""
MOST_DEPTH = 32
"""Levels of lists and objects in such a file."""

_DATA = ".local/share"
# appauthor=False everywhere: otherwise Windows gets ...\Restorer\Restorer.


def _place(variable: str, usual: str, elsewhere: Callable[..., str], app: bool = True) -> Path:
    """A folder of the person's, with the app's name if `app`: what `variable` says, or `usual` below home.

    The specification has an empty variable count as unset, and a relative one, too: a folder below where one
    happens to stand would be another each time. elsewhere: appdirs' function, for the systems without XDG.
    """
    if appdirs.system in ("win32", "darwin"):
        return Path(elsewhere(APP_NAME, appauthor=False) if app else elsewhere())
    given = os.environ.get(variable, "")
    root = Path(given) if os.path.isabs(given) else home() / usual
    return root / APP_NAME if app else root


def home() -> Path:
    """The person's home; a folder of theirs under /tmp where the system knows none. Never a relative one."""
    if os.name == "nt":
        found = os.path.expanduser("~")
        return Path(found) if os.path.isabs(found) else Path(tempfile.gettempdir())
    given = os.environ.get("HOME", "")
    if os.path.isabs(given):
        return Path(given)
    with suppress(ImportError, KeyError):
        import pwd

        entry = pwd.getpwuid(os.getuid()).pw_dir
        if os.path.isabs(entry):
            return Path(entry)
    return _makeshift_home()


def expanded(text: str) -> Path:
    """The path that a person typed, with their home for a ~ at its start."""
    if text == "~" or text.startswith("~/"):
        return home() / text[2:]
    with suppress(RuntimeError):  # somebody's home whom the system does not know
        return Path(text).expanduser()
    return Path(text)


@cache
def _makeshift_home() -> Path:
    home = Path("/tmp") / f"restorer-{os.getuid()}"
    with suppress(OSError):
        status = os.lstat(home)
        # Anybody can make a folder there, and must not get what is a person's own.
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o077:
            return Path(tempfile.mkdtemp(prefix="restorer-", dir="/tmp"))
        return home
    with suppress(OSError):
        home.mkdir(mode=0o700)
        return home
    return Path(tempfile.mkdtemp(prefix="restorer-", dir="/tmp"))


def packs_dir() -> Path:
    """A person's own model packs, one folder each."""
    return _place("XDG_DATA_HOME", _DATA, appdirs.user_data_dir) / "models"


def journals_dir() -> Path:
    """Journals of folder jobs: what was done to which photo. They survive a crash, and so does the job."""
    return _place("XDG_DATA_HOME", _DATA, appdirs.user_data_dir) / "journals"


def settings_dir() -> Path:
    """Settings that should survive everything but the person's own hand."""
    return _place("XDG_CONFIG_HOME", ".config", appdirs.user_config_dir)


def cache_dir() -> Path:
    """What can be made again; deleting it loses nothing but time."""
    return _place("XDG_CACHE_HOME", ".cache", appdirs.user_cache_dir)


def log_dir() -> Path:
    """Logs, with the tracebacks that are never shown on the screen."""
    if appdirs.system in ("win32", "darwin"):
        return Path(appdirs.user_log_dir(APP_NAME, appauthor=False))
    return cache_dir() / "log"


def runtime_dir() -> Path:
    """Sockets and the like, which end with the person's session: XDG_RUNTIME_DIR, or else the cache."""
    given = os.environ.get("XDG_RUNTIME_DIR", "")
    return Path(given) / APP_NAME if os.path.isabs(given) else cache_dir()


def data_root() -> Path:
    """Where all apps of a person keep data: XDG_DATA_HOME, or %APPDATA% on Windows."""
    return _place("XDG_DATA_HOME", _DATA, partial(appdirs.user_data_dir, roaming=True), app=False)


def config_root() -> Path:
    """Where all apps of a person keep settings: XDG_CONFIG_HOME on Linux."""
    return _place("XDG_CONFIG_HOME", ".config", appdirs.user_config_dir, app=False)


def shipped_models_dir() -> Path:
    """The model packs that come with the app."""
    return _shipped_root() / "models"


def resources_dir() -> Path:
    """Icons, sample photos and the like."""
    return _shipped_root() / "resources"


def docs_dir() -> Path:
    """The guide and its pictures."""
    return _shipped_root() / "docs"


def door() -> Path:
    """The script that opens the window."""
    return _shipped_root() / "main.py"


@cache
def _shipped_root() -> Path:
    # The one place that knows the layout: in a checkout and in a bundle models/, resources/ and docs/ lie
    # beside the package, in an installed wheel inside it, so that the package is all that is installed.
    package = Path(__file__).resolve().parent
    inside = package / "_app"
    return inside if inside.is_dir() else package.parent


def private_folder(folder: Path) -> Path:
    """Make a folder that only its owner can look into, or make it so. Raises OSError where there can be none.

    What lies in it is private with it, so that nobody else can open, or hold locked, a file of it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.name != "nt":  # what belongs to a person is closed to others there
        with suppress(OSError):  # somebody else's, or on a disk that knows no permissions
            if stat.S_IMODE(os.stat(folder).st_mode) & 0o077:
                folder.chmod(0o700)
    return folder


def private_file(path: Path) -> Path:
    """See that a file is there, empty if it is new, that only its owner can read and write. Raises OSError,
    also where a link has its name."""
    flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags, 0o600)
    try:
        if os.name != "nt":
            with suppress(OSError):
                os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)
    return path


def plain_bytes(path: Path, most: int = MOST_TEXT) -> bytes:
    """The content of a plain file of at most `most` bytes.

    Raises OSError where there is none, what is there is a folder, a pipe or a device (which may never end),
    or it is larger.
    """
    _check_plain(path, os.stat(path).st_mode)
    # Looked at again once it is open, for it may have been swapped; a pipe is not waited for.
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    with open(os.open(path, flags | getattr(os, "O_CLOEXEC", 0)), "rb") as file:
        _check_plain(path, os.fstat(file.fileno()).st_mode)
        data = file.read(most + 1)
    if len(data) > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return data


def plain_json(path: Path, most: int = MOST_TEXT) -> Any:
    """What a file of JSON says, see `strict_json`. Raises OSError as `plain_bytes` does, and ValueError."""
    return strict_json(plain_bytes(path, most))


def strict_json(text: str | bytes) -> Any:
    """What a text in JSON says: numbers that are numbers, at most MOST_DEPTH levels. Raises ValueError."""
    try:
        found = json.loads(text, parse_constant=_refuse, parse_float=_finite, parse_int=_short)
    except RecursionError:
        raise ValueError("too many levels") from None
    waiting = [(found, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > MOST_DEPTH:
            raise ValueError("too many levels")
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        waiting += [(each, depth + 1) for each in inner]
    return found


def check_plain(path: Path) -> None:
    """Raise OSError unless a plain file, or a link to one, is there."""
    _check_plain(path, os.stat(path).st_mode)


def _check_plain(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is a device or pipe", str(path))


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _short(text: str) -> int:
    if len(text) > 40:
        raise ValueError(f"a number of {len(text)} digits")
    return int(text)


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:20]} is no number")
    return value
