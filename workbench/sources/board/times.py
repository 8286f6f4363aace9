"""How long the board takes: per layer, and for what stands around them; as the vendor's tools and logs tell it.

Read are the tables of `eval_perf` (toolkit 1 and 2) and `eval_perf.csv`, the tables of logs of level 4, the lines of
`rknn_benchmark`, and lines that name a call of the C API with its time. Source: rknn_facts §3.2, TK2-UG 3.2.3.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from workbench.foundation.errors import DumpError
from workbench.sources.board.times1 import rows_of_toolkit1
from workbench.sources.toolkit.pasted import unquoted_lines
from workbench.sources.toolkit.runtime_tables import LONGEST, PREFIX, layers_in

INPUTS, RUN, OUTPUTS = "inputs_set", "run", "outputs_get"
ENDS = ("InputOperator", "OutputOperator")
"""Operators that convert between what the program gives or takes and what the NPU computes with."""
LARGEST = 1 << 28  # bytes of a log
UNITS = {"us": 1.0, "µs": 1.0, "ms": 1000.0}
CALL = re.compile(
    r"\b(?:rknn_)?(inputs?_set|run|outputs?_get)\b[^\d\n]{0,40}?(\d+(?:\.\d+)?) ?(us|µs|ms)\b", re.IGNORECASE
)
AVERAGE = re.compile(r"\bAvg Time (\d+(?:\.\d+)?) ?ms")
LOOP = re.compile(r"\bElapse Time = (\d+(?:\.\d+)?) ?ms")
TOTAL = re.compile(r"^\s*Total (?:Operator Elapsed (?:Per Frame )?)?Time ?\(us\): *(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class LayerTime:
    """An operator as the board ran it: `tensor` is how the board names it (its node, or of toolkit 1 its layer).

    `target` is "NPU", "CPU" or "GPU", "" where that is not told. A log of several runs gives their median.
    """

    index: int
    op: str
    tensor: str
    microseconds: float
    target: str = ""
    dtype: str = ""

    @property
    def is_end(self) -> bool:
        """Whether it only converts an input or an output."""
        return self.op in ENDS


@dataclass(frozen=True)
class Times:
    """`io` maps calls of the C API ("inputs_set", "run", "outputs_get") to µs; `total` is the tool's own sum."""

    layers: tuple[LayerTime, ...] = ()
    io: Mapping[str, float] = field(default_factory=dict)
    total: float | None = None

    def __bool__(self) -> bool:
        return bool(self.layers or self.io or self.total is not None)

    @property
    def summed(self) -> float:
        """The µs of all layers together, with the conversions at both ends."""
        return sum(layer.microseconds for layer in self.layers)

    def of(self, op: str) -> float:
        """The µs of all layers of one operator."""
        return sum(layer.microseconds for layer in self.layers if layer.op == op)

    def summary(self) -> dict[str, float]:
        """What was told, in µs: the calls of `io`, "input" and "output" (the conversions), "layers" (all), "total"."""
        ends = {"input": self.of(ENDS[0]), "output": self.of(ENDS[1]), "layers": self.summed} if self.layers else {}
        return {**self.io, **ends, **({} if self.total is None else {"total": self.total})}


def read_times(text: str) -> Times:
    """What a log, a pasted table or a csv tells of times; empty where it tells none."""
    lines = [PREFIX.sub("", line) for line in unquoted_lines(text) if len(line) <= LONGEST]
    layers = tuple(_layers(text)) or tuple(
        LayerTime(row.number, row.op, row.name, float(row.micros)) for row in rows_of_toolkit1(lines)
    )
    totals = [float(found[1]) for line in lines if (found := TOTAL.match(line))]
    return Times(layers, _calls(lines), totals[-1] if totals else None)


def read_times_file(path: Path) -> Times:
    """The times in a file; refuses one that tells none."""
    hint = (
        "Give the output of eval_perf, eval_perf.csv, a log of level 4 (RKNN_LOG_LEVEL=4), or that of rknn_benchmark."
    )
    try:
        if path.stat().st_size > LARGEST:
            raise DumpError(f"{path} is too large for a log.", hint)
        times = read_times(path.read_text(encoding="utf-8", errors="replace"))
    except OSError as error:
        raise DumpError(f"{path} cannot be read: {error.strerror}.", hint) from error
    if not times:
        raise DumpError(f"{path} tells of no times.", hint)
    return times


def _layers(text: str) -> Iterator[LayerTime]:
    """The rows of toolkit 2's tables; what is repeated is of several runs."""
    found: dict[tuple[int, str, str], list[float]] = {}
    facts: dict[tuple[int, str, str], tuple[str, str]] = {}
    for row in layers_in(text):
        if row.micros is not None:
            key = (row.number, row.op, row.node)
            found.setdefault(key, []).append(float(row.micros))
            facts[key] = (row.target, row.dtype)
    for key, micros in found.items():
        yield LayerTime(*key, median(micros), *facts[key])


def _calls(lines: Iterable[str]) -> dict[str, float]:
    """The median of each call's times; what rknn_benchmark prints is of rknn_run."""
    found: dict[str, list[float]] = {}
    averages, loops = [], []
    for line in lines:
        averages += [float(number) * 1000 for number in AVERAGE.findall(line)]
        loops += [float(number) * 1000 for number in LOOP.findall(line)]
        for name, number, unit in CALL.findall(line):
            found.setdefault(_call(name), []).append(float(number) * UNITS[unit.lower()])
    if measured := averages or loops:
        found.setdefault(RUN, []).extend(measured)
    return {name: median(found[name]) for name in (INPUTS, RUN, OUTPUTS) if name in found}


def _call(name: str) -> str:
    """A call as the header names it; people leave the s of inputs and outputs away."""
    return {"i": INPUTS, "o": OUTPUTS}.get(name[0].lower(), RUN)
