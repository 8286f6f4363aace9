"""MatMul of tensors of up to four axes, as the NPU has it.

A constant makes a 1x1 Conv, two tensors an exMatMul of [h, k, 1, m] and [h, k, 1, n] to [h, m, 1, n]. Source: the
toolkit's graphs of 23 single products; quantization semantics §5.1, §6.
"""

from collections.abc import Sequence

import numpy as np
import onnx
from onnx import helper

from workbench.graph.deployed import PRODUCT, DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.kernels import float_constant, numbered
from workbench.graph.rules.reshapes import reshape

SWAPPED = (0, 3, 2, 1)


def product_to_conv(draft: Draft, layer: DeployedLayer) -> bool:
    """x[…, m, k] · W[k, n] and W[n, k] · x[…, k, m] -> a 1x1 Conv `…_mm`, with x reshaped and transposed."""
    if layer.op != "MatMul":
        return False
    values = [float_constant(draft, name) for name in layer.inputs]
    is_right = values[1] is not None
    given, weight = layer.inputs[0 if is_right else 1], values[1 if is_right else 0]
    shape = _shape(draft, given)
    if weight is None or shape is None or weight.size != int(np.prod(weight.shape[-2:])) or weight.ndim < 2:
        return False
    if len(draft.shape(layer.outputs[0]) or ()) != len(shape):
        return False
    matrix = weight.reshape(weight.shape[-2:])
    if is_right:
        before, wide = _lines_first(draft, given, shape)
    else:
        before, wide = _wide(draft, given, shape, (0, 2, 1, 3))
    taken = draft.shape(wide) or ()
    matrix = np.ascontiguousarray(matrix.T if is_right else matrix)
    is_in_order = taken[2:] == (1, 1) or (not is_right and len(shape) < 4)
    golden = layer.outputs[0] if is_in_order else ""
    middle = draft.tensor(f"{layer.outputs[0]}_mm", (taken[0], len(matrix), *taken[2:]), golden=golden)
    name = draft.constant(f"{layer.outputs[0]}_weight", matrix.reshape(*matrix.shape, 1, 1))
    conv = make_layer("Conv", (wide, name), (middle,), kernel_shape=[1, 1])
    after = _back(draft, middle, layer.outputs[0], is_right)
    draft.replace([layer], [*before, conv, *after])
    return True


def product_of_tensors(draft: Draft, layer: DeployedLayer) -> bool:
    """x[…, m, k] · z[…, k, n] -> exMatMul; products of more than four axes, and of several batches, stay."""
    if layer.op != "MatMul" or any(name in draft.constants for name in layer.inputs):
        return False
    first, second = layer.inputs
    shapes = [_shape(draft, name) for name in layer.inputs]
    if shapes[0] is None or shapes[1] is None or shapes[0][:-2] != shapes[1][:-2]:
        return False
    behind, right = _wide(draft, second, shapes[1], (1, 2, 0, 3))
    if len(shapes[0]) == 4:
        before, left = _transposed(draft, first, f"{first}_tp_rs", (1, 3, 0, 2))
    else:
        before, wide = _wide(draft, first, shapes[0], ())
        turned, left = _transposed(draft, wide, f"{first}_tp-rs", SWAPPED)
        before = [*before, *turned]
    given, target = draft.shape(left) or (), layer.outputs[0]
    is_wide = len(shapes[0]) == 4
    size = (given[0], given[3], 1, shapes[1][-1])
    middle = draft.tensor(f"{target}_mm", size, golden="" if is_wide else target)
    back = make_layer("Transpose", (middle,), (target,), perm=[2, 0, 1, 3])
    product = make_layer(PRODUCT, (left, right), (middle,))
    draft.replace([layer], [*behind, *before, product, back if is_wide else reshape(draft, middle, target)])
    return True


def spelled_product(inputs: Sequence[str], outputs: Sequence[str]) -> list[onnx.NodeProto]:
    """An exMatMul as MatMul on [h, 1, m, k] and [h, 1, k, n]."""
    left, right, made = (f"{outputs[0]}:{end}" for end in ("left", "right", "product"))
    return [
        helper.make_node("Transpose", [inputs[0]], [left], perm=[0, 2, 3, 1]),
        helper.make_node("Transpose", [inputs[1]], [right], perm=[0, 2, 1, 3]),
        helper.make_node("MatMul", [left, right], [made]),
        helper.make_node("Transpose", [made], outputs, perm=[0, 2, 1, 3]),
    ]


def _shape(draft: Draft, name: str) -> tuple[int, ...] | None:
    """The shape of a computed float tensor of two to four axes; None for others, and for several batches of four."""
    shape = draft.shape(name)
    if shape is None or name in draft.constants or name in draft.grids or not draft.is_float(name):
        return None
    return shape if len(shape) in (2, 3) or (len(shape) == 4 and shape[0] == 1) else None


def _wide(draft: Draft, name: str, shape: Sequence[int], perm: Sequence[int]) -> tuple[list[DeployedLayer], str]:
    """`…_rs`: [b, k, m] as [b, k, 1, m]; four axes by a Transpose."""
    if len(shape) == 4:
        return _transposed(draft, name, f"{name}_rs", perm)
    batch, rows, columns = (1, *shape)[-3:]
    target = draft.tensor(numbered(draft, f"{name}_rs"), (batch, rows, 1, columns), golden=name)
    return [reshape(draft, name, target)], target


def _lines_first(draft: Draft, name: str, shape: Sequence[int]) -> tuple[list[DeployedLayer], str]:
    """x[…, m, k] as [1, k, …, m]."""
    if len(shape) == 4:
        return _transposed(draft, name, f"{name}_tp_rs", (0, 3, 1, 2))
    before, wide = _wide(draft, name, shape, ())
    turned, target = _transposed(draft, wide, f"{name}_tp-rs", _turn(shape))
    return [*before, *turned], target


def _back(draft: Draft, middle: str, target: str, is_right: bool) -> list[DeployedLayer]:
    """The Conv's result as the MatMul gave it."""
    shape = draft.shape(target) or ()
    if len(shape) == 4:
        return [make_layer("Transpose", (middle,), (target,), perm=[0, 2, 3, 1] if is_right else [0, 2, 1, 3])]
    if not is_right:
        return [reshape(draft, middle, target)]
    turned, wide = _transposed(draft, middle, f"{middle}_tp", _turn(shape))
    return [*turned, reshape(draft, wide, target)]


def _turn(shape: Sequence[int]) -> Sequence[int]:
    """From [b, m, 1, k] to [1, k, b, m], and back."""
    return SWAPPED if len(shape) == 2 or shape[0] == 1 else (2, 3, 0, 1)


def _transposed(draft: Draft, name: str, target: str, perm: Sequence[int]) -> tuple[list[DeployedLayer], str]:
    shape = draft.shape(name) or ()
    target = draft.tensor(numbered(draft, target), [shape[axis] for axis in perm])
    return [make_layer("Transpose", (name,), (target,), perm=list(perm))], target
