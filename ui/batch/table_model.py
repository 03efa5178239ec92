"""The photos of a batch as a table: picture, name, state, time, message. A model, testable without a screen.

In: items of the journal, in lists or one by one. Out: what a QTableView shows. Pictures are asked from
the journal when a row comes into view, and the last few hundred are kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from PySide6.QtGui import QImage

from restorer.batch.item_steps import FINISHED
from restorer.batch.runner import CANCELLED
from restorer.batch.schema import Item, ItemState
from restorer.text import shown
from ui.i18n.engine_messages import engine_message
from ui.i18n.language import tr as _tr
from ui.i18n.phrases import duration
from ui.i18n.tooltips import plain_tip

PICTURE, NAME, STATE, TIME, MESSAGE = range(5)
MOST_PICTURES = 400

Index = QModelIndex
Thumbnails = Callable[[int], tuple[bytes | None, bytes | None]]


def state_name(state: ItemState) -> str:
    """A state in a word."""
    names = {
        ItemState.WAITING: _tr("Waiting"),
        ItemState.RUNNING: _tr("Running"),
        ItemState.DONE: _tr("Done"),
        ItemState.FAILED: _tr("Failed"),
        ItemState.SKIPPED: _tr("Skipped"),
    }
    return names[state]


def message_words(message: str) -> str:
    """What became of a photo, in the language spoken."""
    if message == FINISHED:
        return _tr("It was finished before.")
    return _tr("It was cancelled.") if message == CANCELLED else engine_message(message)


class BatchTable(QAbstractTableModel):
    """One row an item, in the order in which they came."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.items: list[Item] = []
        self._rows: dict[int, int] = {}
        self._thumbnails: Thumbnails = lambda _: (None, None)
        self._pictures: OrderedDict[int, QImage] = OrderedDict()

    def show_items(self, items: Iterable[Item], thumbnails: Thumbnails) -> None:
        """Another job."""
        self.beginResetModel()
        self._thumbnails = thumbnails
        self._pictures.clear()
        self.items = list(items)
        self._rows = {item.id: row for row, item in enumerate(self.items)}
        self.endResetModel()

    def update(self, items: Iterable[Item]) -> None:
        """Items that changed; those that are new come at the end."""
        for item in items:
            row = self._rows.get(item.id)
            if row is None:
                row = len(self.items)
                self.beginInsertRows(QModelIndex(), row, row)
                self.items.append(item)
                self._rows[item.id] = row
                self.endInsertRows()
            else:
                self.items[row] = item
                self._pictures.pop(item.id, None)
                self.dataChanged.emit(self.index(row, 0), self.index(row, MESSAGE))

    def row_of(self, item_id: int) -> int | None:
        return self._rows.get(item_id)

    def count(self, *states: ItemState) -> int:
        return sum(item.state in states for item in self.items)

    def megapixels(self, *states: ItemState) -> float:
        return sum(item.megapixels for item in self.items if item.state in states)

    # What the view asks ----------------------------------------------------------------------

    def rowCount(self, parent: QModelIndex = Index()) -> int:  # type: ignore[override]  # noqa: B008
        return 0 if parent.isValid() else len(self.items)

    def columnCount(self, parent: QModelIndex = Index()) -> int:  # type: ignore[override]  # noqa: B008
        return 0 if parent.isValid() else 5

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return [_tr("Picture"), _tr("Photo"), _tr("State"), _tr("Time"), _tr("Message")][section]
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # type: ignore[override]
        item, column = self.items[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(item, column)
        if role == Qt.ItemDataRole.DecorationRole and column == PICTURE:
            return self._picture(item)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(message_words(item.message) if column == MESSAGE else shown(item.source))
        if role == Qt.ItemDataRole.AccessibleTextRole and column == PICTURE:
            return shown(item.source.name)
        return None

    def _text(self, item: Item, column: int) -> str | None:
        if column == NAME:
            name = " ".join(shown(item.source.name).split())
            return _tr("{0}, page {1}").format(name, item.page) if item.page else name
        if column == STATE:
            return state_name(item.state)
        if column == TIME:
            return duration(item.seconds) if item.seconds and item.state is ItemState.DONE else ""
        if column == MESSAGE:  # the folder would fill the room of what is wrong; the row names the photo
            return message_words(item.message).replace(shown(item.source), shown(item.source.name))
        return None

    def _picture(self, item: Item) -> QImage | None:
        if item.state is not ItemState.DONE:
            return None
        if item.id not in self._pictures:
            before, after = self._thumbnails(item.id)
            data = after or before
            self._pictures[item.id] = QImage.fromData(data) if data else QImage()
            while len(self._pictures) > MOST_PICTURES:
                self._pictures.popitem(last=False)
        self._pictures.move_to_end(item.id)
        return self._pictures[item.id]
