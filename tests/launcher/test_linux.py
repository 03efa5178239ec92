"""The launcher on Linux: what is written is what the specifications ask for, and what it says can be run."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from restorer import __version__, launcher, paths
from restorer.cli import main as cli
from restorer.errors import LauncherError
from restorer.launcher import command, linux
from restorer.launcher.names import APP_ID, ICON_SIZES, MIME_TYPES
from restorer.photo import READ_SUFFIXES

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="desktop entries are Linux's")


@pytest.fixture(autouse=True)
def person(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with a desktop in it."""
    monkeypatch.setenv("HOME", str(tmp_path / "person"))
    (tmp_path / "person" / "Desktop").mkdir(parents=True)
    return tmp_path / "person"


def read(path: Path) -> configparser.ConfigParser:
    parser = configparser.RawConfigParser(delimiters="=", comment_prefixes="#", strict=True)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(path.read_text("utf-8"))
    return parser


def unescaped(value: str) -> str:
    """A value of type string, as the Desktop Entry Specification says in section 4."""
    plain = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
    return re.sub(r"\\(.)", lambda found: plain[found[1]], value)


def split(value: str) -> list[str]:
    """An Exec value as a launcher takes it apart: the string, then quotes, then %% (sections 4 and 7)."""
    words, word, at, text = [], "", 0, unescaped(value)
    within = False
    while at < len(text):
        letter = text[at]
        if within and letter == "\\":
            at += 1
            assert text[at] in '"`$\\', "only these may be escaped"
            word += text[at]
        elif letter == '"':
            within = not within
        elif letter == " " and not within:
            words.append(word)
            word = ""
        else:
            assert within or letter not in "\t\n'\\><~|&;$*?#()`", f"{letter!r} is reserved outside quotes"
            word += letter
        at += 1
    assert not within
    return [each.replace("%%", "%") for each in [*words, word]]


NASTY = 'odd "folder" $HOME `id` 100% \\back\\slash & more; 照片'


def test_the_exec_line_runs_from_the_nastiest_of_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / NASTY
    folder.mkdir()
    (folder / "python").symlink_to(sys.executable)
    (folder / "main.py").symlink_to(ROOT / "main.py")
    monkeypatch.setattr(sys, "executable", str(folder / "python"))
    monkeypatch.setattr(paths, "door", lambda: folder / "main.py")
    launcher.install()
    entry = read(paths.data_root() / "applications" / "restorer.desktop")
    words = split(entry["Desktop Entry"]["Exec"])
    assert words == [str(folder / "python"), str(folder / "main.py"), "%F"]
    assert unescaped(entry["Desktop Entry"]["TryExec"]) == words[0]
    run = subprocess.run(
        [*words[:-1], "--version"], cwd="/", env={}, capture_output=True, text=True, check=False
    )
    assert (run.stdout, run.stderr, run.returncode) == (f"Restorer {__version__}\n", "", 0)


@pytest.mark.parametrize("action", ["new-window", "batch"])
def test_the_actions_are_arguments_that_the_door_knows(action: str) -> None:
    launcher.install()
    entry = read(paths.data_root() / "applications" / "restorer.desktop")
    assert action in entry["Desktop Entry"]["Actions"].split(";")
    words = split(entry[f"Desktop Action {action}"]["Exec"])
    run = subprocess.run([*words, "--version"], cwd="/", capture_output=True, text=True, check=False)
    assert run.stdout == f"Restorer {__version__}\n", run.stderr
    assert words[-1] == f"--{action}"


def test_glib_finds_the_same_command() -> None:
    """An independent reader: gio starts what the entry says, and the door answers."""
    if shutil.which("gio") is None:
        pytest.skip("gio is not here")
    launcher.install()
    path = paths.data_root() / "applications" / "restorer.desktop"
    text = path.read_text("utf-8").replace(" %F\n", " --version\n")
    path.write_text(text, "utf-8")
    run = subprocess.run(["gio", "launch", str(path)], capture_output=True, text=True, check=False)
    assert run.stdout == f"Restorer {__version__}\n", run.stderr


def test_the_kinds_of_file_are_those_that_are_read() -> None:
    assert sorted(suffix for group in MIME_TYPES.values() for suffix in group) == sorted(READ_SUFFIXES)
    launcher.install()
    entry = read(paths.data_root() / "applications" / "restorer.desktop")["Desktop Entry"]
    assert entry["MimeType"].split(";") == [*MIME_TYPES, ""]
    assert entry["StartupWMClass"] == APP_ID == entry["Icon"]


