"""Rules of Transposes, as networks for pictures with channels last have them."""

from pathlib import Path

import numpy as np
import onnx
import pytest

from tests.unit.networks import Constants, deployed, node, ops, random, unfused_and_fused
from workbench.graph.deployed import Deployed

SHAPE = (1, 3, 4, 4)
LAST, FIRST = [0, 2, 3, 1], [0, 3, 1, 2]
CONV = {"w": random(6, 3, 1, 1), "v": random(2, 6, 1, 1)}


def checked(folder: Path, nodes: list[onnx.NodeProto], constants: Constants, opset: int = 17) -> Deployed:
    graph = deployed(folder, nodes, constants, shape=SHAPE, opset=opset)
    before, after = unfused_and_fused(graph, {"x": random(*SHAPE, seed=5)})
    np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-6)
    return graph


def test_that_an_activation_between_transposes_needs_none(tmp_path: Path) -> None:
    nodes = [
        node("Conv", ["x", "w"], ["c"]),
        node("Transpose", ["c"], ["t"], perm=LAST),
        node("Relu", ["t"], ["r"]),
        node("Transpose", ["r"], ["u"], perm=FIRST),
        node("Conv", ["u", "v"], ["y"]),
    ]
    graph = checked(tmp_path, nodes, CONV)
    assert [(layer.op, layer.outputs[0]) for layer in graph.layers] == [("Conv", "c"), ("Relu", "t_sw"), ("Conv", "y")]
    assert "t_sw" not in graph.golden_of


def test_that_a_transpose_with_another_taker_stays(tmp_path: Path) -> None:
    nodes = [
        node("Conv", ["x", "w"], ["c"]),
        node("Transpose", ["c"], ["t"], perm=LAST),
        node("Relu", ["t"], ["r"]),
        node("Add", ["r", "t"], ["y"]),
    ]
    assert ops(checked(tmp_path, nodes, CONV)) == ["Conv", "Transpose", "Relu", "Add"]


def test_that_a_sum_of_transposed_tensors_is_computed_before(tmp_path: Path) -> None:
    nodes = [
        node("Conv", ["x", "w"], ["c"]),
        node("Sin", ["c"], ["s"]),
        node("Transpose", ["c"], ["t"], perm=LAST),
        node("Transpose", ["s"], ["u"], perm=LAST),
        node("Add", ["t", "u"], ["sum"]),
        node("Transpose", ["sum"], ["back"], perm=FIRST),
        node("Conv", ["back", "v"], ["y"]),
    ]
    graph = checked(tmp_path, nodes, CONV)
    assert "Transpose" not in ops(graph)
    assert graph.tensors["sum"].static_shape == (1, 6, 4, 4)
    assert "sum" not in graph.golden_of  # the user's tensor of this name has its values in another order


@pytest.mark.parametrize("opset", [11, 13])
def test_that_a_softmax_over_the_last_axis_is_one_over_the_channels(tmp_path: Path, opset: int) -> None:
    nodes = [
        node("Conv", ["x", "w"], ["c"]),
        node("Transpose", ["c"], ["t"], perm=LAST),
        node("Softmax", ["t"], ["s"], axis=3),
        node("Transpose", ["s"], ["u"], perm=FIRST),
        node("Conv", ["u", "v"], ["y"]),
    ]
    graph = checked(tmp_path, nodes, CONV, opset)
    assert ops(graph) == ["Conv", "exSoftmax13", "Conv"]
    assert graph.layers[1].attributes["axis"] == 1


def test_that_a_slice_between_transposes_needs_none(tmp_path: Path) -> None:
    nodes = [
        node("Conv", ["x", "w"], ["c"]),
        node("Transpose", ["c"], ["t"], perm=LAST),
        node("Slice", ["t", "zero", "five", "three"], ["p"]),
        node("Transpose", ["p"], ["u"], perm=FIRST),
        node("Sin", ["u"], ["y"]),
    ]
    numbers = {name: np.asarray([value]) for name, value in (("zero", 0), ("five", 5), ("three", 3))}
    assert "Transpose" not in ops(checked(tmp_path, nodes, {**CONV, **numbers}))


def test_that_a_slice_of_everything_vanishes(tmp_path: Path) -> None:
    numbers = {name: np.asarray([value]) for name, value in (("zero", 0), ("end", 99), ("one", 1))}
    nodes = [node("Sin", ["x"], ["s"]), node("Slice", ["s", "zero", "end", "one"], ["p"]), node("Exp", ["p"], ["y"])]
    assert ops(checked(tmp_path, nodes, numbers)) == ["Sin", "Exp"]


MOVED = [
    node("Relu", ["t"], ["y"]),
    node("Sigmoid", ["t"], ["y"]),
    node("Clip", ["t", "low", "high"], ["y"]),
    node("Tanh", ["t"], ["y"]),
    node("LeakyRelu", ["t"], ["y"]),
    node("Elu", ["t"], ["y"]),
    node("Exp", ["t"], ["y"]),
]
STAYING = [node(op, ["t"], ["y"]) for op in ("HardSwish", "HardSigmoid", "Selu", "Softplus", "Erf", "Sin", "Floor")]
LIMITS = {"low": 0.0, "high": 0.5}
TRANSPOSED = [node("Conv", ["x", "w"], ["c"]), node("Transpose", ["c"], ["t"], perm=LAST)]


