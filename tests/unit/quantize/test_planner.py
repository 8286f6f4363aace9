"""Rules of the plan: encodings, precision, and which tensors no operator stores."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from tests.unit.networks import Constants, declared, network, node, quantisable, random
from workbench.foundation.errors import SettingsError
from workbench.foundation.steps import drain
from workbench.graph.converts import with_converts
from workbench.graph.deployed import Deployed
from workbench.graph.fusion import deploy
from workbench.quantize.calibrate import calibrate
from workbench.quantize.encoding import asymmetric
from workbench.quantize.plan import Plan
from workbench.quantize.planner import make_plan
from workbench.quantize.schemes import QuantSettings

CONV = {"w": random(4, 3, 1, 1), "depthwise": random(3, 1, 1, 1), "grouped": random(6, 3, 1, 1), "slope": 0.1}


def planned(
    folder: Path, nodes: Sequence[onnx.NodeProto], constants: Constants | None = None, **more: Any
) -> tuple[Deployed, Plan]:
    settings = more.pop("settings", QuantSettings())
    graph = quantisable(folder, nodes, CONV if constants is None else constants, **more)
    inputs = {item.name: random(*(item.static_shape or ())) for item in graph.model.graph.inputs}
    return graph, make_plan(graph, drain(calibrate(graph, [inputs], 1)), settings)


def inside(folder: Path, nodes: Sequence[onnx.NodeProto], constants: Constants | None = None, **more: Any) -> set[str]:
    return set(planned(folder, nodes, constants, **more)[1].unstored)


@pytest.mark.parametrize(
    ("low", "high", "scale", "zero_point"),
    [
        (-1.0, 1.0, 2 / 255, 0),  # -128 + 127.5 = -0.5 goes to the even 0
        (0.0, 6.0, 6 / 255, -128),
        (0.5, 6.0, 6 / 255, -128),
        (-6.0, -0.5, 6 / 255, 127),
        (-3.0, 9.0, 12 / 255, -64),
        (0.0, 0.0, 2 / 255, 0),
    ],
)
def test_that_a_range_is_widened_to_zero_and_split_into_255_steps(
    low: float, high: float, scale: float, zero_point: int
) -> None:
    encoding = asymmetric(low, high, "int8")

    assert (encoding.dtype, encoding.zero_point) == ("int8", (zero_point,))
    assert encoding.scale[0] == pytest.approx(scale, rel=1e-15)


def test_that_a_range_too_narrow_for_float32_is_the_range_of_nothing() -> None:
    assert asymmetric(0.0, 1e-43, "int8") == asymmetric(0.0, 0.0, "int8")


@pytest.mark.parametrize("seen", [(-3.7, 11.2), (0.1, 0.2), (-1e-20, 1e30), (-5.0, 0.0)])
def test_that_zero_is_stored_exactly(seen: tuple[float, float]) -> None:
    encoding = asymmetric(*seen, "int8")

    assert encoding.dequantize(encoding.quantize(np.zeros(1, np.float32))).tolist() == [0.0]


DENSE = ["Relu", "Clip", "LeakyRelu", "PRelu", "Sigmoid", "Tanh", "Elu", "Selu", "Softplus", "HardSwish"]
NOT_DENSE = ["HardSigmoid", "Exp", "Erf", "Sin", "Softmax"]
DEPTHWISE = ["Relu", "Clip", "PRelu", "Elu"]


def conv_and(op: str, weight: str, group: int) -> list[onnx.NodeProto]:
    inputs = ["c", "slope"] if op == "PRelu" else ["c"]
    return [node("Conv", ["x", weight], ["c"], group=group), node(op, inputs, ["a"]), node("Neg", ["a"], ["y"])]


@pytest.mark.parametrize("op", DENSE)
def test_that_a_dense_conv_before_these_activations_stores_nothing(tmp_path: Path, op: str) -> None:
    assert inside(tmp_path, conv_and(op, "w", 1)) == {"c"}


@pytest.mark.parametrize("op", NOT_DENSE)
def test_that_a_dense_conv_before_other_operators_is_stored(tmp_path: Path, op: str) -> None:
    assert inside(tmp_path, conv_and(op, "w", 1)) == set()


@pytest.mark.parametrize("op", [*DENSE, *NOT_DENSE])
def test_that_a_depthwise_conv_is_fused_with_few_activations(tmp_path: Path, op: str) -> None:
    assert inside(tmp_path, conv_and(op, "depthwise", 3)) == ({"c"} if op in DEPTHWISE else set())


def test_that_a_conv_of_wider_groups_is_a_dense_one(tmp_path: Path) -> None:
    nodes = conv_and("Sigmoid", "grouped", 2)

    assert inside(tmp_path, nodes, shape=(1, 6, 4, 4)) == {"c"}


def test_that_a_conv_before_a_silu_stores_nothing(tmp_path: Path) -> None:
    nodes = [
        node("Conv", ["x", "w"], ["c"]),
        node("Sigmoid", ["c"], ["g"]),
        node("Mul", ["c", "g"], ["s"]),
        node("Neg", ["s"], ["y"]),
    ]

    assert inside(tmp_path, nodes) == {"c"}


def test_that_a_conv_with_two_consumers_is_stored(tmp_path: Path) -> None:
    nodes = [node("Conv", ["x", "w"], ["c"]), node("Relu", ["c"], ["r"]), node("Sub", ["c", "r"], ["y"])]

    assert inside(tmp_path, nodes) == set()


def test_that_of_two_convs_into_one_add_the_earlier_stores_nothing(tmp_path: Path) -> None:
    nodes = [
        node("Conv", ["x", "w"], ["late"]),
        node("Conv", ["x", "w"], ["later"]),
        node("Add", ["later", "late"], ["s"]),
        node("Neg", ["s"], ["y"]),
    ]

    assert inside(tmp_path, nodes) == {"late"}


def test_that_a_conv_before_the_addition_of_a_constant_is_stored(tmp_path: Path) -> None:
    nodes = [node("Conv", ["x", "w"], ["c"]), node("Add", ["c", "slope"], ["s"]), node("Neg", ["s"], ["y"])]

    assert inside(tmp_path, nodes) == set()


def test_that_conv_add_and_relu_leave_two_tensors_unstored(tmp_path: Path) -> None:
    nodes = [
        node("Conv", ["x", "w"], ["c"]),
        node("Exp", ["c2"], ["b"]),
        node("Add", ["c", "b"], ["s"]),
        node("Relu", ["s"], ["r"]),
        node("Neg", ["r"], ["y"]),
    ]
    nodes.insert(1, node("Conv", ["x", "w2"], ["c2"]))

    assert inside(tmp_path, nodes, {**CONV, "w2": random(4, 3, 1, 1, seed=2)}) == {"c", "s"}


@pytest.mark.parametrize("op", ["Add", "Mul"])
def test_that_an_addition_or_product_is_fused_with_relu_only(tmp_path: Path, op: str) -> None:
    def nodes(activation: str) -> list[onnx.NodeProto]:
        return [node(op, ["x", "x"], ["s"]), node(activation, ["s"], ["a"]), node("Neg", ["a"], ["y"])]

    assert inside(tmp_path, nodes("Relu")) == {"s"}
    assert inside(tmp_path, nodes("Tanh")) == set()


@pytest.mark.parametrize("op", ["Sub", "Max"])
def test_that_these_are_never_fused(tmp_path: Path, op: str) -> None:
    nodes = [node(op, ["x", "x"], ["s"]), node("Relu", ["s"], ["r"]), node("Neg", ["r"], ["y"])]

    assert inside(tmp_path, nodes) == set()


def test_that_a_transposed_conv_is_never_fused(tmp_path: Path) -> None:
    nodes = [node("ConvTranspose", ["x", "w"], ["c"]), node("Relu", ["c"], ["r"]), node("Neg", ["r"], ["y"])]

    assert inside(tmp_path, nodes, {"w": random(3, 4, 2, 2)}) == set()


def test_that_an_output_of_the_network_is_stored(tmp_path: Path) -> None:
    nodes = [node("Conv", ["x", "w"], ["c"]), node("Relu", ["c"], ["y"])]

    assert inside(tmp_path, nodes, outputs=["c", "y"]) == set()


def test_that_float16_of_an_activation_takes_the_conv_before_it_along(tmp_path: Path) -> None:
    _, plan = planned(tmp_path, conv_and("Relu", "w", 1), settings=QuantSettings(float_tensors=("a",)))

    assert {name: plan.precision[name] for name in ("c", "a", "y_int8")} == {
        "c": "float16", "a": "float16", "y_int8": "int8"
    }  # fmt: skip


def test_that_float16_of_a_conv_alone_breaks_its_fusion(tmp_path: Path) -> None:
    _, plan = planned(tmp_path, conv_and("Relu", "w", 1), settings=QuantSettings(float_tensors=("c",)))

    assert (plan.precision["c"], plan.precision["a"], plan.unstored) == ("float16", "int8", frozenset())


def test_that_float16_of_an_output_is_that_of_the_layer_that_gives_it(tmp_path: Path) -> None:
    _, plan = planned(tmp_path, conv_and("Relu", "w", 1), settings=QuantSettings(float_tensors=("y",)))

    assert plan.precision["y_int8"] == "float16"


def test_that_a_layer_without_inputs_can_be_kept_in_float16(tmp_path: Path) -> None:
    nodes = [node("RandomNormal", [], ["noise"], shape=[1, 4, 1, 1]), node("Add", ["x", "noise"], ["y"])]
    _, plan = planned(tmp_path, nodes, shape=(1, 4, 1, 1), settings=QuantSettings(float_tensors=("noise",)))

    assert plan.precision["noise"] == "float16"


def test_that_an_unknown_float_tensor_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No layer gives nowhere"):
        planned(tmp_path, conv_and("Relu", "w", 1), settings=QuantSettings(float_tensors=("c", "nowhere")))


def test_that_a_softmax_at_the_end_is_computed_in_float16(tmp_path: Path) -> None:
    _, plan = planned(tmp_path, [node("Softmax", ["x"], ["y"], axis=1)], shape=(1, 4, 1, 1))

    assert plan.precision["y"] == "float16"


def test_that_a_softmax_in_the_middle_is_computed_in_int8(tmp_path: Path) -> None:
    _, plan = planned(tmp_path, [node("Softmax", ["x"], ["s"], axis=1), node("Neg", ["s"], ["y"])], shape=(1, 4, 1, 1))

    assert plan.precision["s"] == "int8"


def test_that_layers_that_give_integers_compute_as_they_are(tmp_path: Path) -> None:
    nodes = [node("ArgMax", ["x"], ["index"], axis=1)]
    _, plan = planned(tmp_path, nodes, shape=(1, 4, 1, 1), outputs=[declared("index", None, 7)])

    assert plan.precision["index"] == "float32"


def test_that_a_layer_whose_tensor_has_no_range_stays_in_float(tmp_path: Path) -> None:
    nodes = [node("Neg", ["x"], ["n"]), node("Abs", ["n"], ["a"]), node("Sub", ["a", "big"], ["y"])]
    _, plan = planned(tmp_path, nodes, {"big": np.full((1, 1, 1, 1), np.inf, np.float32)}, shape=(1, 4, 1, 1))

    assert (plan.precision["a"], plan.precision["y_int8"]) == ("int8", "float32")


def test_that_fp16_needs_no_ranges_and_quantises_nothing(tmp_path: Path) -> None:
    graph = quantisable(tmp_path, conv_and("Relu", "w", 1), CONV)

    plan = make_plan(graph, {}, QuantSettings("fp16"))

    assert (set(plan.precision.values()), dict(plan.encodings), plan.unstored) == ({"float16"}, {}, frozenset())


ATTENTION = (
    node("Transpose", ["x"], ["t"], perm=[0, 1, 3, 2]),
    node("MatMul", ["x", "t"], ["s"], name="scores"),
    node("Softmax", ["s"], ["p"], axis=-1),
    node("MatMul", ["p", "x"], ["o"], name="product"),
    node("Relu", ["o"], ["y"]),
)
INSIDE = {"product#1_2sdpa_q_matmul", "product#1_2sdpa_q_softmax"}


def attended(folder: Path, settings: QuantSettings) -> Plan:
    graph = with_converts(drain(deploy(network(folder, ATTENTION), attention=True)))
    inputs = {"x": random(1, 3, 6, 6)}
    return make_plan(graph, drain(calibrate(graph, [inputs], 1)), settings)


def test_that_what_an_attention_keeps_to_itself_is_rounded_and_has_no_row(tmp_path: Path) -> None:
    plan = attended(tmp_path, QuantSettings())

    assert plan.grouped >= INSIDE
    assert plan.unstored.isdisjoint(INSIDE)
    assert plan.encodings.keys() >= INSIDE


def test_that_an_attention_in_float16_rounds_nothing_inside(tmp_path: Path) -> None:
    plan = attended(tmp_path, QuantSettings("fp16"))

    assert plan.grouped == plan.unstored == INSIDE


def test_that_all_of_an_attention_is_kept_in_float16(tmp_path: Path) -> None:
    plan = attended(tmp_path, QuantSettings(float_tensors=("o_mm_sdpa",)))

    assert {plan.precision[name] for name in (*INSIDE, "o_mm_sdpa")} == {"float16"}
    assert plan.unstored >= INSIDE


def test_that_a_sum_cut_by_an_activation_has_no_row_of_its_own(tmp_path: Path) -> None:
    nodes = [node("Add", ["x", "x"], ["sum"]), node("Clip", ["sum", "low", "high"], ["y"])]
    limits = {"low": np.float32(0), "high": np.float32(0.5)}
    plan = planned(tmp_path, nodes, limits)[1]
    assert ("sum" in plan.grouped, "sum" in plan.unstored) == (True, False)


def test_that_a_sum_that_an_activation_changes_nothing_of_has_no_row_either(tmp_path: Path) -> None:
    nodes = [node("Add", ["x", "x"], ["sum"]), node("Clip", ["sum", "low", "high"], ["y"])]
    limits = {"low": np.float32(-100), "high": np.float32(100)}
    assert "sum" in planned(tmp_path, nodes, limits)[1].grouped


def test_that_what_is_cut_behind_a_reshape_has_no_row(tmp_path: Path) -> None:
    nodes = [
        node("Add", ["x", "x"], ["sum"]),
        node("Flatten", ["sum"], ["flat"]),
        node("Clip", ["flat", "low", "high"], ["y"]),
    ]
    limits = {"low": np.float32(0), "high": np.float32(0.5)}
    assert planned(tmp_path, nodes, limits)[1].grouped == {"sum"}


def test_that_a_given_range_takes_the_place_of_the_calibrated_one_alone(tmp_path: Path) -> None:
    nodes = [node("Conv", ["x", "w"], ["c"]), node("MaxPool", ["c"], ["y"], kernel_shape=[2, 2])]
    before = planned(tmp_path, nodes)[1].encodings

    after = planned(tmp_path, nodes, settings=QuantSettings(ranges=(("c", 0.5, 2.0),)))[1].encodings

    assert after["c"] == asymmetric(0.0, 2.0, "int8")
    assert {name for name in after if after[name] != before[name]} == {"c"}


@pytest.mark.parametrize(
    ("given", "words"), [(("lost", 0.0, 1.0), "lost is not quantised"), (("y", 1.0, 1.0), "range")]
)
def test_that_a_range_that_cannot_be_is_refused(tmp_path: Path, given: tuple[str, float, float], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        planned(tmp_path, [node("Conv", ["x", "w"], ["y"])], settings=QuantSettings(ranges=(given,)))


CLASSIFIER = [
    node("GlobalAveragePool", ["x"], ["pooled"]),
    node("Flatten", ["pooled"], ["flat"]),
    node("Gemm", ["flat", "fc"], ["y"], transB=1),
]


@pytest.mark.parametrize(
    ("chosen", "half"), [("y", {"y_mm", "y_int8"}), ("y_mm", {"y_mm"}), ("flat", {"pooled"}), ("pooled", {"pooled"})]
)
def test_that_a_tensor_of_the_users_network_names_what_stands_for_it(
    tmp_path: Path, chosen: str, half: set[str]
) -> None:
    settings = QuantSettings(float_tensors=(chosen,))
    _, plan = planned(tmp_path, CLASSIFIER, {"fc": random(5, 3)}, settings=settings)

    found = {name for name, precision in plan.precision.items() if precision == "float16"}
    assert found - {"y"} == half
