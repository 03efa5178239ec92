"""The log: where tracebacks go, because nobody should see one.

In: an exception of a command, or what a window's modules log. Out: lines in `restorer.log`, which rotates and
which only its owner can read, and words for the person.
"""

from __future__ import annotations

import contextlib
import logging.handlers
import sys
import traceback
from pathlib import Path

from restorer import paths

__all__ = ["brief", "record", "start"]

FILE = "restorer.log"
LOG_BYTES = 1_000_000
MOST_BRIEF, MOST_LINE, MOST_TEXT = 300, 2_000, 50_000
"""Characters: an error can carry all that a file holds."""


def start() -> bool:
    """Log everything from here on to the file; to stderr, and False, where it cannot be written."""
    try:
        handler = _handler(paths.log_dir() / FILE)
    except OSError:
        logging.basicConfig(stream=sys.stderr)
        return False
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)
    return True


def _handler(path: Path) -> logging.handlers.RotatingFileHandler:
    """Writes to the file, in a folder that nobody else can look into. Raises OSError."""
    paths.private_folder(path.parent)
    paths.private_file(path)
    return logging.handlers.RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8")


def brief(error: BaseException) -> str:
    """The error in one line, for a sentence."""
    text = str(error).strip().rstrip(".").splitlines()
    return f"{type(error).__name__}: {text[0][:MOST_BRIEF]}" if text else type(error).__name__


def record(error: BaseException) -> str:
    """Write the traceback to the log; returns the sentence that says where it is."""
    path = paths.log_dir() / FILE
    try:
        handler = _handler(path)
    except OSError as refused:
        return f"The details could not be written to {path} ({refused.strerror})."
    with contextlib.closing(handler):
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        lines = "".join(traceback.format_exception(error, limit=-50)).splitlines()
        text = "\n".join(["command line", *(line[:MOST_LINE] for line in lines)])[:MOST_TEXT]
        handler.emit(logging.LogRecord("restorer", logging.ERROR, __file__, 0, text, None, None))
    return f"The details are in {path}."
