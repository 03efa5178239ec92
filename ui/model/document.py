"""One opened photo and what became of it: the part of the window's model that belongs to it alone.

In: what the run controller notes of reading and of runs. Out: `changed` after everything that can be seen.
Its pictures for the screen are let go when another photo comes into view and made again when it returns, so
that a long row of opened photos stays small in memory.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QUndoStack

from restorer.pipeline.finish import AS_RESTORED, Finish
from restorer.pipeline.request import Past, Preset
from restorer.preferences import Output
from ui.model.options import RestoreOptions
from ui.model.result import Result, Snapshot, VariationSet
from ui.workers.file_worker import THUMB_SIDE
from ui.workers.finish_worker import Finishing, FinishSource
from ui.workers.messages import ReadRequest

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from restorer.photo import Photo
    from restorer.photo.edits import Edit
    from restorer.pipeline.events import Box, Done
    from restorer.pipeline.request import RestoreRequest
    from ui.imaging.pyramid import Pyramid
    from ui.model.marked_damage import MarkedDamage
    from ui.model.options import RestoreOptions
    from ui.model.result import Comparison
    from ui.workers.finish_worker import FinishedPictures, Invention
    from ui.workers.messages import ProgressMessage, ReadAnswer, RegionResult, VariationImages
    from ui.workers.result_store import StoredResult


EDITED_TEMPLATE = "{name}_edited"  # no run made it, so there is no scale to name


class DocumentState(Enum):
    """What is known of a photo, and what is being done with it."""

    WAITING = auto()  # named, not read yet (or let go)
    READING = auto()
    READY = auto()
    RUNNING = auto()
    PAUSED = auto()
    CANCELLING = auto()
    DONE = auto()
    FAILED = auto()  # it cannot be opened; `problem` says why


class Document(QObject):
    """One photo with its result, if there is one.

    `changed` is emitted after every change that can be seen. The window reads the fields; the controllers
    write them.
    """

    changed = Signal(object)  # itself
    picked = Signal(object)  # itself: another of the variations is the result

    def __init__(
        self, parent: QObject, key: int, path: Path | None = None, photo: Photo | None = None
    ) -> None:
        super().__init__(parent)
        self.key = key
        self.path = path
        self.title = ""  # what to call a picture that has no file
        self.origin = ""  # how a photo came about that a model made
        # Edits that are in `raw` already: those of an interrupted run that went on.
        self.applied_edits = ""
        self.raw = photo  # as it was read or pasted
        self.stored_raw: StoredResult | None = None  # where an earlier session put what has no file
        self.photo = photo  # after the edits: what is restored
        self.edits: tuple[Edit, ...] = ()
        self.marked: MarkedDamage | None = None  # as damage, of the photo after the edits
        self.stack = QUndoStack(self)
        self.before_run = Snapshot()  # what a cancelled run goes back to
        # Where each result was saved.
        self.saves: WeakKeyDictionary[Done | StoredResult, Path] = WeakKeyDictionary()
        self.options: RestoreOptions | None = None  # what the panel was set to for it, where it was changed
        self.state = DocumentState.WAITING
        self.original: Pyramid | None = None  # the photo as it is
        self.before: Pyramid | None = None  # its enlargement
        self.after: Pyramid | None = None  # the restored picture
        self.live: ProgressMessage | None = None  # the run as far as it is known
        self.record: Result | None = None  # the result, as the history holds it
        self.choice: VariationSet | None = None  # the set it was chosen from
        self.results: list[Result] = []  # all results of the history, those that were seen last first
        self._serial = 0  # of the last reading
        self.finished: FinishedPictures | None = (
            None  # what the result looks like with its strength and grain
        )
        self.invention: Invention | None = None  # how much of the result was invented
        self._edited: Done | None = None  # of the photo as it is
        self.comparison: Comparison | None = None  # an earlier result in the photo's place on the Before side
        self._results_by_done: WeakKeyDictionary[Done | StoredResult, Result] = WeakKeyDictionary()
        self.result_scale = 1
        self.result_preset = Preset.BALANCED
        self.copy: Path | None = None  # a file of the result for other programs, not asked for by name
        self.copying = False  # such a file is being written
        self.pages = 1  # of its file; the first is shown
        self.thumb: QImage | None = None  # a small picture for the row
        self.problem = ""  # why it could not be opened or restored
        self.queued = False  # waits for its turn to be restored
        self.requeue_on_retry = False  # it waited for its turn when it turned out that it cannot be opened
        # The run's phase: its name, the engine's own sentence, and which run of how many it is.
        self.phase = ("", "", (1, 1))
        self.checkpoint_folder: Path | None = None  # the folder in which the run's state is kept
        self.patch: RegionResult | None = None  # a region preview
        self.patch_options = RestoreOptions()  # with which it was made
        self.region: Box | None = None  # the region that is being made
        self.varied: VariationImages | None = None  # what the results of `choice` look like
        self.makes_variations = False  # the run that is going makes several

    @property
    def name(self) -> str:
        """The file's name, or the title of a picture that has no file; empty for one that was pasted."""
        return self.path.name if self.path is not None else self.title

    @property
    def result(self) -> Done | None:
        """What a run made of the photo; None where there is nothing yet, or it is just being fetched."""
        return self.record.done if self.record is not None else None

    @result.setter
    def result(self, done: Done | None) -> None:
        self.record = None if done is None else self.result_for(done)

    @property
    def edited(self) -> Done | None:
        """The photo with its edits in the place of a result; None where it has a result, or no edit."""
        if self.record is not None or not self.edits or self.photo is None or not self.at_rest:
            return None
        if self._edited is None or self._edited.photo is not self.photo:
            from restorer.pipeline.events import Done

            megapixels = self.photo.size[0] * self.photo.size[1] / 1e6
            # Nothing was reconstructed, so it says nothing of a model.
            self._edited = Done(self.photo, "", 0, "", 0, 0.0, megapixels, 0.0, {})
        return self._edited

    @property
    def to_save(self) -> Done | None:
        """What saving means now."""
        return self.result or self.edited

    def result_for(self, done: Done) -> Result:
        """A result as the history holds it; the same for the same result."""
        record = self._results_by_done.get(done)
        if record is None:
            record = self._results_by_done[done] = Result(done, self.saves.get(done))
        return record

    def forget(self, record: Result) -> None:
        """No step leads to this result any more."""
        if record.done is not None:
            self._results_by_done.pop(record.done, None)  # whose value would keep its key alive
        if self.comparison is not None and self.comparison.snapshot.record is record:
            self.comparison = None

    @property
    def finish(self) -> Finish:
        """How much of the restoration is taken, and how much grain is put back."""
        return self.record.finish if self.record is not None else AS_RESTORED

    def set_finish(self, finish: Finish) -> None:
        """Show and save the result, and all that it was chosen from, with another strength or grain."""
        for record in self._results_in_view():
            record.finish = finish
        self.copy = None

    def finishing(self) -> Finishing | None:
        """What is to be done with the result before it is saved; None where it is as the run left it."""
        if not self.finish.changes:
            return None
        more = self.record.more_faces if self.record is not None else ()
        return Finishing(self.finish, FinishSource(self.photo, self.raw, self.edits), more)

    @property
    def saved(self) -> Path | None:
        """The file that the result was saved as."""
        return self.record.saved if self.record is not None else None

    @property
    def given_up(self) -> bool:
        """Whether the person said that the result need not be saved; saying so gives up all of `losses`."""
        return self.record is not None and self.record.given_up

    @given_up.setter
    def given_up(self, given_up: bool) -> None:
        for record in self.losses:
            record.given_up = given_up

    @property
    def chosen(self) -> int:
        """Which of the variations is the result."""
        return self.choice.chosen if self.choice is not None else 0

    @property
    def shows_result(self) -> bool:
        """Whether its result, or those that it is chosen from, are on the canvas when it is in view."""
        hidden = self.region is not None or self.patch is not None
        return not hidden and self.before is not None and self.after is not None

    @property
    def choosing(self) -> bool:
        """Whether the variations are on the canvas side by side."""
        return self.choice is not None and self.choice.side_by_side

    @property
    def at_rest(self) -> bool:
        return self.state in (DocumentState.READY, DocumentState.DONE)

    @property
    def unsaved(self) -> bool:
        """Whether the result is in no file; for those of the history, see `losses`."""
        return self.record is not None and self.record.unsaved

    @property
    def losses(self) -> list[Result]:
        """The results that are in no file and would be lost with the photo; the one in view comes first."""
        return [record for record in self._all_results() if record.unsaved]

    def _all_results(self) -> dict[Result, None]:
        """All results; those in view come first."""
        return dict.fromkeys([*self.snapshot().records, *self.results])

    def take_back(self) -> None:
        """What was given up counts again."""
        given_up = [record for record in self._all_results() if record.given_up]
        for record in given_up:
            record.given_up = False
        if given_up:
            self.notify()

    @property
    def running(self) -> bool:
        return self.state in (DocumentState.RUNNING, DocumentState.PAUSED, DocumentState.CANCELLING)

    @property
    def can_keep(self) -> bool:
        """Whether there is something of a run to end at."""
        is_active = self.state in (DocumentState.RUNNING, DocumentState.PAUSED)
        return is_active and not self.makes_variations and self.live is not None and self.live.box is not None

    def move_to(self, state: DocumentState) -> None:
        self.state = state
        self.notify()

    def notify(self) -> None:
        """Say that something changed."""
        self.changed.emit(self)

    @property
    def can_be_restored(self) -> bool:
        """Now or in its turn; a photo out of view is opened for it, and one that is being opened waits."""
        return not self.queued and not self.running and self.state is not DocumentState.FAILED

    def output(self, output: Output) -> Output:
        """How it is saved, where the settings say `output`."""
        return output if self.record is not None else replace(output, template=EDITED_TEMPLATE)

    @property
    def past(self) -> Past:
        """What went before a run that begins now."""
        work = self.applied_edits
        if self.edits:
            from restorer.photo.edits import described

            work = "; ".join(filter(None, (work, described(self.edits))))
        return Past(work, self.origin, self.title)

    def snapshot(self) -> Snapshot:
        outcome = self.choice or self.record
        return Snapshot(self.edits, outcome, self.result_scale, self.result_preset, self.finish, self.marked)

    def restore_snapshot(self, snapshot: Snapshot) -> None:
        """Go to another snapshot; its pictures have to be made again where they differ."""
        other_marks, self.marked = snapshot.marked is not self.marked, snapshot.marked
        if snapshot.edits == self.edits and snapshot.outcome is (self.choice or self.record):
            if snapshot.finish != self.finish:
                self.set_finish(snapshot.finish)
                self.notify()
            elif other_marks:
                self.notify()
            return
        if snapshot.edits != self.edits:
            self.edits = snapshot.edits
            self.photo = None
        self.choice = snapshot.outcome if isinstance(snapshot.outcome, VariationSet) else None
        self.record, self.result_scale, self.result_preset = snapshot.record, snapshot.scale, snapshot.preset
        self.set_finish(snapshot.finish)
        self.original = self.before = self.after = self.live = self.patch = self.varied = None
        self.finished = self.invention = None
        if self.state is DocumentState.FAILED:
            self.problem = ""
        self.state = DocumentState.WAITING
        self.notify()

    def read_request(self) -> ReadRequest:
        """What the files' thread has to do to show the photo as it is now."""
        self._serial += 1
        return ReadRequest(
            self.key,
            self.path,
            self.raw,
            tuple(record.in_memory_or_stored for record in self._results_in_view()),
            self.edits,
            self.photo,
            self.checkpoint_folder,
            self.chosen,
            self._serial,
            self.stored_raw,
        )

    def _results_in_view(self) -> tuple[Result, ...]:
        """The results in view, in their order."""
        if self.choice is not None:
            return self.choice.records
        return () if self.record is None else (self.record,)

    def apply_read(self, read: ReadAnswer) -> bool:
        """Take over what the files' thread has read; False if another reading was asked for since."""
        if read.serial != self._serial:
            return False
        shown = read.shown
        self.raw, self.photo, self.original = read.raw, read.photo, read.original
        self.before, self.after, self.varied = shown.before, shown.after, shown.varied
        if shown.problem:
            self.record = self.choice = None
        for record, done in zip(self._results_in_view(), shown.dones, strict=True):
            if record.done is not done:
                record.done = done
                self._results_by_done[done] = record
                if (path := record.saves.get(AS_RESTORED)) is not None:
                    self.saves[done] = path
        self._update_thumbnail()
        return True

    def begin(self, request: RestoreRequest, makes_variations: bool) -> None:
        """A run begins; the result that is there goes into the history."""
        self.before_run = self.snapshot()
        self.checkpoint_folder, self.makes_variations = request.keep, makes_variations
        self.record = self.choice = self.patch = self.varied = self.copy = None
        self.before = self.after = self.live = self.comparison = self.finished = self.invention = None
        self.result_scale, self.result_preset = request.scale, request.preset
        self.phase, self.problem = ("", "", (1, 1)), ""

    def set_variations(self, varied: VariationImages, finish: Finish = AS_RESTORED) -> None:
        """Take over several results of a run; the first is the result until another is picked."""
        self.choice = VariationSet(tuple(self.result_for(done) for done in varied.dones))
        self.record, self.varied = self.choice.record, varied
        self.set_finish(finish)
        self.before, self.after = varied.before, varied.pictures[0]
        self._update_thumbnail()

    def set_result(
        self,
        done: Done,
        before: Pyramid | None,
        after: Pyramid | None,
        thumb: QImage | None = None,
        finish: Finish = AS_RESTORED,
    ) -> None:
        """Take over the result of a run; a photo out of view gets a small picture alone."""
        self.result, self.before, self.after = done, before, after
        self.set_finish(finish)
        if after is not None:
            self._update_thumbnail()
        else:
            self.thumb = thumb

    def _update_thumbnail(self) -> None:
        """The small picture shows what the photo's own place shows."""
        shown = self.after or self.original
        if self.finished is not None and self.finish.changes:
            shown = self.finished.pictures[self.chosen]
        if shown is not None:
            small = shown.level_for(0.0)
            if max(small.width(), small.height()) > THUMB_SIDE:
                how = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
                small = small.scaled(THUMB_SIDE, THUMB_SIDE, *how)
            self.thumb = small

    def pick(self, number: int) -> None:
        """Another of the variations is the result."""
        varied, choice = self.varied, self.choice
        if varied is None or choice is None or not self.at_rest or not 0 <= number < len(choice.records):
            return
        if number != choice.chosen:
            self.copy = None
        choice.chosen = number
        self.record, self.after = choice.record, varied.pictures[number]
        self.invention = None
        self._update_thumbnail()
        self.picked.emit(self)
        self.notify()

    def show_finished(self, pictures: FinishedPictures) -> None:
        """Take over what the result looks like with its strength and grain."""
        self.finished = pictures
        self._update_thumbnail()

    def note_saved(
        self,
        done: Done | StoredResult,
        path: Path,
        handed: bool,
        finish: Finish = AS_RESTORED,
    ) -> None:
        """A result was written to `path`, saved or `handed` to another program; another may be in view."""
        stored = (record for record in self._all_results() if done is record.stored)
        record = next(stored, None) or self._results_by_done.get(done)
        if handed:
            self.copying = False
            self.copy = path if self.result is done and self.finish == finish else self.copy
        else:
            if finish == AS_RESTORED:
                self.saves[done] = path
            if record is not None:
                record.saves[finish] = path
        self.notify()

    def show_all(self, on: bool) -> None:
        """All variations side by side, or the chosen one in comparison with the photo."""
        if self.choice is not None:
            self.choice.side_by_side = on
        self.notify()

    def clear_overlay(self) -> bool:
        """Show the photo without the region that was tried, or with itself on the Before side again; False
        where it is shown so."""
        if (self.patch is None and self.comparison is None) or not self.at_rest:
            return False
        self.patch, self.comparison = None, self.comparison if self.patch is not None else None
        self.notify()
        return True

    def release_images(self) -> None:
        """Drop what can be made again; called when the photo leaves the view."""
        if self.running or self.state in (DocumentState.READING, DocumentState.FAILED):
            return
        self.original = self.before = self.after = self.live = self.patch = self.varied = None
        self.comparison = self.finished = self.invention = self._edited = None
        has_result = self.record is not None or bool(
            self.results
        )  # which must be shown though the file may be gone
        if (
            self.path is not None and not self.applied_edits and not has_result
        ):  # the file knows nothing of that work
            self.raw = None
        if self.path is not None and not self.applied_edits and self.record is None:
            self.photo = None
        self.state = DocumentState.WAITING
