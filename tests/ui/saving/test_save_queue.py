"""The queue of files: one at a time, one file before a folder, and every job comes to its end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtCore import QObject, Signal

from ui.app_core import AppCore
from ui.model.document import Document
from ui.saving.save_queue import SaveItem, SaveJob, SaveQueue
from ui.workers.messages import FileFailure, WriteAnswer


class SaveEvents(QObject):
    written = Signal(object)
    failed = Signal(object)


class FilesThread:
    """Notes what is to be written, and answers when the test says so."""

    def __init__(self) -> None:
        self.events = SaveEvents()
        self.tasks: list[tuple[Any, Path]] = []

    def write(
        self, document: Document, done: Any, path: Path, *options: object, finishing: object = None
    ) -> None:
        self.tasks.append((done, path))

    def answer(self, good: bool = True) -> str:
        """Answer the first task; its name."""
        done, path = self.tasks.pop(0)
        if good:
            self.events.written.emit(WriteAnswer(1, path, done, False))
        else:
            self.events.failed.emit(FileFailure(1, "The disk is full.", False, path))
        return path.name


@pytest.fixture
def files(qapp: object) -> FilesThread:
    return FilesThread()


@pytest.fixture
def queue(files: FilesThread) -> SaveQueue:
    runs = SimpleNamespace(preferences=SimpleNamespace(output=None))
    core = SimpleNamespace(photos=SimpleNamespace(write=files.write), runs=runs, save_events=files.events)
    return SaveQueue(cast("AppCore", core), files.events)


def job(names: str, folder: bool = True) -> SaveJob:
    """A job of documents that are called by one letter each; "-" is one that needs no saving any more."""

    def make_item(document: Document) -> SaveItem | None:
        name = cast("str", document)
        return None if name == "-" else SaveItem(document, cast("Any", object()), Path(name))

    documents = cast("list[Document]", list(names))
    return SaveJob(documents, make_item, Path("folder") if folder else None)


def drain(files: FilesThread, answer: Callable[[], str]) -> str:
    """All names in the order in which they were written, never two at once."""
    names = ""
    while files.tasks:
        assert len(files.tasks) == 1
        names += answer()
    return names


def test_files_are_written_one_after_the_other_and_one_file_goes_before_a_folder(
    files: FilesThread, queue: SaveQueue
) -> None:
    ended: list[SaveJob] = []
    queue.ended.connect(ended.append)
    album, more, single = job("abc"), job("de"), job("s", folder=False)
    for each in (album, more, single):
        queue.add(each)
    assert drain(files, files.answer) == "asbcde"
    assert ended == [single, album, more]
    assert [each.saved for each in ended] == [1, 3, 2]
    assert queue.jobs == ()


def test_a_file_that_fails_is_noted_and_the_next_one_follows(files: FilesThread, queue: SaveQueue) -> None:
    failed: list[SaveJob] = []
    queue.failed.connect(failed.append)
    album = job("ab")
    queue.add(album)
    files.answer(good=False)
    assert failed == [album]
    assert album.position == (2, 2)
    assert files.answer() == "b"
    assert (album.saved, album.failures) == (1, [("a", "The disk is full.")])
    assert queue.jobs == ()


def test_a_job_with_nothing_left_to_save_ends_at_once(files: FilesThread, queue: SaveQueue) -> None:
    ended: list[SaveJob] = []
    queue.ended.connect(ended.append)
    empty, gone, last = job(""), job("--"), job("a-")
    for each in (empty, gone, last):
        queue.add(each)
    assert ended == [empty, gone]
    assert drain(files, files.answer) == "a"
    assert ended == [empty, gone, last]


def test_a_document_is_held_while_it_waits_and_while_it_is_written(
    files: FilesThread, queue: SaveQueue
) -> None:
    album = job("ab")
    queue.add(album)
    held = [queue.holds(cast("Document", name)) for name in "abc"]
    assert held == [True, True, False]
    files.answer()
    assert not queue.holds(cast("Document", "a"))
    files.answer()
    assert not queue.holds(cast("Document", "b"))


def test_a_copy_for_another_program_is_no_answer(files: FilesThread, queue: SaveQueue) -> None:
    queue.add(job("a"))
    done, path = files.tasks[0]
    files.events.written.emit(WriteAnswer(1, path, done, True))
    assert queue.jobs
    files.answer()
    assert not queue.jobs
