"""What is told when long work ends behind another window: a photo, a line, variations, a folder."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from restorer.pipeline.events import Done
from restorer.pipeline.request import Preset
from restorer.preferences import Preferences
from tests.ui.driver import LONG, choose_preset, click, open_photo, restore_photo, wait_for_state
from tests.ui.run_gate import RunGate
from ui.main_window import run_notifier
from ui.main_window.window import Window
from ui.model.document import Document, DocumentState

Told = list[tuple[str, str]]


def save(path: Path, seed: int, side: int = 32) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def messages(window: Window) -> Told:
    """What was told."""
    messages: Told = []
    window.notifier.deliver = lambda title, text: messages.append((title, text))
    return messages


@pytest.fixture
def told(window: Window, messages: Told, monkeypatch: pytest.MonkeyPatch) -> Told:
    """What was told; another window is in front, and any run is long enough."""
    monkeypatch.setattr(window, "isActiveWindow", lambda: False)
    monkeypatch.setattr(run_notifier, "LONG_SECONDS", 0.0)
    return messages


@pytest.fixture
def photos(window: Window, qtbot: QtBot, tmp_path: Path) -> list[Document]:
    """Three photos in the row, the first in view."""
    window.core.photos.open([save(tmp_path / f"{name}.png", seed) for seed, name in enumerate("abc")])
    wait_for_state(qtbot, window, DocumentState.READY)
    choose_preset(window, Preset.DRAFT)
    return window.core.session.documents


def at_rest(window: Window, qtbot: QtBot) -> None:
    def rests() -> bool:
        return not (window.core.runs.engine.busy or window.core.runs.queue.waiting)

    qtbot.waitUntil(rests, timeout=LONG)


def assert_two_of_three(told: Told) -> None:
    ((title, text),) = told
    assert title == "Restorer has finished"
    done, failed = text.split(". ")
    assert done == "2 photos are restored"
    assert failed.startswith("1 photo")
    assert failed.endswith("could not be restored.")


def test_a_line_is_told_once_with_its_count(
    window: Window, qtbot: QtBot, photos: list[Document], told: Told
) -> None:
    window.restore.photos.restore_photos()
    at_rest(window, qtbot)
    assert told == [("Restorer has finished", "3 photos are restored.")]


def test_a_line_whose_last_photo_is_cancelled_is_told_and_then_forgotten(
    window: Window, qtbot: QtBot, photos: list[Document], told: Told, gate: RunGate
) -> None:
    gate.close(after=2)
    window.restore.photos.restore_photos()
    qtbot.waitUntil(lambda: photos[2].running, timeout=LONG)
    window.core.runs.cancel(window.core.session.running())
    at_rest(window, qtbot)
    assert told == [("Restorer has finished", "2 photos are restored.")]
    gate.open()
    window.core.session.show(photos[2])
    qtbot.waitUntil(lambda: photos[2].state is DocumentState.READY, timeout=LONG)
    window.restore.start()
    at_rest(window, qtbot)
    assert told[1:] == [("Restorer has finished", "c.png is restored.")]


def test_a_run_that_is_cancelled_alone_is_not_told(
    window: Window, qtbot: QtBot, photos: list[Document], told: Told
) -> None:
    window.restore.start()
    window.core.runs.cancel(window.core.session.running())
    at_rest(window, qtbot)
    assert told == []


def test_failures_in_the_middle_of_a_line_are_counted(
    window: Window, qtbot: QtBot, photos: list[Document], told: Told
) -> None:
    assert photos[1].path is not None
    photos[1].path.write_bytes(b"\x89PNG\r\n\x1a\n and no more")  # after it was listed
    window.restore.photos.restore_photos()
    at_rest(window, qtbot)
    assert photos[1].state is DocumentState.FAILED
    assert_two_of_three(told)


def test_a_line_that_ends_with_an_unreadable_photo_is_told(
    window: Window, qtbot: QtBot, photos: list[Document], told: Told
) -> None:
    assert photos[2].path is not None
    photos[2].path.write_bytes(b"no photo")
    window.restore.photos.restore_photos()
    at_rest(window, qtbot)
    assert_two_of_three(told)


def test_all_variations_count_for_how_long_it_took(
    window: Window, qtbot: QtBot, photos: list[Document], told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = window.core.runs.engine._worker._run

    def slow(request: object, networks: object) -> object:  # each takes ten seconds by its own account
        for event in run(request, networks):
            yield dataclasses.replace(event, seconds=10.0) if isinstance(event, Done) else event

    monkeypatch.setattr(window.core.runs.engine._worker, "_run", slow)
    monkeypatch.setattr(run_notifier, "LONG_SECONDS", 15.0)
    window.restore.start()
    at_rest(window, qtbot)
    assert told == []
    window.core.session.current.given_up = True
    settings = dataclasses.replace(window.restore.panel.settings, variations=2)
    window.core.runs.restore(window.core.session.current, settings, 256)
    at_rest(window, qtbot)
    assert told == [("Restorer has finished", "a.png is restored.")]


def test_the_end_of_a_folder_is_told_with_its_counts(
    window: Window, qtbot: QtBot, tmp_path: Path, tiny_pack: str, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "scans"
    for seed in range(2):
        save(folder / f"{seed}.png", seed)
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    window.batch.model = tiny_pack
    batch = window.batch.open()
    batch.form.preset.setCurrentIndex(batch.form.preset.findData("draft"))
    batch.add([folder])
    monkeypatch.setattr(batch, "isActiveWindow", lambda: False)
    click(batch.start)
    qtbot.waitUntil(lambda: not batch.host.busy, timeout=LONG)
    assert_two_of_three(told)

    for seed in range(2, 4):
        save(folder / f"{seed}.png", seed)
    monkeypatch.setattr(batch, "isActiveWindow", lambda: True)
    click(batch.start)
    qtbot.waitUntil(lambda: not batch.host.busy, timeout=LONG)
    assert len(told) == 1, "its window is in front"

    monkeypatch.setattr(batch, "isActiveWindow", lambda: False)
    for seed in range(4, 7):
        save(folder / f"{seed}.png", seed, 64)
    click(batch.start)
    qtbot.waitUntil(lambda: batch.stop.isEnabled(), timeout=LONG)
    click(batch.stop)
    qtbot.waitUntil(lambda: not batch.host.busy, timeout=LONG)
    assert len(told) == 1, "whoever stops it knows"

    batch.form.template.setText("{nothing}")
    click(batch.start)
    qtbot.waitUntil(lambda: not batch.host.busy, timeout=LONG)
    assert told[1][0] == "Restorer could not finish"
    assert "naming template" in told[1][1]
    batch.close()


def test_end_of_a_long_run_is_told_only_when_another_window_is_in_front(
    window: Window, qtbot: QtBot, photo_file: Path, messages: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_photo(qtbot, window, photo_file)

    def run() -> None:
        window.core.session.current.given_up = True
        restore_photo(qtbot, window)

    monkeypatch.setattr(run_notifier, "LONG_SECONDS", 0.0)
    run()
    assert messages == [], "the window is in front"
    monkeypatch.setattr(window, "isActiveWindow", lambda: False)
    run()
    assert messages == [("Restorer has finished", "a photo.png is restored.")]
    monkeypatch.setattr(run_notifier, "LONG_SECONDS", 1e6)
    run()
    monkeypatch.setattr(run_notifier, "LONG_SECONDS", 0.0)
    window.core.runs.preferences = Preferences(notify=False)
    run()
    assert len(messages) == 1, "neither a short run nor one that nobody wants to hear of"
