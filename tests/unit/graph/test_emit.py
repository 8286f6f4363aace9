"""Rules of spelling vendor operators with those of ONNX."""

import numpy as np
import onnx
from onnx import helper

from workbench.graph.deployed import SWISH, make_layer
from workbench.graph.emit import emit, emit_to_the_bit, needed_constants
from workbench.graph.execute import assemble, open_session

X = np.concatenate([np.linspace(-90, 90, 20001), np.random.default_rng(0).normal(0, 4, 20000)]).astype(np.float32)


def computed(nodes: list[onnx.NodeProto]) -> np.ndarray:
    constants = [onnx.numpy_helper.from_array(value, name) for name, value in needed_constants(nodes, {}).items()]
    like = helper.make_model(
        helper.make_graph([], "g", [], []), opset_imports=[helper.make_opsetid("", 9)], ir_version=8
    )
    inputs = [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, X.shape)]
    found: np.ndarray = open_session(assemble(nodes, inputs, ["y"], constants, like)).run(["y"], {"x": X})[0]
    return found


def test_that_silu_to_the_bit_is_that_of_the_c_library() -> None:
    # expf of glibc: a double-precision 2^(k/32) times a cubic polynomial, rounded once
    with np.errstate(over="ignore"):
        power = np.exp2(-X.astype(np.float64) / np.log(2)).astype(np.float32)
    expected = X * (np.float32(1) / (np.float32(1) + power))
    found = computed(emit_to_the_bit(make_layer(SWISH, ["x"], ["y"]), ["x"], ["y"]))
    rounded = computed(emit(make_layer(SWISH, ["x"], ["y"]), ["x"], ["y"]))

    np.testing.assert_allclose(found, expected, rtol=3e-7, atol=1e-30)
    assert 0 < np.mean(found != rounded) < 1e-3


def test_that_silu_with_a_factor_has_it_in_the_exponent() -> None:
    layer = make_layer(SWISH, ["x"], ["y"], beta=1.5)
    expected = X / (1 + np.exp(-1.5 * X.astype(np.float64)))

    for spell in (emit, emit_to_the_bit):
        np.testing.assert_allclose(computed(spell(layer, ["x"], ["y"])), expected, rtol=1e-5, atol=1e-6)
