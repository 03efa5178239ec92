"""What the engine says, in the language spoken.

In: a finished English sentence of an error or notice. Out: the same in the window's language, with the values
that were in it; the English one where nobody has translated it. The engine knows no languages, so that the
shell, logs and journals read the same everywhere; the window finds the sentence behind the finished one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from string import Formatter

from ui.i18n.engine_message_table import engine_message_table

NESTED = 2  # a value may be a part of a sentence that was said about something else


def engine_message(sentence: str | BaseException, depth: int = NESTED) -> str:
    """The sentence in the language spoken; an error stands for what it says."""
    text = str(sentence)
    if not text:
        return text
    for pattern, translated in _patterns(engine_message_table()):
        found = pattern.fullmatch(text)
        if found is not None:
            values = found.groups()
            if depth:
                values = tuple(engine_message(value, depth - 1) for value in values)
            return translated.format(*values)
    return text


@lru_cache(maxsize=4)
def _patterns(sentences: tuple[tuple[str, str], ...]) -> list[tuple[re.Pattern[str], str]]:
    """(pattern, translation) of every sentence that reads differently, those with most words of their own
    first: the more general could swallow them."""
    pairs = [(_pattern(english), spoken) for english, spoken in sentences if spoken != english]
    return [
        (re.compile(pattern, re.DOTALL), spoken)
        for (pattern, _), spoken in sorted(pairs, key=lambda pair: -pair[0][1])
    ]


def _pattern(template: str) -> tuple[str, int]:
    """A regular expression with a group for each value, and how many characters are its own."""
    pattern, own = "", 0
    for literal, field, _, _ in Formatter().parse(template):
        pattern += re.escape(literal) + ("(.+?)" if field is not None else "")
        own += len(literal)
    return pattern, own
