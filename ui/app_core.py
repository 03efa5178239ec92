"""The app without a widget: the opened photos, the threads, and the controllers that drive them.

    widgets --> AppCore.runs, .generation, .history, … --> threads
    threads --> controllers --> session, documents --> signals --> widgets

In: what is remembered between sessions, and the engine's run. Out: one object that a feature gets instead of
the window. It knows no widget, so all of it runs and is tested without one.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Slot

from ui.controllers.compare import CompareController
from ui.controllers.damage.controller import DamageController
from ui.controllers.device_lease import DeviceLease
from ui.controllers.face_versions import FaceVersions
from ui.controllers.forecast.machine_speed import MachineSpeed
from ui.controllers.forecast.wear_estimates import WearEstimates
from ui.controllers.generation import GenerationController
from ui.controllers.history import History
from ui.controllers.job_queue import JobQueue
from ui.controllers.opener import Opener
from ui.controllers.photo_controller import PhotoController
from ui.controllers.run_controller import RunController
from ui.controllers.run_results import RunResults
from ui.controllers.save_events import SaveEvents
from ui.controllers.study_pairs import StudyPairs
from ui.last_session.recorder import SessionRecorder
from ui.last_session.recovery import Recovery
from ui.settings import ui_state
from ui.settings.recent_files import RecentFiles
from ui.workers.engine_worker import Run, engine_run
from ui.workers.finish_worker import FinishHost


class AppCore(QObject):
    """Owns the model of one window; `store` holds what is remembered between sessions."""

    def __init__(self, store: QSettings, run: Run = engine_run, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.store = store
        self.queue = JobQueue(self)
        self.photos = PhotoController(self.queue, self)
        self.session = self.photos.session
        self.opener = Opener(self.photos)
        self.runs = RunController(self.photos, self.queue, run, self)
        self.results = RunResults(self.runs, self.photos)
        self.recent = RecentFiles(store, self.session)
        self.generation = GenerationController(self.runs)
        self.save_events = SaveEvents(self.photos, self.generation)
        self.history = History(self.runs)
        self.compare = CompareController(self.runs, self.history)
        self.recorder = SessionRecorder(self.runs, self.history, self.generation)
        self.recovery = Recovery(self.runs, self.history, self.generation, self.recorder, store)
        self.wear = WearEstimates(self.runs)
        self.finisher = FinishHost(self)
        self.faces = FaceVersions(self.runs)
        self.damage = DamageController(self.runs, self.history)
        self.study = StudyPairs(self.runs)
        self.runs.closed.connect(self.finisher.close)
        self.keeps_session = False
        self.speed = MachineSpeed(self.runs)
        self.lease = DeviceLease(self.queue, self)

    @Slot(list)
    def open_files(self, names: list[str]) -> None:
        """Open the files that were chosen, and remember where they lie."""
        ui_state.keep_folder(self.store, Path(names[0]).parent)
        self.photos.open(Path(name) for name in names)

    @Slot(str)
    def open_folder(self, name: str) -> None:
        """Open all photos below the folder that was chosen, and remember it."""
        ui_state.keep_folder(self.store, Path(name))
        self.opener.open_folders([Path(name)])

    def keep_session(self, on: bool) -> None:
        """Whether what is open stays on disk when the app ends, to be offered at the next start."""
        self.keeps_session = on
        self.history.result_cache.keep_folder(on)

    def close(self) -> None:
        """End what goes on, and the threads."""
        self.runs.close()
