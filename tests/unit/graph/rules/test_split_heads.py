"""Queries, keys and values of one dense layer."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx

from tests.unit.networks import network, node, ops, random, unfused_and_fused
from workbench.foundation.steps import drain
from workbench.graph.deployed import Deployed
from workbench.graph.fusion import deploy

SHAPE = (1, 5, 12)
CONSTANTS = {"w": random(12, 36, scale=0.3), "b": random(36, seed=2), "ones": np.array([1, 1, 1])}
CONSTANTS |= {"parts": np.array([1, 5, 3, 3, 4]), "first": np.array([0])}
LAYER = (
    node("MatMul", ["x", "w"], ["m"], name="dense"),
    node("Add", ["m", "b"], ["a"]),
    node("Reshape", ["a", "parts"], ["r"]),
    node("Transpose", ["r"], ["t"], perm=[2, 0, 3, 1, 4]),
    node("Split", ["t", "ones"], ["t0", "t1", "t2"], axis=0),
    *(node("Squeeze", [f"t{number}", "first"], [name]) for number, name in enumerate("qkv")),
)
ATTENTION = (
    node("Transpose", ["k"], ["kt"], perm=[0, 1, 3, 2]),
    node("MatMul", ["q", "kt"], ["s"], name="scores"),
    node("Softmax", ["s"], ["p"], axis=-1),
    node("MatMul", ["p", "v"], ["y"], name="product"),
)


def graph_of(
    folder: Path, nodes: Sequence[onnx.NodeProto], outputs: Sequence[str] = ("y",), weight_bytes: int = 1
) -> Deployed:
    model = network(folder, nodes, CONSTANTS, shape=SHAPE, opset=13, outputs=outputs)
    return drain(deploy(model, weight_bytes, attention=True))


def test_that_the_split_gives_what_the_attention_takes(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, [*LAYER, *ATTENTION])
    attention = next(layer for layer in graph.layers if layer.op == "exSDPAttention")
    before, after = unfused_and_fused(graph, {"x": random(*SHAPE)})
    assert attention.inputs == ("t0-rs", "t1-rs")
    assert graph.producers["t-rs"].op == "Reshape"
    assert graph.tensors["t-rs"].static_shape == (3, 4, 3, 5)
    np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-6)


def test_that_the_layer_of_reordered_channels_has_no_golden_values_of_its_own(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, [*LAYER, *ATTENTION])
    assert graph.producers[graph.producers["t-rs"].inputs[0]].op == "Conv"
    assert graph.golden_of.keys().isdisjoint({"t-rs", graph.producers["t-rs"].inputs[0]})


def test_that_a_part_that_is_an_output_stays(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, [*LAYER, *ATTENTION], ("y", "v"))
    before, after = unfused_and_fused(graph, {"x": random(*SHAPE)})
    assert ops(graph).count("Split") == 1
    assert "t0-rs" not in graph.producers
    np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-6)


def test_that_weights_of_two_bytes_make_a_conv_for_each_part(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, [*LAYER, *ATTENTION], weight_bytes=2)
    before, after = unfused_and_fused(graph, {"x": random(*SHAPE)})
    assert [layer.outputs[0] for layer in graph.layers if layer.op == "Conv"] == [
        "x_tp-rs_mm#2",
        "x_tp-rs_mm#1",
        "x_tp-rs_mm",
    ]
    np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-6)
