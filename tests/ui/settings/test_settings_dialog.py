"""Around the picture: settings that take effect, keys, about, crash reports, word of a run's end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QGuiApplication, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel, QPlainTextEdit, QTreeWidget
from pytestqt.qtbot import QtBot

from restorer import __version__, paths, preferences
from restorer.pipeline.request import Preset
from restorer.preferences import Preferences
from restorer.threads import use_threads
from ui.help.licences import versions
from ui.i18n.language import Language
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.model.options import RestoreOptions, request_for
from ui.restore.control_panel import PRESETS
from ui.settings.dialog import SettingsDialog
from ui.style.theme import Override
from ui.system import crash_reports
from ui.system.crash_reports import CrashReports
from ui.widgets.dialogs import CrashQuestion
from ui.widgets.text_dialog import TextDialog

LONG = 120_000


def dialog_of(window: Window, kind: type) -> QObject:
    return window.findChildren(kind)[-1]


def test_settings_take_effect_at_once_and_are_written_down(window: Window, qtbot: QtBot) -> None:
    window.app_actions.settings()
    dialog = dialog_of(window, SettingsDialog)
    dialog.theme.choose("light")
    dialog.language.choose("zh_CN")
    dialog.device.choose("cpu")
    dialog.threads.setValue(2)
    dialog.tile.setValue(320)
    dialog.previews.setChecked(False)
    dialog.quality.setValue(77)
    ok = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok)
    QTest.mouseClick(ok, Qt.MouseButton.LeftButton)
    kept = preferences.load(paths.settings_dir())
    assert kept == window.core.runs.preferences
    assert (kept.device, kept.threads, kept.tile, kept.previews) == ("cpu", 2, 320, False)
    assert kept.output.quality == 77
    assert window.theme.override is Override.LIGHT
    assert window.speech.spoken is Language.CHINESE
    qtbot.waitUntil(lambda: window.restore.panel.restore_button.text() == "修复")


def test_settings_that_are_cancelled_change_nothing(window: Window) -> None:
    window.app_actions.settings()
    dialog = dialog_of(window, SettingsDialog)
    dialog.quality.setValue(12)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert window.core.runs.preferences == Preferences()
    assert not (paths.settings_dir() / preferences.FILE).exists()


@pytest.mark.parametrize(
    ("template", "word"), [("{nam}_{scale", "{nam}"), ("{name}_{scale", "brace"), ("  ", "Type a name")]
)
def test_template_that_cannot_be_filled_is_told_in_the_settings(
    window: Window, template: str, word: str
) -> None:
    window.app_actions.settings()
    dialog = dialog_of(window, SettingsDialog)
    assert not dialog.problem.isVisible()
    dialog.tabs.setCurrentIndex(2)
    dialog.template.setFocus()
    dialog.template.selectAll()
    QTest.keyClicks(dialog.template, template)
    assert word in dialog.problem.text()
    assert dialog.problem.isVisible()
    assert not dialog.ok.isEnabled()
    QTest.keyClick(dialog.template, Qt.Key.Key_Return)
    assert dialog.isVisible()
    dialog.template.selectAll()
    QTest.keyClicks(dialog.template, "{name} again")
    assert not dialog.problem.isVisible()
    QTest.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    assert window.core.runs.preferences.output.template == "{name} again"


def test_defaults_come_back_with_one_button(window: Window) -> None:
    window.core.runs.preferences = Preferences("cpu", 3, 512, False, False, "en", "dark")
    window.app_actions.settings()
    dialog = dialog_of(window, SettingsDialog)
    assert dialog.preferences == window.core.runs.preferences
    QTest.mouseClick(dialog.defaults, Qt.MouseButton.LeftButton)
    assert dialog.preferences == Preferences()
    dialog.reject()


def test_a_run_asks_for_what_was_settled(qtbot: QtBot) -> None:
    import numpy as np
    import torch

    from restorer.photo import Photo

    photo = Photo(np.zeros((4, 4, 3), np.uint8))
    request = request_for(photo, RestoreOptions(), 900, Preferences(device="cpu", tile=256, previews=False))
    assert (request.device, request.tile, request.preview_side) == ("cpu", 256, 0)
    before = torch.get_num_threads()
    use_threads(before + 1)
    assert torch.get_num_threads() == before + 1
    use_threads(0)
    assert torch.get_num_threads() == before


def test_f1_shows_every_key_there_is(window: Window, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_F1)
    sheet = dialog_of(window, TextDialog)
    table = sheet.findChild(QTreeWidget)
    told = {table.topLevelItem(n).text(0) for n in range(table.topLevelItemCount())}
    restore = window.restore
    features = (restore.photos, restore.runs, restore.compare, restore.edits, window.generate)
    owners = (window.menu_bar, window.workspaces.shared, *features)
    children = [child for owner in owners for child in owner.children()]
    with_keys = [action for action in children if isinstance(action, QAction)]
    wanted = {a.text().replace("&", "") for a in with_keys if not a.shortcut().isEmpty()}
    assert len(wanted) > 30
    assert wanted <= told
    QTest.mouseClick(sheet.copy_button, Qt.MouseButton.LeftButton)
    assert "Ctrl+R" in QGuiApplication.clipboard().text()
    sheet.reject()


def test_about_names_versions_and_licences(window: Window) -> None:
    import torch

    window.app_actions.about()
    sheet = dialog_of(window, TextDialog)
    told = {name: (version, licence) for name, version, licence in versions()}
    assert told["Restorer"] == (__version__, "MIT")
    assert told["torch"] == (torch.__version__, "BSD-3-Clause")
    assert all(licence for name, (_, licence) in told.items() if name != "tiny-4x")
    assert "faces can change" in " ".join(label.text() for label in sheet.findChildren(QLabel))
    sheet.reject()


def test_light_and_dark_follow_the_system_while_the_window_is_open(window: Window) -> None:
    window.app_actions.set_appearance(Override.SYSTEM)
    lights = []
    for scheme in (Qt.ColorScheme.Light, Qt.ColorScheme.Dark):
        window.theme.follow(scheme)
        QApplication.processEvents()
        lights.append(window.restore.panel.palette().color(QPalette.ColorRole.Window).lightness())
    assert lights[0] > 200
    assert lights[1] < 60


# -- crashes ---------------------------------------------------------------------------------------------


def crash(folder: Path, how: str) -> None:
    """An app that ends badly, in a process of its own."""
    code = (
        "import sys, ctypes; from pathlib import Path; from ui.system.crash_reports import CrashReports\n"
        f"crashes = CrashReports(Path({str(folder)!r})); crashes.begin()\n{how}"
    )
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)


def test_crash_is_offered_at_the_next_start_and_then_forgotten(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    crash(tmp_path, "ctypes.string_at(0)")
    here = CrashReports(tmp_path)
    here.begin()
    window.app_actions.offer_report(here)
    question = dialog_of(window, CrashQuestion)
    next(button for button in question.buttons() if "Show" in button.text()).click()
    sheet = dialog_of(window, TextDialog)
    report = sheet.findChild(QPlainTextEdit).toPlainText()
    assert "Segmentation fault" in report
    assert __version__ in report
    assert not here.reports()
    sheet.reject()
    here.end()
    assert not list(tmp_path.glob("crash-*"))


def test_error_that_was_survived_is_in_the_report(tmp_path: Path) -> None:
    crash(tmp_path, "crashes.note(ValueError('odd')); crashes.end()")
    assert "ValueError: odd" in CrashReports(tmp_path).reports()


def test_report_outlives_a_later_app_of_the_same_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash(tmp_path, "crashes.note(ValueError('odd')); import os; os._exit(1)")
    (left,) = tmp_path.iterdir()
    pid = int(left.stem.rpartition("-")[2])
    monkeypatch.setattr(os, "getpid", lambda: pid)  # as in a container, where every start has number 1
    for stamp in ("20300101-120000", left.stem.removeprefix("crash-").rpartition("-")[0]):
        with monkeypatch.context() as clock:
            clock.setattr(
                crash_reports.time, "strftime", lambda *_, stamp=stamp: stamp
            )  # or in the same second
            again = CrashReports(tmp_path)
            again.begin()
            again.end()
    assert "ValueError: odd" in CrashReports(tmp_path).reports()


def test_report_of_an_older_version_is_read(tmp_path: Path) -> None:
    (tmp_path / f"crash-{os.getpid()}.log").write_text("an old way to end")
    assert "an old way to end" in CrashReports(tmp_path).reports()


def test_only_the_newest_reports_are_kept(tmp_path: Path) -> None:
    for number in range(9):
        path = tmp_path / f"crash-2026010{number}-120000-{70000 + number}.log"
        path.write_text(f"end {number}")
        os.utime(path, (number, number))
    (tmp_path / "crash-20260109-130000-70009.log").touch()  # of an app that was killed
    here = CrashReports(tmp_path)
    here.begin()
    reports = here.reports()
    here.end()
    assert [number for number in range(9) if f"end {number}" in reports] == [4, 5, 6, 7, 8]
    assert len(list(tmp_path.iterdir())) == crash_reports.FEW


def test_app_that_runs_at_this_moment_keeps_its_report_to_itself(tmp_path: Path) -> None:
    here = CrashReports(tmp_path)
    here.begin()
    here.note(ValueError("survived"))
    there = subprocess.run(
        [
            sys.executable,
            "-c",
            "from pathlib import Path; from ui.system.crash_reports import CrashReports\n"
            f"c = CrashReports(Path({str(tmp_path)!r})); print(repr(c.reports())); c.dismiss()",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.stdout.strip() == "''"
    here.end()
    assert ["survived" in path.read_text() for path in tmp_path.iterdir()] == [True]


def test_app_that_was_closed_or_killed_leaves_nothing_to_offer(tmp_path: Path) -> None:
    crash(tmp_path, "crashes.end()")
    crash(tmp_path, "import os; os.kill(os.getpid(), 9)")
    assert not CrashReports(tmp_path).reports()


def test_app_that_still_runs_is_no_crash(tmp_path: Path) -> None:
    (tmp_path / f"crash-{os.getppid()}.log").write_text("in the middle of it")
    assert not CrashReports(tmp_path).reports()


# -- the end of a run ------------------------------------------------------------------------------------


@pytest.fixture
def told(window: Window) -> list[tuple[str, str]]:
    messages: list[tuple[str, str]] = []
    window.notifier.deliver = lambda title, text: messages.append((title, text))
    return messages


def test_end_of_a_long_run_is_told_only_when_another_window_is_in_front(
    window: Window, qtbot: QtBot, cat_file: Path, told: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui.main_window import run_notifier

    window.core.runs.open([cat_file])
    qtbot.waitUntil(lambda: window.core.session.current.state is DocumentState.READY, timeout=LONG)
    window.restore.panel.preset.choose(PRESETS.index(Preset.DRAFT))

    def run() -> None:
        window.core.session.current.given_up = True
        window.restore.start()
        qtbot.waitUntil(lambda: window.core.session.current.state is DocumentState.DONE, timeout=LONG)

    monkeypatch.setattr(run_notifier, "LONG_SECONDS", 0.0)
    run()
    assert told == [], "the window is in front"
    monkeypatch.setattr(window, "isActiveWindow", lambda: False)
    run()
    assert told == [("Restorer has finished", "the cat.jpg is restored.")]
    monkeypatch.setattr(run_notifier, "LONG_SECONDS", 1e6)
    run()
    monkeypatch.setattr(run_notifier, "LONG_SECONDS", 0.0)
    window.core.runs.preferences = Preferences(notify=False)
    run()
    assert len(told) == 1, "neither a short run nor one that nobody wants to hear of"