def test_every_icon_has_the_size_of_its_folder() -> None:
    launcher.install()
    theme = paths.data_root() / "icons" / "hicolor"
    for side in ICON_SIZES:
        with Image.open(theme / f"{side}x{side}" / "apps" / "restorer.png") as icon:
            assert icon.size == (side, side)
            assert icon.convert("RGBA").getpixel((side // 2, side // 4))[3] == 255  # something is drawn
    assert (theme / "scalable" / "apps" / "restorer.svg").read_bytes().startswith(b"<svg")


def test_the_validators_are_content() -> None:
    launcher.install(desktop=True)
    if shutil.which("desktop-file-validate"):
        path = paths.data_root() / "applications" / "restorer.desktop"
        subprocess.run(["desktop-file-validate", path], check=True)
    path = paths.data_root() / "metainfo" / "restorer.metainfo.xml"
    component = ElementTree.parse(path).getroot()
    assert component.findtext("launchable") == "restorer.desktop"
    assert {each.get("version") for each in component.iter("release")} == {__version__}


def test_what_was_installed_goes_and_nothing_else(person: Path) -> None:
    root = paths.data_root()
    other = root / "applications" / "other.desktop"
    other.parent.mkdir(parents=True)
    other.write_text("[Desktop Entry]\n")
    written = launcher.install(desktop=True)
    assert launcher.installed()
    on_desktop = person / "Desktop" / "restorer.desktop"
    assert on_desktop in written
    assert on_desktop.stat().st_mode & 0o111
    assert all(path.is_file() for path in written)
    assert sorted(launcher.uninstall()) == sorted(written)
    assert not launcher.installed()
    left = [path.relative_to(root) for path in root.rglob("*") if path.is_file()]
    assert [path for path in left if path.name != "mimeinfo.cache"] == [Path("applications/other.desktop")]
    assert launcher.uninstall() == []


def test_an_entry_of_somebody_else_stays(capsys: pytest.CaptureFixture[str]) -> None:
    theirs = paths.data_root() / "applications" / "restorer.desktop"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("[Desktop Entry]\nName=Furniture\n")
    with pytest.raises(LauncherError, match="not written by Restorer"):
        launcher.install()
    assert not launcher.installed()
    assert launcher.uninstall() == []
    assert theirs.read_text() == "[Desktop Entry]\nName=Furniture\n"
    assert cli.main(["install-launcher"]) == 1
    assert str(theirs) in capsys.readouterr().err


def test_half_an_installation_is_none() -> None:
    obstacle = paths.data_root() / "metainfo"
    obstacle.parent.mkdir(parents=True)
    obstacle.write_text("a file where a folder should be")
    with pytest.raises(LauncherError, match=r"restorer\.metainfo\.xml could not be written"):
        launcher.install()
    assert [path for path in paths.data_root().rglob("*") if path.is_file()] == [obstacle]


@pytest.mark.parametrize(
    ("line", "folder"),
    [
        ('XDG_DESKTOP_DIR="$HOME/Schreib\\"tisch"', 'Schreib"tisch'),
        ('XDG_DESKTOP_DIR="$HOME/"', None),  # how a person says: no desktop
        ("# nothing", "Desktop"),
    ],
)
def test_the_desktop_is_where_xdg_says(person: Path, line: str, folder: str | None) -> None:
    settings = paths.config_root() / "user-dirs.dirs"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(f"{line}\n", "utf-8")
    if folder:
        (person / folder).mkdir(exist_ok=True)
    assert linux.desktop_folder() == (person / folder if folder else None)
    if folder is None:
        with pytest.raises(LauncherError, match="no desktop folder"):
            launcher.install(desktop=True)
        assert not launcher.installed()


def test_an_entry_that_a_package_brought_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is offered a second entry for a program that is in the menu already."""
    assert not launcher.installed()
    (tmp_path / "share" / "applications").mkdir(parents=True)
    shutil.copy(ROOT / "resources" / "desktop" / "restorer.desktop", tmp_path / "share" / "applications")
    monkeypatch.setenv("XDG_DATA_DIRS", f"{tmp_path / 'none'}:{tmp_path / 'share'}")
    assert launcher.installed()
    assert launcher.uninstall() == []
    assert launcher.installed()


def test_a_bundle_starts_its_own_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/restorer/restorer")
    assert command.window_command() == ["/opt/restorer/restorer-app"]
    assert command.shell_command() == ["/opt/restorer/restorer"]


def test_the_command_line_tells_every_place(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["install-launcher", "--desktop"]) == 0
    places = capsys.readouterr().out.splitlines()
    assert len(places) == len(ICON_SIZES) + 4
    assert cli.main(["uninstall-launcher"]) == 0
    assert sorted(capsys.readouterr().out.splitlines()) == sorted(places)
    assert cli.main(["uninstall-launcher"]) == 0
    assert "no launcher" in capsys.readouterr().err
