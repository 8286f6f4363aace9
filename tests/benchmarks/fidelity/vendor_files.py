"""What a run of the vendor's toolkit left: its report, its dumps and its quantization parameters."""

import json
import re
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML

_ROW = re.compile(r"\[(\w+)\]\s+(\S+)\s*(.*)")
_NUMBER = re.compile(r"-?\d+\.\d{5}|[a-z]\w+")  # five digits, or a word; from 1000 on numbers touch each other


_DIED = re.compile(r"^Exception in thread .*?^(\w+Error: .*?)$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class VendorRow:
    """A row of error_analysis.txt: `entire` and `single` are cos as printed, numbers or words; "" in a blank row."""

    op: str
    entire: str = ""
    single: str = ""


@dataclass(frozen=True)
class VendorRun:
    """Files of one run. `problem` says what the toolkit refused."""

    folder: Path
    problem: str = ""
    times: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def files(self) -> dict[str, str]:
        """The file of every tensor, in execution order."""
        lines = (self.folder / "snapshot" / "map_name_to_file.txt").read_text().splitlines()[2:]
        pairs = (line.split() for line in lines if line.strip())
        return {name: file.removesuffix(".txt") for name, file in pairs}

    @cached_property
    def rows(self) -> dict[str, VendorRow]:
        """The table of error_analysis.txt by tensor."""
        found = {}
        for line in (self.folder / "snapshot" / "error_analysis.txt").read_text().splitlines():
            match = _ROW.match(line.strip())
            if match:
                op, tensor, numbers = match.groups()
                cells = _NUMBER.findall(numbers)  # cos, euc, cos, euc
                found[tensor] = VendorRow(op, cells[0], cells[2]) if len(cells) == 4 else VendorRow(op)
        return found

    @cached_property
    def encodings(self) -> dict[str, tuple[float, int]]:
        """Scale and zero point of tensors that have one of each, from NAME.quantization.cfg."""
        path = next(self.folder.glob("*.quantization.cfg"), None)
        if path is None:
            return {}
        entries: dict[str, Any] = YAML(typ="safe").load(path.read_text())["quantize_parameters"]
        known = {name: entry for name, entry in entries.items() if len(entry["scale"]) == 1}
        return {name: (float(entry["scale"][0]), int(entry["zero_point"][0])) for name, entry in known.items()}

    @cached_property
    def search_died(self) -> str:
        """What ended the thread that searches scales by the output's error before its time; "" where it went through.

        The tensors that it had not come to keep the scales that the search began with.
        """
        log = (self.folder / "log").read_text(errors="replace")
        found = _DIED.search(log)
        return found[1] if found else ""

    def value(self, tensor: str) -> np.ndarray:
        """What the toolkit's simulator dumped of a tensor, float32."""
        array: np.ndarray = np.load(self.folder / "snapshot" / "simulator" / "npy" / f"{self.files[tensor]}.npy")
        return array


def vendor_run(folder: Path) -> VendorRun | None:
    """The run that `vendor_worker` finished in a folder; None where there is none."""
    done = folder / "done.json"
    if not done.is_file():
        return None
    times = folder / "times.json"
    if not times.is_file():
        return VendorRun(folder, _problem(folder, json.loads(done.read_text())["code"]))
    return VendorRun(folder, "", json.loads(times.read_text()))


def _problem(folder: Path, code: int) -> str:
    """What went wrong, in one line."""
    if code < 0:
        return "time-out" if -code == signal.SIGALRM else signal.Signals(-code).name
    lines = [line.strip() for line in (folder / "log").read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1][:200] if lines else f"exit code {code}"


def grid_step(values: np.ndarray) -> float | None:
    """The distance of neighbours on the grid that all values lie on; None where too few differ."""
    distinct = np.unique(np.asarray(values, np.float64))
    if distinct.size < 3:
        return None
    reach = float(distinct[-1] - distinct[0])
    return reach / round(reach / float(np.diff(distinct).min()))
