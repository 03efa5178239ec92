"""One worker: a folder job and the window's runs never compute at once; the later one waits and says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from restorer.pipeline import restore
from restorer.pipeline.events import Event
from restorer.pipeline.request import Preset, RestoreRequest
from tests.ui.driver import LONG, click, open_photo, wait_for_state
from tests.ui.run_gate import RunGate
from ui.batch.window import BatchWindow
from ui.canvas.selection import RubberBand
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.restore.control_panel import PRESETS


class Watcher:
    """Counts the runs that are alive in the engine, whoever pulls them; not the speck that warms it up."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self._run = restore.run

    def __call__(self, request: RestoreRequest, *more: object) -> Iterator[Event]:
        if getattr(request.source, "size", None) == (8, 8):
            yield from self._run(request, *more)  # type: ignore[arg-type]
            return
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            yield from self._run(request, *more)  # type: ignore[arg-type]
        finally:
            self.now -= 1


@pytest.fixture
def watcher(monkeypatch: pytest.MonkeyPatch) -> Watcher:
    watcher = Watcher()
    monkeypatch.setattr(restore, "run", watcher)
    return watcher


@pytest.fixture
def ready(window: Window, qtbot: QtBot, photo_file: Path) -> Window:
    """The window with a photo of 60 x 45 pixels, of which a run has many steps."""
    open_photo(qtbot, window, photo_file, Preset.BEST)
    return window


@pytest.fixture
def batch(window: Window, qtbot: QtBot, tmp_path: Path, tiny_pack: str) -> Iterator[BatchWindow]:
    """The batch window with three scans."""
    for seed in range(3):
        pixels = np.random.default_rng(seed).integers(0, 256, (32, 32, 3), dtype=np.uint8)
        (tmp_path / "scans").mkdir(exist_ok=True)
        Image.fromarray(pixels).save(tmp_path / "scans" / f"{seed}.png")
    window.batch.model = tiny_pack
    batch = window.batch.open()
    batch.form.preset.setCurrentIndex(batch.form.preset.findData("best"))
    batch.add([tmp_path / "scans"])
    yield batch
    if window.batch.window_ is batch:
        batch._is_closing = True
        batch.close()


def states(batch: BatchWindow) -> set[str]:
    return {item.state.value for item in batch.table.items}


def test_a_folder_waits_for_the_photo_and_then_begins(
    ready: Window, batch: BatchWindow, qtbot: QtBot, watcher: Watcher
) -> None:
    ready.restore.start()
    click(batch.start)
    assert not batch.host.busy
    assert "Waiting until the run in the main window is done" in batch.words.text()
    assert not batch.start.isEnabled()
    assert not batch.form.scale.isEnabled()
    assert batch.stop.isEnabled()
    click(batch.stop)
    assert batch.words.text() == ""
    assert batch.start.isEnabled()
    click(batch.start)
    wait_for_state(qtbot, ready, DocumentState.DONE)
    qtbot.waitUntil(lambda: states(batch) == {"done"} and not batch.host.busy, timeout=LONG)
    assert watcher.most == 1


@pytest.mark.parametrize("button", ["start", "estimate"])
def test_a_folder_that_is_added_while_the_batch_waits_belongs_to_it(
    ready: Window, batch: BatchWindow, qtbot: QtBot, tmp_path: Path, button: str
) -> None:
    ready.restore.start()
    click(getattr(batch, button))
    assert not batch.host.busy
    (tmp_path / "more").mkdir()
    Image.new("RGB", (48, 48), "teal").save(tmp_path / "more" / "late.png")
    batch.add([tmp_path / "more"])
    ready.workspaces.cancel()
    click(ready.restore.runs.stop.no)
    qtbot.waitUntil(lambda: batch.host.busy, timeout=LONG)
    qtbot.waitUntil(lambda: not batch.host.busy, timeout=LONG)
    assert sorted(item.name for item in batch.table.items) == ["0.png", "1.png", "2.png", "late.png"]
    assert states(batch) == ({"done"} if button == "start" else {"waiting"})


def test_whoever_stops_waiting_does_not_begin_later(
    ready: Window, batch: BatchWindow, qtbot: QtBot, watcher: Watcher
) -> None:
    ready.restore.start()
    click(batch.estimate)
    assert "Waiting" in batch.words.text()
    click(batch.stop)
    wait_for_state(qtbot, ready, DocumentState.DONE)
    assert not batch.host.busy
    assert not ready.core.runs.engine.busy


