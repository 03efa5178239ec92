"""Writes down what is open, so that a crash loses no more than a second of it.

    documents, sheets --signals--> SessionRecorder --ResultCache--> thread of the result files --> cache

In: every change of the window's model. Out: each finished result in a file as soon as it is there, and at
most a second after a change the session's text (`ui.last_session.state`). The state that the engine left of a
run is removed once a session that has its result is on disk, so that there is no moment in which neither is.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from ui.controllers.generation import GenerationController
from ui.controllers.history import History, steps_of
from ui.controllers.run_controller import RunController
from ui.last_session.json_values import plain_options
from ui.last_session.state import (
    KeptMask,
    KeptPhoto,
    KeptPicture,
    KeptResult,
    KeptSave,
    KeptSession,
    KeptSet,
    KeptSnapshot,
)
from ui.model.document import Document
from ui.model.generated_image import GeneratedImage
from ui.model.result import Result, Snapshot, VariationSet

if TYPE_CHECKING:
    from restorer.photo import Photo
    from restorer.pipeline.events import Done
    from restorer.pipeline.faces.layers import FaceLayer
    from ui.model.marked_damage import MarkedDamage

PAUSE_MS = 1000


class SessionRecorder(QObject):
    """Serves one window."""

    flushed = Signal()  # all that is open is on disk, or cannot be put there; answers `flush`

    def __init__(self, runs: RunController, history: History, generation: GenerationController) -> None:
        super().__init__(runs)
        self._runs, self._generation, self._cache = runs, generation, history.result_cache
        self._raws: dict[Document, Result] = {}  # photos that no file has as they are
        self._masks: dict[Result, int] = {}  # the pixels of what is marked, with the key of the photo
        # Versions of a result's faces that were made after its run, and a result of them alone, to be stored.
        self._versions: dict[Result, tuple[tuple[FaceLayer, ...], Result]] = {}
        # What the engine kept of finished runs.
        self._engine_folders: list[tuple[Path, tuple[Result, ...]]] = []
        self._leaving: dict[int, list[Path]] = {}  # by the number of the session that makes it unneeded
        self.number, self._on_disk = 0, ""  # of the session that was sent to the disk last
        self._texts: dict[int, str] = {}  # on their way to the disk
        self._holds = 0  # nothing is written while earlier sessions are taken over
        self._flushing = False
        self.is_safe = False  # the last `flush` put all on disk
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.write)
        session = runs.session
        for changed in (session.changed, session.row_changed, session.current_changed, session.picked):
            changed.connect(self._touch)
        session.settings_changed.connect(self._touch)
        for changed in (generation.changed, runs.queue.changed, self._cache.stored):
            changed.connect(self._touch)
        self._cache.stored.connect(self._on_stored)
        self._cache.refused_quietly.connect(self._on_stored)
        self._cache.session_written.connect(self._on_written)
        runs.state_left.connect(self._on_state_left)
        generation.state_left.connect(self._on_state_left)
        runs.finished.connect(self.store)
        generation.finished.connect(self.store)
        runs.closed.connect(self._close)

    # When ------------------------------------------------------------------------------------

    @Slot()
    def _touch(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def write(self) -> None:
        """Write the session, if it changed."""
        self._timer.stop()
        if self._holds:
            return
        self.store()
        session = self.session()
        text = "" if session.is_empty else session.text()
        self.number += 1
        self._leaving[self.number] = self._unneeded()
        self._texts[self.number] = text
        if text == self._on_disk:
            self._on_written(self.number, True)
        else:
            self._cache.write_session(self.number, text)

    def hold(self) -> None:
        """Write nothing until `release`: results of an earlier session are being taken over."""
        self._holds += 1

    def release(self) -> None:
        """Write again."""
        self._holds -= 1
        self.write()

    def flush(self) -> None:
        """Put all that is open on disk; `flushed` follows."""
        self._flushing = True
        self._flush()

    def _flush(self) -> None:
        waits = self.store()
        if waits:
            return  # `stored` or a refusal follows
        self.write()

    @Slot()
    def _on_stored(self) -> None:
        if self._flushing:
            self._flush()

    @Slot(int, bool)
    def _on_written(self, number: int, is_written: bool) -> None:
        from restorer.pipeline.resume import run_folder

        text = self._texts.pop(number)
        if is_written:
            self._on_disk = text
            for folder in self._leaving.pop(number, []):
                run_folder.discard(folder)
        # A session written by the clock while results are on their way is not what `flush` was asked for.
        if self._flushing and number == self.number and not self._cache.is_storing:
            self._flushing = False
            in_files = all(record.stored is not None for record in self._records())
            self.is_safe = is_written and in_files
            self.flushed.emit()

    @Slot()
    def _close(self) -> None:
        """The app ends. What it kept of finished runs goes with their results."""
        from restorer.pipeline.resume import run_folder

        self._timer.stop()
        if not self._cache.keeps_folder:
            unneeded = [folder for folders in self._leaving.values() for folder in folders]
            for folder in (*(folder for folder, _ in self._engine_folders), *unneeded):
                run_folder.discard(folder)

    # Results in files ------------------------------------------------------------------------

    def _documents(self) -> Iterable[Document]:
        yield from self._runs.session.documents
        yield from self._generation.all_pictures()

    def _records(self) -> list[Result]:
        results = [record for each in self._documents() for record in results_of(each)]
        return [*results, *self._raws.values(), *self._masks]

    @Slot()
    def store(self) -> bool:
        """Have all results, and photos that no file has, in files; whether some are on their way."""
        for document in list(self._raws):
            if document not in self._runs.session.documents:
                self._cache.forget(self._raws.pop(document))
        for document in self._runs.session.documents:
            has_file = document.path is not None and not document.applied_edits
            if not has_file and document not in self._raws and document.raw is not None:
                self._raws[document] = Result(_as_result(document.raw))
            elif not has_file and document not in self._raws and document.stored_raw is not None:
                self._raws[document] = raw = Result(document.stored_raw.figures)
                raw.stored, raw.done = document.stored_raw, None
                self._cache.take_over(raw, document.key)
        for document, raw in self._raws.items():
            self._cache.keep(raw, document.key)
        self._store_masks()
        records = {record: each.key for each in self._documents() for record in results_of(each)}
        for record in [each for each in self._versions if each not in records]:
            self._cache.forget(self._versions.pop(record)[1])
        for record, key in records.items():
            self._cache.keep(record, key)
            self._store_versions(record, key)
        return self._cache.is_storing

    def _store_masks(self) -> None:
        """Have what is marked in files, and remove those to which nothing leads any more."""
        documents = self._runs.session.documents
        wanted = {mask.planes.record: each.key for each in documents for mask in masks_of(each)}
        keys = {each.key for each in documents}
        for record, key in self._masks.items():
            if record not in wanted and key in keys:  # the files of a closed photo go with it
                self._cache.forget(record)
        self._masks = wanted
        for record, key in wanted.items():
            self._cache.keep(record, key)

    def _store_versions(self, record: Result, key: int) -> None:
        """Have the versions of a result's faces in a file that were made after its run."""
        layers, known = self._versions.get(record, ((), None))
        if layers is not record.more_faces and known is not None:
            self._cache.forget(known)
            del self._versions[record]
        if record.more_faces and record not in self._versions:
            made = Result(_versions_alone(record.figures, record.more_faces))
            self._versions[record] = record.more_faces, made
            self._cache.keep(made, key)

    @Slot(object, object)
    def _on_state_left(self, folder: Path, records: tuple[Result, ...]) -> None:
        self._engine_folders.append((folder, records))

    def _unneeded(self) -> list[Path]:
        """What the engine kept of runs whose results are in files, gone, or in no file ever."""
        all_records = set(self._records())

        def is_needed(record: Result) -> bool:
            return record in all_records and record.stored is None and self._cache.can_store(record)

        needed = [any(map(is_needed, records)) for _, records in self._engine_folders]
        pairs = list(zip(self._engine_folders, needed, strict=True))
        self._engine_folders = [each for each, is_one in pairs if is_one]
        return [folder for (folder, _), is_one in pairs if not is_one]

    # The session as data ---------------------------------------------------------------------

    def session(self) -> KeptSession:
        """What is open now."""
        session = self._runs.session
        documents = [each for each in session.documents if self._can_be_kept(each)]
        current = documents.index(session.current) if session.current in documents else None
        pictures = [each for each in self._generation.all_pictures() if _file(each.record) is not None]
        places = {picture: place for place, picture in enumerate(pictures)}
        sheets = tuple(
            tuple(places[picture] for picture in sheet if picture in places)
            for sheet in self._generation.sheets
        )
        return KeptSession(
            tuple(map(self._photo, documents)),
            current,
            tuple(map(_picture, pictures)),
            sheets,
            self._generation.sheet if sheets else None,
        )

    def _can_be_kept(self, document: Document) -> bool:
        raw = self._raws.get(document)
        return (document.path is not None and not document.applied_edits) or _file(raw) is not None

    def _photo(self, document: Document) -> KeptPhoto:
        records = [record for record in results_of(document) if _file(record) is not None]
        sets = [
            choice
            for choice in dict.fromkeys(record.choice for record in records)
            if choice is not None and all(record in records for record in choice.records)
        ]
        raw = self._raws.get(document)
        masks = [mask for mask in masks_of(document) if _file(mask.planes.record) is not None]
        place = _places(records, sets, masks)
        return KeptPhoto(
            str(document.path.absolute()) if document.path is not None else None,
            document.title,
            document.origin,
            document.applied_edits,
            _file(raw),
            tuple(_result(record, self._file_of_versions(record)) for record in records),
            tuple(
                KeptSet(tuple(map(records.index, each.records)), each.chosen, each.side_by_side)
                for each in sets
            ),
            tuple((place(before), place(after)) for before, after in steps_of(document)),
            document.stack.index(),
            place(document.before_run if document.running else document.snapshot()),
            self._run_of(document),
            tuple(KeptMask(_file(mask.planes.record) or "", mask.thoroughness, mask.seed) for mask in masks),
            self._options(document),
        )

    def _options(self, document: Document) -> dict[str, Any] | None:
        """What the panel is set to for a photo; the panel's are those of the photo in view."""
        session = self._runs.session
        options = document.options or (session.settings if document is session.current else None)
        return None if options is None else plain_options(options)

    def _file_of_versions(self, record: Result) -> str | None:
        return _file(self._versions[record][1]) if record in self._versions else None

    def _run_of(self, document: Document) -> str | None:
        """The folder of the run that goes, or waits to go on."""
        for job in self._runs.queue.waiting:
            if job.document is document and job.folder is not None:
                return job.folder.name
        return document.checkpoint_folder.name if document.checkpoint_folder is not None else None


