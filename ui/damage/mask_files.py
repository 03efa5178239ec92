"""Masks in PNG files, as `restorer restore --repair-mask` takes them.

In: a mask, a file that the person chose. Out: the file, or the mask in it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from ui.i18n.language import tr as _tr
from ui.settings import ui_state

__all__ = ["MaskFileDialog"]


class MaskFileDialog(QObject):
    """Asks for a file to save to, or to load, and hands it on."""

    def __init__(self, store: QSettings, parent: QWidget) -> None:
        super().__init__(parent)
        self._store, self._parent = store, parent
        self._then: Callable[[Path], None] | None = None

    def ask_target(self, name: str, then: Callable[[Path], None]) -> QFileDialog:
        """Where to save; name: suggested for the file."""
        dialog = self._dialog(_tr("Save the mask"), then)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.setNameFilter(_tr("Masks") + " (*.png)")
        dialog.selectFile(name)
        dialog.open()
        return dialog

    def ask_source(self, then: Callable[[Path], None]) -> QFileDialog:
        """What to load."""
        dialog = self._dialog(_tr("Load a mask"), then)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([_tr("Masks") + " (*.png)", _tr("All files") + " (*)"])
        dialog.open()
        return dialog

    def _dialog(self, title: str, then: Callable[[Path], None]) -> QFileDialog:
        self._then = then
        dialog = QFileDialog(self._parent, title, str(ui_state.folder(self._store) or ""))
        dialog.fileSelected.connect(self._on_chosen)
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    @Slot(str)
    def _on_chosen(self, name: str) -> None:
        then, self._then = self._then, None
        if then is not None:
            then(Path(name))
