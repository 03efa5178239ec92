"""The models' thread: looks into checkpoints, makes packs of them, verifies packs.

In, from the Models window: frozen tasks. Out: signals with what was found, how far a pack is written, and
sentences in the engine's words. The thread starts with the first task; signals end in methods of QObjects
only (see ui/workers/engine_worker.py).
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from restorer.errors import RestorerError
from restorer.pipeline.run_control import RunControl
from ui.system.environment import drop_opencv_qt_settings
from ui.workers.thread_host import ThreadHost

if TYPE_CHECKING:
    from restorer.importers import Recognised
    from restorer.packs.pack import Pack

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class PackListing:
    """A file that was recognised."""

    path: Path
    recognised: Recognised


@dataclass(frozen=True, eq=False)
class ImportRequest:
    """Make a pack called `name` of a file, with these answers to what it does not say."""

    path: Path
    name: str
    answers: dict[str, str]
    half: bool = False


class PackWorker(QObject):
    """Lives in the models' thread. Each task comes with a `RunControl`, which the window's thread may cancel;
    it is read here between two tensors or two steps. Looking and verifying are done in one go."""

    looked = Signal(object)
    progressed = Signal(float)
    made = Signal(str)
    verified = Signal(str, bool)
    sampled = Signal(str, bool)  # whether that are all
    failed = Signal(str)
    stopped = Signal()

    @Slot(object, object)
    def do_look(self, path: Path, control: RunControl) -> None:
        with self._reporting(self.tr("{0} cannot be imported").format(path.name)):
            from restorer import importers

            found = PackListing(path, importers.look(path))
            if control.cancelled.is_set():
                self.stopped.emit()  # nobody is there to be asked
            else:
                self.looked.emit(found)

    @Slot(object, object)
    def do_make(self, task: ImportRequest, control: RunControl) -> None:
        with self._reporting(self.tr("{0} cannot be imported").format(task.path.name)):
            from restorer import importers

            found = importers.look(task.path, task.answers)
            writing = importers.make_pack(found, task.path, task.name, task.half)
            with contextlib.closing(writing):  # leaving early takes the half-written pack away
                for done, total in writing:
                    if control.cancelled.is_set():
                        self.stopped.emit()
                        return
                    self.progressed.emit(done / total)
            self.made.emit(task.name)

    @Slot(object)
    def do_verify(self, pack: Pack) -> None:
        with self._reporting(self.tr("{0} cannot be verified").format(pack.name)):
            import torch

            from restorer.device import Device
            from restorer.packs import loader

            try:
                loader.load(pack, Device("cpu", torch.device("cpu"), fast_bfloat16=False), afresh=True)
            except RestorerError as error:
                self.verified.emit(str(error), False)
            else:
                self.verified.emit(pack.name, True)

    @Slot(object, object)
    def do_sample(self, pack: Pack, control: RunControl) -> None:
        with self._reporting(self.tr("{0} made no samples").format(pack.name)):
            from restorer.pipeline import pack_samples

            for number, _ in enumerate(pack_samples.make(pack, control=control)):
                self.progressed.emit((number + 1) / pack_samples.count(pack))
            self.sampled.emit(pack.name, not control.cancelled.is_set())

    @contextlib.contextmanager
    def _reporting(self, summary: str) -> Iterator[None]:
        try:
            yield
        except RestorerError as error:
            log.warning("%s", error)
            self.failed.emit(str(error))
        except Exception:
            log.exception("%s", summary)
            text = self.tr("{0} because of an error inside Restorer; the details are in the log.")
            self.failed.emit(text.format(summary))
        finally:
            drop_opencv_qt_settings()


class PackHost(ThreadHost):
    """The window's end of the models' thread. One task at a time: `busy` until its answer is there."""

    looked = Signal(object)
    progressed = Signal(float)
    made = Signal(str)
    verified = Signal(str, bool)
    sampled = Signal(str, bool)  # whether that are all
    failed = Signal(str)
    stopped = Signal()
    _look = Signal(object, object)
    _make = Signal(object, object)
    _verify = Signal(object)
    _sample = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        worker = PackWorker()
        super().__init__("models", worker, parent)
        self._control = RunControl()  # of the task in hand, or of the last one
        self.busy = False
        self.stoppable = False  # whether `stop` ends the task in hand at once
        self._look.connect(worker.do_look)
        self._make.connect(worker.do_make)
        self._verify.connect(worker.do_verify)
        self._sample.connect(worker.do_sample)
        answers = (
            (worker.looked, self.looked),
            (worker.made, self.made),
            (worker.verified, self.verified),
            (worker.sampled, self.sampled),
            (worker.failed, self.failed),
            (worker.stopped, self.stopped),
        )
        for _, ours in answers:
            ours.connect(self._set_idle)  # before anyone else, who may begin the next task
        self.pass_on((worker.progressed, self.progressed), *answers)

    def look(self, path: Path) -> None:
        self._begin()
        self._look.emit(path, self._control)

    def make(self, task: ImportRequest) -> None:
        self._begin(stoppable=True)
        self._make.emit(task, self._control)

    def verify(self, pack: Pack) -> None:
        self._begin()
        self._verify.emit(pack)

    def sample(self, pack: Pack) -> None:
        self._begin(stoppable=True)
        self._sample.emit(pack, self._control)

    def stop(self) -> None:
        """End the task in hand: what an import wrote goes, samples that are made stay."""
        self._control.cancel()

    def close(self) -> None:
        """End the task in hand, then the thread, and wait for both."""
        self.stop()
        super().close()
        self.busy = False

    def _begin(self, stoppable: bool = False) -> None:
        self.busy, self.stoppable = True, stoppable
        self._control = RunControl()
        if not self.thread_.isRunning():
            self.thread_.start()

    @Slot()
    def _set_idle(self) -> None:
        self.busy = False
