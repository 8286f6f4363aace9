"""Rules of fingerprints: what is computed alike has one, and whatever changes a value changes it."""

from typing import Any

import numpy as np
import onnx
import pytest

from tests.unit.networks import node
from workbench.graph.fingerprints import Digests, fingerprints

CONSTANTS = {"w": np.arange(4, dtype=np.float32), "v": np.arange(4, dtype=np.float32), "u": np.ones(4, np.float32)}


def of(*nodes: onnx.NodeProto, **constants: Any) -> dict[str, bytes]:
    return fingerprints(nodes, {**CONSTANTS, **constants}, Digests())


def test_that_names_of_nodes_values_and_constants_do_not_count() -> None:
    one = of(node("Mul", ["x", "w"], ["a"], name="first"), node("Relu", ["a"], ["b"]))
    other = of(node("Mul", ["x", "v"], ["c"], name="second"), node("Relu", ["c"], ["d"]))

    assert list(one.values()) == list(other.values())


@pytest.mark.parametrize(
    "other",
    [
        node("Div", ["x", "w"], ["a"]),
        node("Mul", ["y", "w"], ["a"]),
        node("Mul", ["w", "x"], ["a"]),
        node("Mul", ["x", "u"], ["a"]),
        node("Mul", ["x", "w"], ["a"], domain="com.microsoft"),
        node("Mul", ["x", "w"], ["a"], axis=1),
    ],
)
def test_that_operator_inputs_constants_and_attributes_count(other: onnx.NodeProto) -> None:
    last = node("Relu", ["a"], ["b"])

    one, changed = of(node("Mul", ["x", "w"], ["a"]), last), of(other, last)

    assert one["a"] != changed["a"]
    assert one["b"] != changed["b"]


def test_that_type_and_shape_of_a_constant_count() -> None:
    zeros = (np.zeros(4, np.float32), np.zeros((2, 2), np.float32), np.zeros(4, np.int32))

    assert len({of(node("Mul", ["x", "w"], ["a"]), w=value)["a"] for value in zeros}) == 3


def test_that_the_outputs_of_a_node_differ() -> None:
    found = of(node("Split", ["x"], ["a", "b"]))

    assert found["a"] != found["b"]


def test_that_what_a_subgraph_takes_from_outside_counts() -> None:
    inner = onnx.helper.make_graph([node("Relu", ["taken"], ["r"])], "body", [], [onnx.ValueInfoProto(name="r")])
    branch = node("If", ["x"], ["a"], then_branch=inner, else_branch=inner)

    one = of(node("Mul", ["x", "w"], ["taken"]), branch)
    other = of(node("Mul", ["x", "u"], ["taken"]), branch)

    assert one["a"] != other["a"]


def test_that_a_large_array_is_read_once() -> None:
    digests, array = Digests(), np.zeros(1 << 16, np.float32)
    before = digests.of(array)

    array[0] = 1

    assert digests.of(array) == before
    assert digests.of(array.copy()) != before
