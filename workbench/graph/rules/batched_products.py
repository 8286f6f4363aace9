"""MatMul with one constant matrix a head, and what becomes of products whose result is transposed.

Source: the toolkit's graphs of 20 single products; `products` has those of tensors.
"""

import numpy as np

from workbench.graph.deployed import PRODUCT, DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.kernels import float_constant, numbered
from workbench.graph.rules.products import SWAPPED, product_and_back, transposed, turned_lines
from workbench.graph.rules.reshapes import reshape
from workbench.graph.rules.transposes import perm_of

EINSUM = 5  # axes from which on the toolkit goes another way


def batched_product(draft: Draft, layer: DeployedLayer) -> bool:
    """x[h, m, k] · W[h, k, n] and W[h, m, k] · x[h, k, n], with one matrix a head -> exMatMul."""
    values = [float_constant(draft, name) for name in layer.inputs] if layer.op == "MatMul" else [None, None]
    place = next((number for number, value in enumerate(values) if value is not None), None)
    weight = None if place is None else values[place]
    if place is None or weight is None or weight.ndim < 3 or weight.ndim > 4:
        return False
    source, target = layer.inputs[1 - place], layer.outputs[0]
    shape, given = draft.shape(source), draft.shape(target)
    if source in draft.constants or source in draft.grids or shape is None or given is None:
        return False
    heads = int(np.prod(weight.shape[:-2]))
    if heads == 1 or len(shape) not in (3, 4) or len(given) != len(shape) or (len(shape) == 4 and given[0] != 1):
        return False
    matrices = weight.reshape(heads, *weight.shape[-2:])
    columns = matrices if place else matrices.swapaxes(1, 2)
    name = draft.constant(f"{target}_factor", np.ascontiguousarray(columns[:, :, None, :]))
    before, wide = _turned(draft, source) if place else _lying(draft, source)
    finish = _product_turned if place else product_and_back
    draft.replace([layer], [*before, *finish(draft, (name, wide), target)])
    return True


def product_of_places(draft: Draft, layer: DeployedLayer) -> bool:
    """x[1, 1, b, 1, k] · W[h, b, k, n] -> exMatMul of [b, k, 1, 1] and [b, k, 1, h·n], Reshape and Transpose."""
    weight = float_constant(draft, layer.inputs[1]) if layer.op == "MatMul" else None
    source, target = layer.inputs[0], layer.outputs[0]
    shape, given = draft.shape(source), draft.shape(target)
    if weight is None or shape is None or given is None or weight.ndim != EINSUM - 1 or source in draft.constants:
        return False
    heads, places, size, columns = weight.shape
    if shape != (1, 1, places, 1, size) or given != (1, heads, places, 1, columns) or source in draft.grids:
        return False
    matrices = np.ascontiguousarray(weight.transpose(1, 2, 0, 3).reshape(places, size, 1, heads * columns))
    wide = draft.tensor(f"{source}_tp_rs", (places, size, 1, 1), golden=source)
    product = draft.tensor(f"{wide}_mm", (places, 1, 1, heads * columns))
    split = draft.tensor(f"{product}_rs_rs", (places, 1, heads, columns))
    turned = draft.tensor(f"{target}-rs", (heads, places, 1, columns), golden=target)
    layers = [
        reshape(draft, source, wide),
        make_layer(PRODUCT, (wide, draft.constant(f"{target}_factor", matrices)), (product,)),
        reshape(draft, product, split),
        make_layer("Transpose", (split,), (turned,), perm=[2, 0, 1, 3]),
        reshape(draft, turned, target),
    ]
    draft.replace([layer], layers)
    return True


def turn_product(draft: Draft, layer: DeployedLayer) -> bool:
    """Transpose(exMatMul(x, y)) -> exMatMul(y, x), where nothing else takes the product."""
    product = draft.producer(layer.inputs[0])
    if product is None or product.op != PRODUCT or perm_of(draft, layer) != SWAPPED:
        return False
    if draft.sole_consumer(product.outputs[0]) is not layer:
        return False
    draft.replace([product, layer], [make_layer(PRODUCT, product.inputs[::-1], layer.outputs)])
    return True


def _turned(draft: Draft, source: str) -> tuple[list[DeployedLayer], str]:
    """x[h, m, k] as [h, k, 1, m]."""
    shape = draft.shape(source) or ()
    if len(shape) == 4:
        return transposed(draft, source, f"{source}_tp_rs", (1, 3, 0, 2))
    return turned_lines(draft, source)


def _lying(draft: Draft, source: str) -> tuple[list[DeployedLayer], str]:
    """x[h, k, n] as [h, k, 1, n]."""
    shape = draft.shape(source) or ()
    if len(shape) == 4:
        return transposed(draft, source, f"{source}_rs", (1, 2, 0, 3))
    wide = draft.tensor(numbered(draft, f"{source}_rs"), (*shape[:2], 1, shape[2]), golden=source)
    return [reshape(draft, source, wide)], wide


def _product_turned(draft: Draft, operands: tuple[str, str], target: str) -> list[DeployedLayer]:
    """exMatMul of a matrix [h, k, 1, n] and x as [h, k, 1, m], and what makes of that what the MatMul gave."""
    left, right = (draft.shape(name) or () for name in operands)
    heads, is_row = max(left[0], right[0]), left[3] == 1
    size = (heads, right[3], 1, 1) if is_row else (heads, left[3], 1, right[3])
    middle = draft.tensor(f"{target}_mm", size, golden=target if 1 in (left[3], right[3]) else "")
    product = make_layer(PRODUCT, operands[::-1] if is_row else operands, (middle,))
    if len(draft.shape(target) or ()) == 4:
        return [product, make_layer("Transpose", (middle,), (target,), perm=[2, 0, 1, 3] if is_row else [2, 0, 3, 1])]
    if is_row:
        return [product, reshape(draft, middle, target)]
    turned, wide = transposed(draft, middle, f"{middle}_tp", SWAPPED)
    return [product, *turned, reshape(draft, wide, target)]
