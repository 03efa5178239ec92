"""What in a bundle would let somebody else in: permissions, links, and where its libraries are looked for.

In: the folder that `make bundle` made, and the folder that it was built from. Out: a sentence for each fault.
Whoever unpacks a bundle as an administrator gives it to everybody on the machine, so nobody else may change a
file of it, and none runs with more rights than its caller's; a library that is looked for in a folder that is
not the bundle's can be put there by somebody else (`man ld.so`, RPATH and RUNPATH).
"""

from __future__ import annotations

import mmap
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ELF = b"\x7fELF"


def faults(bundle: Path, built_from: Path) -> Iterator[str]:
    """A sentence for each fault of a bundle. Raises OSError where a file of it cannot be read."""
    bundle = bundle.resolve()
    for path in sorted(bundle.rglob("*")):
        name = path.relative_to(bundle)
        if path.is_symlink():
            real = path.resolve()
            if os.path.isabs(os.readlink(path)) or not real.is_relative_to(bundle) or not real.exists():
                yield f"{name} is a link to {os.readlink(path)}, which is no file of the bundle"
            continue
        mode = path.stat().st_mode
        if os.name != "nt" and mode & (stat.S_IWGRP | stat.S_IWOTH):
            yield f"{name} can be changed by others ({stat.filemode(mode)})"
        if path.is_file():
            if mode & (stat.S_ISUID | stat.S_ISGID):
                yield f"{name} runs with the rights of its owner ({stat.filemode(mode)})"
            yield from _of_content(path, bundle, built_from)


def _of_content(path: Path, bundle: Path, built_from: Path) -> Iterator[str]:
    if not path.stat().st_size:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(os.fsencode(built_from)) >= 0:
            yield f"{path.relative_to(bundle)} names the folder that it was built in"
        library = content[:4] == ELF
    if library and sys.platform.startswith("linux") and (program := shutil.which("objdump")):
        said = subprocess.run([program, "-p", path], capture_output=True, text=True, check=False).stdout
        yield from (f"{path.relative_to(bundle)} {fault}" for fault in of_search_paths(said, path, bundle))


def of_search_paths(said: str, path: Path, bundle: Path) -> Iterator[str]:
    """What is wrong with the search paths of a library at `path`, of which `objdump -p` said `said`."""
    for line in said.splitlines():
        words = line.split(maxsplit=1)
        if not words or words[0] not in ("RPATH", "RUNPATH"):
            continue
        for place in words[1].strip().split(":") if len(words) > 1 else [""]:
            if not is_inside(place, path, bundle):
                yield f"looks for libraries in {place!r}, which is not the bundle's"


def is_inside(place: str, path: Path, bundle: Path) -> bool:
    """Whether one place of the search path of the library `path` is a folder of the bundle."""
    first, *rest = place.replace("${ORIGIN}", "$ORIGIN").split("/")
    within = Path(os.path.normpath(path.parent.joinpath(*rest))).is_relative_to(bundle)
    return first == "$ORIGIN" and within
