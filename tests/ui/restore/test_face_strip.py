"""The strip of faces under the photo, as a person uses it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from skimage import data

from restorer.photo import read_photo, read_provenance
from restorer.pipeline.events import Treatment
from restorer.pipeline.finish import Finish
from restorer.pipeline.request import FaceChoice, Faces
from tests.conftest import make_tiny_pack
from tests.ui.controls import faults
from tests.ui.driver import LONG, click, delete_closed, open_photo, restore_photo, seen
from tests.ui.restore.test_finish_sliders import drag, wait_until_shown
from ui.finish.version_dialog import VersionDialog
from ui.i18n.language import Language
from ui.main_window.window import Window
from ui.model.document import Document


def portrait(path: Path, side: int) -> Path:
    """A photo of 160 x 160 pixels with one face, of which `side` decides the size."""
    face = Image.fromarray(data.astronaut()[0:240, 100:340]).resize((side, side), Image.Resampling.LANCZOS)
    picture = Image.new("RGB", (160, 160), (120, 120, 120))
    picture.paste(face, (6, 0))
    picture.save(path)
    return path


@pytest.fixture
def face_pack(home: Path) -> str:
    return make_tiny_pack(home, "tiny-face", scales=(4, 8), kind="face-sr").name


def wait_for_strip(qtbot: QtBot, window: Window) -> None:
    strip = window.restore.face_strip
    qtbot.waitUntil(lambda: strip.isVisible() and bool(strip.cards), timeout=LONG)


@pytest.fixture
def restored(face_pack: str, window: Window, qtbot: QtBot, tmp_path: Path) -> Document:
    """The window with a photo whose one face was restored, and the strip in view."""
    open_photo(qtbot, window, portrait(tmp_path / "eileen.png", 148))
    window.restore.panel.more.faces.refresh()
    window.restore.panel.more.faces.choose(Faces.RESTORE)
    document = restore_photo(qtbot, window)
    wait_for_strip(qtbot, window)
    assert document.result is not None
    assert [each.treatment for each in document.result.faces] == [Treatment.RESTORED]
    return document


def test_a_slider_sets_a_face_at_once_and_can_be_undone(
    restored: Document, window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    (card,) = window.restore.face_strip.cards.values()
    assert card.slider is not None
    assert card.title.text() == "Face 1: 100 %"
    before = seen(card.pair)
    drag(card.slider, 80, 50)
    share = card.choice.strength
    assert share == pytest.approx(0.5, abs=0.06)
    assert not np.array_equal(seen(card.pair), before), "the card itself follows"
    seed = restored.result.seed
    wanted = Finish(faces=(FaceChoice(0, share, seed),))
    assert restored.finish == wanted
    assert restored.stack.count() == 2, "the run, and one step for the whole drag"
    assert restored.stack.undoText() == f"Face 1: {round(100 * share)} %"
    wait_until_shown(qtbot, restored, wanted)
    # The panel's own sliders leave the face as it is.
    strength = window.restore.panel.finish.strength
    strength.setFocus()
    QTest.keyClick(strength, Qt.Key.Key_PageDown)
    assert restored.finish == Finish(0.9, 0.0, wanted.faces)
    restored.stack.undo()
    # What is saved has the face so, and says so.
    finishing = restored.finishing()
    assert finishing is not None
    done = finishing.of(restored.result)
    assert done.provenance["FaceStrengths"] == f"{share:g}"
    assert done.provenance["FaceSeeds"] == str(seed)
    layer = restored.result.face_layers[0]
    left, top, width, height = layer.box
    there = done.photo.pixels[top : top + height, left : left + width]
    mixed = layer.under + share * (layer.versions[0].pixels.astype(float) - layer.under)
    assert np.abs(there - mixed).max() <= 0.51
    output = window.core.runs.preferences.output
    path = tmp_path / "out.png"
    window.core.photos.write(restored, restored.result, path, False, output, finishing=finishing)
    qtbot.waitUntil(lambda: (tmp_path / "out.png").exists(), timeout=LONG)
    assert read_provenance(tmp_path / "out.png")["FaceStrengths"] == f"{share:g}"
    assert np.array_equal(read_photo(tmp_path / "out.png").pixels, done.photo.pixels)
    restored.stack.undo()
    assert restored.finish == Finish()
    assert card.slider.value() == 100
    assert card.title.text() == "Face 1: 100 %"


def test_keys_that_follow_each_other_are_one_step_and_leaving_is_another(
    restored: Document, window: Window
) -> None:
    (card,) = window.restore.face_strip.cards.values()
    assert card.slider is not None
    card.slider.setFocus()
    for _ in range(4):
        QTest.keyClick(card.slider, Qt.Key.Key_Left)
    assert restored.finish.faces[0].strength == 0.96
    assert restored.stack.count() == 2
    click(card.leave)
    assert restored.finish.faces[0].strength == 0
    assert restored.stack.undoText() == "Face 1 left as it is"
    assert not card.leave.isEnabled()
    finishing = restored.finishing()
    assert finishing is not None
    done = finishing.of(restored.result)
    assert {"FacesRestored", "FaceStrengths", "FaceModel"}.isdisjoint(done.provenance)
    restored.stack.undo()
    restored.stack.undo()
    assert restored.finish == Finish()


def test_another_version_is_picked_among_three_and_three_more(
    restored: Document, window: Window, qtbot: QtBot
) -> None:
    (card,) = window.restore.face_strip.cards.values()
    assert card.spread.text() in ("Versions look alike", "Versions differ: partly a guess")
    assert "of 255 grey levels" in card.spread.toolTip(), "the figure is for those who look closer"
    seed = restored.result.seed
    click(card.others)
    dialog = window.findChildren(VersionDialog)[-1]
    assert [button.seed for button in dialog.buttons] == [seed, seed + 1, seed + 2]
    assert [button.isChecked() for button in dialog.buttons] == [True, False, False]
    assert faults(dialog) == []
    shown = seen(card.pair)
    click(dialog.buttons[1])
    assert restored.finish == Finish(faces=(FaceChoice(0, 1.0, seed + 1),))
    assert restored.stack.undoText() == "Face 1: another version"
    assert not np.array_equal(seen(card.pair), shown)
    click(dialog.more)
    assert not dialog.more.isEnabled()
    qtbot.waitUntil(lambda: len(dialog.buttons) == 6, timeout=LONG)
    assert dialog.more.isEnabled()
    assert dialog.buttons[1].isChecked()
    click(dialog.buttons[5])
    wanted = Finish(faces=(FaceChoice(0, 1.0, seed + 5),))
    assert restored.finish == wanted
    wait_until_shown(qtbot, restored, wanted)
    finishing = restored.finishing()
    assert finishing is not None
    done = finishing.of(restored.result)
    assert done.provenance["FaceSeeds"] == str(seed + 5)
    assert restored.record is not None
    layer = restored.record.more_faces[0]
    left, top, width, height = layer.box
    there = done.photo.pixels[top : top + height, left : left + width]
    assert np.array_equal(there, layer.version(seed + 5).pixels)
    dialog.close()
    delete_closed()
    restored.stack.undo()
    assert restored.finish.faces[0].seed == seed + 1
    restored.stack.undo()
    assert restored.finish == Finish()


def test_the_strip_is_named_speaks_both_languages_and_can_be_put_away(
    restored: Document, window: Window, qtbot: QtBot
) -> None:
    for language in (Language.CHINESE, Language.ENGLISH):
        window.app_actions.set_language(language)
        QApplication.processEvents()
        wait_for_strip(qtbot, window)
        assert faults(window.restore.face_strip) == []
    window.restore.faces.action.trigger()
    assert not window.restore.face_strip.isVisible()
    window.restore.faces.action.trigger()
    assert window.restore.face_strip.isVisible()


def test_without_a_model_small_faces_are_shown_as_left(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    open_photo(qtbot, window, portrait(tmp_path / "far.png", 70))
    document = restore_photo(qtbot, window)
    assert document.result is not None
    assert [each.treatment for each in document.result.faces] == [Treatment.PROTECTED]
    strip, action = window.restore.face_strip, window.restore.faces.action
    assert not strip.isVisible(), "it takes no room until somebody asks for it, or faces were restored"
    assert not action.isChecked()
    action.trigger()
    wait_for_strip(qtbot, window)
    (card,) = strip.cards.values()
    assert card.slider is None
    assert "import a model" in strip.hint.text()
    assert seen(card.pair).std() > 10, "the face is seen"


def test_a_photo_without_faces_has_no_strip(window: Window, qtbot: QtBot, cat_file: Path) -> None:
    open_photo(qtbot, window, cat_file)
    restore_photo(qtbot, window)
    assert not window.restore.face_strip.isVisible()
