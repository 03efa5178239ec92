"""What the app is made of, and the licence of each part, in full: a list to choose from and a text to read.

In: the installed packages, the model packs, the texts in resources/licences (of what is installed without
its own). Out: `Parts`, a widget. Nothing is looked up anywhere else.
"""

from __future__ import annotations

import contextlib
import os
import platform
from importlib import metadata
from pathlib import Path

from PySide6.QtCore import Qt, Slot, qVersion
from PySide6.QtWidgets import QPlainTextEdit, QTreeWidgetItem, QVBoxLayout, QWidget

from restorer import __version__, paths
from restorer.errors import RestorerError
from restorer.packs import catalog
from restorer.packs.pack import Pack
from ui.i18n.language import tr as _tr
from ui.widgets.text_dialog import table

LICENCES = {
    "PySide6-Essentials": "LGPL-3.0",
    "torch": "BSD-3-Clause",
    "numpy": "BSD-3-Clause",
    "opencv-python": "Apache-2.0",
    "pillow": "MIT-CMU",
    "safetensors": "Apache-2.0",
    "appdirs": "MIT",
}
"""What is used, under which licence."""
TEXT_NAMES = ("LICENSE", "LICENCE", "COPYING", "NOTICE")
LESSER = ("LGPL-3.0.txt", "GPL-3.0.txt")
"""The lesser licence adds to the other one, so both are to be read."""


def versions() -> list[tuple[str, str, str]]:
    """(name, version, licence) of the app, of what it is built on, and of the model packs."""
    found = [
        ("Restorer", __version__, "MIT"),
        ("Python", platform.python_version(), "PSF-2.0"),
        ("Qt", qVersion(), "LGPL-3.0"),
    ]
    for name, licence in LICENCES.items():
        try:
            found.append((name, metadata.version(name), licence))
        except metadata.PackageNotFoundError:
            continue
    found += [(pack.name, "", str(pack.config.get("licence", ""))) for pack in _packs()]
    return found


def licence_text(name: str, licence: str) -> str:
    """The licence of a part of `versions`, in full where its text is on this computer."""
    pack = next((pack for pack in _packs() if pack.name == name), None)
    if pack is not None:
        text = _of_pack(pack)
    elif name == "Restorer":
        text = _read(paths.resources_dir().parent / "LICENSE") or _of_package("restorer")
    elif name == "Python":
        text = _read(Path(os.__file__).parent / "LICENSE.txt")
    elif licence == "LGPL-3.0":
        text = "\n\n".join(filter(None, (_read(paths.resources_dir() / "licences" / one) for one in LESSER)))
    else:
        text = _of_package(name)
    if not licence and not text:
        return _tr("{0} does not say what its licence is. Ask whoever made it before you pass it on.").format(
            name
        )
    missing = _tr("The licence of {0} is {1}. Its text is not on this computer.").format(name, licence)
    return text or missing


def _packs() -> list[Pack]:
    with contextlib.suppress(RestorerError):  # the banner tells about damaged packs
        return list(catalog.all_packs())
    return []


def _of_pack(pack: Pack) -> str:
    """Its licence, and those of the pictures that it was trained on."""
    lines = [str(pack.config.get("licence", ""))]
    data = pack.config.get("data")
    if isinstance(data, list) and data:
        lines += ["", _tr("It was trained on:")]
        lines += [
            f"{one.get('source', '')}: {one.get('licence', '')}" for one in data if isinstance(one, dict)
        ]
    return "\n".join(lines).strip()


def _of_package(name: str) -> str:
    """The texts that a package was installed with: its own first, then those of what it contains."""
    try:
        files = metadata.files(name) or []
    except metadata.PackageNotFoundError:
        return ""
    texts = [
        file
        for file in files
        if file.name.upper().startswith(TEXT_NAMES) and file.suffix.lower() in ("", ".txt", ".md", ".rst")
    ]
    in_order = sorted(texts, key=lambda file: (len(file.parts), str(file)))
    found = dict.fromkeys(filter(None, (_read(Path(str(file.locate()))) for file in in_order)))
    return "\n\n".join(found)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace").strip()
    except OSError:
        return ""


class Parts(QWidget):
    """A list of parts; below it stands the licence of the one that is chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = table([self.tr("Part"), self.tr("Version"), self.tr("Licence")], versions())
        self.list.setAccessibleName(self.tr("Parts of Restorer"))
        self.list.setToolTip(self.tr("Choose a part to read its licence."))
        items = [self.list.topLevelItem(row) for row in range(self.list.topLevelItemCount())]
        for item in filter(None, items):
            item.setToolTip(2, item.text(2))
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByKeyboard | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        self.text.setToolTip(self.tr("The licence of the part that is chosen above."))
        self.text.setTabChangesFocus(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list, 1)
        column.addWidget(self.text, 1)
        self.list.currentItemChanged.connect(self._show)
        if items[0] is not None:  # the app itself
            self.list.setCurrentItem(items[0])

    @Slot(QTreeWidgetItem, QTreeWidgetItem)
    def _show(self, chosen: QTreeWidgetItem | None, before: QTreeWidgetItem | None) -> None:
        if chosen is not None:
            self.text.setPlainText(licence_text(chosen.text(0), chosen.text(2)))
            self.text.setAccessibleName(self.tr("Licence of {0}").format(chosen.text(0)))
