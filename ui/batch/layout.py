"""The batch window's widgets and how they lie; what they do is said in `ui.batch.window`.

In: a job for the form, the table's model. Out: a fresh set of widgets, in the language spoken now, in the
place of the set before. The form scrolls where the window is low, and the table's columns share what room
there is.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QRect, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLayout,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QStyle,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from restorer.batch.job import FEW, BatchJob
from ui.batch import table_model
from ui.batch.form import BatchForm
from ui.batch.preview import BatchPreview
from ui.batch.table_model import BatchTable
from ui.imaging.mime import can_open, mime_content
from ui.inputs.buttons import ActionButton
from ui.style.window_size import opening_size
from ui.widgets.collapsible import put_in_place
from ui.widgets.form_scroll import FormScroll
from ui.widgets.labels import WrappedLabel
from ui.widgets.plain_text import PlainMessageBox


def say_on(button: QPushButton, text: str) -> None:
    """Let a button read `text`, for the eye and for the ear."""
    button.setText(text)
    button.setAccessibleName(text)


class BatchLayout(QWidget):
    """Looks like the batch window; nothing is connected yet."""

    stop_confirmed = Signal()  # the person agrees to stop the job
    stop_refused = Signal()  # or does not

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAcceptDrops(True)
        self._whole: QWidget | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)

    def build(self, scales: tuple[int, ...], job: BatchJob, table: BatchTable) -> None:
        """Make all widgets, and throw away those that were there."""
        unit = self.fontMetrics().height()
        self.setWindowTitle(self.tr("Restore folders"))
        self.form = BatchForm(scales, job)
        self._table = table
        self._build_table(table)
        self._build_buttons()
        self.live = BatchPreview()
        self.live.setMinimumHeight(unit * 6)
        self.live.setMaximumHeight(unit * 13)
        self.ahead = WrappedLabel()
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of the whole job"))
        self.words = WrappedLabel()
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)

        whole = QWidget()
        across = QHBoxLayout(whole)
        across.setContentsMargins(unit, unit, unit, unit)
        across.setSpacing(unit)
        across.addWidget(self._left_side())
        across.addLayout(self._right(), 1)
        self._whole = put_in_place(self, self._whole, whole)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if can_open(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        content = mime_content(event.mimeData())
        self.form.add_sources([*content.folders, *content.files])

    def open_inside(self, room: QRect) -> None:
        """The size to begin with, and the least there can be, inside the screen's room."""
        unit = self.fontMetrics().height()
        self.setMinimumSize(opening_size(QSize(unit * 50, unit * 30), room, 2 * unit))
        self.resize(opening_size(QSize(unit * 84, unit * 46), room, 2 * unit))

    def select(self, ids: Iterable[int]) -> None:
        """Select the rows of these items."""
        rows = (self._table.row_of(item_id) for item_id in ids)
        chosen = QItemSelection()
        for row in rows:
            if row is not None:
                place = self._table.index(row, 0)
                chosen.select(place, place)
        flags = QItemSelectionModel.SelectionFlag
        self.view.selectionModel().select(chosen, flags.ClearAndSelect | flags.Rows)

    def ask_to_leave(self) -> None:
        """Ask somebody who closes the window over a job, once: a question that is open comes to the front."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()
        if any(box.isVisible() for box in self.findChildren(QMessageBox)):
            return
        box = PlainMessageBox(
            QMessageBox.Icon.Question, self.windowTitle(), self.tr("Stop restoring?"), parent=self
        )
        box.setInformativeText(
            self.tr(
                "What is finished is saved. The rest goes on from the same place when you open this window "
                "again."
            )
        )
        leave = box.addButton(self.tr("Stop and close"), QMessageBox.ButtonRole.AcceptRole)
        stay = box.addButton(self.tr("Keep restoring"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.finished.connect(
            lambda: (self.stop_confirmed if box.clickedButton() is leave else self.stop_refused).emit()
        )
        box.finished.connect(box.deleteLater)
        box.open()

    def _build_table(self, table: BatchTable) -> None:
        unit = self.fontMetrics().height()
        self.view = QTableView()
        self.view.setModel(table)
        self.view.setAccessibleName(self.tr("Photos and what became of them"))
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setShowGrid(False)
        self.view.setAlternatingRowColors(True)
        self.view.setTabKeyNavigation(False)
        self.view.setIconSize(QSize(unit * 3, round(unit * 2.2)))
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(round(unit * 2.6))
        header = self.view.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(unit * 3)
        for column in (table_model.NAME, table_model.MESSAGE):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        for column, width in {table_model.PICTURE: 4.5, table_model.STATE: 5, table_model.TIME: 4}.items():
            self.view.setColumnWidth(column, round(unit * width))

    def _build_buttons(self) -> None:
        self.estimate = self._button(
            self.tr("Estimate"),
            self.tr("Measure on the first photo how long the job takes and how much room it needs."),
        )
        self.few = self._button(
            self.tr("Try the first {0}").format(FEW),
            self.tr("Restore the first few photos only, to see how they come out."),
        )
        self.start = ActionButton(self.tr("Start"))
        self.start.set_primary(True)
        self.start.setAccessibleName(self.start.text())
        self.start.setToolTip(self.tr("Restore all photos of the list that are not done yet."))
        self.pause = self._button(
            self.tr("Pause"),
            self.tr("Let the job wait; photos in the main window can be restored meanwhile."),
        )
        self.stop = self._button(
            self.tr("Stop"),
            self.tr("End the job or its waiting. What is finished is saved; the rest can go on later."),
        )
        self.cancel = self._button(
            self.tr("Skip selected"), self.tr("Set the selected photos aside; they are not restored.")
        )
        self.retry = self._button(
            self.tr("Retry failed"),
            self.tr("Put the selected photos, or all that failed, on the list again."),
        )
        self.open = self._button(
            self.tr("Open result"), self.tr("Show the result of the selected photo in its own program.")
        )
        self.report = self._button(
            self.tr("Report"), self.tr("Write and open a page of what became of every photo.")
        )

    def _button(self, text: str, hint: str) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text)
        button.setToolTip(hint)
        return button

    def _left_side(self) -> QWidget:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(FormScroll(self.form), 1)
        column.addWidget(self.ahead)
        column.addLayout(_row(self.estimate, self.few))
        column.addWidget(self.start)
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        wanted = max(self.fontMetrics().averageCharWidth() * 46, self.form.minimumSizeHint().width())
        left.setFixedWidth(wanted + bar)
        return left

    def _right(self) -> QLayout:
        column = QVBoxLayout()
        column.addWidget(self.live, 1)
        column.addWidget(self.view, 2)
        below = _row(self.cancel, self.retry, self.open, self.report)
        below.addStretch(1)
        column.addLayout(below)
        going = QHBoxLayout()
        going.addWidget(self.bar, 1)
        going.addWidget(self.pause)
        going.addWidget(self.stop)
        column.addLayout(going)
        column.addWidget(self.words)
        return column


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    for widget in widgets:
        row.addWidget(widget)
    return row
