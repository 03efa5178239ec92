"""Plain lists with titles over their columns, for dialogs that only tell something."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem


def table(columns: list[str], rows: Sequence[tuple[str, ...]]) -> QTreeWidget:
    """Rows under the titles of their columns."""
    made = QTreeWidget()
    made.setHeaderLabels(columns)
    made.setRootIsDecorated(False)
    made.setAlternatingRowColors(True)
    for row in rows:
        made.addTopLevelItem(QTreeWidgetItem(list(row)))
    made.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    return made
