"""Attention as the chips have it that compute it in one operator: exSDPAttention.

It stands in the graph as several layers, all but the last of which give what it rounds inside: the products of queries
and keys [h, m, 1, n], these with a mask, and their shares. Source: the toolkit's graphs of 16 attentions; quantization
semantics §5.1.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import onnx
from onnx import helper

from workbench.graph.deployed import ATTENTION, SOFTMAX, DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.kernels import float_constant, numbered, own_name
from workbench.graph.rules.products import SWAPPED, spelled_product, transposed, turned_lines
from workbench.graph.rules.reshapes import reshape

INSIDE = "inside"  # the attribute of layers that give what an attention keeps to itself
SCORES, MASKED, SHARES = "scores", "masked", "shares"
LINES, COLUMNS = (1, 3, 0, 2), (1, 2, 0, 3)  # of [1, h, m, d] and of [1, h, d, n] to [h, d, 1, …]
FROM_LINES, FROM_COLUMNS = (2, 0, 3, 1), (2, 0, 1, 3)
ORDERLY = (0, 2, 1, 3)  # of the heads and rows behind an attention, in nearly every network
TURNED = ((0, 1, 3, 2), (0, 2, 1))


@dataclass(frozen=True)
class _Attention:
    """MatMul(Softmax(MatMul(queries, keys) · scale + mask), values): its layers, and what they take.

    Or MatMul(values, the same transposed), which is `upright`.
    """

    layers: tuple[DeployedLayer, ...]
    operands: tuple[str, str, str]
    scale: np.float32
    mask: np.ndarray | None
    upright: bool


@dataclass(frozen=True)
class _Names:
    """What the toolkit calls an attention, its result and its values."""

    node: str
    result: str
    values: str


def merge_attention(draft: Draft, layer: DeployedLayer) -> bool:
    """An attention of several heads -> exSDPAttention of [h, d, 1, m], [h, d, 1, n] and [h, e, 1, n]."""
    found = _attention(draft, layer) if draft.attention and layer.op == "MatMul" else None
    if found is None or not _is_plain(draft, found):
        return False
    target, names = layer.outputs[0], _names(draft, layer, found)
    left, queries = _lines(draft, found.operands[0], f"{found.operands[0]}_tp_rs")
    right, keys = _columns(draft, found.operands[1], f"{found.operands[1]}_rs")
    behind, values = (_columns if found.upright else _lines)(draft, found.operands[2], names.values)
    inner = _inside(draft, (queries, keys), names, found)
    size = (*(draft.shape(values) or ())[:2], 1, (draft.shape(queries) or ())[3])
    made = draft.tensor(names.result, size, golden=target if found.upright else "")
    last = make_layer(ATTENTION, (inner[-1].outputs[0], values), (made,))
    draft.replace(found.layers, [*left, *right, *behind, *inner, last, *_back(draft, made, target, found.upright)])
    return True


def spelled_attention(layer: DeployedLayer, inputs: Sequence[str], outputs: Sequence[str]) -> list[onnx.NodeProto]:
    """One of its layers in standard operators."""
    target, part = outputs[0], layer.attributes.get(INSIDE)
    if part == SCORES:
        return spelled_product(inputs, outputs)
    if part == MASKED:
        scaled = helper.make_node("Mul", inputs[:2], [f"{target}:scaled"])
        return [scaled, helper.make_node("Add", [f"{target}:scaled", inputs[2]], outputs)]
    if part == SHARES and len(inputs) == 1:
        return [helper.make_node("Softmax", inputs, outputs, axis=3)]
    if part == SHARES:
        scaled = helper.make_node("Mul", inputs, [f"{target}:scaled"])
        return [scaled, helper.make_node("Softmax", [f"{target}:scaled"], outputs, axis=3)]
    columns, rows, product = (f"{target}:{end}" for end in ("columns", "rows", "product"))
    return [
        helper.make_node("Transpose", [inputs[1]], [rows], perm=[0, 2, 1, 3]),
        helper.make_node("Transpose", [inputs[0]], [columns], perm=[0, 2, 3, 1]),
        helper.make_node("MatMul", [rows, columns], [product]),
        helper.make_node("Transpose", [product], outputs, perm=[0, 2, 1, 3]),
    ]


def _names(draft: Draft, layer: DeployedLayer, found: _Attention) -> _Names:
    """They tell whether the toolkit finds it before or after it turns products to exMatMul."""
    name, target, values = own_name(layer), layer.outputs[0], found.operands[2]
    if found.upright:
        return _Names(f"{name}#1", f"{target}_mm", f"{values}_tp_rs_tp")
    taker = draft.sole_consumer(target)
    if taker is not None and tuple(taker.attributes.get("perm", ())) == ORDERLY:
        return _Names(name, f"{target}_sdpa", f"{values}_tp_rs")
    return _Names(f"{name}#1", f"{target}_mm_sdpa", f"{values}_rs_tp")


def _inside(draft: Draft, taken: tuple[str, str], names: _Names, found: _Attention) -> list[DeployedLayer]:
    """The layers from queries and keys to shares."""
    (heads, _, _, rows), (*_, columns) = (draft.shape(name) or (0, 0, 0, 0) for name in taken)

    def tensor(end: str) -> str:
        return draft.tensor(f"{names.node}_2sdpa_{end}", (heads, rows, 1, columns))

    scores = tensor("q_matmul")
    layers = [make_layer(ATTENTION, taken, (scores,), **{INSIDE: SCORES})]
    given = [scores, draft.constant(f"{names.result}_scale", np.asarray(found.scale))]
    if found.mask is not None:
        mask = draft.constant(f"{names.result}_mask", np.ascontiguousarray(found.mask[:, :, None, :]))
        masked = tensor("q_add")
        layers.append(make_layer(ATTENTION, (*given, mask), (masked,), **{INSIDE: MASKED}))
        given = [masked]
    return [*layers, make_layer(ATTENTION, given, (tensor("q_softmax"),), **{INSIDE: SHARES})]


def _attention(draft: Draft, layer: DeployedLayer) -> _Attention | None:
    """What ends with a product of shares and values."""
    layers, values, upright = [layer], layer.inputs[1], False
    softmax = _alone(draft, layer.inputs[0])
    turned = _alone(draft, layer.inputs[1])
    if turned is not None and tuple(turned.attributes.get("perm", ())) in TURNED:
        layers, values, upright = [layer, turned], layer.inputs[0], True
        softmax = _alone(draft, turned.inputs[0])
    rank = len(draft.shape(layer.outputs[0]) or ())
    if softmax is None or softmax.op != SOFTMAX or softmax.attributes["axis"] not in (-1, rank - 1):
        return None
    layers.append(softmax)
    product, mask, scale = _alone(draft, softmax.inputs[0]), None, np.float32(1)
    if product is not None and product.op == "Add":
        mask = _constant(draft, product)
        if mask is None or rank != 4 or mask.ndim != 4 or mask.shape[0] != 1 or mask.shape[2:] != _rows(draft, product):
            return None
        layers.append(product)
        mask, product = mask[0], _alone(draft, _computed(draft, product))
    if product is not None and product.op == "Mul":
        factor = _constant(draft, product)
        if factor is None or factor.size != 1:
            return None
        layers.append(product)
        scale, product = np.float32(factor.reshape(-1)[0]), _alone(draft, _computed(draft, product))
    if product is None or product.op != "MatMul":
        return None
    return _Attention((product, *layers[::-1]), (product.inputs[0], product.inputs[1], values), scale, mask, upright)


def _rows(draft: Draft, layer: DeployedLayer) -> tuple[int, ...]:
    return (draft.shape(layer.outputs[0]) or ())[2:]


def _constant(draft: Draft, layer: DeployedLayer) -> np.ndarray | None:
    """The constant operand of an operator on two; None where both are computed."""
    return next((value for name in layer.inputs if (value := float_constant(draft, name)) is not None), None)


def _computed(draft: Draft, layer: DeployedLayer) -> str:
    return next((name for name in layer.inputs if name not in draft.constants), "")


def _is_plain(draft: Draft, found: _Attention) -> bool:
    """Whether all that it takes are computed floats of one batch and the same heads."""
    batches = {(draft.shape(name) or ())[:-2] for name in found.operands}
    if any(name in draft.constants or name in draft.grids or not draft.is_float(name) for name in found.operands):
        return False
    batch = batches.pop() if len(batches) == 1 else ()
    return (len(batch) == 2 and batch[0] == 1) or (len(batch) == 1 and batch[0] > 1)


def _alone(draft: Draft, name: str) -> DeployedLayer | None:
    """The layer that gives a tensor which one layer only takes."""
    return draft.producer(name) if draft.sole_consumer(name) is not None else None


def _lines(draft: Draft, name: str, target: str) -> tuple[list[DeployedLayer], str]:
    """[…, m, d] as [h, d, 1, m]."""
    if len(draft.shape(name) or ()) == 4:
        return transposed(draft, name, target, LINES)
    return turned_lines(draft, name)


def _columns(draft: Draft, name: str, target: str) -> tuple[list[DeployedLayer], str]:
    """[…, d, n] as [h, d, 1, n]."""
    shape = draft.shape(name) or ()
    if len(shape) == 4:
        return transposed(draft, name, target, COLUMNS)
    wide = draft.tensor(numbered(draft, target), (*shape[:2], 1, *shape[2:]), golden=name)
    return [reshape(draft, name, wide)], wide


def _back(draft: Draft, made: str, target: str, upright: bool) -> list[DeployedLayer]:
    """What makes [h, e, 1, m] what the product of shares and values gave."""
    if len(draft.shape(target) or ()) == 4:
        order = FROM_COLUMNS if upright else FROM_LINES
        return [make_layer("Transpose", (made,), (target,), perm=list(order))]
    if upright:
        return [reshape(draft, made, target)]
    turned, given = transposed(draft, made, f"{target}_mm", SWAPPED)
    return [*turned, reshape(draft, given, target)]
