"""The files' thread: reads and writes photos, and makes their pictures for the screen.

In, from the window: a document's key with a path, a photo or a result. Out: signals
with frozen reports. A thread of its own, so that a large TIFF neither freezes the
window nor waits behind a run. Signals end in methods of QObjects only (see ui/worker.py).
"""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal, Slot

from restorer.errors import PhotoError, RestorerError
from ui.engine_words import engine_words
from ui.environment import drop_opencv_qt_settings
from ui.language import tr
from ui.preferences import Output
from ui.sifting import photos_below

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from restorer.edits import Edit
    from restorer.events import Done
    from restorer.photo import Photo
    from ui.attic import Stored
    from ui.pyramid import Pyramid
    from ui.showing import Shown

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Reading:
    """Read `path` (or take `raw`, which is in memory, or the photo of the unfinished run in `kept`), do the
    desk work, and show what was `made` beside it, of several results the one numbered `chosen`.

    photo: the photo after its desk work, where it is in memory already. serial: comes back, so that an answer
    to an older question is not taken for that to a newer one.
    """

    key: int
    path: Path | None
    raw: Photo | None = None
    made: tuple[Done | Stored, ...] = ()
    edits: tuple[Edit, ...] = ()
    photo: Photo | None = None
    kept: Path | None = None
    chosen: int = 0
    serial: int = 0


@dataclass(frozen=True, eq=False)
class Read:
    key: int
    serial: int
    raw: Photo | None
    photo: Photo
    original: Pyramid
    shown: Shown
    pages: int = 1  # of the file, if that was read now


@dataclass(frozen=True, eq=False)
class Writing:
    key: int
    done: Done | Stored
    path: Path
    overwrite: bool = False
    output: Output = field(default_factory=Output)
    bits: int | None = None  # None keeps the depth of the result
    handed: bool = False  # a copy for another program; the result does not count as saved


@dataclass(frozen=True, eq=False)
class Written:
    """`done` lies in `path` now; by then another result may be in view."""

    key: int
    path: Path
    done: Done | Stored
    handed: bool = False


@dataclass(frozen=True, eq=False)
class Weighing:
    """How large would the file be? `number` comes back, so that only the last question is answered."""

    number: int
    done: Done
    suffix: str
    output: Output
    bits: int | None


@dataclass(frozen=True)
class Weighed:
    number: int
    bytes: int  # -1 where it cannot be told


def for_file(done: Done, output: Output) -> Photo:
    """The result's photo as the file gets it."""
    from restorer.export import Keep, prepared

    return prepared(done.photo, output.long_side, Keep(output.metadata.value))


@dataclass(frozen=True)
class FileFailure:
    key: int
    message: str
    reading: bool
    path: Path | None = None  # the file that was not written


@dataclass(frozen=True, eq=False)
class Thumb:
    """A small picture for the row of photos; None where the file cannot be read."""

    key: int
    image: QImage | None


@dataclass(frozen=True)
class Listed:
    """The photos below some folders, in order; the folders that held none; a sentence for each folder that
    could not be looked into."""

    photos: tuple[Path, ...]
    empty: tuple[Path, ...]
    closed: tuple[str, ...] = ()


THUMB_SIDE = 256  # pixels; twice what the row shows on an ordinary screen


def _kept_photo(folder: Path, name: str) -> Photo:
    from restorer import checkpoint

    try:
        return checkpoint.photo_of(folder)
    except (OSError, ValueError, KeyError) as error:
        text = tr("What was kept of {0} is damaged, so its run cannot go on; open the photo again.")
        raise PhotoError(text.format(name)) from error


class FileWorker(QObject):
    """Lives in the files' thread."""

    found = Signal(object)  # runs that were left unfinished, newest first
    read = Signal(object)
    thumbed = Signal(object)
    listed = Signal(object)
    weighed = Signal(object)
    written = Signal(object)
    failed = Signal(object)

    @Slot(object)
    def do_read(self, task: Reading) -> None:
        name = task.path.name if task.path is not None else self.tr("The picture")
        try:
            from restorer.edits import applied
            from restorer.photo import count_pages, read_photo
            from ui.pyramid import photo_pyramid
            from ui.showing import results_shown

            raw, photo, pages = task.raw, task.photo, 1
            if photo is None and raw is None and task.kept is not None:
                raw = photo = _kept_photo(task.kept, name)
            if photo is None:
                if raw is None:
                    assert task.path is not None, "a task without a photo names a file"
                    raw, pages = read_photo(task.path), count_pages(task.path)
                photo = applied(raw, task.edits)
            shown = results_shown(task, photo)
            self.read.emit(Read(task.key, task.serial, raw, photo, photo_pyramid(photo), shown, pages))
        except RestorerError as error:
            log.warning("%s", error)
            self.failed.emit(FileFailure(task.key, engine_words(error), reading=True))
        except Exception:
            log.exception("reading %s failed", name)
            sentence = self.tr(
                "{0} cannot be opened because of an error inside Restorer; the details are in the log."
            ).format(name)
            self.failed.emit(FileFailure(task.key, sentence, reading=True))
        finally:
            drop_opencv_qt_settings()

    @Slot()
    def do_look(self) -> None:
        from restorer import checkpoint

        try:
            self.found.emit(checkpoint.unfinished())
        except OSError:
            log.exception("the unfinished runs cannot be listed")

    @Slot(object)
    def do_thumb(self, task: Reading) -> None:
        image = None
        try:
            from restorer.photo import read_photo
            from ui.pyramid import small_picture

            if task.path is not None or task.photo is not None:
                photo = task.photo or read_photo(task.path or "")
                image = small_picture(photo, THUMB_SIDE)
        except Exception as error:  # told when the photo is opened; a row of pictures must not complain
            log.info("no small picture of %s: %s", task.path, error)
        finally:
            drop_opencv_qt_settings()
        self.thumbed.emit(Thumb(task.key, image))

    @Slot(object)
    def do_search(self, folders: tuple[Path, ...]) -> None:
        searched = [(folder, *photos_below(folder)) for folder in folders]
        self.listed.emit(
            Listed(
                tuple(path for _, photos, _ in searched for path in photos),
                tuple(folder for folder, photos, closed in searched if not photos and not closed),
                tuple(sentence for _, _, closed in searched for sentence in closed),
            )
        )

    @Slot(object)
    def do_write(self, task: Writing) -> None:
        try:
            from restorer.photo import write_photo
            from ui.attic import fetched

            done = fetched(task.done)
            path = write_photo(
                for_file(done, task.output),
                task.path,
                bits=task.bits,
                quality=task.output.quality,
                provenance=done.provenance,
                overwrite=task.overwrite,
            )
            self.written.emit(Written(task.key, path, task.done, task.handed))
        except RestorerError as error:
            log.warning("%s", error)
            self.failed.emit(FileFailure(task.key, engine_words(error), False, task.path))
        except Exception:
            log.exception("writing %s failed", task.path)
            sentence = self.tr(
                "{0} cannot be saved because of an error inside Restorer; the details are in the log."
            ).format(task.path.name)
            self.failed.emit(FileFailure(task.key, sentence, False, task.path))

    @Slot(object)
    def do_weigh(self, task: Weighing) -> None:
        size = -1
        try:
            from restorer.export import estimated_bytes

            photo = for_file(task.done, task.output)
            size = estimated_bytes(
                photo,
                task.suffix,
                bits=task.bits,
                quality=task.output.quality,
                provenance=task.done.provenance,
            )
        except Exception as error:  # saving will say the same in words
            log.info("no size of %s: %s", task.suffix, error)
        self.weighed.emit(Weighed(task.number, size))


