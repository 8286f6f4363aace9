"""What stands in the way on a board, each with the command that mends it. No link is used.

Source: rknn_facts §6.1; the vendor's requirements (driver, server) as they are told there.
"""

import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from workbench.sources import knowledge
from workbench.sources.board.chips import SMALL
from workbench.sources.board.mending import ROOM, as_root, copy, elsewhere, has_apt, programs, restart, upgrade
from workbench.sources.board.state import State, amounts_of, megabytes, variables_of
from workbench.sources.board.versions import numbers

PROBLEM, WARNING, NOTE = LEVELS = ("problem", "warning", "note")
OLDEST_DRIVER, GOOD_DRIVER = (0, 8, 8), (0, 9, 2)
OLDEST_SMALL_SERVER = (2, 1, 0)  # of RV1103 and RV1106
LEAST_MEMORY, LEAST_SMALL_MEMORY = 256 << 20, 24 << 20  # bytes that are available
DETAILED = 4  # RKNN_LOG_LEVEL: from here on every layer writes


@dataclass(frozen=True)
class Finding:
    """`title` is a sentence, `command` what mends it ("" where nothing can be typed).

    `is_here`: the command is typed on this computer, not on the board. `line` is the line of a log that tells it.
    """

    title: str
    command: str
    level: str
    is_here: bool = False
    line: str = ""


def findings(state: State) -> Iterator[Finding]:
    """Everything that stands in the way, or will."""
    for check in CHECKS:
        yield from check(state)


def misfits(state: State) -> Iterator[Finding]:
    """What of the versions that are known does not fit; what is not known is not asked for."""
    if state.driver:
        yield from _driver(state)
    if state.libraries:
        yield from _runtime(state)
    yield from _server_fits(state)


def _chip(state: State) -> Iterator[Finding]:
    if not state.chip:
        name = state.probe.first("model") or state.probe.first("system") or "nothing"
        yield Finding(
            f"No chip with an NPU that is known was found: the board says it is {name}.",
            "tr '\\0' '\\n' < /proc/device-tree/compatible",
            WARNING,
        )
    described = state.described_chip.lower()
    if described and state.chip and described != state.chip:
        text = f"The board's description says {described}, but its chip is {state.chip}."
        words = (state.name, f"{state.link_kind}:{state.address}".rstrip(":"), "--chip", state.chip)
        yield Finding(text, f"rknn-workbench board add {shlex.join(words)}", WARNING, is_here=True)


def _driver(state: State) -> Iterator[Finding]:
    if not state.chip:
        return
    name = "galcore" if state.is_old else "rknpu"
    if not state.driver and state.probe.lines("devices"):
        command = f"dmesg | grep -i {name}" if state.is_old else "cat /sys/kernel/debug/rknpu/version"
        command = as_root(state, command)
        yield Finding("The version of the NPU's driver may be read by root only.", command, NOTE)
    elif not state.driver:
        text = "The kernel has no driver of the NPU: the vendor's kernel or firmware has."
        yield Finding(text, f"dmesg | grep -i {name}", PROBLEM)
    elif not state.is_old and numbers(state.driver) < OLDEST_DRIVER:
        text = f"The NPU's driver {state.driver} is too old: 0.8.8 is the least, a newer firmware brings it."
        yield Finding(text, upgrade(state), PROBLEM)
    elif not state.is_old and numbers(state.driver) < GOOD_DRIVER:
        text = f"The NPU's driver {state.driver} is old: the vendor wants 0.9.2 or later, a newer firmware brings it."
        yield Finding(text, upgrade(state), WARNING)


def _runtime(state: State) -> Iterator[Finding]:
    if not state.libraries:
        if state.chip:
            yield Finding(f"The runtime {state.library_name} is not on the board.", copy(state), PROBLEM, is_here=True)
        return
    told = {version for version in state.libraries.values() if version}
    if len(told) > 1:
        places = ", ".join(f"{path} {version}" for path, version in state.libraries.items() if version)
        newest = max(state.libraries, key=lambda path: numbers(state.libraries[path]))
        others = (shlex.quote(path) for path in state.libraries if path != newest)
        command = "; ".join(as_root(state, f"mv {path} {path}.old") for path in others)
        yield Finding(f"The board has several runtimes: {places}.", command, WARNING)
    if state.is_old or not state.toolkit or not state.runtime:
        return
    ours, theirs = numbers(state.toolkit), numbers(state.runtime)
    if theirs < ours:
        yield Finding(
            f"The runtime {state.runtime} is older than the toolkit {state.toolkit}: it may refuse its networks.",
            copy(state), PROBLEM if theirs[:2] < ours[:2] else WARNING, is_here=True,
        )  # fmt: skip
    elif theirs[:2] > ours[:2]:
        yield Finding(
            f"The runtime {state.runtime} is newer than the toolkit {state.toolkit}: both should be of one release.",
            f"pip install rknn-toolkit2=={'.'.join(map(str, theirs))}", NOTE, is_here=True,
        )  # fmt: skip


def _server(state: State) -> Iterator[Finding]:
    """Only the toolkit's own way to a board needs it."""
    if not state.chip:
        return
    if not state.servers:
        text = "The board has no rknn_server, which the toolkit needs to reach it."
        yield Finding(text, copy(state, f"{programs(state)}/rknn_server"), NOTE, is_here=True)
        return
    if not state.probe.lines("running"):
        yield Finding("rknn_server does not run, which the toolkit needs to reach the board.", restart(state), WARNING)
    yield from _server_fits(state)


