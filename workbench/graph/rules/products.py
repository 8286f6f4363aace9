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
        before, left = transposed(draft, first, f"{first}_tp_rs", (1, 3, 0, 2))
    elif len(shapes[0]) == 3:
        before, left = turned_lines(draft, first)
    else:
        before, wide = _wide(draft, first, shapes[0], ())
        turned, left = transposed(draft, wide, turned_name(draft, first), SWAPPED)
        before = [*before, *turned]
    draft.replace([layer], [*behind, *before, *product_and_back(draft, (left, right), layer.outputs[0])])
    return True


def product_and_back(draft: Draft, operands: tuple[str, str], target: str) -> list[DeployedLayer]:
    """exMatMul `…_mm` of [h, k, 1, m] and [h, k, 1, n], and what makes [h, m, 1, n] what the MatMul gave.

    A single row is a column on the NPU: the operands change places where m is one.
    """
    left, right = (draft.shape(name) or () for name in operands)
    heads = max(left[0], right[0])
    is_row = left[3] == 1
    size = (heads, right[3], 1, 1) if is_row else (heads, left[3], 1, right[3])
    is_wide = len(draft.shape(target) or ()) == 4
    middle = draft.tensor(f"{target}_mm", size, golden=target if is_row or not is_wide else "")
    product = make_layer(PRODUCT, operands[::-1] if is_row else operands, (middle,))
    if not is_wide:
        return [product, reshape(draft, middle, target)]
    return [product, make_layer("Transpose", (middle,), (target,), perm=[2, 0, 3, 1] if is_row else [2, 0, 1, 3])]


def turned_lines(draft: Draft, name: str) -> tuple[list[DeployedLayer], str]:
    """x[h, m, k] as [h, k, 1, m]: a Transpose `…_tp` and a Reshape `…_tp_rs`."""
    heads, rows, columns = draft.shape(name) or (1, 1, 1)
    turned = draft.tensor(numbered(draft, f"{name}_tp"), (heads, columns, rows))
    wide = draft.tensor(numbered(draft, f"{turned}_rs"), (heads, columns, 1, rows))
    return [make_layer("Transpose", (name,), (turned,), perm=[0, 2, 1]), reshape(draft, turned, wide)], wide


def turned_name(draft: Draft, name: str) -> str:
    """`…_tp-rs`, `…_tp#1-rs`, …: the toolkit counts Transposes before they get four axes."""
    turned, number = f"{name}_tp-rs", 0
    while turned in draft.tensors:
        number += 1
        turned = f"{name}_tp#{number}-rs"
    return turned


def transposed(draft: Draft, name: str, target: str, perm: Sequence[int]) -> tuple[list[DeployedLayer], str]:
    """A Transpose to a new tensor, or the one that gives that already."""
    shape = draft.shape(name) or ()
    there = draft.producer(target)
    if there is not None and there.inputs == (name,) and there.attributes.get("perm") == list(perm):
        return [], target
    target = draft.tensor(numbered(draft, target), [shape[axis] for axis in perm])
    return [make_layer("Transpose", (name,), (target,), perm=list(perm))], target


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
        return transposed(draft, name, f"{name}_rs", perm)
    batch, rows, columns = (1, *shape)[-3:]
    target = draft.tensor(numbered(draft, f"{name}_rs"), (batch, rows, 1, columns), golden=name)
    return [reshape(draft, name, target)], target


def _lines_first(draft: Draft, name: str, shape: Sequence[int]) -> tuple[list[DeployedLayer], str]:
    """x[…, m, k] as [1, k, …, m]."""
    if len(shape) == 4:
        return transposed(draft, name, f"{name}_tp_rs", (0, 3, 1, 2))
    before, wide = _wide(draft, name, shape, ())
    turned, target = transposed(draft, wide, f"{name}_tp-rs", _turn(shape))
    return [*before, *turned], target


def _back(draft: Draft, middle: str, target: str, is_right: bool) -> list[DeployedLayer]:
    """The Conv's result as the MatMul gave it."""
    shape = draft.shape(target) or ()
    if len(shape) == 4:
        return [make_layer("Transpose", (middle,), (target,), perm=[0, 2, 3, 1] if is_right else [0, 2, 1, 3])]
    if not is_right:
        return [reshape(draft, middle, target)]
    turned, wide = transposed(draft, middle, f"{middle}_tp", _turn(shape))
    return [*turned, reshape(draft, wide, target)]


def _turn(shape: Sequence[int]) -> Sequence[int]:
    """From [b, m, 1, k] to [1, k, b, m], and back."""
    return SWAPPED if len(shape) == 2 or shape[0] == 1 else (2, 3, 0, 1)