def test_a_photo_waits_for_the_folder_and_can_leave(
    ready: Window, batch: BatchWindow, qtbot: QtBot, watcher: Watcher
) -> None:
    document = ready.core.session.current
    click(batch.start)
    assert ready.restore.strip.status.whole == "A folder of photos is being restored."
    ready.restore.start()
    assert document.queued
    assert (
        ready.restore.strip.status.whole == "Waiting until the folder is restored, or paused in its window."
    )
    ready.workspaces.cancel()
    assert not document.queued
    ready.restore.start()
    assert document.queued
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert states(batch) == {"done"}
    assert watcher.most == 1
    assert not ready.core.runs.queue.folder_active


def test_a_folder_that_is_paused_lets_the_photo_go_first(
    ready: Window, batch: BatchWindow, qtbot: QtBot, gate: RunGate
) -> None:
    document = ready.core.session.current
    click(batch.start)
    qtbot.waitUntil(lambda: "running" in states(batch), timeout=LONG)
    ready.restore.start()
    click(batch.pause)
    qtbot.waitUntil(lambda: document.running, timeout=LONG)
    click(batch.pause)
    assert batch.host.paused
    assert "Waiting" in batch.words.text()
    assert batch.pause.text() == batch.pause.accessibleName() == "Pause"
    click(batch.pause)  # rather not
    assert batch.pause.text() == "Resume"
    assert "paused" in batch.words.text()
    click(batch.pause)
    gate.open()
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    qtbot.waitUntil(lambda: states(batch) == {"done"} and not batch.host.busy, timeout=LONG)


def test_pictures_wait_for_the_folder(
    cascade: str, window: Window, room: Window, batch: BatchWindow, qtbot: QtBot, watcher: Watcher
) -> None:
    panel = window.generate.panel
    panel.base.setCurrentText(cascade)
    panel.preset.choose(PRESETS.index(Preset.DRAFT))
    panel.count.setValue(1)
    click(batch.start)
    panel.ask()
    assert window.core.generation.waiting is not None
    assert window.workspaces.current.strip.status.whole.startswith("Waiting until the folder is restored")
    assert window.core.generation.cancel()
    panel.ask()
    qtbot.waitUntil(lambda: bool(window.core.generation.pictures), timeout=LONG)
    assert states(batch) == {"done"}


def test_closing_the_window_ends_its_waiting(
    ready: Window, batch: BatchWindow, qtbot: QtBot, watcher: Watcher
) -> None:
    ready.restore.start()
    click(batch.start)
    assert ready.core.lease.waiting
    batch.close()
    assert ready.batch.window_ is None
    wait_for_state(qtbot, ready, DocumentState.DONE)
    assert not ready.core.runs.engine.busy
    assert watcher.most == 1


def test_a_run_that_was_left_waits_as_well(
    ready: Window, batch: BatchWindow, qtbot: QtBot, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    from restorer.pipeline.request import Past
    from restorer.pipeline.resume import checkpoint
    from restorer.pipeline.resume.checkpoint import Unfinished
    from ui.last_session.recovery import Offer
    from ui.model.options import request_for

    photo = ready.core.session.current.photo
    left = ready.core.recovery
    request = request_for(photo, ready.restore.panel.settings, 0)
    monkeypatch.setattr(checkpoint, "request_of", lambda folder, photo: request)
    monkeypatch.setattr(checkpoint, "photo_of", lambda folder: photo)
    click(batch.start)
    run = Unfinished(Path("somewhere"), photo.name, photo.path, 1, 2, 4, 0.0, Past())
    monkeypatch.setattr(left, "_offer", Offer(runs=(run,)))
    left.accept(0)
    document = ready.core.session.current
    qtbot.waitUntil(lambda: document.photo is not None, timeout=LONG)
    assert not document.running
    assert states(batch) != {"done"}
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    assert states(batch) == {"done"}
    assert watcher.most == 1


def test_a_region_is_refused_with_a_way_out(ready: Window, batch: BatchWindow, qtbot: QtBot) -> None:
    click(batch.start)
    with qtbot.waitSignal(ready.core.runs.noted, timeout=LONG) as noted:
        ready.restore.canvas.region_drawn.emit(RubberBand((4, 4), (34, 34), (60, 45)))
    assert noted.args == ["A folder is being restored. Pause it in its window, then draw the region again."]
    assert not ready.core.session.current.running
