"""A sum over one axis is a Conv of ones on the NPU: over channels, over rows per channel, or between two Transposes.

Source: the toolkit's graphs of ReduceSum over each axis of two to four axes.
"""

from dataclasses import replace

import numpy as np

from workbench.graph.deployed import DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.four_axes import PLACES, four
from workbench.graph.rules.kernels import numbered
from workbench.graph.rules.pools import axes_of
from workbench.graph.rules.reshapes import reshape

LAST_FIRST = (0, 3, 2, 1)
TAKEN = "taken"  # the attribute that keeps the name of a Reshape that vanishes before it
AS_INPUT = 13  # from this opset on ReduceSum takes its axes as an input


def sum_on_four_axes(draft: Draft, layer: DeployedLayer) -> bool:
    """ReduceSum of two or three axes over one -> Reshape, ReduceSum `…-rs` and Reshape."""
    source, name = layer.inputs[0], layer.outputs[0]
    axis, shape = _axis(draft, layer), draft.shape(source) or ()
    rank = len(shape)
    if axis is None or rank not in PLACES:
        return False
    place, sizes = PLACES[rank][axis], four(shape, rank)
    wide = draft.tensor(numbered(draft, f"{source}_rs"), sizes, golden=source)
    sums = draft.tensor(f"{name}-rs", (*sizes[:place], 1, *sizes[place + 1 :]), golden=name)
    if draft.opset < AS_INPUT:
        inner = make_layer("ReduceSum", (wide,), (sums,), axes=[place], keepdims=1)
    else:
        axes = draft.constant(f"{sums}_axes", np.asarray([place], np.int64))
        inner = make_layer("ReduceSum", (wide, axes), (sums,), keepdims=1)
    inner = replace(inner, attributes={**inner.attributes, TAKEN: wide})
    draft.replace([layer], [reshape(draft, source, wide), inner, reshape(draft, sums, name)])
    return True


def sum_to_conv(draft: Draft, layer: DeployedLayer) -> bool:
    """ReduceSum of four axes over one -> Conv `…_conv`, and a Transpose or Reshape back where the sums need it."""
    source, name = layer.inputs[0], layer.outputs[0]
    axis, shape = _axis(draft, layer), draft.shape(source) or ()
    if axis is None or len(shape) != 4:
        return False
    kept = (*shape[:axis], 1, *shape[axis + 1 :])
    is_kept = draft.shape(name) == kept
    if axis == 3:
        layers = _across(draft, layer, is_kept)
    else:
        sums = name if is_kept else draft.tensor(numbered(draft, f"{name}_conv"), kept, golden=name)
        layers = [_conv(draft, source, sums, axis)]
    last = layers[-1].outputs[0]
    draft.replace([layer], [*layers, *([] if last == name else [reshape(draft, last, name)])])
    return True


def _axis(draft: Draft, layer: DeployedLayer) -> int | None:
    """The one axis of known size, behind the first, that a ReduceSum of floats adds up."""
    source = layer.inputs[0]
    axes = axes_of(draft, layer) if layer.op == "ReduceSum" and draft.shape(source) else None
    if axes is None or len(axes) != 1 or axes[0] == 0 or draft.shape(layer.outputs[0]) is None:
        return None
    is_computed = source not in draft.constants and source not in draft.grids
    return axes[0] if is_computed and draft.is_float(source) else None


def _across(draft: Draft, layer: DeployedLayer, is_kept: bool) -> list[DeployedLayer]:
    """Over the last axis: it becomes the channels, and the sums become a column again."""
    source, name = layer.inputs[0], layer.outputs[0]
    shape = draft.shape(source) or ()
    taken = layer.attributes.get(TAKEN, source)
    turned = draft.tensor(numbered(draft, f"{taken}_tp"), [shape[axis] for axis in LAST_FIRST])
    sums = draft.tensor(numbered(draft, f"{name}_conv"), (shape[0], 1, shape[2], shape[1]))
    back = name if is_kept else draft.tensor(numbered(draft, f"{sums}_tp"), (*shape[:3], 1), golden=name)
    first = make_layer("Transpose", (source,), (turned,), perm=list(LAST_FIRST))
    last = make_layer("Transpose", (sums,), (back,), perm=list(LAST_FIRST))
    return [first, _conv(draft, turned, sums, 1), last]


def _conv(draft: Draft, source: str, output: str, axis: int) -> DeployedLayer:
    """A Conv of ones over the channels, or over the rows of each channel."""
    shape = draft.shape(source) or ()
    size = (1, shape[1], 1, 1) if axis == 1 else (shape[1], 1, shape[2], 1)
    inputs = (source, draft.constant(f"{output}_weight", np.ones(size, np.float32)))
    known = {} if axis == 1 else {"group": shape[1]}
    return make_layer("Conv", inputs, (output,), kernel_shape=list(size[2:]), **known)
