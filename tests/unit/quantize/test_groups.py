"""Which tensors the NPU never stores, and which have no row of their own."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from tests.unit.networks import Constants, as_written, node, random
from workbench.quantize.groups import grouped_tensors, unstored_tensors
from workbench.quantize.ranges import Range

SHAPE = (1, 4, 8, 8)
WEIGHTS = {"dense": random(4, 4, 1, 1), "depthwise": random(4, 1, 1, 1), "full": random(1, 4, 8, 8), "low": 0.0}


def unstored(folder: Path, nodes: Sequence[onnx.NodeProto], constants: Constants = WEIGHTS) -> set[str]:
    graph = as_written(folder, nodes, constants, shape=SHAPE)
    return set(unstored_tensors(graph, {name for layer in graph.layers for name in layer.outputs}))


def grouped(
    folder: Path, nodes: Sequence[onnx.NodeProto], ranges: dict[str, tuple[float, float]], **more: Any
) -> set[str]:
    constants = {"low": np.float32(-0.5), "high": np.float32(1.0)}
    graph = as_written(folder, nodes, constants, shape=SHAPE, **more)
    quantized = {name for layer in graph.layers for name in layer.outputs}
    return set(grouped_tensors(graph, quantized, {name: Range(*pair) for name, pair in ranges.items()}))


def test_that_a_dense_conv_before_an_addition_is_not_stored_even_if_a_constant_is_added(tmp_path: Path) -> None:
    nodes = [node("Conv", ["x", "dense"], ["c"]), node("Add", ["c", "full"], ["y"])]

    assert unstored(tmp_path, nodes) == {"c"}


def test_that_a_depthwise_conv_before_an_addition_is_stored(tmp_path: Path) -> None:
    nodes = [node("Conv", ["x", "depthwise"], ["c"], group=4), node("Add", ["c", "x"], ["y"])]

    assert unstored(tmp_path, nodes) == set()


def test_that_of_two_convs_into_an_addition_the_dense_one_is_not_stored(tmp_path: Path) -> None:
    nodes = [
        node("Conv", ["x", "depthwise"], ["a"], group=4),
        node("Conv", ["x", "dense"], ["b"]),
        node("Add", ["a", "b"], ["y"]),
    ]

    assert unstored(tmp_path, nodes) == {"b"}


CUT = [
    ("Relu", ["p"], (0.0, 9.0), (0.0, 9.0), True),
    ("Relu", ["p"], (0.5, 9.0), (0.5, 9.0), True),
    ("Relu", ["p"], (-1.0, 9.0), (0.0, 9.0), False),
    ("Clip", ["p", "low", "high"], (-0.1, 0.9), (-0.1, 0.9), True),
    ("Clip", ["p", "low", "high"], (-0.5, 2.0), (-0.5, 1.0), False),
    ("Sigmoid", ["p"], (-7.0, 3.0), (0.0, 0.95), True),
    ("Sigmoid", ["p"], (-6.0, 3.0), (0.0, 0.95), False),
    ("HardSwish", ["p"], (-3.0, 5.0), (-0.375, 5.0), True),
    ("HardSwish", ["p"], (-3.0, 2.0), (-0.375, 1.7), False),
    ("Tanh", ["p"], (-3.2, 3.2), (-1.0, 1.0), False),
    ("LeakyRelu", ["p"], (0.0, 9.0), (0.0, 9.0), False),
]


@pytest.mark.parametrize(("op", "inputs", "taken", "given", "expected"), CUT)
def test_that_a_tensor_cut_to_what_its_activation_lets_through_has_no_row(
    tmp_path: Path,
    op: str,
    inputs: list[str],
    taken: tuple[float, float],
    given: tuple[float, float],
    expected: bool,
) -> None:
    nodes = [node("Neg", ["x"], ["p"]), node(op, inputs, ["y"])]

    assert ("p" in grouped(tmp_path, nodes, {"p": taken, "y": given})) is expected


def test_that_relu_takes_the_row_of_a_tensor_that_others_take_too(tmp_path: Path) -> None:
    nodes = [node("Neg", ["x"], ["p"]), node("Relu", ["p"], ["r"]), node("Add", ["p", "r"], ["y"])]

    assert grouped(tmp_path, nodes, {"p": (0.0, 9.0), "r": (0.0, 9.0), "y": (0.0, 18.0)}) == {"p"}


def test_that_a_sigmoid_leaves_the_row_of_a_tensor_that_others_take_too(tmp_path: Path) -> None:
    nodes = [node("Neg", ["x"], ["p"]), node("Sigmoid", ["p"], ["s"]), node("Add", ["p", "s"], ["y"])]

    assert grouped(tmp_path, nodes, {"p": (-7.0, 9.0), "s": (0.0, 1.0), "y": (-7.0, 10.0)}) == set()


def test_that_one_output_of_a_split_may_have_no_row(tmp_path: Path) -> None:
    nodes = [
        node("Split", ["x"], ["a", "b"], axis=1),
        node("Relu", ["b"], ["r"]),
        node("Concat", ["a", "r"], ["y"], axis=1),
    ]
    ranges = {"a": (-4.0, 2.0), "b": (0.0, 3.0), "r": (0.0, 3.0), "y": (-4.0, 3.0)}

    assert grouped(tmp_path, nodes, ranges, opset=12) == {"b"}
