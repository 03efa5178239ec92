"""A real X server for the window tests, a window in a world of its own, and a watch for what is left behind.

The tests need Xvfb (Debian: xvfb, Fedora: xorg-x11-server-Xvfb) unless DISPLAY names a server; without
either they fail: a window that was never on a screen proves nothing.
"""

from __future__ import annotations

import dataclasses
import gc
import os
import select
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from restorer.pipeline.events import Event
from restorer.pipeline.request import RestoreRequest

if TYPE_CHECKING:
    from restorer.pipeline.network_cache import NetworkCache

XVFB_SECONDS = 20


def _start_xvfb() -> tuple[subprocess.Popen[bytes], str]:
    if shutil.which("Xvfb") is None:
        pytest.fail("The window tests need Xvfb: install xvfb (Debian) or xorg-x11-server-Xvfb (Fedora).")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1920x1200x24", "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        ready, _, _ = select.select([pipe], [], [], XVFB_SECONDS)
        number = pipe.readline().strip() if ready else b""
    if not number:
        process.kill()
        pytest.fail("Xvfb did not start.")
    return process, f":{number.decode()}"


@pytest.fixture(scope="session", autouse=True)
def display() -> Iterator[str]:
    """DISPLAY of an X server: the one that is set, or an Xvfb of our own for this session."""
    patch = pytest.MonkeyPatch()
    patch.setenv("QT_QPA_PLATFORM", "xcb")
    patch.delenv("WAYLAND_DISPLAY", raising=False)
    patch.setenv(
        "OMP_NUM_THREADS", "1"
    )  # the networks are tiny, and threads that wait for each other are slow
    process = None
    if not os.environ.get("DISPLAY"):
        process, number = _start_xvfb()
        patch.setenv("DISPLAY", number)
    yield os.environ["DISPLAY"]
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance()
    if application is not None:
        application.shutdown()  # before its server goes
    if process is not None:
        process.terminate()
        process.wait()
    patch.undo()


def _running_threads() -> list[object]:
    from PySide6.QtCore import QThread
    from shiboken6 import isValid

    # type(), because isinstance asks lazy objects of other libraries for their class and wakes them
    threads = [thing for thing in gc.get_objects() if issubclass(type(thing), QThread) and isValid(thing)]
    main = QThread.currentThread()
    return [thread for thread in threads if thread is not main and thread.isRunning()]


def _running_timers() -> list[object]:
    from PySide6.QtCore import QTimer
    from shiboken6 import isValid

    timers = [thing for thing in gc.get_objects() if issubclass(type(thing), QTimer) and isValid(thing)]
    return [timer for timer in timers if timer.isActive()]


@pytest.fixture(autouse=True)
def nothing_left_behind(qapp: object) -> Iterator[None]:
    """Fails a test that leaves a thread, a window or a timer."""
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    before = set(map(id, QApplication.topLevelWidgets()))
    ticking = set(map(id, _running_timers()))
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    timers = [timer for timer in _running_timers() if id(timer) not in ticking]
    assert not timers, f"a timer still runs: {[(timer, timer.parent()) for timer in timers]}"
    left = [widget for widget in QApplication.topLevelWidgets() if id(widget) not in before]
    assert not left, f"left open: {left}"
    assert not _running_threads(), "a thread is still running"


@pytest.fixture
def window(qapp: object, qtbot: object, tiny_pack: str, tmp_path: Path) -> Iterator[object]:
    """The real window on the real engine with a tiny model, on the screen."""
    import torch
    from PySide6.QtCore import QSettings

    from ui.main_window.window import Window
    from ui.style.theme import Override, Theme
    from ui.workers.engine_worker import engine_run

    torch.set_num_threads(1)
    theme = Theme(qapp, Override.DARK)
    store = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)

    def run(request: RestoreRequest, networks: NetworkCache) -> Iterator[Event]:
        return engine_run(dataclasses.replace(request, model=tiny_pack), networks)

    window = Window(theme, store, run)
    window.resize(1024, 640)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitActive(window)
    yield window
    for document in window.core.session.documents:
        document.given_up = True
    window.close()
    window.deleteLater()
    theme.deleteLater()


@pytest.fixture
def cat_file(tmp_path: Path, chelsea: np.ndarray) -> Path:
    """A real photo on disk, 160 x 120 pixels, JPEG; large enough that a step takes longer than a frame."""
    path = tmp_path / "the cat.jpg"
    Image.fromarray(chelsea).resize((160, 120), Image.Resampling.BICUBIC).save(path, quality=95)
    return path


@pytest.fixture
def cascade(home: Path) -> str:
    """A tiny cascade, installed before the window opens."""
    from tests.tiny_packs import BASE, write_cascade

    write_cascade(home)
    return BASE


@pytest.fixture
def room(cascade: str, window: object, qtbot: object) -> object:
    """The window with its generating side in view and the tiny cascade chosen."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    bar = window.workspaces.tabBar()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(1).center())
    assert window.workspaces.generating
    window.generate.panel.base.setCurrentText(cascade)
    return window
