"""What the engine says, in the language spoken.

In: a finished English sentence of an error or notice. Out: the same in the window's language, with the values
that were in it; the English one where nobody has translated it. The engine knows no languages, so that the
shell, logs and journals read the same everywhere; the window finds the sentence behind the finished one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from string import Formatter

from ui.i18n.engine_message_table import engine_message_table

NESTED = 2  # a value may be a part of a sentence that was said about something else
Literals = tuple[str, ...]
"""What a sentence says itself, before, between and after its values."""


def engine_message(sentence: str | BaseException, depth: int = NESTED) -> str:
    """The sentence in the language spoken; an error stands for what it says."""
    text = str(sentence)
    if not text:
        return text
    for literals, translated in _templates(engine_message_table()):
        values = _values(literals, text)
        if values is not None:
            if depth:
                values = [engine_message(value, depth - 1) for value in values]
            return translated.format(*values)
    return text


@lru_cache(maxsize=4)
def _templates(sentences: tuple[tuple[str, str], ...]) -> list[tuple[Literals, str]]:
    """(literals, translation) of every sentence that reads differently, those with most words of their own
    first: the more general could swallow them."""
    pairs = [(_literals(english), spoken) for english, spoken in sentences if spoken != english]
    return sorted(pairs, key=lambda pair: -sum(map(len, pair[0])))


def _literals(template: str) -> Literals:
    """The pieces of a template around its fields; one more than there are fields."""
    pieces = [""]
    for literal, field, _, _ in Formatter().parse(template):
        pieces[-1] += literal
        if field is not None:
            pieces.append("")
    return tuple(pieces)


def _values(literals: Sequence[str], text: str) -> list[str] | None:
    """The values in a finished sentence, each of at least one character; None if it is another sentence.

    Each piece is looked for once, from the left: a name can be made so that a regular expression with a few
    fields takes minutes.
    """
    first, *between = literals
    if not between:
        return [] if text == first else None
    *between, last = between
    end = len(text) - len(last)
    if not text.startswith(first) or not text.endswith(last):
        return None
    values, at = [], len(first)
    for piece in between:
        found = text.find(piece, at + 1, end)
        if found < 0:
            return None
        values.append(text[at:found])
        at = found + len(piece)
    return [*values, text[at:end]] if at < end else None
