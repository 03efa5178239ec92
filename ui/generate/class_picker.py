"""Choosing a class: a list that is searched while one types, each class with a small picture of it.

In: a model pack. Out: the number of the class that is chosen. Small pictures are read when their rows come
into view, from the pack's own folder; a class without one gets the drawing of a photo.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QIcon, QImageReader, QKeyEvent, QPixmap
from PySide6.QtWidgets import QLineEdit, QListView, QVBoxLayout, QWidget

from restorer.packs import classes
from restorer.packs.pack import Pack
from ui.i18n.class_names import class_name
from ui.i18n.tooltips import plain_tip
from ui.style.icons import icon
from ui.widgets.labels import WrappedLabel

Index = QModelIndex | QPersistentModelIndex
LABEL = Qt.ItemDataRole.UserRole + 1  # the number of the class


class ClassModel(QAbstractListModel):
    """The classes of one pack that match the words that are searched for."""

    def __init__(self, side: int, parent: QObject) -> None:
        """side: of the small pictures, in device pixels."""
        super().__init__(parent)
        self._side = side
        self._pack: Pack | None = None
        self._words = ""
        self.names: tuple[str, ...] = ()
        self.words: tuple[str, ...] = ()  # the names as the window's language has them
        self.shown: list[int] = []
        self._icons: dict[int, QIcon] = {}
        self.nothing = QIcon()

    def show_pack(self, pack: Pack | None) -> None:
        self._pack = pack
        self.names = classes.names(pack) if pack is not None else ()
        self.words = class_name(self.names)
        self._icons.clear()
        self.search(self._words)

    def look_again(self) -> None:
        """The sample pictures may have come or changed."""
        self._icons.clear()
        self.dataChanged.emit(
            self.index(0, 0), self.index(len(self.shown) - 1, 0), [Qt.ItemDataRole.DecorationRole]
        )

    def search(self, words: str) -> None:
        """Only the classes whose names, the pack's or the window's, hold all of the words; all for none."""
        self._words = words
        self.beginResetModel()
        both = tuple(
            word if word == name else f"{word} {name}"
            for word, name in zip(self.words, self.names, strict=True)
        )
        self.shown = classes.search(words, both) if words.strip() else list(range(len(both)))
        self.endResetModel()

    def place_of(self, label: int) -> QModelIndex:
        return self.index(self.shown.index(label), 0) if label in self.shown else QModelIndex()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self.shown):
            return None
        label = self.shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.words[label]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self.words[label])
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icon(label)
        if role == LABEL:
            return label
        return None

    def _icon(self, label: int) -> QIcon:
        if label not in self._icons:
            path = classes.sample(self._pack, label) if self._pack is not None else None
            found = QPixmap()
            if path is not None:
                reader = QImageReader(str(path))
                size = reader.size()
                if size.isValid():
                    whole = QSize(self._side, self._side)
                    reader.setScaledSize(size.scaled(whole, Qt.AspectRatioMode.KeepAspectRatio))
                found = QPixmap.fromImage(reader.read())
            own = QIcon(found)
            own.addPixmap(found, QIcon.Mode.Selected)  # else Qt would tint the picture of the chosen class
            self._icons[label] = self.nothing if found.isNull() else own
        return self._icons[label]


class Search(QLineEdit):
    """Down goes on to what was found."""

    down = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.down.emit()
        else:
            super().keyPressEvent(event)


class ClassList(QListView):
    """Enter and a double click go ahead; one click never does, whatever the desktop's habit is."""

    accepted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.doubleClicked.connect(self.accepted)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.accepted.emit()
        else:
            super().keyPressEvent(event)


class ClassPicker(QWidget):
    """The search field, what was found, and a sentence where there is nothing to choose."""

    chosen = Signal(int)
    accepted = Signal()  # the class was double-clicked or Enter was pressed on it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        unit = self.fontMetrics().height()
        side = round(unit * 2.4)
        self._label: int | None = None
        self.model = ClassModel(round(side * 2), self)
        self.search = Search()
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setAccessibleName(self.tr("Search for a class"))
        self.search.setToolTip(self.tr("Type a part of a name, for example “church” (Ctrl+F)."))
        self.list = ClassList()
        self.list.setModel(self.model)
        self.list.setAccessibleName(self.tr("Classes"))
        self.list.setIconSize(QSize(side, side))
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMinimumHeight(side * 3 // 2)
        self.sentence = WrappedLabel(muted=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit // 3)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addWidget(self.sentence)
        self._draw()
        self.search.textChanged.connect(self._search)
        self.search.returnPressed.connect(self._take_first)
        self.search.down.connect(self._go_down)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.list.accepted.connect(self.accepted)

    @property
    def label(self) -> int | None:
        """The class that is chosen; None where there is none to choose."""
        return self._label

    @property
    def name(self) -> str:
        return self.model.names[self._label] if self._label is not None else ""

    def show_pack(self, pack: Pack | None) -> None:
        """The classes of another pack; the one of the same name stays chosen, else the first is."""
        name = self.name
        self._label = None
        self.model.show_pack(pack)
        names = self.model.names
        if names:
            self.choose(names.index(name) if name in names else 0)
        self.search.setEnabled(bool(names))
        self.list.setEnabled(bool(names))
        self._show_count()

    def choose(self, label: int) -> None:
        """Choose a class and bring it into view; a search that hides it ends."""
        if not 0 <= label < len(self.model.names):
            return
        if label not in self.model.shown:
            self.search.clear()
        self._label = label
        self._select()
        self.chosen.emit(label)

    def _select(self) -> None:
        """Mark the chosen class where it is among those found."""
        index = self.model.place_of(self._label) if self._label is not None else QModelIndex()
        if index.isValid():
            self.list.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
            self.list.scrollTo(index)

    def _show_count(self) -> None:
        if not self.model.names:
            text = self.tr("This model knows no classes: it makes pictures of whatever it has learned.")
        elif not self.model.shown:
            text = self.tr("There is no class of that name.")
        else:
            text = self.tr("%n class(es)", "", len(self.model.shown))
        self.sentence.setText(text)

    def _draw(self) -> None:
        self.model.nothing = icon("photo", self.palette())

    @Slot(str)
    def _search(self, words: str) -> None:
        self.model.search(words)
        self._select()
        self._show_count()

    @Slot()
    def _take_first(self) -> None:
        if self.model.shown:
            self.choose(self.model.shown[0])
            self.list.setFocus()

    @Slot()
    def _go_down(self) -> None:
        if self.model.shown:
            if self._label not in self.model.shown:
                self.choose(self.model.shown[0])
            self.list.setFocus()

    @Slot(QModelIndex)
    def _on_current(self, index: QModelIndex) -> None:
        label = index.data(LABEL)
        if label is not None and label != self._label:
            self._label = int(label)
            self.chosen.emit(self._label)
