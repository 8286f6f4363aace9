"""Which layers are worst."""

import math
from dataclasses import dataclass

from workbench.compare.compare import LayerError
from workbench.report.inputs import RunResults
from workbench.report.table import present_columns, value_of

MAIN_COLUMNS = ("simulator.entire", "runtime.entire", "simulator.single", "runtime.single_sim")
DUMP_OF = {"simulator.entire": "simulator", "simulator.single": "simulator_single", "runtime.entire": "runtime"}


@dataclass(frozen=True)
class Suspect:
    """A layer worth a picture: `column` says in which kind of run it is bad."""

    row: LayerError
    column: str

    @property
    def sample(self) -> int:
        """The number of the sample on which it is worst."""
        worst = self.row.errors[self.column].worst_sample
        return worst.get("cos", worst.get("euc", 0))


def main_column(results: RunResults) -> str:
    """The kind of error that decides about the network."""
    present = present_columns(results)
    return next((column for column in MAIN_COLUMNS if column in present), MAIN_COLUMNS[0])


def badness(row: LayerError, column: str) -> float:
    """1 - cos, where NaN is worse than everything and no value is better than everything."""
    value = value_of(row, column, "one_minus_cos")
    if value is None:
        cos = value_of(row, column, "cos")
        value = -math.inf if cos is None else 1.0 - cos
    return math.inf if math.isnan(value) else value


def worst_rows(results: RunResults, column: str, count: int) -> list[LayerError]:
    """The `count` worst layers of a kind of run, worst first; layers without a value are left out."""
    ranked = sorted(results.rows, key=lambda row: badness(row, column), reverse=True)
    return [row for row in ranked[:count] if badness(row, column) > -math.inf]


def suspects(results: RunResults, each: int = 3) -> list[Suspect]:
    """The worst layers of every kind of run; of layers that only pass values on (converts, reshapes) the first."""
    found: list[Suspect] = []
    for column in present_columns(results):
        if results.dumps.get(DUMP_OF.get(column, "")):
            distinct: dict[tuple[float | None, ...], Suspect] = {}
            for row in worst_rows(results, column, 4 * each):
                numbers = (value_of(row, column, "cos"), value_of(row, column, "euc"))
                distinct.setdefault(numbers, Suspect(row, column))
            found += list(distinct.values())[:each]
    return found
