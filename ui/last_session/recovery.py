"""What earlier windows left is offered at the next start, in one question, and goes on if the person agrees.

In: what lies in the cache: sessions, and runs that came to no end. Out: one `Offer`; when it is accepted, the
photos and sheets as they were, and each run going on from where it stood; when it is refused, an empty cache.
Looking and fetching is done in the thread of the result files.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSettings, Signal, Slot

from restorer.pipeline.events import Generated
from restorer.pipeline.request import Past, Preset
from ui.controllers.generation import GenerationController
from ui.controllers.history import History
from ui.controllers.job_queue import JobKind, QueuedJob
from ui.controllers.run_controller import RunController
from ui.i18n.language import tr
from ui.last_session.recorder import SessionRecorder
from ui.last_session.state import (
    KeptMask,
    KeptPhoto,
    KeptPicture,
    KeptResult,
    KeptSave,
    KeptSnapshot,
    edits_of,
    request_from,
)
from ui.model.document import Document
from ui.model.generated_image import GeneratedImage
from ui.model.marked_damage import MarkedDamage, MaskPlanes
from ui.model.options import options_of
from ui.model.result import Result, Snapshot, VariationSet
from ui.settings import ui_state

if TYPE_CHECKING:
    from restorer.pipeline.faces.layers import FaceLayer
    from restorer.pipeline.finish import Finish
    from restorer.pipeline.resume.checkpoint import Unfinished
    from restorer.pipeline.resume.picture_keeper import UnfinishedPictures
    from ui.imaging.pyramid import Pyramid
    from ui.last_session.folders import LeftSession
    from ui.workers.result_store import StoredResult

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Offer:
    """What can be gone on with."""

    sessions: tuple[LeftSession, ...] = ()
    runs: tuple[Unfinished, ...] = ()
    pictures: tuple[UnfinishedPictures, ...] = ()
    folder: Path | None = None  # where a folder job that was interrupted puts its results

    @property
    def is_empty(self) -> bool:
        return not (self.sessions or self.runs or self.pictures or self.folder is not None)


def sentence(offer: Offer) -> str:
    """What is offered, in words."""
    photos = [photo for left in offer.sessions for photo in left.session.photos]
    unsaved = sum(result.saved is None for photo in photos for result in photo.results)
    pictures = sum(len(left.session.pictures) for left in offer.sessions)
    parts = []
    if photos:
        parts.append(tr("%n photo(s)", "", len(photos)))
    if unsaved:
        parts.append(tr("%n unsaved result(s)", "", unsaved))
    if pictures:
        parts.append(tr("%n picture(s) of a class", "", pictures))
    for run in offer.runs:
        count = len(run.past.seeds)
        name = run.name if count < 2 else tr("{0} versions of {1}").format(count, run.name)
        if run.fraction is None or run.fraction < 0.01 or count > 1:  # 0 % would be no news
            parts.append(tr("{0}, interrupted").format(name))
        else:
            parts.append(tr("{0}, interrupted at {1} %").format(name, round(100 * run.fraction)))
    for making in offer.pictures:
        parts.append(tr("pictures, interrupted at {0} %").format(round(100 * making.fraction)))
    if offer.folder is not None:
        parts.append(tr("the folder job for {0}").format(offer.folder.name))
    return tr("Continue where you were?") + "\n" + "  ·  ".join(parts)


@dataclass(frozen=True, eq=False, kw_only=True)
class ResumeJob(QueuedJob):
    """Go on with the run whose state lies in `folder`; preview_side as in `RestoreRequest`."""

    kind: JobKind = JobKind.RESUME
    document: Document
    folder: Path
    preview_side: int


class LeftWorker(QObject):
    """Lives in the thread of the result files."""

    found = Signal(object)  # an Offer
    # A LeftSession; its pictures with their Done and Pyramid; and by file's name, versions of faces that were
    # made after a run.
    fetched = Signal(object, object, object)

    @Slot()
    def look(self) -> None:
        from restorer.pipeline.resume import checkpoint, picture_keeper
        from ui.last_session.folders import left_sessions

        sessions: tuple[LeftSession, ...] = ()
        runs: tuple[Unfinished, ...] = ()
        pictures: tuple[UnfinishedPictures, ...] = ()
        try:
            sessions = tuple(left_sessions())
            runs = tuple(checkpoint.unfinished())
            pictures = tuple(picture_keeper.unfinished_pictures())
        except Exception:  # it must never keep the app from working
            log.exception("what earlier windows left cannot be listed")
        self.found.emit(Offer(sessions, runs, pictures))

    @Slot(object)
    def fetch(self, left: LeftSession) -> None:
        from restorer.errors import PhotoError
        from ui.imaging.pyramid import photo_pyramid
        from ui.workers.result_store import fetched

        found = {}
        for place, kept in enumerate(left.session.pictures):
            try:
                done = fetched(left.stored[kept.result.file])
                found[place] = done, photo_pyramid(done.photo)
            except (PhotoError, KeyError) as error:
                log.warning("a picture of the last session is lost: %s", error)
        versions = {}
        for name in _files_of_versions(left):
            try:
                versions[name] = fetched(left.stored[name]).face_layers
            except (PhotoError, KeyError) as error:
                log.warning("versions of faces of the last session are lost: %s", error)
        self.fetched.emit(left, found, versions)


class Recovery(QObject):
    """Owns what is offered."""

    offered = Signal(object)  # the Offer to ask about, or None
    folder_wanted = Signal()  # the folder job goes on
    _look = Signal()
    _fetch = Signal(object)

    def __init__(
        self,
        runs: RunController,
        history: History,
        generation: GenerationController,
        recorder: SessionRecorder,
        store: QSettings,
    ) -> None:
        super().__init__(runs)
        self._runs, self._history, self._generation = runs, history, generation
        self._recorder, self._cache, self._store = recorder, history.result_cache, store
        self._offer: Offer | None = None
        self._taken: list[tuple[LeftSession, list[StoredResult]]] = []  # not all of it lies in our folder yet
        # Results whose versions of faces are on their way, by the file's name.
        self._awaited: dict[LeftSession, dict[str, tuple[Document, Result]]] = {}
        self._fetching = 0
        self._worker = worker = LeftWorker()
        worker.moveToThread(self._cache.thread_)
        self._cache.thread_.finished.connect(worker.deleteLater)
        self._look.connect(worker.look)
        self._fetch.connect(worker.fetch)
        worker.found.connect(self._on_found)
        worker.fetched.connect(self._on_fetched)
        self._cache.stored.connect(self._finish_taking)
        self._cache.session_written.connect(self._remove_taken)
        self._emptied: list[LeftSession] = []  # ours has all of it once that numbered `_from` is written
        self._from = 0
        runs.queue.set_starter(JobKind.RESUME, self._start, runs.is_ready)
        runs.closed.connect(self._close)

    def look(self) -> None:
        """Ask what there is; `offered` follows."""
        self._release()
        self._look.emit()

    def offer_again(self) -> None:
        """Say once more what is offered, to whoever listens now."""
        self.offered.emit(self._offer)

    def refuse(self) -> None:
        """Forget all that is offered."""
        from restorer.pipeline.resume import run_folder

        offer, self._offer = self._offer, None
        if offer is not None:
            for left in offer.sessions:
                left.remove()
            runs = [run.folder for run in offer.runs]
            for folder in (*runs, *(run.folder for run in offer.pictures)):
                run_folder.discard(folder)
            ui_state.keep_unfinished_folder(self._store, None)
        self.offered.emit(None)

    def accept(self, preview_side: int) -> None:
        """Bring back all that is offered; runs go on now or as soon as the engine is free."""
        offer, self._offer = self._offer, None
        if offer is None:
            return
        self.offered.emit(None)
        by_run: dict[str, Document] = {}
        current: Document | None = None
        opened_before = set(self._runs.session.documents)
        for left in offer.sessions:
            self._recorder.hold()
            shown, documents = self._put_back(left)
            by_run |= documents
            current = current or shown
            if left.session.pictures or self._awaited.get(left):
                self._fetching += 1
                self._fetch.emit(left)
        returned = [each for each in self._runs.session.documents if each not in opened_before]
        for run in offer.runs:
            document = self._document_of(run, by_run, returned)
            current = document if run is offer.runs[0] else current
            job = ResumeJob(document=document, folder=run.folder, preview_side=preview_side)
            self._runs.queue.enqueue(job)
        if current is not None:
            self._runs.session.show(current)
        self._runs.photos.added.emit()
        for making in offer.pictures:
            self._generation.go_on(replace(making.request, keep=making.folder))
        self._recorder.store()
        self._finish_taking()
        if offer.folder is not None:
            self.folder_wanted.emit()

    def _document_of(
        self, run: Unfinished, by_run: dict[str, Document], returned: list[Document]
    ) -> Document:
        """The photo of a run: as the session has it, or as it was kept with the run where there is none, or
        the file has changed since. returned: the photos that sessions brought back."""
        document = by_run.get(run.folder.name)
        if document is None:  # it began less than a second before the end, so that the session knows none
            document = self._without_run(run, by_run, returned)
        if document is not None and (document.path is None or _unchanged(document.path, run.folder)):
            by_run[run.folder.name] = document
            return document
        return self._runs.session.add(run.path, checkpoint_folder=run.folder, past=run.past)

    @staticmethod
    def _without_run(
        run: Unfinished, by_run: dict[str, Document], returned: list[Document]
    ) -> Document | None:
        """A photo that came back, is the run's, had the same work done before, and has no run yet."""
        taken = by_run.values()
        documents = [each for each in returned if each.path == run.path and each.path]
        same = (each for each in documents if each not in taken and each.past.desk_work == run.past.desk_work)
        return next(same, None)

    # What was open ---------------------------------------------------------------------------

    def _put_back(self, left: LeftSession) -> tuple[Document | None, dict[str, Document]]:
        """The photos of a session in the row; returns the one that was in view, and those with a run."""
        by_run: dict[str, Document] = {}
        shown: Document | None = None
        taken: list[StoredResult] = []
        for place, kept in enumerate(left.session.photos):
            document = self._add(kept, left.stored)
            if document is None:
                continue
            document.options = kept.settings
            taken += [] if document.stored_raw is None else [document.stored_raw]
            taken += self._give_back(document, kept, left)
            if kept.run is not None:
                by_run[kept.run] = document
            if place == left.session.current:
                shown = document
        self._taken.append((left, taken))
        self._runs.session.row_changed.emit()
        return shown, by_run

    def _add(self, kept: KeptPhoto, stored: dict[str, StoredResult]) -> Document | None:
        session = self._runs.session
        if kept.raw is None and kept.path is not None:
            document = session.add(Path(kept.path))
            return document if not document.results and document.stack.count() == 0 else None
        raw = stored.get(kept.raw or "")
        if raw is None:
            log.warning("%s of the last session is lost", kept.path or "a pasted picture")
            return None
        past = Past(kept.applied_edits, kept.origin, kept.title)
        document = session.add(None, past=past)
        document.path = None if kept.path is None else Path(kept.path)
        document.stored_raw = raw
        return document

    def _give_back(self, document: Document, kept: KeptPhoto, left: LeftSession) -> list[StoredResult]:
        """A photo's results and history; returns where the results lie."""
        stored = left.stored
        results = [_result(stored[each.file], each) if each.file in stored else None for each in kept.results]
        sets = [_set(each.results, each.chosen, each.side_by_side, results) for each in kept.sets]
        masks = _masks(kept.masks, stored)

        def snapshot(kept: KeptSnapshot) -> Snapshot:
            outcome: Result | VariationSet | None = None
            if kept.choice is not None:
                outcome = sets[kept.choice]
            elif kept.result is not None:
                outcome = results[kept.result]
            marked = masks[kept.mask] if kept.mask is not None else None
            return Snapshot(edits_of(kept), outcome, kept.scale, Preset(kept.preset), kept.finish, marked)

        steps = [(snapshot(before), snapshot(after)) for before, after in kept.steps]
        self._history.put_back(document, steps, kept.index, snapshot(kept.now))
        found = [result for result in results if result is not None]
        found += list({mask.planes.record: mask for mask in masks if mask is not None})
        for result in found:
            self._cache.take_over(result, document.key)
        awaited = {
            each.more_faces: (document, result)
            for each, result in zip(kept.results, results, strict=True)
            if each.more_faces is not None and result is not None
        }
        self._awaited[left] = self._awaited.get(left, {}) | awaited
        return [result.stored for result in found if result.stored is not None]

    @Slot(object, object, object)
    def _on_fetched(
        self,
        left: LeftSession,
        found: dict[int, tuple[object, Pyramid]],
        versions: dict[str, tuple[FaceLayer, ...]],
    ) -> None:
        for name, (document, result) in self._awaited.pop(left, {}).items():
            if name in versions:
                result.more_faces = versions[name]
                document.notify()
        self._recorder.store()
        pictures = {
            place: self._picture(left.session.pictures[place], left, *each) for place, each in found.items()
        }
        sheets = [[pictures[place] for place in sheet if place in pictures] for sheet in left.session.sheets]
        self._generation.put_back(sheets, left.session.sheet or 0)
        for taken, stored in self._taken:
            if taken is left:
                stored += [left.stored[left.session.pictures[place].result.file] for place in pictures]
        self._fetching -= 1
        self._finish_taking()

    def _picture(self, kept: KeptPicture, left: LeftSession, done: Any, shown: Pyramid) -> GeneratedImage:
        request = request_from(kept.request)
        generated = Generated(
            (done.photo,),
            (done.provenance,),
            (done.seed,),
            request.label,
            kept.subject,
            done.model,
            done.device,
            done.evaluations,
            done.seconds,
        )
        picture = GeneratedImage(self._generation, self._generation.new_key(), generated, 0, request, shown)
        picture.pinned = kept.pinned
        assert picture.record is not None
        picture.record.stored = left.stored[kept.result.file]
        picture.record.saves |= _saves(kept.result)
        self._cache.take_over(picture.record, picture.key)
        return picture

    @Slot()
    def _finish_taking(self) -> None:
        """Once all lies in our own folder, ours names it, and then the earlier ones go."""
        if self._fetching or self._cache.is_storing or not self._taken:
            return
        for left, stored in self._taken:
            if any(each.path.is_relative_to(left.folder) for each in stored):
                left.release()  # no room for it: the next start offers it again
            else:
                self._emptied.append(left)
        taken, self._taken = self._taken, []
        for _ in taken:
            self._recorder.release()
        self._from = self._recorder.number

    @Slot(int, bool)
    def _remove_taken(self, number: int, is_written: bool) -> None:
        if not is_written or number < self._from:
            return
        emptied, self._emptied = self._emptied, []
        for left in emptied:
            left.remove()

    @Slot()
    def _close(self) -> None:
        """The app ends. What was brought back is kept with the rest, or was given up with it."""
        self._release()
        for left in (*(left for left, _ in self._taken), *self._emptied):
            if self._cache.keeps_folder:
                left.release()
            else:
                left.remove()

    @Slot()
    def _release(self) -> None:
        """What was not answered is offered again at the next start."""
        for left in self._offer.sessions if self._offer is not None else ():
            left.release()
        self._offer = None

    @Slot(object)
    def _on_found(self, offer: Offer) -> None:
        offer = replace(offer, folder=ui_state.unfinished_folder(self._store))
        self._offer = None if offer.is_empty else offer
        self.offered.emit(self._offer)

    # Runs ------------------------------------------------------------------------------------

    def _start(self, job: ResumeJob) -> bool:
        """It is the run's turn, and its photo has been read."""
        from restorer.pipeline.resume import checkpoint

        document = job.document
        if document.photo is None:
            return False
        try:
            request = checkpoint.request_of(job.folder, document.photo)
        except (OSError, ValueError, KeyError, TypeError):
            document.checkpoint_folder = None
            text = self.tr("What was kept of {0} is damaged, so its run cannot go on; restore it again.")
            self._runs.warned.emit(text.format(document.name))
            return False
        seeds = request.past.seeds
        if document.options is None:  # the window was killed before a session had them
            self._runs.session.give_settings(document, options_of(request, max(1, len(seeds))))
        request = replace(request, preview_side=job.preview_side, leaves_state=True)
        return self._runs.start(document, request, seeds if len(seeds) > 1 else ())


