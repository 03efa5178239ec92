"""Names for results: a template with placeholders, filled in and made fit for every file system. Knows no Qt.

{name}    the photo's name without its suffix      {seed}   the seed
{scale}   how many times each side was enlarged    {model}  the model's name
{preset}  draft, balanced or best                  {date}   today, as 2026-11-24
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from restorer.batch.naming import fitted

PLACEHOLDERS = ("name", "scale", "preset", "seed", "model", "date")
MOST = 200  # characters
ROOM = 16  # bytes left for a suffix and an addition
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)


def unknown(template: str) -> list[str]:
    """The placeholders of a template that do not exist; a stray brace counts as one."""
    try:
        fields = [field for _, field, _, _ in string.Formatter().parse(template) if field is not None]
        strange = [field for field in fields if field not in PLACEHOLDERS]
        if not strange:
            template.format_map(dict.fromkeys(PLACEHOLDERS, ""))  # a form such as {name:d} fits no text
    except (ValueError, KeyError, IndexError):
        return ["{"]
    return strange


def filled(template: str, values: Mapping[str, object], today: date | None = None) -> str:
    """The name that a template gives, without a suffix; an unusable one gives the photo's own name."""
    values = {"date": (today or date.today()).isoformat(), **values}
    text = template if not unknown(template) else "{name}"
    return usable(text.format_map({name: values.get(name, "") for name in PLACEHOLDERS}))


def usable(name: str) -> str:
    """A name that every file system takes: no forbidden characters, no reserved word, not too long."""
    name = _FORBIDDEN.sub("_", name).strip().rstrip(".")
    if not name or _RESERVED.match(name):
        name = f"photo_{name}" if name else "photo"
    return fitted(name[:MOST], " " * ROOM).rstrip()


def unused(path: Path) -> Path:
    """`path`, or the first of "NAME (2).EXT", "NAME (3).EXT" … that is not there yet."""
    number = 2
    free = path
    while free.exists():
        free = path.with_stem(f"{path.stem} ({number})")
        number += 1
    return free
