"""A bundle that others can change, or whose libraries are looked for elsewhere, is told of."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tools.bundle_faults import faults, of_search_paths


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A folder as a bundle is."""
    folder = tmp_path / "bundle"
    (folder / "lib").mkdir(parents=True, mode=0o755)
    (folder / "program").write_bytes(b"\x7fELF and more")
    (folder / "program").chmod(0o755)
    (folder / "lib" / "a.so").write_bytes(b"")
    (folder / "lib" / "a.so.1").symlink_to("a.so")
    return folder


def test_a_bundle_that_is_as_it_should_be_has_no_fault(bundle: Path, tmp_path: Path) -> None:
    assert list(faults(bundle, tmp_path / "source")) == []


@pytest.mark.skipif(os.name == "nt", reason="permissions are others there")
@pytest.mark.parametrize(
    ("mode", "fault"), [(0o757, "can be changed"), (0o775, "can be changed"), (0o4755, "rights")]
)
def test_permissions_for_others_are_faults(bundle: Path, tmp_path: Path, mode: int, fault: str) -> None:
    (bundle / "program").chmod(mode)
    (said,) = faults(bundle, tmp_path / "source")
    assert said.startswith("program ")
    assert fault in said


@pytest.mark.parametrize("target", ["/etc/hostname", "../../outside", "nowhere"])
def test_a_link_that_is_no_file_of_the_bundle_is_a_fault(bundle: Path, tmp_path: Path, target: str) -> None:
    (tmp_path / "outside").touch()
    (bundle / "lib" / "b.so").symlink_to(target)
    (said,) = faults(bundle, tmp_path / "source")
    assert target in said


def test_the_folder_that_it_was_built_in_is_not_named(bundle: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    (bundle / "lib" / "a.so").write_bytes(b"\0" + os.fsencode(source / "a.c") + b"\0")
    (said,) = faults(bundle, source)
    assert said == f"{Path('lib', 'a.so')} names the folder that it was built in"


@pytest.mark.parametrize(
    ("place", "good"),
    [
        ("$ORIGIN", True),
        ("$ORIGIN/../lib:${ORIGIN}/deep", True),
        ("$ORIGIN/../../outside", False),
        ("/usr/local/lib", False),
        ("lib", False),
        ("", False),
        ("$ORIGIN:", False),
        ("$ORIGINAL/lib", False),
    ],
)
def test_search_paths_lead_nowhere_but_into_the_bundle(place: str, good: bool) -> None:
    bundle = Path("/opt/bundle")
    said = f"Dynamic Section:\n  NEEDED               libc.so.6\n  RUNPATH              {place}\n"
    assert (list(of_search_paths(said, bundle / "lib" / "a.so", bundle)) == []) is good
