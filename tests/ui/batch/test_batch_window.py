"""The batch window on a real screen with the real engine and a tiny model."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, QRect, QSettings, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QAbstractButton, QComboBox, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from restorer.batch import find_photos
from restorer.batch.job import BatchJob
from restorer.photo import read_photo, read_provenance
from restorer.pipeline import restore
from restorer.pipeline.events import Event
from restorer.preferences import Metadata, Output, Preferences
from tests.ui.driver import LONG, click
from tests.ui.run_gate import RunGate
from ui.batch.table_model import PICTURE
from ui.batch.window import BatchWindow
from ui.main_window.window import Window


def save_scan(path: Path, seed: int, size: tuple[int, int] = (48, 36)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    for index in range(5):
        save_scan(tmp_path / "scans" / ("shelf" if index > 2 else ".") / f"scan {index}.png", index)
    return tmp_path / "scans"


@pytest.fixture
def store(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "batch.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def batch_window(
    qapp: object, qtbot: QtBot, tiny_pack: str, store: QSettings, scans: Path
) -> Iterator[BatchWindow]:
    window = open_window(qtbot, tiny_pack, store)
    window.add([scans])
    yield window
    window._is_closing = True
    window.close()
    window.deleteLater()


def open_window(qtbot: QtBot, model: str, store: QSettings) -> BatchWindow:
    window = BatchWindow((4,), store, model)
    window.form.preset.setCurrentIndex(window.form.preset.findData("draft"))
    window.show()
    qtbot.waitExposed(window, timeout=LONG)
    return window


def states(window: BatchWindow) -> list[str]:
    return [item.state.value for item in window.table.items]


def finished(window: BatchWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.host.busy, timeout=LONG)


def test_a_folder_is_restored_and_shown(batch_window: BatchWindow, qtbot: QtBot, scans: Path) -> None:
    images: list[object] = []
    batch_window.host.progressed.connect(lambda letter: images.append(letter.image))
    assert batch_window.form.out.text() == str(scans.with_name("scans restored"))
    (scans / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    click(batch_window.start)
    assert not batch_window.form.scale.isEnabled()
    finished(batch_window, qtbot)
    assert sorted(states(batch_window)) == ["done"] * 5 + ["failed"]
    assert "broken.png is damaged" in batch_window.table.items[0].message
    out = scans.with_name("scans restored")
    assert read_provenance(out / "shelf" / "scan 3_4x.png")["Preset"] == "draft"
    assert any(image is not None for image in images)
    picture = batch_window.table.index(1, PICTURE).data(Qt.ItemDataRole.DecorationRole)
    assert picture.width() > 0
    assert batch_window.words.text().startswith("6 of 6  ·  1 failed")
    assert batch_window.bar.value() == 1000
    save_scan(scans / "broken.png", 9)
    batch_window.retry.click()
    batch_window.start.click()
    finished(batch_window, qtbot)
    assert set(states(batch_window)) == {"done"}


def test_the_first_few_are_tried_then_all(batch_window: BatchWindow, qtbot: QtBot) -> None:
    batch_window.estimate.click()
    finished(batch_window, qtbot)
    assert "A night of 10 hours does about" in batch_window.ahead.text()
    batch_window.few.click()
    finished(batch_window, qtbot)
    assert states(batch_window) == ["done", "done", "done", "waiting", "waiting"]
    assert batch_window.start.text() == "Go on"
    batch_window.start.click()
    finished(batch_window, qtbot)
    assert set(states(batch_window)) == {"done"}


def test_it_pauses_skips_takes_more_and_stops(
    batch_window: BatchWindow, qtbot: QtBot, scans: Path, tmp_path: Path, gate: RunGate
) -> None:
    batch_window.form.preset.setCurrentIndex(batch_window.form.preset.findData("best"))
    batch_window.start.click()
    qtbot.waitUntil(lambda: "running" in states(batch_window), timeout=LONG)
    with qtbot.waitSignal(batch_window.host.rested, timeout=LONG):
        batch_window.pause.click()
    assert batch_window.pause.text() == "Resume"
    before = states(batch_window)
    qtbot.wait(500)
    assert states(batch_window) == before
    assert "paused" in batch_window.words.text()
    batch_window.view.selectRow(4)
    assert batch_window.cancel.isEnabled()
    batch_window.cancel.click()
    assert states(batch_window)[4] == "skipped"
    batch_window.add([save_scan(tmp_path / "late" / "late.png", 20).parent])
    gate.open()
    batch_window.pause.click()
    finished(batch_window, qtbot)
    assert sorted(states(batch_window)) == ["done"] * 5 + ["skipped"]


def test_repair_can_be_asked_for_a_whole_folder(
    batch_window: BatchWindow, qtbot: QtBot, tiny_pack: str, store: QSettings
) -> None:
    assert batch_window.form.repair.isVisible()
    assert not batch_window.form.job.repair
    batch_window.form.repair.click()
    recipe = batch_window.form.job.recipe()
    assert recipe.request.repair
    assert {model.split(":")[0] for model in recipe.models} == {"sr3-repair", tiny_pack}
    assert BatchJob.from_text(batch_window.form.job.to_text()).repair


def test_closing_asks_and_the_next_window_goes_on(
    batch_window: BatchWindow, qtbot: QtBot, tiny_pack: str, store: QSettings
) -> None:
    batch_window.form.preset.setCurrentIndex(batch_window.form.preset.findData("best"))
    batch_window.start.click()
    qtbot.waitUntil(lambda: "done" in states(batch_window), timeout=LONG)
    batch_window.close()
    (box,) = batch_window.findChildren(QMessageBox)
    assert batch_window.isVisible()
    (leave,) = [button for button in box.buttons() if "Stop" in button.text()]
    with qtbot.waitSignal(batch_window.closed, timeout=LONG):
        leave.click()
    done = states(batch_window).count("done")
    assert 1 <= done < 5
    again = open_window(qtbot, tiny_pack, store)
    again.form.preset.setCurrentIndex(again.form.preset.findData("best"))
    qtbot.waitUntil(lambda: len(again.table.items) == 5, timeout=LONG)
    finished(again, qtbot)
    assert states(again).count("done") == done
    assert again.start.text() == "Go on"
    again.start.click()
    finished(again, qtbot)
    assert set(states(again)) == {"done"}
    again.close()
    again.deleteLater()


def test_what_cannot_work_is_a_sentence_in_the_window(
    batch_window: BatchWindow, qtbot: QtBot, scans: Path
) -> None:
    batch_window.form.template.setText("{nothing}")
    batch_window.start.click()
    finished(batch_window, qtbot)
    assert "naming template" in batch_window.ahead.text()
    batch_window.form.template.setText("{stem}")
    shutil.rmtree(scans)
    batch_window.form.out.setText(str(scans.with_name("file")))
    scans.with_name("file").write_text("in the way")
    batch_window.start.click()
    finished(batch_window, qtbot)
    assert "file" in batch_window.ahead.text()


def test_every_control_has_a_name_and_takes_the_keyboard(batch_window: BatchWindow) -> None:
    for kind in (QAbstractButton, QComboBox, QPushButton):
        for widget in batch_window.findChildren(kind):
            if widget.isVisible():
                assert widget.accessibleName() or getattr(widget, "text", str)() or kind is QComboBox, widget
                assert widget.focusPolicy() is not Qt.FocusPolicy.NoFocus or not widget.isEnabled(), widget


def test_the_menu_opens_the_batch_window_which_takes_a_dropped_folder(
    window: Window, qtbot: QtBot, scans: Path, tiny_pack: str
) -> None:
    window.batch.model = tiny_pack
    window.menu_bar.folders.trigger()
    batch = window.batch.window_
    assert batch is not None
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(scans))])
    drop = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    batch.dropEvent(drop)
    assert batch.form.job.sources == (scans,)
    assert window.batch.open() is batch
    batch.close()
    assert window.batch.window_ is None


# -- the settings --------------------------------------------------------------------------


def save_told(path: Path) -> Path:
    """A scan that tells who made it and where."""
    exif = Image.Exif()
    exif[315] = "Emma Vogel"
    exif.get_ifd(34853)[1] = "N"
    exif.get_ifd(34853)[2] = (48.0, 8.0, 17.0)
    save_scan(path, 3)
    with Image.open(path) as image:
        image.copy().save(path, exif=exif, quality=95)
    return path


def test_the_settings_hold_for_a_folder_too(
    window: Window, qtbot: QtBot, tmp_path: Path, tiny_pack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    from restorer.batch import multi_device

    threads: list[int] = []
    devices: list[str | None] = []
    monkeypatch.setattr(torch, "set_num_threads", threads.append)
    monkeypatch.setattr(multi_device, "devices_for", lambda name: devices.append(name) or [name])
    folder = save_told(tmp_path / "told" / "a.jpg").parent
    save_told(folder / "b.png")
    output = Output(quality=60, sixteen=True, metadata=Metadata.NO_PLACE)
    window.batch.model = tiny_pack
    batch = window.batch.open()
    images: list[object] = []
    batch.host.progressed.connect(lambda letter: images.append(letter.image))
    batch.form.preset.setCurrentIndex(batch.form.preset.findData("draft"))
    batch.add([folder])
    window.app_actions.apply(  # settled while the window is open
        Preferences(device="cpu", threads=2, tile=128, previews=False, output=output)
    )
    click(batch.start)
    finished(batch, qtbot)
    assert states(batch) == ["done", "done"]
    assert (devices, threads) == (["cpu"], [2])
    request = batch.job.recipe().request
    assert (request.device, request.tile) == ("cpu", 128)
    assert not any(images), "previews are switched off"
    out = tmp_path / "told restored"
    with Image.open(out / "a_4x.jpg") as image:
        assert image.getexif()[315] == "Emma Vogel"
        assert not image.getexif().get_ifd(34853), "the place stays here"
        coarse = image.quantization[0]
    with Image.open(folder / "a.jpg") as image:
        assert sum(coarse) > sum(image.quantization[0])
    assert read_photo(out / "b_4x.png").bits == 16
    batch.close()


class Gate:
    """Holds the batch's thread at a piece of its work, until it is opened. calls: pieces that were begun."""

    def __init__(self) -> None:
        self.calls = 0
        self._open = threading.Event()

    def before(self, does: Callable[..., object]) -> Callable[..., object]:
        """The same function, which waits at the gate first."""

        def held(*given: object, **more: object) -> object:
            self.wait()
            return does(*given, **more)

        return held

    def wait(self) -> None:
        self.calls += 1
        assert self._open.wait(LONG / 1000)

    def open(self) -> None:
        self._open.set()

    def close(self) -> None:
        self.calls = 0
        self._open.clear()


