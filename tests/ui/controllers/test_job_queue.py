"""The queue: one job has the engine, and who is next does not depend on who asked first. No window."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from restorer.photo import read_photo
from restorer.pipeline import restore
from restorer.pipeline.events import Progress
from restorer.pipeline.request import Preset, RestoreRequest
from restorer.pipeline.resume import checkpoint
from tests.tiny_packs import BASE
from tests.ui.driver import LONG
from ui.app_core import AppCore
from ui.controllers.device_lease import DeviceLease
from ui.controllers.job_queue import JobKind, JobQueue, QueuedJob
from ui.last_session.recovery import Offer
from ui.model.document import Document, DocumentState
from ui.model.options import GenerateOptions, RestoreOptions

DRAFT = RestoreOptions(preset=Preset.DRAFT)
SHEET = GenerateOptions(base=BASE, count=1, size=32, preset=Preset.DRAFT)


# -- the queue alone --------------------------------------------------------------------------------


class Engine:
    """Writes down what starts; `end` frees it."""

    def __init__(self, queue: JobQueue) -> None:
        self.queue = queue
        self.order: list[QueuedJob] = []
        for kind in JobKind:
            queue.set_starter(kind, self._start)

    def _start(self, job: QueuedJob) -> bool:
        assert self.queue.active is job
        self.order.append(job)
        return True

    def end(self) -> None:
        self.queue.finish(self.queue.active)


@pytest.fixture
def engine(qapp: object) -> Engine:
    return Engine(JobQueue())


@pytest.mark.parametrize("first", JobKind)
def test_the_order_is_that_of_the_kinds_whoever_came_first(engine: Engine, first: JobKind) -> None:
    running = QueuedJob(kind=JobKind.RESTORE)
    engine.queue.enqueue(running)
    others = [QueuedJob(kind=kind) for kind in JobKind if kind is not first]
    engine.queue.enqueue(QueuedJob(kind=first), *reversed(others))
    assert engine.order == [running], "one at a time"
    for _ in JobKind:
        engine.end()
    kinds = [job.kind for job in engine.order[1:]]
    assert set(kinds[:4]) == {JobKind.REGION, JobKind.FACE, JobKind.FIND, JobKind.FILL}
    assert kinds[4:6] == [JobKind.GENERATE, JobKind.RESUME]
    assert set(kinds[6:9]) == {JobKind.RESTORE, JobKind.VARIATIONS, JobKind.STUDY}
    assert kinds[9] is JobKind.FOLDER


def test_photos_with_and_without_variations_keep_the_order_in_which_they_came(engine: Engine) -> None:
    kinds = (JobKind.VARIATIONS, JobKind.RESTORE, JobKind.VARIATIONS, JobKind.RESTORE)
    jobs = [QueuedJob(kind=kind) for kind in kinds]
    engine.queue.enqueue(*jobs)
    for _ in jobs:
        engine.end()
    assert engine.order == jobs


def test_a_job_that_is_not_ready_is_waited_for_by_those_behind_it(qapp: object) -> None:
    queue, started, ready = JobQueue(), list[QueuedJob](), [False]
    queue.set_starter(JobKind.RESTORE, lambda job: not started.append(job), lambda job: ready[0])
    queue.set_starter(JobKind.FOLDER, lambda job: not started.append(job), lambda job: ready[0])
    photo, folder = QueuedJob(kind=JobKind.RESTORE), QueuedJob(kind=JobKind.FOLDER)
    queue.enqueue(folder, photo)
    assert started == []
    assert queue.next is photo
    ready[0] = True
    queue.start_next()
    assert started == [photo]


def test_a_job_that_cannot_start_makes_room_for_the_next(qapp: object) -> None:
    queue, started = JobQueue(), list[QueuedJob]()
    queue.set_starter(JobKind.RESTORE, lambda job: False)
    queue.set_starter(JobKind.FOLDER, lambda job: not started.append(job))
    folder = QueuedJob(kind=JobKind.FOLDER)
    queue.enqueue(QueuedJob(kind=JobKind.RESTORE), folder)
    assert started == [folder]
    assert queue.folder_active


def test_only_the_job_that_has_the_engine_can_give_it_back(engine: Engine) -> None:
    first, second = QueuedJob(kind=JobKind.RESTORE), QueuedJob(kind=JobKind.RESTORE)
    engine.queue.enqueue(first, second)
    engine.queue.finish(second)
    engine.queue.finish(None)
    assert engine.queue.active is first
    engine.queue.remove(second)
    engine.end()
    assert engine.queue.active is None
    assert engine.order == [first]


def test_a_folder_without_a_window_gets_the_device_at_once_and_again_after_a_pause(qapp: object) -> None:
    lease, granted = DeviceLease(), list[int]()
    lease.granted.connect(lambda: granted.append(1))
    lease.request()
    assert lease.active
    lease.request()
    assert len(granted) == 2, "whoever has it is told at once"
    lease.give_back()
    assert not lease.active
    assert not lease.waiting
    lease.request()
    assert len(granted) == 3


# -- each kind on the real engine -------------------------------------------------------------------


@pytest.fixture
def core(cascade: str, core: AppCore) -> AppCore:
    """The core on the real engine with tiny models."""
    return core


@pytest.fixture
def photos(core: AppCore, qtbot: QtBot, cat_file: Path, photo_file: Path) -> tuple[Document, Document]:
    """Two photos; the first is in view and read, the other is not read yet."""
    core.photos.open([cat_file, photo_file])
    first, second = core.session.documents
    qtbot.waitUntil(lambda: first.state is DocumentState.READY, timeout=LONG)
    return first, second


def idle(core: AppCore, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: core.runs.queue.active is None and not core.runs.queue.waiting, timeout=LONG)


def test_restore_and_variations(core: AppCore, qtbot: QtBot, photos: tuple[Document, Document]) -> None:
    first, second = photos
    core.runs.restore(first, DRAFT, 64)
    active = core.runs.queue.active
    assert active is not None
    assert active.kind is JobKind.RESTORE
    assert first.running
    assert not first.queued
    core.runs.restore(second, dataclasses.replace(DRAFT, variations=2), 64)
    assert second.queued
    assert [job.kind for job in core.runs.queue.waiting] == [JobKind.VARIATIONS]
    idle(core, qtbot)
    assert first.record is not None
    assert second.choice is not None
    assert len(second.choice.records) == 2


def test_a_region_leaves_the_result_and_gives_the_engine_back(
    core: AppCore, qtbot: QtBot, photos: tuple[Document, Document]
) -> None:
    first, _ = photos
    core.runs.preview_region(first, DRAFT, (10, 10, 40, 30))
    active = core.runs.queue.active
    assert active is not None
    assert active.kind is JobKind.REGION
    idle(core, qtbot)
    assert first.patch is not None
    assert first.record is None


def test_pictures_go_before_photos_and_the_folder_comes_last(
    core: AppCore, qtbot: QtBot, photos: tuple[Document, Document]
) -> None:
    first, second = photos
    order: list[str] = []
    core.runs.finished.connect(lambda document: order.append(document.name))
    core.generation.finished.connect(lambda *made: order.append("pictures"))
    core.lease.granted.connect(lambda: order.append("folder"))
    core.runs.restore(first, DRAFT, 64)
    core.lease.request()
    core.runs.restore(second, DRAFT, 64)
    core.generation.paint(SHEET)
    assert core.lease.waiting
    assert core.generation.waiting is not None
    qtbot.waitUntil(lambda: core.lease.active, timeout=LONG)
    assert order == [first.name, "pictures", second.name, "folder"]
    core.runs.restore(first, DRAFT, 64)
    assert first.queued, "the folder has the device"
    core.lease.give_back()
    assert first.running
    idle(core, qtbot)


@pytest.mark.usefixtures("kept_at_once")
def test_a_run_that_was_interrupted_goes_before_photos_that_wait(
    core: AppCore, qtbot: QtBot, photos: tuple[Document, Document], cat_file: Path, tiny_pack: str
) -> None:
    folder = checkpoint.new_folder()
    request = RestoreRequest(read_photo(cat_file), preset=Preset.BEST, model=tiny_pack, seed=4, keep=folder)
    run = restore.run(request)
    next(event for event in run if isinstance(event, Progress) and event.step == 4)
    run.close()
    order: list[Document] = []
    core.runs.finished.connect(order.append)
    first, second = photos
    core.lease.request()
    core.runs.restore(first, DRAFT, 64)
    core.recovery._on_found(Offer(runs=tuple(checkpoint.unfinished())))
    core.recovery.accept(64)
    resumed = core.session.current
    assert resumed is not None
    assert resumed.queued
    core.lease.give_back()
    idle(core, qtbot)
    assert order == [resumed, first]
    *_, whole = restore.run(dataclasses.replace(request, keep=None))
    assert resumed.result is not None
    assert np.array_equal(resumed.result.photo.pixels, whole.photo.pixels)
    assert second.record is None


def test_stopping_all_lets_nobody_wait(
    core: AppCore, qtbot: QtBot, photos: tuple[Document, Document]
) -> None:
    core.lease.request()
    core.runs.restore_all(photos, DRAFT, 64)
    assert core.runs.queue.documents == photos
    core.runs.stop_all()
    core.lease.give_back()
    assert core.runs.queue.active is None
    assert not any(document.queued or document.running for document in photos)


def test_a_run_that_is_cancelled_or_whose_photo_is_closed_starts_the_next(
    core: AppCore, qtbot: QtBot, photos: tuple[Document, Document]
) -> None:
    first, second = photos
    core.runs.restore_all([first, second], dataclasses.replace(DRAFT, preset=Preset.BEST), 64)
    core.runs.remove(first)
    qtbot.waitUntil(lambda: second.running, timeout=LONG)
    core.generation.paint(SHEET)
    core.runs.cancel(second)
    qtbot.waitUntil(lambda: core.generation.running is not None, timeout=LONG)
    core.generation.cancel()
    idle(core, qtbot)
    assert second.record is None
    assert not core.generation.pictures
