"""After a kill, each photo has its settings again, and its restored faces are as the person chose them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from restorer.pipeline.finish import Finish
from restorer.pipeline.request import FaceChoice, Faces, Preset, RestoreRequest
from tests.conftest import make_tiny_pack
from tests.ui.driver import LONG, click, delete_closed, open_photo, restore_photo, seen
from tests.ui.last_session.test_recovery import interrupted
from tests.ui.restore.test_face_strip import portrait, wait_for_strip
from tests.ui.restore.test_finish_sliders import drag
from ui.finish.version_dialog import VersionDialog
from ui.last_session import json_values
from ui.main_window.window import Window
from ui.model.document import Document, DocumentState
from ui.model.options import RestoreOptions, options_of, request_for
from ui.workers.result_store import SESSION, root


@pytest.fixture
def next_start(qapp: QApplication, qtbot: QtBot, tiny_run: Callable[..., object], tmp_path: Path) -> Iterator:
    """Opens the window of the next start, which has gone on where the last one was."""
    from ui.style.theme import Override, Theme

    opened: list[tuple[Window, Theme]] = []

    def open_next() -> Window:
        theme = Theme(qapp, Override.DARK)
        store = QSettings(str(tmp_path / "next.ini"), QSettings.Format.IniFormat)
        window = Window(theme, store, tiny_run)
        opened.append((window, theme))
        window._warm = True
        window.resize(1024, 640)
        window.show()
        window.core.recovery.look()
        qtbot.waitUntil(window.restore.runs.offer.isVisible, timeout=LONG)
        click(window.restore.runs.offer.yes)
        return window

    yield open_next
    for window, theme in opened:
        for document in window.core.session.documents:
            document.given_up = True
        window.close()
        window.deleteLater()
        theme.deleteLater()


def leave_behind(qtbot: QtBot, window: Window) -> None:
    """Put beside the window's folder what a kill would leave of it a second from now."""
    with qtbot.waitSignal(window.core.recorder.flushed, timeout=LONG):
        window.core.recorder.flush()
    (folder,) = (each for each in root().iterdir() if (each / SESSION).exists())
    shutil.copytree(folder, folder.with_name("0" * 32))


def test_scale_and_repair_of_each_photo_come_back(
    window: Window, qtbot: QtBot, cat_file: Path, photo_file: Path, next_start: Callable[[], Window]
) -> None:
    panel = window.restore.panel
    open_photo(qtbot, window, cat_file)
    panel.scale.choose(panel.scales.index(16))
    panel.scale.chosen.emit(0)
    panel.repair.setChecked(True)
    panel.fidelity.setValue(20)
    wanted = panel.settings
    open_photo(qtbot, window, photo_file)  # nothing of its own is set for it, but what the panel has
    panel.scale.choose(panel.scales.index(8))
    panel.scale.chosen.emit(0)
    second = panel.settings
    leave_behind(qtbot, window)
    later = next_start()
    qtbot.waitUntil(lambda: len(later.core.session.documents) == 2, timeout=LONG)
    assert later.core.session.current.name == photo_file.name
    assert later.restore.panel.settings == second
    assert later.restore.panel.settings.scale == 8
    assert not later.restore.panel.repair.isChecked()
    later.core.session.show(later.core.session.documents[0])
    assert later.restore.panel.settings == wanted
    assert later.restore.panel.repair.isChecked()


def test_a_photo_that_was_only_looked_at_comes_back_as_the_panel_stood(
    window: Window, qtbot: QtBot, cat_file: Path, next_start: Callable[[], Window]
) -> None:
    panel = window.restore.panel
    panel.scale.choose(panel.scales.index(16))
    panel.scale.chosen.emit(0)
    document = open_photo(qtbot, window, cat_file, panel.settings.preset)
    assert document.options is None or document.options.scale == 16
    leave_behind(qtbot, window)
    assert next_start().restore.panel.settings.scale == 16


def test_a_run_without_a_session_brings_its_settings(
    window: Window, qtbot: QtBot, tiny_pack: str, cat_file: Path, kept_at_once: None
) -> None:
    interrupted(cat_file, tiny_pack)
    window.core.recovery.look()
    qtbot.waitUntil(window.restore.runs.offer.isVisible, timeout=LONG)
    click(window.restore.runs.offer.yes)
    qtbot.waitUntil(lambda: window.core.session.current.state is DocumentState.DONE, timeout=LONG)
    assert window.restore.panel.settings.preset is Preset.BEST
    assert window.restore.panel.seed.value() == 4


