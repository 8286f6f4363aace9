"""The patterns of `operators`: functions that make one network each."""

from collections.abc import Callable
from typing import Any

import numpy as np
import onnx

from tests.benchmarks.fidelity.building import IMAGE, Building, Value


def conv(**attributes: Any) -> onnx.ModelProto:
    """One Conv."""
    net = Building()
    return net.model(net.conv("x", **attributes))


def conv_without_bias() -> onnx.ModelProto:
    net = Building()
    return net.model(net.add("Conv", "x", net.weight(8, 8, 3, 3), kernel_shape=[3, 3]))


def conv_1d() -> onnx.ModelProto:
    net = Building((1, 8, 32))
    return net.model(net.add("Conv", "x", net.weight(16, 8, 3), net.uniform(16), kernel_shape=[3], pads=[1, 1]))


def conv_transpose(group: int = 1, **attributes: Any) -> onnx.ModelProto:
    net = Building()
    given = 8 if group > 1 else 6
    weight = net.weight(8, given // group, 4, 4) * np.sqrt(np.float32(given // group / 8))
    return net.model(net.add("ConvTranspose", net.conv("x"), weight, net.uniform(given), group=group, **attributes))


def alone(
    op: str, *values: Value, opset: int = 17, shape: tuple[int, ...] = IMAGE, **attributes: Any
) -> onnx.ModelProto:
    """One operator on the input."""
    net = Building(shape, opset=opset)
    return net.model(net.add(op, "x", *values, **attributes))


def behind(op: str, *values: Value, opset: int = 17, group: int = 1, **attributes: Any) -> onnx.ModelProto:
    """Conv and one operator."""
    net = Building(opset=opset)
    return net.model(net.add(op, net.conv("x", group=group), *values, **attributes))


def between(op: str, *values: Value, opset: int = 17, **attributes: Any) -> onnx.ModelProto:
    """Conv, one operator, Conv."""
    net = Building(opset=opset)
    return net.model(net.conv(net.add(op, net.conv("x"), *values, **attributes)))


def silu(before: Callable[[Building], str]) -> onnx.ModelProto:
    net = Building()
    value = before(net)
    return net.model(net.add("Mul", value, net.add("Sigmoid", value)))


def gelu(before: Callable[[Building], str]) -> onnx.ModelProto:
    net = Building()
    value = before(net)
    return net.model(_gelu(net, value))


def _gelu(net: Building, value: str) -> str:
    spread = net.add("Erf", net.add("Div", value, np.sqrt(np.float32(2))))
    found: str = net.add("Mul", net.add("Mul", value, net.add("Add", spread, 1.0)), 0.5)
    return found


def batch_norm(before: Callable[[Building], str]) -> onnx.ModelProto:
    net = Building()
    value = before(net)
    parameters = [net.uniform(8, low=0.7, high=1.3), net.uniform(8), net.uniform(8), net.uniform(8, low=0.6, high=1.4)]
    return net.model(net.add("BatchNormalization", value, *parameters))


def layer_norm() -> onnx.ModelProto:
    net = Building((1, 16, 32))
    value = net.add("MatMul", "x", net.weight(32, 32))
    return net.model(
        net.add("LayerNormalization", value, net.uniform(32, low=0.7, high=1.3), net.uniform(32), axis=-1, epsilon=1e-5)
    )


def layer_norm_of_pictures() -> onnx.ModelProto:
    """Conv, a norm over its channels behind a Transpose, and Conv."""
    net = Building()
    value = net.add("Transpose", net.conv("x"), perm=[0, 2, 3, 1])
    value = net.add(
        "LayerNormalization", value, net.uniform(8, low=0.7, high=1.3), net.uniform(8), axis=-1, epsilon=1e-5
    )
    return net.model(net.conv(net.add("Transpose", value, perm=[0, 3, 1, 2])))


def layer_norm_decomposed() -> onnx.ModelProto:
    """As exporters of PyTorch spell it before opset 17, between two products."""
    net = Building((1, 16, 32), opset=13)
    value = net.add("MatMul", "x", net.weight(32, 32))
    rest = net.add("Sub", value, net.add("ReduceMean", value, axes=[-1], keepdims=1))
    square = net.add("ReduceMean", net.add("Pow", rest, 2.0), axes=[-1], keepdims=1)
    value = net.add("Div", rest, net.add("Sqrt", net.add("Add", square, 1e-5)))
    value = net.add("Add", net.add("Mul", value, net.uniform(32, low=0.7, high=1.3)), net.uniform(32))
    return net.model(net.add("MatMul", value, net.weight(32, 24)))


def normalized() -> onnx.ModelProto:
    """A dense layer whose results are divided by their length, as networks for recognition do it."""
    net = Building((1, 64))
    value = net.add("Gemm", "x", net.weight(32, 64), net.uniform(32), transB=1)
    length = net.add("Clip", net.add("ReduceL2", value, axes=[1], keepdims=1), 1e-12)
    return net.model(net.add("Div", value, net.add("Expand", length, [1, 32])))


def batch_norm_of_rows() -> onnx.ModelProto:
    net = Building((1, 16, 32))
    value = net.add("Relu", net.add("Conv", "x", net.weight(16, 16, 3), kernel_shape=[3], pads=[1, 1]))
    parameters = [net.uniform(16, low=0.7, high=1.3), *(net.uniform(16) for _ in range(2))]
    return net.model(net.add("BatchNormalization", value, *parameters, net.uniform(16, low=0.6, high=1.4)))


def attention() -> onnx.ModelProto:
    """Two heads of attention to the places of a picture, between 1x1 Convs."""
    net = Building()
    heads = [net.add("Reshape", net.conv("x", 8, 16, 1), [1, 2, 8, 256]) for _ in range(3)]
    values = net.add("MatMul", net.add("Transpose", heads[0], perm=[0, 1, 3, 2]), heads[1])
    values = net.add("Mul", values, 0.35)
    shares = net.add("Transpose", net.add("Softmax", values, axis=-1), perm=[0, 1, 3, 2])
    value = net.add("Reshape", net.add("MatMul", heads[2], shares), [1, 16, 16, 16])
    return net.model(net.conv(value, 16, 8, 1))


def attention_of_rows(mask: bool = False) -> onnx.ModelProto:
    """Four heads of attention to the rows of a matrix, as in transformers: three dense layers before, one behind."""
    net = Building((1, 16, 32))
    order = {0: [0, 2, 1, 3], 1: [0, 2, 3, 1], 2: [0, 2, 1, 3]}
    parts = [net.add("Reshape", _dense(net, "x", 32), [1, 16, 4, 8]) for _ in order]
    queries, keys, values = (net.add("Transpose", part, perm=order[number]) for number, part in enumerate(parts))
    scores = net.add("Mul", net.add("MatMul", queries, keys), 0.35)
    scores = net.add("Add", scores, net.uniform(1, 1, 16, 16)) if mask else scores
    value = net.add("Transpose", net.add("MatMul", net.add("Softmax", scores, axis=-1), values), perm=[0, 2, 1, 3])
    return net.model(_dense(net, net.add("Reshape", value, [1, 16, 32]), 32))


def attention_of_one_layer() -> onnx.ModelProto:
    """The same with one dense layer for queries, keys and values, as in timm's networks."""
    net = Building((1, 16, 32))
    value = net.add("Add", net.add("MatMul", "x", net.weight(32, 96)), net.uniform(96))
    value = net.add("Transpose", net.add("Reshape", value, [1, 16, 3, 4, 8]), perm=[2, 0, 3, 1, 4])
    parts = [net.add("Squeeze", part, [0]) for part in net.add("Split", value, [1, 1, 1], count=3, axis=0)]
    scores = net.add("Mul", net.add("MatMul", parts[0], net.add("Transpose", parts[1], perm=[0, 1, 3, 2])), 0.35)
    value = net.add("Transpose", net.add("MatMul", net.add("Softmax", scores, axis=-1), parts[2]), perm=[0, 2, 1, 3])
    return net.model(_dense(net, net.add("Reshape", value, [1, 16, 32]), 32))


def _dense(net: Building, source: str, size: int) -> str:
    found: str = net.add("Add", net.add("MatMul", source, net.weight(size, size)), net.uniform(size))
    return found


def _patches(net: Building) -> str:
    """A picture as 16 rows of 32 values: Conv, Reshape and Transpose."""
    value = net.add("Conv", "x", net.weight(32, 8, 4, 4), net.uniform(32), kernel_shape=[4, 4], strides=[4, 4])
    found: str = net.add("Transpose", net.add("Reshape", value, [1, 32, 16]), perm=[0, 2, 1])
    return found


def _norm(net: Building, value: str) -> str:
    found: str = net.add(
        "LayerNormalization", value, net.uniform(32, low=0.7, high=1.3), net.uniform(32), axis=-1, epsilon=1e-5
    )
    return found


def patch_embedding() -> onnx.ModelProto:
    """Patches of a picture, a norm and a product."""
    net = Building()
    return net.model(net.add("MatMul", _norm(net, _patches(net)), net.weight(32, 24)))


def transformer_sums() -> onnx.ModelProto:
    """Patches with a place each, and twice a norm, two products and the sum with what was there before."""
    net = Building()
    value = net.add("Add", _patches(net), net.uniform(1, 16, 32))
    for _ in range(2):
        inner = net.add("Add", net.add("MatMul", _norm(net, value), net.weight(32, 64)), net.uniform(64))
        inner = net.add("Add", net.add("MatMul", _gelu(net, inner), net.weight(64, 32)), net.uniform(32))
        value = net.add("Add", value, inner)
    return net.model(value)


def instance_norm() -> onnx.ModelProto:
    net = Building()
    return net.model(net.add("InstanceNormalization", net.conv("x"), net.uniform(8, low=0.7, high=1.3), net.uniform(8)))


def two(op: str, *, relu: bool = False, **attributes: Any) -> onnx.ModelProto:
    """Two Convs into one operator."""
    net = Building()
    value = net.add(op, net.conv("x"), net.conv("x"), **attributes)
    return net.model(net.add("Relu", value) if relu else value)


def residual(relu: bool) -> onnx.ModelProto:
    """Relu(Conv(x)) + Conv of it."""
    net = Building()
    value = net.add("Relu", net.conv("x"))
    value = net.add("Add", value, net.conv(value))
    return net.model(net.add("Relu", value) if relu else value)


def inputs(op: str, **attributes: Any) -> onnx.ModelProto:
    """An operator on two inputs of the network."""
    net = Building(second=IMAGE)
    return net.model(net.add(op, "x", "x2", **attributes))


def positive(op: str, *values: Value) -> onnx.ModelProto:
    """An operator that needs values above zero: Conv, Sigmoid, + 0.1, and the operator."""
    net = Building()
    return net.model(net.add(op, net.add("Add", net.add("Sigmoid", net.conv("x")), 0.1), *values))


def division() -> onnx.ModelProto:
    net = Building()
    return net.model(net.add("Div", net.conv("x"), net.add("Add", net.add("Sigmoid", net.conv("x")), 0.5)))


def matmul(right: bool) -> onnx.ModelProto:
    """x · constant, or constant · x."""
    net = Building((1, 16, 32))
    pair = (net.weight(24, 16), "x") if right else ("x", net.weight(32, 24))
    return net.model(net.add("MatMul", *pair))


def matmul_inputs() -> onnx.ModelProto:
    net = Building((1, 16, 32), (1, 32, 24))
    return net.model(net.add("MatMul", "x", "x2"))


def gemm(behind_conv: bool) -> onnx.ModelProto:
    net = Building() if behind_conv else Building((1, 64))
    value = net.add("Flatten", net.add("Relu", net.conv("x", strides=[4, 4]))) if behind_conv else "x"
    taken = 128 if behind_conv else 64
    return net.model(net.add("Gemm", value, net.weight(10, taken), net.uniform(10), transB=1))


def split() -> onnx.ModelProto:
    net = Building(opset=13)
    first, second = net.add("Split", net.conv("x"), [4, 4], count=2, axis=1)
    return net.model(net.conv(first, 4), net.add("Relu", second))


def pooled(size: int, op: str = "GlobalAveragePool") -> onnx.ModelProto:
    net = Building((1, 8, size, size))
    return net.model(net.add(op, net.add("Relu", net.conv("x"))))


def chain(*layers: tuple[Any, ...]) -> onnx.ModelProto:
    """Conv and layers behind one another: (operator, values…, attributes)."""
    net = Building()
    value = net.conv("x")
    for op, *values, attributes in layers:
        value = net.add(op, value, *values, **attributes)
    return net.model(value)


def concat_chain(*layers: tuple[Any, ...]) -> onnx.ModelProto:
    """Two Convs, a Concat, and layers behind one another."""
    net = Building()
    value = net.add("Concat", net.conv("x"), net.conv("x"), axis=1)
    for op, *values, attributes in layers:
        value = net.add(op, value, *values, **attributes)
    return net.model(value)


def where() -> onnx.ModelProto:
    net = Building()
    value = net.conv("x")
    return net.model(net.add("Where", net.add("Greater", value, 0.1), value, -0.2))


def behind_two(op: str) -> onnx.ModelProto:
    """A Conv whose output two layers take: an activation and an Add."""
    net = Building()
    value = net.conv("x")
    return net.model(net.add("Add", net.add(op, value), value))


def nothing(net: Building) -> str:
    """The input itself, for patterns that take what comes before them."""
    return "x"


def convolved(net: Building) -> str:
    """A Conv, for patterns that take what comes before them."""
    return net.conv("x")
