"""A box to choose one value of a few."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QComboBox


class EnumCombo(QComboBox):
    """A combo box of values with their names."""

    def __init__(self, names: Mapping[str, str], value: str, name: str, hint: str) -> None:
        super().__init__()
        for key, text in names.items():
            self.addItem(text, key)
        if value not in names:
            self.addItem(value, value)
        self.choose(value)
        self.setAccessibleName(name)
        self.setToolTip(hint)

    def choose(self, value: str) -> None:
        self.setCurrentIndex(self.findData(value))

    @property
    def value(self) -> str:
        return str(self.currentData())
