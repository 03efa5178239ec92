"""Kill a batch again and again, and look whether anything was lost.

    python benchmarks/kills.py [--kills 50] [--photos 40] [--seed 1]

A run of 40 photos is started with a tiny model, killed (SIGKILL) 0.1 to 2 s after an output appeared, and
started again, until it ends by itself; then its results are judged, and the next run begins, until 50 kills
were made. Judged is that every result is there once, decodes to its size, names its own photo, that no
temporary file is left, that the originals are byte-identical, and how often a result was made twice.
Out: a line a run, and the figures; exit code 1 if anything was lost.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from PIL import Image

from restorer.photo import read_photo, read_provenance

ROOT = Path(__file__).resolve().parent.parent
SUFFIXES = (".jpg", ".png", ".tif", ".webp")
PATIENCE = 300.0


@dataclass
class Tally:
    """What happened to one run, killed until it was done."""

    kills: int = 0
    starts: int = 0
    remade: int = 0
    found_unfinished: int = 0


def make_photos(folder: Path, count: int, side: int = 48) -> None:
    """Small photos of noise and gradients in four formats and two folders."""
    random_numbers = np.random.default_rng(count)
    for index in range(count):
        place = folder / "shelf" if index % 2 else folder
        place.mkdir(parents=True, exist_ok=True)
        ramp = np.linspace(0, 200, side)[None, :, None] * np.ones((side - 12, 1, 3))
        pixels = ramp + random_numbers.integers(0, 55, ramp.shape)
        Image.fromarray(pixels.astype(np.uint8)).save(place / f"scan {index:03}{SUFFIXES[index % 4]}")


def digests(folder: Path) -> dict[str, str]:
    """Every file below a folder and the hash of its content."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class Process(Protocol):
    """What is asked of a `subprocess.Popen`, or of what stands for one."""

    @property
    def returncode(self) -> int | None: ...
    def poll(self) -> int | None: ...
    def send_signal(self, sig: int, /) -> None: ...
    def kill(self) -> None: ...
    def communicate(self) -> tuple[str, str]: ...


def start_shell(words: list[str]) -> Process:
    """`restorer` with these words."""
    return subprocess.Popen(
        [sys.executable, "-m", "restorer", *words],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )


def killed_run(
    photos: Path,
    out: Path,
    options: list[str],
    most_kills: int,
    seed: int,
    start: Callable[[list[str]], Process] = start_shell,
) -> Tally:
    """Start, kill, start again until the command ends by itself with exit code 0, or `most_kills` were made
    (then the last start is left alone). start: what starts `restorer` with some words."""
    moment, tally = random.Random(seed), Tally()
    stamps: dict[Path, tuple[int, int]] = {}
    while True:
        tally.starts += 1
        process = start(["batch", str(photos), str(out), *options])
        before = _outputs(out)
        spared = tally.kills >= most_kills
        deadline = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < deadline:
            if not spared and _outputs(out).keys() - before.keys():
                time.sleep(moment.uniform(0.1, 2.0))
                process.send_signal(signal.SIGKILL)
                break
            time.sleep(0.02)
        if time.monotonic() >= deadline:
            process.kill()
            raise SystemExit("a run did not end in time")
        _, said = process.communicate()
        for path, stamp in _outputs(out).items():
            tally.remade += stamps.setdefault(path, stamp) != stamp
            stamps[path] = stamp
        if process.returncode == 0:
            return tally
        if process.returncode != -signal.SIGKILL:
            raise SystemExit(f"exit code {process.returncode}\n{said}")
        tally.kills += 1
        tally.found_unfinished += len(list(out.rglob(".restorer-*.tmp")))


def judge(photos: Path, out: Path, originals: dict[str, str], scale: int = 4) -> list[str]:
    """What is wrong with the results of a run; empty if nothing is."""
    wrong = []
    if digests(photos) != originals:
        wrong.append("an original was changed")
    expected = set()
    for name, digest in originals.items():
        source = Path(name)
        path = out / source.parent / f"{source.stem}_{scale}x{source.suffix}"
        expected.add(path)
        try:
            width, height = read_photo(photos / name).size
            if read_photo(path).size != (width * scale, height * scale):
                wrong.append(f"{path} has the wrong size")
            if read_provenance(path)["SourceSHA256"] != digest:
                wrong.append(f"{path} was made of another photo")
        except Exception as error:
            wrong.append(str(error))
    reports = {out / "restorer-report.html", out / "restorer-report.csv"}
    wrong += [
        f"{path} is one too many"
        for path in out.rglob("*")
        if path.is_file() and path not in expected | reports
    ]
    return wrong


def _outputs(out: Path) -> dict[Path, tuple[int, int]]:
    found = {}
    for path in out.rglob("*_4x.*"):
        try:
            status = path.stat()
        except OSError:
            continue
        found[path] = (status.st_ino, status.st_mtime_ns)
    return found


def main() -> int:
    """Exit code 0 if nothing was lost."""
    parser = argparse.ArgumentParser(description="Kill a batch again and again.")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--photos", type=int, default=40)
    parser.add_argument("--steps", type=int, default=60, help="sampling steps, which make a photo take time")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        os.environ["XDG_DATA_HOME"] = str(place / "home")
        from restorer import paths
        from tests.conftest import TINY, make_tiny_pack

        make_tiny_pack(paths.packs_dir())
        make_photos(place / "photos", args.photos)
        originals = digests(place / "photos")
        options = ["--model", TINY, "--steps", str(args.steps), "--device", "cpu"]
        total, losses, run = Tally(), 0, 0
        while total.kills < args.kills:
            run += 1
            out = place / f"results {run}"
            out.mkdir()
            begun = time.monotonic()
            tally = killed_run(place / "photos", out, options, args.kills - total.kills, args.seed + run)
            wrong = judge(place / "photos", out, originals)
            losses += len(wrong)
            total.kills += tally.kills
            total.starts += tally.starts
            total.remade += tally.remade
            total.found_unfinished += tally.found_unfinished
            print(
                f"run {run}: {args.photos} photos, {tally.kills} kills, {tally.remade} results made twice, "
                f"{tally.found_unfinished} half-written files seen after kills, {len(wrong)} wrong, "
                f"{time.monotonic() - begun:.0f} s",
                flush=True,
            )
            for sentence in wrong:
                print(f"  {sentence}")
        print(
            f"{total.kills} kills in {run} runs of {args.photos} photos: {losses} things wrong, "
            f"{total.remade} results made twice, {total.found_unfinished} half-written files seen "
            "after kills and removed"
        )
    return 1 if losses else 0


if __name__ == "__main__":
    sys.exit(main())
