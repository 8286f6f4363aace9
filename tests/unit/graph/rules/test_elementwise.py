"""Arithmetic with constants in the forms that the NPU has: the operators, their order and that the values stay."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from tests.unit.networks import Constants, as_written, float_values, giver, node, ops, own_values, random
from workbench.graph.deployed import Deployed
from workbench.graph.draft import Draft, Rule, apply
from workbench.graph.grids import Grid
from workbench.graph.rules.elementwise import (
    absolute_to_leaky,
    align_constant,
    bounds_to_clip,
    difference_to_sum,
    division_to_product,
    merge_constants,
    merge_limits,
    negation_to_product,
    reciprocal_to_division,
    sum_to_additions,
)

SHAPE = (1, 4, 6, 6)
CONSTANTS = {
    "c": np.linspace(0.3, 1.2, 4, dtype=np.float32).reshape(4, 1, 1),
    "d": np.linspace(-0.5, 0.9, 4, dtype=np.float32).reshape(4, 1, 1),
    "s": 0.7,
    "zero": 0.0,
    "one": 1.0,
    "three": 3.0,
    "low": -0.5,
}


def rewritten(
    folder: Path, rules: Sequence[Rule], nodes: Sequence[onnx.NodeProto], constants: Constants = CONSTANTS, **more: Any
) -> Deployed:
    draft = Draft(as_written(folder, nodes, constants, **{"shape": SHAPE, **more}))
    apply(draft, rules)
    return draft.graph()


def difference(graph: Deployed, name: str = "y") -> float:
    """How far the rewritten network is from the one that was written."""
    feeds = {item.name: random(*(item.static_shape or ()), seed=5) for item in graph.model.graph.inputs}
    return float(np.abs(own_values(graph.model.proto, feeds)[name] - float_values(graph, feeds)[name]).max())


SINGLE: dict[str, tuple[Rule, onnx.NodeProto, str]] = {
    "-x": (negation_to_product, node("Neg", ["x"], ["y"]), "Mul"),
    "|x|": (absolute_to_leaky, node("Abs", ["x"], ["y"]), "LeakyRelu"),
    "1/x": (reciprocal_to_division, node("Reciprocal", ["x"], ["y"]), "Div"),
    "x/c": (division_to_product, node("Div", ["x", "c"], ["y"]), "Mul"),
    "x-c": (difference_to_sum, node("Sub", ["x", "c"], ["y"]), "Add"),
    "x+c": (align_constant, node("Add", ["x", "c"], ["y"]), "Add"),
}


@pytest.mark.parametrize("name", SINGLE)
def test_that_an_operator_becomes_the_one_that_the_npu_has(tmp_path: Path, name: str) -> None:
    rule, layer, op = SINGLE[name]

    graph = rewritten(tmp_path, [rule], [layer])

    assert ops(graph) == [op]
    assert difference(graph) < 1e-5


@pytest.mark.parametrize(
    ("rule", "layer"),
    [
        (division_to_product, node("Div", ["c", "x"], ["y"])),
        (division_to_product, node("Div", ["x", "zero"], ["y"])),
        (difference_to_sum, node("Sub", ["c", "x"], ["y"])),
    ],
)
def test_that_a_constant_on_the_left_or_a_division_by_zero_stays(
    tmp_path: Path, rule: Rule, layer: onnx.NodeProto
) -> None:
    assert ops(rewritten(tmp_path, [rule], [layer])) == [layer.op_type]


def test_that_the_constant_of_a_negation_has_as_many_dimensions_as_the_tensor(tmp_path: Path) -> None:
    graph = rewritten(tmp_path, [negation_to_product], [node("Neg", ["x"], ["y"])])

    assert graph.constants[giver(graph, "y").inputs[1]].shape == (1, 1, 1, 1)


def test_that_a_layer_whose_constant_is_aligned_moves_behind_its_input(tmp_path: Path) -> None:
    nodes = [node("Tanh", ["x"], ["t"]), node("Mul", ["t", "s"], ["y"]), node("Add", ["t", "y"], ["z"])]
    more = [node("Exp", ["t"], ["e"]), node("Mul", ["t", "c"], ["m"]), node("Add", ["e", "m"], ["w"])]

    graph = rewritten(tmp_path, [align_constant], [*nodes, *more], outputs=("z", "w"))

    assert [layer.outputs[0] for layer in graph.layers] == ["t", "m", "y", "z", "e", "w"]


@pytest.mark.parametrize(
    ("nodes", "op"),
    [
        ([node("Mul", ["x", "c"], ["m"]), node("Mul", ["s", "m"], ["y"])], "Mul"),
        ([node("Add", ["c", "x"], ["m"]), node("Add", ["m", "d"], ["y"])], "Add"),
    ],
)
def test_that_two_constants_behind_one_another_are_one(tmp_path: Path, nodes: list[onnx.NodeProto], op: str) -> None:
    graph = rewritten(tmp_path, [merge_constants], nodes)

    assert ops(graph) == [op]
    assert difference(graph) < 1e-5


@pytest.mark.parametrize(
    "nodes",
    [
        [node("Mul", ["x", "c"], ["m"]), node("Mul", ["m", "s"], ["a"]), node("Add", ["m", "a"], ["y"])],
        [node("Add", ["x", "c"], ["m"]), node("Mul", ["m", "s"], ["y"])],
        [node("Mul", ["x", "x"], ["m"]), node("Mul", ["m", "s"], ["y"])],
    ],
    ids=["shared", "another operator", "no constant"],
)
def test_that_other_pairs_of_operators_stay(tmp_path: Path, nodes: list[onnx.NodeProto]) -> None:
    assert ops(rewritten(tmp_path, [merge_constants], nodes)) == [item.op_type for item in nodes]


LIMITS = [
    ([node("Clip", ["x", "low", "three"], ["m"]), node("Relu", ["m"], ["y"])], ["Clip"]),
    ([node("Clip", ["x", "low", "three"], ["m"]), node("Clip", ["m", "zero", "one"], ["y"])], ["Clip"]),
    ([node("Relu", ["x"], ["m"]), node("Relu", ["m"], ["y"])], ["Relu"]),
    ([node("Relu", ["x"], ["m"]), node("Clip", ["m", "low", "three"], ["y"])], ["Relu", "Clip"]),
    ([node("Clip", ["x", "low", "zero"], ["m"]), node("Clip", ["m", "one", "three"], ["y"])], ["Clip", "Clip"]),
]


@pytest.mark.parametrize(("nodes", "expected"), LIMITS)
def test_that_limits_behind_limits_are_one(tmp_path: Path, nodes: list[onnx.NodeProto], expected: list[str]) -> None:
    graph = rewritten(tmp_path, [merge_limits], nodes)

    assert ops(graph) == expected
    assert difference(graph) == 0


def test_that_a_second_relu_vanishes_even_where_others_take_the_first(tmp_path: Path) -> None:
    nodes = [node("Relu", ["x"], ["m"]), node("Relu", ["m"], ["r"]), node("Tanh", ["m"], ["t"])]
    graph = rewritten(tmp_path, [merge_limits], [*nodes, node("Add", ["r", "t"], ["y"])])

    assert ops(graph) == ["Relu", "Tanh", "Add"]
    assert giver(graph, "y").inputs == ("m", "t")


def test_that_an_old_clip_keeps_its_bounds_in_attributes(tmp_path: Path) -> None:
    nodes = [node("Clip", ["x"], ["m"], min=-0.5, max=0.8), node("Relu", ["m"], ["y"])]
    graph = rewritten(tmp_path, [merge_limits], nodes, opset=9)

    assert giver(graph, "y").attributes == pytest.approx({"min": 0.0, "max": 0.8})
    assert difference(graph) == 0


def test_that_min_of_max_is_a_clip(tmp_path: Path) -> None:
    nodes = [node("Max", ["x", "zero"], ["m"]), node("Min", ["one", "m"], ["y"])]
    graph = rewritten(tmp_path, [bounds_to_clip], nodes)

    assert ops(graph) == ["Clip"]
    assert difference(graph) == 0


def test_that_a_bound_per_channel_is_no_clip(tmp_path: Path) -> None:
    nodes = [node("Max", ["x", "c"], ["m"]), node("Min", ["m", "three"], ["y"])]

    assert ops(rewritten(tmp_path, [bounds_to_clip], nodes)) == ["Max", "Min"]


def test_that_a_sum_of_three_is_two_additions_with_a_named_tensor_between(tmp_path: Path) -> None:
    nodes = [node("Tanh", ["x"], ["t"]), node("Exp", ["x"], ["e"]), node("Sum", ["x", "t", "e"], ["y"], name="total")]
    graph = rewritten(tmp_path, [sum_to_additions], nodes)

    assert sorted(ops(graph)) == ["Add", "Add", "Exp", "Tanh"]
    assert giver(graph, "y").inputs == ("total_2add1", "e")
    assert difference(graph) < 1e-6


def test_that_what_the_networks_own_quantization_stores_between_two_constants_stays(tmp_path: Path) -> None:
    nodes = [node("Mul", ["x", "c"], ["m"]), node("Mul", ["m", "s"], ["y"])]
    draft = Draft(as_written(tmp_path, nodes, CONSTANTS, shape=SHAPE))
    draft.store("m", Grid("int8", (0.1,), (0,)))
    apply(draft, [merge_constants])

    assert ops(draft.graph()) == ["Mul", "Mul"]
