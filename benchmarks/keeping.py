"""What keeping a run's tiles costs, and what a kill costs a run whose tiles are kept.

    python benchmarks/keeping.py [--kills 30] [--side 160] [--seed 1]

First a run of the shipped network with its state kept is timed, and in the same run the seconds that went
into keeping: the ratio is printed. Then a run of a tiny network in many tiles is begun in a process of its
own, killed (SIGKILL) at a random moment, and gone on with in another, until it ends; then the next begins,
until so many kills were made. Judged is that the picture is the uninterrupted one to the byte, and how much
work was done again after each kill, in the seconds that it had taken. Exit code 1 if a picture differs or
keeping took more than 3 % of the run.

Processes are forked once torch is loaded, so that kills fall into runs and not into imports; Linux and macOS.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

MOST_SHARE = 0.03


def request_of(side: int, shipped: bool, keep: Path | None):  # type: ignore[no-untyped-def]
    """A photo of noise and ramps in tiles of 64 pixels (of the usual size for the shipped network)."""
    from restorer.photo import Photo
    from restorer.pipeline.request import RestoreRequest
    from tests.conftest import TINY

    ramp = np.linspace(0, 200, side)[None, :, None] * np.ones((side, 1, 3))
    pixels = (ramp + np.random.default_rng(side).integers(0, 55, ramp.shape)).astype(np.uint8)
    request = RestoreRequest(Photo(pixels), device="cpu", preview_side=0, keep=keep)
    return replace(request, preset="draft") if shipped else replace(request, model=TINY, steps=1, tile=64)


def cost(side: int) -> float:
    """The share of a run's time that goes into keeping it."""
    from restorer.pipeline import restore
    from restorer.pipeline.resume import checkpoint

    spent = work = 0.0

    @contextmanager
    def timed() -> Iterator[None]:
        nonlocal spent, work
        start, busy = time.perf_counter(), time.thread_time()
        yield
        spent += time.perf_counter() - start
        work += time.thread_time() - busy

    class Timed(checkpoint.Keeper):
        """All that is asked of a keeper is timed."""

        @timed()
        def __init__(self, *args: Any) -> None:
            super().__init__(*args)

        answers = timed()(checkpoint.Keeper.answers)
        note = timed()(checkpoint.Keeper.note)
        offer = timed()(checkpoint.Keeper.offer)
        done = timed()(checkpoint.Keeper.done)

    restore.Keeper = Timed  # type: ignore[misc]
    start, busy = time.perf_counter(), time.process_time()
    tiles = sum(type(event).__name__ == "Progress" for event in restore.run(_kept(side, True)))
    took, all_work = time.perf_counter() - start, time.process_time() - busy
    restore.Keeper = checkpoint.Keeper  # type: ignore[misc]
    print(
        f"keeping took {spent:.3f} s of a run of {took:.2f} s and {tiles} tiles: {spent / took:.2%}; of the "
        f"processor's work {work / all_work:.2%}",
        flush=True,
    )
    return spent / took


def _kept(side: int, shipped: bool):  # type: ignore[no-untyped-def]
    from restorer.pipeline.resume import checkpoint

    return request_of(side, shipped, checkpoint.new_folder())


def _child(request, record: Path, result: Path) -> int:  # type: ignore[no-untyped-def]
    """Run in a forked process: writes when each tile was finished, and the picture; returns its id."""
    child = os.fork()
    if child:
        return child
    from restorer.pipeline import restore

    with record.open("w", 1) as file:
        file.write(f"{time.monotonic()} 0\n")
        for event in restore.run(request):
            if type(event).__name__ == "Progress":
                file.write(f"{time.monotonic()} {event.tile}\n")
    np.save(result, event.photo.pixels)
    os._exit(0)


def kills(count: int, side: int, seed: int, place: Path) -> tuple[int, list[float]]:
    """How many pictures differ, and the seconds of work that each kill cost."""
    from restorer.pipeline import restore
    from restorer.pipeline.resume import run_folder
    from restorer.pipeline.resume.tile_log import TileLog

    moment, wrong, costs = random.Random(seed), 0, []
    start = time.monotonic()
    *_, done = restore.run(request_of(side, False, None))
    whole, took = done.photo.pixels, time.monotonic() - start
    record, result = place / "record", place / "result.npy"
    while len(costs) < count:
        request = _kept(side, False)
        while True:
            result.unlink(missing_ok=True)
            record.unlink(missing_ok=True)
            child = _child(request, record, result)
            end = time.monotonic() + moment.uniform(0.05, 1.2) * took
            while time.monotonic() < end and os.waitpid(child, os.WNOHANG)[0] == 0:
                time.sleep(0.01)
            if result.exists() and time.monotonic() < end:
                break  # it came to its end before it was to be killed
            try:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
            except (ProcessLookupError, ChildProcessError):
                break
            if result.exists():
                break
            lines = [line.split() for line in record.read_text().splitlines() if line.count(" ") == 1]
            stamps = [(float(stamp), int(tile)) for stamp, tile in lines]
            log = TileLog(request.keep / run_folder.ANSWERS)
            log.open()
            kept = len(log._records)
            safe = max((stamp for stamp, tile in stamps if tile <= kept), default=stamps[0][0])
            costs.append(stamps[-1][0] - safe)
            if len(costs) >= count:
                os.waitpid(_child(request, record, result), 0)
                break
        wrong += not np.array_equal(np.load(result), whole)
        if request.keep.exists():
            wrong += 1
            print("a finished run left its state")
    return wrong, costs


def main() -> int:
    """Exit code 0 if nothing was lost and keeping was cheap."""
    parser = argparse.ArgumentParser(description="What keeping a run's tiles costs, and what a kill costs.")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--side", type=int, default=160, help="of the photo, in pixels")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name in ("DATA", "CACHE"):
            os.environ[f"XDG_{name}_HOME"] = str(place / name)
        from restorer import paths
        from tests.conftest import make_tiny_pack

        make_tiny_pack(paths.packs_dir())
        share = cost(max(192, args.side))
        wrong, costs = kills(args.kills, args.side, args.seed, place)
        print(
            f"{len(costs)} kills: {wrong} things wrong; work done again: "
            f"{np.mean(costs):.2f} s in the mean, {max(costs):.2f} s at most"
        )
    return 1 if wrong or share > MOST_SHARE else 0


if __name__ == "__main__":
    sys.exit(main())
