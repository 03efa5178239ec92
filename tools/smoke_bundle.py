"""Proves that a bundle stands on its own: starts its two programs with nothing of this machine's environment.

    python tools/smoke_bundle.py dist/restorer

In: the folder that `make bundle` made. Out: one line a claim with the seconds it took, and an exit code: 0 if
all hold. The environment is empty but for a scratch home (and for the window a display: Xvfb's, where there
is none), so that a module or library that was cut and is needed shows. An administrator tries it as another
user, too.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.bundle_faults import faults

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "resources" / "samples" / "bicycle-1895.jpg"
SECONDS = 600
# What Windows itself needs to start a program.
NEEDED = ("SYSTEMROOT", "WINDIR", "TEMP", "TMP")
NOBODY = 65534


class Smoke:
    """One bundle in one scratch home."""

    def __init__(self, bundle: Path, home: Path) -> None:
        self._bundle, self._home = bundle, home
        self.failed = False

    def run(
        self, claim: str, program: str, *arguments: str, display: bool = False, user: int | None = None
    ) -> str:
        """Run a program of the bundle, print whether the claim holds, and return what it said.

        user: the number of the one that runs it, None for whoever started this.
        """
        suffix = ".exe" if os.name == "nt" else ""
        command = [str(self._bundle / f"{program}{suffix}"), *arguments]
        environ = {"PATH": "", "HOME": str(self._home), "USERPROFILE": str(self._home)}
        environ |= {name: os.environ[name] for name in NEEDED if name in os.environ}
        if display:
            if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
                command = [shutil.which("xvfb-run") or "xvfb-run", "-a", *command]
                environ["PATH"] = os.environ["PATH"]  # for xvfb-run, which is a script
            environ |= {name: os.environ[name] for name in ("DISPLAY", "XAUTHORITY") if name in os.environ}
        began = time.monotonic()
        account: dict[str, Any] = {} if user is None else {"user": user, "group": user, "extra_groups": []}
        try:
            run = subprocess.run(
                command, cwd=self._home, env=environ, capture_output=True, text=True, timeout=SECONDS,
                check=False, **account,
            )  # fmt: skip
        except OSError as error:  # it may not be run
            self.claim(claim, False, str(error))
            return ""
        seconds = time.monotonic() - began
        self.claim(f"{claim} ({seconds:.1f} s)", run.returncode == 0, run.stdout + run.stderr)
        return run.stdout

    def claim(self, sentence: str, holds: bool, otherwise: str = "") -> None:
        print(f"{'holds' if holds else 'FAILS'}: {sentence}", flush=True)
        if not holds:
            print(otherwise, file=sys.stderr)
            self.failed = True


def for_another(smoke: Smoke, bundle: Path) -> None:
    """Claim that somebody else starts a bundle that an administrator has put where everybody can reach it."""
    administrator = hasattr(os, "geteuid") and os.geteuid() == 0
    if not administrator or not all(folder.stat().st_mode & 0o001 for folder in (bundle, *bundle.parents)):
        print("not tried: another user, for it takes an administrator and a folder that others can enter")
        return
    with tempfile.TemporaryDirectory() as home:
        os.chown(home, NOBODY, NOBODY)
        other = Smoke(bundle, Path(home))
        other.run(
            "another user starts it, with a home of their own", "restorer", "models", "list", user=NOBODY
        )
        smoke.failed |= other.failed


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def check(bundle: Path, home: Path) -> bool:
    """Make all claims; returns whether they hold."""
    smoke = Smoke(bundle, home)
    print(f"{bundle}: {size_of(bundle) / 1e6:.0f} MB")
    found = list(faults(bundle, ROOT))
    smoke.claim("nobody else can change it, or put a library before its own", not found, "\n".join(found))
    smoke.run("it tells its version", "restorer", "--version")
    for_another(smoke, bundle)
    packs = smoke.run("it lists its packs", "restorer", "models", "list")
    smoke.claim(
        "the pack that ships is inside", str(bundle / "_internal" / "models" / "sr3-photo") in packs, packs
    )
    if sys.platform.startswith("linux"):
        layers = bundle / "_internal" / "restorer" / "kernels" / "layers.so"
        smoke.claim("the compiled layers are inside", layers.exists(), f"no {layers}")
    smoke.run("the packs are whole", "restorer", "models", "verify")
    with Image.open(SAMPLE) as photo:
        exif = photo.getexif()
        exif[0x010E] = "a tiny photo"
        tiny = photo.convert("RGB").crop((100, 100, 148, 136))
    for suffix in (".jpg", ".png", ".tif", ".webp", ".bmp"):
        tiny.save(home / f"tiny{suffix}", **({} if suffix == ".bmp" else {"exif": exif}))
    photos = [f"tiny.{kind}" for kind in ("jpg", "png", "tif", "webp", "bmp")]
    smoke.run(
        "it restores every kind of photo", "restorer", "restore", *photos, "-o", "out/", "--preset", "draft"
    )
    made = sorted((home / "out").glob("tiny_4x*")) if (home / "out").is_dir() else []
    sizes = set()
    for path in made:
        with Image.open(path) as result:
            sizes.add(result.size)
    smoke.claim(
        "the results are four times as large", len(made) == 5 and sizes == {(192, 144)}, f"{made} {sizes}"
    )
    (home / "in").mkdir()
    shutil.copy(home / "tiny.png", home / "in")
    smoke.run("it restores a folder", "restorer", "batch", "in", "folder", "--preset", "draft")
    smoke.claim("the folder's photo is there", any((home / "folder").glob("tiny*.png")), "nothing in folder/")
    if sys.platform.startswith("linux"):
        smoke.run("it goes into the applications menu", "restorer", "install-launcher")
        entry = (home / ".local/share/applications/restorer.desktop").read_text("utf-8")
        smoke.claim("the entry starts the bundle", f"Exec={bundle / 'restorer-app'} %F" in entry, entry)
    smoke.run("the window opens and closes", "restorer-app", "--sample", "--close-after", "8", display=True)
    log = "".join(path.read_text("utf-8") for path in home.rglob("restorer.log"))
    smoke.claim("the log has no error", "ERROR" not in log and "CRITICAL" not in log, log)
    return not smoke.failed


def main() -> int:
    """Exit code 0 if every claim holds."""
    parser = argparse.ArgumentParser(description="Prove that a bundle stands on its own.")
    parser.add_argument("bundle", type=Path, help="the folder with the programs")
    bundle = parser.parse_args().bundle.resolve()
    with tempfile.TemporaryDirectory() as home:
        return 0 if check(bundle, Path(home)) else 1


if __name__ == "__main__":
    sys.exit(main())
