"""The dialog of keys: every command with a shortcut, and what mouse and keys do without a command.

In: a menu bar. Out: a dialog with text that can be copied. A command whose text changes ("Undo: Turned left")
has the constant one as its property `always`.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenuBar, QWidget

from ui.i18n.language import tr as _tr
from ui.style import window_size
from ui.widgets.text_dialog import TextDialog, table

FIRST_RARE, LAST_RARE = Qt.Key.Key_F13.value, Qt.Key.Key_F35.value
FIRST_SPECIAL = Qt.Key.Key_Back.value
"""Keys of office and multimedia keyboards begin here: Undo, Open, Zoom In and the like."""


def shortcuts(bar: QMenuBar) -> list[tuple[str, str]]:
    """(what it does, its keys) of every command with a shortcut, in the menus' order and each line once."""
    found: list[tuple[str, str]] = []

    def collect(actions: list[QAction]) -> None:
        for action in actions:
            menu = action.menu()
            keys = keys_text(action.shortcuts())
            if menu is not None:
                collect(menu.actions())  # type: ignore[attr-defined]
            elif keys:
                line = _plain(action.property("always") or action.text()), keys
                if line not in found:
                    found.append(line)

    collect(bar.actions())
    return found


def keys_text(keys: Iterable[QKeySequence]) -> str:
    """The keys that ordinary keyboards have, as they are written on them; all if there are no others."""
    sequences = [each for each in keys if not each.isEmpty()]
    ordinary = [each for each in sequences if not _rare(each[0].key().value)]  # type: ignore[index]
    native = QKeySequence.SequenceFormat.NativeText
    return ", ".join(each.toString(native) for each in ordinary or sequences)


def _rare(key: int) -> bool:
    return FIRST_RARE <= key <= LAST_RARE or key >= FIRST_SPECIAL


def _plain(text: str) -> str:
    """A menu's text without its mnemonic: "&Open…", and "打开(&O)…" as Chinese menus have it."""
    start = text.find("(&")
    if start >= 0 and text[start + 3 : start + 4] == ")":
        text = text[:start] + text[start + 4 :]
    return text.replace("&", "")


def _canvas_shortcuts() -> list[tuple[str, str]]:
    """What the person does on the picture itself; no menu has it."""
    return [
        (_tr("Move the picture"), _tr("Arrow keys, or drag it")),
        (_tr("Larger or smaller, at the pointer"), _tr("Mouse wheel")),
        (_tr("True pixels at the pointer, or the whole picture again"), _tr("Double click")),
        (_tr("Move the divider"), _tr("Shift with left and right")),
        (_tr("Grab the picture"), _tr("Space")),
        (_tr("Choose a version"), _tr("1 to 4, or click it")),
        (_tr("Try a region: take the middle of what is in view"), _tr("Enter")),
        (_tr("Straighten and crop: move the frame"), _tr("Arrow keys")),
        (_tr("Straighten and crop: size the frame"), _tr("Shift with the arrow keys")),
        (_tr("Straighten and crop: apply"), _tr("Enter")),
        (_tr("Straighten and crop: leave the photo as it is"), _tr("Esc")),
        (_tr("Damage: mark, erase, never touch"), "A, E, N"),
        (_tr("Damage: smaller or larger brush"), "[, ]"),
        (_tr("Damage: close the tool"), _tr("Esc")),
        (_tr("Choose a picture of a sheet"), _tr("Arrow keys")),
        (_tr("Show it alone, or all again"), _tr("Enter, or double click")),
        (_tr("Next control"), "Tab"),
    ]


def keys_dialog(parent: QWidget, bar: QMenuBar) -> TextDialog:
    """All shortcuts."""
    rows = [*shortcuts(bar), *_canvas_shortcuts()]
    text = "\n".join(f"{keys}\t{does}" for does, keys in rows)
    dialog = TextDialog(parent, _tr("Keys"), table([_tr("What"), _tr("Keys")], rows), text)
    window_size.open_at(dialog, 44, 40)
    return dialog