def results_of(document: Document) -> list[Result]:
    """All results of a photo or picture, in view and in the history."""
    spare = document.before_run.records if document.running else ()
    return list(dict.fromkeys([*document.snapshot().records, *spare, *document.results]))


def masks_of(document: Document) -> list[MarkedDamage]:
    """All that is marked of a photo, now and in the history, each once."""
    steps = [snapshot.marked for pair in steps_of(document) for snapshot in pair]
    now = (document.marked, document.before_run.marked if document.running else None)
    return list(dict.fromkeys(each for each in (*now, *steps) if each is not None))


def _places(
    records: list[Result], sets: list[VariationSet], masks: list[MarkedDamage]
) -> Callable[[Snapshot], KeptSnapshot]:
    from restorer.photo.edits import described

    def place(snapshot: Snapshot) -> KeptSnapshot:
        outcome = snapshot.outcome
        return KeptSnapshot(
            described(snapshot.edits),
            records.index(outcome) if isinstance(outcome, Result) and outcome in records else None,
            sets.index(outcome) if isinstance(outcome, VariationSet) and outcome in sets else None,
            snapshot.scale,
            snapshot.preset.value,
            snapshot.finish.strength,
            snapshot.finish.grain,
            snapshot.finish.faces,
            masks.index(snapshot.marked) if snapshot.marked in masks else None,
        )

    return place


