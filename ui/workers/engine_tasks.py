"""Work for the engine's thread beside runs: pairs of a study.

    GUI thread                            engine thread
    EngineHost.start(task)  --signal-->   EngineWorker.work: pulls task.answers(...)
    EngineHost.answered     <--signal--   each answer, as it comes
    EngineHost.worked       <--signal--   exactly one TaskEnd

In: tasks. Out: answers that are made for the screen. A task is held like a run (`RunControl`) and is looked
at after each evaluation of one tile.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from restorer.pipeline.run_control import RunControl
from restorer.pipeline.study.subject import Subject

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from restorer.pipeline.events import Event
    from restorer.pipeline.network_cache import NetworkCache
    from restorer.pipeline.request import RestoreRequest

EngineRun = Callable[["RestoreRequest", "NetworkCache"], "Iterator[Event]"]


@dataclass(frozen=True, eq=False, kw_only=True)
class EngineTask(RunControl):
    """threads: as in `Job`. device: as in `RestoreRequest`."""

    threads: int = 0
    device: str = "auto"

    @abstractmethod
    def answers(self, run: EngineRun, networks: NetworkCache) -> Iterator[object]:
        """Do the work, in the engine's thread: None after each piece of it, and the answers between. Raises
        RestorerError."""


@dataclass(frozen=True, eq=False)
class TaskEnd:
    """The task has ended, or was cancelled. problem: a sentence where it failed."""

    task: EngineTask
    problem: str = ""


@dataclass(frozen=True, eq=False)
class PairImages:
    """A pair of a study as the screen shows it; name, model and sha256 as in `StudyPair`."""

    name: str
    camera: QImage
    made: QImage
    given: QImage
    model: str
    sha256: str


@dataclass(frozen=True, eq=False)
class PairTask(EngineTask):
    """Make a pair of the original in `path`; the answer is a `PairImages`."""

    path: Path
    subject: Subject
    seed: int = 0

    def answers(self, run: EngineRun, networks: NetworkCache) -> Iterator[object]:
        from restorer.pipeline.study.pairs import made_pair
        from ui.imaging.qimage import rgb32

        for pair in made_pair(self.path, self.subject, self.seed, run, networks, self.device):
            if pair is None:
                yield None
            else:
                camera, made, given = map(rgb32, (pair.camera, pair.made, pair.given))
                yield PairImages(pair.name, camera, made, given, pair.model, pair.sha256)
