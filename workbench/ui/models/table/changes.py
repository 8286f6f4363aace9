"""What a what-if changed, number by number. No Qt widgets."""

from workbench.compare.compare import LayerError
from workbench.compare.metrics import METRICS
from workbench.project.results import Results
from workbench.ui.numbers import value_text


def direction(metric: str, before: float, now: float) -> str:
    """ "better", "worse" or "" for a number that has changed; "" where the digits that are shown are the same."""
    if value_text(metric, before) == value_text(metric, now):
        return ""
    return "worse" if METRICS[metric].is_worse(now, before) else "better"


def mean_of(row: LayerError | None, column: str, metric: str) -> float | None:
    """The mean over the inputs; None where there is no value."""
    errors = row.errors.get(column) if row is not None else None
    return errors.mean.get(metric) if errors is not None else None


def better_and_worse(results: Results, column: str, metric: str) -> tuple[int, int]:
    """How many rows a what-if made better, and how many worse."""
    found = {"better": 0, "worse": 0, "": 0}
    rows = results.before.rows if results.before else {}
    for row in results.rows:
        old, new = mean_of(rows.get(row.tensor), column, metric), mean_of(row, column, metric)
        if old is not None and new is not None:
            found[direction(metric, old, new)] += 1
    return found["better"], found["worse"]