def _file(record: Result | None) -> str | None:
    if record is None or record.stored is None:
        return None
    return f"{record.stored.path.parent.name}/{record.stored.path.name}"


def _result(record: Result, more_faces: str | None = None) -> KeptResult:
    saves = tuple(
        KeptSave(str(path.absolute()), finish.strength, finish.grain, finish.faces)
        for finish, path in record.saves.items()
    )
    saved, finish = None if record.saved is None else str(record.saved.absolute()), record.finish
    figures = finish.strength, finish.grain, finish.faces
    return KeptResult(_file(record) or "", saved, saves, *figures, more_faces)


def _picture(picture: GeneratedImage) -> KeptPicture:
    assert picture.record is not None
    request = dataclasses.asdict(dataclasses.replace(picture.request, keep=None, leaves_state=False))
    request["preset"] = picture.request.preset.value
    return KeptPicture(_result(picture.record), picture.subject, picture.pinned, request)


def _versions_alone(figures: Done, layers: tuple[FaceLayer, ...]) -> Done:
    """Versions of faces in the place of a result, whose photo has a single pixel."""
    from restorer.photo import Photo

    point = Photo(figures.photo.pixels[:1, :1].copy())
    return dataclasses.replace(_as_result(point), face_layers=layers)


def _as_result(photo: Photo) -> Done:
    """A photo in the place of a result, to be stored like one."""
    from restorer.pipeline.events import Done

    return Done(photo, "", 0, "", 0, 0.0, 0.0, 0.0, {})
