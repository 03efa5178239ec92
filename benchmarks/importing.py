"""Peak memory and time of importing and loading a full-size checkpoint, in a process of its own.

    python benchmarks/importing.py [--folder DIR] [--half]

Writes the 64 to 256 upsampler's tensors (311.8 million random numbers, 1.25 GB) as its makers do, imports it
through the importer into a folder that is removed again, and loads the pack. Peak memory is what the system
says of the whole process, mapped pages of the file included.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def peak() -> float:
    """Peak resident memory of this process in MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def write(path: Path) -> None:
    import torch

    from restorer.diffusion.nn.adm_unet import ADMUNet, ADMUNetConfig

    config = ADMUNetConfig(in_channels=6, multipliers=(1, 1, 2, 2, 4, 4), blocks=2, attention=(3, 4, 5))
    with torch.device("meta"):
        shapes = {name: value.shape for name, value in ADMUNet(config).state_dict().items()}
    torch.save({name: torch.randn(shape) * 0.02 for name, shape in shapes.items()}, path)


def bring(path: Path, half: bool) -> None:
    from restorer import importers

    before = peak()
    start = time.perf_counter()
    found = importers.look(path)
    looked = time.perf_counter() - start
    steps = [done for done, _ in importers.make_pack(found, path, "bench", half)]
    seconds, size = time.perf_counter() - start, path.stat().st_size / 1e6
    print(f"{found.title}")
    print(
        f"file {size:.0f} MB; recognised in {looked:.2f} s, imported in {seconds:.1f} s, {len(steps)} reports"
    )
    print(f"peak {peak():.0f} MB ({peak() / size:.2f} of the file), {before:.0f} MB of it before the import")


def load() -> None:
    import torch

    from restorer.device import Device
    from restorer.packs import catalog, loader

    start = time.perf_counter()
    loader.load(catalog.find(4, "bench"), Device("cpu", torch.device("cpu"), fast_bfloat16=False))
    print(f"loaded in {time.perf_counter() - start:.1f} s, peak {peak():.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--folder", type=Path, help="where 2.5 GB may be written (default: the temporary one)"
    )
    parser.add_argument("--half", action="store_true")
    parser.add_argument("--step", choices=["write", "bring", "load"], help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.step == "write":
        return write(args.file)
    if args.step == "bring":
        return bring(args.file, args.half)
    if args.step == "load":
        return load()
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        file = Path(folder) / "64_256_upsampler.pt"
        environment = os.environ | {"XDG_DATA_HOME": folder}
        for step in ("write", "bring", "load"):
            command = [sys.executable, __file__, "--step", step, "--file", str(file)]
            command += ["--half"] if args.half else []
            subprocess.run(command, check=True, env=environment)
    return None


if __name__ == "__main__":
    main()
