"""The log of the command line: where tracebacks go, because nobody should see one.

In: an exception. Out: its traceback in `restorer.log`, and words for the person.
"""

from __future__ import annotations

import contextlib
import logging.handlers

from restorer import paths


def brief(error: BaseException) -> str:
    """The error in one line, for a sentence."""
    text = str(error).strip().rstrip(".").splitlines()
    return f"{type(error).__name__}: {text[0]}" if text else type(error).__name__


def record(error: BaseException) -> str:
    """Write the traceback to the log; returns the sentence that says where it is."""
    path = paths.log_dir() / "restorer.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            path, maxBytes=1_000_000, backupCount=1, encoding="utf-8"
        )
    except OSError as refused:
        return f"The details could not be written to {path} ({refused.strerror})."
    with contextlib.closing(handler):
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        info = (type(error), error, error.__traceback__)
        handler.emit(logging.LogRecord("restorer", logging.ERROR, __file__, 0, "command line", None, info))
    return f"The details are in {path}."
