"""Rules that change calibrated ranges."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from tests.unit.networks import Constants, as_written, node, random
from workbench.quantize.ranges import Range, narrowed

Pairs = dict[str, tuple[float, float]]


def ranges_after(
    folder: Path, nodes: Sequence[onnx.NodeProto], seen: Pairs, constants: Constants | None = None, **more: Any
) -> Pairs:
    graph = as_written(folder, nodes, constants, **{"shape": (1, 4, 8, 8), **more})
    found = narrowed(graph, {name: Range(*pair) for name, pair in seen.items()})
    return {name: (item.low, item.high) for name, item in found.items()}


ACTIVATIONS: dict[str, tuple[dict[str, Any], tuple[float, float]]] = {
    "HardSwish": ({}, (-3.0, 9.0)),
    "Tanh": ({}, (-3.2, 3.2)),
    "Sigmoid": ({}, (-7.0, 7.0)),
    "HardSigmoid": ({"alpha": 0.25}, (-2.0, 2.0)),
}


@pytest.mark.parametrize("op", ACTIVATIONS)
def test_that_an_activation_narrows_the_tensor_that_only_it_takes(tmp_path: Path, op: str) -> None:
    attributes, expected = ACTIVATIONS[op]
    nodes = [node("Neg", ["x"], ["p"]), node(op, ["p"], ["y"], **attributes)]

    assert ranges_after(tmp_path, nodes, {"p": (-8.0, 9.0), "y": (0.0, 1.0)})["p"] == expected


@pytest.mark.parametrize("op", ACTIVATIONS)
def test_that_a_tensor_with_several_consumers_is_not_narrowed(tmp_path: Path, op: str) -> None:
    attributes, _ = ACTIVATIONS[op]
    nodes = [node("Neg", ["x"], ["p"]), node(op, ["p"], ["a"], **attributes), node("Add", ["a", "p"], ["y"])]

    assert ranges_after(tmp_path, nodes, {"p": (-8.0, 9.0), "a": (0.0, 1.0), "y": (0.0, 1.0)})["p"] == (-8.0, 9.0)


def test_that_a_tensor_that_is_an_output_is_not_narrowed(tmp_path: Path) -> None:
    nodes = [node("Neg", ["x"], ["p"]), node("Relu", ["p"], ["y"])]

    found = ranges_after(tmp_path, nodes, {"p": (-8.0, 9.0), "y": (0.0, 9.0)}, outputs=["p", "y"])

    assert found["p"] == (-8.0, 9.0)


@pytest.mark.parametrize("op", ["LeakyRelu", "PRelu", "Elu", "Softplus", "Exp", "Softmax", "Erf"])
def test_that_other_activations_narrow_nothing(tmp_path: Path, op: str) -> None:
    inputs = ["p", "slope"] if op == "PRelu" else ["p"]
    nodes = [node("Neg", ["x"], ["p"]), node(op, inputs, ["y"])]

    found = ranges_after(tmp_path, nodes, {"p": (-8.0, 9.0), "y": (0.0, 1.0)}, {"slope": 0.1})

    assert found == {"p": (-8.0, 9.0), "y": (0.0, 1.0)}


def test_that_a_silu_narrows_nothing(tmp_path: Path) -> None:
    nodes = [node("Neg", ["x"], ["p"]), node("Sigmoid", ["p"], ["g"]), node("Mul", ["p", "g"], ["y"])]

    assert ranges_after(tmp_path, nodes, {"p": (-8.0, 9.0), "y": (0.0, 1.0)})["p"] == (-8.0, 9.0)


def test_that_a_hard_sigmoid_of_another_beta_narrows_nothing(tmp_path: Path) -> None:
    nodes = [node("Neg", ["x"], ["p"]), node("HardSigmoid", ["p"], ["y"], beta=0.4)]

    assert ranges_after(tmp_path, nodes, {"p": (-8.0, 9.0), "y": (0.0, 1.0)})["p"] == (-8.0, 9.0)


def test_that_a_tensor_outside_the_bounds_of_a_clip_has_the_range_of_the_bound(tmp_path: Path) -> None:
    nodes = [node("Neg", ["x"], ["p"]), node("Clip", ["p", "low", "high"], ["y"])]

    found = ranges_after(tmp_path, nodes, {"p": (7.0, 9.0), "y": (6.0, 6.0)}, {"low": 0.0, "high": 6.0})

    assert found["p"] == (6.0, 6.0)


@pytest.mark.parametrize("op", ["Relu", "Clip"])
def test_that_what_only_relu_or_clip_takes_has_the_range_of_their_output(tmp_path: Path, op: str) -> None:
    nodes = [node("Neg", ["x"], ["p"]), node(op, ["p"] if op == "Relu" else ["p", "low"], ["y"])]

    found = ranges_after(tmp_path, nodes, {"p": (-8.0, 9.0), "y": (0.5, 8.0)}, {"low": 0.0})

    assert (found["p"], found["y"]) == ((0.5, 8.0), (0.5, 8.0))


SIGMOIDS = [
    ((-8.0, 9.0), (0.0003, 0.9998), (0.0, 1.0)),
    ((-8.0, 2.0), (0.0003, 0.88), (0.0, 0.88)),
    ((-2.0, 9.0), (0.12, 0.9998), (0.12, 1.0)),
    ((-2.0, 2.0), (0.12, 0.88), (0.12, 0.88)),
    ((-3.0, -1.0), (0.05, 0.27), (0.05, 0.5)),
]


@pytest.mark.parametrize(("taken", "given", "expected"), SIGMOIDS)
def test_that_a_sigmoid_reaches_0_and_1_where_its_input_is_cut_and_one_half_at_zero(
    tmp_path: Path, taken: tuple[float, float], given: tuple[float, float], expected: tuple[float, float]
) -> None:
    nodes = [node("Neg", ["x"], ["p"]), node("Sigmoid", ["p"], ["y"])]

    assert ranges_after(tmp_path, nodes, {"p": taken, "y": given})["y"] == expected


def test_that_what_reshapes_a_saturated_sigmoid_has_its_range_too(tmp_path: Path) -> None:
    nodes = [
        node("Neg", ["x"], ["p"]),
        node("Sigmoid", ["p"], ["s"]),
        node("Transpose", ["s"], ["y"], perm=[0, 2, 3, 1]),
    ]

    found = ranges_after(tmp_path, nodes, {"p": (-8.0, 9.0), "s": (0.0003, 0.9998), "y": (0.0003, 0.9998)})

    assert found["s"] == found["y"] == (0.0, 1.0)


def test_that_a_pooling_pushes_its_range_back_to_the_tensor_that_only_it_takes(tmp_path: Path) -> None:
    nodes = [node("Neg", ["x"], ["p"]), node("MaxPool", ["p"], ["y"], kernel_shape=[2, 2])]

    assert ranges_after(tmp_path, nodes, {"p": (-8.0, 9.0), "y": (-1.0, 9.0)})["p"] == (-1.0, 9.0)


def test_that_a_pooling_takes_the_range_of_a_tensor_with_other_consumers(tmp_path: Path) -> None:
    nodes = [
        node("Neg", ["x"], ["p"]),
        node("MaxPool", ["p"], ["m"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        node("Add", ["m", "p"], ["y"]),
    ]

    found = ranges_after(tmp_path, nodes, {"p": (-8.0, 9.0), "m": (-1.0, 9.0), "y": (0.0, 1.0)})

    assert (found["p"], found["m"]) == ((-8.0, 9.0), (-8.0, 9.0))


def test_that_an_average_pooling_takes_the_range_of_its_input(tmp_path: Path) -> None:
    nodes = [node("Neg", ["x"], ["p"]), node("AveragePool", ["p"], ["y"], kernel_shape=[2, 2])]

    found = ranges_after(tmp_path, nodes, {"p": (-8.0, 9.0), "y": (-1.0, 2.0)})

    assert (found["p"], found["y"]) == ((-8.0, 9.0), (-8.0, 9.0))


RESHAPING = [
    node("Transpose", ["p"], ["y"], perm=[0, 2, 3, 1]),
    node("Reshape", ["p", "flat"], ["y"]),
    node("Slice", ["p", "start", "end"], ["y"]),
    node("Pad", ["p", "pads"], ["y"]),
    node("Gather", ["p", "start"], ["y"], axis=1),
    node("Resize", ["p", "", "scales"], ["y"], mode="nearest"),
]


@pytest.mark.parametrize("layer", RESHAPING, ids=lambda layer: layer.op_type)
def test_that_reshaping_layers_share_one_range_with_their_input(tmp_path: Path, layer: onnx.NodeProto) -> None:
    constants = {
        "flat": np.asarray([1, -1]),
        "start": np.asarray([0, 0]),
        "end": np.asarray([1, 2]),
        "pads": np.asarray([0, 0, 1, 1, 0, 0, 1, 1]),
        "scales": np.asarray([1, 1, 2, 2], np.float32),
    }

    found = ranges_after(tmp_path, [node("Neg", ["x"], ["p"]), layer], {"p": (-8.0, 9.0), "y": (-1.0, 2.0)}, constants)

    assert found["p"] == found["y"] == (-1.0, 2.0)


def test_that_a_chain_of_poolings_carries_a_range_all_the_way_back(tmp_path: Path) -> None:
    nodes = [
        node("Neg", ["x"], ["p"]),
        node("MaxPool", ["p"], ["m"], kernel_shape=[2, 2]),
        node("Transpose", ["m"], ["y"], perm=[0, 2, 3, 1]),
    ]

    found = ranges_after(tmp_path, nodes, {"p": (-8.0, 9.0), "m": (-3.0, 9.0), "y": (-2.0, 5.0)})

    assert found["p"] == found["m"] == found["y"]


def test_that_the_inputs_of_a_concat_keep_their_own_ranges(tmp_path: Path) -> None:
    nodes = [node("Neg", ["x"], ["a"]), node("Abs", ["x"], ["b"]), node("Concat", ["a", "b"], ["y"], axis=1)]

    found = ranges_after(tmp_path, nodes, {"a": (-1.0, 1.0), "b": (0.0, 50.0), "y": (-1.0, 50.0)})

    assert (found["a"], found["b"]) == ((-1.0, 1.0), (0.0, 50.0))


def test_that_a_narrowed_concat_narrows_the_inputs_that_only_it_takes(tmp_path: Path) -> None:
    nodes = [
        node("Neg", ["x"], ["a"]),
        node("Abs", ["x"], ["b"]),
        node("Concat", ["a", "b"], ["c"], axis=1),
        node("Relu", ["c"], ["r"]),
        node("Concat", ["r", "b"], ["y"], axis=1),
    ]

    found = ranges_after(
        tmp_path, nodes, {"a": (-4.0, 1.0), "b": (-2.0, 50.0), "c": (-4.0, 50.0), "r": (0, 50.0), "y": (-2.0, 50.0)}
    )

    assert (found["a"], found["b"]) == ((0.0, 1.0), (-2.0, 50.0))


def test_that_layers_without_a_range_are_passed_over(tmp_path: Path) -> None:
    nodes = [node("RandomNormal", [], ["noise"], shape=[1, 4, 8, 8]), node("Add", ["x", "noise"], ["y"])]

    assert ranges_after(tmp_path, nodes, {"y": (-1.0, 1.0)}, {"unused": random(1)}) == {"y": (-1.0, 1.0)}


def test_that_relu_behind_an_average_pooling_keeps_its_own_range(tmp_path: Path) -> None:
    nodes = [
        node("Neg", ["x"], ["p"]),
        node("AveragePool", ["p"], ["a"], kernel_shape=[2, 2]),
        node("Relu", ["a"], ["y"]),
    ]

    found = ranges_after(tmp_path, nodes, {"p": (-8.0, 9.0), "a": (-4.0, 3.0), "y": (0.0, 3.0)})

    assert (found["p"], found["a"], found["y"]) == ((-8.0, 9.0), (-8.0, 9.0), (0.0, 3.0))


@pytest.mark.parametrize("op", ["MaxPool", "Slice", "Transpose"])
def test_that_relu_narrows_through_a_layer_of_the_same_range(tmp_path: Path, op: str) -> None:
    layers = {
        "MaxPool": node("MaxPool", ["p"], ["m"], kernel_shape=[2, 2]),
        "Slice": node("Slice", ["p", "start", "end"], ["m"]),
        "Transpose": node("Transpose", ["p"], ["m"], perm=[0, 2, 3, 1]),
    }
    nodes = [node("Neg", ["x"], ["p"]), layers[op], node("Relu", ["m"], ["y"])]
    constants = {"start": np.asarray([0, 0]), "end": np.asarray([1, 2])}

    found = ranges_after(tmp_path, nodes, {"p": (-8.0, 9.0), "m": (-2.0, 7.0), "y": (0.0, 7.0)}, constants)

    assert found["p"] == found["m"] == (0.0, 7.0)


def test_that_a_range_is_handed_on_through_layers_whose_inputs_have_several_consumers(tmp_path: Path) -> None:
    nodes = [
        node("Neg", ["x"], ["p"]),
        node("MaxPool", ["p"], ["a"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        node("MaxPool", ["a"], ["b"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        node("Concat", ["p", "a", "b"], ["y"], axis=1),
    ]

    found = ranges_after(tmp_path, nodes, {"p": (-2.0, 9.0), "a": (-1.0, 9.0), "b": (0.5, 9.0), "y": (-2.0, 9.0)})

    assert found["a"] == found["b"] == (-2.0, 9.0)


def test_that_a_split_narrows_its_input_to_what_its_outputs_need(tmp_path: Path) -> None:
    nodes = [
        node("Neg", ["x"], ["p"]),
        node("Split", ["p"], ["a", "b"], axis=1),
        node("Relu", ["a"], ["r"]),
        node("Concat", ["r", "b"], ["y"], axis=1),
    ]
    seen = {"p": (-8.0, 9.0), "a": (-8.0, 9.0), "b": (-2.0, 3.0), "r": (0.0, 9.0), "y": (-2.0, 9.0)}

    found = ranges_after(tmp_path, nodes, seen, opset=12)

    assert (found["p"], found["a"], found["b"]) == ((-2.0, 9.0), (0.0, 9.0), (-2.0, 3.0))
