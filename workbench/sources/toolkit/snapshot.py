"""A snapshot of the toolkit as two dumps of ours: golden and simulator, in the toolkit's order and under its names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from workbench.dump.formats import Dumps, open_dumps
from workbench.dump.store import DumpWriter
from workbench.foundation.errors import DumpError
from workbench.foundation.steps import Progress, Steps
from workbench.quantize.encoding import Encoding
from workbench.quantize.schemes import FLOAT16
from workbench.sources.toolkit.report import read_report

REPORT = "error_analysis.txt"
IN_INFO = "report"
"""Where the simulator's dump keeps the report as the toolkit wrote it."""


@dataclass(frozen=True)
class Places:
    """Where the dumps of one input go, and what they say about themselves."""

    golden: Path
    simulator: Path
    info: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Keeping:
    """What is kept of a snapshot, and how.

    `encodings` say how the toolkit stores tensors, as far as that is known: what they do not fit exactly is kept in
    float. `last` are the shapes of tensors whose network has the channels last: the toolkit's dumps have them first.
    `wanted` chooses tensors by what the snapshot has.
    """

    encodings: Mapping[str, Encoding] = field(default_factory=dict)
    last: Mapping[str, tuple[int, ...] | None] = field(default_factory=dict)
    wanted: Callable[[Sequence[str]], frozenset[str]] = frozenset


def write_dumps(snapshot: Path, places: Places, keeping: Keeping) -> Steps[None]:
    """Write golden first: where the simulator's dump is, both are."""
    report = _report(snapshot)
    ops = {row.tensor: row.op for row in read_report(report, REPORT).rows}
    with open_dumps(snapshot, "golden") as golden, open_dumps(snapshot, "simulator") as simulator:
        absent = [name for name in ops if name not in simulator or name not in golden]
        if absent:
            message = f"{snapshot.name} has no values of {absent[0]}, which is in the toolkit's report."
            raise DumpError(message, "Free some room on the disk and run it again.")
        info = {**places.info, "source": "golden"}
        yield from _write(golden, places.golden, info, ops, replace(keeping, encodings={}))
        info = {**places.info, "source": "simulator", "golden": places.golden.stem, IN_INFO: report}
        yield from _write(simulator, places.simulator, info, ops, keeping)


def exactly(values: np.ndarray, encoding: Encoding | None) -> tuple[np.ndarray, Encoding | None]:
    """The values as an encoding stores them where that keeps every bit; else as they are, with none."""
    if encoding is None or values.dtype != np.float32:
        return values, None
    if encoding.dtype == FLOAT16:
        with np.errstate(over="ignore"):
            half = values.astype(np.float16)
        is_same = np.array_equal(half.astype(np.float32), values, equal_nan=True)
        return (half, encoding) if is_same else (values, None)
    if not encoding.is_quantized or not np.isfinite(values).all():
        return values, None
    stored = encoding.quantize(values)
    return (stored, encoding) if np.array_equal(encoding.dequantize(stored), values) else (values, None)


def channels_last(values: np.ndarray, shape: tuple[int, ...] | None) -> np.ndarray:
    """A tensor of a network that has its channels last, from the toolkit's order; others are as they are."""
    if shape is None or len(shape) != 4 or values.ndim != 4:
        return values
    n, height, width, channels = shape
    return values.transpose(0, 2, 3, 1) if values.shape == (n, channels, height, width) else values


def _report(snapshot: Path) -> str:
    try:
        return (snapshot / REPORT).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise DumpError(f"{snapshot / REPORT} cannot be read: {error.strerror}.", "Run it again.") from error


def _write(dumps: Dumps, path: Path, info: Mapping[str, Any], ops: Mapping[str, str], keeping: Keeping) -> Steps[None]:
    wanted = keeping.wanted(dumps.names)
    names = [name for name in dumps.names if name in wanted]
    with DumpWriter(path, info) as writer:
        for done, name in enumerate(names):
            yield Progress("import", done, len(names), name)
            values = channels_last(dumps.raw(name)[0], keeping.last.get(name))
            stored, encoding = exactly(np.array(values), keeping.encodings.get(name))
            writer.add(name, stored, ops.get(name, ""), encoding)
