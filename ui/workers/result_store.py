"""Results in files, so that a long history does not fill the memory and a crash loses none.

In: results. Out: the same, to the bit, when they are shown again. Pixels, opacity, the layers of restored
faces and what was filled go into a file, as they are, 8 or 16 bits; profile, metadata and figures stay in
memory too and lie beside it as JSON. The files lie in a folder of the cache that is locked while the app
runs, with `SESSION`, which says what they are (`ui.last_session`). A folder that nobody holds was left by a
crash: without a session it is removed at the next start, else it waits for an answer of the person's.
"""

from __future__ import annotations

import errno
import json
import logging
import math
import os
import shutil
import uuid
import zlib
from dataclasses import dataclass, replace
from io import BufferedReader
from pathlib import Path
from typing import IO, TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from restorer import locks, paths
from restorer.errors import PhotoError
from restorer.pipeline.run_control import RunControl
from ui.i18n.engine_messages import engine_message
from ui.i18n.language import tr
from ui.workers.damage.filled_pixels_files import mended_arrays, mended_with_room, mended_without_pixels
from ui.workers.faces.layer_files import arrays_of, bytes_of, with_room, without_pixels
from ui.workers.result_json import figures_from, plain_figures, shape_from

if TYPE_CHECKING:
    import numpy as np

    from restorer.pipeline.events import Done
    from ui.workers.finish_worker import Finishing

log = logging.getLogger(__name__)

LOCK, SESSION = "lock", "session.json"
FIGURES = ".json"
"""Ends the name of the file with a result's figures."""
MOST_FIGURES = 2**26
"""Bytes of such a file; a profile or metadata can be large."""
RESERVED_BYTES = 2**29  # bytes of the disk that are left to others
PIECE = 2**24  # bytes; a closing app waits for no more than one piece


@dataclass(eq=False)
class StoredResult:
    """A result whose pixels lie in a file. figures: the result with a photo of one pixel. path: the file;
    `take_over` changes it, so that whoever still has to read the result finds it. shape: of the pixels. crc:
    of all bytes of the file."""

    figures: Done
    path: Path
    shape: tuple[int, ...]
    crc: int


class StoppedError(Exception):
    """The app is being closed; the file is not wanted any more."""


def store(done: Done, path: Path, control: RunControl) -> StoredResult:
    """Put a result's pixels into the file `path`, which appears when it is whole.

    Raises OSError where that cannot be done (a full disk has room for others left), StoppedError when
    `control` is cancelled.
    """
    from restorer.pipeline.resume.run_folder import replace_file

    photo = done.photo
    arrays = [photo.pixels] if photo.alpha is None else [photo.pixels, photo.alpha]
    arrays += [*arrays_of(done.face_layers), *mended_arrays(done.mended)]
    if shutil.disk_usage(path.parent).free < sum(array.nbytes for array in arrays) + RESERVED_BYTES:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
    beside = path.with_name(path.name + ".new")
    crc = 0
    try:
        with beside.open("wb") as file:
            for array in arrays:
                whole = _bytes(array)
                for begin in range(0, len(whole), PIECE):
                    if control.cancelled.is_set():
                        raise StoppedError
                    piece = whole[begin : begin + PIECE]
                    file.write(piece)
                    crc = zlib.crc32(piece, crc)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    point = replace(
        photo,
        pixels=photo.pixels[:1, :1].copy(),
        alpha=None if photo.alpha is None else photo.alpha[:1, :1].copy(),
    )
    figures = replace(
        done,
        photo=point,
        face_layers=without_pixels(done.face_layers),
        mended=mended_without_pixels(done.mended),
    )
    stored = StoredResult(figures, path, photo.pixels.shape, crc)
    facts = {"shape": stored.shape, "crc": crc, "figures": plain_figures(done)}
    replace_file(figures_path(path), lambda beside: beside.write_text(json.dumps(facts), "utf-8"))
    return stored


def figures_path(path: Path) -> Path:
    """Where the figures of the result in the file `path` lie."""
    return path.with_name(path.name + FIGURES)


