"""A package for Debian and Ubuntu, made of the bundle: a double-click installs Restorer for everybody.

    python tools/deb.py dist/restorer [-o dist]

In: the folder that `make bundle` made, and dpkg-deb. Out: the path of `restorer_VERSION_ARCHITECTURE.deb`:
the bundle under /opt, its two programs in /usr/bin, and the desktop entry, icons of all sizes and AppStream
metadata where menus and software centres look for them. It has no scripts: the system itself notices new
entries and icons.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from restorer import __version__  # noqa: E402
from restorer.launcher.names import APP_ID  # noqa: E402

PROGRAMS = ("restorer-app", "restorer")


def libraries() -> list[str]:
    """The Debian packages whose libraries the bundle loads from the system, by tools/setup.py's tables."""
    spec = importlib.util.spec_from_file_location("restorer_setup", ROOT / "tools" / "setup.py")
    assert spec is not None
    assert spec.loader is not None
    setup = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = setup
    spec.loader.exec_module(setup)
    return sorted({debian for debian, _ in setup.libraries("bundle", {}).values()})


def control(architecture: str, installed: int, depends: list[str]) -> str:
    """The package's description (deb-control(5)). installed: KiB."""
    about = (ROOT / "resources" / "desktop" / f"{APP_ID}.metainfo.xml").read_text("utf-8")
    summary = re.search("<summary>(.*?)</summary>", about)
    paragraphs = re.findall(r"<p>(.*?)</p>", about, re.DOTALL)
    assert summary is not None
    long = "\n .\n".join(" " + " ".join(paragraph.split()) for paragraph in paragraphs)
    fields = {
        "Package": APP_ID,
        "Version": __version__,
        "Architecture": architecture,
        "Maintainer": "The Restorer authors",
        "Installed-Size": str(installed),
        "Depends": ", ".join(depends),
        "Section": "graphics",
        "Priority": "optional",
        "Description": f"{summary[1]}\n{long}",
    }
    return "".join(f"{name}: {text}\n" for name, text in fields.items())


def lay_out(bundle: Path, top: Path) -> None:
    """Everything at the place where it is installed, below `top`."""
    home = top / "opt" / APP_ID
    shutil.copytree(bundle, home, symlinks=True, copy_function=_link)
    (top / "usr" / "bin").mkdir(parents=True)
    for program in PROGRAMS:
        (top / "usr" / "bin" / program).symlink_to(f"/opt/{APP_ID}/{program}")
    share, resources = top / "usr" / "share", ROOT / "resources"
    icons = share / "icons" / "hicolor"
    places = {
        resources / "desktop" / f"{APP_ID}.desktop": share / "applications" / f"{APP_ID}.desktop",
        resources / "desktop" / f"{APP_ID}.metainfo.xml": share / "metainfo" / f"{APP_ID}.metainfo.xml",
        resources / "icons" / f"{APP_ID}.svg": icons / "scalable" / "apps" / f"{APP_ID}.svg",
        ROOT / "LICENSE": share / "doc" / APP_ID / "copyright",
        ROOT / "models" / "LICENSE.md": share / "doc" / APP_ID / "copyright.weights",
    }
    for picture in (resources / "icons" / "app").glob("*x*.png"):
        places[picture] = icons / picture.stem / "apps" / f"{APP_ID}.png"
    for source, place in places.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)
        place.chmod(0o644)
    for folder in [top, *(path for path in top.rglob("*") if path.is_dir() and not path.is_symlink())]:
        folder.chmod(0o755)


def _link(source: str, place: str) -> None:
    """A second name for the same file, where the two are on one disk: the bundle has a gigabyte."""
    try:
        Path(place).hardlink_to(source)
    except OSError:
        shutil.copy2(source, place)


def build(bundle: Path, out: Path) -> Path:
    """Make the package. Raises SystemExit with a sentence where something for it is not there."""
    if shutil.which("dpkg-deb") is None:
        raise SystemExit("dpkg-deb is not here; make the package on Debian or Ubuntu, or install dpkg.")
    lacking = [name for name in PROGRAMS if not (bundle / name).is_file()]
    if lacking:
        raise SystemExit(f"{bundle} has no {' and no '.join(lacking)}; make the bundle first: make bundle.")
    asked = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True)
    architecture = asked.stdout.strip()
    out.mkdir(parents=True, exist_ok=True)
    package = out / f"{APP_ID}_{__version__}_{architecture}.deb"
    with tempfile.TemporaryDirectory(dir=out) as folder:
        top = Path(folder) / "root"
        lay_out(bundle, top)
        files = (path for path in top.rglob("*") if path.is_file() and not path.is_symlink())
        installed = sum(path.stat().st_size for path in files) // 1024
        (top / "DEBIAN").mkdir()
        (top / "DEBIAN" / "control").write_text(control(architecture, installed, libraries()), "utf-8")
        # Built under another name: a package that is there is a whole one.
        half = Path(folder) / package.name
        command = ["dpkg-deb", "--root-owner-group", "-Zxz", "-z1", "--build", str(top), str(half)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        half.replace(package)
    return package


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("bundle", type=Path)
    parser.add_argument("-o", "--out", type=Path, default=ROOT / "dist")
    args = parser.parse_args()
    print(build(args.bundle, args.out))


if __name__ == "__main__":
    main()
