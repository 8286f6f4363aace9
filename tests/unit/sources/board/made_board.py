"""Files and programs as a board of Rockchip's has them, in a folder of this machine."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tests.helpers.boards import PlayedBoard
from workbench.foundation.steps import drain
from workbench.sources.board.doctor import Examined, examine
from workbench.sources.board.links import connect

RUNTIME = b"\x7fELF\0\x01librknnrt version: %s (429f97ae6b@2025-04-09T09:09:27)\0\xff\xfe"
SERVER = b"\x7fELF\0rknn_server version: %s (1842325 build@2025-03-30T09:55:23)\0"
MEMORY = "MemTotal:   8000000 kB\nMemFree:     500000 kB\nMemAvailable:    6000000 kB\nCmaTotal:     65536 kB\n"
BOOT = "[    5.123456] [drm] Initialized rknpu 0.9.8 20240828 for fdab0000.npu on minor 1\n"


class MadeBoard:
    """A board of a good RK3588: what a test changes is what it is about."""

    def __init__(self, played: PlayedBoard) -> None:
        self.played, self.root = played, played.folder / "root"
        self.write("proc/device-tree/compatible", b"vendor,rk3588s-board\0rockchip,rk3588\0")
        self.write("proc/device-tree/model", b"Vendor RK3588S Board\0")
        self.write("proc/meminfo", MEMORY.encode())
        self.write("etc/os-release", b'NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 11"\n')
        self.write("sys/kernel/debug/rknpu/version", b"RKNPU driver: v0.9.8\n")
        self.write("dev/dri/renderD129", b"")
        self.write("usr/lib/librknnrt.so", RUNTIME % b"2.3.2")
        self.write("usr/bin/rknn_server", SERVER % b"2.3.2")
        self.serve()
        self.says("id", 'case "$1" in -u) echo 0;; *) echo root;; esac')
        self.says("dmesg", f"cat <<'END'\n{BOOT}END")
        self.says("getprop", "true")
        self.says("python3", 'case "$2" in *metadata*) echo 2.3.2;; *) echo 3.9.2;; esac')

    @property
    def dumps(self) -> Path:
        return self.played.userdata / "dumps"

    def write(self, path: str, content: bytes) -> Path:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        return place

    def remove(self, path: str) -> None:
        (self.root / path).unlink()

    def says(self, program: str, script: str) -> None:
        self.played.write_program(program, script + "\n")

    def serve(self, **environment: str) -> None:
        """Let rknn_server run, with variables."""
        variables = {"PATH": "/usr/bin", **environment}
        text = "".join(f"{name}={value}\0" for name, value in variables.items())
        self.write("proc/733/comm", b"rknn_server\n")
        self.write("proc/733/environ", text.encode())

    def examined(self, toolkit: str = "2.3.2", environment: Mapping[str, str] | None = None) -> Examined:
        """What the doctor says; RKNN_DUMP_DIR is set, as the usual folder would be this machine's."""
        path = f"{self.played.programs}:{os.environ['PATH']}"  # a login may put folders before
        chosen = {"PATH": path, "RKNN_DUMP_DIR": str(self.dumps), **(environment or {})}
        board = replace(self.played.board, environment={**self.played.board.environment, **chosen})
        with connect(board) as link:
            return drain(examine(link, toolkit, str(self.root)))


def told(examined: Examined) -> list[str]:
    """All sentences."""
    return [finding.title for finding in examined.findings]
