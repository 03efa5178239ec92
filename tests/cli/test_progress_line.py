"""The progress line of a terminal, drawn on a real pseudo-terminal and read back as a person would see it."""

from __future__ import annotations

import io
import os
import select
import sys

import pytest

from restorer.cli.main import main
from restorer.cli.progress_line import Bar, columns, fit, line, visible
from restorer.pipeline.events import Notice, Phase, Progress
from restorer.text import duration

HALF = Progress(step=3, steps=8, tile=2, tiles=6, fraction=0.5, seconds_left=125.0)


def test_the_line_tells_per_cent_time_left_and_phase() -> None:
    text = line(HALF, "Restoring a.jpg", 120)
    for part in (" 50 %", "2 min 05 s left", "Restoring a.jpg"):
        assert part in text
    assert text.count("█") == text.count("░")


def test_an_unknown_time_is_not_mentioned() -> None:
    text = line(Progress(1, 8, 1, 1, 0.0, None), "Restoring", 120)
    assert "left" not in text


@pytest.mark.parametrize("width", [10, 40, 60, 79, 200])
@pytest.mark.parametrize("message", ["Restoring " + "long " * 50, "写真を復元しています" * 9, "a\nb\x1b[2Jc"])
def test_the_line_never_wraps_and_never_breaks(width: int, message: str) -> None:
    text = line(HALF, message, width)
    assert columns(text) <= width
    assert text.isprintable()


def test_text_is_measured_in_columns() -> None:
    assert columns("写真") == 4
    assert fit("写真写真", 6) == "写真.."
    assert fit("abc", 3) == "abc"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "0 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (3725, "1 h 02 min"), (-1, "0 s")],
)
def test_durations_are_told_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_a_file_gets_sentences_and_no_bar() -> None:
    stream = io.StringIO()
    bar = Bar(stream)
    bar.show(Phase("denoising", "Restoring"))
    bar.show(HALF)
    bar.say("Something to know.")
    bar.clear()
    assert stream.getvalue() == "Something to know.\n"


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are not on Windows")
def test_a_sentence_takes_the_bars_place_on_a_terminal() -> None:
    master, slave = os.openpty()
    with os.fdopen(slave, "w", encoding="utf-8") as stream:
        bar = Bar(stream)
        bar.show(Phase("denoising", "Restoring"))
        bar.show(HALF)
        bar.show(Notice("not drawn by itself"))
        bar.say("Memory ran out.")
        bar.show(HALF)
        bar.clear()
        seen = ""
        while select.select([master], [], [], 0.5)[0]:  # a pseudo-terminal hands over in pieces
            seen += os.read(master, 65536).decode()
    os.close(master)
    # What stays on each line is what was written last in each column.
    lines = []
    for row in seen.split("\r\n"):
        shown: list[str] = []
        for piece in row.split("\r"):
            shown[: len(piece)] = piece
        lines.append("".join(shown).rstrip())
    assert lines == ["Memory ran out.", ""]
    assert "█" in seen


def test_a_terminal_obeys_no_name_of_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    name = "a\x1b]0;title\x07\x1b[2Jb\r\nrestorer: all is well\u202egnp.\x9b31m 桌面 é.jpg"
    shown = visible(name)
    assert shown.isprintable()
    assert "桌面 é.jpg" in shown
    assert r"a\x1b]0;title\x07\x1b[2Jb\r\nrestorer" in shown
    Bar(sys.stderr).say(f"{name} cannot be read.")
    assert main(["restore", name, "-o", "out/", "--no-settings"]) == 1
    said = capsys.readouterr()
    assert not {"\x1b", "\x07", "\r", "\u202e", "\x9b"} & set(said.out + said.err)
    assert not any(line.startswith("restorer: all is well") for line in said.err.splitlines())


def test_a_name_that_is_no_text_is_left_to_the_stream() -> None:
    assert visible("caf\udce9.jpg") == "caf\udce9.jpg"
