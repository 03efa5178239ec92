"""Saving, and the question before something unsaved is lost.

    before, ask_before_close   --> one question  --> save, discard, or cancel the action that was to follow
    save, save_photos, save_pictures --> a dialog --> a job in the SaveQueue --> a report, then that action

In: one result, all results, or pictures of a class; and perhaps an action that is done once they are safe or
given up, such as closing the photo or the window. Out: files, sentences for the person, and the action. A
save that is cancelled or fails cancels the action too. Results that are saved together go under names that
are free; pictures of a class go under their own names, and files that exist are asked about first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from restorer.files.destinations import same_file
from restorer.files.naming import unused
from restorer.paths import home
from restorer.preferences import Output
from ui.app_core import AppCore
from ui.model.document import Document
from ui.model.generated_image import GeneratedImage
from ui.model.output_name import suggested_name
from ui.saving.export_dialog import Export, ExportDialog
from ui.saving.result_loader import ResultLoader
from ui.saving.save_queue import SaveItem, SaveJob, SaveQueue
from ui.settings import ui_state
from ui.widgets.dialogs import OverwriteQuestion, UnsavedAnswer, UnsavedQuestion, folder_dialog
from ui.widgets.protocols import Messages

Action = Callable[[], object]
NAMED = 5  # more names than these are counted


@dataclass(eq=False)
class PendingAction:
    """What the person wants to do once some results are safe or given up.

    then: the action. documents: whose results it would lose. save: begins to save them. jobs: the action
    waits until these have ended.
    """

    then: Action
    documents: tuple[Document, ...] = ()
    save: Action | None = None
    jobs: set[SaveJob] = field(default_factory=set)


class SaveController(QObject):
    """Asks and saves for one window; `parent` is what the dialogs open over."""

    photos_needed = Signal()  # a question is about restored photos, which should be in view
    pictures_needed = Signal()  # a question is about kept pictures, which should be in view
    action_cancelled = Signal()

    def __init__(self, core: AppCore, messages: Messages, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent, self._messages = parent, messages
        self._core, self._runs, self._generation = core, core.runs, core.generation
        self._store = core.store
        self._folder = ui_state.output_folder(core.store)  # None: beside each photo
        core.photos.written.connect(self._note_folder)
        self._pending: PendingAction | None = None
        self._loader = ResultLoader(core.runs)
        self._loader.ready.connect(self.save)
        self._loader.failed.connect(self._cancel_action)
        self._queue = SaveQueue(core, self)
        self._queue.started.connect(self._show_progress)
        self._queue.failed.connect(self._on_failed)
        self._queue.ended.connect(self._on_ended)
        core.photos.written.connect(self._on_written)

    # One result ------------------------------------------------------------------------------

    @Slot(object)
    def save(self, document: Document) -> None:
        """Ask where, then write. An action that waits for another document is cancelled."""
        if self._pending is not None and document not in self._pending.documents:
            self._cancel_action()
        if document.to_save is None:  # a run began meanwhile
            self._cancel_action()
            return
        own = document.path.parent if document.path is not None else home()
        folder = self._folder or own
        if document.saved is not None:
            folder = document.saved.parent
        output = document.output(self._runs.preferences.output)
        dialog = ExportDialog(self._parent, document, output, folder, self._runs.files)
        dialog.wanted.connect(partial(self._on_wanted, document))
        dialog.rejected.connect(self._cancel_action)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_wanted(self, document: Document, export: Export) -> None:
        beside = document.path is not None and document.path.parent == export.path.parent
        self._choose(None if beside else export.path.parent)
        self._write(
            SaveItem(
                document,
                export.done,
                export.path,
                export.overwrite,
                export.output,
                export.bits,
                export.finishing,
            )
        )

    def write(
        self,
        document: Document,
        path: Path,
        overwrite: bool = False,
        output: Output | None = None,
        bits: int | None = None,
    ) -> None:
        """Write what can be saved of the document in view to `path`: its result, or the edited photo.

        The original is never overwritten, whatever leads to it, other files only when `overwrite` says so.
        """
        done = document.to_save
        if done is not None:
            finishing = document.finishing() if document.result is not None else None
            self._write(SaveItem(document, done, path, overwrite, output, bits, finishing))

    def _write(self, item: SaveItem) -> None:
        document, path = item.document, item.path
        if document.path is not None and same_file(path, document.path):
            self._cancel_action()
            self._messages.error(self.tr("{0} is the original photo. Choose another name.").format(path.name))
            return
        job = SaveJob([document], lambda _: item)
        if self._pending is not None and document in self._pending.documents:
            self._pending.jobs.add(job)
        self._queue.add(job)

    @Slot(object)
    def _on_written(self, document: Document) -> None:
        """A result says in its own sentence where it lies; an edited photo has none."""
        path = document.saves.get(document.edited) if document.edited is not None else None
        if path is not None:
            self._messages.status(self.tr("Saved as {0}.").format(path.name), announce=True)

    # Many results ----------------------------------------------------------------------------

    @Slot()
    def save_photos(self) -> None:
        """Ask for a folder, then save every restored photo whose result in view lies in no file."""
        self._cancel_action()
        self._ask_photo_folder(self.save_photos_to)

    @Slot(str)
    def save_photos_to(self, folder: str) -> None:
        self._save_under_free_names(folder, self._unsaved_photos())

    @Slot()
    def save_pictures(self) -> None:
        """Ask for a folder, then save the pictures that are kept, or all where none is."""
        self._cancel_action()
        self._ask_picture_folder(self.save_pictures_to)

    @Slot(str)
    def save_pictures_to(self, folder: str) -> None:
        self._save_under_own_names(folder, self._generation.to_save())

    def _ask_photo_folder(self, save: Callable[[str], object]) -> None:
        paths = [document.path for document in self._unsaved_photos() if document.path is not None]
        likely = self._folder or (paths[0].parent if paths else home())
        self._ask_folder(self.tr("Folder for the results"), likely, save)

    def _ask_picture_folder(self, save: Callable[[str], object]) -> None:
        self._ask_folder(self.tr("Folder for the pictures"), self._folder or home(), save)

    def _ask_folder(self, title: str, likely: Path, save: Callable[[str], object]) -> None:
        dialog = folder_dialog(self._parent, likely, title)
        dialog.fileSelected.connect(save)
        dialog.rejected.connect(self._cancel_action)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _save_all_unsaved(self, folder: str) -> None:
        """Save what closing the window would lose on both sides."""
        self._save_under_free_names(folder, [*self._unsaved_photos(), *self._generation.unsaved()])

    def _save_kept_pictures(self, folder: str) -> None:
        self._save_under_own_names(folder, self._generation.unsaved())

    def _choose(self, folder: Path | None) -> None:
        """The folder that the next dialog begins with; None for the photo's own."""
        self._folder = folder
        ui_state.keep_output_folder(self._store, folder)

    @property
    def results_folder(self) -> Path | None:
        """Where the result in view lies, or the one that was saved last."""
        current = self._runs.session.current
        if current is not None and current.saved is not None and current.saved.parent.is_dir():
            return current.saved.parent
        return ui_state.results_folder(self._store)

    @Slot(object)
    def _note_folder(self, document: Document) -> None:
        if document.saved is not None:
            ui_state.keep_results_folder(self._store, document.saved.parent)

    def _save_under_free_names(self, name: str, documents: Sequence[Document]) -> None:
        """Each name is chosen when it is the document's turn, so no file is ever overwritten."""
        folder = Path(name)
        self._choose(folder)

        def make_item(document: Document) -> SaveItem | None:
            exists = document in (*self._runs.session.documents, *self._generation.all_pictures())
            if not exists or not document.unsaved or document.record is None:
                return None  # it was closed, or saved otherwise
            output = self._runs.preferences.output
            path = unused(folder / suggested_name(document, output))
            return SaveItem(
                document,
                document.record.in_memory_or_stored,
                path,
                output=document.output(output),
                finishing=document.finishing(),
            )

        new = [document for document in documents if not self._queue.holds(document)]
        self._add_folder_job(SaveJob(new, make_item, folder))

    def _save_under_own_names(self, name: str, pictures: Sequence[GeneratedImage]) -> None:
        """Files that exist are asked about before anything is written."""
        folder = Path(name)
        self._choose(folder)
        output = self._runs.preferences.output
        paths: dict[Document, Path] = {}
        for picture in pictures:
            own_name = Path(suggested_name(picture, output))
            path, number = folder / own_name, 2
            while path in paths.values():  # the same class and seed, made twice
                path, number = folder / own_name.with_stem(f"{own_name.stem} ({number})"), number + 1
            paths[picture] = path
        existing = [path for path in paths.values() if path.exists()]
        if not existing:
            self._write_pictures(folder, paths, overwrite=False)
            return
        question = OverwriteQuestion(self._parent, existing)
        question.replaced.connect(partial(self._write_pictures, folder, paths, overwrite=True))
        question.rejected.connect(self._cancel_action)
        question.open()

    def _write_pictures(self, folder: Path, paths: dict[Document, Path], overwrite: bool) -> None:
        def make_item(picture: Document) -> SaveItem | None:
            done = picture.result
            return SaveItem(picture, done, paths[picture], overwrite) if done is not None else None

        self._add_folder_job(SaveJob(paths, make_item, folder, pictures=True))

    def _add_folder_job(self, job: SaveJob) -> None:
        if self._pending is not None:
            self._pending.jobs.update((*self._queue.jobs, job))
        self._queue.add(job)

    def _unsaved_photos(self) -> list[Document]:
        return [document for document in self._runs.session.documents if document.unsaved]

    # How far it is ---------------------------------------------------------------------------

    @Slot(object, object)
    def _show_progress(self, job: SaveJob, item: SaveItem) -> None:
        if job.folder is None:
            self._messages.status(self.tr("Saving {0}…").format(item.path.name))
        else:
            text = self.tr("Saving {0}, {1} of {2}…").format(item.path.name, *job.position)
            self._messages.status(text)

    @Slot(object)
    def _on_failed(self, job: SaveJob) -> None:
        """The window has said why. What is left of the job is written all the same."""
        if self._pending is not None and job in self._pending.jobs:
            self._cancel_action()

    @Slot(object)
    def _on_ended(self, job: SaveJob) -> None:
        if job.folder is not None:
            self._report(job)
        pending = self._pending
        if pending is not None and job in pending.jobs:
            pending.jobs.discard(job)
            if not pending.jobs:
                self._do_action()

    def _report(self, job: SaveJob) -> None:
        """Say what was saved, and what was not."""
        if job.pictures:
            saved = self.tr("%n picture(s) saved in {0}.", "", job.saved).format(job.folder)
        else:
            saved = self.tr("%n result(s) saved in {0}.", "", job.saved).format(job.folder)
        if job.failures:
            names = self._listed([self._name(document) for document, _ in job.failures])
            parts = [saved] if job.saved else []
            failed = self.tr("Not saved: {0}.").format(names)
            self._messages.error("  ".join([*parts, failed, job.failures[0][1]]))
        elif job.saved and job.pictures:
            self._messages.status(saved, announce=True)
        elif job.saved:
            self._messages.info(saved)

    def _name(self, document: Document) -> str:
        return document.name or self.tr("Pasted picture")

    def _listed(self, names: Sequence[str]) -> str:
        text = ", ".join(names[:NAMED])
        more = len(names) - NAMED
        return text if more <= 0 else self.tr("{0} and %n more", "", more).format(text)

    # The question before something is lost ---------------------------------------------------

    def before(self, then: Action, document: Document, discard: str) -> None:
        """Do `then`, but ask first for each unsaved result of the document, be it in view or in the history;
        `discard` names the action on a button."""
        if not document.losses:
            then()
            return
        again = partial(self.before, then, document, discard)  # which asks about the next result
        pending = PendingAction(again, (document,), partial(self._loader.load, document))
        self._ask(pending, UnsavedQuestion(self._parent, self._loader.question(document), discard))

    def before_all(self, then: Action, discard: str) -> None:
        """Do `then`, but ask first about the unsaved results of all photos, once for all that are in view."""
        photos, in_view = self._runs.session.unsaved(), self._unsaved_photos()
        again = partial(self.before_all, then, discard)
        if not photos:
            then()
        elif len(in_view) < 2:
            self._runs.session.show(photos[0])
            self.before(again, photos[0], discard)
        else:
            self._ask_about_all(again, in_view, tuple(photos), discard, self.save_photos_to)

    def ask_before_close(self, then: Action) -> bool:
        """Whether something would be lost, or is still being written; `then` follows once nothing is, unless
        the person cancels. Restored photos are asked about once for all of them and for kept pictures."""
        if self._queue.jobs:
            self._pending = PendingAction(then, jobs=set(self._queue.jobs))
            self._messages.status(self.tr("The window closes as soon as everything is saved."), announce=True)
            return True
        if self._core.keeps_session:
            return False  # nothing is lost
        discard = self.tr("Close without saving")
        photos, pictures = self._runs.session.unsaved(), self._generation.unsaved()
        if photos:
            self.photos_needed.emit()
            in_view = [*self._unsaved_photos(), *pictures]
            if len(in_view) < 2:
                self._runs.session.show(photos[0])
                self.before(then, photos[0], discard)
            else:
                documents = (*photos, *pictures)
                self._ask_about_all(then, in_view, documents, discard, self._save_all_unsaved)
        elif pictures:
            self.pictures_needed.emit()
            self._ask_about_pictures(then, tuple(pictures), discard)
        return bool(photos or pictures)

    def _ask_about_all(
        self,
        then: Action,
        in_view: Sequence[Document],
        documents: tuple[Document, ...],
        discard: str,
        save_to: Callable[[str], object],
    ) -> None:
        text = self.tr("Save %n unsaved result(s) first?", "", len(in_view))
        question = UnsavedQuestion(self._parent, text, discard, self.tr("Save all…"))
        names = self._listed([self._name(document) for document in in_view])
        question.setInformativeText(self.tr("These lie in no file yet: {0}.").format(names))
        save = partial(self._ask_photo_folder, save_to)
        self._ask(PendingAction(then, documents, save), question)

    def _ask_about_pictures(self, then: Action, pictures: tuple[Document, ...], discard: str) -> None:
        text = self.tr("Save %n kept picture(s) first?", "", len(pictures))
        question = UnsavedQuestion(self._parent, text, discard)
        question.setInformativeText(
            self.tr("What was not saved comes back only with the same model, class and version number.")
        )
        save = partial(self._ask_picture_folder, self._save_kept_pictures)
        self._ask(PendingAction(then, pictures, save), question)

    def _ask(self, pending: PendingAction, question: UnsavedQuestion) -> None:
        self._pending = pending
        question.answered.connect(self._on_answer)
        question.finished.connect(question.deleteLater)
        question.open()

    @Slot(object)
    def _on_answer(self, answer: UnsavedAnswer) -> None:
        pending = self._pending
        if pending is None or answer is UnsavedAnswer.CANCEL:
            self._cancel_action()
        elif answer is UnsavedAnswer.DISCARD:
            for document in pending.documents:
                document.given_up = True
            self._do_action()
        elif pending.save is not None:
            pending.save()

    def _do_action(self) -> None:
        pending, self._pending = self._pending, None
        if pending is not None:
            pending.then()

    @Slot()
    def _cancel_action(self) -> None:
        pending, self._pending = self._pending, None
        if pending is not None:
            self.action_cancelled.emit()

    # The window stays, or goes ---------------------------------------------------------------

    def keep_open(self) -> None:
        """The window stays open: what was given up so that it could close counts again."""
        self._pending = None
        for document in (*self._runs.session.documents, *self._generation.all_pictures()):
            document.take_back()

    def shut(self) -> bool:
        return True
