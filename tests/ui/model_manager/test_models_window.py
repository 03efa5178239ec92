"""The Models window on a real X server: drop a checkpoint, answer, accept, use it, remove it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QMessageBox
from pytestqt.qtbot import QtBot

from restorer.packs import catalog, loader
from restorer.photo import Photo
from restorer.pipeline import restore
from restorer.pipeline.events import Done, Event
from restorer.pipeline.plan import plan_restore
from restorer.pipeline.request import RestoreRequest
from tests.conftest import make_tiny_pack
from tests.ui.driver import LONG, click, drop_files, restore_photo, wait_for_state
from ui.i18n.language import Language
from ui.i18n.model_names import model_name
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.model.options import request_for
from ui.model_manager.import_dialog import ImportDialog, name_for
from ui.model_manager.window import ModelsWindow
from ui.restore.control_panel import ControlPanel

GOLDEN = Path(__file__).resolve().parents[2] / "data" / "golden"
FACES = GOLDEN / "sr3_16_128" / "I0_E0_gen.pth"


def shown(qtbot: QtBot, window: Window) -> ModelsWindow:
    window.menu_bar.models.trigger()
    models = window.models.window_
    assert models is not None
    qtbot.waitExposed(models, timeout=LONG)
    return models


def asked(qtbot: QtBot, models: ModelsWindow) -> ImportDialog:
    qtbot.waitUntil(lambda: bool(models.findChildren(ImportDialog)), timeout=LONG)
    (dialog,) = models.findChildren(ImportDialog)
    return dialog


def choose(dialog: ImportDialog, key: str, value: str) -> None:
    box = dialog.answers[key]
    box.setCurrentIndex(box.findData(value))


def test_a_dropped_checkpoint_becomes_a_model_that_restores_photos(
    qtbot: QtBot, window: Window, cat_file: Path, home: Path
) -> None:
    models = shown(qtbot, window)
    drop_files(models, FACES)
    dialog = asked(qtbot, models)
    assert "SR3 network, 8x" in dialog.windowTitle() + dialog._listing.recognised.title
    assert not dialog.import_button.isEnabled()
    dialog.name.setText("my faces")
    assert "cannot be the name" in dialog.obstacle.text()
    dialog.name.setText("faces")
    assert "Groups of every normalisation" in dialog.obstacle.text()
    choose(dialog, "norm_groups", "4")
    assert "licence" in dialog.obstacle.text()
    dialog.accept_licence.setChecked(True)
    assert dialog.import_button.isEnabled()
    with qtbot.waitSignal(models.changed, timeout=LONG):
        dialog.import_button.click()
    assert models.current is not None
    assert models.current.name == "faces"
    assert "faces was imported" in models.words.text()
    models.all.click()
    details = models.details.toPlainText()
    assert "FFHQ" in details
    assert "norm_groups=4" in details

    models.use_button.click()
    assert window.restore.panel.settings.model == "faces"
    assert window.restore.panel.settings.scale == 8
    assert not window.restore.panel.scale.isEnabled()
    with qtbot.waitSignal(models.host.verified, timeout=LONG) as verified:
        models.verify_button.click()
    assert verified.args == ["faces", True]

    models.remove_button.click()
    (question,) = models.findChildren(QMessageBox)
    remove = next(
        button
        for button in question.buttons()
        if question.buttonRole(button) == QMessageBox.ButtonRole.DestructiveRole
    )
    with qtbot.waitSignal(models.changed, timeout=LONG):
        remove.click()
    assert not (home / "faces").exists()
    assert window.restore.panel.settings.model is None
    assert window.restore.panel.scale.isEnabled()


def test_a_file_that_is_refused_says_why_and_nothing_is_asked(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    models = shown(qtbot, window)
    file = tmp_path / "page.pth"
    file.write_text("<html>not found</html>")
    with qtbot.waitSignal(models.host.failed, timeout=LONG):
        drop_files(models, file)
    assert models.words.text().startswith("page.pth is a web page"), "the folders would fill the line"
    assert models.words.toolTip().startswith(f"{file} is a web page")
    assert not models.findChildren(ImportDialog)
    assert models.import_button.isEnabled()


def test_shipped_models_are_shown_and_cannot_be_removed(qtbot: QtBot, window: Window) -> None:
    models = shown(qtbot, window)
    models.refresh("sr3-photo-4x")
    assert not models.remove_button.isEnabled()
    assert "1,800 steps" in models.details.toPlainText()
    assert "PSNR-Y" in models.details.toPlainText()
    image = models.details.loadResource(2, "../../docs/pictures/training-photo-4x.jpg")
    assert 0 < image.width() <= models.details.viewport().width()
    assert models.details.loadResource(2, "http://localhost/picture.png") is None
    models.refresh("tiny-4x")
    assert models.remove_button.isEnabled()


def test_models_in_plain_words_come_first_and_the_rest_lies_behind_details(
    qtbot: QtBot, window: Window
) -> None:
    models = shown(qtbot, window)

    def listed() -> list[str]:
        return [models.list.item(row).text() for row in range(models.list.count())]

    names = [text.split("\n")[0] for text in listed()]
    uses = [
        "Standard, in use for Balanced and Best",
        "Fast, in use for Draft",
        "Worn scans, in use for worn photos",
    ]
    assert names == [*uses, "Faithful", "tiny-4x"]
    assert "Right for most photos." in listed()[0]
    page = models.details.toPlainText()
    assert "Right for most photos." in page
    assert "SHA-256" not in page
    models.all.click()
    assert [text.split("\n")[0] for text in listed()][: len(names)] == names
    assert models.list.count() == len(catalog.all_packs())
    assert models.current.name == "sr3-photo-large", "the one in view stays"
    assert "SHA-256" in models.details.toPlainText()
    models.refresh("cdm-2x")
    models.all.click()
    assert models.current.name == "sr3-photo-large", "what is hidden is not in view"
    models.refresh("cdm-2x")
    assert models.all.isChecked(), "what is asked for by name is shown"
    assert models.current.name == "cdm-2x"


def request_of(window: Window, chelsea: np.ndarray) -> RestoreRequest:
    """What the window would ask for with its panel as it stands."""
    photo = Photo(pixels=chelsea, alpha=None, icc=None, exif=None, xmp=None, dpi=None, path=None)
    return request_for(photo, window.restore.panel.settings, 0)


def use(models: ModelsWindow, name: str) -> None:
    models.refresh(name)
    click(models.use_button)
    assert models.words.text() == f"Photos are restored with {model_name(name)} now."


def segments(panel: ControlPanel) -> dict[str, QAbstractButton]:
    return {button.text(): button for button in panel.scale.findChildren(QAbstractButton)}


@pytest.mark.parametrize("name", ["sr3-photo-regression", "sr3-photo-large"])
def test_a_model_that_ships_beside_the_usual_one_is_used_where_it_is_chosen(
    qtbot: QtBot, window: Window, chelsea: np.ndarray, name: str
) -> None:
    models, panel = shown(qtbot, window), window.restore.panel
    use(models, name)
    assert plan_restore(request_of(window, chelsea)).name == name
    assert model_name(name) in panel._becomes.text()
    QTest.mouseClick(segments(panel)["2×"], Qt.MouseButton.LeftButton)  # noqa: RUF001
    request = request_of(window, chelsea)
    assert (request.scale, request.model) == (2, name)
    assert [stage.scale for stage in plan_restore(request).stages] == [2]
    QTest.mouseClick(segments(panel)["8×"], Qt.MouseButton.LeftButton)  # noqa: RUF001
    assert [stage.pack.name for stage in plan_restore(request_of(window, chelsea)).stages] == [name, name]
    window.app_actions.set_language(Language.CHINESE)
    window.app_actions.set_language(Language.ENGLISH)
    panel = window.restore.panel
    assert (panel.settings.scale, panel.settings.model) == (8, name)
    assert panel.scale.isEnabled()
    use(models, "sr3-photo-4x")
    request = request_of(window, chelsea)
    assert (request.scale, request.model) == (4, "sr3-photo-4x"), "it knows no 8x"
    able = [text for text, segment in segments(panel).items() if segment.isEnabled()]
    assert able == ["4×", "16×"]  # noqa: RUF001
    use(models, "sr3-photo")
    assert panel.settings.model == "sr3-photo", "the fast one at every quality"
    click(models.automatic_button)
    assert panel.settings.model is None
    assert all(segment.isEnabled() for segment in segments(panel).values())


def test_the_model_in_use_stays_while_another_is_removed(qtbot: QtBot, window: Window, home: Path) -> None:
    for name in ("mine", "other"):
        make_tiny_pack(home, name)
    models = shown(qtbot, window)
    use(models, "mine")

    def choose(name: str) -> None:
        models.refresh(name)

    def remove() -> None:
        click(models.remove_button)
        question = models.findChildren(QMessageBox)[-1]
        roles = {question.buttonRole(button): button for button in question.buttons()}
        click(roles[QMessageBox.ButtonRole.DestructiveRole])

    choose("other")
    remove()
    assert not (home / "other").exists()
    assert window.restore.panel.settings.model == "mine"
    choose("mine")
    (home / "mine").rename(home / "elsewhere")
    remove()
    assert "You have no model" in models.words.text()
    assert window.restore.panel.settings.model == "mine", "nothing was removed"
    (home / "elsewhere").rename(home / "mine")
    choose("mine")
    remove()
    assert window.restore.panel.settings.model is None


def test_a_model_makes_samples_that_its_page_and_the_classes_show(
    qtbot: QtBot, cascade: str, window: Window
) -> None:
    window.generate.panel.base.setCurrentText(cascade)
    models = shown(qtbot, window)
    row = [pack.name for pack in catalog.all_packs()].index(cascade)
    folder = catalog.all_packs()[row].folder / "samples"
    for old in folder.glob("*"):
        old.unlink()
    models.refresh(cascade)
    assert models.details.document().toHtml().count("<img") == 0
    listed = window.generate.panel.classes.model
    before = listed.index(0, 0).data(Qt.ItemDataRole.DecorationRole).pixmap(64).toImage()
    with qtbot.waitSignal(models.host.sampled, timeout=LONG):
        click(models.sample_button)
        assert not models.sample_button.isEnabled()
    assert models.current.name == cascade
    assert models.details.document().toHtml().count("<img") == models.current.classes
    after = listed.index(0, 0).data(Qt.ItemDataRole.DecorationRole).pixmap(64).toImage()
    assert after != before
    models.refresh("tiny-up")
    assert not models.sample_button.isEnabled()


def choose_row(models: ModelsWindow, name: str) -> None:
    models.refresh(name)


def closes_at_once(models: ModelsWindow) -> None:
    models.close()
    assert models.isHidden()
    assert models.host.busy, "closing did not wait for the work"


def test_closing_the_models_window_waits_for_no_verification(
    qtbot: QtBot, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = shown(qtbot, window)
    began, go = threading.Event(), threading.Event()

    def slow_load(*_: object, **__: object) -> None:
        began.set()
        go.wait(LONG / 1000)

    monkeypatch.setattr(loader, "load", slow_load)
    choose_row(models, "tiny-4x")
    click(models.verify_button)
    qtbot.waitUntil(began.is_set, timeout=LONG)
    assert models.bar.isVisible()
    assert not models.stop_button.isVisible(), "what is done in one go cannot be stopped"
    closes_at_once(models)
    window.menu_bar.models.trigger()
    assert window.models.window_ is models
    assert models.words.text() == "Verifying tiny-4x…"
    assert not models.verify_button.isEnabled()
    models.close()
    with qtbot.waitSignal(models.host.verified, timeout=LONG):
        go.set()
    window.menu_bar.models.trigger()
    assert models.words.text() == "tiny-4x is as it should be."
    assert models.verify_button.isEnabled()


def test_nothing_is_asked_of_a_window_that_was_closed(
    qtbot: QtBot, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    from restorer import importers

    models = shown(qtbot, window)
    began, go = threading.Event(), threading.Event()
    look = importers.look

    def slow_look(*given: object) -> object:
        began.set()
        go.wait(LONG / 1000)
        return look(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(importers, "look", slow_look)
    drop_files(models, FACES)
    qtbot.waitUntil(began.is_set, timeout=LONG)
    assert not models.stop_button.isVisible()
    closes_at_once(models)
    go.set()
    qtbot.waitUntil(lambda: not models.host.busy, timeout=LONG)
    assert not models.findChildren(ImportDialog)
    window.menu_bar.models.trigger()
    assert models.import_button.isEnabled()


@pytest.mark.parametrize("way", ["stop", "close"])
def test_a_sample_ends_between_two_steps(
    qtbot: QtBot, window: Window, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    models = shown(qtbot, window)
    steps: list[object] = []
    go, run = threading.Event(), restore.run

    def held_run(*given: object) -> Iterator[Event]:
        for event in run(*given):  # type: ignore[arg-type]
            steps.append(event)
            go.wait(LONG / 1000)
            yield event

    monkeypatch.setattr(restore, "run", held_run)
    choose_row(models, "tiny-4x")
    click(models.sample_button)
    qtbot.waitUntil(lambda: len(steps) > 0, timeout=LONG)
    assert models.stop_button.isVisible()
    with qtbot.waitSignal(models.host.sampled, timeout=LONG):
        if way == "stop":
            click(models.stop_button)
        else:
            closes_at_once(models)
        go.set()
    assert not any(isinstance(step, Done) for step in steps)
    assert models.words.text() == "Stopped. What tiny-4x has made until now stays."
    assert not (catalog.find(4, "tiny-4x").folder / "samples" / "photo.webp").exists()


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("I640000_E37_gen.pth", "I640000_E37_gen"),
        ("64_256 upsampler.pt", "64_256-upsampler"),
        ("日本.pt", "imported"),
    ],
)
def test_a_name_is_suggested_that_can_be(file: str, name: str) -> None:
    assert name_for(Path(file)) == name


def test_a_photo_is_restored_with_the_chosen_chain(
    qtbot: QtBot, qapp: object, home: Path, tmp_path: Path, chelsea: np.ndarray
) -> None:
    from PySide6.QtCore import QSettings

    from restorer import importers
    from ui.style.theme import Override, Theme

    list(importers.make_pack(importers.look(FACES, {"norm_groups": "4"}), FACES, "faces"))
    theme = Theme(qapp, Override.DARK)  # type: ignore[arg-type]
    window = Window(theme, QSettings(str(tmp_path / "w.ini"), QSettings.Format.IniFormat))
    window.show()
    qtbot.waitExposed(window, timeout=LONG)
    window.restore.panel.use("faces", 8)
    window.restore.panel.preset.choose(0)
    photo = tmp_path / "small.png"
    Image.fromarray(chelsea[::12, ::18]).save(photo)
    window.core.photos.open([photo])
    wait_for_state(qtbot, window, DocumentState.READY)
    restore_photo(qtbot, window)
    document = window.core.session.current
    assert document is not None
    assert document.result is not None
    assert document.result.model == "faces"
    assert document.result.photo.size == (208, 200)
    document.given_up = True
    window.close()
    window.deleteLater()
    theme.deleteLater()


def test_an_upsampler_is_told_what_the_photo_shows(home: Path, window: Window, chelsea: np.ndarray) -> None:
    from restorer import importers

    file = FACES.parents[1] / "adm_64_256" / "model.pt"
    answers = {"num_head_channels": "16", "schedule": "linear"}
    more, panel = window.restore.panel.more, window.restore.panel
    panel.advanced.heading.setChecked(True)
    assert more.subject.isHidden()
    list(importers.make_pack(importers.look(file, answers), file, "things"))
    pack = catalog.find(4, "things")
    panel.use("things", 4)
    assert not more.subject.isHidden()
    assert more.subject.count() == pack.classes + 1
    assert panel.settings.label is None
    assert more.subject.currentText() == "Anything"

    name = more.subject.itemText(8)
    more.subject.setFocus()
    more.subject.lineEdit().selectAll()
    QTest.keyClicks(more.subject.lineEdit(), name.upper())
    QTest.keyClick(more.subject.lineEdit(), Qt.Key.Key_Return)
    assert panel.settings.label == 7
    assert more.subject.currentText() == name
    QTest.keyClicks(more.subject.lineEdit(), "dragons and nothing else")
    QTest.keyClick(more.subject.lineEdit(), Qt.Key.Key_Tab)
    assert panel.settings.label == 7
    assert more.subject.currentText() == name

    photo = Photo(pixels=chelsea, alpha=None, icc=None, exif=None, xmp=None, dpi=None, path=None)
    request = request_for(photo, panel.settings, 0)
    assert (request.model, request.label) == ("things", 7)
    assert plan_restore(request).name == "things"
    panel.use("", 0)
    assert panel.settings.label is None
    assert more.subject.isHidden()
