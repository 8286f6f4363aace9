import math

import numpy as np

from workbench.compare.compare import LayerError, summarise
from workbench.compare.grades import Grade, grade
from workbench.ui.models.matrix.matrix import ABSENT, LEVELS, NETWORK, WORST, Head, Run, of_inputs, of_runs

COLUMN = "simulator.entire"


def _row(tensor: str, *cosines: float, golden: str = "") -> LayerError:
    errors = {COLUMN: summarise([{"cos": value} for value in cosines])} if cosines else {}
    return LayerError(0, "Conv", tensor, golden or tensor, (), (1,), None, errors, "name", "")


def _inputs(count: int) -> list[Head]:
    return [Head(f"{number}.png") for number in range(count)]


def test_that_a_cell_is_the_error_of_its_layer_with_its_input() -> None:
    matrix = of_inputs([_row("a", 0.9, 0.8), _row("b"), _row("c", 1.0, 0.5)], _inputs(2), COLUMN, "cos")
    assert matrix.values[2].tolist() == [1.0, 0.5]
    assert matrix.there.tolist() == [[True, True], [False, False], [True, True]]


def test_that_layers_are_ordered_by_their_worst_cell_or_by_a_column() -> None:
    matrix = of_inputs([_row("a", 0.9, 0.8), _row("b"), _row("c", 1.0, 0.5)], _inputs(2), COLUMN, "cos")
    assert matrix.row_order(WORST).tolist() == [2, 0, 1]
    assert matrix.row_order(0).tolist() == [0, 2, 1]
    assert matrix.row_order(NETWORK).tolist() == [0, 1, 2]


def test_that_inputs_are_ordered_by_how_bad_they_are_over_all_layers() -> None:
    matrix = of_inputs([_row("a", 0.9999, 0.5, 0.99), _row("b", 0.999, 0.9, 0.99)], _inputs(3), COLUMN, "cos")
    assert matrix.column_order().tolist() == [1, 2, 0]
    assert (matrix.worst_row(1), matrix.worst_row(0)) == (0, 1)
    assert matrix.column_order(row=1).tolist() == [1, 2, 0]


def test_that_inputs_differ_even_where_every_layer_is_bad() -> None:
    matrix = of_inputs([_row("a", 0.6, 0.3, 0.8), _row("b", 0.5, 0.4, 0.9)], _inputs(3), COLUMN, "cos")
    assert (matrix.heat == LEVELS - 1).all()
    assert matrix.column_order().tolist() == [1, 0, 2]


def test_that_a_nan_is_worse_than_every_number() -> None:
    matrix = of_inputs([_row("a", 0.1, 0.9), _row("b", math.nan, 0.9)], _inputs(2), COLUMN, "cos")
    assert matrix.row_order(0).tolist() == [1, 0]
    assert (matrix.heat[1, 0], matrix.grades[1, 0]) == (LEVELS - 1, Grade.BAD)


def test_that_cells_are_marked_as_the_table_marks_them() -> None:
    for metric, values in (
        ("cos", (1.0, 0.995, 0.951, 0.94, -math.inf)),
        ("euc", (99.0, 101.0, math.inf)),
        ("nan", (0.0, 1.0)),
    ):
        rows = [
            LayerError(
                0, "", "a", "a", (), (), None, {COLUMN: summarise([{metric: value} for value in values])}, "", ""
            )
        ]
        found = of_inputs(rows, _inputs(len(values)), COLUMN, metric).grades[0]
        assert found.tolist() == [grade(metric, COLUMN, value) for value in values]


def test_that_heat_grows_with_the_error_and_is_absent_where_there_is_none() -> None:
    matrix = of_inputs([_row("a", 1.0, 0.9995, 0.99, 0.5), _row("b")], _inputs(4), COLUMN, "cos")
    heat = matrix.heat
    assert np.all(np.diff(heat[0]) > 0)
    assert (heat[0, 0], heat[0, 3]) == (0, LEVELS - 1)
    assert heat[1].tolist() == [ABSENT] * 4


def test_that_runs_are_joined_by_the_names_of_the_network() -> None:
    first = Run(Head("w8a8"), [_row("a", 0.9), _row("y_int8", 0.8, golden="y")])
    second = Run(Head("fp16"), [_row("a", 0.99), _row("y_float16", 0.98, golden="y"), _row("new", 0.5)])
    matrix = of_runs([first, second], COLUMN, "cos")
    assert [row.tensor for row in matrix.rows] == ["a", "y_int8", "new"]
    assert np.nan_to_num(matrix.values, nan=-1).tolist() == [[0.9, 0.99], [0.8, 0.98], [-1, 0.5]]


def test_that_rows_of_another_run_stand_where_they_belong() -> None:
    first = Run(Head("fp16"), [_row("a", 0.9), _row("c", 0.8)])
    second = Run(Head("w8a8"), [_row("in", 0.99), _row("a", 0.98), _row("b", 0.5), _row("c", 0.7)])
    matrix = of_runs([first, second], COLUMN, "cos")
    assert [head.tensor for head in matrix.rows] == ["in", "a", "b", "c"]
    assert matrix.values[:, 1].tolist() == [0.99, 0.98, 0.5, 0.7]


def test_that_two_rows_of_one_golden_tensor_stay_two_rows() -> None:
    first = Run(Head("w8a8"), [_row("y_int8", 0.8, golden="y"), _row("y", 0.9)])
    second = Run(Head("fp16"), [_row("y_float16", 0.98, golden="y"), _row("y", 0.99)])
    matrix = of_runs([first, second], COLUMN, "cos")
    assert [head.tensor for head in matrix.rows] == ["y_int8", "y"]
    assert matrix.values.tolist() == [[0.8, 0.98], [0.9, 0.99]]


def test_that_a_metric_without_anchors_is_as_hot_as_its_own_extremes() -> None:
    rows = [
        LayerError(0, "", name, name, (), (), None, {COLUMN: summarise([{"euc": value}])}, "", "")
        for name, value in (("a", 0.001), ("b", 1.0), ("c", 1000.0))
    ]
    heat = of_inputs(rows, _inputs(1), COLUMN, "euc").heat
    assert heat[:, 0].tolist() == [0, LEVELS // 2, LEVELS - 1]
