"""How far the outputs of one source are from those of another: a number, of any two sources.

`gate` asks another question: whether a user would care how far an output is from golden, channel by channel. A rule
that blames one source alone (the board, float16) needs what that one adds, however good or bad the other was before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.compare.compare import LayerError
from workbench.diagnose.case import Case


@dataclass(frozen=True, slots=True)
class Distance:
    """From an output as it should be to what it is: `relative` is |difference| / |what it should be|.

    `broken` is the share of values that are NaN or infinite where they should be finite. Infinite: all of it is lost.
    """

    row: LayerError
    relative: float
    broken: float
    sample: int = 0

    def exceeds(self, relative: float) -> bool:
        """Whether values are lost, or the whole is further off than a share of its length."""
        return self.broken > 0 or self.relative > relative


def apart(values: np.ndarray, golden: np.ndarray) -> float:
    """|values - golden| / |golden|; infinite where a value is not finite, or golden is zero and values are not."""
    golden = np.asarray(golden, np.float64).reshape(-1)
    values = np.asarray(values, np.float64).reshape(-1)
    finite = np.isfinite(golden)
    if not finite.all():
        golden, values = golden[finite], values[finite]
    if values.size == 0 or not np.isfinite(values).all():
        return 0.0 if values.size == 0 else float("inf")
    length, distance = float(np.linalg.norm(golden)), float(np.linalg.norm(values - golden))
    return distance / length if length else (float("inf") if distance else 0.0)


def distances(case: Case, source: str, against: str = "golden") -> tuple[Distance, ...]:
    """Of every output and sample; `source` and `against` are "golden", "simulated" or "runtime": methods of `Case`."""
    found = []
    for sample in range(max(map(len, case.dumps.values()), default=0)):
        for rows in _by_output(case):
            for row in rows:
                values, golden = (getattr(case, name)(row, sample) for name in (source, against))
                if values is not None and golden is not None and values.size == golden.size:
                    found.append(_distance(row, values, golden, sample))
                    break
    return tuple(found)


def farthest(found: Sequence[Distance]) -> Distance | None:
    """The output that is furthest off; None without outputs."""
    return max(found, key=lambda one: (one.broken, one.relative), default=None)


def _distance(row: LayerError, values: np.ndarray, golden: np.ndarray, sample: int) -> Distance:
    """Of one output; both arrays have as many elements."""
    values = values.reshape(golden.shape)
    finite = np.isfinite(golden)
    broken = np.count_nonzero(finite & ~np.isfinite(values)) / max(1, golden.size)
    return Distance(row, apart(values, golden), broken, sample)


def _by_output(case: Case) -> list[list[LayerError]]:
    """The rows of each output, the one of its own name first."""
    found: dict[str, list[LayerError]] = {}
    for row in case.output_rows:
        found.setdefault(row.golden or row.tensor, []).append(row)
    return [sorted(rows, key=lambda row: row.tensor not in case.outputs) for rows in found.values()]
