"""About and the crash report: dialogs that only tell something.

In: installed versions, a report. Out: a dialog with text that can be copied. Versions
and licences are read from the installed packages, so they are those that run.
"""

from __future__ import annotations

import contextlib
import platform
from collections.abc import Sequence
from importlib import metadata

from PySide6.QtCore import Qt, Slot, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from restorer import __version__, catalog
from restorer.errors import RestorerError
from ui import sizes
from ui.language import tr as _tr

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
    with contextlib.suppress(RestorerError):  # the banner tells about damaged packs
        found += [(pack.name, "", str(pack.config.get("licence", ""))) for pack in catalog.all_packs()]
    return found


def versions_text() -> str:
    """The same as plain text, for a report of a fault."""
    lines = [f"{name} {version} ({licence})" for name, version, licence in versions()]
    return "\n".join([*lines, platform.platform()])


class Sheet(QDialog):
    """A title, something to read, and buttons to copy and close."""

    def __init__(self, parent: QWidget, title: str, content: QWidget, text: str, above: str = "") -> None:
        super().__init__(parent)
        self._text = text
        self.setWindowTitle(title)
        column = QVBoxLayout(self)
        if above:
            label = QLabel(above)
            label.setWordWrap(True)
            column.addWidget(label)
        content.setAccessibleName(title)
        column.addWidget(content, 1)
        buttons = QDialogButtonBox()
        self.copy_button = QPushButton(self.tr("Copy"))
        self.copy_button.setAccessibleName(self.tr("Copy the text"))
        self.copy_button.setToolTip(self.tr("Put the text on the clipboard."))
        self.copy_button.clicked.connect(self._copy)
        buttons.addButton(self.copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        close = buttons.addButton(QDialogButtonBox.StandardButton.Close)
        close.setAccessibleName(self.tr("Close"))
        close.setToolTip(self.tr("Close (Esc)."))
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        sizes.open_at(self, 34, 28)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)


def table(columns: list[str], rows: Sequence[tuple[str, ...]]) -> QTreeWidget:
    """Rows under the titles of their columns."""
    made = QTreeWidget()
    made.setHeaderLabels(columns)
    made.setRootIsDecorated(False)
    made.setAlternatingRowColors(True)
    for row in rows:
        made.addTopLevelItem(QTreeWidgetItem(list(row)))
    made.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    return made


def about_dialog(parent: QWidget) -> Sheet:
    """Who we are, what the pictures are, and what we are built on."""
    words = _tr(
        "Brings old photos back with diffusion super-resolution. What it adds is a reconstruction: "
        "it fits the photo, but it is imagined, and faces can change. Each file that is saved says so in its "
        "metadata. Photos never leave this computer."
    )
    parts = table([_tr("Part"), _tr("Version"), _tr("Licence")], versions())
    return Sheet(parent, _tr("About Restorer"), parts, versions_text(), words)


def report_dialog(parent: QWidget, report: str) -> Sheet:
    """What is known of a crash."""
    view = QPlainTextEdit(report)
    view.setReadOnly(True)
    view.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByKeyboard | Qt.TextInteractionFlag.TextSelectableByMouse
    )
    words = _tr("This is what is known of the crash. It was sent nowhere; copy it if you want to report it.")
    return Sheet(parent, _tr("Crash report"), view, report, words)
