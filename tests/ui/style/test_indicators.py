"""Check boxes and radio buttons can be seen in light and dark, and told apart in every state."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QRadioButton,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.contrast import ratio
from tests.ui.driver import LONG
from ui.main_window.window import Window
from ui.style.theme import Override, Theme

STATES = tuple(itertools.product((False, True), ("plain", "disabled", "hovered", "focused")))


def indicator(button: QAbstractButton) -> QImage:
    """The mark of a button as it is painted, with a pixel of its surroundings all round."""
    option = QStyleOptionButton()
    option.initFrom(button)
    radio = isinstance(button, QRadioButton)
    kind = QStyle.SubElement.SE_RadioButtonIndicator if radio else QStyle.SubElement.SE_CheckBoxIndicator
    rect = button.style().subElementRect(kind, option, button)
    return button.grab(rect.adjusted(-1, 0, 1, 0)).toImage()


def outline_contrast(mark: QImage) -> float:
    """Of the outline against what lies around it, at half height on the left."""
    middle = mark.height() // 2
    around = mark.pixelColor(0, 0)
    edge = [mark.pixelColor(x, middle) for x in range(mark.width() // 4)]
    return max(ratio(colour, around) for colour in edge)


@pytest.fixture(params=[Override.DARK, Override.LIGHT], ids=["dark", "light"])
def theme(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Theme]:
    theme = Theme(qapp, request.param)
    yield theme
    theme.deleteLater()


@pytest.fixture
def page(theme: Theme, qtbot: QtBot) -> Iterator[QWidget]:
    page = QWidget()
    page.setAutoFillBackground(True)
    column = QVBoxLayout(page)
    for kind in (QCheckBox, QRadioButton):
        button = kind("Repair scratches")
        button.setAutoExclusive(False)
        column.addWidget(button)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow, timeout=LONG)
    yield page
    page.close()
    page.deleteLater()


def mark_of(button: QAbstractButton, on: bool, state: str) -> QImage:
    button.setChecked(on)
    button.setEnabled(state != "disabled")
    button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, state == "hovered")
    (button.setFocus if state == "focused" else button.clearFocus)()
    QApplication.processEvents()
    assert button.hasFocus() is (state == "focused")
    return indicator(button)


@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton])
def test_outlines_stand_out_in_every_state(page: QWidget, kind: type[QAbstractButton]) -> None:
    button = page.findChild(kind)
    faint = {}
    for on, state in STATES:
        contrast = outline_contrast(mark_of(button, on, state))
        if contrast < 3:
            faint[on, state] = contrast
    assert faint == {}


@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton])
def test_no_two_states_look_alike(page: QWidget, kind: type[QAbstractButton]) -> None:
    button = page.findChild(kind)
    marks = {each: mark_of(button, *each) for each in STATES}
    for a, b in itertools.combinations(STATES, 2):
        size = marks[a].size()
        most = max(
            ratio(marks[a].pixelColor(x, y), marks[b].pixelColor(x, y))
            for x in range(size.width())
            for y in range(size.height())
        )
        assert most >= 1.2, f"{a} looks like {b}"


def test_the_box_that_repairs_scratches_can_be_seen_before_it_is_ticked(window: Window) -> None:
    box = QCheckBox("Repair", window.restore.panel)  # the tiny model cannot mend, so the panel's own is away
    box.move(20, 20)
    box.show()
    QApplication.processEvents()
    assert outline_contrast(indicator(box)) >= 3
    box.deleteLater()