def _files_of_versions(left: LeftSession) -> list[str]:
    results = (result for photo in left.session.photos for result in photo.results)
    return [result.more_faces for result in results if result.more_faces is not None]


def _unchanged(path: Path, folder: Path) -> bool:
    """Whether a file is as it was when the run in `folder` began."""
    from restorer.pipeline.resume.checkpoint import SOURCE

    with suppress(OSError):
        return path.stat().st_mtime <= (folder / SOURCE).stat().st_mtime
    return False


def _result(stored: StoredResult, kept: KeptResult) -> Result:
    result = Result(stored.figures)
    result.done, result.stored = None, stored
    result.finish, result.saves = kept.finish, _saves(kept)
    return result


def _masks(kept: Iterable[KeptMask], stored: dict[str, StoredResult]) -> list[MarkedDamage | None]:
    """What was marked; None for what is lost. Those that share a file share their pixels."""
    planes: dict[str, MaskPlanes] = {}
    found: list[MarkedDamage | None] = []
    for each in kept:
        if each.file not in planes and each.file in stored:
            planes[each.file] = MaskPlanes(_result(stored[each.file], KeptResult(each.file)))
        has_pixels = each.file in planes and stored[each.file].figures.photo.alpha is not None
        found.append(MarkedDamage(planes[each.file], each.thoroughness, each.seed) if has_pixels else None)
    return found


def _saves(kept: KeptResult) -> dict[Finish, Path]:
    """The files that a result was saved as, those of them that are still there."""
    saves = kept.saves
    if not saves and kept.saved is not None:
        saves = (KeptSave(kept.saved),)
    return {save.finish: Path(save.path) for save in saves if Path(save.path).exists()}


def _set(
    places: Iterable[int], chosen: int, side_by_side: bool, results: list[Result | None]
) -> VariationSet | None:
    """None where one of them is lost."""
    records = tuple(record for place in places if (record := results[place]) is not None)
    if not records or len(records) < len(tuple(places)):
        return None
    choice = VariationSet(records)
    choice.chosen, choice.side_by_side = chosen, side_by_side
    return choice
