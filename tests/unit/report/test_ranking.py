import dataclasses
import math

from tests.unit.report.runs import Run, with_errors
from workbench.report.ranking import main_column, suspects, worst_rows


def test_that_nan_is_worst_and_a_layer_without_value_is_left_out(run: Run) -> None:
    first, second, *_ = run.results.rows
    rows = (
        with_errors(first, "simulator.entire", cos=0.5, one_minus_cos=0.5),
        with_errors(second, "simulator.entire", cos=math.nan, one_minus_cos=math.nan),
        dataclasses.replace(first, errors={}),
    )
    results = dataclasses.replace(run.results, rows=rows)
    assert worst_rows(results, "simulator.entire", 5) == [rows[1], rows[0]]


def test_that_the_board_decides_where_nothing_was_simulated(run: Run) -> None:
    row = run.results.rows[0]
    row = dataclasses.replace(row, errors={"runtime.entire": row.errors["simulator.entire"]})
    assert main_column(dataclasses.replace(run.results, rows=(row,))) == "runtime.entire"


def test_that_suspects_come_from_every_kind_of_run_that_has_dumps(run: Run) -> None:
    assert {item.column for item in suspects(run.results)} == {"simulator.entire", "simulator.single"}
    without = dataclasses.replace(run.results, dumps={})
    assert suspects(without) == []
