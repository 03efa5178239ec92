"""The files' thread: reads and writes photos, and makes their pictures for the screen.

In, from the window: a document's key with a path, a photo or a result. Out: signals
with frozen reports. A thread of its own, so that a large TIFF neither freezes the
window nor waits behind a run. Signals end in methods of QObjects only (see ui/workers/engine_worker.py).
"""

from __future__ import annotations

import logging
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from restorer.errors import PhotoError, RestorerError
from restorer.pipeline.finish import AS_RESTORED
from restorer.preferences import Output
from ui.i18n.engine_messages import engine_message
from ui.i18n.language import tr
from ui.system.environment import drop_opencv_qt_settings
from ui.workers.messages import (
    FileFailure,
    FolderListing,
    ReadAnswer,
    ReadRequest,
    SizeAnswer,
    SizeRequest,
    Thumbnail,
    WriteAnswer,
    WriteRequest,
)
from ui.workers.thread_host import ThreadHost

if TYPE_CHECKING:
    from restorer.photo import Photo
    from restorer.pipeline.events import Done

log = logging.getLogger(__name__)


def for_file(done: Done, output: Output) -> Photo:
    """The result's photo as the file gets it."""
    from restorer.photo.export import prepared

    return prepared(done.photo, output.long_side, output.metadata)


THUMB_SIDE = 256  # pixels; twice what the row shows on an ordinary screen


def _checkpoint_photo(folder: Path, name: str) -> Photo:
    from restorer.pipeline.resume import checkpoint

    try:
        return checkpoint.photo_of(folder)
    except (OSError, ValueError, KeyError) as error:
        text = tr("What was kept of {0} is damaged, so its run cannot go on; open the photo again.")
        raise PhotoError(text.format(name)) from error


class FileWorker(QObject):
    """Lives in the files' thread."""

    read = Signal(object)
    thumbed = Signal(object)
    listed = Signal(object)
    weighed = Signal(object)
    written = Signal(object)
    failed = Signal(object)

    @Slot(object)
    def do_read(self, task: ReadRequest) -> None:
        name = task.path.name if task.path is not None else self.tr("The picture")
        try:
            from restorer.photo import count_pages, read_photo
            from restorer.photo.edits import applied
            from ui.imaging.pyramid import photo_pyramid
            from ui.workers.display_images import results_shown
            from ui.workers.result_store import fetched

            raw, photo, pages = task.raw, task.photo, 1
            if photo is None and raw is None and task.checkpoint is not None:
                raw = photo = _checkpoint_photo(task.checkpoint, name)
            if raw is None and task.stored_raw is not None:
                raw = fetched(task.stored_raw).photo
            if photo is None:
                if raw is None:
                    assert task.path is not None, "a task without a photo names a file"
                    raw, pages = read_photo(task.path), count_pages(task.path)
                photo = applied(raw, task.edits)
            shown = results_shown(task, photo)
            self.read.emit(ReadAnswer(task.key, task.serial, raw, photo, photo_pyramid(photo), shown, pages))
        except RestorerError as error:
            log.warning("%s", error)
            self.failed.emit(FileFailure(task.key, engine_message(error), reading=True))
        except Exception:
            log.exception("reading %s failed", name)
            sentence = self.tr(
                "{0} cannot be opened because of an error inside Restorer; the details are in the log."
            ).format(name)
            self.failed.emit(FileFailure(task.key, sentence, reading=True))
        finally:
            drop_opencv_qt_settings()

    @Slot(object)
    def do_thumb(self, task: ReadRequest) -> None:
        image = None
        try:
            from restorer.photo import read_photo
            from ui.imaging.pyramid import small_picture

            if task.path is not None or task.photo is not None:
                photo = task.photo or read_photo(task.path or "")
                image = small_picture(photo, THUMB_SIDE)
        except Exception as error:  # told when the photo is opened; a row of pictures must not complain
            log.info("no small picture of %s: %s", task.path, error)
        finally:
            drop_opencv_qt_settings()
        self.thumbed.emit(Thumbnail(task.key, image))

    @Slot(object)
    def do_search(self, folders: tuple[Path, ...]) -> None:
        searched = [(folder, *photos_below(folder)) for folder in folders]
        self.listed.emit(
            FolderListing(
                tuple(path for _, photos, _ in searched for path in photos),
                tuple(folder for folder, photos, closed in searched if not photos and not closed),
                tuple(sentence for _, _, closed in searched for sentence in closed),
            )
        )

    @Slot(object)
    def do_write(self, task: WriteRequest) -> None:
        try:
            from restorer.photo import write_photo
            from ui.workers.result_store import fetched

            done = fetched(task.done)
            if task.finishing is not None:
                done = task.finishing.of(done)
            path = write_photo(
                for_file(done, task.output),
                task.path,
                bits=task.bits,
                quality=task.output.quality,
                provenance=done.provenance or None,
                overwrite=task.overwrite,
                date=task.output.date,
            )
            finish = task.finishing.finish if task.finishing is not None else AS_RESTORED
            self.written.emit(WriteAnswer(task.key, path, task.done, task.handed, finish))
        except RestorerError as error:
            log.warning("%s", error)
            self.failed.emit(FileFailure(task.key, engine_message(error), False, task.path))
        except Exception:
            log.exception("writing %s failed", task.path)
            sentence = self.tr(
                "{0} cannot be saved because of an error inside Restorer; the details are in the log."
            ).format(task.path.name)
            self.failed.emit(FileFailure(task.key, sentence, False, task.path))

    @Slot(object)
    def do_weigh(self, task: SizeRequest) -> None:
        size = -1
        try:
            from restorer.photo.export import estimated_bytes

            done = task.done if task.finishing is None else task.finishing.of(task.done)
            photo = for_file(done, task.output)
            size = estimated_bytes(
                photo,
                task.suffix,
                bits=task.bits,
                quality=task.output.quality,
                provenance=done.provenance or None,
            )
        except Exception as error:  # saving will say the same in words
            log.info("no size of %s: %s", task.suffix, error)
        self.weighed.emit(SizeAnswer(task.number, size))


