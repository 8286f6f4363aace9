"""x · a + b per channel is one BatchNormalization with the toolkit's parameters."""

from pathlib import Path

import numpy as np
import onnx
import pytest

from tests.unit.networks import as_written, deployed, float_values, giver, node, ops, own_values, random
from workbench.graph.deployed import Deployed
from workbench.graph.draft import Draft, apply
from workbench.graph.rules.affine import UNIT, product_and_sum, simplify_batch_norm

SHAPE = (1, 4, 6, 6)
NORM = {
    "gamma": random(4, seed=4) + 2,
    "beta": random(4, seed=5),
    "mean": random(4, seed=6),
    "variance": np.abs(random(4, seed=7)) + np.float32(0.5),
}
CHANNEL = np.linspace(0.3, 1.2, 4, dtype=np.float32).reshape(4, 1, 1)


def rewritten(folder: Path, nodes: list[onnx.NodeProto], constants: dict[str, object]) -> Deployed:
    draft = Draft(as_written(folder, nodes, constants, shape=SHAPE))
    apply(draft, [product_and_sum, simplify_batch_norm])
    return draft.graph()


def is_close(graph: Deployed) -> bool:
    feeds = {"x": random(*SHAPE, seed=5)}
    return np.allclose(own_values(graph.model.proto, feeds)["y"], float_values(graph, feeds)["y"], atol=1e-5)


def test_that_a_batch_norm_on_its_own_has_the_parameters_of_the_toolkit(tmp_path: Path) -> None:
    graph = rewritten(tmp_path, [node("BatchNormalization", ["x", *NORM], ["y"], epsilon=1e-3)], NORM)
    _, scale, shift = giver(graph, "y").inputs
    deviation = np.sqrt(NORM["variance"] + np.float32(1e-3))

    assert np.array_equal(graph.constants[scale].reshape(-1), NORM["gamma"] / deviation * UNIT)
    assert np.array_equal(graph.constants[shift].reshape(-1), NORM["beta"] - NORM["mean"] * NORM["gamma"] / deviation)
    assert is_close(graph)


@pytest.mark.parametrize(("channels", "inexact"), [(1, 0), (3, 0), (4, 4), (6, 4), (9, 8)])
def test_that_channels_left_over_from_fours_have_an_exact_inverse_deviation(
    tmp_path: Path, channels: int, inexact: int
) -> None:
    values = np.linspace(0.25, 1, channels, dtype=np.float32).reshape(-1, 1, 1)
    nodes = [node("Mul", ["x", "a"], ["m"]), node("Add", ["m", "b"], ["y"])]
    draft = Draft(as_written(tmp_path, nodes, {"a": values, "b": values}, shape=(1, channels, 2, 2)))
    apply(draft, [product_and_sum])
    scale = draft.graph().constants[draft.layers[0].inputs[1]].reshape(-1)
    factors = [UNIT] * inexact + [np.float32(1)] * (channels - inexact)
    assert np.array_equal(scale, values.reshape(-1) * np.array(factors))


@pytest.mark.parametrize("factor", [CHANNEL, 0.7], ids=["per channel", "number"])
@pytest.mark.parametrize("inputs", [["m", "b"], ["b", "m"]])
def test_that_a_product_and_a_sum_are_one_batch_norm(tmp_path: Path, factor: object, inputs: list[str]) -> None:
    nodes = [node("Mul", ["x", "a"], ["m"]), node("Add", inputs, ["y"])]

    graph = rewritten(tmp_path, nodes, {"a": factor, "b": CHANNEL - 1})

    assert ops(graph) == ["BatchNormalization"]
    assert is_close(graph)


@pytest.mark.parametrize(
    ("factor", "nodes"),
    [
        (random(1, 1, 6, 6), [node("Mul", ["x", "a"], ["m"]), node("Add", ["m", "b"], ["y"])]),
        (CHANNEL, [node("Add", ["x", "a"], ["m"]), node("Mul", ["m", "b"], ["y"])]),
        (CHANNEL, [node("Mul", ["x", "a"], ["m"]), node("Add", ["m", "b"], ["c"]), node("Add", ["c", "m"], ["y"])]),
    ],
    ids=["per pixel", "sum first", "shared"],
)
def test_that_other_products_and_sums_stay(tmp_path: Path, factor: object, nodes: list[onnx.NodeProto]) -> None:
    assert "BatchNormalization" not in ops(rewritten(tmp_path, nodes, {"a": factor, "b": CHANNEL}))


@pytest.mark.parametrize("shape", [(1, 4, 6), (2, 4)])
def test_that_one_of_fewer_axes_is_reshaped_to_four(tmp_path: Path, shape: tuple[int, ...]) -> None:
    nodes = [node("BatchNormalization", ["x", *NORM], ["n"]), node("Sin", ["n"], ["y"])]
    graph = deployed(tmp_path, nodes, NORM, shape=shape)
    feeds = {"x": random(*shape, seed=5)}
    assert ops(graph) == ["Reshape", "BatchNormalization", "Sin", "Reshape"]
    assert len(graph.tensors["n-rs"].shape) == 4
    assert np.allclose(own_values(graph.model.proto, feeds)["y"], float_values(graph, feeds)["y"], atol=1e-5)
