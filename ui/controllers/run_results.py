"""What the engine reports of a run: live pictures, the result, or why there is none.

    engine's thread --> EngineHost --> RunResults --> document, signals of RunController, queue; in this order

In: the signals of the engine's host. Out: changes in the documents, the estimates, and the signals of
`ui.controllers.run_controller`, which starts the runs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from ui.controllers.forecast.run_estimates import learn_from_run
from ui.controllers.photo_controller import PhotoController
from ui.controllers.run_controller import RunController
from ui.model.document import Document, DocumentState
from ui.model.options import first_finish
from ui.model.session import with_past
from ui.workers.messages import Finished, ProgressMessage, RegionResult, Report, VariationImages

if TYPE_CHECKING:
    from restorer.pipeline.request import RestoreRequest


class RunResults(QObject):
    """Writes down what the runs of one run controller lead to."""

    def __init__(self, runs: RunController, photos: PhotoController) -> None:
        super().__init__(runs)
        self._runs, self._photos, self._session = runs, photos, runs.session
        engine = runs.engine
        engine.progressed.connect(self._on_progress)
        engine.phase.connect(self._on_phase)
        engine.notice.connect(self._on_notice)
        engine.finished.connect(self._on_finished)
        engine.region_made.connect(self._on_region_made)
        engine.varied.connect(self._on_varied)
        engine.failed.connect(self._on_failed)
        engine.cancelled.connect(self._on_cancelled)

    @property
    def _request(self) -> RestoreRequest | None:
        """Of the run that ends now."""
        return self._runs.job.request if self._runs.job is not None else None

    @Slot(object)
    def _on_progress(self, message: ProgressMessage) -> None:
        document = self._session.find(message.run)
        if document is not None and document.running:
            document.live = message.filled_from(document.live)
            self._runs.progressed.emit(document)

    @Slot(object)
    def _on_phase(self, report: Report) -> None:
        document = self._session.find(report.key)
        if document is not None:
            document.phase = (report.phase, report.message, report.place)
            self._runs.progressed.emit(document)

    @Slot(object)
    def _on_notice(self, report: Report) -> None:
        self._runs.noted.emit(report.message)

    @Slot(object)
    def _on_finished(self, finished: Finished) -> None:
        document = self._session.find(finished.key)
        if document is not None:
            if learn_from_run(self._runs.estimates, self._request, document.photo, finished):
                self._runs.learned.emit()
            document.set_result(
                with_past(finished.done, document),
                finished.before,
                finished.after,
                finished.thumb,
                first_finish(self._request),
            )
            self._tell_left_state(document)
            self._photos.end_work(document)
            self._runs.finished.emit(document)
        else:
            self._discard_state()
        self._runs.end_run()

    @Slot(object)
    def _on_varied(self, varied: VariationImages) -> None:
        document = self._session.find(varied.key)
        if document is not None:
            if learn_from_run(self._runs.estimates, self._request, document.photo, varied):
                self._runs.learned.emit()
            varied = replace(varied, dones=tuple(with_past(done, document) for done in varied.dones))
            document.set_variations(varied, first_finish(self._request))
            self._tell_left_state(document)
            self._photos.end_work(document)
            self._runs.finished.emit(document)
        else:
            self._discard_state()
        self._runs.end_run()

    @Slot(object)
    def _on_region_made(self, region_result: RegionResult) -> None:
        document = self._session.find(region_result.key)
        if document is not None:
            document.patch = region_result
            self._photos.end_work(document)
        self._runs.end_run()

    @Slot(object)
    def _on_failed(self, report: Report) -> None:
        document = self._session.find(report.key)
        if document is not None:
            document.problem = report.message
            self._runs.failed.emit(document)
        if self._runs.job is not None and report.key == self._runs.job.key:
            self._end(report.key)
        self._runs.warned.emit(report.message)

    @Slot(int)
    def _on_cancelled(self, key: int) -> None:
        if self._runs.job is None or key != self._runs.job.key:
            return  # pictures of a class
        self._discard_state()  # of a run that was given up, even of a photo that is gone
        self._end(key)

    def _end(self, key: int) -> None:
        document = self._session.find(key)
        if document is not None:
            document.state = DocumentState.READY
            document.restore_snapshot(document.before_run)
            if document.state is DocumentState.WAITING and document is self._session.current:
                self._photos.fetch(document)
            else:
                self._photos.end_work(document)
            self._runs.ended.emit(document)
        self._runs.end_run()

    def _tell_left_state(self, document: Document) -> None:
        """What was kept of the run is needed until its results lie in files."""
        request = self._request
        if request is not None and request.keep is not None:
            self._runs.state_left.emit(request.keep, document.snapshot().records)

    def _discard_state(self) -> None:
        request = self._request
        if request is not None and not self._runs.is_closing:
            from restorer.pipeline.resume import run_folder

            run_folder.discard(request.keep)
