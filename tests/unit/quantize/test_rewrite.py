"""Rules of the simulator's network: which branches it has, and that it is made of standard operators."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import onnx
import pytest

from tests.unit.networks import Constants, conv_net, deployed, node, quantisable, random
from workbench.foundation.steps import drain
from workbench.graph.converts import with_converts
from workbench.graph.deployed import Deployed
from workbench.graph.fusion import deploy
from workbench.graph.read import read_model
from workbench.quantize.calibrate import calibrate
from workbench.quantize.encoding import Encoding
from workbench.quantize.plan import Plan
from workbench.quantize.planner import make_plan
from workbench.quantize.rewrite import ENTIRE, SINGLE, Simulator, is_dequantized, simulator, stored_encoding
from workbench.quantize.schemes import QuantSettings

NODES = [
    node("Conv", ["x", "w"], ["c"]),
    node("Relu", ["c"], ["r"]),
    node("Neg", ["r"], ["n"]),
    node("Abs", ["n"], ["y"]),
]
STANDARD = {"Cast", "Identity", "QuantizeLinear", "DequantizeLinear", "Neg", "Exp", "Add", "Div", "Mul", "Reshape"}


def built(
    folder: Path, golden: Sequence[str], nodes: Sequence[onnx.NodeProto] = NODES, **more: Any
) -> tuple[Deployed, Plan, Simulator]:
    constants: Constants = {"w": random(4, 3, 1, 1)}
    graph = quantisable(folder, nodes, constants, **more)
    shape = graph.model.graph.inputs[0].static_shape or ()
    plan = make_plan(graph, drain(calibrate(graph, [{"x": random(*shape)}], 1)), QuantSettings())
    return graph, plan, simulator(graph, plan, golden)


def branch(result: Simulator, name: str) -> set[str]:
    return {tensor for kind, tensor in result.stored if kind == name}


def test_that_the_entire_branch_has_every_tensor(tmp_path: Path) -> None:
    _, _, result = built(tmp_path, [])

    assert branch(result, ENTIRE) == {"x_int8", "c", "r", "n", "y_int8", "y"}


def test_that_without_golden_values_only_what_follows_the_input_is_single(tmp_path: Path) -> None:
    _, _, result = built(tmp_path, [])

    assert branch(result, SINGLE) == {"x_int8"}


@pytest.mark.parametrize(
    ("golden", "expected"),
    [(["x_int8"], {"c", "r"}), (["r"], {"n"}), (["c"], set()), (["n", "y_int8"], {"y_int8", "y"})],
)
def test_that_a_layer_is_single_where_golden_values_feed_it(
    tmp_path: Path, golden: list[str], expected: set[str]
) -> None:
    _, _, result = built(tmp_path, golden)

    assert branch(result, SINGLE) == {"x_int8"} | expected


def test_that_a_fused_group_is_fed_golden_values_at_its_start_only(tmp_path: Path) -> None:
    _, _, result = built(tmp_path, ["x_int8", "c", "r"])

    relu = next(item for item in result.nodes if item.op_type == "Relu" and item.output[0].startswith(SINGLE))
    assert relu.input[0] == f"{SINGLE}c"


def test_that_no_tensor_is_given_twice(tmp_path: Path) -> None:
    graph = with_converts(drain(deploy(read_model(conv_net(tmp_path)))))
    plan = make_plan(graph, drain(calibrate(graph, [{"x": random(1, 3, 6, 6)}], 1)), QuantSettings())

    result = simulator(graph, plan, list(graph.producers))

    outputs = [name for item in result.nodes for name in item.output]
    assert len(outputs) == len(set(outputs))
    assert {item.op_type for item in result.nodes} <= STANDARD | {layer.op for layer in graph.layers}


def test_that_both_branches_share_the_constants(tmp_path: Path) -> None:
    _, _, result = built(tmp_path, ["x_int8", "r", "n", "y_int8"])

    convs = [item for item in result.nodes if item.op_type == "Conv"]
    assert len(convs) == 2
    assert convs[0].input[1] == convs[1].input[1]


@pytest.mark.parametrize(("opset", "domain"), [(7, "com.microsoft"), (9, "com.microsoft"), (10, ""), (17, "")])
def test_that_old_networks_are_quantised_by_the_runtimes_own_operators(tmp_path: Path, opset: int, domain: str) -> None:
    _, _, result = built(tmp_path, [], opset=opset)

    assert {item.domain for item in result.nodes if item.op_type == "QuantizeLinear"} == {domain}


def test_that_only_what_is_in_memory_has_an_encoding(tmp_path: Path) -> None:
    graph, plan, _ = built(tmp_path, [])

    kinds = {name: stored_encoding(graph, plan, name) for name in graph.producers}
    assert {name for name, kind in kinds.items() if isinstance(kind, Encoding)} == {"x_int8", "r", "n", "y_int8"}
    assert [name for name in graph.producers if is_dequantized(graph, name)] == ["y"]


SHARED = {
    "first": [node("Exp", ["x"], ["e"]), node("Relu", ["e"], ["r"]), node("Tanh", ["e"], ["t"])],
    "last": [node("Exp", ["x"], ["e"]), node("Tanh", ["e"], ["t"]), node("Relu", ["e"], ["r"])],
}


@pytest.mark.parametrize(("order", "inside"), [("first", True), ("last", False)])
def test_that_an_activation_takes_its_groups_own_value_until_another_layer_takes_the_golden_one(
    tmp_path: Path, order: str, inside: bool
) -> None:
    nodes = [*SHARED[order], node("Add", ["r", "t"], ["y"])]

    _, plan, result = built(tmp_path, ["x_int8", "e", "r", "t", "y"], nodes)
    takers = {item.op_type for item in result.nodes if "single:e" in item.input}

    assert plan.grouped == {"e"}
    assert ("Relu" in takers, "Tanh" in takers) == (inside, False)


@pytest.mark.parametrize("dtype", ["w8a8", "w16a16i_dfp"])
def test_that_an_operand_of_two_products_is_about_zero_for_the_last_only(tmp_path: Path, dtype: str) -> None:
    """Source: the toolkit's simulator, that changes the second operand for the last product that takes it."""
    nodes = [
        node("Sin", ["x"], ["s"]), node("MatMul", ["x", "s"], ["m"]), node("MatMul", ["m", "s"], ["y"]),
    ]  # fmt: skip
    settings = QuantSettings(dtype=dtype)
    graph = with_converts(deployed(tmp_path, nodes, shape=(1, 3, 8, 8)), settings.type.activations)
    plan = make_plan(graph, drain(calibrate(graph, [{"x": random(1, 3, 8, 8)}], 1)), settings)
    result = simulator(graph, plan, [])
    products = [item for item in result.nodes if any(name.endswith("s_rs:factor") for name in item.input)]

    assert {item.output[0].split(":")[1] for item in products if item.op_type == "Transpose"} == {"y_mm"}
