"""The list of photos as Qt's views read it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from ui.model.photo_list_model import MARK, PhotoListModel
from ui.model.session import Session


def test_the_row_is_a_sound_model(qapp: QApplication, tmp_path: Path) -> None:
    session = Session()
    row = PhotoListModel(session)
    tester = QAbstractItemModelTester(row, QAbstractItemModelTester.FailureReportingMode.Warning)
    for name in "abc":
        session.add(tmp_path / f"{name}.png")
    session.move(session.documents[0], 2)
    assert [row.index(n, 0).data() for n in range(3)] == ["b.png", "c.png", "a.png"]
    session.documents[1].problem = "c.png is damaged."
    session.documents[1].notify()
    session.remove(session.documents[0])
    assert [row.index(n, 0).data(MARK) for n in range(2)] == ["warning", ""]
    tester.deleteLater()
    row.deleteLater()
    session.deleteLater()
