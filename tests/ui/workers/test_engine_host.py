"""The engine's thread: nothing piles up, nothing stale arrives, nothing is killed."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QObject, QThread, Slot
from pytestqt.qtbot import QtBot

from restorer.errors import PackError
from restorer.photo import Photo
from restorer.pipeline.events import Enlarged, Event, Preview, Progress
from restorer.pipeline.request import RestoreRequest
from tests.ui.driver import LONG
from ui.workers.engine_host import EngineHost
from ui.workers.messages import Job, ProgressMessage

SIDE = 512


def grey_photo() -> Photo:
    pixels = np.full((8, 8, 3), 90, np.uint8)
    return Photo(pixels=pixels, alpha=None, icc=None, exif=None, xmp=None, dpi=None, path=None)


def job() -> Job:
    photo = grey_photo()
    return Job(1, RestoreRequest(photo, preview_side=SIDE), photo)


class Flood:
    """A run of 400 frames, as fast as they can be made, all in one buffer, as an engine might."""

    def __init__(self) -> None:
        self._made, self._is_over = 0, False
        self._news = threading.Condition()

    def __call__(self, request: RestoreRequest, networks: object) -> Iterator[Event]:
        buffer = np.zeros((SIDE, SIDE, 3), np.uint8)
        try:
            yield Enlarged(buffer, (SIDE, SIDE))
            for n in range(400):
                buffer[:] = n % 256
                yield Preview(buffer, (0, 0, SIDE, SIDE), (SIDE, SIDE), 1.0, 1, 1)
                with self._news:
                    self._made += 1
                    self._news.notify_all()
            raise PackError("The flood is over.")
        finally:
            with self._news:
                self._is_over = True
                self._news.notify_all()

    def await_more(self, count: int) -> None:
        """Wait until so many more frames were made, or it is over."""
        with self._news:
            enough = self._made + count
            assert self._news.wait_for(lambda: self._is_over or self._made >= enough, LONG / 1000)


class Reader(QObject):
    """Takes letters as slowly as a busy window: twenty frames are made meanwhile."""

    def __init__(self, flood: Flood) -> None:
        super().__init__()
        self._flood = flood
        self.letters: list[ProgressMessage] = []
        self.threads: set[QThread] = set()

    @Slot(object)
    def read(self, letter: ProgressMessage) -> None:
        self.letters.append(letter)
        self.threads.add(QThread.currentThread())
        self._flood.await_more(20)


def test_a_slow_window_gets_the_newest_picture_and_no_queue(qapp: QObject, qtbot: QtBot) -> None:
    flood = Flood()
    host, reader = EngineHost(run=flood), Reader(flood)
    host.progressed.connect(reader.read)
    with qtbot.waitSignal(host.failed, timeout=LONG) as failed:
        host.start(job())
    assert failed.args[0].message == "The flood is over."
    host.close()
    assert 1 <= len(reader.letters) <= 400 / 20 + 2
    sequence = [letter.sequence for letter in reader.letters]
    assert sequence == sorted(set(sequence))
    assert reader.threads == {qapp.thread()}
    for letter in reader.letters:
        values = {letter.image.pixel(0, 0), letter.image.pixel(SIDE - 1, SIDE - 1)}
        assert len(values) == 1, "a frame is a copy: the engine's buffer went on, the frame did not"


class Endless:
    """A run that never ends by itself and notes whether it was closed."""

    def __init__(self) -> None:
        self.started = threading.Event()
        self.closed = threading.Event()

    def __call__(self, request: RestoreRequest, networks: object) -> Iterator[Event]:
        try:
            while True:
                yield Progress(1, 1, 1, 1, 0.0, None)
                self.started.set()
        finally:
            self.closed.set()


def test_closing_ends_the_run_and_the_thread(qapp: QObject) -> None:
    run = Endless()
    host = EngineHost(run=run)
    host.start(job())
    assert run.started.wait(LONG / 1000)
    host.close()
    assert run.closed.is_set()
    assert host.thread_.isFinished()


def test_cancel_closes_the_generator_and_says_so_once(qapp: QObject, qtbot: QtBot) -> None:
    run = Endless()
    host = EngineHost(run=run)
    told: list[int] = []
    host.cancelled.connect(told.append)
    host.start(job())
    assert run.started.wait(LONG / 1000)
    with qtbot.waitSignal(host.cancelled, timeout=LONG):
        host.cancel()
        host.cancel()
    assert run.closed.is_set()
    assert told == [1]
    assert not host.busy
    host.close()


def broken(request: RestoreRequest, networks: object) -> Iterator[Event]:
    yield Progress(1, 1, 1, 1, 0.0, None)
    raise ZeroDivisionError("a bug")


def test_a_bug_in_the_engine_becomes_a_sentence_and_a_log_entry(
    qapp: QObject, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    host = EngineHost(run=broken)
    with qtbot.waitSignal(host.failed, timeout=LONG) as failed:
        host.start(job())
    host.close()
    assert "a bug" not in failed.args[0].message
    assert "ZeroDivisionError" in caplog.text
