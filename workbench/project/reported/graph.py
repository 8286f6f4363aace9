"""The network of a report that came alone: its layers one behind the other, as far as the rows tell.

Written as the toolkit's own graph is (`NAME.model`), so that it opens as any network.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import onnx
from onnx import helper

from workbench.foundation.files import atomic_path
from workbench.sources.toolkit.report import Report, ReportRow

INPUT = "Input"
UNKNOWN = "Layer"
CONVERT = "exDataConvert"
STORED = "_int8"
CONVERTED = re.compile(r"__?(?:int8|int16|float16)$")
EXPORTED = re.compile(r"(?:^|[/.])([A-Z][A-Za-z]*)(?:_\d+)?_output_\d+")  # of the ONNX exporter: /stem/Conv_output_0
SEVERAL = ("Add", "Concat", "Div", "Max", "MatMul", "Min", "Mul", "Sub", "Where", "exMatMul", "exSDPAttention")
"""Operators that may join what nothing else takes."""


def write_graph(report: Report, path: Path) -> None:
    """Write the chain of a report's rows."""
    with atomic_path(path) as part:
        part.write_bytes(chain(tuple(report.by_tensor.values())).SerializeToString())


def op_of(row: ReportRow) -> str:
    """The operator; from the tensor's name where the report names none."""
    if row.op:
        return row.op
    if CONVERTED.search(row.tensor):
        return CONVERT
    found = EXPORTED.search(row.tensor)
    return found[1] if found else UNKNOWN


def chain(rows: Sequence[ReportRow]) -> onnx.ModelProto:
    """Every row takes what the row before it gives, a convert what it is named after, and a sum what is left over."""
    inputs = _inputs(rows)
    line = _Line([row.tensor for row in inputs])
    for row in rows:
        if row not in inputs:
            line.append(row)
    shapes = {row.tensor: row.shape for row in rows if row.shape}
    graph = helper.make_graph(
        line.nodes,
        "report",
        [_info(row.tensor, row.shape or (1,)) for row in inputs],
        [_info(name, shapes.get(name)) for name in line.ends],
        value_info=[_info(name, shape) for name, shape in shapes.items()],
    )
    return helper.make_model(graph, producer_name="rknn-workbench report")


def _inputs(rows: Sequence[ReportRow]) -> list[ReportRow]:
    """The inputs of the network; one that the report does not name where it names none."""
    names = {row.tensor for row in rows}
    found = [row for row in rows if row.op == INPUT]
    first = rows[0]
    if not first.op and op_of(first) == UNKNOWN and first.tensor + STORED in names:
        found = [first]  # the oldest reports name no operators
    if found and len(found) < len(rows):
        return found
    return [ReportRow(INPUT, _free("input", names), {}, {}, 0)]


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


@dataclass
class _Line:
    """What has been given so far; `ends` is what nothing has taken."""

    ends: list[str]
    nodes: list[onnx.NodeProto] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._given = set(self.ends)
        self._last = self.ends[-1]

    def append(self, row: ReportRow) -> None:
        """A row as a layer."""
        taken = self._taken(row)
        self.nodes.append(helper.make_node(op_of(row), taken, [row.tensor], row.tensor))
        self.ends = [*(name for name in self.ends if name not in taken), row.tensor]
        self._given.add(row.tensor)
        if taken[0] != row.tensor + STORED:  # what converts an output is taken by nothing
            self._last = row.tensor

    def _taken(self, row: ReportRow) -> list[str]:
        for name in (CONVERTED.sub("", row.tensor), row.tensor + STORED):
            if name != row.tensor and name in self._given:
                return [name]
        rest = [name for name in self.ends if name != self._last] if op_of(row) in SEVERAL else []
        return [self._last, *rest]


def _info(name: str, shape: Sequence[int] | None) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape)
