"""The panel of the Restore side: what it offers, explains, and asks the engine for."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from restorer.packs import catalog
from restorer.pipeline.stage import tiled_stage
from tests.ui.driver import (
    LONG,
    click,
    open_photo,
    restore_photo,
    wait_for_state,
)
from tests.ui.foreign_language import settle
from ui.i18n import phrases
from ui.i18n.language import Language
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.model.options import RestoreOptions
from ui.restore.control_panel import ControlPanel
from ui.widgets.labels import WrappedLabel
from ui.widgets.status_bar import ElidedLabel


def test_the_colour_lock_reaches_the_engine(window: Window, qtbot: QtBot, photo_file: Path) -> None:
    open_photo(qtbot, window, photo_file)
    window.restore.panel.more.colour_lock.setChecked(False)
    restore_photo(qtbot, window)
    assert window.core.session.current.result.provenance["ColourLock"] == 0


def test_repair_is_offered_and_reaches_the_engine(window: Window, qtbot: QtBot, photo_file: Path) -> None:
    open_photo(qtbot, window, photo_file)
    box = window.restore.panel.repair
    assert box.isVisible()
    assert not box.isChecked()  # thin lines of the picture may go too: it is asked for
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert box.isChecked()
    restore_photo(qtbot, window)
    result = window.core.session.current.result
    assert result.provenance["Repair"] == 1
    assert result.model.startswith("sr3-repair + ")


def test_without_a_model_of_repair_there_is_no_box(
    qtbot: QtBot, tiny_pack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog, "mender", lambda: None)
    panel = ControlPanel((4,), RestoreOptions(repair=True))
    qtbot.addWidget(panel)
    panel.show()
    assert not panel.repair.isVisible()
    assert not panel.settings.repair


def test_every_control_of_the_panel_explains_itself(window: Window) -> None:
    from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QAbstractSpinBox

    controls = [
        widget
        for kind in (QAbstractButton, QAbstractSlider, QAbstractSpinBox)
        for widget in window.restore.panel.findChildren(kind)
        if not widget.objectName().startswith("qt_") and not widget.parent().objectName().startswith("qt_")
    ]
    assert len(controls) > 20
    assert [widget for widget in controls if not widget.toolTip()] == []


@pytest.mark.parametrize("language", [Language.ENGLISH, Language.CHINESE])
def test_the_form_is_no_wider_than_the_panel_with_everything_open(window: Window, language: Language) -> None:
    window.app_actions.set_language(language)
    settle()
    panel = window.restore.panel
    panel.advanced.heading.click()
    settle()
    (scroll,) = panel.findChildren(QScrollArea)
    assert panel.more.isVisible()
    assert scroll.verticalScrollBar().isVisible()  # which takes a part of the width
    assert scroll.widget().width() <= scroll.viewport().width()


def test_what_is_unfolded_below_the_edge_is_scrolled_to(window: Window, qtbot: QtBot) -> None:
    panel = window.restore.panel
    (scroll,) = panel.findChildren(QScrollArea)
    window.resize(window.width(), window.minimumSizeHint().height())
    settle()
    click(panel.advanced.heading)
    room = scroll.viewport().rect()
    dice = panel.more.dice
    qtbot.waitUntil(
        lambda: room.contains(dice.mapTo(scroll.viewport(), dice.rect().bottomLeft())), timeout=LONG
    )
    assert scroll.verticalScrollBar().value() > 0


def test_the_place_in_the_row_is_not_torn(
    window: Window, qtbot: QtBot, photo_file: Path, cat_file: Path
) -> None:
    window.core.photos.open([photo_file, cat_file])
    wait_for_state(qtbot, window, DocumentState.READY)
    about = window.restore.panel._about.text()
    assert "1\u00a0of\u00a02" in about
    assert "60\u00a0×\u00a045\u00a0pixels" in about  # noqa: RUF001


@pytest.mark.parametrize("language", [Language.ENGLISH, Language.CHINESE])
def test_repair_that_finds_nothing_says_so(
    window: Window, qtbot: QtBot, photo_file: Path, monkeypatch: pytest.MonkeyPatch, language: Language
) -> None:

    monkeypatch.setattr(tiled_stage, "mend", lambda answer, photo: photo)
    window.app_actions.set_language(language)
    settle()
    open_photo(qtbot, window, photo_file)
    window.restore.panel.repair.setChecked(True)
    done = restore_photo(qtbot, window).result
    assert done.provenance["Mended"] == 0
    sentence = phrases.unmended_sentence(done)
    assert ("No scratches or dust were found" in sentence) is (language is Language.ENGLISH)
    assert sentence.isascii() is (language is Language.ENGLISH)
    label = window.restore.strip.findChild(ElidedLabel)
    assert sentence in label.whole
    assert sentence in label.text().replace("\n", " " if language is Language.ENGLISH else "")
    figures = {label: value for label, value, _ in phrases.result_figures(done)}
    value = next(value for label, value in figures.items() if label in ("Repaired", "已去除划痕"))

    def shown() -> list[str]:
        labels = window.restore.panel.findChildren(WrappedLabel)
        return [label.text() for label in labels if label.isVisible()]

    qtbot.waitUntil(lambda: value in shown(), timeout=LONG)  # the layout shows new rows a moment later
    assert "cpu" not in shown(), "the processor has a name for people"


def test_repair_tells_how_much_it_changed(
    window: Window, qtbot: QtBot, photo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    def whiten(answer: object, photo: object) -> object:
        mended = photo.clone()
        mended[..., :9, :] = 1.0  # a fifth of 45 rows
        return mended

    monkeypatch.setattr(tiled_stage, "mend", whiten)
    open_photo(qtbot, window, photo_file)
    window.restore.panel.repair.setChecked(True)
    done = restore_photo(qtbot, window).result
    assert done.provenance["Mended"] == pytest.approx(0.2, abs=0.01)
    assert "Repaired" in [label for label, _, _ in phrases.result_figures(done)]
    assert phrases.unmended_sentence(done) == ""
    window.restore.panel.repair.setChecked(False)
    plain = restore_photo(qtbot, window).result
    assert "Mended" not in plain.provenance


def test_the_place_in_the_row_is_on_the_line_of_the_size_or_on_its_own(window: Window, qtbot: QtBot) -> None:
    panel = window.restore.panel
    for size in ((64, 48), (12000, 9000), (123456, 123456)):
        panel.show_photo("photo.png", size, (1234, 5678))
        first, _, second = panel._about.text().partition("\n")
        assert not first.rstrip().endswith("·")
        assert not second.startswith("·")
        assert panel._about.fontMetrics().horizontalAdvance(first) <= panel._about.width()
