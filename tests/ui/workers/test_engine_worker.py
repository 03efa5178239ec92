"""The engine's thread: it keeps its networks from run to run, and makes pictures only of what is in view."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from restorer import paths
from restorer.errors import ResultError
from restorer.packs import loader
from restorer.pipeline import restore
from restorer.pipeline.request import Preset, RestoreRequest
from tests.tiny_packs import BASE, write_cascade
from tests.ui.driver import LONG
from ui.app_core import AppCore
from ui.model.document import Document, DocumentState
from ui.model.options import GenerateOptions, RestoreOptions
from ui.workers import engine_worker

OPTIONS = RestoreOptions(preset=Preset.DRAFT, seed=3)


class Loads:
    """Counts what is loaded from disk."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: list[str] = []
        self._load = loader.load
        monkeypatch.setattr(loader, "load", self)

    def __call__(self, pack: object, *more: object, **options: object) -> object:
        self.names.append(pack.name)  # type: ignore[attr-defined]
        return self._load(pack, *more, **options)  # type: ignore[arg-type]


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> Loads:
    return Loads(monkeypatch)


@pytest.fixture
def two(core: AppCore, qtbot: QtBot, cat_file: Path, photo_file: Path) -> tuple[Document, Document]:
    """Two photos in the row, the first of them in view and read."""
    core.photos.open([cat_file, photo_file])
    first, second = core.session.documents
    qtbot.waitUntil(lambda: first.state is DocumentState.READY, timeout=LONG)
    return first, second


def restore_and_wait(core: AppCore, qtbot: QtBot, document: Document) -> np.ndarray:
    """Restore a photo; returns the result's pixels."""
    with qtbot.waitSignal(core.runs.finished, timeout=LONG):
        core.runs.restore(document, OPTIONS, 256)
    assert document.result is not None
    return document.result.photo.pixels


def test_the_second_photo_loads_no_network_and_is_the_one_of_a_run_alone(
    core: AppCore,
    qtbot: QtBot,
    two: tuple[Document, Document],
    loads: Loads,
    tiny_pack: str,
    photo_file: Path,
) -> None:
    restore_and_wait(core, qtbot, two[0])
    assert loads.names == [tiny_pack]
    second = restore_and_wait(core, qtbot, two[1])
    assert loads.names == [tiny_pack], "the second photo found the network of the first"
    *_, alone = restore.run(
        RestoreRequest(
            photo_file,
            preset=Preset.DRAFT,
            model=tiny_pack,
            seed=3,
            fidelity=OPTIONS.fidelity,
            grain=0.0,  # the window puts it back afterwards
            faces=OPTIONS.faces,
        )
    )
    assert np.array_equal(second, alone.photo.pixels)


def test_a_pack_whose_file_changed_is_loaded_anew(
    core: AppCore, qtbot: QtBot, two: tuple[Document, Document], loads: Loads, tiny_pack: str
) -> None:
    before = restore_and_wait(core, qtbot, two[0])
    from safetensors.torch import load_file, save_file

    folder = paths.packs_dir() / tiny_pack
    weights = folder / "model.safetensors"
    save_file({name: value * 0.5 for name, value in load_file(weights).items()}, weights)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    config["weights"]["sha256"] = loader.hash_of(weights)
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    after = restore_and_wait(core, qtbot, two[0])
    assert loads.names == [tiny_pack, tiny_pack]
    assert not np.array_equal(before, after)


def test_a_run_that_fails_keeps_no_network(
    core: AppCore,
    qtbot: QtBot,
    two: tuple[Document, Document],
    loads: Loads,
    monkeypatch: pytest.MonkeyPatch,
    tiny_pack: str,
) -> None:
    restore_and_wait(core, qtbot, two[0])

    def refuse(*given: object) -> None:
        raise ResultError("The picture is not usable.")

    with monkeypatch.context() as patch, qtbot.waitSignal(core.runs.failed, timeout=LONG):
        patch.setattr(restore, "check_result", refuse)
        core.runs.restore(two[0], OPTIONS, 256)
        qtbot.waitUntil(lambda: bool(two[0].problem), timeout=LONG)
    restore_and_wait(core, qtbot, two[0])
    assert loads.names == [tiny_pack, tiny_pack]


def test_pictures_of_a_class_find_the_network_of_the_sheet_before_and_leave_it_no_company(
    core: AppCore, qtbot: QtBot, two: tuple[Document, Document], loads: Loads, tiny_pack: str, home: Path
) -> None:
    write_cascade(home)
    options = GenerateOptions(base=BASE, count=1, size=32, preset=Preset.DRAFT)
    for _ in range(2):
        with qtbot.waitSignal(core.generation.finished, timeout=LONG):
            core.generation.paint(options)
    assert loads.names == [BASE]
    restore_and_wait(core, qtbot, two[0])
    with qtbot.waitSignal(core.generation.finished, timeout=LONG):
        core.generation.paint(options)
    assert loads.names == [BASE, tiny_pack, BASE], "one kind of network is in memory at a time"


def test_of_a_photo_out_of_view_only_a_small_picture_is_made(
    core: AppCore, qtbot: QtBot, two: tuple[Document, Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    for name in ("photo_pyramid", "enlarged_pyramid"):
        function = getattr(engine_worker, name)
        monkeypatch.setattr(
            engine_worker, name, lambda *given, f=function, n=name: (made.append(n), f(*given))[1]
        )
    first, second = two
    second.thumb = None
    restore_and_wait(core, qtbot, second)
    assert made == []
    assert second.after is None
    assert second.thumb is not None
    assert (second.thumb.width(), second.thumb.height()) == (240, 180)
    core.session.show(second)
    qtbot.waitUntil(lambda: second.state is DocumentState.DONE, timeout=LONG)
    assert second.after is not None
    assert second.before is not None
    restore_and_wait(core, qtbot, second)
    assert sorted(made) == ["enlarged_pyramid", "photo_pyramid"]
    assert second.after is not None
    assert first.record is None


def test_a_photo_that_comes_into_view_when_its_run_has_just_ended_gets_its_pictures(
    core: AppCore, qtbot: QtBot, two: tuple[Document, Document]
) -> None:
    _, second = two
    core.runs.restore(second, OPTIONS, 256)
    qtbot.waitUntil(lambda: second.running, timeout=LONG)
    core.session.current_changed.disconnect(core.runs._note_view)  # the run looked before
    core.session.show(second)
    qtbot.waitUntil(lambda: second.state is DocumentState.DONE, timeout=LONG)
    assert second.after is not None


def test_a_result_is_not_gone_to_again_when_its_step_is_pushed(
    core: AppCore, qtbot: QtBot, two: tuple[Document, Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    changes: list[object] = []
    change = core.photos.change
    monkeypatch.setattr(core.photos, "change", lambda *given: (changes.append(given), change(*given)))
    first, _ = two
    restore_and_wait(core, qtbot, first)
    assert changes == []
    first.stack.undo()
    assert first.record is None
    first.stack.redo()
    assert first.record is not None
    assert len(changes) == 2
