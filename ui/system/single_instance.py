"""One window a person: a second start sends its photos to the window that is open, and ends.

    second start --send_to_open_window--> socket --InstanceServer.request_received--> the open window

In: a `LaunchRequest`. Out: the same request in the process whose window is open. The socket
lies in the person's own runtime folder and is named after the display, so neither other people nor other
screens answer. If the window does not answer in time, the second
start opens a window of its own. This module loads no widgets, so that a second start costs next to nothing.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from restorer import paths

ANSWER = b"open\n"
_CONNECT_MS, _ANSWER_MS = 500, 3000
_LONGEST_PATH = 100  # bytes; a socket's path in Linux and macOS has 104 at most
_LARGEST = 4_000_000  # bytes of one message


@dataclass(frozen=True)
class LaunchRequest:
    """What a start asks for: `photos` are absolute; `token` lets a window come to the front on Wayland."""

    photos: tuple[Path, ...] = ()
    sample: bool = False
    batch: bool = False
    token: str = ""
    study: bool = False

    def message(self) -> bytes:
        plain = dataclasses.asdict(self) | {"photos": [os.fspath(path) for path in self.photos]}
        return json.dumps(plain).encode("ascii") + b"\n"  # undecodable names survive as lone surrogates

    @classmethod
    def read(cls, message: bytes) -> LaunchRequest:
        """Raises ValueError if this is no message of Restorer; ignores what a later version adds."""
        data = paths.strict_json(message)
        photos = data.get("photos") if isinstance(data, dict) else None
        if not isinstance(photos, list) or not all(isinstance(path, str) for path in photos):
            raise ValueError("no message of Restorer's")
        return cls(
            tuple(map(Path, photos)),
            data.get("sample") is True,
            data.get("batch") is True,
            str(data.get("token", "")),
            data.get("study") is True,
        )


def address() -> str:
    """The socket's name: a path, or on Windows the name of a pipe; "" if there can be none."""
    screen = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY") or ""
    settings = os.fspath(paths.settings_dir())
    key = hashlib.sha256(f"{screen}\0{settings}".encode("utf-8", "surrogateescape")).hexdigest()[:16]
    if sys.platform == "win32":
        return f"restorer-{key}"
    path = os.fspath(paths.runtime_dir() / f"window-{key}")
    return path if len(os.fsencode(path)) <= _LONGEST_PATH else ""


def send_to_open_window(request: LaunchRequest) -> bool:
    """Send the request to the open window; False where there is none, or none that answers."""
    name = address()
    if not name:
        return False
    if sys.platform == "win32":
        # Windows lets the program that was clicked come to the front; this one passes that right on.
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(-1)
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_CONNECT_MS):
        return False
    socket.write(request.message())
    received = b""
    while not received.endswith(b"\n") and socket.waitForReadyRead(_ANSWER_MS):
        received += socket.readAll().data()
    socket.disconnectFromServer()
    return received == ANSWER


class InstanceServer(QObject):
    """Listens for other starts of the app."""

    request_received = Signal(object)  # a LaunchRequest

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        self._received: dict[QLocalSocket, bytes] = {}

    def listen(self) -> bool:
        """Begin to answer; False where another window answers already, or no socket can be had."""
        name = address()
        if not name:
            return False
        if sys.platform != "win32":
            with contextlib.suppress(OSError):
                Path(name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Qt's server replaces a socket that exists, so see first whether another window answers there.
        probe = QLocalSocket()
        probe.connectToServer(name)
        if probe.waitForConnected(_CONNECT_MS):
            probe.abort()
            return False
        QLocalServer.removeServer(name)  # left behind by a crash
        return self._server.listen(name)

    def close(self) -> None:
        self._server.close()

    @Slot()
    def _on_connection(self) -> None:
        while self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            self._received[socket] = b""
            socket.readyRead.connect(self._on_bytes)
            socket.disconnected.connect(self._on_disconnected)
            self._receive(socket)

    @Slot()
    def _on_bytes(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            self._receive(socket)

    def _receive(self, socket: QLocalSocket) -> None:
        received = self._received.get(socket)
        if received is None:
            return
        received += socket.readAll().data()
        self._received[socket] = received
        if len(received) > _LARGEST:
            socket.abort()
        elif received.endswith(b"\n"):
            self._received[socket] = b""
            try:
                request = LaunchRequest.read(received)
            except ValueError:
                socket.abort()
                return
            socket.write(ANSWER)
            socket.flush()
            self.request_received.emit(request)

    @Slot()
    def _on_disconnected(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            self._received.pop(socket, None)
            socket.deleteLater()
