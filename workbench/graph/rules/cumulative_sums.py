"""CumSum and ReduceL2, both as sums: a running sum is a Conv of a triangle of ones.

Source: the toolkit's graphs of both over each axis of two to four axes.
"""

from collections.abc import Sequence

import numpy as np

from workbench.graph.deployed import DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.kernels import numbered
from workbench.graph.rules.pools import axes_of
from workbench.graph.rules.reshapes import reshape
from workbench.graph.rules.sums import AS_INPUT

PLACES = {2: (1, 3), 3: (0, 1, 3)}
"""Where the axes of smaller tensors go: (a, b) -> (1, a, 1, b) and (a, b, c) -> (a, b, 1, c)."""
ROWS_FIRST, LAST_FIRST, FIRST_LAST = (0, 2, 1, 3), (0, 3, 1, 2), (0, 2, 3, 1)


def running_sum_to_conv(draft: Draft, layer: DeployedLayer) -> bool:
    """CumSum -> a 1x1 Conv of zeros and ones, over channels, or over another axis that is moved there and back."""
    source = layer.inputs[0]
    value = draft.value(layer.inputs[1]) if layer.op == "CumSum" and draft.is_float(source) else None
    shape = draft.shape(source)
    if value is None or value.size != 1 or not shape or source in draft.constants or source in draft.grids:
        return False
    axis, rank = int(value.reshape(-1)[0]) % len(shape), len(shape)
    if rank not in (2, 3, 4) or (rank > 2 and (shape[0] != 1 or axis == 0)):
        return False
    draft.replace([layer], _moved(draft, layer, axis) if rank == 4 else _flat(draft, layer, axis))
    return True


def length_to_sum(draft: Draft, layer: DeployedLayer) -> bool:
    """ReduceL2 -> the squares `…_pow`, their sum `…_rsum` and its root; small tensors are reshaped to four axes."""
    source, target = layer.inputs[0], layer.outputs[0]
    axes = axes_of(draft, layer) if layer.op == "ReduceL2" and draft.is_float(source) else None
    shape, given = draft.shape(source), draft.shape(target)
    if not axes or not shape or given is None or source in draft.constants or source in draft.grids:
        return False
    before, after, rank = [], [], len(shape)
    if rank in PLACES and len(given) == rank:
        source, target = numbered(draft, f"{source}_rs"), f"{target}-rs"
        draft.tensor(source, _four(shape), golden=layer.inputs[0])
        draft.tensor(target, _four(given), golden=layer.outputs[0])
        before, after = [reshape(draft, layer.inputs[0], source)], [reshape(draft, target, layer.outputs[0])]
        axes = [PLACES[rank][axis] for axis in axes]
    elif rank != 4:
        return False
    squares = draft.tensor(numbered(draft, f"{source}_pow"), draft.shape(source) or ())
    sums = draft.tensor(numbered(draft, f"{target}_rsum"), draft.shape(target) or ())
    names = (squares, sums, target)
    draft.replace([layer], [*before, *_root_of_squares(draft, source, names, layer, axes), *after])
    return True


def _four(shape: Sequence[int]) -> tuple[int, ...]:
    wide = [1, 1, 1, 1]
    for place, size in zip(PLACES[len(shape)], shape, strict=True):
        wide[place] = size
    return tuple(wide)


def _root_of_squares(
    draft: Draft, source: str, names: tuple[str, str, str], layer: DeployedLayer, axes: list[int]
) -> list[DeployedLayer]:
    squares, sums, target = names
    two = draft.constant(f"{squares}_i1", np.asarray([2.0], np.float32))
    half = draft.constant(f"{sums}_pow_i1", np.asarray([0.5], np.float32))
    kept = int(layer.attributes.get("keepdims", 1))
    if draft.opset < AS_INPUT:
        added = make_layer("ReduceSum", (squares,), (sums,), axes=axes, keepdims=kept)
    else:
        places = draft.constant(f"{sums}_axes", np.asarray(axes, np.int64))
        added = make_layer("ReduceSum", (squares, places), (sums,), keepdims=kept)
    return [make_layer("Pow", (source, two), (squares,)), added, make_layer("Pow", (sums, half), (target,))]


def _moved(draft: Draft, layer: DeployedLayer, axis: int) -> list[DeployedLayer]:
    """Over an axis of four."""
    source, target = layer.inputs[0], layer.outputs[0]
    if axis == 1:
        return [_conv(draft, layer, source, target)]
    there, back = (ROWS_FIRST, ROWS_FIRST) if axis == 2 else (LAST_FIRST, FIRST_LAST)
    ends = ("_rs", "_rs_mm") if axis == 2 else ("_rs_sw", "_rs_tp_sw")
    shape = draft.shape(source) or ()
    turned, sums = (draft.tensor(numbered(draft, f"{source}{end}"), [shape[place] for place in there]) for end in ends)
    return [
        make_layer("Transpose", (source,), (turned,), perm=list(there)),
        _conv(draft, layer, turned, sums),
        make_layer("Transpose", (sums,), (target,), perm=list(back)),
    ]


def _flat(draft: Draft, layer: DeployedLayer, axis: int) -> list[DeployedLayer]:
    """Over the last axis of a matrix, whose rows become a batch, or over its rows, which become channels."""
    source, target = layer.inputs[0], layer.outputs[0]
    rows, columns = (draft.shape(source) or ())[-2:]
    is_last = axis == len(draft.shape(source) or ()) - 1
    size = (rows, columns, 1, 1) if is_last else (1, rows, 1, columns)
    wide = draft.tensor(numbered(draft, f"{source}_rs"), size, golden=source)
    sums = draft.tensor(numbered(draft, f"{wide}_mm"), size, golden=target)
    return [reshape(draft, source, wide), _conv(draft, layer, wide, sums), reshape(draft, sums, target)]


def _conv(draft: Draft, layer: DeployedLayer, source: str, output: str) -> DeployedLayer:
    """Each output channel adds up the channels up to it, from it on, or without itself."""
    count = (draft.shape(source) or (0, 0))[1]
    weight = np.tri(count, k=-1 if layer.attributes.get("exclusive", 0) else 0, dtype=np.float32)
    weight = weight.T if layer.attributes.get("reverse", 0) else weight
    name = draft.constant(f"{output}_weight", np.ascontiguousarray(weight)[:, :, None, None])
    return make_layer("Conv", (source, name), (output,), kernel_shape=[1, 1])
