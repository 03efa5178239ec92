"""A box for numbers with a fraction, in which dot and comma both part it, whatever the person's locale."""

from __future__ import annotations

import re

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox

_POINTS = re.compile("[.,\u066b]")


class NumberBox(QDoubleSpinBox):
    """Shows numbers as the locale does, and takes either sign; thousands are not parted."""

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        state, text, position = super().validate(self._local(text), position)
        return state, text, position

    def valueFromText(self, text: str) -> float:
        return super().valueFromText(self._local(text))

    def fixup(self, text: str) -> str:
        return super().fixup(self._local(text))

    def _local(self, text: str) -> str:
        # One sign of the same length, so the cursor stays where it is.
        return _POINTS.sub(self.locale().decimalPoint(), text)
