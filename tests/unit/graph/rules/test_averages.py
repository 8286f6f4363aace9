"""AveragePool is summed in the order in which the toolkit sums."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.unit.networks import as_written, float_values, node, own_values, random
from workbench.graph.deployed import Deployed
from workbench.graph.draft import Draft, apply
from workbench.graph.rules.averages import WINDOW, average_in_order

SHAPE = (1, 4, 13, 13)
FEEDS = {"x": random(*SHAPE, seed=3)}


def pooled(folder: Path, opset: int = 17, **attributes: Any) -> Deployed:
    draft = Draft(as_written(folder, [node("AveragePool", ["x"], ["y"], **attributes)], shape=SHAPE, opset=opset))
    apply(draft, [average_in_order])
    return draft.graph()


POOLS: dict[str, dict[str, Any]] = {
    "2x2": {"kernel_shape": [2, 2], "strides": [2, 2]},
    "padded": {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]},
    "counting": {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1], "count_include_pad": 1},
    "uneven": {"kernel_shape": [3, 2], "strides": [2, 1], "pads": [1, 0, 0, 1]},
    "ceiling": {"kernel_shape": [2, 2], "strides": [2, 2], "ceil_mode": 1},
    "automatic": {"kernel_shape": [3, 3], "strides": [2, 2], "auto_pad": "SAME_UPPER"},
}


@pytest.mark.parametrize("name", POOLS)
def test_that_the_average_is_the_one_that_onnx_defines(tmp_path: Path, name: str) -> None:
    graph = pooled(tmp_path, **POOLS[name])

    assert WINDOW in graph.layers[0].attributes
    np.testing.assert_allclose(
        float_values(graph, FEEDS)["y"], own_values(graph.model.proto, FEEDS)["y"], rtol=1e-5, atol=1e-6
    )


@pytest.mark.parametrize("name", ["2x2", "padded", "counting", "uneven"])
def test_that_the_bits_are_those_of_the_newer_operator(tmp_path: Path, name: str) -> None:
    newer = pooled(tmp_path, opset=19, **POOLS[name])

    older = float_values(pooled(tmp_path, **POOLS[name]), FEEDS)["y"]

    assert WINDOW not in newer.layers[0].attributes
    assert np.array_equal(older, own_values(newer.model.proto, FEEDS)["y"])


@pytest.mark.parametrize("opset", [9, 11, 18])
@pytest.mark.parametrize("name", ["2x2", "padded", "uneven"])
def test_that_older_networks_have_the_bits_of_the_newer_operator_too(tmp_path: Path, opset: int, name: str) -> None:
    newer = pooled(tmp_path, opset=19, **POOLS[name])

    older = float_values(pooled(tmp_path, opset=opset, **POOLS[name]), FEEDS)["y"]

    assert np.array_equal(older, own_values(newer.model.proto, FEEDS)["y"])


def test_that_a_large_window_is_left_to_the_runtime(tmp_path: Path) -> None:
    assert WINDOW not in pooled(tmp_path, kernel_shape=[9, 9]).layers[0].attributes
