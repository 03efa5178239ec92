"""What another program that computes costs a restoration, by how long OpenMP's idle threads wait awake.

    python benchmarks/company.py [--photo PHOTO] [--preset draft] [--times 3]

In: an otherwise idle machine. A step of a network is thousands of short parallel pieces; behind each the
threads that are done wait for the rest. GNU's OpenMP lets them spin for some 300,000 rounds before they
sleep, and a spinning thread keeps the core from the one it waits for where other programs want it too.
Restorer asks for fewer (`restorer/__init__.py`). Each figure is the engine's own time in a process of its
own, the ways in turn; the other program multiplies matrices in as many threads as there are cores, politely
(nice 19).

Out: the median in seconds with the least and the most, alone and beside the other program, and how that
compares with OpenMP's own way in the same run.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "resources" / "samples" / "news-vendors-1896.jpg"
OWN = "300000"
OTHER = """
import os, torch
os.nice(19)
a = torch.rand(1500, 1500)
while os.getppid() != 1:
    a @ a
"""


def child(photo: Path, preset: str) -> int:
    """One run of the engine; prints its seconds."""
    sys.path.insert(0, str(ROOT))
    from restorer.pipeline import restore
    from restorer.pipeline.events import Done
    from restorer.pipeline.request import Preset, RestoreRequest

    request = RestoreRequest(source=photo, preset=Preset(preset), seed=1, device="cpu", preview_side=0)
    for event in restore.run(request):
        if isinstance(event, Done):
            print(f"seconds {event.seconds:.3f}")
    return 0


def seconds(photo: Path, preset: str, rounds: str | None) -> float:
    environ = {name: value for name, value in os.environ.items() if name not in ("GOMP_SPINCOUNT",)}
    if rounds is not None:
        environ["GOMP_SPINCOUNT"] = rounds
    command = [sys.executable, __file__, "--photo", str(photo), "--preset", preset, "--child"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=environ)
    told = [line.split()[1] for line in run.stdout.splitlines() if line.startswith("seconds")]
    if not told:
        raise SystemExit(f"no time was told.\n{run.stderr}")
    return float(told[0])


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--photo", type=Path, default=SAMPLE)
    parser.add_argument("--preset", default="draft")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--rounds", nargs="*", default=[], help="other numbers of rounds to try as well")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        return child(options.photo, options.preset)
    ways: dict[str, str | None] = {"OpenMP's own": OWN, "Restorer's": None}
    ways |= {f"{rounds} rounds": rounds for rounds in options.rounds}
    print(f"{'':34}{'median':>8}{'least':>8}{'most':>8}{'to own':>8}")
    for company in (False, True):
        other = None
        if company:
            other = subprocess.Popen([sys.executable, "-c", OTHER], start_new_session=True)
        try:
            taken: dict[str, list[float]] = {way: [] for way in ways}
            for _ in range(options.times):
                for way, rounds in ways.items():
                    taken[way].append(seconds(options.photo, options.preset, rounds))
        finally:
            if other is not None:
                other.kill()
                other.wait()
        own = statistics.median(taken["OpenMP's own"])
        for way, each in taken.items():
            words = f"{'beside another program' if company else 'alone'}, {way}"
            figures = (statistics.median(each), min(each), max(each), statistics.median(each) / own)
            print(f"{words:34}" + "".join(f"{figure:8.2f}" for figure in figures), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
