"""What a person settled for good: device, threads, tile, previews, language, look, and how results are saved.

In and out: settings.json in the settings folder, with a version number. Older versions are carried over step
by step, see `MIGRATIONS`; a value that makes no sense becomes its default; a damaged file is kept beside the
new one. The window writes the file, the command line only reads it. The panel's last choices and the window's
place are not here but in `ui.settings.ui_state`: they are remembered, not decided.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from restorer import paths
from restorer.errors import SettingsError
from restorer.files.naming import TEMPLATE

VERSION = 3
FILE = "settings.json"
MOST_THREADS = 256
LEAST_TILE, MOST_TILE = 64, 8192


class Format(StrEnum):
    """The kind of file a result becomes."""

    SAME = "same"  # as the photo was, where it can be written
    PNG = "png"
    JPEG = "jpg"
    TIFF = "tif"
    WEBP = "webp"


class Metadata(StrEnum):
    """What of the photo's metadata goes into the result; what was reconstructed is always written."""

    ALL = "all"
    NO_PLACE = "no-place"  # all but where it was taken
    NONE = "none"


class FileDate(StrEnum):
    """The date that the file of a result gets."""

    NOW = "now"
    KEEP = "keep"  # the date of the photo's file


@dataclass(frozen=True)
class Output:
    """How results are saved unless the export dialog says otherwise.

    quality: 1 to 100, for JPEG and WebP. sixteen: 16 bits a sample, for PNG and TIFF. template: the file's
    name without its suffix, see `restorer.files.naming`. long_side: the longer side in pixels, 0 for the
    result's own.
    """

    format: Format = Format.SAME
    quality: int = 95
    sixteen: bool = False
    template: str = TEMPLATE
    metadata: Metadata = Metadata.ALL
    long_side: int = 0
    date: FileDate = FileDate.NOW


@dataclass(frozen=True)
class Preferences:
    """What is settled for good.

    device: "auto", "cpu", "cuda:0", … threads, tile: 0 leaves the choice to the app; a tile is the side in
    pixels of the result. theme, language: names that the window knows.
    """

    device: str = "auto"
    threads: int = 0
    tile: int = 0
    previews: bool = True
    notify: bool = True
    language: str = "system"
    theme: str = "system"
    output: Output = field(default_factory=Output)

    def sane(self) -> Preferences:
        """The same, with every number inside its range."""
        quality = min(max(self.output.quality, 1), 100)
        output = dataclasses.replace(
            self.output, quality=quality, long_side=min(max(self.output.long_side, 0), 100_000)
        )
        tile = 0 if self.tile < LEAST_TILE else min(self.tile, MOST_TILE)
        return dataclasses.replace(
            self, threads=min(max(self.threads, 0), MOST_THREADS), tile=tile, output=output
        )


Data = dict[str, Any]


def _from_one(data: Data) -> Data:
    """Version 1 called the theme `appearance` and had no output policy."""
    data["theme"] = data.pop("appearance", "system")
    return data


def _from_two(data: Data) -> Data:
    """Version 2 kept format and quality at the top, and metadata as yes or no."""
    kept = data.pop("keep_metadata", True)
    output = {name: data.pop(name) for name in ("format", "quality", "template") if name in data}
    data["output"] = {**output, "metadata": "all" if kept else "none"}
    return data


MIGRATIONS: dict[int, Callable[[Data], Data]] = {1: _from_one, 2: _from_two}


def migrated(data: Data) -> Data:
    """The data of any older version in the shape of this one."""
    version = data.get("version", 1)
    for step in range(max(1, version) if isinstance(version, int) else 1, VERSION):
        data = MIGRATIONS[step](dict(data))
    return data


def _read(kind: type, data: Any) -> Any:
    """A dataclass from plain data; whatever does not fit its field's default is left at the default."""
    made = kind()
    if not isinstance(data, dict):
        return made
    values: Data = {}
    for one in dataclasses.fields(kind):
        if one.name not in data:
            continue
        default, value = getattr(made, one.name), data[one.name]
        if dataclasses.is_dataclass(default):
            values[one.name] = _read(type(default), value)
        elif isinstance(default, StrEnum):
            with contextlib.suppress(ValueError):
                values[one.name] = type(default)(value)
        elif type(value) is type(default):
            values[one.name] = value
    return dataclasses.replace(made, **values)


def read(folder: Path) -> Preferences:
    """The settings in `folder`, or the defaults where there is no file; nothing on the disk is touched.

    Raises SettingsError where the file is damaged or cannot be read.
    """
    path = folder / FILE
    try:
        return _made(_data(path))
    except FileNotFoundError:
        return Preferences()
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"The settings in {path} cannot be read, so the usual ones are taken; delete the file, or save "
            "the settings again in the window."
        ) from error


def load(folder: Path, older: Data | None = None) -> Preferences:
    """The settings in `folder`; where there is no file, from `older`, what an earlier app kept elsewhere.

    A file that is damaged, or written by a newer app, is put beside, because `save` writes over it.
    """
    path = folder / FILE
    try:
        data = _data(path)
    except FileNotFoundError:
        data = {"version": 1, **(older or {})}
    except (OSError, ValueError):
        with contextlib.suppress(OSError):
            os.replace(path, path.with_suffix(".damaged.json"))
        data = {"version": VERSION}
    version = data.get("version", 1)
    if isinstance(version, int) and version > VERSION:
        with contextlib.suppress(OSError):  # a newer app wrote it; it finds its own again
            path.with_suffix(f".version-{version}.json").write_text(json.dumps(data, indent=2), "utf-8")
    return _made(data)


def _data(path: Path) -> Data:
    data = paths.plain_json(path)
    if not isinstance(data, dict):
        raise ValueError("not an object")
    return data


def _made(data: Data) -> Preferences:
    made: Preferences = _read(Preferences, migrated(data))
    return made.sane()


def save(folder: Path, preferences: Preferences) -> None:
    """Write the file whole or not at all. Raises OSError where the folder cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    hidden = folder / f".{FILE}.tmp"
    text = json.dumps({"version": VERSION, **dataclasses.asdict(preferences)}, indent=2, ensure_ascii=False)
    hidden.write_text(text + "\n", "utf-8")
    os.replace(hidden, folder / FILE)
