"""The machine's own adb server, which has the boards: started where it does not run, asked through adbutils."""

import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from workbench.foundation.variables import for_others
from workbench.sources.board.paths import shown
from workbench.sources.board.talking import what_reaches
from workbench.sources.board.wire import BEAT, LinkError

PATIENCE = 15.0  # seconds that the server may take for an answer
STARTING = 20.0
WAKING = 5.0  # seconds for which a board that was just connected may be "offline"
READY, PORT = "device", 5555
TCP = re.compile(r".+:\d{1,5}\Z")
ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}\Z")
TROUBLES = {
    "offline": "Pull its cable and put it in again, or restart adbd on the board.",
    "unauthorized": "Allow this machine on the board's screen, or renew the keys with `adb kill-server`.",
    "no permissions": "Your user may not use this USB device: add a udev rule for it (vendor 2207).",
}


def adb_boards() -> tuple[tuple[str, str], ...]:
    """The serial number (`host:port` of one on TCP) and the state of each board that adb knows; "device" is ready."""
    with told("adb"):
        return tuple((shown(serial), shown(state)) for serial, state in _states(_client()).items())


def opened_board(address: str) -> tuple[Any, str]:
    """adbutils' client and the serial number of a board that is ready; one on TCP is connected first."""
    address = f"{address}:{PORT}" if ADDRESS.match(address) else address
    with told(address):
        client = _client()
        if TCP.match(address):
            _connect(client, address)
        state = _state(client, address)
        if state != READY:
            raise _not_ready(client, address, state)
        return client, address


@contextmanager
def told(name: str) -> Iterator[None]:
    """What adbutils and its sockets raise becomes a sentence."""
    from adbutils import AdbError

    try:
        yield
    except (AdbError, OSError, EOFError, ValueError) as error:
        words = shown(str(error)).strip(" .") or "it ended the connection"
        raise LinkError(f"adb cannot reach {name}: {words}.", what_reaches(words, "adbd")) from error


def _client() -> Any:
    from adbutils import AdbClient

    client = AdbClient(socket_timeout=PATIENCE)
    _start_server(client.host, client.port)
    return client


def _start_server(host: str, port: int) -> None:
    """Start adb's server where none runs; adbutils would let it write on our terminal."""
    try:
        socket.create_connection((host, port), timeout=2).close()
        return
    except OSError:
        if host not in ("127.0.0.1", "localhost"):
            words = f"adb's server at {host}:{port} does not answer."
            raise LinkError(words, "Check ANDROID_ADB_SERVER_HOST and ANDROID_ADB_SERVER_PORT.") from None
    quiet = subprocess.DEVNULL
    environment = {**for_others(), "ANDROID_ADB_SERVER_PORT": str(port)}
    try:
        subprocess.run(
            [_program(), "start-server"], stdin=quiet, stdout=quiet, stderr=quiet, timeout=STARTING, check=True,
            env=environment,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        words = f"adb's server cannot be started at port {port}."
        raise LinkError(words, "Run `adb start-server` in a terminal and see what it says.") from error


def _program() -> str:
    from adbutils import AdbError, adb_path

    try:
        return str(adb_path())
    except AdbError as error:
        raise LinkError("There is no adb on this machine.", "Install it (Debian: `sudo apt install adb`).") from error


def _connect(client: Any, address: str) -> None:
    if _states(client).get(address) == READY:
        return
    said = shown(client.connect(address, timeout=PATIENCE)).strip(" .")
    if not said.startswith(("connected to", "already connected to")):
        words = f"adb cannot reach {address}: {said}."
        raise LinkError(
            words, "Check address and network, and that adbd listens there (with a cable: `adb tcpip 5555`)."
        )


def _state(client: Any, address: str) -> str:
    """The state of a board among those that adb knows; "" for none."""
    until = time.monotonic() + WAKING
    while True:
        state = _states(client).get(address, "")
        if state in (READY, "") or time.monotonic() > until:
            return state
        time.sleep(BEAT)


def _states(client: Any) -> dict[str, str]:
    return {item.serial: item.state for item in client.list()}


def _not_ready(client: Any, address: str, state: str) -> LinkError:
    if state:
        words = f"adb reaches {address}, but it is {shown(state)}."
        return LinkError(words, next((text for part, text in TROUBLES.items() if part in state), "Restart the board."))
    others = ", ".join(map(shown, _states(client)))
    hint = f"It knows {others}." if others else "It knows no board at all: check cable and power, and `adb devices`."
    return LinkError(f"adb knows no board {address}.", hint)
