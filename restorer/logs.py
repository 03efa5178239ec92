"""The log of the command line: where tracebacks go, because nobody should see one.

In: an exception. Out: its traceback in `restorer.log`, and words for the person.
"""

from __future__ import annotations

import contextlib
import logging.handlers
import traceback

from restorer import paths

MOST_BRIEF, MOST_LINE, MOST_TEXT = 300, 2_000, 50_000
"""Characters: an error can carry all that a file holds."""


def brief(error: BaseException) -> str:
    """The error in one line, for a sentence."""
    text = str(error).strip().rstrip(".").splitlines()
    return f"{type(error).__name__}: {text[0][:MOST_BRIEF]}" if text else type(error).__name__


def record(error: BaseException) -> str:
    """Write the traceback to the log; returns the sentence that says where it is."""
    path = paths.log_dir() / "restorer.log"
    try:
        paths.private_folder(path.parent)
        paths.private_file(path)
        handler = logging.handlers.RotatingFileHandler(
            path, maxBytes=1_000_000, backupCount=1, encoding="utf-8"
        )
    except OSError as refused:
        return f"The details could not be written to {path} ({refused.strerror})."
    with contextlib.closing(handler):
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        lines = "".join(traceback.format_exception(error, limit=-50)).splitlines()
        text = "\n".join(["command line", *(line[:MOST_LINE] for line in lines)])[:MOST_TEXT]
        handler.emit(logging.LogRecord("restorer", logging.ERROR, __file__, 0, text, None, None))
    return f"The details are in {path}."
