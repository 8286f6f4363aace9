"""Many inputs through one session: the values are those of single runs, stacked only where that changes nothing."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from workbench.evaluate.runs import BATCH, NetworkRuns, float_runs
from workbench.foundation.errors import ModelError
from workbench.foundation.steps import drain
from workbench.graph.read import read_model

RANDOM = np.random.default_rng(5)


def network(path: Path, nodes: list[onnx.NodeProto], outputs: int, constants: dict[str, np.ndarray]) -> Path:
    given = [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 8])]
    gives = [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, outputs])]
    tensors = [onnx.numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "g", given, gives, tensors)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)
    return path


def dense(path: Path) -> Path:
    return network(path, [helper.make_node("MatMul", ["x", "w"], ["y"])], 3, {"w": RANDOM.random((8, 3), np.float32)})


def reshaping(path: Path) -> Path:
    """Gives (1, 8) whatever comes: more than one input at a time cannot be right."""
    shape = {"s": np.array([1, -1], np.int64), "w": RANDOM.random((8, 8), np.float32)}
    nodes = [helper.make_node("MatMul", ["x", "w"], ["h"]), helper.make_node("Reshape", ["h", "s"], ["y"])]
    return network(path, nodes, 8, shape)


def mixing(path: Path) -> Path:
    """The shapes fit, and every input changes what the others give."""
    largest = helper.make_node("ReduceMax", ["x"], ["m"], axes=[0], keepdims=1)
    return network(path, [largest, helper.make_node("Sub", ["x", "m"], ["y"])], 8, {})


def feeds(count: int) -> list[dict[str, np.ndarray]]:
    return [{"x": RANDOM.random((1, 8), np.float32)} for _ in range(count)]


def ran(path: Path, given: list[dict[str, np.ndarray]]) -> tuple[NetworkRuns, list[np.ndarray]]:
    runs = float_runs(read_model(path, {}))
    return runs, [one["y"] for one in drain(runs.outputs(iter(given), len(given)))]


@pytest.mark.parametrize("count", [1, 3, 4, 5, 40])
def test_that_every_input_has_its_output_in_its_place(tmp_path: Path, count: int) -> None:
    path, given = dense(tmp_path / "n.onnx"), feeds(count)
    weights = read_model(path, {}).constants["w"]
    found = ran(path, given)[1]
    assert len(found) == count
    for one, own in zip(found, given, strict=True):
        assert one == pytest.approx(own["x"] @ weights, rel=1e-5)


def test_that_inputs_are_stacked_where_the_network_lets_them(tmp_path: Path) -> None:
    assert ran(dense(tmp_path / "n.onnx"), feeds(8))[0].batch == BATCH


@pytest.mark.parametrize("make", [reshaping, mixing])
def test_that_inputs_are_not_stacked_where_that_gives_something_else(tmp_path: Path, make: object) -> None:
    path, given = make(tmp_path / "n.onnx"), feeds(20)  # type: ignore[operator]
    runs, found = ran(path, given)
    assert runs.batch == 1
    alone = [ran(path, [one])[1][0] for one in given]
    assert all(np.array_equal(one, other) for one, other in zip(found, alone, strict=True))


def test_that_a_second_call_goes_on_with_the_same_session(tmp_path: Path) -> None:
    runs = float_runs(read_model(dense(tmp_path / "n.onnx"), {}))
    given = feeds(6)
    first = drain(runs.outputs(given, 6))
    second = drain(runs.outputs(given, 6))
    assert all(np.allclose(one["y"], other["y"], rtol=1e-6) for one, other in zip(first, second, strict=True))


def test_that_what_the_network_cannot_take_is_a_sentence(tmp_path: Path) -> None:
    runs = float_runs(read_model(dense(tmp_path / "n.onnx"), {}))
    with pytest.raises(ModelError, match=r"n\.onnx"):
        drain(runs.outputs([{"x": np.zeros((1, 9), np.float32)}], 1))
