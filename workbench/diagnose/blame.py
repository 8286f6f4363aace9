"""Three-way blame: what conversion, quantization and the runtime each add to the error of a layer.

The path goes golden -> fp16 simulator -> quantised simulator -> board. Each step's squared difference, divided by the
squared length of the golden values, is its share; squares of independent errors add up, so the shares stack.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from workbench.compare.compare import LayerError
from workbench.compare.sums import total
from workbench.diagnose.case import Case, Trial
from workbench.diagnose.changes import Change
from workbench.diagnose.parts import CONVERSION, LOST, QUANTIZATION, RUNTIME, LayerBlame
from workbench.dump.store import Dump
from workbench.foundation.steps import Progress, Steps
from workbench.quantize.schemes import QuantSettings

STAGE = "blame"


def blame(case: Case, sample: int = 0) -> Steps[tuple[LayerBlame, ...]]:
    """One line a row of the table, from one trial in float16; of a session in float16 that is its own run."""
    half: Mapping[str, np.ndarray] = {}
    dumps: list[Dump] = []
    try:
        if _is_quantized(case):
            trial = yield from case.trials.run(Change(quant=in_float16(case.quant)), (sample,), is_whole=True)
            dumps = [Dump(path) for path in trial.dumps.get("simulator", ())[:1]]
            half = _Half(trial, dumps[0]) if dumps else {}
        found = []
        for number, row in enumerate(case.rows):
            yield Progress(STAGE, number, len(case.rows), row.tensor)
            found.append(_blamed(case, row, half, sample))
        return tuple(found)
    finally:
        for dump in dumps:
            dump.close()


def in_float16(quant: QuantSettings) -> QuantSettings:
    """The same network without integers."""
    return replace(quant.plain(), dtype="fp16", method="channel", algorithm="normal")


def _is_quantized(case: Case) -> bool:
    return case.quant.type.is_quantized and bool(case.dumps.get("simulator")) and case.model.is_onnx


class _Half(Mapping[str, np.ndarray]):
    """The values of a float16 trial, by the names of tensors and by those of their golden values."""

    def __init__(self, trial: Trial, dump: Dump) -> None:
        self._dump = dump
        self._names = {row.golden: row.tensor for row in trial.rows if row.golden and row.tensor in dump}
        self._names |= {row.tensor: row.tensor for row in trial.rows if row.tensor in dump}

    def __getitem__(self, name: str) -> np.ndarray:
        return self._dump[self._names[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _blamed(case: Case, row: LayerError, half: Mapping[str, np.ndarray], sample: int) -> LayerBlame:
    golden = case.golden(row, sample)
    if golden is None:
        return LayerBlame(row.tensor, None, None, None, None)
    finite = np.isfinite(golden).reshape(-1)
    known = golden.reshape(-1) if finite.all() else np.where(finite, golden.reshape(-1), np.float32(0))
    square = total(known, known).golden_square
    simulated = _like(case.simulated(row, sample), known, finite)
    board = _like(case.runtime(row, sample), known, finite)
    middle = _like(half.get(row.golden, half.get(row.tensor)), known, finite) if _is_quantized(case) else simulated
    path = {CONVERSION: middle, QUANTIZATION: simulated if middle is not simulated else None, RUNTIME: board}

    def step(values: np.ndarray | None, before: np.ndarray | None) -> float | None:
        if values is None or before is None:
            return None
        sums = total(before, values)
        is_lost = sums.golden_nan or sums.golden_inf or not math.isfinite(sums.square)
        return LOST if is_lost else _ratio(sums.square, square)

    found: dict[str, float | None] = {}
    last: np.ndarray | None = known
    for name, values in path.items():
        found[name] = step(values, last)
        last = values if values is not None else last
    whole = None if last is known else step(last, known)
    return LayerBlame(row.tensor, found[CONVERSION], found[QUANTIZATION], found[RUNTIME], whole)


def _ratio(distance: float, square: float) -> float:
    """Of an all-zero golden tensor an error cannot be told as a part: it is none, or all."""
    return min(LOST, distance / square) if square else (0.0 if not distance else LOST)


def _like(values: np.ndarray | None, golden: np.ndarray, finite: np.ndarray) -> np.ndarray | None:
    """Flat, and zero where golden is not finite; None of another number of elements."""
    if values is None or values.size != golden.size:
        return None
    flat = values.reshape(-1)
    return flat if finite.all() else np.where(finite, flat, np.float32(0))
