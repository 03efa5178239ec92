"""Names for results: one template language, for single photos and whole folders.

    {name}    the photo's name without its suffix     {fidelity}  0 to 1
    {suffix}  the photo's suffix, without its dot     {seed}      the seed
    {scale}   how many times each side was enlarged   {model}     the model's name
    {preset}  draft, balanced or best                 {date}      today, as 2026-11-24
    {clean_up}  0 to 1, or auto

In: a template and what its fields stand for. Out: a name without the result's own suffix. {stem}, as folders
once called the name, still means the same.
"""

from __future__ import annotations

import os
import re
import string
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from restorer.errors import RequestError

__all__ = [
    "FIELDS",
    "TEMPLATE",
    "check",
    "filled",
    "fitted",
    "for_windows",
    "modern",
    "origin",
    "stem",
    "suggested",
    "title",
    "unknown",
    "unused",
    "usable",
]

TEMPLATE = "{name}_{scale}x"
FIELDS = ("name", "suffix", "scale", "preset", "fidelity", "clean_up", "seed", "model", "date")
MOST_BYTES = 255
"""What nearly all file systems hold."""
MOST = 200  # characters of a suggested name
ROOM = 16  # bytes left of it for a suffix and an addition
_FOREIGN = re.compile(r'[<>:"|?*\x00-\x1f]')
_HALF = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Halves of characters, which JSON can hold and no file name; the other halves are bytes of odd names."""
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_SEPARATORS = re.compile(r"[/\\\0]")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_FORM = re.compile(r"[^{}\d]{0,2}\d{0,2}[^{}\d]{0,2}\d{0,2}[a-z%]?")
"""What can follow the colon of a field: any fill and sign, a width and a precision below a hundred."""
_EARLIER = re.compile(r"(?<!\{)\{stem(?=[}!:])")


def modern(template: str) -> str:
    """The template with today's fields, for one that was kept or typed long ago."""
    return _EARLIER.sub("{name", template)


def unknown(template: str) -> list[str]:
    """The fields of a template that do not exist, in their order; a stray brace or a form that fits no text
    counts as one, "{"."""
    strange = []
    try:
        for _, name, form, _ in string.Formatter().parse(modern(template)):
            if name is not None and name not in FIELDS:
                strange.append(name)
            elif form and not _FORM.fullmatch(form):  # a width can ask for gigabytes
                strange.append("{")
        if not strange:
            modern(template).format_map(dict.fromkeys(FIELDS, ""))
    except (ValueError, KeyError, IndexError, AttributeError):
        strange.append("{")
    return strange


def check(template: str) -> None:
    """Raise RequestError unless the template is of `FIELDS` in braces and text, has the photo's name, and
    names no folder."""
    known = ", ".join(f"{{{name}}}" for name in FIELDS)
    if strange := unknown(template):
        what = "a brace too many or too few" if strange == ["{"] else f"an unknown {{{strange[0]}}}"
        raise RequestError(f"The naming template {template!r} has {what}; use {known}.")
    if not any(name == "name" for _, name, _, _ in string.Formatter().parse(modern(template))):
        raise RequestError(f"The naming template {template!r} needs {{name}}, the photo's own name.")
    if any(separator in template for separator in "/\\\0"):
        raise RequestError(
            f"The naming template {template!r} names a folder; sub-folders are mirrored by themselves."
        )
    if _HALF.search(template):
        raise RequestError(f"The naming template {template!r} holds half a character; type it anew.")


def filled(template: str, values: Mapping[str, object], today: date | None = None) -> str:
    """The template with its fields filled in; one without a value becomes nothing, and a value names no
    folder. For a template in which nothing is `unknown`."""
    plain = {
        name: _SEPARATORS.sub("_", value) if isinstance(value, str) else value
        for name, value in values.items()
    }
    known = dict.fromkeys(FIELDS, "") | {"date": (today or date.today()).isoformat()} | plain
    return modern(template).format_map(known)


def suggested(template: str, values: Mapping[str, object], today: date | None = None) -> str:
    """A name to offer, usable everywhere; a template that cannot be filled gives the usual name, which is not
    the photo's own."""
    return usable(filled(template if not unknown(template) else TEMPLATE, values, today))


def usable(name: str) -> str:
    """A name that every file system takes: no forbidden characters, no reserved word, not too long."""
    name = _HALF.sub("_", _FORBIDDEN.sub("_", name)).strip().rstrip(".")
    if not name or _RESERVED.fullmatch(name):
        name = f"photo_{name}" if name else "photo"
    return fitted(name[:MOST], " " * ROOM).rstrip()


def for_windows(name: str) -> str:
    """The name with as little changed as Windows asks for."""
    name = _FOREIGN.sub("_", name).rstrip(" .")
    return f"_{name}" if _RESERVED.fullmatch(name) else name


def fitted(name: str, ending: str) -> str:
    """The name with its ending, of at most `MOST_BYTES` bytes; it loses its end, by whole characters."""
    while len(os.fsencode(name + ending)) > MOST_BYTES:
        name = name[:-1]
    return name + ending


def unused(path: Path) -> Path:
    """`path`, or the first of "NAME (2).EXT", "NAME (3).EXT" … that is not there yet, not even as a link to
    nowhere."""
    number = 2
    free = path
    while os.path.lexists(free):
        free = path.with_stem(f"{path.stem} ({number})")
        number += 1
    return free


HIDDEN = ".restorer-"
"""How the name of a hidden file begins that is not complete yet."""


def title(name: str) -> str:
    """The class as a part of a file's name: "great white shark" is great-white-shark; "picture" where there
    is no class."""
    return re.sub(r"[^\w]+", "-", name).strip("-_") or "picture"


def stem(name: str, seed: int) -> str:
    """The name of a picture's file without its suffix: great-white-shark_12."""
    return f"{title(name)}_{seed}"


def origin(name: str, model: str, seed: int) -> str:
    """How a picture came about, for the metadata of what is made of it later."""
    return f"{name or 'a picture'}, invented by {model}, seed {seed}"
