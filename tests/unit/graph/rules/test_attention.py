"""Attentions as one operator, on the chips that have it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from tests.unit.networks import declared, network, node, ops, random, unfused_and_fused
from workbench.foundation.steps import drain
from workbench.graph.deployed import Deployed
from workbench.graph.fusion import deploy
from workbench.graph.rules.attention import INSIDE

LINES, WIDE = (1, 2, 5, 4), (1, 2, 7, 4)
SCORES = (
    node("Transpose", ["k"], ["t"], perm=[0, 1, 3, 2]),
    node("MatMul", ["q", "t"], ["s"], name="scores"),
    node("Div", ["s", "root"], ["d"]),
)
SHARES = (node("Softmax", ["d"], ["p"], axis=-1),)
BACK = (node("MatMul", ["p", "v"], ["o"], name="product"), node("Relu", ["o"], ["y"]))
CONSTANTS = {"root": np.float32(2), "mask": random(1, 1, 5, 7, seed=4), "mask_of_columns": random(1, 1, 1, 7)}


def graph_of(
    folder: Path, nodes: Sequence[onnx.NodeProto], attention: bool = True, lines: tuple[int, ...] = LINES, **more: Any
) -> Deployed:
    wide = (*lines[:-2], 7, lines[-1])
    inputs = [declared("q", lines), declared("k", wide), declared("v", more.pop("values", wide))]
    return drain(deploy(network(folder, nodes, CONSTANTS, inputs=inputs, **more), attention=attention))


def values_of(lines: tuple[int, ...] = LINES, values: tuple[int, ...] = ()) -> dict[str, np.ndarray]:
    wide = (*lines[:-2], 7, lines[-1])
    return {"q": random(*lines), "k": random(*wide, seed=2), "v": random(*(values or wide), seed=3)}


def test_that_it_is_one_operator_and_two_parts_that_it_keeps_to_itself(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, [*SCORES, *SHARES, *BACK])
    layers = [layer for layer in graph.layers if layer.op == "exSDPAttention"]
    before, after = unfused_and_fused(graph, values_of())
    assert [layer.attributes.get(INSIDE, "") for layer in layers] == ["scores", "shares", ""]
    assert layers[1].outputs == ("product#1_2sdpa_q_softmax",)
    np.testing.assert_allclose(after, before, rtol=1e-5)


def test_that_other_chips_have_products(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, [*SCORES, *SHARES, *BACK], attention=False)
    assert ops(graph).count("exMatMul") == 2
    assert "exSDPAttention" not in ops(graph)


def test_that_heads_behind_each_other_are_the_same(tmp_path: Path) -> None:
    turned = node("Transpose", ["k"], ["t"], perm=[0, 2, 1])
    graph = graph_of(tmp_path, [turned, *SCORES[1:], *SHARES, *BACK], lines=LINES[1:])
    before, after = unfused_and_fused(graph, values_of(LINES[1:]))
    assert "exMatMul" not in ops(graph)
    np.testing.assert_allclose(after, before, rtol=1e-5)


def test_that_values_may_come_first(tmp_path: Path) -> None:
    back = [node("Transpose", ["p"], ["pt"], perm=[0, 1, 3, 2]), node("MatMul", ["v", "pt"], ["y"])]
    graph = graph_of(tmp_path, [*SCORES, *SHARES, *back], values=(1, 2, 3, 7))
    before, after = unfused_and_fused(graph, values_of(values=(1, 2, 3, 7)))
    assert "exMatMul" not in ops(graph)
    np.testing.assert_allclose(after, before, rtol=1e-5)


def test_that_a_mask_is_a_part_of_it(tmp_path: Path) -> None:
    masked = [node("Add", ["d", "mask"], ["m"]), node("Softmax", ["m"], ["p"], axis=-1)]
    graph = graph_of(tmp_path, [*SCORES, *masked, *BACK])
    before, after = unfused_and_fused(graph, values_of())
    assert ops(graph).count("exSDPAttention") == 4
    np.testing.assert_allclose(after, before, rtol=1e-5)


@pytest.mark.parametrize(("weight_bytes", "name"), [(1, "r_tp-rs"), (2, "b_sw")])
def test_that_what_joins_its_heads_is_one_reshape(tmp_path: Path, weight_bytes: int, name: str) -> None:
    joined = [
        node("MatMul", ["p", "v"], ["o"], name="product"),
        node("Transpose", ["o"], ["b"], perm=[0, 2, 1, 3]),
        node("Reshape", ["b", "rows"], ["r"]),
        node("MatMul", ["r", "w"], ["y"], name="dense"),
    ]
    model = network(
        tmp_path,
        [*SCORES, *SHARES, *joined],
        {**CONSTANTS, "rows": np.array([1, 5, 8]), "w": random(8, 3)},
        inputs=[declared("q", LINES), declared("k", WIDE), declared("v", WIDE)],
    )
    graph = drain(deploy(model, weight_bytes, attention=True))
    before, after = unfused_and_fused(graph, values_of())
    assert graph.producers[name].inputs[0] == "o_sdpa"
    np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("other", "outputs"),
    [
        ([node("Add", ["d", "mask_of_columns"], ["m"]), node("Softmax", ["m"], ["p"], axis=-1)], ("y",)),
        ([node("Softmax", ["d"], ["p"], axis=-2)], ("y",)),
        (SHARES, ("y", "s")),
        (SHARES, ("y", "p")),
    ],
    ids=["mask of columns", "other axis", "scores are an output", "shares are an output"],
)
def test_that_what_is_no_plain_attention_stays(
    tmp_path: Path, other: Sequence[onnx.NodeProto], outputs: tuple[str, ...]
) -> None:
    graph = graph_of(tmp_path, [*SCORES, *other, *BACK], outputs=outputs)
    assert "exSDPAttention" not in ops(graph)
