"""`restorer-app`: opens the window from wherever Restorer is installed.

The window is no part of this package and is never imported by it: in a checkout it lies beside the package,
in a wheel below it. This runs the door as `python main.py` would.
"""

from __future__ import annotations

import runpy
import sys

from restorer import paths

__all__ = ["main"]


def main() -> int:
    """Run main.py with the process's arguments, and return its exit code."""
    door = paths.door()
    sys.path.insert(0, str(door.parent))
    return int(runpy.run_path(str(door))["main"](sys.argv[1:]))
