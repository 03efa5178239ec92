"""A run as one line of a terminal, redrawn in place.

In: the events of a run. Out: a bar with per cent, time left and phase, on a stream
that is a terminal; nothing at all on one that is not.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from typing import TextIO

from restorer.pipeline.event_dispatch import Sink, dispatch_events
from restorer.pipeline.events import Done, Event, Generated, Notice, Phase, Progress
from restorer.pipeline.run_control import RunControl
from restorer.text import duration

BAR_WIDTH = 24


class Bar(Sink):
    """Owns the line that is being redrawn, so that other lines can be printed around it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._live = stream.isatty()
        self._drawn = 0
        self._message = ""

    def show(self, event: Event) -> None:
        """Redraw for a Phase or a Progress; other events leave the line as it is."""
        if not self._live:
            return
        if isinstance(event, Phase):
            self._message = event.message
            self._draw(event.message)
        elif isinstance(event, Progress):
            self._draw(line(event, self._message, self._columns(), self._blocks()))

    def phase(self, event: Phase) -> None:
        self.show(event)

    def progress(self, event: Progress) -> None:
        self.show(event)

    def notice(self, event: Notice) -> None:
        self.say(event.message)

    def clear(self) -> None:
        """Take the line away, so that the next print starts at its beginning."""
        if self._drawn:
            self._stream.write("\r" + " " * self._drawn + "\r")
            self._stream.flush()
            self._drawn = 0

    def say(self, sentence: str) -> None:
        """Print a sentence on a line of its own, terminal or not."""
        self.clear()
        print(visible(sentence), file=self._stream, flush=True)

    def _draw(self, text: str) -> None:
        text = fit(text, self._columns())
        drawn = columns(text)
        # Blanks instead of an escape sequence: an old Windows console knows none.
        self._stream.write("\r" + text + " " * max(0, self._drawn - drawn))
        self._stream.flush()
        self._drawn = drawn

    def _columns(self) -> int:
        try:
            width = os.get_terminal_size(self._stream.fileno()).columns
        except (OSError, ValueError):
            width = 0
        return (width or 80) - 1  # a full line would wrap

    def _blocks(self) -> tuple[str, str]:
        try:
            "█░".encode(self._stream.encoding or "ascii")
        except UnicodeEncodeError:
            return "#", "-"
        return "█", "░"


def pull(events: Iterator[Event], bar: Bar, control: RunControl) -> Done | Generated:
    """Pull a run to its end, showing it. Raises KeyboardInterrupt where Ctrl+C cancelled it."""
    end = dispatch_events(events, control, bar)
    if end is not None:
        return end
    if control.cancelled.is_set():
        raise KeyboardInterrupt
    raise RuntimeError("the run ended without a result")


def line(progress: Progress, message: str, width: int, blocks: tuple[str, str] = ("█", "░")) -> str:
    """The text of the bar, at most `width` columns; the message gives way first."""
    full = round(progress.fraction * BAR_WIDTH)
    parts = [
        blocks[0] * full + blocks[1] * (BAR_WIDTH - full),
        f"{int(progress.fraction * 100):3d} %",
    ]
    if progress.seconds_left is not None:
        parts.append(f"{duration(progress.seconds_left)} left")
    figures = "  ".join(parts)
    room = width - columns(figures) - 2
    return fit(f"{figures}  {fit(message, room)}" if room > 8 else figures, width)


def columns(text: str) -> int:
    """How many columns of a terminal a text takes: Chinese and Japanese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def visible(text: str) -> str:
    """The text with what a terminal would obey made visible: an escape sequence in a file's name moves the
    cursor, a line break forges a line, and some signs turn the order of letters round. Names that are no text
    stay as they are; the stream knows what to do with them."""
    return "".join(
        character if character.isprintable() or character == " " or "\ud800" <= character <= "\udfff"
        else character.encode("unicode_escape").decode("ascii")
        for character in text
    )  # fmt: skip


def fit(text: str, width: int) -> str:
    """The text without line breaks and other control characters, cut to `width` columns."""
    text = "".join(character if character.isprintable() else "?" for character in text)
    if columns(text) <= width:
        return text
    while text and columns(text) > width - 2:
        text = text[:-1]
    return f"{text}.."[: max(0, width)]
