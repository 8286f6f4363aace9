"""Examine a board: what it is, whether its software fits, what stands in the way, and what mends it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.foundation.steps import Log, Progress, Steps
from workbench.sources.board.checks import LEVELS, NOTE, PROBLEM, WARNING, Finding, findings
from workbench.sources.board.chips import chip_of, dumps_folder
from workbench.sources.board.facts import facts
from workbench.sources.board.links import Link, LinkError
from workbench.sources.board.probe import LIBRARIES, SERVERS, STAGE, Folder, Probe, look_at_folder, probe
from workbench.sources.board.state import State, driver_lines, variables_of
from workbench.sources.board.versions import first_version, version_of

__all__ = ["NOTE", "PROBLEM", "WARNING", "Examined", "Finding", "Reached", "examine", "reach"]

MOST_FILES = 6  # libraries and servers that are read
LARGEST = 1 << 27  # bytes of one


@dataclass(frozen=True)
class Reached:
    """A board that answered: the seconds of a question and its answer, its name for itself, where it may be written."""

    name: str
    seconds: float
    folder: str
    free: int


@dataclass(frozen=True)
class Examined:
    """`facts` are titles and values in the order to show them, `findings` stand the worst first."""

    facts: Mapping[str, str]
    findings: tuple[Finding, ...]


def reach(link: Link) -> Steps[Reached]:
    """Ask the board for its name and for a folder that can be written."""
    yield Progress(STAGE, 0, 2)
    begun = time.monotonic()
    finished = yield from link.run(("uname", "-nm"))
    seconds = time.monotonic() - begun
    yield Progress(STAGE, 1, 2)
    folder = link.workplace()
    return Reached(" ".join(finished.lines).strip(), seconds, folder, link.space(folder))


def examine(link: Link, toolkit_version: str = "", root: str = "") -> Steps[Examined]:
    """Look at everything and judge it; nothing on the board is changed.

    `toolkit_version` is that of the toolkit that converts, "" where none is known. `root` is where the board's system
    is mounted, for one that is looked at from outside.
    """
    yield Log(f"{link.name} is examined.")
    asked = yield from probe(link, root)
    state = State(
        link_kind=link.board.link.partition(":")[0],
        address=link.board.link.partition(":")[2],
        described_chip=link.board.chip,
        chip=chip_of(asked.lines("compatible")),
        toolkit=toolkit_version,
        probe=asked,
        libraries=(yield from _versions(link, asked.lines("libraries"), LIBRARIES, root)),
        servers=(yield from _versions(link, asked.lines("servers"), SERVERS, root)),
        driver=first_version((*asked.lines("driver"), *driver_lines(asked.lines("boot")))),
        dumps=(yield from _dumps(link, asked)),
        place=(yield from _place(link)),
        name=link.board.name,
    )
    found = sorted(findings(state), key=lambda finding: LEVELS.index(finding.level))
    return Examined(facts(state), tuple(found))


def _versions(link: Link, lines: Sequence[str], known: Sequence[str], root: str) -> Steps[dict[str, str]]:
    """The versions of the files that a board says it has, by path; what it was not asked for is not looked at."""
    sizes = {path: int(size) for size, _, path in (line.partition(" ") for line in lines) if size.isdecimal()}
    found: dict[str, str] = {}
    for path in [path for path in known if path in sizes][:MOST_FILES]:
        found[path] = (yield from version_of(link, path, root)) if sizes[path] <= LARGEST else ""
    return found


def _dumps(link: Link, asked: Probe) -> Steps[Folder]:
    """The folder that the runtime dumps into when a program is started as we would."""
    named = variables_of(asked.lines("variables")).get("RKNN_DUMP_DIR", "")
    usual = dumps_folder(chip_of(asked.lines("compatible")), bool(asked.first("android")))
    return (yield from look_at_folder(link, named if named.startswith("/") else usual))


def _place(link: Link) -> Steps[Folder | None]:
    """Where our own runs go; None where no folder can be written."""
    try:
        return (yield from look_at_folder(link, link.workplace()))
    except LinkError:
        return None
