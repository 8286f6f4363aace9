"""Rules of padding."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks import deployed, node, ops, random, unfused_and_fused

X = random(1, 3, 6, 7, seed=9)
PADS = {"pads": np.asarray([0, 0, 1, 2, 0, 0, 0, 1]), "w": random(4, 3, 3, 3)}
PAD = node("Pad", ["r", "pads"], ["p"])
RELU = node("Relu", ["x"], ["r"])


@pytest.mark.parametrize("rule", ["SAME_UPPER", "SAME_LOWER", "VALID"])
@pytest.mark.parametrize("op", ["Conv", "MaxPool", "AveragePool"])
def test_that_automatic_padding_becomes_numbers(tmp_path: Path, op: str, rule: str) -> None:
    inputs, more = (["x", "w"], {}) if op == "Conv" else (["x"], {"kernel_shape": [3, 3]})
    nodes = [node(op, inputs, ["y"], auto_pad=rule, strides=[2, 2], **more)]
    graph = deployed(tmp_path, nodes, {"w": PADS["w"]}, shape=(1, 3, 6, 7))
    before, after = unfused_and_fused(graph, {"x": X})
    assert graph.layers[0].attributes["auto_pad"] == b"NOTSET"
    np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("own", [0, 1])
def test_that_zeros_around_the_input_of_a_conv_are_its_padding(tmp_path: Path, own: int) -> None:
    nodes = [RELU, PAD, node("Conv", ["p", "w"], ["y"], pads=[own] * 4)]
    graph = deployed(tmp_path, nodes, PADS, shape=(1, 3, 6, 7))
    before, after = unfused_and_fused(graph, {"x": X})
    assert ops(graph) == ["Relu", "Conv"]
    assert list(graph.layers[1].attributes["pads"]) == [1 + own, 2 + own, own, 1 + own]
    np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-5)


def test_that_old_pads_are_folded_too(tmp_path: Path) -> None:
    nodes = [RELU, node("Pad", ["r"], ["p"], pads=[0, 0, 1, 1, 0, 0, 1, 1]), node("Conv", ["p", "w"], ["y"])]
    assert ops(deployed(tmp_path, nodes, {"w": PADS["w"]}, opset=10)) == ["Relu", "Conv"]


def test_that_zeros_around_a_maximum_of_what_is_never_negative_are_its_padding(tmp_path: Path) -> None:
    nodes = [RELU, PAD, node("MaxPool", ["p"], ["y"], kernel_shape=[3, 3])]
    graph = deployed(tmp_path, nodes, PADS, shape=(1, 3, 6, 7))
    before, after = unfused_and_fused(graph, {"x": X})
    assert ops(graph) == ["Relu", "MaxPool"]
    np.testing.assert_array_equal(after, before)


@pytest.mark.parametrize(
    ("pad", "constants"),
    [
        (node("Pad", ["r", "pads", "v"], ["p"]), {"v": np.float32(1)}),
        (node("Pad", ["r", "pads"], ["p"], mode="reflect"), {}),
        (node("Pad", ["r", "pads"], ["p"]), {"pads": np.asarray([0, 0, -1, 0, 0, 0, 0, 0])}),
    ],
)
def test_that_other_pads_stay(tmp_path: Path, pad: object, constants: dict) -> None:
    graph = deployed(tmp_path, [RELU, pad, node("Conv", ["p", "w"], ["y"])], {**PADS, **constants}, shape=(1, 3, 6, 7))
    assert ops(graph) == ["Relu", "Pad", "Conv"]


def test_that_zeros_around_a_maximum_of_what_may_be_negative_stay(tmp_path: Path) -> None:
    nodes = [node("Tanh", ["x"], ["r"]), PAD, node("MaxPool", ["p"], ["y"], kernel_shape=[3, 3])]
    assert ops(deployed(tmp_path, nodes, PADS, shape=(1, 3, 6, 7))) == ["Tanh", "Pad", "MaxPool"]


@pytest.mark.parametrize(("pads", "opset"), [([16, 16, 16, 16], 17), ([0, 18, 2, 18], 10)])
def test_that_more_zeros_than_a_conv_adds_are_put_before_it(tmp_path: Path, pads: list[int], opset: int) -> None:
    nodes = [node("Conv", ["x", "w"], ["y"], pads=pads, dilations=[2, 6])]
    graph = deployed(tmp_path, nodes, {"w": PADS["w"]}, shape=(1, 3, 6, 7), opset=opset)
    before, after = unfused_and_fused(graph, {"x": X})
    assert [(layer.op, layer.outputs[0]) for layer in graph.layers] == [("Pad", "x_pad"), ("Conv", "y")]
    np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-5)


def test_that_fifteen_zeros_stay_in_the_conv(tmp_path: Path) -> None:
    nodes = [node("Conv", ["x", "w"], ["y"], pads=[15, 15, 15, 15])]
    assert ops(deployed(tmp_path, nodes, {"w": PADS["w"]})) == ["Conv"]


@pytest.mark.parametrize("opset", [10, 13])
def test_that_a_pad_of_nothing_vanishes(tmp_path: Path, opset: int) -> None:
    known = {"pads": [0] * 8} if opset < 11 else {}
    pad = node("Pad", ["r", "none"][: 2 - len(known)], ["p"], **known)
    pool = node("AveragePool", ["p"], ["y"], kernel_shape=[2, 2], strides=[2, 2])
    graph = deployed(tmp_path, [RELU, pad, pool], {"none": np.zeros(8, np.int64)}, opset=opset)
    before, after = unfused_and_fused(graph, {"x": random(1, 3, 6, 6)})
    assert ops(graph) == ["Relu", "AveragePool"]
    assert graph.layers[0].outputs == ("r",)
    np.testing.assert_allclose(after, before, rtol=1e-6)


@pytest.mark.parametrize(("ends", "op"), [([1, 5], ["Conv"]), ([0, 5], ["Conv"]), ([2, 5], ["Conv", "Slice"])])
def test_that_places_that_only_padding_makes_are_not_computed(tmp_path: Path, ends: list[int], op: list[str]) -> None:
    nodes = [node("Conv", ["x", "w"], ["c"], pads=[1] * 4), node("Slice", ["c", "from", "to", "axes"], ["y"])]
    known = {"w": PADS["w"], "from": np.asarray(ends[:1]), "to": np.asarray(ends[1:]), "axes": np.asarray([2])}
    graph = deployed(tmp_path, nodes, known, shape=(1, 3, 6, 7))
    before, after = unfused_and_fused(graph, {"x": X})
    assert ops(graph) == op
    np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-5)
