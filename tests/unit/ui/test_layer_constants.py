"""Weights and other constants of a layer."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import network, node, random
from workbench.graph.graph import Layer
from workbench.quantize.schemes import QuantSettings
from workbench.ui.models.tensors import layer_constants
from workbench.ui.models.tensors.layer_constants import Constant, ConstantFacts, constants, ends_of, examine, plan_of

NORMAL = {name: random(4, seed=number) ** 2 + 0.1 for number, name in enumerate(("scale", "shift", "mean", "var"))}


def facts(model: object, constant: Constant, dtype: str = "", method: str = "channel") -> ConstantFacts:
    plan = plan_of(QuantSettings(method=method), dtype, constant) if dtype else None
    found = examine(model, constant, plan)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_that_constants_are_called_what_the_standard_calls_them(tmp_path: Path) -> None:
    nodes = [node("Conv", ["x", "w", "b"], ["y"], name="c")]
    model = network(tmp_path, nodes, {"w": random(4, 3, 3, 3), "b": random(4)})

    found = constants(model.graph, ("c",))

    assert [(item.role, item.shape, item.is_weight) for item in found] == [
        ("W", (4, 3, 3, 3), True), ("B", (4,), False),
    ]  # fmt: skip
    assert ends_of(model, found)[1] == (random(4).min(), random(4).max())


@pytest.mark.parametrize(
    ("op", "shape", "axis", "more"),
    [
        ("Conv", (4, 3, 3, 3), 0, {}),
        ("ConvTranspose", (3, 4, 2, 2), 1, {}),
        ("Gemm", (4, 18), 0, {"transB": 1}),
        ("Gemm", (18, 4), 1, {}),
        ("MatMul", (6, 4), 1, {}),
    ],
)
def test_that_channels_are_the_output_channels(
    tmp_path: Path, op: str, shape: tuple[int, ...], axis: int, more: dict[str, int]
) -> None:
    weight = random(*shape)
    inputs = [node("Reshape", ["x", "two"], ["r"])] if op == "Gemm" else []
    nodes = [*inputs, node(op, ["r" if inputs else "x", "w"], ["y"], name="layer", **more)]
    constant = {"w": weight} | ({"two": np.array([6, 18], np.int64)} if inputs else {})
    model = network(tmp_path, nodes, constant)

    found = facts(model, constants(model.graph, ("layer",))[0])

    others = tuple(i for i in range(weight.ndim) if i != axis)
    np.testing.assert_array_equal(found.moments.low, weight.min(others))
    np.testing.assert_array_equal(found.moments.high, weight.max(others))
    assert found.values.shape == (4, weight.size // 4)
    assert found.image.shape == found.values.shape
    assert found.histogram.counts.sum() == weight.size


def test_that_a_folded_normalization_multiplies_the_weights(tmp_path: Path) -> None:
    weight = random(4, 3, 3, 3)
    nodes = [
        node("Conv", ["x", "w"], ["a"], name="c"),
        node("BatchNormalization", ["a", *NORMAL], ["y"], name="n", epsilon=0.01),
    ]
    model = network(tmp_path, nodes, {"w": weight, **NORMAL})

    found = [item for item in constants(model.graph, ("c", "n")) if item.is_weight]

    assert [item.folded is not None for item in found] == [False, True]
    factors = NORMAL["scale"] / np.sqrt(NORMAL["var"] + np.float32(0.01))
    np.testing.assert_allclose(
        facts(model, found[1]).values, (weight * factors.reshape(-1, 1, 1, 1)).reshape(4, -1), rtol=1e-6
    )
    np.testing.assert_array_equal(facts(model, found[0]).values, weight.reshape(4, -1))


def test_that_each_channel_has_the_range_of_its_encoding(tmp_path: Path) -> None:
    weight = random(4, 3, 3, 3) * np.array([1, 10, 100, 0.1], np.float32).reshape(4, 1, 1, 1)
    model = network(tmp_path, [node("Conv", ["x", "w"], ["y"], name="c")], {"w": weight})
    constant = constants(model.graph, ("c",))[0]

    by_channel, by_layer = (facts(model, constant, "int8", method) for method in ("channel", "layer"))

    assert by_channel.ends is not None
    np.testing.assert_allclose(by_channel.ends[1] - by_channel.ends[0], weight.max((1, 2, 3)) - weight.min((1, 2, 3)))
    assert by_channel.grid is None
    assert by_layer.ends is not None
    assert len(set(by_layer.ends[0].tolist())) == 1
    assert by_layer.grid is not None
    assert by_layer.imbalance == pytest.approx(
        np.abs(weight).max((1, 2, 3)).max() / np.abs(weight).max((1, 2, 3)).min()
    )


def test_that_weights_left_in_float_have_no_encoding(tmp_path: Path) -> None:
    model = network(tmp_path, [node("Conv", ["x", "w"], ["y"], name="c")], {"w": random(4, 3, 3, 3)})
    constant = constants(model.graph, ("c",))[0]

    assert plan_of(QuantSettings(), "float16", constant) is None
    assert plan_of(QuantSettings(dtype="fp16"), "float16", constant) is None
    assert facts(model, constant).ends is None


def test_that_of_a_large_weight_every_so_many_values_are_handed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weight = random(4, 3, 3, 3)
    model = network(tmp_path, [node("Conv", ["x", "w"], ["y"], name="c")], {"w": weight})
    monkeypatch.setattr(layer_constants, "MOST_SHOWN", 50)

    found = facts(model, constants(model.graph, ("c",))[0])

    assert found.step == 3
    np.testing.assert_array_equal(found.values, weight.reshape(4, 27)[:, ::3])
    assert found.histogram.counts.sum() == weight.size


def test_that_integers_of_a_networks_own_quantization_are_its_weights(tmp_path: Path) -> None:
    stored = np.arange(108, dtype=np.int8).reshape(4, 3, 3, 3)
    nodes = [
        node("DequantizeLinear", ["w", "s", "z"], ["r"], name="d", axis=0),
        node("Conv", ["x", "r"], ["y"], name="c"),
    ]
    scales = {"s": np.full(4, 0.5, np.float32), "z": np.zeros(4, np.int8)}
    model = network(tmp_path, nodes, {"w": stored, **scales})

    found = constants(model.graph, ("c",))

    assert [(item.role, item.is_weight, item.is_stored) for item in found] == [("W", True, True)]
    np.testing.assert_array_equal(facts(model, found[0]).values, stored.reshape(4, 27))


def test_that_a_bias_has_one_value_a_channel(tmp_path: Path) -> None:
    nodes = [node("Conv", ["x", "w", "b"], ["y"], name="c")]
    model = network(tmp_path, nodes, {"w": random(4, 3, 3, 3), "b": random(4)})

    found = facts(model, constants(model.graph, ("c",))[1])

    assert found.is_vector
    np.testing.assert_array_equal(found.moments.low, random(4))
    assert np.isnan(found.imbalance)


def test_that_inputs_of_an_operator_that_no_standard_knows_are_numbered(tmp_path: Path) -> None:
    model = network(tmp_path, [node("Conv", ["x", "w"], ["y"], name="c")], {"w": random(4, 3, 3, 3)})
    layer = Layer("own", "NoSuchOperator", ("x", "w"), ("y",), "own.domain")
    graph = replace(model.graph, layers=(layer,))

    assert [item.role for item in constants(graph, ("own",))] == ["input 1"]


def test_that_a_constant_without_numbers_has_no_facts(tmp_path: Path) -> None:
    constant = constants(
        network(tmp_path, [node("Conv", ["x", "w"], ["y"], name="c")], {"w": random(4, 3, 3, 3)}).graph, ("c",)
    )[0]
    model = network(tmp_path, [node("Add", ["x", "w"], ["y"])], {"w": np.zeros((0,), np.float32)}, shape=(0,))

    assert examine(model, constant, None) is None
