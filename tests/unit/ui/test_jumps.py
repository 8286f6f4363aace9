"""Where errors jump, and which rows lead to which."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import network, node, random
from tests.unit.ui.rows import bad_row, made_row
from workbench.compare.compare import COMPUTED
from workbench.graph.deployed import CONVERT
from workbench.ui.models.table.jumps import Jumps, jumps
from workbench.ui.models.table.row_inputs import rows_before


def found(errors: dict[str, float | None], inputs_of: dict[str, tuple[str, ...]]) -> Jumps:
    numbers = np.array(list(errors.values()), float)
    there = np.array([value is not None for value in errors.values()])
    return jumps(list(errors), numbers, there, inputs_of)


def test_that_growth_is_measured_against_the_worst_input() -> None:
    result = found({"a": 0.001, "b": 0.002, "c": 0.02}, {"c": ("a", "b")})
    assert result.growth[2] == pytest.approx(10)
    assert result.before[2] == 0.002
    assert result.worst_input[2] == 1


def test_that_a_row_without_values_passes_on_what_it_takes() -> None:
    result = found({"a": 0.002, "reshape": None, "c": 0.02}, {"reshape": ("a",), "c": ("reshape",)})
    assert result.growth[2] == pytest.approx(10)
    assert result.worst_input[2] == 0
    assert not result.there[1]


def test_that_small_errors_are_no_jumps() -> None:
    result = found({"a": 1e-9, "b": 9e-5}, {"a": (), "b": ("a",)})
    assert result.growth.tolist() == [1.0, 1.0]


def test_that_nan_is_the_largest_jump_where_it_begins_and_none_behind() -> None:
    result = found({"a": 0.1, "b": float("nan"), "c": float("nan")}, {"a": (), "b": ("a",), "c": ("b",)})
    assert result.growth[1] == np.inf
    assert result.growth[2] == 1.0


def test_that_rows_before_are_found_through_layers_without_rows(tmp_path: Path) -> None:
    nodes = [
        node("Conv", ["x", "w"], ["a"], name="conv", pads=[1, 1, 1, 1]),
        node("Relu", ["a"], ["b"], name="relu"),
        node("Identity", ["b"], ["i"], name="same"),
        node("Sigmoid", ["i"], ["s"], name="sigmoid"),
        node("Mul", ["i", "s"], ["y"], name="mul"),
    ]
    graph = network(tmp_path, nodes, {"w": random(4, 3, 3, 3)}).graph
    rows = [
        made_row("x_int8", op=CONVERT, golden="x"),
        made_row("b"),
        made_row("y_int8", golden="y"),
        made_row("y", op=CONVERT),
    ]
    layers_of = {"b": ("conv", "relu"), "y_int8": ("sigmoid", "mul")}
    assert rows_before(graph, rows, layers_of) == {
        "x_int8": (), "b": ("x_int8",), "y_int8": ("b",), "y": ("y_int8",),
    }  # fmt: skip


def test_that_a_part_of_a_layer_leads_to_the_next(tmp_path: Path) -> None:
    graph = network(tmp_path, [node("Softplus", ["x"], ["y"], name="softplus")]).graph
    rows = [made_row("y_exp", golden="y_exp", matched_by=COMPUTED), made_row("y")]
    assert rows_before(graph, rows, {"y_exp": ("softplus",), "y": ("softplus",)})["y"] == ("y_exp",)


def test_that_outputs_of_one_layer_do_not_lead_to_each_other(tmp_path: Path) -> None:
    nodes = [node("Relu", ["x"], ["r"], name="relu"), node("Split", ["r"], ["p", "q"], name="split", axis=2)]
    graph = network(tmp_path, nodes, outputs=("p", "q"), opset=13).graph
    rows = [bad_row("r", 0.1), bad_row("p", 0.1), bad_row("q", 0.1)]
    before = rows_before(graph, rows, {"r": ("relu",), "p": ("split",), "q": ("split",)})
    assert (before["p"], before["q"]) == (("r",), ("r",))


def test_that_nothing_is_known_before_rows_of_another_network(tmp_path: Path) -> None:
    graph = network(tmp_path, [node("Relu", ["x"], ["y"], name="relu")]).graph
    assert rows_before(graph, [made_row("strange"), made_row("y")], {}) == {"y": ()}
