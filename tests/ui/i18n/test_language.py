"""Every sentence of the window is translated, and another language is spoken at once."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QMenu
from pytestqt.qtbot import QtBot

from restorer.pipeline.request import Preset
from tests.ui.driver import LONG, choose_preset, delete_closed, wait_for_state
from tests.ui.run_gate import RunGate
from ui.i18n import phrases
from ui.i18n.language import Language, resolved
from ui.main_window.window import Window
from ui.model.document import DocumentState

ROOT = Path(__file__).resolve().parents[3]
HAN = re.compile(r"[\u4e00-\u9fff]")
SHOWS_TEXT = {
    *("setText", "setToolTip", "setWindowTitle", "setAccessibleName", "setAccessibleDescription"),
    *("setPlaceholderText", "setInformativeText", "setStatusTip", "setTitle", "addMenu", "addTab"),
    *("QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QAction", "QGroupBox", "ActionButton"),
    *("WrappedLabel", "IconButton", "say", "note", "addRow"),
}


@pytest.fixture(scope="module")
def translate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("translate", ROOT / "tools" / "translate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_sentence_is_missing_or_unfinished(translate: ModuleType) -> None:
    assert translate.complaints() == []


def test_the_whole_interface_is_there_with_its_places_for_values(translate: ModuleType) -> None:
    found = translate.messages(translate.FOLDER / "restorer_zh_CN.ts")
    assert len(found) >= 150
    for _, sentence, forms in found:
        for form in forms:
            assert sorted(re.findall(r"\{\d?\}", sentence)) == sorted(re.findall(r"\{\d?\}", form)), form
            assert ("%n" in sentence) == ("%n" in form), form
            if len(sentence) > 12 and not sentence.startswith("{"):
                assert HAN.search(form), f"{sentence!r} is still {form!r}"


def test_nothing_is_shown_that_nobody_can_translate() -> None:
    paths = sorted((ROOT / "ui").rglob("*.py"))
    assert len(paths) > 100
    assert [fault for path in paths for fault in _untranslatable(path)] == []


def _untranslatable(path: Path) -> Iterator[str]:
    """What a file of the window shows and lupdate does not find."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name == "translate" and "QCoreApplication" not in ast.unparse(node.func):
            continue  # a painter's or a region's
        where = f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"
        if name in ("tr", "_tr", "translate"):
            text = node.args[1 if name == "translate" else 0]
            wrapper = name == "translate" and ast.unparse(node.args[0]) == "''"
            if not (wrapper or isinstance(text, ast.Constant)):
                yield f"{where}: lupdate reads literals only"
        elif name in SHOWS_TEXT:
            for text in node.args:
                if isinstance(text, ast.Constant) and isinstance(text.value, str) and " " in text.value:
                    yield f"{where}: {text.value!r} cannot be translated"
                elif isinstance(text, ast.JoinedStr) and re.search("[a-z]{3}", _literal(text)):
                    yield f"{where}: a sentence in an f-string cannot be translated"


def _literal(text: ast.JoinedStr) -> str:
    return " ".join(part.value for part in text.values if isinstance(part, ast.Constant))


@pytest.mark.parametrize(
    ("choice", "preferred", "language"),
    [
        (Language.SYSTEM, ["zh-Hans-CN", "en-US"], Language.CHINESE),
        (Language.SYSTEM, ["de-DE", "en-GB", "zh-CN"], Language.ENGLISH),
        (Language.SYSTEM, ["fr-FR"], Language.ENGLISH),
        (Language.SYSTEM, ["fr-FR", "zh-TW"], Language.CHINESE),
        (Language.ENGLISH, ["zh-CN"], Language.ENGLISH),
        (Language.CHINESE, [], Language.CHINESE),
    ],
)
def test_the_systems_language_counts_unless_one_was_chosen(
    choice: Language, preferred: list[str], language: Language
) -> None:
    assert resolved(choice, preferred) is language


def test_another_language_is_spoken_at_once_and_a_run_goes_on(
    window: Window, qtbot: QtBot, cat_file: Path, gate: RunGate
) -> None:
    window.core.photos.open([cat_file])
    wait_for_state(qtbot, window, DocumentState.READY)
    document = window.core.session.current
    choose_preset(window, Preset.BEST)
    window.restore.panel.seed.setValue(7)
    window.restore.start()
    qtbot.waitUntil(lambda: document.live is not None, timeout=LONG)
    menus = len(window.findChildren(QMenu))
    window.app_actions.set_language(Language.CHINESE)
    qtbot.waitUntil(lambda: bool(HAN.search(window.restore.panel.restore_button.text())), timeout=LONG)
    delete_closed()  # what was furnished in English is gone
    latin = re.compile(r"[A-Za-z]{4,}")
    known = re.compile(r"the cat\.jpg|Restorer|tiny-4x|English|Ctrl|Shift|Esc|Page (Up|Down)")
    for widget in window.findChildren(QLabel) + window.findChildren(QAbstractButton):
        for text in (widget.text(), widget.toolTip(), widget.accessibleName()):
            assert not latin.search(known.sub("", text)), text
    assert window.restore.panel.settings.seed == 7
    assert window.restore.panel.settings.preset is Preset.BEST
    assert document.running
    gate.open()
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert window.restore.canvas.comparing
    window.app_actions.set_language(Language.ENGLISH)
    qtbot.waitUntil(lambda: window.restore.panel.save_button.text() == "Save…", timeout=LONG)
    assert window.restore.canvas.comparing
    assert window.findChildren(type(window.restore.panel)) == [window.restore.panel]
    delete_closed()
    assert len(window.findChildren(QMenu)) == menus


def test_what_a_picture_shows_is_named_in_the_language_that_is_spoken(window: Window, qtbot: QtBot) -> None:
    assert phrases.picture_name("forest", 3) == "forest, version 3"
    window.app_actions.set_language(Language.CHINESE)
    qtbot.waitUntil(lambda: bool(HAN.search(window.restore.panel.restore_button.text())), timeout=LONG)
    for sentence in (phrases.picture_name("forest", 3), phrases.picture_sentence("forest", (128, 128))):
        assert "森林" in sentence
        assert "forest" not in sentence
    assert phrases.picture_name("a class of somebody's own", 3).startswith("a class of somebody's own")
