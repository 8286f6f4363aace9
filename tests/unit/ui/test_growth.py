"""How an error grows along a path."""

import math

import numpy as np
import pytest

from tests.unit.ui.test_graph_model import row as plain_row
from workbench.compare.compare import LayerError, summarise
from workbench.ui.models.graph.growth import Line, growth
from workbench.ui.models.graph.path import Path
from workbench.ui.models.table.layer_values import Known

ERRORS = {"a": 1e-5, "b": 2e-5, "c": 0.02, "d": 0.03}


def rows(errors: dict[str, float] = ERRORS) -> list[LayerError]:
    return [made_row(name, value) for name, value in errors.items()]


def made_row(name: str, error: float) -> LayerError:
    bare = plain_row(name)
    values = {"one_minus_cos": error, "cos": 1 - error, "sqnr_db": 40.0}
    columns = {"simulator.entire": summarise([values]), "simulator.single": summarise([{"one_minus_cos": 1e-6}])}
    return LayerError(0, bare.op, name, name, (), (1,), None, columns, "name", "")


def layers_of(tensor: str) -> tuple[str, ...]:
    return (f"n{tensor}",)


CHAIN = Known(inputs_of={"a": (), "b": ("a",), "c": ("b",), "d": ("c",)})


def test_that_a_path_has_its_rows_in_order_and_both_errors() -> None:
    path = Path("c", "up", frozenset({"na", "nc"}), frozenset())

    found = growth(rows(), CHAIN, path, layers_of, "one_minus_cos")

    assert found.tensors == ("a", "c")
    assert found.entire.values.tolist() == [1e-5, 0.02]
    assert found.single.values.tolist() == [1e-6, 1e-6]


def test_that_without_a_path_all_rows_are_shown() -> None:
    assert growth(rows(), CHAIN, None, layers_of, "one_minus_cos").tensors == tuple(ERRORS)


def test_that_a_cosine_is_drawn_as_its_distance_from_one() -> None:
    found = growth(rows(), CHAIN, None, layers_of, "cos")

    assert found.metric == "one_minus_cos"
    assert found.is_log


def test_that_a_layer_that_multiplies_the_error_of_its_inputs_is_a_jump() -> None:
    found = growth(rows(), CHAIN, None, layers_of, "cos")

    assert [found.tensors[at] for at in found.jumps] == ["c"]
    assert found.factors[found.jumps[0]] == pytest.approx(0.02 / 1e-4)  # smaller errors count as 1e-4


def test_that_decibels_are_drawn_on_a_linear_axis() -> None:
    assert not growth(rows(), CHAIN, None, layers_of, "sqnr_db").is_log


def test_that_zero_and_what_is_no_number_have_a_place() -> None:
    found = growth(rows({"a": 0.0, "b": 0.01, "c": math.nan, "d": math.inf}), CHAIN, None, layers_of, "one_minus_cos")
    low, high = found.limits

    heights = found.entire.heights(found.is_log, low, high)

    assert 0 < low < high < math.inf
    assert heights.tolist() == pytest.approx([math.log10(low), -2.0, math.log10(high), math.log10(high)])


def test_that_a_row_without_a_value_is_a_gap() -> None:
    line = Line(np.array([1.0, np.nan]), np.array([True, False]))

    assert np.isnan(line.heights(False, 0.0, 2.0)).tolist() == [False, True]


def test_that_nothing_to_draw_has_limits_all_the_same() -> None:
    found = growth([], CHAIN, None, layers_of, "cos")

    assert found.tensors == ()
    assert found.limits[0] < found.limits[1]
