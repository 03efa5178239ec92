"""A second start goes to the open window."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from tests.ui.driver import LONG
from ui.main_window.launch_requests import LaunchRequests
from ui.main_window.window import Window
from ui.saving.drag_out import copies, forget_left_copies
from ui.system import single_instance
from ui.system.single_instance import InstanceServer, LaunchRequest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def _runtime_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A runtime folder of its own, which children see; `tmp_path` is too long for a socket's path."""
    with tempfile.TemporaryDirectory(prefix="r", dir="/tmp") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield


@pytest.fixture
def launch_requests(window: Window) -> Iterator[LaunchRequests]:
    """The open window listens."""
    launch_requests = LaunchRequests(window.core, window.batch, window.study, window)
    yield launch_requests
    launch_requests.instance_server.close()


def start(*arguments: object) -> subprocess.Popen[str]:
    """`main.py` as a person starts it."""
    command = [sys.executable, str(ROOT / "main.py"), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(process: subprocess.Popen[str], qtbot: QtBot) -> None:
    """Until a child has ended, while this process's window answers."""
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=LONG)
    out, err = process.communicate()
    assert (process.returncode, out, err) == (0, "", "")


def test_a_second_photo_goes_to_the_open_window(
    launch_requests: LaunchRequests,
    window: Window,
    cat_file: Path,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    odd = tmp_path / os.fsdecode(b"n\xfcrnberg 100%.jpg")  # a name in no encoding
    odd.write_bytes(cat_file.read_bytes())
    window.showMinimized()
    monkeypatch.chdir(tmp_path)
    wait_for(start(cat_file.name, odd), qtbot)  # one of them relative
    qtbot.waitUntil(lambda: len(window.core.session.documents) == 2, timeout=LONG)
    assert [document.path for document in window.core.session.documents] == [cat_file, odd]
    qtbot.waitUntil(lambda: not window.isMinimized(), timeout=LONG)


def test_the_batch_action_opens_its_window_in_the_open_app(
    launch_requests: LaunchRequests, window: Window, qtbot: QtBot
) -> None:
    wait_for(start("--batch"), qtbot)
    qtbot.waitUntil(
        lambda: window.batch.window_ is not None and window.batch.window_.isVisible(), timeout=LONG
    )


def test_the_study_opens_in_the_open_app(
    launch_requests: LaunchRequests, window: Window, qtbot: QtBot
) -> None:
    wait_for(start("--study"), qtbot)
    qtbot.waitUntil(
        lambda: window.study.window_ is not None and window.study.window_.isVisible(), timeout=LONG
    )


def test_a_folder_is_looked_through(
    launch_requests: LaunchRequests, window: Window, cat_file: Path, qtbot: QtBot
) -> None:
    wait_for(start(cat_file.parent), qtbot)
    qtbot.waitUntil(lambda: [each.path for each in window.core.session.documents] == [cat_file], timeout=LONG)


def test_new_window_opens_another(
    launch_requests: LaunchRequests, window: Window, cat_file: Path, qtbot: QtBot
) -> None:
    wait_for(start("--new-window", "--close-after", "0.1", cat_file), qtbot)
    assert window.core.session.documents == []


def test_a_start_removes_the_copies_of_apps_that_are_gone(
    launch_requests: LaunchRequests, cat_file: Path, qtbot: QtBot
) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left, ours = copies().with_name(str(gone.pid)), copies()
    for folder in (left, ours):
        (folder / "1").mkdir(parents=True)
        (folder / "1" / "a result.png").write_bytes(b"large")
    wait_for(start("--new-window", "--close-after", "0.1", cat_file), qtbot)
    assert not left.exists()
    assert (ours / "1" / "a result.png").exists(), "this app runs: somebody may be reading it"
    forget_left_copies()
    assert not ours.exists(), "at its own start it cannot have written any"


def test_after_a_crash_the_socket_is_taken_over(
    qapp: QObject, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    name = Path(single_instance.address())
    name.parent.mkdir(parents=True)
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(name))
    dead.close()  # the file stays, and nobody listens
    assert name.exists()
    assert not single_instance.send_to_open_window(LaunchRequest())
    first, second = InstanceServer(qapp), InstanceServer(qapp)
    assert first.listen()
    assert not second.listen()  # the first is alive, and keeps it
    assert name.stat().st_mode & 0o077 == 0  # other people cannot send
    first.close()
    first.deleteLater()
    second.deleteLater()


def test_a_window_that_hangs_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(single_instance, "_ANSWER_MS", 200)
    name = Path(single_instance.address())
    name.parent.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(name))
        silent.listen()
        began = time.monotonic()
        assert not single_instance.send_to_open_window(LaunchRequest())
        assert time.monotonic() - began < LONG / 1000


def test_what_is_no_request_is_refused(launch_requests: LaunchRequests, window: Window, qtbot: QtBot) -> None:
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.connect(single_instance.address())
        stranger.sendall(b'{"photos": "/etc/passwd"}\n')
        stranger.settimeout(0.02)
        answers: list[bytes] = []

        def gone() -> bool:
            try:
                answers.append(stranger.recv(100))
            except TimeoutError:
                return False
            except ConnectionResetError:
                answers.append(b"")
            return True

        qtbot.waitUntil(gone, timeout=LONG)
    assert answers == [b""]
    assert window.core.session.documents == []


def test_a_message_survives_the_way() -> None:
    request = LaunchRequest((Path("/a b/照片.jpg"), Path("/x\udcff\n.png")), True, True, "token", True)
    assert LaunchRequest.read(request.message()) == request
    assert request.message().count(b"\n") == 1
