"""Products and sums with constants disappear in the convolution beside them.

Differences and quotients are sums and products by then (elementwise). Source: quantization semantics §6.
"""

import numpy as np

from workbench.graph.deployed import DeployedLayer
from workbench.graph.draft import Draft
from workbench.graph.rules.kernels import Kernel, kernel_of, per_channel, with_kernel


def fold_into_conv(draft: Draft, layer: DeployedLayer) -> bool:
    """Conv · k or Conv + k with one k a channel: w' = w·k, b' = b·k, or b' = b + k. Named as the product or sum."""
    if layer.op not in ("Mul", "Add") or len(layer.inputs) != 2:
        return False
    for source, name in (layer.inputs, layer.inputs[::-1]):
        conv, shape = draft.producer(source), draft.shape(source)
        kernel = kernel_of(draft, conv) if conv is not None and conv.op == "Conv" else None
        constant = per_channel(draft, name, shape) if kernel is not None and shape is not None else None
        if conv is None or kernel is None or constant is None or draft.sole_consumer(source) is not layer:
            continue
        if shape == draft.shape(layer.outputs[0]):
            folded = _times(kernel, constant) if layer.op == "Mul" else _plus(kernel, constant)
            draft.replace([conv, layer], [with_kernel(draft, conv, folded, layer.outputs[0])])
            return True
    return False


def fold_product_before(draft: Draft, layer: DeployedLayer) -> bool:
    """x · k + dense Conv, with one k a channel of x: w' = w·k."""
    conv = draft.sole_consumer(layer.outputs[0]) if layer.op == "Mul" else None
    kernel = kernel_of(draft, conv) if conv is not None and conv.op == "Conv" else None
    if conv is None or kernel is None or conv.attributes.get("group", 1) != 1 or conv.inputs[0] != layer.outputs[0]:
        return False
    for source, name in (layer.inputs, layer.inputs[::-1]):
        shape = draft.shape(source)
        factor = per_channel(draft, name, shape) if shape is not None and source not in draft.constants else None
        if factor is not None and shape == draft.shape(layer.outputs[0]):
            weight = kernel.weight * factor.reshape(1, -1, *[1] * (kernel.weight.ndim - 2))
            made = with_kernel(draft, conv, Kernel(weight, kernel.bias), conv.outputs[0], source=source)
            draft.replace([layer, conv], [made])
            return True
    return False


def _times(kernel: Kernel, factor: np.ndarray) -> Kernel:
    weight = kernel.weight * factor.reshape(-1, *[1] * (kernel.weight.ndim - 1))
    return Kernel(weight, None if kernel.bias is None else kernel.bias * factor)


def _plus(kernel: Kernel, term: np.ndarray) -> Kernel:
    return Kernel(kernel.weight, term if kernel.bias is None else kernel.bias + term)
