"""A question that blocks nothing: a sentence and two or three buttons over the canvas.

In: a sentence and what the buttons say. Out: `accepted`, `kept` or `refused`. It looks like the banner; work
goes on meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QSizePolicy, QWidget

from ui.i18n.language import tr
from ui.inputs.buttons import ActionButton
from ui.widgets.banner import draw_frame
from ui.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from restorer.pipeline.events import Progress


def stop_sentence(progress: Progress | None) -> str:
    """What is asked of a run that pauses because the person wants it to stop."""
    if progress is None or progress.fraction < 0.01:
        return tr("The run is paused, and nothing of it is lost. What shall become of it?")
    text = tr("The run is paused at {0} %, and nothing of it is lost. What shall become of it?")
    return text.format(round(100 * progress.fraction))


class Prompt(QFrame):
    """Asks one thing at a time."""

    accepted = Signal()
    kept = Signal()
    refused = Signal()

    def __init__(
        self, parent: QWidget, yes: tuple[str, str], no: tuple[str, str], keep: tuple[str, str] | None = None
    ) -> None:
        """`yes`, `no` and, where there is a third answer, `keep` are what a button says and the sentence that
        explains it."""
        super().__init__(parent)
        self._canvas = parent
        unit = self.fontMetrics().height()
        self.sentence = PlainLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.yes, self.no = ActionButton(yes[0]), ActionButton(no[0])
        self._keep = ActionButton(keep[0]) if keep is not None else None
        answers = [(self.no, no[1], self.refused), (self.yes, yes[1], self.accepted)]
        if self._keep is not None and keep is not None:
            answers.insert(1, (self._keep, keep[1], self.kept))
        for button, hint, signal in answers:
            button.setAccessibleName(button.text())
            button.setToolTip(hint)
            button.clicked.connect(signal)
        self.yes.set_primary(True)
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(unit, unit * 2 // 3, unit, unit * 2 // 3)
        grid.setVerticalSpacing(unit * 2 // 3)
        grid.addWidget(self.sentence, 0, 0, 1, 4)
        for column, (button, _, _) in enumerate(answers, 1):
            grid.addWidget(button, 1, column)
        grid.setColumnStretch(0, 1)
        self.hide()

    @property
    def keep(self) -> ActionButton:
        """The button of the third answer; only where there is one."""
        assert self._keep is not None, "this question has two answers"
        return self._keep

    def ask(self, sentence: str) -> None:
        self.sentence.setText(sentence)
        self.setAccessibleName(sentence)
        self.show()
        self.raise_()
        self.place()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def place(self) -> None:
        """Lie along the bottom of the canvas, as wide as it is readable."""
        parent, unit = self._canvas, self.fontMetrics().height()
        width = min(parent.width() - 2 * unit, self.fontMetrics().averageCharWidth() * 80)
        height = self._grid.totalHeightForWidth(width)
        self.setGeometry((parent.width() - width) // 2, parent.height() - height - unit, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_frame(self)
