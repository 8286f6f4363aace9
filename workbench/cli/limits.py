"""`--fail-under cos=0.99` and `--fail-over euc=10`."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.cli.console import say
from workbench.cli.options import Limits
from workbench.foundation.errors import SettingsError

if TYPE_CHECKING:
    from workbench.report.inputs import RunResults

COLUMNS = ("simulator.entire", "runtime.entire")


@dataclass(frozen=True)
class Limit:
    """A value that no layer's entire error may pass."""

    metric: str
    value: float
    over: bool

    def is_missed(self, value: float) -> bool:
        """NaN misses every limit."""
        return math.isnan(value) or (value > self.value if self.over else value < self.value)


def read_limits(limits: Limits) -> tuple[Limit, ...]:
    """The limits as numbers; called before any work is done."""
    under = (_limit(text, "--fail-under", over=False) for text in limits.fail_under or ())
    over = (_limit(text, "--fail-over", over=True) for text in limits.fail_over or ())
    return (*under, *over)


def check_limits(results: "RunResults", limits: Sequence[Limit]) -> int:
    """The exit status: 1 when a layer's entire value misses a limit, which standard error then names."""
    status = 0
    for limit in limits:
        missed = sorted(_misses(results, limit), reverse=limit.over)
        if missed:
            status = 1
            value, tensor, column = missed[0]
            word = "above" if limit.over else "below"
            more = f" (and {len(missed) - 1} more)" if len(missed) > 1 else ""
            say(f"Limit missed: {column} {limit.metric} of {tensor} is {value:.6g}, {word} {limit.value:g}{more}.")
    return status


def _misses(results: "RunResults", limit: Limit) -> Iterator[tuple[float, str, str]]:
    for row in results.rows:
        for column in COLUMNS:
            errors = row.errors.get(column)
            value = None if errors is None else errors.mean.get(limit.metric)
            if value is not None and limit.is_missed(value):
                yield value, row.tensor, column


def _limit(text: str, option: str, *, over: bool) -> Limit:
    from workbench.compare.metrics import METRICS

    metric, _, number = text.partition("=")
    if metric not in METRICS:
        raise SettingsError(f"{option} knows no metric {metric!r}.", f"Choose one of {', '.join(METRICS)}.")
    try:
        value = float(number)
    except ValueError:
        value = math.nan
    if math.isnan(value):
        raise SettingsError(f"{option} {text}: {number!r} is not a number.", f"Write {option} {metric}=0.99.")
    return Limit(metric, value, over)