@pytest.mark.parametrize("operator", MOVED, ids=lambda operator: operator.op_type)
def test_that_an_activation_moves_before_a_transpose(tmp_path: Path, operator: onnx.NodeProto) -> None:
    graph = checked(tmp_path, [*TRANSPOSED, operator], {**CONV, **LIMITS})
    assert [layer.outputs[0] for layer in graph.layers] == ["c", "t_sw", "y"]
    assert graph.layers[-1].op == "Transpose"


@pytest.mark.parametrize("operator", STAYING, ids=lambda operator: operator.op_type)
def test_that_other_functions_stay_behind_a_transpose(tmp_path: Path, operator: onnx.NodeProto) -> None:
    graph = checked(tmp_path, [*TRANSPOSED, operator], CONV)
    assert [layer.outputs[0] for layer in graph.layers] == ["c", "t", "y"]


def test_that_softmax_moves_with_its_axis(tmp_path: Path) -> None:
    graph = checked(tmp_path, [*TRANSPOSED, node("Softmax", ["t"], ["y"], axis=-1)], CONV)
    assert [(layer.op, layer.outputs[0]) for layer in graph.layers[1:]] == [("exSoftmax13", "t_sw"), ("Transpose", "y")]
    assert graph.layers[1].attributes["axis"] == 1


@pytest.mark.parametrize("shape", [(), (6,), (4, 1, 1), (1, 4, 4, 6)])
@pytest.mark.parametrize("op", ["Add", "Mul"])
def test_that_arithmetic_with_a_constant_moves_before_a_transpose(
    tmp_path: Path, op: str, shape: tuple[int, ...]
) -> None:
    nodes = [node("Sin", ["x"], ["c"]), node("Transpose", ["c"], ["t"], perm=LAST), node(op, ["t", "k"], ["y"])]
    shape = tuple(3 if size == 6 else size for size in shape)
    graph = checked(tmp_path, nodes, {"k": random(*shape)})
    assert [(layer.op, layer.outputs[0]) for layer in graph.layers] == [("Sin", "c"), (op, "t_sw"), ("Transpose", "y")]


def test_that_a_constant_that_moved_is_folded_into_the_convolution(tmp_path: Path) -> None:
    graph = checked(tmp_path, [*TRANSPOSED, node("Add", ["t", "k"], ["y"])], {**CONV, "k": random(6)})
    assert [(layer.op, layer.outputs[0]) for layer in graph.layers] == [("Conv", "t_sw"), ("Transpose", "y")]


def test_that_nothing_moves_to_a_tensor_that_others_take(tmp_path: Path) -> None:
    nodes = [*TRANSPOSED, node("Relu", ["t"], ["y"]), node("Sigmoid", ["c"], ["z"])]
    graph = deployed(tmp_path, nodes, CONV, shape=SHAPE, outputs=("y", "z"))
    assert [layer.outputs[0] for layer in graph.layers] == ["c", "t", "y", "z"]


def test_that_nothing_moves_to_a_part_of_a_split(tmp_path: Path) -> None:
    nodes = [
        node("Split", ["x", "sizes"], ["p", "q"], axis=1),
        node("Transpose", ["p"], ["t"], perm=LAST),
        node("Relu", ["t"], ["y"]),
        node("Sin", ["q"], ["z"]),
    ]
    graph = deployed(tmp_path, nodes, {"sizes": np.array([1, 2])}, shape=SHAPE, outputs=("y", "z"))
    assert ops(graph) == ["Split", "Transpose", "Relu", "Sin"]


def test_that_a_number_moves_before_a_reshape_and_a_vector_stays(tmp_path: Path) -> None:
    ends = {}
    for name, value in (("number", random()), ("vector", random(4))):
        nodes = [node("Sin", ["x"], ["c"]), node("Reshape", ["c", "shape"], ["t"]), node("Add", ["t", "k"], ["y"])]
        graph = checked(tmp_path, nodes, {"k": value, "shape": np.array([1, 12, 1, 4])})
        ends[name] = graph.layers[-1].op
    assert ends == {"number": "Reshape", "vector": "Add"}


def test_that_a_reshape_that_moves_axes_of_one_is_part_of_the_transpose_before(tmp_path: Path) -> None:
    nodes = [node("Transpose", ["x"], ["t"], perm=[2, 0, 3, 1]), node("Reshape", ["t", "s"], ["y"])]
    graph = deployed(tmp_path, nodes, {"s": np.asarray([5, 4, 3, 1])}, shape=(1, 3, 5, 4))
    before, after = unfused_and_fused(graph, {"x": random(1, 3, 5, 4)})
    assert [(layer.op, layer.outputs[0]) for layer in graph.layers] == [("Transpose", "y")]
    np.testing.assert_array_equal(after, before)
