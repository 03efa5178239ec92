"""Python in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def python(code: str, **environ: str | None) -> subprocess.CompletedProcess[str]:
    """Run code in a fresh interpreter at the repository's root; a variable set to None is removed."""
    merged = {**os.environ, **environ}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={name: value for name, value in merged.items() if value is not None},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
