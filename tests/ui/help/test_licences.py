"""About shows every licence, and each can be read with the keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from restorer import __version__
from restorer.packs import catalog
from tests.ui.driver import dialog_of
from ui.help.licences import Parts, versions
from ui.main_window.window import Window
from ui.widgets.text_dialog import TextDialog


@pytest.fixture
def parts(window: Window) -> Parts:
    window.app_actions.about()
    return window.findChildren(TextDialog)[-1].findChild(Parts)


def test_every_licence_can_be_read_with_the_keys(window: Window, parts: Parts) -> None:
    read = {}
    parts.list.setFocus()
    QTest.keyClick(parts.list, Qt.Key.Key_Home)
    for _ in versions():
        read[parts.list.currentItem().text(0)] = parts.text.toPlainText()
        QTest.keyClick(parts.list, Qt.Key.Key_Down)
    assert read.keys() == {name for name, _, _ in versions()}
    assert "Permission is hereby granted" in read["Restorer"]
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in read["Qt"]
    assert "TERMS AND CONDITIONS" in read["Qt"], "the licence that the lesser one adds to"
    assert read["PySide6-Essentials"] == read["Qt"]
    assert "PYTHON SOFTWARE FOUNDATION" in read["Python"].upper()
    assert "Redistribution and use in source and binary forms" in read["torch"]
    assert "Apache License" in read["opencv-python"]
    assert all(len(text) > 800 for name, text in read.items() if name in ("numpy", "pillow", "safetensors"))
    assert read["tiny-4x"].startswith("tiny-4x does not say"), "a pack of one's own may have none"
    for pack in catalog.all_packs():
        if pack.shipped:
            assert pack.config["licence"] in read[pack.name]
            assert all(one["source"] in read[pack.name] for one in pack.config["data"])
    parts.window().reject()


def test_a_licence_that_does_not_fit_its_column_is_told_whole(window: Window, parts: Parts) -> None:
    told = {parts.list.topLevelItem(row).toolTip(2) for row in range(parts.list.topLevelItemCount())}
    assert told == {licence for _, _, licence in versions()}
    parts.window().reject()


def test_about_names_versions_and_licences(window: Window) -> None:
    import torch

    window.app_actions.about()
    sheet = dialog_of(window, TextDialog)
    told = {name: (version, licence) for name, version, licence in versions()}
    assert told["Restorer"] == (__version__, "MIT")
    assert told["torch"] == (torch.__version__, "BSD-3-Clause")
    assert all(licence for name, (_, licence) in told.items() if name != "tiny-4x")
    assert "faces can change" in " ".join(label.text() for label in sheet.findChildren(QLabel))
    sheet.reject()
