"""Processes of their own for tests that kill, interrupt or race one, without the seconds of loading torch.

They are forked from a server that has imported the engine and the window and has done nothing with them
(`multiprocessing`'s own, see its documentation of start methods). What concerns the start of a program itself
is tested with `python -m restorer`.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 300.0

# Windows has no such server, and none of what these tests send to a process.
_methods = multiprocessing.get_all_start_methods()
server = multiprocessing.get_context("forkserver" if "forkserver" in _methods else "spawn")
server.set_forkserver_preload(
    [
        "pytest",
        "restorer.cli.restore",
        "restorer.cli.batch",
        "restorer.batch.runner",
        "restorer.pipeline.restore",
        "restorer.training.loop",
        "ui.app",
        "ui.main_window.window",
    ]
)


class Forked:
    """A process that runs a function; what it prints is read as from a `subprocess.Popen`.

    environ: all that it finds in `os.environ`; None for what is there now. terminal: a file descriptor that
    it has for its errors, in place of a file that `communicate` reads.
    """

    def __init__(
        self,
        function: Callable[..., object],
        *arguments: object,
        environ: Mapping[str, str] | None = None,
        terminal: int | None = None,
    ) -> None:
        reading, writing = server.Pipe(duplex=False)
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        errors = Connection(os.dup(self._errors.fileno() if terminal is None else terminal), readable=False)
        with writing, errors:
            self._process = server.Process(
                target=_begin,
                args=(dict(os.environ if environ is None else environ), writing, errors, function, arguments),
                daemon=True,
            )
            self._process.start()
        self.stdout = os.fdopen(os.dup(reading.fileno()), encoding="utf-8")
        reading.close()

    @property
    def returncode(self) -> int | None:
        """As of `subprocess.Popen`: minus the signal that killed it; None while it runs."""
        return self._process.exitcode

    def poll(self) -> int | None:
        return self.returncode

    def send_signal(self, number: int) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def kill(self) -> None:
        self._process.kill()

    def wait(self) -> int:
        self._process.join(SECONDS)
        if self.returncode is None:
            self.kill()
            raise TimeoutError("the process did not end")
        return self.returncode

    def communicate(self) -> tuple[str, str]:
        """What it printed that was not read yet, and its errors, once it has ended."""
        with self.stdout, self._errors:
            printed = self.stdout.read()
            self.wait()
            self._errors.seek(0)
            said = self._errors.read()
        return printed, said

    def __enter__(self) -> Forked:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.returncode is None:
            self.kill()
            self._process.join()
        self.stdout.close()
        self._errors.close()


def shell(words: Sequence[object], **options: Any) -> Forked:
    """`restorer` with these words, as a process of its own. options: as of `Forked`."""
    return Forked(_command, [str(word) for word in words], **options)


def killed(function: Callable[..., object], *arguments: object) -> int | None:
    """Run a function in a process that ends itself somewhere within; returns the exit code."""
    with Forked(function, *arguments) as process:
        process.communicate()
        return process.returncode


def answer_of(function: Callable[..., Any], *arguments: object, **environ: str) -> Any:
    """What a function returns in a process of its own, with more in its environment. Fails with what the
    process said where it did not come to that."""
    answers, end = server.Pipe(duplex=False)
    with answers:
        with end:
            process = Forked(_send, end, function, *arguments, environ={**os.environ, **environ})
        with process:
            try:
                answer = answers.recv()
            except EOFError:
                raise AssertionError(process.communicate()[1]) from None
            process.communicate()
            assert process.returncode == 0
            return answer


def _begin(
    environ: dict[str, str],
    out: Connection,
    errors: Connection,
    function: Callable[..., object],
    arguments: tuple[object, ...],
) -> None:
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(ROOT)
    os.dup2(out.fileno(), 1)
    os.dup2(errors.fileno(), 2)
    out.close()
    errors.close()
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        code = function(*arguments)
    except Exception:
        traceback.print_exc()
        code = 1
    sys.exit(code)


def _command(words: list[str]) -> int:
    from restorer.cli.main import main

    return main(words)


def _send(end: Connection, function: Callable[..., Any], *arguments: object) -> None:
    end.send(function(*arguments))
