"""Rules of LayerNormalization and LpNormalization, and of what spells them."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from tests.unit.networks import deployed, node, ops, random, unfused_and_fused

VALUES = {"w": random(8, seed=2), "b": random(8, seed=3), "two": 2.0, "eps": 1e-5}
ROWS = (1, 6, 8)


def spelled(**known: Any) -> list[onnx.NodeProto]:
    """A norm as exporters of PyTorch spell it: r -> n."""
    return [
        node("Relu", ["x"], ["r"]),
        node("ReduceMean", ["r"], ["mean"], name="mean", axes=[-1], **known),
        node("Sub", ["r", "mean"], ["rest"]),
        node("Pow", ["rest", "two"], ["square"]),
        node("ReduceMean", ["square"], ["variance"], axes=[-1], **known),
        node("Add", ["variance", "eps"], ["sum"]),
        node("Sqrt", ["sum"], ["root"]),
        node("Div", ["rest", "root"], ["ratio"]),
        node("Mul", ["ratio", "w"], ["scaled"]),
        node("Add", ["scaled", "b"], ["n"]),
    ]


def norm(opset: int = 17, **known: Any) -> list[onnx.NodeProto]:
    return [
        node("Relu", ["x"], ["r"]),
        node("LayerNormalization", ["r", "w", "b"], ["n"], name="norm", epsilon=1e-5, **known),
        node("Sin", ["n"], ["y"]),
    ]


@pytest.mark.parametrize("opset", [17, 18])
@pytest.mark.parametrize("shape", [ROWS, (6, 8), (1, 8), (1, 3, 6, 8), (2, 6, 8)])
def test_that_a_layer_norm_is_one_over_channels(tmp_path: Path, opset: int, shape: tuple[int, ...]) -> None:
    graph = deployed(tmp_path, norm(), VALUES, shape=shape, opset=opset)
    before, after = unfused_and_fused(graph, {"x": random(*shape)})
    layer = graph.producers["norm#1"]
    assert (layer.op, layer.attributes["mode"], layer.attributes["axes"]) == ("exNorm", b"layer", [1])
    assert graph.tensors["norm#1"].shape[1] == 8
    np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-6)


def test_that_a_layer_norm_over_several_axes_stays(tmp_path: Path) -> None:
    values = {**VALUES, "w": random(6, 8), "b": random(6, 8, seed=1)}
    assert "LayerNormalization" in ops(deployed(tmp_path, norm(axis=-2), values, shape=ROWS))


def test_that_a_layer_norm_that_gives_its_mean_stays(tmp_path: Path) -> None:
    nodes = norm()
    nodes[1].output.append("mean")
    graph = deployed(tmp_path, [*nodes, node("Exp", ["mean"], ["z"])], VALUES, shape=ROWS, outputs=("y", "z"))
    assert "LayerNormalization" in ops(graph)


def test_that_a_spelled_layer_norm_is_merged_and_named_after_its_mean(tmp_path: Path) -> None:
    graph = deployed(tmp_path, [*spelled(), node("Sin", ["n"], ["y"])], VALUES, shape=ROWS, opset=13)
    before, after = unfused_and_fused(graph, {"x": random(*ROWS)})
    assert graph.producers["mean_2ln"].op == "exNorm"
    assert ops(graph).count("ReduceMean") == 0
    np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("kept", ["rest", "variance", "ratio"])
def test_that_a_spelled_norm_of_which_a_part_is_needed_stays(tmp_path: Path, kept: str) -> None:
    nodes = [*spelled(), node("Sin", ["n"], ["y"]), node("Exp", [kept], ["z"])]
    graph = deployed(tmp_path, nodes, VALUES, shape=ROWS, opset=13, outputs=("y", "z"))
    found = graph.producers.get("mean_2ln")
    assert found is None or kept == "ratio"
    assert any(layer.op == "Exp" for layer in graph.layers)


def test_that_a_factor_for_each_row_is_not_part_of_a_norm_of_rows(tmp_path: Path) -> None:
    values = {**VALUES, "w": random(6, 1, seed=2)}
    graph = deployed(tmp_path, [*spelled(), node("Sin", ["n"], ["y"])], values, shape=ROWS, opset=13)
    before, after = unfused_and_fused(graph, {"x": random(*ROWS)})
    assert len([name for name in graph.producers["mean_2ln"].inputs if graph.constants.get(name) is not None]) == 1
    np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("opset", [11, 13, 18])
@pytest.mark.parametrize(("axis", "perm"), [(1, None), (2, [0, 2, 1, 3]), (-1, [0, 3, 1, 2])])
def test_that_a_norm_by_length_is_one_over_channels(
    tmp_path: Path, opset: int, axis: int, perm: list[int] | None
) -> None:
    nodes = [node("Relu", ["x"], ["r"]), node("LpNormalization", ["r"], ["n"], axis=axis), node("Sin", ["n"], ["y"])]
    graph = deployed(tmp_path, nodes, shape=(1, 4, 6, 8), opset=opset)
    before, after = unfused_and_fused(graph, {"x": random(1, 4, 6, 8) + 1})
    layer = next(item for item in graph.layers if item.op == "exNorm")
    turned = graph.producers[layer.inputs[0]]
    assert layer.attributes["mode"] == b"l2"
    assert turned.attributes.get("perm") == perm
    np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-6)


def test_that_a_sum_of_amounts_is_no_norm_by_length(tmp_path: Path) -> None:
    nodes = [node("Relu", ["x"], ["r"]), node("LpNormalization", ["r"], ["n"], axis=1, p=1), node("Sin", ["n"], ["y"])]
    assert "LpNormalization" in ops(deployed(tmp_path, nodes))


@pytest.mark.parametrize("clipped", [False, True])
def test_that_a_division_by_the_length_is_a_norm(tmp_path: Path, clipped: bool) -> None:
    nodes = [node("Relu", ["x"], ["r"]), node("ReduceL2", ["r"], ["length"], name="length", axes=[1], keepdims=1)]
    if clipped:
        nodes += [node("Clip", ["length", "low"], ["cut"]), node("Expand", ["cut", "size"], ["wide"])]
    nodes += [node("Div", ["r", "wide" if clipped else "length"], ["n"]), node("Sin", ["n"], ["y"])]
    constants = {"low": 1e-12, "size": np.array([1, 3, 6, 6])}
    graph = deployed(tmp_path, nodes, constants if clipped else {}, opset=13)
    before, after = unfused_and_fused(graph, {"x": random(1, 3, 6, 6) + 1})
    assert ops(graph) == ["Relu", "exNorm", "Sin"]
    np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("low", [1e-3, None])
def test_that_a_length_with_a_large_bound_or_without_expand_is_no_norm(tmp_path: Path, low: float | None) -> None:
    nodes = [
        node("Relu", ["x"], ["r"]),
        node("ReduceL2", ["r"], ["length"], axes=[1]),
        node("Clip", ["length", "low"], ["cut"]),
        *([node("Expand", ["cut", "size"], ["wide"])] if low else []),
        node("Div", ["r", "wide" if low else "cut"], ["n"]),
        node("Sin", ["n"], ["y"]),
    ]
    constants = {"low": low or 1e-12, **({"size": np.array([1, 3, 6, 6])} if low else {})}
    assert "exNorm" not in ops(deployed(tmp_path, nodes, constants, opset=13))


def test_that_a_number_added_to_a_length_goes_under_the_root(tmp_path: Path) -> None:
    nodes = [
        node("Relu", ["x"], ["r"]),
        node("ReduceL2", ["r"], ["length"], axes=[1]),
        node("Add", ["length", "more"], ["sum"]),
        node("Div", ["r", "sum"], ["n"]),
        node("Sin", ["n"], ["y"]),
    ]
    graph = deployed(tmp_path, nodes, {"more": 0.5}, opset=13)
    x = np.abs(random(1, 3, 6, 6))
    assert graph.producers["n"].attributes["mode"] == b"pixel"
    assert "n" not in graph.golden_of
    expected = np.sin(x / np.sqrt((x * x).sum(1, keepdims=True) + np.float32(0.5)))
    np.testing.assert_allclose(unfused_and_fused(graph, {"x": x})[1], expected, rtol=1e-5, atol=1e-6)


def test_that_places_without_a_length_stay_zero(tmp_path: Path) -> None:
    nodes = [node("Relu", ["x"], ["r"]), node("LpNormalization", ["r"], ["n"], axis=1), node("Sin", ["n"], ["y"])]
    _, after = unfused_and_fused(deployed(tmp_path, nodes), {"x": -np.ones((1, 3, 6, 6), np.float32)})
    assert not after.any()


def test_that_a_spelled_norm_beside_a_sum_is_named_after_what_its_products_take(tmp_path: Path) -> None:
    nodes = [*spelled(), node("MatMul", ["n", "m"], ["p"]), node("Add", ["r", "p"], ["y"])]
    graph = deployed(tmp_path, nodes, {**VALUES, "m": random(8, 8)}, shape=ROWS, opset=13)
    before, after = unfused_and_fused(graph, {"x": random(*ROWS)})
    assert graph.producers["n_tp-rs"].op == "exNorm"
    np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-5)
