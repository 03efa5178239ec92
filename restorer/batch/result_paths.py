"""A photo's place in the folder of results: sub-folders mirrored, names from a template, no two alike.

In: where a photo lies below its folder, the recipe, and which names are taken. Out: a path below
the folder of results. Two names are alike if any file system takes them for one: A.png and a.png on
Windows and macOS, é as one sign and as two. Templates are `restorer.files.naming`'s.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from restorer.files.destinations import own_suffix
from restorer.files.naming import filled, fitted, for_windows
from restorer.photo import WRITE_SUFFIXES

if TYPE_CHECKING:
    from restorer.batch.find_photos import Found
    from restorer.batch.recipe import JobRecipe


def proposed(found: Found, recipe: JobRecipe, taken: Callable[[str], bool]) -> Path:
    """The place of a photo's result as its recipe has it; see `output_for`."""
    request = recipe.request
    values = {
        "scale": request.scale,
        "preset": request.preset.value,
        "fidelity": request.fidelity,
        "clean_up": "auto" if request.clean_up is None else request.clean_up,
        "seed": request.seed,
        "model": request.model or "default",
    }
    suffix = f".{recipe.format}" if recipe.format else own_suffix(found.path, WRITE_SUFFIXES, recipe.bits)
    return output_for(found.relative, recipe.template, values, suffix, found.page, taken)


def output_for(
    relative: Path,
    template: str,
    values: Mapping[str, object],
    suffix: str,
    page: int,
    taken: Callable[[str], bool],
) -> Path:
    """The path below the folder of results for the photo at `relative`.

    values: what the template's fields stand for, less name and suffix. page: 0, or the number of a page
    of a file with several. taken: whether a `key` is another photo's.
    """
    stem = relative.stem if page == 0 else f"{relative.stem}-p{page}"
    name = filled(template, {**values, "name": stem, "suffix": relative.suffix.lstrip(".")})
    if os.name == "nt":
        name = for_windows(name)
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
