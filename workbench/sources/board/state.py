"""What is known of a board that was looked at: its versions by path, its folders, and what it answered."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from workbench.sources.board.chips import OLD, SMALL
from workbench.sources.board.probe import Folder, Probe

INITIALIZED = re.compile(r"Initialized (?:rknpu|RKNPU driver:) *v?(\d\S*)|galcore.*?version:? *(\d\S*)", re.IGNORECASE)
OURS = ("RKNN_WORKBENCH_", "RKNN_TOOLKIT_")
ASSIGNED = re.compile(r"^(?:export +)?(\w+)=(.*)$")


@dataclass(frozen=True)
class State:
    """What is known of a board; versions are "" where they could not be found, `libraries` and `servers` go by path."""

    link_kind: str
    address: str
    described_chip: str
    chip: str
    toolkit: str
    probe: Probe
    libraries: Mapping[str, str] = field(default_factory=dict)
    servers: Mapping[str, str] = field(default_factory=dict)
    driver: str = ""
    dumps: Folder | None = None
    place: Folder | None = None
    name: str = ""

    @property
    def is_old(self) -> bool:
        """Whether toolkit 1 serves the chip."""
        return self.chip in OLD

    @property
    def is_root(self) -> bool:
        return self.probe.first("user") == "0"

    @property
    def is_android(self) -> bool:
        return bool(self.probe.first("android"))

    @property
    def runtime(self) -> str:
        """The version of the first library that tells one."""
        return next(filter(None, self.libraries.values()), "")

    @property
    def server(self) -> str:
        return next(filter(None, self.servers.values()), "")

    @property
    def library_name(self) -> str:
        """The runtime's library on this chip."""
        return "librknn_runtime.so" if self.is_old else "librknnmrt.so" if self.chip in SMALL else "librknnrt.so"


def variables_of(lines: Iterable[str]) -> dict[str, str]:
    """Variables and their values in lines as `env` and shell scripts have them."""
    named = ((found[1], found[2].strip("'\" ")) for line in lines if (found := ASSIGNED.match(line)))
    return {name: text for name, text in named if not name.startswith(OURS)}


def driver_lines(lines: Iterable[str]) -> Iterator[str]:
    """What the kernel said of the NPU's driver when it began."""
    yield from (found[1] or found[2] for line in lines if (found := INITIALIZED.search(line)))


def amounts_of(lines: Iterable[str]) -> dict[str, int]:
    """Bytes by name, of lines like `MemFree:  123 kB`."""
    found = (re.match(r"(\w+): +(\d{1,15}) kB$", line) for line in lines)
    return {match[1]: int(match[2]) * 1024 for match in found if match}


def megabytes(size: int) -> int:
    return size // 1_000_000
