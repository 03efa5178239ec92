"""The row of opened photos as a Qt model: what the filmstrip shows, without a widget.

In: the session. Out: one row a document with its small picture, name, state in words and the drawing that
stands for the state. Rows can be dragged to another place; a row with a saved result can be dragged out of
the window, as that file.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QUrl,
    Slot,
)

from ui.i18n.language import tr as _tr
from ui.model.document import Document, DocumentState
from ui.model.session import Session
from ui.widgets.plain_text import plain_tip

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

MARK = Role.UserRole + 1  # name of the drawing of the state, or ""
FRACTION = Role.UserRole + 2  # how much of the run is done, or None
ROW = "application/x-restorer-row"


def mark(document: Document) -> str:
    """The drawing of a document's state; states differ by shape, not by colour alone."""
    if document.problem:
        return "warning"
    if document.queued:
        return "clock"
    if document.record is not None:
        return "spark" if document.saved is None else "check"
    return ""


class PhotoListModel(QAbstractListModel):
    """Follows one session."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: list[Document] = list(session.documents)
        session.row_changed.connect(self._on_row)
        session.changed.connect(self.tell)
        session.pictured.connect(self.tell)

    def document(self, index: Index) -> Document | None:
        return self._shown[index.row()] if 0 <= index.row() < len(self._shown) else None

    def place_of(self, document: Document | None) -> QModelIndex:
        if document is None or document not in self._shown:
            return QModelIndex()
        return self.index(self._shown.index(document), 0)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        document = self.document(index)
        if document is None:
            return None
        name = document.name or self.tr("Pasted picture")
        if role == Role.DisplayRole:
            return name
        if role == Role.DecorationRole:
            return document.thumb
        if role == Role.ToolTipRole:
            return plain_tip(f"{name}\n{state_sentence(document)}")
        if role == Role.AccessibleTextRole:
            return f"{name}. {state_sentence(document)}"
        if role == MARK:
            return mark(document)
        if role == FRACTION and document.running:
            progress = document.live.progress if document.live is not None else None
            return progress.fraction if progress is not None else 0.0
        return None

    @Slot(object)
    def tell(self, document: Document) -> None:
        """A document changed."""
        index = self.place_of(document)
        if index.isValid():
            self.dataChanged.emit(index, index)

    @Slot()
    def _on_row(self) -> None:
        wanted = list(self._session.documents)
        grown = wanted[: len(self._shown)] == self._shown and len(wanted) > len(self._shown)
        if grown:  # the common case, which must not disturb what is selected and scrolled
            self.beginInsertRows(QModelIndex(), len(self._shown), len(wanted) - 1)
            self._shown = wanted
            self.endInsertRows()
        elif wanted != self._shown:
            self.beginResetModel()
            self._shown = wanted
            self.endResetModel()

    # Dragging --------------------------------------------------------------------------------

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled  # between the rows
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        return [ROW]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        mime = QMimeData()
        document = self.document(indexes[0]) if indexes else None
        if document is not None:
            mime.setData(ROW, str(document.key).encode())
            files: list[Path] = [path for path in (document.saved,) if path is not None and path.exists()]
            mime.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
        return mime

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Move the dragged row before `row` (after the last where that is -1)."""
        if not data.hasFormat(ROW):
            return False
        document = self._session.find(int(bytes(data.data(ROW).data())))
        if document is None:
            return False
        if row < 0:
            row = parent.row() if parent.isValid() else len(self._shown)
        here = self._session.documents.index(document)
        self._session.move(document, row - 1 if row > here else row)
        return False  # moved already: Qt must not delete the dragged row


def failed(session: Session) -> list[Document]:
    """The photos that can be tried again."""
    return [document for document in session.documents if document.problem]


def to_restore(session: Session) -> list[Document]:
    """The photos that have no result yet, in their order."""
    return [
        document
        for document in session.documents
        if document.record is None and document.can_be_restored and document.state is not DocumentState.FAILED
    ]


def state_sentence(document: Document) -> str:
    """Where a photo of the row stands."""
    if document.problem:
        return document.problem
    if document.queued:
        return _tr("Waiting for its turn.")
    if document.running:
        progress = document.live.progress if document.live is not None else None
        return _tr("Being restored, {0} % done.").format(round(100 * (progress.fraction if progress else 0)))
    if document.record is not None:
        return _tr("Restored and saved.") if document.saved is not None else _tr("Restored, not saved yet.")
    return _tr("Not restored yet.")
