"""Nothing here talks to the world: it works the same where internet sockets fail, and asks for none."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

OFFLINE = """
import json, socket, sys
asked = []
def refuse(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "urllib.Request"):
        asked.append(event)
        raise OSError("no network here")
    if event == "socket.__new__" and arguments[1] in (socket.AF_INET, socket.AF_INET6):
        asked.append(f"{event} {arguments[1:]}")
        raise OSError("no network here")
sys.addaudithook(refuse)
if sys.argv[1] == "--prove":
    try:
        socket.create_connection(("127.0.0.1", 9))
    except OSError as error:
        sys.exit(f"{error}; {len(asked)} asked")
from restorer.cli import main as cli
codes = [cli.main(words) for words in json.loads(sys.argv[1])]
sys.exit(f"asked for the network: {asked}" if asked else max(codes))
"""


def offline(words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", OFFLINE, words], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_the_hook_does_refuse() -> None:
    assert "no network here; 1 asked" in offline("--prove").stderr


def test_batch_and_restore_ask_for_no_internet_socket(scans: Path, out: Path, tiny_pack: str) -> None:
    options = ["--model", tiny_pack, "--steps", "1", "--device", "cpu"]
    commands = [
        ["batch", str(scans), str(out), *options],
        ["restore", str(scans / "a.png"), "-o", str(out / "one.png"), *options],
    ]
    run = offline(json.dumps(commands))
    assert run.returncode == 0, run.stderr
    assert len(list(out.rglob("*_4x.*"))) == 6
    assert (out / "one.png").exists()


def test_the_command_of_this_process_opens_no_socket_either(
    scans: Path, out: Path, batch: Callable[..., int], monkeypatch: object
) -> None:
    import socket

    real = socket.socket.__init__

    def refuse(self: socket.socket, family: int = -1, *arguments: object, **options: object) -> None:
        assert family not in (-1, socket.AF_INET, socket.AF_INET6), "an internet socket"
        real(self, family, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "__init__", refuse)  # type: ignore[attr-defined]
    assert batch(scans, out) == 0
