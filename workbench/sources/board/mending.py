"""Commands that mend what stands in the way on a board; what comes from the board is quoted in them."""

import re
import shlex

from workbench.sources.board.chips import SMALL
from workbench.sources.board.probe import Folder
from workbench.sources.board.state import State

ADDRESS = re.compile(r"((?:[^@]*@)?(?:\[[^\]]*\]|[^:]*))(?::(\d+))?$")  # of a link of ssh: user and host, port
ROOM = 256 << 20  # bytes: a dump of a large network, and the network itself


def as_root(state: State, command: str) -> str:
    """The command with the rights that it needs: Android has no sudo, and root needs none."""
    return command if state.is_root or state.is_android else f"sudo {command}"


def has_apt(state: State) -> bool:
    """Whether the board's system installs packages of Debian's kind."""
    system = " ".join(state.probe.lines("system"))
    return any(name in system for name in ("Debian", "Ubuntu", "Armbian"))


def copy(state: State, target: str = "") -> str:
    """The command that brings a file of the toolkit's release to the board, from this computer."""
    target = target or next(iter(state.libraries), "") or f"{_libraries(state)}/{state.library_name}"
    name, there = shlex.quote(target.rpartition("/")[2]), shlex.quote(target)
    if state.link_kind == "adb":
        return f"adb -s {shlex.quote(state.address)} push {name} {there}"
    if state.link_kind == "ssh" and (address := ADDRESS.match(state.address)):
        numbered = f"-P {address[2]} " if address[2] else ""
        return f"scp {numbered}{name} {shlex.quote(address[1])}:{there}"
    return as_root(state, f"cp {name} {there}")


def elsewhere(state: State, folder: Folder) -> str:
    """What lets the dumps go where there is more room, or shows where there is."""
    place = state.place
    if place is None or place.free < ROOM:
        return f"df -h {shlex.quote(folder.inside)}"
    return f"export RKNN_DUMP_DIR={shlex.quote(place.path.rstrip('/') + '/dumps')}"


def upgrade(state: State) -> str:
    """What brings a newer kernel, where the system can do that by itself."""
    return (
        " && ".join(as_root(state, f"apt {verb}") for verb in ("update", "full-upgrade"))
        if has_apt(state)
        else "uname -a"
    )


def programs(state: State) -> str:
    """Where the vendor's programs are on the board."""
    return "/vendor/bin" if state.is_android else "/oem/usr/bin" if state.chip in SMALL else "/usr/bin"


def _libraries(state: State) -> str:
    return "/vendor/lib64" if state.is_android else "/oem/usr/lib" if state.chip in SMALL else "/usr/lib"


def restart(state: State, unset: str = "") -> str:
    """What starts rknn_server anew, without a variable where one is named."""
    command = "restart_rknn.sh" if not state.is_android else "killall rknn_server; nohup rknn_server >/dev/null 2>&1 &"
    return f"unset {unset}; {command}" if unset else command
