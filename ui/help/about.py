"""About and the crash report: dialogs that only tell something.

In: installed versions, a report. Out: a dialog with text that can be copied.
"""

from __future__ import annotations

import platform

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ui.help.licences import Parts, versions
from ui.i18n.language import tr as _tr
from ui.style import window_size
from ui.widgets.text_dialog import TextDialog


def versions_text() -> str:
    """The same as plain text, for a report of a fault."""
    lines = [f"{name} {version} ({licence})" for name, version, licence in versions()]
    return "\n".join([*lines, platform.platform()])


def about_dialog(parent: QWidget) -> TextDialog:
    """Who we are, what the pictures are, and what we are built on."""
    words = _tr(
        "Brings old photos back. What it adds is a reconstruction: it fits the photo, but it is imagined, "
        "and faces can change. Each file that is saved says so in its metadata. Photos never leave this "
        "computer."
    )
    sheet = TextDialog(parent, _tr("About Restorer"), Parts(), versions_text(), words)
    window_size.open_at(sheet, 44, 40)
    return sheet


def report_dialog(parent: QWidget, report: str) -> TextDialog:
    """What is known of a crash."""
    view = QPlainTextEdit(report)
    view.setReadOnly(True)
    view.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByKeyboard | Qt.TextInteractionFlag.TextSelectableByMouse
    )
    words = _tr("This is what is known of the crash. It was sent nowhere; copy it if you want to report it.")
    return TextDialog(parent, _tr("Crash report"), view, report, words)
