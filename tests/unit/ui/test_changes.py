"""Rules of what a what-if changed: direction follows the metric, and digits that are not shown do not count."""

import math
from dataclasses import replace

import pytest

from tests.gui.made_results import some_results
from workbench.project.results import Before
from workbench.ui.models.table.changes import better_and_worse, direction, mean_of


@pytest.mark.parametrize(
    ("metric", "before", "now", "turned"),
    [
        ("cos", 0.9, 0.95, "better"),
        ("cos", 0.95, 0.9, "worse"),
        ("cos", 0.9, 0.9000001, ""),
        ("euc", 1.0, 2.0, "worse"),
        ("euc", 2.0, 1.0, "better"),
        ("cos", 0.9, math.nan, "worse"),
        ("cos", math.nan, 0.9, "better"),
        ("cos", math.nan, math.nan, ""),
    ],
)
def test_that_the_metric_says_which_way_is_better(metric: str, before: float, now: float, turned: str) -> None:
    assert direction(metric, before, now) == turned


def test_that_rows_are_counted_by_what_has_become_of_them() -> None:
    now, old = some_results([0.9, 0.99, 0.95, None]), some_results([0.8, 0.999, 0.95, 0.5])
    before = Before({}, {row.tensor: row for row in old.rows}, frozenset(), ())

    assert better_and_worse(replace(now, before=before), "simulator.entire", "cos") == (1, 1)
    assert better_and_worse(now, "simulator.entire", "cos") == (0, 0)


def test_that_a_row_without_values_has_no_mean() -> None:
    rows = some_results([None]).rows

    assert (mean_of(None, "simulator.entire", "cos"), mean_of(rows[0], "simulator.entire", "cos")) == (None, None)
