"""Rules of the converts at the borders of a quantised network."""

from pathlib import Path

from onnx import helper

from tests.unit.networks import declared, node, ops, quantisable, random
from workbench.graph.deployed import CONVERT


def test_that_inputs_and_outputs_get_twins_named_int8(tmp_path: Path) -> None:
    graph = quantisable(tmp_path, [node("Relu", ["x"], ["y"])], shape=(1, 4, 1, 1))

    assert [(layer.op, layer.inputs, layer.outputs) for layer in graph.layers] == [
        (CONVERT, ("x",), ("x_int8",)),
        ("Relu", ("x_int8",), ("y_int8",)),
        (CONVERT, ("y_int8",), ("y",)),
    ]


def test_that_a_twin_has_the_shape_and_the_golden_values_of_its_tensor(tmp_path: Path) -> None:
    graph = quantisable(tmp_path, [node("Relu", ["x"], ["y"])], shape=(1, 4, 1, 1))

    assert {name: graph.golden_of[name] for name in ("x_int8", "y_int8", "y")} == {
        "x_int8": "x", "y_int8": "y", "y": "y"
    }  # fmt: skip
    assert graph.tensors["x_int8"].shape == (1, 4, 1, 1)


def test_that_a_twin_never_takes_the_name_of_another_tensor(tmp_path: Path) -> None:
    nodes = [node("Relu", ["x"], ["x_int8"]), node("Neg", ["x_int8"], ["y"])]
    graph = quantisable(tmp_path, nodes, shape=(1, 4, 1, 1))

    names = [name for layer in graph.layers for name in layer.outputs]
    assert len(names) == len(set(names))
    assert graph.layers[0].outputs == ("x_int8_",)


def test_that_every_output_of_the_deployed_graph_is_named_once(tmp_path: Path) -> None:
    nodes = [node("Gemm", ["x", "w"], ["fc"]), node("Relu", ["fc"], ["fc_mm"]), node("Neg", ["fc_mm"], ["y"])]
    graph = quantisable(tmp_path, nodes, {"w": random(4, 4)}, shape=(1, 4, 1, 1))

    names = [name for layer in graph.layers for name in layer.outputs]
    assert len(names) == len(set(names))


def test_that_consumers_of_an_output_take_its_twin(tmp_path: Path) -> None:
    nodes = [node("Relu", ["x"], ["y"]), node("Neg", ["y"], ["z"])]
    graph = quantisable(tmp_path, nodes, shape=(1, 4, 1, 1), outputs=["y", "z"])

    assert graph.producers["z_int8"].inputs[0] == "y_int8"


def test_that_integer_inputs_and_outputs_get_no_convert(tmp_path: Path) -> None:
    inputs, outputs = [declared("x", (1, 4), 7)], [declared("y", None, 7)]
    graph = quantisable(tmp_path, [node("Neg", ["x"], ["y"])], inputs=inputs, outputs=outputs)

    assert ops(graph) == ["Neg"]


def test_that_an_input_of_softmax_alone_gets_no_convert(tmp_path: Path) -> None:
    graph = quantisable(tmp_path, [node("Softmax", ["x"], ["y"])])

    assert [layer.outputs for layer in graph.layers] == [("y",)]


def test_that_an_input_nobody_takes_gets_no_convert(tmp_path: Path) -> None:
    inputs = [declared("x", (1, 4)), declared("unused", (1, 4))]
    graph = quantisable(tmp_path, [node("Relu", ["x"], ["y"])], inputs=inputs)

    assert "unused_int8" not in graph.producers


def test_that_an_output_that_is_an_input_gets_no_convert_of_its_own(tmp_path: Path) -> None:
    outputs = [declared("x", (1, 4)), declared("y", None)]
    graph = quantisable(tmp_path, [node("Relu", ["x"], ["y"])], shape=(1, 4, 1, 1), outputs=outputs)

    assert [layer.outputs for layer in graph.layers] == [("x_int8",), ("y_int8",), ("y",)]


def test_that_a_subgraph_still_finds_the_input_under_its_own_name(tmp_path: Path) -> None:
    body = helper.make_graph([node("Add", ["x", "one"], ["t"])], "body", [], [declared("t", None)])
    nodes = [
        node("ReduceMax", ["x"], ["top"], keepdims=0),
        node("Greater", ["top", "one"], ["large"]),
        node("If", ["large"], ["y"], then_branch=body, else_branch=body),
    ]
    graph = quantisable(tmp_path, nodes, {"one": 1.0}, shape=(1, 3, 1, 1))

    assert {layer.op for layer in graph.consumers["x"]} == {CONVERT, "If"}
