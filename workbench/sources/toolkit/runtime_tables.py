"""Tables that the board's runtime prints or writes: its layers and its memory.

Source: rknn_facts §3.2 (log levels 4 and 5), eval_perf of rknn-toolkit2.
"""

import csv
import re
from dataclasses import dataclass

from workbench.sources.toolkit.pasted import unquoted_lines

LONGEST = 4000
"""Characters of a row; a longer line is a dump or a list."""
PREFIX = re.compile(r"^\s*(?:[DIWE] )?RKNN: \[[^\]]*\]\s?")
SHAPES = re.compile(r"\(([\d,]*)\)")
LAYER = re.compile(
    r"^\s*(\d+)\s+([A-Za-z][\w-]*)\s+([A-Z]+\d*\w*)\s+(CPU|NPU|GPU)\s+(\\+|\([\d,().]*)\s+(\\+|\([\d,().]*)\s(.*)$"
)
FULL_NAME = re.compile(r"(?:^|\s)([A-Za-z][\w-]*:(?!\d+(?:\.\d+)?%)\S.*)$")  # `Up:0.0%` is a load
MEMORY = re.compile(
    r"^\s*(\d+)\s+([A-Za-z]\w*)\s+(\S+)\s+([A-Z]+\d*)\s+(?:([A-Z][A-Z0-9]+)\s+)?(\([\d,]*\))\s+(?:(\([\d,]*\))\s+)?\|"
    r"\s*0x\w+[ *]0x\w+\s+0x(\w+)"
)


@dataclass(frozen=True, slots=True)
class RuntimeLayer:
    """An operator as the board runs it, a fused one; `name` is the original node with its operator, `Conv:/stem/Conv`.

    Shapes are logical, NCHW. `micros` is None where the table has no times.
    """

    number: int
    op: str
    dtype: str
    target: str
    inputs: tuple[tuple[int, ...], ...]
    outputs: tuple[tuple[int, ...], ...]
    name: str
    micros: int | None = None

    @property
    def node(self) -> str:
        """The original node's name."""
        return self.name.partition(":")[2]


@dataclass(frozen=True, slots=True)
class RuntimeTensor:
    """A tensor in the board's memory: `layer` numbers what uses it, `native` is its shape there (NC1HWC2)."""

    layer: int
    op: str
    tensor: str
    dtype: str
    layout: str
    shape: tuple[int, ...]
    native: tuple[int, ...]
    size: int


def layers_in(text: str) -> tuple[RuntimeLayer, ...]:
    """The rows of the layer table in a log, or of an `eval_perf.csv` with or without its head."""
    lines = [PREFIX.sub("", line) for line in unquoted_lines(text) if len(line) <= LONGEST]
    return tuple(layer for line in lines if (layer := _logged(line) or _listed(line)) is not None)


def memory_in(text: str) -> tuple[RuntimeTensor, ...]:
    """The rows of the memory tables in a log."""
    found = (MEMORY.match(PREFIX.sub("", line)) for line in unquoted_lines(text) if len(line) <= LONGEST)
    return tuple(
        RuntimeTensor(
            int(row[1]), row[2], row[3], row[4], row[5] or "", *(_shape(row[6]), _shape(row[7] or "")), int(row[8], 16)
        )
        for row in found
        if row
    )


def _logged(line: str) -> RuntimeLayer | None:
    found = LAYER.match(line)
    if found is None:
        return None
    name = FULL_NAME.search(found[7])
    return RuntimeLayer(
        int(found[1]), found[2], found[3], found[4], _shapes(found[5]), _shapes(found[6]),
        name[1].strip() if name else "", _micros(found[7].split()),
    )  # fmt: skip


def _micros(words: list[str]) -> int | None:
    """The number behind `DDR/NPU/Total` cycles, which older tables have in three columns; None where there is none."""
    joined = [at for at, word in enumerate(words) if re.fullmatch(r"\d+/\d+/\d+", word)]
    behind = words[joined[0] + 1 :] if joined else words[3:] if all(map(str.isdigit, words[:3])) else []
    return int(behind[0]) if behind and behind[0].isdigit() else None


def _listed(line: str) -> RuntimeLayer | None:
    row = next(csv.reader([line]), [])
    if len(row) < 10 or not row[0].isdigit() or row[3] not in ("CPU", "NPU", "GPU"):
        return None
    shapes = _shapes(row[4]), _shapes(row[5])
    return RuntimeLayer(int(row[0]), row[1], row[2], row[3], *shapes, row[-1].strip(), _micros(row[6:]))


def _shapes(text: str) -> tuple[tuple[int, ...], ...]:
    return tuple(_shape(found) for found in SHAPES.findall(text))


def _shape(text: str) -> tuple[int, ...]:
    return tuple(int(side) for side in re.findall(r"\d+", text))
