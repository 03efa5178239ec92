"""The names of the classes that class-conditional networks were trained on.

In: a pack, a name or a number. Out: names in the order of the network's classes, and the class that is
meant. The names are those of ImageNet's thousand, in `resources/classes/imagenet.txt`, one a line; cheap to
import.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from restorer import paths
from restorer.errors import RequestError
from restorer.packs.pack import Pack

__all__ = ["find", "names", "sample", "search"]


@cache
def _read(which: str) -> tuple[str, ...]:
    text = (paths.resources_dir() / "classes" / f"{which}.txt").read_text("utf-8")
    return tuple(text.splitlines())


def names(pack: Pack) -> tuple[str, ...]:
    """The names of a pack's classes, in order; numbers where nobody knows names, nothing without classes."""
    known = pack.config.get("classes")
    if known == "imagenet":
        return _read("imagenet")
    if isinstance(known, list):
        return tuple(str(name) for name in known)
    return tuple(str(number) for number in range(pack.classes))


def sample(pack: Pack, label: int) -> Path | None:
    """A small picture of the class, made by the pack itself; None where it brings none."""
    path = pack.folder / "samples" / f"{label:04d}.webp"
    return path if path.is_file() else None


def search(words: str, among: tuple[str, ...]) -> list[int]:
    """Classes whose names hold all of the words, those that begin with them first, then by number."""
    wanted = words.casefold().split()
    found = [n for n, name in enumerate(among) if all(word in name.casefold() for word in wanted)]
    return sorted(found, key=lambda n: (not among[n].casefold().startswith(words.casefold().strip()), n))


def find(text: str, among: tuple[str, ...] | None = None) -> int:
    """The class of that number or name (ImageNet's, unless others are given), in any case; a part of a name
    is enough if it is in one only.

    Raises RequestError with the names that come near.
    """
    known = _read("imagenet") if among is None else among
    if text.isdecimal() and int(text) < len(known):
        return int(text)
    folded = text.casefold().strip()
    for number, name in enumerate(known):
        if name.casefold() == folded:
            return number
    near = search(text, known) if folded else []
    if len(near) == 1:
        return near[0]
    if near:
        raise RequestError(
            f"{text!r} could be {', '.join(known[n] for n in near[:8])}; say the whole name of one class."
        )
    raise RequestError(f"There is no class {text!r}; say a name such as {known[0]!r}, or its number.")
