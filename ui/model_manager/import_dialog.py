"""The dialog before a checkpoint becomes a pack: its name, what the file does not say, the licence.

In: a recognised file. Out: `decided`, with the answers, once the name is valid and the person accepted the
licence.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from restorer.errors import RequestError
from ui.i18n.engine_messages import engine_message
from ui.i18n.language import tr as _tr
from ui.widgets.plain_text import PlainLabel
from ui.workers.pack_worker import ImportRequest, PackListing

if TYPE_CHECKING:
    from restorer.importers import Question


def question_text(key: str) -> str:
    """A question's key in words; the key itself for a new one."""
    text = {
        "norm_groups": _tr("Groups of every normalisation"),
        "num_heads": _tr("Heads of attention"),
        "num_head_channels": _tr("Channels of each head"),
        "attention_order": _tr("Order of queries, keys, values"),
        "schedule": _tr("Noise schedule"),
        "scale": _tr("Enlargement of each side"),
        "image_size": _tr("Side of its pictures"),
    }
    return text.get(key, key)


def name_for(path: Path) -> str:
    """A name that a pack can have, after its file."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", path.stem).strip("-._")[:64] or "imported"


class ImportDialog(QDialog):
    """Shows what the file is and asks what it does not say. Accepting emits `decided` and closes."""

    decided = Signal(object)

    def __init__(self, listing: PackListing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._listing = listing
        recognised = listing.recognised
        unit = self.fontMetrics().height()
        self.setWindowTitle(self.tr("Import a model"))
        self.setMinimumWidth(unit * 32)
        column = QVBoxLayout(self)
        column.setSpacing(unit // 2)

        title = PlainLabel(recognised.title)
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        for label in (title, PlainLabel(recognised.about)):
            label.setWordWrap(True)
            column.addWidget(label)

        form = QFormLayout()
        self.name = QLineEdit(name_for(listing.path))
        self.name.setAccessibleName(self.tr("Name of the model"))
        self.name.textChanged.connect(self._check)
        form.addRow(self.tr("Name"), self.name)
        self.answers: dict[str, QComboBox] = {}
        for question in recognised.questions:
            box, why = self._ask(question)
            form.addRow(question_text(question.key), box)
            form.addRow("", why)
        column.addLayout(form)

        terms = PlainLabel(self.tr("Licence: {0}").format(recognised.licence))
        terms.setWordWrap(True)
        self.accept_licence = QCheckBox(self.tr("I accept this licence"))
        self.accept_licence.toggled.connect(self._check)
        self.half = QCheckBox(self.tr("Store in half precision: half the size, but not exact"))
        self.obstacle = PlainLabel()
        self.obstacle.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.import_button = self.buttons.addButton(self.tr("Import"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self._decide)
        self.buttons.rejected.connect(self.reject)
        for widget in (self.half, terms, self.accept_licence, self.obstacle, self.buttons):
            column.addWidget(widget)
        self._check()

    def _ask(self, question: Question) -> tuple[QComboBox, QLabel]:
        box = QComboBox()
        box.setAccessibleName(question_text(question.key))
        if question.value is None:
            box.addItem(self.tr("Choose…"), "")
        for choice in question.choices:
            box.addItem(choice, choice)
        if question.value is not None:
            if box.findData(question.value) < 0:
                box.addItem(question.value, question.value)
            box.setCurrentIndex(box.findData(question.value))
        box.currentIndexChanged.connect(self._check)
        self.answers[question.key] = box
        why = PlainLabel(question.why[:1].upper() + question.why[1:] + ".")
        why.setWordWrap(True)
        why.setEnabled(False)
        return box, why

    def obstacle_text(self) -> str:
        """Why the import cannot begin yet; empty if it can."""
        from restorer import importers

        try:
            importers.check_name(self.name.text())
        except RequestError as error:
            return engine_message(error)
        for key, box in self.answers.items():
            if not box.currentData():
                return self.tr("Choose first: {0}.").format(question_text(key))
        if not self.accept_licence.isChecked():
            return self.tr("The licence has to be accepted first.")
        return ""

    @Slot()
    def _check(self) -> None:
        text = self.obstacle_text()
        self.obstacle.setText(text)
        self.import_button.setEnabled(not text)

    @Slot()
    def _decide(self) -> None:
        answers = {key: str(box.currentData()) for key, box in self.answers.items()}
        self.decided.emit(ImportRequest(self._listing.path, self.name.text(), answers, self.half.isChecked()))
        self.accept()