class FileHost(QObject):
    """The window's end of the files' thread."""

    read = Signal(object)
    written = Signal(object)
    failed = Signal(object)
    thumbed = Signal(object)
    found = Signal(object)  # runs that were left unfinished
    listed = Signal(object)
    weighed = Signal(object)
    _weigh = Signal(object)
    _look = Signal()
    _read = Signal(object)
    _write = Signal(object)
    _thumb = Signal(object)
    _search = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.thread_ = QThread(self)
        self.thread_.setObjectName("files")
        self._worker = FileWorker()
        self._worker.moveToThread(self.thread_)
        self.thread_.finished.connect(self._worker.deleteLater)
        self._look.connect(self._worker.do_look)
        self._read.connect(self._worker.do_read)
        self._write.connect(self._worker.do_write)
        self._thumb.connect(self._worker.do_thumb)
        self._search.connect(self._worker.do_search)
        self._worker.thumbed.connect(self._on_thumbed)
        self._worker.listed.connect(self._on_listed)
        self._worker.found.connect(self._on_found)
        self._weigh.connect(self._worker.do_weigh)
        self._worker.weighed.connect(self._on_weighed)
        self._worker.read.connect(self._on_read)
        self._worker.written.connect(self._on_written)
        self._worker.failed.connect(self._on_failed)
        self._writings: deque[Writing] = deque()  # in the order in which the thread answers
        self._thumbs: deque[Reading] = deque()
        self._thumbing = False
        self.thread_.start()

    def start_thumb(self, task: Reading) -> None:
        """Make a small picture when there is time; only one is ever under way, so that opening goes first."""
        self._thumbs.append(task)
        if not self._thumbing:
            self._next_thumb()

    def _next_thumb(self) -> None:
        self._thumbing = bool(self._thumbs)
        if self._thumbs:
            self._thumb.emit(self._thumbs.popleft())

    def start_weighing(self, task: Weighing) -> None:
        """Find out how large a file would be."""
        self._weigh.emit(task)

    def start_search(self, folders: tuple[Path, ...]) -> None:
        """Look for photos below folders."""
        self._search.emit(folders)

    def look_for_unfinished(self) -> None:
        """Ask which runs were left; `found` follows."""
        self._look.emit()

    def start_reading(self, task: Reading) -> None:
        self._read.emit(task)

    @property
    def writing(self) -> bool:
        """Whether a file that somebody wants to have is being written, or waits for that."""
        return any(not task.handed for task in self._writings)

    def start_writing(self, task: Writing) -> None:
        self._writings.append(task)
        self._write.emit(task)

    def close(self) -> None:
        """Let the file in hand be finished, then end the thread."""
        self._thumbs.clear()
        self.thread_.quit()
        self.thread_.wait()

    @Slot(object)
    def _on_found(self, runs: object) -> None:
        self.found.emit(runs)

    @Slot(object)
    def _on_read(self, read: Read) -> None:
        self.read.emit(read)

    @Slot(object)
    def _on_thumbed(self, thumb: Thumb) -> None:
        self._next_thumb()
        self.thumbed.emit(thumb)

    @Slot(object)
    def _on_weighed(self, weighed: Weighed) -> None:
        self.weighed.emit(weighed)

    @Slot(object)
    def _on_listed(self, listed: Listed) -> None:
        self.listed.emit(listed)

    @Slot(object)
    def _on_written(self, written: Written) -> None:
        self._writings.popleft()
        self.written.emit(written)

    @Slot(object)
    def _on_failed(self, failure: FileFailure) -> None:
        if not failure.reading:
            self._writings.popleft()
        self.failed.emit(failure)
