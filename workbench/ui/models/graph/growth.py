"""How an error grows from layer to layer of a path: two lines of numbers, and where they jump. No Qt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from workbench.compare.compare import LayerError
from workbench.ui.models.graph.path import Path
from workbench.ui.models.table.jumps import LARGE
from workbench.ui.models.table.layer_values import Known, LayerValues

DRAWN_AS = {"cos": "one_minus_cos", "cos_toolkit": "one_minus_cos"}
"""What is nearly one everywhere is drawn as its distance from one."""
LINEAR = ("sqnr_db", "nan", "inf", "saturated")
MOST_JUMPS = 8
"""So many are marked, the largest."""
SINGLE = {"simulator": "simulator.single", "runtime": "runtime.single_sim"}


@dataclass(frozen=True)
class Line:
    """Values of the layers in order; NaN and infinity are errors too, absent where there is none."""

    values: np.ndarray
    there: np.ndarray

    def heights(self, is_log: bool, low: float, high: float) -> np.ndarray:
        """Where the values are drawn between two limits; NaN where there is no value."""
        values = np.where(np.isnan(self.values) | np.isposinf(self.values), high, self.values)
        values = np.clip(values, low, high)
        drawn = np.log10(values) if is_log else values
        return np.where(self.there, drawn, np.nan)


@dataclass(frozen=True)
class Growth:
    """The rows of a path in execution order, and the error of each: fed by the layers before, and fed golden values.

    `jumps` are the layers that multiply the error of their inputs, the largest first; `factors` by how much.
    """

    metric: str = "one_minus_cos"
    tensors: tuple[str, ...] = ()
    entire: Line = field(default_factory=lambda: Line(np.zeros(0), np.zeros(0, bool)))
    single: Line = field(default_factory=lambda: Line(np.zeros(0), np.zeros(0, bool)))
    jumps: tuple[int, ...] = ()
    factors: np.ndarray = field(default_factory=lambda: np.zeros(0))

    @property
    def is_log(self) -> bool:
        """Whether orders of magnitude are what counts."""
        return self.metric not in LINEAR

    @property
    def limits(self) -> tuple[float, float]:
        """The least and the largest value that is drawn: zero has no logarithm, and infinity no place."""
        parts = [line.values[line.there & np.isfinite(line.values)] for line in (self.entire, self.single)]
        shown = np.concatenate(parts)
        shown = shown[shown > 0] if self.is_log else shown
        if not len(shown):
            return (1e-6, 1.0) if self.is_log else (0.0, 1.0)
        low, high = float(shown.min()), float(shown.max())
        if self.is_log:
            return low / 2, max(high, low * 10) * 2
        slack = 0.05 * (high - low) or 1.0
        return low - slack, high + slack


def growth(
    rows: Sequence[LayerError],
    known: Known,
    path: Path | None,
    layers_of: Callable[[str], Sequence[str]],
    metric: str,
) -> Growth:
    """The growth along a path; without one over all rows. The runs are those of the known column's source."""
    shown = rows if path is None else [row for row in rows if is_on(path, row.tensor, layers_of)]
    source, drawn = known.column.partition(".")[0], DRAWN_AS.get(metric, metric)
    values = LayerValues(shown, known)
    entire, single = (Line(*values.numbers(drawn, name)) for name in (f"{source}.entire", SINGLE.get(source, source)))
    found = LayerValues(rows, known).jumps(known.column)
    number = {row.tensor: at for at, row in enumerate(rows)}
    places = np.array([number[row.tensor] for row in shown], np.intp)
    factors = found.growth[places]
    large = np.flatnonzero(found.there[places] & (factors >= LARGE))
    order = large[np.argsort(-factors[large], kind="stable")][:MOST_JUMPS]
    return Growth(drawn, tuple(row.tensor for row in shown), entire, single, tuple(order.tolist()), factors)


def is_on(path: Path, tensor: str, layers_of: Callable[[str], Sequence[str]]) -> bool:
    """Whether a row is on a path."""
    return tensor == path.anchor or tensor in path.ends or not path.layers.isdisjoint(layers_of(tensor))