def _server_fits(state: State) -> Iterator[Finding]:
    if state.server and state.runtime and numbers(state.server) != numbers(state.runtime):
        text = f"rknn_server {state.server} and the runtime {state.runtime} are not of one release."
        yield Finding(text, copy(state, next(iter(state.servers))), WARNING, is_here=True)
    if state.chip in SMALL and state.server and numbers(state.server) < OLDEST_SMALL_SERVER:
        text = f"rknn_server {state.server} is too old for this chip: 2.1.0 is the least."
        yield Finding(text, copy(state, next(iter(state.servers))), WARNING, is_here=True)


def _dumps(state: State) -> Iterator[Finding]:
    folder = state.dumps
    if folder is None or not state.chip or state.is_old:
        return
    path = shlex.quote(folder.path)
    if not folder.is_writable:
        text = f"The folder for dumps {folder.path} cannot be written by this user."
        yield Finding(text, " && ".join(as_root(state, f"{do} {path}") for do in ("mkdir -p", "chmod 777")), WARNING)
    elif not folder.is_there:
        text = f"The folder for dumps {folder.path} does not exist yet."
        yield Finding(text, f"mkdir -p {path} && chmod 777 {path}", NOTE)
    if folder.free < ROOM:
        text = f"The folder for dumps {folder.path} has only {megabytes(folder.free)} MB free."
        yield Finding(text, elsewhere(state, folder), WARNING)


def _place(state: State) -> Iterator[Finding]:
    if state.place is None:
        text = "No folder of the board can be written, so nothing can run there."
        yield Finding(text, "df -h; mount; ls -ld /userdata /data/local/tmp /tmp", PROBLEM)
    elif state.place.free < ROOM and (state.dumps is None or state.dumps.inside != state.place.inside):
        text = f"The folder for our runs {state.place.path} has only {megabytes(state.place.free)} MB free."
        yield Finding(text, f"df -h {shlex.quote(state.place.path)}", WARNING)


def _user(state: State) -> Iterator[Finding]:
    if state.chip and not state.is_root and state.link_kind == "adb":
        serial = shlex.quote(state.address)
        yield Finding("adb is no root on the board.", f"adb -s {serial} root", NOTE, is_here=True)
    elif state.chip and not state.is_root:
        text = "The user of this link is not root: the NPU may refuse it, and its driver tells less."
        yield Finding(text, 'sudo usermod -aG video,render "$USER"', NOTE)


def _variables(state: State) -> Iterator[Finding]:
    """Of programs that we start, of the server that runs, and of those who log in."""
    asked = state.probe
    sources = (
        ("programs that are started there", "variables", "unset {0}"),
        ("rknn_server", "running", restart(state, unset="{0}")),
        (
            "users who log in",
            "login",
            "unset {0}; grep -rn {0} /etc/profile /etc/profile.d /etc/environment ~/.profile",
        ),
    )
    for whose, section, command in sources:
        for name, value in variables_of(asked.lines(section)).items():
            if why := _what_it_does(name, value):
                yield Finding(f"{name}={value} is set for {whose}: {why}.", command.replace("{0}", name), WARNING)


def _what_it_does(name: str, value: str) -> str:
    if name == "RKNN_LOG_LEVEL" and value.isdigit() and int(value) >= DETAILED:
        return "each layer writes, which makes every run slow"
    if name == "NN_LAYER_DUMP" and value not in ("", "0"):
        return "layers run one by one and are dumped, which is slow and may change results"
    if name == "RKNN_DUMP_QUANT" and value == "1":
        return "layers are dumped in the network's own types"
    return ""


def _available(state: State) -> Iterator[Finding]:
    amounts = amounts_of(state.probe.lines("memory"))
    free = amounts.get("MemAvailable", amounts.get("MemFree"))
    is_small = state.chip in SMALL
    if free is not None and free < (LEAST_SMALL_MEMORY if is_small else LEAST_MEMORY):
        command = "RkLunch-stop.sh" if is_small else "ps | sort -k4 -n | tail"
        yield Finding(f"The board has only {megabytes(free)} MB of memory left.", command, WARNING)


def _lite(state: State) -> Iterator[Finding]:
    lines = state.probe.lines("python")
    if not state.chip or state.is_old or state.is_android or state.chip in SMALL:
        return
    if not lines:
        text = "The board has no python3, which our own runner needs; rknn_benchmark needs none."
        yield Finding(
            text, as_root(state, "apt install python3-pip") if has_apt(state) else "which rknn_benchmark", NOTE
        )
    elif len(lines) == 1:
        exact = f"=={state.runtime}" if re.fullmatch(r"\d+\.\d+\.\d+", state.runtime) else ""
        text = "The board's Python has no rknn-toolkit-lite2, which our own runner needs."
        yield Finding(text, f"python3 -m pip install rknn-toolkit-lite2{exact}", NOTE)


def _kernel(state: State) -> Iterator[Finding]:
    """What the kernel said that is known to be a cause of trouble; the last of each kind."""
    found = {hit.key: hit for hit in knowledge.recognise(state.probe.lines("kernel"))}
    for hit in found.values():
        if hit.known.kind in ("cause", "symptom"):
            words = knowledge.about(hit)
            yield Finding(f"The kernel told: {words.title}. {words.fix}", "dmesg | tail -n 50", WARNING, line=hit.line)


CHECKS: Sequence[Callable[[State], Iterator[Finding]]] = (
    _chip, _driver, _runtime, _server, _dumps, _place, _user, _variables, _available, _lite, _kernel
)  # fmt: skip
