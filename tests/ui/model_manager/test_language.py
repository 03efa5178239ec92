"""The Models window speaks another language while an import goes on, and has words for every pack."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from restorer import importers
from restorer.packs import info
from tests.ui.driver import LONG
from tests.ui.foreign_language import MARK, Foreign, settle, speak, untranslated
from ui.i18n.language import Language
from ui.main_window.window import Window
from ui.model_manager.pack_text import fact_texts, purpose_text
from ui.model_manager.window import ModelsWindow
from ui.workers.pack_worker import ImportRequest


@pytest.fixture
def models(window: Window, qtbot: QtBot) -> ModelsWindow:
    window.menu_bar.models.trigger()
    models = window.models.window_
    assert models is not None
    qtbot.waitExposed(models, timeout=LONG)
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
    models._on_decided(ImportRequest(tmp_path / "x.pth", "faces", {}))
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
    models.refresh("tiny-4x")
    models.use_button.click()
    assert window.restore.panel.settings.model == "tiny-4x", "the panel of the new language hears of it"


def test_all_of_the_models_window_is_translated(models: ModelsWindow, foreign: Foreign) -> None:
    speak(foreign)
    assert untranslated(models, set()) == []
    models.tell_all(True)
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
