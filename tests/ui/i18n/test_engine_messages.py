"""What the engine says, in the window's language."""

from __future__ import annotations

import re
import string
import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from restorer.errors import PhotoError
from restorer.photo import read_photo
from tests.ui.driver import LONG
from ui.i18n.engine_message_table import engine_message_table
from ui.i18n.engine_messages import engine_message
from ui.i18n.language import Language, TranslationLoader
from ui.main_window.window import Window


@pytest.fixture
def chinese(qapp: QApplication) -> TranslationLoader:
    speech = TranslationLoader(qapp, Language.CHINESE)
    yield speech
    speech.silence()
    speech.deleteLater()


def test_every_sentence_is_found_again_with_its_values(chinese: TranslationLoader) -> None:
    found = engine_message_table()
    assert len(found) > 150
    for english, translated in found:
        fields = {field for _, field, _, _ in string.Formatter().parse(english) if field is not None}
        values = [f"value{number}" for number in range(len(fields))]
        said = engine_message(english.format(*values))
        assert re.search("[\u4e00-\u9fff]", said) or english == "a GIF", english
        assert said == translated.format(*values), f"{english} is taken for another sentence"
        assert all(value in said for value in values), english


def test_a_part_of_a_sentence_is_translated_within_it(chinese: TranslationLoader, tmp_path: Path) -> None:
    document = tmp_path / "写真.pdf"
    document.write_bytes(b"%PDF-1.7\n" + b"0" * 100)
    with pytest.raises(PhotoError) as refused:
        read_photo(document)
    said = engine_message(refused.value)
    assert str(document) in said
    assert "PDF 文档" in said
    assert "which" not in said


def test_in_english_and_for_unknown_sentences_nothing_changes(qapp: QApplication) -> None:
    empty = "a.jpg is empty. Copy it again from where it came."
    assert engine_message(PhotoError(empty)) == empty
    assert engine_message("Nobody ever said this.") == "Nobody ever said this."
    assert engine_message("") == ""


def test_the_window_says_why_a_photo_cannot_be_opened_in_chinese(
    chinese: TranslationLoader, window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.jpg"
    empty.write_bytes(b"")
    with qtbot.waitSignal(window.core.runs.warned, timeout=LONG) as said:
        window.core.photos.open([empty])
    assert "是空的" in said.args[0]
    assert empty.name in said.args[0]


def test_a_long_name_of_the_sentences_own_words_takes_no_time(chinese: TranslationLoader) -> None:
    start = time.process_time()
    for english, _ in engine_message_table():
        pieces = [literal for literal, _, _, _ in string.Formatter().parse(english)]
        name = "".join(pieces)
        name = (name * (4000 // max(1, len(name)) + 1))[:4000]
        engine_message("".join(f"{piece}{name}" for piece in pieces) + "\0")
    assert time.process_time() - start < 20