def left(path: Path) -> StoredResult:
    """A result that another process stored. Raises OSError or ValueError where it is not whole; its pixels
    are looked at when they are fetched."""
    facts = paths.plain_json(figures_path(path), MOST_FIGURES)
    if not isinstance(facts, dict) or type(facts.get("crc")) is not int:
        raise ValueError("no figures of a result")
    figures = figures_from(facts.get("figures"))
    shape = shape_from(facts.get("shape"), figures)
    paths.check_plain(path)
    point = figures.photo
    samples = math.prod(shape) + (0 if point.alpha is None else math.prod(shape[:2]))
    rest = bytes_of(figures.face_layers, point.pixels.itemsize)
    rest += sum(array.nbytes for array in mended_arrays(figures.mended))
    if path.stat().st_size != samples * point.pixels.itemsize + rest:
        raise ValueError("the file is of another size")
    return StoredResult(figures, path, shape, facts["crc"])


def take_over(stored: StoredResult, path: Path) -> StoredResult:
    """Have a result that lies in another folder of the cache in the file `path` as well, without a copy where
    the disk can do that; from now on it is that file's. Raises OSError."""
    for source, target in ((stored.path, path), (figures_path(stored.path), figures_path(path))):
        try:
            os.link(source, target, follow_symlinks=False)
        except OSError:
            shutil.copyfile(source, target)
    stored.path = path  # the files' thread may be about to read it, see `_opened`
    return stored


def fetched(stored: Done | StoredResult) -> Done:
    """The result with its pixels, as it was. Raises PhotoError if its file cannot be read or is damaged."""
    if not isinstance(stored, StoredResult):
        return stored
    import numpy as np

    point = stored.figures.photo
    pixels = np.empty(stored.shape, point.pixels.dtype)
    alpha = None if point.alpha is None else np.empty(stored.shape[:2], point.alpha.dtype)
    layers, mended = with_room(stored.figures.face_layers), mended_with_room(stored.figures.mended)
    arrays = [pixels] if alpha is None else [pixels, alpha]
    crc = 0
    try:
        with _opened(stored) as file:
            for array in [*arrays, *arrays_of(layers), *mended_arrays(mended)]:
                whole = _bytes(array)
                if file.readinto(whole) != len(whole):
                    raise OSError(errno.EIO, tr("the file is too short"))
                crc = zlib.crc32(whole, crc)
    except OSError as error:
        raise _missing_error(stored, error.strerror or str(error)) from error
    if crc != stored.crc:
        raise _missing_error(stored, tr("the file is damaged"))
    photo = replace(point, pixels=pixels, alpha=alpha)
    return replace(stored.figures, photo=photo, face_layers=layers, mended=mended)


def _opened(stored: StoredResult) -> BufferedReader:
    """Its file; the thread of the result files may take the result over meanwhile, and then the file that was
    here goes."""
    path = stored.path
    try:
        return path.open("rb")
    except FileNotFoundError:
        if stored.path == path:
            raise
        return stored.path.open("rb")


def _missing_error(stored: StoredResult, why: str) -> PhotoError:
    text = tr(
        "The result of version {0} cannot be fetched from {1}: {2}. Restore the photo again as this version."
    )
    return PhotoError(text.format(stored.figures.seed, stored.path.parent, why))


def _bytes(array: np.ndarray) -> memoryview:
    import numpy as np

    return np.ascontiguousarray(array).data.cast("B")


