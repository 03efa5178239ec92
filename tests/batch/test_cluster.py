"""The same promises on a real Ray of two workers, one of which is killed in the middle of its work."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.kills import digests, judge
from tests.batch.conftest import save_scan
from tests.batch.test_promises import command

ROOT = Path(__file__).resolve().parent.parent.parent


def parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1])


def workers(driver: int) -> Iterator[int]:
    """Descendants of a process that are restoring a photo now; Ray writes it into their titles."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (folder / "cmdline").read_bytes().startswith(b"ray::restore_item"):
                ancestor = int(folder.name)
                while ancestor not in (0, driver):
                    ancestor = parent(ancestor)
                if ancestor == driver:
                    yield int(folder.name)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="workers are told by /proc")
def test_a_worker_is_killed_and_nothing_is_lost(scans: Path, out: Path, tiny_pack: str) -> None:
    pytest.importorskip("ray", reason="the optional package ray is not installed")
    for index in range(4):
        save_scan(scans / f"more {index}.png", 20 + index)
    originals = digests(scans)
    words = command(scans, out, "--cluster", "local", steps=20, model=tiny_pack)
    process = subprocess.Popen(
        [sys.executable, "-m", "restorer", *words],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    with process:
        process.stdout.readline()  # the first is done; others are at work
        killed = None
        while killed is None and process.poll() is None:
            killed = next(workers(process.pid), None)
        assert killed is not None, "it was over before a worker could be killed"
        os.kill(killed, signal.SIGKILL)
        _, said = process.communicate()
    assert process.returncode == 0, said
    assert "10 done" in said
    assert judge(scans, out, originals) == []


def test_without_ray_it_is_a_sentence(
    scans: Path, out: Path, batch: Callable[..., int], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setitem(sys.modules, "ray", None)
    assert batch(scans, out, "--cluster", "local") == 2
    assert "pip install ray" in capsys.readouterr().err
