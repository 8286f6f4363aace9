"""What rules about convolutions have in common: constant weights and biases, per-channel constants, names."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from workbench.graph.deployed import DeployedLayer, make_layer, rewired
from workbench.graph.draft import Draft


@dataclass(frozen=True)
class Kernel:
    """The constants of a Conv or ConvTranspose, both float32."""

    weight: np.ndarray
    bias: np.ndarray | None


def kernel_of(draft: Draft, layer: DeployedLayer) -> Kernel | None:
    """The constants of a Conv or ConvTranspose; None for other layers, and where they are computed or no float32."""
    if layer.op not in ("Conv", "ConvTranspose") or not draft.is_float(layer.outputs[0]):
        return None
    weight = float_constant(draft, layer.inputs[1])
    has_bias = len(layer.inputs) > 2 and bool(layer.inputs[2])
    bias = float_constant(draft, layer.inputs[2]) if has_bias else None
    return None if weight is None or (has_bias and bias is None) else Kernel(weight, bias)


def float_constant(draft: Draft, name: str) -> np.ndarray | None:
    """A constant of float32 values that no quantization of the network's own stores."""
    value = draft.value(name)
    return value if value is not None and value.dtype == np.float32 and name not in draft.grids else None


def with_kernel(draft: Draft, conv: DeployedLayer, kernel: Kernel, output: str, source: str = "") -> DeployedLayer:
    """The same convolution with other constants, another output and, where given, another input."""
    inputs = (source or conv.inputs[0], *kernel_inputs(draft, kernel, output))
    proto = rewired(conv.proto, inputs, (output,))
    return replace(conv, inputs=inputs, outputs=(output,), origins=(), absorbed=(), proto=proto)


def kernel_inputs(draft: Draft, kernel: Kernel, name: str) -> tuple[str, ...]:
    """Add the constants of a convolution under new names."""
    ends = (("weight", kernel.weight), ("bias", kernel.bias))
    return tuple(draft.constant(f"{name}_{end}", value) for end, value in ends if value is not None)


def depthwise(draft: Draft, source: str, output: str, weight: np.ndarray, **attributes: Sequence[int]) -> DeployedLayer:
    """A depthwise Conv with the given weights [C, 1, kh, kw] and, as the toolkit does it, a bias of zeros."""
    kernel = Kernel(weight, np.zeros(len(weight), np.float32))
    inputs = (source, *kernel_inputs(draft, kernel, output))
    return make_layer("Conv", inputs, (output,), group=len(weight), kernel_shape=weight.shape[2:], **attributes)


def per_channel(draft: Draft, name: str, shape: Sequence[int]) -> np.ndarray | None:
    """A constant of one float32 value a channel of a tensor of `shape`, as a vector; None if it varies otherwise."""
    value = float_constant(draft, name)
    if value is None or value.ndim > len(shape) or len(shape) < 2:
        return None
    aligned = (1,) * (len(shape) - value.ndim) + value.shape
    if aligned[1] not in (1, shape[1]) or any(size != 1 for size in (aligned[0], *aligned[2:])):
        return None
    return np.ascontiguousarray(np.broadcast_to(value.reshape(-1), (shape[1],)))


def own_name(layer: DeployedLayer) -> str:
    """The name of the user's layer, after which the toolkit calls what it makes of it."""
    return layer.origins[0] if len(layer.origins) == 1 else layer.outputs[0]


def numbered(draft: Draft, name: str) -> str:
    """`name`, or `name#1`, `name#2` … where that is taken: the toolkit's way of telling new names apart."""
    number, free = 0, name
    while free in draft.tensors or free in draft.constants:
        number += 1
        free = f"{name}#{number}"
    return free


def pads_of(layer: DeployedLayer, spatial: Sequence[int]) -> tuple[int, ...] | None:
    """The paddings of a convolution or pooling, begins before ends; None where they depend on an unknown auto_pad."""
    rule = layer.attributes.get("auto_pad", b"NOTSET")
    rule = rule.decode() if isinstance(rule, bytes) else rule
    count = len(spatial)
    if rule in ("NOTSET", ""):
        return tuple(layer.attributes.get("pads", (0,) * 2 * count))
    if rule == "VALID":
        return (0,) * 2 * count
    kernel = layer.attributes.get("kernel_shape")
    if kernel is None or rule not in ("SAME_UPPER", "SAME_LOWER"):
        return None
    strides, dilations = (layer.attributes.get(name, (1,) * count) for name in ("strides", "dilations"))
    totals = [
        max((-(-size // stride) - 1) * stride + (width - 1) * dilation + 1 - size, 0)
        for size, width, stride, dilation in zip(spatial, kernel, strides, dilations, strict=True)
    ]
    small, large = [total // 2 for total in totals], [total - total // 2 for total in totals]
    return tuple(small + large if rule == "SAME_UPPER" else large + small)


def opset_of(draft: Draft) -> int:
    """The version of the standard operators that the network uses."""
    return next((item.version for item in draft.model.proto.opset_import if item.domain in ("", "ai.onnx")), 1)
