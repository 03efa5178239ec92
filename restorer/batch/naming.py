"""A photo's place in the folder of results: sub-folders mirrored, names from a template, no two alike.

In: where a photo lies below its folder, the recipe, and which names are taken. Out: a path below
the folder of results. Two names are alike if any file system takes them for one: A.png and a.png on
Windows and macOS, é as one sign and as two. A name that would be too long loses its end, by whole
characters; 255 bytes are what nearly all file systems hold.
"""

from __future__ import annotations

import os
import re
import string
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path

from restorer.errors import RequestError

TEMPLATE = "{stem}_{scale}x"
FIELDS = ("stem", "suffix", "scale", "preset", "fidelity", "seed", "model")
MOST_BYTES = 255
_FOREIGN = re.compile(r'[<>:"|?*\x00-\x1f]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def check_template(template: str) -> None:
    """Raise RequestError unless the template is one of `FIELDS` in braces and text, with the photo's name."""
    known = ", ".join(f"{{{name}}}" for name in FIELDS)
    try:
        names = [name for _, name, form, _ in string.Formatter().parse(template) if name is not None]
        wrong = [name for name in names if name not in FIELDS]
        template.format_map(dict.fromkeys(FIELDS, ""))
    except (ValueError, KeyError, IndexError, AttributeError) as error:
        raise RequestError(
            f"The naming template {template!r} makes no sense ({error}); use {known}."
        ) from error
    if wrong:
        raise RequestError(f"The naming template {template!r} has an unknown {{{wrong[0]}}}; use {known}.")
    if "stem" not in names:
        raise RequestError(f"The naming template {template!r} needs {{stem}}, the photo's own name.")
    if any(separator in template for separator in "/\\\0"):
        raise RequestError(
            f"The naming template {template!r} names a folder; sub-folders are mirrored by themselves."
        )


def output_for(
    relative: Path,
    template: str,
    values: Mapping[str, object],
    suffix: str,
    page: int,
    taken: Callable[[str], bool],
) -> Path:
    """The path below the folder of results for the photo at `relative`.

    values: what the template's fields stand for, less stem and suffix. page: 0, or the number of a page
    of a file with several. taken: whether a `key` is another photo's.
    """
    stem = relative.stem if page == 0 else f"{relative.stem}-p{page}"
    name = template.format_map({**values, "stem": stem, "suffix": relative.suffix.lstrip(".")})
    if os.name == "nt":
        name = _for_windows(name)
    parent = relative.parent
    count = 1
    while True:
        ending = suffix if count == 1 else f"-{count}{suffix}"
        path = parent / fitted(name, ending)
        if not taken(key(path)):
            return path
        count += 1


def key(path: Path) -> str:
    """The path as the least discerning file system sees it."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def fitted(name: str, ending: str) -> str:
    """The name with its ending, of at most `MOST_BYTES` bytes."""
    while len(os.fsencode(name + ending)) > MOST_BYTES:
        name = name[:-1]
    return name + ending


def _for_windows(name: str) -> str:
    name = _FOREIGN.sub("_", name).rstrip(" .")
    return f"_{name}" if _RESERVED.fullmatch(name) else name
