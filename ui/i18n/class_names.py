"""The names of the classes that ship, in the window's language.

Class names belong to the packs and are English, as in files, on the command line and in provenance. What the
list shows and searches is said here for the packs that come with Restorer; other names stay as they are.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def class_name(names: tuple[str, ...]) -> tuple[str, ...]:
    """Classes' names for people."""
    translate = QCoreApplication.translate
    known = {
        "buildings": translate("ClassNames", "buildings"),
        "forest": translate("ClassNames", "forest"),
        "glacier": translate("ClassNames", "glacier"),
        "mountain": translate("ClassNames", "mountain"),
        "sea": translate("ClassNames", "sea"),
        "street": translate("ClassNames", "street"),
        "tench": translate("ClassNames", "tench"),
        "English springer": translate("ClassNames", "English springer"),
        "cassette player": translate("ClassNames", "cassette player"),
        "chain saw": translate("ClassNames", "chain saw"),
        "church": translate("ClassNames", "church"),
        "French horn": translate("ClassNames", "French horn"),
        "garbage truck": translate("ClassNames", "garbage truck"),
        "gas pump": translate("ClassNames", "gas pump"),
        "golf ball": translate("ClassNames", "golf ball"),
        "parachute": translate("ClassNames", "parachute"),
    }
    return tuple(known.get(name, name) for name in names)
