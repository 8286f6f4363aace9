"""Rules of the plan of a network that brings its own quantization."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.graph.test_own_quantization import CONSTANTS, pair, qdq
from tests.unit.networks import deployed, node
from workbench.foundation.errors import SettingsError
from workbench.graph.grids import Grid
from workbench.quantize.constants import constants_of
from workbench.quantize.encoding import Encoding
from workbench.quantize.own import encoding_of, own_encodings, own_golden, own_plan


def test_that_unsigned_integers_are_stored_128_lower(tmp_path: Path) -> None:
    assert own_plan(qdq(tmp_path)).encodings["xd_q"] == Encoding("int8", (0.5,), (-125,))


def test_that_a_tensor_with_zero_points_of_zero_becomes_symmetric() -> None:
    """Its range reaches from -128 to 127 steps; the symmetric scale is the larger half over 127, as in the toolkit."""
    assert encoding_of(Grid("uint8", (0.5,), (128,))) == Encoding("int8", (0.5 * 128 / 127,), (0,))
    assert encoding_of(Grid("int8", (1.0, 2.0), (0, 0), 1)).scale == (128 / 127, 256 / 127)


def test_that_a_scale_with_a_zero_point_stays() -> None:
    assert encoding_of(Grid("int8", (0.1,), (-128,))) == Encoding("int8", (0.1,), (-128,))


def test_that_weights_lie_on_the_grid_that_the_npu_has_for_them(tmp_path: Path) -> None:
    graph = qdq(tmp_path)
    used = constants_of(graph, graph.producers["c"], own_plan(graph))[1]

    step = np.float32(np.float32(0.1) * 128 / 127)
    assert np.array_equal(used / step, np.rint(used / step))
    assert np.abs(used - graph.constants["wd"]).max() <= step / 2


def test_that_what_an_activation_takes_inside_an_operator_is_not_stored(tmp_path: Path) -> None:
    plan = own_plan(qdq(tmp_path))

    assert plan.unstored == plan.grouped == {"c"}
    assert set(plan.precision.values()) == {"int8"}


def test_that_a_layer_of_which_the_network_says_nothing_is_float16(tmp_path: Path) -> None:
    nodes = [*pair("x", "xd"), node("Exp", ["xd"], ["e"]), node("Sqrt", ["e"], ["t"]), *pair("t", "y")]

    plan = own_plan(deployed(tmp_path, nodes, CONSTANTS, shape=(1, 4, 2, 2)))

    assert (plan.precision["e"], plan.precision["t"]) == ("float16", "float16")


def test_that_what_only_moves_values_shares_their_encoding(tmp_path: Path) -> None:
    nodes = [*pair("x", "xd"), node("MaxPool", ["xd"], ["m"], kernel_shape=[2, 2]), node("Exp", ["m"], ["y"])]

    plan = own_plan(deployed(tmp_path, nodes, CONSTANTS, shape=(1, 4, 2, 2)))

    assert plan.encodings["m"] == plan.encodings["xd_q"]


def test_that_a_layer_can_be_kept_in_float16(tmp_path: Path) -> None:
    graph = qdq(tmp_path)

    assert own_plan(graph, ["c"]).precision["c"] == "float16"
    with pytest.raises(SettingsError, match="No layer gives nothing"):
        own_plan(graph, ["nothing"])


def test_that_golden_integers_are_read_with_the_networks_own_encoding(tmp_path: Path) -> None:
    assert own_encodings(qdq(tmp_path))["y_q"] == Encoding("uint8", (0.25,), (128,))


def test_that_golden_of_what_is_not_stored_is_the_float_value(tmp_path: Path) -> None:
    graph = qdq(tmp_path)

    assert own_golden(graph, own_plan(graph)).golden_of["c"] == "c"
