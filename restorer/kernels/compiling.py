"""`python restorer/kernels/compiling.py`: compile layers.c beside itself, if there is a C compiler.

Standard library only: set-up and the wheel's build run it as a file, before torch is there.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).with_name("layers.c")
TARGET = SOURCE.with_suffix(".so")


def find_compiler() -> str | None:
    """The compiler that $CC names, or the first of the usual ones."""
    names = [name for name in (os.environ.get("CC"), "cc", "gcc", "clang") if name]
    return next(filter(None, map(shutil.which, names)), None)


def compile_library(target: Path) -> str | None:
    """Write the compiled file, whole or not at all; None, or the sentence that says why there is none."""
    compiler = find_compiler()
    if compiler is None:
        return "There is no C compiler here, so convolutions are torch's own (about half as fast)."
    flags = ["-O3", "-fPIC", "-fopenmp", "-fno-math-errno"]
    if platform.machine().lower() in ("x86_64", "amd64"):
        flags += ["-mavx2", "-mfma"]
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".layers-") as folder:
        made, ready = Path(folder) / "layers.o", Path(folder) / "layers.so"
        # Compiled and linked apart: linking with -fopenmp would bind another OpenMP than torch's.
        for command in (
            [compiler, *flags, "-c", str(SOURCE), "-o", str(made)],
            [compiler, "-shared", str(made), "-lm", "-o", str(ready)],
        ):
            done = subprocess.run(command, capture_output=True, text=True, errors="replace")
            if done.returncode:
                reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
                return (
                    f"{compiler} could not compile {SOURCE.name} ({reason}), so convolutions are torch's own."
                )
        os.replace(ready, target)
    return None


def main() -> int:
    """Compile if the source is newer than what is there; a machine without a compiler is no error."""
    if TARGET.exists() and TARGET.stat().st_mtime >= SOURCE.stat().st_mtime:
        return 0
    try:
        TARGET.unlink(missing_ok=True)  # of another source: were this one not to compile, it would be used
        problem = compile_library(TARGET)
    except OSError as error:
        problem = f"{TARGET} cannot be written ({error.strerror}), so convolutions are torch's own."
    print(problem or f"Compiled {TARGET.name}.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