def test_the_options_of_a_request_are_those_it_was_made_of() -> None:
    options = RestoreOptions(8, Preset.BEST, 0.3, 0.4, 7, True, False, "pack", 1, Faces.OFF, 3)
    request = request_for(Path("photo.png"), options, 64)
    assert isinstance(request, RestoreRequest)
    assert options_of(request) == options


@pytest.mark.parametrize(
    "change",
    [
        {"scale": "4"},
        {"scale": -1},
        {"preset": "worst"},
        {"fidelity": 2},
        {"clean_up": float("nan")},
        {"seed": -1},
        {"variations": 1e9},
        {"faces": 1},
        {"label": "cat"},
    ],
)
def test_settings_that_are_none_of_ours_are_refused(change: dict[str, object]) -> None:
    plain = json.loads(json.dumps(json_values.plain_options(RestoreOptions(scale=2, repair=True, label=4))))
    assert json_values.options(plain) == RestoreOptions(scale=2, repair=True, label=4)
    with pytest.raises(ValueError, match=r".+"):
        json_values.options(plain | change)


@pytest.fixture
def restored(home: Path, window: Window, qtbot: QtBot, tmp_path: Path) -> Document:
    """The window with a photo whose one face was restored, and the strip in view."""
    make_tiny_pack(home, "tiny-face", scales=(4, 8), kind="face-sr")
    open_photo(qtbot, window, portrait(tmp_path / "eileen.png", 148))
    window.restore.panel.more.faces.refresh()
    window.restore.panel.more.faces.choose(Faces.RESTORE)
    document = restore_photo(qtbot, window)
    wait_for_strip(qtbot, window)
    return document


def test_what_was_chosen_for_a_face_comes_back_with_the_versions_made_since(
    restored: Document, window: Window, qtbot: QtBot, next_start: Callable[[], Window]
) -> None:
    (card,) = window.restore.face_strip.cards.values()
    seed = restored.result.seed
    click(card.leave)
    click(card.others)
    dialog = window.findChildren(VersionDialog)[-1]
    click(dialog.more)
    qtbot.waitUntil(lambda: len(dialog.buttons) == 6, timeout=LONG)
    click(dialog.buttons[5])
    dialog.close()
    delete_closed()
    (card,) = window.restore.face_strip.cards.values()  # made anew, with more versions
    drag(card.slider, 80, 50)
    share = card.choice.strength
    chosen = Finish(faces=(FaceChoice(0, share, seed + 5),))
    qtbot.waitUntil(lambda: restored.finish == chosen, timeout=LONG)
    wanted = restored.finishing().of(restored.result).photo.pixels
    shown = seen(card.pair)
    leave_behind(qtbot, window)
    later = next_start()
    qtbot.waitUntil(lambda: later.core.session.current is not None, timeout=LONG)
    document = later.core.session.current
    qtbot.waitUntil(lambda: document.state is DocumentState.DONE, timeout=LONG)
    qtbot.waitUntil(lambda: bool(document.record.more_faces), timeout=LONG)
    assert document.finish == chosen
    done = document.finishing().of(document.result)
    assert np.array_equal(done.photo.pixels, wanted)
    assert done.provenance["FaceSeeds"] == str(seed + 5)
    wait_for_strip(qtbot, later)
    (again,) = later.restore.face_strip.cards.values()
    qtbot.waitUntil(lambda: np.array_equal(seen(again.pair), shown), timeout=LONG)
    assert again.slider.value() == round(100 * share)
    document.stack.undo()
    assert document.finish == Finish(faces=(FaceChoice(0, 1.0, seed + 5),))
    document.stack.undo()
    assert document.finish.faces[0].strength == 0
    document.stack.undo()
    assert document.finish == Finish()
    # What was brought back lies in the later window's own folder, versions too, and can come back again.
    with qtbot.waitSignal(later.core.recorder.flushed, timeout=LONG):
        later.core.recorder.flush()
    (kept,) = later.core.recorder.session().photos
    assert kept.results[0].more_faces is not None


def test_faces_that_are_none_of_ours_are_refused() -> None:
    for face in ({"face": -1}, {"strength": 2}, {"seed": "x"}, {"strength": float("inf")}):
        with pytest.raises(ValueError, match=r".+"):
            json_values.finish({"faces": [{"face": 0, "strength": 0.5, "seed": None} | face]})
