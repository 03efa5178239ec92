"""Writes docs/third-party.md: the packages that Restorer needs, and their licences.

    python tools/licences.py [--check]

In: pyproject.toml, and the metadata of the packages that it needs, with those that they need in turn. Out:
the table; with --check an exit code, 1 if the table lacks a package or has one too many. Versions are left
out, since they differ from system to system; packages for other systems are left out, too.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "third-party.md"
GPU = ("cuda-", "nvidia-", "triton", "intel-", "pytorch-triton")  # come with some builds of torch only
HEAD = """\
# Packages that Restorer needs

The app needs these packages, and each of them may need others of the list. `tools/licences.py` writes this
page from the packages' own metadata. Each package has its licence's text in its folder. We use Qt under the
LGPL, as shared libraries that you may replace. Each model under `models/` says in its `CARD.md` what it was
trained on. The face detector under `resources/faces/` is YuNet by Shiqi Yu, MIT License; its text is in the
same folder.

| package | licence | home |
|---|---|---|
"""


def needed() -> list[str]:
    """Names of all packages that the app needs here, sorted."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    waiting, found = list(project["dependencies"]), set()
    while waiting:
        wanted = Requirement(waiting.pop())
        name = re.sub(r"[-_.]+", "-", wanted.name).lower()
        if (
            name.startswith(GPU)
            or name in found
            or (wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}))
        ):
            continue
        found.add(name)
        waiting += metadata.requires(name) or []
    return sorted(found)


def licence(package: str) -> str:
    """The licence as the package's metadata tell it: an SPDX expression, or else its classifier."""
    told = metadata.metadata(package)
    classified = [
        line.split(" :: ")[-1] for line in told.get_all("Classifier") or [] if line.startswith("License ::")
    ]
    free = (told.get("License") or "").strip().splitlines()
    choices = [told.get("License-Expression") or "", ", ".join(classified), free[0] if free else ""]
    return next((choice for choice in choices if choice and choice != "OSI Approved"), "see its home page")


def home(package: str) -> str:
    """Its home page, or nothing."""
    told = metadata.metadata(package)
    links = dict(line.split(", ", 1) for line in told.get_all("Project-URL") or [])
    by_name = {name.lower(): link for name, link in links.items()}
    names = ("homepage", "home", "source", "source code", "repository", "documentation")
    return next((by_name[name] for name in names if name in by_name), told.get("Home-page") or "")


def main() -> int:
    """Exit code 0 when the table is right."""
    parser = argparse.ArgumentParser(description="Write the table of licences.")
    parser.add_argument("--check", action="store_true", help="change nothing")
    packages = needed()
    if parser.parse_args().check:
        known = re.findall(r"^\| ([a-z0-9-]+) \|", TABLE.read_text("utf-8"), re.MULTILINE)
        wrong = sorted({*known} - {"package"} ^ {*packages})
        if wrong:
            print(f"docs/third-party.md is out of date ({', '.join(wrong)}): python tools/licences.py")
        return 1 if wrong else 0
    rows = (f"| {package} | {licence(package)} | {home(package)} |\n" for package in packages)
    TABLE.write_text(HEAD + "".join(rows), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
