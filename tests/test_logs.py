"""The one log: who may read it, and what goes into it."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from restorer import logs, paths


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    yield
    for handler in set(root.handlers) - set(handlers):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def test_the_windows_messages_and_a_commands_traceback_lie_in_one_private_file(home: Path) -> None:
    assert logs.start()
    logging.getLogger("ui.somewhere").info("the window is there")
    logs.record(ValueError("a fault of ours"))
    path = paths.log_dir() / logs.FILE
    text = path.read_text("utf-8")
    assert "INFO MainThread ui.somewhere: the window is there" in text
    assert "ValueError: a fault of ours" in text
    if sys.platform != "win32":
        assert os.stat(path).st_mode & 0o077 == 0


def test_a_log_that_cannot_be_written_is_no_reason_to_fail(home: Path) -> None:
    folder = paths.log_dir()
    folder.parent.mkdir(parents=True)
    folder.write_bytes(b"")
    assert not logs.start()