class FileHost(ThreadHost):
    """The window's end of the files' thread."""

    read = Signal(object)
    written = Signal(object)
    failed = Signal(object)
    thumbed = Signal(object)
    listed = Signal(object)
    weighed = Signal(object)
    _weigh = Signal(object)
    _read = Signal(object)
    _write = Signal(object)
    _thumb = Signal(object)
    _search = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        worker = FileWorker()
        super().__init__("files", worker, parent)
        self._read.connect(worker.do_read)
        self._write.connect(worker.do_write)
        self._thumb.connect(worker.do_thumb)
        self._search.connect(worker.do_search)
        self._weigh.connect(worker.do_weigh)
        self.thumbed.connect(self._next_thumb)
        self.pass_on(
            (worker.read, self.read),
            (worker.thumbed, self.thumbed),
            (worker.weighed, self.weighed),
            (worker.listed, self.listed),
            (worker.written, self.written),
            (worker.failed, self.failed),
        )
        self._thumbs: deque[ReadRequest] = deque()
        self._thumbing = False
        self.thread_.start()

    def start_thumb(self, task: ReadRequest) -> None:
        """Make a small picture when there is time; only one is ever under way, so that opening goes first."""
        self._thumbs.append(task)
        if not self._thumbing:
            self._next_thumb()

    @Slot()
    def _next_thumb(self) -> None:
        self._thumbing = bool(self._thumbs)
        if self._thumbs:
            self._thumb.emit(self._thumbs.popleft())

    def start_weighing(self, task: SizeRequest) -> None:
        """Find out how large a file would be."""
        self._weigh.emit(task)

    def start_search(self, folders: tuple[Path, ...]) -> None:
        """Look for photos below folders."""
        self._search.emit(folders)

    def start_reading(self, task: ReadRequest) -> None:
        self._read.emit(task)

    def start_writing(self, task: WriteRequest) -> None:
        self._write.emit(task)

    def close(self) -> None:
        """Let the file in hand be finished, then end the thread."""
        self._thumbs.clear()
        super().close()


def photos_below(folder: Path) -> tuple[list[Path], list[str]]:
    """All files in a folder and its folders that are named like photos, and a sentence for each folder that
    cannot be looked into."""
    from restorer.files.walk import Trouble, walk
    from restorer.photo import PHOTO_SUFFIXES

    found: list[Path] = []
    closed: list[str] = []
    for path in walk(folder):
        if isinstance(path, Trouble):
            log.warning("%s", path.sentence)
            closed.append(path.sentence)
        elif path.suffix.lower() in PHOTO_SUFFIXES:
            found.append(path)
    return found, closed
