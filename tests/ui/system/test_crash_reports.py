"""An app that ended badly offers its report at the next start, once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from restorer import __version__
from tests.ui.driver import dialog_of
from ui.main_window.window import Window
from ui.system import crash_reports
from ui.system.crash_reports import CrashReports
from ui.widgets.dialogs import CrashQuestion
from ui.widgets.text_dialog import TextDialog


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
