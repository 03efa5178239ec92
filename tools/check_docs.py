"""Runs what the documents tell a person to type: every ```sh block of README.md and docs/*.md.

    python tools/check_docs.py [--only NAME]

In: the documents. Out: one line a block and an exit code: 0 if every command did what it should. A block is
run in a scratch folder, in which the photos that documents speak of are tiny; `restorer` and `python` are
this interpreter's. A block under `<!-- not run: REASON -->` needs data or time that a check has not got: its
restorer commands are only parsed, by the parsers that they would meet, and its tools and targets must exist.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from importlib import import_module
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from restorer.cli.main import ELSEWHERE, build_parser  # noqa: E402

BLOCK = re.compile(
    r"(?:^<!-- not run: (?P<why>.+?) -->\n+)?^```sh\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
UNMARKED = re.compile(r"^(?: {4}|\t)(?:restorer|python3?|make|pip|\$) ", re.MULTILINE)
PHOTOS = ("grandmother.jpg", "portrait.tif", "album/1.jpg", "album/2.jpg")
SECONDS = 600


@dataclass(frozen=True)
class Block:
    """Commands of one document; `why` is empty where they are run."""

    place: str
    why: str
    commands: tuple[str, ...]


def blocks(path: Path) -> Iterator[Block]:
    """The blocks of a document, in order."""
    text = path.read_text("utf-8")
    for found in BLOCK.finditer(text):
        line = text.count("\n", 0, found.start("text")) + 1
        lines = found["text"].replace("\\\n", " ").splitlines()
        commands = tuple(each for each in lines if each.strip() and not each.startswith("#"))
        yield Block(f"{path.relative_to(ROOT)}:{line}", found["why"] or "", commands)


def complaint(command: str) -> str:
    """Why a command would be refused as it stands, or nothing; for commands that are not run."""
    words = [word for word in shlex.split(command, comments=True) if not re.fullmatch(r"[A-Z_]+=.*", word)]
    if words[:1] == ["nice"]:
        words = words[3:]
    if words[:3] in (["python", "-m", "restorer"], ["python3", "-m", "restorer"]):
        words = ["restorer", *words[3:]]
    if not words:
        return ""
    if words[0] == "restorer":
        return _parsed(words[1:])
    if words[0] == "make":
        targets = [word for word in words[1:] if "=" not in word]
        run = subprocess.run(["make", "-n", *targets], cwd=ROOT, capture_output=True, text=True, check=False)
        return run.stderr if run.returncode else ""
    if words[0].startswith("python") and words[1:] and words[1].endswith(".py"):
        if not (ROOT / words[1]).is_file():
            return f"there is no {words[1]}"
        # A tool that knows its arguments gets as far as the help; one that does not stops before it.
        options = {word.split("=")[0] for word in words[2:] if word.startswith("--")}
        help_ = [sys.executable, words[1], "--help"]
        run = subprocess.run(help_, cwd=ROOT, capture_output=True, text=True, check=False)
        return "".join(f"{words[1]} knows no {option}" for option in options if option not in run.stdout)
    return ""


def _parsed(arguments: list[str]) -> str:
    """What the command line's own parser says against these arguments."""
    said = StringIO()
    with redirect_stderr(said):
        try:
            for command, module in ELSEWHERE.items():
                if tuple(arguments[: len(command)]) == command:
                    parser = argparse.ArgumentParser(prog=" ".join(("restorer", *command)))
                    import_module(module).add_arguments(parser)
                    parser.parse_args(arguments[len(command) :])
                    return ""
            build_parser().parse_args(arguments)
        except SystemExit as stop:
            return said.getvalue() if stop.code else ""
    return ""


def furnish(folder: Path) -> dict[str, str]:
    """Make the scratch folder: photos, programs, and a home; returns the environment to run in."""
    from PIL import Image

    with Image.open(ROOT / "resources" / "samples" / "bicycle-1895.jpg") as photo:
        tiny = photo.convert("RGB").crop((100, 100, 132, 124))
    for name in PHOTOS:
        (folder / name).parent.mkdir(exist_ok=True)
        tiny.save(folder / name)
    programs = folder / ".programs"
    programs.mkdir()
    for name, module in (("restorer", " -m restorer"), ("python", "")):
        script = programs / name
        script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)}{module} "$@"\n', "utf-8")
        script.chmod(0o755)
    home = folder / ".home"
    home.mkdir()
    # Homes of Linux as well as of macOS; packs and settings of the person who checks stay untouched.
    xdg = {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("DATA", "CONFIG", "CACHE", "STATE")}
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, **xdg, "HOME": str(home), "PATH": path, "PYTHONPATH": str(ROOT)}


def run(block: Block) -> str:
    """Run a block as one script that ends at the first failure; returns what went wrong."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = furnish(folder)
        script = "\n".join(("set -e", *block.commands))
        try:
            ended = subprocess.run(
                ["sh", "-c", script],
                cwd=folder,
                env=environ,
                capture_output=True,
                text=True,
                timeout=SECONDS,
                stdin=subprocess.DEVNULL,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"took more than {SECONDS} s; mark it with <!-- not run: why -->"
    return ended.stderr[-2000:] or f"exit code {ended.returncode}" if ended.returncode else ""


def main() -> int:
    """Exit code 0 if every command did what it should."""
    parser = argparse.ArgumentParser(description="Run what the documents tell a person to type.")
    parser.add_argument("--only", metavar="NAME", default="", help="documents whose name has this in it")
    parser.add_argument("--parse", action="store_true", help="run nothing, parse all")
    options = parser.parse_args()
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
    failed = count = 0
    for path in documents:
        if options.only not in path.name:
            continue
        for found in UNMARKED.finditer(path.read_text("utf-8")):
            print(f"{path.name}: {found[0].strip()} … stands in no ```sh block", file=sys.stderr)
            failed += 1
        for block in blocks(path):
            count += 1
            only_parsed = bool(block.why) or options.parse
            wrong = "".join(map(complaint, block.commands)) if only_parsed else run(block)
            how = "parsed" if only_parsed else "ran"
            print(f"{block.place}: {'FAILED' if wrong else how} {len(block.commands)} command(s)", flush=True)
            if wrong:
                print(wrong, file=sys.stderr)
                failed += 1
    if not count:
        print("There is no ```sh block to check.", file=sys.stderr)
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main())
