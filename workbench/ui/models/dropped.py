"""What files are that were dropped on the window, told by their names and by what a folder holds."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workbench.foundation.errors import WorkbenchError
from workbench.graph.foreign.kinds import PAIRS
from workbench.graph.foreign.kinds import SUFFIXES as FRAMEWORKS
from workbench.preprocess.images import SUFFIXES as PICTURES
from workbench.preprocess.preprocess import SUFFIXES
from workbench.project.session import FILE

NETWORKS = (".onnx", *FRAMEWORKS)
DUMPS = (".npz", ".h5", ".hdf5")
PLANS = (".cfg", ".json", ".yaml", ".yml")
OTHER_NETWORKS = (".rknn", ".h5.keras", ".keras", ".mlmodel", ".om", ".mnn")
HALVES = {second: first for first, second in PAIRS.values()}
"""The suffix of a pair's second file, which has the weights, and that of its first."""
TEXTS, LOGS = (".txt", ".md"), (".log", ".out", ".err")
SECTION = re.compile(rb"^\s*\[(net|network)\]", re.MULTILINE)
"""A network of Darknet begins with it; the toolkit's plan, whose files end alike, is YAML."""
TAGGED = re.compile(rb"^(\x1b\[[\d;]*m)*([IWED] [\w ]{1,40}: |--> |done\r?$|[IWED] RKNN)", re.MULTILINE)
"""What the toolkit's lines begin with."""
REPORTS, TOOLKIT_REPORTS = (".html", ".csv", ".json"), ("error_analysis.txt", "map_name_to_file.txt")
GOLDEN = re.compile(rb'"golden": "([^"\n]+)"')
"""What a JSON report of ours names first: the dumps of its session."""
HEAD = 1 << 20
"""Bytes of a report that are looked at."""
MOST_ENTRIES = 2000
"""Of a folder that are looked at."""
KIND_WORDS = {
    "golden": ("golden", "onnx", "float", "fp32", "reference"),
    "simulator": ("sim", "quant", "qnt"),
    "runtime": ("runtime", "board", "npu", "device", "target", "rk3"),
}


@dataclass
class Dropped:
    """Paths by what they are; `networks` holds networks and folders of sessions, `lists` dataset.txt files and folders
    of pictures, `reports` tables of errors that the toolkit has written, `logs` what it has printed, `times` what a
    board took for its layers. `weights` maps a network to its second file where both came. `strange` can be used for
    nothing, `foreign` are networks of formats that cannot be read, `closed` may not be read.
    """

    networks: list[Path] = field(default_factory=list)
    inputs: list[Path] = field(default_factory=list)
    lists: list[Path] = field(default_factory=list)
    dumps: list[Path] = field(default_factory=list)
    plans: list[Path] = field(default_factory=list)
    reports: list[Path] = field(default_factory=list)
    logs: list[Path] = field(default_factory=list)
    times: list[Path] = field(default_factory=list)
    weights: dict[Path, Path] = field(default_factory=dict)
    foreign: list[Path] = field(default_factory=list)
    closed: list[Path] = field(default_factory=list)
    strange: list[Path] = field(default_factory=list)


def sort_out(paths: Sequence[Path]) -> Dropped:
    """Look at every path. It reads folders, so it is for the reading thread."""
    result = Dropped()
    for path in paths:
        found = reported_by(path)
        getattr(result, kind_of(found)).append(found)
    _pair(result)
    return result


def reported_by(path: Path) -> Path:
    """What a report tells of: the session of ours, the snapshot of the toolkit's; else the path itself."""
    if path.name in TOOLKIT_REPORTS:
        return path.parent if kind_of(path.parent) == "dumps" else path
    if path.suffix.lower() not in REPORTS or path.name == FILE or not path.is_file():
        return path
    folders = [path.parent]
    if path.suffix.lower() == ".json":
        named = GOLDEN.search(_head(path))
        folders = [*(Path(os.fsdecode(named[1])).parents[1:2] if named else ()), *(folders if named else ())]
    return next((folder for folder in folders if (folder / FILE).is_file()), path)


def kind_of(path: Path) -> str:
    """The field of `Dropped` that a path belongs to."""
    if path.is_dir():
        return _kind_of_folder(path) if os.access(path, os.R_OK | os.X_OK) else "closed"
    suffix = path.suffix.lower()
    kinds = (
        ("networks", NETWORKS), ("inputs", SUFFIXES), ("dumps", DUMPS), ("plans", PLANS), ("logs", LOGS),
        ("foreign", OTHER_NETWORKS),
    )  # fmt: skip
    if path.name == FILE:
        return "networks"
    if suffix == ".cfg":
        return "networks" if SECTION.search(_head(path)) else "plans"
    if suffix == ".csv":
        return kind_of_text(_head(path), path.name) or "strange"
    if suffix in LOGS:
        return kind_of_text(_head(path), path.name) or "logs"
    if suffix in TEXTS:
        return kind_of_text(_head(path), path.name) or ("lists" if suffix == ".txt" else "strange")
    return next((kind for kind, suffixes in kinds if suffix in suffixes), "strange")


def kind_of_text(data: bytes, name: str = "") -> str:
    """Whether the beginning of a text is one of the "reports" or "logs" of the toolkit, "times" of a board, or ""."""
    from workbench.sources.board.times import read_times
    from workbench.sources.toolkit.report import read_report  # only where texts come

    text = data.decode("utf-8-sig", "replace")
    try:
        read_report(text, name)
    except WorkbenchError:
        if read_times(text).layers:
            return "times"
        return "logs" if TAGGED.search(data) else ""
    return "reports"


def has_report(folder: Path) -> bool:
    """Whether a folder of dumps has the toolkit's table of errors in it."""
    return (folder / TOOLKIT_REPORTS[0]).is_file()


def _pair(found: Dropped) -> None:
    """Two files of one network are one network."""
    for path in list(found.networks):
        first = HALVES.get(path.suffix.lower())
        halves = [other for other in found.networks if other.suffix.lower() == first]
        same = [other for other in halves if other.stem == path.stem] or halves
        if first is not None and same:
            found.networks.remove(path)
            found.weights[same[0]] = path


def source_of(path: Path) -> str:
    """Whose dumps a path holds, guessed from what it holds and from its name: mostly they come from a board."""
    inside = [kind for kind in ("runtime", "simulator", "golden") if (path / kind).is_dir()]
    if inside:
        return inside[0]
    for name in (path.name.lower(), path.parent.name.lower()):
        for kind, words in KIND_WORDS.items():
            if any(word in name for word in words):
                return kind
    return "runtime"


def _kind_of_folder(folder: Path) -> str:
    from workbench.dump.formats.snapshot import KINDS, MAP  # many readers

    names = _names(folder)
    if FILE in names:
        return "networks"
    if {MAP, *KINDS} & {*names}:
        return "dumps"
    suffixes = {Path(name).suffix.lower() for name in names}
    if suffixes & {*PICTURES}:
        return "lists"
    if suffixes & {".npy", *DUMPS}:
        return "dumps"
    if ".bin" in suffixes:
        return "lists"
    inner = {Path(name).suffix.lower() for entry in names for name in _names(folder / entry)}
    if inner & {".npy", *DUMPS}:
        return "dumps"
    return "reports" if TOOLKIT_REPORTS[0] in names else "strange"


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError:  # whoever reads it tells why
        return b""


def _names(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry, _ in zip(entries, range(MOST_ENTRIES), strict=False)]
    except OSError:  # no folder, or one that may not be read: nothing is known of it
        return []
