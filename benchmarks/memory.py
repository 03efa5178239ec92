"""Peak memory of a whole restoration, as the operating system saw it.

    python benchmarks/memory.py [--megapixels 12] [--scale 4] [--steps 2] [--model NAME]

Runs `restorer restore` on a synthetic photo whose result has that many megapixels, in a process of its own,
and prints the largest resident set of that process.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--megapixels", type=float, default=12.0)
    parser.add_argument("--scale", type=int, default=4)
    parser.add_argument("--steps", type=int, default=2)
    parser.add_argument("--model")
    args = parser.parse_args()

    height = round((args.megapixels * 1e6 * 3 / 4) ** 0.5 / args.scale)
    width = round(height * 4 / 3)
    y, x = np.mgrid[0:height, 0:width]
    waves = np.stack([np.sin(x / 7 + y / 19), np.sin(x / 23), np.cos(y / 11 - x / 31)], axis=2)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "photo.png", Path(folder) / "result.png"
        Image.fromarray((127.5 + 110 * waves).astype(np.uint8)).save(source)
        command = [sys.executable, "-m", "restorer", "restore", str(source), "-o", str(target)]
        command += ["--scale", str(args.scale), "--steps", str(args.steps)]
        command += ["--model", args.model] if args.model else []
        start = time.monotonic()
        subprocess.run(command, check=True, cwd=Path(__file__).resolve().parent.parent)
        seconds = time.monotonic() - start
        with Image.open(target) as result:
            pixels = result.width * result.height / 1e6
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    what = f"{pixels:.1f} megapixels, {args.steps} evaluations"
    print(f"{what}: {peak / 2**30:.2f} GiB at most, {seconds:.0f} s")


if __name__ == "__main__":
    main()