class ResultStore:
    """The folder of this process; all of it is used by one thread. is_kept: it stays when the app ends."""

    def __init__(self) -> None:
        self.is_kept = False
        self._folder: Path | None = None
        self._lock: IO[bytes] | None = None
        self._count = 0

    def new_path(self, key: int) -> Path:
        """Where a result of the photo `key` can be put. Raises OSError if there is no place."""
        if self._folder is None or not self._folder.is_dir():  # a cleaner of caches may have been here
            self._open()
        assert self._folder is not None
        folder = self._folder / str(key)
        folder.mkdir(parents=True, exist_ok=True)
        self._count += 1
        return folder / str(self._count)

    def _open(self) -> None:
        self.close()
        folder = paths.private_folder(root()) / uuid.uuid4().hex
        folder.mkdir(mode=0o700)
        lock = (folder / LOCK).open("ab")
        locks.lock(lock)  # where a file system knows no locks, a crash leaves its folder for good
        self._folder, self._lock = folder, lock

    def write_session(self, text: str) -> None:
        """Say what the results are; "" where there is nothing to say. Raises OSError."""
        from restorer.pipeline.resume.run_folder import replace_file

        if not text:
            if self._folder is not None:
                (self._folder / SESSION).unlink(missing_ok=True)
            return
        if self._folder is None or not self._folder.is_dir():
            self._open()
        assert self._folder is not None
        replace_file(self._folder / SESSION, lambda path: path.write_text(text, "utf-8"))

    def forget_photo(self, key: int) -> None:
        """Remove all results of a photo."""
        if self._folder is not None:
            shutil.rmtree(self._folder / str(key), ignore_errors=True)

    def close(self) -> None:
        """Remove everything, unless it is kept for the next start."""
        if self._lock is not None:
            self._lock.close()
        if self._folder is not None and not self.is_kept:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder = self._lock = None


def sweep() -> None:
    """Remove what apps that crashed have left without a session."""
    for folder in root().iterdir() if root().is_dir() else ():
        if not (folder / SESSION).exists() and locks.abandoned(folder / LOCK):
            shutil.rmtree(folder, ignore_errors=True)


def root() -> Path:
    """Where all such folders lie."""
    return paths.cache_dir() / "results"


class StoreWorker(QObject):
    """Lives in the thread of the result files; nobody else touches the folder, except to read from it."""

    stored = Signal(int, object)  # the number that came with the result, its Stored
    refused = Signal(int, str)  # why it cannot be put away
    pictured = Signal(int, object, str)  # the number, a Pyramid or None, why there is none
    session_written = Signal(int, bool)  # its number, and whether it could be

    def __init__(self, results: ResultStore, control: RunControl) -> None:
        super().__init__()
        self._results = results
        self._control = control

    @Slot()
    def sweep(self) -> None:
        try:
            sweep()
        except OSError:
            log.exception("the leftovers of earlier results cannot be listed")

    @Slot(int, str)
    def write_session(self, number: int, text: str) -> None:
        """Say what the results are. Where that cannot be written, a crash loses more, and the log has why."""
        try:
            self._results.write_session(text)
        except OSError as error:
            log.warning("the session cannot be written: %s", error)
            self.session_written.emit(number, False)
        else:
            self.session_written.emit(number, True)

    @Slot(int, int, object)
    def store(self, number: int, key: int, done: Done | StoredResult) -> None:
        """Put a result of the photo `key` away, or take one over that another process stored; exactly one of
        the signals answers, or none at the end."""
        try:
            path = self._results.new_path(key)
            if isinstance(done, StoredResult):
                self.stored.emit(number, take_over(done, path))
            else:
                self.stored.emit(number, store(done, path, self._control))
        except StoppedError:
            pass
        except OSError as error:
            log.warning("a result stays in memory: %s", error)
            self.refused.emit(number, error.strerror or str(error))
        except Exception as error:  # a result must never be lost for the sake of memory
            log.exception("a result stays in memory")
            self.refused.emit(number, str(error))

    @Slot(int, object, object)
    def picture(self, number: int, stored: Done | StoredResult, finishing: Finishing | None) -> None:
        """What a result looks like, finished where that was asked for."""
        try:
            from ui.imaging.pyramid import photo_pyramid

            done = fetched(stored)
            if finishing is not None:
                done = finishing.of(done)
            self.pictured.emit(number, photo_pyramid(done.photo), "")
        except PhotoError as error:
            log.warning("%s", error)
            self.pictured.emit(number, None, engine_message(error))

    @Slot(object)
    def forget(self, path: Path) -> None:
        try:
            path.unlink(missing_ok=True)
            figures_path(path).unlink(missing_ok=True)
        except OSError as error:
            log.info("%s stays until the end: %s", path, error)

    @Slot(int)
    def forget_photo(self, key: int) -> None:
        self._results.forget_photo(key)
