"""The filmstrip: the opened photos side by side under the canvas, each with its state.

In: the row's model and the session. Out: the photo that was chosen comes into view; a menu on each photo.
It is hidden while there is nothing to choose from.
"""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QImage, QKeyEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.model.photo_list_model import FRACTION, MARK, ROW, Index, PhotoListModel
from ui.model.session import Session
from ui.style.icons import pixmap

Role = QPalette.ColorRole


class PhotoDelegate(QStyledItemDelegate):
    """Paints one photo: picture, mark of its state, progress, name."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        unit = option.fontMetrics.height()
        return QSize(unit * 7, unit * 6)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        palette: QPalette = option.palette
        state: QStyle.StateFlag = option.state
        metrics = option.fontMetrics
        unit = metrics.height()
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        cell = QRectF(rect).adjusted(2, 2, -2, -2)
        if chosen:
            painter.setPen(QPen(palette.color(Role.Highlight), 2))
            painter.setBrush(palette.color(Role.Button))
            painter.drawRoundedRect(cell, unit * 0.3, unit * 0.3)
        room = cell.adjusted(unit * 0.3, unit * 0.3, -unit * 0.3, -unit * 1.4)
        self._picture(painter, room, index.data(Qt.ItemDataRole.DecorationRole), palette, unit)
        self._marks(painter, room, index, palette, unit)
        painter.setPen(palette.color(Role.WindowText if chosen else Role.PlaceholderText))
        line = QRectF(cell.left() + unit * 0.3, room.bottom(), cell.width() - unit * 0.6, unit * 1.4)
        name = metrics.elidedText(index.data(), Qt.TextElideMode.ElideMiddle, int(line.width()))
        painter.drawText(line, int(Qt.AlignmentFlag.AlignCenter), name)
        painter.restore()

    def _picture(
        self, painter: QPainter, room: QRectF, image: QImage | None, palette: QPalette, unit: int
    ) -> None:
        if image is None or image.isNull():
            side = unit * 2
            drawing = pixmap("photo", palette.color(Role.PlaceholderText), side)
            painter.drawPixmap(room.center().toPoint() - QPoint(side // 2, side // 2), drawing)
            return
        factor = min(room.width() / image.width(), room.height() / image.height())
        size = QRectF(0, 0, image.width() * factor, image.height() * factor)
        size.moveCenter(room.center())
        painter.drawImage(size, image)

    def _marks(self, painter: QPainter, room: QRectF, index: Index, palette: QPalette, unit: int) -> None:
        drawing, fraction = index.data(MARK), index.data(FRACTION)
        if drawing:
            side = round(unit * 1.2)
            spot = QRectF(room.right() - side - 4, room.top(), side + 4, side + 4)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(Role.Window))
            painter.drawEllipse(spot)
            painter.drawPixmap(
                spot.topLeft().toPoint() + QPoint(2, 2), pixmap(drawing, palette.color(Role.Highlight), side)
            )
        if fraction is not None:
            bar = QRectF(room.left(), room.bottom() - unit * 0.35, room.width(), unit * 0.3)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(Role.Window))
            painter.drawRoundedRect(bar, bar.height() / 2, bar.height() / 2)
            painter.setBrush(palette.color(Role.Highlight))
            bar.setWidth(max(bar.height(), bar.width() * fraction))
            painter.drawRoundedRect(bar, bar.height() / 2, bar.height() / 2)


class Filmstrip(QListView):
    """Shows `PhotoListModel`; the photo in view is the one that is selected."""

    menu_asked = Signal(QPoint)  # where, on the screen
    removal_asked = Signal()  # of the photo in view

    def __init__(self, row: PhotoListModel, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = row
        self._session = session
        self.setModel(row)
        self.setItemDelegate(PhotoDelegate(self))
        self.setAccessibleName(self.tr("Opened photos"))
        self.setAccessibleDescription(self.tr("Delete takes the chosen photo out of the row."))
        self.setToolTip("")
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(True)
        self.setDragDropMode(QListView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        unit = self.fontMetrics().height()
        self.setFixedHeight(unit * 6 + self.horizontalScrollBar().sizeHint().height() // 2 + 2)
        self.horizontalScrollBar().setFixedHeight(self.horizontalScrollBar().sizeHint().height() // 2)
        self.customContextMenuRequested.connect(self._on_menu)
        session.row_changed.connect(self.follow)
        session.current_changed.connect(self.follow)
        self.follow()

    @Slot()
    def follow(self) -> None:
        """Select the photo in view; hide where there is at most one."""
        self.setVisible(len(self._session.documents) > 1)
        index = self._row.place_of(self._session.current)
        if index.isValid() and index != self.currentIndex():
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        document = self._row.document(current)
        if document is not None:
            self._session.show(document)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removal_asked.emit()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(ROW):
            super().dragEnterEvent(event)
        else:
            event.ignore()  # files are the window's

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if event.mimeData().hasFormat(ROW):
            super().dragMoveEvent(event)
        else:
            event.ignore()

    @Slot(QPoint)
    def _on_menu(self, where: QPoint) -> None:
        self.menu_asked.emit(self.viewport().mapToGlobal(where))
