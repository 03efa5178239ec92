"""What can be asked of a run that is going: let it wait, or end it at the picture that is there.

In: how the run stands. Out: `pause_asked` (and again to go on), `keep_asked`.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.i18n.language import tr as _tr
from ui.widgets.buttons import ActionButton


def show_pause(button: ActionButton, paused: bool) -> None:
    """Let a pause button say what it does next."""
    button.setText(_tr("Go on") if paused else _tr("Pause"))
    button.setAccessibleName(button.text())
    button.setToolTip(
        _tr("Go on with this run (P).")
        if paused
        else _tr("Let this run wait; the processor is free meanwhile (P).")
    )


class RunButtons(QWidget):
    """Shown while a run is going."""

    pause_asked = Signal()
    keep_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pause = ActionButton(self.tr("Pause"))
        self.keep = ActionButton(self.tr("Stop here and keep"))
        self.keep.setAccessibleName(self.keep.text())
        self.keep.setToolTip(self.tr("End the run now; the picture you see is the result (Ctrl+E)."))
        self.pause.clicked.connect(self.pause_asked)
        self.keep.clicked.connect(self.keep_asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.fontMetrics().height() // 2)
        column.addWidget(self.keep)
        column.addWidget(self.pause)
        self.show_run(False, False, False, False)

    def show_run(self, running: bool, paused: bool, cancelling: bool, can_keep: bool) -> None:
        """Which of the buttons work."""
        self.setVisible(running)
        show_pause(self.pause, paused)
        self.pause.setEnabled(running and not cancelling)
        self.keep.setEnabled(can_keep)
