"""The windows beside the main one: they fit small screens, and speak another language while they work."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, QSettings, QSize, Qt, QTranslator
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMessageBox, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from restorer import importers
from restorer.packs import catalog, info
from tests.ui.main_window.test_accessibility import controls
from ui.batch import table_model
from ui.batch.window import BatchWindow
from ui.i18n.language import Language
from ui.main_window.window import Window
from ui.model_manager.pack_text import fact_texts, purpose_text
from ui.model_manager.window import ModelsWindow
from ui.style.window_size import opening_size
from ui.workers.pack_worker import Make

LONG = 120_000
MARK = "§"  # stands in front of whatever was translated


class Foreign(QTranslator):
    """A language in which every sentence is the English one behind a mark."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, text: str, comment: str | None = None, n: int = -1) -> str:
        return MARK + text


def speak(foreign: Foreign) -> None:
    QCoreApplication.installTranslator(foreign)
    settle()


def settle() -> None:
    QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def foreign(qapp: QApplication) -> Iterator[Foreign]:
    foreign = Foreign()
    yield foreign
    QCoreApplication.removeTranslator(foreign)
    settle()


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    (tmp_path / "scans").mkdir()
    for seed in range(3):
        pixels = np.random.default_rng(seed).integers(0, 256, (48, 36, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / "scans" / f"{seed}.png")
    return tmp_path / "scans"


@pytest.fixture
def batch(qapp: QApplication, qtbot: QtBot, tiny_pack: str, tmp_path: Path) -> Iterator[BatchWindow]:
    store = QSettings(str(tmp_path / "batch.ini"), QSettings.Format.IniFormat)
    window = BatchWindow((4,), store, tiny_pack)
    window.form.preset.setCurrentIndex(window.form.preset.findData("best"))
    window.show()
    qtbot.waitExposed(window)
    yield window
    window._is_closing = True
    window.close()
    window.deleteLater()


def untranslated(window: QWidget, known: set[str]) -> list[str]:
    """What can be read or heard in a window and is not of the foreign language."""
    texts: list[str] = []
    for widget in window.findChildren(QWidget):
        if isinstance(widget, QLabel | QAbstractButton):
            texts.append(widget.text())
        texts += [widget.toolTip(), widget.accessibleName()]
    return [text for text in texts if text and MARK not in text and text not in known]


# -- the batch window ----------------------------------------------------------------------


def test_an_open_batch_window_changes_its_language_and_the_job_goes_on(
    batch: BatchWindow, qtbot: QtBot, scans: Path, foreign: Foreign
) -> None:
    batch.add([scans])
    batch.form.template.setText("{name} new")
    batch.form.types["bmp"].click()
    QTest.mouseClick(batch.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: batch.live.image.width() > 0, timeout=LONG)
    batch.view.selectRow(2)
    job, name = batch.form.job, batch.live.name
    speak(foreign)
    assert batch.windowTitle() == MARK + "Restore folders"
    assert untranslated(batch, {"JPG", "TIF", "PNG", "WEBP", "BMP", "HEIC", name}) == []
    header = batch.table.headerData(table_model.STATE, Qt.Orientation.Horizontal)
    assert header == MARK + "State"
    assert len(batch.findChildren(type(batch.form))) == 1, "the old widgets are gone"
    assert batch.form.job == job
    assert batch.host.working
    assert not batch.form.scale.isEnabled()
    assert (batch.live.name, batch.live.image.width() > 0) == (name, True)
    assert [item.id for item in batch._selected()] == [batch.table.items[2].id]
    QTest.mouseClick(batch.cancel, Qt.MouseButton.LeftButton)
    message = batch.table.index(2, table_model.MESSAGE).data()
    assert message == MARK + "It was cancelled."
    qtbot.waitUntil(lambda: not batch.host.busy, timeout=LONG)
    assert [item.state.value for item in batch.table.items] == ["done", "done", "skipped"]
    QCoreApplication.removeTranslator(foreign)
    settle()
    assert batch.start.text() == batch.start.accessibleName() == "Start"
    assert batch.table.index(2, table_model.MESSAGE).data() == "It was cancelled."


def test_what_the_batch_window_said_is_said_again(
    batch: BatchWindow, qtbot: QtBot, scans: Path, foreign: Foreign
) -> None:
    batch.add([scans])
    QTest.mouseClick(batch.estimate, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not batch.host.busy, timeout=LONG)
    assert "A night of 10 hours does about" in batch.ahead.text()
    speak(foreign)
    assert MARK + "A night of 10 hours does about" in batch.ahead.text()


def test_the_question_before_closing_changes_its_language(
    batch: BatchWindow, qtbot: QtBot, scans: Path, foreign: Foreign
) -> None:
    batch.add([scans])
    QTest.mouseClick(batch.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: batch.host.working and bool(batch.table.items), timeout=LONG)
    batch.close()
    speak(foreign)
    (box,) = batch.findChildren(QMessageBox)
    assert box.text() == MARK + "Stop restoring?"
    (leave,) = [button for button in box.buttons() if "Stop" in button.text()]
    with qtbot.waitSignal(batch.closed, timeout=LONG):
        leave.click()


def clipped(window: BatchWindow) -> list[str]:
    """Controls that are cut off by the window, squeezed, or out of the form's reach."""
    wrong = []
    (scroll,) = window.findChildren(QScrollArea)
    for widget in controls(window):
        if not widget.isVisible():
            continue
        least = widget.minimumSizeHint()
        inside = scroll.isAncestorOf(widget)
        frame = scroll.widget() if inside else window
        place = QRect(widget.mapTo(frame, QPoint(0, 0)), widget.size())
        if inside and frame.width() > scroll.viewport().width():
            wrong.append("the form is wider than its place")
        if not frame.rect().contains(place) or widget.height() < least.height() > 0:
            wrong.append(f"{widget.accessibleName()} at {place} of {frame.rect()}")
        if isinstance(widget, QAbstractButton) and widget.width() < least.width():
            wrong.append(f"{widget.accessibleName()} is {widget.width()} wide, of {least.width()}")
    return wrong


@pytest.mark.parametrize("points", [9, 11])
@pytest.mark.parametrize("language", [Language.ENGLISH, Language.CHINESE])
def test_nothing_of_the_batch_window_is_clipped_at_1024_by_640(
    window: Window, qtbot: QtBot, tiny_pack: str, scans: Path, points: int, language: Language
) -> None:
    before = QApplication.font()
    font = QFont(before)
    font.setPointSize(points)
    QApplication.setFont(font)
    try:
        window.app_actions.set_language(language)
        settle()
        window.batch.model = tiny_pack
        batch = window.batch.open()
        batch.add([scans])
        batch.resize(1024, 640)
        settle()
        assert (batch.width(), batch.height()) == (1024, 640)
        assert clipped(batch) == []
        for column in range(batch.table.columnCount()):
            assert batch.view.columnWidth(column) >= 3 * batch.fontMetrics().height() - 1
        right = batch.view.columnViewportPosition(table_model.MESSAGE)
        assert right + batch.view.columnWidth(table_model.MESSAGE) <= batch.view.viewport().width()
        assert batch.view.viewport().height() > 4 * batch.fontMetrics().height()
        for box in batch.form.types.values():
            box.setFocus()
            settle()
            assert not box.visibleRegion().isEmpty()
            assert box.visibleRegion().boundingRect().height() == box.height(), "the form scrolls to it"
        batch.close()
    finally:
        QApplication.setFont(before)


def test_a_window_opens_inside_the_screen() -> None:
    wanted = QSize(1512, 828)
    assert opening_size(wanted, QRect(0, 0, 1024, 600), 36) == QSize(1024, 564)
    assert opening_size(wanted, QRect(0, 0, 1920, 1200), 36) == wanted


def test_the_batch_window_is_no_larger_than_the_room_it_is_given(batch: BatchWindow) -> None:
    batch.open_inside(QRect(0, 0, 800, 600))
    assert batch.width() <= 800
    assert batch.height() < 600
    assert batch.minimumWidth() <= 800


# -- the Models window ---------------------------------------------------------------------


@pytest.fixture
def models(window: Window, qtbot: QtBot) -> ModelsWindow:
    window.menu_bar.models.trigger()
    models = window.models.window_
    assert models is not None
    qtbot.waitExposed(models)
    return models


def test_the_models_window_changes_its_language_and_an_import_goes_on(
    window: Window, models: ModelsWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    half, go = threading.Event(), threading.Event()

    def make_pack(*_: object) -> Iterator[tuple[int, int]]:
        yield 1, 2
        half.set()
        go.wait(60)
        yield 2, 2

    monkeypatch.setattr(importers, "look", lambda *_: None)
    monkeypatch.setattr(importers, "make_pack", make_pack)
    models.list.setCurrentRow(1)
    chosen = models.current
    models._on_decided(Make(tmp_path / "x.pth", "faces", {}))
    qtbot.waitUntil(lambda: half.is_set() and models.bar.value() == 500, timeout=LONG)
    window.app_actions.set_language(Language.CHINESE)
    settle()
    assert window.models.window_ is models
    assert models.isVisible()
    assert models.windowTitle() == "模型"
    assert models.words.text() == "正在导入 faces…"
    assert (models.host.busy, models.bar.isVisible(), models.bar.value()) == (True, True, 500)
    assert models.current == chosen
    go.set()
    with qtbot.waitSignal(models.changed, timeout=LONG):
        pass
    assert "faces" in models.words.text()
    assert not models.host.busy
    models.list.setCurrentRow([pack.name for pack in catalog.all_packs()].index("tiny-4x"))
    models.use_button.click()
    assert window.restore.panel.settings.model == "tiny-4x", "the panel of the new language hears of it"


def test_all_of_the_models_window_is_translated(models: ModelsWindow, foreign: Foreign) -> None:
    speak(foreign)
    assert untranslated(models, set()) == []
    models.list.setCurrentRow(0)
    page = models.details.toPlainText()
    for title in ("Name", "Purpose", "Folder", "Kind", "Size"):
        assert MARK + title in page
    assert models.list.item(0).toolTip().startswith(MARK)
    assert MARK + info.purpose(models.current) in page


def test_every_kind_and_fact_has_words(models: ModelsWindow, foreign: Foreign) -> None:
    pack = models._packs[0]
    packs = [dataclasses.replace(pack, kind=kind) for kind in (*info.KINDS, "other")]
    assert [purpose_text(one) for one in packs] == [info.purpose(one) for one in packs]
    assert fact_texts(pack) == info.facts(pack)
    speak(foreign)
    assert [purpose_text(one) for one in packs] == [MARK + info.purpose(one) for one in packs]
    assert {title for title in fact_texts(pack) if MARK not in title} <= {"SHA-256"}
