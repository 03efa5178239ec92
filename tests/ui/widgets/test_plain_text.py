"""A name with HTML in it is shown as it is, on every surface of the window."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QMessageBox, QTextEdit
from pytestqt.qtbot import QtBot

from restorer import paths
from restorer.batch.schema import ItemState
from restorer.pipeline.request import Preset
from tests.conftest import make_tiny_pack
from tests.ui.batch_items import item
from tests.ui.driver import LONG
from ui.batch.table_model import MESSAGE, NAME, BatchTable
from ui.i18n.tooltips import plain_tip
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.restore.control_panel import PRESETS
from ui.saving.export_dialog import ExportDialog
from ui.widgets.dialogs import UnsavedQuestion
from ui.widgets.plain_text import PlainLabel, PlainMessageBox

FORGED = "a<br>b<i>c<img src=x.png>"
UI = Path(__file__).resolve().parents[3] / "ui"


def rich(text: str) -> bool:
    """Whether Qt, which guesses, would show a text with the forged name as something else than it is."""
    if FORGED not in text and "<i>" not in text:
        return False
    return GuiQt.mightBeRichText(text)


def tip_is_plain(text: str) -> bool:
    if not GuiQt.mightBeRichText(text):
        return True
    document = QTextDocument()
    document.setHtml(text)
    return "<i>" not in text and ("&lt;i&gt;" not in text or "<i>" in document.toPlainText())


def texts_of(view: QAbstractItemView) -> list[str]:
    model = view.model()
    if model is None:
        return []
    top = QModelIndex()
    rows = min(model.rowCount(top), 50)
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(top)  # a list's is private
    places = [model.index(row, column, top) for row in range(rows) for column in range(columns)]
    return [str(model.data(place, Qt.ItemDataRole.ToolTipRole) or "") for place in places]


def walk() -> int:
    """Look at everything that is there; returns how many texts hold the forged name."""
    seen = 0
    for widget in QApplication.allWidgets():
        where = f"{type(widget).__name__} in {type(widget.window()).__name__}"
        assert tip_is_plain(widget.toolTip()), f"the tooltip of {where}: {widget.toolTip()}"
        for action in widget.actions():
            assert tip_is_plain(action.toolTip()), f"the tooltip of {action.text()}: {action.toolTip()}"
        if isinstance(widget, QLabel) and (
            type(widget).__module__.startswith("ui.") or FORGED in widget.text()
        ):
            assert widget.textFormat() == Qt.TextFormat.PlainText, f"{where}: {widget.text()}"
            seen += "<i>" in widget.text()
        if isinstance(widget, QMessageBox):
            assert widget.textFormat() == Qt.TextFormat.PlainText, where
            for label in widget.findChildren(QLabel):
                assert not rich(label.text()) or label.textFormat() == Qt.TextFormat.PlainText, where
        if isinstance(widget, QAbstractItemView):
            tips = texts_of(widget)
            assert all(map(tip_is_plain, tips)), f"a tooltip in {where}"
            seen += sum("&lt;i&gt;" in tip for tip in tips)
        if isinstance(widget, QTextEdit):
            seen += "<i>" in widget.toPlainText()
            assert "<i>" not in widget.toHtml(), where
        seen += "<i>" in widget.windowTitle()
    return seen


@pytest.fixture
def forged(tmp_path: Path, chelsea: np.ndarray) -> list[Path]:
    """Two photos with such names, and one that cannot be opened."""
    found = [tmp_path / f"{FORGED}{number}.png" for number in (1, 2)]
    for path in found:
        Image.fromarray(chelsea[60:92, 40:80]).save(path)
    broken = tmp_path / f"{FORGED}3.jpg"
    broken.write_bytes(b"\xff\xd8\xff")
    Image.new("RGB", (8, 8), "red").save(tmp_path / "x.png")  # what the name would show
    return [*found, broken]


@pytest.fixture
def forger(home: Path) -> Path:
    """A pack whose facts and card hold HTML."""
    folder = make_tiny_pack(paths.packs_dir(), "forger")
    config = json.loads((folder / "config.json").read_text("utf-8"))
    config |= {"licence": FORGED, "title": FORGED, "data": [{"source": FORGED, "licence": "<i>x</i>"}]}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    (folder / "CARD.md").write_text("# Card\n\n<i>not so</i>\n\n<img src='/etc/x.png'>\n", "utf-8")
    return folder


def test_a_name_with_html_is_shown_as_it_is_everywhere(
    forger: Path, window: Window, qtbot: QtBot, forged: list[Path]
) -> None:
    good, other, broken = forged
    window.core.photos.open([good, other])
    document = window.core.session.documents[0]
    window.core.session.show(document)
    qtbot.waitUntil(lambda: document.state is DocumentState.READY, timeout=LONG)
    panel, restore = walk(), window.restore
    assert panel >= 2, "the name is in the panel, and in the tooltips of the filmstrip"
    window.core.photos.open([broken])
    qtbot.waitUntil(lambda: walk() > panel, timeout=LONG)  # the banner says that it is damaged

    window.core.session.show(document)
    qtbot.waitUntil(lambda: document.state is DocumentState.READY, timeout=LONG)
    restore.panel.preset.choose(PRESETS.index(Preset.DRAFT))
    restore.start()
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    walk()
    good.with_name(f"{good.stem}_4x.png").write_bytes(b"in the way")
    QTest.mouseClick(restore.panel.save_button, Qt.MouseButton.LeftButton)
    export = window.findChildren(ExportDialog)[-1]
    assert isinstance(export, ExportDialog)
    assert walk()
    export.reject()

    window.close()
    qtbot.waitUntil(lambda: bool(window.findChildren(UnsavedQuestion)), timeout=LONG)
    question = window.findChildren(UnsavedQuestion)[-1]
    assert isinstance(question, UnsavedQuestion)
    assert "<i>" in question.text()
    assert walk()
    question.reject()

    window.menu_bar.models.trigger()
    models = window.models.window_
    assert models is not None
    models.all.click()  # its facts and its card
    names = [models.list.item(row).text() for row in range(models.list.count())]
    models.list.setCurrentRow(next(row for row, name in enumerate(names) if name.startswith("forger")))
    said = models.details.toPlainText()
    assert FORGED in said
    assert "<img" not in models.details.toHtml(), "the card's HTML is text"
    walk()
    models.close()


def test_a_label_a_question_and_a_tooltip_say_what_they_are_given(qtbot: QtBot) -> None:
    label, question = PlainLabel(FORGED), PlainMessageBox()
    for widget in (label, question):
        qtbot.addWidget(widget)
    question.setText(FORGED)
    question.setInformativeText(FORGED)
    assert label.textFormat() == Qt.TextFormat.PlainText
    inside = [each for each in question.findChildren(QLabel) if each.text()]
    assert len(inside) == 2
    assert {each.textFormat() for each in inside} == {Qt.TextFormat.PlainText}
    tip = f"{FORGED}\nsecond line"
    document = QTextDocument()
    document.setHtml(plain_tip(tip))
    assert document.toPlainText().replace("\u2028", "\n") == tip
    assert plain_tip("A photo, 3 < 4.\nReady") == "A photo, 3 < 4.\nReady"


def test_no_module_makes_a_label_or_question_that_guesses() -> None:
    """What takes text for HTML by itself is made in one module alone, and HTML is written in another. The
    guide, which ships with the app, is Markdown."""
    written = {
        ("pack_page.py", "setHtml"),
        ("pack_page.py", "setMarkdown"),
        ("guide.py", "setMarkdown"),
    }
    guessing = {"QLabel", "QMessageBox", "QErrorMessage", "QStaticText", "QProgressDialog"}
    found = []
    for path in UI.rglob("*.py"):
        if path.name == "plain_text.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in guessing:
                found.append(f"{path.relative_to(UI)}:{node.lineno} makes a {node.func.id}")
            if isinstance(node, ast.ClassDef):
                bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
                found += [f"{path.relative_to(UI)}:{node.lineno} is a {base}" for base in bases & guessing]
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                of = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
                writes = node.func.attr in ("setHtml", "insertHtml", "setMarkdown")
                if writes and (path.name, node.func.attr) not in written:
                    found.append(f"{path.relative_to(UI)}:{node.lineno} calls {node.func.attr}")
                if of == "QMessageBox" and node.func.attr in (
                    "warning",
                    "critical",
                    "question",
                    "information",
                ):
                    found.append(f"{path.relative_to(UI)}:{node.lineno} calls {of}.{node.func.attr}")
    assert not found


def test_the_folders_table_shows_a_name_and_a_message_as_they_are(qapp: QApplication) -> None:
    table = BatchTable()
    failed = item(1, ItemState.FAILED, source=Path("/photos") / FORGED, message=f"{FORGED} is damaged.")
    table.show_items([failed], lambda _: (None, None))
    tips = [str(table.index(0, column).data(Qt.ItemDataRole.ToolTipRole)) for column in (NAME, MESSAGE)]
    assert all(GuiQt.mightBeRichText(tip) and tip_is_plain(tip) for tip in tips)
    assert table.index(0, NAME).data() == FORGED
