"""Results that no run has made, for views that only show them."""

from pathlib import Path

import numpy as np

from workbench.compare.compare import Errors, LayerError, summarise
from workbench.project.results import Results


def some_results(cosines: list[float | None], samples: int = 1) -> Results:
    """Results whose rows have these cosines in `simulator.entire`; None is a row without values."""
    rows = tuple(_row(at, value, samples) for at, value in enumerate(cosines))
    return Results(rows=rows, dumps={"golden": tuple(Path(f"golden-{at}.h5") for at in range(samples))})


def _row(at: int, cosine: float | None, samples: int) -> LayerError:
    op = ("Conv", "Relu", "Add")[at % 3]
    errors: dict[str, Errors] = {}
    if cosine is not None:
        values = [{"cos": cosine - 0.01 * sample, "euc": float((1 - cosine) * 1000)} for sample in range(samples)]
        errors = {"simulator.entire": summarise(values), "simulator.single": summarise([{"cos": 1.0, "euc": 0.0}])}
    group = (f"inner_{at}",) if op == "Relu" else ()
    note = "" if cosine is not None else "range narrowed"
    return LayerError(at, op, f"tensor_{at}", f"tensor_{at}", group, (1, 8), None, errors, "name", note)


def many_cosines(count: int) -> list[float | None]:
    """As many cosines, the same every time."""
    return [float(value) for value in np.random.default_rng(0).uniform(0.9, 1.0, count)]
