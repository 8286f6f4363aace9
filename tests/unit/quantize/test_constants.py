"""Rules of weights, biases and other constants of a quantised layer."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from tests.unit.networks import as_written, node, quantisable, random
from workbench.foundation.steps import drain
from workbench.graph.converts import with_converts
from workbench.quantize.calibrate import calibrate
from workbench.quantize.constants import constants_of, weight_encoding
from workbench.quantize.encoding import fixed_point
from workbench.quantize.plan import Plan
from workbench.quantize.planner import make_plan
from workbench.quantize.schemes import QuantSettings

Values = dict[int, np.ndarray]


def used(
    folder: Path, layer: onnx.NodeProto, constants: dict[str, Any], settings: QuantSettings, shape: Sequence[int]
) -> tuple[Values, np.ndarray | None, Plan]:
    """The constants and the bias that the layer uses, whose inputs are random."""
    graph = with_converts(as_written(folder, [layer], constants, shape=shape), settings.type.activations)
    ranges = drain(calibrate(graph, [{"x": random(*shape, seed=20)}], 1))
    plan = make_plan(graph, ranges, settings)
    deployed = graph.layers[1]
    values = constants_of(graph, deployed, plan)
    return values, values.get(2), plan


def steps_of(values: np.ndarray, steps: int, lowest: int) -> np.ndarray:
    """Asymmetric quantization spelled out: float64 scale, float32 division, half-even, zero point, saturation."""
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    scale = (high - low) / steps
    zero = np.round(lowest - low / scale)
    stored = np.clip(np.round(values / np.float32(scale)).astype(np.float64) + zero, lowest, lowest + steps)
    real: np.ndarray = (stored - zero).astype(np.float32) * np.float32(scale)
    return real


CONV = {"w": random(4, 3, 3, 3), "b": random(4)}
W8A8, PER_LAYER, FP16 = QuantSettings(), QuantSettings(method="layer"), QuantSettings("fp16")
IMAGE = (1, 3, 6, 6)


def test_that_weights_have_one_scale_an_output_channel(tmp_path: Path) -> None:
    values, _, _ = used(tmp_path, node("Conv", ["x", "w", "b"], ["y"]), CONV, W8A8, IMAGE)

    expected = np.stack([steps_of(channel, 255, -128) for channel in CONV["w"]])
    assert np.array_equal(values[1], expected)


def half_steps(weight: np.ndarray) -> np.ndarray:
    """int4 symmetric, spelled out."""
    scale = np.float32(np.abs(weight).max() / 7)
    real: np.ndarray = np.clip(np.round(weight / scale), -8, 7).astype(np.float32) * scale
    return real


def test_that_w4a16_has_dense_weights_in_int4_and_biases_in_float(tmp_path: Path) -> None:
    settings = QuantSettings("w4a16", target="rk3576")
    values, bias, _ = used(tmp_path, node("Conv", ["x", "w", "b"], ["y"]), CONV, settings, IMAGE)

    assert np.array_equal(values[1], np.stack([half_steps(channel) for channel in CONV["w"]]))
    assert bias is None


def test_that_w4a16_groups_input_channels(tmp_path: Path) -> None:
    settings = QuantSettings("w4a16", "group32", target="rk3576")
    weight = random(4, 80, 3, 3)
    values, _, _ = used(tmp_path, node("Conv", ["x", "w"], ["y"]), {"w": weight}, settings, (1, 80, 6, 6))

    parts = [[half_steps(channel[at : at + 32]) for at in (0, 32, 64)] for channel in weight]
    assert np.array_equal(values[1], np.stack([np.concatenate(part) for part in parts]))


@pytest.mark.parametrize("op", ["Conv", "ConvTranspose"])
def test_that_w4a16_keeps_depthwise_and_transposed_weights_in_float16(tmp_path: Path, op: str) -> None:
    weight = random(4, 1, 3, 3)
    settings = QuantSettings("w4a16", target="rk3576")
    values, _, _ = used(tmp_path, node(op, ["x", "w"], ["y"], group=4), {"w": weight}, settings, (1, 4, 6, 6))

    assert np.array_equal(values[1], weight.astype(np.float16).astype(np.float32))


def test_that_a_bias_that_int32_cannot_hold_has_a_coarser_grid(tmp_path: Path) -> None:
    bias = np.float32([0.1, 0.2, 3000.0, -0.4])
    settings = QuantSettings("w16a16i_dfp")
    _, used_bias, plan = used(tmp_path, node("Conv", ["x", "w", "b"], ["y"]), {**CONV, "b": bias}, settings, IMAGE)

    weights = [fixed_point(channel.min(), channel.max(), "int16").scale[0] for channel in CONV["w"]]
    scale = plan.encodings["x_int16"].scale[0] * np.array(weights)
    doublings = np.ceil(np.log2(np.abs(bias / scale).max() / 2**31))
    assert doublings > 0
    grid = (scale * 2**doublings).astype(np.float32)
    assert used_bias is not None
    assert np.array_equal(used_bias, np.round(bias / grid) * grid)


def test_that_weights_per_layer_have_one_scale(tmp_path: Path) -> None:
    values, _, _ = used(tmp_path, node("Conv", ["x", "w", "b"], ["y"]), CONV, PER_LAYER, IMAGE)

    assert np.array_equal(values[1], steps_of(CONV["w"], 255, -128))


def test_that_the_channels_of_a_transposed_conv_are_on_axis_one(tmp_path: Path) -> None:
    weight = random(3, 4, 2, 2)
    values, _, _ = used(tmp_path, node("ConvTranspose", ["x", "w"], ["y"]), {"w": weight}, W8A8, IMAGE)

    expected = np.stack([steps_of(weight[:, channel], 255, -128) for channel in range(4)], axis=1)
    assert np.array_equal(values[1], expected)


@pytest.mark.parametrize(("transposed", "axis"), [(0, 1), (1, 0)])
def test_that_the_channels_of_a_gemm_that_stayed_are_its_outputs(tmp_path: Path, transposed: int, axis: int) -> None:
    graph = quantisable(
        tmp_path,
        [node("Gemm", ["x", "w"], ["y"], alpha=0.5, transB=transposed)],
        {"w": random(*((5, 4) if transposed else (4, 5)))},
        shape=(1, 4),
    )

    plan = make_plan(graph, {}, W8A8)

    assert weight_encoding(graph.layers[1], graph.constants["w"], plan).axis == axis


@pytest.mark.parametrize("settings", [W8A8, PER_LAYER], ids=["channel", "layer"])
def test_that_the_bias_lies_on_the_grid_of_input_and_weight(tmp_path: Path, settings: QuantSettings) -> None:
    _, bias, plan = used(tmp_path, node("Conv", ["x", "w", "b"], ["y"]), CONV, settings, IMAGE)

    parts = list(CONV["w"]) if settings.method == "channel" else [CONV["w"]] * 4
    reach = [max(float(part.max()), 0.0) - min(float(part.min()), 0.0) for part in parts]
    scale = np.asarray([plan.encodings["x_int8"].scale[0] * width / 255 for width in reach], np.float32)
    assert bias is not None
    assert bias.dtype == np.float32
    assert np.array_equal(bias, np.round(CONV["b"] / scale) * scale)


def test_that_the_groups_of_a_transposed_conv_share_the_scales_of_its_bias(tmp_path: Path) -> None:
    constants = {"w": random(4, 3, 2, 2), "b": random(6)}
    layer = node("ConvTranspose", ["x", "w", "b"], ["y"], group=2)

    _, bias, _ = used(tmp_path, layer, constants, W8A8, (1, 4, 3, 3))

    assert bias is not None
    np.testing.assert_allclose(bias, constants["b"], atol=1e-3)


def test_that_the_bias_of_a_dead_channel_survives(tmp_path: Path) -> None:
    weight = random(4, 3, 1, 1)
    weight[2] = 1e-43
    constants = {"w": weight, "b": np.asarray([1, 2, 3, 4], np.float32)}

    _, bias, _ = used(tmp_path, node("Conv", ["x", "w", "b"], ["y"]), constants, W8A8, IMAGE)

    assert bias is not None
    np.testing.assert_allclose(bias, constants["b"], atol=1e-2)


def test_that_constants_of_additions_are_as_good_as_float(tmp_path: Path) -> None:
    constant = random(1, 6, 1, 1, scale=100)

    values, _, _ = used(tmp_path, node("Add", ["x", "c"], ["y"]), {"c": constant}, W8A8, (1, 6, 1, 1))

    np.testing.assert_allclose(values[1], constant, rtol=3e-7, atol=1e-5)


@pytest.mark.parametrize("op", ["Mul", "Div"])
def test_that_constants_of_products_have_16_bits(tmp_path: Path, op: str) -> None:
    constant = np.abs(random(1, 6, 1, 1)) + 1

    values, _, _ = used(tmp_path, node(op, ["x", "c"], ["y"]), {"c": constant}, W8A8, (1, 6, 1, 1))

    assert np.array_equal(values[1], steps_of(constant, 65535, -32768))


BOUNDS = [node("Max", ["x", "c"], ["y"]), node("Min", ["x", "c"], ["y"]), node("Greater", ["x", "c"], ["y"])]


@pytest.mark.parametrize("layer", BOUNDS, ids=lambda layer: layer.op_type)
def test_that_constants_of_bounds_and_comparisons_have_8_bits(tmp_path: Path, layer: onnx.NodeProto) -> None:
    constant = random(1, 6)

    values, _, _ = used(tmp_path, layer, {"c": constant}, W8A8, (1, 6))

    assert np.array_equal(values[1], steps_of(constant, 255, -128))


def test_that_a_depthwise_transposed_conv_has_one_scale_a_channel(tmp_path: Path) -> None:
    layer = node("ConvTranspose", ["x", "w"], ["y"], group=3)
    weight = random(3, 1, 3, 3)

    values, _, _ = used(tmp_path, layer, {"w": weight}, W8A8, IMAGE)

    assert np.array_equal(values[1], np.stack([steps_of(channel, 255, -128) for channel in weight]))


def test_that_constants_of_zero_stay_zero(tmp_path: Path) -> None:
    for op in ("Add", "Mul"):
        values, _, _ = used(
            tmp_path, node(op, ["x", "c"], ["y"]), {"c": np.zeros((1, 6, 1, 1), np.float32)}, W8A8, (1, 6, 1, 1)
        )

        assert not values.get(1, np.zeros(1)).any()


def test_that_the_slope_of_a_prelu_stays_float(tmp_path: Path) -> None:
    values, _, _ = used(tmp_path, node("PRelu", ["x", "s"], ["y"]), {"s": random(1, 6, 1, 1)}, W8A8, (1, 6, 1, 1))

    assert values == {}


@pytest.mark.parametrize("op", ["Add", "Sub", "Mul", "Div"])
def test_that_fp16_rounds_the_constants_of_arithmetic(tmp_path: Path, op: str) -> None:
    constant = np.abs(random(1, 6, 1, 1)) + np.float32(0.1)

    values, _, _ = used(tmp_path, node(op, ["x", "c"], ["y"]), {"c": constant}, FP16, (1, 6, 1, 1))

    assert np.array_equal(values[1], constant.astype(np.float16).astype(np.float32))


def test_that_fp16_leaves_an_exponent_as_it_is(tmp_path: Path) -> None:
    values, _, _ = used(tmp_path, node("Pow", ["x", "c"], ["y"]), {"c": 1.7}, FP16, (1, 6, 1, 1))

    assert values == {}


def test_that_fp16_rounds_weights_and_leaves_the_bias(tmp_path: Path) -> None:
    values, bias, _ = used(tmp_path, node("Conv", ["x", "w", "b"], ["y"]), CONV, FP16, IMAGE)

    assert values.keys() == {1}
    assert np.array_equal(values[1], CONV["w"].astype(np.float16).astype(np.float32))
    assert bias is None


def test_that_fp16_weights_too_large_become_infinite(tmp_path: Path) -> None:
    values, _, _ = used(tmp_path, node("Mul", ["x", "c"], ["y"]), {"c": 1e5}, FP16, (1, 6, 1, 1))

    assert np.isinf(values[1]).all()


def test_that_integer_constants_are_left_alone(tmp_path: Path) -> None:
    layer = node("Reshape", ["x", "shape"], ["y"])

    values, _, _ = used(tmp_path, layer, {"shape": np.asarray([2, 3])}, W8A8, (1, 6, 1, 1))

    assert values == {}


def test_that_matrices_of_a_product_of_tensors_are_stored_as_activations_are(tmp_path: Path) -> None:
    matrices = random(3, 16, 5)
    graph = quantisable(tmp_path, [node("MatMul", ["x", "w"], ["y"])], {"w": matrices}, shape=(1, 3, 21, 16))
    ranges = drain(calibrate(graph, [{"x": random(1, 3, 21, 16, seed=2)}], 1))
    product = next(layer for layer in graph.layers if layer.op == "exMatMul")
    values = constants_of(graph, product, make_plan(graph, ranges, QuantSettings()))
    half = constants_of(graph, product, make_plan(graph, ranges, QuantSettings(dtype="fp16")))

    np.testing.assert_array_equal(values[0].reshape(3, 16, 5), steps_of(matrices, 255, -128))
    np.testing.assert_array_equal(half[0].reshape(3, 16, 5), matrices.astype(np.float16).astype(np.float32))


@pytest.mark.parametrize(("settings", "dtype"), [(W8A8, "int8"), (FP16, "float16")])
def test_that_factors_and_terms_of_a_norm_are_stored_and_its_epsilon_is_not(
    tmp_path: Path, settings: QuantSettings, dtype: str
) -> None:
    factor, term = random(8, seed=2) + 2, random(8, seed=3)
    nodes = [node("LayerNormalization", ["x", "f", "t"], ["n"], epsilon=1e-5), node("Sin", ["n"], ["y"])]
    graph = quantisable(tmp_path, nodes, {"f": factor, "t": term}, shape=(1, 6, 8))
    plan = make_plan(graph, drain(calibrate(graph, [{"x": random(1, 6, 8)}], 1)), settings)
    layer = next(item for item in graph.layers if item.op == "exNorm")
    found = constants_of(graph, layer, plan)
    assert sorted(found) == [2, 3]
    for value, own in zip((found[2], found[3]), (factor, term), strict=True):
        stored = steps_of(own, 255, -128) if dtype == "int8" else own.astype(np.float16).astype(np.float32)
        assert np.array_equal(value.reshape(-1), stored)
