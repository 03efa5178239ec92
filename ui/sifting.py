"""Which of the files and folders that somebody brings are pictures at all, or hold some.

In: paths. Out: those worth a place in the row, and the others. A photo that turns out to be damaged, or of a
kind that cannot be opened, has a place: its reason stands there and it can be tried again. Letters and lists
have none. A name that means a photo is believed; other files are told by their content.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeDatabase

from ui.language import tr

log = logging.getLogger(__name__)

NAMED = 5  # more files than these are counted


def sifted(paths: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """Pictures, and files that are something else; each in its order."""
    pictures: list[Path] = []
    others: list[Path] = []
    if not (paths := list(paths)):
        return pictures, others  # at a start without photos the window does not wait for what reads them
    from restorer.photo import PHOTO_SUFFIXES

    kinds = QMimeDatabase()
    for path in paths:
        believed = path.suffix.lower() in PHOTO_SUFFIXES or not path.exists()
        if believed or kinds.mimeTypeForFile(str(path)).name().startswith("image/"):
            pictures.append(path)
        else:
            others.append(path)
    return pictures, others


def sentence(others: Sequence[Path]) -> str:
    """What to say of files that were left out; one or more."""
    if len(others) == 1:
        return tr("{0} is no picture, so it was not opened.").format(others[0].name)
    names = ", ".join(path.name for path in others[:NAMED])
    more = len(others) - NAMED
    if more > 0:
        names = tr("{0} and %n more", "", more).format(names)
    return tr("These files are no pictures, so they were not opened: {0}.").format(names)


def photos_below(folder: Path) -> tuple[list[Path], list[str]]:
    """All files in a folder and its folders that are named like photos, and a sentence for each folder that
    cannot be looked into."""
    from restorer.folders import Trouble, walk
    from restorer.photo import PHOTO_SUFFIXES

    found: list[Path] = []
    closed: list[str] = []
    for path in walk(folder):
        if isinstance(path, Trouble):
            log.warning("%s", path.sentence)
            closed.append(path.sentence)
        elif path.suffix.lower() in PHOTO_SUFFIXES:
            found.append(path)
    return found, closed
