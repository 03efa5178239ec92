"""A real X server for the window tests, a window in a world of its own, and a watch for what is left behind.

The tests need Xvfb (Debian: xvfb, Fedora: xorg-x11-server-Xvfb) unless DISPLAY names a server; without
either they fail: a window that was never on a screen proves nothing. Where pytest-xdist runs several
processes, each has an Xvfb of its own: two windows on one server take the focus from each other.
"""

from __future__ import annotations

import dataclasses
import gc
import os
import select
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from restorer.pipeline.events import Event
from restorer.pipeline.request import RestoreRequest
from restorer.pipeline.run_control import RunControl
from tests.ui.run_gate import RunGate

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
    """DISPLAY of an X server: the one that is set, or an Xvfb of our own for this process."""
    patch = pytest.MonkeyPatch()
    patch.setenv("QT_QPA_PLATFORM", "xcb")
    patch.delenv("WAYLAND_DISPLAY", raising=False)
    patch.setenv(
        "OMP_NUM_THREADS", "1"
    )  # the networks are tiny, and threads that wait for each other are slow
    process = None
    if not os.environ.get("DISPLAY") or "PYTEST_XDIST_WORKER" in os.environ:
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


@pytest.fixture(scope="session", autouse=True)
def _only_new_objects_are_collected() -> Iterator[None]:
    """Leave what all tests share out of every later garbage collection: most of what Python tracks belongs to
    torch and other libraries that are imported once."""
    import torch  # noqa: F401

    import ui.main_window.window  # noqa: F401

    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def _running() -> list[object]:
    """The threads and timers that run, the main thread left out."""
    import shiboken6
    from PySide6.QtCore import QThread, QTimer

    # Qt's own list: a search through all that Python tracks took a good part of a small test
    found = [one for one in shiboken6.getAllValidWrappers() if isinstance(one, QThread | QTimer)]
    main = QThread.currentThread()
    return [
        one
        for one in found
        if one is not main and (one.isActive() if isinstance(one, QTimer) else one.isRunning())
    ]


@pytest.fixture(autouse=True)
def nothing_left_behind(qapp: object) -> Iterator[None]:
    """Fails a test that leaves a thread, a window or a timer."""
    from PySide6.QtCore import QCoreApplication, QEvent, QThread
    from PySide6.QtWidgets import QApplication

    before = set(map(id, QApplication.topLevelWidgets()))
    ticking = {id(one) for one in _running() if not isinstance(one, QThread)}
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    running = [one for one in _running() if id(one) not in ticking]
    timers = [one for one in running if not isinstance(one, QThread)]
    assert not timers, f"a timer still runs: {[(timer, timer.parent()) for timer in timers]}"
    left = [widget for widget in QApplication.topLevelWidgets() if id(widget) not in before]
    assert not left, f"left open: {left}"
    assert not running, "a thread is still running"


@pytest.fixture
def tiny_run(tiny_pack: str) -> Callable[[RestoreRequest], Iterator[Event]]:
    """The real engine, which takes the tiny model whatever is asked for."""
    import torch

    from ui.workers.engine_worker import engine_run

    torch.set_num_threads(1)

    def run(request: RestoreRequest, networks: NetworkCache) -> Iterator[Event]:
        return engine_run(dataclasses.replace(request, model=tiny_pack), networks)

    return run


@pytest.fixture
def core(qapp: object, tiny_run: Callable[..., Iterator[Event]], tmp_path: Path) -> Iterator[object]:
    """The core on the real engine with a tiny model, without a window."""
    from PySide6.QtCore import QSettings

    from ui.app_core import AppCore

    store = QSettings(str(tmp_path / "core.ini"), QSettings.Format.IniFormat)
    core = AppCore(store, tiny_run)
    yield core
    core.close()
    core.deleteLater()


@pytest.fixture
def window(
    qapp: object, qtbot: object, tiny_run: Callable[..., Iterator[Event]], tmp_path: Path
) -> Iterator[object]:
    """The real window on the real engine with a tiny model, on the screen."""
    from PySide6.QtCore import QSettings

    from tests.ui.driver import LONG
    from ui.main_window.window import Window
    from ui.style.theme import Override, Theme

    theme = Theme(qapp, Override.DARK)
    store = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    window = Window(theme, store, tiny_run)
    window._warm = True  # torch is there, and a run to warm it up would cost each test more than its own does
    window.resize(1024, 640)
    window.show()
    qtbot.waitExposed(window, timeout=LONG)
    window.activateWindow()
    qtbot.waitActive(window, timeout=LONG)
    yield window
    for document in window.core.session.documents:
        document.given_up = True
    window.quit_question.keep()
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


@pytest.fixture
def foreign(qapp: object) -> Iterator[object]:
    from PySide6.QtCore import QCoreApplication

    from tests.ui.foreign_language import Foreign, settle

    foreign = Foreign()
    yield foreign
    QCoreApplication.removeTranslator(foreign)
    settle()


@pytest.fixture
def album(tmp_path: Path, chelsea: np.ndarray) -> Path:
    """A folder with two photos, one of them in a folder of its own, and things that are no photos."""
    folder = tmp_path / "album 1911"
    (folder / "more").mkdir(parents=True)
    for name, left in (("b.png", 0), ("more/c.jpg", 60)):
        Image.fromarray(chelsea[60:120, left : left + 60]).save(folder / name)
    (folder / "list.txt").write_text("b and c")
    (folder / ".thumbnails").mkdir()
    for shadow in (".thumbnails/b.png", "._b.png"):  # what file managers and macOS leave behind
        (folder / shadow).write_bytes((folder / "b.png").read_bytes())
    return folder


@pytest.fixture
def opened(window: object, qtbot: object, photo_file: Path) -> object:
    """The window with a photo of 60 x 45 pixels in view, which a draft would restore."""
    from tests.ui.driver import open_photo

    open_photo(qtbot, window, photo_file)
    return window


@pytest.fixture
def two(window: object, qtbot: object, cat_file: Path, tmp_path: Path) -> Iterator[tuple[object, object]]:
    """Two photos, the second in view; whatever runs at the end of the test is stopped."""
    from restorer.pipeline.request import Preset
    from tests.ui.driver import LONG, open_photo

    other = tmp_path / "other.png"
    other.write_bytes(cat_file.read_bytes())
    first = open_photo(qtbot, window, cat_file, Preset.BEST)
    second = open_photo(qtbot, window, other)
    assert first is not second
    yield first, second
    window.core.runs.stop_all()
    qtbot.waitUntil(lambda: not window.core.runs.engine.busy, timeout=LONG)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> RunGate:
    """Closed: each run is held at work until the test opens it."""
    from restorer.pipeline.event_dispatch import Controlled

    gate = RunGate(Controlled._pull)
    monkeypatch.setattr(Controlled, "_pull", lambda controlled: gate.pull(controlled))
    return gate


@pytest.fixture
def held(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Waits until a paused run has done the piece of work in hand and the window shows what came of it."""
    from PySide6.QtCore import QCoreApplication

    from tests.ui.driver import LONG
    from ui.workers.engine_worker import FRAME_MS

    waits, wait = threading.Event(), RunControl.wait

    def noted(control: RunControl) -> float:
        waits.set()
        return wait(control)

    monkeypatch.setattr(RunControl, "wait", noted)

    def until_held() -> None:
        qtbot.waitUntil(waits.is_set, timeout=LONG)
        QCoreApplication.processEvents()  # the last message is here now
        qtbot.wait(2 * FRAME_MS)  # and shown at most one frame later

    return until_held