def closes_at_once(window: BatchWindow, qtbot: QtBot, gate: Gate) -> None:
    """Like a click on the cross: the window is gone while the work is held, and its thread ends after it."""
    with qtbot.waitSignal(window.closed, timeout=LONG):
        window.close()
        assert window.isHidden()
        assert window.host.busy, "closing did not wait for the work"
        gate.open()
    assert not window.host.thread_.isRunning()
    assert gate.calls == 1, "nothing was begun after it"


def test_closing_waits_for_no_list_of_photos(
    qapp: object,
    qtbot: QtBot,
    tiny_pack: str,
    store: QSettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for index in range(100):
        save_scan(tmp_path / "many" / f"{index:03}.png", 0, (8, 8))
    gate = Gate()
    monkeypatch.setattr(find_photos, "read_sizes", gate.before(find_photos.read_sizes))
    job = BatchJob((tmp_path / "many",), tmp_path / "results")
    store.setValue("batch", job.to_text())
    window = open_window(qtbot, tiny_pack, store)
    qtbot.waitUntil(lambda: gate.calls > 0, timeout=LONG)
    closes_at_once(window, qtbot, gate)
    window.deleteLater()


def test_closing_and_stopping_end_a_measurement(
    batch_window: BatchWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, run = Gate(), restore.run

    def held_run(*given: object) -> Iterator[Event]:
        for event in run(*given):  # type: ignore[arg-type]
            gate.wait()
            yield event

    monkeypatch.setattr(restore, "run", held_run)
    click(batch_window.estimate)
    qtbot.waitUntil(lambda: gate.calls > 0, timeout=LONG)
    assert batch_window.stop.isEnabled()
    click(batch_window.stop)
    gate.open()
    qtbot.waitUntil(lambda: not batch_window.host.busy, timeout=LONG)
    assert gate.calls == 1, "the run ends after the piece of work in hand"
    assert batch_window.ahead.text() == ""
    assert batch_window.start.isEnabled()
    gate.close()
    click(batch_window.estimate)
    qtbot.waitUntil(lambda: gate.calls > 0, timeout=LONG)
    closes_at_once(batch_window, qtbot, gate)


def test_a_window_that_still_ends_is_opened_anew(
    window: Window, qtbot: QtBot, tiny_pack: str, scans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, read_sizes = Gate(), find_photos.read_sizes
    monkeypatch.setattr(find_photos, "read_sizes", gate.before(read_sizes))
    window.batch.model = tiny_pack
    first = window.batch.open()
    first.add([scans])
    click(first.estimate)
    qtbot.waitUntil(lambda: gate.calls > 0, timeout=LONG)
    first.close()
    assert window.batch.window_ is first
    monkeypatch.setattr(find_photos, "read_sizes", read_sizes)
    gate.open()  # the new window waits for the old one's thread, of whose end nobody has heard yet
    second = window.batch.open()
    assert second is not first
    finished(second, qtbot)
    assert second.isVisible()
    assert second.table.rowCount() == 5
    assert window.batch.window_ is second
    assert not window.core.runs.queue.folder_active
    second.close()


def test_results_cannot_go_among_the_photos_themselves(
    batch_window: BatchWindow, qtbot: QtBot, scans: Path
) -> None:
    before = sorted(scans.rglob("*"))
    batch_window.form.out.setText(str(scans))
    batch_window.start.click()
    finished(batch_window, qtbot)
    assert "is the folder of the photos themselves" in batch_window.ahead.text()
    assert sorted(scans.rglob("*")) == before


def test_where_there_is_nothing_to_restore_that_is_said(
    batch_window: BatchWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    batch_window.form.out.setText(str(tmp_path / "out"))
    for name, box in batch_window.form.types.items():
        box.setChecked(name == "tif")
    batch_window.start.click()
    finished(batch_window, qtbot)
    assert not batch_window.table.items
    assert "There is no photo in" in batch_window.ahead.text()


def test_the_batch_window_is_no_larger_than_the_room_it_is_given(batch_window: BatchWindow) -> None:
    batch_window.open_inside(QRect(0, 0, 800, 600))
    assert batch_window.width() <= 800
    assert batch_window.height() < 600
    assert batch_window.minimumWidth() <= 800


def test_strength_and_grain_of_a_folder_go_into_its_results(
    qtbot: QtBot, tiny_pack: str, store: QSettings, scans: Path
) -> None:
    window = open_window(qtbot, tiny_pack, store)
    window.add([scans])
    form = window.form
    assert form.job.grain is None
    form.fidelity.setValue(100)
    assert form.grain.value() == 100, "a photo that is kept as it is keeps its grain"
    form.fidelity.setValue(75)
    assert form.grain.value() == 0
    form.strength.setValue(60)
    form.grain.setValue(40)
    assert (form.job.strength, form.job.grain) == (0.6, 0.4)
    request = form.job.recipe().request
    assert (request.strength, request.grain) == (0.6, 0.4)
    assert BatchJob.from_text(form.job.to_text()).grain == 0.4
    window._is_closing = True
    window.close()
    window.deleteLater()
